"""The acts behind a part whose records stayed and count otherwise: those of the facts that they depend on."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef

from canbo.registry.facts import Fact
from canbo.reports.bridge.stretches import DAYS, Step
from canbo.reports.indicator import Measure, relation


def acts_behind(step: Step, versions: list[int]) -> set[int]:
    """The acts within the step that touched what these versions depend on, as far as the indicator declares it."""
    acts: set[int] = set()
    counted = step.measure.model.objects.filter(pk__in=versions)
    for model, fields in _depends(step.measure, step.first.where):
        alike = {ours: OuterRef(theirs) for theirs, ours in fields.items()}
        rows = model.objects.filter(Exists(counted.filter(**alike)))
        if step.axis == DAYS:
            edge, acted = "valid", ("opened_by", "closed_by")
            rows = rows.known(step.second.known)
            low, high = sorted((step.first.on, step.second.on))
        else:
            edge, acted = "recorded", ("asserted_by", "retracted_by")
            low, high = sorted((step.first.known, step.second.known))
        for side, act in zip(("startswith", "endswith"), acted, strict=True):
            within = rows.filter(**{f"{edge}__{side}__gt": low, f"{edge}__{side}__lte": high})
            acts.update(within.values_list(act, flat=True))
    return acts - {None}


def _depends(measure: Measure, where: Mapping[str, Any]) -> Iterator[tuple[type[Fact], Mapping[str, str]]]:
    """Kinds of fact, and which field there is which field of the fact that is counted."""
    yield from measure.rests_on.items()
    for name in where:
        if found := relation(measure.model, measure.columns.get(name, name)):
            yield found
