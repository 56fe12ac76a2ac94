"""What templates may ask: a link as of the same dates, a word of the profile, a day, an instant, a number."""

import datetime as dt
from fractions import Fraction
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from django import template
from django.utils import formats, timezone
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.reports.text import number
from canbo.web import asof

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context: template.Context, name: str, *args: Any, **query: Any) -> str:
    """`{% link 'unit' code %}`: the address of a page, carrying the dates of this one; other keywords join them."""
    return asof.link(context["asof"], name, *args, **query) if context.get("asof") else ""


@register.simple_tag
def word(path: str, *more: str) -> str:
    """`{% word 'level' code %}`: the profile's word for `level.<code>` in the language of the page."""
    return profile().word(".".join((path, *more)), get_language())


@register.simple_tag(takes_context=True)
def single_sign_on(context: template.Context) -> list[dict[str, str]]:
    """The providers of single sign-on that the settings name: what each is called, and where it is asked."""
    asked = get_adapter().list_providers(context["request"])
    return [{"name": one.name, "address": one.get_login_url(context["request"])} for one in asked]


@register.filter
def day(value: dt.date | None) -> str:
    """A day as the language writes it; nothing for none."""
    return formats.date_format(value, "DATE_FORMAT") if value else ""


@register.filter
def moment(value: dt.datetime | None) -> str:
    """An instant as the language writes it, in the time zone of the installation."""
    return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


@register.filter
def typed(value: dt.datetime) -> str:
    """An instant as a field for one wants it."""
    return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")


@register.filter
def count(value: int | Fraction | None) -> str:
    """A number with the language's separators."""
    return number(value, get_language())
