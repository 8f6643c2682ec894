"""What is not known, taken each way it may turn out: a reading is settled where it comes to the same in every one of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from govservice.errors import CalendarError, DeadlineError, DecisionError, Words
from govservice.rules.language.acts import DAY_OF
from govservice.rules.language.facts import absent
from govservice.rules.language.shapes import Expression, IfElse, Match, Name
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import branches, evaluate, holds, in_doubt
from govservice.rules.meaning.subjects import Subject

__all__ = ["Fork", "Turns", "may_be", "not_yet", "turns"]

MOST_TURNS: Final = 256  # beyond that everything that forks is left open

_T = TypeVar("_T")
CountingError: TypeAlias = DeadlineError | CalendarError | DecisionError


class Fork:
    """One way that everything asked so far may turn out; a question asked again is answered alike."""

    def __init__(self, path: list[int]) -> None:
        self.path = path
        self.sizes: list[int] = []
        self.needs: set[str] = set()
        self._answers: dict[Hashable, object] = {}

    def choose(self, question: Hashable, options: tuple[_T, ...], needs: Iterable[str]) -> _T:
        """The option taken this time; `needs` names what would decide."""
        if question in self._answers:
            return self._answers[question]  # type: ignore[return-value]
        place = len(self.sizes)
        if place == len(self.path):
            self.path.append(0)
        self.sizes.append(len(options))
        self.needs.update(needs)
        answer = self._answers[question] = options[self.path[place]]
        return answer

    def value(self, of: Expression, subject: Subject) -> Value:
        """What an expression comes to this time."""
        values, needs = may_be(of, subject)
        return values[0] if len(values) == 1 else self.choose(of, values, needs)

    def truth(self, condition: Expression, subject: Subject) -> bool:
        """Whether a condition holds this time."""
        answer = holds(evaluate(condition, subject))
        return self.choose(condition, (True, False), answer.needs) if isinstance(answer, Unknown) else answer


class Turns(NamedTuple, Generic[_T]):
    """The ways that could be counted, each with what it asked; what decides about those that could not, and why they could not.

    `whole` says whether these are all there are: else nothing is settled.
    """

    found: list[tuple[_T, Fork]]
    needs: frozenset[str]
    failed: tuple[Words, ...]
    whole: bool


def turns(read: Callable[[Fork], _T]) -> Turns[_T]:
    """Every way a reading may turn out, no more than `MOST_TURNS`. Raises what the first way raises where none can be counted."""
    found: list[tuple[_T, Fork]] = []
    failed: list[tuple[CountingError, Fork]] = []
    path: list[int] = []
    whole = False
    while not whole and len(found) + len(failed) < MOST_TURNS:
        fork = Fork(path)
        try:
            found.append((read(fork), fork))
        except (DeadlineError, CalendarError, DecisionError) as error:
            failed.append((error, fork))
        path = _next(fork)
        whole = not path
    if not found:
        raise failed[0][0]
    needs = frozenset(need for _, fork in failed for need in fork.needs)
    return Turns(found, needs, tuple(dict.fromkeys(error.what for error, _ in failed)), whole and not failed)


def _next(fork: Fork) -> list[int]:
    """The way to try next; empty where this was the last."""
    path = list(fork.path)
    while path and path[-1] + 1 == fork.sizes[len(path) - 1]:
        path.pop()
    if path:
        path[-1] += 1
    return path


def may_be(expression: Expression, subject: Subject, doubt: Unknown | None = None) -> tuple[tuple[Value, ...], frozenset[str]]:
    """The values that an expression may still have (unknown ones among them), and what would decide between them.

    What a condition or a decision leaves open is listed branch by branch. `doubt` is what would say whether it matters.
    """
    value = in_doubt(expression, subject, doubt)
    if not isinstance(value, Unknown):
        return (value,), frozenset()
    if isinstance(expression, (IfElse, Match)):
        needs, ways = branches(expression, subject)
        listed = [may_be(way, subject, Unknown(needs) if len(ways) > 1 else doubt) for way in ways]
        return _distinct(value for values, _ in listed for value in values), needs.union(*(more for _, more in listed))
    if isinstance(expression, Name) and expression.granted_by is not None:
        possible = subject.possible(expression)
        if possible is not None and len(possible) > 1:
            return _distinct(possible), value.needs
    return (value,), frozenset()


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))


def fact_named(need: str) -> str:
    """The fact in what is waited for, without its row.

    >>> fact_named("cases:3.closed_on"), fact_named("closed_on")
    ('closed_on', 'closed_on')
    """
    row, _, fact = need.partition(".")
    return fact if ":" in row else need


def _has_happened(moment: str, subject: Subject) -> bool:
    """Whether the day of an act is on record, though its moment is not."""
    return moment in DAY_OF and not absent(subject.recorded.get(DAY_OF[moment]))


def not_yet(value: Unknown, subject: Subject) -> bool:
    """Whether all that is missing is the date of an act, and none was given that cannot be read: it has not happened yet."""
    if any(map(subject.is_spoilt, value.needs)):
        return False
    if any(_has_happened(fact_named(name), subject) for name in value.needs):
        return False
    columns = [subject.contents.column(subject.table, fact_named(name)) for name in value.needs]
    return bool(columns) and all(column is not None and column.type.kind in ("date", "moment") for column in columns)
