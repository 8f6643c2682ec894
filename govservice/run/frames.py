"""A table of a run as a Polars frame: the columns of the file that `Run.write` writes, their values typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import Lang, RecordError, Words, did_you_mean
from govservice.packages import polars_for
from govservice.run.column_kinds import LISTS, kind_of, text_of
from govservice.run.results import Run
from govservice.run.tables import application_rows, aside_rows, case_rows, clock_rows, item_rows

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
    text = partial(text_of, lang=lang)
    if name in LISTS:
        made = [None if value is None else [text_of(part, lang) or "-" for part in _parts(value)] for value in values]
        return pl.Series(name, made, dtype=pl.List(pl.String))
    kind = kind_of(name, values)
    if kind.name == "text":
        return pl.Series(name, [text(value) for value in values], dtype=pl.String)
    if kind.name == "decimal":
        return pl.Series(name, [None if value is None else Decimal(str(value)) for value in values], dtype=pl.Decimal(38, kind.scale))
    return pl.Series(name, values, dtype={"boolean": pl.Boolean, "date": pl.Date, "integer": pl.Int64}[kind.name])


def _parts(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) and not isinstance(value, Words) else (value,)
