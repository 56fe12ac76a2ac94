"""Believable full names of people who do not exist, by tradition (a people in a region) and by sex.

A tradition is data (`data/names-*.yaml`): weighted lists, and patterns that say how they are put together,
because not every people has family names and not every name has three parts. The well-known persons of
`data/never.yaml` are never drawn. Names are NFC.

    names = Names(random.Random(7), "kinh-north")
    names.of("female", 2)           -> ["Nguyễn Thị Thu Hà", "Trần Thị Hoa"]
    names.draw(1000, women=0.4)     -> Drawn(names=[…], sexes=["male", "female", …])
    peoples("dien-bien")[0]         -> People("Thái", "thai-north", share=38.0, minority=True)
"""

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

import yaml

SEXES = ("male", "female")

_WEIGHED = re.compile(r"(.+?)(?: (\d+))?")
_PART = re.compile(r"{(\w+)}")


class Drawn(NamedTuple):
    """People drawn together: the name and the sex at one index belong to one person."""

    names: list[str]
    sexes: list[str]


@dataclass(frozen=True, slots=True)
class People:
    """A people of a province: its name, the tradition of its names, its per cent of the population."""

    name: str
    tradition: str
    share: float
    minority: bool


class Names:
    """Draws names of one tradition with the caller's generator; an unknown tradition is a KeyError."""

    def __init__(self, chance: random.Random, tradition: str) -> None:
        self._chance = chance
        self._patterns = _traditions()[tradition]

    def of(self, sex: str, n: int) -> list[str]:
        """`n` names of one sex in random order. Two people may have the same name, as in life."""
        never = well_known()
        names: list[str] = []
        while len(names) < n:
            drawn = self._draw(sex, n - len(names))
            names += drawn if never.isdisjoint(drawn) else [name for name in drawn if name not in never]
        return names

    def draw(self, n: int, women: float = 0.5) -> Drawn:
        """`n` people of whom each is a woman with probability `women`."""
        sexes = self._chance.choices(SEXES, cum_weights=(1 - women, 1), k=n)
        pool = {sex: iter(self.of(sex, sexes.count(sex))) for sex in SEXES}
        return Drawn([next(pool[sex]) for sex in sexes], sexes)

    def _draw(self, sex: str, n: int) -> list[str]:
        """At most `n` names, well-known ones among them; a name that would say a word twice is left out."""
        patterns = self._patterns[sex]
        names: list[str] = []
        for pattern, count in Counter(patterns.choose(self._chance, n)).items():
            words = zip(*(part.choose(self._chance, count) for part in pattern.parts), strict=True)
            names += [pattern.text % each for each in words if len(set(each)) == len(each)]
        self._chance.shuffle(names)
        return names


@cache
def peoples(province: str) -> tuple[People, ...]:
    """The peoples of a province by code, the largest first; a small rest is left out."""
    data = _data("peoples.yaml")
    return tuple(
        People(name, tradition, share, minority=name != data["majority"])
        for name, (tradition, share) in data["provinces"][province].items()
    )


@cache
def well_known() -> frozenset[str]:
    """Full names that nobody of the sample may have."""
    return frozenset(word for names in _data("never.yaml").values() for word in _words(names))


def traditions() -> tuple[str, ...]:
    """The codes of all traditions."""
    return tuple(_traditions())


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """Things to choose among, with their running weights; equal only to itself, so counted fast."""

    things: tuple
    weights: tuple[float, ...]

    def choose(self, chance: random.Random, n: int) -> list:
        return chance.choices(self.things, cum_weights=self.weights, k=n)


@dataclass(frozen=True, slots=True, eq=False)
class _Pattern:
    """How a name is put together: a text with a place for each part."""

    text: str
    parts: tuple[_Choice, ...]


@cache
def _traditions() -> dict[str, dict[str, _Choice]]:
    """The patterns by tradition and sex."""
    raw: dict[str, dict] = {}
    for file in sorted((files(__package__) / "data").iterdir(), key=lambda file: file.name):
        if file.name.startswith("names-"):
            raw |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        code: {sex: _patterns(_inherited(raw, code), sex) for sex in SEXES}
        for code, tradition in raw.items()
        if not tradition.get("abstract")
    }


def _inherited(raw: dict[str, dict], code: str) -> dict:
    """A tradition with what it takes over from the one it is `like`; its own words replace the other's."""
    own = raw[code]
    if "like" not in own:
        return own
    base = _inherited(raw, own["like"])
    return base | own | {sex: base.get(sex, {}) | own.get(sex, {}) for sex in SEXES}


def _patterns(tradition: dict, sex: str) -> _Choice:
    """The patterns of one sex; a part is looked up under the sex first, then for both."""
    lists = tradition | tradition[sex]
    patterns = []
    for text in lists["patterns"]:
        parts = tuple(_choice(_words(lists[part])) for part in _PART.findall(text))
        patterns.append(_Pattern(_PART.sub("%s", text), parts))
    return _Choice(tuple(patterns), tuple(accumulate(lists["patterns"].values())))


def _choice(words: dict[str, int]) -> _Choice:
    return _Choice(tuple(words), tuple(accumulate(words.values())))


def _words(text: str) -> dict[str, int]:
    """ "Nguyễn 30, Trần 11, Lê" as words with their weights; no number means 1, repeated words add up."""
    words: dict[str, int] = defaultdict(int)
    for entry in text.split(","):
        word, weight = _WEIGHED.fullmatch(entry.strip()).groups()
        words[word] += int(weight or 1)
    return words


def _data(name: str) -> dict:
    return yaml.safe_load((files(__package__) / "data" / name).read_text(encoding="utf-8"))
