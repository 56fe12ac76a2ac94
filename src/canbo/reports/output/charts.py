"""Pictures drawn from the numbers of their table: a Vega-Lite specification, rendered here to SVG.

Nothing is fetched, and every number stands in the specification as the text that the table shows. The colours hold on
white, on black and in grey; on a page the ink is that of the text around it.
"""

import re
import textwrap
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import vl_convert

from canbo.reports.output.document import Picture
from canbo.reports.pictures import AGAINST, PARTS, SHARES, STACKED, WATERFALL

VERSION = "5.21"
INK, QUIET, PAPER = "#1a1a1b", "#70757d", "#fefefd"
"""Text and rules, what is beside the point, and the gaps between segments; a page puts its own colours there."""
COLOURS = ("#2f6fb3", "#b8560f", "#2a8059", "#8a5aa8", "#b0507a", "#1f7a8c", QUIET)
"""Each reaches 4.5:1 against white and 3:1 on a dark page; neighbours differ in hue and a gap divides them."""
WIDTH, NARROW, ROOM, BAR = 620, 330, 410, 22
"""Of a picture, of one for a phone, of the bars beside their names, and of one bar, in pixels."""
LABEL, ABOVE = 30, 44
"""Letters in a line of a bar's name: beside it, or above it as on a phone."""
LETTER, LINE = 7.2, 14
"""About the width of a letter, and the height of a line of names, in pixels."""
CUT = 3
"""A waterfall begins at nothing unless all of it lies above this part of its highest level: it would show no change."""
FONT = "sans-serif"
"""Measured with the font that the library brings; printed with that of the page or of the paper."""
PRINTED = "Libertinus Serif"
_NOISE = re.compile(r' (?:role="graphics-[^"]*"|aria-[a-z]+="[^"]*")')
"""What the library says of each mark to those who listen: the picture has one description, and its table."""
_CONFIG = {
    "aria": False,
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {"domainColor": QUIET, "ticks": False, "grid": False, "labelColor": INK, "labelFontSize": 13, "title": None,
             "labelLimit": 0, "labelPadding": 6, "labelLineHeight": LINE,
             "labelExpr": "slice(split(datum.label, '|'), 1)"},
    "legend": {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 13, "symbolType": "square",
               "symbolStrokeWidth": 0, "symbolOpacity": 1, "labelLimit": 0, "columnPadding": 18},
    "text": {"color": INK, "fontSize": 13},
}  # fmt: skip


def svg(picture: Picture, *, page: bool = False, narrow: bool = False) -> str:
    """The picture as SVG with title and description; for a page it takes the page's own ink, paper and font.

    `narrow` is for a phone: every letter is as large there, so the names stand above their bars.
    """
    drawn = _NOISE.sub("", _drawn(picture, narrow))
    head, rest = drawn.split(">", 1)
    name = f"picture-{picture.id}{'-narrow' if narrow else ''}"
    named = f"<title id={quoteattr(name)}>{escape(picture.title)}</title>"
    named += f'<desc id="{name}-text">{escape(picture.description)}</desc>'
    drawn = f'{head} role="img" aria-labelledby="{name} {name}-text">{named}{rest}'
    if not page:
        return drawn.replace(FONT, PRINTED)
    for printed, own in ((INK, "currentColor"), (PAPER, "var(--paper, Canvas)"), (FONT, "inherit")):
        drawn = drawn.replace(printed, own)
    return drawn


def on_page(picture: Picture) -> str:
    """Both drawings of a picture, of which a page shows the one that fits it."""
    wide, narrow = (svg(picture, page=True, narrow=narrow) for narrow in (False, True))
    return f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'


def ready() -> None:
    """Wake the library that draws, which takes the better part of a second, before somebody waits for a picture."""
    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "bar"}, vl_version=VERSION, allowed_base_urls=[])


@lru_cache(maxsize=128)
def _drawn(picture: Picture, narrow: bool) -> str:
    return vl_convert.vegalite_to_svg(specification(picture, narrow), vl_version=VERSION, allowed_base_urls=[])


def specification(picture: Picture, narrow: bool = False) -> dict[str, Any]:
    """The Vega-Lite specification of a picture, with all its data in it."""
    width, room, letters = (NARROW, NARROW - 20, ABOVE) if narrow else (WIDTH, ROOM, LABEL)
    drawing = {STACKED: _stacked, SHARES: _stacked, AGAINST: _against, PARTS: _parts, WATERFALL: _waterfall}
    lines = max(len(textwrap.wrap(bar, letters)) for bar in picture.bars)
    raised = -BAR // 2 - 2 - LINE * (lines - 1)
    above = {"labelAlign": "left", "labelBaseline": "bottom", "labelPadding": 0, "labelOffset": raised}
    axis = {"domain": False, **(above if narrow else {})}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "width": width,
        "height": {"step": BAR + (12 + LINE * lines if narrow else 12 * min(lines, 2))},
        "data": {"values": _values(picture, letters, lines if narrow else 1)},
        "encoding": {"y": {"field": "bar", "type": "nominal", "sort": None, "axis": axis}},
        "layer": drawing.get(picture.kind, _bars)(picture, room),
        "config": _CONFIG | {"legend": _CONFIG["legend"] | {"columns": _across(picture.segments, width)}},
    }


def _across(names: tuple[str, ...], width: int) -> int:
    """How many names of a legend stand beside each other."""
    return max(1, int((width - 50) // (7.5 * max(map(len, names)) + 36)))


def _values(picture: Picture, letters: int, lines: int) -> list[dict[str, Any]]:
    """One row for each bar: the length and text of each segment under its number, and from where to where it reaches.

    In a picture of shares each bar is as long as the others. Two bars may be called the same, so a number goes before
    the name; empty lines go before one that is shorter than others, so that all end above their bar.
    """
    found = []
    for place, bar in enumerate(picture.bars):
        wrapped = textwrap.wrap(bar, letters)
        name = "|".join((str(place), *[""] * (lines - len(wrapped)), *wrapped))
        row: dict[str, Any] = {"bar": name, "share": picture.shares[place] if picture.shares else ""}
        reached = 0
        scale = (sum(cell or 0 for cell in picture.cells[place]) or 1) if picture.kind == SHARES else 1
        for order, (value, text) in enumerate(zip(picture.cells[place], picture.texts[place], strict=True)):
            length = float(value or 0) / scale
            row |= {f"v{order}": length, f"t{order}": text, f"from{order}": reached, f"to{order}": reached + length}
            row[f"mid{order}"] = reached + length / 2
            reached += length
        found.append(row)
    if picture.kind == WATERFALL:
        nexts = [*found[1:], found[-1]]
        found = [
            row | step | {"next": then["bar"]} for row, step, then in zip(found, _steps(picture), nexts, strict=True)
        ]
    return found


def _top(longest: float, texts: list[str], room: int) -> float:
    """How far the scale goes, so that the longest text stands behind the longest bar."""
    wide = LETTER * max(map(len, texts), default=0) + 12
    return longest * room / max(room - wide, room / 4)


def _axis(top: float, begin: float = 0) -> dict[str, Any]:
    """The scale of the values: it begins at nothing, and no axis is drawn, for every bar says its number."""
    return {"type": "quantitative", "axis": None, "scale": {"domain": [begin, top or 1], "nice": False, "zero": False}}


def _mark(kind: str, colour: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "color": colour, **({"height": BAR} if kind == "bar" else {}), **more}


def _label(field: str, at: str, top: float, **more: Any) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 5, "baseline": "middle", **more}
    return {"mark": mark, "encoding": {"x": {"field": at, **_axis(top)}, "text": {"field": field}}}


def _bars(picture: Picture, room: int) -> list[dict[str, Any]]:
    top = _top(max(cells[0] or 0 for cells in picture.cells), [texts[0] for texts in picture.texts], room)
    bar = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    return [bar, _label("t0", "v0", top)]


def _against(picture: Picture, room: int) -> list[dict[str, Any]]:
    """A bar for what was reached and a stroke across it for what was asked; both say their number."""
    if len(picture.segments) == 1:
        return _bars(picture, room)
    told = [" / ".join(texts) for texts in picture.texts]
    top = _top(max(max(cell or 0 for cell in cells) for cells in picture.cells), told, room)
    colours = _legend(picture.segments, (COLOURS[0], INK))
    bar = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    stroke = {
        "transform": [{"filter": "datum.t1"}],
        "mark": {"type": "tick", "thickness": 3, "size": BAR + 8, "opacity": 1},
        "encoding": {"x": {"field": "v1", **_axis(top)}, **_named(1, colours, picture.segments)},
    }
    bar["encoding"] |= _named(0, colours, picture.segments)
    both = "datum.t1 ? datum.t0 + ' / ' + datum.t1 : datum.t0"
    text = _label("both", "far", top, dx=8)
    text["transform"] = [{"calculate": both, "as": "both"}, {"calculate": "max(datum.v0, datum.v1 || 0)", "as": "far"}]
    return [bar, stroke, text]


def _legend(names: tuple[str, ...], colours: tuple[str, ...]) -> dict[str, Any]:
    return {"domain": list(names), "range": list(colours[: len(names)])}


def _named(order: int, colours: dict[str, Any], names: tuple[str, ...] = ()) -> dict[str, Any]:
    """The colour of a segment by its name, so that the legend says it."""
    return {"color": {"datum": names[order], "type": "nominal", "scale": colours}} if names else {}


def _stacked(picture: Picture, room: int) -> list[dict[str, Any]]:
    """Bars of segments, each with its number where there is room, and the sum behind."""
    top = 1 if picture.kind == SHARES else max(sum(cell or 0 for cell in cells) for cells in picture.cells) or 1
    colours = _legend(picture.segments, COLOURS)
    layers = [
        {
            "mark": {"type": "bar", "height": BAR, "stroke": PAPER, "strokeWidth": 1.5},
            "encoding": {
                "x": {"field": f"from{order}", **_axis(top)},
                "x2": {"field": f"to{order}"},
                **_named(order, colours, picture.segments),
            },
        }
        for order in range(len(picture.segments))
    ]
    for order in range(len(picture.segments)):
        text = _label(f"t{order}", f"mid{order}", top, align="center", dx=0, color="white", fontSize=12)
        fits = f"datum.v{order} * {room} / {top} > 6 * length(datum.t{order}) + 3"
        layers.append(text | {"transform": [{"filter": fits}]})
    return layers


def _parts(picture: Picture, room: int) -> list[dict[str, Any]]:
    """The whole as a frame, the part filled, and behind it both numbers with the share."""
    told = [f"{' / '.join(texts)}  ({share})" for _, texts, share in picture.table]
    top = _top(max(cells[1] or 0 for cells in picture.cells), told, room)
    whole = {
        "mark": {"type": "bar", "height": BAR, "fill": None, "stroke": QUIET, "strokeWidth": 1},
        "encoding": {"x": {"field": "v1", **_axis(top)}},
    }
    part = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    text = _label("both", "v1", top)
    text["transform"] = [{"calculate": "datum.t0 + ' / ' + datum.t1 + '  (' + datum.share + ')'", "as": "both"}]
    return [whole, part, text]


def is_cut(picture: Picture) -> bool:
    """Does a waterfall begin above nothing, so that the bars of its two figures are not drawn as long as they are?"""
    return _begin(picture) > 0


def _levels(picture: Picture) -> list[float]:
    """Where a waterfall stands after its first figure and after each part."""
    return [float(level) for level in accumulate(cells[0] or 0 for cells in picture.cells[:-1])]


def _begin(picture: Picture) -> float:
    """Where the scale of a waterfall begins."""
    low, high = min(_levels(picture)), max(_levels(picture))
    return low - (high - low) / 2 if low > high - high / CUT else min(0, low)


def _steps(picture: Picture) -> list[dict[str, Any]]:
    """From where to where each bar of a waterfall reaches: the two figures from the beginning, each part from the last.

    `end` is where its number stands, `then` the level that leads on to the next bar.
    """
    levels, begin = _levels(picture), _begin(picture)
    reaches = [(begin, levels[0]), *pairwise(levels), (begin, levels[-1])]
    last = len(reaches) - 1
    return [
        {"from0": a, "to0": b, "end": max(a, b), "then": levels[min(at, last - 1)], "whole": at in (0, last)}
        for at, (a, b) in enumerate(reaches)
    ]


def _waterfall(picture: Picture, room: int) -> list[dict[str, Any]]:
    """Bars in grey for the two figures, in one colour for what adds and in another for what takes away."""
    begin, high = _begin(picture), max(_levels(picture))
    axis = _axis(begin + _top(high - begin, [texts[0] for texts in picture.texts], room), begin)
    colour = {
        "condition": [
            {"test": "datum.whole", "value": QUIET},
            {"test": "datum.to0 < datum.from0", "value": COLOURS[1]},
        ],
        "value": COLOURS[0],
    }
    bar = {
        "mark": {"type": "bar", "height": BAR},
        "encoding": {"x": {"field": "from0", **axis}, "x2": {"field": "to0"}, "color": colour},
    }
    thread = {
        "mark": {"type": "rule", "color": QUIET, "strokeDash": [2, 2]},
        "encoding": {"x": {"field": "then", **axis}, "y2": {"field": "next"}},
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle"},
        "encoding": {"x": {"field": "end", **axis}, "text": {"field": "t0"}},
    }
    broken = {
        "transform": [{"filter": "datum.whole"}],
        "mark": {"type": "text", "text": "//", "align": "left", "dx": 12, "baseline": "middle", "color": PAPER,
                 "fontSize": 20, "fontWeight": "bold"},
        "encoding": {"x": {"field": "from0", **axis}},
    }  # fmt: skip
    return [thread, bar, text, *([broken] if is_cut(picture) else [])]
