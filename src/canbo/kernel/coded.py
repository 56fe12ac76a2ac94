"""A field that holds a code of one of the profile's vocabularies, so that no kind is ever named in Python."""

from typing import Any

from django.db import models

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake


class Coded(models.CharField):
    """A code of the profile's vocabulary of that name; `check_code` refuses one that the profile does not know."""

    def __init__(self, vocabulary: str, **options: Any) -> None:
        self.vocabulary = vocabulary
        options.setdefault("max_length", 60)
        super().__init__(**options)

    def deconstruct(self) -> tuple:
        """Keep the vocabulary in migrations."""
        name, path, args, options = super().deconstruct()
        return name, path, [self.vocabulary, *args], options

    def check_code(self, value: str | None) -> None:
        """Raise a `Mistake` that lists the vocabulary when the code is not in it."""
        if not value and (self.blank or self.null):
            return
        codes = profile().vocabulary(self.vocabulary)
        if value not in codes:
            known = ", ".join(codes) or "none"
            said = f"{self.name or 'one'}: {self.vocabulary} {value!r} is not in the profile; it has: {known}"
            raise Mistake("unknown_kind", said)
