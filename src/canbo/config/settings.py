"""Django's settings, all of them. Loading them starts no server and writes no file."""

from importlib.util import find_spec

from canbo.config.environment import environment

DATABASE = environment().database()
DATABASES = DATABASE.django()

# Lowest first. A package joins when it has an app; the others work without those still missing.
_PACKAGES = ("kernel", "ballots", "registry", "rules", "access", "procedures", "reports")
INSTALLED_APPS = [
    "django.contrib.postgres",
    "pgtrigger",
    *(
        f"canbo.{name}"
        for name in _PACKAGES
        if find_spec(f"canbo.{name}") and find_spec(f"canbo.{name}.apps")
    ),
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "canbo.config.urls"

LANGUAGE_CODE = "vi"
USE_TZ = True
TIME_ZONE = DATABASE.time_zone
