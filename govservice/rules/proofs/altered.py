"""What a decision hangs on that no proof follows (clocks, scores, counted rows, how a fact is read), and which of it differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from govservice.rules.book.contents import Contents
from govservice.rules.book.dependencies import Place, named_in, reached
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, InList, Name, Previous, Streak, walk
from govservice.rules.proofs.closed import closure
from govservice.rules.proofs.listing import Rewritten

__all__ = ["Altered"]

_READING: Final = ("tables", "events", "lists")
_EVERYWHERE: Final = ("conventions", "hours")
_UNFOLLOWED: Final = (Aggregate, Previous, Streak, Discretion, InList)


class Altered:
    """The entries that two books write differently."""

    def __init__(self, before: Contents, after: Contents, rewritten: Iterable[Rewritten]) -> None:
        self.books = (before, after)
        self._places: set[Place] = set()
        self._words: dict[str, set[str]] = {}  # by what expressions name of them, where tables, kinds of events and lists stand
        self._everywhere: set[str] = set()
        for one in rewritten:
            section, _, within = one.entry.partition(".")
            if section in _EVERYWHERE:
                self._everywhere.add(one.entry)
            elif section in _READING:
                id, _, column = within.partition(".")
                for name in (column.removeprefix("has."),) if column else (id, *_words(one)):
                    self._words.setdefault(name, set()).add(one.entry)
            else:
                self._places.add((section, within.partition(".")[0]))

    def reaches(self, decision: str) -> bool:
        """Whether anything that a decision of either book may hang on is written differently."""
        return any(True for contents in self.books for _ in self._among(contents, {("decisions", decision)}))

    def behind(self, decision: str) -> tuple[str, ...]:
        """What is written differently among that on which a decision of both books hangs without a proof following it."""
        found = {place for contents in self.books for place in self._behind(contents, decision)}
        return tuple(sorted(found))

    def _behind(self, contents: Contents, decision: str) -> Iterator[str]:
        own = list(_parts(contents, closure(contents, decision).values()))
        unfollowed = [
            part for part in own if isinstance(part, _UNFOLLOWED) or (isinstance(part, Name) and part.home in ("clock", "scheme"))
        ]
        begin = {place for part in unfollowed for place in contents.reads(part)}
        about = contents.decisions[decision].about
        if about in contents.schemes:
            begin.add(("schemes", about))
        yield from self._among(contents, begin, own, unfollowed)
        if not begin and any(part.type.kind == "limit" for part in own):  # what 五日 means is a convention
            yield from self._everywhere

    def _among(
        self, contents: Contents, begin: set[Place], own: Iterable[Expression] = (), unfollowed: Iterable[Expression] = ()
    ) -> Iterator[str]:
        """What differs of some entries and all that they may read, and of what expressions name."""
        deep = reached(contents.may_read, begin)
        yield from (".".join(place) for place in deep & self._places)
        entries: list[Entry] = [
            getattr(contents, section)[id] for section, id in deep if section != "settings" and id in getattr(contents, section)
        ]
        read = (*own, *_parts(contents, entries))
        names = {part.id for part in read if isinstance(part, Name)}.union(*map(named_in, (*unfollowed, *entries)))
        yield from (place for name in names & self._words.keys() for place in self._words[name])
        if deep or unfollowed:
            yield from self._everywhere


def _words(one: Rewritten) -> tuple[str, ...]:
    """What else a change of a table or kind as a whole concerns: the columns by which its rows are dated."""
    return tuple(word for text in (one.before, one.after) if text is not None for word in text.split(", "))


def _parts(contents: Contents, entries: Iterable[Entry]) -> Iterator[Expression]:
    """All parts of the expressions of entries, and of the measures that they name."""
    waiting = [expression for entry in entries for expression in expressions(entry)]
    seen: set[str] = set()
    while waiting:
        for part in walk(waiting.pop()):
            yield part
            if isinstance(part, Name) and part.home == "measure" and part.id not in seen and part.id in contents.measures:
                seen.add(part.id)
                waiting.append(contents.measures[part.id].value)
