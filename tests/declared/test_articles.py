"""The articles of a profile: those that ship are whole; a file that says what cannot be is refused with its place."""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from canbo.kernel import profile
from canbo.kernel.act import ACTIONS
from canbo.kernel.profile import PACKAGED
from canbo.kernel.refusal import Mistake
from canbo.rules.articles import articles
from tests.acceptance.commands import canbo

PLAIN = Path(__file__).resolve().parents[1] / "profiles" / "plain"
GOOD = {
    "act": "membership.leave",
    "where": "{ending: left}",
    "since": "2020-01-01",
    "document": "S 1",
    "article": "{en: § 2}",
    "confidence": "read",
}
DAY = dt.date(2024, 5, 1)


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., object]]:
    """`said(since="2021")`: the articles of a profile whose second entry says so; None leaves a key out."""
    monkeypatch.setenv("CANBO_PROFILES", str(tmp_path))
    shutil.copytree(PLAIN, tmp_path / "strict")
    (tmp_path / "strict/rules").mkdir()

    def write(**other: str | None) -> object:
        entries = [GOOD, GOOD | other]
        said = (", ".join(f"{key}: {value}" for key, value in entry.items() if value is not None) for entry in entries)
        text = "".join(f"- {{{one}}}\n" for one in said)
        (tmp_path / "strict/rules/acts.yaml").write_text(text, encoding="utf-8")
        articles.cache_clear()
        return articles("strict")

    yield write
    articles.cache_clear()
    profile.load.cache_clear()


@pytest.mark.parametrize("name", sorted(path.parents[1].name for path in PACKAGED.glob("*/rules/acts.yaml")))
def test_the_articles_of_a_profile_load_and_name_acts_that_there_are(name):
    assert {"membership.admit", "membership.leave", "service.appoint"} <= set(articles(name)) <= set(ACTIONS)


def test_both_profiles_have_articles_and_one_without_the_file_has_none(said):
    assert {"association", "vietnam-province"} == {path.parents[1].name for path in PACKAGED.glob("*/rules/acts.yaml")}
    (one, other) = said()["membership.leave"]
    assert one == other
    shutil.rmtree(profile.load("strict").folder / "rules")
    articles.cache_clear()
    assert articles("strict") == {}


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"act": "membership.depart"}, "there is no act 'membership.depart'; known are, among others: membership."),
        ({"sinse": "2021-01-01"}, "unknown key 'sinse'; known are: since, until"),
        ({"since": None}, "since: Field required"),
        ({"since": "May"}, "since: Value error, 'May' is not a date"),
        ({"until": "2019-12-31"}, "until 2019-12-31 does not lie after since 2020-01-01"),
        ({"confidence": "rumoured"}, "confidence: Input should be 'read', 'known' or 'unsure'"),
        ({"where": "{manner: left}"}, "where: no kind of fact has the code 'manner'"),
        ({"where": "{ending: vanished}"}, "where.ending: 'vanished' is not in the profile; it has: died, left"),
        ({"article": "{de: § 2}"}, "article: says de; the profile speaks en"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_with_its_file_and_place(said, other, words):
    with pytest.raises(Mistake) as refused:
        said(**other)
    act = other.get("act", GOOD["act"])
    assert str(refused.value).startswith(f"profile strict: rules/acts.yaml, entry 2 ({act}): ")
    assert words in str(refused.value)


@pytest.mark.database
def test_nothing_starts_on_a_profile_with_a_wrong_entry(fresh_database, tmp_path, monkeypatch):
    shutil.copytree(PACKAGED / "vietnam-province", tmp_path / "vietnam-province")
    assert canbo("check").code == 0
    with (tmp_path / "vietnam-province/rules/acts.yaml").open("a", encoding="utf-8") as file:
        file.write("- {act: membership.admit, fro: 2021}\n")
    monkeypatch.setenv("CANBO_PROFILES", str(tmp_path))
    said = canbo("check")
    assert (said.code, said.out) == (2, "")
    assert re.search(r"rules/acts\.yaml, entry \d+ \(membership\.admit\): .*unknown key 'fro'", said.err)


def test_an_article_governs_from_its_first_day_until_the_day_of_the_next_one(said):
    (_, one) = said(since="2021-07", until="2024-05-01")["membership.leave"]
    days = {day: one.governs(day, {"ending": "left"}) for day in
            (dt.date(2021, 6, 30), dt.date(2021, 7, 1), dt.date(2024, 4, 30), dt.date(2024, 5, 1))}  # fmt: skip
    assert list(days.values()) == [False, True, True, False]
    (_, lasting) = said(until="null", where="{ending: [left, died]}")["membership.leave"]
    assert [lasting.governs(DAY, {"ending": ending}) for ending in ("left", "died", "")] == [True, True, False]
