"""What authority is derived from and kept in: keys of sessions, roles as the profile has them, custody, cards."""

from django.db import models

from canbo.kernel.levels import CARD, OPEN, PUBLIC
from canbo.registry.facts import Person, Unit


class Key(models.Model):
    """The digest of a random key by which a transaction says on whose behalf it runs: a person, or a system role.

    Only sign-in writes and reads these; who holds the key itself is that person until `ends_at`.
    """

    APP_MAY = ""
    SIGNIN_MAY = "SELECT, INSERT, UPDATE (ends_at, ended_at)"

    digest = models.BinaryField(unique=True, max_length=32)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=60, blank=True)
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, system="")
                | models.Q(person__isnull=True) & ~models.Q(system=""),
                name="key_of_one",
            )
        ]


class Role(models.Model):
    """A role of the profile as the database needs it: which levels it reads, and how far. Written at set-up."""

    LEVEL = OPEN
    APP_MAY = "SELECT"

    code = models.CharField(max_length=60, primary_key=True)
    internal = models.BooleanField(help_text="reads the affairs of units")
    personal = models.BooleanField(help_text="reads personnel files")
    writes = models.BooleanField(help_text="may do some acts; which ones is asked before")
    territory = models.BooleanField(help_text="reaches the places that its unit serves, and whoever serves these")
    everything = models.BooleanField(help_text="reaches all units there are")
    audits = models.BooleanField(help_text="reads the audit log")


class Title(models.Model):
    """Which role a post of a title gives to whoever holds it. Written at set-up."""

    LEVEL = OPEN
    APP_MAY = "SELECT"

    title = models.CharField(max_length=60)
    role = models.ForeignKey(Role, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["title", "role"], name="title_gives_a_role_once")]


class Custody(models.Model):
    """Derived: who keeps the records of a unit that ended: its successor, else the unit it lay under. By triggers."""

    LEVEL = PUBLIC

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, db_constraint=False, related_name="+")
    keeper = models.ForeignKey(Unit, models.CASCADE, db_constraint=False, related_name="+")
    since = models.DateField(help_text="the first day on which the unit is no more")


class Card(models.Model):
    """Derived: that some fact, of now or once, puts a person in a unit. Kept by triggers; never taken back.

    A name may be read by whoever may read one of these units.
    """

    LEVEL = CARD
    APP_MAY = "SELECT"

    person = models.ForeignKey(Person, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "unit"], name="card_once")]
        indexes = [models.Index(fields=["unit", "person"], name="card_of_a_unit")]
