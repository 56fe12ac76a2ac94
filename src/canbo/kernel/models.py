"""What belongs to the installation itself: its identity and its append-only record of who did what."""

from django.db import models

from canbo.kernel.levels import OPEN, PUBLIC


class Installation(models.Model):
    """The one row that says which profile this database serves and from which node its keys come."""

    APP_MAY = "SELECT"
    LEVEL = OPEN

    profile = models.CharField(max_length=60)
    node = models.PositiveSmallIntegerField()
    time_zone = models.CharField(max_length=60)
    sample = models.JSONField(null=True, help_text="how the records were invented; null in earnest")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="installation_is_one_row")]


class Audit(models.Model):
    """One decision applied: by whom, when, how many acts, and the digest of exactly what it wrote."""

    APP_MAY = "SELECT, INSERT"
    LEVEL = PUBLIC

    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    what = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
