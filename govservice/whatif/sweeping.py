"""One rulebook over many values of its numbers: what each comes to, where an outcome turns, which number matters most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from govservice.as_json import AsJson
from govservice.doors import CALENDAR, DATE, MAPPING, TEXT, optional, takes
from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.reading import as_day, as_when
from govservice.rules.book.entries import Item, Part, Scheme
from govservice.rules.language.printing import written
from govservice.rules.language.values import exact, reported
from govservice.rules.rulebook import AnyBook, Rulebook, book_of
from govservice.upward import machinery
from govservice.whatif.results import Comparison, as_frame
from govservice.whatif.setting import plain, with_values
from govservice.whatif.working import Beside

if TYPE_CHECKING:
    import polars

    from govservice.calendars import WorkCalendar
    from govservice.counting.asked import When
    from govservice.records import Progress

__all__ = ["Point", "Sweep", "Tipping", "Weight", "sweep", "tipping_point", "weights"]

MOST: Final = 10_000  # points of one sweep
Figure = Callable[[Comparison], object]
FIGURES: Final[Mapping[str, Figure]] = {
    "moved_cases": lambda one: one.moved_cases,
    "shifted": lambda one: one.shifts_counted.shifted,
    "newly_overdue": lambda one: one.shifts_counted.newly_overdue,
    "no_longer_overdue": lambda one: one.shifts_counted.no_longer_overdue,
    "changed_scores": lambda one: one.changed_scores,
    "changed_grades": lambda one: len(one.grade_changes),
}


@dataclass(frozen=True, repr=False)
class Point(AsJson):
    """One set of values, and what the history comes to under it, beside the book as it stands."""

    values: Mapping[str, object]
    figures: Mapping[str, object]


@dataclass(frozen=True, repr=False)
class Sweep(AsJson):
    """Every point of a sweep, in the order of the values; `paths` are the places that were set."""

    paths: tuple[str, ...]
    points: tuple[Point, ...]

    def to_frame(self) -> polars.DataFrame:
        """A row a point: a column a path (as text where the values are no numbers), then a column a figure."""
        names = (*self.paths, *(self.points[0].figures if self.points else ()))
        columns = [[{**one.values, **one.figures}.get(name) for one in self.points] for name in names]
        return as_frame(names, columns)

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.book_shown:sweep_html")(self, "zh"))


@takes(values=MAPPING, on=optional(DATE), calendar=optional(CALENDAR))
def sweep(
    book: AnyBook,
    values: Mapping[str, Iterable[object]],
    records: Mapping[str, Any] | str | Path,
    *,
    figures: Mapping[str, Figure] | None = None,
    on: date | str | None = None,
    now: When | str | None = None,
    period: object = None,
    calendar: WorkCalendar | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """What a history comes to for each value of a number in the book; for several numbers, for each combination of their values.

    `values` are by path, as `Rulebook.amend` takes them; `settings.NAME` may be short for `settings.NAME.value`. `figures` say what is
    reported of each point: functions of the `Comparison` with the book as it stands (default: cases moved, days shifted, cases that become
    overdue or no longer are, scores and grades changed). `on`, `now`, `period` and `calendar` are those of `what_if`.
    The history is read and worked out once; of each point only what its change can reach. Raises RecordError for nothing to try, or more
    than 10,000 points; DecisionError for a path that leads nowhere.

    >>> from govservice.sample import centre_year
    >>> found = sweep("kunshan", {"settings.few_attachments": [1, 2, 3]}, centre_year(cases=120), period="2025-01")
    >>> [point.values["settings.few_attachments"] for point in found.points]
    [1, 2, 3]
    """
    paths = tuple(values)
    lists = [list(each) if not isinstance(each, str) else [each] for each in values.values()]
    size = 1
    for each in lists:
        size *= len(each)
    if not paths or not 0 < size <= MOST:
        many = f"{size if paths else 0:,}"
        what = Words(f"a sweep has 1 to {MOST:,} points, not {many}", f"要试的组合应为 1 到 {MOST:,} 种，不能是 {many} 种")
        raise RecordError(what, id="values")
    beside = Beside(book_of(book), records, as_day(on), as_when(now), period, calendar)
    points = []
    for count, combination in enumerate(product(*lists), 1):
        done = beside.what_if(with_values(beside.book, dict(zip(paths, combination, strict=True))))
        found = {name: figure(done) for name, figure in (figures or FIGURES).items()}
        points.append(Point(dict(zip(paths, map(plain, combination), strict=True)), found))
        if progress is not None:
            progress("points", count, size)
    return Sweep(paths, tuple(points))


@dataclass(frozen=True, repr=False)
class Tipping(AsJson):
    """Where an outcome turns: it is `before` up to `last`, and `after` from `first` on; `exact` where nothing lies between the two."""

    path: str
    last: object
    first: object
    before: object
    after: object
    exact: bool


@takes(path=TEXT, on=optional(DATE), calendar=optional(CALENDAR))
def tipping_point(
    book: AnyBook,
    path: str,
    records: Mapping[str, Any] | str | Path,
    outcome: Figure,
    *,
    among: Sequence[int | Decimal | float | str],
    on: date | str | None = None,
    now: When | str | None = None,
    period: object = None,
    calendar: WorkCalendar | None = None,
) -> Tipping | None:
    """The value of one number in the book at which something turns, found by halving; None where it is alike at both ends.

    `among` are the values that the number may have, in order (`range(50, 101)`); `outcome` is what is watched: a function of the
    `Comparison` with the book as it stands. Where it turns once, as a threshold does, the place is exact; where it turns back and forth,
    one of the places is found. Raises RecordError for fewer than two values.

    >>> from govservice.sample import centre_year
    >>> found = tipping_point(
    ...     "kunshan", "settings.few_attachments", centre_year(cases=120), lambda one: one.moved_cases, among=range(3), period="2025-01"
    ... )
    >>> found is None or found.exact
    True
    """
    values = list(among)
    if len(values) < 2:
        raise RecordError(
            Words(f"two values or more are needed, not {shown(values)}", f"至少要给两个值，不能是{shown(values)}"), id="among"
        )
    beside = Beside(book_of(book), records, as_day(on), as_when(now), period, calendar)

    def at(place: int) -> object:
        return outcome(beside.what_if(with_values(beside.book, {path: values[place]})))

    low, high = 0, len(values) - 1
    before, after = at(low), at(high)
    if before == after:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        found = at(middle)
        if found == before:
            low = middle
        else:
            high, after = middle, found
    return Tipping(path, plain(values[low]), plain(values[high]), before, after, exact=high - low == 1)


@dataclass(frozen=True, repr=False)
class Weight(AsJson):
    """How much one number of the book matters: what changes where it is a tenth lower, and where it is a tenth higher."""

    path: str
    label: str | None
    lower: object
    higher: object


@takes(on=optional(DATE), calendar=optional(CALENDAR))
def weights(
    book: AnyBook,
    records: Mapping[str, Any] | str | Path,
    *,
    figure: Figure | None = None,
    on: date | str | None = None,
    now: When | str | None = None,
    period: object = None,
    calendar: WorkCalendar | None = None,
) -> tuple[Weight, ...]:
    """Which number of a book matters most: each setting that has one, and the points of each scored item, a tenth lower and a tenth higher.

    A whole number moves by one at least. `figure` is what is counted (default: cases moved, scores and grades changed, together); the
    numbers that change most come first. The other arguments are those of `what_if`.

    >>> from govservice.sample import centre_year
    >>> weights("wuxi", centre_year(cases=60), period="2025-01")  # a book without scores and numbers of its own
    ()
    """
    beside = Beside(book_of(book), records, as_day(on), as_when(now), period, calendar)
    count = figure or (lambda one: one.moved_cases + one.changed_scores + len(one.grade_changes))
    found = []
    for path, label, lower, higher in _numbers(beside.book):
        results = [count(beside.what_if(with_values(beside.book, {path: value}))) for value in (lower, higher)]
        found.append(Weight(path, label, *results))
    return tuple(sorted(found, key=lambda one: -_size(one.lower) - _size(one.higher)))


def _size(change: object) -> float:
    return abs(float(change)) if isinstance(change, (int, float, Decimal)) else 0.0


def _numbers(book: Rulebook) -> Iterator[tuple[str, str | None, object, object]]:
    """The numbers that may be moved: where each stands, what it is called, and it lowered and raised."""
    contents = book.contents
    for id, setting in contents.settings.items():
        if isinstance(setting.value, (int, Fraction)) and not isinstance(setting.value, bool):
            step = abs(Fraction(setting.value)) / 10
            step = Fraction(max(1, round(step))) if setting.type.kind == "integer" else step
            yield f"settings.{id}", setting.label, _written(setting.value - step), _written(setting.value + step)
    for id, scheme in contents.schemes.items():
        for path, item in _items(f"schemes.{id}", scheme):
            text = written(item.points)
            yield f"{path}.points", item.label, f"({text}) * 9 / 10", f"({text}) * 11 / 10"


def _items(path: str, of: Scheme | Part) -> Iterator[tuple[str, Item]]:
    for id, part in of.parts.items():
        yield from _items(f"{path}.parts.{id}", part)
    if isinstance(of, Part):
        yield from ((f"{path}.items.{item.id}", item) for item in of.items)
    else:
        yield from ((f"{path}.adjust.{item.id}", item) for item in of.adjust)


def _written(number: Fraction | int) -> object:
    value = reported(exact(Fraction(number)))
    return value if isinstance(value, (int, Decimal)) else str(value)
