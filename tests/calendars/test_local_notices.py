"""Local notices laid over the national calendar, and calendars of other countries."""

import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime

import holidays
import pytest

from govservice import china
from govservice.calendars import WorkCalendar
from govservice.errors import CalendarError, ProvisionalDay


def test_a_local_notice_on_a_provisional_year_is_followed_and_stays_provisional() -> None:
    known = china(known_on=date(2026, 6, 1))
    local = known.amend(rest_days=[date(2028, 4, 5)], makeup_workdays=[date(2028, 10, 1)], source="宁夏 2028", name="开斋节")
    rest, work = local.day(date(2028, 4, 5)), local.day(date(2028, 10, 1))
    assert (rest.kind, rest.name, rest.source, rest.official) == ("holiday", "开斋节", "宁夏 2028", False)
    assert (work.kind, work.is_workday, work.official) == ("makeup_workday", True, False)


def test_a_local_notice_keeps_strict_and_the_day_of_knowledge() -> None:
    strict = china(known_on=date(2026, 6, 1), strict=True).amend(rest_days=[date(2026, 8, 3)], source="本地")
    assert not strict.is_workday(date(2026, 8, 3))
    with pytest.raises(ProvisionalDay):
        strict.is_workday(date(2027, 8, 3))
    known = china(known_on=date(2020, 1, 20)).amend(rest_days=[date(2020, 3, 4)], source="本地")
    assert known.is_workday(date(2020, 1, 31))
    assert not known.is_workday(date(2020, 3, 4))


def test_a_later_local_notice_goes_over_an_earlier_one_and_both_are_in_the_value() -> None:
    once = china().amend(rest_days=[date(2026, 8, 3)], source="一号")
    twice = once.amend(makeup_workdays=[date(2026, 8, 3)], source="二号")
    assert (once.is_workday(date(2026, 8, 3)), twice.is_workday(date(2026, 8, 3))) == (False, True)
    assert twice.name == "CN + 一号 + 二号"
    assert pickle.loads(pickle.dumps(twice)) == WorkCalendar.from_dict(twice.to_dict()) == twice != once
    assert len({china().digest, once.digest, twice.digest}) == 3


@pytest.mark.parametrize(
    ("amend", "message"),
    [
        (
            lambda: china().amend(rest_days=[date(2026, 8, 3)], makeup_workdays=[date(2026, 8, 3)], source="x"),
            "x: 2026-08-03 is in both rest_days and makeup_workdays",
        ),
        (
            lambda: china().amend(rest_days=[date(2026, 8, 3)], source=" "),
            "a local notice needs its source, not ' '; say who decided it, such as its number",
        ),
        (lambda: china().amend(rest_days=[date(2026, 8, 3)], source="x", name=""), "a local notice needs its name, not ''"),
        (lambda: china().amend(source="x"), "x: a local notice without a day changes nothing"),
        (lambda: china().amend(rest_days=date(2026, 8, 3), source="x"), "rest_days is a list of dates, not date"),  # type: ignore[arg-type]
        (
            lambda: china().amend(rest_days=["2026-08-03"], source="x"),  # type: ignore[list-item]
            "a date is needed, not str '2026-08-03'; give a datetime.date, such as date(2026, 2, 13)",
        ),
        (
            lambda: china().amend(rest_days=[date(1999, 8, 3)], source="x"),
            "1999-08-03 is outside the calendar CN; it covers 2004-01-01 to 2099-12-31",
        ),
    ],
)
def test_a_senseless_local_notice_is_refused(amend: Callable[[], WorkCalendar], message: str) -> None:
    with pytest.raises(CalendarError) as refused:
        amend()
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("country", "subdiv"), [("US", "MA"), ("IL", None), ("AE", None), ("JP", None), ("DE", "BY"), ("HK", None), ("KR", None)]
)
def test_other_countries_are_what_the_package_computes(country: str, subdiv: str | None) -> None:
    calendar = WorkCalendar.of(country, subdiv)
    package = holidays.country_holidays(country, subdiv=subdiv, years=range(2019, 2028))
    days = list(calendar.days(date(2020, 1, 1), date(2026, 12, 31)))
    assert [day for day in days if day.is_workday != package.is_working_day(day.date)] == []
    assert [day for day in days if (day.kind == "holiday") != (day.date in package and not day.is_workday)] == []
    assert {day.official for day in days} == {True}
    assert days[0].source == f"holidays {holidays.__version__} ({country if subdiv is None else f'{country}-{subdiv}'})"


def test_china_by_its_code_is_the_official_calendar() -> None:
    assert WorkCalendar.of("CN") == china()
    assert WorkCalendar.of("CN", tz="UTC").tz == "UTC"


def test_a_calendar_without_a_zone_is_naive_and_one_with_a_zone_converts() -> None:
    moment = datetime(2015, 4, 21, 2, 0, tzinfo=UTC)
    boston = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")
    assert not boston.is_workday(moment), "in Boston it is still Patriots' Day"
    with pytest.raises(CalendarError) as refused:
        WorkCalendar.of("US", subdiv="MA").is_workday(moment)
    assert (
        str(refused.value) == "2015-04-21T02:00:00+00:00 has a time zone and the calendar has none; name it: WorkCalendar.of(..., tz=...)"
    )
    assert pickle.loads(pickle.dumps(boston)) == WorkCalendar.from_dict(boston.to_dict()) == boston


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: WorkCalendar.of("USS"), "the holidays package knows no country 'USS'; did you mean US?"),
        (lambda: WorkCalendar.of("NZ", "XX"), "the holidays package knows no 'XX' in NZ; it knows "),
        (lambda: WorkCalendar.of("CN", "GX"), "the holidays package knows no 'GX' in CN; leave subdiv out"),
        (lambda: WorkCalendar.of("US", tz="Mars/Base"), "no time zone 'Mars/Base'; such as Asia/Shanghai"),
    ],
)
def test_an_unknown_place_is_refused_with_a_hint(ask: Callable[[], WorkCalendar], message: str) -> None:
    with pytest.raises(CalendarError) as refused:
        ask()
    assert str(refused.value).startswith(message)
