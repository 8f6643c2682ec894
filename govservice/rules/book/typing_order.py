"""In which order decisions and measures get their types: what a text may read before the text, however long the chain of them.

A type is worked out when it is asked for, from texts that may ask for others. Asked for in this order, each finds the others known, and
no chain of entries ever stands on Python's own stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from govservice.rules.book.dependencies import Place
from govservice.rules.book.marks import Node, mapping, text_of
from govservice.rules.language.spelling import MOST_CHARACTERS, folded

__all__ = ["in_order_of_need"]

_WORD: Final = re.compile(r"[^\W\d]\w*")
_LONGEST: Final = 60  # of a name that is looked for within a run of letters
_TYPED: Final = ("measures", "decisions")


def in_order_of_need(tree: Mapping[str, Node]) -> Iterator[Place]:
    """Every decision and measure once, after those that its texts name; of those that name each other in a circle, any first.

    >>> decisions = {"a": {"rules": {"1": {"then": "=b + 1"}}}, "b": {"rules": {"1": {"then": "=m"}}}}
    >>> [id for _, id in in_order_of_need({"decisions": decisions, "measures": {"m": "1"}})]
    ['m', 'b', 'a']
    """
    named = _Named(tree)
    done: set[Place] = set()
    for first in named.entries:
        path = [first]
        asked: set[Place] = set()
        while path:
            place = path[-1]
            below = () if place in asked else [lower for lower in named.by(place) if lower not in done and lower not in asked]
            asked.add(place)
            path.extend(below)
            if not below:
                path.pop()
                if place not in done:
                    done.add(place)
                    yield place


class _Named:
    """Which decisions and measures the texts of an entry may name, by id, outcome or label; rather too many than one too few."""

    def __init__(self, tree: Mapping[str, Node]) -> None:
        self.entries: dict[Place, Node] = {(section, id): node for section in _TYPED for id, node in mapping(tree.get(section)).items()}
        self._places: dict[str, list[Place]] = {}
        for place, node in self.entries.items():
            for name in dict.fromkeys(map(folded, _names_of(place, node))):
                self._places.setdefault(name, []).append(place)
        self._lengths = sorted({len(name) for name in self._places if not name.isascii() and len(name) <= _LONGEST})
        self._by_word: dict[str, tuple[Place, ...]] = {}

    def by(self, place: Place) -> list[Place]:
        """What the texts of an entry may name."""
        words = dict.fromkeys(word for text in _texts(self.entries[place]) for word in _WORD.findall(text))
        return list(dict.fromkeys(named for word in words for named in self._of_word(word) if named != place))

    def _of_word(self, word: str) -> tuple[Place, ...]:
        """The entries of a word; one in Chinese may be several names without a blank between them."""
        if word not in self._by_word:
            names = [word, *self._within(word)] if not word.isascii() and len(word) <= MOST_CHARACTERS else [word]
            self._by_word[word] = tuple(place for name in dict.fromkeys(names) for place in self._places.get(name, ()))
        return self._by_word[word]

    def _within(self, word: str) -> Iterator[str]:
        """The names that stand in a run of letters."""
        for length in self._lengths:
            yield from (name for at in range(len(word) - length + 1) if (name := word[at : at + length]) in self._places)


def _names_of(place: Place, node: Node) -> Iterator[str]:
    entry = mapping(node)
    yield place[1]
    yield text_of(entry, "label") or place[1]
    for id, outcome in mapping(entry.get("outcomes")).items():
        yield id
        yield text_of(mapping(outcome), "label") or id
    for then in (*(mapping(rule).get("then") for rule in mapping(entry.get("rules")).values()), entry.get("otherwise")):
        yield from mapping(then)


def _texts(node: Node) -> Iterator[str]:
    """Every text within an entry."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        else:
            waiting.extend(part.values() if isinstance(part, dict) else part)
