"""Pictures that a book declares: counts by one or two breakdowns, beside a target, or as parts of their wholes.

A picture is a small table: a row for each bar, a column for each segment. Declared here; counted and drawn in `output`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

BARS, STACKED, SHARES, AGAINST, PARTS = "bars", "stacked", "shares", "against", "parts"
"""Bars; bars of segments, as long as their sum or all of one length; bars beside a target; parts of wholes."""
WATERFALL = "waterfall"
"""From one figure to another by the parts between them: no book declares it, a bridge is drawn so."""
Groups = str | Mapping[str, tuple[str, ...]]
"""The name of a breakdown, or of a condition with the codes it is asked with, one after the other."""


class Against(BaseModel):
    """The indicator that a bar is held against, asked for the bar's own year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: str
    where: Mapping[str, Any] = {}


class PictureLine(BaseModel):
    """One picture of a book; it stands at the end of `chapter` and is called by the profile's word `picture.<id>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    chapter: str
    kind: Literal["bars", "stacked", "shares", "against", "parts"]
    indicator: str = ""
    where: Mapping[str, Any] = {}
    bars: Groups = ""
    segments: Groups = ""
    against: Against | None = None
    figures: Mapping[str, str] = {}

    @model_validator(mode="after")
    def _whole(self) -> "PictureLine":
        """What each kind needs; two breakdowns need the codes of one of them."""
        codes = [isinstance(groups, Mapping) for groups in (self.bars, self.segments)]
        complete = {
            BARS: isinstance(self.bars, str) and bool(self.bars),
            STACKED: bool(self.bars and self.segments) and sorted(codes) == [False, True],
            SHARES: bool(self.bars and self.segments) and sorted(codes) == [False, True],
            AGAINST: bool(self.bars and self.against),
            PARTS: bool(self.figures),
        }[self.kind]
        if not complete or bool(self.indicator) == (self.kind == PARTS):
            raise ValueError(f"picture {self.id}: a picture of kind {self.kind} needs other fields")
        return self


def name_of(groups: Groups) -> str:
    """The breakdown or condition behind bars or segments."""
    return groups if isinstance(groups, str) else next(iter(groups))
