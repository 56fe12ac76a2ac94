"""The pages as a Django app: templates, stylesheet and template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages have no tables."""

    name = "canbo.web"
    label = "web"
