"""Every profile says everything it may have to print, in every language it announces, and nothing besides."""

import unicodedata
from collections.abc import Iterator

import pytest

from canbo.kernel.act import ACTIONS
from canbo.kernel.declare import scan
from canbo.kernel.profile import PACKAGED, Profile, load
from canbo.kernel.screen import SCREENS
from canbo.reports.book import Pages, books
from canbo.reports.collection import STATES
from canbo.reports.indicator import INDICATORS
from canbo.reports.output.compose import WORDS
from canbo.reports.pictures import name_of

PROFILES = sorted(path.parent.name for path in PACKAGED.glob("*/kinds.yaml"))
SPOKEN = [
    pytest.param(name, language, id=f"{name}-{language}") for name in PROFILES for language in load(name).languages
]
SAID = (
    "no_base", "published", "as_of", "period", "known", "at_day", "in_period", "opening", "closing", "later",
    "signed_off_as", "anchor", "not_shown", "withheld",
)  # fmt: skip
CAUSES = (
    *(f"{why}{way}" for why in ("change", "expiry", "learnt") for way in ("", "_in", "_out")),
    *(f"{why}{way}" for why in ("period", "scope", "about") for way in ("_in", "_out")),
    "per_year",
)
EVERYWHERE = {
    *(f"text.{name}" for name in (*SAID, *WORDS)),
    *(f"{group}.{name}" for group in ("relation", "relation_note") for name in ("about", "nearly", "over")),
    *(f"age.{name}" for name in ("between", "from", "to")),
    *(f"date.{name}" for name in ("long", "short", "moment")),
    *(f"month.{number}" for number in range(1, 13)),
    *(f"verdict.{name}" for name in ("holds", "rounds", "cut", "fails", "unclear", "impossible")),
    *(f"cause.{name}" for name in CAUSES),
    *(f"collection.{name}" for name in (*STATES, "overdue", "without", "at_most")),
    "group.unknown",
}
OPTIONAL = {"text.motto"}
GROUPS_OF_MINORITY = {"group.minority", "group.majority"}


@pytest.fixture(scope="module", autouse=True)
def _declared():
    scan("canbo.reports")


def pages(profile: Profile) -> Iterator[tuple[str, Pages]]:
    """All files of all books."""
    for name in books(profile):
        for path in profile.files(f"books/{name}"):
            yield name, Pages.model_validate(profile.read("books", name, path.name))


def printed(profile: Profile) -> set[str]:
    """The paths of words that vocabularies and books of a profile make appear."""
    paths = {f"{name}.{code}" for name, codes in profile.vocabularies.items() for code in codes}
    for name, part in pages(profile):
        paths |= {f"book.{name}", *(f"equation.{equation.id}" for equation in part.equations)}
        for chapter in part.chapters:
            paths |= {f"chapter.{chapter.id}", *(f"figure.{line.id}" for line in chapter.figures)}
            paths |= {f"indicator.{line.indicator}" for line in chapter.figures}
        for picture in part.pictures:
            paths.add(f"picture.{picture.id}")
            paths |= {f"breakdown.{name_of(axis)}" for axis in (picture.bars, picture.segments) if axis}
    return paths | EVERYWHERE | acts()


def acts() -> set[str]:
    """What acts are called: each by its name, corrections all alike."""
    names = {"correct" if name.endswith(".correct") else name for name in ACTIONS}
    return {f"act.{name}" for name in (*names, "decision.annul", "unnamed")}


def listed(words: set[str]) -> set[str]:
    """What the catalogue prints of the indicators that have a word: their names and some of their breakdowns."""
    names = {name for name in INDICATORS if f"indicator.{name}" in words}
    breakdowns = {f"breakdown.{by}" for name in names for by in INDICATORS.ask(name).by}
    allowed = {f"indicator.{name}" for name in names} | breakdowns | {f"screen.{name}" for name in SCREENS}
    return allowed | (GROUPS_OF_MINORITY if "breakdown.minority" in words else set())


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_whatever_a_profile_prints_has_a_word(name, language):
    profile = load(name)
    assert sorted(printed(profile) - set(profile.words[language])) == []


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_no_word_is_without_use(name, language):
    profile = load(name)
    words = set(profile.words[language])
    assert sorted(words - printed(profile) - listed(words) - OPTIONAL) == []


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_all_languages_say_the_same_things(name, language):
    profile = load(name)
    assert set(profile.words[language]) == set(profile.words[profile.languages[0]])


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_words_are_composed_trimmed_and_no_paths(name, language):
    words = load(name).words[language]
    odd = {
        path: word
        for path, word in words.items()
        if word != unicodedata.normalize("NFC", word).strip() or not word or word == path or "_" in word
    }
    assert odd == {}
    assert words["text.published"].format(printed="3285").count("3285") == 1


@pytest.mark.parametrize("name", PROFILES)
def test_no_language_is_there_that_the_profile_does_not_announce(name):
    profile = load(name)
    assert set(profile.words) == set(profile.languages)


def test_the_province_has_a_word_for_every_indicator_and_breakdown():
    words = set(load("vietnam-province").words["vi"])
    wanted = {f"indicator.{name}" for name in INDICATORS}
    wanted |= {f"breakdown.{by}" for indicator in INDICATORS.values() for by in indicator.by}
    assert sorted((wanted | GROUPS_OF_MINORITY) - words) == []
