"""The addresses of importing into a list; its page leads there."""

from django.urls import path

from canbo.web.importing.comparing import comparing
from canbo.web.importing.views import importing, template

urlpatterns = [
    path("list/<str:name>/compare", comparing, name="compare"),
    path("list/<str:name>/import", importing, name="import"),
    path("list/<str:name>/template.xlsx", template, name="template"),
]
