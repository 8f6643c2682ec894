"""Which of a case's clocks says when the case is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Protocol, TypeVar, cast

from govservice.clockwork.history import MOVING
from govservice.rules.book.contents import Contents
from govservice.rules.language.shapes import Name

__all__ = ["CLOSED", "PROMISED", "closing_clocks", "first_to_end", "is_promised", "main_of", "where_nothing_is_promised"]

PROMISED: Final = "promised"
CLOSED: Final = "closed_on"
_CLOSING: Final = (CLOSED, "closed_at")


class Timed(Protocol):
    """What is asked of the reading of a clock."""

    @property
    def clock(self) -> str: ...
    @property
    def applies(self) -> bool | None: ...
    @property
    def limit(self) -> object: ...
    @property
    def due(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def started(self) -> object: ...
    @property
    def stopped(self) -> object: ...
    @property
    def paused(self) -> tuple[tuple[str | None, date, date | None], ...]: ...
    @property
    def undecided(self) -> tuple[str, ...]: ...


_T = TypeVar("_T", bound=Timed)


def main_of(clocks: Sequence[_T], closing: tuple[str, ...]) -> _T | None:
    """The clock that says when a case is due, even while that is open; `closing` are those that run until it is closed.

    It is the promised one; where that does not run, of the others the first to end of those that run, else of those that have stopped, the
    ones that run until the case is closed first; where none is known to end, one that runs until the case is closed. None where none runs.
    """
    promised = next((each for each in clocks if each.clock == PROMISED and each.applies is not False), None)
    if promised is not None:
        return promised
    whole = (each for clock in closing for each in clocks if each.clock == clock and each.applies is not False)
    return first_to_end(clocks, closing) or next(whole, None)


def is_promised(clock: Timed) -> bool:
    """Whether a clock is the promised one, and something is promised."""
    return clock.clock == PROMISED and (clock.limit is not None or clock.due is not None)


def where_nothing_is_promised(main: _T | None, clocks: Sequence[_T], closing: tuple[str, ...]) -> _T | None:
    """The clock that says when a case is due in a centre that promises nothing: the first to end."""
    unpromised = main is not None and main.clock == PROMISED and main.applies is True
    return (first_to_end(clocks, closing) or main) if unpromised else main


def first_to_end(clocks: Sequence[_T], closing: tuple[str, ...]) -> _T | None:
    """The first to end of the clocks that run, else of those that have stopped.

    One that runs, and waits for nothing but what is open of its pauses and extensions, may be that one: none stands in its place.
    """
    waiting = [each for each in clocks if _waits_for_its_course(each) and (each.stopped is None or each.clock in closing)]
    if waiting:
        return min(waiting, key=lambda each: each.clock not in closing)
    ending = [each for each in clocks if each.applies and each.due_on is not None]

    def order(each: Any) -> tuple[bool, bool, date]:
        return each.stopped is not None, each.stopped is not None and each.clock not in closing, cast("date", each.due_on)

    return min(ending, key=order, default=None)


def _waits_for_its_course(each: Timed) -> bool:
    """Whether a clock runs and only what is open of its pauses and extensions, be they rows or facts, keeps its day from being known."""
    if each.applies is not True or each.due is not None or each.started is None:
        return False
    tables = {name.partition(":")[0] for name in each.undecided}
    stands = each.limit is not None and any(last is None for _, _, last in each.paused)
    return stands or (bool(tables) and tables <= {*MOVING})


def closing_clocks(contents: Contents) -> tuple[str, ...]:
    """The clocks that run until a case is closed, the promised one first: those that say when the case as a whole is due."""
    about = contents.chains["cases"]
    closing = [
        clock.id
        for clock in contents.clocks.values()
        if clock.about in about and any(isinstance(stop, Name) and stop.id in _CLOSING for stop in clock.stops)
    ]
    return tuple(sorted(closing, key=lambda id: id != PROMISED))
