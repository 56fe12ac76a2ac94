"""The import contracts of .importlinter, applied to the modules that exist.

import-linter stops at the first contract that names a module which is not there. Contracts are written
before the code they bind, so names without a module are left out here; each applies from the day its
module exists. `python -m tests.architecture.contracts` checks the checkout and names files that grow long.
"""

import configparser
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.lints import FILE_NOTE, long_files

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = "importlinter:contract:"
NAMED_MODULES = ("source_modules", "forbidden_modules", "modules")


def read_contracts(root: Path = ROOT) -> configparser.ConfigParser:
    """The file as written."""
    config = configparser.ConfigParser()
    config.read(root / ".importlinter", encoding="utf-8")
    return config


def contract_ids(root: Path = ROOT) -> list[str]:
    """The identifiers of all contracts, in order."""
    return [
        name.removeprefix(CONTRACT) for name in read_contracts(root).sections() if name.startswith(CONTRACT)
    ]


def exists(module: str, source: Path) -> bool:
    """Whether a dotted name (a last part `*` means any) is a module below `source`, or not ours at all."""
    if not module.startswith("canbo"):
        return True
    *parents, last = module.split(".")
    folder = source.joinpath(*parents)
    if not all(source.joinpath(*parents[:n], "__init__.py").is_file() for n in range(1, len(parents) + 1)):
        return False
    if last == "*":
        return any(path.stem != "__init__" for path in folder.glob("*.py"))
    return folder.joinpath(f"{last}.py").is_file() or folder.joinpath(last, "__init__.py").is_file()


def effective(source: Path, root: Path = ROOT) -> configparser.ConfigParser:
    """The contracts without the names that have no module yet; a contract left without names is dropped."""
    config = read_contracts(root)
    for section in config.sections():
        for option in NAMED_MODULES:
            if not config.has_option(section, option):
                continue
            there = [name for name in config[section][option].split() if exists(name, source)]
            config[section][option] = "\n" + "\n".join(there)
            if not there:
                config.remove_section(section)
                break
    return config


def lint(source: Path, contract: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the package below `source`, on all contracts or one; exit code 0 if kept."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "contracts")
        with file.open("w", encoding="utf-8") as out:
            effective(source).write(out)
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
        command += ["--config", str(file), "--no-cache", "--no-logo"]
        command += ["--contract", contract] if contract else []
        environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONSAFEPATH": "1"}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


if __name__ == "__main__":
    result = lint(ROOT / "src")
    print(result.stdout, result.stderr, sep="")
    for finding in long_files(ROOT, FILE_NOTE):
        print(f"note: {finding}; split it by idea before it reaches the limit")
    sys.exit(result.returncode)
