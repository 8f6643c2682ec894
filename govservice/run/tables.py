"""The rows of the tables that a run writes: one for each item, application, case, clock of a case, and row set aside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from govservice.errors import Lang, Words, in_one
from govservice.records import SetAside
from govservice.run.results import Classified, Due, Run

__all__ = [
    "application_columns", "application_rows", "aside_rows", "case_columns", "case_rows", "clock_cells", "clock_columns", "clock_rows",
    "course_cells", "due_cells", "item_rows", "what_cells",
]  # fmt: skip

Line = tuple[object, ...]

_WHAT: Final = ("case_type", "label", "national_code", "rule", "cite", "open", "possible", "undecided")
_DUE: Final = ("due_on", "due_clock", "due_official", "due_earliest", "due_latest", "due_late", "due_warning", "due_undecided")
_COURSE: Final = ("used", "left", "overdue_by", "signals", "due_notes")
_WHERE: Final = ("department", "window")
_CLOCK: Final = (
    "case", "clock", "label", "row", "applies", "started", "limit", "paused", "extended", "due", "official", "earliest", "latest",
    "stopped", "used", "left", "late", "overdue_by", "signals", "undecided", "warning", "notes", "cite",
)  # fmt: skip


def item_rows(run: Run) -> Iterator[Line]:
    """items.csv."""
    yield (
        "id", "item_name", "department", "case_type", "label", "national_code", "promised_days", "statutory_days", "lacks", *_DUE,
    )  # fmt: skip
    for item in run.items:
        yield (
            item.id, item.name, item.department, item.case_type, item.label, item.national_code,
            item.promised_days, item.statutory_days, item.lacks, *due_cells(item.due),
        )  # fmt: skip


def application_rows(run: Run) -> Iterator[Line]:
    """applications.csv."""
    yield application_columns(run)
    for application in run.applications:
        yield (application.id, application.on, *what_cells(run.outcome_names, application.what))


def case_rows(run: Run) -> Iterator[Line]:
    """cases.csv: what each is, and the clock that says when it is due."""
    yield case_columns(run)
    for case in run.cases:
        yield (
            case.id, case.application, case.item, case.on, *what_cells(run.outcome_names, case.what), *due_cells(case.due),
            *course_cells(case.due, run.ran.labels),
            case.closed_on, case.missing, case.department, case.window, *case.outcomes,
        )  # fmt: skip


def clock_rows(run: Run) -> Iterator[Line]:
    """clocks.csv: every clock of every case that is known to begin or to end."""
    yield clock_columns()
    for case in run.cases:
        for due in case.dues:
            yield (case.id, *clock_cells(due, run.ran.labels))


def clock_cells(due: Due, called: Mapping[str, str]) -> Line:
    """What a line of clocks says behind the case; `called` are the labels of the run."""
    paused = tuple(f"{kind or '-'} {first}/{last or ''}" for kind, first, last in due.paused)
    return (
        due.clock, due.label, due.row, due.applies, due.started, due.limit, paused, due.extended, due.due, due.official, due.earliest,
        due.latest, due.stopped, due.used, due.left, due.late, due.overdue_by, _signals(due, called), due.undecided, due.warning,
        _joined(due.notes), due.cite,
    )  # fmt: skip


def aside_rows(aside: Iterable[SetAside], lang: Lang) -> Iterator[Line]:
    """set_aside.csv."""
    yield ("table", "file", "line", "id", "field", "reason", "row")
    for row in aside:
        yield (row.table, row.file, row.line, row.id, row.field, row.reason.text(lang), _json(row.row))


def application_columns(run: Run) -> tuple[str, ...]:
    """The columns of applications.csv."""
    return ("id", "on", *_WHAT, *_others(run), "notices")


def case_columns(run: Run) -> tuple[str, ...]:
    """The columns of cases.csv."""
    return (
        "id", "application", "item", "on", *_WHAT, *_others(run), "notices", *_DUE, *_COURSE, "closed_on", "missing", *_WHERE,
        *_of_cases(run),
    )  # fmt: skip


def clock_columns() -> tuple[str, ...]:
    """The columns of clocks.csv."""
    return _CLOCK


def _others(run: Run) -> list[str]:
    return [name for name in run.outcome_names if name != "case_type"]


def _of_cases(run: Run) -> list[str]:
    """The outcomes about a case; one of a name that the table has already is told apart."""
    taken = {"id", "application", "item", "on", *_WHAT, *_others(run), "notices", *_DUE, *_COURSE, "closed_on", "missing", *_WHERE}
    return [f"decided_{name}" if name in taken else name for name in run.case_outcome_names]


def what_cells(outcomes: Sequence[str], what: Classified) -> Line:
    """What a row is, and every other of its outcomes by these names."""
    others = (value for name, value in zip(outcomes, what.outcomes, strict=True) if name != "case_type")
    return (*(getattr(what, name) for name in _WHAT), *others, what.notices)


def due_cells(due: Due | None) -> Line:
    """When a row is due, and by which clock."""
    if due is None:
        return (None,) * len(_DUE)
    return (due.due_on, due.clock, due.official, due.earliest, due.latest, due.late, due.warning, due.undecided)


def course_cells(due: Due | None, called: Mapping[str, str]) -> Line:
    """What of a clock is used and left, its signals and notes; `called` are the labels of the run."""
    if due is None:
        return (None,) * len(_COURSE)
    return (due.used, due.left, due.overdue_by, _signals(due, called), _joined(due.notes))


def _signals(due: Due, called: Mapping[str, str]) -> tuple[Words, ...]:
    """Each signal with its day, and whether it was cleared."""
    return tuple(
        Words(
            f"{raised.signal} {raised.at or '-'}{' (cleared)' if raised.cleared else ''}",
            f"{called.get(f'signals.{raised.signal}', raised.signal)} {raised.at or '-'}{'（已解除）' if raised.cleared else ''}",
        )
        for raised in due.signals
    )


def _joined(notes: Iterable[Words]) -> Words | None:
    sentences = tuple(notes)
    return in_one(sentences) if sentences else None


def _json(row: Mapping[str, object]) -> str:
    """The row as JSON; what JSON has no form for (NaN, a value nested beyond all use) as text."""
    plain = {name: str(value) if isinstance(value, float) else value for name, value in row.items()}
    try:
        return json.dumps(plain, ensure_ascii=False, default=str, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps({name: value if isinstance(value, str) else "..." for name, value in plain.items()}, ensure_ascii=False)
