"""What the service is told from outside: its database, its rulebook's versions, how much it takes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """`database` is the address of the PostgreSQL database. `books` are the versions of the centre's rulebook, each a shipped id or a file,
    with `@` and the day from which it is asked. `most_bytes` is the longest body that is read, `connections` how many the pool holds.
    """

    database: str
    books: tuple[str, ...] = ("kunshan",)
    most_bytes: int = 100_000
    connections: int = 8

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """From `ACCEPTANCE_DATABASE`, and `ACCEPTANCE_BOOKS`, parted by commas: `kunshan, reform.yaml@2026-07-01`."""
        named = environment.get("ACCEPTANCE_BOOKS", "kunshan").split(",")
        return cls(environment["ACCEPTANCE_DATABASE"], tuple(name.strip() for name in named if name.strip()))
