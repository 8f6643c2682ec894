"""The figures of the deadlines of cases: when they are due, which are over, which have no due day and why, what signals stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from govservice.counting.asked import day_of, later
from govservice.errors import Lang
from govservice.rules.language.values import NO_FACTS
from govservice.run.results import CaseResult, Due, Run

__all__ = ["LISTED", "due_cases", "iso", "named", "standing"]

_ROW: Final = re.compile(r":\d+\.")
LISTED: Final = 10  # entries of a list in the summary; the rest are in the tables

_Dated = tuple[date, CaseResult, Due]


def due_cases(run: Run, lang: Lang) -> dict[str, Any]:
    """The cases not yet closed by when they are due; those over at `now`; those without a due day, by the reason; those closed late."""
    now = run.ran.now
    running = [case for case in run.cases if case.closed_on is None]
    pending = [(case, due) for case in running if (due := case.due) is not None and due.stopped is None]
    dated = sorted(
        ((day, case, due) for case, due in pending if (day := due.due_on) is not None), key=lambda entry: (entry[0], entry[1].id)
    )
    late = [entry for entry in dated if entry[2].late]
    ahead = [entry for entry in dated if now is None or entry[0] >= day_of(now)]
    provisional = [(day, case, due) for case in run.cases if (due := case.due) and due.official is False and (day := due.due_on)]
    finished = [case.due for case in run.cases if case.closed_on is not None]
    return {
        "running": len(running),
        "dated": len(dated),
        "by_clock": [
            {"clock": name, "label": run.ran.labels.get(f"clocks.{name}"), "count": count}
            for name, count in sorted(Counter(due.clock for _, _, due in dated).items())
        ],
        "ahead": len(ahead),
        "nearest": [_entry(*entry) for entry in ahead[:LISTED]],
        "by_day": [{"day": day.isoformat(), "count": count} for day, count in sorted(Counter(day for day, _, _ in ahead).items())][:31],
        "overdue": None if now is None else {"count": len(late), "listed": [_entry(*entry) for entry in late[:LISTED]]},
        "provisional": len(provisional),
        "provisional_listed": [_entry(*entry) for entry in provisional[:LISTED]],
        "no_clock": sum(case.due is None for case in run.cases),
        "finished": len(finished),
        "finished_late": sum(due is not None and due.late is True for due in finished),
        "signals": _signals(run, running),
        "open_clocks": [
            {"clock": name, "label": run.ran.labels.get(f"clocks.{name}"), "count": count}
            for name, count in sorted(run.open_clocks.items())
        ],
        "moved": {
            "paused": sum(any(due.paused for due in case.dues) for case in run.cases),
            "extended": sum(any(due.extended for due in case.dues) for case in run.cases),
        },
    } | _undated(run, running, len(dated), lang)


def _undated(run: Run, running: list[CaseResult], dated: int, lang: Lang) -> dict[str, Any]:
    """Why running cases have no due day: facts that are not known, clocks that begin after `now` or have stopped, none that runs."""
    dues = [case.due for case in running]
    without = [due for due in dues if due is not None and due.stopped is None and due.due is None]
    to_come = [due for due in without if _begins_later(due, run.ran.now)]
    needs = Counter(name for due in without for name in due.undecided)
    return {
        "undated": len(running) - dated,
        "unknown": sum(bool(due.undecided) for due in without),
        "undated_by_fact": named(run, needs, lang),
        "not_started": {"count": len(to_come), "first": iso(min((day for due in to_come if (day := _started(due))), default=None))},
        "stopped": sum(due is not None and due.stopped is not None for due in dues),
        "no_clock_running": sum(due is None for due in dues),
    }


def _started(due: Due) -> date | None:
    return due.started.date() if isinstance(due.started, datetime) else due.started


def _begins_later(due: Due, now: date | None) -> bool:
    return now is not None and due.started is not None and later(due.started, now) and due.applies is True


def _signals(run: Run, running: list[CaseResult]) -> list[dict[str, Any]] | None:
    """The signals that stand on running cases, and on how many; None where no day counts as today."""
    if run.ran.now is None:
        return None
    standing = Counter(
        name for case in running for name in {signal.signal for due in case.dues for signal in due.signals if not signal.cleared}
    )
    return [{"signal": name, "count": count} for name, count in sorted(standing.items())]


def _entry(day: date, case: CaseResult, due: Due) -> dict[str, Any]:
    return {
        "id": case.id,
        "due_on": day.isoformat(),
        "clock": due.clock,
        "label": due.label,
        "case_type": case.what.label or case.what.case_type,
    } | standing(due)


def standing(due: Due | None) -> dict[str, Any]:
    """Whether published notices fix a due day, and between which days it can fall."""
    if due is None:
        return {"official": None, "earliest": None, "latest": None}
    return {"official": due.official, "earliest": iso(due.earliest), "latest": iso(due.latest)}


def named(run: Run, needs: Mapping[str, int], lang: Lang) -> list[dict[str, Any]]:
    """What is waited for, most wanted first: each name with its label, and whether the centre is to set it; rows' facts without the row."""
    counted: Counter[str] = Counter()
    for name, count in needs.items():
        counted[_ROW.sub(".", name)] += count
    needs = counted
    labels = {**run.ran.labels, **(NO_FACTS if lang == "zh" else {})}
    return [
        {"fact": name, "label": labels.get(name), "setting": name in run.ran.settings_open, "count": count}
        for name, count in sorted(needs.items(), key=lambda need: (-need[1], need[0]))
    ]


def iso(day: date | None) -> str | None:
    """A day as text."""
    return day.isoformat() if day is not None else None
