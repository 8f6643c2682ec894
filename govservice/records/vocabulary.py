"""Which facts the rows of a table may carry, under which names, and how a value of each is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import LimitError, RecordError, Words, closest
from govservice.limits import BareDay, TimeLimit
from govservice.reading import (
    CodedLabel,
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
from govservice.records.rows import COURSE, TABLES, TableNames
from govservice.rules.book.entries import Column, Table, parts_of
from govservice.rules.book.sight import id_column
from govservice.rules.language.facts import checked, read_clock_time, says_none
from govservice.rules.language.values import NONE, Choice, Type

if TYPE_CHECKING:
    from govservice.models.record import Record
    from govservice.rules.book.contents import Contents

__all__ = ["Vocabulary", "assessed_tables", "limit_of", "read_course_value", "read_value", "tables_of", "vocabulary"]

_READERS: Mapping[str, Callable[[object], object]] = {
    "boolean": read_boolean,
    "integer": read_integer,
    "decimal": read_decimal,
    "text": read_text,
    "list": read_list,
    "date": read_date,
    "moment": partial(read_moment, zone=None),  # the calendar it is counted in says which
    "time": read_clock_time,
    "limit": read_limit,
}


class Vocabulary:
    """The facts that a rulebook declares for one table of records: their types, and the names and Chinese labels they go by.

    The rows of a case's course carry the facts of their own table and the number of their case, and none of the case's other facts.
    """

    def __init__(self, contents: Contents, records: str, names: TableNames) -> None:
        self.records = records
        self.table, self.id, self.label, self.of_a_case, self.once = names
        ids, labels = contents.sight(self.table)
        if self.of_a_case:
            ids = frozenset(contents.tables[self.table].columns) | {self.id}
        kinds = {id: _type(contents, self.table, id) for id in ids}
        self.types: Mapping[str, Type] = {id: kind for id, kind in kinds.items() if kind is not None}
        if not self.once and not self.of_a_case:
            more, named = _more_facts(contents, self.table)
            self.types, labels = {**more, **self.types}, {**named, **labels}
        if contents.tables.get(self.table, _NO_TABLE).stands_for == "events":
            self.types = {**self.types, "kind": _kinds(contents)}
        self.keys = frozenset(self.types) & contents.keys  # what rows are joined by
        self.labels: Mapping[str, str] = {label: id for label, id in labels.items() if id in self.types}

    def label_of(self, fact: str) -> str:
        """The Chinese label of a fact; its id where it has none."""
        return next((label for label, id in self.labels.items() if id == fact), fact)

    def fact(self, name: str) -> str | None:
        """The id of the fact that goes by this name or label."""
        return name if name in self.types else self.labels.get(name)

    def close_to(self, name: str) -> str | None:
        """The name or label most like this one."""
        return closest(name, [*self.types, *self.labels])

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
    return models.get(records, ())


def _type(contents: Contents, table: str, id: str) -> Type | None:
    """The type of a fact in sight: declared as a column, or an outcome that was recorded."""
    column = contents.column(table, id)
    if column is not None:
        return column.type
    for home in contents.chains.get(table, (table,)):
        granted = contents.granting.get(home, {}).get(id)
        if granted is not None:
            return dict(contents.decisions[granted].outcomes).get(id)
    return None


def _more_facts(contents: Contents, table: str) -> tuple[Mapping[str, Type], Mapping[str, str]]:
    """What the rows of a table that is scored may say beside its columns: whom they belong to, from when until when, facts of their kind.

    And the Chinese names of these. Kinds of event that call things of two types alike have them read as they stand.
    """
    scheme = contents.schemes.get(table)
    subject = scheme.scores if scheme is not None else table
    of = contents.tables[subject].of if subject in contents.tables else ()
    owners = [name for owner in (*of, subject) for name in (owner, owner.removesuffix("s"))]
    types: dict[str, Type] = {name: Type("text") for name in owners if name in contents.keys}
    types |= {"from": Type("date"), "until": Type("date"), "period": Type("text")}
    labels: dict[str, str] = dict(_SPELLS)
    if scheme is not None:
        types |= {"total": Type("decimal"), "eligible": Type("boolean"), subject: Type("text")}
        types |= {f"parts.{path}": Type("decimal") for path, _ in parts_of(scheme)}
        labels |= {**_SCORED} | {column.label: subject for column in _id_columns(contents, subject) if column.label}
    elif contents.tables[table].stands_for == "events":
        facts = [(column, kind) for kind in contents.events.values() for column in kind.has.values()]
        for column, _ in facts:
            known = types.setdefault(column.id, column.type)
            types[column.id] = known if known == column.type else Type("any")
        labels |= {column.label: column.id for column, _ in facts if column.label}
        types |= {f"{MARKS}.{id}": Type("decimal") for id in contents.schemes}  # where schemes mark one event each in its own way
        marks = contents.tables[table].columns[MARKS].label if MARKS in contents.tables[table].columns else None
        labels |= {f"{marks or MARKS}.{scheme.title or id}": f"{MARKS}.{id}" for id, scheme in contents.schemes.items()}
    return types, labels


def _id_columns(contents: Contents, table: str) -> list[Column]:
    columns = contents.tables[table].columns if table in contents.tables else {}
    return [columns[name] for name in (table, table.removesuffix("s")) if name in columns]


def _kinds(contents: Contents) -> Type:
    """The kinds of event, by id or label."""
    return Type("choice", choices=tuple(Choice(kind.id, kind.label or kind.id) for kind in contents.events.values()))


MARKS = "assessed"  # what an assessor gave
_SPELLS: Mapping[str, str] = {"起日": "from", "止日": "until", "期间": "period"}
_SCORED: Mapping[str, str] = {"总分": "total", "参加排名": "eligible"}
_NO_TABLE = Table("", {})


def vocabulary(contents: Contents, *, assessed: bool = False) -> Mapping[str, Vocabulary]:
    """The vocabulary of each table of records under one rulebook; with `assessed` of those that scores and grades read too.

    >>> from govservice import load_rulebook
    >>> vocabulary(load_rulebook("standard").contents)["items"].fact("办件类型")
    'case_type'
    """
    tables = {**tables_of(contents), **(assessed_tables(contents) if assessed else {})}
    return {records: Vocabulary(contents, records, names) for records, names in tables.items()}


def assessed_tables(contents: Contents) -> Mapping[str, TableNames]:
    """The further tables that scores and grades read: staff, windows, events, any other of the book, and scores that were published.

    >>> from govservice import load_rulebook
    >>> [name for name in assessed_tables(load_rulebook("kunshan").contents) if name in ("staff", "events", "staff_year")]
    ['staff', 'events', 'staff_year']
    """
    before = tables_of(contents)
    known = {*before, *(names.table for names in before.values())}
    others = {id: table.label for id, table in contents.tables.items() if id not in known}
    others |= {id: scheme.title for id, scheme in contents.schemes.items()}
    return {id: TableNames(id, _id_of(contents, id), Words(id, label or id), once=False) for id, label in others.items()}


def _id_of(contents: Contents, table: str) -> str:
    """The fact that names a row of a table that is scored; "" where its rows have none."""
    if table in contents.schemes:
        return contents.schemes[table].scores
    return next((column.id for column in _id_columns(contents, table)), "")


def tables_of(contents: Contents) -> Mapping[str, TableNames]:
    """The tables of records that a book's rules can use: items, applications, cases, those of a case's course, and its lists.

    >>> from govservice import load_rulebook
    >>> list(tables_of(load_rulebook("standard").contents))
    ['items', 'applications', 'cases', 'pauses', 'extensions']
    """
    with_clocks = {clock.about for clock in contents.clocks.values()} - set(contents.chains["cases"])
    tables = dict(TABLES)
    for id, table in contents.tables.items():
        of_cases = "cases" in contents.chains.get(id, ()) and (id in COURSE or id in with_clocks)
        if of_cases and id not in TABLES:
            tables[id] = TableNames(id, "case", Words(id, table.label or id), of_a_case=True, once=False)
    for id in sorted(contents.list_tables - {names.table for names in tables.values()}):
        table = contents.tables[id]
        tables[id] = TableNames(id, id_column(table) or id, Words(id, table.label or id))
    return tables


def read_course_value(raw: object, kind: Type) -> object:
    """A value in the course of a case: as `read_value`, but a day keeps the time that is written with it.

    A pause from 14:00 stops a clock of hours at 14:00. Midnight is what exports write for a day alone.

    >>> [read_course_value(raw, Type("date")).isoformat() for raw in ("2026-03-05 14:00", "2026-03-05 00:00:00", "2026-03-05")]
    ['2026-03-05T14:00:00', '2026-03-05', '2026-03-05']
    """
    if kind.kind == "date" and not says_none(raw, kind):
        timed = isinstance(raw, datetime) or (isinstance(raw, str) and ":" in raw.replace("：", ":"))
        moment: date = read_moment(raw, zone=None) if timed else read_date(raw)
        ends_a_day = isinstance(raw, str) and "24:00" in raw.replace("：", ":")
        if isinstance(moment, datetime) and moment.tzinfo is None and moment.time() == time() and not ends_a_day:
            return moment.date()
        return moment
    return read_value(raw, kind)


def read_value(raw: object, kind: Type) -> object:
    """A raw value as its declared type; raises RecordError.

    >>> read_value("是", Type("boolean")), read_value("20260213", Type("date")).isoformat()
    (True, '2026-02-13')
    """
    if says_none(raw, kind):
        return NONE
    if kind.kind == "choice":
        name: Any = read_choice(raw, {choice.name: CodedLabel(choice.label, choice.code) for choice in kind.choices})
        return name
    if kind.kind == "any":  # kinds of event differ in it: the one that the row is of says
        return raw
    reader = _READERS.get(kind.kind)
    if reader is None:
        raise RecordError(Words(f"facts of type {kind.kind} cannot be recorded", f"{kind.kind} 类型的事实不能记录"))
    return checked(reader(raw), kind)


def limit_of(raw: object, unit: str) -> TimeLimit:
    """A limit from a bare amount and its unit; a text that carries its own unit is what it says, 天 the days of the unit named.

    >>> print(limit_of("5", "workday"), limit_of("当天", "workday"), limit_of("3个月", "workday"), limit_of("5天", "natural_day"))
    5个工作日 当天 3个月 5个自然日
    """
    try:
        return TimeLimit(read_decimal(raw), unit)  # type: ignore[arg-type]  # TimeLimit checks its unit itself
    except RecordError:
        if not isinstance(raw, str):
            raise
    day: BareDay | None = "workday" if unit == "workday" else "natural_day" if unit == "natural_day" else None
    try:
        return TimeLimit.parse(raw, day=day)
    except LimitError as error:
        raise RecordError(error.what, why=error.why, hint=_WITH_UNIT) from None


_WITH_UNIT: Final = Words(
    "beside unit: a cell holds a number, or a limit with its own unit: 15, 5个工作日, 当天",
    "写了 unit 的列，格里写数，或带单位的时限：15、5个工作日、当天",
)
