"""What a scheme reads, itself and through whatever it builds on: tables that nobody supplied, and by what days rows are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from govservice.assessment.days_inside import Lasts
from govservice.rules.book.dependencies import Place, reached, uses
from govservice.rules.book.entries import Entry, Item, expressions
from govservice.rules.language.shapes import Aggregate, Expression, InList, Known, Name, walk
from govservice.rules.meaning.subjects import RANKS

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["Placing", "Reach"]


class Placing(NamedTuple):
    """By what a row is placed in time: a column, or its first and last day; neither: its own day."""

    by: str | None
    lasts: Lasts | None


class Reach:
    """Of each scheme of a book; looked through once, however many cards ask."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._guarded: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._days: dict[str, dict[str, tuple[Placing, ...]]] = {}
        self._named_by: dict[str, tuple[tuple[str, str], ...]] = {}
        self._own: dict[str, bool] = {}

    def guarded(self, scheme: str) -> tuple[tuple[str, ...], ...]:
        """The sources of every count of which it is asked whether it is known: without them nobody waits."""
        if scheme not in self._guarded:
            asked = [part.of for part in self._read({("schemes", scheme)}) if isinstance(part, Known)]
            places = {place for of in asked for place in uses([of], self._contents.schemes, self._contents.clocks)}
            parts = (*(part for of in asked for part in walk(of)), *self._read(places))
            self._guarded[scheme] = tuple(dict.fromkeys(part.sources for part in parts if isinstance(part, Aggregate)))
        return self._guarded[scheme]

    def days(self, scheme: str) -> dict[str, tuple[Placing, ...]]:
        """By which days rows are counted or priced, by their source."""
        if scheme not in self._days:
            found: dict[str, dict[Placing, None]] = {}
            for sources, days in self._placings(scheme):
                for source in sources:
                    found.setdefault(source, {})[days] = None
            self._days[scheme] = {source: tuple(days) for source, days in found.items()}
        return self._days[scheme]

    def named_by(self, scheme: str) -> tuple[tuple[str, str], ...]:
        """The columns that say whose a row is where it is counted or priced, each with the source of the rows."""
        if scheme not in self._named_by:
            tables = self._contents.tables
            start: set[Place] = {("schemes", scheme)}
            whose = [(item.for_, item.of) for item in self._contents.schemes[scheme].items]
            whose += [(part.sources, part.of) for part in self._read(start, through=False) if isinstance(part, Aggregate)]
            found = ((source, of) for sources, of in whose if of is not None and of != "all" and of not in tables for source in sources)
            self._named_by[scheme] = tuple(dict.fromkeys(found))
        return self._named_by[scheme]

    def clocks(self, scheme: str) -> list[str]:
        """The clocks that a scheme reads, itself or through whatever it builds on."""
        return sorted(id for section, id in self._reached({("schemes", scheme)}) if section == "clocks" and id in self._contents.clocks)

    def is_own(self, scheme: str) -> bool:
        """Whether a scheme, and all that it builds on, reads nothing of others: no rows of theirs, no list, no place among them."""
        if scheme not in self._own:
            start: set[Place] = {("schemes", scheme)}
            schemes, scores = self._contents.schemes, self._contents.schemes[scheme].scores
            built_on = [schemes[id] for section, id in self._reached(start) if section == "schemes"]
            whose = {item.of for one in built_on for item in one.items}
            below = all(one.scores == scores or scores in self._contents.chains.get(one.scores, ()) for one in built_on)
            self._own[scheme] = below and whose <= {None} and not any(map(_of_others, self._read(start)))
        return self._own[scheme]

    def _placings(self, scheme: str) -> Iterator[tuple[tuple[str, ...], Placing]]:
        for place in self._reached({("schemes", scheme)}):
            if place[0] == "schemes":
                items: tuple[Item, ...] = self._contents.schemes[place[1]].items
                yield from ((item.for_, Placing(item.by, item.lasts)) for item in items)
        for part in self._read({("schemes", scheme)}):
            if isinstance(part, Aggregate):
                yield part.sources, Placing(part.by, part.lasts)

    def _reached(self, places: set[Place]) -> set[Place]:
        return reached(self._contents.used, places)

    def _read(self, places: set[Place], *, through: bool = True) -> Iterator[Expression]:
        """Every expression of these entries and of those that they build on; of the latter not those of other schemes unless `through`."""
        own = self._reached(places)
        for place in sorted(own if through else {place for place in own if place in places or place[0] != "schemes"}):
            entry = self._entry(place)
            for expression in () if entry is None else expressions(entry):
                yield from walk(expression)

    def _entry(self, place: Place) -> Entry | None:
        contents = self._contents
        sections: dict[str, Mapping[str, Entry]] = {
            "decisions": contents.decisions,
            "measures": contents.measures,
            "schemes": contents.schemes,
            "clocks": contents.clocks,
        }
        return sections[place[0]].get(place[1])


def _of_others(part: Expression) -> bool:
    """Whether an expression reads what is not the subject's own."""
    if isinstance(part, Aggregate):
        return part.of is not None
    return isinstance(part, InList) or (isinstance(part, Name) and part.home == "scheme" and part.id.partition("(")[0] in RANKS)
