"""What the pages of kits and packages ask for: to make one, to open what came, to try it and to take it.

`config/urls.py` offers it to the pages, which know nothing of files, with the keys of the installation.
"""

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from canbo.exchange.desk import MOST
from canbo.exchange.export import IN_MEMORY, AsOf, Listed, Meet
from canbo.exchange.kits import taking as kits
from canbo.exchange.kits.making import Order, made
from canbo.exchange.lines import Taken
from canbo.exchange.package import making, signed
from canbo.exchange.package import taking as packages
from canbo.exchange.paper import paper
from canbo.exchange.reading.file import PACKAGE
from canbo.kernel.refusal import Refused


@dataclass(frozen=True)
class Came:
    """What was brought: a kit or a package, of which unit, as of when, from whom; `found` is what opened it."""

    found: kits.Returned | packages.Package
    unit: str
    on: dt.date
    whose: str

    @property
    def is_kit(self) -> bool:
        """Is it one of our own, come back?"""
        return isinstance(self.found, kits.Returned)


@dataclass(frozen=True)
class Carrier:
    """The files that travel, with what gives the key that signs kits and the one that signs packages."""

    kits_key: Callable[[], bytes]
    packages_key: Callable[[], bytes]

    @staticmethod
    def order(unit: str, asof: AsOf, by: str) -> Order:
        """The kit for a unit; refused where none is meant for one of its kind."""
        return Order.of(unit, asof.on, asof.known, by=by)

    def kit(self, order: Order, listings: Sequence[Listed], code: str, meet: Meet) -> bytes:
        """A kit, locked with the code."""
        return made(order, listings, code, self.kits_key(), meet)[0]

    def package(self, unit: str, asof: AsOf, meet: Meet) -> IO[bytes]:
        """The package of a unit, as a file that is gone once it is closed."""
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
        making.write(unit, asof, self.packages_key(), meet, file)
        file.seek(0)
        return file

    def mark(self) -> str:
        """By which others know whose our packages are."""
        return signed.mark(self.packages_key())

    def opened(self, file: Path, code: str, signer: str) -> Came:
        """What was brought, proved: a package by its ending, else a kit."""
        if file.suffix.lower() != PACKAGE:
            kit = kits.opened(file, code, self.kits_key())
            return Came(kit, kit.statement.unit, dt.date.fromisoformat(kit.statement.on), kit.statement.by)
        found = packages.opened(file, self.packages_key(), signer)
        if sum(part.rows or 0 for part in found.manifest.parts.values()) > MOST:
            raise Refused(
                "too_long_for_a_page",
                "This package holds more than %(most)s rows; `canbo package import` takes it.",
                most=MOST,
            )
        return Came(found, found.manifest.unit, found.manifest.on, found.signer)

    @staticmethod
    def take(came: Came, *, by: str, trial: bool, good: bool, counts: str, symbol: str, **of: Any) -> Taken:
        """Try what came, or take it under the paper that is named; a kit without one is its own."""
        found = came.found
        if isinstance(found, kits.Returned):
            said = paper(found.path, symbol=symbol or f"{found.mark} {came.unit}", **of)
            return kits.taken(found, by=by, paper=said, trial=trial, good=good, counts=counts, told=_silent)
        said = paper(found.path, symbol=symbol, **of)
        return packages.taken(found, by=by, paper=said, trial=trial, good=good, counts=counts, told=_silent)

    @staticmethod
    def conflicts(taken: Taken) -> list[Any]:
        """What both sides say otherwise, of what is wrong."""
        return [one for one in taken.rejected if one.code == kits.CONFLICT]

    @staticmethod
    def whom(taken: Taken) -> set[int]:
        """The keys of the people whom the conflicts show."""
        return packages.whom(taken)


def _silent(stage: str, many: int) -> None:
    """A page says how far it is once it is done."""
