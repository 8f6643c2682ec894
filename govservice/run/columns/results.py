"""What applications and cases came to, in columns: as results one by one, and as lines of the tables that are written."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from govservice import plain_csv
from govservice.errors import Lang
from govservice.frozen import frozen, of_unchanging
from govservice.run.cells import cell
from govservice.run.columns.coded import Coded, Interned
from govservice.run.columns.grouping import Filled, grouped
from govservice.run.due_days import Dues
from govservice.run.results import ApplicationResult, CaseResult
from govservice.run.tables import clock_cells, course_cells, due_cells, what_cells

if TYPE_CHECKING:
    from govservice.run.results import Due

__all__ = ["ApplicationColumns", "CaseColumnsOfRun", "RunInColumns"]

_CASE: Final = "\0case"  # stands for the id of a case in a line that many cases share
_AT_ONCE: Final = 4_096  # lines
_QUOTED: Final = frozenset('",\r\n')


class RunInColumns(NamedTuple):
    """The applications and cases of a run."""

    applications: ApplicationColumns
    cases: CaseColumnsOfRun


class ApplicationColumns:
    """Applications as columns; `put` says what one comes to, `keep` leaves only some of them."""

    def __init__(self, ids: list[str], on: Filled, what: Filled) -> None:
        self.ids, self.on, self.what = ids, on, what

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.ids)

    def put(self, row: int, result: ApplicationResult) -> None:
        """What one application comes to."""
        self.on.put(row, result.on)
        self.what.put(row, result.what)

    def keep(self, rows: Any) -> None:
        """Leave only these."""
        self.ids = _of_rows(self.ids, rows)
        self.on, self.what = self.on.of_rows(rows), self.what.of_rows(rows)

    def tally(self, what: Callable[[Any], Any]) -> Counter[Any]:
        """How many there are of each kind that `what` makes of what they are."""
        return Counter({kind: count for (kind,), count in _tally(self.size, [(self.what, what)]).items()})

    def results(self) -> tuple[ApplicationResult, ...]:
        """Each by itself."""
        return _made(ApplicationResult, self.ids, self.on.list(), self.what.list())

    def lines(self, outcomes: Sequence[str], lang: Lang) -> Iterator[str]:
        """The lines of the table."""
        what = _written(self.what, lambda value: what_cells(outcomes, value), lang)
        return _joined([_texts(self.ids, lang), _written(self.on, _alone, lang), what])


class CaseColumnsOfRun:
    """Cases as columns; `put` says what one comes to, `keep` leaves only some of them."""

    def __init__(
        self, ids: list[str], application: list[str | None], item: list[str | None], on: Filled, what: Filled, dues: Filled, closed: Filled,
        missing: Filled, outcomes: list[Filled], department: Filled, window: Filled,
    ) -> None:  # fmt: skip
        self.ids, self.application, self.item = ids, application, item
        self.on, self.what, self.dues, self.closed, self.missing = on, what, dues, closed, missing
        self.outcomes, self.department, self.window = outcomes, department, window
        self.places: Any = None  # of these among the rows of the table

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.ids)

    def put(self, row: int, result: CaseResult) -> None:
        """What one case comes to."""
        self.application[row], self.item[row] = result.application, result.item
        self.on.put(row, result.on)
        self.what.put(row, result.what)
        self.dues.put(row, Dues(result.due, result.dues, ()))
        self.closed.put(row, result.closed_on)
        self.missing.put(row, result.missing)
        self.department.put(row, result.department)
        self.window.put(row, result.window)
        for column, value in zip(self.outcomes, result.outcomes, strict=True):
            column.put(row, value)

    def keep(self, rows: Any) -> None:
        """Leave only these."""
        self.places = rows
        self.ids, self.application, self.item = (_of_rows(texts, rows) for texts in (self.ids, self.application, self.item))
        for name in ("on", "what", "dues", "closed", "missing", "department", "window"):
            setattr(self, name, getattr(self, name).of_rows(rows))
        self.outcomes = [column.of_rows(rows) for column in self.outcomes]

    def due_again(self, main: Callable[[Dues], Dues]) -> None:
        """Say again of each case which clock says when it is due."""
        self.dues.values = [None if dues is None else main(dues) for dues in self.dues.values]

    def open_clocks(self) -> Counter[str]:
        """Of how many cases it is open whether each clock runs."""
        import numpy as np

        counted: Counter[str] = Counter()
        often = np.bincount(self.dues.codes, minlength=len(self.dues.values))
        for dues, count in zip(self.dues.values, often.tolist(), strict=True):
            if count and dues is not None:
                counted.update(dict.fromkeys(dues.open, count))
        return counted

    def all_dues(self) -> Iterator[Due]:
        """Every clock that some case has."""
        import numpy as np

        there = np.unique(self.dues.codes)
        return (due for code in there.tolist() if code for due in self.dues.values[code].all)

    def _part(self, name: str) -> Filled:
        if name != "item":
            made: Filled = getattr(self, name)
            return made
        import numpy as np

        numbers: dict[str | None, int] = {None: 0}
        made = Filled(0)
        made.codes = np.array([numbers.setdefault(item, len(numbers)) for item in self.item], dtype=np.int64)
        made.values = list(numbers)
        return made

    def tally(self, of: Mapping[str, Callable[[Any], Any]]) -> Counter[tuple[Any, ...]]:
        """How many there are of each combination of what these parts come to."""
        return _tally(self.size, [(self._part(name), made) for name, made in of.items()])

    def picked(self, of: Mapping[str, Callable[[Any], bool]]) -> tuple[CaseResult, ...]:
        """Those of which every part is as it says."""
        import numpy as np

        there = np.ones(self.size, dtype=bool)
        for name, holds in of.items():
            said = _mapped(self._part(name), holds)
            there &= np.array([value is True for value in said.values], dtype=bool)[said.codes]
        return self._of_rows(np.flatnonzero(there))

    def results(self) -> tuple[CaseResult, ...]:
        """Each by itself."""
        import numpy as np

        return self._of_rows(np.arange(self.size))

    def _of_rows(self, rows: Any) -> tuple[CaseResult, ...]:
        """Some, each by itself."""

        def values(column: Filled) -> list[Any]:
            return column.of_rows(rows).list()

        outcomes: Any = zip(*map(values, map(_frozen, self.outcomes)), strict=True) if self.outcomes else ((),) * len(rows)
        dues: list[Dues] = values(self.dues)
        columns = (
            *(_of_rows(texts, rows) for texts in (self.ids, self.application, self.item)), values(self.on), values(self.what),
            (each.main for each in dues), (each.all for each in dues), values(self.closed), values(self.missing), outcomes,
            values(self.department), values(self.window),
        )  # fmt: skip
        return _made(CaseResult, *columns)

    def lines(self, outcomes: Sequence[str], called: Mapping[str, str], lang: Lang) -> Iterator[str]:
        """The lines of the table of cases; `called` are the labels of the run."""
        columns = [
            _texts(self.ids, lang), _texts(self.application, lang), _texts(self.item, lang), _written(self.on, _alone, lang),
            _written(self.what, lambda value: what_cells(outcomes, value), lang),
            _written(self.dues, lambda value: (*due_cells(value.main), *course_cells(value.main, called)), lang),
            *(_written(column, _alone, lang) for column in (self.closed, self.missing, self.department, self.window, *self.outcomes)),
        ]  # fmt: skip
        return _joined(columns)

    def clock_lines(self, called: Mapping[str, str], lang: Lang) -> Iterator[str]:
        """The lines of the table of clocks; `called` are the labels of the run."""
        known: dict[int, str] = {}

        def line(due: Due) -> str:
            if id(due) not in known:
                known[id(due)] = f"{_CASE},{_cells(clock_cells(due, called), lang)}\r\n"
            return known[id(due)]

        shared = [""] + ["" if dues is None else "".join(map(line, dues.all)) for dues in self.dues.values[1:]]
        lines = zip(_texts(self.ids, lang), self.dues.codes.tolist(), strict=True)
        yield from _together(shared[code].replace(_CASE, id_) for id_, code in lines if code and shared[code])


def _tally(size: int, parts: Sequence[tuple[Filled, Callable[[Any], Any]]]) -> Counter[tuple[Any, ...]]:
    """How many rows there are of each combination of what values come to, in the order of their first."""
    import numpy as np

    columns = [_mapped(column, made) for column, made in parts]
    groups, firsts = grouped(columns, np.arange(size))
    counts = np.bincount(groups, minlength=len(firsts)).tolist()
    kinds = [[column.values[code] for code in column.codes[firsts].tolist()] for column in columns]
    return Counter(dict(zip(zip(*kinds, strict=True) if kinds else [()] * len(firsts), counts, strict=True)))


def _mapped(column: Filled, made: Callable[[Any], Any]) -> Coded:
    """What values come to, where nothing is one of them."""
    import numpy as np

    interned = Interned()
    used = np.unique(column.codes)
    numbers = np.zeros(len(column.values), dtype=np.int64)
    numbers[used] = [interned.number(made(column.values[code])) for code in used.tolist()]
    return Coded(numbers[column.codes], interned.values)


_Result = TypeVar("_Result")


def _made(kind: type[_Result], *columns: Iterable[Any]) -> tuple[_Result, ...]:
    """Results of a kind from values that nobody can change, field by field."""
    return tuple(of_unchanging(kind, values) for values in zip(*columns, strict=True))


def _frozen(column: Filled) -> Filled:
    whole = column.of_rows(slice(None))
    whole.values = [frozen(value) for value in column.values]
    return whole


def _of_rows(texts: list[Any], rows: Any) -> list[Any]:
    return texts if len(rows) == len(texts) else [texts[row] for row in rows.tolist()]


def _alone(value: object) -> tuple[object, ...]:
    return (value,)


def _written(column: Filled, cells: Callable[[Any], Sequence[object]], lang: Lang) -> list[str]:
    """What stands in a line for each row, delimiters within it; each value is written once."""
    import numpy as np

    used = np.zeros(len(column.values), dtype=bool)
    used[column.codes] = True
    texts = [_cells(cells(value), lang) if is_used else "" for value, is_used in zip(column.values, used.tolist(), strict=True)]
    return [texts[code] for code in column.codes.tolist()]


def _cells(values: Sequence[object], lang: Lang) -> str:
    """Cells as they stand in a line of CSV."""
    return ",".join(_quoted(cell(value, lang)) for value in values)


def _quoted(text: str) -> str:
    if _QUOTED.isdisjoint(text):
        return text
    out = io.StringIO()
    plain_csv.writer(out).writerow((text, ""))
    return out.getvalue()[:-3]


def _texts(values: Sequence[str | None], lang: Lang) -> list[str]:
    """Texts of their own as cells."""
    return ["" if value is None else value if value.isalnum() else _quoted(cell(value, lang)) for value in values]


def _joined(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of these cells, many at a time."""
    yield from _together(f"{line}\r\n" for line in map(",".join, zip(*columns, strict=True)))


def _together(lines: Iterable[str]) -> Iterator[str]:
    """Lines that are written one after another, many at a time."""
    lines = iter(lines)
    while many := "".join(islice(lines, _AT_ONCE)):
        yield many
