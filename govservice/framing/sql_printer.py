"""Operations on columns as SQL, dialect by dialect: names and texts quoted, nothing that two databases read differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from govservice.echo import shown, visible
from govservice.errors import DecisionError, Words, did_you_mean
from govservice.rules.meaning.columns.nodes import Col, Lit, Node, Op
from govservice.rules.meaning.columns.sheet import NoColumns

__all__ = ["DIALECTS", "Dialect", "SqlPrinter", "comment", "dialect_of"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes what others write in another way. `apart` is how columns of an inner table are left out: EXCLUDE, EXCEPT, or a
    lateral join; empty where none is.
    """

    name: str
    quote: str
    wide: str
    bigint: str
    text: str
    exact_texts: bool = True
    backslash: bool = False
    apart: str = ""
    listed: str = ""
    nan: str = "isnan({0})"
    translates: bool = True
    decimal: str = "decimal(38, {0})"


DIALECTS: Final[Mapping[str, Dialect]] = {
    dialect.name: dialect
    for dialect in (
        Dialect("duckdb", '"', "hugeint", "bigint", "varchar", apart="EXCLUDE", listed="list_concat({0})"),
        Dialect(
            "postgres", '"', "numeric", "bigint", "text", apart="LATERAL", nan="({0} = 'NaN')",
            listed="array_remove(ARRAY[{0}]::text[], NULL)",
        ),
        Dialect("spark", "`", "decimal(38, 0)", "bigint", "string", backslash=True, apart="EXCEPT", listed="array_compact(array({0}))"),
        Dialect(
            "mysql", "`", "decimal(65, 0)", "signed", "char", exact_texts=False, backslash=True, nan="", translates=False,
            decimal="decimal(65, {0})",
        ),
    )
}  # fmt: skip
_ALSO: Final = {"postgresql": "postgres", "mariadb": "mysql", "pyspark": "spark"}
_FULL: Final = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF: Final = "".join(chr(code) for code in range(0x21, 0x7F))
_BLANKS: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def dialect_of(name: str) -> Dialect:
    """The dialect of a name. Raises DecisionError for one that is not known."""
    known = DIALECTS.get(_ALSO.get(name, name))
    if known is None:
        listed = ", ".join((*DIALECTS, *_ALSO))
        raise DecisionError(
            Words(f"no SQL dialect {shown(name)}", f"没有“{visible(str(name))[:60]}”这种 SQL 方言"),
            hint=did_you_mean(str(name), (*DIALECTS, *_ALSO), Words(f"one of: {listed}", f"可用：{listed}")),
        )
    return known


def comment(text: str) -> str:
    """A comment to the end of the line."""
    return f"-- {visible(text)}"


class SqlPrinter:
    """Nodes -> SQL of one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def name(self, name: str) -> str:
        """An identifier, quoted. Raises DecisionError for one that no database has."""
        if "\0" in name:
            raise DecisionError(Words(f"no column can be called {shown(name)}", f"列名不能是 {shown(name)}"))
        quote = self.dialect.quote
        return f"{quote}{name.replace(quote, quote * 2)}{quote}"

    def text(self, text: str) -> str:
        """A text, quoted."""
        if "\0" in text:
            raise NoColumns(Words("it has a text with a zero in it", "文字里有零字符"))
        if self.dialect.name == "spark":
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
        if self.dialect.backslash:
            text = text.replace("\\", "\\\\")
        return "'" + text.replace("'", "''") + "'"

    def sql(self, node: Node) -> str:
        """The SQL of a node."""
        match node:
            case Lit():
                return self._literal(node)
            case Col():
                return self.name(node.name)
            case Op():
                form = _FORMS.get(node.op)
                if form is None:
                    raise NoColumns(Words(f"{node.op} has no form in SQL", f"{node.op} 没有 SQL 写法"))
                return form(self, node)

    def _literal(self, of: Lit) -> str:
        value = of.value
        if value is None:
            return f"CAST(NULL AS {self.type(of.kind)})" if of.kind != "boolean" else "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, date):
            return f"DATE '{value.isoformat()}'"
        if isinstance(value, str):
            return self.text(value)
        return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)

    def type(self, kind: str) -> str:
        """The type that a column of a kind has."""
        dialect = self.dialect
        if kind == "list" and not dialect.listed:
            raise NoColumns(Words("it comes to a list", "结果是列表"))
        return {
            "boolean": "signed" if dialect.name == "mysql" else "boolean", "small": dialect.bigint, "integer": dialect.bigint,
            "wide": dialect.wide, "real": "double" if dialect.name != "postgres" else "double precision", "text": dialect.text,
            "choice": dialect.text, "date": "date", "moment": "timestamp",
            "list": {"duckdb": "varchar[]", "postgres": "text[]", "spark": "array<string>"}.get(dialect.name, ""),
        }[kind]  # fmt: skip

    def joined(self, parts: list[str], word: str) -> str:
        return "(" + f" {word} ".join(parts) + ")"


def _infix(word: str) -> Callable[[SqlPrinter, Op], str]:
    return lambda printer, node: printer.joined([printer.sql(part) for part in node.of], word)


def _compared(word: str) -> Callable[[SqlPrinter, Op], str]:
    def form(printer: SqlPrinter, node: Op) -> str:
        left, right = (printer.sql(part) for part in node.of)
        if not printer.dialect.exact_texts and "text" in (node.of[0].kind, node.of[1].kind):
            right = f"BINARY {right}"
        return f"({left} {word} {right})"

    return form


def _case(printer: SqlPrinter, node: Op) -> str:
    *pairs, last = node.of
    whens = [f"WHEN {printer.sql(condition)} THEN {printer.sql(value)}" for condition, value in zip(pairs[::2], pairs[1::2], strict=True)]
    otherwise = (
        ""
        if isinstance(last, Lit) and last.value is None and any(not isinstance(v, Lit) or v.value is not None for v in pairs[1::2])
        else f" ELSE {printer.sql(last)}"
    )
    return f"CASE {' '.join(whens)}{otherwise} END"


def _in(printer: SqlPrinter, node: Op) -> str:
    of, *listed = node.of
    if printer.dialect.exact_texts:
        return f"({printer.sql(of)} IN ({', '.join(printer.sql(part) for part in listed)}))"
    return printer.joined([printer.sql(Op("==", (of, part), "boolean")) for part in listed], "OR")


def _strip(printer: SqlPrinter, node: Op) -> str:
    of = printer.sql(node.of[0])
    codes = [ord(char) for char in _BLANKS]
    escaped = "".join(f"\\u{code:04x}" for code in codes)
    match printer.dialect.name:
        case "duckdb":
            return f"trim({of}, {' || '.join(f'chr({code})' for code in codes)})"
        case "postgres":
            return f"btrim({of}, E'{escaped}')"
        case "spark":
            return f"trim(BOTH '{escaped}' FROM {of})"
    blanks = f"[{''.join(f'{chr(92) * 2}x{{{code:04x}}}' for code in codes)}]+"  # TRIM takes one sign away, not any of several
    return f"regexp_replace({of}, '^{blanks}|{blanks}$', '')"


def _half(printer: SqlPrinter, node: Op) -> str:
    of = printer.sql(node.of[0])
    return f"translate({of}, {printer.text(_FULL)}, {printer.text(_HALF)})" if printer.dialect.translates else of


def _contains(printer: SqlPrinter, node: Op) -> str:
    of, part = (printer.sql(inner) for inner in node.of)
    match printer.dialect.name:
        case "duckdb" | "spark":
            return f"contains({of}, {part})"
        case "postgres":
            return f"(strpos({of}, {part}) > 0)"
    return f"(instr({of}, BINARY {part}) > 0)"


def _starts(printer: SqlPrinter, node: Op) -> str:
    of, part = (printer.sql(inner) for inner in node.of)
    match printer.dialect.name:
        case "duckdb" | "postgres":
            return f"starts_with({of}, {part})"
        case "spark":
            return f"startswith({of}, {part})"
    return f"(left({of}, char_length({part})) = BINARY {part})"


def _listed(printer: SqlPrinter, node: Op) -> str:
    if not printer.dialect.listed:
        raise NoColumns(Words("it comes to a list", "结果是列表"))
    pairs = [(printer.sql(condition), printer.sql(value)) for condition, value in zip(node.of[::2], node.of[1::2], strict=True)]
    kind = printer.type("list")
    if printer.dialect.name == "duckdb":
        parts = [f"CASE WHEN {condition} THEN [{value}] ELSE [] END" for condition, value in pairs]
        return printer.dialect.listed.format(", ".join(("[]", *parts))) if parts else f"CAST([] AS {kind})"
    return printer.dialect.listed.format(", ".join(f"CASE WHEN {condition} THEN {value} END" for condition, value in pairs))


def _days(printer: SqlPrinter, node: Op) -> str:
    first, last = (printer.sql(part) for part in node.of)
    match printer.dialect.name:
        case "duckdb":
            return f"date_diff('day', {first}, {last})"
        case "postgres":
            return f"({last} - {first})"
    return f"datediff({last}, {first})"


def _weekday(printer: SqlPrinter, node: Op) -> str:
    of = printer.sql(node.of[0])
    match printer.dialect.name:
        case "duckdb":
            return f"isodow({of})"
        case "postgres":
            return f"CAST(extract(isodow FROM {of}) AS integer)"
    return f"(weekday({of}) + 1)"


def _day(printer: SqlPrinter, node: Op) -> str:
    return f"CAST({printer.sql(node.of[0])} AS date)"


_FORMS: Final[Mapping[str, Callable[[SqlPrinter, Op], str]]] = {
    "not": lambda printer, node: f"(NOT {printer.sql(node.of[0])})",
    "and": _infix("AND"),
    "or": _infix("OR"),
    "is_null": lambda printer, node: f"({printer.sql(node.of[0])} IS NULL)",
    "is_true": lambda printer, node: f"({printer.sql(node.of[0])} IS TRUE)",
    "coalesce": lambda printer, node: f"coalesce({', '.join(printer.sql(part) for part in node.of)})",
    "case": _case,
    "==": _compared("="),
    "!=": _compared("<>"),
    "<": _compared("<"),
    "<=": _compared("<="),
    ">": _compared(">"),
    ">=": _compared(">="),
    "+": _infix("+"),
    "-": _infix("-"),
    "*": _infix("*"),
    "neg": lambda printer, node: f"(-{printer.sql(node.of[0])})",
    "wide": lambda printer, node: f"CAST({printer.sql(node.of[0])} AS {printer.dialect.wide})",
    "in": _in,
    "strip": _strip,
    "half": _half,
    "lower": lambda printer, node: f"lower({printer.sql(node.of[0])})",
    "length": lambda printer, node: f"{'length' if printer.dialect.name != 'mysql' else 'char_length'}({printer.sql(node.of[0])})",
    "as_text": lambda printer, node: f"CAST({printer.sql(node.of[0])} AS {printer.dialect.text})",
    "floor": lambda printer, node: f"floor({printer.sql(node.of[0])})",
    "abs": lambda printer, node: f"abs({printer.sql(node.of[0])})",
    "as_whole": lambda printer, node: f"CAST({printer.sql(node.of[0])} AS {printer.dialect.bigint})",
    "scaled": lambda printer, node: f"CAST({printer.sql(node.of[0])} * {node.extra} AS {printer.dialect.wide})",
    "nan": lambda printer, node: printer.dialect.nan.format(printer.sql(node.of[0])) if printer.dialect.nan else "FALSE",
    "contains": _contains,
    "starts_with": _starts,
    "days": _days,
    "weekday": _weekday,
    "listed": _listed,
    "day": _day,
}
