"""Every kind of page, found as a visitor finds it: by following links from the first page.

A kind is the name of an address and, where one name serves things that look different, which of them: each list,
each book, each kind of record.
"""

import gzip
import html
import re
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

from django.urls import get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from canbo.web.signin.middleware import ACCOUNTS
from tests.signing_in import signed

APART = {"list": "name", "report": "book", "record": "kind", "why": "kind"}
"""Names of addresses, each with the argument that makes pages of another kind."""
FILES = ("export", "report-file", "frozen-file", "me-file", "template", "package", "kit")
"""Names of addresses that give a file to keep."""
LOADED = re.compile(r'<(?:script|img|link)\b[^>]* (?:src|href)="([^"]+)"')
LINK = re.compile(r'<a [^>]*href="([^"#]+)')


def kind(address: str) -> str:
    """`list/persons` of `/list/persons?page=2`."""
    match = resolve(urlsplit(address).path)
    which = APART.get(match.view_name)
    return f"{match.view_name}/{match.kwargs[which]}" if which else match.view_name


def names() -> set[str]:
    """The names of all addresses at which the server shows records; those of accounts, and of seeing as somebody else,
    are reached when they may be.
    """
    found = _patterns(get_resolver().url_patterns)
    return {pattern.name for pattern in found if not str(pattern.pattern).startswith((*ACCOUNTS, "view-as"))}


def _patterns(patterns: list) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def pages(origin: str, *begin: str, each: int = 1) -> dict[str, list[str]]:
    """The first addresses of each kind of page, breadth first, `each` so many; files to download are no pages."""
    found: dict[str, list[str]] = {}
    waiting = deque(begin or ("/",))
    seen = set(waiting)
    while waiting:
        address = waiting.popleft()
        same = found.setdefault(kind(address), [])
        if len(same) >= each or kind(address).startswith(FILES):
            continue
        text = _html(origin + address)
        if text is None:
            continue
        same.append(address)
        for link in LINK.findall(text):
            target = urljoin(address, html.unescape(link))
            if target.startswith("/") and not target.startswith("/static/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    return {name: addresses for name, addresses in found.items() if addresses}


def _sent(address: str) -> tuple[int, str]:
    """The bytes of an answer as they travel, and its text."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip", **signed(address)})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            sent, encoding = answer.read(), answer.headers.get("Content-Encoding")
    except urllib.error.HTTPError as error:
        sent, encoding = error.read(), error.headers.get("Content-Encoding")
    return len(sent), (gzip.decompress(sent) if encoding == "gzip" else sent).decode()


@cache
def _file(address: str) -> int:
    return _sent(address)[0]


def weight(origin: str, address: str) -> int:
    """The bytes of a page with its stylesheet, script and pictures, as they travel to a browser without any of them."""
    size, text = _sent(origin + address)
    loaded = {urljoin(origin, html.unescape(file)) for file in LOADED.findall(text)}
    return size + sum(_file(file) for file in loaded)


def _html(address: str) -> str | None:
    """The text of a page; a link that leads to an error is a fault of the page that has it."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=signed(address)), timeout=30) as answer:
            if answer.headers.get_content_type() != "text/html":
                return None
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"a link leads to {address}, which answers {error.code}") from error
