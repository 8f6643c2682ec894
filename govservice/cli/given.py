"""What a command is asked about: one record as arguments, a JSON file or stdin, or a file or folder of records."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.plain_files import read_plain, system_says
from govservice.records import Records, Row, SetAside, read_records
from govservice.records.files import source_of
from govservice.records.headers import check_headers
from govservice.records.mapped import TableMapping
from govservice.records.mapping import read_mapping
from govservice.records.vocabulary import vocabulary
from govservice.rules import Rulebook

__all__ = ["GivenRow", "read_given", "stdin_text"]

STDIN: Final = "-"
MOST_BYTES: Final = 50_000_000
_EQUALS: Final = re.compile("[=＝]")
_TABLE: Final = "applications"
_HOW: Final = Words(
    "write main_document=lacking, a JSON file, - for JSON on stdin, or a file or folder of records",
    "请写 主件=缺少，或一个 JSON 文件，或用 - 从标准输入读 JSON，或记录的文件、文件夹",
)


class GivenRow(NamedTuple):
    """A row of several: what it goes by, and its facts, or why it cannot be used."""

    id: str
    facts: Mapping[str, Any]
    fault: Words | None = None


def read_given(given: Sequence[str], book: Rulebook, mapping: Path | None = None) -> Mapping[str, Any] | Iterator[GivenRow]:
    """One record's facts, or the rows of a file or folder of records. Raises RecordError where neither can be read."""
    if len(given) == 1 and (given[0] == STDIN or not _EQUALS.search(given[0]) or Path(given[0]).exists()):
        if given[0] == STDIN:
            return _of_json(stdin_text(), "stdin")
        return _of_path(Path(given[0]), book, mapping)
    return _of_arguments(given)


def _of_arguments(given: Sequence[str]) -> Mapping[str, Any]:
    facts: dict[str, Any] = {}
    for argument in given:
        name, *written = _EQUALS.split(argument, maxsplit=1)
        if not written or not name.strip():
            raise RecordError(Words(f"{shown(argument)} is no fact", f"{shown(argument)}不是事实"), hint=_HOW)
        if name.strip() in facts:
            raise RecordError(Words(f"{shown(name)} is given twice", f"{shown(name)}写了两次"), id=name.strip())
        facts[name.strip()] = written[0].strip()
    return {name: value for name, value in facts.items() if value}  # what is left empty is unknown


def _of_path(path: Path, book: Rulebook, mapping: Path | None) -> Mapping[str, Any] | Iterator[GivenRow]:
    if path.is_dir():
        records = read_records(path, book=book, mapping=mapping)
        table = _TABLE if _TABLE in records.sources else "cases"
        return map(_given, records.rows(table))
    if path.suffix.lower() == ".json" and mapping is None:
        return _of_json(_text(path), str(path))
    return _of_file(path, book, mapping)


def _of_file(path: Path, book: Rulebook, mapping: Path | None) -> Iterator[GivenRow]:
    """The rows of one file: as those of a folder where it says what names them, else each by its line."""
    words = vocabulary(book.contents)
    mapped = read_mapping(mapping, words) if mapping is not None else {}
    table = next((table for table in (_TABLE, "cases") if table in mapped), None)
    source = source_of(table or _TABLE, path, mapped.get(table or "", TableMapping()))
    if mapping is not None and table is not None:
        check_headers({table: source}, words, mapping.name)
    else:
        names = source.header if source.header is not None else next((row.values for row in source.raw()), ())
        table = next((table for table in (_TABLE, "cases") if any(words[table].fact(name) == words[table].id for name in names)), None)
    if table is None:
        return (GivenRow(_id(raw.values, raw.line), raw.values, raw.fault) for raw in source.raw())
    return map(_with_the_rest, Records(path.parent, {table: source}, words).rows(table))


def _with_the_rest(row: Row | SetAside) -> GivenRow:
    """A row of a file that may hold facts of other tables too."""
    given = _given(row)
    return given._replace(facts={**dict(row.unread), **given.facts}) if isinstance(row, Row) else given


def _given(row: Row | SetAside) -> GivenRow:
    if isinstance(row, Row):
        return GivenRow(row.id, {**row.facts, **dict(row.course)})
    return GivenRow(row.id or str(row.line), {}, Words(row.text("en"), row.text("zh")))


def _of_json(text: str, file: str) -> Mapping[str, Any] | Iterator[GivenRow]:
    """An object is one record; a list of objects, or an object a line, are several."""
    if not text.strip():
        raise RecordError(Words("the file is empty", "文件是空的"), hint=_HOW, file=file)
    try:
        read = _JSON.decode(text)
    except (ValueError, RecursionError):
        try:
            read = [_JSON.decode(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError) as error:
            why = Words(str(error)[:160], str(error)[:160])
            raise RecordError(Words("this is no JSON", "不是 JSON"), why=why, hint=_HOW, file=file) from None
    if isinstance(read, _Twice):
        raise RecordError(read.why, file=file)
    if isinstance(read, Mapping):
        return read
    if not isinstance(read, list) or not all(isinstance(row, Mapping) for row in read):
        raise RecordError(Words("a record is an object of facts", "一件记录应是由事实组成的对象"), hint=_HOW, file=file)
    return (GivenRow(_id(row, number), row, getattr(row, "why", None)) for number, row in enumerate(read, 1))


class _Twice(dict[str, Any]):
    """An object that gives a name twice, and `why` it is no record: which of the two is meant nobody says."""

    why: Words


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is None:
        return dict(pairs)
    object_ = _Twice(pairs)
    object_.why = Words(f"{shown(twice)} is given twice", f"{shown(twice)}写了两次")
    return object_


_JSON: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=Decimal)


def _id(facts: Mapping[str, Any], line: int) -> str:
    """What a row goes by: its own number, else its place."""
    named = next((facts[name] for name in ("application", "申请编号", "case", "办件编号", "id") if facts.get(name)), line)
    return str(named)


def _text(path: Path) -> str:
    try:
        return read_plain(path, MOST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = system_says(error) if isinstance(error, OSError) else Words("it is not UTF-8 text", "不是 UTF-8 文本")
        raise RecordError(Words("the file cannot be read", "文件读不了"), why=why, hint=_HOW, file=str(path)) from None


def stdin_text() -> str:
    """What is on stdin, as UTF-8. Raises RecordError where there is nothing, or other bytes."""
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig") if hasattr(sys.stdin, "buffer") else sys.stdin.read() if sys.stdin else ""
    except ValueError:
        raise RecordError(Words("stdin is not UTF-8 text", "标准输入不是 UTF-8 文本")) from None
    if not text.strip():
        raise RecordError(Words("nothing is on stdin", "标准输入是空的"), hint=_HOW)
    return text
