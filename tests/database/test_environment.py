"""Settings: every CANBO_ variable is known and typed; a mistake names its place and the cure, never a secret."""

import os
from pathlib import Path

import pytest

from canbo.config.environment import environment
from canbo.kernel.refusal import Mistake


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in [name for name in os.environ if name.startswith("CANBO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CANBO_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("CANBO_DATABSE_URL", "x", "CANBO_DATABSE_URL is not a setting; did you mean CANBO_DATABASE_URL"),
        ("CANBO_QQ_XYZZY", "x", "known are CANBO_BACKUP_DATABASE_URL, CANBO_DATA, "),
        ("CANBO_DATABASE_URL", "mysql://app:s3cret@host/db", "CANBO_DATABASE_URL is no address of a database; write"),
        ("CANBO_DATABASE_URL", "postgresql://app:s3cret@host", "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
        ("CANBO_OWNER_DATABASE_URL", "s3cret", "CANBO_OWNER_DATABASE_URL is no address"),
        ("CANBO_DATABASE_NAME", "Robert'); DROP TABLE", "CANBO_DATABASE_NAME is no name of a database; write small"),
        ("CANBO_TIME_ZONE", "Hanoi", "CANBO_TIME_ZONE is no time zone; write a name such as Asia/Ho_Chi_Minh"),
        ("CANBO_PG_BIN", "/usr", "CANBO_PG_BIN holds no `initdb`; name the folder"),
        ("CANBO_DATA", "/etc/passwd", "CANBO_DATA is a file; name a folder"),
    ],
)
def test_a_mistake_names_its_place_and_the_cure(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(Mistake) as mistake:
        environment()
    assert sentence in str(mistake.value)
    assert "s3cret" not in str(mistake.value)
    assert mistake.value.exit_code == 2


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CANBO_TIME_ZONE", "Hanoi")
    monkeypatch.setenv("CANBO_PG_BIN", "/usr")
    monkeypatch.setenv("CANBO_TYPO", "1")
    with pytest.raises(Mistake, match=r"(?s)CANBO_TYPO.*CANBO_TIME_ZONE.*CANBO_PG_BIN"):
        environment()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CANBO_DATABASE_URL", "")
    assert environment().database().cluster


def test_without_a_setting_the_data_lie_with_the_users(monkeypatch: pytest.MonkeyPatch, bare: Path):
    monkeypatch.delenv("CANBO_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(bare))
    assert environment().data == bare / "canbo"
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setenv("HOME", str(bare))
    assert environment().data == bare / ".local/share/canbo"


def test_the_database_that_was_made_last_is_the_current_one(bare: Path, monkeypatch: pytest.MonkeyPatch):
    assert environment().database().name == "canbo"
    environment().remember(environment().database().named("demo"))
    assert environment().database().name == "demo"
    monkeypatch.setenv("CANBO_DATABASE_NAME", "other")
    assert environment().database().name == "other"


@pytest.mark.parametrize("content", ["", "demo", "{}", '{"database": "demo", "time_zone": "Hanoi"}'])
def test_a_garbled_note_of_the_current_database_names_the_file_and_the_cure(bare: Path, content: str):
    (bare / "current.json").write_text(content)
    with pytest.raises(Mistake, match=r"current\.json cannot be read .*Remove it and run `canbo init`"):
        environment().database()


def test_reading_the_settings_touches_nothing(bare: Path):
    environment().database().django()
    assert list(bare.iterdir()) == []
