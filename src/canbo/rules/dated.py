"""What the rules of a profile say: lists of dated entries, each by an article of a document, and how sure we are of it.

Every entry has, beside what its own kind says:

      since: 2011                             # the first day on which it is so
      until: 2025-07-01                       # the first day on which it no longer is, if there is one
      document: 24-QĐ/TW                      # the symbol, or what a document without one is called
      article: {vi: Điều 8, en: Article 8}    # in words, in each language of the profile
      confidence: read                        # read in print, known (well known, not read), or unsure

No Django here; `entries.py` reads them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from canbo.kernel.periods import Partial

READ = "read"


class Dated(BaseModel):
    """Something that is so while it is, by which article, and how sure we are of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    NAME: ClassVar[str]
    """The key by which an entry is called."""

    since: Partial
    until: Partial | None = None
    document: str
    article: Mapping[str, str]
    confidence: Literal["read", "known", "unsure"]

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.until and self.until.first <= self.since.first:
            raise ValueError(f"until {self.until} does not lie after since {self.since}")
        return self

    @property
    def sure(self) -> bool:
        """Was it read in print?"""
        return self.confidence == READ

    def holds(self, on: dt.date) -> bool:
        """Is it so on a day?"""
        return self.since.first <= on and (self.until is None or on < self.until.first)
