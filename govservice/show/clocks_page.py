"""The clocks of a case drawn under each other on one line of time, and listed below: from when, until when, what stopped them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from govservice.clockwork.reading import ClockReading
from govservice.counting.asked import When, day_of
from govservice.decimals import half_even, shortest
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit
from govservice.show.clock import explain
from govservice.show.grid import PRINTED
from govservice.show.pieces import block, cell, chip, heading, lines, listed, pairs, table
from govservice.show.values import needed

__all__ = ["clock_html", "clocks_html", "clocks_parts"]

MOST_BARS: Final = 20
NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
TICKS: Final = 4
BAR, LATE, PAUSE = "#2f6f4f", "#b3140f", "#e0a12b"
_HEADS: Final = (
    Words("clock", "时限"), Words("from", "起算"), Words("limit", "期限"), Words("due", "到期"),
    Words("stopped", "停止"), Words("used", "已用"), Words("left", "剩余"), Words("signals", "告警"), Words("state", "状态"),
)  # fmt: skip
_SIGNALS: Final = {"yellow": "黄", "red": "红", "blue": "蓝", "orange": "橙", "green": "绿", "warning": "警告", "overdue": "超期"}


class LineOfTime(NamedTuple):
    """A line of time: its first and last day."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where the beginning of a day lies, in percent."""
        whole = (self.last - self.first).days + 1
        return round(100 * min(max((day - self.first).days, 0), whole) / whole, 2)

    def between(self, first: date, last: date) -> tuple[float, float]:
        """Where some days begin, and how wide they are, in percent; a bar is never too thin to be seen."""
        start = self.at(first)
        return start, max(round(self.at(last + timedelta(days=1)) - start, 2), 0.6)


def clock_html(reading: ClockReading, lang: Lang) -> str:
    """One clock by itself."""
    rows = [(head.text(lang), worth) for head, worth in zip(_HEADS[1:], _row(reading, lang)[1:], strict=True) if worth]
    inside = heading(_name(reading, lang), _worth(reading, lang), _state_chip(reading, lang)) + _drawn([reading], None, lang) + pairs(rows)
    return block(inside + lines(note.text(lang) for note in reading.notes), lang)


def clocks_html(readings: Iterable[ClockReading], lang: Lang, *, now: When | None = None) -> str:
    """The clocks of a case by themselves."""
    return block(clocks_parts(tuple(readings), lang, now=now), lang)


def clocks_parts(readings: Sequence[ClockReading], lang: Lang, *, now: When | None = None, labels: Mapping[str, str] = NO_LABELS) -> str:
    """The drawing, the table of the clocks that run or may run, and what those wait for; to stand in a block.

    Clocks that do not run on the case are counted; one that may run is listed. `labels` are those of the facts, by id.
    """
    running = [reading for reading in readings if reading.applies is not False]
    idle = len(readings) - len(running)
    rows = [_row(reading, lang) for reading in running]
    stop = Words(": ", "：").text(lang)
    waits = [
        f"{_name(reading, lang)}{stop}{needed((labels.get(name, name) for name in reading.undecided), lang)}"
        for reading in running
        if reading.undecided
    ]
    parts = [_drawn(running, now, lang)]
    parts.append(table([head.text(lang) for head in _HEADS], rows, lang) if rows else "")
    parts.append(listed(Words("What they wait for", "还需要知道").text(lang), waits, lang))
    if idle:
        parts.append(lines([Words(f"{idle} other clocks do not run on this case.", f"另有 {idle} 项时限不适用于本件。").text(lang)]))
    parts.append(lines(dict.fromkeys(note.text(lang) for reading in running for note in reading.notes)))
    return "".join(parts)


def _name(reading: ClockReading, lang: Lang) -> str:
    row = "" if reading.row is None else f" {reading.row}"
    return f"{(reading.label or reading.clock) if lang == 'zh' else reading.clock}{row}"


def _worth(reading: ClockReading, lang: Lang) -> str:
    return _when(reading.due) or explain(reading, lang).split("\n")[1]


def _when(when: When | None) -> str:
    return "" if when is None else when.isoformat(" ", "minutes") if isinstance(when, datetime) else when.isoformat()


def _limit(limit: TimeLimit | None, extended: tuple[TimeLimit, ...], lang: Lang) -> str:
    return " + ".join(one.text(lang) for one in ((limit,) if limit is not None else ()) + extended)


def _amount(worth: Decimal | int | None) -> str:
    """An amount to two digits, for a reader; the reading has all of them."""
    return "" if worth is None else shortest(half_even(Decimal(worth), 2))


def _row(reading: ClockReading, lang: Lang) -> tuple[str, ...]:
    due = _when(reading.due)
    if reading.due is not None and reading.official is False:
        due = Words(f"{due} (provisional)", f"{due}（暂定）").text(lang)
    amounts = [_amount(worth) for worth in (reading.used, reading.left)]
    cite = f"〔{reading.cite}〕" if reading.cite and lang == "zh" else f" [{reading.cite}]" if reading.cite else ""
    return (
        _name(reading, lang) + cite, _when(reading.started), _limit(reading.limit, reading.extended, lang), due, _when(reading.stopped),
        *amounts, _signals(reading, lang), _state(reading).text(lang),
    )  # fmt: skip


def _signals(reading: ClockReading, lang: Lang) -> str:
    def said(name: str) -> str:
        return _SIGNALS.get(name, name) if lang == "zh" else name

    stop = Words("; ", "；").text(lang)
    return stop.join(f"{said(one.signal)} {_when(one.at)}" for one in reading.alarms if one.at is not None)


def _state(reading: ClockReading) -> Words:
    if reading.applies is False:
        return Words("does not run", "不适用")
    if reading.overdue:
        by = f" {_amount(reading.overdue_by)}".rstrip()
        return Words(f"overdue{by}", f"超期{by}")
    if reading.stopped is not None and reading.overdue is False:
        return Words("in time", "按时")
    if reading.due is None:
        return Words("open", "未定") if reading.undecided else Words("not started", "未起算")
    return Words("may run", "可能适用") if reading.applies is None else Words("running", "进行中")


def _state_chip(reading: ClockReading, lang: Lang) -> str:
    tone = "gap" if reading.overdue else "open" if reading.due is None or reading.applies is None else "settled"
    return chip(_state(reading).text(lang), "none" if reading.applies is False else tone)


# -- the drawing: parts of a line in percent, so that it is as wide as its place and its words keep their size


def _drawn(readings: Sequence[ClockReading], now: When | None, lang: Lang) -> str:
    drawn = [one for one in readings if one.started is not None and one.due is not None][:MOST_BARS]
    if not drawn:
        return ""
    span = _span(drawn, now)
    bars = "".join(_bar(reading, span, now, lang) for reading in drawn)
    used = (
        {"bar"}
        | {"late" for one in drawn if one.overdue and (one.stopped is not None or now is not None)}
        | {"pause" for one in drawn if one.paused}
    )
    used |= {"alarm" for one in drawn if any(alarm.at is not None for alarm in one.alarms)}
    used |= {"stop" for one in drawn if one.stopped is not None} | ({"now"} if now is not None else set())
    title = Words("The clocks on a line of time; the table below says the same.", "时限图；下表内容相同。").text(lang)
    picture = (
        f'<div role="img" aria-label="{cell(title)}" style="width:640px;max-width:100%;margin:6px 0 12px">{bars}{_axis(span, lang)}</div>'
    )
    return picture + _legend(used, lang)


def _span(readings: Iterable[ClockReading], now: When | None) -> LineOfTime:
    days = [day_of(now)] if now is not None else []
    for one in readings:
        days += [day_of(when) for when in (one.started, one.due, one.stopped) if when is not None]
        days += [day_of(alarm.at) for alarm in one.alarms if alarm.at is not None]
    first, last = min(days), max(days)
    return LineOfTime(first, max(last, first + timedelta(days=4)))


def _bar(reading: ClockReading, span: LineOfTime, now: When | None, lang: Lang) -> str:
    assert reading.started is not None
    assert reading.due is not None
    start, due = day_of(reading.started), day_of(reading.due)
    parts = [_part(span, start, max(start, due), f"background:{BAR};top:6px;height:12px;border-radius:3px")]
    end = reading.stopped if reading.stopped is not None else now
    if reading.overdue and end is not None and day_of(end) > due:
        parts.append(_part(span, due + timedelta(days=1), day_of(end), f"background:{LATE};top:9px;height:6px"))
    for pause in reading.paused:
        last = day_of(pause.last) if pause.last is not None else day_of(now) if now is not None else due
        striped = f"background:repeating-linear-gradient(135deg,{PAUSE} 0 4px,#fff 4px 7px);top:6px;height:12px"
        parts.append(_part(span, day_of(pause.first), max(last, day_of(pause.first)), striped))
    parts += [_sign(span, day_of(alarm.at), "▲", "#7a4b00", 15) for alarm in reading.alarms if alarm.at is not None]
    parts += [_sign(span, day_of(reading.stopped), "●", "#16181d", 1)] if reading.stopped is not None else []
    if now is not None:
        parts.append(f'<span style="position:absolute;left:{span.at(day_of(now))}%;top:0;bottom:0;border-left:2px dashed #173f8a"></span>')
    name = f"{_name(reading, lang)} {_when(reading.started)} → {_when(reading.due)}"
    line = "position:relative;height:28px;background:#f1f3f6;overflow:hidden"
    return f'<div style="margin-top:6px">{cell(name)}<div style="{line};{PRINTED}">{"".join(parts)}</div></div>'


def _part(span: LineOfTime, first: date, last: date, style: str) -> str:
    left, width = span.between(first, last)
    return f'<span style="position:absolute;left:{left}%;width:{width}%;{style};{PRINTED}"></span>'


def _sign(span: LineOfTime, day: date, sign: str, colour: str, top: int) -> str:
    style = f"position:absolute;left:calc({span.at(day)}% - 5px);top:{top}px;font-size:11px;line-height:12px;color:{colour}"
    return f'<span style="{style}">{sign}</span>'


def _axis(span: LineOfTime, lang: Lang) -> str:
    ticks = "".join(
        f'<span style="position:absolute;left:{span.at(day)}%;border-left:1px solid #595f69;padding-left:3px;white-space:nowrap">'
        f"{Words(f'{day.day}/{day.month}', f'{day.month}月{day.day}日').text(lang)}</span>"
        for day in _ticks(span)
    )
    return f'<div style="position:relative;height:1.5em;margin-top:4px;color:#4b515b;font-size:.9em;overflow:hidden">{ticks}</div>'


def _ticks(span: LineOfTime) -> Iterator[date]:
    step = max((span.last - span.first).days // TICKS, 1)
    for number in range(TICKS):
        yield span.first + timedelta(days=step * number)


def _legend(used: set[str], lang: Lang) -> str:
    signs = {
        "bar": (f"background:{BAR}", "", Words("allowed", "期限之内")),
        "late": (f"background:{LATE}", "", Words("overdue", "超期")),
        "pause": (f"background:repeating-linear-gradient(135deg,{PAUSE} 0 4px,#fff 4px 7px)", "", Words("paused", "中止")),
        "alarm": ("color:#7a4b00", "▲", Words("signal", "告警")),
        "stop": ("color:#16181d", "●", Words("stopped", "停止")),
        "now": ("border-left:2px dashed #173f8a;width:2px", "", Words("today", "今天")),
    }
    box = "display:inline-block;width:16px;height:11px;line-height:11px;margin-right:4px;vertical-align:middle"
    parts = "".join(
        f'<span style="margin-right:14px;white-space:nowrap"><span style="{box};{style};{PRINTED}">{sign}</span>'
        f"{meaning.text(lang)}</span> "
        for name, (style, sign, meaning) in signs.items()
        if name in used
    )
    return f'<p style="margin:2px 0 8px">{parts}</p>'
