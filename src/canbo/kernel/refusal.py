"""How Canbo says no: which rule, of which document, on what facts, and what to do instead."""

import re
from collections.abc import Callable

_PLACE = re.compile(r"%\((\w+)\)s")


class Refused(Exception):
    """The system declines an act that the rules, the register or somebody's authority do not allow.

    `code` is stable and machine-readable, the sentence is for people, `facts` are the values it rests on: the sentence
    names them as `%(name)s`, so that it can be said in another language. Commands end with exit code 3.
    """

    exit_code = 3

    def __init__(self, code: str, sentence: str = "", /, *, article: str = "", **facts: object) -> None:
        self.code, self.article, self.facts = code, article, facts
        self.template = sentence or code.replace("_", " ")
        self.sentence = self._filled(self.template)
        source = f" ({article})" if article else ""
        super().__init__(f"{self.sentence}{source}")

    def about(self, **facts: object) -> "Refused":
        """The same sentence about other facts."""
        return type(self)(self.code, self.template, **facts)

    def told(self, translate: Callable[[str], str]) -> str:
        """The sentence in another language: `translate` is asked for it before the facts are filled in."""
        return self._filled(translate(self.template))

    def _filled(self, sentence: str) -> str:
        """What is no fact of the refusal stays as it is, for somebody may have typed it."""
        return _PLACE.sub(lambda place: str(self.facts.get(place[1], place[0])), sentence)


class Mistake(Refused):
    """What was typed cannot be understood: an unknown code, a date that is none, a missing file. Exit code 2."""

    exit_code = 2
