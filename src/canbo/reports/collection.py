"""Reports asked of subordinate units: the tables, and the states through which each unit's answer goes.

Every step is a row that stays: a new submission comes beside the returned one, never in its place.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from canbo.kernel.levels import INTERNAL
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.reports.freeze import NEVER_CHANGES, FrozenReport

ASKED, SUBMITTED, RETURNED, ACCEPTED, MERGED = "asked", "submitted", "returned", "accepted", "merged"
STATES = (ASKED, SUBMITTED, RETURNED, ACCEPTED, MERGED)
NEXT: Mapping[str, tuple[str, ...]] = {
    ASKED: (SUBMITTED,),
    SUBMITTED: (RETURNED, ACCEPTED),
    RETURNED: (SUBMITTED,),
    ACCEPTED: (MERGED,),
    MERGED: (MERGED,),
}
"""Where a unit's answer can go from each state. A merged one is merged again when others come later."""
OWED = (ASKED, RETURNED)
"""The states in which it is the unit's turn: after the due day it is overdue. That is derived, never stored."""

COUNTED, ENTERED = "counted", "entered"
ORIGINS = ((COUNTED, "counted from the register"), (ENTERED, "entered from a file of the unit"))


class Collection(models.Model):
    """A unit asks others beneath it for a book as of a day, by a due day."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    book = models.CharField(max_length=60)
    on = models.DateField()
    due = models.DateField()
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(due__gte=models.F("on")), name="collection_due_after_its_day")
        ]
        triggers = NEVER_CHANGES


class CollectionStep(models.Model):
    """One step of one unit's answer: the state it reached, with words or with figures, and where those came from."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="steps")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES])
    words = models.TextField(blank=True)
    origin = models.CharField(max_length=8, choices=ORIGINS, blank=True)
    figures = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    frozen = models.ForeignKey(FrozenReport, models.PROTECT, null=True, related_name="+")
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "unit", "number"], name="collection_step_once"),
            models.CheckConstraint(
                condition=models.Q(state=SUBMITTED, figures__isnull=False) & ~models.Q(origin="")
                | ~models.Q(state=SUBMITTED) & models.Q(figures__isnull=True, origin=""),
                name="collection_submission_has_figures",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RETURNED, words=""), name="collection_returned_with_words"
            ),
        ]
        triggers = NEVER_CHANGES


class CollectionMerge(models.Model):
    """The figures of all accepted answers together, with the origin of each part and the units that are missing."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = INTERNAL
    PART_OF = "collection"

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="merges")
    figures = models.JSONField(encoder=DjangoJSONEncoder)
    missing = models.JSONField(default=list)
    audit = models.ForeignKey(Audit, models.PROTECT, related_name="+")

    class Meta:
        triggers = NEVER_CHANGES


@dataclass(frozen=True)
class Answer:
    """Where one unit's answer stands: its last step, and the submission that counts."""

    unit: Unit
    steps: tuple[CollectionStep, ...]

    @property
    def state(self) -> str:
        """The state that the last step reached."""
        return self.steps[-1].state

    @property
    def submission(self) -> CollectionStep | None:
        """The last figures that the unit handed in."""
        return next((step for step in reversed(self.steps) if step.state == SUBMITTED), None)

    def overdue(self, due: dt.date, today: dt.date) -> bool:
        """Is it the unit's turn, after the due day?"""
        return self.state in OWED and today > due

    def may(self, state: str) -> None:
        """Refuse a step that leads nowhere from where the answer stands."""
        if state not in NEXT[self.state]:
            can = ", ".join(NEXT[self.state])
            raise Refused(
                "not_from_here",
                "the answer of %(unit)s is %(state)s; it can be %(can)s next",
                unit=self.unit.code,
                state=self.state,
                can=can,
            )


def find(key: int) -> Collection:
    """The collection of that key."""
    found = Collection.objects.select_related("unit", "audit").filter(pk=key).first()
    if found is None:
        raise Mistake("no_such_collection", "there is no collection %(key)s; `canbo collect show` lists them", key=key)
    return found


def answers(of: Collection, until: dt.datetime | None = None) -> dict[str, Answer]:
    """Every unit that was asked, in the order of their codes, with the steps of its answer, up to an instant."""
    rows = of.steps.filter(audit__at__lte=until) if until else of.steps
    steps: dict[str, list[CollectionStep]] = {}
    for step in rows.select_related("unit", "audit").order_by("unit__code", "number"):
        steps.setdefault(step.unit.code, []).append(step)
    return {code: Answer(found[0].unit, tuple(found)) for code, found in steps.items()}


def answer(of: Collection, unit: str) -> Answer:
    """The answer of one unit; another unit was not asked."""
    found = answers(of)
    if unit not in found:
        known = ", ".join(found)
        raise Refused("not_asked", "%(unit)s was not asked; asked were: %(known)s", unit=unit, known=known)
    return found[unit]
