"""The shape of one clock's reading, and what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from govservice.deadlines.alarms import AlarmReading
from govservice.deadlines.asked import When, day_of
from govservice.deadlines.result import Deadline
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit

__all__ = ["ClockReading", "PausedSpan"]


class PausedSpan(NamedTuple):
    """A pause that stopped the clock: its kind, first and last day or moment, both uncounted (last None: it has not ended)."""

    kind: str | None
    first: When
    last: When | None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock of one case.

    `applies` is False where the clock is not in force or does not run on this case, None where that is open. `started` is when it began,
    `limit` what was allowed, `extended` what was granted beyond, `paused` what stopped it on the way; `due` is the day (24:00) or moment
    it ends, None while that cannot be said (`undecided` names the facts and settings that would, a pause not ended among them);
    `official` whether published notices fix that day. `stopped` is the earliest of what stops it, as of the call's `now`.
    `used`, `left`, `overdue_by` are amounts in the limit's unit (months, years and same-day limits in natural days), as of the
    stop, else of `now`; `overdue` is None while nobody can know. `alarms` are its signals, raised or to come. `notes` lists rows that
    moved nothing, and why. `deadline` explains every day; it is None where the clock names its due date outright. `row` numbers the row
    of the table `about` from 1, where several rows have the clock.
    """

    clock: str
    label: str | None
    cite: str | None
    applies: bool | None
    about: str = "cases"
    row: int | None = None
    started: When | None = None
    limit: TimeLimit | None = None
    due: When | None = None
    official: bool | None = None
    warnings: tuple[Words, ...] = ()
    stopped: When | None = None
    used: Decimal | int | None = None
    left: Decimal | int | None = None
    overdue: bool | None = None
    overdue_by: Decimal | int | None = None
    alarms: tuple[AlarmReading, ...] = ()
    paused: tuple[PausedSpan, ...] = ()
    extended: tuple[TimeLimit, ...] = ()
    notes: tuple[Words, ...] = ()
    undecided: tuple[str, ...] = ()
    deadline: Deadline | None = None

    @property
    def due_on(self) -> date | None:
        """The day it is due."""
        return day_of(self.due) if self.due is not None else None

    @property
    def signals(self) -> tuple[AlarmReading, ...]:
        """The alarms raised by now."""
        return tuple(one for one in self.alarms if one.raised)

    def explain(self, lang: Lang = "en") -> str:
        """The reading in words: the days counted, what stopped or extended it, what is used and left, its signals.

        >>> from govservice import clocks, load_rulebook
        >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 12), "promised_limit": "1个工作日"}
        >>> (reading,) = [one for one in clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 12)) if one.clock == "promised"]
        >>> print(reading.explain("zh"))
        承诺时限〔KS-4〕
        1个工作日，自2026-02-12起：2026-02-13届满
        2026-02-12 周四  -  起始日不计入〔民法典 201〕
        2026-02-13 周五  +  第1个工作日（共1个）〔国办发明电〔2025〕7号〕
        """
        name = (self.label or self.clock) if lang == "zh" else self.clock
        cite = "" if not self.cite else f"〔{self.cite}〕" if lang == "zh" else f" [{self.cite}]"
        lines = [name + cite, *(said.text(lang) for said in self._said())]
        if self.deadline is not None and self.due is not None:
            lines.insert(1, self.deadline.explain(lang))
        lines += [note.text(lang) for note in self.notes]
        return "\n".join(lines)

    def _said(self) -> list[Words]:
        said: list[Words] = []
        if self.applies is False:
            return [Words("it does not run on this case", "此时限不适用于本件")]
        if self.due is None:
            needs = ", ".join(self.undecided) or "-"
            said.append(Words(f"no due day yet; would be settled by: {needs}", f"尚不能确定到期日；需要：{needs}"))
        elif self.deadline is None:
            said.append(Words(f"due {self.due_on}", f"{self.due_on}到期"))
        if self.stopped is not None:
            said.append(Words(f"stopped {self.stopped}", f"{self.stopped}办结或停止"))
        if self.used is not None and self.left is not None:
            said.append(Words(f"used {self.used}, left {self.left}", f"已用{self.used}，余{self.left}"))
        if self.overdue:
            by = Words("", "") if self.overdue_by is None else Words(f" by {self.overdue_by}", f"{self.overdue_by}")
            said.append(Words(f"overdue{by.en}", f"超期{by.zh}"))
        for alarm in self.signals:
            cleared = Words(", cleared", "，已解除") if alarm.cleared else Words("", "")
            said.append(Words(f"signal {alarm.signal} on {alarm.at}{cleared.en}", f"{alarm.at}发出信号{alarm.signal}{cleared.zh}"))
        return said

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same reading back."""
        found: dict[str, Any] = {
            name: getattr(self, name) for name in ("clock", "label", "cite", "applies", "about", "row", "official", "overdue")
        }
        found |= {name: _text(getattr(self, name)) for name in ("started", "due", "stopped")}
        found |= {name: str(value) if (value := getattr(self, name)) is not None else None for name in ("used", "left", "overdue_by")}
        found["limit"] = _limit(self.limit) if self.limit is not None else None
        found["extended"] = [_limit(one) for one in self.extended]
        found["warnings"] = [list(one) for one in self.warnings]
        found["notes"] = [list(one) for one in self.notes]
        found["alarms"] = [one.to_dict() for one in self.alarms]
        found["paused"] = [[one.kind, _text(one.first), _text(one.last)] for one in self.paused]
        found["undecided"] = list(self.undecided)
        found["deadline"] = self.deadline.to_dict() if self.deadline is not None else None
        return found

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> ClockReading:
        """The reading that `to_dict` wrote."""
        given = dict(found)
        given |= {name: _when(given[name]) for name in ("started", "due", "stopped")}
        given |= {name: _amount(given[name]) if given[name] is not None else None for name in ("used", "left", "overdue_by")}
        given["limit"] = TimeLimit(*given["limit"]) if given["limit"] else None
        given["extended"] = tuple(TimeLimit(*one) for one in given["extended"])
        given["warnings"] = tuple(Words(*one) for one in given["warnings"])
        given["notes"] = tuple(Words(*one) for one in given["notes"])
        given["alarms"] = tuple(AlarmReading.from_dict(one) for one in given["alarms"])
        given["paused"] = tuple(PausedSpan(kind, _when(first) or date.min, _when(last)) for kind, first, last in given["paused"])
        given["undecided"] = tuple(given["undecided"])
        given["deadline"] = Deadline.from_dict(given["deadline"]) if given["deadline"] else None
        return cls(**given)


def _amount(text: str) -> Decimal | int:
    return int(text) if text.isdecimal() else Decimal(text)


def _limit(limit: TimeLimit) -> list[str]:
    return [str(limit.value), limit.unit]


def _text(when: When | None) -> str | None:
    return when.isoformat() if when is not None else None


def _when(text: str | None) -> When | None:
    return None if text is None else datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
