"""Addresses: all of them are pages. Files that can be imported again are made beside the pages and offered here."""

from functools import partial

from canbo.exchange.export import FORMS, as_file
from canbo.web.audited import show
from canbo.web.generic.export import EXCHANGE
from canbo.web.urls import handler400, handler403, handler404, handler500, urlpatterns

EXCHANGE |= {f"exchange.{name}": (form.content_type, partial(as_file, name, show)) for name, form in FORMS.items()}

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
