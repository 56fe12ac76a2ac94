"""How Canbo says no: which rule, of which document, on what facts, and what to do instead."""


class Refused(Exception):
    """The system declines an act that the rules, the register or somebody's authority do not allow.

    `code` is stable and machine-readable, the sentence is for people, `facts` are the values it rests on.
    Commands end with exit code 3.
    """

    exit_code = 3

    def __init__(self, code: str, sentence: str = "", *, article: str = "", **facts: object) -> None:
        self.code, self.article, self.facts = code, article, facts
        self.sentence = sentence or code.replace("_", " ")
        source = f" ({article})" if article else ""
        super().__init__(f"{self.sentence}{source}")


class Mistake(Refused):
    """What was typed cannot be understood: an unknown code, a date that is none, a missing file. Exit code 2."""

    exit_code = 2
