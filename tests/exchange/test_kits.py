"""Offline kits: handed out, changed elsewhere, merged; what was tampered with is refused, and nothing is written."""

import datetime as dt
import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from canbo.config import secret
from canbo.exchange.kits import taking
from canbo.exchange.kits.declared import kits
from canbo.exchange.kits.statement import Statement, proven
from canbo.exchange.reading.file import read
from canbo.exchange.reading.limits import Limits
from canbo.kernel.database import Database
from canbo.kernel.instants import today
from canbo.kernel.models import Audit
from canbo.kernel.profile import Profile, load, profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from canbo.registry.posts.models import PostRecord
from tests.acceptance.commands import Said, here
from tests.exchange.handing import Handed, Opened, codes, make, typed_in_libreoffice

pytestmark = pytest.mark.database

FULL, CHANCE = bool(os.environ.get("CANBO_TEST_FULL")), random.Random(os.environ.get("CANBO_TEST_SEED", "0"))
UNIT = "dien-bien.dien-bien-phu.party.1"
UNITS = {"small_sample": UNIT, "association": "bamberg"}


@pytest.fixture(scope="module")
def kit(small_sample: Database, tmp_path_factory: pytest.TempPathFactory) -> Handed:
    """A kit that is looked at, and never taken for good."""
    return make(tmp_path_factory.mktemp("kit"), UNIT)


@pytest.fixture
def own(small_sample: Database, tmp_path: Path) -> Handed:
    """A kit of this test alone."""
    return make(tmp_path, UNIT)


def sheet(concept: str) -> str:
    return profile().word(f"screen.{concept}", profile().languages[0])[:31]


def word(vocabulary: str, code: str) -> str:
    return profile().word(f"{vocabulary}.{code}", profile().languages[0])


def now(record: str) -> Membership:
    return Membership.objects.get(fact=record, recorded__upper_inf=True)


def refused(said: Said) -> str:
    """Why nothing at all was taken."""
    assert (said.code in (2, 3), said.out) == (True, ""), said.err
    return said.err.rpartition("[")[2].rstrip("]\n")


def test_a_kit_is_locked_holds_no_macro_and_stands_in_the_log(kit: Handed):
    data, row = kit.file.read_bytes(), Audit.objects.using("owner").get(details__kit=kit.told["kit"])
    assert (data[:4], kit.file.stat().st_mode & 0o777) == (b"\xd0\xcf\x11\xe0", 0o600)
    person = Person.objects.get(pk=row.about[0])
    assert person.code.encode() not in data
    with zipfile.ZipFile(io.BytesIO(kit.plain)) as book:
        assert person.code.encode() in b"".join(book.read(name) for name in book.namelist())
        assert [name for name in book.namelist() if "vba" in name.lower() or "external" in name.lower()] == []
    assert (row.kind, row.count) == ("export", len(row.about))
    assert len(row.about) >= max(kit.told["rows"].values()) > 10
    assert kit.code not in str(row.details)


@pytest.mark.turns
def test_what_was_edited_becomes_acts_and_nothing_else(own: Handed):
    members, persons, found = sheet("members"), sheet("persons"), {}

    def edit(book: Opened) -> None:
        found["since"], found["ended"], *_ = book.records(members)
        found["born"] = book.records(persons)[2]
        book.say(members, found["since"], since="2015-06")
        book.say(members, found["ended"], until="2026-10-31", ending__word=word("membership_ending", "death"))
        book.say(persons, found["born"], born="1961")
        new = {"person": "kit.new", "unit": UNIT}
        book.say(persons, "", name="Lò Thị Mới", sex__word=word("sex", "female"), since="2026-11-01", **new)
        book.say(members, "", stage__word=word("membership_stage", "official"), since="2026-11-02", **new)

    file = own.returned(edit)
    tried, before = own.taken("--preview").json, Decision.objects.count()
    done = own.taken("--decision", "7-QĐ/X")
    numbers = {"created": 2, "changed": 2, "ended": 1, "rejected": [], "warnings": [], "conflicts": []}
    for told, decision in ((tried, ""), (done.json, "7-QĐ/X")):
        assert {name: told[name] for name in numbers} == numbers
        assert (told["unchanged"], told["decision"]) == (told["rows"] - 5, decision)
    assert Decision.objects.count() == before + 1
    assert (now(found["since"]).valid.lower, now(found["since"]).start_precision) == (dt.date(2015, 6, 1), "m")
    assert (now(found["ended"]).valid.upper, now(found["ended"]).ending) == (dt.date(2026, 11, 1), "death")
    assert Particulars.objects.get(fact=found["born"], recorded__upper_inf=True).born == dt.date(1961, 1, 1)
    assert Membership.objects.filter(person__code="kit.new", unit__code=UNIT, recorded__upper_inf=True).count() == 1
    assert (refused(own.taken(file=file)), Decision.objects.count()) == ("kit_taken", before + 1)
    assert here("annul", "7-QĐ/X", "--reason", "taken too early").code == 0
    again = own.taken("--preview", file=file).json
    assert {name: again[name] for name in numbers} == numbers


@pytest.mark.turns
def test_what_both_changed_is_a_conflict_until_one_side_counts(own: Handed):
    members, found = sheet("members"), {}

    def edit(book: Opened) -> None:
        found["both"], found["each"], found["mine"], found["same"] = book.records(members)[5:9]
        for name in ("both", "each", "same"):
            found[name, "at"] = book.say(members, found[name], category__word=word("membership_category", "student"))
        found["too"] = book.say(members, found["both"], since="2011-11-11")

    own.returned(edit)
    ours = {"both": ("category", "enterprise-worker"), "each": ("since", "2009-09-09"), "mine": ("since", "2008-08-08")}
    ours["same"] = ("category", "student")
    acts = []
    for name, (what, said) in ours.items():
        terms = {"fact": found[name], "on": str(now(found[name]).valid.lower), "reason": "x", what: said}
        acts.append(("membership.correct", terms))
    apply(by="sample", decided_by=Paper(symbol="meanwhile", signed_on=dt.date(2026, 11, 1)), acts=acts)
    before = Decision.objects.count()

    said = own.taken()
    assert (said.code, list(codes(said))) == (3, [("conflict", found["both", "at"])])
    (one,) = said.json["conflicts"]
    assert (one["ours"], one["theirs"], one["field"]) == ("enterprise-worker", "student", "category")
    assert all(part in said.json["rejected"][0]["message"] for part in (one["ours"], one["theirs"], one["given"]))
    whom = Person.objects.get(code=one["person"]).pk
    assert Audit.objects.using("owner").get(what=f"conflicts of kit {own.told['kit']}").about == [whom]
    assert (Decision.objects.count(), said.json["decision"]) == (before, "")
    assert own.taken("--good", "--preview").json["changed"] == 1
    assert own.taken("--ours", "--preview").json["changed"] == 2

    done = own.taken("--theirs").json
    assert (done["changed"], done["rejected"], done["unchanged"]) == (2, [], done["rows"] - 2)
    both, each, mine, same = (now(found[name]) for name in ours)
    assert (both.category, both.valid.lower) == ("student", dt.date(2011, 11, 11))
    assert (each.category, each.valid.lower) == ("student", dt.date(2009, 9, 9))
    assert (mine.valid.lower, same.category) == (dt.date(2008, 8, 8), "student")


def test_rows_of_others_are_refused_by_cell(kit: Handed):
    members, found = sheet("members"), {}
    stranger = Membership.objects.filter(recorded__upper_inf=True).exclude(unit__code=UNIT).first()

    def edit(book: Opened) -> None:
        mine, moved, *_ = book.records(members)
        found["moved"] = book.say(members, moved, unit=stranger.unit.code)
        found["key"] = book.say(members, mine, record=str(stranger.fact)).replace("A", "")

    kit.returned(edit)
    said = kit.taken("--preview")
    assert said.code == 3
    assert sorted(codes(said)) == [("beyond_the_kit", found["moved"]), ("not_handed_out", f"A{found['key']}")]


def test_nothing_of_another_unit_is_written_in_whatever_way(kit: Handed):
    """An appointment says its unit by the post alone."""
    incumbencies = sheet("incumbencies")
    elsewhere = PostRecord.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).exclude(unit__code=UNIT)
    post = elsewhere.filter(level="provincial").first().post.code
    person = Membership.objects.filter(unit__code=UNIT, recorded__upper_inf=True).first().person.code
    kit.returned(lambda book: book.say(incumbencies, "", person=person, post=post, since="2026-11-02"))
    assert refused(kit.taken("--preview")) == "beyond_the_kit"


def other_letter(text: str) -> str:
    return text if " " in text else ("B" if text[200] == "A" else "A").join((text[:200], text[201:]))


def without_statement(book: Opened) -> None:
    book.book.remove(book.book["canbo.kit"])


def without_members(book: Opened) -> None:
    book.book.remove(book.book[sheet("members")])


TAMPERED = [
    pytest.param(lambda book: book.statement(other_letter), "changed_statement", id="given"),
    pytest.param(lambda book: book.statement(lambda text: text[:-4] + "AAAA"), "changed_statement", id="cut off"),
    pytest.param(without_statement, "no_kit", id="no statement"),
    pytest.param(without_members, "kit_incomplete", id="no members"),
]


@pytest.mark.parametrize(("change", "code"), TAMPERED if FULL else [CHANCE.choice(TAMPERED)])
def test_a_kit_that_was_tampered_with_is_refused(kit: Handed, change: Callable, code: str):
    kit.returned(change)
    assert refused(kit.taken()) == code


@pytest.mark.turns
def test_a_kit_is_taken_with_its_code_where_it_was_made_and_in_time(kit: Handed, monkeypatch: pytest.MonkeyPatch):
    kit.returned()
    assert kit.taken("--code", kit.code.lower().replace("-", " "), "--preview").code == 0
    assert refused(kit.taken("--code", "ABCDE-FGHJK-LMNPQ-RSTUV")) == "wrong_code"
    last = dt.date.fromisoformat(kit.told["until"])
    monkeypatch.setattr(taking, "today", lambda: last + dt.timedelta(days=1))
    assert refused(kit.taken()) == "kit_expired"
    monkeypatch.setattr(taking, "today", today)
    monkeypatch.setattr(secret, "KITS", b"another installation")
    assert refused(kit.taken()) == "made_elsewhere"


GIVEN = {"members": {"12": {"person": "a", "since": "2021-03"}}}
SAID = Statement("k", "u", "2026-11-01", "2026-11-01T00:00", "me", "2026-12-01", "vi", {"M": "members"}, [], GIVEN)


@pytest.mark.parametrize("field", ["kit", "unit", "known", "until", "sheets", "given"])
def test_nothing_that_a_kit_says_of_itself_can_be_changed(field: str):
    key, cells = b"k" * 32, SAID.cells(b"k" * 32)
    assert proven(cells, key) == SAID
    other = {"given": {"members": {"13": GIVEN["members"]["12"]}}, "sheets": {"M": "persons"}}.get(field, "2027-01-01")
    _, *pieces = Statement(**vars(SAID) | {field: other}).cells(b"another key")
    with pytest.raises(Refused, match="changed since"):
        proven([cells[0], *pieces], key)


@pytest.mark.turns
def test_what_is_locked_ends_in_the_limits_of_the_reader(tmp_path: Path):
    def of(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    packed, out = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        book.writestr("xl/workbook.xml", b"<workbook>" + b" " * (64 << 20))
    OOXMLFile(packed).encrypt("code", out)
    bomb = out.getvalue()
    before, rounds, after = bomb.partition(b'spinCount="100000"')
    slow = before + b'spinCount="9999999"' + after.replace(b"  ", b" ", 1)  # as long as before: offsets hold
    assert (bool(rounds), len(slow)) == (True, len(bomb))
    for file, limits, code in (
        (of("bomb.xlsx", bomb), Limits(unpacked=16 << 20), "too_large_unpacked"),
        (of("slow.xlsx", slow), Limits(seconds=1), "too_slow"),
        (of("half.xlsx", bomb[: len(bomb) // 2]), Limits(), "damaged"),
        (of("open.xlsx", packed.getvalue()), Limits(), "not_locked"),
        (of("kit.csv", b"a,b\n1,2\n"), Limits(), "unknown_format"),
    ):
        with pytest.raises(Refused) as caught:
            list(read(file, code="code", limits=limits))
        assert caught.value.code == code, file.name


def test_a_profile_says_which_kits_there_are():
    for name in ("vietnam-province", "association"):
        assert all(one.lists and one.of for one in kits(load(name)))
    known = load("association")

    class Wrong(Profile):
        def read(self, *parts: str) -> Any:
            return [{"of": ["nobody"], "lists": ["decisions"], "days": 3}]

    with pytest.raises(Mistake, match="there is no nobody, decisions"):
        kits(Wrong(**vars(known)))


@pytest.mark.full
def test_libreoffice_opens_a_kit_by_its_code_and_locks_it_again(own: Handed, tmp_path: Path):
    """It locks otherwise than we do, and that is opened too."""
    book = own.opened
    column = chr(ord("A") + book.names(sheet("members")).index("since"))
    typed_in_libreoffice(own, tmp_path, book.book.sheetnames.index(sheet("members")), f"{column}3", "2012-12")
    done = own.taken().json
    assert (done["changed"], done["unchanged"], done["rejected"], done["warnings"]) == (1, done["rows"] - 1, [], [])


@pytest.mark.turns
def test_a_kit_holds_what_its_maker_reads_and_whoever_takes_it_needs_the_authority(as_: Callable, tmp_path: Path):
    as_("hoa")
    narrow = make(tmp_path, "east")
    assert narrow.told["rows"] == {"persons": 1, "members": 1, "incumbencies": 0}
    as_("mai")
    kit = make(tmp_path, "east")
    assert kit.told["rows"] == {"persons": 2, "members": 2, "incumbencies": 0}
    members, found = sheet("members"), {}

    def edit(book: Opened) -> None:
        found["who"] = book.records(members)[0]
        book.say(members, found["who"], since="2019-05-19")

    kit.returned(edit)
    as_("lan")
    assert refused(kit.taken()) == "not_your_role"
    as_("mai")
    assert kit.taken().json["changed"] == 1
    row = Audit.objects.using("owner").filter(kind="decision").latest("pk")
    assert row.actor == "mai"
    assert Membership.objects.using("owner").get(fact=found["who"], recorded__upper_inf=True).valid.lower == dt.date(
        2019, 5, 19
    )


@pytest.mark.turns
@pytest.mark.parametrize("sample", UNITS if FULL else [CHANCE.choice(list(UNITS))])
def test_a_kit_that_comes_back_as_it_went_changes_nothing(
    request: Any, sample: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each cell is read as it was given, so that nothing is even compared with what the register says by now."""
    request.getfixturevalue(sample)
    one = Membership.objects.filter(unit__code=UNITS[sample], recorded__upper_inf=True, valid__upper_inf=True).first()
    month = {"fact": one.fact, "on": str(one.valid.lower), "reason": "x", "since": str(one.valid.lower)[:7]}
    paper = Paper(symbol="not so exactly", signed_on=dt.date(2026, 11, 1))
    apply(by="sample", decided_by=paper, acts=[("membership.correct", month)])
    monkeypatch.setattr(taking.Merge, "_settled", lambda *said: pytest.fail(f"not as given: {said[2]}"))
    other = make(tmp_path, UNITS[sample])
    other.returned()
    before = Decision.objects.count()
    said = other.taken()
    assert (said.code, said.json["warnings"], said.json["decision"]) == (0, [], "")
    assert said.json["rows"] == said.json["unchanged"] == sum(other.told["rows"].values()) > 80
    assert Decision.objects.count() == before
