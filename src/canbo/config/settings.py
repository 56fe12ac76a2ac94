"""Django's settings, all of them. Loading them starts no server and writes no file."""

from importlib.util import find_spec

from csp.constants import NONE, SELF
from django.utils.functional import lazystr
from django.utils.translation import get_language_info

from canbo.config.catalogues import folders
from canbo.config.environment import environment
from canbo.config.secret import secret_key

_ENVIRONMENT = environment()
DATABASE = _ENVIRONMENT.database()
DATABASES = DATABASE.django()


class _Key:
    """Reads or makes the key when somebody asks for it: commands never do."""

    def __str__(self) -> str:
        return secret_key(_ENVIRONMENT.data)


SECRET_KEY = lazystr(_Key())

# Lowest first. A package joins when it has an app; the others work without those still missing.
_PACKAGES = ("kernel", "ballots", "registry", "rules", "access", "procedures", "reports", "web")
INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    *(
        f"canbo.{name}"
        for name in _PACKAGES
        if find_spec(f"canbo.{name}") and find_spec(f"canbo.{name}.apps")
    ),
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "canbo.config.urls"
APPEND_SLASH = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
"""Until people sign in, pages are for this machine alone: another name in a request is refused."""
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "canbo.web.middleware.Reading",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "canbo.web.templatetags.canbo"],
            "context_processors": ["django.template.context_processors.request", "canbo.web.context.page"],
        },
    }
]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
"""Stylesheet and script are served out of the installed packages: nothing is collected or copied."""
WHITENOISE_ALLOW_ALL_ORIGINS = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "canbo.web.errors.forbidden"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Strict"

LANGUAGE_CODE = "vi"
LANGUAGES = [(code, get_language_info(code)["name_local"]) for code in ("vi", "en", "de")]
"""All that pages can speak; a profile says which of them its people read, its first one by default."""
LOCALE_PATHS = folders(_ENVIRONMENT.data)
FORMAT_MODULE_PATH = "canbo.web.formats"
USE_TZ = True
TIME_ZONE = DATABASE.time_zone

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
}
"""What went wrong is written down where the server runs, with where it happened; the page itself says nothing of it."""
