"""The workbench as plain values, for commands: codes, numbers, and the words of the language that is active."""

import datetime as dt
from typing import Any

from canbo.registry.organisations.queries import children, named, serving, unit_of
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import Rule, ask, name, rules
from canbo.reports.quality.tally import Tally, tally
from canbo.reports.quality.workbench import asked_of, before, beyond, parts, whole


def answer(code: str, on: dt.date, known: dt.datetime, rule: str = "") -> dict[str, Any]:
    """What is found in a unit (all within reach without one), by rule, by unit and before; of one rule the records."""
    asked = asked_of(code, on, known)
    counted = tally(asked)
    total = whole(counted)
    below = _below(code, asked) if code else []
    beings = named(below, on, asked.known)
    found = {
        "unit": code,
        "on": on.isoformat(),
        "known": asked.known.isoformat(),
        **_told(total),
        "beyond_reach": beyond(asked),
        "rules": [_rule(one, total) for one in rules()],
        "before": [{"on": then.on.isoformat(), **_told(then.whole)} for then in before(code, on, asked.known)],
        "units": [
            {"unit": beings[key].code, "name": beings[key].name, **_told(part)}
            for key, part in parts(below, asked, counted).items()
        ],
    }
    return found | ({"findings": _records(rule, asked)} if rule else {})


def _below(code: str, asked: Asked) -> list[int]:
    """What lies directly under a unit, and what serves it."""
    unit = unit_of(code)
    return [*(being.pk for being in children(unit, asked.on, asked.known)), *serving(unit, asked.on, asked.known)[1]]


def _told(found: Tally) -> dict[str, Any]:
    """Of records of too few people neither a share is told nor how many have a finding."""
    said = found.said
    if said is None:
        return {"records": found.records, "flawed": None, "score": None}
    return {"records": found.records, "flawed": found.flawed, "score": float(said)}


def _rule(rule: Rule, total: Tally) -> dict[str, Any]:
    said = {"rule": rule.name, "label": str(rule.label), "family": rule.family, "severity": rule.severity}
    return {**said, "owner": rule.owner, "mends": list(rule.mends), "found": total.of(rule.name)}


def _records(called: str, asked: Asked) -> list[dict[str, str]]:
    """The records with which a rule finds fault, as lists of records are told."""
    rule = ask(called)
    found = ((model, rule.rows(model, asked).order_by("unit__code", "fact")) for model in rule.models)
    return [
        {"kind": name(model), "key": str(fact), "label": unit}
        for model, rows in found
        for fact, unit in rows.values_list("fact", "unit__code")
    ]
