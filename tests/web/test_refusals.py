"""What a reader of pages and reports is refused is said in the language of the page, with the way out."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.organisations.queries import unit_of
from tests.acceptance.commands import here
from tests.web.messages import REFUSALS, SOURCE, catalogue, languages, meets
from tests.web.test_messages import PLACES


def refusals() -> Iterator[tuple[str, ast.Call, set[str]]]:
    """Every refusal that a reader may meet, with the place where it is made and the facts that it is given."""
    for path in sorted(SOURCE.rglob("*.py")):
        if not meets(path):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = defaultdict[str, set[str]](set)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                keys = {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
                for target in node.targets:
                    named[target.id if isinstance(target, ast.Name) else ""] |= keys
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                facts = {keyword.arg for keyword in node.keywords if keyword.arg}
                for spread in (keyword.value for keyword in node.keywords if not keyword.arg):
                    facts |= named[spread.id] if isinstance(spread, ast.Name) else set()
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node, facts


MADE = {place: node for place, node, _ in refusals()}
FACTS = {place: facts for place, _, facts in refusals()}
READER, PLACED = "exchange/reading/", {"file", "sheet", "cell"}
"""The child process that reads a file does not know its name; whoever asked it fills these in."""


def sentence(call: ast.Call) -> str:
    """The sentence, where it is one that can be translated."""
    said = call.args[1] if len(call.args) > 1 else None
    return said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else ""


@pytest.mark.parametrize("place", MADE)
def test_a_refusal_is_a_sentence_whose_places_are_its_facts(place: str):
    said = sentence(MADE[place])
    assert said, "write the sentence itself, and what it names as facts"
    known = FACTS[place] | (PLACED if place.startswith(READER) else set())
    assert {name[2:-2] for name in PLACES.findall(said)} <= known


@pytest.mark.parametrize("language", languages())
def test_every_refusal_reads_vietnamese_and_german(language: str):
    known = catalogue(language)
    for place, call in MADE.items():
        entry = known.get(sentence(call))
        assert entry, place
        assert entry.string, place
        assert entry.string != entry.id, place


def test_facts_are_filled_in_after_the_words_and_what_was_typed_is_left_alone():
    refusal = Refused("nothing", "no %(what)s with %(typed)s", what="cell", typed="%(what)s %(else)s", article="4")
    assert str(refusal) == "no cell with %(what)s %(else)s (4)"
    assert refusal.told({"no %(what)s with %(typed)s": "%(typed)s? %(what)s!"}.get) == "%(what)s %(else)s? cell!"
    assert Refused("all_taken").sentence == "all taken"
    assert Mistake("odd", f"typed was {'%(code)s'}").sentence == "typed was %(code)s"
    assert Mistake("odd", "the code “%(code)s”", code="x").code == "odd"


WORDS = {
    "/list/members?unit=nowhere": ("Không có đơn vị nào mang mã “nowhere”", "keine Einheit mit dem Code „nowhere“"),
    "/unit/nowhere": ("Không có đơn vị nào mang mã “nowhere”", "keine Einheit mit dem Code „nowhere“"),
    "/report/term/nowhere": ("`canbo unit --named TÊN`", "mit der Suche auf den Seiten"),
    "/report/nothing/dien-bien": ("Không có mẫu báo cáo “nothing”", "keinen Bericht „nothing“"),
    "/report/term/dien-bien/nothing": ("không có số liệu “nothing”", "keine Zahl „nothing“"),
    "/report/term/dien-bien.muong-ang?on=2025-08-01": ("kết thúc ngày 2025-07-01", "endete am 2025-07-01"),
    "/list/nothing": ("Không có danh sách “nothing”", "keine Liste „nothing“"),
    "/list/members?sort=shoe-size": ("không sắp xếp theo “shoe-size”", "nicht nach „shoe-size“ sortiert"),
    "/list/members?page=0": ("không phải là số trang", "ist keine Seite"),
    "/?on=yesterday": ("không phải là một ngày trong lịch", "kein Tag des Kalenders"),
    "/?known=1900-01-01": ("chưa ghi nhận gì", "war noch nichts eingetragen"),
    "/person/nobody": ("“nobody”", "„nobody“"),
}


@pytest.mark.database
@pytest.mark.parametrize("address", WORDS)
def test_a_page_refuses_in_its_own_language(officer: Client, address: str):
    for language, words in zip(("vi", "de"), WORDS[address], strict=True):
        officer.cookies["django_language"] = language
        page = officer.get(address)
        assert page.status_code in (400, 404)
        assert words in unescape(page.content.decode()), language


@pytest.mark.database
def test_an_unknown_language_is_refused_in_the_one_that_was_chosen_before(officer: Client):
    assert "Hồ sơ cấu hình dùng vi, en, de" in officer.get("/?lang=xx").content.decode()
    officer.cookies["django_language"] = "de"
    assert "Das Profil spricht vi, en, de" in unescape(officer.get("/?lang=xx").content.decode())


@pytest.mark.database
@pytest.mark.usefixtures("visitor")
@pytest.mark.parametrize("typed", ["dien-bein", "dienbien", "Điện Biên", "dien-bien.2025.muong-cha.", "DIEN-BIEN"])
def test_an_unknown_unit_is_told_the_codes_that_come_near(typed: str):
    with pytest.raises(Mistake, match="search on the pages, or `canbo unit --named NAME`") as refused:
        unit_of(typed)
    assert "dien-bien" in refused.value.facts["near"]
    with override("vi"):
        assert re.search("Mã gần giống: .*dien-bien", refused.value.told(gettext))


@pytest.mark.database
@pytest.mark.usefixtures("visitor")
def test_commands_refuse_an_unknown_unit_in_the_same_words_and_find_codes_by_name():
    said = {
        here(*words).err
        for words in (
            ("unit", "nowhere"),
            ("figure", "members", "--unit", "nowhere", "--on", "2024-05-01"),
            ("report", "term", "--unit", "nowhere", "--on", "2024-05-01"),
        )
    }
    assert len(said) == 1
    assert "canbo unit --named NAME" in said.pop()
    found = here("unit", "--named", "muong cha", "--on", "2025-08-01", "--lang", "en")
    assert found.code == 0
    assert any(line.startswith("dien-bien.2025.muong-cha  ") for line in found.out.splitlines())
    assert {"unit", "name", "kind"} <= set(here("unit", "--named", "muong cha", "--json").json[0])
    assert here("unit").code == here("unit", "x", "--named", "y").code == 2
