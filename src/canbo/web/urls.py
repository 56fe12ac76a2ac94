"""The addresses of the pages."""

from django.urls import include, path

from canbo.web import errors
from canbo.web.home import home
from canbo.web.search import search

urlpatterns = [
    path("", home, name="home"),
    path("search", search, name="search"),
    path("", include("canbo.web.generic.urls")),
    path("", include("canbo.web.importing.urls")),
    path("", include("canbo.web.carrying.urls")),
    path("", include("canbo.web.objects.urls")),
    path("", include("canbo.web.reports.urls")),
    path("", include("canbo.web.quality.urls")),
    path("", include("canbo.web.proofreading.urls")),
    path("", include("canbo.web.signin.urls")),
    path("", include("canbo.web.viewing.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
