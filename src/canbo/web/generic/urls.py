"""The addresses of lists, and their entries in the menu."""

from functools import partial

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import SCREENS
from canbo.web.asof import AsOf
from canbo.web.generic import views
from canbo.web.menu import Entry, add

urlpatterns = [
    path("list/<str:name>", views.show, name="list"),
    path("list/<str:name>/export.<str:form>", views.export, name="export"),
]

ORDER = (
    "persons", "members", "organisations", "places", "posts", "incumbencies", "documents", "decisions",
)  # fmt: skip
"""What is looked for most stands first; the other lists follow in the order of the alphabet."""


def _begun(name: str, asof: AsOf) -> bool:
    return views.begun(name)


for _name in (*ORDER, *sorted(set(SCREENS) - set(ORDER))):
    add(Entry("list", partial(views.title, _name), (_name,), _("Lists"), partial(_begun, _name)))
