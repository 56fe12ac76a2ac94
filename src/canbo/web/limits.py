"""How much a request may bring, and how often somebody may ask for what costs much or shows much."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from canbo.kernel.refusal import Mistake, Refused

MINUTE = 60


def too_large(most: int) -> Mistake:
    """More was sent than so many bytes."""
    return Mistake("too_large", "Too much was sent at once: at most %(limit)s MB are read here.", limit=most >> 20)


def check(request: HttpRequest, kind: str) -> None:
    """Refuse a body that is too large before any of it is read, and what is asked too often by one person.

    A view that takes files says with `largest` how many bytes. Who is not signed in is slowed down by sign-in itself.
    """
    said = request.META.get("CONTENT_LENGTH") or ""
    most = getattr(request.match and request.match.func, "largest", settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if said.isdecimal() and int(said) > most:
        raise too_large(most)
    name = request.match.view_name if request.match else ""
    times = settings.A_MINUTE.get(kind) or settings.A_MINUTE.get(name)
    if times and request.actor and cache.count(f"asked:{kind or name}:{request.user.pk}", MINUTE) > times:
        raise Refused(
            "too_often", "You asked for this more than %(times)s times within a minute. Wait a minute.", times=times
        )


def text(request: HttpRequest) -> None:
    """Refuse the one character that the database cannot keep, wherever somebody sends it."""
    sent = [said for form in (request.GET, request.POST) for _, some in form.lists() for said in some]
    if any("\0" in said for said in (request.path_info, *sent)):
        raise Mistake("bad_text", "What was sent holds a character that no text has; leave it out.")
