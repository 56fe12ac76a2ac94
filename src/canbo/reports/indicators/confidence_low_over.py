"""Results of votes of confidence in a period with more than a share of low papers among those collected."""

from fractions import Fraction

from django.db.models import F, Q

from canbo.registry.standing.models import Confidence
from canbo.reports.indicator import flow
from canbo.reports.question import Question


def _low(question: Question) -> Q:
    limit = Fraction(str(question.where["over"]))
    return Q(low__gt=F("collected") * limit.numerator / limit.denominator)


flow(
    "confidence_low_over",
    Confidence,
    condition=_low,
    parameters=("over",),
    by=("sex", "age_group", "minority", "unit"),
)
