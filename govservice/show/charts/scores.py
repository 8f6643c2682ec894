"""Scores before and after: a point where the score is settled, a bar from low to high where it is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from govservice.doors import LANGUAGE, TEXT, takes
from govservice.errors import DecisionError, Lang, Words, did_you_mean
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import AFTER, BEFORE, LINE, NOTHING_CHANGES, SOFT, cut, nothing, rest, spec

__all__ = ["scores"]

_TITLE: Final = Words("Scores before and after", "改前与改后得分")
_HEADS: Final = {
    "subject": Words("subject", "对象"),
    "period": Words("period", "期间"),
    "before": Words("before", "改前（分）"),
    "low_before": Words("lowest before", "改前最低"),
    "high_before": Words("highest before", "改前最高"),
    "after": Words("after", "改后（分）"),
    "low_after": Words("lowest after", "改后最低"),
    "high_after": Words("highest after", "改后最高"),
}
MOST: Final = 20  # scorecards


@takes(DecisionError, scheme=TEXT, lang=LANGUAGE)
def scores(done: Any, scheme: str, *, lang: Lang = "zh") -> Chart:
    """The scorecards of one scheme that come to something else: before as a circle, after as a square.

    A score that is open is a bar from the lowest to the highest that it may be, with its two numbers; one that has no bound is said to
    be open and not drawn. The largest changes first; of more than twenty the others are in the table alone. Raises DecisionError for a
    scheme that was not scored.

    >>> from govservice import load_rulebook, what_if
    >>> from govservice.sample import centre_year
    >>> book = load_rulebook("kunshan")
    >>> dearer = book.amend({"schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays"})
    >>> chart = scores(what_if(book, dearer, centre_year(cases=60), period="2025-01"), "window_month", lang="en")
    >>> list(chart.columns)[:3]
    ['subject', 'period', 'before']
    """
    if scheme not in done.all_scores:
        raise DecisionError(
            Words(f"no scheme {scheme!r} was scored", f"没有按“{scheme}”计分"), hint=did_you_mean(scheme, done.all_scores), id=scheme
        )
    changes = sorted(
        (change for change in done.score_changes if change.scheme == scheme),
        key=lambda change: (-_change(change), change.subject, change.period),
    )
    rows: tuple[Row, ...] = tuple(
        {"subject": change.subject, "period": change.period, **{name: _number(getattr(change, name)) for name in tuple(_HEADS)[2:]}}
        for change in changes
    )
    called = done.labels.get(scheme, scheme) if lang == "zh" else scheme
    title = Words(f"{_TITLE.en}: {called}", f"{_TITLE.zh}：{called}").text(lang)
    columns = {name: words.text(lang) for name, words in _HEADS.items()}
    name = f"scores.{scheme}"
    if not rows:
        return Chart(name, title, columns, rows, nothing(title, NOTHING_CHANGES.text(lang)), lang=lang)
    drawn, left = cut(rows, MOST)
    notes = (
        (Words(f"{rest(len(left), lang)} with smaller changes are in the table", f"{rest(len(left), lang)}变动较小，见表").text(lang),)
        if left
        else ()
    )
    said = Words("an open score is a bar from the lowest to the highest", "未定的分数画成由最低到最高的条").text(lang)
    return Chart(name, title, columns, rows, _spec(title, (said, *notes), drawn, lang), notes=notes, lang=lang)


def _spec(title: str, notes: Sequence[str], rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    which = {"before": _HEADS["before"].text(lang).partition("（")[0], "after": _HEADS["after"].text(lang).partition("（")[0]}
    values = []
    for row in rows:
        for side, said in which.items():
            low, high = row[f"low_{side}"], row[f"high_{side}"]
            total = row[side]
            bounded = low is not None and high is not None
            values.append(
                {
                    "name": f"{row['subject']}  {row['period']}",
                    "which": said,
                    "low": low if bounded else total,
                    "high": high if bounded else total,
                    "total": total,
                    "open": total is None and bounded,
                    "said": _said(total, low, high, lang),
                }
            )
    ends = [value[end] for value in values for end in ("low", "high") if value[end] is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = (high - low) * 0.02 or 0.5
    scale = {"domain": [low - room, high + room], "nice": False, "zero": False}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    x = {"type": "quantitative", "scale": scale, "title": Words("points", "得分（分）").text(lang), "axis": {"tickCount": 6}}
    colour = {
        "field": "which",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(which.values()), "range": [BEFORE, AFTER]},
        "legend": {"orient": "top", "symbolOpacity": 1, "symbolSize": 90},
    }
    shape = {**colour, "scale": {"domain": list(which.values()), "range": ["circle", "square"]}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [values[at * 2] for at in range(len(rows))]},
            "mark": {"type": "rule", "color": LINE, "strokeDash": [2, 3], "yOffset": 15},
            "encoding": {"y": y, "x": {**x, "datum": low - room}, "x2": {"datum": high + room}},
        },
    ]
    for side, offset in ((which["before"], -6), (which["after"], 6)):
        own = [{"filter": f"datum.which == '{side}'"}]
        layers += [
            {
                "transform": [*own, {"filter": "datum.open"}],
                "mark": {"type": "bar", "height": 7, "yOffset": offset, "opacity": 0.5},
                "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            *(
                {
                    "transform": [*own, {"filter": "datum.open"}],
                    "mark": {"type": "tick", "thickness": 2, "size": 11, "yOffset": offset},
                    "encoding": {"y": y, "x": {**x, "field": end}, "color": colour},
                }
                for end in ("low", "high")
            ),
            {
                "transform": [*own, {"filter": "datum.total !== null"}],
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1, "yOffset": offset},
                "encoding": {"y": y, "x": {**x, "field": "total"}, "color": colour, "shape": shape},
            },
            {
                "transform": own,
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": SOFT, "yOffset": offset},
                "encoding": {"y": y, "x": {"value": 430}, "text": {"field": "said"}},
            },
        ]
    return spec(title, notes, width=430, height={"step": 32}, data={"values": values}, layer=layers)


def _said(total: float | None, low: float | None, high: float | None, lang: Lang) -> str:
    if total is not None:
        return _plain(total)
    if low is None and high is None:
        return Words("open", "未定").text(lang)
    ends = ["…" if end is None else _plain(end) for end in (low, high)]
    return Words(f"open: {ends[0]} to {ends[1]}", f"未定：{ends[0]} 至 {ends[1]}").text(lang)


def _plain(number: float) -> str:
    text = f"{number:.2f}"
    return text.rstrip("0").rstrip(".")


def _number(points: Any) -> float | int | None:
    return None if points is None else points if isinstance(points, int) else float(Fraction(points))


def _middle(total: Any, low: Any, high: Any) -> Fraction:
    if total is not None:
        return Fraction(total)
    return (Fraction(low) + Fraction(high)) / 2 if low is not None and high is not None else Fraction(0)


def _change(change: Any) -> Fraction:
    """How far the score moves, an open one by its middle."""
    return abs(_middle(change.after, change.low_after, change.high_after) - _middle(change.before, change.low_before, change.high_before))
