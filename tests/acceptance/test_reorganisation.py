"""1 July 2025: Điện Biên's 129 communes and 10 districts become 45 communes, the nation's 10,040 lowest units 3,321.

The clauses are typed from resolution 1661/NQ-UBTVQH15, the numbers per province from the register of the new units.
"""

import datetime as dt
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Placement
from canbo.reports.question import latest_known
from tests.acceptance.commands import canbo, figures, here, reported

pytestmark = pytest.mark.database

CLAUSES = """
    xã Mường Nhé = xã Nậm Vì + xã Chung Chải + xã Mường Nhé
    xã Sín Thầu = xã Sen Thượng + xã Leng Su Sìn + xã Sín Thầu
    xã Mường Toong = xã Huổi Lếch + xã Mường Toong
    xã Nậm Kè = xã Pá Mỳ + xã Nậm Kè
    xã Quảng Lâm = xã Na Cô Sa + xã Quảng Lâm
    xã Nà Hỳ = xã Nà Khoa + xã Nậm Nhừ + xã Nậm Chua + xã Nà Hỳ
    xã Mường Chà = xã Chà Cang + xã Chà Nưa + xã Nậm Tin + xã Pa Tần
    xã Nà Bủng = xã Vàng Đán + xã Nà Bủng
    xã Chà Tở = xã Nậm Khăn + xã Chà Tở
    xã Si Pa Phìn = xã Phìn Hồ + xã Si Pa Phìn
    xã Na Sang = thị trấn Mường Chà + xã Ma Thì Hồ + xã Sa Lông + xã Na Sang
    xã Mường Tùng = xã Huổi Lèng + xã Mường Tùng
    xã Pa Ham = xã Hừa Ngài + xã Pa Ham
    xã Nậm Nèn = xã Huổi Mí + xã Nậm Nèn
    xã Mường Pồn = xã Mường Mươn + xã Mường Pồn
    xã Tủa Chùa = thị trấn Tủa Chùa + xã Mường Báng + xã Nà Tòng
    xã Sín Chải = xã Tả Sìn Thàng + xã Lao Xả Phình + xã Sín Chải
    xã Sính Phình = xã Trung Thu + xã Tả Phìn + xã Sính Phình
    xã Tủa Thàng = xã Huổi Só + xã Tủa Thàng
    xã Sáng Nhè = xã Xá Nhè + xã Mường Đun + xã Phình Sáng
    xã Tuần Giáo = thị trấn Tuần Giáo + xã Quài Cang + xã Quài Nưa
    xã Quài Tở = xã Tỏa Tình + xã Tênh Phông + xã Quài Tở
    xã Mường Mùn = xã Mùn Chung + xã Pú Xi + xã Mường Mùn
    xã Pú Nhung = xã Rạng Đông + xã Ta Ma + xã Pú Nhung
    xã Chiềng Sinh = xã Nà Sáy + xã Mường Thín + xã Mường Khong + xã Chiềng Sinh
    xã Mường Ảng = thị trấn Mường Ảng + xã Ẳng Nưa + xã Ẳng Cang
    xã Nà Tấu = xã Mường Đăng + xã Ngối Cáy + xã Nà Tấu
    xã Búng Lao = xã Ẳng Tở + xã Chiềng Đông + xã Búng Lao
    xã Mường Lạn = xã Nặm Lịch + xã Xuân Lao + xã Mường Lạn
    xã Mường Phăng = xã Nà Nhạn + xã Pá Khoang + xã Mường Phăng
    xã Thanh Nưa = xã Hua Thanh + xã Thanh Luông + xã Thanh Hưng + xã Thanh Chăn + xã Thanh Nưa
    xã Thanh An = xã Noong Hẹt + xã Sam Mứn + xã Thanh An
    xã Thanh Yên = xã Noong Luống + xã Pa Thơm + xã Thanh Yên
    xã Sam Mứn = xã Pom Lót + xã Na Ư
    xã Núa Ngam = xã Hẹ Muông + xã Na Tông + xã Núa Ngam
    xã Mường Nhà = xã Mường Lói + xã Phu Luông + xã Mường Nhà
    xã Na Son = thị trấn Điện Biên Đông + xã Keo Lôm + xã Na Son
    xã Xa Dung = xã Phì Nhừ + xã Xa Dung
    xã Pu Nhi = xã Nong U + xã Pu Nhi
    xã Mường Luân = xã Chiềng Sơ + xã Luân Giói + xã Mường Luân
    xã Tìa Dình = xã Háng Lìa + xã Tìa Dình
    xã Phình Giàng = xã Pú Hồng + xã Phình Giàng
    phường Mường Lay = phường Sông Đà + phường Na Lay + xã Lay Nưa + xã Sá Tổng
    phường Điện Biên Phủ = phường Him Lam + phường Tân Thanh + phường Mường Thanh + phường Thanh Bình
      + phường Thanh Trường + xã Thanh Minh
    phường Mường Thanh = phường Noong Bua + phường Nam Thanh + xã Thanh Xương
"""
NEW = {
    "an-giang": 102, "bac-ninh": 99, "ca-mau": 64, "can-tho": 103, "cao-bang": 56, "da-nang": 94, "dak-lak": 102,
    "dien-bien": 45, "dong-nai": 95, "dong-thap": 102, "gia-lai": 135, "ha-noi": 126, "ha-tinh": 69, "hai-phong": 114,
    "ho-chi-minh": 168, "hue": 40, "hung-yen": 104, "khanh-hoa": 65, "lai-chau": 38, "lam-dong": 124, "lang-son": 65,
    "lao-cai": 99, "nghe-an": 130, "ninh-binh": 129, "phu-tho": 148, "quang-ngai": 96, "quang-ninh": 54,
    "quang-tri": 78, "son-la": 75, "tay-ninh": 96, "thai-nguyen": 92, "thanh-hoa": 166, "tuyen-quang": 124,
    "vinh-long": 124,
}  # fmt: skip
ISLANDS = {"hai-phong.bach-long-vi", "quang-tri.con-co", "da-nang.hoang-sa", "quang-ngai.ly-son",
           "ba-ria-vung-tau.con-dao"}  # fmt: skip
BEFORE, AFTER = "2025-06-30", "2025-07-02"


def unit(code: str, on: str) -> Any:
    """What the command shows of a unit on a day."""
    said = here("unit", code, "--on", on, "--json")
    assert said.code == 0, said.err
    return said.json


def names(codes: set[str], on: str) -> dict[str, str]:
    """What units are called on a day, in small letters as the resolution has them."""
    rows = Place.objects.filter(
        unit__code__in=codes, recorded__upper_inf=True, valid__contains=dt.date.fromisoformat(on)
    )
    return {code: name[0].lower() + name[1:] for code, name in rows.values_list("unit__code", "name")}


def codes(kind: str, on: str) -> list[str]:
    rows = Place.objects.filter(kind=kind, recorded__upper_inf=True, valid__contains=dt.date.fromisoformat(on))
    return sorted(rows.values_list("unit__code", flat=True))


def from_whom(found: Any) -> set[str]:
    return {line["unit"] for line in found["predecessors"]}


def to_whom(found: Any) -> set[str]:
    return {line["unit"] for line in found["successors"]}


def test_dien_bien_before_and_after(small_sample: Any):
    before, after = (canbo("unit", "dien-bien", "--on", on, "--json").json for on in (BEFORE, AFTER))
    assert (before["counts"]["commune"], before["counts"]["district"]) == (129, 10)
    assert (after["counts"]["commune"], after["counts"].get("district", 0)) == (45, 0)
    assert {below["kind"] for below in before["beneath"]} >= {"district"}
    assert len([below for below in after["beneath"] if below["kind"] == "commune"]) == 45
    assert before["counts"]["village"] == after["counts"]["village"], "villages move with their communes"
    for on, communes, districts in ((BEFORE, 129, 10), ("2025-07-01", 45, 0), (AFTER, 45, 0)):
        found = figures(reported("term", "dien-bien", on))
        assert (found["places.communes"]["value"], found["places.districts"]["value"]) == (communes, districts)


def test_every_new_commune_of_dien_bien_comes_from_those_of_its_clause(small_sample: Any):
    clauses = dict(line.strip().split(" = ") for line in CLAUSES.replace("\n      + ", " + ").strip().splitlines())
    assert len(clauses) == 45
    communes = {below["unit"] for below in unit("dien-bien", AFTER)["beneath"] if below["kind"] == "commune"}
    found = {}
    for code, name in names(communes, AFTER).items():
        lineage = unit(code, AFTER)["predecessors"]
        assert all((line["on"], line["whole"]) == ("2025-07-01", True) for line in lineage)
        found[name] = set(names({line["unit"] for line in lineage}, BEFORE).values())
    assert found == {new: set(old.split(" + ")) for new, old in clauses.items()}
    assert sum(len(old) for old in found.values()) == 129


def test_the_nation_before_and_after(small_sample: Any):
    lowest = codes("commune", BEFORE)
    districts = codes("district", BEFORE)
    assert (len(codes("province", BEFORE)), len(districts), len(lowest)) == (63, 696, 10_035)
    placed = Placement.objects.asof(dt.date.fromisoformat(BEFORE), latest_known()).filter(unit__code__in=lowest)
    assert set(districts) - set(placed.values_list("parent__code", flat=True)) == ISLANDS
    assert codes("province", AFTER) == sorted(NEW)
    assert (len(codes("district", AFTER)), len(codes("commune", AFTER))) == (0, 3_321)
    assert {code: unit(code, AFTER)["counts"]["commune"] for code in NEW} == NEW
    assert sum(NEW.values()) == 3_321
    assert all(to_whom(unit(code, AFTER)) for code in ISLANDS)


def test_any_commune_knows_whence_it_came_and_where_it_went(small_sample: Any):
    chance = random.Random(f"{os.environ.get('CANBO_TEST_SEED', '0')} lineage")
    after = set(codes("commune", AFTER))
    for code in chance.sample(codes("commune", BEFORE), 40):
        found = unit(code, BEFORE)
        assert found["kind"] == "commune"
        if code in after:
            assert not found["successors"], "left alone, it goes on under its own code"
            continue
        assert found["valid"][1] == "2025-07-01"
        assert to_whom(found) <= after
        assert to_whom(found), code
        assert all(code in from_whom(unit(other, AFTER)) for other in to_whom(found))
    for code in chance.sample(sorted(after - set(codes("commune", BEFORE))), 20):
        assert from_whom(unit(code, AFTER)), code


@pytest.mark.parametrize(
    ("code", "on", "then"),
    [
        ("dien-bien", "2024-05-01", "2024-12-31"),
        ("nghe-an", "2023-10-14", "2024-12-31"),
        ("lam-dong", "2024-06-30", "2024-12-31"),
        ("ninh-thuan", "2025-01-02", "2025-03-31"),
    ],
)
def test_the_report_of_the_term_is_the_same_asked_before_the_merger_and_after_it(small_sample: Any, code, on, then):
    made = [reported("term", code, on, *(("--known", known) if known else ())) for known in (then, "2025-06-15", "")]
    known = [report.pop("known") for report in made]
    assert known[0][:10] == then
    assert known == sorted(set(known))
    assert made[0] == made[1] == made[2]
    assert any(figure["verdict"] for figure in made[0]["figures"])


def test_what_ended_is_refused_with_its_successor(small_sample: Any):
    for words in (("report", "term"), ("figure", "members")):
        said = canbo(*words, "--unit", "ninh-thuan", "--on", "2025-08-01")
        assert (said.code, said.out) == (3, "")
        assert "successor khanh-hoa" in said.err
    shown = unit("ninh-thuan", "2025-08-01")
    assert (shown["kind"], to_whom(shown)) == (None, {"khanh-hoa"})
    assert "ninh-thuan" in from_whom(unit("khanh-hoa", "2025-08-01"))


def test_khanh_hoa_counts_the_members_of_ninh_thuan(small_sample: Any):
    said = [figures(reported("term", code, on)) for code, on in
            (("ninh-thuan", BEFORE), ("khanh-hoa", BEFORE), ("khanh-hoa", AFTER))]  # fmt: skip
    old, partner, new = ({name: figure["value"] for name, figure in one.items()} for one in said)
    assert old["members"] > 100
    for name in ("members", "members.official", "members.probationary"):
        assert (partner[name], new[name]) == (0, old[name])
    assert new["places.communes"] == 65
    groups = {by: {at: here("figure", "members", "--unit", code, "--on", on, "--by", by, "--json").json["groups"]
                   for at, code, on in (("old", "ninh-thuan", BEFORE), ("new", "khanh-hoa", AFTER))}
              for by in ("sex", "age_group", "minority", "stage", "category")}  # fmt: skip
    for by in ("sex", "minority", "stage", "category"):
        assert groups[by]["old"] == groups[by]["new"], by
    cells = Organisation.objects.filter(unit__code__startswith="ninh-thuan.", kind__in=["cell", "grassroots-cell"])
    kept = cells.filter(recorded__upper_inf=True, valid__contains=dt.date.fromisoformat(AFTER)).count()
    counts = {code: unit(code, on)["counts"] for code, on in (("ninh-thuan", BEFORE), ("khanh-hoa", AFTER))}
    for found in counts.values():
        assert sum(found.get(kind, 0) for kind in ("cell", "grassroots-cell")) == kept


def test_bodies_that_merged_are_dissolved_and_those_of_new_communes_established(small_sample: Any):
    found = figures(reported("year", "dien-bien", AFTER))
    assert found["organisations.established"]["value"] == 45
    assert found["organisations.dissolved"]["value"] == 129 + 10
    assert figures(reported("year", "dien-bien", BEFORE))["organisations.dissolved"]["value"] == 0


def test_who_leaves_after_the_merger_is_counted_by_the_unit_of_that_day(small_sample: Any, tmp_path: Path):
    beneath = {below["unit"] for below in unit("dien-bien.party", AFTER)["beneath"]}
    listed = here("figure", "members", "--unit", "dien-bien.2025.muong-cha", "--on", AFTER, "--records", "--json").json
    told = here("why", "membership", listed["records"][0]["key"], "--json").json
    terms = {"on": "2025-08-05", "person": told[0]["content"]["person"], "ending": "death"}
    (tmp_path / "terms.json").write_text(json.dumps(terms), encoding="utf-8")
    done = here("act", "membership.leave", "--json-file", tmp_path / "terms.json", "--decision", "1-QĐ/left")
    assert done.code == 0, done.err
    asked = ("figure", "members_left", "--unit", "dien-bien", "--from", "2025-08-01", "--on", "2025-08-31")
    groups = here(*asked, "--by", "unit", "--json").json["groups"]
    assert groups == [{"key": "dien-bien.2025.muong-cha.party", "value": 1}, {"key": "unknown", "value": 0}]
    assert groups[0]["key"] in beneath
