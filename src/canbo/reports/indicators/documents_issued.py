"""Documents issued in a period."""

from canbo.registry.documents.models import Registration
from canbo.reports.indicator import flow

flow(
    "documents_issued",
    Registration,
    columns={"subject": "subjects"},
    by=("type", "body", "unit", "event_year"),
)
