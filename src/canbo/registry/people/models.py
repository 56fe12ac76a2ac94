"""What is so of a person. No relatives, no beliefs, no scores: mission.md says what is never a field."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.levels import BORNE
from canbo.kernel.periods import DAY, PRECISIONS
from canbo.registry.facts import Fact, Person, Unit, derived
from canbo.registry.tree import alone


class Particulars(Fact):
    """A person's name, sex, birth and place of origin; `unit` keeps the file.

    `ethnic_group` is recorded only where a rule needs its share. `origin` decides who counts as local.
    """

    LEVEL = BORNE

    person = models.ForeignKey(Person, models.PROTECT, related_name="particulars")
    name = models.CharField(max_length=160)
    sex = Coded("sex", blank=True)
    born = models.DateField(null=True)
    born_precision = models.CharField(max_length=1, choices=PRECISIONS, default=DAY)
    ethnic_group = Coded("ethnic_group", blank=True)
    origin = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_index=False)
    name_key = derived("vn_name_key_1", "name")
    name_fold = derived("vn_fold_1", "name")

    class Meta(Fact.Meta):
        verbose_name = "particulars of a person"
        constraints = [
            *Fact.Meta.constraints,
            alone(
                "one_set_of_particulars_at_a_time", "person", message="A person has one set of particulars at a time."
            ),
        ]
        indexes = [
            *Fact.Meta.indexes,
            models.Index(fields=["name_key", "person"], name="particulars_by_name"),
            models.Index(fields=["born", "name_fold"], name="particulars_by_birth"),
            GinIndex(fields=["name_fold"], opclasses=["gin_trgm_ops"], name="particulars_by_fold"),
        ]

    @classmethod
    def label_of(cls, row: "Particulars") -> str:
        """The name."""
        return row.name
