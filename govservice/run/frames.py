"""A table of a run as a Polars frame: the columns of the file that `Run.write` writes, their values typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import Lang, RecordError, Words, did_you_mean
from govservice.packages import polars_for
from govservice.run.results import Run
from govservice.run.tables import application_rows, aside_rows, case_rows, clock_rows, item_rows
from govservice.run.writing import cell

if TYPE_CHECKING:
    import polars

__all__ = ["frame"]

_TABLES: Final[Mapping[str, Callable[[Run, Lang], Iterator[tuple[object, ...]]]]] = {
    "items": lambda run, _: item_rows(run),
    "applications": lambda run, _: application_rows(run),
    "cases": lambda run, _: case_rows(run),
    "clocks": lambda run, _: clock_rows(run),
    "set_aside": lambda run, lang: aside_rows(run.set_aside, lang),
}
_FLAGS: Final = frozenset(("open", "due_official", "due_late", "applies", "official", "late"))
_DAYS: Final = frozenset(("on", "due_on", "due_earliest", "due_latest", "earliest", "latest", "closed_on"))
_NUMBERS: Final = frozenset(("promised_days", "statutory_days", "used", "left", "overdue_by"))
_WHOLE: Final = frozenset(("national_code", "row", "line"))
_LISTS: Final = frozenset(
    ("possible", "undecided", "notices", "lacks", "due_undecided", "signals", "missing", "paused", "extended")
)  # fmt: skip


def frame(run: Run, table: str, lang: Lang) -> polars.DataFrame:
    """See `Run.to_frame`."""
    if table not in _TABLES:
        listed = ", ".join(_TABLES)
        raise RecordError(
            Words(f"a run has no table {table!r}", f"运行结果没有“{table}”这个表"),
            hint=did_you_mean(str(table), _TABLES, Words(f"it has: {listed}", f"它有：{listed}")),
            id="table",
        )
    pl = polars_for(Words("a frame needs polars", "生成数据框需要 polars"))
    head, *rows = _TABLES[table](run, lang)
    columns = zip(*rows, strict=True) if rows else ((),) * len(head)
    made: polars.DataFrame = pl.DataFrame([_series(pl, str(name), values, lang) for name, values in zip(head, columns, strict=True)])
    return made


def _series(pl: Any, name: str, values: Sequence[object], lang: Lang) -> Any:
    """A column of the type that its name says, an outcome's by its values; where these are of several kinds, as text."""
    text = partial(_text, lang=lang)
    if name in _LISTS:
        made = [None if value is None else [_text(part, lang) or "-" for part in _parts(value)] for value in values]
        return pl.Series(name, made, dtype=pl.List(pl.String))
    kind = _declared(pl, name, values) or _seen(pl, values)
    if kind == pl.String:
        return pl.Series(name, [text(value) for value in values], dtype=pl.String)
    if kind == pl.Decimal:
        scale = max((_digits(value) for value in values), default=0)
        return pl.Series(name, [None if value is None else Decimal(str(value)) for value in values], dtype=pl.Decimal(38, scale))
    return pl.Series(name, values, dtype=kind)


def _parts(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) and not isinstance(value, Words) else (value,)


def _declared(pl: Any, name: str, values: Sequence[object]) -> Any:
    """The type of a column that every run has, be it empty; none of what else goes by its name (an outcome of the book)."""
    for names, kinds, made in (
        (_FLAGS, (bool,), pl.Boolean), (_DAYS, (date,), pl.Date), (_WHOLE, (int,), pl.Int64), (_NUMBERS, (int, Decimal), pl.Decimal),
    ):  # fmt: skip
        if name in names and all(value is None or (type(value) in kinds and _fits(value)) for value in values):
            return made
    return None


def _seen(pl: Any, values: Sequence[object]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return pl.Boolean
    if kinds == {date}:
        return pl.Date
    if kinds == {int} and all(isinstance(value, int) and -(2**63) <= value < 2**63 for value in values if value is not None):
        return pl.Int64
    return pl.Decimal if kinds and kinds <= {int, Decimal} and all(map(_fits, values)) else pl.String


def _fits(value: object) -> bool:
    """Whether a number has a place in 38 digits, 28 of them before the point."""
    if isinstance(value, int):
        return abs(value) < 10**28
    return not isinstance(value, Decimal) or (value.is_finite() and abs(value) < 10**28 and _digits(value) <= 10)


def _digits(value: object) -> int:
    return max(-int(value.as_tuple().exponent), 0) if isinstance(value, Decimal) else 0


def _text(value: object, lang: Lang) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime | date):
        return value.isoformat()
    return cell(value, lang).removeprefix("'") if not isinstance(value, str) else value
