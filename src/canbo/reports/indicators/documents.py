"""Documents in force on a day."""

from canbo.registry.documents.models import Registration
from canbo.reports.indicator import stock

stock("documents", Registration, columns={"subject": "subjects"}, by=("type", "body", "unit"))
