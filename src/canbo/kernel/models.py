"""What belongs to the installation itself: its identity and its append-only record of who did what."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from canbo.kernel.levels import LOG, OPEN


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


DECIDED = ("decision", "annulment")
"""Kinds of audit rows that name the decision whose acts they count."""
CITED = (*DECIDED, "freeze", "signature", "collection")
"""Kinds that the register cites as the origin of what it holds: the application may read these rows, and no others."""
KINDS = (
    *CITED, "file", "list", "report", "export", "right", "account", "sign-in", "sign-out", "failed-sign-in", "log",
)  # fmt: skip
"""All that is recorded: besides the above a personal file read, people named on a page, a report made, a file taken
along, a right given, taken or exercised, a change of an account, coming and going, and use of the log itself."""


class Audit(models.Model):
    """One row for each thing that was done or read: who, when, what, and whom it concerned. Insert-only, for ever.

    `person` is the key of who did it, `about` are the keys of the people concerned, `unit` is that of the unit;
    `details` says how (filters, dates, format, article) and never copies what was read. The database stamps `at`:
    a decision's row has the instant of the decision. `count` and `digest` are of exactly what was written.
    """

    APP_MAY = "SELECT, INSERT (kind, actor, person, what, decision, unit, about, details, count, digest)"
    LEVEL = LOG

    at = models.DateTimeField()
    kind = models.CharField(max_length=20, default=DECIDED[0])
    actor = models.CharField(max_length=200)
    person = models.BigIntegerField(null=True)
    what = models.CharField(max_length=200)
    decision = models.BigIntegerField(null=True)
    unit = models.BigIntegerField(null=True)
    about = ArrayField(models.BigIntegerField(), default=list)
    details = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0)
    digest = models.BinaryField(max_length=32, default=b"")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="audit_kind")]
        indexes = [GinIndex(fields=["about"], name="audit_about")]


class Seal(models.Model):
    """A block of rows sealed together: from which number to which, and a hash over them and the seal before."""

    LEVEL = LOG

    block = models.BigIntegerField(primary_key=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    at = models.DateTimeField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)


class Sealed(models.Model):
    """The number that an audit row got when it was sealed, and the hash of its text; audit rows stay untouched."""

    LEVEL = LOG

    number = models.BigIntegerField(primary_key=True)
    audit = models.BigIntegerField(unique=True)
    leaf = models.BinaryField(max_length=32)


class Unsealed(models.Model):
    """An audit row that waits for its seal, however late its transaction ended."""

    LEVEL = LOG

    audit = models.BigIntegerField(primary_key=True)
