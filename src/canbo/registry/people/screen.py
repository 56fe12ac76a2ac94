"""How people are listed: by given name in the order of the alphabet."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import DAY, UNIT, WORD, Column, screen
from canbo.registry.people.models import Particulars

NAME = Column("name", _("Full name"), "who__name", page="person", code="person__code", sort=("who__name_key", "person"))
"""A person in lists of what is so of people; they join `WHO`."""
CODE = Column("code", _("Code"), "person__code", sort=("person__code",))
WHO = {"who": "person__particulars"}
NAMED = {"joins": WHO, "search": ("who__name_fold",), "codes": ("person__code",), "people": True}
BY_NAME = ("who__name_key", "person")

screen(
    "persons",
    Particulars,
    (
        Column("name", _("Full name"), "name", page="person", code="person__code", sort=("name_key", "person")),
        CODE,
        Column("sex", _("Sex"), "sex", WORD, "sex"),
        Column("born", _("Born"), "born", DAY, sort=("born",)),
        Column("unit", _("File kept by"), "unit", UNIT),
    ),
    ("name_key", "person"),
    search=("name_fold",),
    codes=("person__code",),
    people=True,
    opened_by="person.register",
)
