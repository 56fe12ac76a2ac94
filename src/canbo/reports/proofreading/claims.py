"""A claim of a text: where it stands, what was printed, what it computes to, and the verdict."""

from dataclasses import asdict, dataclass
from fractions import Fraction

from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import plain


@dataclass(frozen=True)
class Claim:
    """One claim as it is reported; `span` are the positions of the quote in the text."""

    line: int
    quote: str
    span: tuple[int, int]
    kind: str
    claimed: str | None
    computed: str | None
    verdict: str

    def as_json(self) -> dict[str, object]:
        """The claim in the shape that `canbo proofread --json` promises."""
        made = asdict(self)
        made.pop("span")
        return made


@dataclass(frozen=True)
class Place:
    """A number together with the sentence it stands in."""

    sentence: Sentence
    number: Number

    @property
    def start(self) -> int:
        """Its position in the text."""
        return self.sentence.start + self.number.start

    @property
    def end(self) -> int:
        """The position behind it in the text."""
        return self.sentence.start + self.number.end


def claim(
    page: Page, kind: str, printed: Place, computed: Fraction | str | None, verdict: str, *others: Place
) -> Claim:
    """Make a claim; its quote runs from the first to the last number it rests on."""
    places = (printed, *others)
    start, end = min(place.start for place in places), max(place.end for place in places)
    said = computed if isinstance(computed, str) else plain(computed)
    line = page.text.count("\n", 0, start) + 1
    page.judged.add(printed.end)
    return Claim(line, page.text[start:end], (start, end), kind, plain(printed.number.value), said, verdict)
