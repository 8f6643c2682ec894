"""What a verb was asked with, as plain JSON values and back: facts and records, days and limits, office hours, calendars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from govservice.as_json import AsJson, reading_back
from govservice.calendars import OfficeHours, WorkCalendar, china
from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.models import Record
from govservice.plain import decoded, encoded
from govservice.plain_files import file_digest, system_says
from govservice.reading.frames import is_read_once, is_table, rows_of
from govservice.records.addresses import as_address

__all__ = [
    "calendar_from",
    "calendar_written",
    "folder_digests",
    "kept_twice",
    "read_value",
    "result_written",
    "written_tables",
    "written_value",
]


def written_value(value: object) -> Any:
    """An argument as plain JSON. Raises RecordError for one that no JSON could give back."""
    if isinstance(value, Record):
        return {"record": type(value).__name__, **_written_fields(value.model_dump(exclude_unset=True))}
    if isinstance(value, OfficeHours):
        return {"hours": str(value), "makeup": value.makeup}
    if isinstance(value, Mapping):
        return _written_fields(value)
    if is_table(value):
        rows = rows_of(value)
        return [written_value(row) for row in rows or ()]
    return encoded(value)


def _written_fields(facts: Mapping[Any, Any]) -> Any:
    if not all(isinstance(key, str) for key in facts):
        return encoded(facts)
    return {"fields": {key: written_value(value) for key, value in facts.items()}}


def kept_twice(value: Any) -> Any:
    """The same, an iterator as a list: it is written down, and asked with, too."""
    if isinstance(value, Mapping):
        return {key: kept_twice(part) for key, part in value.items()} if any(is_read_once(part) for part in value.values()) else value
    return list(rows_of(value) or ()) if is_table(value) and is_read_once(value) else value


def written_tables(records: object) -> Any:
    """Records by table, every row of each; of a folder what each file hashes to.

    Raises RecordError for a ledger: it does not hold the rows that it was read from.
    """
    if as_address(records) is not None:
        what = Words("records in a database change, and are not kept with an answer", "数据库里的记录会变，不能随答复留存")
        raise RecordError(what, hint=Words("give the rows themselves", "请直接给出各行"))
    if isinstance(records, str | Path):
        return {"files": folder_digests(Path(records))}
    if not isinstance(records, Mapping):
        what = Words("a ledger does not give its rows back", "读成的台账不再含有原始记录")
        raise RecordError(what, hint=Words("give the tables of rows themselves", "请直接给出各表的记录"))
    return _written_fields(records)


def folder_digests(folder: Path) -> dict[str, str]:
    """What each file of a folder hashes to. Raises RecordError where one cannot be read."""
    digests = {}
    try:
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digests[path.name] = file_digest(path)
    except OSError as error:
        raise RecordError(Words("the records cannot be read", "记录读不了"), why=system_says(error), file=str(folder)) from None
    return digests


def read_value(written: Any) -> Any:
    """What `written_value` wrote. Raises RecordError for anything else."""
    if isinstance(written, list):
        return [read_value(one) for one in written]
    if isinstance(written, dict):
        if written.keys() == {"fields"} and isinstance(written["fields"], dict):
            return {key: read_value(value) for key, value in written["fields"].items()}
        if written.keys() == {"record", "fields"}:
            return _record(written["record"], read_value({"fields": written["fields"]}))
        if written.keys() == {"hours", "makeup"}:
            return OfficeHours(written["hours"], makeup=written["makeup"])
    try:
        return decoded(written)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise RecordError(
            Words(f"{shown(written)} is no value that was kept: {error}"[:200], f"{shown(written)} 不是留存下来的值")
        ) from None


def _record(name: object, fields: dict[str, Any]) -> Record:
    from govservice import models

    kind = getattr(models, name) if isinstance(name, str) and name in models.__all__ else None
    if not (isinstance(kind, type) and issubclass(kind, Record)):
        raise RecordError(Words(f"there is no kind of record {shown(name)}", f"没有 {shown(name)} 这种记录"))
    try:
        return kind.model_validate(fields)
    except ValueError as error:  # pydantic's own
        why = str(error).splitlines()[0][:160]
        raise RecordError(Words(f"a {name} that was kept cannot be read: {why}", f"留存的 {name} 读不了：{why}")) from None


def result_written(result: Any) -> Any:
    """An answer as plain JSON: a result, several of them, or None where there is none."""
    if isinstance(result, AsJson):
        return result.to_dict()
    if isinstance(result, Mapping):
        return {key: result_written(part) for key, part in result.items()}
    if isinstance(result, Iterable) and not isinstance(result, str | bytes):
        return [result_written(part) for part in result]
    return encoded(result)


def calendar_written(calendar: WorkCalendar) -> dict[str, Any]:
    """What a calendar is made of; the notices that come with the package are not written out."""
    written: dict[str, Any] = json.loads(_calendar_text(calendar))
    return written


@lru_cache(16)
def _calendar_text(calendar: WorkCalendar) -> str:
    """The same as text: a calendar goes with many answers, and each has a copy of its own."""
    made = calendar.to_dict()
    if _shipped(made) == made["source"].get("notices"):
        made["source"] = {**made["source"], "notices": None}
    return json.dumps(made, ensure_ascii=False)


def calendar_from(made: Mapping[str, Any]) -> WorkCalendar:
    """The calendar that `calendar_written` wrote, with the notices that come with the package today. Raises RecordError."""
    with reading_back("WorkCalendar"):
        source = made.get("source")
        if isinstance(source, Mapping) and "notices" in source and source["notices"] is None:
            made = {**made, "source": {**source, "notices": _shipped(made)}}
        return WorkCalendar.from_dict(made)


def _shipped(made: Mapping[str, Any]) -> Any:
    """The notices that come with the package, as known on the calendar's day; of another country nothing that a calendar could have."""
    source = made["source"]
    if "notices" not in source:
        return ()
    known_on = source["known_on"]
    return china(known_on=None if known_on is None else date.fromisoformat(known_on)).to_dict()["source"]["notices"]
