"""Workbooks for people: what is locked, what may be chosen, what stands at the headings, and any text at all."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from canbo.exchange.columns import KEY, Field, fields
from canbo.exchange.export import Day
from canbo.exchange.template import columns, template
from canbo.exchange.workbook import LONGEST, Book
from canbo.kernel.act import ACTIONS
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import FLAG, NUMBER, SCREENS, SINCE, TEXT, WORD, YEAR, Screen
from canbo.reports.output.excel import formula, harmless, unguarded
from canbo.web.generic.views import begun
from tests.acceptance.commands import here
from tests.exchange.readers import by_calamine, by_openpyxl

SAMPLES = {"small_sample": "vi", "association": "de"}
PLACES = (Field("record", "Record", KEY), Field("title", "Title", TEXT), Field("since", "Since", SINCE))
ALPHABET = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cn"], exclude_characters="\0"), min_size=1, max_size=40
)


@pytest.fixture(scope="module", params=sorted(SAMPLES))
def said(request: pytest.FixtureRequest) -> Iterator[str]:
    """A sample, and the language in which its templates are written."""
    request.getfixturevalue(request.param)
    with override(SAMPLES[request.param]):
        yield SAMPLES[request.param]


def written(*rows: list) -> bytes:
    file = io.BytesIO()
    with Book(file, "A list", PLACES) as book:
        for row in rows:
            book.row(row)
    return file.getvalue()


@given(ALPHABET)
@example("'=1+1")
@example("''@sum")
@example("\t-1")
def test_whatever_is_made_harmless_comes_back_as_it_was(text: str):
    assert unguarded(harmless(text)) == text
    assert not formula(harmless(text))


@settings(max_examples=40, deadline=None)
@given(ALPHABET)
@example("=HYPERLINK(1)")
@example("'=1+1")
@example("_x0041_")
@example(" two  spaces ")
@example("a\r\n\x01b")
@example("001")
@example("https://example.org")
def test_every_text_is_that_text_in_a_workbook_and_marked_where_it_might_run(text: str):
    data = written([1, text, None])
    assert by_calamine(data)[0]["title"] == text
    cell = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]["B3"]
    assert (cell.data_type, bool(cell.quotePrefix)) == ("s", formula(text))


def test_a_day_is_a_day_as_far_as_it_is_known_and_a_sheet_has_such_days():
    first = dt.date(2021, 3, 1)
    days = [Day(first), Day(first, "m"), Day(first, "y"), Day(dt.date(1895, 5, 2))]
    assert by_openpyxl(written([12345678901234567, None, None]))[0]["record"] == "12345678901234567"
    found = [row["since"] for row in by_openpyxl(written(*([1, None, day] for day in days)))]
    assert found == [dt.datetime(2021, 3, 1), "2021-03", "2021", "1895-05-02"]  # noqa: DTZ001 - a day has no zone


def test_what_no_cell_can_hold_is_refused_and_not_cut_off():
    assert by_openpyxl(written([1, "x" * LONGEST, None]))[0]["title"] == "x" * LONGEST
    with pytest.raises(Refused, match="longer than a cell"):
        written([1, "x" * (LONGEST + 1), None])


def filled(screen: Screen) -> tuple[Worksheet, Worksheet | None]:
    """The sheets of a template."""
    file = io.BytesIO()
    template(screen, file)
    sheets = openpyxl.load_workbook(file).worksheets
    return sheets[0], sheets[1] if len(sheets) > 1 else None


def chosen(sheet: Worksheet, words: Worksheet | None) -> dict[str, tuple[list[str], list[str]]]:
    """By field, the words offered in its cells, and their codes."""
    found = {}
    for offer in sheet.data_validations.dataValidation:
        (cells,) = offer.sqref.ranges
        name, source = sheet.cell(2, cells.min_col).value, offer.formula1
        assert (cells.min_row, cells.max_row) == (3, 1_048_576)
        if source.startswith('"'):
            found[name] = (source.strip('"').split(","), [])
        else:
            rows = words[source.partition("!")[2].replace("$", "")]
            found[name] = ([one.value for (one,) in rows], [one.offset(0, 1).value for (one,) in rows])
    return found


@pytest.mark.database
def test_a_template_asks_for_what_the_act_needs_and_offers_the_words_of_the_profile(said: str):
    some = [SCREENS[name] for name in sorted(SCREENS) if begun(name) and SCREENS[name].opened_by]
    assert len(some) > 5
    for screen in some:
        sheet, words = filled(screen)
        of, terms = columns(screen), ACTIONS[screen.opened_by].terms.model_fields
        heads = [(label.value, name.value) for label, name in sheet.iter_cols(max_row=2)]
        assert heads == [(one.label, one.name) for one in of.values()], screen.name
        assert {term for term, one in terms.items() if one.is_required()} <= set(of), screen.name
        offered = chosen(sheet, words)
        for place, (term, one) in enumerate(of.items(), 1):
            note = sheet.cell(1, place).comment.text
            assert sheet.cell(1, place).protection.locked
            assert sheet.column_dimensions[sheet.cell(1, place).column_letter].protection is not None
            needed = bool(term) and terms[term].is_required()
            assert (REQUIRED[said] in note) == needed, f"{screen.name} {term}: {note}"
            if one.kind == WORD:
                assert offered[one.name] == (list(one.words.values()), list(one.words)), screen.name
                assert next(iter(one.words.values())) in note
            else:
                assert (one.name in offered) == (one.kind == FLAG)


REQUIRED = {"vi": "Bắt buộc.", "de": "Pflichtangabe."}


@pytest.mark.database
def test_what_only_tells_is_grey_and_locked_and_what_counts_is_open(said: str):
    for name in filter(begun, sorted(SCREENS)):
        file, some = io.BytesIO(), fields(SCREENS[name])
        with Book(file, name, some) as book:
            book.row([Day(dt.date(2021, 3, 1), "m") if one.kind == SINCE else "1" if one.words else 1 for one in some])
        sheet = openpyxl.load_workbook(file).worksheets[0]
        assert sheet.protection.sheet
        for place, one in enumerate(some, 1):
            cell = sheet.cell(3, place)
            counts = one.counts and one.kind != KEY
            assert cell.protection.locked == (not counts), one.name
            assert (cell.fill.fgColor.rgb == "FFE7E6E6") == (not counts), one.name
            assert cell.number_format == ("General" if one.kind in (NUMBER, YEAR, FLAG) else "@"), one.name


@pytest.mark.database
@pytest.mark.usefixtures("association")
def test_a_command_writes_a_template_and_refuses_where_nothing_begins(tmp_path: Path):
    file = tmp_path / "members.xlsx"
    done = here("template", "members", "--out", file, "--lang", "de")
    assert (done.code, done.out) == (0, f"{file}\n"), done.err
    assert by_openpyxl(file.read_bytes()) == []
    for words, remedy in (
        (("decisions", "--out", tmp_path / "x.xlsx"), "is a list only"),
        (("members", "--out", tmp_path / "x.csv"), "write --out FILE.xlsx"),
        (("nothing", "--out", tmp_path / "x.xlsx"), "known are"),
    ):
        refused = here("template", *words)
        assert refused.code in (2, 3)
        assert remedy in refused.err
    assert list(tmp_path.iterdir()) == [file]
