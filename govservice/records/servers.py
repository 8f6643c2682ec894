"""A database as records are read from it: what it holds, and the rows of one SELECT a block at a time, within one look that only reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final, NamedTuple

from govservice.errors import GovServiceError, MissingPackage, RecordError, Words
from govservice.packages import missing
from govservice.records.addresses import Address, without_password

__all__ = ["PATIENCE", "Place", "Server", "no_driver", "unreached", "unread"]

PATIENCE: Final = "10"  # seconds until a server that does not answer is given up, where the address says nothing
_DIGITS: Final = 15  # of a row's digest: 60 bits, so that a sum of them stays a whole number


class Place(NamedTuple):
    """A table by its schema and name; without a schema it is one that the database finds by its name alone."""

    schema: str | None
    name: str

    @property
    def shown(self) -> str:
        """As a mapping writes it."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"


class Server(ABC):
    """One database, seen as it was at one moment: whatever is asked comes from the same state, and nothing can be written.

    Rows come as the driver has them, never all at once. Raises RecordError for whatever the database refuses.
    """

    denied: ClassVar[tuple[object, ...]]
    """How the driver's errors say that a right is lacking."""

    def __init__(self, address: Address) -> None:
        self.address = address

    # -- what each database does in its own way

    @abstractmethod
    def quote(self, name: str) -> str:
        """A name as the database takes it."""

    @abstractmethod
    def digest(self, columns: Sequence[str]) -> str:
        """The MD5 of a row `r` of these columns, as an expression."""

    @abstractmethod
    def number(self, digits: str) -> str:
        """Hexadecimal digits as a whole number."""

    @abstractmethod
    def tables(self, schema: str | None) -> tuple[str, ...]:
        """The names of the tables and views of a schema, or of those that need no schema before their name."""

    @abstractmethod
    def key(self, place: Place) -> tuple[str, ...]:
        """The columns of a table's primary key."""

    @abstractmethod
    def ask(self, statement: str, *values: object) -> tuple[list[tuple[Any, ...]], tuple[str, ...]]:
        """The few rows of a statement, and the names of its columns."""

    @abstractmethod
    def blocks(self, statement: str) -> Iterator[Sequence[tuple[object, ...]]]:
        """The rows of a SELECT, so many at a time, each value as a file would give it."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database; once nothing holds the server it is done anyway."""

    @abstractmethod
    def refused(self, error: Any) -> object:
        """What kind of refusal an error of the driver is."""

    # -- what they have in common

    def source(self, given: Place | str) -> str:
        """A table, or a query in brackets, as `r`."""
        if isinstance(given, str):
            return f"(\n{given}\n) AS r"
        parts = [part for part in given if part is not None]
        return f"{'.'.join(map(self.quote, parts))} AS r"

    def columns(self, source: str) -> tuple[str, ...]:
        """The names of a source's columns."""
        return self.ask(f"SELECT r.* FROM {source} LIMIT 0")[1]

    def select(self, source: str, columns: Sequence[str], order: Sequence[str], *, whole: bool) -> str:
        """Every row in an order that leaves only rows of the same content in none: by these columns, and unless they do, by the content."""
        by = [f"r.{self.quote(name)}" for name in order]
        if not whole:
            by.append(self.digest(columns))
        return f"SELECT r.* FROM {source} ORDER BY {', '.join(by)}"

    def count(self, source: str, columns: Sequence[str]) -> tuple[int, str]:
        """How many rows there are, and a number that is another where any of them is."""
        part = self.number(f"left({self.digest(columns)}, {_DIGITS})")
        rows, _ = self.ask(f"SELECT count(*), coalesce(sum({part}), 0) FROM {source}")
        return int(rows[0][0]), str(rows[0][1])

    @contextmanager
    def told(self, errors: type[Exception], what: Callable[[str], Words]) -> Iterator[None]:
        """Within the block an error of the driver is one of ours, without the password."""
        try:
            yield
        except GovServiceError:
            raise
        except errors as error:
            why = without_password(str(error.args[-1] if error.args else error), self.address)
            hint = None
            if self.refused(error) in self.denied:
                hint = Words("ask for the right to read: GRANT SELECT", "请数据库管理员授予读取权限：GRANT SELECT")
            raise RecordError(what(self.address.place), why=Words(why, f"数据库的原话是 {why}"), hint=hint or Words("", "")) from None


def no_driver(database: str, package: str) -> MissingPackage:
    """The driver of a database is not installed."""
    return missing(Words(f"records in {database} need {package}", f"读取 {database} 中的记录需要 {package}"), "sql")


def unreached(place: str) -> Words:
    """Nobody answers there, or nobody is let in."""
    return Words(f"{place} cannot be reached", f"连不上 {place}")


def unread(place: str) -> Words:
    """The database answers that it will not."""
    return Words(f"{place} cannot be read", f"无法读取 {place}")
