"""Payroll quotas."""

from django.db import models

from canbo.kernel.coded import Coded
from canbo.registry.facts import Fact


class Quota(Fact):
    """A unit may have that many people of a group on its payroll in a year."""

    year = models.PositiveSmallIntegerField()
    group = Coded("employment_group")
    amount = models.PositiveIntegerField()

    class Meta(Fact.Meta):
        verbose_name = "payroll quota"
        constraints = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "year", "group"],
                condition=models.Q(recorded__upper_inf=True),
                name="quota_once",
                violation_error_message="A unit has one quota per year and group.",
            ),
        ]
