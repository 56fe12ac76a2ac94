"""The reports as a Django app; indicators are declared by scanning their folder."""

import importlib

from django.apps import AppConfig

from canbo.kernel.declare import scan


class ReportsConfig(AppConfig):
    """Registers every indicator, and the act that records published claims."""

    name = "canbo.reports"
    label = "reports"

    def ready(self) -> None:
        """Put indicators and acts on their shelves; what prints reports declares nothing and would slow every start."""
        scan("canbo.reports.indicators")
        importlib.import_module("canbo.reports.actions")

    def protect(self, alias: str) -> None:
        """Write down the questions whose totals may be had without their records."""
        importlib.import_module("canbo.reports.declared").declare(alias)
