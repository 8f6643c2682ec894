"""Rows that an item prices as one (`each:`): their numbers summed, their other facts as they agree."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from govservice.assessment.days_inside import Inside, joined
from govservice.assessment.occurrences import Entry
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.errors import RecordError, Words
from govservice.rules.language.intervals import hull, may_be_none
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Interval, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import joined_by
from govservice.rules.meaning.joining import Joint, Unit, summed, ways

__all__ = ["JoinedScope", "joined_ways", "open_keys"]


def joined_ways(
    each: Name, entries: Sequence[tuple[Entry, bool | Unknown]], telling: Mapping[int, Hashable], subject: SubjectScope
) -> list[list[Entry]] | None:
    """Entries that an item lets in, or may, joined: in each way that may be; None where there are too many."""
    joints = [Joint(1, asked, joined_by(each, entry.scope, telling.get(id(entry.row)))) for entry, asked in entries]
    every = ways(joints, subject.days, each_row=True) or ways(joints, subject.days)
    return None if every is None else [[_of_unit(unit, entries) for unit in units] for units in every]


def open_keys(each: Name, entries: Iterable[Entry], telling: Mapping[int, Hashable]) -> frozenset[str]:
    """What would say by what these are joined."""
    keys = (joined_by(each, entry.scope, telling.get(id(entry.row))) for entry in entries)
    return frozenset().union(*(key.needs for key in keys if isinstance(key, Unknown)))


def _of_unit(unit: Unit, entries: Sequence[tuple[Entry, bool | Unknown]]) -> Entry:
    """One entry for rows that are one; its day is the first of theirs."""
    places = sorted((*unit.sure, *unit.maybe))
    members = [entries[place][0] for place in places]
    doubts = [cast("Unknown", entries[place][1]) for place in unit.maybe]
    doubt = None if unit.sure else Unknown(frozenset().union(*(doubt.needs for doubt in doubts)))
    first = members[0]
    rows = tuple(entry.row for entry in members)
    if len(members) == 1:
        return first._replace(doubt=doubt, joined=rows)
    sure, maybe = ([cast("RecordScope", entries[place][0].scope) for place in some] for some in (unit.sure, unit.maybe))
    return Entry(first.row, first.on, JoinedScope(sure, maybe, frozenset().union(*(doubt.needs for doubt in doubts))), doubt, rows)


def _days_of(sure: Sequence[RecordScope], maybe: Sequence[RecordScope], doubt: frozenset[str]) -> Inside | None:
    """The days of records that are one; None where not all of them have any."""
    certain, perhaps = ([scope.inside for scope in scopes if scope.inside is not None] for scopes in (sure, maybe))
    return joined(certain, perhaps, doubt) if len(certain) + len(perhaps) == len(sure) + len(maybe) else None


def _added(value: Value) -> Value:
    """What a record adds: nothing, where its number may be none."""
    return hull([0, replace(value, or_none=False)]) if isinstance(value, Interval) and value.or_none else value


class JoinedScope(RecordScope):
    """Several records as one: a number of their own is the sum of theirs, any other fact what they agree in."""

    __slots__ = ("doubt", "maybe", "sure")

    def __init__(self, sure: Sequence[RecordScope], maybe: Sequence[RecordScope], doubt: frozenset[str]) -> None:
        first = (*sure, *maybe)[0]
        super().__init__(
            first.contents,
            first.row,
            first._facts,
            first.surroundings,
            first.around,
            period=first.period,
            faults=first.faults,
            scheme=first.scheme,
            scored=first.scored,
            alone=first.alone,
            inside=_days_of(sure, maybe, doubt),
        )
        self.sure, self.maybe, self.doubt = sure, maybe, doubt

    def value(self, name: Name) -> Value:
        """The sum, or what the records agree in; of what is not theirs, as of any of them."""
        if name.home not in ("column", "outcome", "clock"):
            return super().value(name)
        value = self.memo.get(name.id)
        if value is None:
            certain, perhaps = ([scope.value(name) for scope in scopes] for scopes in (self.sure, self.maybe))
            summing = name.type.is_number and (name.home == "clock" or self._is_own(name.id))
            value = self.memo[name.id] = self._sum(certain, perhaps) if summing else self._agreed(name, certain, perhaps)
        return value

    def _is_own(self, name: str) -> bool:
        home = self.contents.home_of(self.table, name)
        return home is not None and (
            home == self.table or (self.table in self.contents.events and home == self.contents.chains[self.table][1])
        )

    def _sum(self, certain: list[Value], perhaps: list[Value]) -> Value:
        """Records to which the number does not apply add nothing."""
        some: list[list[Value]] = [[_added(value) for value in values if not isinstance(value, Nothing)] for values in (certain, perhaps)]
        if not any(some):
            return (*certain, *perhaps)[0]
        total = summed(some[0], some[1], self.doubt)
        every = [value for value in (*certain, *perhaps) if not isinstance(value, Nothing)]
        return replace(total, or_none=True) if isinstance(total, Interval) and all(map(may_be_none, every)) else total

    def _agreed(self, name: Name, certain: list[Value], perhaps: list[Value]) -> Value:
        values = (*certain, *perhaps)
        if all(value == values[0] for value in values):
            return values[0]
        unknown = [value for value in values if isinstance(value, (Unknown, Interval))]
        known = [value for value in certain if not isinstance(value, (Unknown, Interval))]
        if all(value == known[0] for value in known):
            return Unknown(self.doubt.union(*(value.needs for value in unknown)))
        where = self.called(name)
        numbers = ", ".join(str(scope.row.number) for scope in self.sure)
        rows, fact = self.contents.rows_in_chinese(self.row.source, numbers), self.contents.in_chinese(name.id, self.row.source)
        self.faults[where] = RecordError(
            Words(
                f"rows {numbers} of {self.row.source} are priced as one and differ in {name.id}",
                f"{rows}合并计分，而{fact}不同",
            ),
            hint=Words("read it in `when:`, or join them by it", "请在 when 里读它，或按它合并"),
            id=where,
        )
        return Unknown(frozenset((where,)))
