"""The addresses of these pages."""

from django.urls import path

from canbo.web.viewing.views import end, view_as

urlpatterns = [path("view-as", view_as, name="view-as"), path("view-as/end", end, name="view-as-end")]
