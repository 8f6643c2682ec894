"""From which case type to which: ribbons as wide as the cases are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.show.charts import naming
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import NOTHING_CHANGES, PALETTE, SOFT, cut, nothing, rest, spec

__all__ = ["flow"]

TITLE: Final = Words("Case types, before and after", "办件类型改前与改后")
HEADS: Final = {"before": Words("before", "改前"), "after": Words("after", "改后"), "count": Words("cases", "件数（件）")}
MOST: Final = 10  # types on a side
_WIDE, _TALL, _NODE, _GAP = 460.0, 300.0, 12.0, 22.0
_STEPS: Final = 24  # of a ribbon's curve
_Pair = tuple[str, str]


class _Node(NamedTuple):
    top: float
    tall: float
    cases: int


@takes(DecisionError, lang=LANGUAGE)
def flow(done: Any, *, lang: Lang = "zh") -> Chart:
    """The cases of a comparison that are of another type: from which to which, in ribbons, the most first.

    Of more than ten types on a side the smallest are drawn as one, and the notes say so; the table has all of them. Each side says its
    types and counts in words, so that nothing hangs on a colour.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> flow(what_if(book, book, {"cases": []}), lang="en").table
    ()
    """
    pairs = Counter(
        (
            naming.type_name(done, move.before, open_=move.open_before, lang=lang),
            naming.type_name(done, move.after, open_=move.open_after, lang=lang),
        )
        for move in done.moves
    )
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    columns = {name: words.text(lang) for name, words in HEADS.items()}
    table: tuple[Row, ...] = tuple({"before": one, "after": other, "count": count} for (one, other), count in ordered)
    title = TITLE.text(lang)
    if not pairs:
        return Chart("flow", title, columns, table, nothing(title, NOTHING_CHANGES.text(lang)), lang=lang)
    total = sum(pairs.values())
    drawn, notes = _gathered(dict(ordered), lang)
    said = Words(f"{total:,} cases of another type", f"共 {total:,} 件改变办件类型").text(lang)
    return Chart("flow", title, columns, table, _spec(title, (said, *notes), drawn, lang), notes=tuple(notes), lang=lang)


def _gathered(pairs: Mapping[_Pair, int], lang: Lang) -> tuple[dict[_Pair, int], list[str]]:
    """The flow with the smallest types of each side as one."""
    notes = []
    names: list[dict[str, str]] = []
    for side in (0, 1):
        counts: Counter[str] = Counter()
        for pair, count in pairs.items():
            counts[pair[side]] += count
        _, small = cut([name for name, _ in counts.most_common()], MOST)
        others = rest(len(small), lang, Words("other types", "类"))
        names.append(dict.fromkeys(small, others))
        if small:
            where = HEADS["before" if side == 0 else "after"].text(lang)
            notes.append(Words(f"{where}: {others} drawn as one", f"{where}：{others}合画为一").text(lang))
    drawn: Counter[_Pair] = Counter()
    for (one, other), count in pairs.items():
        drawn[names[0].get(one, one), names[1].get(other, other)] += count
    return dict(drawn), notes


def _spec(title: str, notes: Sequence[str], pairs: Mapping[_Pair, int], lang: Lang) -> str:
    tall = min(_TALL, 45 + 75 * (len(pairs) - 1))
    sides = [_side([(pair[side], count) for pair, count in pairs.items()], tall) for side in (0, 1)]
    colour = {name: PALETTE[at % len(PALETTE)] for at, name in enumerate(sides[0])}
    total = sum(pairs.values())
    ribbons: list[dict[str, object]] = []
    used: list[Counter[str]] = [Counter(), Counter()]
    order = {name: at for at, name in enumerate(sides[1])}
    for (one, other), count in sorted(pairs.items(), key=lambda pair: (list(sides[0]).index(pair[0][0]), order[pair[0][1]])):
        edges = [_slice(sides[side][name], used[side][name], count) for side, name in ((0, one), (1, other))]
        used[0][one] += count
        used[1][other] += count
        ribbons += _ribbon(f"{one}→{other}", colour[one], *edges)
    bars, words = [], []
    for side, nodes in enumerate(sides):
        for name, node in nodes.items():
            left = 0.0 if side == 0 else _WIDE - _NODE
            bars.append(
                {"x": left, "x2": left + _NODE, "y": node.top, "y2": node.top + node.tall, "fill": colour[name] if side == 0 else SOFT}
            )
            counted = f"{name}  {node.cases:,} {naming.CASES.text(lang)}（{node.cases / total:.1%}）"
            counted = counted if lang == "zh" else f"{name}  {node.cases:,} ({node.cases / total:.1%})"
            words.append({"x": left - 8 if side == 0 else left + _NODE + 8, "y": node.top + node.tall / 2, "said": counted, "side": side})
    heads = [
        {"x": 0 if side == 0 else _WIDE, "y": -14, "said": HEADS[name].text(lang), "side": side}
        for side, name in enumerate(("before", "after"))
    ]
    bottom = max(node.top + node.tall for nodes in sides for node in nodes.values())
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, _WIDE], "nice": False, "zero": False}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [bottom, 0], "nice": False, "zero": False}}
    fill = {"field": "fill", "type": "nominal", "scale": None}
    text = {"field": "said"}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": ribbons},
            "mark": {"type": "area", "opacity": 0.45},
            "encoding": {"x": x, "y": y, "y2": {"field": "y2"}, "detail": {"field": "ribbon"}, "fill": fill},
        },
        {
            "data": {"values": bars},
            "mark": "rect",
            "encoding": {"x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"}, "fill": fill},
        },
        *(
            {
                "data": {"values": [row for row in words if row["side"] == side]},
                "mark": {"type": "text", "align": align, "baseline": "middle"},
                "encoding": {"x": x, "y": y, "text": text},
            }
            for side, align in ((0, "right"), (1, "left"))
        ),
        *(
            {
                "data": {"values": [heads[side]]},
                "mark": {"type": "text", "align": align, "fontWeight": 600, "color": SOFT},
                "encoding": {"x": x, "y": y, "text": text},
            }
            for side, align in ((0, "left"), (1, "right"))
        ),
    ]
    return spec(title, notes, width=_WIDE, height=bottom, layer=layers)


def _side(counts: Sequence[tuple[str, int]], whole_tall: float) -> dict[str, _Node]:
    """The types of one side from the top, the most first; each has room for its words, however few its cases are."""
    totals: Counter[str] = Counter()
    for name, count in counts:
        totals[name] += count
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))
    whole = sum(totals.values())
    nodes: dict[str, _Node] = {}
    top = 0.0
    for name, count in ordered:
        tall = max(round(whole_tall * count / whole, 2), 1.5)
        room = max(tall, 4.0)
        nodes[name] = _Node(round(top + (room - tall) / 2, 2), tall, count)
        top += room + _GAP
    return nodes


def _slice(node: _Node, before: int, count: int) -> tuple[float, float]:
    return node.top + node.tall * before / node.cases, node.top + node.tall * (before + count) / node.cases


def _ribbon(name: str, fill: str, left: tuple[float, float], right: tuple[float, float]) -> list[dict[str, object]]:
    points: list[dict[str, object]] = []
    for step in range(_STEPS + 1):
        share = step / _STEPS
        ease = share * share * (3 - 2 * share)
        edge = [round(one + (other - one) * ease, 2) for one, other in zip(left, right, strict=True)]
        x = round(_NODE + share * (_WIDE - 2 * _NODE), 2)
        points.append({"ribbon": name, "x": x, "y": edge[0], "y2": edge[1], "fill": fill})
    return points
