"""What a run came to: one frozen result a row, the rows set aside, and what was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

from govservice.as_json import AsJson
from govservice.doors import LANGUAGE, PATH, TEXT, optional, takes
from govservice.errors import Lang, RecordError, Words, known_lang
from govservice.limits import TimeLimit
from govservice.records import SetAside
from govservice.upward import machinery

if TYPE_CHECKING:
    import polars

__all__ = [
    "ApplicationResult", "CaseResult", "Classified", "Due", "ItemResult", "Provenance", "Rate", "Rates", "Run", "Signal", "SourceRead",
]  # fmt: skip


class Signal(NamedTuple):
    """A signal that a clock raised: its name, the day or moment (None: raised by now, when is open), and whether it was cleared since.

    >>> Signal("yellow", date(2026, 3, 13)).cleared
    False
    """

    signal: str
    at: date | None
    cleared: bool | None = False


@dataclass(frozen=True, slots=True, repr=False)
class Due(AsJson):
    """One clock of one case: the day or moment it is due, whether published notices fix that, what may still change.

    `applies` is None where that is open, `due` is None where facts are missing; `undecided` names what is missing of anything here.
    `late` is whether what stops
    the clock came too late, or, where nothing has stopped it, whether it is over at the `now` of the run (None: nobody can know).
    `earliest` and `latest` are the days between which a provisional one can fall, else the due day itself. `started`, `limit`, `extended`,
    `paused` (kind, first and last day or moment) and `stopped` say what it was counted from; `used`, `left`, `overdue_by` are in the
    limit's unit; `signals` are those raised. `notes` say which pauses and extensions moved nothing, and why. `row` numbers the row of the
    table, where several rows of one case have the clock (stages).

    >>> Due("promised", "承诺时限", True, datetime(2026, 2, 27, 17)).due_on
    datetime.date(2026, 2, 27)
    """

    clock: str
    label: str | None
    applies: bool | None
    due: date | None = None
    official: bool | None = None
    warning: Words | None = None
    undecided: tuple[str, ...] = ()
    late: bool | None = None
    started: date | None = None
    limit: TimeLimit | None = None
    extended: tuple[TimeLimit, ...] = ()
    paused: tuple[tuple[str | None, date, date | None], ...] = ()
    earliest: date | None = None
    latest: date | None = None
    stopped: date | None = None
    used: Decimal | int | None = None
    left: Decimal | int | None = None
    overdue_by: Decimal | int | None = None
    signals: tuple[Signal, ...] = ()
    notes: tuple[Words, ...] = ()
    row: int | None = None
    cite: str | None = None

    @property
    def due_on(self) -> date | None:
        """The day it is due."""
        return self.due.date() if isinstance(self.due, datetime) else self.due


@dataclass(frozen=True, slots=True, repr=False)
class Classified(AsJson):
    """A classification, cut down to what is reported. `outcomes` follow `Run.outcome_names`; None is open, not applicable, or no rule."""

    case_type: str | None
    label: str | None
    national_code: int | None
    rule: str | None
    cite: str | None
    open: bool
    possible: tuple[object, ...]
    undecided: tuple[str, ...]
    outcomes: tuple[object, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ItemResult(AsJson):
    """One item: its case type as published, its days, and when it would be due if accepted on the day asked for.

    `promised_days` and `statutory_days` are working days. `lacks` names what is not known of "case_type", "promised_limit",
    "statutory_limit".

    >>> ItemResult("I1", "排水许可", None, "promised", "承诺件", 2, Decimal(5), Decimal(20), ()).promised_days
    Decimal('5')
    """

    id: str
    name: str | None
    department: str | None
    case_type: str | None
    label: str | None
    national_code: int | None
    promised_days: Decimal | None
    statutory_days: Decimal | None
    lacks: tuple[str, ...]
    due: Due | None = None
    dues: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class ApplicationResult(AsJson):
    """One application: what it is. `on` is the day that the rules were held against."""

    id: str
    on: date | None
    what: Classified


@dataclass(frozen=True, slots=True, repr=False)
class CaseResult(AsJson):
    """One case: what it is, and its clocks. `due` is the promised clock; where it does not run, or none of the records promises anything,
    the clock that runs and is the first to end.

    `outcomes` follow `Run.case_outcome_names`, what is decided about the case; None is open, not applicable, or no rule.
    `dues` are the clocks that run on it and are known to begin or to end; `due` is among them even while it is open whether it runs.
    `missing` names the application or item that the case refers to and the records do not hold. `department` and `window` are those that
    the case, else its application or item, names.
    """

    id: str
    application: str | None
    item: str | None
    on: date | None
    what: Classified
    due: Due | None
    dues: tuple[Due, ...]
    closed_on: date | None = None
    missing: tuple[str, ...] = ()
    outcomes: tuple[object, ...] = ()
    department: str | None = None
    window: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Rate(AsJson):
    """One measure of the rulebook over all rows of the run: exact, or None while it is open.

    `low` and `high` bound a number that is open, `undecided` names the facts that are wanted, `why` says why it cannot be counted.

    >>> Rate("completion_percent", "办结率", 98).value
    98
    """

    measure: str
    label: str | None
    value: object = None
    low: object = None
    high: object = None
    undecided: tuple[str, ...] = ()
    cite: str | None = None
    why: Words | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Rates(AsJson):
    """The measures of one subject of the table `about` (centre, department, window), and how many cases are its."""

    about: str
    id: str
    cases: int
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True, repr=False)
class SourceRead(AsJson):
    """One file that was read: its table, encoding where it is text, how many rows it gave, and whether its last line has an end (CSV)."""

    table: str
    file: str
    encoding: str | None
    rows: int
    ended: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Provenance(AsJson):
    """What was run: the rulebook by id, title and digest, settings given and still open, the calendar, and the days asked about."""

    book: str
    title: str | None
    digest: str
    settings: Mapping[str, str]
    settings_open: Mapping[str, str]
    calendar: str
    calendar_digest: str
    official_through: date
    on: date | None
    accepted_on: date | None
    now: date | None
    labels: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


class RunColumns(Protocol):
    """The applications and cases of a run in columns."""

    @property
    def applications(self) -> Any: ...
    @property
    def cases(self) -> Any: ...


_IN_COLUMNS: Final = ("applications", "cases")


@dataclass(frozen=True, repr=False)
class Run(AsJson):
    """Every row of the records, worked through: rows in are rows out and rows set aside.

    `items`, `applications`, `cases` are in the order of their files; `unread` counts, by table, the cells of each column that no fact is
    known for, `unheard` the pauses of each kind that stops no clock of the rulebook, `open_clocks` the cases of which it is open whether
    that clock runs; `not_read` names files that were not read. `rates` are the measures of the rulebook for each centre, department and
    window, as of `rates_as_of`: `now`, else the last day on record. A value: it can be pickled and
    compared. A case and its application take about 4 kB.
    """

    ran: Provenance
    sources: tuple[SourceRead, ...]
    outcome_names: tuple[str, ...]
    items: tuple[ItemResult, ...]
    applications: tuple[ApplicationResult, ...]
    cases: tuple[CaseResult, ...]
    set_aside: tuple[SetAside, ...]
    unread: Mapping[str, Mapping[str, int]]
    lang: Lang = "en"
    unheard: Mapping[str, int] = field(default_factory=dict)
    open_clocks: Mapping[str, int] = field(default_factory=dict)
    not_read: tuple[str, ...] = ()
    case_outcome_names: tuple[str, ...] = ()
    rates: tuple[Rates, ...] = ()
    rates_as_of: date | None = None
    _read_from: Path | None = field(default=None, compare=False, repr=False)
    _columns: RunColumns | None = field(default=None, init=False, compare=False, repr=False)

    @classmethod
    def in_columns(cls, columns: RunColumns, **others: Any) -> Run:
        """A run whose `applications` and `cases` are made of columns when they are first asked for."""
        run = cls(applications=(), cases=(), **others)
        for name in _IN_COLUMNS:
            del run.__dict__[name]
        run.__dict__["_columns"] = columns
        return run

    def __getattr__(self, name: str) -> Any:
        columns = self.__dict__.get("_columns")
        if name not in _IN_COLUMNS or columns is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        made = self.__dict__[name] = getattr(columns, name).results()
        return made

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, **{name: getattr(self, name) for name in _IN_COLUMNS}, "_columns": None}

    def _lang(self, lang: Lang | None) -> Lang:
        return self.lang if lang is None else known_lang(lang)

    @takes(RecordError, lang=optional(LANGUAGE))
    def summary(self, lang: Lang | None = None) -> dict[str, Any]:
        """The figures of the summary as plain JSON values; `by` has them by case type, department, window and item."""
        return cast("dict[str, Any]", machinery("run.figures:figures")(self, self._lang(lang)))

    def to_frame(self, table: str = "cases", *, lang: Lang | None = None) -> polars.DataFrame:
        """A table of the run as a Polars frame: "items", "applications", "cases", "clocks" or "set_aside".

        The columns are those of the file that `write` writes, by their ids, with days, numbers, yes and no, and lists as such; what
        may be a day or a moment is text. Another package takes it from there: `.to_pandas()`, `.to_arrow()`. Raises MissingPackage without
        polars (the extra `frames`), RecordError for another table.
        """
        return cast("polars.DataFrame", machinery("run.frames:frame")(self, table, self._lang(lang)))

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.summary:fragment")(self.summary("zh"), "zh"))

    @takes(RecordError, folder=PATH, lang=optional(LANGUAGE))
    def write(self, folder: str | Path, *, force: bool = False, lang: Lang | None = None) -> tuple[Path, ...]:
        """Write items.csv, applications.csv, cases.csv, clocks.csv, set_aside.csv, summary.html and summary.json; gives the paths.

        CSV is UTF-8 with BOM, so that spreadsheets show Chinese. Headings are the columns' ids in English and their names in Chinese;
        summary.json pairs them under `columns`, by file. The folder is written aside and put in its place whole: killed at any
        moment, it leaves the earlier result, the new one, or none. Of what lies there, only files of an earlier result that nobody changed
        since are replaced. Raises RecordError for a folder that holds anything but an earlier result, unless `force`; for one that has
        another file of these names; for the folder of the records, and one above it.
        """
        write = machinery("run.writing:write")
        return cast("tuple[Path, ...]", write(self, Path(folder), force=force, lang=self._lang(lang)))

    @takes(RecordError, url=TEXT, lang=optional(LANGUAGE))
    def write_into(self, url: str, *, lang: Lang | None = None) -> tuple[str, ...]:
        """Write the tables of `write` into a database, `postgresql://user@host/name` or `mysql://..`; gives the names of the tables.

        They are called run_items, run_applications, run_cases, run_clocks, run_set_aside; run_summary has the figures of summary.json as
        JSON, run_written says what each table holds. Columns are called by their ids, with days, exact numbers, yes and no as such; lists
        and what may be a day or a moment are text. All are there or none. Of what stands there, only tables of an earlier result that
        nobody changed since are replaced. Raises RecordError for a table of such a name that is somebody else's, for another run that
        writes there, for whatever the database refuses, without its password; MissingPackage without its driver.
        """
        return cast("tuple[str, ...]", machinery("run.stored_tables:write_into")(self, url, lang=self._lang(lang)))
