"""What names an expression may use: the one interface between the parser and whatever declares them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from govservice.errors import Fault, Words
from govservice.rules.language.shapes import Expression, Name

__all__ = ["Namespace"]


class Namespace(Protocol):
    """The names that are in sight where an expression stands."""

    @property
    def allows(self) -> frozenset[str]:
        """Which of "rows" (aggregates), "discretion" and "previous" may be used here."""
        ...

    @property
    def bare_day(self) -> str | None:
        """What a limit of 五日 or 30天 means here; None where nobody says."""
        ...

    def find(self, name: str) -> Expression | None:
        """The fact, outcome, setting, measure or `let` of that name or label."""
        ...

    def measured(self, name: Name) -> Expression | None:
        """The expression that a measure stands for; None for any other name."""
        ...

    def counts_here(self, name: Expression) -> bool:
        """Whether a name counts records where a total may not stand."""
        ...

    def dotted(self, owner: str, attribute: str) -> Expression | None:
        """`promised.due`, `parts.limits`, `period.start`."""
        ...

    def remedy(self, name: str, attribute: str | None = None) -> Words | None:
        """What a name, or one behind a dot, is that means no fact here, and how it is written; None where nobody can say."""
        ...

    def source(self, name: str) -> str | None:
        """The id of the table, event kind or scheme of that name or label, if there is one."""
        ...

    def listed(self, name: str) -> tuple[str, frozenset[str] | None] | None:
        """The id of a list of that name or label, with what it holds where the book writes that out; None where there is none."""
        ...

    def lists(self) -> Collection[str]:
        """Every list that one may look into."""
        ...

    def rows(self, sources: tuple[str, ...]) -> Namespace:
        """The names of the rows of one or several sources."""
        ...

    def previous(self, name: str) -> Expression | None:
        """What `previous(name)` may mean: an expression of its type."""
        ...

    def whose(self) -> tuple[str, ...]:
        """The tables that one may belong to for whom rows are counted here, its own the first."""
        ...

    def owner(self, name: str) -> str | None:
        """The one of them with that name or label."""
        ...

    def naming(self, sources: tuple[str, ...], column: str) -> str | None:
        """The text column with that name or label of every source, which may name a subject beside those that its rows belong to."""
        ...

    def belongs(self, source: str, owner: str | None) -> Fault | None:
        """What is wrong where rows of a source can belong to nobody for whom they are counted here, or to no `owner`."""
        ...

    def placed(self, source: str) -> bool | None:
        """Whether rows of a source have days that place them in a period; None of scores, which have periods of their own."""
        ...

    def longer(self, kind: str) -> bool:
        """Whether a period is longer than that of the rows that are priced here."""
        ...

    def lasting(self) -> bool:
        """Whether what stands here is asked period by period, so that earlier ones can be looked at."""
        ...

    def recurring(self) -> bool:
        """Whether what stands here is there in one period after another; a record has its day, and no other."""
        ...

    def spellings(self) -> Collection[str]:
        """Every name and label in sight, for reading and for hints."""
        ...

    def sources(self) -> Collection[str]:
        """Every table, event kind and scheme that an aggregate may run over."""
        ...
