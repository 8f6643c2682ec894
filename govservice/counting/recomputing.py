"""Whose deadline moved when a notice arrived: deadlines asked again under a newer calendar."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime

from govservice.as_json import AsJson
from govservice.calendars import WorkCalendar
from govservice.counting.answer import counted
from govservice.counting.asked import When
from govservice.counting.result import Deadline, written_moment
from govservice.errors import DeadlineError, Lang, Words
from govservice.limits import TimeLimit

__all__ = ["Moved", "asked_again"]


@dataclass(frozen=True, slots=True, repr=False)
class Moved(AsJson):
    """A deadline that a newer calendar moved or made official: `id` as given (else its place, from 0), `before` and `after`.

    >>> from datetime import date
    >>> from govservice import china, deadline
    >>> before = deadline("20个工作日", date(2021, 1, 15), china(known_on=date(2020, 11, 1)))
    >>> from govservice.deadlines import recompute
    >>> (moved,) = recompute([("A-7", before)], china())
    >>> print(moved.text("zh"))
    A-7：2021-02-17（暂定）改为2021-02-18，推迟1天
    """

    id: Hashable
    before: Deadline
    after: Deadline

    @property
    def days(self) -> int:
        """How many days later it is due; negative for earlier, 0 where it only became official or moved within the day."""
        return (self.after.due_on - self.before.due_on).days

    def text(self, lang: Lang = "en") -> str:
        """The change as a line, in English or Chinese."""
        change = self._change()
        return f"{self.id}：{change.zh}" if lang == "zh" else f"{self.id}: {change.en}"

    def _change(self) -> Words:
        before, after = (_due(deadline) for deadline in (self.before, self.after))
        if self.before.due == self.after.due:
            day = written_moment(self.after.due)
            return Words(f"{day} stays and is now official", f"{day}不变，现已确定")
        if not self.days:
            return Words(f"{before.en} -> {after.en}", f"{before.zh}改为{after.zh}")
        amount = abs(self.days)
        by = Words(
            f"{amount} day{'s' * (amount > 1)} {'later' if self.days > 0 else 'earlier'}",
            f"{'推迟' if self.days > 0 else '提前'}{amount}天",
        )
        return Words(f"{before.en} -> {after.en}, {by.en}", f"{before.zh}改为{after.zh}，{by.zh}")


def _due(deadline: Deadline) -> Words:
    standing = Words("", "") if deadline.official else Words(" (provisional)", "（暂定）")
    return Words(written_moment(deadline.due) + standing.en, written_moment(deadline.due) + standing.zh)


def asked_again(before: Deadline, calendar: WorkCalendar) -> Deadline:
    """The same question under another calendar. DeadlineError where the deadline does not say what it was asked for."""
    if not before.asked:
        raise DeadlineError(
            Words(f"the deadline {before.due_on} does not say what it was asked for", f"期限{before.due_on}没有记录计算时的选项"),
            hint=Words("keep what deadline() gives, or its to_dict()", "请保存 deadline() 的结果或其 to_dict()"),
        )
    options = dict(before.asked)
    options["pauses"] = [
        (_when(first), _when(last)) if reason is None else (_when(first), _when(last), Words(**reason))
        for first, last, reason in options["pauses"]
    ]
    options["extensions"] = [TimeLimit(value, unit) for value, unit in options["extensions"]]
    return counted(before.limit, before.start, calendar, **options)


def _when(text: str) -> When:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
