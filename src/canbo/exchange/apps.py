"""Files in and out as a Django app, for the mappings that are kept."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Holds the mappings of sources."""

    name = "canbo.exchange"
    label = "exchange"
