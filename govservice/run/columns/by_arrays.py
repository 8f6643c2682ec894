"""Decisions and expressions over whole columns at once, by arrays; what arrays cannot say is left to the interpreter, row by row.

Conditions that are true, false or unknown, days and whole numbers are joined by arrays, as the interpreter joins them. Every other form is
worked out by the interpreter itself, once for each combination of the values that stand in it, and so is a decision: once for each
combination of what its conditions come to.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.errors import GovServiceError
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
    Expression,
    IfElse,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Previous,
    Streak,
    children,
)
from govservice.rules.language.values import ANY, NONE, Interval, Nothing, Unknown
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.tables import decide
from govservice.rules.proofs.rebuilding import rebuilt
from govservice.run.columns.coded import Apart, Coded, Interned, Tellers, distinct, renumbered
from govservice.run.columns.pairs import COMPARE, EPOCH
from govservice.run.columns.plain_clocks import plain_due, whole_workdays

if TYPE_CHECKING:
    from govservice.calendars.day_arrays import Workdays
    from govservice.rules.book.entries import Decision
    from govservice.rules.meaning.subjects import Subject

__all__ = ["ASK", "ByArrays", "names_in"]

_BEYOND: Final = (Aggregate, Discretion, Previous, Streak)
_OPENLY: Final = (Arithmetic, Call, Compare, Membership, Negate)  # forms that ask of an unknown value nothing but what it needs
_MOST: Final = 8_000  # combinations of values of which the interpreter is asked
_MANY: Final = 1 << 60
_FAR: Final = 1 << 40  # a whole number within it is reckoned by arrays
_PLAIN, _NONE, _OPEN, _ASK = range(4)
_TRUE: Final = 2  # the number of a condition that holds; unknown ones are above
_WHEN, _OTHERWISE = -1, -2  # places beside those of the rules


class _Mark:
    """In place of a value: only the interpreter can say it, row by row."""


ASK: Final = _Mark()


def names_in(expressions: Iterable[Expression]) -> dict[str, Name] | None:
    """The names that some expressions read, by id; None where two go by one, or something reads more than its row."""
    names: dict[str, Name] = {}
    waiting = list(expressions)
    seen: set[int] = set()  # of what stands in several places
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, _BEYOND) or (isinstance(part, Name) and names.setdefault(part.id, part) != part):
            return None
        waiting += children(part)
    return names


class _Cells(NamedTuple):
    """A value for each kind of rows: `state` says whether it is plain, none, unknown or to be asked for. Where it is plain, `data` is it: a
    day from 1970 on, a whole number, a truth, or its number among `values`; where it is unknown, the number of what it needs.
    """

    kind: str
    state: Any
    data: Any
    values: Sequence[Any] = ()


class ByArrays:
    """What expressions come to over rows that some columns tell apart: `columns` of the values of names, by id.

    A value there is one of the language, or `ASK`; nothing where nothing is known. `subject` stands for any row, and knows of none.
    """

    def __init__(
        self, columns: Mapping[str, Coded], asked: Coded, tellers: Tellers, subject: Subject, workdays: Callable[[], Workdays]
    ) -> None:
        self.columns, self.asked, self.subject, self.workdays = columns, asked, subject, workdays
        self.told: Apart = tellers.just_by((asked, *columns.values()))
        self.needs = Interned()  # unknown values, by number
        self._known: dict[int, _Cells] = {}
        self._kept: list[Expression] = []  # whose ids are keys above

    # -- what is asked for

    def value(self, of: Expression) -> tuple[Coded, Coded]:
        """What an expression comes to; and where it is left to the interpreter, as a mask."""
        cells = self._cells(of)
        numbers, values = self._numbered(cells)
        return self._found(numbers, values, cells.state == _ASK)

    def verdicts(self, decision: Decision) -> tuple[Coded, Coded]:
        """The verdicts of a decision; and where they are left to the interpreter, as a mask."""
        import numpy as np

        left = self.told.numbers(self.asked) == 0
        ways = _Ways(self.told.size)
        going = np.ones(self.told.size, dtype=bool)
        if decision.when is not None:
            going = self._condition(decision.when, _WHEN, ways, going, left) >= _TRUE
        settled = np.zeros(self.told.size, dtype=bool)
        for number, rule in enumerate(decision.rules):
            read = going & ~settled if decision.hit == "first" else going
            held = np.where(read, _TRUE, 0) if rule.when is None else self._condition(rule.when, number, ways, read, left)
            self._worths(rule.then, number, ways, held >= _TRUE, left)
            settled = settled | (held == _TRUE)
        self._worths(decision.otherwise or (), _OTHERWISE, ways, going & ~settled, left)
        number, many = ways.numbered(~left)
        made: list[Any] = [None]
        table = np.zeros(many, dtype=np.int32)
        for way, picked in ways.each(number, many):
            try:
                made.append(decide(_settled(decision, picked), self.subject, None)._replace(decision=decision))
            except GovServiceError:
                left |= number == way
            else:
                table[way] = len(made) - 1
        return self._found(table[number], made, left)

    def _condition(self, of: Expression, place: int, ways: _Ways, read: Any, left: Any) -> Any:
        """What a condition comes to where it is read, by number: 0 elsewhere, then false, true, and unknown ones."""
        import numpy as np

        truth, needs = self._truth(of)
        left |= read & (truth == _ASK)
        number = np.where(truth == _OPEN, needs + _TRUE, np.where(truth == 1, _TRUE, _TRUE - 1))
        number = np.where(read & (truth != _ASK), number, 0)
        ways.add((place, ""), number, (None, False, True, *self.needs.values[1:]))
        return number

    def _worths(self, then: tuple[tuple[str, Expression], ...], place: int, ways: _Ways, here: Any, left: Any) -> None:
        """What a rule grants where it holds or may hold; where only the interpreter can say it, that is left."""
        import numpy as np

        if not here.any():
            return
        for name, of in then:
            if isinstance(of, Constant):
                continue
            cells = self._cells(of)
            listed = isinstance(of, (IfElse, Match)) or (isinstance(of, Name) and of.granted_by is not None)  # what it may be is asked too
            left |= here & (cells.state >= (_OPEN if listed else _ASK))
            numbers, values = self._numbered(cells)
            ways.add((place, name), np.where(here, numbers, 0), values)

    def _found(self, numbers: Any, values: Sequence[Any], left: Any) -> tuple[Coded, Coded]:
        """A column of the rows that are asked about, and a mask of those that are left."""
        import numpy as np

        asked = self.told.numbers(self.asked) > 0
        left = asked & left
        found = np.where(asked & ~left, numbers, 0).astype(np.int32)
        return Coded.over(self.told, found, values), Coded.over(self.told, left.astype(np.int8), (False, True))

    def _numbered(self, cells: _Cells) -> tuple[Any, Sequence[Any]]:
        """Cells as numbers of values; of those that are to be asked for, 0."""
        import numpy as np

        plain = cells.state == _PLAIN
        if cells.kind == "boolean":
            numbers, values = cells.data + 1, [None, False, True]
        elif cells.kind == "other":
            numbers, values = cells.data + 1, [None, *cells.values]
        else:
            data, place = distinct(cells.data[plain])
            numbers = np.zeros(len(plain), dtype=np.int64)
            numbers[plain] = place + 1
            values = [None, *((date.fromordinal(day + EPOCH) for day in data.tolist()) if cells.kind == "date" else data.tolist())]
        none = len(values)
        numbers = np.where(plain, numbers, np.where(cells.state == _NONE, none, np.where(cells.state == _OPEN, none + cells.data, 0)))
        return numbers, [*values, NONE, *self.needs.values[1:]]

    # -- expressions

    def _cells(self, of: Expression) -> _Cells:
        if id(of) not in self._known:
            self._known[id(of)] = self._worked(of)
            self._kept.append(of)
        return self._known[id(of)]

    def _truth(self, of: Expression) -> tuple[Any, Any]:
        """A condition: 1 where it holds, 0 where not, else as the states are; and what it needs. None does not hold."""
        import numpy as np

        cells = self._cells(of)
        holds = (cells.state == _PLAIN) & (cells.data > 0) if cells.kind == "boolean" else np.zeros(self.told.size, dtype=bool)
        return np.where(cells.state >= _OPEN, cells.state, holds), np.where(cells.state == _OPEN, cells.data, 0)

    def _worked(self, of: Expression) -> _Cells:
        import numpy as np

        match of:
            case Name():
                return self._named(of)
            case Constant(value):
                return self._of_values([value], np.zeros(self.told.size, dtype=np.int8), of.type.kind)
            case Not(x):
                truth, needs = self._truth(x)
                return self._booleans(np.where(truth >= _OPEN, truth, truth == 0), needs)
            case AllOf(parts):
                return self._joined(parts, settles=0)
            case AnyOf(parts):
                return self._joined(parts, settles=1)
            case Known(x):
                state = self._cells(x).state
                return self._booleans(np.where(state == _ASK, _ASK, state == _PLAIN))
            case IsNone(x):
                cells = self._cells(x)
                perhaps = _ASK if isinstance(x, Name) and x.granted_by is not None else _OPEN  # what it may still be is asked
                state = np.where(cells.state == _OPEN, perhaps, np.where(cells.state == _ASK, _ASK, cells.state == _NONE))
                return self._booleans(state, np.where(cells.state == _OPEN, cells.data, 0))
            case IfElse(condition, yes, no):
                return self._chosen(condition, self._cells(yes), self._cells(no))
            case Compare(op, left, right):
                return self._compared(of, op, self._cells(left), self._cells(right))
            case Call("due", (start, limit)):
                return self._due(of, self._cells(start), self._cells(limit))
            case Call("workdays", (first, last)):
                return self._workdays_between(of, self._cells(first), self._cells(last))
            case _:
                return self._by_combinations(of)

    def _named(self, name: Name) -> _Cells:
        column = self.columns[name.id]
        values = [Unknown(frozenset((self.subject.called(name),))), *column.values[1:]]
        return self._of_values(values, self.told.numbers(column), name.type.kind)

    def _of_values(self, values: Sequence[Any], numbers: Any, kind: str) -> _Cells:
        """Cells of values by number."""
        import numpy as np

        states = [_state(value) for value in values]
        work = _reckoned(kind, [value for value, state in zip(values, states, strict=True) if state == _PLAIN])
        interned = Interned()

        def datum(value: Any, state: int) -> int:
            if state == _PLAIN:
                return interned.number(value) - 1 if work is None else work(value)
            return self.needs.number(value) if state == _OPEN else 0

        data = np.array([datum(value, state) for value, state in zip(values, states, strict=True)], dtype=np.int64)[numbers]
        return _Cells("other" if work is None else kind, np.array(states, dtype=np.int8)[numbers], data, interned.values[1:])

    def _booleans(self, truth: Any, needs: Any = 0) -> _Cells:
        """Cells of a condition: 1 where it holds, 0 where not, else as the states are, with what it needs."""
        import numpy as np

        data = np.where(truth == _OPEN, needs, truth == 1).astype(np.int64)
        return _Cells("boolean", np.where(truth >= _OPEN, truth, _PLAIN).astype(np.int8), data)

    def _together(self, one: Any, other: Any) -> Any:
        """What two unknown values need together, by number; 0 is no unknown value."""
        import numpy as np

        found = np.where(one > 0, one, other)
        both = (one > 0) & (other > 0) & (one != other)
        if both.any():
            width = len(self.needs.values)
            pairs, place = distinct(one[both] * width + other[both])
            values = self.needs.values
            joined = [
                self.needs.number(values[first] | values[second]) for first, second in (divmod(pair, width) for pair in pairs.tolist())
            ]
            found[both] = np.array(joined, dtype=np.int64)[place]
        return found

    def _joined(self, parts: tuple[Expression, ...], *, settles: int) -> _Cells:
        """Conditions in their order: one that is so settles them; an unknown one waits for those behind it, one to be asked for ends it."""
        import numpy as np

        found = np.full(self.told.size, 1 - settles, dtype=np.int8)
        needs = np.zeros(self.told.size, dtype=np.int64)
        going = np.ones(self.told.size, dtype=bool)
        for part in parts:
            truth, more = self._truth(part)
            found = np.where(going & ((truth == settles) | (truth >= _OPEN)), truth, found)
            needs = self._together(needs, np.where(going, more, 0))
            going = going & (truth != settles) & (truth != _ASK)
        return self._booleans(found, needs)

    def _chosen(self, condition: Expression, yes: _Cells, no: _Cells) -> _Cells:
        import numpy as np

        truth, needs = self._truth(condition)
        yes, no = self._of_one_kind(yes, no)
        state, data = np.where(truth == 1, yes.state, no.state), np.where(truth == 1, yes.data, no.data)
        open_ = truth == _OPEN
        if open_.any():
            settled = (yes.state <= _NONE) & (no.state <= _NONE)
            agree = settled & (yes.state == no.state) & ((yes.data == no.data) | (yes.state == _NONE))
            branches = self._together(*(np.where(cells.state == _OPEN, cells.data, 0) for cells in (yes, no)))
            asks = (yes.state == _ASK) | (no.state == _ASK)
            state = np.where(open_ & ~agree, np.where(asks, _ASK, _OPEN), state)
            data = np.where(open_ & ~agree, self._together(needs, branches), data)
        return _Cells(yes.kind, np.where(truth == _ASK, _ASK, state).astype(np.int8), data, yes.values)

    def _of_one_kind(self, one: _Cells, other: _Cells) -> tuple[_Cells, _Cells]:
        """Both with their values numbered alike."""
        import numpy as np

        if one.kind == other.kind != "other":
            return one, other
        interned = Interned()
        both = []
        for cells in (one, other):
            numbers, values = self._numbered(cells)
            table = np.array([interned.number(value) - 1 for value in values], dtype=np.int64)
            both.append(_Cells("other", cells.state, np.where(cells.state == _PLAIN, table[numbers], cells.data)))
        return both[0]._replace(values=interned.values[1:]), both[1]._replace(values=interned.values[1:])

    def _compared(self, of: Expression, op: str, left: _Cells, right: _Cells) -> _Cells:
        import numpy as np

        if left.kind != right.kind or left.kind == "other":
            return self._by_combinations(of)
        state = np.maximum(left.state, right.state)
        none = (left.state == _NONE) | (right.state == _NONE)  # none equals nothing, whatever the other may be
        holds = np.where(none, op == "!=", getattr(np, COMPARE[op])(left.data, right.data))
        return self._booleans(np.where((state == _ASK) | ((state == _OPEN) & ~none), state, holds), self._lacking(left, right))

    def _lacking(self, *cells: _Cells) -> Any:
        """What is needed of values that are unknown."""
        import numpy as np

        one, other = (np.where(each.state == _OPEN, each.data, 0) for each in cells)
        return self._together(one, other)

    def _workdays_between(self, of: Expression, first: _Cells, last: _Cells) -> _Cells:
        import numpy as np

        if first.kind != "date" or last.kind != "date":
            return self._by_combinations(of)
        table = self.workdays()
        state = np.maximum(first.state, last.state)
        there = (
            (state == _PLAIN) & (np.minimum(first.data, last.data) >= table.first) & (np.maximum(first.data, last.data) <= table.official)
        )
        counted = table.between(np.where(there, first.data, table.first), np.where(there, last.data, table.first))
        none = (first.state == _NONE) | (last.state == _NONE)
        state = np.where(state == _ASK, _ASK, np.where(none, _NONE, np.where(state == _OPEN, _OPEN, np.where(there, _PLAIN, _ASK))))
        return _Cells("integer", state.astype(np.int8), np.where(state == _OPEN, self._lacking(first, last), counted))

    def _due(self, of: Expression, start: _Cells, limit: _Cells) -> _Cells:
        """The day on which a limit ends: by the calendar's table for working days from a plain day, where no office hours are known."""
        import numpy as np

        said = self.subject.contents
        first_day = said.conventions.get("first_day")
        if start.kind != "date" or limit.kind != "other" or said.hours is not None or first_day is None:
            return self._by_combinations(of)
        there = (start.state == _PLAIN) & (limit.state == _PLAIN)
        lengths = np.array([0, *map(whole_workdays, limit.values)], dtype=np.int64)[np.where(there, limit.data + 1, 0)]
        due, _, plain = plain_due(self.workdays(), start.data, lengths, there, first_day)
        if plain.all():
            return _Cells("date", np.full(self.told.size, _PLAIN, dtype=np.int8), due.astype(np.int64))
        others = self._by_combinations(of, ~plain)
        days, others = self._of_one_kind(_Cells("date", np.where(plain, _PLAIN, _ASK).astype(np.int8), due.astype(np.int64)), others)
        return _Cells(days.kind, np.where(plain, days.state, others.state), np.where(plain, days.data, others.data), days.values)

    def _by_combinations(self, of: Expression, among: Any = True) -> _Cells:
        """Any other form, by the interpreter, once for each combination of the values that stand in it, among some kinds of rows."""
        import numpy as np

        parts = {id(part): part for part in _standing_in(of)}
        ways = _Ways(self.told.size)
        there = (self.told.numbers(self.asked) > 0) & among
        for place, part in parts.items():
            cells = self._cells(part)
            there = there & (cells.state <= (_OPEN if isinstance(of, _OPENLY) else _PLAIN))
            ways.add(place, *self._numbered(cells))
        number, many = ways.numbered(there)
        if many > _MOST:
            return self._of_values([ASK], np.zeros(self.told.size, dtype=np.int8), of.type.kind)
        results: list[Any] = [ASK] * many
        for way, picked in ways.each(number, many):
            stands = {place: Constant(value, parts[place].type) for place, value in picked.items()}
            try:
                results[way] = evaluate(rebuilt(of, partial(_standing, stands)), self.subject)
            except GovServiceError:
                continue
        return self._of_values(results, number, of.type.kind)


class _Ways:
    """Combinations of what several expressions come to, kind by kind."""

    def __init__(self, size: int) -> None:
        import numpy as np

        self._number, self._card = np.zeros(size, dtype=np.int64), 1
        self._parts: list[tuple[Any, Any, Sequence[Any]]] = []

    def add(self, key: Hashable, numbers: Any, values: Sequence[Any]) -> None:
        """One more expression, by the numbers of its values."""
        if self._card * len(values) >= _MANY:
            self._number, self._card = renumbered(self._number, self._card)
        self._number, self._card = self._number * len(values) + numbers, self._card * len(values)
        self._parts.append((key, numbers, values))

    def numbered(self, there: Any) -> tuple[Any, int]:
        """The number of its combination for each kind, 0 for those that are not there; and how many there are."""
        import numpy as np

        if self._card >= _MANY:
            self._number, self._card = renumbered(self._number, self._card)
        found, many = renumbered(np.where(there, self._number + 1, 0), self._card + 1)
        return (found, many) if not len(there) or not there.all() else (found + 1, many + 1)

    def each(self, number: Any, many: int) -> Iterator[tuple[int, dict[Any, Any]]]:
        """Each combination: its number, and what each expression comes to in it."""
        import numpy as np

        one = np.zeros(many, dtype=np.int64)
        one[number] = np.arange(len(number))
        picked = [(key, values, numbers[one].tolist()) for key, numbers, values in self._parts]
        for way in range(1, many):
            yield way, {key: values[numbers[way]] for key, values, numbers in picked}


def _settled(decision: Decision, picked: Mapping[tuple[int, str], Any]) -> Decision:
    """A decision with what its conditions, and what its rules grant, come to in their places; one that was not read stays as it is."""

    def instead(of: Expression, place: int, name: str = "") -> Expression:
        value = picked.get((place, name))
        return of if value is None else Constant(value, ANY)

    def granted(then: tuple[tuple[str, Expression], ...], place: int) -> tuple[tuple[str, Expression], ...]:
        return tuple((name, instead(of, place, name)) for name, of in then)

    rules = tuple(
        replace(rule, when=None if rule.when is None else instead(rule.when, number), then=granted(rule.then, number))
        for number, rule in enumerate(decision.rules)
    )
    when = None if decision.when is None else instead(decision.when, _WHEN)
    otherwise = None if decision.otherwise is None else granted(decision.otherwise, _OTHERWISE)
    return replace(decision, when=when, rules=rules, otherwise=otherwise)


def _standing_in(of: Expression) -> Iterator[Expression]:
    """What is worked out by itself within an expression, constants aside; a sum is rounded once, so that none is within another."""
    for part in children(of):
        if isinstance(part, ListOf) or (isinstance(part, Arithmetic) and isinstance(of, Arithmetic)):
            yield from _standing_in(part)
        elif not isinstance(part, Constant):
            yield part


def _standing(stands: Mapping[int, Expression], part: Any) -> Expression | None:
    return stands.get(id(part))


def _reckoned(kind: str, values: Sequence[Any]) -> Callable[[Any], int] | None:
    """How values of a kind are reckoned with by arrays; None where they go by number."""
    if kind == "date":
        return _day if all(type(value) is date for value in values) else None
    if kind == "integer":
        return int if all(type(value) is int and -_FAR < value < _FAR for value in values) else None
    return int if kind == "boolean" and all(type(value) is bool for value in values) else None


def _state(value: Any) -> int:
    if isinstance(value, Unknown):
        return _OPEN
    if value is ASK or isinstance(value, Interval):
        return _ASK
    return _NONE if isinstance(value, Nothing) else _PLAIN


def _day(value: date) -> int:
    return value.toordinal() - EPOCH
