"""Whose deadline moved when a notice arrived: deadlines asked again under a newer calendar."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from govservice.calendars import WorkCalendar
from govservice.deadlines.result import Deadline, shown
from govservice.deadlines.stored import asked_again
from govservice.errors import DeadlineError, Lang, Words

__all__ = ["Moved", "recompute"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a newer calendar moved or made official: `id` as given (else its place, from 0), `before` and `after`.

    >>> from datetime import date
    >>> from govservice import china, deadline
    >>> before = deadline("20个工作日", date(2021, 1, 15), china(known_on=date(2020, 11, 1)))
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
        said = self._said()
        return f"{self.id}：{said.zh}" if lang == "zh" else f"{self.id}: {said.en}"

    def _said(self) -> Words:
        before, after = (Words(shown(one.due) + _standing(one).en, shown(one.due) + _standing(one).zh) for one in (self.before, self.after))
        if self.before.due == self.after.due:
            day = shown(self.after.due)
            return Words(f"{day} stays and is now official", f"{day}不变，现已确定")
        if not self.days:
            return Words(f"{before.en} -> {after.en}", f"{before.zh}改为{after.zh}")
        amount = abs(self.days)
        by = Words(
            f"{amount} day{'s' * (amount > 1)} {'later' if self.days > 0 else 'earlier'}",
            f"{'推迟' if self.days > 0 else '提前'}{amount}天",
        )
        return Words(f"{before.en} -> {after.en}, {by.en}", f"{before.zh}改为{after.zh}，{by.zh}")

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON; `from_dict` reads it back. An id that JSON does not know is the caller's to make plain."""
        return {"id": self.id, "before": self.before.to_dict(), "after": self.after.to_dict()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Moved:
        """What `to_dict` wrote."""
        return cls(values["id"], Deadline.from_dict(values["before"]), Deadline.from_dict(values["after"]))


def _standing(one: Deadline) -> Words:
    return Words("", "") if one.official else Words(" (provisional)", "（暂定）")


def recompute(deadlines: Iterable[Deadline | tuple[Hashable, Deadline]], calendar: WorkCalendar) -> tuple[Moved, ...]:
    """The deadlines that a newer calendar moves or makes official, in the order given; the others are left out.

    `deadlines` are Deadlines or (id, Deadline) pairs, computed under an older calendar: as `deadline` gave them, or as read back from a
    pickle or from JSON, which keep what was asked. `calendar` is the newer one, with the notice that has arrived. Nothing is changed:
    what was promised to an applicant is for the office to decide. Raises DeadlineError where a deadline does not say what it was asked
    for, and what `deadline` raises.

    >>> from datetime import date
    >>> from govservice import china, deadline
    >>> old, new = china(known_on=date(2020, 11, 1)), china(known_on=date(2020, 12, 1))
    >>> starts = [date(2021, 1, 15), date(2021, 3, 10)]
    >>> [(moved.id, moved.days) for moved in recompute([deadline("20个工作日", start, old) for start in starts], new)]
    [(0, 1), (1, 0)]
    """
    found = []
    for place, given in enumerate(deadlines):
        id_, before = given if isinstance(given, tuple) and len(given) == 2 else (place, given)
        if not isinstance(before, Deadline):
            raise DeadlineError(
                Words(f"no deadline: {before!r}", f"不是期限：{before!r}"),
                hint=Words("give Deadlines or (id, Deadline) pairs", "请给出 Deadline，或者（编号，Deadline）"),
            )
        after = asked_again(before, calendar)
        if after.due != before.due or (after.official and not before.official):
            found.append(Moved(id_, before, after))
    return tuple(found)
