"""What `deadline` answers: the due day and moment, whether notices fix it, and every day counted or skipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from govservice.as_json import AsJson
from govservice.counting.asked import Ask, When
from govservice.counting.step import Step, clock
from govservice.doors import LANGUAGE, takes
from govservice.echo import in_lines
from govservice.errors import DeadlineError, Lang, Words, known_lang
from govservice.frozen import freeze, frozen
from govservice.limits import TimeLimit
from govservice.upward import machinery

__all__ = ["Deadline"]


class _WorkedOut:
    """What a deadline was counted from, and what is worked out on first use; no part of the answer, and so no fields of it."""

    __slots__ = ("_ask", "_asked", "_range", "_steps")

    _ask: Ask | None
    _steps: tuple[Step, ...] | None
    _range: tuple[date, date] | None
    _asked: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, repr=False)
class Deadline(_WorkedOut, AsJson):
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

    def __post_init__(self) -> None:
        for name in _WorkedOut.__slots__:
            object.__setattr__(self, name, None)
        freeze(self)

    def knowing(self, **worked_out: Any) -> Deadline:
        """This deadline, with what it was counted from (`ask`), or what was worked out of it before (`steps`, `range`, `asked`)."""
        for name, value in worked_out.items():
            object.__setattr__(self, f"_{name}", value)
        return self

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
        (('1', 'workday'),)
        """
        if self._asked is None:
            from govservice.counting.stored import asked_values

            object.__setattr__(self, "_asked", frozen({} if self._ask is None else asked_values(self._ask)))
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
        mark = Words("note: ", "注意：").text(lang)
        return in_lines([self.headline.text(lang), *(step.text(lang) for step in self.steps), *(mark + note for note in notes)])

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

    @takes(DeadlineError, lang=LANGUAGE)
    def to_html(self, lang: Lang = "zh") -> str:
        """The deadline as months to look at, one piece of HTML that needs no other file; a notebook shows it by itself.

        The days counted are numbered (of a limit in hours: the time that ran), those skipped say why when pointed at and, where it is
        more than a weekend, under the months; 起 and 止 mark start and due day, 班 a make-up workday, 休 a rest day, 停 a pause.
        Days that no notice fixes yet are striped, and other days that a provisional deadline can fall on have a dotted border.

        >>> from govservice import china, deadline
        >>> deadline("5个工作日", date(2026, 2, 12), china()).to_html().count("<table")
        1
        """
        return cast("str", machinery("show.deadline:picture")(self, known_lang(lang)))

    def _repr_html_(self) -> str:
        return self.to_html()

    def _written(self) -> dict[str, Any]:
        """The steps and all that was worked out go along; the calendar stays behind."""
        plain = AsJson._written(self)
        zone = self.due_at.tzinfo
        plain["zone"] = zone.key if isinstance(zone, ZoneInfo) else None
        plain |= {"earliest": self.earliest.isoformat(), "latest": self.latest.isoformat(), "asked": _unfrozen(self.asked)}
        plain["steps"] = [step._written() for step in self.steps]
        return plain

    @classmethod
    def _read(cls, written: Mapping[str, Any]) -> Deadline:
        """The moments are back in their time zone."""
        zone = None if written["zone"] is None else ZoneInfo(written["zone"])
        read = super(Deadline, cls)._read(written)
        again = replace(
            read, start=_in_zone(read.start, zone), due=_in_zone(read.due, zone), due_at=cast("datetime", _in_zone(read.due_at, zone))
        )
        return again.knowing(
            steps=tuple(_step(Step._read(step), zone) for step in written["steps"]),
            range=(date.fromisoformat(written["earliest"]), date.fromisoformat(written["latest"])),
            asked=frozen(dict(written["asked"])),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        answer = (self.limit, self.start, self.due, self.due_on, self.due_at, self.official, self.warnings)
        return _restored, (answer, {"steps": self.steps, "range": self._span(), "asked": self.asked})


def _restored(answer: tuple[Any, ...], worked_out: dict[str, Any]) -> Deadline:
    return Deadline(*answer).knowing(**worked_out)


def _unfrozen(value: Any) -> Any:
    """Lists for the tuples: as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _unfrozen(part) for key, part in value.items()}
    return [_unfrozen(part) for part in value] if isinstance(value, tuple) else value


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
