"""The pages of reports: every number leads to its records, a record to the decision behind it."""

import contextlib
import re
from html import unescape

import pytest
from django.test import Client
from openpyxl import load_workbook

from canbo.kernel.profile import profile
from canbo.reports.book import report
from canbo.reports.opened import sources
from canbo.web import remembering
from tests.web.test_objects import DAY, plain, text

pytestmark = pytest.mark.database

BOOK = "/report/term/dien-bien"
AT = "?on=2024-05-01"


def links(page: str, start: str) -> list[str]:
    """The addresses on a page that begin so."""
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', page) if found.startswith(start)]


def test_a_report_shows_every_figure_and_each_leads_on(visitor: Client):
    page = text(visitor, BOOK + AT)
    made = report("term", "dien-bien", DAY)
    for figure in made.figures():
        assert f"{BOOK}/{figure.line.id}{AT}" in links(page, BOOK)
    assert "does not hold" not in page or made.gaps()
    assert "Members" in plain(page)


def test_from_a_figure_to_its_record_to_the_decision_by_clicks(visitor: Client):
    report_page = text(visitor, BOOK + AT)
    figure = next(found for found in links(report_page, f"{BOOK}/movements.total"))
    record = links(text(visitor, figure), "/record/movement/")[0]
    why = links(text(visitor, record), "/why/movement/")[0]
    decision = links(text(visitor, why), "/decision/")[0]
    assert all("on=2024-05-01" in address for address in (figure, record, why, decision))
    assert "Move" in plain(text(visitor, decision))


def test_the_pages_of_records_are_the_figure(visitor: Client):
    made = {figure.line.id: figure for figure in report("term", "dien-bien", DAY).figures()}
    for name in ("movements.total", "members.admitted", "succession_plan.2020-2025.commune"):
        listed: list[str] = []
        number = 1
        while True:
            page = text(visitor, f"{BOOK}/{name}{AT}&page={number}")
            body = page[page.index('id="records"') :]
            listed += re.findall(r'href="(/(?:record|person)/[^"]+)">(?!Why)', body[: body.index("<footer")])
            number += 1
            if 'rel="next"' not in page:
                break
        people = {found for found in listed if found.startswith("/person/")}
        records = {found for found in listed if found.startswith("/record/")}
        assert len(records or people) == made[name].value


def test_figures_need_few_questions_however_many_their_records(visitor: Client, asks):
    for address in (f"{BOOK}/members{AT}", f"{BOOK}/members{AT}&by=age_group", f"{BOOK}/planned{AT}"):
        if visitor.get(address).status_code == 200:
            remembering.forget()
            assert asks(visitor, address) <= 32
            assert asks(visitor, address) <= 16
    remembering.forget()
    text(visitor, BOOK + AT)
    assert asks(visitor, BOOK + AT) <= 10


def test_a_share_shows_its_numerator_and_its_base(visitor: Client):
    address = "/report/term/ninh-thuan/membership.by_year.2021.share?on=2025-01-02"
    page = text(visitor, address)
    assert "numerator" in page
    assert "base" in page
    other = next(found for found in links(page, "/report/term/ninh-thuan/") if "of=2" in found)
    assert links(text(visitor, other), "/record/target/")
    assert visitor.get(f"{address}&of=3").status_code == 404
    assert visitor.get(f"{address}&of=x").status_code == 404


def test_groups_of_a_figure_add_up_to_it_and_name_what_is_unknown(visitor: Client):
    page = text(visitor, f"{BOOK}/members{AT}&by=unit")
    table = page[page.index('class="narrow"') : page.index('id="records"')]
    numbers = [int(cell.replace(",", "")) for cell in re.findall(r'class="number">([\d,]+)</td>', table)]
    members = next(f for f in report("term", "dien-bien", DAY).figures() if f.line.id == "members")
    assert sum(numbers) == members.value
    assert "Unknown" in plain(table)
    assert visitor.get(f"{BOOK}/members{AT}&by=shoe-size").status_code == 404


def test_a_bridge_leads_from_one_number_to_the_other_and_opens_its_parts(visitor: Client):
    query = "&from=2023-01-01&book=term&figure=members"
    page = text(visitor, f"/bridge/members/dien-bien{AT}{query}")
    numbers = [n.replace(",", "").replace("−", "-") for n in re.findall(r'class="number">([+−]?[\d,]+)</td>', page)]
    changes = [int(n) for n in numbers if n[0] in "+-"]
    plain_numbers = [int(n) for n in numbers if n[0] not in "+-"]
    assert plain_numbers[0] + sum(changes) == plain_numbers[-1]
    drawn = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawn) == 2, "one for wide screens, one for phones"
    told = plain(drawn[0]).replace(",", "").replace("−", "-").split()
    assert {numbers[0], *(n for n in numbers if n[0] in "+-"), numbers[-1]} <= set(told)
    assert "What changed: " in re.search(r"<title[^>]*>(.*?)</title>", drawn[0])[1]
    part = next(found for found in links(page, "/bridge/") if "part=1" in found)
    assert links(text(visitor, part), "/record/membership/")
    assert visitor.get(f"/bridge/members/dien-bien{AT}&book=term&figure=members").status_code == 400
    assert visitor.get(f"/bridge/movements/dien-bien{AT}{query}").status_code == 404


def test_a_bridge_over_which_nothing_went_has_no_picture(visitor: Client):
    page = text(visitor, "/bridge/members/dien-bien?on=2024-05-01&from=2024-05-01&book=term&figure=members")
    assert "Nothing changed it." in page
    assert "<svg" not in page


def test_a_report_is_taken_along_in_every_form(visitor: Client, tmp_path):
    page = text(visitor, BOOK + AT)
    files = links(page, "/file/")
    assert len(set(files)) == 5 * len(profile().languages)
    starts = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "html": b"<!DOCTYPE", "json": b"{"}
    for address in sorted(set(files)):
        form, language = address.split("/")[2:4]
        if language == "en":
            with contextlib.closing(visitor.get(address)) as answer:
                assert answer.status_code == 200
                assert answer.content.startswith(starts[form])
                assert f"term-dien-bien-2024-05-01.en.{form}" in answer["Content-Disposition"]
            if form == "xlsx":
                (tmp_path / "report.xlsx").write_bytes(answer.content)
                assert len(load_workbook(tmp_path / "report.xlsx", read_only=True).sheetnames) > 1
    assert visitor.get(f"/file/exe/en/term/dien-bien{AT}").status_code == 404
    assert visitor.get(f"/file/pdf/xx/term/dien-bien{AT}").status_code == 404


def test_what_no_book_has_is_said_in_words(visitor: Client):
    for address in ("/report/nothing/dien-bien", "/report/term/nobody", f"{BOOK}/nothing"):
        assert "This cannot be shown" in text(visitor, address + AT, 404)
    assert "ended" in text(visitor, "/report/term/dien-bien.muong-ang?on=2025-08-01", 404)


def test_a_figure_is_made_of_its_measures(visitor: Client):
    made = report("term", "ninh-thuan", DAY.replace(year=2025, month=1, day=2))
    for figure in made.figures():
        parts = list(sources(figure.indicator, figure.question))
        assert parts
        assert all(part.size() >= 0 for part in parts)
