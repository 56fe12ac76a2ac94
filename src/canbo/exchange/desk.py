"""What the pages of an import ask for: the columns of a file, a mapping out of a form, a trial, the acts, the workbook
of what was rejected. `config/urls.py` offers it to the pages, which know nothing of files.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any

import yaml
from pydantic import ValidationError

from canbo.exchange import compare as comparison
from canbo.exchange import kept, rejected, whole
from canbo.exchange.columns import RECORD, Field, beside, fields
from canbo.exchange.columns import asked as terms_of
from canbo.exchange.compare import Compared
from canbo.exchange.differences import write as differences
from canbo.exchange.intake import Fault, Taken
from canbo.exchange.layout import ISO, VIETNAMESE, Source, Whole, source
from canbo.exchange.paper import paper
from canbo.exchange.reading.delimited import ENCODINGS
from canbo.exchange.reading.file import Sheet, read
from canbo.exchange.reading.limits import Limits
from canbo.exchange.rejected import SIGN
from canbo.exchange.template import template
from canbo.kernel.act import ACTIONS
from canbo.kernel.headings import forbidden
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen
from canbo.kernel.text import asked
from canbo.reports.quality.asked import Asked

__all__ = [
    "DATES", "ENCODINGS", "as_yaml", "compare", "differences", "drop", "fitting", "how_it_ends", "keep", "keeper",
    "look", "mapping", "needed", "offered", "reject", "saved", "take", "template", "use",
]  # fmt: skip

EXAMPLES = 3
MOST = 20_000
"""Rows of a sheet that somebody can wait for at a page; `canbo import` takes a million."""
DATES = {"day": (*ISO, *VIETNAMESE), "month": (*ISO, "%m/%d/%Y", "%m/%Y", "%m-%d-%Y", "%m.%d.%Y")}
"""How days are written where they are texts: the day before the month, or the month before the day."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, the first things that it says, and the field that it is likely to give."""

    heading: str
    examples: tuple[str, ...]
    likely: str = ""
    letters: str = ""
    """What its texts look like, where that is no Unicode: the encoding, a word as it is and as it would be read."""


@dataclass(frozen=True)
class Looked:
    """A sheet: its columns without those of what is never recorded, and whether our own second line names them."""

    name: str
    columns: tuple[Column, ...]
    never: int
    ours: bool = False


def offered(screen: Screen) -> list[Field]:
    """The fields that a column may give; the key of a record is one that only our own files know."""
    return [one for one in (*fields(screen), *beside(screen)) if one.counts and one.name != RECORD]


def needed(screen: Screen) -> set[str]:
    """The fields without which nothing new begins."""
    terms = ACTIONS.ask(screen.opened_by).terms.model_fields
    return {name for name, term in terms_of(screen).items() if terms[term].is_required()}


def how_it_ends(screen: Screen) -> list[Field]:
    """What has to be said of the end of what a file does not have that is all there is."""
    ends = {field.name for field in whole.how_it_ends(screen)}
    return [one for one in fields(screen) if one.of in ends and one.counts]


def look(path: Path, screen: Screen, said: Mapping[str, Any]) -> list[Looked]:
    """The sheets of a file that are not hidden, read as somebody said."""
    known, headings = offered(screen), said.get("headings")
    how = {"encoding": said.get("encoding"), "delimiter": said.get("delimiter"), "limits": Limits(rows=MOST)}
    sheets = read(path, headings={"": 0} if headings else None, **how)
    return [_look(sheet, headings or sheet.columns, known) for sheet in sheets if not sheet.hidden]


def _look(sheet: Sheet, headings: Sequence[str], known: list[Field]) -> Looked:
    rows = list(islice(sheet.rows, EXAMPLES))
    named = {str(value) for value in (rows[0].values if rows else ())}
    never = {at for at, heading in enumerate(headings) if heading and forbidden(heading)}
    likely = {asked(said): one.name for one in known for said in (one.name, one.of, one.label)}
    columns = []
    for at, heading in enumerate(headings):
        if not heading or at in never or heading.startswith(SIGN):
            continue
        seen = dict.fromkeys(str(row.values[at]) for row in rows if at < len(row.values) and row.values[at] is not None)
        looks = sheet.legacy.get(at)
        letters = f"{looks.encoding}: {looks.before} → {looks.after}" if looks else ""
        columns.append(Column(heading, tuple(seen), likely.get(asked(heading), ""), letters))
    ours = bool(named & ({one.name for one in known} | {RECORD}))
    return Looked(sheet.name, tuple(columns), len(never), ours)


def mapping(file: Path, screen: Screen) -> dict[str, Any]:
    """What a mapping that somebody saved says, without what goes without saying."""
    return _plain(_of_list(source(file), screen))


def as_yaml(said: Mapping[str, Any], screen: Screen) -> str:
    """A mapping as a file for the next time, here or at the command line."""
    how = _source(said, screen)
    return yaml.safe_dump(_plain(how) if how else {}, allow_unicode=True, sort_keys=False)


def saved(screen: Screen) -> list[Any]:
    """The mappings for a list that are kept where whoever asks may read."""
    return kept.offered(screen)


def fitting(some: Iterable[Any], sheets: Iterable[Looked]) -> list[Any]:
    """Those of them that a file of these sheets may be read by."""
    return kept.fitting(some, ((one.name, [column.heading for column in one.columns]) for one in sheets))


def use(screen: Screen, key: str) -> Any:
    """A mapping that is kept."""
    return kept.one(screen, key)


def keep(screen: Screen, said: Mapping[str, Any], *, name: str, unit: str, by: str, person: int | None) -> None:
    """Keep a mapping under the name of its source."""
    kept.keep(screen, _source(said, screen), name=name, unit=unit, by=by, person=person)


def drop(screen: Screen, key: str, *, by: str, person: int | None) -> None:
    """Offer a mapping no longer."""
    one = kept.one(screen, key)
    kept.keep(screen, None, name=one.name, unit=one.unit.code, by=by, person=person)


def keeper() -> str:
    """A unit for which whoever asks may keep mappings."""
    return kept.mine()


def take(
    file: Path,
    screen: Screen,
    said: Mapping[str, Any] | None,
    *,
    by: str,
    trial: bool,
    good: bool = False,
    all_of: Mapping[str, Any] | None = None,
    end_up_to: str = "",
    **of: Any,
) -> Taken:
    """Try an import, or do it under the paper that `of` says (`paper`); `all_of` says of what the file is all."""
    how, papered = _source(said, screen), paper(file, **of)
    some = {"by": by, "trial": trial, "good": good, "end_up_to": end_up_to}
    return whole.take(file, screen, how, paper=papered, whole=_whole(all_of), **some)


def _whole(said: Mapping[str, Any] | None) -> Whole | None:
    if said is None:
        return None
    try:
        return Whole.model_validate({**said, "on": said.get("on") or None})
    except ValidationError as error:
        text = said.get("on")
        raise Mistake("bad_day", "“%(text)s” is no day of the calendar: write YYYY-MM-DD", text=text) from error


def compare(file: Path, screen: Screen, said: Mapping[str, Any] | None, asked: Asked) -> Compared:
    """Hold a file against what is so of the units asked about; nothing is written."""
    return comparison.compare(file, screen, _source(said, screen), asked)


def reject(
    file: Path, screen: Screen, said: Mapping[str, Any] | None, faults: Iterable[Fault], out: IO[bytes]
) -> None:
    """Write the workbook of what was rejected."""
    rejected.write(file, [_source(said, screen)], faults, out)


def _source(said: Mapping[str, Any] | None, screen: Screen) -> Source | None:
    if said is None:
        return None
    try:
        return _of_list(Source.model_validate(said), screen)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake("bad_columns", "These columns cannot be read so: %(why)s", why=wrong) from error


def _of_list(how: Source, screen: Screen) -> Source:
    if how.concept != screen.name:
        raise Mistake("other_list", "The mapping is for the list “%(concept)s”, not for this one.", concept=how.concept)
    return how


def _plain(how: Source) -> dict[str, Any]:
    return how.model_dump(mode="json", exclude_defaults=True)
