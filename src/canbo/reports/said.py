"""What pages and workbooks call kinds of records and their fields, and how the value of a field reads there.

The words are those of the language that is active; codes are the profile's to name.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from canbo.kernel.coded import Coded
from canbo.kernel.periods import DAY, MONTH
from canbo.kernel.profile import profile
from canbo.reports.text import number

NEVER_SHOWN = ("ethnic_group", "born_precision", "request")
"""A group is counted where a rule needs its share and never printed of anybody; a precision shows in its date; the
number of a request is a key."""

KINDS: dict[str, Promise] = {
    "claim": _("Published figure"),
    "alias": _("Former number"),
    "classification": _("Classification"),
    "committeeduty": _("Assignment to a committee"),
    "confidence": _("Vote of confidence"),
    "coverage": _("Coverage"),
    "decentralisation": _("Decentralisation"),
    "delegation": _("Delegation"),
    "dues": _("Dues paid"),
    "duty": _("Duty"),
    "employment": _("Employment"),
    "fulfilment": _("Duty fulfilled"),
    "goal": _("Goal"),
    "goalmet": _("Goal met"),
    "incumbency": _("Post held"),
    "lineage": _("Lineage"),
    "link": _("Link between documents"),
    "mandate": _("Mandate"),
    "membership": _("Membership"),
    "movement": _("Movement"),
    "namesake": _("Told apart from another person"),
    "nomination": _("Nomination"),
    "opinion": _("Opinion given"),
    "organisation": _("Organisation"),
    "particulars": _("Particulars"),
    "place": _("Place"),
    "placement": _("Placement"),
    "planentry": _("Succession plan"),
    "postrecord": _("Post"),
    "quota": _("Payroll quota"),
    "recruitment": _("Recruitment"),
    "registration": _("Registration of a document"),
    "reply": _("Reply to a request"),
    "service": _("Service of a place"),
    "target": _("Target"),
    "training": _("Training completed"),
}

FIELDS: dict[str, Promise] = {
    "acting": _("acting"),
    "amount": _("Amount"),
    "article": _("Article"),
    "block": _("Block"),
    "body": _("Issuing body"),
    "born": _("Born"),
    "category": _("Category"),
    "collected": _("Papers collected"),
    "document": _("Document"),
    "due": _("Due"),
    "ending": _("How it ended"),
    "entry": _("How it began"),
    "figure": _("Figure"),
    "giver": _("On behalf of"),
    "grade": _("Grade"),
    "group": _("Group"),
    "high": _("High"),
    "issued_on": _("Issued on"),
    "kind": _("Kind"),
    "level": _("Level"),
    "low": _("Low"),
    "managed_by": _("Managed by"),
    "matter": _("Matter"),
    "method": _("Method"),
    "middle": _("Middle"),
    "name": _("Name"),
    "nature": _("Nature"),
    "non_local": _("not for locals"),
    "former": _("Former number"),
    "number": _("Number"),
    "office": _("Office"),
    "official_code": _("Official code"),
    "origin": _("Origin"),
    "other": _("Other person"),
    "outcome": _("Outcome"),
    "over": _("Over"),
    "parent": _("Lies under"),
    "person": _("Person"),
    "place": _("Place"),
    "post": _("Post"),
    "predecessor": _("Predecessor"),
    "printed": _("As printed"),
    "relation": _("Relation"),
    "role": _("Role"),
    "seats": _("Seats"),
    "sex": _("Sex"),
    "stage": _("Stage"),
    "subjects": _("Subjects"),
    "symbol": _("Symbol"),
    "target": _("Other document"),
    "term": _("Term"),
    "title": _("Title"),
    "type": _("Type"),
    "unit": _("Unit"),
    "whole": _("as a whole"),
    "words": _("Words"),
    "year": _("Year"),
}

CHOICES: dict[str, Promise] = {
    "admission": _("admitted"),
    "readmission": _("readmitted"),
    "stage": _("next stage"),
    "transfer": _("transferred"),
    "category": _("other category"),
    "balance": _("opening balance"),
    "exact": _("exactly"),
    "about": _("about"),
    "nearly": _("nearly"),
    "over": _("over"),
    "received": _("received"),
    "granted": _("granted"),
    "refused": _("refused"),
}


def word(vocabulary: str, code: str) -> str:
    """The profile's word for a code; nothing for nothing."""
    return profile().word(f"{vocabulary}.{code}", get_language()) if code else ""


def upper(text: str) -> str:
    """With a capital, as it begins a cell or a heading."""
    return text[:1].upper() + text[1:]


def day(value: dt.date | None, precision: str = DAY) -> str:
    """A day, month or year, as precisely as it was written down."""
    if value is None:
        return ""
    form = {DAY: "DATE_FORMAT", MONTH: "YEAR_MONTH_FORMAT"}.get(precision, "Y")
    return formats.date_format(value, form)


def counted(since: dt.date | None) -> str:
    """That something is counted from a day on; nothing where a decision says since when it is so."""
    return gettext("counted from %(day)s") % {"day": day(since)} if since else ""


def said(field: models.Field, value: Any, precision: str = DAY) -> str:
    """The value of a field that holds no thing with a name of its own; what is ticked is said by its field."""
    if isinstance(field, Coded):
        return word(field.vocabulary, value)
    if isinstance(field, ArrayField):
        return ", ".join(word(field.base_field.vocabulary, code) for code in value)
    if isinstance(field, models.BooleanField):
        return str(FIELDS[field.name])
    if field.choices:
        return str(CHOICES.get(value, value))
    if isinstance(field, models.DateField):
        return day(value, precision)
    if isinstance(field, models.IntegerField) and field.name not in ("year", "number"):
        return number(value, get_language())
    return str(value)
