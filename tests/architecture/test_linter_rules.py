"""What ruff is relied on for: each rule finds the line that breaks it, and stays quiet where it should."""

import json
import subprocess
import sys

import pytest

from tests.architecture.contracts import ROOT

DOC = '"""Something."""\n\n'
BROKEN = {
    "BLE001": "try:\n    x = 1\nexcept Exception:\n    x = 2\n",
    "E722": "try:\n    x = 1\nexcept:\n    x = 2\n",
    "S301": 'import pickle\n\nx = pickle.loads(b"")\n',
    "S307": 'x = eval("1")\n',
    "S102": 'exec("x = 1")\n',
    "S506": 'import yaml\n\nx = yaml.load("", Loader=yaml.Loader)\n',
    "S602": 'import subprocess\n\nsubprocess.run("ls *", shell=True, check=True)\n',
    "S605": 'import os\n\nos.system("ls *")\n',
    "PLC0415": 'def public():\n    """Something."""\n    import json\n\n    return json\n',
    "F403": "from json import *\n",
    "TID251": "from django.dispatch import receiver\n\nx = receiver\n",
    "D101": "class Public:\n    x = 1\n",
    "D103": "def public():\n    return 1\n",
    "E501": f"x = {'1' * 120}\n",
    "DTZ011": "import datetime as dt\n\nx = dt.date.today()\n",
}


def codes(text: str, name: str) -> set[str]:
    """The rules that a text breaks when it stands in that file of the checkout."""
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json"]
    done = subprocess.run(
        [*ruff, "--stdin-filename", name, "-"],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {finding["code"] for finding in json.loads(done.stdout)}


@pytest.mark.parametrize("rule", BROKEN)
def test_ruff_finds_the_planted_line(rule):
    assert rule in codes(DOC + BROKEN[rule], "src/canbo/registry/planted.py")
    assert rule not in codes(DOC, "src/canbo/registry/planted.py")


def test_a_module_without_docstring_is_found():
    assert "D100" in codes("x = 1\n", "src/canbo/registry/planted.py")


def test_only_the_edge_may_catch_anything_and_only_commands_import_late():
    assert "BLE001" not in codes(DOC + BROKEN["BLE001"], "src/canbo/kernel/refusal.py")
    assert "PLC0415" not in codes(DOC + BROKEN["PLC0415"], "src/canbo/cli/planted.py")
