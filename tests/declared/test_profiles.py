"""The second profile stands on its own: nothing it holds or prints belongs to the first one."""

import datetime as dt
import json
import os
import re
from collections.abc import Iterator

import pytest
from django.db import connection

from canbo.access.authority import operator
from canbo.kernel.act import ACTIONS
from canbo.kernel.installation import install
from canbo.kernel.profile import Profile, load
from canbo.reports.answer import answer, catalogue
from canbo.reports.book import books, report
from canbo.reports.indicator import INDICATORS
from canbo.reports.question import ask
from canbo.reports.text import as_json, as_text
from canbo.sample.load import load_sample
from tests import clones

NAME = "association"
UNITS = ("wayside", "wayside-gb", "de-sued", "leeds", "passau-1")
DAY = dt.date(2025, 12, 31)
ENGLISH = r"""
    part(?:y|ies) cells? cadres? communes? provinc\w* politburo secretariat congress(?:es)? grassroots comrades?
    villages? districts? procurac\w* peoples people's ethnic minorit\w* majority front viet\w* ha\s?noi
    four-good rotat\w* succession payroll
"""
GERMAN = r"""
    partei\w* \w*zellen? kader\w* politbüro \w*provinz\w* kreis\w* gemeinde\w* dorf\w* dörfer genoss\w* volks\w*
    minderheit\w* nachfolgeplan\w* vertrauensabstimmung\w* grundorganisation\w* stellenplan
"""
VIETNAMESE = r"""
    đảng đoàn dang chi[-\s_]bộ chi[-\s_]bo dang[-\s_](?:vien|bo|uy) tinh[-\s_]uy huyện tỉnh xã cán\sbộ can\sbo kinh
"""
WORDS = re.compile(rf"\b(?:{'|'.join((ENGLISH + GERMAN + VIETNAMESE).split())})\b", re.IGNORECASE)
TONES = re.compile(r"[ăđơưảạãắằẳẵặấầẩẫậẻẽẹếềểễệỉĩịỏõọốồổỗộớờởỡợủũụứừửữựỳỷỹỵ]", re.IGNORECASE)
"""Letters that neither English nor German names use; á, à, â, é, è, ê, ó, ô and ú are nobody's alone."""


def foreign(text: str) -> list[str]:
    """The words of the first profile in a text."""
    return sorted({match.group() for pattern in (WORDS, TONES) for match in pattern.finditer(text)})


@pytest.fixture(scope="module")
def association(template_database, django_db_blocker) -> Iterator[Profile]:
    """The second profile with its whole sample, in a database of its own."""
    database = template_database.named(f"test_{os.getpid()}_{NAME}")
    with django_db_blocker.unblock(), clones.aimed(database):
        try:
            with install(database, profile=NAME):
                clones.admit()
                load_sample(load(NAME), by=operator())
            yield load(NAME)
        finally:
            connection.close()
            database.drop()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Party cell of a commune", ["Party", "cell", "commune"]),
        ("Parteizelle der Provinz", ["Parteizelle", "Provinz"]),
        ("Nguyễn Thị Thu", ["ễ", "ị"]),
        ("chi bo, Việt Nam, Vietnam", ["Vietnam", "chi bo", "ệ"]),
        ("Ayşe Yılmaz-Müller partially cancelled a cellar dance", []),
    ],
)
def test_the_word_lists_find_what_is_foreign_and_nothing_else(text, found):
    assert set(found) <= set(foreign(text))
    assert bool(found) == bool(foreign(text))


def test_no_file_of_the_second_profile_holds_a_foreign_word():
    folder = load(NAME).folder
    texts = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml")}
    assert len(texts) >= 7
    assert {str(path): found for path, text in texts.items() if (found := foreign(text))} == {}


@pytest.mark.database
@pytest.mark.parametrize("language", load(NAME).languages)
def test_no_report_of_the_second_profile_holds_a_foreign_word(association, language):
    for book in books(association):
        for unit in UNITS:
            made = report(book, unit, DAY)
            printed = as_text(made, language)
            assert foreign(printed) == []
            assert foreign(json.dumps(as_json(made, language), ensure_ascii=False)) == []
            assert not re.search(r"\b(figure|chapter|equation|book|text|verdict|indicator)\.\w", printed)


@pytest.mark.database
@pytest.mark.parametrize("language", load(NAME).languages)
def test_the_listing_of_the_second_profile_holds_no_foreign_word_and_no_foreign_indicator(association, language):
    listed = catalogue(language)
    assert foreign(json.dumps(listed, ensure_ascii=False)) == []
    assert {"members", "dues_paid_share", "incumbents"} <= {line["indicator"] for line in listed} < set(INDICATORS)


@pytest.mark.database
def test_no_record_of_the_second_profile_holds_a_foreign_word(association):
    question = ask("wayside", DAY, start=dt.date(2022, 1, 1))
    for line in catalogue():
        found = answer(line["indicator"], question, records=True)
        assert foreign(json.dumps(found, ensure_ascii=False)) == []
    groups = [(line["indicator"], by) for line in catalogue() for by in line["breakdowns"]]
    for name, by in groups:
        assert foreign(json.dumps(answer(name, question, by=by)["groups"])) == []


@pytest.mark.database
def test_the_association_has_3000_members_whose_figures_add_up(association):
    made = report("term", "wayside", DAY)
    counted = {figure.line.id: figure.value for figure in made.figures()}
    assert counted["members"] == 3000
    assert made.gaps() == []
    assert 0 < counted["dues.paid"] < counted["dues.owing"] < counted["members"]
    assert min(value for name, value in counted.items() if name != "members.provisional") >= 0
    empty = {name for name, value in counted.items() if not value}
    assert empty <= {"sections.dissolved"}, "every figure of the report has something to count"


@pytest.mark.database
def test_numbers_are_written_as_each_language_writes_them(association):
    made = report("term", "wayside", DAY)
    assert "Members: 3,000" in as_text(made, "en")
    assert "Mitglieder: 3.000" in as_text(made, "de")


def test_acts_have_neutral_names():
    assert foreign(" ".join(ACTIONS)) == []
