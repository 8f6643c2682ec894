"""Which facts the rows of a table may carry, under which names, and how a value of each is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from govservice.errors import RecordError, Words
from govservice.limits import TimeLimit
from govservice.reading import (
    Choice,
    nearest,
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_integer,
    read_limit,
    read_list,
    read_moment,
    read_text,
)
from govservice.records.rows import TABLES
from govservice.rules.expressions.values import Type

if TYPE_CHECKING:
    from govservice.models.record import Record
    from govservice.rules.contents import Contents

__all__ = ["Vocabulary", "read_value", "vocabulary"]

_READERS: Mapping[str, Callable[[object], object]] = {
    "boolean": read_boolean,
    "integer": read_integer,
    "decimal": read_decimal,
    "text": read_text,
    "list": read_list,
    "date": read_date,
    "moment": read_moment,
    "limit": read_limit,
}


class Vocabulary:
    """The facts that a rulebook declares for one table of records: their types, and the names and Chinese labels they go by."""

    def __init__(self, contents: Contents, records: str) -> None:
        self.records = records
        self.table, self.id, self.label = TABLES[records]
        ids, labels = contents.sight(self.table)
        kinds = {id: _type(contents, self.table, id) for id in ids}
        self.types: Mapping[str, Type] = {id: kind for id, kind in kinds.items() if kind is not None}
        self.labels: Mapping[str, str] = {label: id for label, id in labels.items() if id in self.types}

    def fact(self, name: str) -> str | None:
        """The id of the fact that goes by this name or label."""
        return name if name in self.types else self.labels.get(name)

    def close_to(self, name: str) -> str | None:
        """The name or label most like this one."""
        return nearest(name, [*self.types, *self.labels])

    def check(self, facts: Mapping[str, object]) -> tuple[str, RecordError] | None:
        """The first amount that is less than nothing, by the standard models, with the reason."""
        amounts = {name: value for name, value in facts.items() if isinstance(value, int | Decimal) and not isinstance(value, bool)}
        if not any(value < 0 for value in amounts.values()):
            return None
        for model in _models(self.records):
            known = {name: value for name, value in amounts.items() if name in model.model_fields}
            for name, value in known.items():
                try:
                    model.read({name: value})
                except RecordError as error:
                    return name, error
        return None


def _models(records: str) -> tuple[type[Record], ...]:
    from govservice.models import Application, Case, Item

    models: dict[str, tuple[type[Record], ...]] = {"items": (Item,), "applications": (Application,), "cases": (Case, Application, Item)}
    return models[records]


def _type(contents: Contents, table: str, id: str) -> Type | None:
    """The type of a fact in sight: declared as a column, or an outcome that was recorded."""
    column = contents.column(table, id)
    if column is not None:
        return column.type
    for one in contents.chains.get(table, (table,)):
        granted = contents.granting.get(one, {}).get(id)
        if granted is not None:
            return dict(contents.decisions[granted].outcomes).get(id)
    return None


def vocabulary(contents: Contents) -> Mapping[str, Vocabulary]:
    """The vocabulary of each table of records under one rulebook.

    >>> from govservice import load_rulebook
    >>> vocabulary(load_rulebook("standard").contents)["items"].fact("办件类型")
    'case_type'
    """
    return {records: Vocabulary(contents, records) for records in TABLES}


def read_value(raw: object, kind: Type) -> object:
    """A raw value as its declared type; raises RecordError.

    >>> read_value("是", Type("boolean")), read_value("20260213", Type("date")).isoformat()
    (True, '2026-02-13')
    """
    if kind.kind == "choice":
        found: Any = read_choice(raw, {one.name: Choice(one.label, one.code) for one in kind.choices})
        return found
    reader = _READERS.get(kind.kind)
    if reader is None:
        raise RecordError(Words(f"facts of type {kind.kind} cannot be recorded", f"{kind.kind} 类型的事实不能记录"))
    return reader(raw)


def limit_of(raw: object, unit: str) -> TimeLimit:
    """A limit from a bare amount and its unit.

    >>> print(limit_of("5", "workday"))
    5个工作日
    """
    return TimeLimit(read_decimal(raw), unit)  # type: ignore[arg-type]  # TimeLimit checks its unit itself
