"""The dated entries of a profile's rules, read from its files.

No profile has to have the file. What it says that cannot be is refused with the entry and what is wrong with it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from canbo.kernel.profile import Profile
from canbo.kernel.refusal import Mistake
from canbo.rules.dated import Dated

T = TypeVar("T", bound=Dated)


def _nothing(entry: Any) -> Iterable[str]:
    return ()


def entries(
    of: Profile, file: tuple[str, ...], kind: type[T], wrong: Callable[[T], Iterable[str]] = _nothing
) -> Iterator[T]:
    """The entries of a file of a profile; `wrong` says what of a kind cannot be although it is well formed."""
    if not of.folder.joinpath(*file).exists():
        return
    found = of.read(*file)
    if not isinstance(found, list):
        raise Mistake("profile_rules", f"profile {of.name}: {'/'.join(file)} is not a list of entries")
    for number, said in enumerate(found, 1):
        named = said.get(kind.NAME) if isinstance(said, Mapping) else None
        place = f"profile {of.name}: {'/'.join(file)}, entry {number} ({named or f'no {kind.NAME}'})"
        try:
            entry = kind.model_validate(said)
        except ValidationError as error:
            words = "; ".join(_words(kind, one) for one in error.errors())
            raise Mistake("profile_rules", f"{place}: {words}") from error
        if words := "; ".join([*_languages(of, entry), *wrong(entry)]):
            raise Mistake("profile_rules", f"{place}: {words}")
        yield entry


def _words(kind: type[Dated], error: Any) -> str:
    """What is wrong with an entry, in words that say where."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"unknown key {where!r}; known are: {', '.join(kind.model_fields)}"
    return f"{where}: {error['msg']}" if where else error["msg"]


def _languages(of: Profile, entry: Dated) -> Iterator[str]:
    if set(entry.article) != set(of.languages):
        yield f"article: says {', '.join(entry.article) or 'nothing'}; the profile speaks {', '.join(of.languages)}"
