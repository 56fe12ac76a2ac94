"""What is a place, and what covers it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import PUBLIC
from canbo.registry.facts import Fact, Unit, derived
from canbo.registry.tree import alone


class Place(Fact):
    """A unit is a place of a kind and name."""

    LEVEL = PUBLIC

    kind = Coded("place_kind")
    name = models.CharField(max_length=200)
    official_code = models.CharField(max_length=20, blank=True)
    name_key = derived("vn_key_1", "name")
    name_fold = derived("vn_fold_1", "name")

    class Meta(Fact.Meta):
        verbose_name = "place"
        constraints = [
            *Fact.Meta.constraints,
            alone("one_kind_of_place_at_a_time", "unit", message="A place has one kind and name at a time."),
        ]
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["kind"], name="place_kind"),
            models.Index(fields=["official_code"], opclasses=["varchar_pattern_ops"], name="place_by_official_code"),
            GinIndex(fields=["name_fold"], opclasses=["gin_trgm_ops"], name="place_by_fold"),
        ]

    @classmethod
    def label_of(cls, row: "Place") -> str:
        """Its name."""
        return row.name


class Coverage(Fact):
    """An organisation (`unit`) covers a place: a village, an enterprise, a school."""

    LEVEL = PUBLIC

    place = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "coverage of a place"
