"""Which article governs which act, and when: the profile's `rules/acts.yaml`, loaded and checked at start.

A list of entries, dated as `rules/dated.py` says:

    - act: membership.leave                   # the name of an act
      where: {ending: struck-off}             # only where the fact, or the post that it names, has these codes
"""

import difflib
import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.apps import apps

from canbo.kernel.act import ACTIONS
from canbo.kernel.coded import Coded
from canbo.kernel.profile import Profile, load
from canbo.rules.dated import Dated
from canbo.rules.entries import entries

FILE = ("rules", "acts.yaml")


class Article(Dated):
    """An article of a document that governs acts of a name, while it does."""

    NAME = "act"

    act: str
    where: Mapping[str, str | tuple[str, ...]] = {}

    def governs(self, on: Any, codes: Mapping[str, Any]) -> bool:
        """Does it govern an act that takes effect on a day and writes these codes?"""
        return self.holds(on) and all(codes.get(name) in _several(wanted) for name, wanted in self.where.items())


def _several(wanted: str | Collection[str]) -> Collection[str]:
    return (wanted,) if isinstance(wanted, str) else wanted


@functools.cache
def articles(profile: str) -> Mapping[str, tuple[Article, ...]]:
    """The articles of a profile by the name of the act; Django has to be set up."""
    of = load(profile)
    found: dict[str, list[Article]] = defaultdict(list)
    for article in entries(of, FILE, Article, functools.partial(_unknown, of)):
        found[article.act].append(article)
    return {act: tuple(some) for act, some in found.items()}


def _unknown(of: Profile, article: Article) -> Iterator[str]:
    """What an entry names that there is not: an act, fields, and codes of the profile."""
    if article.act not in ACTIONS:
        alike = difflib.get_close_matches(article.act, ACTIONS, n=4) or sorted(ACTIONS)
        yield f"there is no act {article.act!r}; known are, among others: {', '.join(alike)}"
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
