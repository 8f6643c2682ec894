"""A database: what it holds, the rows of one SELECT a block at a time, within one look that only reads; or opened to write results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final, NamedTuple

from govservice.errors import GovServiceError, MissingPackage, RecordError, Words
from govservice.packages import missing
from govservice.records.addresses import Address, without_password

__all__ = ["PATIENCE", "Place", "Server", "no_driver", "unreached", "unread", "unwritten"]

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

    Or with `writing`, where results go: nothing stays unless `commit` is called. Rows come as the driver has them, never all at once.
    Raises RecordError for whatever the database refuses.
    """

    denied: ClassVar[tuple[object, ...]]
    """How the driver's errors say that a right is lacking."""

    def __init__(self, address: Address, *, writing: bool = False) -> None:
        self.address = address
        self.writing = writing

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
    def do(self, statement: str, *values: object) -> None:
        """A statement that gives no rows."""

    @abstractmethod
    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Put rows into a table."""

    @abstractmethod
    def commit(self) -> None:
        """What was done since the last time is kept."""

    @abstractmethod
    def hold(self, name: str) -> bool:
        """Hold a name until the database is let go of; whether nobody else holds it."""

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
                hint = _MAY_WRITE if self.writing else _MAY_READ
            raise RecordError(what(self.address.place), why=Words(why, f"数据库的原话是 {why}"), hint=hint or Words("", "")) from None


_MAY_READ: Final = Words("ask for the right to read: GRANT SELECT", "请数据库管理员授予读取权限：GRANT SELECT")
_MAY_WRITE: Final = Words(
    "ask for the right to make tables: GRANT CREATE, in MariaDB also ALTER, DROP, INSERT, DELETE",
    "请数据库管理员授予建表权限：GRANT CREATE，MariaDB 还要 ALTER、DROP、INSERT、DELETE",
)


def no_driver(database: str, package: str) -> MissingPackage:
    """The driver of a database is not installed."""
    return missing(Words(f"tables in {database} need {package}", f"{database} 中的表需要 {package}"), "sql")


def unreached(place: str) -> Words:
    """Nobody answers there, or nobody is let in."""
    return Words(f"{place} cannot be reached", f"连不上 {place}")


def unread(place: str) -> Words:
    """The database answers that it will not."""
    return Words(f"{place} cannot be read", f"无法读取 {place}")


def unwritten(place: str) -> Words:
    """The database takes no results."""
    return Words(f"{place} cannot be written", f"无法写入 {place}")
