"""Succession plans: posts at each level, and who is planned for them in each term.

The counts to fit are persons; entries are more, because some are planned for several posts. No post has more than
`per_post` persons in a term, and nobody more than `posts_each` posts. Reviews replace some persons by others, so that
the plan moves and the counts stay. A block says:

    per_post: 3
    several: {1: 80, 2: 15, 3: 5}       # how many posts a person is planned for, by weight
    posts_known: 2021-01-04             # the day from which the posts are in the register
    levels:
      commune: {units: [communes], titles: [party-secretary, …], managed_by: district-level, age: [25, 50],
                paper: {symbol: "{number}-QĐ/HU"}}
    plans:
      2020-2025: {approved: 2021-01-04, persons: succession_plan.2020-2025}
      2025-2030: {approved: 2023-11-15, persons: succession_plan.2025-2030, review: {day: 2024-03-29, share: 0.03}}
    keep: planned                       # the label under which later tellers find those planned first and ever since
    keep_all: ever-planned              # and the label of everybody who was ever planned
"""

import datetime as dt
import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canbo.kernel.refusal import Mistake
from canbo.sample.pool import Pool, beneath
from canbo.sample.series import Series, units_of
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.bodies import counted
from canbo.sample.tellers.establishment import apportioned

Post = tuple[str, str]
"""The code of a post and of its unit."""


@dataclass
class _Level:
    """One level of the plans: its units, its posts by unit, and what its block says."""

    world: World
    code: str
    said: Mapping[str, Any]
    posts: dict[str, list[Post]]
    series: Series
    chance: random.Random


@teller("succession")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The posts, then each plan unit by unit, then its review."""
    chance = world.chance("succession")
    first = min(plan["approved"] for plan in said["plans"].values())
    kept: dict[str, Human] = {}
    everybody: dict[str, Human] = {}
    for code, level_said in said["levels"].items():
        wanted = {term: _persons(world, plan, code) for term, plan in said["plans"].items()}
        several = {term: _several(said["several"], number, chance) for term, number in wanted.items()}
        posts, acts = _posts(world, said, code, level_said, max(map(sum, several.values())))
        series = Series(world, f"plan-{code}", level_said["paper"], chance)
        yield series.decided(said["posts_known"], acts)
        level = _Level(world, code, level_said, posts, series, chance)
        for term, plan in said["plans"].items():
            planned = _Plan(level, term, plan, several[term])
            everybody |= {human.code: human for human, _ in planned.entries}
            yield from planned.decisions()
            everybody |= {human.code: human for human, _ in planned.entries}
            if plan["approved"] == first:
                kept |= {human.code: human for human, _ in planned.entries if human.code not in planned.came}
    world.groups[said.get("keep", "planned")] = list(kept.values())
    world.groups[said.get("keep_all", "ever-planned")] = list(everybody.values())


def _persons(world: World, plan: Mapping[str, Any], level: str) -> int:
    """How many persons: a path to which the level belongs, or plain counts by level."""
    said = plan["persons"]
    return counted(world, f"{said}.{level}" if isinstance(said, str) else said[level])


def _several(weights: Mapping[int, float], persons: int, chance: random.Random) -> list[int]:
    """For how many posts each person is planned."""
    return chance.choices(list(weights), list(weights.values()), k=persons)


def _posts(
    world: World, said: Mapping[str, Any], level: str, level_said: Mapping[str, Any], entries: int
) -> tuple[dict[str, list[Post]], Acts]:
    """Enough posts for the entries, spread evenly over the units, at least as many in each as a person may have."""
    units, titles = units_of(world, level_said["units"]), level_said["titles"]
    least = max(said["several"])
    posts: dict[str, list[Post]] = {}
    acts: Acts = []
    for unit, number in zip(units, apportioned(-(-entries // said["per_post"]), [1] * len(units)), strict=True):
        posts[unit] = []
        numbers: Counter[str] = Counter()
        for order in range(max(number, least)):
            title = titles[order % len(titles)]
            numbers[title] += 1
            code = f"{unit}.planned.{title}.{numbers[title]}"
            posts[unit].append((code, unit))
            world.planned.setdefault(unit, []).append(code)
            terms = {"on": said["posts_known"], "code": code, "unit": unit, "title": title, "level": level}
            acts.append(("post.create", terms | {"managed_by": level_said["managed_by"]}))
    return posts, acts


class _Plan:
    """One term's plan of one level: who is planned for which posts, and what its review makes of it."""

    def __init__(self, level: _Level, term: str, said: Mapping[str, Any], several: Sequence[int]) -> None:
        self._level, self._term, self._said = level, term, said
        ready = Pool(level.world, {"age": level.said["age"]}, level.chance).those(said["approved"])
        groups = beneath(level.world, level.posts, [human for human in ready if human.until is None])
        self._near = {unit: deque(people) for unit, people in groups.items()}
        self._anybody = deque(human for people in groups.values() for human in people)
        level.chance.shuffle(self._anybody)
        self._taken: set[str] = set()
        self.came: set[str] = set()
        self.entries: list[tuple[Human, list[Post]]] = [
            (self._next(posts[0][1]), posts) for posts in _slots(level, several)
        ]

    def decisions(self) -> Iterator[Decided]:
        """A paper a unit, then one for what the review replaces."""
        by_unit: dict[str, Acts] = defaultdict(list)
        for human, posts in self.entries:
            by_unit[posts[0][1]] += [self._entry(self._said["approved"], human, post) for post in posts]
        for acts in by_unit.values():
            yield self._level.series.decided(self._said["approved"], acts)
        if "review" in self._said and (acts := self._reviewed(**self._said["review"])):
            yield self._level.series.decided(self._said["review"]["day"], acts)

    def _reviewed(self, day: dt.date, share: float) -> Acts:
        """Somebody else takes all posts of each person who goes, so the counts stay."""
        acts: Acts = []
        for at in self._level.chance.sample(range(len(self.entries)), round(share * len(self.entries))):
            leaving, posts = self.entries[at]
            coming = self._next(posts[0][1])
            self.came.add(coming.code)
            self.entries[at] = (coming, posts)
            for post, _ in posts:
                acts.append(
                    ("planning.remove", {"on": day, "person": leaving.code, "post": post, "term": self._term})
                )
            acts += [self._entry(day, coming, post) for post in posts]
        return acts

    def _entry(self, on: dt.date, human: Human, post: Post) -> tuple[str, dict[str, Any]]:
        code, unit = post
        terms = {"on": on, "person": human.code, "post": code, "unit": unit, "term": self._term}
        return ("planning.enter", terms | {"level": self._level.code})

    def _next(self, unit: str) -> Human:
        """Somebody beneath the unit who is not in this plan yet, or from elsewhere when it has nobody left."""
        for queue in (self._near[unit], self._anybody):
            while queue:
                human = queue.popleft()
                if human.code not in self._taken:
                    self._taken.add(human.code)
                    return human
        raise Mistake("sample_people", f"sample {self._level.world.name}: too few people for {self._term}")


def _slots(level: _Level, several: Sequence[int]) -> Iterator[list[Post]]:
    """The posts of each person: units filled evenly, the posts of a unit taken in turn, so nobody gets one twice."""
    units = list(level.posts.values())
    load = apportioned(sum(several), [len(posts) for posts in units])
    slots = [posts[at % len(posts)] for posts, room in zip(units, load, strict=True) for at in range(room)]
    at = 0
    for number in several:
        yield slots[at : at + number]
        at += number
