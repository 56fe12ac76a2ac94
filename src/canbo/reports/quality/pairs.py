"""Pairs of people on file who may be one: the findings of a rule, put side by side."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from canbo.kernel.periods import DAY
from canbo.registry.merging.models import Namesake
from canbo.registry.people.models import Particulars
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import ask

RULE = "same-person"


@dataclass(frozen=True)
class Pair:
    """Two who bear one name, whatever its marks, and one birthday: the lower key first."""

    one: int
    other: int
    born: dt.date


def pairs(asked: Asked) -> list[Pair]:
    """Each pair of whom at least one is of the units asked about, as far as both may be seen, by birthday."""
    found = set(ask(RULE, Particulars).rows(Particulars, asked).values_list("name_fold", "born"))
    names, days = ({row[at] for row in found} for at in (0, 1))
    alike = Particulars.objects.asof(asked.on, asked.known)
    alike = alike.filter(name_fold__in=names, born__in=days, born_precision=DAY)
    people: dict[tuple[str, dt.date], set[int]] = defaultdict(set)
    for name, born, person in alike.values_list("name_fold", "born", "person"):
        if (name, born) in found:
            people[name, born].add(person)
    apart = set(Namesake.objects.known(asked.known).values_list("person", "other")) if people else set()
    return sorted(_pairs(people, apart), key=lambda pair: (pair.born, pair.one, pair.other))


def _pairs(people: dict[tuple[str, dt.date], set[int]], apart: set[tuple[int, int]]) -> Iterator[Pair]:
    for (_, born), some in people.items():
        for one, other in combinations(sorted(some), 2):
            if (one, other) not in apart:
                yield Pair(one, other, born)
