"""A list as somebody asked for it: its rows narrowed, ordered and paged, as of the dates of the page.

What the page shows and what is exported are the same query. Pages are counted from 1; beyond `DEEPEST` rows nobody
reads on by turning pages, so a longer list asks to be narrowed or exported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import DateField, Exists, F, FilteredRelation, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from canbo.access.identity import people_called, reach
from canbo.kernel.levels import INTERNAL, PERSONAL, level
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import SINCE, Column, Screen
from canbo.kernel.text import asked
from canbo.registry.facts import Fact, Person, Unit
from canbo.registry.merging.models import Alias
from canbo.registry.organisations.queries import unit_of
from canbo.registry.tree import Closure, among, edge_day, scope
from canbo.reports.quality.rule import ask
from canbo.web.asof import AsOf
from canbo.web.generic import findings, totals

ROWS = 50
LONGEST, SHORT = 100, 2
"""Letters of a text to look for: more are cut off, so few are looked for only where words begin."""
DEEPEST = 10_000
FEW = 2_000
"""So few rows are found by what they are called and then put in order; more are read along an index in that order."""
MANY = 20_000
"""Whoever reaches more units than this is not asked about one by one."""
COUNTED = 100_000
"""A longer list is said to be longer than this: nobody reads millions of rows, so nobody waits for their number."""


@dataclass(frozen=True)
class Listing:
    """One list: what it is narrowed to and in which order. `chosen` are codes by column, `order` a column's name.

    `finding` names a rule of data quality: the list is then the queue of what is to be mended by it.
    """

    screen: Screen
    asof: AsOf
    text: str = ""
    unit: Unit | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    page: int = 1
    finding: str = ""

    @property
    def narrowing(self) -> dict[str, str]:
        """What an address says to narrow the list so."""
        said = {"q": self.text, "unit": self.unit.code if self.unit else "", "finding": self.finding, **self.chosen}
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> dict[str, str]:
        """What an address says to ask for the same list from its first page."""
        return self.narrowing | ({"sort": self.order} if self.order else {})

    @cached_property
    def narrowed(self) -> QuerySet:
        """The rows of the list, without what only ordering and showing need."""
        rows = self._rows().filter(**{self.screen.column(name).path: code for name, code in self.chosen.items()})
        rows = rows.filter(within_reach(self.screen.model))
        if self.unit:
            rows = rows.filter(_beneath(self.unit, self.asof, self.screen))
        if self.finding:
            rows = rows.filter(pk__in=findings.of(self.screen, self.finding, self.unit, self.asof).values("pk"))
        return rows.filter(self._named()) if self.text else rows

    @cached_property
    def rows(self) -> QuerySet:
        """All rows in order, as tuples of the paths that the columns need; what the order cannot place comes last."""
        return self._ordered(self.narrowed)

    def of(self, *wanted: str) -> QuerySet:
        """The same rows in the same order, as tuples of these paths."""
        return self.rows.values_list(*wanted)

    @cached_property
    def total(self) -> int:
        """How many rows there are; one more than `COUNTED` stands for any number beyond."""
        return totals.of(self, self.narrowed.order_by()[: COUNTED + 1].count)

    @cached_property
    def shown(self) -> list[tuple[Any, ...]]:
        """The rows of this page.

        A list in the order of something joined is read along the index of that; where a page would not be full so,
        the rows that have nothing joined are due, and all are put in order.
        """
        first = (self.page - 1) * ROWS
        joined = next((name for name in self.screen.joins if self._order[0].lstrip("-").startswith(f"{name}__")), "")
        if joined and not self._of_names:
            named = self._ordered(self.narrowed.filter(**{f"{joined}__isnull": False}))[first : first + ROWS]
            if len(named) == ROWS or first + len(named) >= self.total:
                return list(named)
        return list(self.rows[first : first + ROWS])

    @property
    def _of_names(self) -> bool:
        """Is a person's name looked for, so that whoever is found has one?"""
        return bool(self.text) and self.screen.people and not any(letter.isdigit() for letter in self.text)

    @property
    def last(self) -> int:
        """The number of the last page that can be turned to."""
        return max(1, -(-min(self.total, DEEPEST) // ROWS))

    @property
    def _order(self) -> tuple[str, ...]:
        """The paths of the order asked for, a minus before those that descend."""
        column = self.screen.column(self.order.lstrip("-"))
        if not column:
            return self.screen.order
        return tuple(f"-{path}" for path in column.sort) if self.order.startswith("-") else column.sort

    def _ordered(self, rows: QuerySet) -> QuerySet:
        """In order; the key is the last to decide. Derived keys are never null, so their index serves both ways."""
        few = self.text and self.total <= FEW

        def value(path: str) -> F | Concat:
            return Concat(F(path), Value("")) if few and path.endswith("_key") else F(path)

        by = [
            value(path[1:]).desc(nulls_last=None if path.endswith("_key") else True)
            if path[0] == "-"
            else value(path).asc()
            for path in (*self._order, "pk")
        ]
        return rows.order_by(*by).values_list(*paths(self.screen))

    def _rows(self) -> QuerySet:
        on, known = self.asof.on, self.asof.known
        if self.screen.rows:
            return self.screen.rows(on, known)
        facts = self.screen.model.objects.known(known)
        facts = facts.filter(valid__startswith__lte=on) if self.screen.event else facts.filter(valid__contains=on)
        edges = {edge: Func("valid", function=function, output_field=DateField()) for edge, function in EDGES}
        joined = {
            name: FilteredRelation(
                path, condition=Q((f"{path}__recorded__contains", known), (f"{path}__valid__contains", on))
            )
            for name, path in self.screen.joins.items()
        }
        return facts.annotate(**edges, **joined)

    def _named(self) -> Q:
        """That a row is called so: by a name, by the profile's word for what it is, or by a code, if it holds a digit.

        A text shorter than an index can find in the middle of a word is looked for where words begin. Each way is
        found along an index of its own; one `OR` of all would read every row.
        """
        ways = list(self._ways(asked(self.text)))
        if self.screen.joins or len(ways) < 2:
            return reduce(or_, ways, Q(pk__in=()))
        first, *others = (self.screen.model.objects.filter(way).order_by().values("pk") for way in ways)
        return Q(pk__in=first.union(*others))

    def _ways(self, text: str) -> Iterator[Q]:
        for path in () if self.screen.people and not self._of_names else self.screen.search:
            if len(text) <= SHORT:
                yield _begins(path, text)
            elif self.screen.people and (people := people_called(text)) is not None:
                yield Q(**{f"{path}__contains": text, f"{self._bearer(path)}__in": people})
            else:
                yield Q(**{f"{path}__contains": text})
        for column in self.screen.words:
            if codes := called(column.vocabulary, text):
                yield Q(**{f"{column.path}__in": codes})
        for path in () if self._of_names else self.screen.codes:
            yield self._coded(path)

    def _bearer(self, path: str) -> str:
        """The path to the person whose name stands along another one."""
        joined = path.rpartition("__")[0]
        return self.screen.joins[joined].rpartition("__")[0] if joined else "person"

    def _coded(self, path: str) -> Q:
        """That a code begins so, as typed or in one case. Codes of things are found along their own index first; a
        former number finds whom it leads to.
        """
        thing, _, last = path.rpartition("__")
        texts = set(cases(self.text))
        begins = reduce(or_, (Q(**{f"{last}__startswith": text}) for text in texts))
        if not thing:
            return begins
        model = self.screen.model._meta.get_field(thing).related_model
        found = model.objects.filter(begins).values("pk")
        if model is Person:
            former = reduce(or_, (Q(former__code__startswith=text) for text in texts))
            found = found.union(Alias.objects.known(self.asof.known).filter(former).values("person"))
        return Q(**{f"{thing}__in": found})


def within_reach(model: type[Model]) -> Q:
    """The units within reach of whoever asks, named in the question: the database finds their rows by index, while its
    policies, which decide, look at each row. Of many units a page is full soon, whichever rows are looked at.
    """
    units = reach(level(model)) if level(model) in (INTERNAL, PERSONAL) else None
    return Q() if units is None or len(units) > MANY else among("unit", units)


def _begins(path: str, text: str) -> Q:
    """That a word of the folded text begins so."""
    return Q((f"{path}__startswith", text), (f"{path}__contains", f" {text}"), _connector=Q.OR)


def cases(text: str) -> tuple[str, str, str]:
    """How a code may be typed: as it is, or in one case."""
    return text, text.lower(), text.upper()


def called(vocabulary: str, text: str) -> list[str]:
    """The codes whose words in the language of the page hold the text."""
    language = get_language()
    codes = profile().vocabulary(vocabulary)
    return [code for code in codes if text in asked(profile().word(f"{vocabulary}.{code}", language))]


PERSON = "person"
"""The page to which the name of a person leads."""
EDGES = (("since", "lower"), ("until", "upper"))


def paths(screen: Screen) -> list[str]:
    """The paths that the rows of a screen hold, each once."""
    wanted = ["pk"]
    if issubclass(screen.model, Fact):
        wanted.append("fact")
    for column in screen.columns:
        wanted += [column.path, column.code]
        wanted += ["start_precision"] if column.kind == SINCE else []
    return list(dict.fromkeys(path for path in (*wanted, *person_paths(screen)) if path))


def person_paths(screen: Screen) -> list[str]:
    """The paths to the keys of the people whom a list names."""
    return [f"{column.code.rpartition('__')[0]}_id" for column in screen.columns if column.page == PERSON]


def _asof(path: str, asof: AsOf) -> FilteredRelation:
    """The facts of another kind along a path, as of the same dates."""
    condition = Q((f"{path}__recorded__contains", asof.known), (f"{path}__valid__contains", asof.on))
    return FilteredRelation(path, condition=condition)


def _beneath(unit: Unit, asof: AsOf, screen: Screen) -> Q | Exists:
    """That a row's unit lies beneath another one. The closure answers for all that is known now."""
    within = scope(unit, asof.on, asof.known)
    if asof.known_text:
        return within.covers(None, screen.unit) if screen.event else within.within(asof.on, screen.unit)
    closure = Closure.objects.filter(ancestor__in=within.roots)
    if screen.event:
        return Exists(
            closure.filter(descendant=OuterRef(screen.unit), valid__contains=edge_day(OuterRef("valid"), "lower"))
        )
    return Q(**{f"{screen.unit}__in": closure.filter(valid__contains=asof.on).values("descendant")})


def read(screen: Screen, said: Mapping[str, str], asof: AsOf) -> Listing:
    """The list that an address asks for; a `Mistake` names what cannot be asked and says what can."""
    chosen = {column.name: code for column in screen.choices if (code := said.get(column.name, ""))}
    for name, code in chosen.items():
        _check(screen.column(name), code)
    order = said.get("sort", "")
    if order and not getattr(screen.column(order.removeprefix("-")), "sort", ()):
        known = ", ".join(column.name for column in screen.columns if column.sort)
        raise Mistake(
            "bad_sort", "this list is not sorted by “%(order)s”; it can be by: %(known)s", order=order, known=known
        )
    page = said.get("page", "") or "1"
    if not page.isdigit() or not 1 <= int(page) <= DEEPEST // ROWS:
        raise Mistake(
            "bad_page",
            "“%(page)s” is no page: write a number from 1 to %(last)s, or narrow the list",
            page=page,
            last=DEEPEST // ROWS,
        )
    code = said.get("unit", "").strip() if screen.unit else ""
    unit = unit_of(code) if code else None
    text, finding = " ".join(said.get("q", "").split())[:LONGEST], said.get("finding", "")
    if finding:
        ask(finding, screen.model)
    return Listing(screen, asof, text, unit, chosen, order, int(page), finding)


def _check(column: Column, code: str) -> None:
    codes, label = profile().vocabulary(column.vocabulary), str(column.label)
    if code not in codes:
        known = ", ".join(codes)
        raise Mistake(
            "bad_filter", "%(name)s: there is no “%(code)s”; known are: %(known)s", name=label, code=code, known=known
        )
