"""What is drawn by chance: choices by weight, and features that a run may do without, so that one broken thing does not hide the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of chance. `without` names features that are never drawn; `used` collects those that were."""

    def __init__(self, random: Random, without: Collection[str] = ()) -> None:
        self.random = random
        self.without = frozenset(without)
        self.used: set[str] = set()

    def may(self, feature: str, share: float = 0.5) -> bool:
        """Whether a feature is drawn: a share of the time, never where the run does without it."""
        if self.random.random() >= share or feature in self.without:
            return False
        self.used.add(feature)
        return True

    def happens(self, share: float) -> bool:
        """Plain chance, no feature of its own."""
        return self.random.random() < share

    def pick(self, options: Sequence[T]) -> T:
        return options[self.random.randrange(len(options))]

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def some(self, options: Sequence[T], most: int) -> list[T]:
        """At most so many of the options, in their order."""
        count = self.random.randint(0, min(most, len(options)))
        chosen = set(self.random.sample(range(len(options)), count))
        return [one for place, one in enumerate(options) if place in chosen]

    def among(self, ways: Sequence[tuple[str, float, Callable[[], T | None]]]) -> T:
        """What one of several features gives, by weight; one that has nothing to give makes room for the next."""
        left = [way for way in ways if way[0] not in self.without]
        while left:
            at = self.random.random() * sum(weight for _, weight, _ in left)
            place = 0
            while at > left[place][1] and place < len(left) - 1:
                at -= left[place][1]
                place += 1
            feature, _, give = left.pop(place)
            found = give()
            if found is not None:
                self.used.add(feature)
                return found
        raise LookupError("no way is left")
