"""The authority that answers the ledger: for now a named local operator, and nobody else."""

import getpass
import os

from canbo.kernel.refusal import Refused


def operator() -> str:
    """Who sits at this machine: CANBO_OPERATOR, else the account's name. What they do is written under it."""
    named = os.environ.get("CANBO_OPERATOR", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise Refused("no_operator", "nobody is named as the operator; set CANBO_OPERATOR to a name") from error


class LocalOperator:
    """Whoever runs Canbo's commands on the server may do every act, under their name."""

    def check(self, by: str, names: set[str]) -> None:
        """Refuse anybody but the operator of this process."""
        if not by or by != operator():
            raise Refused("not_the_operator", f"{by or 'nobody'} is not the operator of this machine", by=by)
