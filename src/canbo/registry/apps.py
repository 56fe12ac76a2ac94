"""The register as a Django app; its acts are declared by scanning the concepts."""

from django.apps import AppConfig

from canbo.kernel.declare import scan


class RegistryConfig(AppConfig):
    """Registers every act when Django starts."""

    name = "canbo.registry"
    label = "registry"

    def ready(self) -> None:
        """Put all acts on their shelf."""
        scan("canbo.registry")
