"""Places on a day."""

from canbo.registry.places.models import Place
from canbo.reports.indicator import stock

stock("places", Place, by=("kind", "unit"))
