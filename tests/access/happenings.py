"""What happens to units, files and reports before anybody is asked what they may see."""

import datetime as dt
import random
from typing import Any

from canbo.access.authority import operator
from canbo.exchange.models import SavedMapping
from canbo.kernel.models import Audit
from canbo.registry.annul import annul
from canbo.registry.facts import Person, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.merging.queries import KEPT, acts, both, clashes, records
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.places.models import Place
from canbo.registry.requests.models import Request
from canbo.registry.requests.queries import keeper
from canbo.reports.collection import STATES, Collection, CollectionMerge, CollectionStep
from canbo.reports.freeze import FrozenFigure, FrozenPaper, FrozenReport
from canbo.reports.question import latest_known

Acts = list[tuple[str, dict[str, Any]]]


def decide(symbol: str, today: dt.date, acts: Acts) -> None:
    """These acts, by one paper."""
    apply(by=operator(), decided_by=Paper(symbol=symbol, signed_on=today), acts=acts)


def happened(chance: random.Random, today: dt.date) -> None:
    """Units merge, one after another, into several, are dissolved, move, serve other places: today, before, later."""
    cells = sorted(
        Organisation.objects.using("owner")
        .filter(recorded__upper_inf=True, valid__contains=today, kind__endswith="cell")
        .values_list("unit__code", flat=True)
    )
    one = chance.sample(cells, 16)
    communes = chance.sample(there("commune-party", today), 6)
    before, later = today - dt.timedelta(days=30), today + dt.timedelta(days=1)
    merges = ((0, 1, today), (2, 3, later), (4, 5, before), (5, 6, today))
    acts: Acts = [("organisation.dissolve", {"unit": one[14], "on": before})]  # before it is moved today
    acts += [("organisation.merge", {"unit": one[a], "into": one[b], "on": on}) for a, b, on in merges]
    acts += [("unit.descend", {"unit": one[b], "predecessor": one[7], "whole": False, "on": today}) for b in (8, 9)]
    acts += [
        ("organisation.dissolve", {"unit": one[at], "on": on}) for at, on in ((7, today), (10, today), (11, later))
    ]
    acts += [("unit.place", {"unit": one[12], "parent": communes[0], "on": today})]
    acts += [("unit.place", {"unit": one[13], "parent": communes[1], "on": later})]
    acts += [("organisation.merge", {"unit": communes[2], "into": communes[3], "on": today})]
    places = chance.sample(there("commune", today, Place), 2)
    acts += [("unit.serve-no-more", {"unit": communes[at], "on": on}) for at, on in ((4, today), (5, later))]
    acts += [("unit.serve", {"unit": communes[4], "place": places[0], "on": today})]
    acts += [("unit.serve", {"unit": communes[5], "place": places[1], "on": later})]
    decide("units", today, acts)
    decide("never", today, [("organisation.merge", {"unit": one[15], "into": one[1], "on": today})])
    annul(by=operator(), decided_by=Paper(symbol="undone", signed_on=today, reason="no"), decision="never")
    files(chance, today, one)
    requests(chance, today)
    merged(today)
    reports(communes[:4], today)


def there(kind: str, today: dt.date, model: Any = Organisation) -> list[str]:
    """The units of a kind that there are today."""
    found = model.objects.using("owner").filter(recorded__upper_inf=True, valid__contains=today, kind=kind)
    return sorted(found.values_list("unit__code", flat=True))


def files(chance: random.Random, today: dt.date, units: list[str]) -> None:
    """People whose file was closed: employed once, elsewhere after that, or in time to come; classified like units."""
    spans = (("2018-02", "2019-03"), ("2019-05", "2020-03"), (f"{today.year + 1}-02", f"{today.year + 2}-03"))
    acts: Acts = []
    for number, unit in enumerate(units):
        who = {"person": f"file.{number}", "unit": unit}
        acts.append(("person.register", {"on": "2015", "code": who["person"], "unit": unit, "name": "Vừ A Xa"}))
        for since, until in chance.sample(spans, number % 4):
            where = {"on": since, "until": until, "unit": chance.choice(units), "group": "civil-servant"}
            acts.append(("service.employ", who | where))
        acts.append(("membership.pay-dues", who | {"on": "2024", "until": "2024"}))
        acts.append(("standing.classify", who | {"on": "2024", "year": 2024, "grade": "good"}))
        acts.append(("standing.classify", {"unit": unit, "on": "2024", "year": 2024, "grade": "good"}))
    decide("files", today, acts)
    kept = Particulars.objects.using("owner").filter(person__code__startswith="file.", recorded__upper_inf=True)
    why = {"on": today, "reason": "closed", "until": "2017"}
    facts = sorted(kept.values_list("fact", flat=True))
    decide("closed", today, [("particulars.correct", why | {"fact": fact}) for fact in facts])


def requests(chance: random.Random, today: dt.date) -> None:
    """People ask to have something put right; to some of them something is replied."""
    people = sorted(Person.objects.using("owner").values_list("code", flat=True))
    acts: Acts = []
    for who in (*chance.sample(people, 40), "file.0", "file.1"):
        person = Person.objects.using("owner").get(code=who)
        asked = Request.objects.using("owner").create(person=person, words="It was another year.")
        told = {"on": today, "person": who, "unit": keeper(person.pk), "request": asked.pk}
        acts += [("request.receive", told)] if chance.random() < 0.5 else []
    decide("requests", today, acts)


def merged(today: dt.date) -> None:
    """Of two records, one of whom asked for something, one is left; two who look alike are told apart."""
    kept, former = both("file.3", "file.0", latest_known())
    found = clashes(*(records(one, latest_known()) for one in (kept, former)))
    plan = acts((kept, former), latest_known(), today, "one card", {clash.key: KEPT for clash in found}, [])
    apart = {"on": today, "person": "file.4", "other": "file.5", "reason": "two cards"}
    decide("merged", today, [*plan, ("person.distinguish", apart)])


def reports(units: list[str], today: dt.date) -> None:
    """Something frozen, something collected and a mapping that is kept, in some units."""
    now = dt.datetime.now(dt.UTC)
    row = {"audit": Audit.objects.using("owner").create(at=now, kind="freeze", actor="a", what="b")}
    for unit in Unit.objects.using("owner").filter(code__in=units):
        of = {"unit": unit, "book": "term", "on": today}
        report = FrozenReport.objects.using("owner").create(**of, **row, known=now, definition="", content={})
        FrozenFigure.objects.using("owner").create(report=report, figure="a", versions=[])
        FrozenPaper.objects.using("owner").create(report=report, signed_at=now, **row)
        asked = Collection.objects.using("owner").create(**of, **row, due=today)
        CollectionStep.objects.using("owner").create(collection=asked, unit=unit, number=1, state=STATES[0], **row)
        CollectionMerge.objects.using("owner").create(collection=asked, figures={}, **row)
        SavedMapping.objects.using("owner").create(unit=unit, name="payroll", concept="members", said={}, by="a")
