"""Moments of a source's clock put to another one: what the clocks skipped, or showed twice, is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from govservice.errors import RecordError, Words
from govservice.reading.common import shown

__all__ = ["moved", "zone_of"]


@lru_cache(maxsize=256)
def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name. Raises RecordError.

    >>> zone_of("Europe/Amsterdam").key
    'Europe/Amsterdam'
    """
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # a name that leads out of the data, a folder of it, one that nobody has
        raise RecordError(
            Words(f"no time zone: {shown(name)}", f"没有“{name}”这个时区"),
            hint=Words("such as Asia/Shanghai, UTC, Europe/Amsterdam", "例如 Asia/Shanghai、UTC、Europe/Amsterdam"),
        ) from None


def moved(when: date, source: str, target: str) -> date:
    """A moment on the clock of `source` as one on that of `target`; one with an offset of its own goes by that. A bare day stays.

    Raises RecordError for a time that the source's clocks skipped when they were put forward, or showed twice when they were put back.

    >>> from datetime import datetime
    >>> moved(datetime(2026, 2, 13, 20), "UTC", "Asia/Shanghai").isoformat()
    '2026-02-14T04:00:00+08:00'
    """
    if not isinstance(when, datetime):
        return when
    placed = when if when.tzinfo is not None else _placed(when, source)
    try:
        return placed.astimezone(UTC).astimezone(zone_of(target))
    except OverflowError:
        raise RecordError(Words(f"{when} is at the edge of the years that there are", f"{when} 超出可用的年份")) from None


def _placed(when: datetime, source: str) -> datetime:
    zone = zone_of(source)
    first, second = (when.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    before, after = first.utcoffset(), second.utcoffset()
    if before is None or after is None or before == after:
        return first
    if before < after:
        raise RecordError(
            Words(f"{when} was skipped by the clocks of {source}, which were put forward", f"{source} 的时钟当时拨快，没有 {when}"),
            hint=Words("export it in UTC, or correct it", "请按 UTC 导出，或更正"),
        )
    raise RecordError(
        Words(f"{when} was shown twice by the clocks of {source}, which were put back", f"{source} 的时钟当时拨慢，{when} 有两次"),
        hint=Words("export it in UTC, or with its offset", "请按 UTC 导出，或带上时差"),
    )
