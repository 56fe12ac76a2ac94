"""Where Django finds the tables of the reports."""

from canbo.reports.claims import Claim
from canbo.reports.collection import Collection, CollectionMerge, CollectionStep
from canbo.reports.declared import Declared
from canbo.reports.freeze import FrozenFigure, FrozenPaper, FrozenReport

__all__ = [
    "Claim", "Collection", "CollectionMerge", "CollectionStep", "Declared", "FrozenFigure", "FrozenPaper",
    "FrozenReport",
]  # fmt: skip
