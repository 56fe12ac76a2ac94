"""Counts the figures of the term reports from a CSV dump of the tables, by its own reading of them.

    python recount.py FOLDER UNIT DAY KNOWN

prints {figure: [value, base]}, shares as fractions. Standard library only, and nothing of the program it checks.
"""

import csv
import datetime as dt
import json
import sys
from collections import defaultdict
from fractions import Fraction
from pathlib import Path

MEMBERSHIP = {
    "provincial-party", "district-party", "bloc-party", "commune-party", "grassroots-committee", "grassroots-cell",
    "section-committee", "cell",
}  # fmt: skip
FIRST, ALWAYS, NEVER = dt.date(2021, 1, 1), dt.date.min, dt.date.max
ISSUERS = {"provincial-committee", "standing-committee"}


def edges(text, read, low, high):
    lower, _, upper = text.strip("[)").replace('"', "").partition(",")
    return read(lower) if lower else low, read(upper) if upper else high


class Dump:
    """The tables as known at an instant: dicts of text, with `since` (first day) and `until` (first day without)."""

    def __init__(self, folder, known):
        self.folder, self.known = Path(folder), dt.datetime.fromisoformat(known)
        self.shelves = {}
        utc = dt.timezone.utc  # noqa: UP017
        self.ends = (dt.datetime.min.replace(tzinfo=utc), dt.datetime.max.replace(tzinfo=utc))

    def rows(self, table):
        if table not in self.shelves:
            self.shelves[table] = list(self.read(table))
        return self.shelves[table]

    def read(self, table):
        with (self.folder / f"registry_{table}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                since, until = edges(row["recorded"], dt.datetime.fromisoformat, *self.ends)
                if since <= self.known < until:
                    row["since"], row["until"] = edges(row["valid"], dt.date.fromisoformat, ALWAYS, NEVER)
                    yield row

    def by(self, table, column):
        if (table, column) not in self.shelves:
            shelf = self.shelves[table, column] = defaultdict(list)
            for row in self.rows(table):
                shelf[row[column]].append(row)
        return self.shelves[table, column]

    def of(self, table, column, key, day):
        return [row for row in self.by(table, column)[key] if row["since"] <= day < row["until"]]

    def parent(self, unit, day):
        return next((row["parent_id"] for row in self.of("placement", "unit_id", unit, day)), None)

    def within(self, unit, roots, day):
        """Does the unit lie beneath one of the roots, or is it one, on that day?"""
        while unit and unit not in roots:
            unit = self.parent(unit, day)
        return bool(unit)


class Province:
    """What is counted for one unit on one day."""

    def __init__(self, dump, unit, on):
        self.dump, self.on = dump, on
        self.key = unit
        self.roots = {unit, *(row["unit_id"] for row in dump.of("service", "place_id", unit, on))}

    def at(self, on):
        return Province(self.dump, self.key, on)

    def so(self, table):
        return [row for row in self.dump.rows(table) if row["since"] <= self.on < row["until"]]

    def stock(self, table, **where):
        rows = (row for row in self.so(table) if fits(row, where))
        return [row for row in rows if self.dump.within(row["unit_id"], self.roots, self.on)]

    def began(self, table, first=FIRST, **where):
        rows = (row for row in self.dump.rows(table) if first <= row["since"] <= self.on and fits(row, where))
        return [row for row in rows if self.dump.within(row["unit_id"], self.roots, row["since"])]

    def ended(self, table, first=FIRST, **where):
        """Counted with the tree of the last day: who ends on a day is no longer in the tree that day."""
        rows = (row for row in self.dump.rows(table) if first <= row["until"] <= self.on and fits(row, where))
        day = dt.timedelta(days=1)
        return [row for row in rows if self.dump.within(row["unit_id"], self.roots, row["until"] - day)]

    def held(self, **post):
        rows = self.stock("incumbency")
        return [row for row in rows if any(fits(p, post) for p in self.now("postrecord", "post_id", row["post_id"]))]

    def now(self, table, column, key):
        return self.dump.of(table, column, key, self.on)


def fits(row, where):
    for name, wanted in where.items():
        values = set(row[name].strip("{}").split(",")) if name == "subjects" else {row[name]}
        if not values & (wanted if isinstance(wanted, set) else {wanted}):
            return False
    return True


def ratio(part, whole):
    """A share and its base; of nobody there is none."""
    return (Fraction(part) / whole if whole else None), whole


def months(first, last):
    after = last + dt.timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)


def everybody(p):
    """The pages that all provinces have."""
    yield "members", len(p.stock("membership"))
    yield "members.official", len(p.stock("membership", stage="official"))
    yield "members.probationary", len(p.stock("membership", stage="probationary"))
    yield "members.admitted", len(p.began("membership", entry="admission"))
    yield "members.readmitted", len(p.began("membership", entry="readmission"))
    yield "members.left", sum(row["ending"] != "" for row in p.ended("membership"))
    grassroots = {"grassroots-committee", "grassroots-cell", "section-committee", "cell"}
    yield "organisations.grassroots", len(p.stock("organisation", kind=grassroots))
    founded = [row for row in p.began("organisation", kind=MEMBERSHIP) if not meets(p, row, "until", row["since"])]
    closed = [row for row in p.ended("organisation", kind=MEMBERSHIP) if not meets(p, row, "since", row["until"])]
    yield "organisations.established", len(founded)
    yield "organisations.dissolved", len(closed)
    for kind in ("commune", "district", "village"):
        yield f"places.{kind}s", len(p.stock("place", kind=kind))


def meets(p, row, edge, day):
    """Is the unit an organisation before, or after, under another name or kind?"""
    return any(other[edge] == day for other in p.dump.by("organisation", "unit_id")[row["unit_id"]])


def dien_bien(p):
    admitted, members = len(p.began("membership", entry="admission")), len(p.stock("membership"))
    yearly = Fraction(admitted * 12, months(FIRST, p.on))
    yield "membership.admitted_since_term_start", admitted
    yield "membership.admitted_per_year_about", yearly
    yield "membership.admitted_per_year_share_of_members_over", ratio(yearly, members)
    villages = p.stock("place", kind="village")
    yield "coverage.villages", len(villages)
    covered = [[c["unit_id"] for c in p.now("coverage", "place_id", v["unit_id"])] for v in villages]
    covered = [units for units in covered if any(p.now("membership", "unit_id", unit) for unit in units)]
    yield "coverage.villages_with_organisation_and_members", len(covered)
    heads = p.held(title="village-head")
    yield "coverage.village_heads", len(heads)
    members = [row for row in heads if p.now("membership", "person_id", row["person_id"])]
    yield "coverage.village_heads_who_are_members", len(members)
    firms = [f["unit_id"] for f in p.stock("place", kind="enterprise") if p.now("coverage", "place_id", f["unit_id"])]
    yield "coverage.private_units_with_organisation", len(firms)
    before = [f for f in firms if p.dump.of("coverage", "place_id", f, FIRST)]
    yield "coverage.private_units_with_organisation_added_since_term_start", len(firms) - len(before)
    yield from goals(p)
    yield from personnel(p)


def goals(p):
    found = p.stock("goal", term="2020-2025")

    def met(goal):
        said = p.now("goalmet", "unit_id", goal["unit_id"])
        return any((row["term"], row["number"]) == (goal["term"], goal["number"]) for row in said)

    yield "goals.set_by_congress", len(found)
    yield "goals.met", sum(map(met, found))
    yield "goals.due_by_end_of_2024", sum(not met(goal) and goal["due"] <= "2024-12-31" for goal in found)


def personnel(p):
    yield "recruitment.civil_servants", len(p.began("recruitment", group="civil-servant"))
    yield "recruitment.public_employees", len(p.began("recruitment", group="public-employee"))
    moved = p.began("movement", nature={"rotation", "transfer"})
    yield "movements.total", len(moved)
    for nature in ("rotation", "transfer"):
        yield f"movements.by_nature.{nature}", sum(row["nature"] == nature for row in moved)
    for level in ("politburo-and-secretariat", "provincial-standing-committee", "district-level"):
        name = f"movements.by_managing_authority.{level.replace('-', '_')}"
        yield name, sum(row["managed_by"] == level for row in moved)
    yield "non_local_heads.units", len(p.stock("place", kind="district"))
    for title in ("party-secretary", "peoples-committee-chair", "chief-justice", "chief-prosecutor", "finance-head"):
        heads = p.held(title=title, level="district", non_local="t")
        yield f"non_local_heads.{title.replace('-', '_')}", sum(from_elsewhere(p, row) for row in heads)
    for term in ("2020-2025", "2025-2030"):
        for level in ("provincial", "district", "commune"):
            people = {row["person_id"] for row in p.stock("planentry", term=term, level=level)}
            yield f"succession_plan.{term}.{level}", len(people)
    yield "succession_plan.entries", len(p.stock("planentry"))


def from_elsewhere(p, row):
    origin = next((q["origin_id"] for q in p.now("particulars", "person_id", row["person_id"])), "")
    own = p.now("service", "unit_id", row["unit_id"])
    serves = own or p.now("service", "unit_id", p.dump.parent(row["unit_id"], p.on))
    return bool(origin) and not p.dump.within(origin, {s["place_id"] for s in serves}, p.on)


def nghe_an(p):
    for kind in ("plan", "regulation", "project", "conclusion", "report"):
        yield f"documents_issued_since_2021.{kind}", len(p.began("registration", type=kind, body=ISSUERS))
    firms = {row["unit_id"] for row in p.so("place") if row["kind"] == "enterprise"}
    there = {row["unit_id"] for row in p.so("coverage") if row["place_id"] in firms}
    yield "enterprises.organisations_established", sum(r["unit_id"] in there for r in p.began("organisation"))
    admitted = p.began("membership", entry="admission")
    yield "enterprises.members_admitted", sum(row["unit_id"] in there for row in admitted)
    yield "enterprises.organisations_in_scope", sum(row["unit_id"] in there for row in p.stock("organisation"))
    base, now = (sum(int(q["amount"]) for q in p.stock("quota", year=year)) for year in ("2015", "2021"))
    yield "establishment.streamlined_rate", ratio(base - now, base)
    p = p.at(dt.date(2022, 12, 31))
    for name, table in {
        "transferred_rotated_arranged_appointed_reappointed": "movement",
        "introduced_as_candidates": "nomination",
        "assigned_to_grassroots_executive_committees": "committeeduty",
        "opinions_on_heads_and_deputies_of_central_agencies_in_the_province": "opinion",
    }.items():
        yield f"personnel_2021_2022.{name}", len(p.began(table))
    for level in ("advanced", "intermediate"):
        yield f"training_2021_2022.{level}_political_theory", len(p.began("training", level=level))


def lam_dong(p):
    staff = p.at(dt.date(2020, 12, 31)).stock("employment")
    yield "workforce_2020_12_31.total", len(staff)
    groups = {"district_level_and_above": "district-and-above", "public_employees": "public-employee"}
    for name, group in {**groups, "commune_level": "commune-level"}.items():
        yield f"workforce_2020_12_31.by_group.{name}", sum(row["group"] == group for row in staff)
    then = p.at(dt.date(2021, 4, 30))
    committees = len(then.stock("organisation", kind={"commune-party", "grassroots-committee"}))
    cells = len(then.stock("organisation", kind="grassroots-cell"))
    yield "organisations_2021_04_30.grassroots", committees + cells
    yield "organisations_2021_04_30.grassroots_committees", committees
    yield "organisations_2021_04_30.grassroots_cells", cells
    yield "organisations_2021_04_30.members", len(then.stock("membership"))
    reviewed = len(p.stock("fulfilment", matter="succession-review"))
    yield "succession_plan_review.agencies_localities_units", reviewed
    p = p.at(dt.date(2023, 12, 21))
    done, due = (len(p.stock(table, matter="confidence-vote")) for table in ("fulfilment", "duty"))
    yield "confidence_votes_2023_12_21.units_held_share", ratio(done, due)
    votes = [(int(row["low"]), int(row["collected"])) for row in p.began("confidence")]
    yield "confidence_votes_2023_12_21.subjects_low_over_half", sum(2 * low > all_ for low, all_ in votes)
    yield "confidence_votes_2023_12_21.subjects_low_over_two_thirds", sum(3 * low > 2 * all_ for low, all_ in votes)


def ninh_thuan(p):
    yield "membership.admitted_since_2021", len(p.began("membership", entry="admission"))
    until_2024 = len(p.at(dt.date(2024, 12, 31)).began("membership", entry="admission"))
    yield "membership.admitted_since_2021.published", until_2024
    yield "membership.admitted_since_2021.sum_of_the_years", until_2024
    for year in range(2021, 2025):
        then = p.at(dt.date(year, 12, 31))
        admitted = then.began("membership", dt.date(year, 1, 1), entry="admission")
        asked = sum(int(row["amount"]) for row in then.stock("target", matter="admissions", year=str(year)))
        yield f"membership.by_year.{year}.admitted", len(admitted)
        yield f"membership.by_year.{year}.target", asked
        yield f"membership.by_year.{year}.share", ratio(len(admitted), asked)
    pupils = sum(row["category"] == "high-school-student" for row in admitted)
    yield "membership.admitted_2024_high_school_students", pupils
    chosen = p.began("movement", nature={"appointment", "reappointment"}) + p.began("nomination")
    planned = [r for r in chosen if p.dump.of("planentry", "person_id", r["person_id"], r["since"])]
    yield "appointed_or_nominated_who_were_planned.share", ratio(len(planned), len(chosen))
    yield "four_good_model.committees_under_the_province", len(p.stock("duty", matter="four-good-plan"))
    yield "four_good_model.with_a_plan", len(p.stock("fulfilment", matter="four-good-plan"))
    kinds = ("regulation", "plan", "guidance", "decision", "statute", "project", "directive")
    for body, types in {"provincial-committee": ("resolution",), "standing-committee": kinds}.items():
        for kind in types:
            papers = p.began("registration", type=kind, body=body, subjects="personnel")
            yield f"documents_on_personnel_this_term.{body.replace('-', '_')}.{kind}", len(papers)


PAGES = {"dien-bien": dien_bien, "nghe-an": nghe_an, "lam-dong": lam_dong, "ninh-thuan": ninh_thuan}


def main(folder, unit, on, known):
    dump = Dump(folder, known)
    with (dump.folder / "registry_unit.csv").open(encoding="utf-8", newline="") as file:
        key = next(row["id"] for row in csv.DictReader(file) if row["code"] == unit)
    province = Province(dump, key, dt.date.fromisoformat(on))
    found = {}
    for name, counted in [*everybody(province), *PAGES.get(unit, lambda _: ())(province)]:
        value, base = counted if isinstance(counted, tuple) else (counted, None)
        found[name] = [None if value is None else str(value), base]
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
