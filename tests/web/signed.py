"""What somebody signed off and asked for in a sample, so that the pages of it have something to show."""

import datetime as dt
import json

from canbo.access.authority import operator
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.requests.models import Request
from canbo.reports import collecting, merging
from canbo.reports.book import report
from canbo.reports.freeze import FrozenFigure, FrozenReport, freeze
from canbo.reports.text import as_json

DAY, DUE = dt.date(2023, 12, 31), dt.date(2024, 1, 31)
WORDS = "A fiftieth of the people is here."
RETURNED = "The last quarter is missing."


def sign_off() -> FrozenReport:
    """A report that holds, one with gaps that are explained, and something learnt of the first one later."""
    kept = freeze(report("year", "dien-bien", DAY), by=operator(), explained={})
    other = report("term", "ninh-thuan", dt.date(2025, 1, 2))
    freeze(other, by=operator(), explained=dict.fromkeys(other.gaps(), WORDS))
    return kept


def correct(kept: FrozenReport) -> None:
    """One of the members who were admitted in the year of the report was admitted the year before."""
    version = FrozenFigure.objects.get(report=kept, figure="members.admitted").versions[0]
    terms = {"on": DAY, "fact": Membership.objects.get(pk=version).fact, "since": DAY.replace(year=DAY.year - 1)}
    paper = Paper(symbol=f"{kept.pk}/correction", signed_on=DAY)
    apply(
        by=operator(),
        decided_by=paper,
        acts=[("membership.correct", {**terms, "reason": "it was entered wrongly"})],
    )


def collect() -> int:
    """A collection with answers that are asked for, returned with words, and merged from both origins."""
    districts = [f"dien-bien.{name}" for name in ("dien-bien-phu", "muong-lay", "tuan-giao", "tua-chua")]
    to = collecting.ask_units(by=operator(), unit="dien-bien", book="year", on=DAY, due=DUE, units=districts)
    counted, entered, returned, _ = districts
    collecting.submit_counted(by=operator(), to=to, unit=counted, explained={})
    told = json.loads(json.dumps(as_json(report("year", entered, DAY), "en")))
    collecting.submit_entered(by=operator(), to=to, unit=entered, told=told, words="From our own books.")
    collecting.submit_counted(by=operator(), to=to, unit=returned, explained={})
    collecting.send_back(by=operator(), to=to, unit=returned, words=RETURNED)
    for unit in (counted, entered):
        collecting.accept(by=operator(), to=to, unit=unit)
    merging.merge(by=operator(), of=to)
    return to.pk


def request() -> int:
    """Somebody asks to have something put right."""
    person = Person.objects.order_by("pk").first()
    return Request.objects.using("owner").create(person_id=person.pk, words="I was born in another year.").pk


def prepare() -> None:
    """All of it."""
    correct(sign_off())
    collect()
    request()
