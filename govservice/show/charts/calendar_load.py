"""How much is due on which day: a calendar of squares, a year a band."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.reading import as_day
from govservice.reading.frames import no_rows, rows_of
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import LESS, MORE, NOTHING_CHANGES, SOFT, WASH, cut, nothing, rest, signed, spec
from govservice.show.grid import MONTHS, WEEKDAYS

__all__ = ["due_load", "due_load_change"]

_TITLE: Final = Words("Due days by the calendar", "到期量日历")
_CHANGE: Final = Words("How the load of due days changes", "到期量的增减日历")
_DAY: Final = Words("day", "日期")
_COUNT: Final = Words("due (cases)", "到期（件）")
_NET: Final = Words("change (cases)", "增减（件）")
YEARS: Final = 6
_BLUES: Final = ("#cfe3f2", "#92c1e0", "#4f97c9", "#1f6aa5", "#0a3a66")
_SIDE: Final = 15  # of a day's square


@takes(DecisionError, lang=LANGUAGE)
def due_load(rows: Any, *, due: str = "due_on", lang: Lang = "zh") -> Chart:
    """How many are due on each day: the darker a square, the more.

    `rows` are days, the cases of a run, or rows (a list or a frame) with the day in the column `due`; what has no day is counted in the
    notes. A year is a band, Monday at the top; of more than six years the later ones are in the table alone. Raises RecordError.

    >>> chart = due_load([{"due_on": "2026-03-02"}, {"due_on": None}], lang="en")
    >>> [dict(row) for row in chart.table], chart.notes
    ([{'day': '2026-03-02', 'count': 1}], ('1 without a due day',))
    """
    counts: Counter[date] = Counter()
    without = 0
    for day in _days(rows, due):
        if day is None:
            without += 1
        else:
            counts[day] += 1
    title, columns = _TITLE.text(lang), {"day": _DAY.text(lang), "count": _COUNT.text(lang)}
    table: tuple[Row, ...] = tuple({"day": day.isoformat(), "count": count} for day, count in sorted(counts.items()))
    notes = [Words(f"{without:,} without a due day", f"另有 {without:,} 件没有到期日").text(lang)] if without else []
    if not counts:
        return Chart(
            "due_load",
            title,
            columns,
            table,
            nothing(title, Words("No due days.", "没有到期日。").text(lang)),
            notes=tuple(notes),
            lang=lang,
        )
    busiest, most = max(counts.items(), key=lambda pair: (pair[1], -pair[0].toordinal()))
    said = Words(
        f"{counts.total():,} due; the most, {most:,}, on {busiest}", f"共 {counts.total():,} 件；最多的一天是 {busiest}，{most:,} 件"
    ).text(lang)
    steps = _steps(most, len(_BLUES))
    names = [_between(low, high) for low, high in steps]
    squares = {day: {"kind": names[next(at for at, (_, high) in enumerate(steps) if count <= high)]} for day, count in counts.items()}
    colour = {
        "field": "kind",
        "type": "ordinal",
        "title": _COUNT.text(lang),
        "scale": {"domain": names, "range": list(_BLUES[-len(names) :])},
        "sort": None,
        "legend": {"orient": "bottom", "symbolType": "square", "symbolSize": 150, "columns": len(names)},
    }
    filled = {"mark": {"type": "rect", "width": _SIDE - 2, "height": _SIDE - 2}, "encoding": {"fill": colour}}
    bands, left = _bands(squares, [filled], lang)
    made = spec(title, (said, *notes, *left), vconcat=bands, spacing=14)
    return Chart("due_load", title, columns, table, made, notes=(*notes, *left), lang=lang)


@takes(DecisionError, lang=LANGUAGE)
def due_load_change(done: Any, *, lang: Lang = "zh") -> Chart:
    """By how many the due days of a comparison become more or fewer on each day.

    More is a triangle that points up, fewer one that points down; the larger, the more. Days on which as many leave as arrive are empty.

    >>> from govservice import load_rulebook, what_if
    >>> book = load_rulebook("kunshan")
    >>> due_load_change(what_if(book, book, {"cases": []})).table
    ()
    """
    counts: Counter[date] = Counter()
    for shift in done.shifts:
        for when, change in ((shift.before, -1), (shift.after, 1)):
            if when is not None:
                counts[_plain(when)] += change
    changed = {day: count for day, count in sorted(counts.items()) if count}
    title, columns = _CHANGE.text(lang), {"day": _DAY.text(lang), "count": _NET.text(lang)}
    table: tuple[Row, ...] = tuple({"day": day.isoformat(), "count": count} for day, count in changed.items())
    if not changed:
        return Chart("due_load", title, columns, table, nothing(title, NOTHING_CHANGES.text(lang)), lang=lang)
    most = max(map(abs, changed.values()))
    classes = _steps(most, 3)
    sides = [Words("more", "增加").text(lang), Words("fewer", "减少").text(lang)]
    squares = {
        day: {"kind": sides[count < 0], "level": next(at for at, (_, high) in enumerate(classes) if abs(count) <= high)}
        for day, count in changed.items()
    }
    named = "".join(f"datum.value === {at} ? '{_between(*step)}' : " for at, step in enumerate(classes)) + "''"
    legend = {"orient": "bottom", "symbolStrokeWidth": 0}
    kind = {"field": "kind", "type": "nominal", "title": None}
    encoding = {
        "shape": {**kind, "scale": {"domain": sides, "range": ["triangle-up", "triangle-down"]}, "legend": {**legend, "symbolSize": 90}},
        "fill": {**kind, "scale": {"domain": sides, "range": [MORE, LESS]}, "legend": {**legend, "symbolSize": 90}},
        "size": {
            "field": "level",
            "type": "quantitative",
            "title": _NET.text(lang),
            "scale": {"domain": [0, max(1, len(classes) - 1)], "range": [18, 130], "zero": False},
            "legend": {
                **legend,
                "values": list(range(len(classes))),
                "labelExpr": named,
                "symbolType": "triangle-up",
                "symbolFillColor": SOFT,
            },
        },
    }
    bands, left = _bands(squares, [{"mark": {"type": "point", "filled": True, "opacity": 1}, "encoding": encoding}], lang)
    said = _most_changed(changed).text(lang)
    made = spec(title, (said, *left), vconcat=bands, spacing=14)
    return Chart("due_load", title, columns, table, made, notes=tuple(left), lang=lang)


def _most_changed(changed: Mapping[date, int]) -> Words:
    """On which days the most are added and taken away, the first of several; that there are none of one kind."""
    up, down = max(changed.items(), key=lambda pair: pair[1]), min(changed.items(), key=lambda pair: pair[1])
    more = Words(f"the most more on {up[0]} ({signed(up[1])})", f"增加最多的一天是 {up[0]}（{signed(up[1])} 件）")
    fewer = Words(f"the most fewer on {down[0]} ({signed(down[1])})", f"减少最多的一天是 {down[0]}（{signed(down[1])} 件）")
    if up[1] < 0:
        more = Words("no day has more", "没有一天增加")
    if down[1] > 0:
        fewer = Words("no day has fewer", "没有一天减少")
    return Words(f"{more.en}, {fewer.en}", f"{more.zh}，{fewer.zh}")


def _bands(
    squares: Mapping[date, Mapping[str, object]], marks: Sequence[Mapping[str, Any]], lang: Lang
) -> tuple[list[dict[str, Any]], list[str]]:
    """One band a year: every day as a pale square, and what the marks make of the days that have a kind."""
    years = range(min(squares).year, max(squares).year + 1)
    drawn, left = cut([year for year in years if any(day.year == year for day in squares)], YEARS)
    notes = (
        [
            Words(
                f"{rest(len(left), lang, Words('more years', '年'))} are in the table", f"{rest(len(left), lang, Words('', '年'))}见表"
            ).text(lang)
        ]
        if left
        else []
    )
    return [_band(year, squares, marks, lang) for year in drawn], notes


def _band(year: int, squares: Mapping[date, Mapping[str, object]], marks: Sequence[Mapping[str, Any]], lang: Lang) -> dict[str, Any]:
    first = date(year, 1, 1)
    days = [first + timedelta(days=at) for at in range((date(year + 1, 1, 1) - first).days)]
    places = {day: {"week": (day.timetuple().tm_yday - 1 + first.weekday()) // 7, "weekday": WEEKDAYS[lang][day.weekday()]} for day in days}
    x: dict[str, Any] = {"field": "week", "type": "ordinal", "axis": None, "scale": {"domain": list(range(54))}}
    y = {
        "field": "weekday",
        "type": "ordinal",
        "sort": None,
        "title": None,
        "scale": {"domain": list(WEEKDAYS[lang])},
        "axis": {"ticks": False, "domain": False, "labelFontSize": 10, "labelColor": SOFT},
    }
    months = [{**places[date(year, month, 1)], "said": MONTHS[month - 1][:3] if lang == "en" else f"{month}月"} for month in range(1, 13)]
    layers = [
        {
            "data": {"values": list(places.values())},
            "mark": {"type": "rect", "fill": WASH, "width": _SIDE - 2, "height": _SIDE - 2},
            "encoding": {"x": x, "y": y},
        },
        *(
            {
                "data": {"values": [{**places[day], **kind} for day, kind in squares.items() if day.year == year]},
                "mark": mark["mark"],
                "encoding": {"x": x, "y": y, **mark["encoding"]},
            }
            for mark in marks
        ),
        {
            "data": {"values": months},
            "mark": {"type": "text", "align": "left", "fontSize": 11, "color": SOFT, "dx": -_SIDE / 2},
            "encoding": {"x": x, "y": {"value": -7}, "text": {"field": "said"}},
        },
    ]
    title = {"text": f"{year}" if lang == "en" else f"{year} 年", "fontSize": 13, "offset": 8}
    return {"title": title, "width": 54 * _SIDE, "height": 7 * _SIDE, "layer": layers}


def _days(rows: Any, due: str) -> Iterator[date | None]:
    given = rows_of(rows)
    if given is None:
        raise no_rows("rows", rows)
    for row in given:
        day = row if row is None or isinstance(row, date) else row.get(due) if isinstance(row, Mapping) else getattr(row, "due", row)
        day = as_day(getattr(day, "due", day))
        yield None if day is None else _plain(day)


def _plain(when: date) -> date:
    return when.date() if isinstance(when, datetime) else when


def _steps(most: int, classes: int) -> list[tuple[int, int]]:
    """Ranges of whole numbers from 1, as wide as each other, the last of which holds `most`.

    >>> _steps(3, 5), _steps(100, 5)
    ([(1, 1), (2, 2), (3, 3)], [(1, 20), (21, 40), (41, 60), (61, 80), (81, 100)])
    """
    wide = max(1, -(-most // classes))
    digits = 10 ** (len(str(wide)) - 1)
    wide = -(-wide // digits) * digits  # to a round number
    return [(low, low + wide - 1) for low in range(1, most + 1, wide)]


def _between(low: int, high: int) -> str:
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"
