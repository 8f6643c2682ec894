"""Conditions and amounts that hang on two days: worked out for all pairs of days at once, so that a rule needs no pair of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from govservice.rules.language.shapes import Call, Compare, Constant, Expression, Name
from govservice.rules.proofs.rebuilding import changed_decision
from govservice.run.columns.coded import Coded, Tellers, combined, distinct

if TYPE_CHECKING:
    from govservice.calendars.day_arrays import Workdays
    from govservice.rules.book.entries import Decision

__all__ = ["COMPARE", "EPOCH", "NOT_A_DAY", "NO_PAIR", "DayPairs", "days_in", "is_pair", "pair_name"]

EPOCH: Final = 719_163  # the ordinal of 1 January 1970
NOT_A_DAY: Final = -(1 << 30)
_MARK: Final = "\0pair "
COMPARE: Final = {"==": "equal", "!=": "not_equal", "<": "less", "<=": "less_equal", ">": "greater", ">=": "greater_equal"}


class _NoPair:
    """Of one of the two there is no plain day."""


NO_PAIR: Final = _NoPair()


def is_pair(of: Expression) -> bool:
    """Whether an expression hangs on two days alone: a comparison, or the working days between them."""
    sides = of.of if isinstance(of, Call) and of.function == "workdays" and len(of.of) == 2 else ()
    sides = (of.left, of.right) if isinstance(of, Compare) else sides
    return len(sides) == 2 and all(side.type.kind == "date" and not isinstance(side, Constant) for side in sides)


def pair_name(id: str) -> int | None:
    """The number of the pair that a name stands for; None for any other name."""
    return int(id.removeprefix(_MARK)) if id.startswith(_MARK) else None


class DayPairs:
    """What the rules of a book say of two days, each under a number of its own."""

    def __init__(self) -> None:
        self.of: list[Any] = []
        self._numbers: dict[Expression, int] = {}
        self._decisions: dict[str, Decision | None] = {}

    def instead(self, decision: Decision) -> Decision | None:
        """A decision that reads a pair of days as one name; None where it reads none."""
        if decision.id not in self._decisions:
            before = len(self.of)
            found = changed_decision(decision, self._named)
            self._decisions[decision.id] = found if len(self.of) > before or found != decision else None
        return self._decisions[decision.id]

    def _named(self, of: Any) -> Expression | None:
        if not is_pair(of):
            return None
        if of not in self._numbers:
            self._numbers[of] = len(self.of)
            self.of.append(of)
        return Name(f"{_MARK}{self._numbers[of]}", of.type, "builtin")


def sides(of: Any) -> tuple[Expression, Expression]:
    """The two days of a pair."""
    return (of.left, of.right) if isinstance(of, Compare) else of.of


def paired(of: Any, one: Coded, other: Coded, tellers: Tellers, workdays: Callable[[], Workdays]) -> Coded:
    """What a pair comes to, by the columns of its two days; NO_PAIR where one of them is no plain day, or not fixed by a notice."""
    import numpy as np

    first, second = days_in(one.values), days_in(other.values)
    if isinstance(of, Compare):
        holds = getattr(np, COMPARE[of.op])

        def compared(left: Any, right: Any) -> Any:
            a, b = first[left], second[right]
            return np.where((a == NOT_A_DAY) | (b == NOT_A_DAY), 3, holds(a, b) + 1)

        return combined(tellers, (one, other), (None, False, True, NO_PAIR), compared)
    table = workdays()
    values: list[Any] = [None, NO_PAIR]

    def counted(left: Any, right: Any) -> Any:
        a, b = first[left], second[right]
        there = (np.minimum(a, b) >= table.first) & (np.maximum(a, b) <= table.official)
        numbers = table.between(np.where(there, a, table.first), np.where(there, b, table.first))
        counts, place = distinct(numbers)
        values.extend(counts.tolist())
        return np.where(there, place + 2, 1)

    return combined(tellers, (one, other), values, counted)


def days_in(values: Sequence[Any]) -> Any:
    """Plain days as numbers from 1970 on; NOT_A_DAY for anything else."""
    import numpy as np

    return np.array([value.toordinal() - EPOCH if type(value) is date else NOT_A_DAY for value in values], dtype=np.int64)
