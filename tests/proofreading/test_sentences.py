"""Sentence by sentence: each kind of claim in three languages, and what only looks like one."""

import unicodedata
from pathlib import Path

import pytest

from canbo.reports.proofreading.proofread import proofread
from canbo.reports.proofreading.verdicts import ERRORS

LINES = [
    (path.stem, *(part.strip() for part in line.rsplit("|", 1)))
    for path in sorted((Path(__file__).parent / "sentences").rglob("*.txt"))
    for line in path.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize(("language", "sentence", "wanted"), LINES)
def test_a_sentence_is_read_as_it_is_meant(language, sentence, wanted):
    found = [claim.verdict for claim in proofread(sentence.replace("\\n", "\n"), language)]
    errors = [verdict for verdict in found if verdict in ERRORS]
    if wanted in ("none", "any"):
        assert not errors
    else:
        assert bool(errors) == any(verdict in ERRORS for verdict in wanted.split())
        assert set(wanted.split()) <= set(found)


TRAPS = {
    "vi": [
        "Ngày 14/10/2023, Ban Thường vụ ban hành Kế hoạch số 158-KH/TU thực hiện Chỉ thị số 35-CT/TW.",
        "Nhiệm kỳ 2020 - 2025, cán bộ từ 35 đến 45 tuổi tham gia lớp học lúc 8 h 30 ngày 15/7.",
        "Căn cứ Điều 5, Khoản 2 Nghị định số 170/2025/NĐ-CP, mục 3.2.1 và phụ lục 2, trang 47.",
        "Mọi thắc mắc xin gọi số 0215 3825 117, đường dây nóng phục vụ 24/7.",
    ],
    "en": [
        "Under Article 12(3) and Resolution No. 66 of 4 March 2023 we met on 14/10/2023 at 9.30 a.m.; see page 47.",
        "Members aged from 18 to 35 may join; groups have from 10 to 15 members; see the 2020–2025 strategy.",
        "Call 020 7946 0958, open 24/7; sections 3.2.1 and II.1 apply to the 40-year badge.",
    ],
    "de": [
        "Gemäß § 9 Abs. 2 und Beschluss Nr. 66 vom 14.10.2023 tagt der Ausschuss am 3. Mai um 10.30 Uhr, Seite 47.",
        "Das Programm 2020–2025 gilt für 18- bis 27-Jährige in Gruppen von 10 bis 15 Personen, Tel. 0351 4471-120.",
    ],
}


@pytest.mark.parametrize(("language", "sentence"), [(code, said) for code, all_ in TRAPS.items() for said in all_])
def test_numbers_that_count_nothing_are_no_claims(language, sentence):
    assert proofread(sentence, language) == []


def test_the_answer_names_line_quote_and_both_values():
    (found,) = proofread("Report\n\nThe committee has 45 members: 30 men and 16 women.", "en")
    assert found.as_json() == {
        "line": 3,
        "quote": "45 members: 30 men and 16",
        "kind": "sum",
        "claimed": "45",
        "computed": "46",
        "verdict": "fails",
    }


def test_an_average_without_a_period_names_the_periods_that_fit():
    (found,) = proofread("The line has handled 3,906 enquiries, an average of 1,116 a year.", "en")
    assert (found.verdict, found.computed) == ("unclear", "42 months")


@pytest.mark.parametrize(
    ("hedge", "wanted"),
    [("nearly 2,500", "holds"), ("about 2,400", "holds"), ("over 2,400", "holds"), ("over 2,500", "unclear")],
)
def test_a_hedge_holds_within_five_per_cent_on_its_side(hedge, wanted):
    (found,) = proofread(f"The office admitted 8,279 people in 40 months, on average {hedge} a year.", "en")
    assert found.verdict == wanted


def test_letters_in_parts_and_the_language_are_recognised():
    composed = "Số đơn vị giảm từ 129 xuống còn 45, giảm 74 đơn vị."
    decomposed = unicodedata.normalize("NFD", composed)
    assert [claim.verdict for claim in proofread(decomposed)] == ["fails"]


@pytest.mark.parametrize("group", [" ", "\u00a0", "\u202f", "."])
def test_thousands_are_grouped_by_a_point_or_a_space(group):
    (found,) = proofread(f"Von 1{group}446 Dörfern haben 949 einen Vorstand (65,63 %).", "de")
    assert (found.verdict, found.computed) == ("rounds", "0.656293")


def test_a_number_in_the_format_of_another_language_is_never_an_error():
    found = proofread("Of the 1.446 villages 949 have a board (70 %).", "en")
    assert not [claim for claim in found if claim.verdict in ERRORS]
