"""A made-up year of a service centre, of any size: the same rows for the same seed, one working day after another.

Nothing in it happened. Its rates are those that centres publish: 46.5 % of the cases instant (Wuxi, 2009), 76 % of the limits cut and the
promised ones on average a third below the statutory ones, 381 of 429 items placed, 99.9 % of the cases completed (Haimen), 98 % satisfied
(Jiangyong). Everything else is drawn.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias, overload

from govservice import plain_csv
from govservice.calendars import china
from govservice.doors import PATH, takes
from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.packages import polars_for

if TYPE_CHECKING:
    import polars

__all__ = ["CentreYear", "Rows", "centre_year"]

Columns: TypeAlias = Mapping[str, Sequence[Any]]
_NEEDING: Final = Words("frames and Parquet need polars", "数据框和 Parquet 需要 polars")
_FILES: Final = {"item": "items"}  # as the main job looks for them
MADE_UP: Final = Words("made up: nothing in it happened", "虚构：其中一切都没有发生过")

_MONTHS: Final = (8, 5, 11, 10, 9, 9, 9, 8, 9, 6, 8, 8)  # how busy a month is: weak around the Spring Festival and in October
_WEEKDAYS: Final = (13, 11, 10, 10, 9, 6, 6)  # Monday first; make-up workdays at the weekend are quiet
_RATINGS: Final = (("very_satisfied", 780), ("satisfied", 200), ("dissatisfied", 20))
_VIEWS: Final = [name for name, _ in _RATINGS]
_LIKED: Final = list(accumulate(often for _, often in _RATINGS))
_KINDS: Final = (
    ("late", 300), ("early", 120), ("left_post", 90), ("dress", 110), ("untidy", 90), ("uncivil", 40), ("supplement_unexplained", 60),
    ("irregular_procedure", 50), ("archive_irregular", 45), ("meeting_late", 40), ("meeting_absent", 15), ("training_late", 20),
    ("enquiry_unanswered", 20),
)  # fmt: skip
_OF_WINDOWS: Final = frozenset(("untidy", "supplement_unexplained", "irregular_procedure", "archive_irregular"))
_INSTANT: Final = 0.465
_SECTIONS: Final = ("登记", "许可", "备案", "年检", "变更", "核准")
_STATUTORY: Final = (5, 10, 15, 20, 20, 20, 30, 45, 60)


def centre_year(cases: int = 1_200_000, seed: int = 1, *, year: int = 2025) -> CentreYear:
    """The records of a made-up centre over a year, by table, as every verb takes them; nothing is held but the small tables.

    `cases` are received over the year's working days, `seed` says which of all such years it is: the same numbers give the same rows,
    on every machine. There is an event for every four cases, and a window for every two thousand (at least six, at most 250), each with
    four members of staff. Windows have the rating that Kunshan's assessment asks for; tables that only one centre keeps (swipes, leaves,
    complaints) are not there. Raises RecordError for a size or year that cannot be.

    >>> made = centre_year(cases=1_000, seed=1)
    >>> len(made["cases"]), made["cases"][0]["received_on"]
    (1000, datetime.date(2025, 1, 2))
    >>> made["cases"][17] == centre_year(cases=1_000, seed=1)["cases"][17]
    True
    """
    for name, given, low, high in (("cases", cases, 0, 10**9), ("seed", seed, 0, 2**63), ("year", year, 2008, 2100)):
        if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
            raise RecordError(
                Words(
                    f"{name} is a whole number from {low} to {high}, not {shown(given)}",
                    f"{name} 是 {low} 到 {high} 的整数，不能是{shown(given)}",
                ),
                id=name,
            )
    return CentreYear(cases, seed, year)


class Rows(Sequence[Mapping[str, Any]]):
    """The rows of one table, made when they are asked for; their count and order are fixed. `blocks` gives them by column."""

    def __init__(self, sizes: Sequence[int], block: Any) -> None:
        self._ends = list(accumulate(sizes))
        self._block = block

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        for columns in self.blocks():
            yield from _as_rows(columns)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(at, slice):
            return [self[place] for place in range(len(self))[at]]
        place = range(len(self))[at]
        number = bisect_right(self._ends, place)
        columns = self._block(number)
        within = place - (self._ends[number - 1] if number else 0)
        return next(_as_rows({name: [values[within]] for name, values in columns.items()}))

    def blocks(self) -> Iterator[Columns]:
        """The rows by column, some thousand at a time."""
        return (self._block(number) for number, end in enumerate(self._ends) if end > (self._ends[number - 1] if number else 0))


def _as_rows(columns: Columns) -> Iterator[Mapping[str, Any]]:
    """Rows, with what is not known left out."""
    for values in zip(*columns.values(), strict=True):
        yield {name: value for name, value in zip(columns, values, strict=True) if value is not None}


@dataclass(frozen=True, eq=False)
class CentreYear(Mapping[str, Rows]):
    """The tables of a made-up year: item, department, window, staff, events, cases; see `centre_year`."""

    cases: int
    seed: int
    year: int

    def __getitem__(self, table: str) -> Rows:
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<CentreYear {self.year}, {self.cases:,} cases, seed {self.seed}: {MADE_UP.en}>"

    def frames(self) -> dict[str, polars.DataFrame]:
        """Each table as a Polars frame. Raises MissingPackage without polars.

        >>> centre_year(cases=100).frames()["cases"].height
        100
        """
        pl = polars_for(_NEEDING)
        return {name: pl.concat([_framed(pl, block) for block in rows.blocks()]) for name, rows in self.items()}

    @takes(RecordError, folder=PATH)
    def write(self, folder: str | Path, *, form: str = "csv") -> tuple[Path, ...]:
        """Write each table to a folder, as `csv` (UTF-8 with byte order mark) or `parquet`, a block at a time; gives the paths.

        Raises RecordError for another form, MissingPackage for Parquet without polars and pyarrow.
        """
        if form not in ("csv", "parquet"):
            raise RecordError(
                Words(f"the form is csv or parquet, not {shown(form)}", f"格式为 csv 或 parquet，不能是{shown(form)}"), id="form"
            )
        out = Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        put = _put_csv if form == "csv" else _put_parquet
        return tuple(put(out / f"{_FILES.get(name, name)}.{form}", rows) for name, rows in self.items())

    # -- sizes

    @cached_property
    def _windows(self) -> int:
        return max(6, min(250, self.cases // 2_000))

    @cached_property
    def _departments(self) -> int:
        return max(3, self._windows // 5)

    @cached_property
    def _staff(self) -> int:
        return 4 * self._windows

    @cached_property
    def _items(self) -> int:
        return max(24, min(912, self._windows * 6))

    @cached_property
    def _days(self) -> tuple[date, ...]:
        """The year's working days."""
        calendar, first = china(), date(self.year, 1, 1)
        days = (first + timedelta(number) for number in range(366))
        return tuple(day for day in days if day.year == self.year and calendar.is_workday(day))

    @cached_property
    def _later(self) -> tuple[date, ...]:
        """The working days of the year and after it, to count on by place."""
        calendar, day = china(), self._days[-1]
        more: list[date] = []
        while len(more) < 80:
            day = calendar.add_workdays(day, 1)
            more.append(day)
        return (*self._days, *more)

    def _shared_out(self, total: int) -> list[int]:
        """How many of so many fall on each working day: by month and weekday, with nothing lost in rounding."""
        weights = list(accumulate(_MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] for day in self._days))
        ends = [total * weight // weights[-1] for weight in weights]
        return [end - before for end, before in zip(ends, [0, *ends], strict=False)]

    @cached_property
    def _tables(self) -> dict[str, Rows]:
        cases, events = self._shared_out(self.cases), self._shared_out(self.cases // 4)
        firsts = [0, *accumulate(cases)]
        return {
            "item": Rows([self._items], lambda _: self._item_columns),
            "department": Rows([self._departments], lambda _: {"department": [f"D{n}" for n in range(1, self._departments + 1)]}),
            "window": Rows([self._windows], lambda _: self._window_columns),
            "staff": Rows([self._staff], lambda _: self._staff_columns),
            "events": Rows(events, lambda number: self._events_of(number, events[number])),
            "cases": Rows(cases, lambda number: self._cases_of(number, firsts[number], cases[number])),
        }

    def _chance(self, what: str, number: int = 0) -> random.Random:
        """Where one block's draws come from: nothing that another block draws moves them."""
        return random.Random(f"{self.seed}/{self.year}/{what}/{number}")

    # -- the small tables

    @cached_property
    def _item_columns(self) -> Columns:
        chance = self._chance("item")
        every = range(1, self._items + 1)
        instant = [chance.random() < _INSTANT for _ in every]
        statutory = [_STATUTORY[int(chance.random() * len(_STATUTORY))] for _ in every]
        cut = [chance.random() < 0.76 for _ in every]
        kept = [max(1, round(days * 0.56)) if shorter else days for days, shorter in zip(statutory, cut, strict=True)]
        promised = [1 if at_once else days for at_once, days in zip(instant, kept, strict=True)]
        placed = [chance.random() for _ in every]
        return {
            "item": [f"I{n}" for n in every],
            "item_name": [f"示例{_SECTIONS[n % len(_SECTIONS)]}事项{n}" for n in every],
            "department": [f"D{n % self._departments + 1}" for n in every],
            "kind": ["approval" if n * 912 <= 381 * self._items else "public_service" for n in every],
            "placement": ["centre" if part < 381 / 429 else "branch" if part < 423 / 429 else "township" for part in placed],
            "case_type": ["instant" if at_once else "promised" for at_once in instant],
            "statutory_days": statutory,
            "promised_days": promised,
            "earlier_days": [days if shorter else None for days, shorter in zip(statutory, cut, strict=True)],
        }

    @cached_property
    def _window_columns(self) -> Columns:
        chance = self._chance("window")
        every = range(1, self._windows + 1)
        views = chance.choices(("good", "fairly_good", "average", "poor"), weights=(60, 28, 10, 2), k=self._windows)
        return {"window": [f"W{n}" for n in every], "department": [f"D{n % self._departments + 1}" for n in every], "overall_rating": views}

    @cached_property
    def _staff_columns(self) -> Columns:
        every = range(self._staff)
        windows = [n // 4 + 1 for n in every]
        return {
            "staff": [f"S{n + 1}" for n in every],
            "staff_name": [f"示例人员{n + 1}" for n in every],
            "window": [f"W{n}" for n in windows],
            "department": [f"D{n % self._departments + 1}" for n in windows],
        }

    @cached_property
    def _habits(self) -> list[int]:
        """How often somebody is in the events: most seldom, some over and over; summed up, to draw from."""
        chance = self._chance("habits")
        return list(accumulate(1 + int(12 * min(chance.random() for _ in range(3))) for _ in range(self._staff)))

    # -- the days

    def _events_of(self, number: int, size: int) -> Columns:
        chance = self._chance("events", number)
        kinds = chance.choices([kind for kind, _ in _KINDS], cum_weights=list(accumulate(often for _, often in _KINDS)), k=size)
        who = chance.choices(range(self._staff), cum_weights=self._habits, k=size)
        marked = [kind == "uncivil" for kind in kinds]
        return {
            "kind": kinds,
            "staff": [None if kind in _OF_WINDOWS else f"S{n + 1}" for kind, n in zip(kinds, who, strict=True)],
            "window": [f"W{n // 4 + 1}" for n in who],
            "on": [self._days[number]] * size,
            "verified": [chance.random() < 0.9 for _ in who],
            "assessed": [-1 - (n % 2) if one else None for one, n in zip(marked, who, strict=True)],
            "minutes": [1 + int(chance.random() * 45) if kind in ("late", "early") else None for kind in kinds],
        }

    def _cases_of(self, number: int, first: int, size: int) -> Columns:
        chance = self._chance("cases", number)
        draw = chance.random
        received = self._days[number]
        items = [int(draw() * self._items) for _ in range(size)]
        at_once = [self._item_columns["case_type"][n] == "instant" for n in items]
        promised = [0 if now else self._item_columns["promised_days"][n] for n, now in zip(items, at_once, strict=True)]
        staff = [int(draw() * self._staff) for _ in range(size)]
        main = chance.choices(("present", "not_brought", "lacking"), cum_weights=(976, 991, 1000), k=size)
        nonmain = [1 + int(draw() * 2) if draw() < 0.02 else 0 for _ in range(size)]
        attached = [1 + int(draw() * 3) if draw() < 0.001 else 0 for _ in range(size)]
        late = [1 + int(draw() * 4) if draw() < 0.004 else 0 for _ in range(size)]
        waited = [0 if draw() < 0.9 else 1 + int(draw() * 3) for _ in range(size)]
        whole = [m == "present" and not n and not a for m, n, a in zip(main, nonmain, attached, strict=True)]
        accepted = [number + (0 if ready else 1 + wait) for ready, wait in zip(whole, waited, strict=True)]
        used = [
            days + over if days and over else min(days, round(days * (0.2 + 0.6 * draw())))
            for days, over in zip(promised, late, strict=True)
        ]
        ended = [min(start + spent, len(self._later) - 1) for start, spent in zip(accepted, used, strict=True)]
        left = [draw() < 0.001 for _ in range(size)]
        closed = [None if never or end >= len(self._days) else self._later[end] for end, never in zip(ended, left, strict=True)]
        several = [2 + int(draw() * 2) if days and draw() < 0.06 else 1 for days in promised]
        project = [draw() for _ in range(size)]
        worth = [(1 + int(9 * draw())) * 10 ** (5 + int(4 * draw())) if part < 0.03 else None for part in project]
        foreign = [0.02 <= part < 0.023 for part in project]
        kinds = ["building" if part < 0.01 else "enterprise" if part < 0.03 else "other" for part in project]
        liked = chance.choices(_VIEWS, cum_weights=_LIKED, k=size)
        return {
            "case": [f"C{first + n + 1:08}" for n in range(size)],
            "item": [f"I{n + 1}" for n in items],
            "window": [f"W{n // 4 + 1}" for n in staff],
            "staff": [f"S{n + 1}" for n in staff],
            "received_on": [received] * size,
            "materials_completed_on": [self._later[place] for place in accepted],
            "accepted_on": [self._later[place] for place in accepted],
            "decided_on": closed,
            "closed_on": closed,
            "rating": [one if day is not None and draw() < 0.4 else None for one, day in zip(liked, closed, strict=True)],
            "result_wrong": [None if day is None else draw() < 0.0005 for day in closed],
            "formal": [True] * size,
            "ordinary": [not days or draw() < 0.7 for days in promised],
            "simple": [not days for days in promised],
            "same_day_possible": [not days for days in promised],
            "needs_review": [bool(days) for days in promised],
            "needs_survey": [days >= 15 and draw() < 0.3 for days in promised],
            "needs_archive_check": [bool(days) and draw() < 0.02 for days in promised],
            "goes_up": [days >= 10 and draw() < 0.05 for days in promised],
            "major": [draw() < 0.002 for _ in range(size)],
            "complex": [days >= 15 and draw() < 0.1 for days in promised],
            "departments": several,
            "main_document": main,
            "nonmain_missing": nonmain,
            "attachments_missing": attached,
            "missing_affects_approval": [False if ready else draw() < 0.01 for ready in whole],
            "applicant_promises": [None if ready else draw() < 0.99 for ready in whole],
            "plainly_against_policy": [draw() < 0.002 for _ in range(size)],
            "plainly_against_plan": [draw() < 0.001 for _ in range(size)],
            "meets_conditions": [draw() < 0.996 for _ in range(size)],
            "recognised_urgent": [draw() < 0.003 for _ in range(size)],
            "key_project": [part < 0.002 for part in project],
            "assigned_by_leaders": [False] * size,
            "project_kind": kinds,
            "foreign_invested": foreign,
            "capital_cny": [
                sum_ if kind == "enterprise" and not abroad else None for sum_, kind, abroad in zip(worth, kinds, foreign, strict=True)
            ],
            "capital_usd": [sum_ // 7 if sum_ is not None and abroad else None for sum_, abroad in zip(worth, foreign, strict=True)],
            "investment_cny": [sum_ if kind == "building" else None for sum_, kind in zip(worth, kinds, strict=True)],
        }


_DAYS: Final = frozenset(("on", "received_on", "materials_completed_on", "accepted_on", "decided_on", "closed_on"))
_NUMBERS: Final = frozenset(
    ("statutory_days", "promised_days", "earlier_days", "assessed", "minutes", "departments", "nonmain_missing", "attachments_missing",
     "capital_cny", "capital_usd", "investment_cny"),
)  # fmt: skip
_FLAGS: Final = frozenset(
    ("verified", "result_wrong", "formal", "ordinary", "simple", "same_day_possible", "needs_review", "needs_survey", "needs_archive_check",
     "goes_up", "major", "complex", "missing_affects_approval", "applicant_promises", "plainly_against_policy", "plainly_against_plan",
     "meets_conditions", "recognised_urgent", "key_project", "assigned_by_leaders", "foreign_invested"),
)  # fmt: skip


def _framed(pl: Any, block: Columns) -> Any:
    """One block as a frame, each column of one type whatever the block holds."""
    kinds = {**dict.fromkeys(_DAYS, pl.Date), **dict.fromkeys(_NUMBERS, pl.Int64), **dict.fromkeys(_FLAGS, pl.Boolean)}
    return pl.DataFrame(dict(block), schema={name: kinds.get(name, pl.String) for name in block})


def _put_csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = plain_csv.writer(file)
        for number, block in enumerate(rows.blocks()):
            if not number:
                out.writerow(block)
            out.writerows(zip(*(_as_text(values) for values in block.values()), strict=True))
    return path


def _as_text(values: Sequence[Any]) -> Sequence[Any]:
    """The cells of a column as exports write them: true and false in Chinese, days by ISO."""
    return [("是" if value else "否") if isinstance(value, bool) else value for value in values]


def _put_parquet(path: Path, rows: Rows) -> Path:
    pl = polars_for(_NEEDING)
    import pyarrow.parquet as pq

    writer = None
    try:
        for block in rows.blocks():
            table = _framed(pl, block).to_arrow()
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
    return path
