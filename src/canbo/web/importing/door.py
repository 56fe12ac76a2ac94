"""What reads and takes files: `exchange` lies beside the pages, so `config/urls.py`, above both, names it here."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from canbo.kernel.screen import Screen

Said = Mapping[str, Any] | None
"""A mapping as plain data; None for a file of our own layout."""


class Desk(Protocol):
    """As `exchange/desk.py` has it."""

    DATES: Mapping[str, Sequence[str]]
    ENCODINGS: Sequence[str]

    def offered(self, screen: Screen) -> list[Any]:
        """The fields that a column may give."""

    def needed(self, screen: Screen) -> set[str]:
        """The fields without which nothing new begins."""

    def how_it_ends(self, screen: Screen) -> list[Any]:
        """What has to be said of the end of what a file does not have that is all there is: words by code."""

    def look(self, path: Path, screen: Screen, said: Mapping[str, Any]) -> list[Any]:
        """The sheets of a file with their columns, read as a mapping says, as far as it says anything."""

    def mapping(self, file: Path, screen: Screen) -> dict[str, Any]:
        """A mapping that somebody saved."""

    def as_yaml(self, said: Mapping[str, Any], screen: Screen) -> str:
        """A mapping to save."""

    def saved(self, screen: Screen) -> list[Any]:
        """The mappings for a list that are kept where whoever asks may read."""

    def fitting(self, some: Iterable[Any], sheets: Iterable[Any]) -> list[Any]:
        """Those of them that a file of these sheets may be read by."""

    def use(self, screen: Screen, key: str) -> Any:
        """A mapping that is kept: what it says, its name and its unit."""

    def keep(
        self, screen: Screen, said: Mapping[str, Any], *, name: str, unit: str, by: str, person: int | None
    ) -> None:
        """Keep a mapping under the name of its source."""

    def drop(self, screen: Screen, key: str, *, by: str, person: int | None) -> None:
        """Offer a mapping no longer."""

    def keeper(self) -> str:
        """A unit for which whoever asks may keep mappings."""

    def take(self, file: Path, screen: Screen, said: Said, *, by: str, trial: bool, good: bool = ..., **of: Any) -> Any:
        """Try the rows, or take them."""

    def reject(self, file: Path, screen: Screen, said: Said, faults: Iterable[Any], out: IO[bytes]) -> None:
        """The workbook of what was rejected."""

    def compare(self, file: Path, screen: Screen, said: Said, asked: Any) -> Any:
        """Hold a file against the register."""

    def differences(self, found: Any, out: IO[bytes]) -> None:
        """The workbook of what differs."""

    def template(self, screen: Screen, out: IO[bytes]) -> None:
        """An empty workbook for what is new."""


_DESKS: list[Desk] = []


def offer(desk: Desk) -> None:
    """Name what takes files."""
    _DESKS[:] = [desk]


def desk() -> Desk:
    """What takes files."""
    return _DESKS[0]
