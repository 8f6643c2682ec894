"""Which department is late how often: as it stands, and what another rulebook changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.reading.frames import no_rows, rows_of
from govservice.show.charts import naming
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import BEFORE, INK, LESS, LINE, MORE, NOTHING_CHANGES, cut, nothing, rest, signed, signed_axis, spec

__all__ = ["overdue", "overdue_change"]

_TITLE: Final = Words("Overdue cases by department", "各部门超期件")
_CHANGE: Final = Words("Cases that become overdue or no longer are, by department", "各部门超期件的增减")
_DEPARTMENT: Final = Words("department", "部门")
_HEADS: Final = {"overdue": Words("overdue", "超期（件）"), "others": Words("in time", "未超期（件）"), "open": Words("open", "未定（件）")}
_CHANGES: Final = {"more": Words("become overdue", "新增超期"), "less": Words("no longer overdue", "不再超期")}
_CASES: Final = Words("cases", "件数（件）")
_SIDES: Final = Words("cases (right: become overdue, left: no longer)", "件数（右：新增超期；左：不再超期）")
MOST: Final = 20  # departments


@takes(DecisionError, lang=LANGUAGE)
def overdue(cases: Any, *, lang: Lang = "zh") -> Chart:
    """How many cases of each department are overdue, in time, or open.

    `cases` are the cases of a run (`run(..).cases`), or any rows with `department` and `late` (None: open), in a list or a frame.
    Departments with the most overdue cases first; of more than twenty the others are drawn as one. Raises RecordError.

    >>> chart = overdue([{"department": "建设", "late": True}, {"department": "建设", "late": None}])
    >>> [dict(row) for row in chart.table]
    [{'department': '建设', 'overdue': 1, 'others': 0, 'open': 1}]
    """
    counts: dict[str, Counter[str]] = {}
    for department, late in _standing(cases):
        counts.setdefault(naming.unit_name(department, lang), Counter())["open" if late is None else "overdue" if late else "others"] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1]["overdue"], -pair[1].total(), pair[0]))
    title, columns = _TITLE.text(lang), {"department": _DEPARTMENT.text(lang), **{name: words.text(lang) for name, words in _HEADS.items()}}
    table: tuple[Row, ...] = tuple({"department": name, **{kind: count[kind] for kind in _HEADS}} for name, count in ordered)
    if not table:
        return Chart("overdue", title, columns, table, nothing(title, Words("No cases.", "没有办件。").text(lang)), lang=lang)
    overdue_cases, total = sum(count["overdue"] for count in counts.values()), sum(count.total() for count in counts.values())
    said = Words(
        f"{overdue_cases:,} of {total:,} cases are overdue ({overdue_cases / total:.1%})",
        f"共 {total:,} 件，超期 {overdue_cases:,} 件（{overdue_cases / total:.1%}）",
    ).text(lang)
    drawn, notes = _gathered(table, tuple(_HEADS), lang)
    looks = {"overdue": MORE, "others": LINE, "open": BEFORE}
    names = {kind: words.text(lang).partition("（")[0] for kind, words in _HEADS.items()}
    values = [
        {
            "department": row["department"],
            "kind": names[kind],
            "order": at,
            "count": row[kind],
            "said": f"{row['overdue']:,}" if at == 0 else "",
        }
        for row in drawn
        for at, kind in enumerate(looks)
    ]
    colour = {
        "field": "kind",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(names.values()), "range": list(looks.values())},
        "legend": {"orient": "top"},
    }
    y = {"field": "department", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    x = {"field": "count", "type": "quantitative", "title": _CASES.text(lang), "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 6}}
    bars = {
        "mark": {"type": "bar", "height": 16, "stroke": "#ffffff"},
        "encoding": {"x": x, "y": y, "color": colour, "order": {"field": "order"}},
    }
    figures = {
        "transform": [{"filter": "datum.order == 0 && datum.count > 0"}],
        "mark": {"type": "text", "align": "left", "dx": 4, "fontWeight": 600},
        "encoding": {"x": {**x, "stack": None}, "y": y, "text": {"field": "said"}},
    }
    made = spec(title, (said, *notes), width=480, height={"step": 26}, data={"values": values}, layer=[bars, figures])
    return Chart("overdue", title, columns, table, made, notes=tuple(notes), lang=lang)


@takes(DecisionError, lang=LANGUAGE)
def overdue_change(done: Any, *, lang: Lang = "zh") -> Chart:
    """How many cases of each department become overdue under the second rulebook of a comparison, and how many no longer are.

    A case counts once for each of its clocks that changes so. Bars to the right are more, to the left less, each with its number.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> overdue_change(what_if(book, book, {"cases": []})).title
    '各部门超期件的增减'
    """
    counts: dict[str, Counter[str]] = {}
    for shift in done.shifts:
        before, after = shift.late_before is True, shift.late_after is True
        if before != after:
            counts.setdefault(naming.unit_name(shift.department, lang), Counter())["more" if after else "less"] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    title = _CHANGE.text(lang)
    columns = {"department": _DEPARTMENT.text(lang), **{name: words.text(lang) for name, words in _CHANGES.items()}}
    table: tuple[Row, ...] = tuple({"department": name, **{kind: count[kind] for kind in _CHANGES}} for name, count in ordered)
    if not table:
        return Chart("overdue", title, columns, table, nothing(title, NOTHING_CHANGES.text(lang)), lang=lang)
    more, less = (sum(count[kind] for count in counts.values()) for kind in _CHANGES)
    said = Words(f"{more:,} become overdue, {less:,} no longer are", f"新增超期 {more:,} 件，不再超期 {less:,} 件").text(lang)
    drawn, notes = _gathered(table, tuple(_CHANGES), lang)
    values = [
        {"department": row["department"], "count": sign * row[kind], "said": signed(sign * row[kind]), "fill": fill}
        for row in drawn
        for kind, sign, fill in (("more", 1, MORE), ("less", -1, LESS))
        if row[kind]
    ]
    most = max(abs(value["count"]) for value in values)
    low = -most * 1.18 if less else 0
    x = {
        "field": "count",
        "type": "quantitative",
        "title": _SIDES.text(lang),
        "scale": {"domain": [low, most * 1.18 if more else 0], "nice": False},
        "axis": signed_axis(tickCount=6),
    }
    y = {"field": "department", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "height": 16}, "encoding": {"x": x, "y": y, "fill": {"field": "fill", "type": "nominal", "scale": None}}},
        *(
            {
                "transform": [{"filter": f"datum.count {side} 0"}],
                "mark": {"type": "text", "align": align, "dx": dx},
                "encoding": {"x": x, "y": y, "text": {"field": "said"}},
            }
            for side, align, dx in ((">", "left", 4), ("<", "right", -4))
        ),
        {"data": {"values": [{"count": 0}]}, "mark": {"type": "rule", "color": INK}, "encoding": {"x": x}},
    ]
    made = spec(title, (said, *notes), width=480, height={"step": 26}, data={"values": values}, layer=layers)
    return Chart("overdue", title, columns, table, made, notes=tuple(notes), lang=lang)


def _gathered(rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], lang: Lang) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The first departments, and the others as one."""
    drawn, left = cut(rows, MOST)
    if not left:
        return list(drawn), []
    others = rest(len(left), lang, Words("other departments", "个部门"))
    return [*drawn, {"department": others, **{kind: sum(row[kind] for row in left) for kind in kinds}}], [
        Words(f"{others} drawn as one", f"{others}合画为一").text(lang)
    ]


def _standing(cases: Any) -> Iterable[tuple[object, bool | None]]:
    rows = rows_of(cases)
    if rows is None:
        raise no_rows("cases", cases)
    for row in rows:
        if isinstance(row, Mapping):
            yield row.get("department"), row.get("late")
        else:
            yield row.department, None if row.due is None else row.due.late
