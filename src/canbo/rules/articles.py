"""Which article governs which act, and when: the profile's `rules/acts.yaml`, loaded and checked at start.

A list of entries:

    - act: membership.leave                   # the name of an act
      where: {ending: struck-off}             # only where the fact, or the post that it names, has these codes
      since: 2011                             # the first day on which it governs
      until: 2025-07-01                       # the first day on which it no longer does, if there is one
      document: 24-QĐ/TW                      # the symbol, or what a document without one is called
      article: {vi: Điều 8, en: Article 8}    # in words, in each language of the profile
      confidence: read                        # read in print, known (well known, not read), or unsure

No profile has to have the file. What it says that cannot be is refused with the entry and what is wrong with it.
"""

import difflib
import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from django.apps import apps
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from canbo.kernel.act import ACTIONS
from canbo.kernel.coded import Coded
from canbo.kernel.periods import Partial
from canbo.kernel.profile import Profile, load
from canbo.kernel.refusal import Mistake

FILE = ("rules", "acts.yaml")
READ = "read"


class Article(BaseModel):
    """An article of a document that governs acts of a name, while it does, and how sure we are of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str
    where: Mapping[str, str | tuple[str, ...]] = {}
    since: Partial
    until: Partial | None = None
    document: str
    article: Mapping[str, str]
    confidence: Literal["read", "known", "unsure"]

    @model_validator(mode="after")
    def _lasts(self) -> "Article":
        if self.until and self.until.first <= self.since.first:
            raise ValueError(f"until {self.until} does not lie after since {self.since}")
        return self

    @property
    def sure(self) -> bool:
        """Was it read in print?"""
        return self.confidence == READ

    def governs(self, on: Any, codes: Mapping[str, Any]) -> bool:
        """Does it govern an act that takes effect on a day and writes these codes?"""
        within = self.since.first <= on and (self.until is None or on < self.until.first)
        return within and all(codes.get(name) in _several(wanted) for name, wanted in self.where.items())


def _several(wanted: str | Collection[str]) -> Collection[str]:
    return (wanted,) if isinstance(wanted, str) else wanted


@functools.cache
def articles(profile: str) -> Mapping[str, tuple[Article, ...]]:
    """The articles of a profile by the name of the act; Django has to be set up."""
    of = load(profile)
    if not of.folder.joinpath(*FILE).exists():
        return {}
    entries = of.read(*FILE)
    if not isinstance(entries, list):
        raise Mistake("profile_rules", f"profile {profile}: {'/'.join(FILE)} is not a list of entries")
    found: dict[str, list[Article]] = defaultdict(list)
    for number, entry in enumerate(entries, 1):
        article = _read(of, number, entry)
        found[article.act].append(article)
    return {act: tuple(some) for act, some in found.items()}


def _read(of: Profile, number: int, entry: Any) -> Article:
    """One entry, or a refusal that names its place."""
    named = entry.get("act") if isinstance(entry, Mapping) else None
    place = f"profile {of.name}: {'/'.join(FILE)}, entry {number} ({named or 'no act'})"
    try:
        article = Article.model_validate(entry)
    except ValidationError as error:
        raise Mistake("profile_rules", f"{place}: {'; '.join(map(_wrong, error.errors()))}") from error
    if wrong := "; ".join(_unknown(of, article)):
        raise Mistake("profile_rules", f"{place}: {wrong}")
    return article


def _wrong(error: Any) -> str:
    """What is wrong with an entry, in words that say where."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key {where!r}; known are: {', '.join(Article.model_fields)}"
    return f"{where}: {error['msg']}" if where else error["msg"]


def _unknown(of: Profile, article: Article) -> Iterator[str]:
    """What an entry names that there is not: an act, fields, codes and languages of the profile."""
    if article.act not in ACTIONS:
        alike = difflib.get_close_matches(article.act, ACTIONS, n=4) or sorted(ACTIONS)
        yield f"there is no act {article.act!r}; known are, among others: {', '.join(alike)}"
    if set(article.article) != set(of.languages):
        yield f"article: says {', '.join(article.article) or 'nothing'}; the profile speaks {', '.join(of.languages)}"
    fields = _coded()
    for name, wanted in article.where.items():
        if name not in fields:
            yield f"where: no kind of fact has the code {name!r}; known are: {', '.join(sorted(fields))}"
            continue
        codes = {code for vocabulary in fields[name] for code in of.vocabulary(vocabulary)}
        for value in _several(wanted):
            if value not in codes:
                yield f"where.{name}: {value!r} is not in the profile; it has: {', '.join(sorted(codes)) or 'none'}"


@functools.cache
def _coded() -> Mapping[str, set[str]]:
    """The fields of facts that hold codes, with the vocabularies of each."""
    found: dict[str, set[str]] = defaultdict(set)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Coded):
                found[field.name].add(field.vocabulary)
    return found
