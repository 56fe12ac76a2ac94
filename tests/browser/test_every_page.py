"""Every kind of page, of both profiles: nothing for axe to find, 100 KB, the width of a phone, no other machine."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import kinds
from tests.browser.machine import DESKTOP, PHONE

pytestmark = pytest.mark.browser

HEAVIEST = 100_000
REFUSED = ("/no/such/page", "/unit/nowhere", "/list/nothing", "/?on=yesterday", "/?lang=xx")
WIDTH = "document.documentElement.scrollWidth"
CONTRAST = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
BEGIN = ("/", "/?on=2024-05-01", "/search?q=an")
BRIDGES = (
    "/bridge/members/dien-bien?book=term&figure=members&from=2023-05-01&on=2024-05-01",
    "/bridge/members/wayside?book=term&figure=members&from=2024-05-01&on=2025-12-31",
)
PAIRS = ("/quality/pairs/dien-bien.member.00001/dien-bien.member.00002", "/quality/pairs")
"""Search and bridge are reached by forms, and here nobody looks like two: they begin beside the first page."""
PROOF = (
    "In all, 414 officials were moved (120 rotated and 249 transferred).\n\nOf 1,446 villages 949 (65.63%) took part."
    "\n\nMembers admitted in the period: 100 (60 women and 40 men)."
)
SMALL = {"width": 360, "height": 780}
LETTERS = """drawings => drawings.map(drawing => {
    const box = drawing.getBoundingClientRect(), scale = box.width / drawing.viewBox.baseVal.width;
    const texts = [...drawing.querySelectorAll("text")];
    const reach = text => text.getBoundingClientRect();
    const out = text => reach(text).left < box.left - 1 || reach(text).right > box.right + 1;
    return [Math.min(...texts.map(text => parseFloat(text.getAttribute("font-size")) * scale)),
            texts.filter(out).map(text => text.textContent)];
})"""
"""Of each picture: the smallest letters in pixels of the screen, and the texts that reach beyond it."""


Found = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def pages(province: str, association: str) -> Found:
    """The first page of each kind, by the server that has it."""
    servers = zip((province, association), BRIDGES, PAIRS, strict=True)
    return {origin: kinds.pages(origin, *BEGIN, *others) for origin, *others in servers}


def addresses(pages: Found, *, all_of_them: bool) -> Iterator[tuple[str, list[str]]]:
    """Each server with addresses of it: of every kind of page, or one of each name; and of pages that refuse."""
    for origin, found in pages.items():
        chosen = found if all_of_them else {name.split("/")[0]: some for name, some in reversed(found.items())}
        yield origin, [*(address for some in chosen.values() for address in some), *REFUSED]


def found_by_axe(page: Page, **options: Any) -> list[str]:
    """What axe finds, a line each."""
    found = Axe().run(page, **options).response["violations"]
    return [f"{fault['id']}: {', '.join(node['html'][:90] for node in fault['nodes'][:3])}" for fault in found]


def faults(page: Page, address: str) -> Iterator[str]:
    """What axe finds on a page by day, and what cannot be read on it by night."""
    page.goto(address)
    yield from (f"{address}: {line}" for line in found_by_axe(page))
    page.emulate_media(color_scheme="dark")
    yield from (f"{address}, dark: {line}" for line in found_by_axe(page, options=CONTRAST))
    page.emulate_media(color_scheme="light")


def test_links_and_forms_of_the_first_page_lead_to_every_kind_of_page(pages):
    reached = {name.split("/")[0] for found in pages.values() for name in found}
    assert kinds.names() - reached - set(kinds.FILES) == set()


@pytest.mark.turns
def test_axe_finds_nothing_on_one_page_of_each_name_by_day_and_by_night(pages, watched):
    found = []
    for origin, some in list(addresses(pages, all_of_them=False))[:1]:  # the other profile has the same templates
        page = watched(origin).context.new_page()
        found += [line for address in some for line in faults(page, origin + address)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_a_text_that_was_proofread(province, watched, screen):
    page = watched(province, "en", viewport=screen).context.new_page()
    page.goto(f"{province}/proofread?on=2024-05-01")
    page.locator("textarea").fill(PROOF)
    page.locator("form.proofread input[name=unit]").fill("dien-bien")
    page.locator("form.proofread button").click()
    assert page.locator(".claim.bad").count() == 1
    assert page.locator(".claim.good").count() == 2
    assert "The register counts" in page.locator("thead").inner_text()
    found = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    found += found_by_axe(page, options=CONTRAST)
    assert not found, "\n".join(found)
    assert page.evaluate(WIDTH) <= screen["width"]


def test_pictures_on_a_phone_are_in_letters_that_can_be_read(province, watched):
    page = watched(province, viewport=SMALL).context.new_page()
    for address in ("/report/term/dien-bien?on=2024-05-01", BRIDGES[0]):
        page.goto(province + address)
        drawn = page.locator(".picture .narrow svg")
        assert drawn.count()
        assert page.locator(".picture .wide svg:visible").count() == 0
        for smallest, beside in drawn.evaluate_all(LETTERS):
            assert smallest >= 11
            assert beside == [], "nothing is cut at the edge"


@pytest.mark.full
@pytest.mark.parametrize("screen", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_any_page_by_day_and_by_night(pages, watched, screen):
    found = []
    for origin, some in addresses(pages, all_of_them=True):
        page = watched(origin, viewport=screen).context.new_page()
        found += [line for address in some for line in faults(page, origin + address)]
    assert not found, "\n".join(found)


@pytest.mark.turns
def test_every_page_fits_a_phone_without_moving_it_sideways(pages, watched):
    wide = []
    for origin, some in addresses(pages, all_of_them=True):
        page = watched(origin, viewport=PHONE).context.new_page()
        for address in some:
            page.goto(origin + address)
            width = page.evaluate(WIDTH)
            wide += [f"{address}: {width} px"] if width > PHONE["width"] else []
    assert not wide, "\n".join(wide)


def test_every_page_weighs_at_most_100_kb_with_all_that_it_loads(pages):
    heavy = []
    for origin, some in addresses(pages, all_of_them=True):
        for address in some:
            weight = kinds.weight(origin, address)
            heavy += [f"{address}: {weight:,} bytes"] if weight > HEAVIEST else []
    assert not heavy, "\n".join(heavy)
