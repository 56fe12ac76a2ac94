"""Two records of one person become one and come apart again; nothing is lost, and nobody does it beyond their reach."""

import datetime as dt
import os
import random
from collections.abc import Iterator

import pytest
from django.db import connections, transaction

from canbo.access import keys
from canbo.access.authority import operator
from canbo.access.identity import assume
from canbo.kernel.database import Database
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.annul import annul
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper
from canbo.registry.membership.models import Membership
from canbo.registry.merging.models import Alias
from canbo.registry.merging.queries import acts, both, clashes, records
from canbo.registry.people.models import Particulars
from canbo.registry.requests.queries import asked, keeper
from canbo.registry.service.models import Employment
from canbo.registry.standing.models import Training
from canbo.registry.store import number_now
from canbo.reports.answer import answer
from canbo.reports.question import ask, latest_known
from tests.access.identities import soon
from tests.quality.twins import DAY, FORMER, KEPT, code_of, current, decide, merge, naming, places, register, twins
from tests.signing_in import account_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("everything")]

REFUSED = [
    ({"former": KEPT}, "one_number"),
    ({"reason": ""}, "merged_without_reason"),
    ({"aside": ("membership 1",)}, "not_theirs"),
    ({"former": "nobody"}, "unknown_code"),
]
if not os.environ.get("CANBO_TEST_FULL"):  # else one of them: another with each seed
    REFUSED = [random.Random(os.environ.get("CANBO_TEST_SEED", "0")).choice(REFUSED)]
ROLES = {"t.officer": ("organiser", "over"), "t.head": ("organiser", "top"), "t.employer": ("employer", "top")}


@pytest.fixture(scope="module")
def made(small_sample: Database) -> dict[str, str]:
    """The two, and officers."""
    where = places()
    decide("1", *twins(where))
    decide(
        "2", *(register(code, where["one"], name=f"Người {n}", born=f"197{n}-01-01") for n, code in enumerate(ROLES))
    )
    given = {code: {"role": role, "unit": where[unit]} for code, (role, unit) in ROLES.items()}
    decide("4", *(register(code, where["one"], name="Mùa A Chu", born="1960-02-02") for code in ("t.signed", "t.asks")))
    with connections["owner"].cursor() as cursor:
        said = (
            "INSERT INTO canbo.registry_request (person_id, kind, words) SELECT id, '', 'x' FROM canbo.registry_person"
        )
        cursor.execute(f"{said} WHERE code = 't.asks'")
    decide("3", *(("mandate.give", {"on": "2020-01-01", "person": code} | said) for code, said in given.items()))
    return where


@pytest.fixture
def where(made: dict[str, str], everything: None) -> Iterator[dict[str, str]]:
    """Each test merges them anew."""
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


def key(code: str) -> int:
    return Person.objects.get(code=code).pk


def fact(model: type, code: str) -> int:
    """The one fact of a kind that names somebody now."""
    return model.objects.get(person__code=code, recorded__upper_inf=True).fact


def aside() -> tuple[str, ...]:
    """The particulars of the number that is to lead elsewhere."""
    return (f"particulars {fact(Particulars, FORMER)}",)


def undo(symbol: str) -> None:
    paper = Paper(symbol=f"undo {symbol}", signed_on=DAY, reason="they are two")
    annul(by=operator(), decided_by=paper, decision=code_of(symbol))


def seen_as(code: str) -> None:
    """From here on the transaction is of somebody else."""
    assume(keys.issue(person=key(code), until=soon()).hex(), local=True)


def counted(name: str, unit: str, known: dt.datetime | None = None) -> int:
    """A figure of all that lies beneath a unit, as known then."""
    return answer(name, ask(unit, DAY, known=known))["value"]


def admitted(person: str, unit: str, on: str) -> tuple[str, dict[str, str]]:
    return ("membership.admit", {"on": on, "person": person, "unit": unit, "stage": "official"})


def test_all_that_is_on_file_under_either_number_is_found_under_the_one_that_was_kept(where: dict[str, str]):
    theirs = naming(FORMER)
    assert len(theirs) == 4
    done = merge("m", aside=aside())
    assert naming(FORMER) == {("alias", Alias.objects.get().fact)}
    left = theirs - {("particulars", int(aside_of(done)))}
    assert naming(KEPT) >= left
    assert number_now(key(FORMER)) == key(KEPT)


def aside_of(done) -> str:
    (row,) = [v for v in done.effects if v.aside]
    return str(row.fact)


def test_an_annulled_merge_leaves_every_table_as_it_was(where: dict[str, str]):
    before = current()
    merge("m", aside=aside())
    assert {table for table, rows in current().items() if rows != before[table]} == {
        "registry_alias", "registry_particulars", "registry_employment", "registry_training", "registry_planentry"
    }  # fmt: skip
    undo("m")
    assert current() == before
    assert number_now(key(FORMER)) == key(FORMER)


def test_nothing_is_deleted_and_what_was_known_before_is_known_as_it_was(where: dict[str, str]):
    old = {m: set(m.objects.values_list("pk", flat=True)) for m in (Particulars, Employment, Membership)}
    done = merge("m", aside=aside())
    for model, rows in old.items():
        assert rows <= set(model.objects.values_list("pk", flat=True))
    then = done.known - dt.timedelta(microseconds=1)
    assert Particulars.objects.asof(DAY, then).filter(person__code=FORMER).count() == 1
    assert Employment.objects.asof(DAY, then).filter(person__code=FORMER).count() == 1
    assert Employment.objects.asof(DAY, done.known).filter(person__code=KEPT).count() == 1


def test_figures_count_one_person_from_the_instant_at_which_the_register_knows_it(where: dict[str, str]):
    decide("a", admitted(FORMER, where["other"], "2018-02-01"))
    before, then = counted("members", where["top"]), latest_known()
    ended = (
        "membership.correct",
        {"on": DAY, "fact": fact(Membership, KEPT), "until": "2018-01-31", "reason": "moved"},
    )
    merge("m", ended, aside=aside())
    assert counted("members", where["top"]) == before - 1
    assert counted("members", where["top"], then) == before
    stays = Membership.objects.filter(person__code=KEPT, recorded__upper_inf=True).order_by("valid")
    assert [(one.unit.code, one.valid.upper) for one in stays] == [
        (where["one"], dt.date(2018, 2, 1)), (where["other"], None)
    ]  # fmt: skip
    undo("m")
    assert counted("members", where["top"]) == before


def test_what_cannot_be_so_at_once_is_refused_with_both_records_and_decided_by_the_officer(where: dict[str, str]):
    decide("a", admitted(FORMER, where["other"], "2018-02-01"))
    pairs = {kind: (fact(kind, KEPT), fact(kind, FORMER)) for kind in (Particulars, Membership)}
    before = current()
    with pytest.raises(Refused) as refused, transaction.atomic():
        merge("m")
    assert refused.value.code == "contradict"
    for kind, (one, other) in pairs.items():
        assert f"{kind._meta.model_name} {one} – {kind._meta.model_name} {other}" in refused.value.sentence
    assert current() == before
    merge("m", aside=(*aside(), f"membership {pairs[Membership][0]}"))
    assert Membership.objects.get(person__code=KEPT, recorded__upper_inf=True).fact == pairs[Membership][1]
    undo("m")
    assert current() == before


def test_one_person_twice_in_one_post_is_refused_too(where: dict[str, str]):
    decide("a", ("service.appoint", {"on": "2020-01-01", "person": FORMER, "post": "t.post", "acting": True}))
    with pytest.raises(Refused, match="cannot be so at once"):
        merge("m", aside=aside())


@pytest.mark.parametrize(("said", "code"), REFUSED)
def test_what_no_merge_can_be_is_refused_in_words(where: dict[str, str], said: dict[str, object], code: str):
    before = current()
    with pytest.raises((Refused, Mistake)) as refused, transaction.atomic():
        merge("m", **{"aside": aside()} | said)
    assert refused.value.code == code
    assert current() == before


def test_acts_that_name_the_old_number_are_of_the_person(where: dict[str, str]):
    merge("m", aside=aside())
    decide("a", ("service.release", {"on": "2026-02-01", "person": FORMER}))
    assert Employment.objects.get(person__code=KEPT, recorded__upper_inf=True).valid.upper == dt.date(2026, 2, 1)
    with pytest.raises(Refused, match="is a member since"):
        decide("b", admitted(FORMER, where["other"], "2020-01-01"))
    with pytest.raises(Refused, match="already names a person"):
        decide("c", register(FORMER, where["one"]))
    with pytest.raises(Refused, match="later decisions rest on the same fact"):
        undo("m")


def test_who_was_merged_is_merged_again_and_both_old_numbers_lead_there(where: dict[str, str]):
    decide("a", register("t.third", where["one"], on="2010-01-01"))
    merge("m", aside=aside())
    between = current()
    gone = (f"particulars {fact(Particulars, KEPT)}",)
    merge("n", person="t.third", former=KEPT, aside=gone)
    assert {number_now(key(code)) for code in (KEPT, FORMER)} == {key("t.third")}
    assert naming(KEPT) == {("alias", Alias.objects.get(former__code=KEPT, recorded__upper_inf=True).fact)}
    with pytest.raises(Refused, match="later decisions rest on the same fact"), transaction.atomic():
        undo("m")
    undo("n")
    assert current() == between
    assert {number_now(key(code)) for code in (KEPT, FORMER)} == {key(KEPT)}


def test_two_who_were_told_apart_are_kept_apart_in_both_records_until_they_are_merged_after_all(where: dict[str, str]):
    before = current()
    decide("a", ("person.distinguish", {"on": DAY, "person": KEPT, "other": FORMER, "reason": "two villages"}))
    apart = current()["registry_namesake"]
    assert apart[0] - before["registry_namesake"][0] == 2
    merge("m", aside=aside())
    assert current()["registry_namesake"] == before["registry_namesake"]
    undo("m")
    assert current()["registry_namesake"] == apart


def test_only_who_reaches_all_of_both_merges_them(where: dict[str, str]):
    decide(
        "a",
        ("service.employ", {"on": "2014-01-01", "person": "t.asks", "unit": where["office"], "group": where["group"]}),
    )
    put, near = aside(), (f"particulars {fact(Particulars, 't.asks')}",)
    seen_as("t.officer")  # organises where the kept one is, not where the other's file is, nor sees the payroll
    with pytest.raises(Refused, match="your roles do not go as far as") as refused, transaction.atomic():
        merge("m", aside=put)
    assert where["other"] in refused.value.sentence
    with pytest.raises(Refused, match=r"more of t\.asks is on file than you may see"), transaction.atomic():
        merge("n", former="t.asks", aside=near)
    seen_as("t.head")
    merge("m", aside=put)
    assert number_now(key(FORMER)) == key(KEPT)


def test_who_may_not_correct_a_kind_of_record_sets_none_of_it_aside(where: dict[str, str]):
    decide("a", admitted(FORMER, where["other"], "2018-02-01"))
    put = (*aside(), f"membership {fact(Membership, FORMER)}")
    seen_as("t.employer")
    with pytest.raises(Refused, match=r"membership\.correct") as refused, transaction.atomic():
        merge("m", aside=put)
    assert refused.value.code == "beyond_reach"


def test_the_number_by_which_somebody_signs_in_is_kept(where: dict[str, str]):
    account_of("t.signed")
    decide("a", ("person.keep-file", {"on": "2020-01-01", "person": "t.signed", "unit": where["one"]}))
    gone = tuple(
        f"particulars {one}"
        for one in Particulars.objects.filter(person__code="t.signed", recorded__upper_inf=True).values_list(
            "fact", flat=True
        )
    )
    with pytest.raises(Refused, match="somebody signs in as t") as refused, transaction.atomic():
        merge("m", former="t.signed", aside=gone)
    assert refused.value.code == "signs_in"
    kept = Particulars.objects.get(person__code=KEPT, recorded__upper_inf=True).fact
    merge("m", person="t.signed", former=KEPT, aside=(f"particulars {kept}",))
    assert number_now(key(KEPT)) == key("t.signed")


def test_a_merge_and_its_annulment_stand_in_the_log(where: dict[str, str]):
    done = merge("m", aside=aside())
    undo("m")
    rows = Audit.objects.filter(kind__in=("decision", "annulment")).order_by("-pk")[:2]
    assert [(row.kind, row.count) for row in rows] == [("annulment", 1), ("decision", done.acts)]


def test_what_was_asked_under_the_old_number_is_answered_under_the_one_that_was_kept(where: dict[str, str]):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM canbo.registry_request WHERE person_id = %s", [key("t.asks")])
        (number,) = cursor.fetchone()
    answered = {"on": DAY, "person": "t.asks", "unit": where["one"], "request": number}
    decide("a", ("request.receive", answered))
    gone = (f"particulars {fact(Particulars, 't.asks')}",)
    merge("m", former="t.asks", aside=gone)
    (one,) = asked(key(KEPT))
    assert (one.request.pk, one.state) == (number, "received")
    seen_as("t.officer")
    assert [one.request.pk for one in asked(key(KEPT))] == [number]
    refused = answered | {"person": KEPT, "unit": keeper(one.request.person_id), "words": "so", "article": "5"}
    decide("b", ("request.refuse", refused))
    (one,) = asked(key(KEPT))
    assert one.state == "refused"


def test_the_usual_decision_loses_nothing_of_who_somebody_was(where: dict[str, str]):
    kept, former = both(KEPT, FORMER, latest_known())
    plan = acts((kept, former), latest_known(), DAY, "one birth certificate", {}, ["name"])
    assert [name for name, _ in plan] == ["particulars.correct", "particulars.correct", "person.merge"]
    decide("m", *plan)
    stretches = Particulars.objects.filter(person=kept, recorded__upper_inf=True).order_by("valid")
    assert [(one.name, one.valid.lower, one.valid.upper) for one in stretches] == [
        ("Giàng A Sinh", dt.date(2012, 1, 1), dt.date(2015, 1, 1)),
        ("Giàng A Sinh", dt.date(2015, 1, 1), None),
    ]
    assert plan[-1][1]["aside"] == ()


def test_of_what_can_be_only_once_nothing_is_decided_for_the_officer(where: dict[str, str]):
    decide("a", admitted(FORMER, where["other"], "2018-02-01"))
    people = both(KEPT, FORMER, latest_known())
    with pytest.raises(Refused, match="say which of these goes on: membership") as refused:
        acts(people, latest_known(), DAY, "so", {}, [])
    (asked_for,) = refused.value.facts["keys"]
    for way, ended in (("kept", None), ("former", None), ("after", dt.date(2018, 2, 1))):
        with transaction.atomic():
            decide("m", *acts(people, latest_known(), DAY, "so", {asked_for: way}, []))
            stays = Membership.objects.filter(person=people[0], recorded__upper_inf=True).order_by("valid")
            units = {"kept": ["one"], "former": ["other"], "after": ["one", "other"]}[way]
            assert [one.unit.code for one in stays] == [where[name] for name in units]
            assert stays[0].valid.upper == ended
            transaction.set_rollback(True)


def test_of_one_that_lasts_longer_no_days_are_lost(where: dict[str, str]):
    left = ("membership.leave", {"on": "2019-02-01", "person": FORMER, "ending": "death"})
    decide("a", admitted(FORMER, where["other"], "2018-02-01"), left)
    people = both(KEPT, FORMER, latest_known())
    found = clashes(*(records(one, latest_known()) for one in people))
    (member,) = (clash for clash in found if clash.kept.model is Membership)
    assert member.ways == ("kept", "former")


def test_what_is_said_twice_goes_on_once(where: dict[str, str]):
    training = {"on": "2017-05-01", "unit": where["other"], "level": "advanced"}
    decide("a", ("standing.complete-training", training | {"person": KEPT}))
    people = both(KEPT, FORMER, latest_known())
    decide("m", *acts(people, latest_known(), DAY, "so", {}, []))
    assert Training.objects.filter(person=people[0], recorded__upper_inf=True).count() == 1
