"""Declarations that commands, pages, exchange and tests read: closed shelves filled by scanning folders."""

import importlib
import pkgutil
from typing import Generic, TypeVar

from canbo.kernel.refusal import Mistake

T = TypeVar("T")


class Shelf(dict[str, T], Generic[T]):
    """A registry by name that refuses duplicates and answers an unknown name with the names it knows."""

    def __init__(self, of: str) -> None:
        super().__init__()
        self.of = of

    def add(self, name: str, value: T) -> T:
        """Put `value` on the shelf; a second one of that name is an error of the programmer."""
        if name in self:
            raise RuntimeError(f"{self.of} {name!r} is declared twice")
        self[name] = value
        return value

    def ask(self, name: str) -> T:
        """The value of that name, or a `Mistake` that lists what there is."""
        if name not in self:
            known = ", ".join(sorted(self))
            raise Mistake("unknown_name", "there is no “%(name)s” here; known are: %(known)s", name=name, known=known)
        return self[name]


def scan(package_name: str) -> None:
    """Import every module below a package, so that what it declares is on its shelf."""
    package = importlib.import_module(package_name)
    for module in pkgutil.walk_packages(package.__path__, package_name + "."):
        importlib.import_module(module.name)
