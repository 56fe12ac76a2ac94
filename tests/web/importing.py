"""Somebody at the pages of an import, and what they send."""

import re
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.exchange.test_rejected import foreign

AT = "/list/persons/import"
UNIT = "dien-bien.dien-bien-phu"
GIVES = {"Mã số": "person", "Họ và tên": "name", "Giới": "sex.word", "Ngày sinh": "born", "Vào sổ": "since"}
"""What the columns of the foreign workbook give."""
OTHERWISE = {"Nam": "Ông", "Nữ": "Bà"}


class Importer:
    """Somebody at the pages of an import: what stands hidden in one form comes back with the next."""

    def __init__(self, client: Client, at: str = AT) -> None:
        self.client, self.at, self.page, self.status = client, at, "", 0

    def send(self, step: str, **said: Any) -> HttpResponse:
        hidden = re.findall(r'<input type="hidden" name="(ticket|mapping|heading|sheet)" value="([^"]*)"', self.page)
        carried: dict[str, list[str]] = {}
        for name, value in hidden:
            carried.setdefault(name, []).append(unescape(value))
        answer = self.client.post(self.at, {**carried, "step": step, **said})
        if not answer.streaming:
            self.page, self.status = answer.content.decode(), answer.status_code
        return answer

    def upload(self, file: Path, **said: Any) -> HttpResponse:
        self.page = ""
        return self.send("read", file=SimpleUploadedFile(file.name, file.read_bytes()), **said)

    def settle(self, **said: Any) -> HttpResponse:
        """Say what the columns of the foreign workbook give."""
        headings = [unescape(one) for one in re.findall(r'name="heading" value="([^"]*)"', self.page)]
        fixed = {"fixed.unit": UNIT}
        return self.send("preview", field=[GIVES.get(one, "") for one in headings], dates="day", **fixed, **said)

    @property
    def numbers(self) -> list[int]:
        """New, changed, ended, as in the register, wrong."""
        told = re.search(r'<dl class="pairs counts import">(.*?)</dl>', self.page, re.DOTALL)
        assert told, self.page
        return [int(one) for one in re.findall(r"<dd>(\d+)</dd>", told[1])]

    @property
    def faults(self) -> list[tuple[str, ...]]:
        rows = re.findall(r"<tr>(<td>.*?)</tr>", self.page, re.DOTALL)
        cells = (re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL) for row in rows)
        return [tuple(unescape(cell) for cell in row) for row in cells]

    @property
    def words(self) -> str:
        return unescape(re.sub(r"<[^>]+>", " ", self.page))


def peopled(folder: Path, prefix: str) -> Path:
    """The foreign workbook with codes of its own, so that its people are new, and words that no profile has."""
    file = foreign(folder / f"{prefix}.xlsx")
    book = openpyxl.load_workbook(file)
    for row in book.active.iter_rows(min_row=3):
        row[1].value = f"{prefix}.{row[1].value}"
        for cell in row:
            if cell.value in OTHERWISE:
                cell.value = OTHERWISE[cell.value]
    book.save(file)
    return file


def content(answer: HttpResponse) -> bytes:
    with closing(answer):
        return b"".join(answer.streaming_content)
