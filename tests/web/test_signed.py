"""Pages of what was signed off and collected: as it was, with what is known since, and whence each figure comes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from canbo.kernel.profile import profile
from canbo.registry.facts import Decision
from canbo.reports.collection import Collection
from canbo.reports.freeze import FrozenReport
from tests.signing_in import COOKIE, new_session
from tests.web import signed
from tests.web.messages import SOURCE
from tests.web.test_objects import plain, text
from tests.web.test_reports import links

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def keys(_province: object, django_db_blocker: object) -> tuple[int, int]:
    """A frozen report of which something was learnt later, and a collection."""
    with django_db_blocker.unblock():
        kept = signed.sign_off()
        signed.correct(kept)
        return kept.pk, signed.collect()


def menu(page: str) -> str:
    return page[page.index("<nav") : page.index("</nav>")]


def test_before_anything_is_signed_off_there_is_no_entry_and_the_lists_say_so(visitor: Client):
    assert not FrozenReport.objects.exists(), "this test runs before those that ask for `keys`"
    assert "/frozen" not in menu(text(visitor, "/"))
    assert "/collections" not in menu(text(visitor, "/"))
    assert "No report was signed off" in text(visitor, "/frozen")
    assert "No report was asked of units" in text(visitor, "/collections")


def test_the_first_page_of_a_process_has_the_entry_too(keys):
    """Addresses are read when somebody asks; what they put in the menu must be there by then."""
    script = (
        "from canbo.config.start import start; start()\n"
        "from django.test import Client\n"
        "client = Client(HTTP_HOST='localhost')\n"
        f"client.cookies['{COOKIE}'] = '{new_session()}'\n"
        "print('/frozen' in client.get('/unit/nowhere').content.decode())"
    )
    paths = f"{SOURCE.parent}{os.pathsep}{SOURCE.parent.parent}"
    environment = {**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "canbo.config.settings"}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert said.stdout.strip().endswith("True"), said.stderr


def test_the_list_of_frozen_reports_says_when_by_whom_and_what_was_explained(visitor: Client, keys):
    page = text(visitor, "/frozen")
    assert f'href="/frozen/{keys[0]}"' in page
    assert 'href="/frozen"' in menu(page)
    told = plain(page)
    assert "31 December 2023" in told
    assert signed.WORDS in told
    assert re.search(r"\d+ explanations", told)
    assert "No report was signed off" in text(visitor, "/frozen?on=2020-01-01")
    assert "31 December 2023" in plain(text(visitor, "/report/year/dien-bien?on=2024-01-01"))
    assert f"/frozen/{keys[0]}" in text(visitor, "/report/year/dien-bien?on=2024-01-01")


def test_a_frozen_report_is_what_it_was_with_a_note_of_what_is_known_since(visitor: Client, keys):
    page = text(visitor, f"/frozen/{keys[0]}")
    kept = FrozenReport.objects.get(pk=keys[0])
    assert bytes(kept.audit.digest).hex() in page
    assert "Of 1 figure something else is known since" in page
    chapters = page[page.index('id="chapter-later"') :]
    assert "Signed off as" in plain(chapters)
    bridge = next(found for found in links(chapters, "/bridge/members_admitted/dien-bien"))
    assert "−1" in text(visitor, bridge)
    printed = re.search(r'id="figure-members.admitted">.*?<data value="(\d+)"', page, re.DOTALL)[1]
    assert int(printed) == next(f["value"] for f in kept.content["figures"] if f["id"] == "members.admitted")
    figure = links(page, "/report/year/dien-bien/members.admitted")[0]
    assert f": {printed}<" in re.sub(r"<[^/][^>]*>", "", text(visitor, figure)), "its records are those of then"


def test_a_frozen_report_is_taken_along(visitor: Client, keys):
    files = links(text(visitor, f"/frozen/{keys[0]}"), "/frozen/")
    files = [found for found in files if found.count("/") == 4]
    assert len(files) == 3 * len(profile().languages)
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!DOCTYPE"}
    for address in files:
        form, language = address.split("?")[0].split("/")[3:]
        if language == "de":
            answer = visitor.get(address)
            assert answer.content.startswith(starts[form])
            assert f"{keys[0]}.de.{form}" in answer["Content-Disposition"]
    assert visitor.get(f"/frozen/{keys[0]}/exe/de").status_code == 404
    assert visitor.get(f"/frozen/{keys[0]}/pdf/fr").status_code == 404


def test_a_page_of_before_knows_nothing_of_what_was_signed_off_later(visitor: Client, keys):
    known = Decision.objects.order_by("applied_at").values_list("applied_at", flat=True)[10]
    then = f"on=2026-03-01&known={known.isoformat().replace('+', '%2B')}"
    assert "/frozen" not in menu(text(visitor, f"/?{then}"))
    assert "No report was signed off" in text(visitor, f"/frozen?{then}")
    assert "No report was asked of units" in text(visitor, f"/collections?{then}")
    for address in (f"/frozen/{keys[0]}", f"/collections/{keys[1]}", f"/frozen/{keys[0]}/pdf/de"):
        assert "nothing was known at that time" in unescape(text(visitor, f"{address}?{then}", 404))


def test_the_list_of_collections_counts_the_answers_by_state(visitor: Client, keys):
    told = plain(text(visitor, "/collections"))
    for words in ("asked: 1", "returned for correction: 1", "merged: 2", "overdue: 2"):
        assert words in told, words
    assert "overdue" not in plain(text(visitor, "/collections?on=2024-01-15"))


def test_a_collection_shows_each_answer_and_whence_each_figure_comes(visitor: Client, keys):
    page = text(visitor, f"/collections/{keys[1]}")
    told = plain(page)
    assert signed.RETURNED in told
    assert "without 2 units" in told
    merged = Collection.objects.get(pk=keys[1]).merges.get()
    for line in merged.figures:
        assert f"figure={line['id']}#parts" in page
    members = next(line for line in merged.figures if line["id"] == "members")
    opened = text(visitor, f"/collections/{keys[1]}?figure=members")
    parts = opened[opened.index('id="parts"') : opened.index("</section>", opened.index('id="parts"'))]
    assert [int(n) for n in re.findall(r'class="number">(\d+)</td>', parts)] == [p["count"] for p in members["parts"]]
    assert "entered from a file of the unit" in parts
    frozen = links(parts, "/frozen/")
    assert len(frozen) == 1, "the other unit's figures were counted here"
    text(visitor, frozen[0])
    assert "no merged figure" in text(visitor, f"/collections/{keys[1]}?figure=shoe-size", 404)


@pytest.mark.parametrize("address", ["/frozen/9", "/collections/9", f"/frozen/{10**30}", "/collections/x"])
def test_what_is_not_there_is_said(visitor: Client, keys, address: str):
    assert "This cannot be shown" in text(visitor, address, 404)


def test_these_pages_need_few_questions(visitor: Client, keys, asks: Callable[[Client, str], int]):
    for address in (f"/frozen/{keys[0]}", f"/collections/{keys[1]}?figure=members"):
        text(visitor, address)
    assert asks(visitor, "/frozen") <= 12
    assert asks(visitor, f"/frozen/{keys[0]}") <= 14
    assert asks(visitor, "/collections") <= 12
    assert asks(visitor, f"/collections/{keys[1]}?figure=members") <= 16
