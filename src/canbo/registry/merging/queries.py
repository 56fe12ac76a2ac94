"""Which facts of two numbers cannot both go on when these become one, and by which acts they become one."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db.models import OuterRef, Subquery

from canbo.kernel.act import ACTIONS
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Fact, Person, Unit, content
from canbo.registry.merging.models import Alias
from canbo.registry.people.models import Particulars
from canbo.registry.versions import Version, about

KEPT, FORMER, AFTER, BOTH = "kept", "former", "after", "both"
"""What becomes of two facts: one of them goes on, the earlier ends where the later begins, or both go on."""
SAID = tuple(f.name for f in content(Particulars) if f.name not in ("unit", "person", "born_precision"))
ONE_DAY = dt.timedelta(days=1)


def called(code: str, known: dt.datetime) -> Person | None:
    """Whose number it is, as known then: after a merge the person to whom it leads."""
    leads = Alias.objects.known(known).filter(former=OuterRef("pk")).values("person__code")[:1]
    found = Person.objects.filter(code=code).annotate(leads=Subquery(leads)).first()
    return Person.objects.get(code=found.leads) if found and found.leads else found


def both(kept: str, former: str, known: dt.datetime) -> tuple[Person, Person]:
    """The two whose numbers these are; of a number that leads elsewhere already there is nothing to merge."""
    one, other = (_alone(code, known) for code in (kept, former))
    return one, other


def _alone(code: str, known: dt.datetime) -> Person:
    found = called(code, known)
    if found is None:
        raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=code)
    if found.code != code:
        raise Refused("leads_elsewhere", "%(code)s leads to %(person)s already.", code=code, person=found.code)
    return found


def named(version: Any) -> str:
    """A fact, as the terms of a merge name it."""
    return f"{version.model._meta.model_name} {version.fact}"


def overlap(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    """Do two periods (first day, first day after; None is open) have a day in common?"""
    return all(a[0] is None or b[1] is None or a[0] < b[1] for a, b in ((one, other), (other, one)))


def alone(model: type[Fact]) -> list[list[str]]:
    """The fields of which no two facts may be the same at once, as the kind declares it to the database."""
    constraints = (one for one in model._meta.constraints if isinstance(one, ExclusionConstraint))
    return [[name for name, operator in one.expressions if operator == RangeOperators.EQUAL] for one in constraints]


@dataclass(frozen=True)
class Clash:
    """A fact of the number that is kept and one of the former number, of the same kind and with days in common.

    They say the `same`, or there can be but one (`alone`), or both may well be so at once.
    """

    kept: Version
    former: Version
    alone: bool
    same: bool

    @property
    def key(self) -> str:
        """By which a form or a command says what becomes of them."""
        return f"{self.kept.kind} {self.kept.fact} {self.former.fact}"

    @property
    def ways(self) -> tuple[str, ...]:
        """What may become of them."""
        first, then = _in_order(self)
        lasts = then.until is None or (first.until is not None and first.until <= then.until)  # else days would be lost
        after = self.alone and lasts and first.since != then.since and f"{first.kind}.correct" in ACTIONS
        return (KEPT, FORMER, *((AFTER,) if after else ()), *(() if self.alone else (BOTH,)))

    @property
    def usual(self) -> str:
        """What is proposed: who somebody was earlier is not lost, what is said twice goes on once. Else nothing."""
        if self.kept.model is Particulars:
            earlier = (self.former.since or dt.date.min) < (self.kept.since or dt.date.min)
            return AFTER if earlier and AFTER in self.ways else KEPT
        return KEPT if self.same else "" if self.alone else BOTH


def _in_order(clash: Clash) -> tuple[Version, Version]:
    """Which of the two begins first."""
    first, then = sorted((clash.kept, clash.former), key=lambda one: one.since or dt.date.min)
    return first, then


def records(person: Person, known: dt.datetime) -> list[Version]:
    """What is on file of somebody, the kinds in a fixed order, the latest first."""
    held = (v for v in about(person, known) if v.known_until is None and v.model is not Alias)
    return sorted(held, key=lambda v: (v.model is not Particulars, v.kind, -(v.since or dt.date.min).toordinal()))


def clashes(kept: Iterable[Version], former: Iterable[Version]) -> list[Clash]:
    """The facts of the one that have days in common with facts of the other, of the same kind."""
    theirs = list(former)
    found = ((mine, their) for mine in kept for their in theirs if mine.kind == their.kind)
    return [_clash(*pair) for pair in found if overlap(*((one.since, one.until) for one in pair))]


def _clash(kept: Version, former: Version) -> Clash:
    """The person is the same from now on; whatever else is said may differ."""

    def same(name: str) -> bool:
        column = kept.model._meta.get_field(name).attname
        return name == "person" or (kept.unit == former.unit if name == "unit" else _says(kept, column, former))

    twice = all(same(field.name) for field in content(kept.model))
    return Clash(kept, former, any(all(map(same, names)) for names in alone(kept.model)), twice)


def _says(one: Version, column: str, other: Version) -> bool:
    return one.content[column] == other.content[column]


def differing(kept: Iterable[Version], former: Iterable[Version]) -> dict[str, tuple[Any, Any]]:
    """What the two records say differently of who somebody is, last: by field, the one that is kept first."""
    one, other = (_last(versions) for versions in (kept, former))
    if one is None or other is None:
        return {}
    pairs = {name: (_value(one, name), _value(other, name)) for name in SAID}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and pair[1][0] not in (None, "")}


def _last(versions: Iterable[Version]) -> Version | None:
    held = [version for version in versions if version.model is Particulars]
    return max(held, key=lambda version: version.since or dt.date.min, default=None)


def _value(version: Version, name: str) -> tuple[Any, str]:
    """What a field says, and how exactly."""
    column = version.model._meta.get_field(name).attname
    return version.content[column], version.content.get(f"{name}_precision", "")


def acts(
    of: tuple[Person, Person],
    known: dt.datetime,
    on: dt.date,
    reason: str,
    ways: Mapping[str, str],
    takes: Collection[str],
) -> list[tuple[str, dict[str, Any]]]:
    """The acts by which the first becomes known under both numbers: what puts the records right, then the merge.

    `ways` says by the keys of clashes what becomes of these, `takes` which fields are as the former number said.
    """
    kept, former = (records(one, known) for one in of)
    aside, ends = _decided(clashes(kept, former), ways)
    stays = [version for version in (*kept, *former) if named(version) not in aside]
    said = {"on": on, "reason": reason}
    right = [
        (f"{version.kind}.correct", said | {"fact": version.fact, "until": ends[named(version)]})
        for version in stays
        if named(version) in ends
    ]
    right += [
        ("particulars.correct", said | {"fact": version.fact} | values)
        for version in stays
        if version.model is Particulars and (values := dict(_values(version, differing(kept, former), takes)))
    ]
    one, other = of
    return [*right, ("person.merge", said | {"person": one.code, "former": other.code, "aside": tuple(sorted(aside))})]


def ways(
    of: tuple[Person, Person], known: dt.datetime, aside: Collection[str], ends: Collection[str]
) -> dict[str, str]:
    """What becomes of clashes where some records are set aside, and some give way to what comes before or after."""
    said = {}
    for clash in clashes(*(records(one, known) for one in of)):
        one, other = named(clash.kept), named(clash.former)
        if {one, other} & {*aside}:
            said[clash.key] = KEPT if other in aside else FORMER
        elif {one, other} & {*ends}:
            said[clash.key] = AFTER
    return said


def _decided(found: Iterable[Clash], ways: Mapping[str, str]) -> tuple[set[str], dict[str, dt.date]]:
    """What is set aside, and what ends, with its last day."""
    aside, ends, undecided = set(), {}, []
    for clash in found:
        way = ways.get(clash.key) or clash.usual
        if way not in clash.ways:
            undecided.append(clash)
        elif way in (KEPT, FORMER):
            aside.add(named(clash.former if way == KEPT else clash.kept))
        elif way == AFTER:
            first, then = _in_order(clash)
            last = then.since - ONE_DAY
            ends[named(first)] = min(last, ends.get(named(first), last))
    if undecided:
        raise Refused(
            "undecided",
            "say which of these goes on: %(records)s",
            records="; ".join(f"{named(clash.kept)} – {named(clash.former)}" for clash in undecided),
            keys=[clash.key for clash in undecided],
        )
    return aside, ends


def _values(
    version: Version, pairs: Mapping[str, tuple[Any, Any]], takes: Collection[str]
) -> Iterator[tuple[str, Any]]:
    """What one record says of who somebody is that the other one says rightly; what was so earlier stays."""
    for name, pair in pairs.items():
        wrong, right = pair if name in takes or pair[0][0] in (None, "") else reversed(pair)
        if _value(version, name) == wrong:
            value, precision = right
            field = version.model._meta.get_field(name)
            yield name, Unit.objects.get(pk=value).code if value and field.is_relation else value
            if precision:
                yield f"{name}_precision", precision
