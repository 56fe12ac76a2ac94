"""Registers who decides on authority."""

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
