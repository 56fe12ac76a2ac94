"""House rules that no tool checks: each function reads a checkout and returns its findings, one line each.

Paths in findings are relative to the checkout. Every rule is broken once in test_house_rules.py.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FILE_NOTE, FILE_LIMIT, FUNCTION_LIMIT = 300, 400, 40
CONCEPTS = (
    "documents",
    "places",
    "organisations",
    "establishment",
    "posts",
    "people",
    "requests",
    "merging",
    "mandates",
    "membership",
    "service",
    "standing",
    "planning",
)
CONCEPT_FILES = {"__init__.py", "models.py", "queries.py", "actions.py", "screen.py"}
DRAWERS = {"utils", "util", "helpers", "helper", "services", "common", "misc"}
CLOCK_SQL = re.compile(r"\b(current_date|current_timestamp|localtimestamp)\b|(?<!\w)now\(\)", re.IGNORECASE)
CLOCK_CALLS = {
    "date.today",
    "datetime.today",
    "datetime.now",
    "datetime.utcnow",
    "timezone.now",
    "timezone.localdate",
}
# Integers of 100 and more that the reference provinces published: code that knows them does not count.
FIGURES = """
    8279 2500 1446 949 306 1667 414 120 294 346 126 1210 7684 1198 8124 469 209 101 211 110 441 2945 30732
    3128 24791 2813 766 274 492 47127 3285 3320 830 820 834 815 811 800 845 805
"""
PUBLISHED = frozenset(int(figure) for figure in FIGURES.split())


def python_files(root: Path, *folders: str) -> Iterator[tuple[str, Path]]:
    """Every Python file below the folders, with its path relative to the checkout."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), path


def written_files(root: Path) -> Iterator[tuple[str, Path]]:
    """The Python files that somebody wrote: migrations are generated and never edited after release."""
    for name, path in python_files(root, "src", "tests", "bench"):
        if path.parent.name != "migrations":
            yield name, path


def syntax(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def docstring_of(node: ast.AST) -> ast.Constant | None:
    """The docstring's node of a module, class or function."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
        value = body[0].value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value
    return None


def text_literals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The string literals that are data, with their lines: docstrings are prose and left out."""
    prose = {id(docstring_of(node)) for node in ast.walk(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def long_files(root: Path, limit: int = FILE_LIMIT) -> list[str]:
    """A file of more than 400 lines holds more than one idea."""
    sizes = [(name, len(path.read_text(encoding="utf-8").splitlines())) for name, path in written_files(root)]
    return [f"{name}: {size} lines" for name, size in sizes if size > limit]


def long_functions(root: Path) -> list[str]:
    """A function of more than 40 lines, its docstring not counted, does more than one thing."""
    found = []
    for name, path in written_files(root):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                prose = docstring_of(node)
                said = prose.end_lineno - prose.lineno + 1 if prose else 0
                size = node.end_lineno - node.lineno + 1 - said
                if size > FUNCTION_LIMIT:
                    found.append(f"{name}:{node.lineno}: {node.name} has {size} lines")
    return found


def drawers(root: Path) -> list[str]:
    """A module named utils, helpers, services or common says nothing about what is in it."""
    return [
        name
        for name, path in python_files(root, "src", "tests")
        if DRAWERS & set(path.relative_to(root).with_suffix("").parts)
    ]


def python_in_profiles(root: Path) -> list[str]:
    """A profile is content: no Python below it."""
    return [name for name, _ in python_files(root, "src/canbo/profiles")]


def strangers_in_registry(root: Path) -> list[str]:
    """The registry's folders are the ten concepts, with the same file names in each."""
    found = []
    for folder in sorted((root / "src/canbo/registry").glob("*/")):
        if folder.name in {"migrations", "__pycache__", "sql"}:
            continue
        if folder.name not in CONCEPTS:
            found.append(f"{folder.name}: not a concept of the registry")
        found += [
            f"{folder.name}/{path.name}: a concept holds only {', '.join(sorted(CONCEPT_FILES))}"
            for path in sorted(folder.iterdir())
            if path.name not in CONCEPT_FILES | {"__pycache__"}
        ]
    return found


def dotted(node: ast.AST) -> str:
    """`datetime.date.today` of an attribute chain; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def clocks(root: Path) -> list[str]:
    """*Today* is one function, kernel/sql/today: nothing else asks a clock for the date, in Python or SQL."""
    found = []
    for name, path in python_files(root, "src"):
        if name.startswith("src/canbo/kernel/periods"):
            continue
        tree = syntax(path)
        found += [
            f"{name}:{node.lineno}: {dotted(node)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in CLOCK_CALLS
        ]
        found += [f"{name}:{line}: {text!r}" for line, text in text_literals(tree) if CLOCK_SQL.search(text)]
    for path in sorted((root / "src").rglob("*.sql")):
        if path.relative_to(root).as_posix().startswith("src/canbo/kernel/sql/today"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if CLOCK_SQL.search(line.partition("--")[0]):
                found.append(f"{path.relative_to(root).as_posix()}:{number}: {line.strip()}")
    return found


def known_answers(root: Path) -> list[str]:
    """No published figure of 100 or more is a number in the code that counts; a column's width may be."""
    found = []
    for name, path in python_files(root, "src/canbo/reports", "src/canbo/registry"):
        tree = syntax(path)
        widths = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "max_length"
        }
        found += [
            f"{name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and type(node.value) in (int, float)
            and node.value in PUBLISHED
            and id(node) not in widths
        ]
    return found
