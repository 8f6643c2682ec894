"""How every chart looks: fonts that have Chinese, colours told apart by the colour-blind, sizes; and how many of a kind are drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from govservice.errors import Lang, Words
from govservice.show.grid import FONT, INK

__all__ = [
    "AFTER",
    "BEFORE",
    "FAMILY",
    "INK",
    "LESS",
    "LINE",
    "MORE",
    "NOTHING_CHANGES",
    "PALETTE",
    "PLAIN",
    "SOFT",
    "WASH",
    "cut",
    "nothing",
    "rest",
    "signed",
    "signed_axis",
    "spec",
]

FAMILY: Final = FONT.removeprefix("font-family:").replace("'", "")
SOFT, LINE, WASH = "#566173", "#c9d0da", "#eef1f5"
# Okabe and Ito's colours. Before and after differ in lightness too, more and less in hue as well as in side, sign or shape.
BEFORE, AFTER, MORE, LESS, PLAIN = "#7a828e", "#0072b2", "#d55e00", "#0072b2", "#56b4e9"
PALETTE: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7a828e")
NOTHING_CHANGES: Final = Words("Nothing changes here.", "没有变化。")
_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
_CONFIG: Final[Mapping[str, Any]] = {
    "aria": False,
    "font": FAMILY,
    "background": "#ffffff",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": INK,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "gridColor": "#e6e9ee",
        "domainColor": LINE,
        "tickColor": LINE,
        "labelLimit": 260,
        "titlePadding": 8,
    },
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelColor": INK,
        "titleColor": SOFT,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    },
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": 15,
        "fontWeight": 600,
        "color": INK,
        "subtitleColor": SOFT,
        "subtitleFontSize": 12,
        "subtitlePadding": 5,
        "offset": 14,
    },
    "text": {"fontSize": 12, "color": INK},
}
_Row = TypeVar("_Row")


def spec(title: str, notes: Sequence[str], **parts: Any) -> str:
    """A chart of Vega-Lite's as JSON, the same for the same parts; the notes stand under the title."""
    heading = {"text": title, **({"subtitle": list(notes)} if notes else {})}
    return json.dumps({"$schema": _SCHEMA, "title": heading, "config": _CONFIG, **parts}, ensure_ascii=False, allow_nan=False)


def nothing(title: str, said: str) -> str:
    """The picture of no figures: the title, and that there are none."""
    mark = {"type": "text", "fontSize": 14, "color": SOFT, "align": "left", "x": 0, "y": 24}
    return spec(title, (), width=420, height=48, data={"values": [{"said": said}]}, mark=mark, encoding={"text": {"field": "said"}})


def cut(rows: Sequence[_Row], most: int) -> tuple[Sequence[_Row], Sequence[_Row]]:
    """The first rows, and those that are too many to draw; a single one too many is drawn all the same.

    >>> cut([1, 2, 3], 2), cut([1, 2, 3, 4], 2)
    (([1, 2, 3], []), ([1, 2], [3, 4]))
    """
    return (rows, rows[:0]) if len(rows) <= most + 1 else (rows[:most], rows[most:])


def rest(count: int, lang: Lang, counter: Words | None = None) -> str:
    """What is left out, by number.

    >>> rest(12, "zh"), rest(12, "en")
    ('其余 12 项', '12 others')
    """
    return Words(f"{count:,} {counter.en if counter else 'others'}", f"其余 {count:,} {counter.zh if counter else '项'}").text(lang)


def signed(number: float) -> str:
    """A number with its sign, a minus as long as a plus.

    >>> signed(3), signed(-1250), signed(0), signed(-0.5)
    ('+3', '−1,250', '0', '−0.5')
    """
    text = f"{number:+,.2f}" if isinstance(number, float) else f"{number:+,d}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if not number else text.replace("-", "−")


def signed_axis(**more: Any) -> dict[str, Any]:
    """An axis whose numbers have signs, zero none."""
    return {"labelExpr": "datum.value === 0 ? '0' : format(datum.value, '+,d')", "tickMinStep": 1, "tickCount": 8, **more}
