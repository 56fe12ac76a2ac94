"""What tests in a browser may ask for: the pages of a sample, served by a real server, and people who walk there.

Playwright keeps an event loop running in the process of the tests for as long as it is in use, and Django then
refuses its own, synchronous database calls; there is nothing asynchronous here, so it is told to allow them.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import clones
from tests.browser.machine import DESKTOP, chromium
from tests.browser.server import serving
from tests.browser.walk import Walk, within
from tests.browser.watch import Watch
from tests.signing_in import COOKIE, SESSIONS, new_session
from tests.web.signed import prepare

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

Walking = Callable[..., AbstractContextManager[Walk]]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium."""
    try:
        return {**browser_type_launch_args, **chromium()}
    except FileNotFoundError as absent:
        pytest.fail(str(absent), pytrace=False)


def _served(sample: str, unblock: Any, prepare: Callable[[], None] = lambda: None) -> Iterator[str]:
    with unblock.unblock(), clones.template(sample) as source, clones.clone(source) as copy:
        with clones.aimed(copy):
            prepare()
            session = new_session()
        with serving(copy) as address:
            SESSIONS[address] = session
            yield address


@pytest.fixture(scope="session")
def province(django_test_environment: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the four provinces with a fiftieth of their people are served, with reports that somebody signed off and
    collected. Pages only read: all tests share them.
    """
    yield from _served("small", django_db_blocker, prepare)


@pytest.fixture(scope="session")
def association(django_test_environment: None, django_db_blocker: Any) -> Iterator[str]:
    """Where the second profile's sample is served."""
    yield from _served("association", django_db_blocker)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Callable[..., Watch]]:
    """Windows onto a server; when the test is over none of their pages may have done what no page may do."""
    with ExitStack() as windows:
        watches: list[Watch] = []

        def watch(origin: str, language: str = "", **options: Any) -> Watch:
            context = browser.new_context(**{"viewport": DESKTOP, "accept_downloads": True, **options})
            windows.callback(context.close)
            context.set_default_timeout(10_000)
            context.add_cookies([{"name": COOKIE, "value": SESSIONS[origin], "url": origin}])
            if language:
                context.add_cookies([{"name": "django_language", "value": language, "url": origin}])
            watches.append(Watch(context, origin))
            return watches[-1]

        yield watch
        assert [fault for watch in watches for fault in watch.faults] == []


def _walking(watched: Callable[..., Watch], origin: str) -> Walking:
    @contextmanager
    def walking(who: str, clicks: int, typed: int = 0, language: str = "", **options: Any) -> Iterator[Walk]:
        window = watched(origin, language, **options)
        with within(Walk(who, window.context.new_page(), origin), clicks, typed) as walk:
            yield walk

    return walking


@pytest.fixture
def officer(watched: Callable[..., Watch], province: str) -> Walking:
    """`officer("Mai", clicks=4)`: somebody of a provincial organising department, within a budget."""
    return _walking(watched, province)


@pytest.fixture
def member(watched: Callable[..., Watch], association: str) -> Walking:
    """Somebody of the association, within a budget."""
    return _walking(watched, association)
