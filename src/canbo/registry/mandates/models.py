"""From which facts authority follows, beside incumbencies: mandates, delegations, decentralisation."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import PUBLIC
from canbo.registry.facts import MATTERS, ROLES, Fact, Person, Unit
from canbo.registry.tree import alone


class Mandate(Fact):
    """A person works for a unit in a role, over it and all beneath it: an officer of an organising department."""

    GIVES = ROLES

    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    role = Coded("mandate_role")

    class Meta(Fact.Meta):
        verbose_name = "mandate"
        constraints = [
            *Fact.Meta.constraints,
            alone(
                "one_mandate_of_a_role", "person", "unit", "role", message="A person has a role in a unit once."
            ),
        ]


class Delegation(Fact):
    """A person lets another one act in a role over a unit, for as long as they may do so themselves, until a day."""

    GIVES = ROLES

    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    giver = models.ForeignKey(Person, models.PROTECT, null=True, related_name="delegated")
    """Never null, as a constraint says. Django joins it so that who may not know the giver still sees the row."""
    role = Coded("mandate_role")

    class Meta(Fact.Meta):
        verbose_name = "delegation"
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(giver__isnull=False),
                name="delegated_by_somebody",
                violation_error_message="A delegation says who gives it.",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("giver")),
                name="delegated_to_another",
                violation_error_message="Nobody delegates to themselves.",
            ),
            models.CheckConstraint(
                condition=models.Q(valid__upper_inf=False),
                name="delegated_until_a_day",
                violation_error_message="A delegation says until when.",
            ),
        ]


class Decentralisation(Fact):
    """A unit decides a matter over another unit and all beneath it, by the document that says so."""

    LEVEL = PUBLIC
    GIVES = MATTERS

    over = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    matter = Coded("decided_matter")

    class Meta(Fact.Meta):
        verbose_name = "decentralisation"
        constraints = [
            *Fact.Meta.constraints,
            alone(
                "one_decides_a_matter", "over", "matter", message="One body decides a matter over a unit at a time."
            ),
        ]
