"""Deadlines: working days skip weekends and public holidays, the lunar ones and days in lieu too."""

import datetime as dt

import pytest

from canbo.kernel.profile import PACKAGED, Profile, load
from canbo.kernel.refusal import Mistake
from canbo.rules.deadlines import FILE, parameters, public_holidays
from canbo.rules.entries import entries
from canbo.rules.parameters import Parameter, in_force

SAID = {
    "id": "request.reply",
    "value": 2,
    "unit": "working-days",
    "since": "2026-01-01",
    "document": "S 1",
    "article": {"en": "§ 1"},
    "confidence": "read",
}


BOTH = SAID | {"article": {"en": "§ 1", "de": "§ 1"}}


def read(said: list[dict], monkeypatch: pytest.MonkeyPatch) -> list[Parameter]:
    """The parameters of a profile whose file says so."""
    monkeypatch.setattr(Profile, "read", lambda self, *path: said)
    return list(entries(load("association"), FILE, Parameter))


def parameter(**other: object) -> Parameter:
    """A parameter that says so."""
    return Parameter.model_validate(SAID | other)


@pytest.mark.parametrize(
    ("country", "begun", "last"),
    [
        ("VN", "2026-11-09", "2026-11-11"),  # Monday to Wednesday
        ("VN", "2026-11-06", "2026-11-10"),  # over a weekend
        ("VN", "2026-02-13", "2026-02-24"),  # over the lunar new year, which ends on a Friday
        ("VN", "2026-04-24", "2026-04-29"),  # the commemoration of the kings falls on a Sunday: Monday is in lieu
        ("VN", "2026-04-29", "2026-05-05"),  # 30 April and 1 May
        ("DE", "2026-04-02", "2026-04-08"),  # Good Friday and Easter Monday
        ("", "2026-02-13", "2026-02-17"),  # a profile without a country knows weekends only
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(country: str, begun: str, last: str):
    free = public_holidays(country) if country else ()
    assert parameter().last_day(dt.date.fromisoformat(begun), free) == dt.date.fromisoformat(last)


def test_days_are_counted_as_they_come():
    days = parameter(unit="days", value=10)
    assert days.last_day(dt.date(2026, 2, 13), public_holidays("VN")) == dt.date(2026, 2, 23)


def test_a_parameter_holds_from_a_day_until_a_day_and_the_later_one_goes_before():
    old, new = parameter(since="2023-07-01", until="2026-01-01", value=3), parameter()
    assert in_force([old, new], "request.reply", dt.date(2025, 12, 31)) is old
    assert in_force([old, new], "request.reply", dt.date(2026, 1, 1)) is new
    assert in_force([old], "request.reply", dt.date(2026, 1, 1)) is None
    assert in_force([old, parameter(until=None, since="2024")], "request.reply", dt.date(2025, 1, 1)).value == 2
    assert in_force([old, new], "request.reply", dt.date(2023, 6, 30)) is None
    assert in_force([old, new], "request.done", dt.date(2026, 1, 1)) is None


@pytest.mark.parametrize("name", sorted(path.parent.name for path in PACKAGED.glob("*/kinds.yaml")))
def test_the_profiles_say_both_deadlines_of_a_request_with_article_and_confidence(name: str):
    assert {one.id for one in parameters(name)} >= {"request.reply", "request.done"}
    assert load(name).settings["holidays"] in ("VN", "DE")


@pytest.mark.parametrize(
    ("other", "said"),
    [({"value": 0}, "value"), ({"unit": "hours"}, "unit"), ({"until": "2025"}, "does not lie after"), ({"x": 1}, "x")],
)
def test_what_cannot_be_is_refused_with_its_place(other: dict, said: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(Mistake, match=rf"rules/parameters.yaml, entry 3.*{said}"):
        read([BOTH, BOTH, BOTH | other], monkeypatch)


def test_an_article_is_said_in_every_language_of_the_profile(monkeypatch: pytest.MonkeyPatch):
    assert len(read([BOTH], monkeypatch)) == 1
    with pytest.raises(Mistake, match="the profile speaks en, de"):
        read([SAID], monkeypatch)
