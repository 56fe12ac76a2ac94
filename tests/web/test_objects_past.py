"""A page of the past shows nothing of the present: whatever is decided later, it stays the same to the byte."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from canbo.access.authority import operator
from canbo.registry.annul import annul
from canbo.registry.documents.models import Link
from canbo.registry.facts import Act, Person, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Placement
from canbo.reports.question import latest_known
from canbo.web import remembering

pytestmark = pytest.mark.database

DAY = dt.date(2024, 5, 1)
DISTRICT, COMMUNE, NEW = "dien-bien.muong-cha", "dien-bien.muong-ang.bung-lao", "dien-bien.2025.bung-lao"


class Cast:
    """The people and things that the later acts change."""

    def __init__(self) -> None:
        current = Incumbency.objects.filter(recorded__upper_inf=True, valid__contains=DAY, valid__upper_inf=True)
        rows = current.filter(post__code__startswith="dien-bien.", valid__startswith__gt=dt.date(2021, 1, 2))
        self.head = rows.select_related("person", "post", "unit").order_by("fact").first()
        self.decision = Act.objects.get(pk=self.head.opened_by_id).decision.code
        lasting = Membership.objects.filter(recorded__upper_inf=True, valid__contains=DAY, valid__upper_inf=True)
        free = lasting.exclude(person__in=Incumbency.objects.values("person"))
        self.members = list(free.filter(unit__code__startswith="dien-bien.").select_related("person", "unit")[:4])
        cells = [member.unit_id for member in self.members]
        placed = Placement.objects.filter(recorded__upper_inf=True, valid__contains=DAY, unit__in=cells)
        self.committee = placed.select_related("parent").order_by("fact").first().parent
        self.file = Particulars.objects.get(person=self.head.person, recorded__upper_inf=True)
        below = Placement.objects.filter(recorded__upper_inf=True, valid__upper_inf=True)
        cells = Organisation.objects.filter(recorded__upper_inf=True, kind="cell", valid__upper_inf=True)
        leaves = below.filter(unit__in=cells.values("unit")).filter(unit__code__startswith="dien-bien.")
        self.cells = [placed.unit for placed in leaves.select_related("unit").order_by("unit__code")[:3]]
        self.directive = Link.objects.select_related("target").order_by("fact").first().target


@pytest.fixture(scope="module")
def cast(_province: object) -> Iterator[Cast]:
    return Cast()


def addresses(cast: Cast) -> list[str]:
    """A page of every kind."""
    head, member = cast.head, cast.members[0]
    found = ["/", *(f"/unit/{code}" for code in ("dien-bien", "dien-bien.party", DISTRICT, COMMUNE, NEW))]
    found += [f"/unit/{code}" for code in (head.unit.code, member.unit.code, cast.cells[0].code)]
    found += [f"/person/{one.person.code}" for one in (head, *cast.members)]
    found += [f"/post/{head.post.code}", f"/document/{cast.directive.code}", f"/decision/{quote(cast.decision)}"]
    found += [f"/record/incumbency/{head.fact}", f"/record/membership/{member.fact}"]
    found += [
        f"/record/particulars/{cast.file.fact}",
        f"/why/incumbency/{head.fact}",
        f"/why/person/{head.person.code}",
    ]
    found += [
        f"/why/unit/{DISTRICT}",
        f"/why/post/{head.post.code}",
        "/report/term/dien-bien",
        "/report/year/dien-bien",
    ]
    found += ["/report/term/dien-bien/members", "/report/term/dien-bien/members.admitted"]
    found += [f"/report/term/dien-bien/members?by={by}" for by in ("sex", "age_group", "stage", "unit")]
    found.append("/report/term/dien-bien/members.admitted?by=unit")
    found.append("/report/term/dien-bien/non_local_heads.party_secretary")
    found.append("/bridge/members/dien-bien?book=term&figure=members&from=2023-01-01&part=1")
    return found


def read(visitor: Client, cast: Cast, known: dt.datetime) -> dict[str, bytes]:
    """The pages of the day as known then, counted anew."""
    remembering.forget()
    dates = urlencode({"on": DAY.isoformat(), "known": known.isoformat()})
    pages = {}
    for address in addresses(cast):
        answer = visitor.get(f"{address}{'&' if '?' in address else '?'}{dates}")
        pages[address] = b"%d " % answer.status_code + answer.content
    return pages


def later(cast: Cast) -> list[tuple[str, dict]]:
    """What is decided afterwards, of days before and after the one of the pages."""
    head, (one, two, three, four) = cast.head, cast.members
    past, future = "2023-06-01", "2025-11-01"
    party, post = "dien-bien.party", head.post.code
    return [
        ("place.rename", {"on": past, "unit": DISTRICT, "name": "Huyện Đổi Tên", "kind": "district"}),
        ("place.rename", {"on": future, "unit": "dien-bien", "name": "Tỉnh Đổi Tên", "kind": "province"}),
        ("service.relieve", {"on": future, "person": head.person.code, "post": post}),
        ("service.appoint", {"on": "2025-11-02", "person": one.person.code, "post": post}),
        ("person.rename", {"on": "2025-11-03", "person": head.person.code, "name": "Người Đổi Tên"}),
        ("particulars.correct", {"on": past, "fact": cast.file.fact, "sex": "female", "reason": "misread"}),
        ("person.keep-file", {"on": future, "person": two.person.code, "unit": party}),
        ("membership.leave", {"on": past, "person": two.person.code, "ending": "death"}),
        ("membership.transfer", {"on": past, "person": three.person.code, "unit": cast.cells[2].code}),
        ("membership.correct", {"on": past, "fact": four.fact, "category": "retired", "reason": "wrong"}),
        ("membership.recategorise", {"on": future, "person": one.person.code, "category": "student"}),
        ("organisation.establish", {"on": past, "code": "dien-bien.party.later", "kind": "grassroots-cell",
                                    "name": "Chi bộ mới", "under": party, "serves": "dien-bien"}),
        ("organisation.merge", {"on": future, "unit": cast.cells[0].code, "into": cast.cells[1].code}),
        ("document.register", {"on": past, "code": "later.1", "issuer": party, "type": "plan", "symbol": "1-KH/TU"}),
        ("document.link", {"on": past, "unit": party, "document": "later.1", "target": cast.directive.code,
                           "relation": "implements"}),
        ("service.move", {"on": past, "person": head.person.code, "unit": party, "nature": "rotation"}),
        ("standing.complete-training", {"on": past, "person": head.person.code, "unit": party, "level": "advanced"}),
        ("planning.enter", {"on": past, "person": one.person.code, "unit": party, "post": post, "level": "district",
                            "term": "2025-2030"}),
        ("unit.place", {"on": past, "unit": cast.committee.code, "parent": "dien-bien.bloc-3"}),
        ("unit.place", {"on": past, "unit": COMMUNE, "parent": "dien-bien.tuan-giao"}),
        ("unit.descend", {"on": past, "unit": DISTRICT, "predecessor": COMMUNE, "whole": False}),
        ("person.register", {"on": past, "code": "later.person", "unit": party, "name": "Người Mới"}),
        ("membership.admit", {"on": past, "person": "later.person", "unit": cast.cells[2].code,
                              "stage": "probationary"}),
    ]  # fmt: skip


def decide(number: int, act: tuple[str, dict]) -> None:
    paper = Paper(code=f"later/{number}", symbol=f"{number}-later", signed_on=dt.date(2026, 1, 10))
    apply(by=operator(), decided_by=paper, acts=[act])


def test_whatever_is_decided_later_a_page_of_the_past_stays_the_same(visitor: Client, cast: Cast):
    known = latest_known()
    before = read(visitor, cast, known)
    assert {page[:4] for page in before.values()} == {b"200 "}
    acts = later(cast)
    assert len(acts) >= 20
    for number, act in enumerate(acts, 1):
        decide(number, act)
    void = Paper(code="later/void", symbol="void", signed_on=dt.date(2026, 1, 11), reason="wrong paper")
    annul(by=operator(), decided_by=void, decision="later/16")
    after = read(visitor, cast, known)
    assert [address for address in before if before[address] != after[address]] == []


def test_the_pages_of_today_show_what_was_decided(visitor: Client, cast: Cast):
    assert "Huyện Đổi Tên" in visitor.get(f"/unit/{DISTRICT}?on=2024-05-01").content.decode()
    assert "Người Đổi Tên" in visitor.get(f"/person/{cast.head.person.code}?on=2025-11-03").content.decode()
    otherwise = visitor.get(f"/person/{cast.members[3].person.code}").content.decode()
    assert "As known earlier: 1 record" in otherwise
    assert Unit.objects.filter(code="dien-bien.party.later").exists()
    assert Person.objects.filter(code="later.person").exists()


def test_a_day_without_an_instant_hides_what_began_after_it(visitor: Client, cast: Cast):
    page = visitor.get(f"/unit/{cast.cells[0].code}?on=2025-10-31").content.decode()
    assert "Went into" not in page
    assert "It ended on" in visitor.get(f"/unit/{cast.cells[0].code}?on=2025-11-01").content.decode()
