"""Registers who decides on authority, and what protects the tables."""

from django.apps import AppConfig

from canbo.access.authority import LocalOperator
from canbo.kernel.act import register_authority


class AccessConfig(AppConfig):
    """Registers the local operator as authority."""

    name = "canbo.access"
    label = "access"

    def ready(self) -> None:
        """Let the operator of this machine act."""
        register_authority(LocalOperator())

    def protect(self, alias: str) -> None:
        """Give every table the policies of its level."""
        from canbo.access.protect import protect  # noqa: PLC0415 - models exist only once apps are loaded

        protect(alias)
