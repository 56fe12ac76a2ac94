"""The Django app of what everything stands on."""

from django.apps import AppConfig


class Kernel(AppConfig):
    """Tables of the installation itself: its identity and its record of who did what."""

    name = "canbo.kernel"
    label = "kernel"
