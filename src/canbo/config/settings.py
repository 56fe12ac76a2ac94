"""Django's settings, all of them. Loading them starts no server and writes no file."""

import datetime as dt
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
_PACKAGES = ("kernel", "ballots", "registry", "rules", "access", "procedures", "reports", "exchange", "web")
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
    # Below ours, whose templates go before theirs.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOT_URLCONF = "canbo.config.urls"
APPEND_SLASH = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([_ENVIRONMENT.name] if _ENVIRONMENT.elsewhere else [])]
"""Beyond this machine pages answer to one name, which needs HTTPS; another name in a request is refused."""
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "canbo.web.signin.middleware.SignedIn",
    "canbo.web.middleware.Reading",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
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
        "form-action": [SELF, *_ENVIRONMENT.provider],
        "connect-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
"""Bytes of a form; a page that takes files says itself how large they may be."""
INCOMING = _ENVIRONMENT.data / "incoming"
"""Where files lie, encrypted and for an hour at most, while their import is looked at."""
A_MINUTE = {
    "export": 60, "report": 120, "search": 180, "proofread": 30, "import": 30, "receive": 30, "compare": 30,
    "quality": 60, "pairs": 60,
}  # fmt: skip
"""How often one person may ask for pages that are audited as this, or that have this name: more than anybody reads."""

CACHES = {"default": {"BACKEND": "canbo.access.shared.Shared"}}
AUTH_USER_MODEL = "access.Account"
DATABASE_ROUTERS = ["canbo.access.rights.Router"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_RULES = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_RULES}UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("login",)}},
    {"NAME": f"{_RULES}MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_RULES}CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

SESSION_ENGINE = "canbo.access.sessions"
SESSION_COOKIE_AGE = 60 * _ENVIRONMENT.session_idle
SESSION_LONGEST = 60 * _ENVIRONMENT.session_longest
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

ACCOUNT_ADAPTER = "canbo.access.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "50/m/ip,20/h/key"}
"""All failures of an address, and those against one account or its second factor wherever they come from."""
MFA_ADAPTER = "canbo.access.adapters.Factors"
MFA_PASSKEY_LOGIN_ENABLED = _ENVIRONMENT.elsewhere
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", *(["webauthn"] if _ENVIRONMENT.elsewhere else [])]
"""Passkeys are bound to a name, and browsers offer them on HTTPS only."""
SOCIALACCOUNT_ADAPTER = "canbo.access.adapters.Linked"
SOCIALACCOUNT_PROVIDERS = _ENVIRONMENT.single_sign_on()

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
"""A stranger who keeps guessing locks out their own machine, not the person whose login they guess."""
AXES_USERNAME_CALLABLE = "canbo.web.signin.lockout.login"
AXES_CLIENT_IP_CALLABLE = "canbo.web.signin.lockout.address"
AXES_LOCKOUT_CALLABLE = "canbo.web.signin.lockout.locked"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

if _ENVIRONMENT.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-canbo", "__Host-canbo-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-canbo-language"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
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
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "canbo.access": {"handlers": ["console"], "level": "INFO"},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
"""What went wrong is written down where the server runs, with where it happened; the page itself says nothing of it."""
