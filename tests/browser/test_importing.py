"""A foreign workbook on its way into the register, in a browser with and without script; with `--full` to the end."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page

from tests import clones
from tests.browser.machine import DESKTOP, PHONE
from tests.browser.server import serving
from tests.browser.test_every_page import CONTRAST, WIDTH, found_by_axe
from tests.browser.walk import Walk, within
from tests.browser.watch import Watch
from tests.exchange.test_rejected import foreign
from tests.signing_in import SESSIONS, new_session

pytestmark = pytest.mark.browser

GIVES = {"Mã số": "Mã", "Giới": "Giới tính", "Vào sổ": "Từ ngày"}
"""What Lan has to choose; the other columns are called like their fields."""
UNIT = "dien-bien.dien-bien-phu"


def upload(walk: Walk, file: Path) -> None:
    """From the list to the columns of the file."""
    walk.opens("/list/persons")
    walk.follows("Nhập dữ liệu", within="main")
    walk.page.locator("input[name=file]").set_input_files(file)
    walk.presses("Đọc tệp")


def settle(walk: Walk) -> None:
    """Say what the columns give, and look."""
    for heading, field in GIVES.items():
        walk.chooses(heading, field)
    walk.types("Nơi quản lý hồ sơ (mã)", UNIT)
    walk.presses("Xem trước")


def faults(page: Page, width: int) -> list[str]:
    """What is wrong with how a page looks."""
    found = found_by_axe(page)
    page.emulate_media(color_scheme="dark")
    found += found_by_axe(page, options=CONTRAST)
    page.emulate_media(color_scheme="light")
    return found + [f"{wide} px wide" for wide in [page.evaluate(WIDTH)] if wide > width]


WAYS = [
    pytest.param(True, DESKTOP, id="desk"),
    pytest.param(True, PHONE, id="phone", marks=pytest.mark.full),
    pytest.param(False, PHONE, id="phone-no-script", marks=pytest.mark.full),
]


@pytest.mark.parametrize(("script", "screen"), WAYS)
def test_lan_looks_at_what_a_foreign_workbook_would_do_in_five_clicks(
    officer: Any, tmp_path: Path, script: bool, screen: dict[str, int]
):
    with officer("Lan", clicks=5, typed=4, java_script_enabled=script, viewport=screen) as lan:
        look = faults if script else lambda page, width: []  # axe is a script itself
        found = []
        upload(lan, foreign(tmp_path / "can-bo.xlsx"))
        lan.sees("Họ và tên", "Lò Văn Một · Lò Thị Hai")
        lan.does_not_see("Tôn giáo", "kept-nowhere")
        found += look(lan.page, screen["width"])
        settle(lan)
        lan.sees("Chưa ghi gì cả", re.compile("“31/02/1991” không phải là ngày"), "F4", "dòng 6")
        found += look(lan.page, screen["width"])
        lan.clicks += 1
        with lan.page.expect_download() as waiting:
            lan.page.get_by_role("button", name="Bảng tính các dòng chưa đúng").click()
        waiting.value.save_as(tmp_path / "wrong.xlsx")
        lan.presses("Bỏ tệp")
        lan.sees(re.compile(r"[\d.]+ dòng"))
        assert found == []
    assert openpyxl.load_workbook(tmp_path / "wrong.xlsx").active.max_row == 3


@pytest.fixture(scope="module")
def writable(django_test_environment: None, django_db_blocker: Any) -> Iterator[str]:
    """Where a copy of the sample is served that this test alone changes."""
    with django_db_blocker.unblock(), clones.template("small") as source, clones.clone(source) as copy:
        with clones.aimed(copy):
            session = new_session()
        with serving(copy) as address:
            SESSIONS[address] = session
            yield address


@pytest.mark.full
def test_lan_imports_corrects_and_undoes(writable: str, watched: Callable[..., Watch], tmp_path: Path):
    window = watched(writable, "vi")
    with within(Walk("Lan", window.context.new_page(), writable), clicks=10, typed=11) as lan:
        upload(lan, foreign(tmp_path / "can-bo.xlsx"))
        settle(lan)
        lan.types("Số, ký hiệu", "12-QĐ/X")
        lan.page.get_by_label(re.compile("Chỉ nhập các dòng đúng")).check()
        with lan.page.expect_download() as waiting:
            lan.page.get_by_role("button", name="Bảng tính các dòng chưa đúng").click()
        waiting.value.save_as(tmp_path / "wrong.xlsx")
        lan.presses("Nhập dữ liệu", within="main form")
        lan.sees("Các dòng đã được nhập thành một quyết định:")
        book = openpyxl.load_workbook(tmp_path / "wrong.xlsx")
        book.active["E2"], book.active["G2"], book.active["H3"] = "Nữ", "28/02/1991", "2024"
        book.save(tmp_path / "wrong.xlsx")
        upload(lan, tmp_path / "wrong.xlsx")
        settle(lan)
        lan.types("Số, ký hiệu", "12-QĐ/X")
        lan.presses("Nhập dữ liệu", within="main form")
        lan.follows("12-QĐ/X", within="main")
        lan.sees("Lò Thị Bốn", "Lò Văn Một")
        assert faults(lan.page, DESKTOP["width"]) == []
        lan.types("Lý do", "nhầm tệp")
        lan.presses("Hoàn tác")
        lan.sees("Bị hủy bỏ bởi", re.compile("nhầm tệp"))
        lan.opens("/search?q=lo+thi+bon")
        lan.does_not_see("Lò Thị Bốn", within="main")
