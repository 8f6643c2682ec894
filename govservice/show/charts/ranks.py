"""Who changes places: a line from the rank before to the rank after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from govservice.doors import LANGUAGE, TEXT, optional, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import BEFORE, LESS, MORE, NOTHING_CHANGES, SOFT, cut, nothing, rest, spec

__all__ = ["ranked", "ranks"]

_TITLE: Final = Words("Ranks before and after", "改前与改后名次")
_HEADS: Final = {
    "subject": Words("subject", "对象"),
    "period": Words("period", "期间"),
    "before": Words("rank before", "改前名次"),
    "after": Words("rank after", "改后名次"),
}
_SIDES: Final = (Words("before", "改前"), Words("after", "改后"))
_UNRANKED: Final = Words("no rank, or open", "无名次或未定")
MOST: Final = 20  # subjects


def ranked(done: Any) -> list[str]:
    """The decisions of a comparison under which somebody changes places."""
    return list(dict.fromkeys(change.decision for change in done.grade_changes if change.rank_before != change.rank_after))


@takes(DecisionError, decision=TEXT, period=optional(TEXT), lang=LANGUAGE)
def ranks(done: Any, decision: str, *, period: str | None = None, lang: Lang = "zh") -> Chart:
    """Who changes places under a graded decision of a comparison, in one period: a line from the rank before to that after.

    Whoever rises has a solid line, whoever falls a dashed one, whoever gains or loses a rank a dotted one that ends below the ranks.
    Without `period` it is the one in which most change places, and the notes say how many others there are; the table has all. Of more
    than twenty subjects those that move the least are in the table alone.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> ranks(what_if(book, book, {"cases": []}), "outstanding").table
    ()
    """
    changes = [change for change in done.grade_changes if change.decision == decision and change.rank_before != change.rank_after]
    table: tuple[Row, ...] = tuple(
        {"subject": change.subject, "period": change.period, "before": change.rank_before, "after": change.rank_after} for change in changes
    )
    called = done.labels.get(decision, decision) if lang == "zh" else decision
    columns, name = {key: words.text(lang) for key, words in _HEADS.items()}, f"ranks.{decision}"
    periods = Counter(str(row["period"]) for row in table)
    chosen = period if period is not None else max(sorted(periods), key=lambda one: periods[one]) if periods else ""
    title = Words(f"{_TITLE.en}: {called} {chosen}", f"{_TITLE.zh}：{called} {chosen}").text(lang).strip()
    rows = sorted((row for row in table if row["period"] == chosen), key=lambda row: (-_moved(row), str(row["subject"])))
    if not rows:
        return Chart(name, title, columns, table, nothing(title, NOTHING_CHANGES.text(lang)), lang=lang)
    drawn, left = cut(rows, MOST)
    others = len(periods) - 1
    notes = (
        [Words(f"{rest(len(left), lang)} that move less are in the table", f"{rest(len(left), lang)}变动较小，见表").text(lang)]
        if left
        else []
    )
    notes += [Words(f"{others} other periods are in the table", f"另有 {others} 个期间见表").text(lang)] if others else []
    return Chart(name, title, columns, table, _spec(title, notes, drawn, lang), notes=tuple(notes), lang=lang)


def _moved(row: Mapping[str, Any]) -> int:
    before, after = row["before"] or 0, row["after"] or 0
    return abs(int(before) - int(after))


def _spec(title: str, notes: Sequence[str], rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    kinds = {
        "up": Words("rises", "上升").text(lang),
        "down": Words("falls", "下降").text(lang),
        "none": Words("gains or loses a rank", "进入或退出排名").text(lang),
    }
    places = sorted({row[side] for row in rows for side in ("before", "after")} - {None})
    row_of = {**{rank: at for at, rank in enumerate(places)}, None: len(places)}
    sides = [side.text(lang) for side in _SIDES]
    lines, words = [], []
    beside: list[dict[int, list[str]]] = [{}, {}]
    for row in rows:
        before, after = row["before"], row["after"]
        kind = kinds["none" if before is None or after is None else "up" if after < before else "down"]
        for at, rank in enumerate((before, after)):
            lines.append({"subject": row["subject"], "side": sides[at], "place": row_of[rank], "kind": kind})
            beside[at].setdefault(row_of[rank], []).append(str(row["subject"]))
    for at, held in enumerate(beside):
        for place, subjects in sorted(held.items()):
            kept, left = cut(subjects, 4)
            listed = Words(", ", "、").text(lang).join([*kept, *([rest(len(left), lang)] if left else [])])
            rank = _UNRANKED.text(lang) if place == len(places) else Words(f"{places[place]}.", f"第 {places[place]} 名").text(lang)
            words.append({"side": sides[at], "at": at, "place": place, "said": f"{listed}  {rank}" if at == 0 else f"{rank}  {listed}"})
    deepest = len(places) if any(None in (row["before"], row["after"]) for row in rows) else len(places) - 1
    x = {
        "field": "side",
        "type": "nominal",
        "sort": None,
        "title": None,
        "scale": {"domain": sides},
        "axis": {"orient": "top", "labelAngle": 0, "ticks": False, "domain": False, "labelFontWeight": 600},
    }
    y = {"field": "place", "type": "quantitative", "axis": None, "scale": {"domain": [deepest + 0.4, -0.4], "nice": False, "zero": False}}
    domain = [kind for kind in kinds.values() if any(line["kind"] == kind for line in lines)]
    looks = dict(zip(kinds.values(), ((LESS, [1, 0]), (MORE, [7, 3]), (BEFORE, [2, 3])), strict=True))

    def by_kind(range_: list[Any]) -> dict[str, Any]:
        legend = {"orient": "bottom", "symbolType": "stroke", "symbolStrokeWidth": 2.5, "symbolSize": 500}
        return {"field": "kind", "type": "nominal", "title": None, "scale": {"domain": domain, "range": range_}, "legend": legend}

    encoding = {
        "x": x,
        "y": y,
        "detail": {"field": "subject"},
        "color": by_kind([looks[kind][0] for kind in domain]),
        "strokeDash": by_kind([looks[kind][1] for kind in domain]),
    }
    layers: list[dict[str, Any]] = [
        {"data": {"values": lines}, "mark": {"type": "line", "strokeWidth": 2.5}, "encoding": encoding},
        {
            "data": {"values": lines},
            "mark": {"type": "point", "filled": True, "size": 45, "opacity": 1, "color": SOFT},
            "encoding": {"x": x, "y": y},
        },
        *(
            {
                "data": {"values": [word for word in words if word["at"] == at]},
                "mark": {"type": "text", "align": align, "dx": dx},
                "encoding": {"x": x, "y": y, "text": {"field": "said"}},
            }
            for at, align, dx in ((0, "right", -10), (1, "left", 10))
        ),
    ]
    return spec(title, notes, width={"step": 230}, height=max(90, 26 * (deepest + 1)), layer=layers)
