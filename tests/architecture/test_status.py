"""The status page tells every function of the mission and is what the command prints."""

import json

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from canbo import cli
from canbo.cli.status import Function, as_markdown, functions
from tests.architecture.contracts import ROOT


def test_every_function_of_the_mission_has_one_row():
    assert [row.id for row in functions()] == [f"F{number:02}" for number in range(1, 44)]


def test_the_page_of_the_reference_is_what_the_command_prints():
    page = (ROOT / "docs/reference/status.md").read_text(encoding="utf-8")
    assert page == as_markdown(functions()), "run `just reference`"


def test_the_json_holds_the_rows():
    rows = json.loads(CliRunner().invoke(cli.app, ["status", "--json"]).output)
    assert len(rows) == 43
    assert {row["state"] for row in rows} <= {"done", "partial", "not begun"}


@pytest.mark.parametrize(("state", "missing"), [("partial", ""), ("done", "a page"), ("nearly", "")])
def test_a_row_that_hides_what_is_missing_is_refused(state, missing):
    with pytest.raises(ValidationError):
        Function(id="F01", title="Documents", state=state, missing=missing)
