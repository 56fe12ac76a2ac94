"""Vietnamese of the time before Unicode: TCVN3 (fonts named .VnTime) and VNI, to composed letters (NFC).

Such text is Latin letters on the machine and Vietnamese only in its font: "NguyÔn" is TCVN3, "Nguyeãn" VNI for the same
name. Nothing here converts unasked: `guess` says what a text looks like and how sure that is, `to_unicode` does what
somebody has decided. No Django here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from canbo.kernel.text import TONES, VOWELS

TCVN3, VNI = "tcvn3", "vni"
MOST = 2000
"""Different words that a guess looks at."""
_BARE = dict(zip("¡¢£¤¥¦§¨©ª«¬\xad®", "ĂÂÊÔƠƯĐăâêôơưđ", strict=True))
_TONED = bytes.fromhex(
    "B5B6B7B8B9 BBBCBDBEC6 C7C8C9CACB CCCECFD0D1 D2D3D4D5D6 D7D8DCDDDE"
    "DFE1E2E3E4 E5E6E7E8E9 EAEBECEDEE EFF1F2F3F4 F5F6F7F8F9 FAFBFCFDFE"
).decode("latin-1")
"""The codes of TCVN3 for each vowel with its five tones, in the order of `VOWELS` and `TONES`."""
_WORD = re.compile(r"[^\s\x00-\x40\x5b-\x60\x7b-\x7e]+")
"""Letters and what legacy fonts draw as letters: everything but blanks and ASCII punctuation."""
_SPELT = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep
    et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai
    oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc
    ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uâc uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm
    uôn uông uôt up ut uy uya uych uynh uyên uyêt uyt uyu ư ưa ưc ưi ưm ưng ươc ươi ươm ươn ương ươp ươt ươu
    ưt ưu y yêm yên yêng yêt yêu
"""
_RHYMES = frozenset(_SPELT.split())
_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnpqrstvx")


def _whole(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


def _tcvn3() -> dict[str, str]:
    wholes = [_whole(vowel, tone) for vowel in VOWELS for tone in TONES]
    return _BARE | dict(zip(_TONED, wholes, strict=True))


def _vni() -> dict[str, str]:
    """What VNI writes: a vowel and a sign for its tone, for the hat and the tone, for the bow and the tone."""
    found = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
    for bases, shape, signs in (("aeouyôö", "", "øûõùï"), ("aeo", "\u0302", "àåãáä"), ("a", "\u0306", "èúüéë")):
        for base in bases:
            letter = found.get(base, base) + shape
            found |= {base + sign: _whole(letter, tone) for sign, tone in zip(signs, TONES, strict=True)}
    found |= {"aâ": "â", "eâ": "ê", "oâ": "ô", "aê": "ă"}
    for said, letter in list(found.items()):
        found |= dict.fromkeys((said.upper(), said[0].upper() + said[1:]), letter.upper())
    return found


TABLES: Mapping[str, Mapping[str, str]] = {TCVN3: _tcvn3(), VNI: _vni()}
"""Per encoding what stands in the text and which letter it means."""
_FIND = {
    name: re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True)))) for name, table in TABLES.items()
}
_UNICODE = frozenset(letter for table in TABLES.values() for letter in table.values() if letter > "ÿ")
"""Vietnamese letters that no legacy text can hold."""


def to_unicode(text: str, encoding: str) -> str:
    """The text in Unicode (NFC), read as TCVN3 or VNI; one with Vietnamese letters of Unicode is none and stays.

    Capitals with tones are no letters of TCVN3: its capital fonts draw them from small ones, so a word whose plain
    letters are capitals (at least two) is one in capitals.
    """
    if text.isascii() or not _UNICODE.isdisjoint(text):
        return unicodedata.normalize("NFC", text)
    table = TABLES[encoding]

    def converted(word: re.Match[str]) -> str:
        said = _FIND[encoding].sub(lambda found: table[found[0]], word[0])
        plain = [letter for letter in word[0] if letter.isascii()]
        loud = encoding == TCVN3 and len(plain) > 1 and all(map(str.isupper, plain))
        return said.upper() if loud else said

    return unicodedata.normalize("NFC", _WORD.sub(converted, text))


@dataclass(frozen=True)
class Guess:
    """What a text looks like: the encoding, how sure that is (0 to 1), and a word before and after."""

    encoding: str
    sure: float
    before: str
    after: str


def guess(texts: Iterable[str]) -> Guess | None:
    """The legacy encoding that texts look like, or None where they may stand as they are."""
    readings: dict[str, Callable[[str], str]] = {"": str}
    readings |= {name: (lambda word, name=name: to_unicode(word, name)) for name in TABLES}
    best = likeliest(texts, readings)
    return best if best and best.encoding in TABLES else None


def likeliest(texts: Iterable[str], readings: Mapping[str, Callable[[str], str]]) -> Guess | None:
    """The reading under which most words are Vietnamese syllables; None where none is ahead of the others.

    Counted are different words with letters beyond ASCII. `sure` is by what share of them the best reading is ahead,
    a little less for few words. The reading "" is the text as it is, for which every other Western word counts too.
    """
    words: dict[str, None] = {}
    for text in texts:
        if not text.isascii():
            words |= dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
        if len(words) > MOST:
            break
    counts, example = dict.fromkeys(readings, 0), dict[str, tuple[str, str]]()
    for word in words:
        spoken = {name: said for name, read in readings.items() if is_syllable(said := read(word))}
        if not spoken and "" in readings and western(word):
            spoken = {"": word}
        for name, said in spoken.items():
            counts[name] += 1
            example.setdefault(name, (word, said))
    ranked = sorted(counts, key=lambda name: -counts[name])
    ahead = counts[ranked[0]] - max((counts[name] for name in ranked[1:]), default=0)
    if ahead <= 0:
        return None
    return Guess(ranked[0], round(ahead / (len(words) + 1), 2), *example[ranked[0]])


def is_syllable(word: str) -> bool:
    """Can a word be a Vietnamese syllable: an onset, a rhyme and at most one tone that this rhyme takes?"""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in parts if mark in TONES]
    bare = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in TONES))
    after = (bare.removeprefix(onset) for onset in _ONSETS if bare.startswith(onset))
    known = bare in _RHYMES or any(rhyme in _RHYMES and not rhyme.startswith("yê") for rhyme in after)
    stopped = bare.endswith(("c", "ch", "p", "t"))
    return known and len(tones) <= 1 and (not stopped or tones in (["\u0301"], ["\u0323"]))


def western(word: str) -> bool:
    """Does a word look like one of another Latin language: letters only, no capital after a small one?"""
    return word.isalpha() and (word.islower() or word.isupper() or word[1:].islower())
