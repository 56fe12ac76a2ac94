"""All addresses that the server answers, found by walking Django's resolver: a new one is met by every test here."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

HOLE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One address: its name, its route with holes for arguments, and what answers."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def holes(self) -> list[str]:
        """The names of its arguments."""
        return HOLE.findall(self.route)

    def filled(self, values: Mapping[str, str], **query: str) -> str:
        """The address with these arguments, as a browser asks for it."""
        path = "/" + HOLE.sub(lambda hole: quote(values[hole[1]], safe="/"), self.route)
        return f"{path}?{urlencode(query)}" if query else path

    def each(self, choices: Mapping[str, Sequence[str]], things: Sequence[str]) -> Iterator[dict[str, str]]:
        """Every way to fill it: arguments that choose (`NAME` or `ADDRESS.NAME`) get each choice, others any thing."""
        values = [choices.get(f"{self.name}.{hole}", choices.get(hole, things)) for hole in self.holes]
        for some in product(*values):
            yield dict(zip(self.holes, some, strict=True))


def addresses() -> list[Address]:
    """All of them."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: Sequence[Any], before: str) -> Iterator[Address]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            assert isinstance(one, URLPattern)
            yield Address(one.name, route, one.callback)


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers, and all text in it, also that of the parts of a packed file."""

    address: str
    status: int
    headers: Mapping[str, str]
    text: str


def asked(client: Client, address: str, method: str = "get", **more: Any) -> Answer:
    """Ask and read the whole answer."""
    with closing(getattr(client, method)(address, **more)) as answer:
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Answer(address, answer.status_code, answer.headers, text_of(data))


def text_of(data: bytes) -> str:
    """All text of a page or of a file, unpacked where it is packed."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            data = b"\n".join(parts.read(name) for name in parts.namelist())
    return data.decode("utf-8", "replace")
