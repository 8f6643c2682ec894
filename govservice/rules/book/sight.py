"""Which names stand in sight where: a row's own columns and outcomes, those of what it belongs to, settings, measures, clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final, Protocol

from govservice.errors import Fault, Words
from govservice.rules.book.entries import Column, EventKind, ListOfBook, Setting, Table
from govservice.rules.book.remedies import built_in, remedy_of_dotted, remedy_of_name, remedy_of_score
from govservice.rules.language.shapes import Constant, Expression, Name
from govservice.rules.language.spelling import MoreSpellings, Spellings, folded
from govservice.rules.language.values import ANY, BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, Type

__all__ = ["AMOUNTS", "AMOUNT_UNITS", "CLOCK_FACTS", "SCORED_FACTS", "SPANS", "Declared", "RowNames", "WithLets", "id_column"]

_PLAIN_FACTS: Final[Mapping[str, Type]] = {
    "started_on": DATE,
    "due": DATE,
    "used": DECIMAL,
    "left": DECIMAL,
    "overdue": BOOLEAN,
    "overdue_by": DECIMAL,
    "stopped_on": DATE,
}
AMOUNTS: Final = ("used", "left", "overdue_by")
AMOUNT_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "workdays": ("workday",),
    "days": ("natural_day", "month", "year", "same_day", "on_the_spot"),
    "hours": ("hour", "minute"),
    "minutes": ("hour", "minute"),
}
"""The units that amounts of a clock are named with, each with the limits that are reckoned in it (hours and minutes in either)."""

CLOCK_FACTS: Final[Mapping[str, Type]] = {**_PLAIN_FACTS, **{f"{amount}_{unit}": DECIMAL for amount in AMOUNTS for unit in AMOUNT_UNITS}}
SCORED_FACTS: Final[Mapping[str, Type]] = {"total": DECIMAL, "rank": INTEGER, "ranked": INTEGER, "eligible": BOOLEAN}
_ROW: Final[Mapping[str, Type]] = {"kind": TEXT, "nth": INTEGER}
SPANS: Final[Mapping[tuple[str, str], Type]] = {
    ("period", "start"): DATE,
    ("period", "end"): DATE,
    ("period", "days"): INTEGER,
    ("period", "workdays"): INTEGER,
    ("served", "days"): INTEGER,
    ("served", "workdays"): INTEGER,
    ("in_period", "days"): INTEGER,
    ("in_period", "workdays"): INTEGER,
}
_LENGTHS: Final = {"day": 0, "month": 1, "bimonth": 2, "quarter": 3, "half": 6, "year": 12, "ever": 10_000}
_PRICED: Final[Mapping[str, Type]] = {"total": DECIMAL, "full": DECIMAL}


class Declared(Protocol):
    """What a book declares, as far as names need it."""

    @property
    def tables(self) -> Mapping[str, Table]: ...
    @property
    def events(self) -> Mapping[str, EventKind]: ...
    @property
    def settings(self) -> Mapping[str, Setting]: ...
    @property
    def lists(self) -> Mapping[str, ListOfBook]: ...
    @property
    def bare_day(self) -> str | None:
        """What 五日 or 30天 means in the book."""
        ...

    @property
    def event_table(self) -> str:
        """The table whose rows are occurrences of the event kinds; empty where there is none."""
        ...

    @property
    def signals(self) -> Mapping[str, tuple[str, ...]]:
        """The signals each clock raises."""
        ...

    @property
    def scheme_subjects(self) -> Mapping[str, str]:
        """The table each scheme scores."""
        ...

    @property
    def scheme_parts(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def scheme_periods(self) -> Mapping[str, str]: ...
    @property
    def case_table(self) -> str: ...
    def is_subject(self, id: str) -> bool: ...
    def granted_to_none(self, name: str) -> bool: ...
    def runs_on_none(self, clock: str) -> bool: ...
    @property
    def labels(self) -> Mapping[str, str]:
        """The id of each label of a setting, measure, clock, table, event kind or scheme."""
        ...

    def outcomes(self, table: str) -> Mapping[str, str]:
        """The outcomes granted about a table, each with the decision that grants it."""
        ...

    def outcome_type(self, decision: str, outcome: str) -> Type: ...
    def outcome_labels(self, table: str) -> Mapping[str, str]: ...
    def measure_type(self, measure: str) -> Type | None: ...
    def measured(self, measure: str) -> Expression | None: ...
    def counts(self, *expressions: Expression) -> bool: ...
    def clocks_of(self, table: str) -> Collection[str]: ...
    def labelled(self, table: str) -> Mapping[str, str]:
        """The columns of a table or event kind by their labels."""
        ...

    def formerly(self, table: str) -> Mapping[str, str]:
        """The columns whose standard label the book has replaced, by that label."""
        ...

    def spellings(self, chain: tuple[str, ...]) -> Spellings: ...


def tables_in_sight(declared: Declared, table: str) -> tuple[str, ...]:
    """The tables whose facts a row of `table` sees: its own, then those it belongs to, the nearest first."""
    seen: dict[str, None] = {}
    waiting = [table]
    while waiting:
        nearest = waiting.pop(0)
        if nearest in seen:
            continue
        seen[nearest] = None
        waiting.extend(owners(declared, nearest))
    return tuple(seen)


def owners(declared: Declared, table: str) -> tuple[str, ...]:
    """What a table, scheme or event kind belongs to."""
    if table in declared.tables:
        return declared.tables[table].of
    if table in declared.scheme_subjects:
        return (declared.scheme_subjects[table],)
    return (declared.event_table,) if table in declared.events and declared.event_table else ()


def id_column(table: Table) -> str | None:
    """The column that names the rows of a table: of its own name, or of that without the s."""
    return next((name for name in (table.id, table.id.removesuffix("s")) if name in table.columns), None)


def own_columns(declared: Declared, table: str) -> Mapping[str, Column]:
    """The own columns of a table or event kind."""
    if table in declared.tables:
        return declared.tables[table].columns
    return declared.events[table].has if table in declared.events else {}


def _own_and_shared(declared: Declared, source: str) -> Mapping[str, Column]:
    """The columns of a table, or of a kind of event with those of every event."""
    shared = declared.tables[declared.event_table].columns if source in declared.events and declared.event_table else {}
    return {**shared, **own_columns(declared, source)}


class RowNames:
    """The names in sight of a row of a table, event kind or scheme."""

    def __init__(
        self,
        declared: Declared,
        tables: tuple[str, ...],
        *,
        allows: frozenset[str] = frozenset(),
        row: bool = False,
        priced: str | None = None,
    ) -> None:
        self.declared = declared
        self.tables = tables
        self.allows = allows
        self.bare_day = declared.bare_day
        self.row = row  # a row an item prices: `kind` and `nth`
        self.priced = priced  # the scheme whose parts are in sight
        self.outside: frozenset[str] = frozenset()  # lets of the entry that counts these rows
        self.chain = tuple(dict.fromkeys(seen for table in tables for seen in tables_in_sight(declared, table)))
        self.in_the_dark = not all(
            table in declared.tables or table in declared.scheme_subjects or table in declared.events for table in self.chain
        )

    def find(self, name: str) -> Expression | None:
        """The nearest meaning of a name or label; anything, where the table itself is not known: that is one fault, not one a name."""
        meant = self._column(name) or self._scored(name) or self._shared(name) or self._formerly(name)
        return meant or (Constant(False, ANY) if self.in_the_dark or self.declared.granted_to_none(name) else None)

    def _column(self, name: str) -> Name | None:
        granted = next((table for table in self.chain if name in self.declared.outcomes(table)), None)
        if granted is not None:
            decision = self.declared.outcomes(granted)[name]
            return Name(name, self.declared.outcome_type(decision, name), "outcome", decision)
        for table in self.chain:
            column = own_columns(self.declared, table).get(name)
            if column is not None:
                return Name(column.id, column.type, "column")
        for table in self.chain:
            column_id = self.declared.labelled(table).get(name)
            if column_id is not None:
                return self._column(column_id)
            labelled = self.declared.outcome_labels(table).get(name)
            if labelled is not None:
                return self._column(labelled)
        return None

    def _formerly(self, name: str) -> Name | None:
        """A fact by the standard label that the book has replaced, where nothing else goes by it."""
        formerly = (self.declared.formerly(table).get(name) for table in self.chain)
        return next((self._column(id) for id in formerly if id is not None), None)

    def _scored(self, name: str) -> Name | None:
        if name in SCORED_FACTS and any(table in self.declared.scheme_subjects for table in self.chain):
            return Name(name, SCORED_FACTS[name], "scheme")
        if self.priced and name == "adjust":
            return Name(name, DECIMAL, "scheme")
        if self.row and name in _ROW:
            return Name(name, _ROW[name], "scope")
        return Name("as_of", DATE, "builtin") if name in ("as_of", "截至日") else None

    def _shared(self, name: str) -> Name | None:
        id = self.declared.labels.get(name, name)
        setting = self.declared.settings.get(id)
        if setting is not None:
            return Name(id, setting.type, "setting")
        measure = self.declared.measure_type(id)
        return Name(id, measure, "measure") if measure is not None else None

    def measured(self, name: Name) -> Expression | None:
        """The expression of a measure."""
        return self.declared.measured(name.id) if name.home == "measure" else None

    def counts_here(self, name: Expression) -> bool:
        """Whether it is a measure that counts records, beside rows of a table or event kind that have none of their own."""
        rows_of_rows = (
            self.row and "rows" not in self.allows and not all(table in self.declared.scheme_subjects for table in self.chain[:1])
        )
        return rows_of_rows and isinstance(name, Name) and name.home == "measure" and self.declared.counts(name)

    def dotted(self, owner: str, attribute: str) -> Expression | None:
        """`promised.due`, `promised.yellow_on`, `parts.limits`, `period.start`."""
        if (owner, attribute) in SPANS and (owner != "in_period" or self.row):
            return Name(f"{owner}.{attribute}", SPANS[owner, attribute], "scope")
        if owner == "parts":
            schemes = [self.priced] if self.priced else [table for table in self.chain if table in self.declared.scheme_parts]
            known = any(attribute in self.declared.scheme_parts.get(scheme, ()) for scheme in schemes if scheme)
            return Name(f"parts.{attribute}", DECIMAL, "scheme") if known else None
        clock = self._clock(owner)
        if clock is None:
            return Constant(False, ANY) if self.in_the_dark or self.declared.runs_on_none(owner) else None
        if attribute in CLOCK_FACTS:
            return Name(f"{clock}.{attribute}", CLOCK_FACTS[attribute], "clock")
        signal = attribute.removesuffix("_on")
        return (
            Name(f"{clock}.{attribute}", DATE, "clock") if attribute != signal and signal in self.declared.signals.get(clock, ()) else None
        )

    def _clock(self, name: str) -> str | None:
        """The id of a clock in sight, by its name or label."""
        clock = self.declared.labels.get(name, name)
        return clock if any(clock in self.declared.clocks_of(table) for table in self.chain) else None

    def remedy(self, name: str, attribute: str | None = None) -> Words | None:
        """What a name is that means no fact here, and how it is written."""
        if name == "in_period":
            return Words(
                "in_period.days and in_period.workdays are those of a row: in an item with `for:`, or within an aggregate",
                "in_period.days、in_period.workdays 说的是一行记录：写在有 for 的计分项里，或统计之内",
            )
        if attribute is None and name in self.outside:
            return Words(
                f"a counted row sees its own facts, and not the let {name}; write it out if it is of that row alone",
                f"被统计的行只看得到自己的事实，看不到 let 里的“{name}”；只用到该行事实的，请直接写出来",
            )
        if attribute is None and (id := built_in(name)) is not None and name not in self.declared.labels:
            if self.find(id) is not None:
                return Words(f"write {id}", f"写作 {id}")
            if id in SCORED_FACTS:
                return remedy_of_score(self.declared, id)
        if attribute is None:
            return remedy_of_name(self.declared, name)
        clock = self._clock(name)
        facts = (*CLOCK_FACTS, *(f"{signal}_on" for signal in self.declared.signals.get(clock, ()))) if clock is not None else ()
        return remedy_of_dotted(self.declared, name, attribute, facts, stands_alone=self.find(attribute) is not None)

    def source(self, name: str) -> str | None:
        """The id of a table, event kind, scheme or signal of that name or label."""
        id = self.declared.labels.get(name, name)
        declared = self.declared
        if id in declared.tables or id in declared.events or id in declared.scheme_subjects:
            return id
        if self.priced and name in ("parts", "adjust"):
            return name
        clock, dot, signal = id.partition(".")
        clock = declared.labels.get(clock, clock)
        if dot and signal in declared.signals.get(clock, ()):
            return f"{clock}.{signal}"
        return id if not dot and any(id in signals for signals in declared.signals.values()) else None

    def listed(self, name: str) -> tuple[str, frozenset[str] | None] | None:
        """A list of the book, or a table of which a column names the rows."""
        id = self.declared.labels.get(name, name)
        if id in self.declared.lists:
            return id, self.declared.lists[id].members
        return (id, None) if id in self.declared.tables and id_column(self.declared.tables[id]) is not None else None

    def lists(self) -> Collection[str]:
        """Every list of the book, and every such table."""
        return (*self.declared.lists, *(id for id, table in self.declared.tables.items() if id_column(table) is not None))

    def rows(self, sources: tuple[str, ...]) -> RowNames | _PartNames:
        """The names of the rows of one or several sources."""
        if sources in (("parts",), ("adjust",)):
            return _PartNames()
        known = [
            source
            if source in self.declared.tables or source in self.declared.events or source in self.declared.scheme_subjects
            else self.declared.event_table
            for source in sources
        ]
        return RowNames(self.declared, tuple(known), row=True)

    def previous(self, name: str) -> Expression | None:
        """`previous(scheme)`, `previous(grade)`, or `previous(total)` where a scheme is in sight."""
        if name in self.declared.scheme_subjects:
            return Name(name, DECIMAL, "scheme")
        for scheme in self.declared.scheme_subjects:
            granting = self.declared.outcomes(scheme).get(name)
            if granting is not None:
                return Name(name, self.declared.outcome_type(granting, name), "scheme")
        return self._scored(name) if name in SCORED_FACTS else None

    def _counted_for(self) -> tuple[str, ...]:
        """For whom rows are counted here: beside a row that an item prices, for the subject of its scheme."""
        tables = (self.priced,) if self.priced else self.tables
        return tuple(self.declared.scheme_subjects.get(table, table) for table in tables)

    def lasting(self) -> bool:
        """Whether it is subjects in periods that are spoken of, or their scores."""
        return self.in_the_dark or ("rows" in self.allows and (self.priced is not None or any(map(self._is_subject, self.tables))))

    def recurring(self) -> bool:
        """Whether they are there in one period after another; a record has its day, and no other."""
        return self.lasting() and (self.in_the_dark or self.priced is not None or not all(map(self._is_record, self.tables)))

    def _is_record(self, id: str) -> bool:
        """Whether a row of a table is of one day."""
        table = self.declared.tables.get(id)
        return table is not None and (table.dated_by is not None or id == self.declared.case_table)

    def _is_subject(self, table: str) -> bool:
        return table in self.declared.scheme_subjects or table in own_columns(self.declared, table) or self.declared.is_subject(table)

    def whose(self) -> tuple[str, ...]:
        """The tables that the subject belongs to, its own the first; none where no subject is spoken of."""
        if not self.lasting():
            return ()
        if self.in_the_dark:
            return tuple(self.declared.tables)
        chain = dict.fromkeys(seen for table in self._counted_for() for seen in tables_in_sight(self.declared, table))
        return tuple(table for table in chain if table in self.declared.tables)

    def owner(self, name: str) -> str | None:
        """The one of them with that name or label."""
        id = self.declared.labels.get(name, name)
        return id if id in self.whose() else None

    def naming(self, sources: tuple[str, ...], column: str) -> str | None:
        """The text column with that name or label of every source, which may name a subject beside those that its rows belong to."""
        held = [_own_and_shared(self.declared, source) for source in sources]
        named = {id for columns in held for id, one in columns.items() if column in (id, one.label)}
        id = next(iter(named)) if len(named) == 1 else ""
        return id if held and all(id in columns and columns[id].type.kind in ("text", "any") for columns in held) else None

    def belongs(self, source: str, owner: str | None) -> Fault | None:
        """What is wrong where rows of a source can belong to nobody for whom they are counted here, or to no `owner`."""
        declared = self.declared
        if owner is not None and owner not in (*declared.tables, "all"):
            return None  # a column of theirs names whose they are
        if owner is None and self._counts_itself(source):
            whose = next(iter(owners(declared, source)), None)
            what = Words(f"no row of {source} belongs to a row of {source}", f"{source} 的记录不属于 {source} 的一行，统计不到")
            above = Words(f"count them for what they belong to: about: {whose}", f"请替它们所属的对象统计：about: {whose}")
            nothing = Words("say `of:` on the table, and count for that", "在表上写 of:，替所属的对象统计")
            return Fault(what, hint=above if whose else nothing)
        wanted = self._counted_for() if owner in (None, "all") else (owner,)
        base = (
            source if source in declared.tables or source in declared.events or source in declared.scheme_subjects else declared.case_table
        )
        seen = tables_in_sight(declared, base)
        over = (declared.scheme_subjects.get(source) in tables_in_sight(declared, table) for table in wanted)
        if not {*wanted, *seen} <= {*declared.tables, *declared.scheme_subjects, *declared.events}:
            return None  # which is told where it is named
        if not wanted or self.in_the_dark or source in ("parts", "adjust") or not set(wanted).isdisjoint(seen) or any(over):
            return None
        table = declared.event_table if base in declared.events else declared.scheme_subjects.get(base, base)
        of = ", ".join((*owners(declared, table), wanted[0]))
        names = (wanted[0], wanted[0].removesuffix("s"))
        column = "" if any(name in own_columns(declared, table) for name in names) else f", {wanted[0]}: text"
        written = f"tables: {{{table}: {{of: [{of}]{column}}}}}"
        what = Words(f"rows of {source} belong to no {wanted[0]}", f"{source} 的记录不属于任何 {wanted[0]}，统计不到")
        hint = Words(f"say that they do: {written}", f"写明归属：{written}")
        return Fault(what, hint=hint)

    def placed(self, source: str) -> bool | None:
        """Whether rows of a source have days; None of scores and parts."""
        declared = self.declared
        if source in ("parts", "adjust") or source in declared.scheme_subjects:
            return None
        table = declared.tables.get(source if source in declared.tables else declared.event_table)
        return table is None or table.dated_by is not None or table.lasts is not None

    def _counts_itself(self, source: str) -> bool:
        """Whether records are counted for one record of their own table; of a subject's table they are its rows in the period."""
        return self._is_record(source) and self.priced is None and self.tables == (source,)

    def longer(self, kind: str) -> bool:
        """Whether a period is longer than that of the scheme whose rows are priced here."""
        own = self.declared.scheme_periods.get(self.priced or "", "").partition(" ")
        return kind == "ever" != own[0] or (own[0] != "rolling" and _LENGTHS[kind] > _LENGTHS.get(own[0], 10_000))

    def spellings(self) -> Collection[str]:
        """Every name and label in sight."""
        return self.declared.spellings(self.chain)

    def sources(self) -> Collection[str]:
        """Every table, event kind and scheme."""
        return (*self.declared.tables, *self.declared.events, *self.declared.scheme_subjects)


class _PartNames:
    """The names of the parts of a score: `sum(parts)`."""

    allows: frozenset[str] = frozenset()
    bare_day: str | None = None

    def find(self, name: str) -> Expression | None:
        return Name(name, _PRICED[name], "scope") if name in _PRICED else None

    def measured(self, _name: Name) -> Expression | None:
        return None

    def counts_here(self, _name: Expression) -> bool:
        return False

    def dotted(self, _owner: str, _attribute: str) -> Expression | None:
        return None

    def remedy(self, _name: str, _attribute: str | None = None) -> Words | None:
        return None

    def source(self, _name: str) -> str | None:
        return None

    def listed(self, _name: str) -> None:
        return None

    def lists(self) -> Collection[str]:
        return ()

    def rows(self, _sources: tuple[str, ...]) -> _PartNames:
        return self

    def previous(self, _name: str) -> Expression | None:
        return None

    def whose(self) -> tuple[str, ...]:
        return ()

    def owner(self, _name: str) -> str | None:
        return None

    def naming(self, _sources: tuple[str, ...], _column: str) -> str | None:
        return None

    def belongs(self, _source: str, _owner: str | None) -> Fault | None:
        return None

    def placed(self, _source: str) -> bool | None:
        return None

    def longer(self, _kind: str) -> bool:
        return False

    def lasting(self) -> bool:
        return False

    def recurring(self) -> bool:
        return False

    def spellings(self) -> Collection[str]:
        return tuple(_PRICED)

    def sources(self) -> Collection[str]:
        return ()


class WithLets:
    """Names with those of an entry's `let:` before them."""

    def __init__(self, base: RowNames, lets: Mapping[str, Expression]) -> None:
        self.base = base
        self.lets = lets
        self.allows = base.allows
        self.bare_day = base.bare_day

    def find(self, name: str) -> Expression | None:
        """A `let` wins over everything else."""
        return self.lets.get(name) or self.base.find(name)

    def measured(self, name: Name) -> Expression | None:
        """As without the lets."""
        return self.base.measured(name)

    def counts_here(self, name: Expression) -> bool:
        """As without the lets."""
        return self.base.counts_here(name)

    def dotted(self, owner: str, attribute: str) -> Expression | None:
        """As without the lets."""
        return self.base.dotted(owner, attribute)

    def remedy(self, name: str, attribute: str | None = None) -> Words | None:
        """As without the lets."""
        return self.base.remedy(name, attribute)

    def source(self, name: str) -> str | None:
        """As without the lets."""
        return self.base.source(name)

    def listed(self, name: str) -> tuple[str, frozenset[str] | None] | None:
        """As without the lets."""
        return self.base.listed(name)

    def lists(self) -> Collection[str]:
        """As without the lets."""
        return self.base.lists()

    def rows(self, sources: tuple[str, ...]) -> RowNames | _PartNames:
        """As without the lets, which are of the row outside."""
        rows = self.base.rows(sources)
        if isinstance(rows, RowNames):
            rows.outside = frozenset(self.lets)
        return rows

    def previous(self, name: str) -> Expression | None:
        """As without the lets."""
        return self.base.previous(name)

    def whose(self) -> tuple[str, ...]:
        """As without the lets."""
        return self.base.whose()

    def owner(self, name: str) -> str | None:
        """As without the lets."""
        return self.base.owner(name)

    def naming(self, sources: tuple[str, ...], column: str) -> str | None:
        """As of the row."""
        return self.base.naming(sources, column)

    def belongs(self, source: str, owner: str | None) -> Fault | None:
        """As without the lets."""
        return self.base.belongs(source, owner)

    def placed(self, source: str) -> bool | None:
        """As without the lets."""
        return self.base.placed(source)

    def longer(self, kind: str) -> bool:
        """As without the lets."""
        return self.base.longer(kind)

    def lasting(self) -> bool:
        """As without the lets."""
        return self.base.lasting()

    def recurring(self) -> bool:
        """As without the lets."""
        return self.base.recurring()

    def spellings(self) -> Collection[str]:
        """The lets, and every name in sight."""
        return MoreSpellings(self.lets.keys(), self.base.spellings()) if self.lets else self.base.spellings()

    def sources(self) -> Collection[str]:
        """As without the lets."""
        return self.base.sources()


def every_spelling(declared: Declared, tables: tuple[str, ...]) -> Iterator[str]:
    """Every name and label in sight of rows of these tables."""
    for table in tables:
        for column in own_columns(declared, table).values():
            yield column.id
            if column.label:
                yield folded(column.label)
            if column.also:
                yield folded(column.also)
        yield from declared.outcomes(table)
        yield from declared.outcome_labels(table)
