"""Every list goes into a file of every form and comes back, by readers of others, as the register holds it.

Of each list some records are compared field by field, others with each seed; with `--full` all of them.
"""

import datetime as dt
import json
import os
import random
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.translation import override
from psycopg.rows import namedtuple_row

import canbo.config.urls  # noqa: F401 - offers the forms to the pages
from canbo.exchange import workbook
from canbo.exchange.columns import COUNTED, KEY, Field, asked, fields
from canbo.exchange.export import FORMS, as_file, export
from canbo.kernel.act import ACTIONS
from canbo.kernel.coded import Coded
from canbo.kernel.database import Database
from canbo.kernel.periods import Partial
from canbo.kernel.profile import profile
from canbo.kernel.screen import DAY, INSTANT, SCREENS, SINCE, UNTIL
from canbo.registry.facts import Fact, content
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.reports.output.excel import unguarded
from canbo.reports.said import NEVER_SHOWN
from canbo.web.asof import read as asof
from canbo.web.generic.listing import Listing, read
from canbo.web.generic.views import begun
from tests.acceptance.commands import here
from tests.access.pages import client_of, exported
from tests.exchange.naive import decided, told
from tests.exchange.readers import Row, by_calamine, by_csv, by_duckdb, by_json, by_openpyxl

pytestmark = pytest.mark.database

FULL, SEED = bool(os.environ.get("CANBO_TEST_FULL")), os.environ.get("CANBO_TEST_SEED", "0")
EACH, SLICE = (None, 1) if FULL else (6, 3)
"""Records of a list that are compared, and one of how many lists is written in a form."""
SAMPLES = {"small_sample": "vi", "association": "en"}
THEN = {"on": "2024-05-01"}
DAYS = (DAY, SINCE, UNTIL, COUNTED)


@pytest.fixture(scope="module", params=sorted(SAMPLES))
def said(request: pytest.FixtureRequest) -> Iterator[str]:
    """A sample, and the language in which its files are written."""
    request.getfixturevalue(request.param)
    with override(SAMPLES[request.param]):
        yield SAMPLES[request.param]


def lists() -> list[str]:
    return sorted(filter(begun, SCREENS))


def listed(name: str, **said: str) -> Listing:
    return read(SCREENS[name], said, asof(said))


def written(form: str, listing: Listing, meet: Callable = lambda people: None) -> bytes:
    with transaction.atomic(), closing(as_file(form, meet, listing)) as file:
        return file.read()


def back(form: str, data: bytes, folder: Path) -> list[Row]:
    """The rows of a file, by whoever reads such files."""
    if form == "parquet":
        (folder / "file.parquet").write_bytes(data)
        return by_duckdb(str(folder / "file.parquet"))
    return {"xlsx": by_openpyxl, "csv": by_csv, "json": by_json}[form](data)


def same(one: Field, form: str, found: Row, wanted: Any) -> bool:
    """Is this what is so, as this form of file says it?"""
    value = found[one.name]
    if one.kind in DAYS and form == "parquet":
        exact = Partial.of(wanted) if wanted else None
        last = exact and exact.after - dt.timedelta(days=1)
        precise = not one.precision or found[f"{one.name}.precision"] == (exact and exact.precision)
        return precise and value == (exact and (last if one.kind == UNTIL else exact.first))
    if one.kind in DAYS and isinstance(value, dt.datetime):
        return value.date().isoformat() == wanted
    if one.kind == INSTANT and form != "parquet":
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC).replace(tzinfo=None) == wanted
    if one.kind == KEY and form == "xlsx":
        return value == str(wanted)
    if form == "csv":
        return unguarded(value) == plain(wanted)
    return value == ("; ".join(wanted) or None if isinstance(wanted, list) and form == "xlsx" else wanted)


def plain(wanted: Any) -> str:
    """A value as CSV says it."""
    if isinstance(wanted, bool):
        return "TRUE" if wanted else "FALSE"
    return "; ".join(wanted) if isinstance(wanted, list) else "" if wanted is None else str(wanted)


@pytest.mark.parametrize("form", FORMS)
def test_every_list_comes_back_as_the_register_holds_it(said: str, form: str, tmp_path: Path):
    chance, compared = random.Random(f"{SEED} {form}"), Counter()
    shift = list(FORMS).index(form) + random.Random(f"{SEED} lists").randrange(SLICE)
    for name in lists()[shift % SLICE :: SLICE]:
        screen, listing = SCREENS[name], listed(name, **chance.choice([{}, THEN]))
        rows = back(form, written(form, listing), tmp_path)
        key = "fact" if issubclass(screen.model, Fact) else "pk"
        assert [int(row["record"]) for row in rows] == list(chain.from_iterable(listing.of(key))), f"{name} {form}"
        columns = fields(screen, words=FORMS[form].words)
        for row in chance.sample(rows, min(len(rows), EACH or len(rows))):
            if key == "fact":
                fact = screen.model.objects.known(listing.asof.known).get(fact=int(row["record"]))
                wanted = told(fact, listing.asof.on, listing.asof.known)
            else:
                wanted = decided(screen.model.objects.get(pk=int(row["record"])))
            differ = [(c.name, row[c.name], wanted[c.name]) for c in columns if not same(c, form, row, wanted[c.name])]
            assert differ == [], f"{name} {form}"
            assert {one.removesuffix(".precision") for one in row} - {"about"} == {one.name for one in columns}
            compared[name] += 1
    assert compared.total() > 3 * len(compared) > 3


def test_two_readers_find_the_same_in_a_workbook(said: str):
    data = written("xlsx", listed("persons"))
    one, other = by_openpyxl(data), by_calamine(data)
    assert [sorted(row) for row in one[:1]] == [sorted(row) for row in other[:1]]
    for row, again in zip(one, other, strict=True):
        days = {name: value.date() for name, value in row.items() if isinstance(value, dt.datetime)}
        assert again == row | days


def test_every_content_of_a_fact_has_a_column_with_a_heading_of_its_own(said: str):
    always = {"record", "since", "until"}
    for name in lists():
        screen = SCREENS[name]
        found, of_programs = fields(screen), fields(screen, words=False)
        assert len({one.name for one in found}) == len({one.label for one in found}) == len(found), name
        assert found[0].name == "record"
        if issubclass(screen.model, Fact):
            wanted = {one.name for one in content(screen.model) if spoken(one)} - set(NEVER_SHOWN) | always
            lasts = {"since.counted"} if not screen.event else set()
            assert {one.of for one in found if not one.name.endswith(".name")} == wanted | lasts, name
            assert Counter(one.of for one in found if one.counts) == Counter(wanted), name
            assert Counter(one.name for one in of_programs if one.counts) == Counter(wanted), name


def spoken(field: Any) -> bool:
    """Has the profile words for what may stand here?"""
    return not isinstance(field, Coded) or bool(profile().vocabulary(field.vocabulary))


def test_every_list_but_that_of_decisions_says_by_which_act_its_facts_begin(said: str):
    assert [name for name, screen in sorted(SCREENS.items()) if not screen.opened_by] == ["decisions"]
    for name in lists():
        if SCREENS[name].opened_by:
            began = set(SCREENS[name].model.objects.values_list("opened_by__name", flat=True))
            assert not began or SCREENS[name].opened_by in began, f"{name}: {began}"
            terms = ACTIONS[SCREENS[name].opened_by].terms.model_fields
            found = asked(SCREENS[name])
            assert set(found.values()) <= set(terms), name
            assert len(set(found.values())) == len(found), name
            assert {term for term, one in terms.items() if one.is_required()} == {
                term for term in found.values() if terms[term].is_required()
            }, f"{name}: a template could not ask for all that must be said"


def test_a_command_writes_what_the_page_offers_and_the_log_says_so(
    small_sample: Database, log: Callable, tmp_path: Path
):
    words = ("--unit", "dien-bien", "--on", "2024-05-01", "--where", "stage=probationary", "--lang", "en")
    for form in FORMS:
        file = tmp_path / f"members.{form}"
        done = here("export", "members", *words, "--out", file)
        assert (done.code, done.out) == (0, f"{file}\n"), done.err
        (row,) = log()
        with override("en"):
            listing = listed("members", unit="dien-bien", stage="probationary", **THEN)
            rows = back(form, file.read_bytes(), tmp_path)
        assert len(rows) == listing.total > 0
        people = set(listing.of("person_id").values_list("person_id", flat=True))
        assert (row.kind, row.what, set(row.about)) == ("export", "export members", people)
        assert row.details | {"unit": 0} == {"on": "2024-05-01", "stage": "probationary", "form": form, "unit": 0}
    assert json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["about"]["anchor"]


@pytest.mark.parametrize(
    ("words", "code", "remedy"),
    [
        (("members", "--out", "x.pdf"), 2, "xlsx, csv, json, parquet"),
        (("nothing", "--out", "x.csv"), 2, "known are"),
        (("members", "--out", "x.csv", "--unit", "nowhere"), 2, "no unit with the code"),
        (("members", "--out", "x.csv", "--where", "stage=none"), 2, "known are"),
        (("members", "--out", "/nowhere/x.csv"), 2, "cannot be written"),
        (("members", "--out", "x.csv", "--lang", "xx"), 2, "the profile speaks"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_no_file(
    log: Callable, words: tuple[str, ...], code: int, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    done = here("export", *words)
    assert done.code == code
    assert remedy in done.err
    assert (list(tmp_path.iterdir()), log()) == ([], [])


def test_what_is_refused_on_the_way_leaves_no_file_and_no_row(
    log: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(workbook, "LONGEST", 20)
    done = here("export", "members", "--out", tmp_path / "members.xlsx")
    assert (done.code, "longer than a cell" in done.err) == (3, True)
    assert (list(tmp_path.iterdir()), log()) == ([], [])


def test_a_page_offers_the_forms_and_names_everybody_in_the_log(small_sample: Database, log: Callable, tmp_path: Path):
    client = officer()
    page = client.get("/list/members").content.decode()
    for form in FORMS:
        assert f'href="/list/members/export.exchange.{form}"' in page
        log()
        rows, (row,) = mine(client, form, tmp_path), log()
        assert (row.kind, row.details["form"]) == ("export", f"exchange.{form}")
        people = Membership.objects.filter(fact__in=[int(row["record"]) for row in rows])
        assert set(people.values_list("person_id", flat=True)) == set(row.about)


def test_a_reader_takes_along_what_their_list_shows_and_no_more(small_sample: Database, tmp_path: Path):
    everybody = Membership.objects.asof(listed("members").asof.on, listed("members").asof.known).count()
    client = officer()
    shown = Counter(row[:2] for row in exported(client, "members", "csv").elements())
    assert 0 < shown.total() < everybody
    for form in FORMS:
        assert Counter((row["person.name"], row["person"]) for row in mine(client, form, tmp_path)) == shown, form


class Long:
    """A list that goes on: the rows of another one again and again, as the database gives them, piece by piece."""

    narrowing: dict[str, str] = {}

    def __init__(self, of: Listing, many: int) -> None:
        self.screen, self.asof, self.many, self.rows = of.screen, of.asof, many, of

    def of(self, *wanted: str) -> "Long":
        self.found = list(self.rows.of(*wanted))
        return self

    def iterator(self, chunk_size: int) -> Iterator[tuple]:
        return islice(cycle(self.found), self.many)


@pytest.mark.parametrize("form", ["csv", "json", "parquet", pytest.param("xlsx", marks=pytest.mark.full)])
@pytest.mark.usefixtures("association")
def test_a_longer_list_takes_no_more_memory(form: str, tmp_path: Path):
    listing, peaks, sizes = listed("members"), [], (4000, 12_000)
    for many in (2000, *sizes):  # once before, for all that is made only once
        tracemalloc.start()
        with override("en"), transaction.atomic(), (tmp_path / "file").open("wb") as file:
            export(Long(listing, many), form, lambda people: None, file)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert len(back(form, (tmp_path / "file").read_bytes(), tmp_path)) == sizes[-1]
    assert peaks[2] < peaks[1] + 2**20


@pytest.fixture
def log(small_sample: Database) -> Iterator[Callable[[], list[Any]]]:
    """The rows written since this was asked last, read as the owner, whom no policy binds."""
    with closing(small_sample.connect("owner", autocommit=True, row_factory=namedtuple_row)) as link:
        last = link.execute("SELECT coalesce(max(id), 0) FROM kernel_audit").fetchone()[0]

        def since() -> list[Any]:
            nonlocal last
            found = link.execute("SELECT * FROM kernel_audit WHERE id > %s ORDER BY id", [last]).fetchall()
            last = found[-1].id if found else last
            return found

        yield since


def officer() -> Client:
    """The pages as somebody reads them who has a role over some unit only."""
    return client_of(Mandate.objects.order_by("pk").first().person_id)


def mine(client: Client, form: str, folder: Path) -> list[Row]:
    with closing(client.get(f"/list/members/export.exchange.{form}")) as answer:
        assert (answer.status_code, answer["Content-Type"]) == (200, FORMS[form].content_type)
        return back(form, b"".join(answer.streaming_content), folder)
