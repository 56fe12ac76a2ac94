"""The mappings that somebody kept: how the files of a source are read."""

from django.db import models
from django.db.models.functions import Now

from canbo.kernel.levels import INTERNAL
from canbo.registry.facts import Unit
from canbo.reports.freeze import NEVER_CHANGES

LONGEST = 120


class SavedMapping(models.Model):
    """How files of a source (`name`) are read into a list, kept for a unit. Only added to: what was kept last counts,
    and a row that says nothing means that it is offered no longer. The database says when.
    """

    APP_MAY = "SELECT, INSERT (unit_id, name, concept, said, by)"
    LEVEL = INTERNAL

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST)
    concept = models.CharField(max_length=60)
    said = models.JSONField(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="mapping_has_a_name")]
        indexes = [models.Index(fields=["concept", "unit", "name", "-id"], name="mapping_last")]
        triggers = NEVER_CHANGES
