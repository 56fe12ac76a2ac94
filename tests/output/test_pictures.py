"""Pictures: the numbers of their table, described, within the page's ink, and nothing fetched."""

import datetime as dt
import re
from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
import yaml
from pydantic import ValidationError

from canbo.kernel.profile import PACKAGED
from canbo.reports.book import report
from canbo.reports.output.charts import COLOURS, INK, is_cut, svg
from canbo.reports.output.compose import compose
from canbo.reports.output.document import Picture
from canbo.reports.output.pdf import png
from canbo.reports.pictures import PictureLine

DARK, PAPER = (0x16, 0x18, 0x1C), (255, 255, 255)


def light(colour):
    parts = [value / 255 for value in colour]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def picture(kind, cells, segments=("a", "b"), shares=()):
    bars = tuple(f"Trưởng thôn, bản, tổ dân phố thứ {n} <&>" for n in range(len(cells)))
    texts = tuple(tuple("" if value is None else str(value) for value in row) for row in cells)
    return Picture("some", "1", 'A "title" <&>', kind, "head", bars, segments, (), cells, texts, shares, "told & <so>")


KINDS = [
    picture("bars", ((3,), (0,)), ("a",)),
    picture("stacked", ((3, 4), (0, 0))),
    picture("shares", ((3, 4), (0, 0))),
    picture("against", ((3, 4), (5, None))),
    picture("parts", ((3, 4), (4, 4)), shares=("75 %", "100 %")),
    picture("waterfall", ((5,), (4,), (-7,), (2,)), ("a",)),
]
NUMBER = re.compile(r'font-size="(\d+)px"')


@pytest.mark.parametrize("made", KINDS, ids=lambda made: made.kind)
def test_a_picture_is_an_image_with_title_and_description_in_the_ink_of_its_page(made):
    drawn = svg(made, page=True)
    assert 'role="img" aria-labelledby="picture-some picture-some-text"' in drawn
    assert '<title id="picture-some">A "title" &lt;&amp;&gt;</title>' in drawn
    assert "told &amp; &lt;so&gt;" in drawn
    assert "currentColor" in drawn
    assert INK not in drawn
    assert "style=" not in drawn
    assert drawn.count("role=") == drawn.count("aria-") == 1
    assert not re.search(r'(?:href|src)="', drawn)
    assert png(svg(made)).startswith(b"\x89PNG")


@pytest.mark.parametrize("made", KINDS, ids=lambda made: made.kind)
def test_on_a_phone_names_stand_whole_above_their_bars_in_letters_that_can_be_read(made):
    drawn = svg(made, page=True, narrow=True)
    assert 'aria-labelledby="picture-some-narrow picture-some-narrow-text"' in drawn
    assert float(re.search(r'viewBox="0 0 ([\d.]+)', drawn)[1]) <= 340, "a phone of 360 px shows it in its own size"
    assert min(map(int, NUMBER.findall(drawn))) >= 11
    for bar in made.bars:
        assert re.search(r"\s*".join(re.escape(escape(word)) for word in bar.split()), re.sub(r"<[^>]+>", " ", drawn))


@pytest.mark.parametrize("made", [KINDS[0], KINDS[3], KINDS[5]], ids=lambda made: made.kind)
def test_every_number_stands_in_the_picture_as_in_the_table(made):
    drawn = svg(made)
    for texts in made.texts:
        assert f">{' / '.join(text for text in texts if text)}<" in drawn


def test_bars_of_one_name_stay_two():
    same = replace(KINDS[5], bars=("one", "other", "other", "one"))
    assert svg(same).count('d="M') == svg(KINDS[5]).count('d="M')


def test_a_waterfall_far_above_nothing_is_cut_and_says_so():
    def levels(*cells):
        return picture("waterfall", tuple((cell,) for cell in cells), ("a",))

    assert not is_cut(levels(5, 4, -7, 2))
    assert not is_cut(levels(0, 3, 3))
    assert not is_cut(levels(-3, 3, 0))
    cut = levels(8000, 30, -20, 8010)
    assert is_cut(cut)
    assert svg(cut).count(">//<") == 2
    assert ">//<" not in svg(levels(5, 4, -7, 2))


def test_colours_hold_on_white_and_on_dark():
    for colour in COLOURS:
        parts = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert contrast(parts, PAPER) >= 4.5, colour
        assert contrast(parts, DARK) >= 3, colour


@pytest.mark.parametrize(
    "said",
    [
        "{id: a, chapter: b, kind: bars}",
        "{id: a, chapter: b, kind: bars, indicator: members, bars: {category: [x]}}",
        "{id: a, chapter: b, kind: stacked, indicator: members, bars: sex, segments: age_group}",
        "{id: a, chapter: b, kind: against, indicator: members, bars: event_year}",
        "{id: a, chapter: b, kind: parts, indicator: members, figures: {a: b}}",
        "{id: a, chapter: b, kind: pie, indicator: members, bars: sex}",
    ],
)
def test_a_picture_that_lacks_something_is_refused_and_those_of_the_books_are_not(said):
    with pytest.raises(ValidationError):
        PictureLine.model_validate(yaml.safe_load(said))
    books = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in PACKAGED.glob("*/books/*/*.yaml")]
    assert sum(bool(PictureLine.model_validate(line)) for book in books for line in book.get("pictures", ())) >= 8


@pytest.mark.database
def test_pictures_count_what_their_figures_count(small_sample):
    made = report("term", "dien-bien", dt.date(2024, 5, 1))
    values = {figure.line.id: figure.value for figure in made.figures()}
    drawn = {one.id: one for one in compose(made, "en").pictures()}
    assert set(drawn) == {"admissions", "coverage", "movements", "plan"}
    assert sum(cells[0] for cells in drawn["admissions"].cells) == values["members.admitted"]
    assert sum(map(sum, drawn["movements"].cells)) == values["movements.total"]
    levels = ("provincial", "district", "commune")
    planned = [values[f"succession_plan.2025-2030.{level}"] for level in levels]
    assert [sum(cells) for cells in drawn["plan"].cells] == planned
    assert drawn["plan"].segments[0].startswith("Up to")
    assert drawn["coverage"].cells[1] == (
        values["coverage.village_heads_who_are_members"],
        values["coverage.village_heads"],
    )


@pytest.mark.database
def test_a_target_stands_beside_the_years_that_have_one(small_sample):
    made = report("term", "ninh-thuan", dt.date(2025, 1, 2))
    values = {figure.line.id: figure.value for figure in made.figures()}
    (admissions,) = compose(made, "en").pictures()
    told = dict(zip(admissions.bars, admissions.cells, strict=True))
    for year in ("2021", "2022", "2023", "2024"):
        assert told[year] == tuple(values[f"membership.by_year.{year}.{what}"] for what in ("admitted", "target"))
