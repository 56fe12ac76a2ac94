"""The order of imports, for model relations: `ForeignKey("registry.Person")` is a string to linters."""

from collections.abc import Iterable

from tests.architecture.contracts import CONTRACT, read_contracts


def ranks() -> dict[str, tuple[int, int]]:
    """Dotted package -> (line in the layers, line in the registry), counted from the top of .importlinter."""
    config = read_contracts()
    found = {}
    for number, line in enumerate(config[CONTRACT + "layers"]["layers"].split("\n")):
        found |= {f"canbo.{name}": (number, 0) for name in names(line)}
    outer = found["canbo.registry"][0]
    for number, line in enumerate(config[CONTRACT + "registry"]["layers"].split("\n"), 1):
        found |= {f"canbo.registry.{name}": (outer, number) for name in names(line)}
    return found


def names(line: str) -> list[str]:
    """The modules of one line of a layers contract."""
    return line.replace("|", " ").replace(":", " ").replace("(", " ").replace(")", " ").split()


def wrong(relations: Iterable[tuple[str, str, str]]) -> list[str]:
    """Findings for relations (what, module of the model, module of its target) that point up or sideways."""
    order = ranks()
    found = []
    for what, source, target in relations:
        here, there = home(source, order), home(target, order)
        if here and there and here != there and order[there] <= order[here]:
            found.append(f"{what}: {here} may not refer to {there}")
    return found


def home(module: str, order: dict[str, tuple[int, int]]) -> str | None:
    """The ranked package a module lives in, the most exact one; None for what is not ours."""
    parts = module.split(".")
    packages = (".".join(parts[:n]) for n in range(len(parts), 1, -1))
    return next((package for package in packages if package in order), None)
