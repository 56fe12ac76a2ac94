"""Mappings kept by source: offered by the headings that fit, used, kept anew, taken along, dropped."""

import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connections
from django.test import Client

from canbo.exchange.models import SavedMapping
from tests.acceptance.commands import here
from tests.web.importing import AT, GIVES, Importer, content, peopled

pytestmark = pytest.mark.database

NUMBER = count(1)
WORDS = {"word_of": ["sex", "sex"], "word": ["Ông", "Bà"], "means": ["male", "female"]}


@pytest.fixture(autouse=True)
def incoming(tmp_path: Path, settings: Any) -> Path:
    """Where files wait, for one test alone."""
    settings.INCOMING = tmp_path / "incoming"
    return settings.INCOMING


@pytest.fixture
def source() -> dict[str, str]:
    """What is kept, under a name of its own: the tests share a register."""
    return {"source": f"Sở Nội vụ {next(NUMBER)}", "source_unit": "dien-bien.party"}


@pytest.fixture
def kept(visitor: Client, source: dict[str, str], tmp_path: Path) -> Importer:
    """Somebody who kept a mapping."""
    me = Importer(visitor)
    me.upload(peopled(tmp_path, "kept"))
    me.settle()
    me.send("keep", **WORDS, **source)
    assert (me.status, "The mapping is kept." in me.words) == (200, True), me.words
    return me


def key(page: str, source: dict[str, str]) -> str:
    return re.search(rf'<option value="(\d+)">{source["source"]} ', page)[1]


def rows(source: dict[str, str]) -> Any:
    return SavedMapping.objects.filter(name=source["source"])


def logged() -> dict[str, Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT details FROM kernel_audit WHERE what = 'mapping' ORDER BY id DESC LIMIT 1")
        return json.loads(cursor.fetchone()[0])


def test_a_kept_mapping_is_offered_by_the_headings_of_the_next_file(
    kept: Importer, source: dict[str, str], visitor: Client, tmp_path: Path
):
    (row,) = rows(source)
    assert (row.name, row.concept, row.unit.code) == (source["source"], "persons", "dien-bien.party")
    assert row.said["columns"] == GIVES
    assert row.said["values"] == {"sex": {"Ông": "male", "Bà": "female"}}
    assert row.by
    assert logged()["source"] == source["source"]
    me = Importer(visitor)
    me.upload(peopled(tmp_path, "next"))
    assert "A mapping that is kept has these columns" in me.words
    me.send("use", saved=key(me.page, source))
    assert me.numbers == [2, 0, 0, 0, 2], "words and days are known"
    assert f'name="source" value="{source["source"]}"' in me.page, "under its name it is kept again"
    other = tmp_path / "other.csv"
    other.write_text("Mã,Tên\n1,A\n", encoding="utf-8")
    me.upload(other)
    assert "A mapping that is kept" not in me.words, "these columns are others"
    me.upload(peopled(tmp_path, "third"), saved=str(row.pk))
    assert me.numbers == [2, 0, 0, 0, 2], "chosen with the file"


def test_what_is_kept_is_the_file_that_the_command_reads(
    kept: Importer, source: dict[str, str], visitor: Client, tmp_path: Path
):
    row = rows(source).get()
    answer = visitor.post(AT, {"step": "download", "saved": row.pk})
    how = tmp_path / "how.yaml"
    how.write_bytes(content(answer))
    assert yaml.safe_load(how.read_text(encoding="utf-8"))["columns"] == GIVES
    said = here("import", peopled(tmp_path, "command"), "--as", how, "--preview", "--json")
    assert (said.json["created"], said.json["rows"]) == (2, 4), said


def test_kept_again_it_replaces_and_dropped_it_is_offered_no_more(
    kept: Importer, source: dict[str, str], visitor: Client
):
    before = rows(source).get().pk
    kept.send("columns", **source)
    kept.settle(end="exclusive")
    kept.send("keep", **WORDS, **source)
    assert rows(source).count() == 2, "what was kept before stays on record"
    page = visitor.get(AT).content.decode()
    assert int(key(page, source)) > before
    assert rows(source).get(pk=key(page, source)).said["end"] == "exclusive"
    assert visitor.post(AT, {"step": "use", "saved": before}).status_code in (400, 404)
    answer = visitor.post(AT, {"step": "forget", "saved": key(page, source)})
    assert "no longer offered" in answer.content.decode()
    assert source["source"] not in visitor.get(AT).content.decode()
    assert logged()["dropped"] == 1


def test_it_is_kept_where_one_may_write_and_seen_where_one_may_read(
    kept: Importer, source: dict[str, str], organiser: Client, tmp_path: Path
):
    assert source["source"] not in organiser.get(AT).content.decode(), "another province"
    saved = rows(source).get().pk
    for step in ("download", "forget", "use"):
        assert organiser.post(AT, {"step": step, "saved": saved}).status_code in (400, 404), step
    me = Importer(organiser)
    me.upload(peopled(tmp_path, "mine"))
    me.send("preview", field=["", "person", "name", "sex.word", "born", "since"], **{"fixed.unit": "lam-dong.party"})
    assert 'name="source_unit" value="lam-dong.party"' in me.page, "where they may write"
    me.send("keep", **source)
    assert (me.status, rows(source).count()) == (409, 1)
    me.send("keep", source=source["source"], source_unit="lam-dong.party")
    assert (me.status, rows(source).count()) == (200, 2)


def test_it_needs_a_name_and_a_unit(kept: Importer, source: dict[str, str]):
    for said in ({"source": " "}, {"source": "x" * 121}, {"source_unit": "nowhere"}):
        kept.send("keep", **source | said)
        assert kept.status in (400, 404), said
    assert rows(source).count() == 1


def test_nobody_changes_or_removes_what_was_kept(kept: Importer):
    for statement in ("UPDATE exchange_savedmapping SET name = 'x'", "DELETE FROM exchange_savedmapping"):
        for alias, why in (("owner", "Cannot"), ("default", "denied")):
            with pytest.raises(Exception, match=why), connections[alias].cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(Exception, match="denied"), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_savedmapping (unit_id, name, concept, by, at)"
            " SELECT id, 'x', 'x', 'x', now() FROM registry_unit LIMIT 1"
        )
