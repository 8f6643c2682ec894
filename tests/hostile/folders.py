"""Folders of records spoilt by seeded slips: every row comes in and goes out, used or set aside, or the file is refused in words."""

from __future__ import annotations

import json
import random
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from govservice import load_rulebook
from govservice.errors import GovServiceError
from govservice.records import read_records
from govservice.run import run

__all__ = ["broken_by", "spoilt"]

_CELLS: Final = (
    "", " ", "C1", "2026-03-02", "2026-03-02 24:00:00", "9999-12-31", "9999-12-31 23:59:59+00:00", "0001-01-01", "0001-01-01 00:00", "2026-02-30", "是", "N", "1.0", "0", "-1",
    "1e5", "NaN", "9" * 400, "5个工作日", "24小时", "至" * 60_000, "x" * 200_000, "\x1b[2J", "\u202e", "\ufeffC1", '"', "''", "=1+1", "\x00", "a\nb", "[]", "{}", "null", "3.20583E+17",
    "hearing", "promised", "true", "；", "2026年3月2日", "100000个工作日", "1000000000",
)  # fmt: skip
_COLUMNS: Final = (
    "case",
    "received_on",
    "accepted_on",
    "promised_days",
    "promised_limit",
    "closed_on",
    "case_type",
    "department",
    "item",
    "application",
    "办件编号",
    "note",
    "pauses",
)
_VALUES: Final[tuple[Any, ...]] = (
    None, True, 1, 1.5, -1, 10**30, [], [1], {}, {"x": 1}, [{"kind": "hearing", "from": "2026-03-05", "to": "2026-03-20", "told": True}], "x", "2026-03-05",
)  # fmt: skip


def _rows(chance: random.Random) -> list[dict[str, str]]:
    columns = chance.sample(_COLUMNS, chance.randint(1, 7))
    good = {"case": "C1", "received_on": "2026-03-02", "accepted_on": "2026-03-02", "promised_days": "5"}
    return [
        {column: good.get(column, "") if chance.random() < 0.7 else chance.choice(_CELLS) for column in {"case": 0, **dict.fromkeys(columns)}} | ({"case": f"C{number}"} if chance.random() < 0.9 else {})
        for number in range(chance.choice((1, 2, 10)))
    ]  # fmt: skip


def _csv(rows: list[dict[str, str]], chance: random.Random) -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if chance.random() < 0.8 else text

    lines = [",".join(rows[0]), *(",".join(map(cell, row.values())) for row in rows)]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def _json(rows: list[dict[str, str]], chance: random.Random) -> list[dict[str, Any]]:
    return [{name: chance.choice(_VALUES) if chance.random() < 0.15 else value for name, value in row.items()} for row in rows]


def _damaged(raw: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.7 or not raw:
        return raw
    at = chance.randrange(len(raw))
    return (
        raw[:at] + chance.choice((b"", b"\xff", b'"', b"\n", b",", b"\x00", b"\xef\xbb\xbf", b"{}")) + raw[at + chance.choice((0, 1, 5)) :]
    )


def spoilt(chance: random.Random) -> dict[str, bytes]:
    """The files of one folder by name."""
    files: dict[str, bytes] = {}
    for table in ("cases", *(name for name in ("items", "applications", "pauses", "extensions") if chance.random() < 0.3)):
        rows = _rows(chance)
        match chance.randrange(4):
            case 0:
                files[f"{table}.jsonl"] = "\n".join(json.dumps(row) for row in _json(rows, chance)).encode()
            case 1:
                files[f"{table}.json"] = json.dumps(_json(rows, chance)).encode()
            case _:
                files[f"{table}.csv"] = _csv(rows, chance)
    files = {name: _damaged(raw, chance) for name, raw in files.items()}
    if chance.random() < 0.1:
        files["mapping.yaml"] = _damaged("cases:\n  columns:\n    case: 办件编号\n    received_on: {column: note}\n".encode(), chance)
    return files


@cache
def _book(id: str) -> Any:
    return load_rulebook(id)


def broken_by(files: dict[str, bytes], folder: Path) -> str | None:
    """What a folder breaks: None where its rows are used or set aside, one by one, or it is refused in words."""
    for old in folder.iterdir():
        old.unlink()
    for name, raw in files.items():
        (folder / name).write_bytes(raw)
    try:
        book = _book("licensing-law")
        records = read_records(folder, book=book)
        given = {table: sum(1 for _ in records.rows(table)) for table in records.sources}
        done = run(book, records, on=date(2026, 3, 2), now=date(2026, 4, 1))
        lost = {table: count for table, count in given.items() if count != _accounted(done, table)}
        return f"rows lost: {lost}" if lost else None
    except GovServiceError as error:
        both = f"{error}{error.text('zh')}"
        return "a message that shows too much" if len(both) > 20_000 or "\x1b" in both else None


def _accounted(done: Any, table: str) -> int:
    aside = sum(1 for row in done.set_aside if row.table == table)
    results = {"items": done.items, "applications": done.applications, "cases": done.cases}.get(table)
    return aside + len(results) if results is not None else sum(each["in"] for each in done.summary("en")["rows"] if each["table"] == table)
