"""Accounts, the keys by which the database knows who asks, and invitations.

Only the role of sign-in reads and writes them; `APP_MAY` is empty everywhere, and a test walks all of these tables.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from canbo.registry.facts import Person


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

    def save(self, *args: Any, **options: Any) -> None:
        """Whose account it is, and under which login, stays as it was made; the database refuses to change it."""
        if not self._state.adding and options.get("update_fields") is None:
            options["update_fields"] = self.CHANGES
        super().save(*args, **options)


class Key(models.Model):
    """By which the database knows for one transaction who asks: the digest of a secret, for a person or the system."""

    APP_MAY = ""
    SIGNIN_MAY = "SELECT, INSERT, UPDATE (ends_at, ended_at)"

    digest = models.BinaryField(max_length=32, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=60, blank=True, default="")
    issued_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False, system="") | models.Q(person=None) & ~models.Q(system=""),
                name="key_of_a_person_or_the_system",
            )
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
