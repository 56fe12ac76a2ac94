"""Organisations dissolved or merged in a period; one that only changed its name, kind or block is not."""

from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import goes_on_after
from canbo.reports.indicator import flow

flow(
    "organisations_dissolved",
    Organisation,
    condition=lambda question: ~goes_on_after(question.known),
    at="upper",
    rests_on={Organisation: {"unit": "unit"}},
    by=("kind", "block", "event_year"),
)
