"""The language of a page: what the address says, else what was chosen before, else the profile's first one."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake

YEAR = 365 * 24 * 60 * 60
NAMES = dict(settings.LANGUAGES)


def spoken() -> list[tuple[str, str]]:
    """The languages that the profile's people read, each with its own name."""
    return [(code, NAMES.get(code, code)) for code in profile().languages]


def wanted(request: HttpRequest) -> str:
    """The language to answer in; one that the profile does not speak is a `Mistake` when the address says it."""
    languages = profile().languages
    said = request.GET.get("lang")
    if said:
        if said not in languages:
            known = ", ".join(languages)
            raise Mistake("bad_language", "the profile speaks %(known)s, not “%(said)s”", known=known, said=said)
        return said
    return chosen(request)


def chosen(request: HttpRequest) -> str:
    """The language that was chosen before in this browser, else that of the account, else the profile's first one."""
    languages = profile().languages
    before = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or getattr(request.user, "language", "")
    return before if before in languages else languages[0]


def remember(response: HttpResponse, language: str) -> None:
    """Let later pages speak this language too."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
