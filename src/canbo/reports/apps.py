"""The reports as a Django app; indicators and rules of data quality are declared by scanning their folders."""

import importlib

from django.apps import AppConfig

from canbo.kernel.declare import scan


class ReportsConfig(AppConfig):
    """Registers every indicator, every rule of data quality, and the act that records published claims."""

    name = "canbo.reports"
    label = "reports"

    def ready(self) -> None:
        """Put all of it on its shelf; what prints reports declares nothing and would slow every start."""
        scan("canbo.reports.indicators")
        scan("canbo.reports.quality.rules")
        importlib.import_module("canbo.reports.actions")

    def protect(self, alias: str) -> None:
        """Write down the questions whose totals may be had without their records."""
        importlib.import_module("canbo.reports.declared").declare(alias)
