"""What is installed is what is pinned, by hash, under licences that let it be passed on, as its makers packed it.

All of this works without internet. Known vulnerabilities are asked for by `just audit`, which needs it.
"""

import base64
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.markers import Marker

LISTS = Path(__file__).resolve().parents[2] / "requirements"
PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[\w.+!]+)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)"
)
TOOLS = {"pip", "setuptools"}
"""What every environment begins with."""
FREE = re.compile(r"\b(MIT|MIT-0|BSD|ISC|Apache|PSF|Python Software Foundation|MPL|Mozilla|LGPL)\b")
OTHERWISE = {
    "axe-playwright-python": "a tool of the tests; MIT, said in its repository only; axe-core within is MPL-2.0",
    "text-unidecode": "a tool of the tests; Artistic or GPL, as one likes",
}
"""Licences that a package does not say of itself."""


def pins(name: str) -> dict[str, re.Match[str]]:
    """The packages of a list, by name; whatever else the list says is a fault."""
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    found = list(PIN.finditer(text))
    rest = PIN.sub("", text).split()
    assert rest == [], f"neither a version nor its hashes: {rest[:3]}"
    return {plain(pin["name"]): pin for pin in found}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(*lists: str) -> dict[str, str]:
    """Names and versions that this machine is to have."""
    some = {name: pin for one in lists for name, pin in pins(one).items()}
    return {name: p["version"] for name, p in some.items() if not p["marker"] or Marker(p["marker"]).evaluate()}


def installed() -> dict[str, Distribution]:
    """What is installed in this environment."""
    return {plain(one.metadata["Name"]): one for one in distributions(path=[p for p in sys.path if "-packages" in p])}


def strays(there: dict[str, str], pinned: dict[str, str]) -> list[str]:
    """What is missing, of another version, or not pinned at all."""
    wrong = [
        f"{name} {there.get(name)}, not {version}" for name, version in pinned.items() if there.get(name) != version
    ]
    return wrong + [f"{name} is not pinned" for name in there.keys() - pinned.keys() - TOOLS]


def test_everything_is_pinned_with_the_hash_of_its_file():
    assert len(pins("run")) > 30
    both = pins("run").keys() & pins("test").keys()
    assert [name for name in both if pins("run")[name]["version"] != pins("test")[name]["version"]] == []


def test_what_is_installed_is_what_is_pinned():
    there = {name: one.version for name, one in installed().items()}
    found = strays(there, wanted("run", "test"))
    if not (Path(sys.prefix) / "canbo-test.txt").exists():  # an environment that ./canbo has not made may hold more
        found = [fault for fault in found if not fault.endswith("not pinned")]
    assert found == []


def test_a_package_that_is_missing_old_or_added_is_found():
    pinned = {"django": "5.2.19", "rich": "15.0.0"}
    assert strays(pinned | {"pip": "1"}, pinned) == []
    assert strays({"django": "5.2.18", "evil": "1"}, pinned) == [
        "django 5.2.18, not 5.2.19", "rich None, not 15.0.0", "evil is not pinned",
    ]  # fmt: skip


def licence(of: Distribution) -> str:
    said = of.metadata
    classified = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or [] if one.startswith("License")]
    return said.get("License-Expression") or "; ".join(classified) or (said.get("License") or "").partition("\n")[0]


def test_every_package_may_be_passed_on():
    there = installed()
    said = {name: licence(there[name]) for name in wanted("run", "test")}
    assert {name for name, text in said.items() if not FREE.search(text)} == OTHERWISE.keys()
    bound = re.compile(r"(?<!L)GPL|AGPL|Commons|SSPL")
    assert [name for name, text in said.items() if bound.search(text) and name not in OTHERWISE] == []
    assert not OTHERWISE.keys() & wanted("run").keys(), "of the product every package says it itself"


def changed(some: Iterable[Distribution]) -> Iterator[str]:
    """The files that are not what their package says they are."""
    for one in some:
        for file in one.files or ():
            if file.hash and file.suffix != ".pyc":
                digest = hashlib.new(file.hash.mode, Path(file.locate()).read_bytes()).digest()
                if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
                    yield f"{one.metadata['Name']}: {file}"


@pytest.mark.full
def test_no_installed_file_was_changed():
    assert list(changed(installed()[name] for name in wanted("run"))) == []


def test_a_changed_file_is_found(tmp_path: Path):
    info = tmp_path / "x-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: x\nVersion: 1\n", encoding="utf-8")
    kept = base64.urlsafe_b64encode(hashlib.sha256(b"a").digest()).rstrip(b"=").decode()
    (info / "RECORD").write_text(f"same.py,sha256={kept},1\nother.py,sha256={kept},1\n", encoding="utf-8")
    (tmp_path / "same.py").write_text("a", encoding="utf-8")
    (tmp_path / "other.py").write_text("b", encoding="utf-8")
    assert list(changed(distributions(path=[str(tmp_path)]))) == ["x: other.py"]
