"""The answer to one question in the shape that `canbo figure` promises, and the catalogue of indicators."""

from typing import Any

from canbo.kernel.profile import profile
from canbo.reports.indicator import FLOW, INDICATORS, SHARE
from canbo.reports.opened import sources
from canbo.reports.question import Question
from canbo.reports.text import exact


def answer(name: str, question: Question, *, by: str = "", records: bool = False) -> dict[str, Any]:
    """Value, base, groups and records of an indicator; a stock has no `from`."""
    indicator = INDICATORS.ask(name)
    flows = indicator.kind in (FLOW, SHARE)
    hidden = sum(source.not_shown() for source in sources(indicator, question)) if records else 0
    return {
        "indicator": name,
        "unit": question.unit.code,
        "on": question.on.isoformat(),
        "from": question.start.isoformat() if flows else None,
        "known": question.known.isoformat(),
        "value": exact(indicator.value(question)),
        "base": indicator.base(question),
        "groups": [{"key": key, "value": exact(value)} for key, value in indicator.groups(question, by)] if by else [],
        "records": indicator.records(question) if records else [],
        "base_records": indicator.base_records(question) if records else [],
    } | ({"not_shown": hidden} if hidden else {})


def catalogue(language: str | None = None) -> list[dict[str, Any]]:
    """The indicators for which the profile has a word, with kind, label and the breakdowns it has a word for."""
    spoken = profile().words[language or profile().languages[0]]
    return [
        {
            "indicator": name,
            "kind": indicator.kind,
            "label": spoken[f"indicator.{name}"],
            "breakdowns": [by for by in indicator.by if f"breakdown.{by}" in spoken],
        }
        for name, indicator in sorted(INDICATORS.items())
        if f"indicator.{name}" in spoken
    ]
