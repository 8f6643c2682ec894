"""The figures of a run by group: the cases of each type, department, window and item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from govservice.counting.asked import day_of
from govservice.run.due_days import Dues
from govservice.run.results import Run
from govservice.run.tally import tally

__all__ = ["GROUPS", "MOST_GROUPS", "groups"]

GROUPS: Final[Mapping[str, tuple[str, Callable[[Any], str | None]]]] = {
    "case_type": ("what", lambda what: what.case_type),
    "department": ("department", lambda department: department),
    "window": ("window", lambda window: window),
    "item": ("item", lambda item: item),
}
MOST_GROUPS: Final = 1_000  # of one kind, in the summary; each case names its own in the table


class _Standing(NamedTuple):
    """What the figures tell of the clock that says when a case is due: it has a due day, is late, is due today; it has not stopped."""

    dated: bool
    late: bool
    today: bool
    runs: bool


class _Figures(NamedTuple):
    """The cases of one group: how many, how many of an open type, running, without a due day, finished, late."""

    cases: int = 0
    open: int = 0
    running: int = 0
    undated: int = 0
    overdue: int = 0
    due_today: int = 0
    finished: int = 0
    finished_late: int = 0

    def plus(self, count: int, *, open: bool, closed: bool, stands: _Standing) -> _Figures:
        """And so many cases that stand so."""
        running = not closed
        there = (
            True, open, running, running and not stands.dated, running and stands.runs and stands.dated and stands.late,
            running and stands.runs and stands.today, closed, closed and stands.late,
        )  # fmt: skip
        return _Figures(*(before + count * holds for before, holds in zip(self, there, strict=True)))


def groups(run: Run) -> dict[str, Any]:
    """For each kind of group how many there are and the largest of them; the cases that name none come under null."""
    return {kind: _of_kind(run, kind, *named) for kind, named in GROUPS.items()}


def _of_kind(run: Run, kind: str, part: str, named: Callable[[Any], str | None]) -> dict[str, Any]:
    today = day_of(run.ran.now) if run.ran.now is not None else None
    of = {"what": lambda what: what.open, "dues": lambda dues: _stands(dues, today), "closed": lambda day: day is not None}
    if part == "what":
        of["what"] = lambda what: (named(what), what.open)
    else:
        of[part] = named
    cases: dict[str | None, _Figures] = {}
    for (what, stands, closed, *group), count in tally(run, of).items():
        name, open_ = what if part == "what" else (group[0], what)
        cases[name] = cases.get(name, _Figures()).plus(count, open=open_, closed=closed, stands=stands)
    labels = dict(_labels(run, kind))
    ordered = sorted(cases.items(), key=lambda group: (group[0] is None, -group[1].cases, group[0] or ""))
    unasked = {"overdue": None, "due_today": None} if today is None else {}
    return {
        "groups": len(cases),
        "largest": [{"id": id, "label": labels.get(id)} | own._asdict() | unasked for id, own in ordered[:MOST_GROUPS]],
    }


def _stands(dues: Dues, today: date | None) -> _Standing:
    due = dues.main
    if due is None:
        return _Standing(dated=False, late=False, today=False, runs=False)
    day = due.due_on
    late = due.late is True
    return _Standing(due.due is not None, late, day is not None and day == today, due.stopped is None)


def _labels(run: Run, kind: str) -> Iterator[tuple[str | None, str | None]]:
    if kind == "case_type":
        yield from (what for (what,) in tally(run, {"what": lambda what: (what.case_type, what.label)}))
    if kind == "item":
        yield from ((item.id, item.name) for item in run.items)
