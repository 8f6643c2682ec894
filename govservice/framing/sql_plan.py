"""A decision as SQL: the steps of its plan, and the columns that they come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from govservice.errors import DecisionError, Words
from govservice.framing.sql_facts import Held, SqlFacts
from govservice.framing.sql_printer import Dialect, SqlPrinter, comment
from govservice.framing.wanted import Wanted, planned
from govservice.rules.language.values import Type
from govservice.rules.meaning.columns.deciding import STATES, Decided
from govservice.rules.meaning.columns.nodes import Lit, Node, Op, case, equals, null
from govservice.rules.meaning.columns.sheet import NoColumns, Worth

__all__ = ["SqlPlan", "sql_plan"]


class SqlPlan(NamedTuple):
    """Steps, each of columns by name as SQL, and the columns that the answer adds; `notes` say of a step's column which rule it is."""

    steps: tuple[Mapping[str, str], ...]
    answer: Mapping[str, str]
    notes: Mapping[str, str]
    printer: SqlPrinter


def sql_plan(wanted: Wanted, columns: Mapping[str, Held], dialect: Dialect, taken: Iterable[str]) -> SqlPlan:
    """The plan of a decision over a table. Raises DecisionError, before anything runs, for what has no form in SQL."""
    printer = SqlPrinter(dialect)
    try:
        if wanted.reason is not None or wanted.asked is not None:
            raise NoColumns(Words("reason= asks the interpreter", "reason= 要用解释器"))
        sheet, decided = planned(wanted, SqlFacts(columns), (*taken, *wanted.added))
        answer = _answer(wanted, decided, printer)
        steps = tuple({name: printer.sql(node) for name, node in step.items()} for step in sheet.steps)
    except NoColumns as stop:
        raise DecisionError(
            Words(f"{wanted.decision.id} has no form in SQL: {stop.what.en}", f"{wanted.decision.id} 没有 SQL 写法：{stop.what.zh}"),
            hint=Words(
                "cast the column to the fact's type, or decide on a Polars frame, where rows may go to the interpreter",
                "把列转换成事实的类型，或改用 Polars 数据框：那里可以逐行交给解释器",
            ),
            id=wanted.decision.id,
        ) from None
    return SqlPlan(steps, answer, _notes(wanted), printer)


def _notes(wanted: Wanted) -> dict[str, str]:
    notes = {}
    for decision in wanted.book.contents.decisions.values():
        for rule in decision.rules:
            name = f"{decision.id}_{rule.id}".replace("/", "_").replace("-", "_")
            notes[name] = comment(" ".join(part for part in (rule.id, rule.cite, f": {rule.text}" if rule.text else None) if part))
    return notes


def _answer(wanted: Wanted, decided: Decided, printer: SqlPrinter) -> dict[str, str]:
    kinds = dict(decided.decision.outcomes)
    answer = {column: _value(printer, decided.values[name], kinds[name]) for name, column in wanted.shown.items()}
    if wanted.rule is not None:
        answer[wanted.rule] = printer.sql(_place(decided.rule, [rule.id for rule in decided.rules]))
    if wanted.state is not None:
        answer[wanted.state] = printer.sql(_place(decided.state, STATES))
    return answer


def _place(number: Node, texts: Iterable[str]) -> Node:
    """The text at each place."""
    if isinstance(number, Lit):
        return null("text") if number.value is None else Lit(list(texts)[int(number.value)], "text")  # type: ignore[arg-type]
    return case([(equals(number, Lit(place, "small")), Lit(text, "text")) for place, text in enumerate(texts)], null("text"))


def _value(printer: SqlPrinter, told: Worth, kind: Type) -> str:
    if kind.is_number and told.real:
        raise NoColumns(Words("it grants floats", "结果是浮点数"))
    if kind.kind == "decimal" or told.factor != 1:
        scale = next((scale for scale in range(11) if (told.factor * 10**scale).denominator == 1), None)
        if scale is None:
            raise NoColumns(Words("its amount has no end", "结果是无限小数"))
        whole = printer.sql(told.value if isinstance(told.value, Lit) else Op("wide", (told.value,), "wide"))
        times = int(told.factor * 10**scale)
        amount = f"{whole} * {times}" if times != 1 else whole
        factor = f"0.{'1'.zfill(scale)}" if scale else "1"
        return f"CAST({amount} AS {printer.dialect.decimal.format(0).replace('38', '26')}) * {factor}"
    return printer.sql(told.value)
