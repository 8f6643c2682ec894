"""Operations on columns as expressions of Polars; a text of which every value is known is an Enum, worked out as a small number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.rules.meaning.columns.nodes import Col, Lit, Node, Op

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BLANKS", "Phrase", "Printer"]

BLANKS: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""What Python takes off the ends of a text."""


_MOST: Final = 200  # texts that a closed column may have


class Phrase(NamedTuple):
    """An expression, and the values that a closed text may have (None: any)."""

    expression: pl.Expr
    values: tuple[str, ...] | None = None


class Printer:
    """Nodes -> expressions; `closed` are the values of the columns that are closed texts."""

    def __init__(self) -> None:
        import polars

        self.pl = polars
        self.closed: dict[str, tuple[str, ...]] = {}

    def expression(self, node: Node) -> pl.Expr:
        """The expression of a node."""
        return self.printed(node).expression

    def printed(self, node: Node) -> Phrase:
        """The expression of a node, and the values that it may have."""
        match node:
            case Lit():
                return Phrase(self.pl.lit(node.value, self.dtype(node.kind)) if node.kind != "moment" else self.pl.lit(node.value))
            case Col():
                return Phrase(self.pl.col(node.name), self.closed.get(node.name))
            case Op("case" | "coalesce"):
                return self._texts(node) if node.kind == "text" else Phrase(self._chosen(node, self.expression))
            case Op("==" | "!="):
                return Phrase(self._equal(node))
            case Op():
                return Phrase(_FORMS[node.op](self, node))

    def dtype(self, kind: str) -> Any:
        """The type that columns of a kind have."""
        pl = self.pl
        return {
            "boolean": pl.Boolean, "small": pl.Int8, "integer": pl.Int64, "wide": pl.Int128, "real": pl.Float64, "text": pl.String,
            "date": pl.Date, "list": pl.List(pl.String), "moment": pl.Datetime("us"), "zoned": pl.Datetime("us", "UTC"),
        }[kind]  # fmt: skip

    def _chosen(self, node: Op, value: Callable[[Node], Any]) -> Any:
        if node.op == "coalesce":
            return self.pl.coalesce([value(part) for part in node.of])
        *pairs, otherwise = node.of
        chain: Any = self.pl
        for condition, worth in zip(pairs[::2], pairs[1::2], strict=True):
            chain = chain.when(self.expression(condition)).then(value(worth))
        return chain.otherwise(value(otherwise))

    def _texts(self, node: Op) -> Phrase:
        """A choice between texts: of texts that are known, by their numbers."""
        parts = node.of if node.op == "coalesce" else (*node.of[1::2], node.of[-1])
        values: dict[str, None] = {}
        for part in parts:
            if isinstance(part, Lit):
                values.update(dict.fromkeys(() if part.value is None else (str(part.value),)))
                continue
            known = self.printed(part).values
            if known is None:
                return Phrase(self._chosen(node, self._as_text))
            values.update(dict.fromkeys(known))
        texts = tuple(values)
        if len(texts) > _MOST:
            return Phrase(self._chosen(node, self._as_text))
        return self.decoded(self._chosen(node, lambda part: self._number(part, texts)), texts)

    def decoded(self, number: pl.Expr, texts: tuple[str, ...]) -> Phrase:
        """The text at each place of a list."""
        closed = tuple(dict.fromkeys(texts))
        if len(closed) > _MOST:
            return Phrase(number.replace_strict(dict(enumerate(texts)), default=None, return_dtype=self.pl.String))
        if closed != texts:
            number = number.replace_strict({place: closed.index(text) for place, text in enumerate(texts)}, default=None)
        return Phrase(number.cast(self.pl.UInt8).cat.to(self.pl.Enum(list(closed))), closed)

    def _number(self, node: Node, texts: tuple[str, ...]) -> pl.Expr:
        if isinstance(node, Lit):
            return self.pl.lit(None if node.value is None else texts.index(str(node.value)), self.pl.UInt8)
        printed = self.printed(node)
        expression = printed.expression
        if printed.values != texts:
            expression = expression.cast(self.pl.Enum(list(texts)))
        return expression.to_physical().cast(self.pl.UInt8)

    def _as_text(self, node: Node) -> pl.Expr:
        printed = self.printed(node)
        return printed.expression if printed.values is None else printed.expression.cast(self.pl.String)

    def _equal(self, node: Op) -> pl.Expr:
        left, right = (self.printed(part) for part in node.of)
        one, other = left.expression, right.expression
        if left.values is not None and right.values is not None and left.values != right.values:
            one, other = one.cast(self.pl.String), other.cast(self.pl.String)
        return one == other if node.op == "==" else one != other


def _binary(join: Callable[[Any, Any], Any]) -> Callable[[Printer, Op], Any]:
    def form(printer: Printer, node: Op) -> Any:
        first, *others = (printer.expression(part) for part in node.of)
        for other in others:
            first = join(first, other)
        return first

    return form


def _among(printer: Printer, node: Op) -> Any:
    of, *listed = node.of
    return printer.expression(of).is_in([part.value for part in listed if isinstance(part, Lit)])


def _listed(printer: Printer, node: Op) -> Any:
    """The texts whose conditions hold, in order."""
    parts = [
        printer.pl.when(printer.expression(condition)).then(printer._as_text(value))
        for condition, value in zip(node.of[::2], node.of[1::2], strict=True)
    ]
    if not parts:
        return printer.pl.lit([], printer.dtype("list"))
    return printer.pl.concat_list(parts).list.drop_nulls()


def _shanghai(printer: Printer, node: Op) -> Any:
    (of,) = node.of
    moment = printer.expression(of)
    return moment.dt.convert_time_zone("Asia/Shanghai").dt.date() if node.extra == "zoned" else moment.dt.date()


_FORMS: Final[Mapping[str, Callable[[Printer, Op], Any]]] = {
    "not": lambda printer, node: ~printer.expression(node.of[0]),
    "and": _binary(lambda one, other: one & other),
    "or": _binary(lambda one, other: one | other),
    "is_null": lambda printer, node: printer.expression(node.of[0]).is_null(),
    "is_true": lambda printer, node: printer.expression(node.of[0]).fill_null(False),
    "<": _binary(lambda one, other: one < other),
    "<=": _binary(lambda one, other: one <= other),
    ">": _binary(lambda one, other: one > other),
    ">=": _binary(lambda one, other: one >= other),
    "+": _binary(lambda one, other: one + other),
    "-": _binary(lambda one, other: one - other),
    "*": _binary(lambda one, other: one * other),
    "neg": lambda printer, node: printer.expression(node.of[0]) * -1,  # the widest whole numbers of Polars have no sign of their own
    "wide": lambda printer, node: printer.expression(node.of[0]).cast(printer.pl.Int128),
    "in": _among,
    "strip": lambda printer, node: printer._as_text(node.of[0]).str.strip_chars(BLANKS),
    "contains": lambda printer, node: printer._as_text(node.of[0]).str.contains(printer._as_text(node.of[1]), literal=True),
    "starts_with": lambda printer, node: printer._as_text(node.of[0]).str.starts_with(printer._as_text(node.of[1])),
    "day": _shanghai,
    "days": lambda printer, node: (printer.expression(node.of[1]) - printer.expression(node.of[0])).dt.total_days(),
    "weekday": lambda printer, node: printer.expression(node.of[0]).dt.weekday().cast(printer.pl.Int64),
    "listed": _listed,
    "native": lambda printer, node: node.extra(*(printer.expression(part) for part in node.of)),  # type: ignore[operator]
}
