"""The address of the workbench, and its entry in the menu for whoever reads the affairs of any unit."""

from functools import partial

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.web.asof import BEGINNINGS, AsOf
from canbo.web.menu import Entry, add
from canbo.web.quality.pairs import listed, pair
from canbo.web.quality.views import quality

NAME = "quality"
urlpatterns = [
    path("quality", quality, name=NAME),
    path("quality/pairs", listed, name="pairs"),
    path("quality/pairs/<str:kept>/<str:former>", pair, name="pair"),
]

BEGINNINGS[NAME] = (
    "SELECT min(applied_at) FROM registry_decision"
    " WHERE (SELECT canbo.sees_all_1() OR NOT isempty(canbo.reach_1('internal')))"
)
add(Entry(NAME, _("Data quality"), (), _("Reports"), partial(AsOf.has, name=NAME)))
