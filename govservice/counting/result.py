"""What `deadline` answers: the due day and moment, whether notices fix it, and every day counted or skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from govservice.as_json import AsJson
from govservice.counting.asked import Ask, When
from govservice.counting.step import Step, clock
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit
from govservice.upward import machinery

__all__ = ["Deadline"]


@dataclass(frozen=True, slots=True)
class Deadline(AsJson):
    """When a limit ends, and why; made by `deadline`.

    `due` is a date (24:00 of that day) or, where the limit or `ends` has a clock time, a moment; `due_on` is its date and `due_at`
    the moment it is over (for a date the next midnight), in the calendar's time zone, naive where it has none. `start` is as given,
    in that zone. `official` is False where a day that was consulted is fixed by no published notice; `warnings` say what may still
    change. `steps` are worked out on first use. Equal where the answer is; JSON through `to_dict` and `from_dict`.

    >>> from govservice import china, deadline
    >>> due = deadline("3个工作日", date(2026, 2, 12), china())
    >>> due.due_on, due.due_at.isoformat(), due.official
    (datetime.date(2026, 2, 24), '2026-02-25T00:00:00+08:00', True)
    >>> print(due.explain().splitlines()[2])
    2026-02-13 Fri  +  working day 1 of 3 [国办发明电〔2025〕7号]
    """

    limit: TimeLimit
    start: When
    due: When
    due_on: date
    due_at: datetime
    official: bool
    warnings: tuple[Words, ...] = ()
    _ask: Ask | None = field(default=None, compare=False, repr=False)
    _steps: tuple[Step, ...] | None = field(default=None, compare=False, repr=False)
    _range: tuple[date, date] | None = field(default=None, compare=False, repr=False)
    _asked: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    @property
    def earliest(self) -> date:
        """The earliest day it can fall on once the years it reaches are announced, by the arrangements of past notices.

        Equal to `due_on` where the deadline is official. Each holiday of a provisional year is arranged as in every past year it fell on
        the same weekday, and as in the latest years; notices that the calendar does not know yet are not looked at. An estimate from
        experience, not a limit: a notice may do what none did before. Worked out on first use.

        >>> from govservice import china, deadline
        >>> due = deadline("20个工作日", date(2021, 1, 15), china(known_on=date(2020, 11, 1)))
        >>> due.earliest.isoformat(), due.due_on.isoformat(), due.latest.isoformat()
        ('2021-02-10', '2021-02-17', '2021-02-19')
        """
        return self._span()[0]

    @property
    def latest(self) -> date:
        """The latest day it can fall on, as `earliest` is the earliest.

        >>> from govservice import china, deadline
        >>> due = deadline("20个工作日", date(2026, 3, 2), china())
        >>> due.earliest == due.due_on == due.latest
        True
        """
        return self._span()[1]

    def _span(self) -> tuple[date, date]:
        if self._range is None:
            span = self.due_on, self.due_on
            if self._ask is not None and not self.official:
                from govservice.counting.provisional import range_of

                span = range_of(self._ask, self.due_on)
            object.__setattr__(self, "_range", span)
        return self._range or (self.due_on, self.due_on)

    @property
    def asked(self) -> Mapping[str, Any]:
        """What it was asked for beside limit and start, as plain values: hours, pauses, extensions and options; the calendar is not.

        >>> from govservice import china, deadline
        >>> deadline("3个工作日", date(2026, 2, 12), china(), extensions=["1个工作日"]).asked["extensions"]
        [['1', 'workday']]
        """
        if self._asked is None:
            from govservice.counting.stored import asked_values

            object.__setattr__(self, "_asked", {} if self._ask is None else asked_values(self._ask))
        return self._asked or {}

    @property
    def backward(self) -> bool:
        """Whether it was counted back from its start; then `due` is the last day (or moment) in time.

        >>> from govservice import deadline
        >>> deadline("7个自然日", date(2026, 10, 21), backward=True).backward
        True
        """
        return bool(self.asked.get("backward", False))

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every day counted or skipped in the order of counting, from the start to the due day, with its reason and source.

        >>> from govservice import china, deadline
        >>> [step.counted for step in deadline("2个工作日", date(2026, 3, 6), china()).steps]
        [False, False, False, True, True]
        """
        if self._steps is None:
            from govservice.counting.steps import steps_of

            object.__setattr__(self, "_steps", () if self._ask is None else steps_of(self._ask))
        return self._steps or ()

    def explain(self, lang: Lang = "en") -> str:
        """The answer and every step, one a line, then the range of a provisional one, then the warnings; English or Chinese.

        >>> from govservice import china, deadline
        >>> print(deadline("1个工作日", date(2026, 3, 6), china()).explain("zh"))
        1个工作日，自2026-03-06起：2026-03-09届满
        2026-03-06 周五  -  起始日不计入〔民法典 201〕
        2026-03-07 周六  -  周末〔国办发明电〔2025〕7号〕
        2026-03-08 周日  -  周末〔国办发明电〔2025〕7号〕
        2026-03-09 周一  +  第1个工作日（共1个）〔国办发明电〔2025〕7号〕
        """
        notes = (note.text(lang) for note in self.notes)
        mark = "注意：" if lang == "zh" else "note: "
        return "\n".join([self.headline.text(lang), *(step.text(lang) for step in self.steps), *(mark + note for note in notes)])

    @property
    def headline(self) -> Words:
        """The answer in one line.

        >>> from govservice import china, deadline
        >>> deadline("1个工作日", date(2026, 3, 6), china()).headline.zh
        '1个工作日，自2026-03-06起：2026-03-09届满'
        """
        start, due = written_moment(self.start), written_moment(self.due)
        if self.backward:
            answer = Words(f"{self.limit.text('en')} before {start}: by {due}", f"{start}之前{self.limit}：最迟{due}")
            return answer if self.official else Words(f"{answer.en} (provisional)", f"{answer.zh}（暂定）")
        answer = Words(f"{self.limit.text('en')} from {start}: due {due}", f"{self.limit}，自{start}起：{due}届满")
        return answer if self.official else Words(f"{answer.en} (provisional)", f"{answer.zh}（暂定）")

    @property
    def notes(self) -> tuple[Words, ...]:
        """What may still change it: the range of a provisional one, then the warnings.

        >>> from govservice import china, deadline
        >>> deadline("5个工作日", date(2026, 3, 2), china()).notes
        ()
        """
        if self.official:
            return self.warnings
        first, last = self.earliest, self.latest
        if first == last:
            span = Words("however past years were arranged, it stays on this day", "按历年放假安排推算，届满日均为此日")
        else:
            span = Words(
                f"by the arrangements of past years it can fall from {first} to {last}", f"按历年放假安排推算，届满日在{first}至{last}之间"
            )
        return (span, *self.warnings)

    def __str__(self) -> str:
        return self.explain()

    def to_html(self, lang: Lang = "zh") -> str:
        """The deadline as months to look at, one piece of HTML that needs no other file; a notebook shows it by itself.

        The days counted are numbered (of a limit in hours: the time that ran), those skipped say why when pointed at and, where it is
        more than a weekend, under the months; 起 and 止 mark start and due day, 班 a make-up workday, 休 a rest day, 停 a pause.
        Days that no notice fixes yet are striped, and other days that a provisional deadline can fall on have a dotted border.

        >>> from govservice import china, deadline
        >>> deadline("5个工作日", date(2026, 2, 12), china()).to_html().count("<table")
        1
        """
        return cast("str", machinery("show.deadline:picture")(self, lang))

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_dict(self) -> dict[str, Any]:
        """Everything, the steps too, as plain values for JSON; `from_dict` reads it back.

        >>> from govservice import china, deadline
        >>> deadline("3个月", date(2026, 1, 31), china()).to_dict()["due"]
        '2026-04-30'
        """
        plain = AsJson.to_dict(self)
        zone = self.due_at.tzinfo
        plain["zone"] = zone.key if isinstance(zone, ZoneInfo) else None
        plain |= {"earliest": self.earliest.isoformat(), "latest": self.latest.isoformat(), "asked": dict(self.asked)}
        plain["steps"] = [step.to_dict() for step in self.steps]
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Deadline:
        """The deadline that `to_dict` wrote, its moments back in their time zone.

        >>> from govservice import china, deadline
        >>> due = deadline("24小时", datetime(2026, 4, 30, 15, 30), china())
        >>> Deadline.from_dict(due.to_dict()) == due
        True
        """
        zone = None if plain["zone"] is None else ZoneInfo(plain["zone"])
        read = super(Deadline, cls).from_dict(plain)
        return replace(
            read,
            start=_in_zone(read.start, zone),
            due=_in_zone(read.due, zone),
            due_at=cast("datetime", _in_zone(read.due_at, zone)),
            _steps=tuple(_step(Step.from_dict(step), zone) for step in plain["steps"]),
            _range=(date.fromisoformat(plain["earliest"]), date.fromisoformat(plain["latest"])),
            _asked=plain["asked"],
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # what was asked and the steps go along, the calendar stays behind
        answer = (self.limit, self.start, self.due, self.due_on, self.due_at, self.official, self.warnings)
        return type(self), (*answer, None, self.steps, self._span(), self.asked)


def _in_zone(when: When, zone: ZoneInfo | None) -> When:
    """A moment as JSON keeps it, back in its zone."""
    return when.astimezone(zone) if zone is not None and isinstance(when, datetime) else when


def _step(step: Step, zone: ZoneInfo | None) -> Step:
    if zone is None or step.from_at is None or step.until_at is None:
        return step
    return replace(step, from_at=step.from_at.astimezone(zone), until_at=step.until_at.astimezone(zone))


def written_moment(when: When) -> str:
    """A day, or a moment to the minute (to the second where it has any)."""
    return f"{when.date()} {clock(when)}" if isinstance(when, datetime) else str(when)
