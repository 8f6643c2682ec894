"""What a folder of records gives, one by one: a row that could be read, or a row set aside with the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from types import NoneType
from typing import Final, NamedTuple

from govservice.as_json import AsJson
from govservice.echo import bounded, is_huge, shown
from govservice.errors import Lang, Words
from govservice.frozen import Frozen, frozen
from govservice.plain import decoded, encoded

__all__ = ["COURSE", "TABLES", "BadCell", "RawRow", "Row", "SetAside", "TableNames", "Twice", "as_it_stands"]


class TableNames(NamedTuple):
    """A table of records: the rulebook's name of it, the fact that names a row, what it is called.

    With `of_a_case` its rows tell what happened to a case, and are named by that case, several by one. Without `once` several rows may
    have one id: the spells of a member of staff; where `id` is empty, they have none: events.
    """

    table: str
    id: str
    label: Words
    of_a_case: bool = False
    once: bool = True


TABLES: Mapping[str, TableNames] = {
    "items": TableNames("item", "item", Words("items", "事项")),
    "applications": TableNames("application", "application", Words("applications", "申请")),
    "cases": TableNames("cases", "case", Words("cases", "办件")),
}
"""The three tables that every book has, by the name of their file."""

COURSE: Final = ("pauses", "extensions")
"""The tables of a case's course that every book has; others are read where a clock runs on their rows."""


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that has no value that could be read: what stands there, and why not."""

    text: str
    why: Words


class RawRow(NamedTuple):
    """One row as it stands in the file: `line` is its first line (the row's number in JSON lists and Parquet).

    Where `fault` is given, the row could not be taken apart, and `values` holds what there was of it.
    """

    line: int
    values: Mapping[str, object]
    fault: Words | None = None


_KEPT: Final = 1_000_000  # characters of a line that cannot be taken apart; no honest row is longer


def as_it_stands(line: int, text: str, fault: Words) -> RawRow:
    """A line that cannot be taken apart, whole; of one beyond all use the beginning, which is said.

    >>> as_it_stands(3, "A2,x\\n", Words("why", "")).values
    {'': 'A2,x'}
    """
    text = text.rstrip("\r\n")
    if len(text) > _KEPT:
        fault = Words(
            f"{fault.en}; of its {len(text):,} characters the first {_KEPT:,} are kept here, the whole is line {line} of the file",
            f"{fault.zh}；全行 {len(text):,} 个字符，此处只留前 {_KEPT:,} 个，全文见原文件第 {line} 行",
        )
    return RawRow(line, {"": text[:_KEPT]}, fault)


class Twice(NamedTuple):
    """An id that several rows of a file give: the first line of them, and why none of them is used where they differ."""

    line: int
    differ: Words | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read: `facts` are typed and hold only what is known; `unread` are the columns that no fact is known for
    (within a row of its course: `pauses.too`).

    `course` holds, by table, rows of the case's course that stood as lists within the row of a case (JSON, Parquet).

    >>> Row("items", "items.csv", 2, "A1", {"item": "A1"}).id
    'A1'
    """

    table: str
    file: str
    line: int
    id: str
    facts: Mapping[str, object]
    unread: Mapping[str, object] = ()  # type: ignore[assignment]  # a column seldom stands aside
    course: Mapping[str, tuple[Mapping[str, object], ...]] = ()  # type: ignore[assignment]  # most files are flat


_COMES_BACK: Final = frozenset((str, int, bool, NoneType))


def _kept(value: object) -> object:
    """A value as it was, where JSON gives it back; what does not come back equal (NaN, a foreign object) as a message shows it."""
    if isinstance(value, BadCell):
        return value.text
    if type(value) in _COMES_BACK and not (isinstance(value, int) and is_huge(value)):
        return value
    try:
        comes_back = bool(decoded(json.loads(json.dumps(encoded(value)))) == frozen(value))
    except Exception:  # whatever its own methods do
        comes_back = False
    return value if comes_back else shown(value)


@dataclass(frozen=True, slots=True, repr=False)
class SetAside(AsJson):
    """One row that was not used, never dropped: where it stands, the field that is wrong (None: the whole row), why, the row as it was;
    `labels` says what the field is called in Chinese, where the file has no name of its own for it.

    >>> print(SetAside("items", "items.csv", 3, "A2", "promised_days", Words("'x' is not a number", "'x'不是数字"), {}).text())
    items.csv:3: A2: promised_days: 'x' is not a number
    """

    table: str
    file: str
    line: int
    id: str | None
    field: str | None
    reason: Words
    row: Mapping[str, object]
    labels: Mapping[str, str] = made(default_factory=Frozen, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "row", {name: _kept(value) for name, value in self.row.items()})
        AsJson.__post_init__(self)

    def text(self, lang: Lang = "en") -> str:
        """The place, the row's id, the field and the reason, on one line: at most 2,000 characters, nothing that steers a terminal."""
        field = self.labels.get(self.field, self.field) if lang == "zh" and self.field is not None else self.field
        return bounded(": ".join(part for part in (f"{self.file}:{self.line}", self.id, field, self.reason.text(lang)) if part))
