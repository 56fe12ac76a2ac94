"""What is written down of accounts: who signed in, failed to, was locked out, was invited, lost their account."""

from canbo.kernel import audit


def record(kind: str, what: str, *, actor: str, person: int | None = None, about: int | None = None) -> None:
    """One row of the audit log: what `person` did, about themselves unless it says about whom. Nothing secret stands in
    `what`, and of a login that nobody has, nothing at all.
    """
    concerned = about or person
    audit.record(kind, what, actor=actor or "?", person=person, about=[concerned] if concerned else [])
