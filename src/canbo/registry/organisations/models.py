"""What is an organisation."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import PUBLIC
from canbo.registry.facts import Fact, derived
from canbo.registry.tree import alone


class Organisation(Fact):
    """A unit is an organisation of a kind, name and block. The kind gives its tree and level (profile)."""

    LEVEL = PUBLIC

    kind = Coded("organisation_kind")
    name = models.CharField(max_length=240)
    block = Coded("block", blank=True)
    name_key = derived("vn_key_1", "name")
    name_fold = derived("vn_fold_1", "name")

    class Meta(Fact.Meta):
        verbose_name = "organisation"
        constraints = [
            *Fact.Meta.constraints,
            alone(
                "one_kind_of_organisation_at_a_time", "unit", message="An organisation has one kind and name at a time."
            ),
        ]
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["kind"], name="organisation_kind"),
            GinIndex(fields=["name_fold"], opclasses=["gin_trgm_ops"], name="organisation_by_fold"),
        ]

    @classmethod
    def label_of(cls, row: "Organisation") -> str:
        """Its name."""
        return row.name
