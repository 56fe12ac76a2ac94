"""The addresses of lists, and their entries in the menu."""

from functools import partial

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import SCREENS
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

for _name in (*ORDER, *sorted(set(SCREENS) - set(ORDER))):
    add(Entry("list", partial(views.title, _name), (_name,), _("Lists"), partial(views.begun, _name)))
