"""Profiles: what a kind of department calls its kinds, in which words, with which books and samples.

A profile is a folder of data, in the package or anywhere else (`CANBO_PROFILES`, a path list searched first):
`kinds.yaml` (vocabularies: code → attributes), `words/<language>.yaml` (path → word), `books/<name>/*.yaml`,
`rules/*.yaml`, `sample/*.yaml`, `kits.yaml`, `package.yaml`. Everything is checked when it is loaded; an error names
file and entry.
"""

import contextlib
import functools
import os
import pathlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.apps import apps
from django.db import connection

from canbo.kernel.refusal import Mistake

PACKAGED = pathlib.Path(__file__).parent.parent / "profiles"


@dataclass(frozen=True)
class Profile:
    """One loaded profile: its settings, vocabularies and words."""

    name: str
    folder: pathlib.Path
    settings: Mapping[str, Any]
    vocabularies: Mapping[str, Mapping[str, Mapping[str, Any]]]
    words: Mapping[str, Mapping[str, str]]

    def vocabulary(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The codes of a vocabulary with their attributes; one that the profile leaves out is empty."""
        return self.vocabularies.get(name, {})

    def where(self, vocabulary: str, **attributes: Any) -> list[str]:
        """The codes whose attributes have these values (a list: one of them), in the profile's order."""
        codes = self.vocabulary(vocabulary).items()
        return [code for code, has in codes if all(_is(has.get(name), value) for name, value in attributes.items())]

    def word(self, path: str, language: str | None = None) -> str:
        """The word for a path such as `level.provincial`; a missing word shows the path, so that it is found."""
        return self.words[language or self.languages[0]].get(path, path)

    @property
    def languages(self) -> list[str]:
        """The languages the profile speaks, its first one by default."""
        return list(self.settings["languages"])

    def read(self, *parts: str) -> Any:
        """A YAML file of the profile, by its path within the folder."""
        return _yaml(self.folder.joinpath(*parts))

    def files(self, folder: str, pattern: str = "*.yaml") -> list[pathlib.Path]:
        """The files below one of the profile's folders, in order of their names."""
        return sorted((self.folder / folder).glob(pattern))


def _yaml(path: pathlib.Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - the safe loader, in C
    except OSError as error:
        raise Mistake("profile_file", f"{path.name} of the profile cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise Mistake("profile_file", f"{path.name} of the profile is not YAML: {error}") from error


def _is(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, list) else value == wanted


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """The safe loader, in which `on`, `off`, `yes` and `no` are words, as in YAML 1.2, and not truth values."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _flat(tree: Mapping[str, Any], above: str = "") -> dict[str, str]:
    """Nested words as paths: {level: {district: huyện}} → {"level.district": "huyện"}."""
    flat: dict[str, str] = {}
    for key, value in tree.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping):
            flat.update(_flat(value, f"{path}."))
        else:
            flat[path] = str(value)
    return flat


def known() -> dict[str, pathlib.Path]:
    """The profiles that can be chosen, by name; a folder of `CANBO_PROFILES` wins over the package's."""
    roots = [pathlib.Path(p) for p in os.environ.get("CANBO_PROFILES", "").split(os.pathsep) if p]
    found: dict[str, pathlib.Path] = {}
    for root in [*roots, PACKAGED]:
        for kinds in sorted(root.glob("*/kinds.yaml")):
            found.setdefault(kinds.parent.name, kinds.parent)
    return found


@functools.cache
def load(name: str) -> Profile:
    """Load and check a profile; an unknown name lists those there are."""
    folders = known()
    if name not in folders:
        raise Mistake("unknown_profile", f"there is no profile {name!r}; known are: {', '.join(sorted(folders))}")
    folder = folders[name]
    kinds = _yaml(folder / "kinds.yaml")
    words = {path.stem: _flat(_yaml(path)) for path in sorted((folder / "words").glob("*.yaml"))}
    profile = Profile(name, folder, kinds["settings"], kinds["vocabularies"], words)
    missing = [language for language in profile.languages if language not in words]
    if missing:
        raise Mistake("profile_words", f"profile {name}: no words/{missing[0]}.yaml for the language it announces")
    return profile


_chosen: dict[str, str] = {}


def profile() -> Profile:
    """The profile that the current database serves."""
    database = str(connection.settings_dict["NAME"])
    if database not in _chosen:
        installation = apps.get_model("kernel", "Installation")
        _chosen[database] = installation.objects.values_list("profile", flat=True).get(pk=1)
    return load(_chosen[database])


@contextlib.contextmanager
def serving(name: str) -> Iterator[Profile]:
    """As if the current database served this profile, while the block runs: what is declared can be told of each."""
    database = str(connection.settings_dict["NAME"])
    before = _chosen.get(database)
    try:
        yield choose(name)
    finally:
        del _chosen[database]
        if before:
            _chosen[database] = before


def choose(name: str) -> Profile:
    """Say which profile the current database serves, before its installation row is there to be read."""
    _chosen[str(connection.settings_dict["NAME"])] = name
    return load(name)
