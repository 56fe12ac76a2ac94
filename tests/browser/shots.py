"""Pictures of the pages that matter, to be looked at: phone and desktop, by day and by night.

`just shots` starts a server on the sample that `canbo demo` loaded and writes PNG files to a folder outside of the
repository. Nothing compares them: a person looks, and says what to change.
"""

import argparse
import importlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from canbo.config.environment import environment
from canbo.config.start import start
from tests.browser.machine import DESKTOP, PHONE, chromium
from tests.browser.server import serving

START = "/list/incumbencies?unit=dien-bien&on=2024-05-01"
"""Where a person, a post and a reason are found, by the links of the first row."""
PAGES = {
    "home": "/",
    "list": "/list/members?unit=dien-bien",
    "search": "/search?q=nguyen+van",
    "unit": "/unit/dien-bien.2025.muong-cha",
    "unit-past": "/unit/dien-bien.dien-bien-phu?on=2023-06-01",
    "person": "a[href^='/person/']",
    "post": "a[href^='/post/']",
    "why": "a[href^='/person/'] a[href^='/why/person/']",
    "document": "/document/tw.35-ct-tw.2024?on=2024-12-01",
    "report": "/report/term/dien-bien?on=2024-05-01",
    "figure": "/report/term/dien-bien/members.admitted?on=2024-05-01",
    "bridge": "/bridge/members/dien-bien?on=2024-05-01&book=term&figure=members&from=2023-05-01",
    "refusal": "/unit/nowhere",
    "proofread": "/proofread?on=2024-05-01",
}
"""By address, or by links that are followed one after another from the first row of the list at the start."""
PROOF = (
    "Toàn tỉnh có 414 lượt cán bộ được luân chuyển, điều động (luân chuyển 120, điều động 249).\n\n"
    "Có 949/1.446 trưởng thôn, bản là đảng viên (65,63%).\n\nKết nạp 100 đảng viên (60 nữ và 40 nam)."
)
"""A text with a sum that does not hold, in the first language of the profile."""


def pictures(browser: Browser, origin: str, language: str, session: str) -> Iterator[tuple[str, bytes]]:
    """Each page whole, on each screen and in each light, with the name of its file."""
    for screen, size in {"desk": DESKTOP, "phone": PHONE}.items():
        for light in ("light", "dark"):
            context = browser.new_context(viewport=size, color_scheme=light)
            said = {"django_language": language, "sessionid": session}
            context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in said.items()])
            page = context.new_page()
            page.goto(origin + START)
            for name, address in PAGES.items():
                _open(page, origin, address)
                if name == "proofread":
                    _post(page)
                yield f"{name}-{screen}-{light}.png", page.screenshot(full_page=True)
            context.close()


def _open(page: Page, origin: str, address: str) -> None:
    if address.startswith("/"):
        page.goto(origin + address)
        return
    page.goto(origin + START)
    for link in address.split():
        page.goto(origin + page.locator(f"main {link}").first.get_attribute("href"))


def _post(page: Page) -> None:
    """Have a text proofread."""
    page.locator("form.proofread textarea").fill(PROOF)
    page.locator("form.proofread input[name=unit]").fill("dien-bien")
    page.locator("form.proofread button").click()
    page.locator(".proof .claim").first.wait_for()


def main() -> None:
    """Write all pictures to the folder that was named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="outside of the repository")
    parser.add_argument("--lang", default="vi", help="the language of the pages")
    said = parser.parse_args()
    start()
    said.folder.mkdir(parents=True, exist_ok=True)
    session = importlib.import_module("tests.signing_in").new_session()  # models: only after Django is set up
    with serving(environment().database()) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        for name, picture in pictures(browser, origin, said.lang, session):
            said.folder.joinpath(name).write_bytes(picture)
        browser.close()
    print(f"{4 * len(PAGES)} pictures in {said.folder}")


if __name__ == "__main__":
    main()
