"""Facts from the columns of a database's table, each of the type that it has there: no row leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple, cast

from govservice.errors import Words
from govservice.framing.places import no_column
from govservice.reading.common import half_width
from govservice.rules.language.values import Type
from govservice.rules.meaning.columns import numbers
from govservice.rules.meaning.columns.compiling import literal_kind
from govservice.rules.meaning.columns.nodes import (  # fmt: skip
    FALSE,
    TRUE,
    Col,
    Kind,
    Lit,
    Node,
    Op,
    and_,
    case,
    compare,
    equals,
    is_null,
    is_true,
    isin,
    not_,
    not_null,
    null,
    or_,
)
from govservice.rules.meaning.columns.sheet import NoColumns, Sheet, Worth

__all__ = ["Held", "SqlFacts"]

_FIRST, _LAST = date(2, 1, 1), date(9999, 12, 31)
_YES, _NO = ("true", "yes", "y", "是", "1", "1.0"), ("false", "no", "n", "否", "0", "0.0")
_WHOLE: Final = 2**53


class Held(NamedTuple):
    """What a column holds: boolean, integer, real, decimal (with its digits, and those behind the point), text, date, moment, other."""

    kind: str
    digits: int = 38
    scale: int | None = None


class SqlFacts:
    """The columns of a table as the facts of its rows."""

    asks = False

    def __init__(self, columns: Mapping[str, Held]) -> None:
        self.columns = columns

    def fact(self, sheet: Sheet, id: str, kind: Type, labels: tuple[str, ...]) -> Worth | None:
        """See `compiling.Facts`. Raises NoColumns for a column that must be read cell by cell."""
        columns = [name for name in (id, *labels) if name in self.columns]
        if len(columns) > 1:
            raise NoColumns(Words(f"two columns say {id}: {', '.join(columns)}", f"{id} 有两列：{'、'.join(columns)}"))
        if not columns:
            return None
        held = self.columns[columns[0]]
        if held.kind == "null":
            return Worth(null(literal_kind(kind)))
        bare = sheet.bind(f"{id}_bare", _bare(columns[0])) if held.kind == "text" else Col(columns[0], "text")
        plain = bare
        if held.kind == "text" and kind.kind in ("choice", "boolean"):
            plain = sheet.bind(f"{id}_plain", Op("strip", (Op("half", (bare,), "text"),), "text"))
        told = _read(columns[0], held, kind, bare, plain)
        if told is None:
            raise NoColumns(
                Words(
                    f"the column {columns[0]} holds {held.kind}, and {id} is a {kind.kind}",
                    f"{columns[0]} 列是 {held.kind}，而 {id} 应为 {kind.kind}",
                )
            )
        return sheet.told(f"{id}_read", told) if isinstance(told.value, Op) else told

    def day(self, sheet: Sheet, column: str) -> Worth:
        """A column of days."""
        if column not in self.columns:
            raise no_column(column, self.columns)
        return cast("Worth", self.fact(sheet, column, Type("date"), ()))


def _read(column: str, held: Held, kind: Type, bare: Node, plain: Node) -> Worth | None:
    match kind.kind, held.kind:
        case "boolean", "boolean":
            return Worth(Col(column, "boolean"))
        case "boolean", "integer":
            number = Col(column, "integer")
            one, zero = equals(number, Lit(1, "integer")), equals(number, Lit(0, "integer"))
            return Worth(case([(one, TRUE), (zero, FALSE)], null("boolean")), FALSE, and_(not_null(number), not_(is_true(or_(one, zero)))))
        case "boolean", "text":
            return _named(bare, plain, kind, {**dict.fromkeys(_YES, TRUE), **dict.fromkeys(_NO, FALSE)}, "boolean", lower=True)
        case "choice", "text":
            return _named(bare, plain, kind, _names(kind), "text")
        case "text", "text":
            return _none_apart(bare, Worth(case([(compare("!=", bare, Lit("", "text")), bare)], null("text"))), kind)
        case "text", "integer":
            return Worth(Op("as_text", (Col(column, "integer"),), "text"))
        case (("integer" | "decimal"), ("integer" | "decimal" | "real")):
            return _number(column, held, kind)
        case "date", "date":
            return _in_reach(Col(column, "date"))
        case "date", "moment":
            return _in_reach(Op("day", (Col(column, "moment"),), "date"))
        case _:
            return None


def _bare(column: str) -> Node:
    return Op("strip", (Col(column, "text"),), "text")


def _names(kind: Type) -> dict[str, Node]:
    """Every text that names a choice, as it is compared: half-width and without blanks around it."""
    names: dict[str, Node] = {}
    for choice in kind.choices:
        codes = [str(choice.code).zfill(width) for width in range(1, 5)] if choice.code is not None else []
        for text in (choice.name, choice.label, half_width(choice.name), half_width(choice.label), *codes):
            if text:
                names.setdefault(text, Lit(choice.name, "text"))
    return names


def _named(bare: Node, plain: Node, kind: Type, names: Mapping[str, Node], held: Kind, *, lower: bool = False) -> Worth:
    """A text that names one of several values."""
    text: Node = Op("lower", (plain,), "text") if lower else plain
    by_value: dict[Node, list[Lit]] = {}
    for name, value in names.items():
        by_value.setdefault(value, []).append(Lit(name, "text"))
    value = case([(isin(text, listed), worth) for worth, listed in by_value.items()], null(held))
    blank = or_(is_null(bare), equals(bare, Lit("", "text")))
    none = is_true(isin(bare, [Lit(word, "text") for word in kind.none])) if kind.none else FALSE
    return Worth(
        case([(none, null(held))], value),
        none,
        and_(not_(is_true(blank)), not_(none), not_(is_true(isin(text, [Lit(name, "text") for name in names])))),
    )


def _none_apart(bare: Node, told: Worth, kind: Type) -> Worth:
    if not kind.none:
        return told
    none = is_true(isin(bare, [Lit(word, "text") for word in kind.none]))
    return Worth(case([(none, null(told.value.kind))], told.value), none, told.spoilt)


def _number(column: str, held: Held, kind: Type) -> Worth | None:
    col = Col(column, "integer" if held.kind == "integer" else "wide" if held.kind == "decimal" else "real")
    if held.kind == "integer":
        told = Worth(col, bits=64)
    elif held.kind == "real":
        value = case([(Op("nan", (col,), "boolean"), null("real"))], col)
        far = is_true(compare(">=", Op("abs", (value,), "real"), Lit(1e15, "real")))
        if kind.kind == "decimal":
            told = Worth(value, FALSE, far, real=True)
        else:
            whole = and_(equals(value, Op("floor", (value,), "real")), compare("<", Op("abs", (value,), "real"), Lit(_WHOLE, "integer")))
            told = Worth(
                case([(whole, Op("as_whole", (value,), "integer"))], null("integer")),
                FALSE,
                and_(not_null(value), not_(is_true(whole))),
                bits=64,
            )
    elif held.scale is None:
        if kind.kind == "integer":
            return None
        told = Worth(col, real=True)
    else:
        bits = int(held.digits * 3.33) + 2
        if bits > numbers.MOST_BITS or (kind.kind == "integer" and held.scale):
            return None
        told = Worth(Op("scaled", (col,), "wide", 10**held.scale), factor=Fraction(1, 10**held.scale), bits=bits)
    outside = [numbers.compared(op, told, numbers.number(bound)) for op, bound in (("<", kind.low), (">", kind.high)) if bound is not None]
    return Worth(told.value, FALSE, or_(told.spoilt, is_true(or_(*outside))), factor=told.factor, bits=told.bits, real=told.real)


def _in_reach(day: Node) -> Worth:
    return Worth(day, FALSE, is_true(or_(compare("<", day, Lit(_FIRST, "date")), compare(">", day, Lit(_LAST, "date")))))
