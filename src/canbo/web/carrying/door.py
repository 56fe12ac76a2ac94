"""What makes and opens kits and packages: `exchange`, beside the pages, named here by `config/urls.py` above both."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any, Protocol


class Carrier(Protocol):
    """As `exchange/carrying.py` has it."""

    def order(self, unit: str, asof: Any, by: str) -> Any:
        """The kit for a unit: its lists, its last day."""

    def kit(self, order: Any, listings: Sequence[Any], code: str, meet: Callable[[Iterable[int]], None]) -> bytes:
        """A kit, locked with the code."""

    def package(self, unit: str, asof: Any, meet: Callable[[Iterable[int]], None]) -> IO[bytes]:
        """The package of a unit."""

    def mark(self) -> str:
        """By which others know whose our packages are."""

    def opened(self, file: Path, code: str, signer: str) -> Any:
        """What was brought, proved."""

    def take(self, came: Any, *, by: str, trial: bool, good: bool, counts: str, symbol: str, **of: Any) -> Any:
        """Try it, or take it."""

    def conflicts(self, taken: Any) -> list[Any]:
        """What both sides say otherwise."""

    def whom(self, taken: Any) -> set[int]:
        """The people whom the conflicts show."""


_CARRIERS: list[Carrier] = []


def offer(carrier: Carrier) -> None:
    """Name what makes and opens them."""
    _CARRIERS[:] = [carrier]


def carrier() -> Carrier:
    """What makes and opens them."""
    return _CARRIERS[0]
