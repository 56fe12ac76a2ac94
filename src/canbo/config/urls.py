"""Addresses: all of them are pages. Files that can be imported again are made and read beside the pages, and whoever
does so is offered to them here.
"""

from functools import partial

from canbo.config.environment import environment
from canbo.config.secret import kits_key, packages_key
from canbo.exchange import desk
from canbo.exchange.carrying import Carrier
from canbo.exchange.export import FORMS, as_file
from canbo.web.audited import show
from canbo.web.carrying import door as carrying
from canbo.web.generic.export import EXCHANGE
from canbo.web.importing.door import offer
from canbo.web.urls import handler400, handler403, handler404, handler500, urlpatterns

EXCHANGE |= {f"exchange.{name}": (form.content_type, partial(as_file, name, show)) for name, form in FORMS.items()}
offer(desk)
carrying.offer(Carrier(lambda: kits_key(environment().data), lambda: packages_key(environment().data)))

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
