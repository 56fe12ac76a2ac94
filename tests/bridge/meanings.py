"""What each stock and flow counts, said in plain Python beside what the program declares."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MEANINGS: dict[str, "Meaning"] = {}
SEAT = {name: ("postrecord", "post_id", name) for name in ("title", "level", "managed_by", "non_local")}
WHO = {"sex": ("particulars", "person_id", "sex")}
Test = Callable[[Any, dict, Any], bool]


@dataclass(frozen=True)
class Meaning:
    """A kind of fact, the edge that is its event (none for stocks), what must be so besides, and whom it is about."""

    table: str
    edge: str = ""
    also: Test | None = None
    subject: tuple[str, ...] = ("unit_id",)
    counting: str = ""
    amount: str = ""
    told: tuple[str, ...] = ()
    """Conditions that `also` itself reads."""
    elsewhere: Any = None
    """Conditions that another fact decides: name → (table, column in both, column there)."""

    def weight(self, tables: Any, row: dict, point: Any) -> int:
        """What a version weighs, as this point asks, wherever its unit lies and whenever it is so."""
        for name, wanted in point.where:
            if name not in self.told and not (self._values(tables, row, point, name) & set(wanted)):
                return 0
        if self.also and not self.also(tables, row, point):
            return 0
        return row[self.amount] if self.amount else 1

    def _values(self, tables: Any, row: dict, point: Any, name: str) -> set:
        if name in (self.elsewhere or {}):
            table, column, there = self.elsewhere[name]
            return {found[there] for found in tables.so(table, column, row[column], point.on, point.known)}
        name = {"subject": "subjects"}.get(name, name)
        return set(row[name]) if isinstance(row[name], list) else {row[name]}


def so(table: str, column: str, own: str) -> Test:
    """Some fact of a table belongs to it on the day asked about."""
    return lambda tables, row, point: bool(tables.so(table, column, row[own], point.on, point.known))


def entered(how: str) -> Test:
    return lambda tables, row, point: row["entry"] == how


def told(point: Any, name: str) -> Any:
    return dict(point.where)[name][0]


def _met(tables: Any, row: dict, point: Any) -> bool:
    found = tables.so("goalmet", "unit_id", row["unit_id"], point.on, point.known)
    return any((met["term"], met["number"]) == (row["term"], row["number"]) for met in found)


def _kinds(tables: Any, row: dict, point: Any) -> bool:
    """The organisation covers a place of the kind asked for."""
    covered = tables.so("coverage", "unit_id", row["unit_id"], point.on, point.known)
    places = [p for c in covered for p in tables.so("place", "unit_id", c["place_id"], point.on, point.known)]
    return any(place["kind"] == told(point, "place_kind") for place in places)


def _meets(tables: Any, row: dict, ours: str, theirs: str, known: Any) -> bool:
    """The unit is an organisation before, or after, under another name or kind."""
    known_then = [r for r in tables.by("organisation", "unit_id", row["unit_id"]) if r["learnt"] <= known]
    return any(r[theirs] == row[ours] for r in known_then if r["forgotten"] is None or known < r["forgotten"])


def _low(tables: Any, row: dict, point: Any) -> bool:
    return Fraction(row["low"]) > row["collected"] * Fraction(str(told(point, "over")))


def _gained(tables: Any, row: dict, point: Any) -> bool:
    then = tables.so("coverage", "place_id", row["unit_id"], point.start, point.known)
    return not then and bool(tables.so("coverage", "place_id", row["unit_id"], point.on, point.known))


def _peopled(tables: Any, row: dict, point: Any) -> bool:
    covering = tables.so("coverage", "place_id", row["unit_id"], point.on, point.known)
    return any(tables.so("membership", "unit_id", c["unit_id"], point.on, point.known) for c in covering)


def _foreign(tables: Any, row: dict, point: Any) -> bool:
    """The origin is known and lies outside the place that the unit serves, or else the unit above it."""
    served = tables.so("service", "unit_id", row["unit_id"], point.on, point.known)
    for placed in tables.so("placement", "unit_id", row["unit_id"], point.on, point.known) if not served else ():
        served = tables.so("service", "unit_id", placed["parent_id"], point.on, point.known)
    origins = [r["origin_id"] for r in tables.so("particulars", "person_id", row["person_id"], point.on, point.known)]
    home = [tables.up(origin, point.on, point.known) for origin in origins if origin]
    return bool(home) and not any(s["place_id"] in home[0] for s in served[:1])


def _planned(tables: Any, row: dict, point: Any) -> bool:
    return bool(tables.so("planentry", "person_id", row["person_id"], row["since"], point.known))


PERSON, POST = ("person_id",), ("person_id", "post_id")
MEANINGS |= {
    "classified": Meaning("classification"),
    "committee_duties": Meaning("committeeduty", "lower", subject=PERSON),
    "confidence_low_over": Meaning("confidence", "lower", _low, PERSON, told=("over",)),
    "confidence_votes": Meaning("confidence", "lower", subject=PERSON),
    "coverage_gained": Meaning("place", also=_gained),
    "documents": Meaning("registration", subject=("document_id",)),
    "documents_issued": Meaning("registration", "lower", subject=("document_id",)),
    "dues_paid": Meaning("membership", also=so("dues", "person_id", "person_id"), subject=PERSON),
    "duties": Meaning("duty"),
    "duties_fulfilled": Meaning("fulfilment"),
    "employed": Meaning("employment", subject=PERSON),
    "goals": Meaning("goal"),
    "goals_due": Meaning(
        "goal", also=lambda t, r, p: r["due"].isoformat() <= str(told(p, "by")) and not _met(t, r, p), told=("by",)
    ),
    "goals_met": Meaning("goal", also=_met),
    "incumbents": Meaning("incumbency", subject=POST, elsewhere=SEAT | WHO),
    "incumbents_from_elsewhere": Meaning("incumbency", also=_foreign, subject=POST, elsewhere=SEAT),
    "incumbents_who_are_members": Meaning(
        "incumbency", also=so("membership", "person_id", "person_id"), subject=POST, elsewhere=SEAT
    ),
    "members": Meaning("membership", subject=PERSON, elsewhere=WHO),
    "members_admitted": Meaning("membership", "lower", entered("admission"), PERSON),
    "members_admitted_covering": Meaning(
        "membership", "lower", lambda t, r, p: r["entry"] == "admission" and _kinds(t, r, p), PERSON,
        told=("place_kind",),
    ),
    "members_advanced": Meaning("membership", "lower", entered("stage"), PERSON),
    "members_left": Meaning("membership", "upper", lambda t, r, p: r["ending"] != "", PERSON),
    "members_moved": Meaning("membership", "lower", entered("transfer"), PERSON),
    "members_readmitted": Meaning("membership", "lower", entered("readmission"), PERSON),
    "movements": Meaning("movement", "lower", subject=PERSON),
    "movements_planned": Meaning("movement", "lower", _planned, PERSON),
    "nominations": Meaning("nomination", "lower", subject=PERSON),
    "nominations_planned": Meaning("nomination", "lower", _planned, PERSON),
    "opinions": Meaning("opinion", "lower", subject=PERSON),
    "organisations": Meaning("organisation"),
    "organisations_covering": Meaning("organisation", also=_kinds, told=("place_kind",)),
    "organisations_dissolved": Meaning(
        "organisation", "upper", lambda t, r, p: not _meets(t, r, "until", "since", p.known)
    ),
    "organisations_established": Meaning(
        "organisation", "lower", lambda t, r, p: not _meets(t, r, "since", "until", p.known)
    ),
    "organisations_established_covering": Meaning(
        "organisation", "lower", lambda t, r, p: not _meets(t, r, "since", "until", p.known) and _kinds(t, r, p),
        told=("place_kind",),
    ),
    "places": Meaning("place"),
    "places_with_organisation": Meaning("place", also=so("coverage", "place_id", "unit_id")),
    "places_with_organisation_and_members": Meaning("place", also=_peopled),
    "plan_entries": Meaning("planentry", subject=POST),
    "planned": Meaning("planentry", subject=POST, counting="person_id"),
    "posts": Meaning("postrecord", subject=("post_id",)),
    "quotas": Meaning("quota", amount="amount"),
    "recruited": Meaning("recruitment", "lower", subject=PERSON),
    "seats": Meaning("postrecord", subject=("post_id",), amount="seats"),
    "targets": Meaning("target", amount="amount"),
    "trained": Meaning("training", subject=PERSON),
    "training_completed": Meaning("training", "lower", subject=PERSON),
}  # fmt: skip
