"""What is inconsistent: books that ask for what does not exist, and records that the rules of data quality find."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max

from canbo.kernel.instants import today
from canbo.kernel.profile import Profile, profile
from canbo.kernel.refusal import Refused
from canbo.registry import store
from canbo.registry.facts import Decision
from canbo.registry.tree import Closure
from canbo.reports.book import books, pages
from canbo.reports.indicator import INDICATORS
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import ERROR, rules
from canbo.reports.quality.tally import tally
from canbo.reports.quality.workbench import whole


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: what it is about, how many there are, and whether it is an error."""

    about: str
    said: str
    error: bool = True


def findings() -> Iterator[Finding]:
    """Everything that is inconsistent, and what is only to be mended or worth a look; of records as of today."""
    yield from _books(profile())
    if (known := Decision.objects.aggregate(last=Max("applied_at"))["last"]) is None:
        return
    found = whole(tally(Asked(today(), known)))
    for rule in rules():
        for kind, many in found.of(rule.name).items():
            yield Finding(kind, f"{many}: {rule.label}", error=rule.severity == ERROR)


def _books(of: Profile) -> Iterator[Finding]:
    """Every figure of every book names an indicator and conditions that it knows."""
    units = {path.stem for path in of.files("books", "*/*.yaml")} - {"book"}
    for book in books(of):
        for unit in sorted(units) or [""]:
            for line in (f for part in pages(of, book, unit) for chapter in part.chapters for f in chapter.figures):
                try:
                    INDICATORS.ask(line.indicator).check(line.where)
                except Refused as refusal:
                    yield Finding(f"book {book}", f"{line.id}: {refusal}")


def registered() -> dict[str, int]:
    """How much is registered."""
    return {"kinds of fact": len(store.fact_kinds()), "indicators": len(INDICATORS), "units": _units()}


def _units() -> int:
    return Closure.objects.filter(depth=0).count()
