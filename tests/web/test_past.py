"""A page of the past shows nothing of the present: whatever is decided later, it stays the same to the letter."""

import re

import pytest
from django.test import Client

from canbo.access.authority import operator
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation

pytestmark = pytest.mark.database

PAGES = (
    "/",
    "/search?q=moi",
    "/list/persons?q=moi",
    "/list/members?unit=dien-bien",
    "/list/members/export.csv?unit=dien-bien",
    "/list/organisations?unit=dien-bien",
    "/list/incumbencies",
    "/list/decisions",
    "/list/plan-entries?unit=dien-bien",
)


def read(client: Client, dates: str) -> list[str]:
    pages = [client.get(f"{page}{'&' if '?' in page else '?'}{dates}") for page in PAGES]
    texts = [(b"".join(page.streaming_content) if page.streaming else page.content).decode() for page in pages]
    for page in pages:
        page.close()
    return [re.sub(r"Audit log at: .*", "", re.sub(r"\s+", " ", text)) for text in texts]  # that goes on, as it should


@pytest.fixture
def decided(visitor: Client):
    """Afterwards much changes: people get other names, leave and join, and an organisation is called otherwise."""

    def decide() -> None:
        rows = Membership.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).order_by("pk")
        people = list(rows.filter(unit__code__startswith="dien-bien").values_list("person__code", "unit__code")[:40])
        bodies = Organisation.objects.filter(recorded__upper_inf=True, valid__upper_inf=True, kind="cell").order_by(
            "pk"
        )
        acts = [("person.rename", {"on": "2026-02-01", "person": p, "name": "Tên Mới Moi"}) for p, _ in people[:20]]
        acts += [("membership.leave", {"on": "2026-02-01", "person": p, "ending": "left"}) for p, _ in people[20:]]
        body = bodies.values_list("unit__code", flat=True)[0]
        acts += [("organisation.change", {"on": "2026-02-01", "unit": body, "kind": "cell", "name": "Chi bộ Mới Moi"})]
        apply(by=operator(), decided_by=Paper(symbol="99-QĐ/X", signed_on="2026-02-01"), acts=acts)

    return decide


def test_what_is_decided_later_changes_no_page_of_before(visitor: Client, decided):
    known = Decision.objects.order_by("-applied_at").first().applied_at
    frozen = f"on=2026-03-01&known={known.isoformat().replace('+', '%2B')}"
    past, long_ago, present = read(visitor, frozen), read(visitor, "on=2024-05-01&known=2024-06-01"), read(visitor, "")
    decided()
    assert read(visitor, frozen) == past
    assert read(visitor, "on=2024-05-01&known=2024-06-01") == long_ago
    changed = [page for page, old, new in zip(PAGES, present, read(visitor, ""), strict=True) if old != new]
    assert set(PAGES[:6]) | {"/list/decisions"} <= set(changed)


def test_who_has_no_name_on_the_day_is_listed_last_by_code(visitor: Client):
    before = Person.objects.count()
    acts = [
        ("person.register", {"on": "2026-05-01", "code": f"late-{n}", "unit": "dien-bien", "name": "An An"})
        for n in "12"
    ] + [
        ("membership.admit", {"on": "2026-04-01", "person": f"late-{n}", "unit": _cell(), "stage": "official"})
        for n in "12"
    ]
    apply(by=operator(), decided_by=Paper(symbol="98-QĐ/X", signed_on="2026-05-01"), acts=acts)
    assert Person.objects.count() == before + 2
    text = visitor.get("/list/members?on=2026-04-15").content.decode()
    last = int(re.search(r"Page 1 of (\d+)", text)[1])
    assert "late-1" not in text
    assert [
        code
        for code in ("late-1", "late-2")
        if code in visitor.get(f"/list/members?on=2026-04-15&page={last}").content.decode()
    ]


def _cell() -> str:
    rows = Organisation.objects.filter(recorded__upper_inf=True, valid__upper_inf=True, kind="cell")
    return rows.filter(unit__code__startswith="dien-bien").order_by("pk").values_list("unit__code", flat=True)[0]
