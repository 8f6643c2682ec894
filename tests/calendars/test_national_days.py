"""Every official day against three other sources, and what may be said of days that no notice fixes."""

import csv
import pickle
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from govservice import china
from govservice.calendars import CalendarNotice, Day, WorkCalendar
from govservice.calendars.statutory import carries_swaps
from govservice.errors import CalendarError, OutsideCalendar, ProvisionalDay

from ..beside import DATA


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def last_official(year: int) -> date:
    """The last official day that a source of years up to this one speaks of: a later notice may have moved its last December."""
    through = china().official_through
    assert year >= 2026
    return through if year >= through.year else date(year, 11, 30)


def last_year_known_to_holidays() -> int:
    return next(year for year in range(2026, 2100) if not carries_swaps(year + 1))


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_day_since_2004_is_what_the_holidays_package_says() -> None:
    package = holidays.country_holidays("CN", years=range(2004, china().official_through.year + 2))
    days = every_day(date(2004, 1, 1), last_official(last_year_known_to_holidays()))
    assert [day for day in days if china().is_workday(day) != package.is_working_day(day)] == []


def test_chinesecalendar_differs_on_its_one_known_error_and_nowhere_else() -> None:
    calendar = china()
    days = every_day(date(2004, 1, 1), last_official(max(chinese_calendar.holidays).year))
    assert [day for day in days if calendar.is_workday(day) != chinese_calendar.is_workday(day)] == [date(2005, 12, 31)]
    assert calendar.day(date(2005, 12, 31)) == Day(
        date(2005, 12, 31), is_workday=True, kind="makeup_workday", name="元旦", source=f"holidays {holidays.__version__}", official=True
    )


@pytest.mark.shared("data/superseded_cn.csv", "data/official_cn_2007_2026.csv")
def test_every_named_day_has_the_kind_name_and_notices_that_the_record_gives() -> None:
    kinds = {"holiday": "holiday", "workday_weekend": "makeup_workday"}
    amended = {row["date"] for row in rows("superseded_cn.csv")}
    wrong = []
    for row in rows("official_cn_2007_2026.csv"):
        numbers = row["source"].split(" http")[0]
        day = china().day(date.fromisoformat(row["date"]))
        source = numbers if row["date"] in amended else numbers.split("; ")[0]
        if (day.kind, day.name, day.source, day.official) != (kinds[row["kind"]], row["name"], source, True):
            wrong.append((row, day))
    assert wrong == []


@pytest.mark.shared("data/superseded_cn.csv")
def test_until_the_day_before_an_amendment_the_days_are_what_the_first_notice_said() -> None:
    kinds = {"weekday": "workday", "weekend": "weekend", "workday_weekend": "makeup_workday", "holiday": "holiday"}
    for row in rows("superseded_cn.csv"):
        until, day = date.fromisoformat(row["known_until"]), date.fromisoformat(row["date"])
        assert china(known_on=until).day(day).kind == kinds[row["kind"]]
        assert china(known_on=until + timedelta(1)).day(day) == china().day(day)


@pytest.mark.shared("data/notices_2007_2026.csv")
def test_the_notices_carry_the_number_and_day_of_issue_of_the_record() -> None:
    from govservice.calendars.notice import shipped_notices

    recorded = {
        (number, int(row["year"]), date.fromisoformat(issued.rstrip("?")), issued.endswith("?"))
        for row in rows("notices_2007_2026.csv")
        for number, issued in zip(row["document"].split("; "), row["signed_or_published"].split("; "), strict=True)
    }
    last = max(year for _, year, _, _ in recorded)  # of notices issued after the record was made it says nothing
    shipped = {(notice.cite, notice.year, notice.issued_on, notice.inferred) for notice in shipped_notices() if notice.year <= last}
    assert shipped == recorded


@pytest.mark.parametrize(
    ("day", "kind", "source"),
    [
        (date(2006, 12, 31), "makeup_workday", "国办发明电〔2006〕49号"),
        (date(2007, 12, 31), "holiday", "国务院办公厅关于2008年部分节假日安排的通知"),
        (date(2011, 12, 31), "makeup_workday", "国办发明电〔2011〕45号"),
        (date(2018, 12, 29), "makeup_workday", "国办发明电〔2018〕15号"),
    ],
)
def test_a_notice_may_change_december_of_the_year_before(day: date, kind: str, source: str) -> None:
    assert (china().day(day).kind, china().day(day).source) == (kind, source)


def test_an_amended_day_cites_both_notices_and_its_neighbours_one() -> None:
    assert china().day(date(2020, 1, 31)).source == "国办发明电〔2019〕16号; 国办发明电〔2020〕1号"
    assert china().day(date(2020, 1, 30)).source == "国办发明电〔2019〕16号"
    assert china().day(date(2020, 3, 4)).source == "国办发明电〔2019〕16号", "an ordinary day rests on the notice's silence"


def test_before_the_next_notice_december_is_official_as_its_own_notice_left_it() -> None:
    before, after = china(known_on=date(2018, 12, 5)), china(known_on=date(2018, 12, 6))
    assert before.day(date(2018, 12, 29)).kind == "weekend"
    assert before.day(date(2018, 12, 29)).official
    assert after.day(date(2018, 12, 29)).kind == "makeup_workday"
    assert (before.official_through, after.official_through) == (date(2018, 12, 31), date(2019, 12, 31))


def test_a_year_not_yet_announced_is_forecast_without_the_swaps_that_came_later() -> None:
    known = china(known_on=date(2025, 11, 3))
    days = list(known.days(date(2026, 1, 1), date(2026, 12, 31)))
    assert not any(day.official for day in days)
    assert {day.kind for day in days} == {"workday", "weekend", "holiday"}
    assert known.is_workday(date(2026, 2, 23)), "the ninth day of spring festival is a swap"
    assert not known.is_workday(date(2026, 2, 16)), "the eve of spring festival is statutory since 2025"
    assert "国务院令第795号" in days[0].source


@pytest.mark.parametrize(
    ("known_on", "day", "works"),
    [
        (date(2024, 11, 9), date(2025, 5, 2), True),  # 2 May became statutory by the order of 10 November 2024
        (date(2024, 11, 10), date(2025, 5, 2), False),
        (date(2013, 12, 10), date(2014, 1, 30), False),  # the eve left the list the day the notice came
        (date(2007, 12, 13), date(2008, 4, 4), True),  # the tomb-sweeping festival entered it by the order of 14 December 2007
        (date(2007, 12, 14), date(2008, 4, 4), False),
        (date(2007, 12, 13), date(2008, 5, 2), False),
        (date(2007, 12, 14), date(2008, 5, 2), True),
        # the dragon boat festival fell on a Saturday: the law gives Monday, the notice later gave Friday
        (date(2011, 6, 1), date(2012, 6, 25), False),
        (date(2011, 6, 1), date(2012, 6, 22), True),
    ],
)
def test_a_forecast_applies_the_statute_of_the_day_it_was_made(known_on: date, day: date, works: bool) -> None:
    calendar = china(known_on=known_on)
    assert calendar.is_workday(day) is works
    assert not calendar.is_official(day)


def test_the_forecast_of_later_years_is_that_of_the_holidays_package() -> None:
    calendar = china()
    first = calendar.official_through + timedelta(1)
    package = holidays.country_holidays("CN", years=range(first.year, 2100))
    assert [day for day in every_day(first, date(2099, 12, 31)) if calendar.is_workday(day) != package.is_working_day(day)] == []


def test_two_festivals_on_one_sunday_take_two_working_days() -> None:
    days = [china().day(date(2039, 10, day)) for day in (2, 4, 5, 6, 7)]
    assert [day.name for day in days] == ["中秋节、国庆节", "国庆节", "中秋节", "国庆节", None]


def test_childrens_day_of_an_unannounced_year_is_worked() -> None:
    assert china(known_on=date(2026, 6, 1)).day(date(2027, 6, 1)).kind == "workday"


def test_swaps_that_the_installed_package_knows_are_used_and_stay_provisional() -> None:
    from govservice.calendars.national import NationalDays

    unannounced = WorkCalendar(NationalDays((), None), tz=None, name="none announced")
    day = unannounced.day(date(2025, 1, 26))
    assert (day.kind, day.name, day.official) == ("makeup_workday", "春节", False)
    assert day.source == f"holidays {holidays.__version__}"
    assert not any(known.kind == "makeup_workday" for known in china(known_on=date(2024, 1, 1)).days(date(2025, 1, 1), date(2025, 12, 31)))


def test_strict_refuses_every_question_that_touches_a_provisional_day() -> None:
    strict, inside, outside = china(known_on=date(2026, 6, 1), strict=True), date(2026, 12, 21), date(2027, 1, 4)
    assert strict.add_workdays(inside, 5) == date(2026, 12, 28)
    assert not strict.is_official(outside)
    for ask in (
        lambda: strict.is_workday(outside),
        lambda: strict.day(outside),
        lambda: strict.add_workdays(inside, 20),
        lambda: strict.add_workdays(outside, -20),
        lambda: strict.workdays_between(inside, outside),
        lambda: strict.workdays(inside, outside),
        lambda: list(strict.days(inside, outside)),
    ):
        with pytest.raises(ProvisionalDay) as refused:
            ask()
        assert str(refused.value) == (
            "the days of 2027 are provisional; no notice known to this calendar fixes them; "
            "give its notice with notices=[...], or leave strict out"
        )
    assert strict.add_workdays(date(2007, 1, 4), -5) == date(2006, 12, 27), "years of the package are official"


def test_strict_passes_no_gap_between_two_announced_years() -> None:
    through = china().official_through
    year = through.year + 2
    gap = china(notices=[CalendarNotice(year=year, number="later", issued_on=date(year - 1, 11, 1))], strict=True)
    monday = next(day for day in every_day(date(year, 3, 1), date(year, 3, 7)) if day.weekday() == 0)
    assert gap.day(monday).official
    assert gap.is_workday(monday)
    assert gap.add_workdays(monday, 1) == monday + timedelta(1)
    assert gap.official_through == through
    with pytest.raises(ProvisionalDay):
        gap.add_workdays(date(year, 1, 10), -20)
    with pytest.raises(ProvisionalDay):
        gap.workdays_between(date(through.year, 12, 1), date(year, 1, 10))


def test_days_outside_the_calendar_are_refused() -> None:
    with pytest.raises(OutsideCalendar) as refused:
        china().is_workday(date(2003, 12, 31))
    assert str(refused.value) == "2003-12-31 is outside the calendar CN; it covers 2004-01-01 to 2099-12-31"
    with pytest.raises(OutsideCalendar):
        china().day(date(2100, 1, 1))
    with pytest.raises(OutsideCalendar) as refused:
        china().add_workdays(date(2026, 1, 1), 10**9)
    assert str(refused.value) == ("1000000000 working days from 2026-01-01 lead out of the calendar CN; it covers 2004-01-01 to 2099-12-31")
    with pytest.raises(OutsideCalendar):
        china().add_workdays(date(2004, 1, 1), -1)
    with pytest.raises(OutsideCalendar):
        china().workdays_between(date(2026, 1, 1), date(9999, 12, 31))


def test_known_on_before_anything_was_known_is_all_forecast() -> None:
    nothing = china(known_on=date(2003, 1, 1))
    assert nothing.official_through == date(2003, 12, 31)
    assert not nothing.day(date(2004, 5, 6)).official
    assert nothing.is_workday(date(2004, 5, 6)), "a swap, unknown in 2003"


def test_december_2005_was_not_made_up_before_2006_was_known() -> None:
    assert china(known_on=date(2005, 12, 30)).day(date(2005, 12, 31)).kind == "weekend"
    assert china(known_on=date(2005, 12, 30)).day(date(2005, 12, 31)).name is None
    assert china(known_on=date(2006, 1, 1)).day(date(2005, 12, 31)).kind == "makeup_workday"


def test_a_moment_stands_for_its_date_in_the_calendars_zone() -> None:
    assert china().add_workdays(datetime.fromisoformat("2026-02-13T23:59"), 1) == date(2026, 2, 14)
    assert china().add_workdays(datetime(2026, 2, 13, 16, 0, tzinfo=UTC), 1) == date(2026, 2, 24), "in Shanghai it is the 14th already"


@pytest.mark.parametrize("bad", ["2026-02-13", 20260213, None, 2.5])
def test_what_is_no_day_is_refused(bad: object) -> None:
    for ask in (china().is_workday, china().day, lambda day: china().add_workdays(day, 1), lambda day: china().workdays_between(day, day)):
        with pytest.raises(CalendarError) as refused:
            ask(bad)  # type: ignore[arg-type]
        assert str(refused.value) == f"a date is needed, not {type(bad).__name__} {bad!r}; give a datetime.date, such as date(2026, 2, 13)"


@pytest.mark.parametrize("bad", [True, 2.0, "5", None])
def test_what_is_no_whole_number_of_days_is_refused(bad: object) -> None:
    with pytest.raises(CalendarError) as refused:
        china().add_workdays(date(2026, 2, 13), bad)  # type: ignore[arg-type]
    assert str(refused.value).startswith(f"a whole number of working days is needed, not {bad!r}")


def test_calendars_are_values() -> None:
    asked = china()
    asked.add_workdays(date(2026, 12, 1), 100)
    copies = [pickle.loads(pickle.dumps(calendar)) for calendar in (asked, china(strict=True), china(known_on=date(2020, 1, 20)))]
    assert copies == [china(), china(strict=True), china(known_on=date(2020, 1, 20))]
    assert len({*copies, china(), WorkCalendar.of("CN")}) == 3
    assert len({calendar.digest for calendar in copies}) == 3
    assert WorkCalendar.from_dict(asked.to_dict()).digest == asked.digest
    with pytest.raises(AttributeError, match="a calendar is a value"):
        asked.strict = True
    day = asked.day(date(2027, 10, 1))
    assert pickle.loads(pickle.dumps(day)) == Day.from_dict(day.to_dict()) == day


def test_a_question_about_announced_years_loads_no_heavy_package() -> None:
    asked = (
        "import sys; from datetime import date; from govservice import china; china().add_workdays(date(2026, 3, 2), 5);"
        "china().digest; print([name for name in ('holidays', 'numpy', 'polars', 'icalendar', 'hypothesis') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "[]\n"
