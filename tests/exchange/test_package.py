"""Interchange packages: what is sent is taken, once; what others made is read, or refused with nothing written."""

import csv
import datetime as dt
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from canbo.config import secret
from canbo.exchange.package.declared import declared
from canbo.exchange.package.tables import tables
from canbo.exchange.package.taking import opened
from canbo.exchange.reading.file import parts
from canbo.exchange.reading.limits import Limits
from canbo.kernel.database import Database
from canbo.kernel.headings import entries, forbidden
from canbo.kernel.models import Audit
from canbo.kernel.profile import Profile, choose, load, serving
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from tests import clones
from tests.acceptance.commands import here
from tests.exchange.packing import Packed, brought, mark, sent, zipped

pytestmark = pytest.mark.database

FULL, CHANCE = bool(os.environ.get("CANBO_TEST_FULL")), random.Random(os.environ.get("CANBO_TEST_SEED", "0"))
SENT = {
    "small_sample": ("vietnam-province", "dien-bien.dien-bien-phu", dt.date(2024, 5, 1)),
    "association": ("association", "bamberg", dt.date(2026, 11, 1)),
}
UNIT = "dien-bien.dien-bien-phu.party.1"
OTHER = "dien-bien.dien-bien-phu.na-tau.v1.cell"
ODD = [
    ("person.register", {"code": "odd.1", "unit": UNIT, "name": "=Lò Văn Một", "born": "1980-03", "on": "2015-01-01"}),
    ("membership.admit", {"person": "odd.1", "unit": UNIT, "stage": "probationary", "on": "2015-06"}),
    ("membership.advance", {"person": "odd.1", "stage": "official", "on": "2016-06"}),
    ("membership.transfer", {"person": "odd.1", "unit": OTHER, "on": "2018-02-03"}),
    ("membership.recategorise", {"person": "odd.1", "category": "student", "on": "2019-09-01"}),
    ("membership.leave", {"person": "odd.1", "ending": "left", "on": "2020-03-01"}),
    ("membership.admit", {"person": "odd.1", "unit": UNIT, "stage": "official", "on": "2021-07-01"}),
    ("person.rename", {"person": "odd.1", "name": "'=Lò Văn Một", "on": "2022-01-01"}),
    ("service.employ", {"person": "odd.1", "unit": UNIT, "group": "civil-servant", "on": "2001", "until": "2009-11"}),
    ("standing.complete-training", {"person": "odd.1", "unit": UNIT, "level": "advanced", "on": "2012-05"}),
    ("person.register", {"code": "odd.2", "unit": UNIT, "name": "Hà Thị Hai", "on": "2015-01-01"}),
    ("membership.admit", {"person": "odd.2", "unit": UNIT, "stage": "probationary", "on": "2015-06-01"}),
    ("membership.advance", {"person": "odd.2", "stage": "official", "on": "2016-06-01"}),
]
"""People whom nothing is simple about: a life in stretches, days that are not known, a name like a formula."""
BEGAN = {
    "odd.1": ["admission", "stage", "transfer", "category", "readmission"],
    "odd.2": ["admission", "balance"],
}
"""How their stretches began, as a package can show it: the last one was corrected in more than its act says."""
ON = dt.date(2026, 11, 1)
NEVER = ("Tôn giáo", "Họ và tên cha", "29) Quan hệ gia đình", "Religion")
KEPT_NOWHERE = "kept-nowhere-0815"


@pytest.fixture(scope="module")
def package(small_sample: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of a city with somebody odd in it."""
    apply(by="sample", decided_by=Paper(symbol="odd", signed_on=dt.date(2022, 1, 1)), acts=ODD)
    last = Membership.objects.get(person__code="odd.2", recorded__upper_inf=True, valid__upper_inf=True)
    wrong = {"fact": last.fact, "on": "2016-06-01", "reason": "x", "category": "student"}
    apply(
        by="sample",
        decided_by=Paper(symbol="odder", signed_on=dt.date(2022, 1, 1)),
        acts=[("membership.correct", wrong)],
    )
    _, unit, on = SENT["small_sample"]
    return sent(unit, on, tmp_path_factory.mktemp("package") / "city.zip")


@pytest.fixture
def theirs(package: Path) -> Packed:
    """The same taken apart."""
    return Packed.of(package)


@pytest.fixture
def empty(fresh_database: Database) -> Callable[[str], None]:
    """An installation with nothing on file, of this profile."""

    def of(name: str) -> None:
        with fresh_database.connect("owner", autocommit=True) as owner:
            owner.execute("UPDATE canbo.kernel_installation SET profile = %s", [name])
        choose(name)

    return of


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def refused(said: Any) -> str:
    """Why nothing at all was taken."""
    assert (said.code in (2, 3), said.out) == (True, ""), said.out
    return said.err.rpartition("[")[2].rstrip("]\n")


def of_the_association(folder: Path) -> Path:
    """The package of a branch, sent by an installation of the other profile."""
    _, unit, on = SENT["association"]
    with clones.template("association") as source, clones.clone(source) as copy, clones.aimed(copy):
        return sent(unit, on, folder / "branch.zip")


@pytest.mark.parametrize("sample", SENT if FULL else [CHANCE.choice(list(SENT))])
def test_an_empty_installation_that_took_a_package_sends_the_same_one(
    request: Any, sample: str, tmp_path: Path, package: Path
):
    name, unit, on = SENT[sample]
    file = package if sample == "small_sample" else of_the_association(tmp_path)
    request.getfixturevalue("empty")(name)
    tried = brought(file, "--preview").json
    assert (tried["decision"], Person.objects.count(), Decision.objects.count()) == ("", 0, 0)
    done, was = brought(file).json, Packed.of(file)
    assert (done["rejected"], done["warnings"]) == ([], [])
    assert (
        done["created"] + done["changed"] == done["rows"] == sum(len(rows(text)) for text in was.tables.values()) > 90
    )
    assert Person.objects.count() == was.about["people"] == len(rows(was.tables["persons"]))
    again = brought(file).json
    assert (again["unchanged"], again["decision"], Decision.objects.count()) == (done["rows"], "", 1)
    back = Packed.of(sent(unit, on, tmp_path / "back.zip"))
    assert back.tables == was.tables
    assert back.own["fields.json"] == was.own["fields.json"]
    if sample == "small_sample":
        for person, began in BEGAN.items():
            assert [row["entry"] for row in rows(was.tables["members"]) if row["person"] == person] == began


def test_whoever_is_on_file_otherwise_is_a_conflict_until_one_side_counts(package: Path, empty: Any):
    empty("vietnam-province")
    assert brought(package).code == 0
    whom, gap = (one.fact for one in Particulars.objects.filter(person__code__contains="member").order_by("pk")[:2])
    acts = [
        ("particulars.correct", {"fact": whom, "on": "2022-01-01", "reason": "x", "name": "Somebody Else"}),
        ("particulars.correct", {"fact": gap, "on": "2022-01-01", "reason": "x", "sex": ""}),
    ]
    apply(by="sample", decided_by=Paper(symbol="meanwhile", signed_on=dt.date(2026, 11, 1)), acts=acts)
    before = Decision.objects.count()
    said = brought(package)
    (one,) = said.json["rejected"]
    was = next(row for row in rows(Packed.of(package).tables["persons"]) if "member.00001" in row["person"])
    assert (said.code, one["code"], one["sheet"]) == (3, "conflict", "data/persons.csv")
    assert all(part in one["message"] for part in ("Somebody Else", was["name"], "name"))
    row = Audit.objects.using("owner").get(what__startswith="conflicts of package")
    assert row.about == [Particulars.objects.get(fact=whom, recorded__upper_inf=True).person_id]
    assert (said.json["decision"], Decision.objects.count()) == ("", before)
    ours = brought(package, "--ours", "--preview").json
    assert (ours["changed"], ours["rejected"], ours["unchanged"]) == (1, [], ours["rows"] - 1)
    done = brought(package, "--theirs").json
    assert (done["changed"], done["created"], done["rejected"]) == (2, 0, [])
    now = Particulars.objects.filter(recorded__upper_inf=True)
    assert (now.get(fact=whom).name, bool(now.get(fact=gap).sex)) == (was["name"], True)


def test_what_another_system_says_beyond_is_counted_and_nothing_of_it_is_kept(
    theirs: Packed, fresh_database: Database, tmp_path: Path
):
    for name in ("persons", "members"):
        head, *lines = theirs.tables[name].splitlines()
        more = [f"{line},{','.join([KEPT_NOWHERE] * len(NEVER))},42" for line in lines]
        theirs.tables[name] = "\n".join([f"{head},{','.join(NEVER)},Shoe size", *more, ""])
    said = brought(theirs.file(tmp_path / "theirs.zip"), "--signer", mark())
    assert (said.code, said.json["rejected"]) == (0, [])
    never = [f"data/{name}.csv: columns of what is never recorded, not read: 4" for name in ("persons", "members")]
    assert [one for one in said.json["warnings"] if "never" in one] == never
    assert next(one for one in said.json["warnings"] if "left aside" in one).endswith("Shoe size")
    assert not any(word in said.out for word in (*NEVER, KEPT_NOWHERE))
    with fresh_database.connect("backup") as reading:
        names = reading.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'canbo'::regnamespace AND relkind = 'r'"
        ).fetchall()
        found = {
            table
            for (table,) in names
            for sought in (KEPT_NOWHERE, "odd.1")
            if reading.execute(
                f"SELECT 1 FROM canbo.{table} t WHERE t::text LIKE %s LIMIT 1", [f"%{sought}%"]
            ).fetchone()
        }
    assert found == {"registry_person"}


def other(parts: dict[str, bytes]) -> None:
    parts["data/members.csv"] = parts["data/members.csv"].replace(b"official", b"0fficial", 1)


def promised(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = parts["manifest.json"].replace(b'"people": ', b'"people": 1')


def unsigned(parts: dict[str, bytes]) -> None:
    parts["signature.txt"] = b"-----BEGIN PGP SIGNATURE-----\n"


def gone(name: str) -> Callable[[dict[str, bytes]], Any]:
    return lambda parts: parts.pop(name)


def more(name: str) -> Callable[[dict[str, bytes]], Any]:
    return lambda parts: parts.update({name: b"unit,since\n"})


def nothing(parts: dict[str, bytes]) -> None:
    pass


BAD = [
    pytest.param(other, {}, "changed_part", "data/members.csv", id="another row"),
    pytest.param(promised, {}, "changed_package", "manifest.json", id="another manifest"),
    pytest.param(unsigned, {}, "no_signature", "signature.txt", id="signed otherwise"),
    pytest.param(gone("signature.txt"), {}, "missing_part", "signature.txt", id="not signed"),
    pytest.param(gone("manifest.json"), {}, "missing_part", "manifest.json", id="no manifest"),
    pytest.param(gone("data/persons.csv"), {}, "missing_part", "data/persons.csv", id="no people"),
    pytest.param(more("data/more.csv"), {}, "unlisted_part", "data/more.csv", id="one part more"),
    pytest.param(more("../members.csv"), {}, "strange_part", "../members.csv", id="above the folder"),
    pytest.param(more("/etc/members.csv"), {}, "strange_part", "/etc/members.csv", id="at the root"),
    pytest.param(nothing, {"version": 2}, "newer_package", "manifest.json", id="of tomorrow"),
    pytest.param(nothing, {"on": "yesterday"}, "bad_manifest", "manifest.json", id="of no day"),
    pytest.param(nothing, {"format": "other"}, "bad_manifest", "manifest.json", id="of another format"),
    pytest.param(nothing, {"profile": "association"}, "other_profile", "association", id="of another profile"),
    pytest.param(nothing, {"parts": {"../x.csv": {"bytes": 1, "sha256": ""}}}, "missing_part", "../x.csv", id="lists"),
    pytest.param(nothing, {"parts": 7}, "no_parts", "manifest.json", id="lists nothing"),
]


@pytest.mark.parametrize(("change", "about", "code", "said"), BAD if FULL else CHANCE.sample(BAD, 4))
def test_a_package_that_is_not_right_is_refused_by_its_part(
    theirs: Packed, tmp_path: Path, change: Callable, about: dict, code: str, said: str
):
    whole = theirs.parts(**about)
    change(whole)
    before = Decision.objects.count()
    answer = brought(zipped(tmp_path / "theirs.zip", whole), "--signer", mark())
    assert (refused(answer), said in answer.err) == (code, True), answer.err
    assert Decision.objects.count() == before


def test_a_package_is_taken_from_whom_one_knows(package: Path, theirs: Packed, tmp_path: Path, monkeypatch: Any):
    file = theirs.file(tmp_path / "theirs.zip")
    asked = brought(file)
    assert (refused(asked), mark()[:4] in asked.err) == ("signed_elsewhere", True)
    assert refused(brought(file, "--signer", mark()[::-1])) == "signed_elsewhere"
    assert brought(file, "--preview", "--signer", mark().upper()).code == 0
    assert brought(package, "--preview").code == 0
    monkeypatch.setattr(secret, "PACKAGES", b"another installation")
    assert refused(brought(package, "--preview")) == "signed_elsewhere"


def test_a_package_ends_in_the_limits_of_the_reader(theirs: Packed, tmp_path: Path):
    theirs.tables["members"] += "x" * (4 << 20)
    whole = theirs.parts()
    bomb = zipped(tmp_path / "bomb.zip", whole)
    cut = tmp_path / "cut.zip"
    cut.write_bytes(bomb.read_bytes()[:-200])
    wide = zipped(tmp_path / "wide.zip", Packed({"persons": "a," * 2000}, theirs.about, theirs.own).parts())
    for file, limits, code in (
        (bomb, Limits(unpacked=4 << 20), "package_too_large"),
        (bomb, Limits(size=1 << 10), "too_large"),
        (cut, Limits(), "damaged_package"),
        (wide, Limits(), "too_many_columns"),
        (tmp_path / "package.xlsx", Limits(), "no_package"),
    ):
        with pytest.raises(Refused) as caught:
            [list(sheet.rows) for sheet in parts(file, limits)]
        assert caught.value.code == code, file.name


def test_the_description_in_a_package_tells_of_every_column(theirs: Packed):
    told = json.loads(theirs.own["fields.json"])
    assert {one["table"]: [field["field"] for field in one["fields"]] for one in told["tables"]} == {
        name: text.splitlines()[0].split(",") for name, text in theirs.tables.items()
    }
    for text in theirs.tables.values():
        order = [list(row.values())[:2] for row in rows(text)]
        assert order == sorted(order), text[:40]
    every = [field for one in told["tables"] for field in one["fields"]]
    assert all(set(one["name"]) == {"vi", "en", "de"} for one in every)
    assert all(word[:1].isalpha() for one in every for word in one["name"].values())
    for one in told["tables"]:
        for field in one["fields"]:
            said = {row[field["field"]] for row in rows(theirs.tables[one["table"]])} - {""}
            assert said <= set(told["codes"][field["codes"]]) if "codes" in field else True
            assert field["required"] is False or "" not in {
                row[field["field"]] for row in rows(theirs.tables[one["table"]])
            }
    required = {field["from"] for field in every if field["required"] and field["from"].startswith("particulars")}
    assert required == {f"particulars.{name}" for name in ("person", "valid", "name", "unit")}
    assert {one["item"] for one in told["left_out"] if one["why"] == "never"} == {"09", "10", "27e", "28", "29", "30"}
    assert all(one.get("reason") for one in told["left_out"] if one["why"] == "never")


@pytest.mark.parametrize("name", ["vietnam-province", "association"])
def test_a_profile_says_where_each_item_of_its_form_stands(name: str, small_sample: Database):
    found = declared(load(name))
    with serving(name) as of, override(of.languages[0]):
        columns = {f"{table.name}.{one.of}" for table in tables(found) for one in table.fields}
    assert {field for one in found.items for field in one.fields} <= columns
    never = {one.item.lstrip("0"): one for one in found.items if one.never}
    wanted = {number: entry.topic for entry in entries() for number in entry.items.get(found.form.code, ())}
    assert wanted.items() <= {number: one.never for number, one in never.items()}.items()
    for one in found.items:
        for word in one.name.values():
            assert getattr(forbidden(word), "topic", "") == one.never, word


def test_a_package_of_what_is_not_there_is_a_mistake_of_the_profile(small_sample: Database):
    class Wrong(Profile):
        def read(self, *parts: str) -> Any:
            said = super().read(*parts)
            return {**said, "lists": ["persons", "decisions"], "items": [{"item": "1", "name": {}, "never": "shoes"}]}

    with pytest.raises(Mistake, match="there is no decisions, shoes"):
        declared(Wrong(**vars(load("association"))))


def test_a_package_holds_what_its_maker_reads_and_whoever_takes_it_needs_the_authority(as_: Callable, tmp_path: Path):
    as_("hoa")
    narrow = Packed.of(sent("east", ON, tmp_path / "narrow.zip"))
    assert [row["person"] for name in ("persons", "members") for row in rows(narrow.tables[name])] == ["hoa", "hoa"]
    as_("mai")
    whole = Packed.of(sent("east", ON, tmp_path / "whole.zip"))
    assert [row["person"] for row in rows(whole.tables["members"])] == ["hoa", "sen"]
    whole.tables["persons"] += f"new,{ON},Nguyễn Thị Mới,,,cell,\n"
    whole.tables["members"] += f"new,{ON},cell,official,,balance,,\n"
    file = whole.file(tmp_path / "more.zip")
    as_("lan")
    assert refused(brought(file, "--signer", mark())) == "not_your_role"
    as_("mai")
    done = brought(file, "--signer", mark()).json
    assert (done["created"], done["unchanged"]) == (2, done["rows"] - 2)
    assert Audit.objects.using("owner").filter(kind="decision").latest("pk").actor == "mai"
    undone = here("import", "undo", done["decision"], "--json")
    assert (undone.code, Particulars.objects.filter(person__code="new", recorded__upper_inf=True).count()) == (0, 0)


def test_the_log_knows_whom_a_package_named(package: Path, theirs: Packed):
    row = Audit.objects.using("owner").filter(what=f"package {SENT['small_sample'][1]}").latest("pk")
    assert (row.kind, row.count, len(row.about)) == ("export", theirs.about["people"], theirs.about["people"])
    assert package.stat().st_mode & 0o777 == 0o600
    assert opened(package, secret.packages_key(secret_folder())).manifest.people == len(row.about)


def secret_folder() -> Path:
    return Path(os.environ["CANBO_DATA"])
