"""Registers who decides on authority, what sign-in may know, and what protects the tables."""

from django.apps import AppConfig

from canbo.access.rights import SIGNIN_MAY
from canbo.kernel.act import register_authority
from canbo.kernel.roles import LIBRARIES


class AccessConfig(AppConfig):
    """Accounts, and roles as the authority of whoever acts."""

    name = "canbo.access"
    label = "access"

    def ready(self) -> None:
        """Let roles decide who acts, and sign-in keep what its libraries write down."""
        from canbo.access.authority import Roles  # noqa: PLC0415 - models exist only once apps are loaded

        register_authority(Roles())
        LIBRARIES.update(SIGNIN_MAY)

    def protect(self, alias: str) -> None:
        """Give every table the policies of its level."""
        from canbo.access.protect import protect  # noqa: PLC0415 - models exist only once apps are loaded

        protect(alias)
