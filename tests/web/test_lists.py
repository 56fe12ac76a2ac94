"""Lists: everything declared is shown, narrowed, ordered, paged and exported, and all of these agree."""

import csv
import io
import re
from contextlib import closing
from html import unescape

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from canbo.kernel.screen import SCREENS, SINCE
from canbo.kernel.text import fold, name_key
from canbo.registry.facts import Unit
from canbo.registry.membership.models import Membership
from canbo.registry.tree import scope
from canbo.web.generic.export import harmless
from canbo.web.generic.listing import ROWS

pytestmark = pytest.mark.database

BUDGET, HEAVIEST = 10, 100_000
ELSEWHERE = {"dues"}
"""Lists of which the province has no word."""
PROVINCE = sorted(set(SCREENS) - ELSEWHERE)
MEMBERS = "/list/members?unit=dien-bien"


def cells(client: Client, address: str) -> list[list[str]]:
    """The rows of the table on a page."""
    body = re.search(r"<tbody.*?>(.*?)</tbody>", client.get(address).content.decode(), re.DOTALL)
    rows = re.findall(r"<tr.*?>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [
        [unescape(re.sub(r"<.*?>", "", cell)) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows
    ]


def total(client: Client, address: str) -> int:
    said = re.search(r'<strong role="status">([\d,]+) row', client.get(address).content.decode())
    return int(said[1].replace(",", ""))


def exported(client: Client, address: str) -> list[list[str]]:
    with closing(client.get(address)) as file:
        text = b"".join(file.streaming_content).decode("utf-8-sig")
    *rows, (anchor,) = csv.reader(io.StringIO(text))
    assert re.fullmatch(r"Audit log at: \d+ [0-9a-f]{64}", anchor)
    return rows


@pytest.mark.parametrize("name", PROVINCE)
@pytest.mark.parametrize(
    "narrowed", ["", "?unit=dien-bien", "?q=dien", "?on=2024-05-01&known=2024-04-02&unit=dien-bien"]
)
def test_every_list_answers_within_its_budget(visitor: Client, asks, name: str, narrowed: str):
    address = f"/list/{name}{narrowed}"
    more = 2 if "known" in narrowed else 0  # whether the tree has changed since, and the units of then
    more += bool(SCREENS[name].opened_by)  # whether whoever reads may import there
    more += any(column.kind == SINCE for column in SCREENS[name].columns)  # what an opening balance brought
    assert asks(visitor, address) <= BUDGET + more
    page = visitor.get(address)
    assert page.status_code == 200
    assert len(page.content) <= HEAVIEST


@pytest.mark.parametrize("name", PROVINCE)
def test_every_column_sorts_both_ways(visitor: Client, name: str):
    for column in SCREENS[name].columns:
        if column.sort:
            up = exported(visitor, f"/list/{name}/export.csv?sort={column.name}")
            down = exported(visitor, f"/list/{name}/export.csv?sort=-{column.name}")
            assert up[0] == down[0]
            assert sorted(up) == sorted(down)
            place = [c.name for c in SCREENS[name].columns].index(column.name)
            filled = [[row[place] for row in rows[1:] if row[place]] for rows in (up, down)]
            assert filled[0] == filled[1][::-1] or len(set(filled[0])) < len(filled[0])


def test_people_stand_in_the_order_of_given_names(visitor: Client):
    names = [row[0] for row in exported(visitor, f"{MEMBERS.replace('?', '/export.csv?')}")[1:]]
    assert len(names) > 500
    assert names == sorted(names, key=name_key)


@pytest.mark.parametrize("address", [MEMBERS, "/list/organisations?unit=dien-bien", "/list/decisions?sort=signed"])
def test_pages_one_after_another_are_the_export(visitor: Client, address: str):
    whole = exported(visitor, address.replace("?", "/export.csv?"))[1:]
    assert len(whole) == total(visitor, address) > 2 * ROWS
    last = -(-len(whole) // ROWS)
    pages = [cells(visitor, f"{address}&page={number}") for number in (1, 2, last)]
    assert pages == [whole[:ROWS], whole[ROWS : 2 * ROWS], whole[(last - 1) * ROWS :]]


def test_the_workbook_holds_what_the_text_holds(visitor: Client):
    with closing(visitor.get("/list/movements/export.xlsx?unit=dien-bien&nature=rotation")) as file:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(file.streaming_content))).get_sheet_by_index(0)
    book = sheet.to_python()
    text = exported(visitor, "/list/movements/export.csv?unit=dien-bien&nature=rotation")
    assert [row[:3] for row in book] == [row[:3] for row in text]
    assert len(book) == total(visitor, "/list/movements?unit=dien-bien&nature=rotation") + 1 > 2
    assert book[1][3].year >= 2015


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@sum", "\t=1"])
def test_a_name_is_never_a_formula(text: str):
    assert harmless(text) == f"'{text}"
    assert harmless("Nguyễn Văn =A") == "Nguyễn Văn =A"


def test_a_list_narrows_to_what_lies_beneath_a_unit(visitor: Client):
    request = visitor.get(MEMBERS).wsgi_request
    on, known = request.asof.on, request.asof.known
    within = scope(Unit.objects.get(code="dien-bien"), on, known).units(on)
    assert total(visitor, MEMBERS) == Membership.objects.asof(on, known).filter(unit__in=within).count()
    assert 0 < total(visitor, MEMBERS) < total(visitor, "/list/members")


def test_filters_by_code_divide_a_list(visitor: Client):
    parts = [total(visitor, f"{MEMBERS}&stage={stage}") for stage in ("official", "probationary")]
    assert sum(parts) == total(visitor, MEMBERS)
    assert min(parts) > 0
    shown = cells(visitor, f"{MEMBERS}&stage=probationary")
    assert {row[3] for row in shown} == {"probationary member"}


def test_a_text_finds_names_without_marks_and_codes(visitor: Client):
    everybody = exported(visitor, "/list/persons/export.csv")[1:]
    name, code = everybody[len(everybody) // 2][:2]
    found = exported(visitor, f"/list/persons/export.csv?q={fold(name).upper()}")[1:]
    assert found == [row for row in everybody if fold(name) in fold(row[0])]
    assert [row[1] for row in cells(visitor, f"/list/persons?q={code}")] == [code]
    assert cells(visitor, "/list/persons?q=zzzz") == []


def test_a_short_text_is_looked_for_where_words_begin(visitor: Client):
    found = [row[0] for row in exported(visitor, "/list/persons/export.csv?q=an")[1:]]
    assert found
    assert all(any(word.startswith("an") for word in fold(name).split()) for name in found)


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/list/nothing", 404, "members"),
        ("/list/dues", 404, "there is no list"),
        ("/list/members?stage=none", 400, "probationary, official"),
        ("/list/members?sort=colour", 400, "it can be by: name, code, since"),
        ("/list/members?sort=unit", 400, "it can be by"),
        ("/list/members?page=0", 400, "write a number from 1"),
        ("/list/members?page=x", 400, "write a number from 1"),
        ("/list/members?unit=nowhere", 404, "there is no unit"),
        ("/list/members/export.pdf", 404, "csv, xlsx"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_answered_with_what_can(visitor: Client, address: str, status: int, words: str):
    page = visitor.get(address)
    assert page.status_code == status
    assert words in page.content.decode()


def test_links_of_a_list_of_the_past_stay_there(visitor: Client):
    text = visitor.get("/list/members?on=2024-05-01&unit=dien-bien").content.decode()
    addresses = re.findall(r'(?:href|action)="(/(?:list|person|unit)[^"]*)"', text)
    assert len(addresses) > 2 * ROWS
    assert [a for a in addresses if "on=2024-05-01" not in a and a != "/list/members"] == []


def test_the_menu_offers_what_the_profile_has_a_word_for(visitor: Client):
    text = visitor.get("/").content.decode()
    offered = re.findall(r'<li><a href="/list/([\w-]+)">', text)
    assert sorted(offered) == PROVINCE
    assert offered[:2] == ["persons", "members"]
