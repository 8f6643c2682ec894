"""What depends on what in a rulebook: which facts settle a classification."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from govservice.rules.book.dependencies import Place, reached
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.shapes import Expression, Name, walk
from govservice.rules.meaning.kinds import eras

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["Deciding", "facts_of_clock"]


def _used(contents: Contents, start: Iterable[Place]) -> set[Place]:
    return reached(contents.used, start)


def facts_of_clock(contents: Contents, clock: str) -> frozenset[str]:
    """The names that a clock can read, of itself and through what decides about its case."""
    return frozenset(name.id for name in _names(_read(contents, [("clocks", clock)])))


def _read(contents: Contents, start: Iterable[Place]) -> Iterator[Expression]:
    sections: Mapping[str, Mapping[str, Entry]] = {
        "decisions": contents.decisions, "measures": contents.measures, "schemes": contents.schemes, "clocks": contents.clocks,
    }  # fmt: skip
    return (expression for section, id in _used(contents, start) for expression in expressions(sections[section][id]))


class Deciding:
    """The facts that a book's decisions about an application, and the conditions of its notices, can read.

    Two rows that agree in these, on days between which nothing comes into force or goes out of it, are classified alike.

    >>> from govservice import load_rulebook
    >>> deciding = Deciding(load_rulebook("kunshan").contents)
    >>> first, second = {"main_document": "present", "applicant_name": "甲"}, {"main_document": "present", "applicant_name": "乙"}
    >>> deciding.key(first, date(2026, 3, 2)) == deciding.key(second, date(2026, 5, 6))
    True
    """

    def __init__(self, contents: Contents) -> None:
        seen = contents.chains["cases"]
        conditions = [notice.when for notice in contents.notices.values() if notice.about in seen]
        start = {("decisions", id) for id, decision in contents.decisions.items() if decision.about == "application"}
        start |= {place for name in _names(conditions) for place in _granting(name)}
        read = _read(contents, start)
        self.facts = tuple(sorted({name.id for name in _names((*read, *conditions))} | {"case_type"}))
        self.turns = eras(contents)

    def key(self, facts: Mapping[str, object], on: date | None) -> Hashable:
        """What a classification depends on; rows of one key come to the same."""
        return (self.era(on), *map(facts.get, self.facts))

    def era(self, on: date | None) -> int | None:
        """Days of one era have the same entries in force."""
        return None if on is None else bisect_right(self.turns, on)


def _granting(name: Name) -> Iterator[Place]:
    if name.granted_by is not None:
        yield "decisions", name.granted_by
    if name.home == "measure":
        yield "measures", name.id
    if name.home == "clock":
        yield "clocks", name.id.partition(".")[0]


def _names(read: Iterable[Expression]) -> Iterator[Name]:
    """Every name in these expressions."""
    return (part for expression in read for part in walk(expression) if isinstance(part, Name))
