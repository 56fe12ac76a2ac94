"""What was counted once is remembered: at a fixed instant of knowledge the answer never changes.

A decision takes an instant after all others, so nothing can come to be known at an instant that has passed. The
process keeps what was asked last; another database, another profile, a later instant, or a reader who sees more or less
is another question.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from canbo.access.identity import sight
from canbo.kernel.profile import profile

P = ParamSpec("P")
T = TypeVar("T")
_FORGETTING: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the last `most` answers of a function that is asked with an instant of knowledge among its arguments."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        kept = lru_cache(maxsize=most)(lambda _, *asked: function(*asked))
        _FORGETTING.append(kept.cache_clear)

        @wraps(function)
        def ask(*asked: P.args) -> T:
            return kept(_here(), *asked)

        return ask

    return decorate


def forget() -> None:
    """Count everything anew when it is asked next."""
    for clear in _FORGETTING:
        clear()


def _here() -> tuple[Any, ...]:
    """Which records are asked, by somebody who sees how much of them."""
    settings = connection.settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"], profile().name, sight()
