"""The figures of the deadlines of cases: when they are due, which are over, which have no due day and why, what signals stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from govservice.counting.asked import day_of, later
from govservice.errors import Lang
from govservice.rules.language.values import NO_FACTS
from govservice.run.due_days import Dues
from govservice.run.results import CaseResult, Due, Run
from govservice.run.tally import picked, tally

__all__ = ["LISTED", "due_cases", "iso", "named", "standing"]

_ROW: Final = re.compile(r":\d+\.")
LISTED: Final = 10  # entries of a list in the summary; the rest are in the tables


def due_cases(run: Run, lang: Lang) -> dict[str, Any]:
    """The cases not yet closed by when they are due; those over at `now`; those without a due day, by the reason; those closed late."""
    now = run.ran.now
    pending = picked(run, {"closed": _is_none, "dues": lambda dues: dues.main is not None and _is_dated(dues.main)})
    dated = sorted(((day, case, due) for case in pending if (due := case.due) and (day := due.due_on)), key=lambda one: (one[0], one[1].id))
    late = [entry for entry in dated if entry[2].late]
    ahead = [entry for entry in dated if now is None or entry[0] >= day_of(now)]
    provisional = [
        (day, case, due)
        for case in picked(run, {"dues": lambda dues: dues.main is not None and dues.main.official is False})
        if (due := case.due) and (day := due.due_on)
    ]
    finished = tally(run, {"closed": _is_none, "dues": lambda dues: dues.main is not None and dues.main.late is True})
    moved = tally(run, {"dues": lambda dues: (any(due.paused for due in dues.all), any(due.extended for due in dues.all))})
    return {
        "running": finished[True, False] + finished[True, True],
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
        "no_clock": tally(run, {"dues": lambda dues: dues.main is None})[True,],
        "finished": finished[False, False] + finished[False, True],
        "finished_late": finished[False, True],
        "signals": _signals(run),
        "open_clocks": [
            {"clock": name, "label": run.ran.labels.get(f"clocks.{name}"), "count": count}
            for name, count in sorted(run.open_clocks.items())
        ],
        "moved": {
            "paused": sum(count for ((paused, _),), count in moved.items() if paused),
            "extended": sum(count for ((_, extended),), count in moved.items() if extended),
        },
    } | _undated(run, len(dated), lang)


def _is_none(value: object) -> bool:
    return value is None


def _is_dated(due: Due) -> bool:
    """Whether it runs on and has a due day."""
    return due.stopped is None and due.due is not None


def _undated(run: Run, dated: int, lang: Lang) -> dict[str, Any]:
    """Why running cases have no due day: facts that are not known, clocks that begin after `now` or have stopped, none that runs."""
    counted = tally(run, {"dues": lambda dues: _without_a_day(dues.main, run.ran.now), "closed": _is_none})
    dues = Counter[Any]({why: count for (why, running), count in counted.items() if running})
    without = {due: count for due, count in dues.items() if isinstance(due, _Without)}
    needs: Counter[str] = Counter()
    for due, count in without.items():
        needs.update(dict.fromkeys(due.undecided, count))
    starts = [due.starts for due, count in without.items() if due.to_come and due.starts]
    return {
        "undated": dues.total() - dated,
        "unknown": sum(count for due, count in without.items() if due.undecided),
        "undated_by_fact": named(run, needs, lang),
        "not_started": {"count": sum(count for due, count in without.items() if due.to_come), "first": iso(min(starts, default=None))},
        "stopped": dues["stopped"],
        "no_clock_running": dues["none"],
    }


class _Without(NamedTuple):
    """A clock that runs on without a due day: what it waits for, whether it begins later, and when."""

    undecided: tuple[str, ...]
    to_come: bool
    starts: date | None


def _without_a_day(due: Due | None, now: date | None) -> _Without | str:
    """Why there is no due day; "dated" where there is one."""
    if due is None:
        return "none"
    if due.stopped is not None:
        return "stopped"
    if due.due is not None:
        return "dated"
    return _Without(due.undecided, _begins_later(due, now), _started(due))


def _started(due: Due) -> date | None:
    return due.started.date() if isinstance(due.started, datetime) else due.started


def _begins_later(due: Due, now: date | None) -> bool:
    return now is not None and due.started is not None and later(due.started, now) and due.applies is True


def _signals(run: Run) -> list[dict[str, Any]] | None:
    """The signals that stand on running cases, and on how many; None where no day counts as today."""
    if run.ran.now is None:
        return None
    standing: Counter[str] = Counter()
    for (names, running), count in tally(run, {"dues": _raised, "closed": _is_none}).items():
        if running:
            standing.update(dict.fromkeys(names, count))
    return [{"signal": name, "label": run.ran.labels.get(f"signals.{name}"), "count": count} for name, count in sorted(standing.items())]


def _raised(dues: Dues) -> frozenset[str]:
    return frozenset(signal.signal for due in dues.all for signal in due.signals if not signal.cleared)


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
