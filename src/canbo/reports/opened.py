"""A figure opened: the measures it is made of, and the records of each a page at a time, by the same query.

A figure of fifty thousand records shows fifty of them as fast as one of fifty.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from canbo.reports.indicator import INDICATORS, Composite, Indicator, Measure
from canbo.reports.question import Question

NUMERATOR, BASE = "numerator", "base"


@dataclass(frozen=True)
class Source:
    """A measure with its own question, on one side of a share; `sign` −1 takes it away."""

    measure: Measure
    question: Question
    side: str = NUMERATOR
    sign: int = 1

    @property
    def whole(self) -> bool:
        """May all its records be read?"""
        return not self.measure.only_counted(self.question)

    def size(self) -> int:
        """How many records there are to read; not the figure itself where that sums amounts."""
        counted = Count(self.measure.counting or "pk", distinct=bool(self.measure.counting))
        return self.measure.shown(self.question).aggregate(size=counted)["size"]

    def not_shown(self) -> int:
        """How many more the figure counts, which whoever asks may not read."""
        return 0 if self.whole else self.measure.value(self.question) - self.size()

    def keys(self, some: slice) -> list[int]:
        """The keys of some of the records, in the order in which `records` lists them.

        Those of versions; of a measure that counts something else once, those of what it counts.
        """
        rows = self.measure.shown(self.question)
        if column := self.measure.counting:
            return [
                key
                for key, _ in rows.order_by(f"{column}__code").values_list(column, f"{column}__code").distinct()[some]
            ]
        return list(rows.order_by("fact").values_list("pk", flat=True)[some])


def sources(of: Indicator, question: Question, side: str = NUMERATOR, sign: int = 1) -> Iterator[Source]:
    """The measures of which a figure is made, those of the base after the others."""
    if isinstance(of, Measure):
        yield Source(of, question, side, sign)
    elif isinstance(of, Composite):
        for where, parts in ((side, of.parts), (BASE, of.whole)):
            for part in parts:
                name, asked = part.indicator, part.of(question)[1]
                yield from sources(INDICATORS.ask(name), asked, where, sign * part.sign)
