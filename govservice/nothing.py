"""None, as people record it: there is none (无, 没有规定), which is known; not the same as not knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

__all__ = ["GAP", "NONE", "Nothing"]


@dataclass(frozen=True, slots=True, repr=False)
class Nothing:
    """No value, and known to be none: as a condition it does not hold, it equals nothing, and it is not known.

    A `gap` is what a table comes to that applies and in which no rule fits: whatever reads it is open until the outcome is recorded.

    >>> NONE, bool(NONE), GAP == NONE
    (NONE, False, False)
    """

    gap: bool = False

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "GAP" if self.gap else "NONE"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - as consoles and hypothesis call it
        printer.text(repr(self))

    def __reduce__(self) -> str:  # the same object again from a pickle or a copy
        return repr(self)


NONE: Final = Nothing()
"""There is none: a fact of a record (`{"statutory_days": NONE}`), an outcome that does not apply. None of Python is what nobody said."""
GAP: Final = Nothing(gap=True)
