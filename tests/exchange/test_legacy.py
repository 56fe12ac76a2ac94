"""Letters of before Unicode: every letter there and back, no other text touched, and how sure a guess is."""

import os
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from canbo.kernel.legacy import TCVN3, VNI, guess, is_syllable, likeliest, to_unicode
from tests.generative.steps import SEED

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
EXAMPLES = 500 if FULL else 60
LETTERS = "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđĂÂÊÔƠƯĐ"
IN_TCVN3 = "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©ª«¬\xad®¡¢£¤¥¦§"
IN_VNI = """aø aû aõ aù aï aè aú aü aé aë aà aå aã aá aä eø eû eõ eù eï eà eå eã eá eä ì æ ó í ò oø oû oõ où oï oà oå oã
oá oä ôø ôû ôõ ôù ôï uø uû uõ uù uï öø öû öõ öù öï yø yû yõ yù î aê aâ eâ oâ ô ö ñ AÊ AÂ EÂ OÂ Ô Ö Ñ""".split()  # noqa: SIM905
TABLES = {TCVN3: dict(zip(LETTERS, IN_TCVN3, strict=True)), VNI: dict(zip(LETTERS, IN_VNI, strict=True))}
TABLES[VNI] |= {letter.upper(): said.upper() for letter, said in TABLES[VNI].items() if letter.islower()}
MOTTO = "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập – Tự do – Hạnh phúc"
NAMES = ("Nguyễn Văn Hùng", "Trần Thị Thuỷ", "Lê Đức Thọ", "Phạm Quỳnh Hương", "Vừ A Dế", "Đặng Trường Giang")
SMALL = "".join(letter for letter in LETTERS if letter.islower())
PLAIN = "abcdeghiklmnopqrstuvxy"


def old(text: str, encoding: str) -> str:
    """The text as a machine of that time kept it: its own table, written down apart from Canbo's."""
    table = TABLES[encoding]
    if encoding == TCVN3:
        return "".join(table.get(letter, table.get(letter.lower(), letter)) for letter in text)
    return "".join(table.get(letter, letter) for letter in text)


@pytest.mark.parametrize("encoding", TABLES)
@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_comes_back(letter, encoding):
    assert to_unicode(old(letter, encoding), encoding) == letter
    assert to_unicode(f"x{old(letter, encoding)}x", encoding) == f"x{letter}x"


@pytest.mark.skipif(not shutil.which("iconv"), reason="another program's table of TCVN 5712")
def test_the_table_of_tcvn3_is_that_of_the_standard():
    told = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=IN_TCVN3.encode("latin-1"), capture_output=True, check=True
    )
    assert unicodedata.normalize("NFC", told.stdout.decode()) == LETTERS


def test_what_people_know_by_heart_is_read():
    assert to_unicode("Céng hßa x· héi chñ nghÜa ViÖt Nam, §éc lËp – Tù do – H¹nh phóc", TCVN3) == MOTTO
    assert to_unicode("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp – Töï do – Haïnh phuùc", VNI) == MOTTO


def test_capitals_that_only_a_font_draws_are_capitals_where_the_word_is():
    assert to_unicode("NGUYÔN THÞ LY", TCVN3) == "NGUYỄN THỊ LY"
    assert to_unicode("NguyÔn", TCVN3) == "Nguyễn"
    assert to_unicode("NGUYEÃN THÒ", VNI) == to_unicode("NGUYEãN THÒ", VNI) == "NGUYỄN THỊ"


@pytest.mark.parametrize("text", ["Nguyễn Văn Hùng", "plain", "", "đ", "Trần"])
@pytest.mark.parametrize("encoding", TABLES)
def test_what_is_unicode_already_stays(text, encoding):
    assert to_unicode(text, encoding) == text
    assert to_unicode(unicodedata.normalize("NFD", text), encoding) == text


words = st.text(SMALL + PLAIN, min_size=1, max_size=8)
capitalised = st.builds(lambda first, word: first + word, st.sampled_from("ABCDĐĂÂÊÔƠƯ"), words)


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(words | capitalised, min_size=1, max_size=6))
def test_any_words_come_back_from_tcvn3(said):
    text = " ".join(said)
    assert to_unicode(old(text, TCVN3), TCVN3) == text


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(SMALL + SMALL.upper() + PLAIN + PLAIN.upper() + " -,.1", max_size=40))
def test_any_text_comes_back_from_vni(text):
    assert to_unicode(old(text, VNI), VNI) == unicodedata.normalize("NFC", text)


@seed(SEED)
@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(), st.sampled_from([TCVN3, VNI]))
def test_whatever_the_text_the_answer_is_composed_and_reading_it_twice_is_reading_it_once(text, encoding):
    once = to_unicode(text, encoding)
    assert unicodedata.is_normalized("NFC", once)
    if any(letter > "ÿ" and letter in LETTERS for letter in once):
        assert to_unicode(once, encoding) == once


@pytest.mark.parametrize("encoding", TABLES)
def test_names_in_old_letters_are_recognised_and_more_of_them_make_it_surer(encoding):
    few = guess([old(NAMES[0], encoding)])
    many = guess([old(name, encoding) for name in NAMES])
    assert few.encoding == many.encoding == encoding
    assert 0.4 < few.sure < many.sure
    assert many.sure >= 0.75
    assert (few.before, few.after) == (old("Nguyễn", encoding), "Nguyễn")


@pytest.mark.parametrize(
    "texts",
    [NAMES, ["Müller", "Größe", "Straße"], ["Café Élysée", "garçon"], ["plain", "12"], [], ["Lê"], ["Hà", "Lê"]],
    ids=["unicode", "german", "french", "ascii", "nothing", "a name in any of them", "two of them"],
)
def test_nothing_is_offered_where_a_text_may_stand_as_it_is(texts):
    assert guess(texts) is None


def test_a_tie_is_no_answer():
    assert likeliest(["Hà"], {"a": str, "b": str}) is None
    assert likeliest(["Hà"], {"a": str, "b": lambda word: "?"}).encoding == "a"


@pytest.mark.parametrize("word", [*" ".join(NAMES).split(), "nghiêng", "giếng", "quốc", "khuỷu", "ỷ", "HÀ"])
def test_syllables_are_known(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Mỹller", "Cafộ", "ngyễn", "tắ́c", "các̀h", "NguyễN", "lăp", "ccc", "", "x"])
def test_what_nobody_says_is_no_syllable(word):
    assert not is_syllable(word)
