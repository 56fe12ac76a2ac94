"""Vietnamese text: keys that sort by the alphabet and by given name, and forms in which marks do not matter.

The alphabet is a ă â b c d đ e ê … with the letters f, j, w and z in their Latin places; tones (level, huyền, hỏi, ngã,
sắc, nặng) decide only between words that are otherwise the same, wherever in the syllable they are written (hoà, hòa).
Letters of other Latin alphabets count as their plain letter. The database has the same functions, `vn_…_1`, made from
these tables (`registry/sql/vn_1.sql`); a test compares them. No Django here.
"""

import unicodedata

ORDER = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"": "", "\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""In the order of dictionaries; a syllable without a tone sorts first."""
FOREIGN = "6"
VOWELS = "aăâeêioôơuưy"
PLAIN = {"đ": "d", "Đ": "d", "ð": "d", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ß": "s", "ı": "i"}
"""Letters that no decomposition reduces to a plain one."""
MARKS = "".join(chr(code) for code in range(0x300, 0x370))
AFTER_WORD, AFTER_GIVEN = "\x01", "\x02"
_WEIGHT = {letter: chr(0x40 + place) for place, letter in enumerate(ORDER)}
"""Ascending bytes, above space and digits, so that the database sorts keys by COLLATE "C"."""


def _letters() -> dict[str, tuple[str, str]]:
    """Each letter with the weight it has in the alphabet and its tone."""
    found: dict[str, tuple[str, str]] = {}
    for letter in ORDER:
        for mark, tone in TONES.items() if letter in VOWELS else (("", ""),):
            whole = unicodedata.normalize("NFC", letter + mark)
            found |= dict.fromkeys((whole, whole.upper()), (_WEIGHT[letter], tone))
    for code in range(0xC0, 0x250):
        letter = chr(code)
        plain = PLAIN.get(letter, unicodedata.normalize("NFD", letter)[0]).lower()
        if letter not in found and plain in _WEIGHT:
            found[letter] = (_WEIGHT[plain], FOREIGN)
    return found


LETTERS = _letters()
FOLDED = {**PLAIN, **{letter.upper(): letter for letter in ORDER if letter.isascii()}, **dict.fromkeys(MARKS, "")}
_TO_WEIGHT = str.maketrans({letter: weight for letter, (weight, _) in LETTERS.items()})
_TO_TONE = str.maketrans({letter: tone for letter, (_, tone) in LETTERS.items()})
_TO_FOLDED = str.maketrans(FOLDED)


def fold(text: str) -> str:
    """The text in small plain letters: Nguyễn Thị Thuỷ and NGUYEN THI THUY are the same."""
    return unicodedata.normalize("NFD", text).translate(_TO_FOLDED)


def key(text: str) -> str:
    """A key that sorts by the alphabet, then by the tones."""
    composed = unicodedata.normalize("NFC", text)
    return composed.translate(_TO_WEIGHT) + AFTER_WORD + composed.translate(_TO_TONE)


def name_key(name: str) -> str:
    """A key that sorts names as lists of people do: by the given name, which comes last, then by the rest."""
    rest, _, given = name.strip(" ").rpartition(" ")
    return key(given) + AFTER_GIVEN + key(rest.rstrip(" "))


def asked(text: str) -> str:
    """What somebody typed to look for, folded, with single spaces."""
    return " ".join(fold(text).split())
