"""Every command has help, is listed in the help of `canbo`, and ends with the promised exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from canbo import cli
from canbo.kernel.refusal import Mistake, Refused
from tests.architecture.contracts import ROOT

MODULES = (path.stem for path in Path(cli.__file__).parent.glob("*.py") if not path.stem.startswith("_"))
NAMES = sorted(name.rstrip("_").replace("_", "-") for name in MODULES)


def test_every_module_of_the_folder_is_a_command():
    assert sorted(cli.commands()) == NAMES
    assert {command.name for command in cli.app.registered_commands} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_has_help(name):
    shown = CliRunner().invoke(cli.app, [name, "--help"])
    assert shown.exit_code == 0, shown.output
    first_line = cli.commands()[name].__doc__.strip().splitlines()[0]
    assert first_line.split()[0] in shown.output
    assert name in CliRunner().invoke(cli.app, ["--help"]).output


@pytest.mark.parametrize(
    ("error", "code"), [(Refused("no_quorum", "Too few came.", article="art. 5"), 3), (Mistake("no_unit"), 2)]
)
def test_a_refusal_is_one_sentence_and_an_exit_code(error, code, monkeypatch, capsys):
    broken = typer.Typer()

    @broken.command()
    def refuse() -> None:
        raise error

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "argv", ["canbo"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == code
    assert capsys.readouterr().err == f"canbo: {error} [{error.code}]\n"


def test_a_word_that_is_no_command_is_a_usage_error():
    command = [sys.executable, "-m", "canbo", "fgiure"]
    done = subprocess.run(command, cwd=ROOT / "src", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "fgiure" in done.stderr
