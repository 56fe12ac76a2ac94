"""Members: those there at the opening, those admitted since, recognised after probation, gone; and what was asked for.

Told branch by branch, since it is the body of a `branch` label above a cell that decides. A block says:

    counted_from: 2021-01-01      # opening balance: one decision a branch
    known: 2021-01-03
    branch: [districts, blocs]
    in: {village-cells: {size: [8, 14], category: {farmer: 3, retired: 1}}, …}    # cells by label, size by weight
    opening: 3000                 # at least, and `opening_times: {path: 2.6}` for each of those counts;
                                  # or `stock: {day: …, count: path}`, from which the opening is reckoned back
    balance: {age: [20, 80], women: 0.3}            # age in years; the stages are `first` and `full`
    admitted:                     # each period exactly so many, one decision a branch and month (or `months`)
      - {from: …, until: …, count: path, age: [18, 40], women: 0.4, in: [labels], special: {code: {count, age}}}
    recognised_until: 2025-06-10  # papers after twelve months' probation, none later than this
    ended: {death: {per_year: 300, age: 55}, …}     # of those of the opening, from `age` on
    papers: {admission: "{number}-…", …}            # symbols; numbers run for each branch
    targets: {matter: …, symbol: …, years: {2021: path}}       # asked of each branch, together the count

Nobody leaves a cell that would be left with fewer than it needs, as long as others can.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.refusal import Mistake
from canbo.registry.ledger import Paper
from canbo.sample.newcomers import Newcomers
from canbo.sample.origins import Origins
from canbo.sample.series import units_of, working_days
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.bodies import counted, shared_out

CELL_NEEDS = 3
"""How many members a cell keeps, as long as others can go."""
CEREMONY_WITHIN = 14
ENTERED_WITHIN = dt.timedelta(days=6)
"""How long it may take until the founding of a cell is entered."""
ADULT = 18


@teller("members")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """Targets, the balance, then everything that happened since."""
    if "targets" in said:
        yield from _targets(world, said)
    yield from _Membership(world, said).told()


def _targets(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """What each branch is asked to reach in a year, decided on a day of the January."""
    told, chance = said["targets"], world.chance("targets")
    branches = units_of(world, said["branch"])
    for year, count in told["years"].items():
        amounts = shared_out(counted(world, count), [chance.uniform(0.7, 1.3) for _ in branches])
        terms = {"matter": told["matter"], "year": year, "on": dt.date(year, 1, 1)}
        acts = [
            ("planning.set-target", terms | {"unit": unit, "amount": amount})
            for unit, amount in zip(branches, amounts, strict=True)
        ]
        (day,) = working_days(chance, (dt.date(year, 1, 5), dt.date(year, 1, 25)), 1)
        symbol = told["symbol"].format(number=chance.randint(2, 30))
        yield Decided(
            world.known(day, 16), Paper(symbol=symbol, signed_on=day, code=f"{world.name}/{year}/{symbol}"), acts
        )


class _Membership:
    """One file's members while they are told."""

    def __init__(self, world: World, said: Mapping[str, Any]) -> None:
        self._world, self._said = world, said
        self._chance = world.chance("members")
        self._origins = Origins(world, self._chance)
        self._cells: dict[str, dict[str, float]] = {branch: {} for branch in units_of(world, said["branch"])}
        self._category: dict[str, Mapping[str, float]] = {}
        self._label: dict[str, str] = {}
        self._held: Counter[str] = Counter()
        self._numbers: Counter[str] = Counter()
        self._opened: list[Human] = []
        for label, about in said["in"].items():
            for cell in world.units[label]:
                self._cells[self._branch(cell)][cell] = self._chance.uniform(*about["size"])
                self._category[cell], self._label[cell] = about["category"], label

    def told(self) -> Iterator[Decided]:
        """The balance first, since those who leave are of it."""
        ended = self._ends()
        yield from self._balance(self._opening(ended))
        for period, about in enumerate(self._said["admitted"]):
            yield from self._admitted(about, period)
        yield from self._left(ended)
        yield from self._staffed()

    def _branch(self, unit: str) -> str:
        at: str | None = unit
        while at is not None and at not in self._cells:
            at = self._world.parents.get(at)
        if at is None:
            raise Mistake("sample_branch", f"sample {self._world.name}: {unit} lies under no branch")
        return at

    def _ends(self) -> list[tuple[dt.date, str]]:
        """(Day, how) of every membership that will end."""
        first = self._said["counted_from"]
        last = max(about["until"] for about in self._said["admitted"])
        years = (last - first).days / 365.25
        ends = []
        for how, about in self._said.get("ended", {}).items():
            count = self._world.scaled(round(about["per_year"] * years))
            ends += [(day, how) for day in working_days(self._chance, (first + dt.timedelta(days=20), last), count)]
        return sorted(ends)

    def _opening(self, ended: Sequence[tuple[dt.date, str]]) -> int:
        """How many members there are to begin with."""
        if "stock" not in self._said:
            times = self._said.get("opening_times", {})
            wanted = [round(self._world.target(path) * factor) for path, factor in times.items()]
            return max(self._world.scaled(self._said["opening"]), *wanted, 0)
        stock = self._said["stock"]
        came = sum(counted(self._world, a["count"]) for a in self._said["admitted"] if a["until"] <= stock["day"])
        return counted(self._world, stock["count"]) - came + sum(day <= stock["day"] for day, _ in ended)

    def _balance(self, count: int) -> Iterator[Decided]:
        """Everybody who is a member already, one decision a branch."""
        world, said, day = self._world, self._said, self._said["counted_from"]
        cells = [cell for held in self._cells.values() for cell in held if cell not in world.founded]
        weights = [self._cells[self._branch(cell)][cell] for cell in cells]
        newcomers = Newcomers(world, "member", said["balance"], self._chance)
        acts: dict[str, Acts] = defaultdict(list)
        for cell, size in zip(cells, shared_out(count, weights), strict=True):
            for _ in range(size):
                human = newcomers.next(day, cell)
                grown = birthday(human.born, -ADULT)
                human.since = grown + (day - grown) * self._chance.random()
                self._opened.append(human)
                acts[self._branch(cell)] += self._enters(newcomers, human, day, "take-over", said["full"])
            self._held[cell] = size
        for branch, entered in acts.items():
            symbol = said["papers"]["balance"]
            paper = Paper(symbol=symbol, signed_on=day, code=f"{branch}/{symbol}", kind="opening")
            yield Decided(world.known(said["known"]), paper, entered)

    def _enters(
        self, newcomers: Newcomers, human: Human, day: dt.date, how: str, stage: str, category: str = ""
    ) -> Acts:
        """The acts by which a person comes into the register as a member."""
        human.origin = self._origins.of(human.unit)
        name, terms = newcomers.registered(human, day)
        weights = self._category[human.unit]
        category = category or self._chance.choices(list(weights), list(weights.values()))[0]
        joined = {"person": human.code, "unit": human.unit, "stage": stage, "category": category, "on": day}
        return [(name, terms | {"origin": human.origin}), (f"membership.{how}", joined)]

    def _admitted(self, about: Mapping[str, Any], period: int) -> Iterator[Decided]:
        """Exactly so many in a period; each batch is recognised after its probation."""
        world, said = self._world, self._said
        there = {
            (branch, days): cells
            for branch in self._cells
            for days in _months(about, said.get("months", 1))
            if (cells := self._open(branch, days[0], about.get("in", tuple(said["in"]))))
        }
        weights = [sum(cells.values()) * self._chance.uniform(0.6, 1.4) for cells in there.values()]
        count = counted(world, about["count"])
        turns = self._special(about, count, period)
        ordinary = Newcomers(world, f"new{period}", about, self._chance)
        for ((branch, days), cells), size in zip(there.items(), shared_out(count, weights), strict=True):
            if not size:
                continue
            (signed,) = working_days(self._chance, days, 1)
            acts, people = [], []
            for _ in range(size):
                category, newcomers = next(turns)
                day = min(signed + dt.timedelta(days=self._chance.randint(0, CEREMONY_WITHIN)), about["until"])
                newcomers = newcomers or ordinary
                human = newcomers.next(day, self._chance.choices(list(cells), list(cells.values()))[0])
                human.since = day
                people.append(human)
                acts += self._enters(newcomers, human, day, "admit", said["first"], category)
            yield self._decided(branch, "admission", signed, acts)
            yield from self._recognised(branch, people)

    def _special(self, about: Mapping[str, Any], count: int, period: int) -> Iterator[tuple[str, Newcomers | None]]:
        """Which of those admitted are of a special category, and of an age of its own."""
        turns: list[tuple[str, Newcomers | None]] = []
        for code, of in about.get("special", {}).items():
            newcomers = Newcomers(self._world, f"new{period}.{code}", dict(about) | dict(of), self._chance)
            turns += [(code, newcomers)] * counted(self._world, of["count"])
        turns += [("", None)] * (count - len(turns))
        self._chance.shuffle(turns)
        return iter(turns)

    def _open(self, branch: str, day: dt.date, labels: Sequence[str]) -> dict[str, float]:
        """The cells of a branch and of these labels that the register knows on the day, with their sizes."""
        founded = self._world.founded
        return {
            cell: size
            for cell, size in self._cells[branch].items()
            if self._label[cell] in labels and (cell not in founded or founded[cell] + ENTERED_WITHIN <= day)
        }

    def _recognised(self, branch: str, people: Sequence[Human]) -> Iterator[Decided]:
        """Those of a batch, as full members from the end of their probation."""
        ends = [birthday(human.since, -1) for human in people if human.since]
        signed = max(ends) + dt.timedelta(days=self._chance.randint(3, 20))
        if signed <= self._said["recognised_until"]:
            acts: Acts = [
                ("membership.advance", {"person": human.code, "stage": self._said["full"], "on": day})
                for human, day in zip(people, ends, strict=True)
            ]
            yield self._decided(branch, "recognition", signed, acts)

    def _left(self, ended: Sequence[tuple[dt.date, str]]) -> Iterator[Decided]:
        """Who died, moved away or was struck off, a paper a branch and quarter."""
        waiting = self._chance.sample(self._opened, len(self._opened))
        grouped: dict[tuple[str, int, int], Acts] = defaultdict(list)
        last: dict[tuple[str, int, int], dt.date] = {}
        for day, how in ended:
            human = self._leaver(waiting, birthday(day, self._said["ended"][how].get("age", ADULT)))
            human.until = day
            key = (self._branch(human.unit), day.year, (day.month - 1) // 3)
            grouped[key].append(("membership.leave", {"person": human.code, "ending": how, "on": day}))
            last[key] = day
        for key, acts in grouped.items():
            yield self._decided(key[0], "ending", last[key] + dt.timedelta(days=self._chance.randint(1, 9)), acts)

    def _leaver(self, waiting: list[Human], born_until: dt.date) -> Human:
        """The next who may leave: of that age, from a cell that can spare them; else from one that is not emptied."""
        for keeps, until in ((CELL_NEEDS, born_until), (CELL_NEEDS, dt.date.max), (1, dt.date.max)):
            for at, human in enumerate(reversed(waiting), 1):
                if self._held[human.unit] > keeps and human.born <= until:
                    del waiting[-at]
                    self._held[human.unit] -= 1
                    return human
        raise Mistake("sample_people", f"sample {self._world.name}: nobody is left who could leave")

    def _staffed(self) -> Iterator[Decided]:
        """A cell founded since begins with members of other cells of its branch."""
        waiting = [human for human in self._opened if human.until is None]
        self._chance.shuffle(waiting)
        by_branch: dict[str, list[Human]] = defaultdict(list)
        for human in waiting:
            by_branch[self._branch(human.unit)].append(human)
        for branch, held in self._cells.items():
            for cell in held:
                if cell in self._world.founded and len(by_branch[branch]) > CELL_NEEDS:
                    day = self._world.founded[cell] + ENTERED_WITHIN
                    yield self._moved(branch, cell, by_branch[branch], day)

    def _moved(self, branch: str, cell: str, waiting: list[Human], day: dt.date) -> Decided:
        acts: Acts = []
        for _ in range(CELL_NEEDS):
            human = self._leaver(waiting, dt.date.max)
            human.unit = cell
            acts.append(("membership.transfer", {"person": human.code, "unit": cell, "on": day}))
        return self._decided(branch, "transfer", day, acts)

    def _decided(self, branch: str, what: str, signed: dt.date, acts: Acts) -> Decided:
        """The branch's next paper, entered some days after it was signed."""
        self._numbers[branch] += self._chance.randint(1, 4)
        symbol = self._said["papers"][what].format(number=self._numbers[branch])
        known = self._world.known(signed + dt.timedelta(days=self._chance.randint(2, 6)), self._chance.randint(8, 17))
        return Decided(known, Paper(symbol=symbol, signed_on=signed, code=f"{branch}/{symbol}"), acts)


def _months(about: Mapping[str, Any], step: int) -> list[tuple[dt.date, dt.date]]:
    """The months of a period, or spans of several, cut to its first and last day."""
    spans = []
    day = about["from"]
    while day <= about["until"]:
        ahead = day.month - 1 + step
        following = dt.date(day.year + ahead // 12, ahead % 12 + 1, 1)
        spans.append((day, min(following - dt.timedelta(days=1), about["until"])))
        day = following
    return spans
