"""Folders of records spoilt by seeded slips: every row comes in and goes out, used or set aside, or the file is refused in words."""

from __future__ import annotations

import gzip
import io
import json
import random
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from govservice import load_rulebook
from govservice.errors import GovServiceError
from govservice.records import read_records
from govservice.run import run

from . import odd
from .records import accounted
from .spoken import STEERING, broken_error, broken_result

__all__ = ["broken_by", "spoilt"]

_CELLS: Final = (
    "", " ", "C1", "2026-03-02", "2026-03-02 24:00:00", "9999-12-31", "9999-12-31 23:59:59+00:00", "0001-01-01", "0001-01-01 00:00", "2026-02-30", "是", "N", "1.0", "0", "-1",
    "1e5", "NaN", "9" * 400, "5个工作日", "24小时", "\x1b[2J", "\u202e", "\ufeffC1", '"', "''", "=1+1", "\x00", "a\nb", "[]", "{}", "null", "3.20583E+17",
    "hearing", "promised", "true", "；", "2026年3月2日", "100000个工作日", "1000000000", "C2", "c-1", "2026-03-1", "\ud800", "\r", "a\r\nb", "　", "无", "@SUM(A1)", "<script>",
)  # fmt: skip
_LONG: Final = ("至" * 60_000, "x" * 200_000, '"' * 5_000, "[" * 5_000, "," * 3_000)
_COLUMNS: Final = (
    "case", "received_on", "accepted_on", "promised_days", "promised_limit", "closed_on", "case_type", "department", "item", "application", "办件编号", "note", "pauses", "收件日",
    "承诺工作日数", "kind", "from", "to", "told", "clock", "limit", "granted", "pause", " case", "Case", "", "applicant_code", "formal", "departments", "due_on", "received_at",
)  # fmt: skip
_VALUES: Final[tuple[Any, ...]] = (
    None, True, 1, 1.5, -1, 10**30, [], [1], {}, {"x": 1}, [{"kind": "hearing", "from": "2026-03-05", "to": "2026-03-20", "told": True}], "x", "2026-03-05", [[[[]]]], {"case": "C2"},
    [None, {"kind": "x"}], "\ud800", float("nan"), float("inf"), 5e-324, "C1", [{"clock": "promised", "limit": "5个工作日"}],
)  # fmt: skip
_BYTES: Final = (
    b"",
    b"\xff",
    b'"',
    b"\n",
    b",",
    b"\x00",
    b"\xef\xbb\xbf",
    b"{}",
    b"\xff\xfe",
    b"\x80",
    b"\r",
    b"\\",
    b"]",
    b"[",
    b"}",
    b":",
    b"\\ud800",
    b"\xe2\x80\xae",
    b"1e999",
    b"NaN",
    b"-",
    b"/*",
)
_TABLES: Final = {"items": "item", "applications": "application", "pauses": "case", "extensions": "case", "stages": "case"}
_MAPPING: Final = "cases:\n  delimiter: ','\n  columns:\n    case: 办件编号\n    received_on: {column: note}\n    promised_limit: {column: days, unit: workday}\n    case_type: {column: x, values: {1: promised}}\n  skip: [remark]\n"


def _cell(chance: random.Random) -> str:
    drawn = chance.random()
    return chance.choice(_LONG) if drawn < 0.002 else odd.text(chance) if drawn < 0.4 else chance.choice(_CELLS)


def _rows(id: str, chance: random.Random) -> list[dict[str, str]]:
    columns = chance.sample(_COLUMNS, chance.randint(1, 6))
    good = {
        "case": "C1",
        "received_on": "2026-03-02",
        "accepted_on": "2026-03-02",
        "promised_days": "5",
        "kind": "hearing",
        "from": "2026-03-05",
        "to": "2026-03-20",
        "told": "是",
        "clock": "promised",
    }
    return [
        {column: good.get(column, "") if chance.random() < 0.6 else _cell(chance) for column in {id: 0, **dict.fromkeys(columns)}}
        | ({id: f"C{number}" if id != "case" or chance.random() < 0.9 else "C0"} if chance.random() < 0.9 else {})
        for number in range(chance.choice((0, 1, 1, 2, 2, 4)))
    ]  # fmt: skip


def _csv(rows: list[dict[str, str]], chance: random.Random) -> bytes:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if chance.random() < 0.8 else text

    ending = chance.choice(("\n", "\n", "\n", "\r\n", "\r"))
    lines = [",".join(rows[0] if rows else ("case",)), *(",".join(map(cell, row.values())) for row in rows)]
    text = ending.join(lines) + chance.choice((ending, ending, ending, ""))
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return text.encode(encoding, "surrogatepass" if encoding != "gb18030" else "replace")


def _json(rows: list[dict[str, str]], chance: random.Random) -> list[Any]:
    return [
        {name: chance.choice(_VALUES) if chance.random() < 0.2 else value for name, value in row.items()} if chance.random() < 0.98 else chance.choice(_VALUES)
        for row in rows
    ]  # fmt: skip


def _parquet(rows: list[dict[str, str]], chance: random.Random) -> bytes:
    import pyarrow
    from pyarrow import parquet

    columns: dict[str, Any] = {}
    for name in rows[0] if rows else ("case",):
        texts = [row[name].encode("utf-8", "replace").decode() for row in rows]
        match chance.randrange(8):
            case 0:
                columns[name] = pyarrow.array([chance.choice((date(2026, 3, 2), date.max, date.min, None)) for _ in rows], pyarrow.date32())
            case 1:
                columns[name] = pyarrow.array(
                    [chance.choice((2**62, -(2**62), 0, None, 1_772_000_000_000_000)) for _ in rows], pyarrow.int64()
                ).cast(pyarrow.timestamp("us", chance.choice((None, "UTC", "Asia/Shanghai"))))
            case 2:
                columns[name] = pyarrow.array([chance.choice((1.5, float("nan"), None, float("inf"))) for _ in rows], pyarrow.float64())
            case 3:
                columns[name] = pyarrow.array([chance.choice((Decimal("1.50"), None)) for _ in rows], pyarrow.decimal128(20, 4))
            case 4:
                columns[name] = pyarrow.array([[{"kind": "hearing", "from": datetime(2026, 3, 5)}] for _ in rows] or [None])[: len(rows)]
            case 5:
                columns[name] = pyarrow.array([text.encode() + b"\xff" for text in texts], pyarrow.binary())
            case _:
                columns[name] = pyarrow.array(texts, pyarrow.string())
    written = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), written)
    return written.getvalue()


def _damaged(raw: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((0, 0, 0, 1, 1, 3))):
        at = chance.randrange(len(raw) + 1)
        raw = raw[:at] + chance.choice(_BYTES) + raw[at + chance.choice((0, 1, 5)) :]
    return raw if chance.random() < 0.97 else raw[: chance.randrange(len(raw) + 1)]


def spoilt(chance: random.Random) -> dict[str, bytes]:
    """The files of one folder by name."""
    files: dict[str, bytes] = {}
    for table in ("cases", *(name for name in _TABLES if chance.random() < 0.2)):
        rows = _rows(_TABLES.get(table, "case"), chance)
        match chance.randrange(10):
            case 0 | 1:
                files[f"{table}.jsonl"] = "\n".join(json.dumps(row) for row in _json(rows, chance)).encode()
            case 2 | 3:
                files[f"{table}.json"] = json.dumps(_json(rows, chance), ensure_ascii=chance.random() < 0.5).encode(
                    "utf-8", "surrogatepass"
                )
            case 4:
                files[f"{table}.parquet"] = _parquet(rows, chance)
            case _:
                files[f"{table}.csv"] = _csv(rows, chance)
    files = {name: _damaged(raw, chance) for name, raw in files.items()}
    if chance.random() < 0.05:
        files = {
            f"{name}.gz" if not name.endswith("parquet") else name: _damaged(gzip.compress(raw, 1), chance)
            if not name.endswith("parquet")
            else raw
            for name, raw in files.items()
        }
    if chance.random() < 0.1:
        files["mapping.yaml"] = odd.moved(_MAPPING, chance).encode("utf-8", "surrogatepass")
    if chance.random() < 0.05:
        files[chance.choice(("pause.csv", "cases.xlsx", "pauses.txt", "~$cases.csv", "办件.csv", "cases.csv"))] = b"case\nC1\n"
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
        book = _book(("licensing-law", "kunshan")[len(files) % 2])
        records = read_records(folder, book=book)
        given = {table: sum(1 for _ in records.rows(table)) for table in records.sources}
        done = run(book, records, on=date(2026, 3, 2), now=date(2026, 4, 1), lang="zh")
        lost = sorted(table for table, count in given.items() if count != accounted(done, table))
        if lost:
            return f"rows lost: {lost}"
        if any(STEERING.search(row.text(lang).replace("\n", " ")) for row in done.set_aside for lang in ("en", "zh")):
            return "a row set aside that steers a terminal"
        done.summary("zh")
        return broken_result(done)
    except GovServiceError as error:
        return broken_error(error)
