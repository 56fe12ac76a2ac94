"""Vietnamese text: the alphabet, tones and given names decide the order, marks do not matter to search, and the
database says the same as Python, of every letter.
"""

import itertools
import random
import unicodedata

import pytest
from django.db import connection

from canbo.kernel.text import WEIGHTS, asked, fold, key, name_key
from canbo.registry.facts import content
from canbo.registry.people.models import Particulars
from tests.generative.register import decide, plain, set_up

NAMES = ["Trần Văn An", "Lê Thị An", "Nguyễn Ân", "Bùi Ánh", "Đỗ Bảo", "Vàng Thị Dua", "Giàng A Dơ", "Lò Đào", "Hồ Y"]
WORDS = ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mắ", "mâ", "mb", "mo", "mô", "mơ", "mu", "mư"]


def test_the_alphabet_decides_before_the_tones():
    for seed in range(5):
        mixed = random.Random(seed).sample(WORDS, len(WORDS))
        assert sorted(mixed, key=key) == WORDS


def test_people_are_listed_by_given_name_then_by_the_rest():
    assert sorted(NAMES, key=name_key) == [
        "Lê Thị An", "Trần Văn An", "Bùi Ánh", "Nguyễn Ân", "Đỗ Bảo", "Giàng A Dơ", "Vàng Thị Dua", "Lò Đào", "Hồ Y",
    ]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), [("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("Khoẻ", "Khỏe"), ("ĐẶNG", "đặng")])
def test_where_the_tone_is_written_and_capitals_make_no_difference(one: str, other: str):
    assert key(one) == key(other)
    assert key(unicodedata.normalize("NFD", one)) == key(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("Nguyễn Thị Thuỷ", "nguyen thi thuy"), ("  ĐIỆN   BIÊN ", "dien bien"), ("36-HD/BTCTU", "36-hd/btctu"),
     ("Müller Straße", "muller strase"), ("", "")],
)  # fmt: skip
def test_marks_and_capitals_do_not_matter_to_search(written: str, typed: str):
    assert asked(written) == typed
    assert asked(unicodedata.normalize("NFD", written)) == typed


def texts() -> list[str]:
    """Every letter alone and decomposed, words and names, and random mixtures of all of them."""
    letters = [*WEIGHTS, *(chr(code) for code in range(0x20, 0x17F)), *"0'\\%_–…кяﬁ语"]
    forms = [form for letter in letters for form in (letter, unicodedata.normalize("NFD", letter))]
    chance = random.Random(1)
    mixed = ["".join(chance.choices([*letters, " "], k=chance.randint(0, 14))) for _ in range(2000)]
    full = [" ".join(pair) for pair in itertools.permutations([*NAMES, *WORDS], 2)]
    return [*forms, *NAMES, *WORDS, *mixed, *full, "", " ", " a ", "a  b"]


@pytest.mark.database
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("python", "function"),
    [(fold, "vn_fold_1"), (key, "vn_key_1"), (name_key, "vn_name_key_1")],
    ids=["fold", "key", "name_key"],
)
def test_the_database_says_the_same(python, function: str):
    told = texts()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t, canbo.{function}(t) FROM unnest(%s::text[]) t", [told])
        wrong = [(text, found, python(text)) for text, found in cursor.fetchall() if found != python(text)]
    assert wrong[:5] == []


@pytest.mark.database
@pytest.mark.django_db
def test_who_is_renamed_is_sorted_and_found_by_the_new_name():
    with plain():
        set_up()
        decide("d1", ("person.rename", {"on": "2021-01-01", "person": "p1", "name": "Đặng Thị Ước"}))
    versions = Particulars.objects.filter(person__code="p1").order_by("pk")
    assert len(versions) == 3
    assert [row.name_key == name_key(row.name) for row in versions] == [True] * 3
    assert [row.name_fold for row in versions if row.recorded.upper is None][-1] == "dang thi uoc"


def test_what_the_database_derives_is_not_content():
    assert {field.name for field in content(Particulars)} & {"name_key", "name_fold"} == set()
    assert "name" in {field.name for field in content(Particulars)}
