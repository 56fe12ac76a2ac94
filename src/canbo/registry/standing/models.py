"""What bodies have decided or found about units and people. A named body gives each of them; nothing is computed."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.registry.facts import Fact, Person
from canbo.registry.tree import alone


class Classification(Fact):
    """A unit, or a person in it, was classified for a year."""

    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    grade = Coded("grade")

    class Meta(Fact.Meta):
        verbose_name = "classification"


class Confidence(Fact):
    """The result of a vote of confidence on a holder of a post: papers collected, and how many of each level."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    collected = models.PositiveIntegerField()
    high = models.PositiveIntegerField()
    middle = models.PositiveIntegerField()
    low = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        verbose_name = "result of a vote of confidence"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(collected__gte=models.F("high") + models.F("middle") + models.F("low")),
                name="confidence_adds_up",
                violation_error_message="The papers of the three levels are at most those collected.",
            ),
        ]


class Duty(Fact):
    """A unit has to do something once: hold a vote, have a plan, review its succession plan."""

    matter = Coded("duty")

    class Meta(Fact.Meta):
        verbose_name = "duty of a unit"


class Fulfilment(Fact):
    """A unit has done what a duty asks."""

    matter = Coded("duty")

    class Meta(Fact.Meta):
        verbose_name = "duty fulfilled"
        constraints = [
            *Fact.Meta.constraints,
            alone("fulfilled_once", "unit", "matter", message="A duty is fulfilled once."),
        ]


class Training(Fact):
    """A person has completed training of a level."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings")
    level = Coded("training_level")

    class Meta(Fact.Meta):
        verbose_name = "training completed"


class Recruitment(Fact):
    """A person was recruited into a group, by a method."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="recruitments")
    group = Coded("employment_group")
    method = Coded("recruitment_method", blank=True)

    class Meta(Fact.Meta):
        verbose_name = "recruitment"
