"""Organisations established in a period; one that only changed its name, kind or block is not."""

from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import goes_on_before
from canbo.reports.indicator import flow

flow(
    "organisations_established",
    Organisation,
    condition=lambda question: ~goes_on_before(question.known),
    rests_on={Organisation: {"unit": "unit"}},
    by=("kind", "block", "unit", "event_year"),
)
