"""Pictures drawn from the numbers of their table: a Vega-Lite specification, rendered here to SVG.

Nothing is fetched, and every number stands in the specification as the text that the table shows. The colours hold on
white, on black and in grey; on a page the ink is that of the text around it.
"""

import re
import textwrap
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import vl_convert

from canbo.reports.output.document import Picture
from canbo.reports.pictures import AGAINST, PARTS, SHARES, STACKED

VERSION = "5.21"
INK, QUIET, PAPER = "#1a1a1b", "#70757d", "#fefefd"
"""Text and rules, what is beside the point, and the gaps between segments; a page puts its own colours there."""
COLOURS = ("#2f6fb3", "#b8560f", "#2a8059", "#8a5aa8", "#b0507a", "#1f7a8c", QUIET)
"""Each reaches 4.5:1 against white and 3:1 on a dark page; neighbours differ in hue and a gap divides them."""
WIDTH, BAR, LABEL = 470, 22, 30
"""Of a whole picture and a bar, in pixels; of a bar's name, in letters of a line."""
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
             "labelLimit": 0, "labelPadding": 6, "labelExpr": "split(datum.label, '|')", "labelLineHeight": 14},
    "legend": {"orient": "top", "title": None, "labelColor": INK, "labelFontSize": 13, "symbolType": "square",
               "symbolStrokeWidth": 0, "symbolOpacity": 1, "labelLimit": 0, "columnPadding": 18},
    "text": {"color": INK, "fontSize": 13},
}  # fmt: skip


def svg(picture: Picture, *, page: bool = False) -> str:
    """The picture as SVG with title and description; for a page it takes the page's own ink, paper and font."""
    drawn = _NOISE.sub("", _drawn(picture))
    head, rest = drawn.split(">", 1)
    name = f"picture-{picture.id}"
    named = f"<title id={quoteattr(name)}>{escape(picture.title)}</title>"
    named += f'<desc id="{name}-text">{escape(picture.description)}</desc>'
    drawn = f'{head} role="img" aria-labelledby="{name} {name}-text">{named}{rest}'
    if not page:
        return drawn.replace(FONT, PRINTED)
    for printed, own in ((INK, "currentColor"), (PAPER, "var(--paper, Canvas)"), (FONT, "inherit")):
        drawn = drawn.replace(printed, own)
    return drawn


@lru_cache(maxsize=64)
def _drawn(picture: Picture) -> str:
    return vl_convert.vegalite_to_svg(specification(picture), vl_version=VERSION, allowed_base_urls=[])


def specification(picture: Picture) -> dict[str, Any]:
    """The Vega-Lite specification of a picture, with all its data in it."""
    layers = {STACKED: _stacked, SHARES: _stacked, AGAINST: _against, PARTS: _parts}.get(picture.kind, _bars)(picture)
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "autosize": {"type": "fit-x", "contains": "padding"},
        "width": WIDTH + 150,
        "height": {"step": BAR + (12 if max(map(len, picture.bars)) <= LABEL else 24)},
        "data": {"values": _values(picture)},
        "encoding": {"y": {"field": "bar", "type": "nominal", "sort": None, "axis": {"domain": False}}},
        "layer": layers,
        "config": _CONFIG | {"legend": _CONFIG["legend"] | {"columns": _across(picture.segments)}},
    }


def _across(names: tuple[str, ...]) -> int:
    """How many names of a legend stand beside each other."""
    return max(1, int((WIDTH + 100) // (7.5 * max(map(len, names)) + 36)))


def _values(picture: Picture) -> list[dict[str, Any]]:
    """One row for each bar: the length and text of each segment under its number, and from where to where it reaches.

    In a picture of shares each bar is as long as the others.
    """
    found = []
    for place, bar in enumerate(picture.bars):
        name = "|".join(textwrap.wrap(bar, LABEL))
        row: dict[str, Any] = {"bar": name, "share": picture.shares[place] if picture.shares else ""}
        reached = 0
        scale = (sum(cell or 0 for cell in picture.cells[place]) or 1) if picture.kind == SHARES else 1
        for order, (value, text) in enumerate(zip(picture.cells[place], picture.texts[place], strict=True)):
            length = (value or 0) / scale
            row |= {f"v{order}": length, f"t{order}": text, f"from{order}": reached, f"to{order}": reached + length}
            row[f"mid{order}"] = reached + length / 2
            reached += length
        found.append(row)
    return found


def _axis(top: float) -> dict[str, Any]:
    """The scale of the values: it begins at nothing, and no axis is drawn, for every bar says its number."""
    return {"type": "quantitative", "axis": None, "scale": {"domain": [0, top or 1], "nice": False}}


def _mark(kind: str, colour: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "color": colour, **({"height": BAR} if kind == "bar" else {}), **more}


def _label(field: str, at: str, top: float, **more: Any) -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 5, "baseline": "middle", **more}
    return {"mark": mark, "encoding": {"x": {"field": at, **_axis(top)}, "text": {"field": field}}}


def _bars(picture: Picture) -> list[dict[str, Any]]:
    top = max(cells[0] or 0 for cells in picture.cells) * 1.12
    bar = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    return [bar, _label("t0", "v0", top)]


def _against(picture: Picture) -> list[dict[str, Any]]:
    """A bar for what was reached and a stroke across it for what was asked; both say their number."""
    if len(picture.segments) == 1:
        return _bars(picture)
    top = max(max(cell or 0 for cell in cells) for cells in picture.cells) * 1.35
    colours = _legend(picture.segments, (COLOURS[0], INK))
    bar = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    stroke = {
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


def _stacked(picture: Picture) -> list[dict[str, Any]]:
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
        room = f"datum.v{order} * {WIDTH} / {top} > 6 * length(datum.t{order}) + 3"
        layers.append(text | {"transform": [{"filter": room}]})
    return layers


def _parts(picture: Picture) -> list[dict[str, Any]]:
    """The whole as a frame, the part filled, and behind it both numbers with the share."""
    top = max(cells[1] or 0 for cells in picture.cells) * 1.55
    whole = {
        "mark": {"type": "bar", "height": BAR, "fill": None, "stroke": QUIET, "strokeWidth": 1},
        "encoding": {"x": {"field": "v1", **_axis(top)}},
    }
    part = {"mark": _mark("bar", COLOURS[0]), "encoding": {"x": {"field": "v0", **_axis(top)}}}
    text = _label("both", "v1", top)
    text["transform"] = [{"calculate": "datum.t0 + ' / ' + datum.t1 + '  (' + datum.share + ')'", "as": "both"}]
    return [whole, part, text]
