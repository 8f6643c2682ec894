"""Seasons of the year, as office hours name them: 05-01..09-30, 5月1日至9月30日, otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from govservice.echo import shown
from govservice.errors import CalendarError, Words

__all__ = ["SEASONS", "Season", "seasons_of"]

SEASONS = " | "
_LEAP = 2024  # a year that has every day
_DAY = r"(\d{1,2})(?:-|月)(\d{1,2})日?"
_SPAN = re.compile(rf"\s*{_DAY}\s*(?:\.\.|至|到|—+|~)\s*{_DAY}\s*[:：]?\s*", re.ASCII)
_OTHERWISE = re.compile(r"\s*(?:otherwise|其余(?:时间|日期)?|其他(?:时间|日期)?)\s*[:：]?\s*", re.IGNORECASE)
_HINT = Words(
    "write them as 05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30",
    "请写作 05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30",
)


class Season(NamedTuple):
    """Days of the year, from one up to another, both in it; over the new year where the second is the earlier. None: the other days."""

    first: tuple[int, int] | None
    last: tuple[int, int] | None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it; the others hold every day, and are asked last."""
        if self.first is None or self.last is None:
            return True
        of_year = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= of_year <= self.last
        return of_year >= self.first or of_year <= self.last

    def __str__(self) -> str:
        if self.first is None or self.last is None:
            return "otherwise"
        return "{:02}-{:02}..{:02}-{:02}".format(*self.first, *self.last)


def seasons_of(text: object) -> tuple[tuple[Season, str], ...] | None:
    """The seasons that hours are given for, the others last, with the text of each; None where they do not change.

    `text` has them between `|`, or is a list of mappings. Raises CalendarError where two overlap or a day of the year is left out.
    """
    written = _written(text)
    if written is None:
        return None
    seasons = sorted((_season(of, hours) for of, hours in written), key=lambda season: season[0].first is None)
    _check(tuple(season for season, _ in seasons))
    return tuple(seasons)


def _written(text: object) -> list[tuple[str, str]] | None:
    if isinstance(text, str):
        parts = re.split(r"[|｜]", text)
        headed = [(match, part) for part in parts if (match := _SPAN.match(part) or _OTHERWISE.match(part))]
        if not headed:
            return None
        if len(headed) < len(parts):
            raise CalendarError(Words(f"a part of {shown(text)} names no season", f"“{text}”中有一段没有写明季节"), hint=_HINT)
        return [(match[0], part[match.end() :]) for match, part in headed]
    listed = [text] if isinstance(text, Mapping) else text
    if not isinstance(listed, list | tuple) or not listed or not all(isinstance(one, Mapping) for one in listed):
        return None
    seasons = [season for one in listed for season in one.items()]
    for odd in (part for season in seasons for part in season if not isinstance(part, str)):
        raise CalendarError(Words(f"{shown(odd)} is no text", f"{shown(odd)} 不是文字"), hint=_HINT)
    return seasons


def _season(of: str, hours: str) -> tuple[Season, str]:
    if _OTHERWISE.fullmatch(of):
        return Season(None, None), hours
    match = _SPAN.fullmatch(of)
    if match is None:
        raise CalendarError(Words(f"{shown(of.strip())} names no days of the year", f"“{of.strip()}”不是一年中的起止日"), hint=_HINT)
    first, last = (int(match[1]), int(match[2])), (int(match[3]), int(match[4]))
    for month, day in (first, last):
        try:
            date(_LEAP, month, day)
        except ValueError:
            raise CalendarError(Words(f"there is no {month:02}-{day:02}", f"没有 {month:02}-{day:02} 这一天"), hint=_HINT) from None
    if _SPAN.match(hours) or _OTHERWISE.match(hours) or re.search(r"[|｜]", hours):
        raise CalendarError(Words(f"a season within {of.strip()}", f"{of.strip()} 之内又写了季节"), hint=_HINT)
    return Season(first, last), hours


def _check(seasons: tuple[Season, ...]) -> None:
    if sum(season.first is None for season in seasons) > 1:
        raise CalendarError(Words("`otherwise` stands there twice", "otherwise 写了两次"), hint=_HINT)
    named = [season for season in seasons if season.first is not None]
    for number in range(366):
        day = date(_LEAP, 1, 1) + timedelta(number)
        holding = [season for season in named if season.holds(day)]
        if len(holding) > 1:
            raise CalendarError(
                Words(f"the seasons {holding[0]} and {holding[1]} overlap", f"{holding[0]} 与 {holding[1]} 重叠"), hint=_HINT
            )
        if not holding and len(named) == len(seasons):
            raise CalendarError(
                Words(f"no season holds {day:%m-%d}", f"{day:%m-%d} 不在任何季节之内"),
                hint=Words("add otherwise: .. for the other days", "请用 otherwise 写明其余日子"),
            )
