"""Every kind of page, found as a visitor finds it: by following links from the first page.

A kind is the name of an address and, where one name serves many things, which of them: each list, each book.
"""

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

APART = ("screen", "name", "book", "kind")
"""Arguments of addresses that make pages of another kind."""
FILES = ("export",)
"""Names of addresses that give a file to keep."""
LOADED = re.compile(r'<(?:script|img|link)\b[^>]* (?:src|href)="([^"]+)"')
LINK = re.compile(r'<a [^>]*href="([^"#]+)')


def kind(address: str) -> str:
    """`list/persons` of `/list/persons?page=2`."""
    match = resolve(urlsplit(address).path)
    return "/".join([match.view_name, *(str(match.kwargs[name]) for name in APART if name in match.kwargs)])


def names() -> set[str]:
    """The names of all addresses that the server knows."""
    return {pattern.name for pattern in _patterns(get_resolver().url_patterns)}


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


@cache
def _size(address: str) -> int:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return len(answer.read())


def weight(origin: str, address: str) -> int:
    """The bytes of a page with its stylesheet, script and pictures, as a browser without any of them loads it."""
    try:
        with urllib.request.urlopen(origin + address, timeout=30) as answer:
            text = answer.read()
    except urllib.error.HTTPError as error:
        text = error.read()
    loaded = set(LOADED.findall(text.decode()))
    return len(text) + sum(_size(urljoin(origin, html.unescape(file))) for file in loaded)


def _html(address: str) -> str | None:
    """The text of a page; a link that leads to an error is a fault of the page that has it."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            if answer.headers.get_content_type() != "text/html":
                return None
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        raise AssertionError(f"a link leads to {address}, which answers {error.code}") from error
