"""What was decided of two records that look like one person's: that they are, or that they are not.

It says so of numbers, not of what happened in the world: it counts from the instant at which the register knows it.
"""

from django.db import models

from canbo.kernel.levels import BORNE
from canbo.registry.facts import Fact, Person
from canbo.registry.tree import alone


class Alias(Fact):
    """A person has a `former` number, under which nothing is on file any more. `unit` keeps the file."""

    LEVEL = BORNE
    EMPTIES_A_NUMBER = True

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    former = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "former number of a person"
        constraints = [
            *Fact.Meta.constraints,
            alone("number_leads_to_one", "former", message="A number leads to one person."),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("former")),
                name="number_leads_elsewhere",
                violation_error_message="A number does not lead to itself.",
            ),
        ]


class Namesake(Fact):
    """A person is not the one with another number, however alike they look; said of both. `unit` keeps the file."""

    LEVEL = BORNE

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "namesake"
        constraints = [
            *Fact.Meta.constraints,
            alone("told_apart_once", "person", "other", message="They are told apart already."),
        ]
