"""The slip that invites somebody to sign in: name, address, login and a code that is good once, also to be scanned."""

import json
from pathlib import Path

from django.db.models import Max
from django.utils.translation import gettext, override

from canbo.access.accounts import codes
from canbo.access.adapters import drawn
from canbo.kernel.instants import today
from canbo.registry.facts import Decision
from canbo.registry.people.queries import named
from canbo.reports.output.pdf import typeset

PAPER = Path(__file__).with_name("slip.typ")


def slip(person: int, login: str, code: str, address: str, language: str) -> bytes:
    """The paper as PDF. Whoever has it can choose the password: it is handed over, not sent around."""
    known = Decision.objects.aggregate(last=Max("applied_at"))["last"]
    found = named([person], today(), known) if known else {}
    _, name = found.get(person, ("", login))  # instead of a name beyond the reach of whoever prints, the login
    with override(language):
        words = {
            "title": gettext("Your access to Canbo"),
            "name": gettext("Name"),
            "address": gettext("Address"),
            "login": gettext("Login"),
            "code": gettext("Code"),
            "how": gettext(
                "Open the address or scan the picture, enter the code and choose a password. The code is good once and "
                "for 14 days. Nobody will ever ask you for your password."
            ),
            "lost": gettext("If you did not expect this slip, or find it already opened, tell whoever gave it to you."),
        }
    told = {"words": words, "name": name, "login": login, "code": code, "language": language}
    told["person"] = codes([person])[person]
    told |= {"address": f"{address}/enter", "picture": drawn(f"{address}/enter/{code}")}
    return typeset(PAPER.read_bytes(), {"slip": json.dumps(told, ensure_ascii=False)}, format="pdf")
