"""The picture of a deadline, and its iCalendar file."""

import pickle
import re
import sys
from datetime import date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from govservice import WorkCalendar, china, clocks, deadline, load_rulebook
from govservice.deadlines import deadlines_to_ics
from govservice.errors import DeadlineError, MissingPackage, Words

CALENDAR = china(known_on=date(2026, 6, 1))
NOTICE = "国办发明电〔2025〕7号"


class Page(HTMLParser):
    """The days of a page with what each shows and says, its text, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.days: dict[date, list[str]] = {}
        self.titles: dict[date, str] = {}
        self.styles: dict[date, str] = {}
        self.text: list[str] = []
        self._day: date | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        values = dict(attrs)
        if tag == "td" and (title := values.get("title")):
            self._day = date.fromisoformat(title[:10])
            self.days[self._day], self.titles[self._day], self.styles[self._day] = [], title, values.get("style") or ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "td":
            self._day = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._day is not None:
            self.days[self._day].append(data)


def test_five_working_days_over_spring_festival() -> None:
    page = Page(deadline("5个工作日", date(2026, 2, 12), CALENDAR).to_html())
    assert page.open == []
    assert page.text[0] == "5个工作日，自2026-02-12起：2026-02-26届满"
    shown = {day.day: marks for day, marks in page.days.items()}
    assert [shown[day] for day in (12, 13, 14, 15, 26, 27)] == [
        ["12", "起"],
        ["13", "1"],
        ["14", "班 2"],
        ["15", "休"],
        ["26", "止 5"],
        ["27"],
    ]
    assert page.titles[date(2026, 2, 14)] == f"2026-02-14 星期六 · 第2个工作日（共5个），补班日 · {NOTICE}"
    assert page.titles[date(2026, 2, 26)] == f"2026-02-26 星期四 · 届满日 · 第5个工作日（共5个） · {NOTICE}"
    assert f"2月15日至23日 休息日，春节〔{NOTICE}〕" in page.text


def test_a_pause_its_reason_and_an_extension_in_english() -> None:
    pauses = [(date(2026, 3, 5), date(2026, 3, 11), Words("<testing>", "检测"))]
    made = deadline("10个工作日", date(2026, 3, 2), CALENDAR, pauses=pauses, extensions=["2个工作日"])
    page = Page(made.to_html("en"))
    assert page.text[0] == "10 workdays from 2026-03-02: due 2026-03-25 (extended by 2 workdays)"
    assert page.days[date(2026, 3, 7)] == ["7", "P"]
    assert page.days[date(2026, 3, 25)] == ["25", "due 12"]
    assert "2026-03-05 to 2026-03-11 paused: <testing>" in page.text
    assert "<testing>" not in made.to_html("en")
    assert made._repr_html_() == made.to_html("zh")


def test_hours_show_the_time_that_ran() -> None:
    page = Page(deadline("24小时", datetime(2026, 4, 30, 15, 30), CALENDAR).to_html())
    assert (page.days[date(2026, 4, 30)], page.days[date(2026, 5, 1)]) == (["30", "起 8.5时"], ["1", "止 15.5时"])
    office = Page(deadline("8小时", datetime(2026, 4, 30, 9, 30), CALENDAR, hours="09:00-17:00").to_html("en"))
    assert office.days[date(2026, 5, 6)] == ["6", "due 30m"]
    assert "09:00-09:30 office time" in office.titles[date(2026, 5, 6)]


def test_a_provisional_deadline_is_striped_and_shows_where_it_can_fall() -> None:
    due = deadline("15个工作日", date(2027, 1, 18), CALENDAR)
    page = Page(due.to_html())
    assert page.text[0].endswith("（暂定）")
    assert "repeating-linear-gradient" in page.styles[date(2027, 1, 20)]
    assert "可能的届满日" in page.titles[due.earliest]
    assert "2px dotted" in page.styles[due.latest]
    assert "尚未公布" in "".join(page.text)
    assert "striped" not in due.to_html()
    assert "repeating-linear-gradient" not in deadline("5个工作日", date(2026, 3, 2), CALENDAR).to_html()


def test_two_years_are_drawn_small_and_whole() -> None:
    page = deadline("2年", date(2026, 3, 2), CALENDAR).to_html()
    assert page.count("<table") == 25
    assert "font-size:12px" in page
    assert "font-size:14px" in deadline("3个月", date(2026, 3, 2), CALENDAR).to_html()


@settings(max_examples=25, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2027, 3, 1)), st.integers(0, 45), st.sampled_from(["workday", "natural_day"]), st.integers(0, 9))
def test_the_numbers_of_a_picture_are_the_days_counted(start: date, count: int, unit: str, length: int) -> None:
    text = f"{count}个工作日" if unit == "workday" else f"{count}个自然日"
    due = deadline(text, start, CALENDAR, pauses=[(start + timedelta(4), start + timedelta(4 + length))])
    page = Page(due.to_html())
    numbers = [int(found[0]) for _, marks in sorted(page.days.items()) if (found := re.findall(r"\d+", " ".join(marks[1:])))]
    assert numbers == list(range(1, count + 1))
    assert Page(pickle.loads(pickle.dumps(due)).to_html()).days == page.days  # a stored deadline draws the same
    assert page.open == []


# iCalendar


def test_a_due_day_is_an_all_day_event_and_a_moment_has_its_zone() -> None:
    day, moment = deadline("5个工作日", date(2026, 2, 12), CALENDAR), deadline("24小时", datetime(2026, 4, 30, 15, 30), CALENDAR)
    file = Calendar.from_ical(deadlines_to_ics([("A-7", day), moment]))
    one, other = file.walk("VEVENT")
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (date(2026, 2, 26), date(2026, 2, 27))
    assert (str(one["SUMMARY"]), str(one["STATUS"])) == ("A-7：5个工作日届满", "CONFIRMED")
    assert str(one["DESCRIPTION"]) == day.explain("zh")
    assert (other["DTSTART"].dt, other["DTSTART"].params["TZID"]) == (moment.due, "Asia/Shanghai")
    assert [str(zone["TZID"]) for zone in file.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert [alarm["TRIGGER"].dt for alarm in file.walk("VALARM")] == [timedelta(hours=-15), timedelta(hours=-30, minutes=-30)]


def test_the_file_in_english_without_reminders() -> None:
    written = deadlines_to_ics([deadline("1个工作日", date(2026, 3, 2), CALENDAR)], lang="en", reminder=None)
    (event,) = Calendar.from_ical(written).walk("VEVENT")
    assert str(event["SUMMARY"]) == "1 workday due"
    assert str(event["DESCRIPTION"]).startswith("1 workday from 2026-03-02: due 2026-03-03")
    assert b"VALARM" not in written
    naive = deadline("5小时", datetime(2015, 6, 4, 9, 0), WorkCalendar.of("US", subdiv="MA"))
    (floating,) = Calendar.from_ical(deadlines_to_ics([naive])).walk("VEVENT")
    assert floating["DTSTART"].dt == datetime(2015, 6, 4, 14, 0)


def test_a_provisional_deadline_is_tentative() -> None:
    (event,) = Calendar.from_ical(deadlines_to_ics([deadline("5个工作日", date(2027, 1, 26), CALENDAR)])).walk("VEVENT")
    assert (str(event["STATUS"]), str(event["SUMMARY"])) == ("TENTATIVE", "5个工作日届满（暂定）")
    assert "届满日在" in str(event["DESCRIPTION"])


def test_an_event_keeps_its_uid_when_a_notice_moves_it_and_two_alike_differ() -> None:
    before, after = (deadline("20个工作日", date(2021, 1, 15), china(known_on=day)) for day in (date(2020, 11, 1), date(2020, 12, 1)))
    assert before.due != after.due
    uids = [[str(event["UID"]) for event in Calendar.from_ical(deadlines_to_ics([one, one])).walk("VEVENT")] for one in (before, after)]
    assert uids[0] == uids[1]
    assert len(set(uids[0])) == 2
    assert deadlines_to_ics([before]) == deadlines_to_ics([before])


def test_the_clocks_of_a_case_are_events_with_their_alarms() -> None:
    case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日"}
    readings = clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 13))
    due = [reading for reading in readings if reading.due is not None]
    events = Calendar.from_ical(deadlines_to_ics(readings)).walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [reading.due for reading in due]
    assert "承诺时限：5个工作日届满" in [str(event["SUMMARY"]) for event in events]
    for event, reading in zip(events, due, strict=True):
        assert len(event.walk("VALARM")) == 1 + sum(alarm.at is not None and not alarm.cleared for alarm in reading.alarms)


def test_what_is_no_deadline_and_a_missing_package_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeadlineError, match="no deadline: 5"):
        deadlines_to_ics([5])  # type: ignore[list-item]
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingPackage, match="iCalendar export needs the icalendar package"):
        deadlines_to_ics([])
