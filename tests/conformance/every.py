"""Every group of the corpus, of every kind of question."""

from __future__ import annotations

from functools import cache

from .clocks import clock_groups
from .corpus import Asked, decisions
from .due_days import due_days
from .scores import score_groups

__all__ = ["KINDS", "groups"]

KINDS = ("decisions", "due days", "clocks", "scores")


@cache
def groups() -> dict[str, Asked]:
    """Every group by its name."""
    every: list[Asked] = [*decisions(), *due_days(), *clock_groups(), *score_groups()]
    assert len({group.name for group in every}) == len(every)
    return {group.name: group for group in every}
