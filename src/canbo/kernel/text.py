"""Vietnamese text: keys that sort by the alphabet and by given name, and forms in which marks do not matter.

The alphabet is a ă â b c d đ e ê … with the letters f, j, w and z in their Latin places; tones (level, huyền, hỏi, ngã,
sắc, nặng) decide only between words that are otherwise the same, wherever in the syllable they are written (hoà, hòa).
Letters of other Latin alphabets count as their plain letter. The database has the same functions, `vn_…_1`, made from
these tables (`registry/sql/vn_1.sql`); a test compares them. No Django here.
"""

import unicodedata

ORDER = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = "\u0300\u0309\u0303\u0301\u0323"
"""The marks of the tones in the order of dictionaries; a syllable without one sorts first."""
VOWELS = "aăâeêioôơuưy"
PLAIN = {"đ": "d", "Đ": "d", "ð": "d", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "s", "ı": "i"}
"""Letters that no decomposition reduces to a plain one."""
MARKS = "\u0302\u031b\u0306" + "".join(chr(code) for code in range(0x300, 0x370))
COMMON = " nhigtcaoumyelrdpbskvqxjwfz"
"""The database looks through a table letter by letter, so the tables begin with what names are made of."""
AFTER_WORD, AFTER_GIVEN = "\x01", "\x02"
_WEIGHT = {letter: chr(0x40 + place) for place, letter in enumerate(ORDER)}
"""Ascending bytes, above space and digits, so that the database sorts keys by COLLATE "C"."""


def _weights() -> dict[str, str]:
    """Each letter, whole, with the weight it has in the alphabet; foreign ones weigh what their plain letter does."""
    found = {letter: _WEIGHT.get(letter, letter) for letter in COMMON}
    found |= {letter.upper(): _WEIGHT[letter] for letter in COMMON if letter in _WEIGHT}
    for letter in ORDER:
        for mark in ("", *TONES) if letter in VOWELS else ("",):
            whole = unicodedata.normalize("NFC", letter + mark)
            found |= dict.fromkeys((whole, whole.upper()), _WEIGHT[letter])
    for code in range(0xC0, 0x250):
        letter = chr(code)
        plain = PLAIN.get(letter, unicodedata.normalize("NFD", letter)[0]).lower()
        if plain in _WEIGHT:
            found.setdefault(letter, _WEIGHT[plain])
    return found


WEIGHTS = _weights()
FOLDED = (
    {letter: letter for letter in COMMON} | {letter.upper(): letter for letter in COMMON if letter.isalpha()} | PLAIN
)
FOLDED |= dict.fromkeys(TONES + MARKS, "")
TONED = {mark: str(place) for place, mark in enumerate(TONES, 1)}
TONED |= dict.fromkeys([*COMMON[1:], *COMMON[1:].upper(), *PLAIN], "")
TONED |= {mark: "" for mark in MARKS if mark not in TONES}
_TO_WEIGHT, _TO_FOLDED, _TO_TONE = str.maketrans(WEIGHTS), str.maketrans(FOLDED), str.maketrans(TONED)


def fold(text: str) -> str:
    """The text in small plain letters: Nguyễn Thị Thuỷ and NGUYEN THI THUY are the same."""
    return unicodedata.normalize("NFD", text).translate(_TO_FOLDED)


def key(text: str) -> str:
    """A key that sorts by the alphabet, then by the tones."""
    weights = unicodedata.normalize("NFC", text).translate(_TO_WEIGHT)
    return weights + AFTER_WORD + unicodedata.normalize("NFD", text).translate(_TO_TONE)


def name_key(name: str) -> str:
    """A key that sorts names as lists of people do: by the given name, which comes last, then by the rest."""
    rest, _, given = name.strip(" ").rpartition(" ")
    return key(given) + AFTER_GIVEN + key(rest.rstrip(" "))


def asked(text: str) -> str:
    """What somebody typed to look for, folded, with single spaces."""
    return " ".join(fold(text).split())
