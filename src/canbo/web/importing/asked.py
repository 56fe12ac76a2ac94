"""What the forms of an import say: which file, and how its columns are to be read."""

import json
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen
from canbo.web.importing.door import desk

FIXED, SAYING, WHOLE = "fixed.", "saying.", "whole_unit"
ENDS = ("inclusive", "exclusive")


def first(given: Any) -> str:
    """The field that a column gives, or the first of several."""
    return given if isinstance(given, str) else given[0]


class Asked:
    """One request for the import into a list, and what refused it, if anything did.

    What is done with a file whose columns are known is the step that it `tries`.
    """

    def __init__(self, request: HttpRequest, screen: Screen, tries: str = "preview") -> None:
        self.request, self.screen, self.post, self.tries = request, screen, request.POST, tries
        self.unit = (self.post.get("unit") or request.GET.get("unit", "")).strip()
        self.by, _ = request.actor
        self.account: int = request.user.pk
        self.ticket: str = self.post.get("ticket", "")
        self.refusal: Any = None
        self.done = ""
        self.source, self.source_unit = (self.post.get(name, "").strip() for name in ("source", "source_unit"))

    @property
    def encoding(self) -> str | None:
        """What was said of the letters of the file."""
        return self.post.get("encoding") or None

    def reads_by(self, said: dict[str, Any]) -> None:
        """Read the file by this mapping, kept or sent along."""
        self.whole = said.pop("whole", None)
        self.mapping = said

    def reads_by_kept(self, kept: Any) -> None:
        """Read the file by a mapping that is kept; under its name it is kept again."""
        self.reads_by(dict(kept.said))
        self.source, self.source_unit = kept.name, kept.unit.code

    @cached_property
    def mapping(self) -> dict[str, Any] | None:
        """How columns are to be read: what was settled before, changed by what this form says of columns."""
        text = self.post.get("mapping", "")
        try:
            said = dict(json.loads(text)) if text else None
        except (ValueError, TypeError) as error:
            raise Mistake("bad_form", "This form was changed on its way; begin again.") from error
        said = {**(said or {}), **self._columns((said or {}).get("columns", {}))} if "heading" in self.post else said
        return said and {**said, "values": self._meanings(said.get("values", {}))}

    def _meanings(self, known: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        """What texts stand for, by field: what was said before, and of those that were not known."""
        found = {field: dict(texts) for field, texts in known.items()}
        asked = zip(*(self.post.getlist(name) for name in ("word_of", "word", "means")), strict=False)
        for field, text, code in asked:
            if code:
                found.setdefault(field, {})[text] = code
        return found

    @staticmethod
    def _gives(known: Any, field: str) -> Any:
        """A column that gave several fields, of which the form shows the first, goes on giving them."""
        return known if known and first(known) == field else field

    def _columns(self, known: dict[str, Any]) -> dict[str, Any]:
        """What the form of columns says; what it does not ask about stays as it was."""
        pairs = zip(self.post.getlist("heading"), self.post.getlist("field"), strict=False)
        fixed = {name.removeprefix(FIXED): said.strip() for name, said in self.post.items() if name.startswith(FIXED)}
        found = {
            "concept": self.screen.name,
            "sheet": self.post.get("sheet", ""),
            "encoding": self.encoding,
            "columns": {heading: self._gives(known.get(heading), field) for heading, field in pairs if field},
            "fixed": {name: said for name, said in fixed.items() if said},
        }
        if (end := self.post.get("end")) in ENDS:
            found["end"] = end
        if dates := desk().DATES.get(self.post.get("dates", "")):
            found["dates"] = list(dates)
        return found

    @cached_property
    def whole(self) -> dict[str, Any] | None:
        """Of which unit and day the file is all there is, and how the rest ended; None where it is a file like any."""
        if WHOLE in self.post:
            unit = self.post[WHOLE].strip()
            saying = {
                name.removeprefix(SAYING): said for name, said in self.post.items() if name.startswith(SAYING) and said
            }
            return {"unit": unit, "on": self.post.get("whole_on", "").strip(), "saying": saying} if unit else None
        return None

    @property
    def opening(self) -> bool:
        """Is the import the opening balance?"""
        return bool(self.post.get("opening"))

    @property
    def said(self) -> dict[str, Any]:
        """The mapping to save: with the unit of which the file is all there is; its day is another one each time."""
        whole = self.whole and {name: said for name, said in self.whole.items() if said and name != "on"}
        return {**(self.mapping or {}), **({"whole": whole} if whole else {})}

    @property
    def as_text(self) -> str:
        """The mapping as the next form carries it on."""
        return json.dumps(self.mapping, ensure_ascii=False) if self.mapping else ""
