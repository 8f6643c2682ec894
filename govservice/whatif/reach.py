"""What a change between two rulebooks can reach: everything else comes to the same, and need not be worked out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from govservice.rules.book.dependencies import Place, reached
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.shapes import Aggregate, Discretion, InList, Previous, Streak, walk

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock, Decision
    from govservice.rules.language.shapes import Expression

__all__ = ["Touched", "reach", "read_in", "reads_rows"]

_WORDS: Final = ("tables", "events", "lists", "conventions", "hours")
_SECTIONS: Final = ("decisions", "measures", "schemes", "clocks")


class Touched:
    """What may come to something else under the other book; `all` where the words themselves are others: tables, kinds of event, lists,
    what is called what, and which decision grants what.
    """

    def __init__(self, places: frozenset[Place], *, all_: bool, changed: frozenset[Place]) -> None:
        self.places, self.all, self.changed = places, all_, changed

    def touches(self, section: str, id: str) -> bool:
        """Whether an entry may come to something else."""
        return self.all or (section, id) in self.places

    def touches_cases(self, contents: Contents) -> bool:
        """Whether anything that is worked out of one case may: a decision about it or its application, a clock, a notice."""
        if self.all or any(section == "notices" for section, _ in self.places):
            return True
        chain = contents.chains.get("cases", ())
        decided = any(("decisions", id) in self.places for id, one in contents.decisions.items() if one.about in chain)
        return decided or any(section == "clocks" for section, _ in self.places)

    def of_cases(self, contents: Contents) -> Iterator[tuple[str, Decision | Clock]]:
        """The decisions and clocks that may, of those that are worked out of one case."""
        about = contents.chains.get("cases", ())
        yield from (("decisions", one) for id, one in contents.decisions.items() if ("decisions", id) in self.places and one.about in about)
        yield from (("clocks", one) for id, one in contents.clocks.items() if ("clocks", id) in self.places and one.about in about)


def reach(before: Contents, after: Contents) -> Touched:
    """What the entries and settings that differ can reach, in either book.

    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan")
    >>> dearer = book.amend({"schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays"})
    >>> found = reach(book.contents, dearer.contents)
    >>> found.touches("schemes", "window_month"), found.touches("schemes", "staff_month"), found.touches_cases(dearer.contents)
    (True, False, False)
    """
    words = frozenset((name, "") for name in _WORDS if getattr(before, name) != getattr(after, name))
    changed = {*words} | {("settings", id) for id in _differing(before.settings, after.settings)}
    for section in (*_SECTIONS, "notices"):
        changed |= {(section, id) for id in _differing(getattr(before, section), getattr(after, section))}
    if words or before.vocabulary != after.vocabulary:
        return Touched(frozenset(), all_=True, changed=frozenset(changed))
    places = set(changed)
    alike = all(getattr(before, section) is getattr(after, section) for section in (*_SECTIONS, "notices"))
    for contents in (before,) if alike else (before, after):
        places |= {place for place, read in _reached(contents).items() if read & changed}
    return Touched(frozenset(places), all_=False, changed=frozenset(changed))


def reads_rows(contents: Contents, section: str, id: str) -> bool:
    """Whether an entry reads more than the row that it is about and what that belongs to: other rows, scores, clocks, earlier periods.

    >>> from govservice import load_rulebook
    >>> contents = load_rulebook("haimen").contents
    >>> reads_rows(contents, "decisions", "placement"), reads_rows(contents, "measures", "completion_percent")
    (False, True)
    """
    used = [place for place in reached(contents.may_read, [(section, id)]) if place[0] != "settings"]
    if any(place[0] in ("schemes", "clocks") for place in used):
        return True
    entries: list[Entry] = [getattr(contents, place[0])[place[1]] for place in used if place[1] in getattr(contents, place[0])]
    parts = (part for entry in entries for expression in expressions(entry) for part in walk(expression))
    return any(isinstance(part, (Aggregate, Discretion, InList, Previous, Streak)) for part in parts)


def read_in(of: Expression, contents: Contents) -> frozenset[Place]:
    """The entries and settings that an expression may read itself."""
    return contents.reads(of)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before is after:
        return iter(())
    return (id for id in dict.fromkeys((*before, *after)) if before.get(id) != after.get(id))


def _reached(contents: Contents) -> Mapping[Place, frozenset[Place]]:
    """All that each entry may read, of itself and through others, itself included."""
    kept = contents.kept.get("whatif.reached")
    if kept is None:
        kept = {place: frozenset(reached(contents.may_read, [place])) for place in contents.may_read}
        contents.kept["whatif.reached"] = kept
    return cast("Mapping[Place, frozenset[Place]]", kept)
