"""What the rules of a profile say: lists of dated entries, each by an article of a document, and how sure we are of it.

Every entry has, beside what its own kind says:

      since: 2011                             # the first day on which it is so
      until: 2025-07-01                       # the first day on which it no longer is, if there is one
      document: 24-QĐ/TW                      # the symbol, or what a document without one is called
      article: {vi: Điều 8, en: Article 8}    # in words, in each language of the profile
      confidence: read                        # read in print, known (well known, not read), or unsure

No profile has to have the file. What it says that cannot be is refused with the entry and what is wrong with it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from canbo.kernel.periods import Partial
from canbo.kernel.profile import Profile
from canbo.kernel.refusal import Mistake

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


T = TypeVar("T", bound=Dated)


def _nothing(entry: Any) -> Iterable[str]:
    return ()


def entries(
    of: Profile, file: tuple[str, ...], kind: type[T], wrong: Callable[[T], Iterable[str]] = _nothing
) -> Iterator[T]:
    """The entries of a file of a profile; `wrong` says what of a kind cannot be although it is well formed."""
    if not of.folder.joinpath(*file).exists():
        return
    found = of.read(*file)
    if not isinstance(found, list):
        raise Mistake("profile_rules", f"profile {of.name}: {'/'.join(file)} is not a list of entries")
    for number, said in enumerate(found, 1):
        named = said.get(kind.NAME) if isinstance(said, Mapping) else None
        place = f"profile {of.name}: {'/'.join(file)}, entry {number} ({named or f'no {kind.NAME}'})"
        try:
            entry = kind.model_validate(said)
        except ValidationError as error:
            words = "; ".join(_words(kind, one) for one in error.errors())
            raise Mistake("profile_rules", f"{place}: {words}") from error
        if words := "; ".join([*_languages(of, entry), *wrong(entry)]):
            raise Mistake("profile_rules", f"{place}: {words}")
        yield entry


def _words(kind: type[Dated], error: Any) -> str:
    """What is wrong with an entry, in words that say where."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key {where!r}; known are: {', '.join(kind.model_fields)}"
    return f"{where}: {error['msg']}" if where else error["msg"]


def _languages(of: Profile, entry: Dated) -> Iterator[str]:
    if set(entry.article) != set(of.languages):
        yield f"article: says {', '.join(entry.article) or 'nothing'}; the profile speaks {', '.join(of.languages)}"
