"""A kit and a package on their way out and in again, in a browser with and without script."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.machine import DESKTOP, PHONE
from tests.browser.test_importing import faults
from tests.browser.walk import Walk
from tests.exchange.handing import Handed, Opened
from tests.exchange.packing import Packed, mark

pytestmark = [pytest.mark.browser, pytest.mark.full]

UNIT, CITY = "dien-bien.dien-bien-phu.party.1", "dien-bien.dien-bien-phu"
WAYS = [
    pytest.param(True, DESKTOP, id="desk"),
    pytest.param(True, PHONE, id="phone"),
    pytest.param(False, PHONE, id="phone-no-script"),
]


def taken_along(walk: Walk, button: str, file: Path) -> Path:
    """Press what gives a file, and keep it."""
    walk.clicks += 1
    with walk.page.expect_download() as waiting:
        walk.page.get_by_text(button, exact=True).click()
    waiting.value.save_as(file)
    return file


def brought(walk: Walk, file: Path, label: str, said: str) -> None:
    """Choose a file that travelled, say what opens it, and look."""
    walk.opens("/receive")
    walk.page.locator("input[name=file]").set_input_files(file)
    walk.types(label, said)
    walk.presses("Đọc tệp")


@pytest.mark.parametrize(("script", "screen"), WAYS)
def test_mai_takes_a_kit_and_a_package_along_and_looks_at_what_comes_back(
    officer: Any, tmp_path: Path, script: bool, screen: dict[str, int]
):
    look = faults if script else lambda page, width: []  # axe is a script itself
    with officer("Mai", clicks=7, typed=2, java_script_enabled=script, viewport=screen) as mai:
        mai.opens(f"/unit/{UNIT}")
        mai.follows("Bộ hồ sơ và gói trao đổi", within="main")
        code = mai.page.locator("dd.code").first.inner_text()
        found = look(mai.page, screen["width"])
        kit = Handed(taken_along(mai, "Tải bộ hồ sơ", tmp_path / "kit.xlsx"), code, {})

        def edit(book: Opened) -> None:
            first, *_ = book.records("Đảng viên")
            book.say("Đảng viên", first, since="không rõ")

        brought(mai, kit.returned(edit), "Mã mở bộ hồ sơ", code)
        mai.sees("Chưa ghi gì cả", re.compile("“không rõ” không phải là ngày"))
        found += look(mai.page, screen["width"])
        mai.presses("Bỏ tệp")
        mai.opens(f"/send/{CITY}?on=2024-05-01")
        sent = Packed.of(taken_along(mai, "Tải gói trao đổi", tmp_path / "city.zip"))
        sent.tables["persons"] = sent.tables["persons"].replace("1978-02-08", "1978-02-09")
        brought(mai, sent.file(tmp_path / "theirs.zip"), "Dấu của nơi gửi gói", mark())
        mai.sees("Mâu thuẫn", "1978-02-08", "1978-02-09")
        found += look(mai.page, screen["width"])
        mai.presses("Bỏ tệp")
        assert found == []
