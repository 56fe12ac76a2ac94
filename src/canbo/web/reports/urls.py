"""The addresses of these pages."""

from django.urls import path

from canbo.web.reports.books import file, report
from canbo.web.reports.bridges import bridge
from canbo.web.reports.figures import figure

urlpatterns = [
    path("report/<str:book>/<str:unit>", report, name="report"),
    path("report/<str:book>/<str:unit>/<path:name>", figure, name="figure"),
    path("bridge/<str:indicator>/<str:unit>", bridge, name="bridge"),
    path("file/<str:form>/<str:language>/<str:book>/<str:unit>", file, name="report-file"),
]
