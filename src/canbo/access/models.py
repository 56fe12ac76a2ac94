"""Accounts, invitations and keys; and what reach is found from: roles as the profile has them, custody, cards.

Only the role of sign-in reads and writes what belongs to accounts (`APP_MAY` is empty, and a test walks these tables).
The application reads what is derived and writes none of it.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from canbo.kernel.levels import CARD, OPEN, PUBLIC
from canbo.registry.facts import Person, Unit


class Account(AbstractBaseUser):
    """How a person on file signs in. Administering accounts gives no right to read a file."""

    APP_MAY = ""
    CHANGES = ("password", "last_login", "is_active", "language", "administers")
    SIGNIN_MAY = f"SELECT, INSERT, UPDATE ({', '.join(CHANGES)})"
    USERNAME_FIELD = "login"

    login = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)
    administers = models.BooleanField(default=False, help_text="invites people and ends accounts; reads no file for it")

    objects = BaseUserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(login=Lower("login")), name="account_login_in_small_letters")
        ]

    def __str__(self) -> str:
        return self.login

    @property
    def state(self) -> str:
        """Whether its person signs in, is still to choose a password, or can no longer."""
        return "ended" if not self.is_active else "active" if self.has_usable_password() else "invited"

    def save(self, *args: Any, **options: Any) -> None:
        """Whose account it is, and under which login, stays as it was made; the database refuses to change it."""
        if not self._state.adding and options.get("update_fields") is None:
            options["update_fields"] = self.CHANGES
        super().save(*args, **options)


class Key(models.Model):
    """By which the database knows for one transaction who asks: the digest of a secret, for a person or the system.

    A person may also be shown what somebody with a role over a unit sees: such a key ends with the session that it is
    `within` (the digest of its key).
    """

    APP_MAY = ""
    SIGNIN_MAY = "SELECT, INSERT, UPDATE (ends_at, ended_at)"

    digest = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=60, blank=True, default="")
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    as_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    as_role = models.CharField(max_length=60, blank=True, default="")
    within = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, system="") | models.Q(person=None) & ~models.Q(system=""),
                name="key_of_a_person_or_the_system",
            ),
            models.CheckConstraint(
                condition=models.Q(as_role="", as_unit=None, within=None)
                | ~models.Q(as_role="") & models.Q(as_unit__isnull=False, person__isnull=False, within__isnull=False),
                name="key_as_somebody_else",
            ),
        ]


class Invitation(models.Model):
    """A code with which a person chooses a password, once and until a day; only its digest is kept."""

    APP_MAY = ""
    SIGNIN_MAY = "SELECT, INSERT, UPDATE (used_at)"

    account = models.ForeignKey(Account, models.PROTECT, related_name="invitations")
    digest = models.BinaryField(max_length=32, unique=True)
    issued_by = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Memory(models.Model):
    """What sign-in remembers for a while, as JSON (`access/shared.py`)."""

    APP_MAY = ""
    SIGNIN_MAY = "SELECT, INSERT, UPDATE, DELETE"

    key = models.CharField(max_length=250, unique=True)
    value = models.TextField()
    ends_at = models.DateTimeField()


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
    grants = models.BooleanField(help_text="may give roles where it reaches, and see pages as those who have them")
    counts = ArrayField(
        models.CharField(max_length=60),
        default=list,
        help_text="has the totals of these indicators (*: of all) without their records",
    )


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


class Units(models.Field):
    """Units as ranges of their keys: few where units were founded together, and a look into them is quick."""

    def db_type(self, connection: Any) -> str:
        """A multirange, as PostgreSQL has them since version 14."""
        return "int8multirange"


class Sight(models.Model):
    """Remembered: what somebody may see and count, found on a day as of the last decision; good for no other."""

    APP_MAY = ""

    person = models.OneToOneField(Person, models.CASCADE, db_constraint=False, related_name="+")
    day = models.DateField()
    known = models.DateTimeField()
    everything = models.BooleanField()
    internal = Units()
    personal = Units()
    counting = ArrayField(models.TextField())
