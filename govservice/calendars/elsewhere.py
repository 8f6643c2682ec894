"""Calendars of other countries and subdivisions, as the `holidays` package computes their law."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from govservice.calendars.calendar import WorkCalendar
from govservice.calendars.days import HOLIDAY, MAKEUP, WEEKEND, WORKDAY, zone_of
from govservice.calendars.national import NationalDays, china
from govservice.calendars.statutory import holidays_version
from govservice.calendars.years import Source, Year
from govservice.echo import shown
from govservice.errors import CalendarError, Words, closest

FIRST_YEAR, LAST_YEAR = 1900, 2100  # narrower where the package says so of a country
CHINA = ("CN", "CHN")


def calendar_of(country: str, subdiv: str | None, tz: str | None) -> WorkCalendar:
    """`WorkCalendar.of`."""
    if country in CHINA and subdiv is None:
        national = china()
        if tz in {None, national.tz}:
            return national
        return WorkCalendar(national._lookup.source, tz=tz, name=national.name)
    zone_of(tz)
    source = ForeignDays(country, subdiv)
    return WorkCalendar(source, tz=tz, name=country if subdiv is None else f"{country}-{subdiv}")


def source_from_dict(values: Mapping[str, Any]) -> Source:
    """The source of days that `WorkCalendar.to_dict` wrote."""
    if values["country"] in CHINA:
        return NationalDays.from_dict(values["source"])
    return ForeignDays(values["country"], values["subdiv"])


class ForeignDays:
    """The public holidays and the weekend of a place, in its own language whatever the machine's."""

    def __init__(self, country: str, subdiv: str | None) -> None:
        self.country = country
        self.subdiv = subdiv
        package = _package(country, subdiv)
        self._language = getattr(package, "default_language", None)
        self.first_year = max(FIRST_YEAR, getattr(package, "start_year", FIRST_YEAR))
        self.last_year = min(LAST_YEAR, getattr(package, "end_year", LAST_YEAR))
        self._years: dict[int, Year] = {}

    def __eq__(self, other: object) -> bool:
        return (self.country, self.subdiv) == (other.country, other.subdiv) if isinstance(other, ForeignDays) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.country, self.subdiv))

    def __reduce__(self) -> tuple[Any, ...]:
        return ForeignDays, (self.country, self.subdiv)

    def to_dict(self) -> dict[str, Any]:
        """Nothing beyond the place."""
        return {}

    def call(self, tz: str | None, *, strict: bool) -> str | None:
        """The call that gives the calendar of these days, as source text; there is no strict one."""
        options = "".join(f", {name}={value!r}" for name, value in (("subdiv", self.subdiv), ("tz", tz)) if value is not None)
        return None if strict else f"WorkCalendar.of({self.country!r}{options})"

    def is_official(self, year: int) -> bool:
        """Computed law is as good in every year that the package covers."""
        return self.first_year <= year <= self.last_year

    def opening(self, year: int) -> range:
        """One year at a time."""
        return range(year, year + 1)

    def year(self, year: int) -> Year:
        """The days of one year."""
        if year not in self._years:
            self._years[year] = self._read(year)
        return self._years[year]

    def _read(self, year: int) -> Year:
        # the years beside it too: a day of theirs may be moved over the turn of the year
        years = tuple(range(max(year - 1, self.first_year), min(year + 1, self.last_year) + 1))
        package = _package(self.country, self.subdiv, years=years, language=self._language)
        # older versions keep one weekend, that of the last year read: a country may have moved its weekend since
        week = _package(self.country, self.subdiv, years=(year,), language=self._language)
        place = self.country if self.subdiv is None else f"{self.country}-{self.subdiv}"
        source = f"holidays {holidays_version()} ({place})"
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        kinds = bytes(_kind(package, week, date.fromordinal(ordinal)) for ordinal in range(first, last + 1))
        named = {first + n: (package.get(date.fromordinal(first + n)), source) for n, code in enumerate(kinds) if code in {HOLIDAY, MAKEUP}}
        return Year(year, kinds, named, source, official=True)


def _kind(package: Any, week: Any, day: date) -> int:
    if week.is_weekend(day):
        return MAKEUP if day in package.weekend_workdays else HOLIDAY if day in package else WEEKEND
    return HOLIDAY if day in package else WORKDAY


def _package(country: str, subdiv: str | None, *, years: tuple[int, ...] = (), language: str | None = None) -> Any:
    import holidays

    places = holidays.list_supported_countries()
    if country not in places:
        near = closest(str(country).upper(), places)
        hint = (
            Words(f"did you mean {near}?", f"是不是 {near}？")
            if near is not None
            else Words("give its two-letter code, such as US", "请给出两字母代码，如 US")
        )
        raise CalendarError(Words(f"the holidays package knows no country {shown(country)}", f"holidays 没有国家“{country}”"), hint=hint)
    try:
        return holidays.country_holidays(country, subdiv=subdiv, years=years, expand=False, language=language)
    except NotImplementedError:
        known = places[country]
        hint = (
            Words(f"it knows {', '.join(known)}", f"可用的有 {'、'.join(known)}") if known else Words("leave subdiv out", "请不要写 subdiv")
        )
        raise CalendarError(
            Words(f"the holidays package knows no {shown(subdiv)} in {country}", f"holidays 没有 {country} 的“{subdiv}”"), hint=hint
        ) from None
