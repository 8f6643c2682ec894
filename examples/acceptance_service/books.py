"""The versions of the centre's rulebook: each is read once, when the service starts, and asked from a day on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from govservice import Rulebook, load_rulebook
from govservice.errors import DecisionError, Words


@dataclass(frozen=True, slots=True)
class Version:
    """A rulebook, and the first day on which it is asked."""

    from_: date
    book: Rulebook


class Versions:
    """Every version of one rulebook. Rulebooks are values that nothing changes: threads share them without a lock."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.listed = tuple(sorted(versions, key=lambda version: version.from_))
        self._days = [version.from_ for version in self.listed]
        if len({version.book.id for version in self.listed}) != 1 or len(set(self._days)) < len(self._days):
            raise ValueError("the versions are of one rulebook, each from another day on")

    @classmethod
    def load(cls, named: Iterable[str]) -> Versions:
        """From names such as `kunshan` or `reform.yaml@2026-07-01`. Raises RulebookError: a service with a bad book never starts."""
        return cls(_version(name) for name in named)

    def on(self, day: date) -> Rulebook:
        """The version that is asked on a day. Raises DecisionError before the first."""
        place = bisect_right(self._days, day)
        if not place:
            first = self._days[0]
            raise DecisionError(Words(f"no version of the rulebook before {first}", f"{first}之前没有规则册"), id="on")
        return self.listed[place - 1].book

    def of(self, digest: str | None) -> Rulebook:
        """The version of a digest; the newest where there is none such, for an answer that rests on a version gone since."""
        return next((version.book for version in self.listed if version.book.digest == digest), self.listed[-1].book)


def _version(named: str) -> Version:
    name, _, day = named.partition("@")
    return Version(date.fromisoformat(day) if day else date.min, load_rulebook(name))
