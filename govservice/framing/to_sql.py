"""A decision as one SELECT that people read: every column of a table, and the outcomes beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from govservice.errors import DecisionError, Words
from govservice.framing.sql_facts import Held
from govservice.framing.sql_plan import SqlPlan, sql_plan
from govservice.framing.sql_printer import dialect_of
from govservice.framing.wanted import Wanted
from govservice.rules.book.reading_rules import read_by
from govservice.rules.language.values import Type

__all__ = ["as_sql"]

_HELD = {
    "boolean": "boolean",
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "choice": "text",
    "date": "date",
    "moment": "moment",
}


def as_sql(
    book: Any, decision: str, *, dialect: str, table: str, columns: Iterable[str] | Mapping[str, str] | None, on: date | str | None
) -> str:
    """See `Rulebook.to_sql`."""
    spoken = dialect_of(dialect)
    entry = book.contents.decisions.get(decision)
    if entry is None:
        raise book.no_decision(decision)
    facts = read_by(book.contents, [decision]).facts
    held = {name: _held(kind) for name, kind in facts.items()} if columns is None else _given(book, entry.about, columns)
    shown = {name: name for name, _ in entry.outcomes}
    wanted = Wanted(book, entry, book.day(on), None, shown, f"{decision}_rule", f"{decision}_state", None, _nobody)
    listed = None if columns is None else list(held)
    plan = sql_plan(wanted, held, spoken, held)
    return _written(plan, table, listed, spoken.apart)


def _nobody(*_: object) -> Any:
    raise AssertionError("no row is asked of the interpreter")


def _held(kind: Type) -> Held:
    return Held(_HELD.get(kind.kind, kind.kind))


def _given(book: Any, about: str, columns: Iterable[str] | Mapping[str, str]) -> dict[str, Held]:
    """The columns of the table by name, each as the fact of its name holds it, or of the type that is said."""
    ids, labels = book.contents.sight(about)
    outcomes = {
        name: dict(book.contents.decisions[id].outcomes)[name]
        for table in book.contents.chains.get(about, (about,))
        for name, id in book.contents.granting.get(table, {}).items()
    }
    held: dict[str, Held] = {}
    for name in columns:
        said = columns[name] if isinstance(columns, Mapping) else None
        id = name if name in ids else labels.get(name)
        column = book.contents.column(about, id) if id is not None else None
        kind = column.type if column is not None else outcomes.get(id or "")
        held[name] = (
            Held(said)
            if said is not None and "(" not in said
            else _of_digits(said)
            if said is not None
            else _held(kind)
            if kind is not None
            else Held("other")
        )
    return held


def _of_digits(said: str) -> Held:
    digits, scale = (int(part) for part in said[said.index("(") + 1 : said.index(")")].split(","))
    return Held("decimal", digits, scale)


def _written(plan: SqlPlan, table: str, columns: list[str] | None, apart: str) -> str:
    """The steps as tables that follow one another, each rule's condition with its id behind it."""
    name = plan.printer.name
    source = ".".join(name(part) for part in table.split(".")) if table.count('"') == 0 else name(table)
    if columns is None and apart == "LATERAL":
        return _lateral(plan, source)
    if columns is None and not apart:
        raise DecisionError(
            Words(f"{plan.printer.dialect.name} cannot leave columns out of a *", f"{plan.printer.dialect.name} 不能从 * 里去掉列"),
            hint=Words("say which columns the table has: columns=[..]", "请用 columns=[..] 写出表的各列"),
        )
    steps: list[str] = []
    helpers: list[str] = []
    for number, step in enumerate(plan.steps, 1):
        lines = []
        for alias, sql in step.items():
            helpers.append(alias)
            lines.append((f"{sql} AS {name(alias)}", plan.notes.get(alias)))
        body = "    *" + "".join(
            f",{_said(before)}\n    {line}" for (line, _), before in zip(lines, [None, *(note for _, note in lines[:-1])], strict=True)
        )
        body += _said(lines[-1][1])
        steps.append(f"{name(f'step_{number}')} AS (\n  SELECT\n{body}\n  FROM {source}\n)")
        source = name(f"step_{number}")
    last = [name(column) for column in columns if column not in plan.answer] if columns is not None else [_star(helpers, apart, name)]
    last += [f"{sql} AS {name(column)}" for column, sql in plan.answer.items()]
    listed = ",\n  ".join(last)
    begun = "WITH " + ",\n".join(steps) + "\n" if steps else ""
    return f"{begun}SELECT\n  {listed}\nFROM {source}"


def _lateral(plan: SqlPlan, source: str) -> str:
    """The same where a `*` cannot leave columns out: each step stands beside the table."""
    name = plan.printer.name
    beside = []
    for number, step in enumerate(plan.steps, 1):
        lines = [(f"{sql} AS {name(alias)}", plan.notes.get(alias)) for alias, sql in step.items()]
        body = "".join(f"    {line}{',' if place < len(lines) - 1 else ''}{_said(note)}\n" for place, (line, note) in enumerate(lines))
        beside.append(f"\nCROSS JOIN LATERAL (\n  SELECT\n{body}) AS {name(f'step_{number}')}")
    last = [f"{name('facts')}.*", *(f"{sql} AS {name(column)}" for column, sql in plan.answer.items())]
    listed = ",\n  ".join(last)
    return f"SELECT\n  {listed}\nFROM {source} AS {name('facts')}{''.join(beside)}"


def _said(note: str | None) -> str:
    return f"  {note}" if note is not None else ""


def _star(helpers: list[str], apart: str, name: Any) -> str:
    return f"* {apart} ({', '.join(map(name, helpers))})" if helpers else "*"
