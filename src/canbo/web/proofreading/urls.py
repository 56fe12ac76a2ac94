"""The address of the page, and its entry in the menu."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.web.menu import Entry, add
from canbo.web.proofreading.views import proofread

urlpatterns = [path("proofread", proofread, name="proofread")]

add(Entry("proofread", _("Proofread")))
