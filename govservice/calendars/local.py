"""A local notice: days that a place makes rest days or workdays on top of its country's calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from govservice.calendars.days import HOLIDAY, MAKEUP, as_days
from govservice.calendars.years import Year
from govservice.echo import shown
from govservice.errors import NOTHING, CalendarError, Words


@dataclass(frozen=True, slots=True)
class LocalNotice:
    """What a local notice adds and cancels, in the words of `source`."""

    rest_days: tuple[date, ...]
    makeup_workdays: tuple[date, ...]
    source: str
    name: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The notice as plain values for JSON."""
        return {
            "rest_days": [day.isoformat() for day in self.rest_days],
            "makeup_workdays": [day.isoformat() for day in self.makeup_workdays],
            "source": self.source,
            "name": self.name,
        }

    def arguments(self) -> str:
        """What `WorkCalendar.amend` was called with, as source text."""
        values = {name: list(value) if isinstance(value, tuple) else value for name in self.__slots__ if (value := getattr(self, name))}
        return ", ".join(f"{name}={value!r}" for name, value in values.items())

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> LocalNotice:
        """The notice that `to_dict` wrote."""
        rest, makeup = ([date.fromisoformat(day) for day in values[key]] for key in ("rest_days", "makeup_workdays"))
        return local_notice(rest, makeup, values["source"], values["name"])

    def days(self) -> Iterator[tuple[date, int]]:
        """Each day and what the notice makes of it."""
        for day in self.rest_days:
            yield day, HOLIDAY
        for day in self.makeup_workdays:
            yield day, MAKEUP

    def over(self, year: Year) -> Year:
        """The year as the notice leaves it."""
        named = {day.toordinal(): (code, self.name, self.source) for day, code in self.days() if day.year == year.year}
        return year.with_named(named) if named else year


def local_notice(rest_days: Iterable[date], makeup_workdays: Iterable[date], source: str, name: str | None) -> LocalNotice:
    """A local notice that makes sense: who decided it, at least one day, and none both ways."""
    _refuse_blank(source, "source")
    if name is not None:
        _refuse_blank(name, "name")
    rest, makeup = as_days(rest_days, "rest_days"), as_days(makeup_workdays, "makeup_workdays")
    for day in rest:
        if day in makeup:
            raise CalendarError(
                Words(f"{day} is in both rest_days and makeup_workdays", f"{day} 同时在 rest_days 和 makeup_workdays 中"), id=source
            )
    if not rest and not makeup:
        raise CalendarError(Words("a local notice without a day changes nothing", "地方通知没有任何日子"), id=source)
    return LocalNotice(rest, makeup, source, name)


def _refuse_blank(text: object, what: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise CalendarError(
            Words(f"a local notice needs its {what}, not {shown(text)}", f"地方通知的 {what} 不能是 {shown(text)}"),
            hint=Words("say who decided it, such as its number", "请写明由谁决定，如文号") if what == "source" else NOTHING,
        )
