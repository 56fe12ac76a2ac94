"""What is written down of accounts: who signed in, failed to, was locked out, was invited, lost their account."""

import logging

_LINES = logging.getLogger("canbo.access")


def record(kind: str, what: str, *, actor: str, person: int | None = None) -> None:
    """One line for each; nothing secret stands in `what`."""
    _LINES.info("%s: %s by %s (person %s)", kind, what, actor, person or "-")
