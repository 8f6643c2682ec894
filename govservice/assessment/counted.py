"""What expressions count: the aggregates in them, themselves and through measures, and how each is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Aggregate, Expression, Previous, Streak, names, walk

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["Counted", "Counting"]

Counting: TypeAlias = Aggregate | Previous | Streak


class Counted:
    """What the expressions of a book count or look back to; each is looked through once, however many cards it stands on."""

    def __init__(self, contents: Contents) -> None:
        self._measures = contents.measures
        self._seen: dict[int, _Seen] = {}  # by identity

    def by(self, expressions: Iterable[Expression], scope: Subject) -> Iterator[tuple[str, Counting]]:
        """What these count, themselves or through measures worked out, by how it is written; of a mean or share, the rows too."""
        for expression in expressions:
            seen = self._look_through(expression)
            measured = [self._measures[name].value for name in seen.measures if name in scope.memo]
            yield from seen.counted
            for value in measured:
                yield from self._look_through(value).counted

    def counts(self, expressions: Iterable[Expression]) -> bool:
        """Whether these count or look back to anything, or may through measures."""
        return any(seen.counted or seen.measures for seen in map(self._look_through, expressions))

    def _look_through(self, of: Expression) -> _Seen:
        if id(of) not in self._seen:
            counted = tuple((written(part), part) for part in _with_rows(_outermost(of)))
            self._seen[id(of)] = _Seen(of, counted, tuple(name for name in names(of) if name in self._measures))
        return self._seen[id(of)]


class _Seen(NamedTuple):
    expression: Expression  # kept, so that no other takes its identity
    counted: tuple[tuple[str, Counting], ...]
    measures: tuple[str, ...]


def _with_rows(counted: Iterable[Counting]) -> Iterator[Counting]:
    for part in counted:
        yield part
        if isinstance(part, Aggregate) and part.total not in ("count", "sum", "lowest", "highest"):
            yield replace(part, total="count", value=None)


def _outermost(of: Expression) -> Iterator[Counting]:
    """The aggregates of an expression, not those within their rows."""
    inner = {id(part) for aggregate in walk(of) if isinstance(aggregate, Aggregate) for own in aggregate.within for part in walk(own)}
    return (part for part in walk(of) if isinstance(part, (Aggregate, Previous, Streak)) and id(part) not in inner)
