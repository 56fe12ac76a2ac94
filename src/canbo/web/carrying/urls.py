"""The addresses of what travels; the page of a unit and its list of members lead to the first."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.web.carrying.receiving import receiving
from canbo.web.carrying.sending import kit, package, sending
from canbo.web.menu import Entry, add

urlpatterns = [
    path("send/<str:code>", sending, name="send"),
    path("send/<str:code>/kit.xlsx", kit, name="kit"),
    path("send/<str:code>/package.zip", package, name="package"),
    path("receive", receiving, name="receive"),
]

add(Entry("receive", _("Take in a kit or package"), (), _("Lists")))
