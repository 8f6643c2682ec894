"""The figures of a run by group: the cases of each type, department, window and item."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from govservice.counting.asked import day_of
from govservice.run.results import CaseResult, Run

__all__ = ["GROUPS", "MOST_GROUPS", "groups"]

GROUPS: Final[Mapping[str, Callable[[CaseResult], str | None]]] = {
    "case_type": lambda case: case.what.case_type,
    "department": lambda case: case.department,
    "window": lambda case: case.window,
    "item": lambda case: case.item,
}
MOST_GROUPS: Final = 1_000  # of one kind, in the summary; each case names its own in the table


def groups(run: Run) -> dict[str, Any]:
    """For each kind of group how many there are and the largest of them; the cases that name none come under null."""
    return {kind: _of_kind(run, kind, named) for kind, named in GROUPS.items()}


def _of_kind(run: Run, kind: str, named: Callable[[CaseResult], str | None]) -> dict[str, Any]:
    cases: dict[str | None, list[CaseResult]] = {}
    for case in run.cases:
        cases.setdefault(named(case), []).append(case)
    labels = dict(_labels(run, kind))
    ordered = sorted(cases.items(), key=lambda group: (group[0] is None, -len(group[1]), group[0] or ""))
    return {
        "groups": len(cases),
        "largest": [{"id": id, "label": labels.get(id)} | _figures(run, own) for id, own in ordered[:MOST_GROUPS]],
    }


def _labels(run: Run, kind: str) -> Iterator[tuple[str | None, str | None]]:
    if kind == "case_type":
        yield from ((case.what.case_type, case.what.label) for case in run.cases)
    if kind == "item":
        yield from ((item.id, item.name) for item in run.items)


def _figures(run: Run, cases: Sequence[CaseResult]) -> dict[str, Any]:
    """The cases of one group: how many, how many of an open type, running, without a due day, finished, late."""
    now = run.ran.now
    running = [case for case in cases if case.closed_on is None]
    finished = [case for case in cases if case.closed_on is not None]
    dues = [case.due for case in running if case.due is not None and case.due.stopped is None]
    return {
        "cases": len(cases),
        "open": sum(case.what.open for case in cases),
        "running": len(running),
        "undated": sum(case.due is None or case.due.due is None for case in running),
        "overdue": None if now is None else sum(due.late is True for due in dues if due.due_on is not None),
        "due_today": None if now is None else sum(due.due_on == day_of(now) for due in dues),
        "finished": len(finished),
        "finished_late": sum(case.due is not None and case.due.late is True for case in finished),
    }
