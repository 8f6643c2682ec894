"""What is not known, taken each way it may turn out: a reading is settled where it comes to the same in every one of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Final, TypeVar

from govservice.rules.language.shapes import Expression, IfElse, Match, Name
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import branches, evaluate
from govservice.rules.meaning.subjects import Subject

__all__ = ["Fork", "may_be", "not_yet", "turns"]

MOST_TURNS: Final = 256  # beyond that everything that forks is left open

_T = TypeVar("_T")


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


def turns(read: Callable[[Fork], _T]) -> tuple[list[tuple[_T, Fork]], bool]:
    """Every way a reading may turn out, with what it asked; and whether these are all, for no more than `MOST_TURNS` are tried."""
    found: list[tuple[_T, Fork]] = []
    path: list[int] = []
    while len(found) < MOST_TURNS:
        fork = Fork(path)
        found.append((read(fork), fork))
        path = list(fork.path)
        while path and path[-1] + 1 == fork.sizes[len(path) - 1]:
            path.pop()
        if not path:
            return found, True
        path[-1] += 1
    return found, False


def may_be(expression: Expression, subject: Subject) -> tuple[tuple[Value, ...], frozenset[str]]:
    """The values that an expression may still have (unknown ones among them), and what would decide between them.

    What a condition or a decision leaves open is listed branch by branch.
    """
    value = evaluate(expression, subject)
    if not isinstance(value, Unknown):
        return (value,), frozenset()
    if isinstance(expression, (IfElse, Match)):
        needs, ways = branches(expression, subject)
        listed = [may_be(way, subject) for way in ways]
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


def not_yet(value: Unknown, subject: Subject) -> bool:
    """Whether all that is missing is the date of an act: it has not happened yet."""
    columns = [subject.contents.column(subject.table, fact_named(name)) for name in value.needs]
    return bool(columns) and all(column is not None and column.type.kind in ("date", "moment") for column in columns)
