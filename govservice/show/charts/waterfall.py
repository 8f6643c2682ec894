"""One scorecard, step by step: what each part starts from, what each item adds or takes, and what that comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from json import dumps
from typing import Any, Final, NamedTuple

from govservice.assessment.scorecard import Line, PartScore, Scorecard
from govservice.doors import LANGUAGE, takes
from govservice.errors import DecisionError, Lang, Words
from govservice.show import scorecard as text
from govservice.show.charts.chart import Chart, Row
from govservice.show.charts.look import BEFORE, INK, LESS, LINE, MORE, cut, rest, signed, spec

__all__ = ["waterfall"]

_TITLE: Final = Words("How the score comes about", "得分构成")
_HEADS: Final = {
    "step": Words("step", "步骤"),
    "points": Words("points", "分值"),
    "low": Words("lowest", "最低"),
    "high": Words("highest", "最高"),
    "total_low": Words("together, lowest", "累计最低"),
    "total_high": Words("together, highest", "累计最高"),
}
MOST: Final = 24  # steps


class _Step(NamedTuple):
    name: str
    low: Fraction
    high: Fraction
    base: bool = False  # what a part starts from, no gain


@takes(DecisionError, lang=LANGUAGE)
def waterfall(card: Scorecard, *, lang: Lang = "zh") -> Chart:
    """A scorecard as a waterfall: each part's start, each item's points, what a bound takes away, and the total.

    The lines of one item are one step. An open step is drawn from the lowest to the highest that it may be, and so is a total that is
    open; an item without a bound is not drawn, and the notes say so. Of more than twenty-four steps the smallest are drawn as one.

    >>> from govservice import load_rulebook, score
    >>> case = {"case": "C1", "window": "W1", "received_on": "2026-03-02", "accepted_on": "2026-03-02", "promised_limit": "5个工作日"}
    >>> card, = score(load_rulebook("kunshan"), "window_month", {"cases": [case]}, period="2026-03", now="2026-03-31")
    >>> chart = waterfall(card, lang="en")
    >>> list(chart.table[-1])
    ['step', 'points', 'low', 'high', 'total_low', 'total_high']
    """
    steps, unbounded = _steps(card, lang)
    title = f"{_TITLE.text(lang)}{'：' if lang == 'zh' else ': '}{text.heading(card, lang)}"
    notes = (
        [Words(f"open without a bound, not drawn: {', '.join(unbounded)}", f"未定且无上下限，未画：{'、'.join(unbounded)}").text(lang)]
        if unbounded
        else []
    )
    sums: list[tuple[Fraction, Fraction]] = []
    low = high = Fraction(0)
    for step in steps:
        low, high = low + step.low, high + step.high
        sums.append((low, high))
    whole = Words("total", "总分").text(lang)
    rows = [_row(step.name, step.low, step.high, total) for step, total in zip(steps, sums, strict=True)]
    least, most = (None if end is None else Fraction(end) for end in (card.low, card.high))
    rows.append(_row(whole, least, most, (None, None)))
    columns = {name: words.text(lang) for name, words in _HEADS.items()}
    drawn, note = _gathered(steps, lang)
    notes += [note] if note else []
    said = f"{whole}{'：' if lang == 'zh' else ': '}{text.total(card, lang)}"
    return Chart("waterfall", title, columns, tuple(rows), _spec(title, (said, *notes), drawn, card, lang), notes=tuple(notes), lang=lang)


def _row(name: str, low: Fraction | None, high: Fraction | None, total: tuple[Fraction | None, Fraction | None]) -> Row:
    ends = [_number(end) for end in (low, high, *total)]
    return dict(zip(_HEADS, (name, ends[0] if low == high else None, *ends), strict=True))


def _number(value: Fraction | None) -> float | int | None:
    return None if value is None else int(value) if value.denominator == 1 else float(value)


def _steps(card: Scorecard, lang: Lang) -> tuple[list[_Step], list[str]]:
    """What the parts start from together, then what each item adds or takes, in the card's order; and the items that cannot be drawn."""
    steps: list[_Step] = []
    starts: list[Fraction] = []
    unbounded: list[str] = []
    for path, part in card.parts.items():
        start, own = _part(card, path, part, unbounded, lang)
        steps += own
        starts += [start] if start else []
    steps += _items(card, None, unbounded, lang)
    if starts:
        name = Words("what the parts start from", "各部分起点") if len(starts) > 1 else Words("start", "起点")
        steps.insert(0, _Step(name.text(lang), sum(starts, Fraction(0)), sum(starts, Fraction(0)), base=True))
    if not unbounded and card.low is not None and card.high is not None:
        low, high = (Fraction(end) - sum(getattr(step, side) for step in steps) for end, side in ((card.low, "low"), (card.high, "high")))
        if (low or high) and low <= high:
            steps.append(_Step(Words("formula of the total, bounds, rounding", "总分算式、限幅与取整").text(lang), low, high))
    return steps, unbounded


def _part(card: Scorecard, path: str, part: PartScore, unbounded: list[str], lang: Lang) -> tuple[Fraction, list[_Step]]:
    """What a part starts from, its items, and what holding it to its bounds takes; one that is open and may be held is one step."""
    already = len(unbounded)
    items = list(_items(card, path, unbounded, lang))
    within = [one for id, one in card.parts.items() if id.rpartition(".")[0] == path]
    if len(unbounded) > already or part.low is None or part.high is None or any(one.low is None or one.high is None for one in within):
        return Fraction(0), items
    low = sum((step.low for step in items), Fraction(0)) + sum(Fraction(one.low) for one in within if one.low is not None)
    high = sum((step.high for step in items), Fraction(0)) + sum(Fraction(one.high) for one in within if one.high is not None)
    name = text.called(part)
    if part.earned is not None and low == high:
        bound = Fraction(part.low) - Fraction(part.earned)
        held = _Step(Words(f"{name}: held to its bounds", f"{name}：限幅").text(lang), bound, bound)
        return Fraction(part.earned) - low, [*items, *([held] if bound else [])]
    if Fraction(part.low) - low == Fraction(part.high) - high:
        return Fraction(part.low) - low, items
    if within:
        return Fraction(0), items
    return Fraction(0), [_Step(Words(f"{name}, all of it", f"{name}（合计）").text(lang), Fraction(part.low), Fraction(part.high))]


def _items(card: Scorecard, path: str | None, unbounded: list[str], lang: Lang) -> Iterable[_Step]:
    groups: dict[str, list[Line]] = {}
    for line in card.lines:
        if line.part == path:
            groups.setdefault(text.item_name(card, line, lang), []).append(line)
    for name, lines in groups.items():
        if any(line.low is None or line.high is None for line in lines if line.points is None):
            unbounded.append(name)
            continue
        low = sum((Fraction(line.low if line.points is None else line.points) for line in lines), Fraction(0))  # type: ignore[arg-type]
        high = sum((Fraction(line.high if line.points is None else line.points) for line in lines), Fraction(0))  # type: ignore[arg-type]
        if low or high:
            yield _Step(f"{name} ×{len(lines)}" if len(lines) > 1 else name, low, high)


def _gathered(steps: Sequence[_Step], lang: Lang) -> tuple[list[_Step], str]:
    kept, left = cut(sorted(steps, key=lambda step: -max(abs(step.low), abs(step.high))), MOST)
    if not left:
        return list(steps), ""
    others = rest(len(left), lang, Words("smaller steps", "项较小的"))
    order = [step for step in steps if step in kept]
    sums = sum((step.low for step in left), Fraction(0)), sum((step.high for step in left), Fraction(0))
    return [*order, _Step(others, *sums)], Words(f"{others} drawn as one", f"{others}合画为一").text(lang)


def _spec(title: str, notes: Sequence[str], steps: Sequence[_Step], card: Scorecard, lang: Lang) -> str:
    values: list[dict[str, Any]] = []
    low = high = Fraction(0)
    for at, step in enumerate(steps):
        before, low, high = low, low + step.low, high + step.high
        worth = (
            signed(_plain(step.low))
            if step.low == step.high
            else f"{signed(_plain(step.low))} {Words('to', '至').text(lang)} {signed(_plain(step.high))}"
        )
        worth = worth.removeprefix("+") if step.base else worth
        fill = BEFORE if step.base else LESS if step.low + step.high >= 0 else MORE
        values.append(
            {"at": at, "name": step.name, "from": float(before), "to": float(low), "end": float(high), "said": worth, "fill": fill}
        )
    whole = Words("total", "总分").text(lang)
    ends = [value[name] for value in values for name in ("from", "to", "end")] or [0.0]
    if card.low is not None and card.high is not None:
        ends += [float(card.low), float(card.high)]
    least, most = min(ends), max(ends)
    settled = [value for value in values if value["from"] or len(values) == 1]
    inner = min((min(value["from"], value["to"]) for value in settled), default=least)
    floor = inner - (most - inner) * 0.25 if inner > most * 0.5 and least >= 0 else least
    if floor > 0:
        notes = [*notes, Words(f"the axis begins at {floor:.0f}, not at 0", f"横轴自 {floor:.0f} 起，不从 0 起").text(lang)]
        floor = float(round(floor))
    for value in values:
        value["from"] = max(value["from"], floor)
    total = text.span(card.total, card.low, card.high, lang)
    if card.low is not None and card.high is not None:
        begins = max(floor, 0.0) if least >= 0 else 0.0
        drawn = {"from": begins, "to": float(card.low), "end": float(card.high)}
    else:
        drawn = {"from": None, "to": None, "end": None}
    values.append({"at": len(values), "name": whole, **drawn, "said": total, "fill": INK})
    names = dumps([value["name"] for value in values])  # an expression of Vega's takes texts as JSON writes them
    room = (most - floor) * 0.03 or 1.0
    y = {
        "field": "at",
        "type": "ordinal",
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelExpr": f"{names}[datum.value]", "labelLimit": 300},
    }
    scale = {"domain": [floor, most + room], "nice": False, "zero": False}
    unit = f"（{card.unit or '分'}）" if lang == "zh" else ""
    x = {"type": "quantitative", "scale": scale, "title": f"{Words('points', '累计得分').text(lang)}{unit}", "axis": {"tickCount": 6}}
    paint = {"field": "fill", "type": "nominal", "scale": None}
    if any(value["end"] is not None and value["end"] > value["to"] for value in values):
        notes = [*notes, Words("pale: what may still come, while something is open", "浅色条：尚有未定时可能达到的范围").text(lang)]
    links = [{"at": one["at"], "next": other["at"], "to": max(one["to"], floor)} for one, other in pairwise(values)]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": links},
            "mark": {"type": "rule", "color": LINE},
            "encoding": {"y": y, "y2": {"field": "next"}, "x": {**x, "field": "to"}},
        },
        {
            "transform": [{"filter": "datum.end !== null && datum.end > datum.to"}],
            "mark": {"type": "bar", "height": 8, "opacity": 0.35},
            "encoding": {"y": y, "x": {**x, "field": "to"}, "x2": {"field": "end"}, "fill": paint},
        },
        {
            "transform": [{"filter": "datum.to !== null"}],
            "mark": {"type": "bar", "height": 16, "minBandSize": 1},
            "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}, "fill": paint},
        },
        {"mark": {"type": "text", "align": "left"}, "encoding": {"y": y, "x": {"value": 428}, "text": {"field": "said"}}},
    ]
    return spec(title, notes, width=420, height={"step": 26}, data={"values": values}, layer=layers)


def _plain(value: Fraction) -> float | int:
    return int(value) if value.denominator == 1 else float(value)
