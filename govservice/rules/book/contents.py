"""What a loaded rulebook holds: its entries by id, and which decision grants what about which table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, TypeVar

from govservice.frozen import Frozen, freeze
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.dependencies import Place, graph, holding_always, named_in, reached, uses
from govservice.rules.book.entries import (
    Acceptance,
    Alarm,
    Clock,
    Column,
    Decision,
    EventKind,
    Item,
    ListOfBook,
    Measure,
    Notice,
    Part,
    Rule,
    Scheme,
    Setting,
    Table,
    expressions,
    in_force,
    parts_of,
)
from govservice.rules.book.remedies import SAID, SAID_OF_CLOCKS, SAID_OF_SPANS, SAID_SPANS
from govservice.rules.book.sight import CLOCK_FACTS, SCORED_FACTS, SPANS
from govservice.rules.language.shapes import Expression, InList, Known, walk
from govservice.rules.language.values import Type

__all__ = ["Contents", "KeptWork", "labelled"]

_PARTED: Final = re.compile("[:.]")
_OF_A_ROW: Final = re.compile(r"([^\W\d][\w-]*):.*\.([^.:]+)", re.DOTALL)
_Dated = TypeVar("_Dated", Decision, Rule, Scheme, Part, Item, Clock, Alarm, Notice)


def _asks_what_is_known(read: Iterable[Expression]) -> bool:
    return any(isinstance(part, Known) for expression in read for part in walk(expression))


def labelled(id: str, label: str | None) -> str:
    """An id within a Chinese sentence: after its label, in brackets; alone, between blanks, where it has none.

    >>> labelled("cases", "办件"), labelled("checks", None)
    ('办件（cases）', ' checks ')
    """
    return f"{label}（{id}）" if label and label != id else f" {id} "


class KeptWork(dict[object, Any]):
    """What was worked out from a book's contents and could be worked out again: no copy and no pickle takes it along."""

    def __reduce__(self) -> tuple[Any, ...]:
        return KeptWork, ()


@dataclass(frozen=True)
class Contents:
    """Every entry of one book, its own and those it took over."""

    id: str
    title: str | None
    sources: Mapping[str, str]
    conventions: Conventions
    settings: Mapping[str, Setting]
    tables: Mapping[str, Table]
    events: Mapping[str, EventKind]
    decisions: Mapping[str, Decision]
    measures: Mapping[str, Measure]
    schemes: Mapping[str, Scheme]
    clocks: Mapping[str, Clock]
    notices: Mapping[str, Notice]
    granting: Mapping[str, Mapping[str, str]]  # table -> outcome -> decision
    chains: Mapping[str, tuple[str, ...]]  # table -> the tables whose facts its rows see
    labels: Mapping[str, str]
    hours: Expression | None = None
    lists: Mapping[str, ListOfBook] = field(default_factory=Frozen)
    accepted: tuple[Acceptance, ...] = ()
    clauses: Mapping[str, str] = field(default_factory=Frozen)  # a clause that the book numbered itself -> its document

    def __post_init__(self) -> None:
        freeze(self)

    @cached_property
    def vocabulary(self) -> tuple[object, ...]:
        """What decides how records are read: two books that agree in it see the same rows, whatever their rules."""
        scored = {id: scheme.scores for id, scheme in self.schemes.items()}
        return self.tables, self.events, scored, self.granting, self.chains, self.labels

    @cached_property
    def kept(self) -> KeptWork:
        """What the layers above keep of it."""
        return KeptWork()

    def entries(self) -> Iterator[Decision | Rule | Scheme | Part | Item | Clock | Alarm | Notice]:
        """Every entry that may be dated."""
        for decision in self.decisions.values():
            yield decision
            yield from decision.rules
        for scheme in self.schemes.values():
            yield scheme
            yield from scheme.adjust
            for _, part in parts_of(scheme):
                yield part
                yield from part.items
        for clock in self.clocks.values():
            yield clock
            yield from clock.alarms
        yield from self.notices.values()

    def on(self, day: date) -> Contents:
        """What is in force on a day, of whatever day it then is asked; a decision or scheme that is not stays, and does not apply."""

        def kept(entries: Iterable[_Dated]) -> tuple[_Dated, ...]:
            in_force_then = (entry for entry in entries if in_force(entry.from_, entry.until, day, ""))
            return tuple(replace(entry, from_=None, until=None) for entry in in_force_then)

        def by_id(entries: Mapping[str, _Dated]) -> dict[str, _Dated]:
            return {id: kept_entry for id, entry in entries.items() for kept_entry in kept((entry,))}

        def parts_then(parts: Mapping[str, Part]) -> dict[str, Part]:
            within = by_id(parts)
            return {id: replace(part, items=kept(part.items), parts=parts_then(part.parts)) for id, part in within.items()}

        return replace(
            self,
            decisions={
                id: replace(decision, rules=kept(decision.rules)) for id, decision in {**self.decisions, **by_id(self.decisions)}.items()
            },
            schemes={
                id: replace(
                    scheme,
                    parts=parts_then(scheme.parts),
                    adjust=kept(scheme.adjust),
                )
                for id, scheme in {**self.schemes, **by_id(self.schemes)}.items()
            },
            clocks={id: replace(clock, alarms=kept(clock.alarms)) for id, clock in by_id(self.clocks).items()},
            notices=by_id(self.notices),
        )

    def column(self, table: str, name: str) -> Column | None:
        """The declaration of a fact in sight of a row of `table`, the nearest first."""
        seen = self._columns.get(table)
        return (seen if seen is not None else self._in_sight((table,))).get(name)

    @cached_property
    def _columns(self) -> dict[str, dict[str, Column]]:
        return {table: self._in_sight(chain) for table, chain in self.chains.items()}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The facts that name a row of some table (case, item, window): what rows are joined by."""
        named = ((id, name) for id in self.tables for name in (id, id.removesuffix("s")))
        return frozenset(name for id, name in named if name in self.tables[id].columns)

    def words_for_none(self, table: str) -> Mapping[str, Type]:
        """The facts in sight of a row of `table` whose columns name words for none, with their types."""
        return self._words_for_none.get(table, {})

    @cached_property
    def _words_for_none(self) -> dict[str, dict[str, Type]]:
        sights = {**self._columns, **{kind: self._in_sight((kind, *self.chains.get(kind, ()))) for kind in self.events}}
        named = {table: {name: column.type for name, column in seen.items() if column.type.none} for table, seen in sights.items()}
        return {table: words for table, words in named.items() if words}

    def table_of(self, source: str) -> str:
        """The table that rows of a source stand in: kinds of events share one."""
        return "events" if source in self.events else source

    def home_of(self, table: str, name: str) -> str | None:
        """The table in sight of a row of `table` whose fact or outcome a name is, the nearest first."""
        for seen in self.chains.get(table, (table,)):
            own = self.tables[seen].columns if seen in self.tables else self.events[seen].has if seen in self.events else {}
            if name in own or name in self.granting.get(seen, {}):
                return seen
        return None

    @cached_property
    def list_tables(self) -> frozenset[str]:
        """The tables of records that some expression looks into as a list."""
        entries = (self.decisions, self.measures, self.schemes, self.clocks, self.notices)
        read = (part for section in entries for entry in section.values() for expression in expressions(entry) for part in walk(expression))
        return frozenset(part.name for part in read if isinstance(part, InList) and part.members is None)

    @cached_property
    def entry_labels(self) -> Mapping[str, str]:
        """What kinds of events, decisions, measures and settings are called in Chinese, by id."""
        named = (self.events, self.decisions, self.measures, self.settings, self.lists)
        return Frozen({id: entry.label for entries in named for id, entry in entries.items() if entry.label})

    @cached_property
    def stated_in(self) -> Mapping[str, Conventions]:
        """The conventions in force within each scheme: what it states itself, else what the book does."""
        return {id: Frozen({**self.conventions, **scheme.conventions}) for id, scheme in self.schemes.items()}

    @cached_property
    def used(self) -> Mapping[Place, tuple[Place, ...]]:
        """Every entry with those that it reads itself."""
        return graph(self.decisions, self.measures, self.schemes, self.clocks)

    def reads(self, entry: object) -> frozenset[Place]:
        """The entries and settings that an entry, or an expression, names in any way, and so may read.

        Beside those that it waits for (`used`): what it looks back to, the decision that gives the day by which rows are counted or the
        group in which subjects are ranked, the clocks whose signals are its rows, settings.
        """
        return frozenset(place for name in set(named_in(entry)) for place in self._going_by.get(name, ()))

    @cached_property
    def may_read(self) -> Mapping[Place, frozenset[Place]]:
        """Every entry with all that it may read itself: what it says may change where one of these does."""
        sections = ("decisions", "measures", "schemes", "clocks", "notices")
        own = {(section, id): entry for section in sections for id, entry in getattr(self, section).items()}
        return {place: self.reads(entry) | frozenset(self.used.get(place, ())) for place, entry in own.items()}

    @cached_property
    def _going_by(self) -> dict[str, set[Place]]:
        """The entries that a name may stand for, by name."""
        found: dict[str, set[Place]] = {}
        for section in ("settings", "decisions", "measures", "schemes", "clocks"):
            for id in getattr(self, section):
                found.setdefault(id, set()).add((section, id))
        for outcomes in self.granting.values():
            for name, decision in outcomes.items():
                found.setdefault(name, set()).add(("decisions", decision))
        for clock in self.clocks.values():
            for alarm in clock.alarms:
                found.setdefault(alarm.signal, set()).add(("clocks", clock.id))
        return found

    @cached_property
    def steady_clocks(self) -> frozenset[str]:
        """The clocks that read nothing but their row: once stopped, they say the same on every later day."""
        return holding_always(self.decisions, self.measures, self.clocks)

    @cached_property
    def alarms_of_then(self) -> frozenset[int]:
        """The ids of the conditions of alarms that ask what is known: of the moment at which the alarm would be raised."""
        whens = [alarm.when for clock in self.clocks.values() for alarm in clock.alarms if alarm.when is not None]
        used = graph(self.decisions, self.measures, {}, self.clocks) if whens else {}
        asking = {("decisions", id) for id, decision in self.decisions.items() if _asks_what_is_known(expressions(decision))}
        asking |= {("measures", id) for id, measure in self.measures.items() if _asks_what_is_known(expressions(measure))}
        return frozenset(
            id(when) for when in whens if _asks_what_is_known([when]) or not asking.isdisjoint(reached(used, uses([when], {}, self.clocks)))
        )

    @cached_property
    def spelt(self) -> Mapping[str, str]:
        """The label of each name and source that has one; of a name that several tables have, the first."""
        columns = (column for table in self.tables.values() for column in table.columns.values())
        facts = (column for event in self.events.values() for column in event.has.values())
        sources = ((id, entry.label) for entries in (self.tables, self.events, self.measures, self.lists) for id, entry in entries.items())
        labels: dict[str, str] = {}
        for id, label in (*((column.id, column.label) for column in (*columns, *facts)), *sources):
            if label:
                labels.setdefault(id, label)
        return labels

    def in_chinese(self, id: str, table: str | None = None) -> str:
        """A name as it stands within a Chinese sentence: by its label, its id in brackets; an id without a label between blanks.

        A fact in sight of a row of `table`, where one is named; else a table, a kind of event, a scheme, a clock or any other entry.
        """
        return labelled(id, self._label_of(id, table))

    def several_in_chinese(self, ids: Iterable[str], table: str | None = None) -> str:
        """Several names, as `in_chinese` has each."""
        return "、".join(self.in_chinese(id, table) for id in ids).replace(" 、", "、").replace("、 ", "、")

    def rows_in_chinese(self, source: str, numbers: object) -> str:
        """Rows of a source by their numbers, at the head of a Chinese sentence."""
        return f"{self.in_chinese(source).lstrip()}第 {numbers} 行"

    def _label_of(self, id: str, table: str | None) -> str | None:
        column = self.column(table, id) if table is not None else None
        if column is not None and column.label:
            return column.label
        named = self.tables.get(id) or self.events.get(id) or self.clocks.get(id)
        if named is not None and named.label:
            return named.label
        return self.schemes[id].title if id in self.schemes else self.called.get(id) or self.entry_labels.get(id)

    def _meant_by(self, label: str, table: str) -> str | None:
        """What else of the book goes by a label, where an expression about a table would find that first."""
        granted = (name for decision in self.decisions.values() if decision.about == table for name, of in decision.labels if of == label)
        return next(granted, self.labels.get(label))

    @cached_property
    def called(self) -> Mapping[str, str]:
        """The label of everything that an expression may name: `spelt`, and the outcomes of decisions.

        What rows are called whose name is also that of a fact called otherwise is there as `rows:name`.
        """
        outcomes: dict[str, str] = {}
        for decision in self.decisions.values():
            outcomes |= ({decision.primary: decision.label} if decision.label else {}) | dict(decision.labels)
        known = {**{id: label for id, label in outcomes.items() if "=" not in id}, **self.spelt}
        rows = {id: entry.label for entries in (self.tables, self.events, self.lists) for id, entry in entries.items() if entry.label}
        apart = {f"rows:{id}": label for id, label in rows.items() if known[id] != label}
        return Frozen({**known, **apart})

    @cached_property
    def called_with_titles(self) -> Mapping[str, str]:
        """The same, schemes by their titles, and what is asked of clocks and periods: `reply.due`, `in_period.workdays`."""
        titles = {id: scheme.title for id, scheme in self.schemes.items() if scheme.title}
        rows = {f"rows:{id}": title for id, title in titles.items() if self.called.get(id, title) != title}
        clocks = {
            f"{clock.id}.{fact}": f"{clock.label}{said}"
            for clock in self.clocks.values()
            if clock.label
            for fact, said in SAID_OF_CLOCKS.items()
        }
        spans = {f"{whose}.{asked}": f"{SAID_SPANS[whose]}{SAID_OF_SPANS[asked]}" for whose, asked in SPANS}
        return Frozen({**spans, **clocks, **titles, **self.called, **rows})

    def _in_sight(self, tables: Iterable[str]) -> dict[str, Column]:
        columns: dict[str, Column] = {}
        for table in tables:
            own = self.tables[table].columns if table in self.tables else self.events[table].has if table in self.events else {}
            columns = {**own, **columns}
        return columns

    def labels_about(self, table: str) -> Mapping[str, str]:
        """The Chinese label of everything that has one, by id, as a row of `table` sees it: facts, outcomes, settings, clocks, tables.

        Values of choices are there as `name=value`.
        """
        return self._labels_about.get(table) or self._everything_called

    def labels_of(self, names: Iterable[str], table: str) -> dict[str, str]:
        """The labels by which what rows of a table wait for is said: a name's own, of `cases:2.closed_on` those of its parts.

        What the fact of another table's row is called there, if otherwise, is there as `cases.closed_on`.
        """
        labels, named = self.labels_about(table), tuple(names)
        found = {part: labels[part] for name in named for part in (name, *_PARTED.split(name)) if part in labels}
        for row in filter(None, map(_OF_A_ROW.fullmatch, named)):
            column = self.column(row[1], row[2])
            if column is not None and column.label and column.label != found.get(row[2]):
                found[f"{row[1]}.{row[2]}"] = column.label
        return found

    @cached_property
    def _labels_about(self) -> dict[str, Mapping[str, str]]:
        return {table: Frozen({**self._everything_called, **self._called_in(chain)}) for table, chain in self.chains.items()}

    def _called_in(self, chain: Iterable[str]) -> dict[str, str]:
        """The labels of the facts and outcomes of some tables, those of the first table last."""
        labels: dict[str, str] = {}
        for table in reversed(tuple(chain)):
            for outcome, id in self.granting.get(table, {}).items():
                decision = self.decisions[id]
                label = dict(decision.labels).get(outcome) or (decision.label if outcome == decision.primary else None)
                labels |= {outcome: label} if label else {}
                chosen = (choice for name, kind in decision.outcomes if name == outcome for choice in kind.choices)
                labels |= {f"{outcome}={choice.name}": choice.label for choice in chosen}
            for id, column in self._in_sight((table,)).items():
                labels |= {id: column.label} if column.label else {}
                labels |= {f"{id}={choice.name}": choice.label for choice in column.type.choices}
        return labels

    @cached_property
    def _everything_called(self) -> Mapping[str, str]:
        clocks = {id: clock.label for id, clock in self.clocks.items() if clock.label}
        titles = {id: scheme.title for id, scheme in self.schemes.items() if scheme.title}
        tables = {id: table.label for id, table in self.tables.items() if table.label}
        return Frozen({**clocks, **titles, **self.entry_labels, **self.called, **tables})

    def labels_for(self, decision: str) -> Mapping[str, str]:
        """The Chinese labels that an explanation of a decision may need: of each name, of each value as `name=value`, of each rule as
        `rules.id`.
        """
        return self._labels_for[decision]

    @cached_property
    def _labels_for(self) -> dict[str, Mapping[str, str]]:
        return {id: Frozen(self._labelled(decision)) for id, decision in self.decisions.items()}

    def _labelled(self, decision: Decision) -> Iterator[tuple[str, str]]:
        if decision.about in self.schemes:
            yield from ((name, said) for name, said in SAID.items() if name in SCORED_FACTS)
        yield from self.labels_about(decision.about).items()  # an answer may wait for what other entries read
        for rule in decision.rules:
            if rule.label:
                yield f"rules.{rule.id}", rule.label
            for name in rule.reads:
                yield from self._label(decision.about, name)
        for name, kind in decision.outcomes:
            yield from ((f"{name}={choice.name}", choice.label) for choice in kind.choices if choice.label != choice.name)
        yield from decision.labels

    def _label(self, table: str, name: str) -> Iterator[tuple[str, str]]:
        column = self.column(table, name)
        if column is not None:
            yield from ((f"{name}={choice.name}", choice.label) for choice in column.type.choices)
        granted = (self.granting.get(seen, {}).get(name) for seen in self.chains.get(table, ()))
        labels = {outcome: label for id in granted if id is not None for outcome, label in self.decisions[id].labels}
        label = (
            (column.label if column is not None else None)
            or labels.get(name)
            or (self.settings[name].label if name in self.settings else None)
        )
        if label:
            yield name, label

    def sight(self, table: str) -> tuple[frozenset[str], Mapping[str, str]]:
        """The ids of every fact that a row of `table` may be given, and the id of each label.

        Standard labels that the book has replaced stand first: whoever asks for the label of an id by the last one gets the book's.
        """
        return self._sights[table] if table in self._sights else self._sight(table)

    @cached_property
    def _sights(self) -> dict[str, tuple[frozenset[str], Mapping[str, str]]]:
        return {table: self._sight(table) for table in (*self.chains, *self.events)}

    def _sight(self, table: str) -> tuple[frozenset[str], Mapping[str, str]]:
        ids = {
            f"{clock.id}.{fact}"
            for clock in self.clocks.values()
            for fact in (*CLOCK_FACTS, *(f"{alarm.signal}_on" for alarm in clock.alarms))
        }
        ids.update(self.measures)
        ids.update(f"{whose}.{asked}" for whose, asked in SPANS)
        if table in self.schemes:
            ids.update((*SCORED_FACTS, *(f"parts.{path}" for path, _ in parts_of(self.schemes[table]))))
        labels: dict[str, str] = {}
        also: dict[str, str] = {}
        for seen in self.chains.get(table, (table,)):
            columns = self.tables[seen].columns if seen in self.tables else self.events[seen].has if seen in self.events else {}
            ids.update(columns)
            ids.update(self.granting.get(seen, {}))
            for column in columns.values():
                if column.label:
                    labels.setdefault(column.label, column.id)
                if column.also and self._meant_by(column.also, seen) in (None, column.id):
                    also.setdefault(column.also, column.id)
        return frozenset(ids), Frozen(also | labels)
