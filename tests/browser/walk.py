"""Somebody on the way through the pages: what they click and type is counted against a budget."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, TimeoutError


@dataclass
class Walk:
    """One person at one window. Where they begin (a bookmark, the first page) costs nothing."""

    who: str
    page: Page
    origin: str
    clicks: int = 0
    typed: int = 0

    def opens(self, address: str = "/") -> None:
        """Begin at an address of this server."""
        answer = self.page.goto(self.origin + address)
        assert answer, f"{self.who}: no answer from {address}"

    def follows(self, text: str | re.Pattern, within: str = "body", nth: int = 0) -> None:
        """Click the link that reads so."""
        self._click(self.page.locator(within).get_by_role("link", name=text, exact=isinstance(text, str)).nth(nth))

    def follows_row(self, row: str | re.Pattern, text: str | re.Pattern = re.compile(".")) -> None:
        """In the row of a table that says so, click the link."""
        line = self.page.get_by_role("row").filter(has_text=row).first
        self._click(line.get_by_role("link", name=text).first)

    def presses(self, text: str | re.Pattern, within: str = "body") -> None:
        """Press the button that reads so."""
        self._click(self.page.locator(within).get_by_role("button", name=text).first)

    def unfolds(self, text: str) -> None:
        """Unfold what stands beneath a line."""
        self._click(self.page.locator("summary").filter(has_text=text).first)

    def types(self, label: str | re.Pattern, value: str, within: str = "main") -> None:
        """Fill in a field."""
        self.typed += 1
        self.page.locator(within).get_by_label(label).first.fill(value)

    def chooses(self, label: str | re.Pattern, option: str, within: str = "main") -> None:
        """Choose from a field's list: counted like typing."""
        self.typed += 1
        self.page.locator(within).get_by_label(label).first.select_option(label=option)

    def searches(self, text: str) -> None:
        """Type into the search field that every page has, and press Enter: a field and a click."""
        self.typed += 1
        field = self.page.get_by_role("search").get_by_role("searchbox")
        field.fill(text)
        self.clicks += 1
        with self.page.expect_navigation():
            field.press("Enter")

    def turns_to(self, on: str = "", known: str = "") -> None:
        """Give the page other dates in its as-of bar: a field each, and a click."""
        bar = self.page.locator("form.asof")
        for name, value in {"on": on, "known": known}.items():
            if value:
                self.typed += 1
                bar.locator(f"[name={name}]").fill(value)
        self._click(bar.get_by_role("button").first)

    def downloads(self, text: str | re.Pattern, folder: Path, within: str = "body") -> Path:
        """Click a link that gives a file, and keep it."""
        self.clicks += 1
        with self.page.expect_download() as waiting:
            self.page.locator(within).get_by_role("link", name=text).first.click()
        file = folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        return file

    def sees(self, *texts: str | re.Pattern, within: str = "main") -> None:
        """All of this stands on the page, where a reader sees it."""
        for text in texts:
            found = self.page.locator(within).get_by_text(text).filter(visible=True).first
            try:
                found.wait_for(timeout=5_000)
            except TimeoutError:
                shown = self.page.locator(within).first.inner_text()
                raise AssertionError(f"{self.who} does not see {text!r} on {self.page.url}:\n{shown[:1000]}") from None

    def does_not_see(self, *texts: str | re.Pattern, within: str = "body") -> None:
        """None of this stands on the page."""
        for text in texts:
            assert self.page.locator(within).get_by_text(text).count() == 0, f"{self.who} sees {text!r}"

    def table(self) -> list[list[str]]:
        """What the first table of the page says, row by row; headings are no row."""
        rows = self.page.locator("main table").first.locator("tbody tr").all()
        return [row.locator("th, td").all_inner_texts() for row in rows]

    def _click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()
        self.page.wait_for_load_state()


@contextlib.contextmanager
def within(walk: Walk, clicks: int, typed: int) -> Iterator[Walk]:
    """Let somebody walk; afterwards they may not have clicked or typed more than this."""
    yield walk
    spent = f"{walk.who} clicked {walk.clicks} times and filled {walk.typed} fields"
    kept = walk.clicks <= clicks and walk.typed <= typed
    assert kept, f"{spent}; the budget is {clicks} and {typed}"
