"""What a month, a year and an iCalendar file show."""

import re
import sys
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from icalendar import Calendar
from rich.cells import cell_len

from govservice import china
from govservice.errors import CalendarError, MissingPackage, OutsideCalendar

KNOWN = china(known_on=date(2026, 6, 1))  # of 2027 nothing is announced


class Page(HTMLParser):
    """The cells of a page, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.titles: list[str] = []
        self.scopes: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        values = dict(attrs)
        if tag == "td" and (title := values.get("title")):
            self.titles.append(title)
        if tag == "th":
            self.scopes.append(values.get("scope"))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_months_text_marks_rest_days_and_makeup_workdays() -> None:
    text = str(china().month(2026, 2))
    assert "14班" in text
    assert "15休" in text
    assert "1月" not in text
    assert "?" not in text
    assert "休 休息日  班 补班日" in text


def test_every_day_of_a_months_text_stands_under_its_weekday() -> None:
    for month in range(1, 13):
        lines = china().month(2026, month).to_text().splitlines()
        for week, line in zip(china().month(2026, month).weeks, lines[2:], strict=False):
            for weekday, day in enumerate(week):
                if day is not None:
                    at = line.find(f"{day.date.day:>2}", 0 if weekday == 0 else 1)
                    while cell_len(line[:at]) < weekday * 6:
                        at = line.find(f"{day.date.day:>2}", at + 1)
                    assert cell_len(line[:at]) == weekday * 6


def test_a_provisional_month_says_so_in_both_languages() -> None:
    assert "2027年5月（暂定）" in str(KNOWN.month(2027, 5))
    english = KNOWN.month(2027, 5).to_text("en")
    assert "May 2027 (provisional)" in english
    assert re.search(r"^ 3R\?", english, re.MULTILINE)
    assert "? provisional" in english


def test_a_months_html_is_whole_accessible_and_says_of_each_day_what_it_is() -> None:
    page = Page(china().month(2026, 2)._repr_html_())
    assert page.open == []
    assert page.scopes == ["col"] * 7
    assert len(page.titles) == 28
    assert "2026-02-14 · 补班日 · 春节 · 国办发明电〔2025〕7号" in page.titles
    provisional = Page(KNOWN.month(2027, 5).to_html("en"))
    assert all("provisional" in title for title in provisional.titles)


def test_html_quotes_what_a_local_notice_says() -> None:
    local = china().amend(rest_days=[date(2026, 8, 3)], source='<script>"x"</script>', name="<b>")
    assert "<script>" not in local.month(2026, 8).to_html() + local.year(2026).to_html()
    assert "<b>" not in local.month(2026, 8).to_html()


def test_a_year_shows_every_day_once() -> None:
    page = Page(china().year(2026)._repr_html_())
    assert (page.open, len(page.titles)) == ([], 365)
    lines = str(china().year(2026)).splitlines()
    assert lines[0] == "2026年 CN"
    assert "2月15日至23日 休 春节（国办发明电〔2025〕7号）" in lines
    assert max(cell_len(line) for line in lines) <= 130


def test_a_month_that_is_none_is_refused() -> None:
    with pytest.raises(CalendarError, match="a month is 1 to 12, not 13"):
        china().month(2026, 13)
    with pytest.raises(CalendarError, match="a year is needed, not '2026'"):
        china().year("2026")  # type: ignore[arg-type]
    with pytest.raises(OutsideCalendar):
        china().year(1999)
    with pytest.raises(CalendarError, match="a year is 1 to 9999, not 0"):
        china().month(0, 1)


def test_an_icalendar_file_read_back_holds_every_named_day() -> None:
    file = Calendar.from_ical(china().to_ics(2026))
    found = {}
    for event in file.walk("VEVENT"):
        first, end = event["DTSTART"].dt, event["DTEND"].dt
        found |= {first + timedelta(n): str(event["SUMMARY"]) for n in range((end - first).days)}
        assert str(event["STATUS"]) == "CONFIRMED"
        assert str(event["DESCRIPTION"]) == "国办发明电〔2025〕7号"
    marks = {"holiday": "休", "makeup_workday": "班"}
    named = [day for day in china().days(date(2026, 1, 1), date(2026, 12, 31)) if day.kind in marks]
    assert found == {day.date: f"{day.name} {marks[day.kind]}" for day in named}


def test_provisional_days_are_tentative_in_icalendar_and_the_bytes_are_always_the_same() -> None:
    written = KNOWN.to_ics(2026, 2027)
    tentative = [event for event in Calendar.from_ical(written).walk("VEVENT") if str(event["STATUS"]) == "TENTATIVE"]
    assert {event["DTSTART"].dt.year for event in tentative} == {2027}
    assert all(str(event["SUMMARY"]).endswith("（暂定）") for event in tentative)
    assert written == KNOWN.to_ics(date(2026, 1, 1), date(2027, 12, 31))
    uids = [str(event["UID"]) for event in Calendar.from_ical(written).walk("VEVENT")]
    assert len(set(uids)) == len(uids)


def test_icalendar_names_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingPackage) as refused:
        china().to_ics(2026)
    install = 'pip install "icalendar>=6.1" "lxml>=5.3" (the extra exchange)'
    assert str(refused.value) == f"iCalendar export needs the icalendar package; {install}"


def test_a_span_for_icalendar_has_two_ends_in_order() -> None:
    with pytest.raises(CalendarError, match="a first day needs a last day"):
        china().to_ics(date(2026, 1, 1))
    with pytest.raises(CalendarError, match="2025-12-31 is before 2026-01-01"):
        china().to_ics(2026, 2025)
