"""The reading of a clock in words: the days counted, what stopped or extended it, what is used and left, its signals."""

from __future__ import annotations

from datetime import datetime

from govservice.clockwork.called import usual_signal
from govservice.clockwork.reading import ClockReading
from govservice.echo import in_lines
from govservice.errors import Lang, Words
from govservice.show.values import needed

__all__ = ["explain"]


def explain(reading: ClockReading, lang: Lang) -> str:
    """See `ClockReading.explain`."""
    name = (reading.label or reading.clock) if lang == "zh" else reading.clock
    cite = "" if not reading.cite else f"〔{reading.cite}〕" if lang == "zh" else f" [{reading.cite}]"
    lines = [name + cite, *(sentence.text(lang) for sentence in _sentences(reading))]
    if reading.deadline is not None and reading.due is not None:
        lines[1:1] = reading.deadline.explain(lang).split("\n")
    lines += [note.text(lang) for note in reading.notes]
    return in_lines(lines)


def _sentences(reading: ClockReading) -> list[Words]:
    sentences: list[Words] = []
    if reading.applies is False:
        return [Words("it does not run on this case", "此时限不适用于本件")]
    if reading.due is None:
        sentences.append(_no_due_day(reading))
    elif reading.deadline is None:
        due = reading.due.strftime("%Y-%m-%d %H:%M") if isinstance(reading.due, datetime) else reading.due.isoformat()
        sentences.append(Words(f"due {due}", f"{due}到期"))
    if reading.stopped is not None:
        sentences.append(Words(f"stopped {reading.stopped}", f"{reading.stopped}办结或停止"))
    if reading.used is not None and reading.left is not None:
        sentences.append(Words(f"used {reading.used}, left {reading.left}", f"已用{reading.used}，余{reading.left}"))
    if reading.overdue:
        by = Words("", "") if reading.overdue_by is None else Words(f" by {reading.overdue_by}", f"{reading.overdue_by}")
        sentences.append(Words(f"overdue{by.en}", f"超期{by.zh}"))
    for alarm in reading.signals:
        cleared = Words(", cleared", "，已解除") if alarm.cleared else Words("", "")
        when = (
            alarm.at
            if alarm.at is not None
            else Words(
                f"a day that waits for {needed(alarm.undecided, 'en')}", f"某日（待定：{needed(alarm.undecided, 'zh', reading.labels)}）"
            )
        )
        called = reading.labels.get(f"signal={alarm.signal}") or usual_signal(alarm.signal)
        zh = when.zh if isinstance(when, Words) else when
        sentences.append(Words(f"signal {alarm.signal} on {when}{cleared.en}", f"{zh}告警：{called}{cleared.zh}"))
    return sentences


def _no_due_day(reading: ClockReading) -> Words:
    """Why there is no due day: what it waits for, that nothing has started the clock, or that it was given no limit."""
    if reading.undecided:
        en, zh = needed(reading.undecided, "en"), needed(reading.undecided, "zh", reading.labels)
        return Words(f"no due day yet; would be settled by: {en}", f"尚不能确定到期日；需要：{zh}")
    if reading.started is None:
        return Words("no due day: nothing has started it", "没有到期日：尚未起算")
    return Words("no due day: its limit is none", "没有到期日：时限为无")
