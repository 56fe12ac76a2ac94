"""Every address, asked by people whom it does not concern, by nobody, and by pages elsewhere.

Addresses are found by walking the resolver, so that a new one is held to the same.
"""

import datetime as dt
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from canbo.access.authority import operator
from canbo.access.models import Card
from canbo.kernel.database import Database
from canbo.kernel.levels import BORNE, PERSONAL, level
from canbo.kernel.profile import profile
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.requests.models import Request
from canbo.registry.service.models import Incumbency
from canbo.registry.store import fact_kinds
from canbo.reports import collecting
from canbo.reports.book import report
from canbo.reports.freeze import freeze
from canbo.web.generic.views import begun
from tests.security.addresses import Address, Answer, addresses, asked
from tests.signing_in import signed_in

pytestmark = pytest.mark.database

SEED, FULL = os.environ.get("CANBO_TEST_SEED", "0"), bool(os.environ.get("CANBO_TEST_FULL"))
HERE, ELSEWHERE = "dien-bien", "lam-dong"
NAME = "Quàng Thị Kẻbịhại"
"""How the victim is called: nobody else has this name."""
TYPED = "quang thi kebihai"
SYMBOL = "victim/1"
DAY = dt.date(2023, 12, 31)
WITHOUT = {"account_login", "enter", "enter-code", "health", "mfa_authenticate", "mfa_login_webauthn",
           "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"}  # fmt: skip
"""What answers people who are not signed in: signing in, and that the server lives."""
NEVER = {"person": "dien-bien.nobody.has.this", "fact": "987654321987"}
"""What never was, in the shape of what is."""


@dataclass(frozen=True)
class Victim:
    """Somebody of a province, with everything that the register holds of them."""

    person: str
    unit: str
    facts: dict[str, str]
    """Each kind of fact about the victim, with the key of one."""
    things: tuple[str, ...]
    """Every code and key by which anything of the province may be asked for."""

    @property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What arguments choose among; those that are not here name a thing."""
        return {
            "list.name": tuple(name for name in sorted(SCREENS) if begun(name)),
            "export.name": tuple(name for name in sorted(SCREENS) if begun(name)),
            "import.name": tuple(name for name in sorted(SCREENS) if begun(name)),
            "template.name": tuple(name for name in sorted(SCREENS) if begun(name)),
            "figure.name": ("members", "members.admitted"),
            "kind": (*self.facts, "person", "unit", "post", "document"),
            "book": ("term",),
            "indicator": ("members",),
            "export.form": ("csv", "xlsx", "exchange.xlsx", "exchange.json"),
            "form": ("xlsx", "html", "json"),
            "language": ("en",),
            "provider_id": ("sso",),
        }


def first(vocabulary: str) -> str:
    return next(iter(profile().vocabulary(vocabulary)))


@pytest.fixture(scope="module")
def victim(small_sample: Database, django_db_blocker) -> Victim:
    with django_db_blocker.unblock():
        unit = Membership.objects.filter(unit__code__startswith=HERE, valid__upper_inf=True).order_by("fact")
        unit = unit.values_list("unit__code", flat=True)[0]
        on, who, post = "2026-01-05", {"person": f"{HERE}.victim"}, f"{HERE}.victim.post"
        at = {**who, "unit": unit, "on": on}
        acts = [
            ("person.register", {"on": on, "code": who["person"], "unit": unit, "name": NAME, "born": "1971-02-03"}),
            ("membership.admit", {**at, "stage": first("membership_stage")}),
            ("post.create", {"on": on, "code": post, "unit": unit, "title": first("post_title")}),
            ("service.appoint", {**who, "on": on, "post": post}),
            ("service.employ", {**at, "group": first("employment_group")}),
            ("service.nominate", at),
            ("standing.complete-training", {**at, "level": first("training_level")}),
            ("standing.record-confidence", {**at, "collected": 9, "high": 1, "middle": 1, "low": 7}),
            ("standing.classify", {**at, "year": 2025, "grade": first("grade")}),
            ("planning.enter", {**at, "post": post, "level": first("level"), "term": "2025-2030"}),
        ]
        apply(by=operator(), decided_by=Paper(symbol=SYMBOL, signed_on=on), acts=acts)
        facts = {}
        for model in fact_kinds():
            written = model.objects.filter(asserted_by__decision__code=SYMBOL).values_list("fact", flat=True)
            if written and level(model) in (PERSONAL, BORNE):
                facts[model._meta.model_name] = str(written[0])
        assert len(facts) >= 9
        kept = freeze(report("year", HERE, DAY), by=operator(), explained={})
        to = collecting.ask_units(by=operator(), unit=HERE, book="year", on=DAY, due=DAY, units=[f"{HERE}.tuan-giao"])
        person = Person.objects.get(code=who["person"])
        wish = Request.objects.using("owner").create(person_id=person.pk, words=f"Please spell {NAME}.")
        keys = (str(kept.pk), str(to.pk), str(wish.pk))
        things = (who["person"], post, unit, HERE, SYMBOL, *facts.values(), *keys)
        return Victim(who["person"], unit, facts, things)


def keeper(province: str) -> str:
    """Who keeps the files of a province."""
    held = Mandate.objects.filter(unit__code=f"{province}.party", role="organiser", valid__upper_inf=True)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


@pytest.fixture
def stranger(victim: Victim) -> str:
    """Somebody of the same province whose post gives no role."""
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith=HERE)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


def english(person: str = "", **more: bool) -> Client:
    client = signed_in(Client(**more), person)
    client.cookies["django_language"] = "en"
    return client


def ways(victim: Victim) -> Iterator[tuple[Address, dict[str, str], str]]:
    """Every address with everything of the victim in each of its holes, alone and narrowed to the victim."""
    narrowed = {"unit": victim.unit, "q": TYPED, "file": victim.person}
    for address in addresses():
        for values in address.each(victim.choices, victim.things):
            if (
                "kind" not in values
                or values["kind"] in ("person", "unit", "post", "document")
                or (victim.facts[values["kind"]] in values.values())
            ):
                yield address, values, address.filled(values)
                yield address, values, address.filled(values, **narrowed)


def sliced(victim: Victim, seed: str, each: int) -> list[tuple[Address, str]]:
    """Some ways to ask for each address, other ones with each commit; all of them with `--full`."""
    found: dict[str, list[tuple[Address, str]]] = {address.name: [] for address in addresses()}
    for address, _, at in ways(victim):
        found[address.name].append((address, at))
    assert all(found.values()), "every address is asked"
    chance = random.Random(f"{SEED} {seed}")
    return [one for some in found.values() for one in (some if FULL else chance.sample(some, min(each, len(some))))]


def people_of(province: str) -> set[str]:
    """Who is known in the province and nowhere else."""
    cards = Card.objects.using("owner")
    there = cards.filter(unit__code__startswith=province).values("person")
    elsewhere = cards.exclude(unit__code__startswith=province).values("person")
    found = Person.objects.using("owner").filter(pk__in=there).exclude(pk__in=elsewhere)
    return set(found.values_list("code", flat=True))


LINKED = re.compile(r'href="/person/([^"?#]+)')


def leaks(answer: Answer, hidden: set[str]) -> list[str]:
    """What an answer gives away of people whom its reader may not see."""
    said = [f"links to {code}" for code in set(map(unescape, LINKED.findall(answer.text))) & hidden]
    if NAME in unescape(answer.text):
        said.append("names the victim")
    if answer.status not in (200, 302, 400, 403, 404, 405, 409):
        said.append(f"answers {answer.status}")
    return said


@pytest.mark.parametrize("who", ["stranger", "officer of elsewhere"])
def test_nobody_reads_at_any_address_what_does_not_concern_them(victim, stranger, who: str):
    person = stranger if who == "stranger" else keeper(ELSEWHERE)
    client, hidden = english(person), people_of(HERE) - {person}
    assert len(hidden) > 500
    some = sliced(victim, who, 2 if who == "stranger" else 1)
    assert {at: said for _, at in some if (said := leaks(asked(client, at), hidden))} == {}


def test_who_keeps_the_files_of_the_province_meets_the_victim_at_the_same_addresses(victim):
    """Or the sweep would ask for nothing."""
    client = english(keeper(HERE))
    wanted = {"person", "record", "why", "list", "export", "search"}
    meant = {"code": victim.person, "name": "members", "kind": "membership", "fact": victim.facts["membership"]}
    met = set()
    for address, values, at in ways(victim):
        fits = all(values[hole] == meant[hole] for hole in values.keys() & meant.keys())
        if address.name in wanted - met and fits and NAME in unescape(asked(client, at).text):
            met.add(address.name)
    assert met == wanted


def same(answer: Answer, thing: str, other: Answer, never: str) -> bool:
    """Do two answers differ by nothing but what was asked for?"""

    def bare(one: Answer, said: str) -> tuple[int, str]:
        text = unescape(one.text)
        for form in (quote(said, safe=""), quote(said), said):
            text = text.replace(form, "…")
        return one.status, text

    return bare(answer, thing) == bare(other, never)


def test_what_somebody_may_not_read_answers_like_what_never_was(victim, stranger):
    for person in (stranger, keeper(ELSEWHERE)) if FULL else (stranger,):
        client = english(person)
        asked_for = [(name, victim.person, NEVER["person"], {"code": victim.person}) for name in ("person",)]
        asked_for += [("why", victim.person, NEVER["person"], {"kind": "person", "key": victim.person})]
        for kind, fact in victim.facts.items():
            asked_for += [("record", fact, NEVER["fact"], {"kind": kind, "fact": fact})]
            asked_for += [("why", fact, NEVER["fact"], {"kind": kind, "key": fact})]
        keys = victim.things[-3:]
        asked_for += [("frozen-report", keys[0], NEVER["fact"], {"key": keys[0]})]
        asked_for += [("frozen-file", keys[0], NEVER["fact"], {"key": keys[0], "form": "html", "language": "en"})]
        asked_for += [("collection", keys[1], NEVER["fact"], {"key": keys[1]})]
        routes = {address.name: address for address in addresses()}
        asked_for += [("request", keys[2], NEVER["fact"], {"key": keys[2]})]
        for name, thing, never, values in asked_for:
            there = asked(client, routes[name].filled(values))
            absent = asked(client, routes[name].filled({k: never if v == thing else v for k, v in values.items()}))
            assert there.status == 404, there.address
            assert same(there, thing, absent, never), there.address


def test_whoever_is_not_signed_in_is_asked_to_at_every_address_but_those_of_signing_in(victim):
    client, answering = Client(), set()
    for address, at in sliced(victim, "nobody", 1):
        answer = asked(client, at)
        assert NAME not in unescape(answer.text)
        if answer.status != 302 or not answer.headers["Location"].startswith("/account/sign-in"):
            answering.add(address.name)
    assert answering <= WITHOUT


def one_way(victim: Victim) -> Iterator[tuple[Address, str]]:
    """Every address once, filled with what is there."""
    seen = set()
    for address, values, at in ways(victim):
        fits = victim.things[0] if address.name == "person" else values.get("unit", HERE)
        if address.name not in seen and fits in (HERE, victim.person):
            seen.add(address.name)
            yield address, at


@pytest.fixture(scope="module")
def answers(victim: Victim, django_db_blocker) -> list[Answer]:
    """What whoever keeps the files is told at each address."""
    with django_db_blocker.unblock():
        client = english(keeper(HERE))
        return [asked(client, at) for at in (*(at for _, at in one_way(victim)), "/no/such/page")]


def test_no_form_is_taken_at_any_address_unless_a_page_of_ours_gave_it(victim):
    client = english(keeper(HERE), enforce_csrf_checks=True)
    client.get("/account/sign-out")
    token = client.cookies["csrftoken"].value
    for address, at in one_way(victim):
        assert not getattr(address.view, "csrf_exempt", False), address.name
        for said, headers in (
            ({"text": "x"}, {}),
            ({"csrfmiddlewaretoken": token}, {"Origin": "https://evil.example"}),
        ):
            answer = asked(client, at, "post", data=said, headers=headers)
            assert answer.status == 403, (at, headers)
            assert token not in answer.text
    assert client.get("/").status_code == 200, "nor was anybody signed out"


def test_every_answer_carries_the_policy_is_framed_by_nobody_and_stands_in_no_cache(answers, settings):
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = {f"{name} {' '.join(sources)}" for name, sources in rules.items()}
    assert "default-src 'none'" in policy
    assert not {source for sources in rules.values() for source in sources} & {"'unsafe-inline'", "'unsafe-eval'", "*"}
    others = [asked(Client(), at) for at in ("/", "/no/such/page", "/account/sign-in", "/enter", "/health")]
    assert {answer.status for answer in (*answers, *others)} >= {200, 302, 404}
    for answer in (*answers, *others):
        headers = answer.headers
        assert set(headers["Content-Security-Policy"].split("; ")) == policy, answer.address
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers
        if answer.status != 302:
            assert "no-store" in headers["Cache-Control"], answer.address


def test_every_page_leads_to_signing_out(answers: list[Answer]):
    pages = [one for one in answers if one.status == 200 and 'id="main"' in one.text]
    assert len(pages) > 15
    assert [page.address for page in pages if 'href="/account/sign-out"' not in page.text] == []
