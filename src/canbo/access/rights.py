"""What the database role of sign-in may do with the tables of the libraries it stands on, and where they are reached.

The role of the application may do nothing with any of them: a statement smuggled into a page finds no password, no
second factor and no session.
"""

from typing import Any

ALIAS = "signin"
_KEEPS = "SELECT, INSERT, UPDATE, DELETE"
SIGNIN_MAY = {
    "sessions": _KEEPS,
    "usersessions": _KEEPS,
    "mfa": _KEEPS,
    "axes": _KEEPS,
    "account": "SELECT",
    "socialaccount": _KEEPS,
}
"""By app; with apps that are not named (groups, permissions, kinds of content) nobody but the owner does anything."""
APPS = frozenset({"access", "auth", "contenttypes", *SIGNIN_MAY})
"""The apps that hold tables which only sign-in reaches."""


def of_accounts(model: Any) -> bool:
    """Does only sign-in reach this table? Of ours it is those that say so; what authority rests on is no secret."""
    ours = model._meta.app_label == "access"
    return hasattr(model, "SIGNIN_MAY") if ours else model._meta.app_label in APPS


class Router:
    """Sends what belongs to accounts over the connection of sign-in and everything else over that of the application.

    A migration works as the owner: what it calls a model is a passing picture of one, and stays on its connection.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The connection over which a model is asked."""
        if model.__module__ == "__fake__":
            return "owner"
        if of_accounts(model):
            return ALIAS
        found = hints.get("instance")
        return "default" if found is not None and found._state.db == ALIAS else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """An account belongs to a person of the register: the tables are in one database, only the roles differ."""
        return True
