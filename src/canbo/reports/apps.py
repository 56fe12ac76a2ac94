"""The reports as a Django app; indicators are declared by scanning their folder."""

from django.apps import AppConfig

from canbo.kernel.declare import scan


class ReportsConfig(AppConfig):
    """Registers every indicator, and the act that records published claims."""

    name = "canbo.reports"
    label = "reports"

    def ready(self) -> None:
        """Put all indicators on their shelf."""
        scan("canbo.reports")
