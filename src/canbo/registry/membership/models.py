"""A person's membership, one row for each stretch in one organisation and stage."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.registry.facts import Fact, Person
from canbo.registry.tree import alone


class Entry(models.TextChoices):
    """How a stretch of membership began."""

    ADMISSION = "admission"
    READMISSION = "readmission"
    STAGE = "stage", "next stage"
    TRANSFER = "transfer"
    CATEGORY = "category", "other category"
    BALANCE = "balance", "opening balance"


class Membership(Fact):
    """A person is a member, at a stage, counted in one organisation (`unit`)."""

    SAYS_HOW_IT_ENDED = ("ending",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    stage = Coded("membership_stage")
    category = Coded("membership_category", blank=True)
    entry = models.CharField(max_length=12, choices=Entry.choices)
    ending = Coded("membership_ending", blank=True)

    class Meta(Fact.Meta):
        verbose_name = "membership"
        constraints = [
            *Fact.Meta.constraints,
            alone("one_membership_at_a_time", "person", message="A person is a member in one organisation at a time."),
        ]


class Dues(Fact):
    """A member's dues are paid for a period; what was paid is not our business."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "dues paid"
