"""Words that may not stand in certain files: kinds in Python, addresses and workplaces anywhere."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.architecture.lints import python_files, syntax, text_literals

# Codes of kinds that are ordinary words of the program too; a Party or Vietnamese word never belongs here.
WORDS = """
    act area article block body code count country date day decision document end entry female group head
    kind level link local male month name note office other paid part person place plan post public quota
    rank region report role sector service session share staff stage start state status term title total
    training unit unknown year
"""
ORDINARY = frozenset(WORDS.split())
VIETNAMESE = re.compile(
    "[ăâđêôơưĂÂĐÊÔƠƯáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE
)
PARTY = re.compile(
    r"\b(party|politburo|secretariat|cadres?|chi[-_ ]bo|dang[-_ ](bo|uy|vien)|tinh[-_ ]uy)\b", re.IGNORECASE
)
# Put together here, so that this file does not hold what it looks for.
ADDRESS = re.compile(
    "|".join(
        (
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            "index" + "-url",
            r"https?://\S*/simple/",
        )
    )
)
WORKPLACE = re.compile(
    r"(?<![\w./-])/(" + "|".join(("wo" + "rk", "fa" + "rm", "tmp/bash" + "_jobs")) + r")(/|\b)"
)


def codes(node: object, below_kinds: bool = False) -> Iterator[str]:
    """Every code that a kinds.yaml declares: the keys and items below `kinds:` and each value of `code:`."""
    if isinstance(node, dict):
        for key, value in node.items():
            if below_kinds:
                yield str(key)
            if key == "code" and isinstance(value, str):
                yield value
            yield from codes(value, key == "kinds")
    elif isinstance(node, list):
        for item in node:
            if below_kinds and isinstance(item, str):
                yield item
            yield from codes(item)


def declared_kinds(root: Path) -> set[str]:
    """The codes of kinds of all profiles, without those that are ordinary words of a program."""
    files = sorted((root / "src/canbo/profiles").glob("*/kinds.yaml"))
    found = {code for file in files for code in codes(yaml.safe_load(file.read_text(encoding="utf-8")))}
    return {code for code in found if not (code in ORDINARY or len(code) < 3)}


def kinds_in_python(root: Path) -> list[str]:
    """No kind of organisation, stage, document type or level is named in Python: a profile declares them."""
    kinds = declared_kinds(root)
    return [
        f"{name}:{line}: {text!r} is a kind of a profile"
        for name, path in python_files(root, "src/canbo")
        for line, text in text_literals(syntax(path))
        if text in kinds
    ]


def profile_words_in_python(root: Path) -> list[str]:
    """No Vietnamese and no Party word in Python: the words on the screen come from the profile.

    Left out: the sample, which invents one such province, and kernel/text.py and legacy.py, which know the letters.
    """
    return [
        f"{name}:{line}: {text[:60]!r}"
        for name, path in python_files(root, "src/canbo")
        if not name.startswith(("src/canbo/sample/", "src/canbo/kernel/text", "src/canbo/kernel/legacy"))
        for line, text in text_literals(syntax(path))
        if VIETNAMESE.search(text) or PARTY.search(text)
    ]


def committed_files(root: Path) -> list[Path]:
    """What git holds; in a folder without git every file."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode:
        return [path for path in root.rglob("*") if path.is_file()]
    return [path for name in listing.stdout.split("\0") if name and (path := root / name).is_file()]


def addresses(root: Path) -> list[str]:
    """No committed file names a package registry or a path of one machine."""
    found = []
    for path in committed_files(root):
        lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
        found += [
            f"{path.relative_to(root).as_posix()}:{number}: {match.group()}"
            for number, line in enumerate(lines, 1)
            if (match := ADDRESS.search(line) or WORKPLACE.search(line))
        ]
    return found
