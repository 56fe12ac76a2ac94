"""The addresses of these pages. Codes may hold any letter, and a slash."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from canbo.web.menu import Entry, add
from canbo.web.objects.own import me_file
from canbo.web.objects.papers import decision, document
from canbo.web.objects.people import me, person
from canbo.web.objects.posts import post
from canbo.web.objects.readers import readers
from canbo.web.objects.records import record, why
from canbo.web.objects.requests import one_request, requests
from canbo.web.objects.units import unit

urlpatterns = [
    path("unit/<path:code>", unit, name="unit"),
    path("me", me, name="me"),
    path("me/file/<str:form>", me_file, name="me-file"),
    path("person/<path:code>", person, name="person"),
    path("post/<path:code>", post, name="post"),
    path("document/<path:code>", document, name="document"),
    path("decision/<path:code>", decision, name="decision"),
    path("record/<str:kind>/<path:fact>", record, name="record"),
    path("requests", requests, name="requests"),
    path("requests/<str:key>", one_request, name="request"),
    path("why/<str:kind>/<path:key>", why, name="why"),
    path("readers/<str:kind>/<path:key>", readers, name="readers"),
]

add(Entry("requests", _("Requests for correction"), (), _("Lists")))
