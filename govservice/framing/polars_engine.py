"""Plans on Polars, eager and lazy: columns where they say it all, the interpreter for the rows that need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from govservice.echo import shown
from govservice.errors import DecisionError, Words
from govservice.framing.cells import cell
from govservice.framing.polars_facts import PolarsFacts
from govservice.framing.polars_printer import Printer
from govservice.framing.wanted import RowAnswer, Wanted, answer_of, planned
from govservice.rules.language.day_functions import shanghai_day
from govservice.rules.language.values import Type
from govservice.rules.meaning.columns.deciding import STATES, Decided
from govservice.rules.meaning.columns.nodes import FALSE, Lit, Node, isin, or_
from govservice.rules.meaning.columns.sheet import NoColumns, Sheet, Worth

if TYPE_CHECKING:
    import polars as pl

__all__ = ["decide_lazy"]

_CLOSED = 200  # values of a text that is written as an Enum
_SCALE = 10
_DIGITS: Final = Context(prec=38, rounding=ROUND_HALF_EVEN, traps=[])  # that a column of numbers holds


def decide_lazy(frame: pl.LazyFrame, wanted: Wanted) -> pl.LazyFrame:
    """The frame with the answers beside its columns, lazily."""
    import polars as pl

    schema = frame.collect_schema()
    facts = PolarsFacts(schema)
    printer = Printer()
    printer.closed = facts.closed
    try:
        sheet, decided = planned(wanted, facts, (*schema, *wanted.added))
    except NoColumns:
        return _asked(pl, frame, schema, wanted, None, {}, None)
    answers = _answers(pl, wanted, decided, printer)
    for step in sheet.steps:
        frame = frame.with_columns(**_step(printer, step))
    asks: Node = decided.spoilt
    if wanted.reason is not None:
        asks = or_(asks, isin(decided.state, [Lit(STATES.index(state), "small") for state in ("open", "conflict")]))
    asked = printer.expression(asks) if asks != FALSE else None
    return _asked(pl, frame, schema, wanted, asked, answers, sheet)


def _step(printer: Printer, step: Mapping[str, Node]) -> dict[str, Any]:
    expressions = {}
    for name, node in step.items():
        printed = printer.printed(node)
        if printed.values is not None:
            printer.closed[name] = printed.values
        expressions[name] = printed.expression
    return expressions


def _answers(pl: Any, wanted: Wanted, decided: Decided, printer: Printer) -> dict[str, Any]:
    """The expression of each column that is added, of the type that it has in every frame; made once the steps are known."""
    kinds = dict(decided.decision.outcomes)
    made: dict[str, Any] = {}
    for name, column in wanted.shown.items():
        made[column] = partial(_value, pl, printer, decided.values[name], kinds[name], closed_texts(kinds[name]))
    if wanted.rule is not None:
        made[wanted.rule] = partial(_rule, pl, printer, decided, wanted)
    if wanted.state is not None:
        made[wanted.state] = lambda: printer.decoded(printer.expression(decided.state), STATES).expression
    return made


def _rule(pl: Any, printer: Printer, decided: Decided, wanted: Wanted) -> Any:
    """The rule of a row: one in force, of all that there are, for rows of another day may be asked of the interpreter."""
    in_force = tuple(rule.id for rule in decided.rules)
    named = printer.decoded(printer.expression(decided.rule), in_force).expression
    rules = _rules(wanted)
    return named if [*in_force] == rules else named.cast(pl.Enum(rules) if len(rules) <= _CLOSED else pl.String)


def closed_texts(kind: Type) -> tuple[str, ...] | None:
    """The values that an outcome may have, where it is a text and they are known beforehand."""
    if kind.kind == "choice":
        return tuple(dict.fromkeys(choice.name for choice in kind.choices))
    return None


def _value(pl: Any, printer: Printer, told: Worth, kind: Type, texts: tuple[str, ...] | None) -> Any:
    if told.value.kind == "list":
        return printer.expression(told.value)
    dtype = dtype_of(pl, kind, texts)
    if kind.kind == "decimal":
        return _decimal(pl, printer, told)
    printed = printer.printed(told.value)
    if kind.kind == "integer" and told.factor != 1:
        return (printed.expression * told.factor.numerator).cast(dtype)
    return printed.expression if printed.values is not None and printed.values == texts else printed.expression.cast(dtype)


def _decimal(pl: Any, printer: Printer, told: Worth) -> Any:
    """A number of so many parts of ten: its digits put behind the point, exactly."""
    scale = _scale(told.factor)
    whole = printer.expression(told.value).cast(pl.Int128) * int(told.factor * 10**scale)
    return (
        whole.cast(pl.Decimal(38, 0)) * pl.lit(_DIGITS.scaleb(1, -scale), pl.Decimal(38, _SCALE))
        if scale
        else whole.cast(pl.Decimal(38, _SCALE))
    )


def _scale(factor: Fraction) -> int:
    for scale in range(_SCALE + 1):
        if (factor * 10**scale).denominator == 1:
            return scale
    return _SCALE


def dtype_of(pl: Any, kind: Type, texts: tuple[str, ...] | None) -> Any:
    """The type of an outcome's column."""
    if texts is not None and len(texts) <= _CLOSED:
        return pl.Enum(list(texts))
    return {
        "boolean": pl.Boolean, "integer": pl.Int64, "decimal": pl.Decimal(38, _SCALE), "date": pl.Date,
        "moment": pl.Datetime("us", "Asia/Shanghai"), "list": pl.List(pl.String),
    }.get(kind.kind, pl.String)  # fmt: skip


def _asked(
    pl: Any, frame: pl.LazyFrame, schema: Mapping[str, Any], wanted: Wanted, asked: Any, answers: dict[str, Any], sheet: Sheet | None
) -> pl.LazyFrame:
    """The answers of the columns, and the interpreter's for the rows that ask it (`asked` None: none where there is a sheet, else all)."""
    kinds = dict(wanted.decision.outcomes)
    shape: dict[str, Any] = {}
    for name, column in wanted.shown.items():
        kind = kinds[name]
        collected = wanted.decision.hit == "collect"
        shape[column] = pl.List(pl.String) if collected else dtype_of(pl, kind, closed_texts(kind))
    if wanted.rule is not None:
        rules = _rules(wanted)
        shape[wanted.rule] = pl.Enum(rules) if len(rules) <= _CLOSED else pl.String
    if wanted.state is not None:
        shape[wanted.state] = pl.Enum(list(STATES))
    if wanted.reason is not None:
        shape[wanted.reason] = pl.String
    if wanted.asked is not None:
        shape[wanted.asked] = pl.Boolean
    made = {name: make() if not isinstance(make, pl.Expr) else make for name, make in answers.items()}
    if sheet is not None and asked is None:
        for name in shape.keys() - made.keys():
            made[name] = pl.lit(value=False) if name == wanted.asked else pl.lit(None, shape[name])
        own = [made[name].alias(name) if name in made else pl.col(name) for name in schema]
        return frame.select(*own, *(made[name].alias(name) for name in shape if name not in schema))
    if wanted.asked is not None:
        made[wanted.asked] = pl.lit(value=False)
    read = _read_columns(wanted, schema)
    inputs = [pl.struct([pl.col(name) for name in read] or [pl.lit(None).alias("nothing")]).alias("row")]
    answer = pl.struct([(made[name] if name in made else pl.lit(None, dtype)).alias(name) for name, dtype in shape.items()]).alias("answer")
    flag = (asked if asked is not None else pl.lit(True)).alias("asked")
    on = (pl.col(wanted.on_column) if wanted.on_column is not None else pl.lit(None)).alias("on")
    struct = pl.struct([answer, flag, on, *inputs])
    ask = partial(_decide_rows, wanted=wanted, shape=shape)
    name = "\0answer"
    frame = frame.with_columns(struct.map_batches(ask, return_dtype=pl.Struct(shape), is_elementwise=True).alias(name))
    taken = {column: pl.col(name).struct.field(column).alias(column) for column in shape}
    return frame.select(
        *(taken[column] if column in taken else pl.col(column) for column in schema), *(taken[c] for c in shape if c not in schema)
    )


def _rules(wanted: Wanted) -> list[str]:
    """The rules that may have settled a row."""
    return list(dict.fromkeys(rule.id for rule in wanted.decision.rules))


def _read_columns(wanted: Wanted, schema: Iterable[str]) -> list[str]:
    """The columns that the interpreter is given."""
    contents = wanted.book.contents
    ids, labels = contents.sight("cases" if wanted.clocks else wanted.decision.about)
    tables = {*contents.tables, *contents.labels} if wanted.clocks else set()
    return [name for name in schema if (name in ids or name in labels or name in tables) and name not in wanted.afresh]


def _decide_rows(rows: pl.Series, *, wanted: Wanted, shape: Mapping[str, Any]) -> pl.Series:
    """The interpreter's answers in the rows that ask it, those of the columns in all others."""
    import polars as pl

    parts = rows.struct.unnest()
    answer, asked = parts["answer"].alias(rows.name), parts["asked"].fill_null(value=True)
    if not asked.any():
        return answer
    chosen = parts.filter(asked)
    decided = []
    for row, on in zip(chosen["row"].to_list(), chosen["on"].to_list(), strict=True):
        facts = {name: value for name, raw in row.items() if (value := cell(raw)) is not None}
        decided.append(_row(wanted, answer_of(wanted, facts, _day(on) if wanted.on_column is not None else wanted.on), shape))
    placed = pl.DataFrame({"at": asked.arg_true(), "new": pl.Series(decided, dtype=pl.Struct(dict(shape)))})
    whole = pl.DataFrame({"at": pl.int_range(len(rows), eager=True, dtype=pl.UInt32), "old": answer}).join(
        placed.with_columns(pl.col("at").cast(pl.UInt32), taken=pl.lit(True)),
        on="at",
        how="left",
        maintain_order="left",
    )
    return whole.select(pl.when("taken").then("new").otherwise("old").alias(rows.name)).to_series()


def _day(value: Any) -> date | None:
    return shanghai_day(value) if isinstance(value, datetime) else value


def _row(wanted: Wanted, answer: RowAnswer, shape: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row; one that a column does not hold leaves the row unread."""
    try:
        row: dict[str, Any] = {column: as_cell(answer.values.get(name), shape[column], name) for name, column in wanted.shown.items()}
    except DecisionError as error:
        return _row(wanted, RowAnswer({}, None, "unread", str(error)), shape)
    for column, value in ((wanted.rule, answer.rule), (wanted.state, answer.state), (wanted.reason, answer.reason), (wanted.asked, True)):
        if column is not None:
            row[column] = value
    return row


def as_cell(value: Any, dtype: Any, outcome: str) -> Any:
    """A value of an outcome as a column of a type holds it. Raises DecisionError for a number that is too long."""
    import polars as pl

    if value is None:
        return None
    if isinstance(value, tuple):
        return [str(part) for part in value]
    if dtype == pl.Decimal:
        number = _DIGITS.quantize(Decimal(value), _DIGITS.scaleb(1, -_SCALE))
        if number.is_nan():
            raise _too_long(value, outcome)
        return number
    if dtype == pl.Int64 and not -(2**63) <= value < 2**63:
        raise _too_long(value, outcome)
    if dtype == pl.String or isinstance(dtype, pl.Enum):
        return value if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)
    return value


def _too_long(value: object, outcome: str) -> DecisionError:
    return DecisionError(
        Words(f"{outcome} is longer than a column of numbers holds: {shown(value)}", f"{outcome} 超出数值列的长度：{shown(value)}"),
        hint=Words(
            "numbers hold 28 digits before the point, whole ones 18: decide such a row by itself",
            "数值列小数点前最多 28 位，整数列最多 18 位：这样的行请单独判定",
        ),
        id=outcome,
    )
