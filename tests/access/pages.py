"""Pages as somebody reads them: their rows, the records and people they lead to, and the rows of their files."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

import openpyxl
from django.http import HttpResponse
from django.test import Client

from canbo.access.models import Account

ROW, CELL = re.compile(r"<tr(?: [^>]*)?>(.*?)</tr>", re.S), re.compile(r"<td(?: [^>]*)?>(.*?)</td>", re.S)
SECTION = re.compile(r"<section>\s*<h2>(.*?)</h2>(.*?)</section>", re.S)
LED = re.compile(r'href="/(person|record|why|unit|post|decision|document|frozen|collections)/([^"?#]+)')
TURNED = re.compile(r'<a (?:class="button" )?(?:rel="next" )?href="([^"]+)"(?: rel="next")?>Next page</a>')


def client_of(person: int) -> Client:
    """The pages in English, as this person reads them; an account without a password is made where there is none."""
    account, _ = Account.objects.get_or_create(person_id=person, defaults={"login": f"reader{person}", "password": "!"})
    client = Client()
    client.force_login(account)
    client.cookies["django_language"] = "en"
    return client


@dataclass(frozen=True)
class Page:
    """The main part of a page."""

    status: int
    main: str

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows of its tables as texts, headings left out."""
        found = (tuple(text(cell) for cell in CELL.findall(row)) for row in ROW.findall(self.main))
        return [cells for cells in found if cells]

    @property
    def groups(self) -> dict[str, "Page"]:
        """Its parts by their headings."""
        return {text(name): Page(self.status, part) for name, part in SECTION.findall(self.main)}

    @property
    def led(self) -> dict[str, set[str]]:
        """Where it leads: to which people, records …, by the kind of page."""
        found: dict[str, set[str]] = {}
        for kind, rest in LED.findall(self.main):
            found.setdefault(kind, set()).add(unquote(unescape(rest)))
        return found

    @property
    def facts(self) -> set[tuple[str, int]]:
        """The records to which it leads, by kind and key."""
        pairs = (one.split("/") for kind in ("record", "why") for one in self.led.get(kind, ()))
        return {(kind, int(key)) for kind, key in pairs if key.isdecimal()}

    @property
    def steps(self) -> int:
        """How many versions it gives reasons for."""
        return self.main.count("<li>\n<h2>")

    def counts(self, name: str, unit: str = "") -> dict[str, int]:
        """The numbers that lead to a list of a unit, by the code of the unit, or of this one."""
        found = re.findall(
            rf'href="/list/{name}\?unit=([^"&]+)">(?:In all</a></strong></dt><dd><strong>)?([\d,]+)<', self.main
        )
        return {unquote(unescape(code)): int(number.replace(",", "")) for code, number in found}

    @property
    def words(self) -> set[str]:
        """Its texts, piece by piece, as far as a name may be one."""
        return {part.strip() for part in re.split(r"<[^>]*>|[·;:,()\n]+", unescape(self.main))}


def read(client: Client, address: str, **said: str) -> Page:
    """A page."""
    answer: HttpResponse = client.get(address, said)
    whole = answer.content.decode()
    return Page(answer.status_code, whole[whole.find("<main") :])


def turned(client: Client, address: str, **said: str) -> Iterator[Page]:
    """A page and all that follow it."""
    page = read(client, address, **said)
    yield page
    while next_one := TURNED.search(page.main):
        page = read(client, unescape(next_one[1]))
        yield page


def text(html: str) -> str:
    """What a piece of a page says."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def exported(client: Client, name: str, form: str, **said: str) -> Counter[tuple[Any, ...]]:
    """The rows of a list as a file; the line of a text that says how far the log had come is none."""
    with closing(client.get(f"/list/{name}/export.{form}", said)) as answer:
        assert answer.status_code == 200
        data = b"".join(answer.streaming_content)
    if form == "xlsx":
        _, *rows = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True)
        return Counter(rows)
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    return Counter(tuple(row) for row in rows if len(row) == len(head))


def main_of(client: Client, address: str, status: int = 200) -> str:
    """What a page says between its frame, on one line."""
    answer = client.get(address)
    assert answer.status_code == status, address
    page = answer.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())
