"""By how many days due days move: how often each shift is, and how wide they spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any, Final, Literal

from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.show.charts import naming
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import AFTER, INK, LESS, MORE, NOTHING_CHANGES, SOFT, cut, nothing, rest, signed, signed_axis, spec

__all__ = ["shift_spread", "shifts"]

_TITLE: Final = Words("By how many days due days move", "到期日变动天数")
_SPREAD: Final = Words("How wide the shifts spread", "到期日变动的离散情况")
_AXIS: Final = Words("calendar days (left of 0: earlier, right: later)", "变动天数（自然日；0 的左边为提前，右边为推后）")
_DAYS: Final = Words("shift (calendar days)", "变动天数（自然日）")
_COUNT: Final = Words("due days", "到期日（个）")
MOST: Final = 20  # departments or clocks
BARS: Final = 60
_BY: Final = {"department": Words("department", "部门"), "clock": Words("clock", "时限")}
_FIGURES: Final = {
    "count": Words("due days", "个数"),
    "least": Words("least", "最小"),
    "low": Words("lower quarter", "下四分位"),
    "middle": Words("median", "中位"),
    "high": Words("upper quarter", "上四分位"),
    "most": Words("most", "最大"),
}


@takes(DecisionError, lang=LANGUAGE)
def shifts(done: Any, *, lang: Lang = "zh") -> Chart:
    """How many due days of a comparison move by how many calendar days; earlier ones left of zero, later ones right.

    More than sixty different shifts are drawn in steps of several days; the table has every day. Due days that are there under one
    book only, or open, move by no number of days: the notes count them.

    >>> from govservice import load_rulebook, what_if
    >>> from govservice.sample import centre_year
    >>> book = load_rulebook("kunshan")
    >>> cut_by_a_third = book.amend({"clocks.promised.limit": "promised_limit * 2 / 3"})
    >>> chart = shifts(what_if(book, cut_by_a_third, centre_year(cases=60), period="2025-01"), lang="en")
    >>> max(row["days"] for row in chart.table) < 0
    True
    """
    moved = sorted(shift.days for shift in done.shifts if shift.days)
    counts = Counter(moved)
    title, columns = _TITLE.text(lang), {"days": _DAYS.text(lang), "count": _COUNT.text(lang)}
    table: tuple[Row, ...] = tuple({"days": days, "count": count} for days, count in sorted(counts.items()))
    without = sum(shift.days is None for shift in done.shifts)
    notes = (
        (Words(f"{without:,} more have a due day under one book only", f"另有 {without:,} 个只在一本规则下有到期日或未定").text(lang),)
        if without
        else ()
    )
    if not moved:
        return Chart("shifts", title, columns, table, nothing(title, _none_moves(without, lang)), notes=notes, lang=lang)
    least, low, middle, high, most = map(signed, _spread(moved))
    said = Words(
        f"{len(moved):,} due days move; median {middle} days, the middle half {low} to {high}, all {least} to {most}",
        f"共 {len(moved):,} 个变动；中位 {middle} 天，居中一半在 {low} 至 {high} 天，全部在 {least} 至 {most} 天",
    ).text(lang)
    return Chart("shifts", title, columns, table, _bars(title, (said, *notes), counts, lang), notes=notes, lang=lang)


def _none_moves(without: int, lang: Lang) -> str:
    """What is said where no due day moves by days, though so many may be there under one book only."""
    if not without:
        return NOTHING_CHANGES.text(lang)
    return Words(
        f"No due day moves; {without:,} are there under one book only, or open.",
        f"没有到期日移动；{without:,} 个只在一本规则下有到期日或未定。",
    ).text(lang)


def _bars(title: str, notes: Sequence[str], counts: Mapping[int, int], lang: Lang) -> str:
    low, high = min(*counts, 0), max(*counts, 0)
    step = ceil((high - low + 1) / BARS)
    bins: Counter[int] = Counter()
    for days, count in counts.items():
        first = (
            days if step == 1 else (days // step) * step if days > 0 else -((-days - 1) // step) * step - step
        )  # no bar holds both sides of 0
        bins[first] += count
    values = [
        {
            "from": first - 0.42 if step == 1 else first + 0.06 * step,
            "to": first + 0.42 if step == 1 else first + 0.94 * step,
            "count": count,
            "fill": LESS if first < 0 else MORE,
        }
        for first, count in sorted(bins.items())
    ]
    x = {"field": "from", "type": "quantitative", "title": _AXIS.text(lang), "axis": signed_axis(grid=False)}
    y = {"field": "count", "type": "quantitative", "title": _COUNT.text(lang), "axis": {"format": ",d", "tickMinStep": 1, "tickCount": 5}}
    layers = [
        {
            "data": {"values": values},
            "mark": "rect",
            "encoding": {
                "x": x,
                "x2": {"field": "to"},
                "y": y,
                "y2": {"datum": 0},
                "fill": {"field": "fill", "type": "nominal", "scale": None},
            },
        },
        {"data": {"values": [{"from": 0}]}, "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "encoding": {"x": x}},
    ]
    return spec(title, notes, width=560, height=220, layer=layers)


@takes(DecisionError, lang=LANGUAGE)
def shift_spread(done: Any, *, by: Literal["department", "clock"] = "department", lang: Lang = "zh") -> Chart:
    """How wide the shifts of due days spread in each department, or of each clock: least, quarters, median and most, in calendar days.

    Those with the most shifts first; of more than twenty the others are in the table alone. One shift is a single mark.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> shift_spread(what_if(book, book, {"cases": []}), by="clock").title
    '到期日变动的离散情况（按时限）'
    """
    if by not in _BY:
        raise DecisionError(Words(f'by= takes "department" or "clock", not {by!r}', f"by= 应为“department”或“clock”，不能是 {by!r}"))
    called: Callable[[Any], str] = (
        (lambda shift: naming.unit_name(shift.department, lang))
        if by == "department"
        else (lambda shift: str(done.labels.get(shift.clock, shift.clock)) if lang == "zh" else shift.clock)
    )
    groups: dict[str, list[int]] = {}
    for shift in done.shifts:
        if shift.days:
            groups.setdefault(called(shift), []).append(shift.days)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows: list[Row] = [
        {str(by): name, "count": len(days), **dict(zip(("least", "low", "middle", "high", "most"), _spread(sorted(days)), strict=True))}
        for name, days in ordered
    ]
    title = Words(f"{_SPREAD.en}, by {by}", f"{_SPREAD.zh}（按{_BY[by].zh}）").text(lang)
    columns = {str(by): _BY[by].text(lang), **{name: words.text(lang) for name, words in _FIGURES.items()}}
    if not rows:
        return Chart("shift_spread", title, columns, (), nothing(title, _none_moves(len(done.shifts), lang)), lang=lang)
    drawn, left = cut(rows, MOST)
    notes = (Words(f"{rest(len(left), lang)} are in the table", f"{rest(len(left), lang)}见表").text(lang),) if left else ()
    said = Words("line: least to most; bar: the middle half; stroke: median", "细线：最小至最大；条：居中一半；竖线：中位").text(lang)
    return Chart("shift_spread", title, columns, tuple(rows), _boxes(title, (said, *notes), drawn, by, lang), notes=notes, lang=lang)


def _boxes(title: str, notes: Sequence[str], rows: Sequence[Mapping[str, Any]], by: str, lang: Lang) -> str:
    counted = [{**row, "name": f"{row[by]}（{row['count']:,}）" if lang == "zh" else f"{row[by]} ({row['count']:,})"} for row in rows]
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}

    def x(name: str) -> dict[str, Any]:
        return {"field": name, "type": "quantitative", "title": _AXIS.text(lang), "axis": signed_axis(), "scale": {"nice": True}}

    zero = {"datum": 0, "type": "quantitative"}
    layers = [
        {"mark": {"type": "rule", "color": SOFT}, "encoding": {"y": y, "x": x("least"), "x2": {"field": "most"}}},
        {
            "mark": {"type": "bar", "height": 12, "color": AFTER, "opacity": 0.55},
            "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}},
        },
        {"mark": {"type": "tick", "color": INK, "thickness": 3, "size": 18, "opacity": 1}, "encoding": {"y": y, "x": x("middle")}},
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "encoding": {"x": zero}},
    ]
    return spec(title, notes, width=480, height={"step": 28}, data={"values": counted}, layer=layers)


def _spread(days: Sequence[int]) -> tuple[int, int, int, int, int]:
    """Least, lower quarter, median, upper quarter and most of sorted numbers, each one of them.

    >>> _spread([1, 2, 3, 4]), _spread([7])
    ((1, 1, 2, 3, 4), (7, 7, 7, 7, 7))
    """
    least, low, middle, high, most = (days[max(ceil(len(days) * quarter / 4) - 1, 0)] for quarter in range(5))
    return least, low, middle, high, most
