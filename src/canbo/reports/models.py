"""Where Django finds the tables of the reports."""

from canbo.reports.claims import Claim
from canbo.reports.freeze import FrozenFigure, FrozenReport

__all__ = ["Claim", "FrozenFigure", "FrozenReport"]
