"""A bridge as JSON and as text: the waterfall with a label, records and acts for each part."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from canbo.kernel.profile import profile
from canbo.registry.facts import Act
from canbo.reports.bridge.causes import PER_YEAR
from canbo.reports.bridge.waterfall import Bridge, Number, Part
from canbo.reports.indicator import INDICATORS, Composite, Record
from canbo.reports.text import act, exact, number, percent


def as_json(made: Bridge, language: str) -> dict[str, Any]:
    """The bridge in the shape that `canbo bridge --json` promises."""
    composite = isinstance(INDICATORS.ask(made.indicator), Composite)
    return {
        "indicator": made.indicator,
        "unit": made.first.unit.code,
        "points": [
            {"on": q.on.isoformat(), "from": q.start.isoformat(), "known": q.known.isoformat()}
            for q in (made.first, made.second)
        ],
        "opening": exact(made.opening),
        "closing": exact(made.closing),
        "parts": [
            {
                "cause": cause(part),
                "label": label(made, part, language),
                "value": exact(part.value),
                "count": part.count,
                **(_of(part) if composite else {}),
                "records": records(part),
                "acts": acts(part.acts),
            }
            for part in made.parts
        ],
    }


def _of(part: Part) -> dict[str, Any]:
    """Of a share: which indicator, and on which side."""
    return {"of": part.source.measure.name, "side": part.source.side} if part.source else {}


def cause(part: Part) -> str:
    """The stable name of a cause: the reason, the act, and the way in which something ended."""
    return ":".join(filter(None, (part.why, part.act, part.ending)))


def label(made: Bridge, part: Part, language: str) -> str:
    """What a person calls the cause; where it works both ways, with the way; of a share, with what it counts."""
    word = profile().word
    if part.why == PER_YEAR:
        return word("cause.per_year", language)
    twice = sum(1 for other in made.parts if other.source is part.source and cause(other) == cause(part)) > 1
    said = profile().words[language]
    form = said.get(f"cause.{part.why}") if not twice else None
    form = form or word(f"cause.{part.why}_{'in' if _up(part) else 'out'}", language)
    text = form.format(act=_act(part, language))
    if isinstance(INDICATORS.ask(made.indicator), Composite):
        text = f"{word(f'indicator.{part.source.measure.name}', language)}: {text}"
    return text[:1].upper() + text[1:]


def _up(part: Part) -> bool:
    return part.count * part.source.sign > 0


def _act(part: Part, language: str) -> str:
    """The act; where the fact says how it ended, that says more."""
    model = part.source.measure.model
    if part.ending:
        vocabulary = model._meta.get_field(model.SAYS_HOW_IT_ENDED[0]).vocabulary
        return profile().word(f"{vocabulary}.{part.ending}", language)
    return act(part.act, language)


def records(part: Part) -> list[Record]:
    """The records that came, went or changed."""
    if not part.source:
        return []
    question = part.source.second if _up(part) else part.source.first
    return part.source.measure.described(part.versions, question)


def acts(keys: Iterable[int]) -> list[dict[str, Any]]:
    """The acts behind a part with their decisions, in the order in which they hold."""
    found = Act.objects.filter(pk__in=list(keys)).select_related("decision").order_by("on", "pk")
    return [
        {
            "key": str(one.pk),
            "act": one.name,
            "on": one.on.isoformat(),
            "reason": one.reason,
            "decision": one.decision.code,
            "symbol": one.decision.symbol,
            "signed_on": one.decision.signed_on.isoformat(),
            "known_since": one.decision.applied_at.isoformat(),
        }
        for one in found
    ]


def as_text(made: Bridge, language: str) -> str:
    """The waterfall for a terminal."""
    word = profile().word
    rows = [(word("text.opening", language), _shown(made, made.opening, language))]
    for part in made.parts:
        value = part.count if part.value is None else part.value
        shown = _shown(made, value, language)
        rows.append((f"  {label(made, part, language)}", shown if value < 0 else f"+{shown}"))
    rows.append((word("text.closing", language), _shown(made, made.closing, language)))
    wide, high = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{name:<{wide}}  {value:>{high}}" for name, value in rows)


def _shown(made: Bridge, value: Number | None, language: str) -> str:
    indicator = INDICATORS.ask(made.indicator)
    if getattr(indicator, "whole", ()) and not isinstance(value, int):
        return percent(value, language)
    return number(value, language) if value is None or value >= 0 else f"-{number(-Fraction(value), language)}"
