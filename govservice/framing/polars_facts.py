"""Facts from the columns of a Polars frame: those of the declared type as they stand, others cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import Words
from govservice.framing.cells import DIGITS, read_cells, read_choices, value_kind
from govservice.framing.places import no_column
from govservice.framing.polars_printer import BLANKS
from govservice.rules.language.values import Type
from govservice.rules.meaning.columns import numbers
from govservice.rules.meaning.columns.compiling import literal_kind
from govservice.rules.meaning.columns.nodes import (  # fmt: skip
    FALSE,
    TRUE,
    Col,
    Lit,
    Node,
    Op,
    and_,
    case,
    coalesce,
    compare,
    equals,
    is_null,
    is_true,
    not_,
    not_null,
    null,
    or_,
)
from govservice.rules.meaning.columns.sheet import NoColumns, Sheet, Worth

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MARKS", "PolarsFacts"]

MARKS: Final = ("\0none", "\0spoilt")  # values of a closed column that are no choice
_FIRST, _LAST = date(2, 1, 1), date(9999, 12, 31)
_WHOLE: Final = 2**53  # below it a float that is whole prints as it is
_LONGEST: Final = 100_000


class PolarsFacts:
    """The columns of a frame as the facts of its rows; rows may go to the interpreter."""

    asks = True

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self.closed: dict[str, tuple[str, ...]] = {}

    def fact(self, sheet: Sheet, id: str, kind: Type, labels: tuple[str, ...]) -> Worth | None:
        """See `compiling.Facts`; rows in which two columns say one thing go to the interpreter."""
        columns = [name for name in (id, *labels) if name in self.schema]
        if not columns:
            return None
        told = self._read(sheet, id, columns[0], kind)
        for column in columns[1:]:
            both = and_(
                not_null(Op("native", (Col(columns[0], "text"),), "text", _as_it_is)),
                not_null(Op("native", (Col(column, "text"),), "text", _as_it_is)),
            )
            other = self._read(sheet, id, column, kind)
            silent = is_null(told.value)
            one, other = numbers.same_scale(told, other) if kind.is_number else (told, other)
            told = Worth(
                coalesce(one.value, other.value), or_(one.none, and_(silent, other.none)), or_(one.spoilt, other.spoilt, both),
                factor=one.factor, bits=max(one.bits, other.bits),
            )  # fmt: skip
        return told

    def day(self, sheet: Sheet, column: str) -> Worth:
        """A column of days. Raises DecisionError where the frame has none of that name."""
        if column not in self.schema:
            raise no_column(column, self.schema)
        return self._read(sheet, column, column, Type("date"))

    def _read(self, sheet: Sheet, id: str, column: str, kind: Type) -> Worth:
        import polars as pl

        dtype = self.schema[column]
        if dtype == pl.Null:
            return Worth(null(literal_kind(kind)))
        told = self._native(pl, column, dtype, kind)
        if told is not None:
            return told
        if kind.kind == "choice" and dtype in (pl.String, pl.Categorical, pl.Enum):
            return self._choice(sheet, pl, id, column, kind)
        return self._cells(sheet, pl, id, column, kind)

    def _choice(self, sheet: Sheet, pl: Any, id: str, column: str, kind: Type) -> Worth:
        texts = (*(choice.name for choice in kind.choices), *MARKS)
        node = Op("native", (Col(column, "text"),), "text", _Reading(pl, kind, texts))
        bound = sheet.bind(id if id != column else f"{id}_read", node)
        assert isinstance(bound, Col)
        self.closed[bound.name] = texts
        spoilt = is_true(equals(bound, Lit(MARKS[1], "text")))
        none = is_true(equals(bound, Lit(MARKS[0], "text")))
        return Worth(case([(none, null("text"))], bound), none, spoilt)

    def _cells(self, sheet: Sheet, pl: Any, id: str, column: str, kind: Type) -> Worth:
        held: Any = value_kind(kind)
        read = sheet.bind(f"{id}_cells", Op("native", (Col(column, "text"),), "struct", _Reading(pl, kind, None)))
        value = Op("native", (read,), held, _FIELDS["value"])
        none, spoilt = (Op("native", (read,), "boolean", _FIELDS[field]) for field in ("none", "spoilt"))
        factor = Fraction(1, 10**DIGITS) if kind.kind == "decimal" else Fraction(1)
        return Worth(value, none, spoilt, factor=factor, bits=63)

    def _native(self, pl: Any, column: str, dtype: Any, kind: Type) -> Worth | None:
        """A column that can be used without reading its cells; None where it cannot."""
        match kind.kind:
            case "boolean":
                return _boolean(column, dtype)
            case "integer" | "decimal":
                return _number(pl, column, dtype, kind)
            case "text" if dtype == pl.String and not kind.none:
                text = Op("native", (Col(column, "text"),), "text", _text)
                return Worth(text, FALSE, is_true(Op("native", (Col(column, "text"),), "boolean", _odd)))
            case "text" if dtype.is_integer():
                return Worth(Op("native", (Col(column, "text"),), "text", _digits))
            case "date" if dtype == pl.Date:
                return _in_reach(Col(column, "date"))
            case "date" if dtype == pl.Datetime and dtype.time_zone in (None, "Asia/Shanghai"):
                return _in_reach(Op("native", (Col(column, "moment"),), "date", _day))
            case "moment" if dtype == pl.Datetime and dtype.time_zone is None:
                moment = Col(column, "moment")
                return Worth(moment, FALSE, _in_reach(Op("day", (moment,), "date")).spoilt)
            case "moment":
                raise NoColumns(Words("it reads a moment that is written out, or of a zone", "要读写成文字或带时区的时刻"))
            case _:
                return None


class _Reading:
    """The expression that reads the cells of a column."""

    def __init__(self, pl: Any, kind: Type, texts: tuple[str, ...] | None) -> None:
        self.pl, self.kind, self.texts = pl, kind, texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reading) and (self.kind, self.texts) == (other.kind, other.texts)

    def __hash__(self) -> int:
        return hash((self.kind, self.texts))

    def __call__(self, column: pl.Expr) -> pl.Expr:
        pl = self.pl
        if self.texts is not None:
            read = partial(read_choices, kind=self.kind, texts=self.texts)
            return column.cast(pl.String).map_batches(read, return_dtype=pl.Enum(list(self.texts)), is_elementwise=True)
        held = {"boolean": pl.Boolean, "integer": pl.Int64, "date": pl.Date, "text": pl.String}[value_kind(self.kind)]
        dtype = pl.Struct({"value": held, "none": pl.Boolean, "spoilt": pl.Boolean})
        return column.map_batches(partial(read_cells, kind=self.kind), return_dtype=dtype, is_elementwise=True)


def _field(name: str) -> Any:
    return lambda column: column.struct.field(name)


_FIELDS: Final = {name: _field(name) for name in ("value", "none", "spoilt")}


def _as_it_is(column: pl.Expr) -> pl.Expr:
    return column


def _text(column: pl.Expr) -> pl.Expr:
    import polars as pl

    bare = column.str.strip_chars(BLANKS)
    return pl.when(bare != "").then(bare)


def _odd(column: pl.Expr) -> pl.Expr:
    """Texts that are longer than any, or that stand for something else."""
    return (column.str.len_bytes() > _LONGEST) | column.str.starts_with("\0")


def _digits(column: pl.Expr) -> pl.Expr:
    import polars as pl

    return column.cast(pl.String)


def _day(column: pl.Expr) -> pl.Expr:
    return column.dt.date()


def _in_reach(day: Node) -> Worth:
    return Worth(day, FALSE, is_true(or_(compare("<", day, Lit(_FIRST, "date")), compare(">", day, Lit(_LAST, "date")))))


def _boolean(column: str, dtype: Any) -> Worth | None:
    import polars as pl

    if dtype == pl.Boolean:
        return Worth(Col(column, "boolean"))
    if not dtype.is_integer():
        return None
    number = Col(column, "integer")
    one, zero = equals(number, Lit(1, "integer")), equals(number, Lit(0, "integer"))
    return Worth(case([(one, TRUE), (zero, FALSE)], null("boolean")), FALSE, and_(not_null(number), not_(is_true(or_(one, zero)))))


def _number(pl: Any, column: str, dtype: Any, kind: Type) -> Worth | None:
    if dtype.is_integer() and dtype not in (pl.Int128, pl.UInt128):
        return _bounded(Worth(Col(column, "wide" if dtype == pl.UInt64 else "integer"), bits=64), kind)
    if dtype.is_float():
        value = Op("native", (Col(column, "real"),), "real", _finite)
        odd = Op("native", (Col(column, "real"),), "boolean", _infinite)
        whole = Op("native", (Col(column, "real"),), "integer", _as_whole if kind.kind == "integer" else _as_scaled)
        lost = and_(not_null(value), is_null(whole))
        if kind.kind == "integer":
            return _bounded(Worth(whole, FALSE, lost, bits=64), kind)
        exact = Worth(whole, FALSE, lost, factor=Fraction(1, 10**DIGITS), bits=63)
        bounded, within = _bounded(Worth(value, FALSE, is_true(odd), real=True), kind), _bounded(exact, kind)
        return Worth(bounded.value, FALSE, bounded.spoilt, real=True, exact=within)
    return None


def _bounded(told: Worth, kind: Type) -> Worth:
    """A number, spoilt where it is out of the bounds of its column."""
    outside = [numbers.compared(op, told, numbers.number(bound)) for op, bound in (("<", kind.low), (">", kind.high)) if bound is not None]
    return Worth(told.value, told.none, or_(told.spoilt, is_true(or_(*outside))), told.torn, told.factor, told.bits, told.real)


def _finite(column: pl.Expr) -> pl.Expr:
    import polars as pl

    return column.cast(pl.Float64).fill_nan(None)


def _infinite(column: pl.Expr) -> pl.Expr:
    return column.is_infinite() | (column.abs() >= 1e15) | ((column != 0) & (column.abs() < 1e-25))


def _as_whole(column: pl.Expr) -> pl.Expr:
    """A float that is whole, and prints as it is."""
    import polars as pl

    return pl.when((column == column.floor()) & (column.abs() < _WHOLE)).then(column).cast(pl.Int64, strict=False)


def _as_scaled(column: pl.Expr) -> pl.Expr:
    """A float as so many millionths, where it prints as just that."""
    import polars as pl

    scaled = (column.cast(pl.Float64) * 10**DIGITS).round()
    return pl.when((column.abs() < 1e9) & (scaled / 10**DIGITS == column)).then(scaled).cast(pl.Int64, strict=False)
