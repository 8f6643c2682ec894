"""A mapping names how the days, moments and numbers of a column are written, and which clock they are on; nothing else is read."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice.cli import main
from govservice.errors import RecordError
from govservice.reading.formats import pattern_of, read_number_in, read_when_in
from govservice.reading.zones import moved
from govservice.records import Row, SetAside, read_records
from govservice.records.faults import MappingError

NAIVE = datetime(2026, 2, 13, 9, 8, 42)


@pytest.mark.parametrize(
    ("format", "text", "read"),
    [
        ("YYYYMMDDhhmmss", "20260213090842", NAIVE),
        ("YYYYMMDDhhmmss", 20260213090842, NAIVE),
        ("%Y%m%d%H%M%S", "20260213090842", NAIVE),
        ("YYYY-MM-DD hh:mm:ss", "2026-02-13   09:08:42", NAIVE),
        ("YYYY/M/D h:mm:ss AM", "2026/2/13 9:08:42 AM", NAIVE),
        ("YYYY年M月D日 AMh:mm:ss", "２０２６年２月１３日 上午9：08：42", NAIVE),
        ("DD-MMM-YYYY", "13-FEB-2026", date(2026, 2, 13)),
        ("MM/DD/YYYY", "02/13/2026", date(2026, 2, 13)),
        ("D.M.YYYY", "13.2.2026", date(2026, 2, 13)),
        ("h:mm:ss AM", "9:08:42 AM", time(9, 8, 42)),
        ("h:mm:ss AM", "12:00:00 am", time(0, 0)),
        ("h:mm AM", "12:30 p.m.", time(12, 30)),
        ("YYYY-MM-DDThh:mm:ss.fZ", "2026-02-13T09:08:42.25+01:00", datetime.fromisoformat("2026-02-13T09:08:42.250+01:00")),
        ("epoch_s", "1770944922", datetime.fromisoformat("2026-02-13T01:08:42+00:00")),
        ("epoch_ms", 1770944922123, datetime.fromisoformat("2026-02-13T01:08:42.123+00:00")),
        ("excel", 46066, datetime(2026, 2, 13)),
        ("excel", "46066.381041666666", NAIVE),
        ("excel", 59, datetime(1900, 2, 28)),
        ("excel", 61, datetime(1900, 3, 1)),
        ("excel_1904", 44604, datetime(2026, 2, 13)),
    ],
)
def test_what_is_written_so_is_read(format: str, text: object, read: object) -> None:
    assert read_when_in(text, pattern_of(format)) == read


@pytest.mark.parametrize(
    ("format", "text", "why"),
    [
        (
            "YYYYMMDDhhmmss",
            "2026021309084",
            "'2026021309084' is not written as YYYYMMDDhhmmss; expected YYYYMMDDhhmmss, such as 20260213090842",
        ),
        ("YYYY-MM-DD", "2026-2-13", "'2026-2-13' is not written as YYYY-MM-DD; expected YYYY-MM-DD, such as 2026-02-13"),
        ("MM/DD/YYYY", "13/02/2026", "'13/02/2026' is not a day or time that there is; expected MM/DD/YYYY, such as 02/13/2026"),
        ("h:mm AM", "13:05 PM", "'13:05 PM' is not a day or time that there is; expected h:mm AM, such as 9:08 AM"),
        ("h:mm AM", "9:05", "'9:05' is not written as h:mm AM; expected h:mm AM, such as 9:08 AM"),
        (
            "epoch_s",
            "1770944922000",
            "'1770944922000' is not a moment between 2001 and 2100, counted so; expected epoch_s, such as 1770944922; is it epoch_ms?",
        ),
        (
            "epoch_ms",
            "1770944922",
            "'1770944922' is not a moment between 2001 and 2100, counted so; expected epoch_ms, such as 1770944922000; is it epoch_s?",
        ),
        ("epoch_s", "0", "'0' is not a moment between 2001 and 2100, counted so; expected epoch_s, such as 1770944922; is it epoch_ms?"),
        ("excel", "60", "'60' is not a day that spreadsheets count; expected excel, such as 46066.38"),  # 1900-02-29
        ("excel", True, "True is not written as excel; expected excel, such as 46066.38"),
    ],
)
def test_what_is_not_written_so_is_refused_with_what_was_expected(format: str, text: object, why: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_when_in(text, pattern_of(format))
    assert str(caught.value) == why


@pytest.mark.parametrize(
    ("format", "why"),
    [
        ("YY-MM-DD", "two digits of a year do not say which century"),
        ("%y-%m-%d", "two digits of a year do not say which century"),
        ("%Y-%j", "%j is none of its signs"),
        ("YYYYMD", "where YYYY ends before M is open: write two digits"),
        ("YYYY-MDhhmm", "where M ends before D is open: write two digits"),
        ("YYYY-MM", "a day has a year, a month and a day"),
        ("YYYY-MM-DD hh", "a time has hours and minutes"),
        ("%I:%M", "hours up to 12 want AM or PM: %p"),
        ("YYYY-MM-MM-DD", "the month stands in it twice"),
        ("dd.mm.yyyy", "'dd.' is no sign"),
        ("auto", "'auto' is no sign"),
    ],
)
def test_a_format_that_leaves_anything_open_is_none(format: str, why: str) -> None:
    with pytest.raises(RecordError) as caught:
        pattern_of(format)
    assert caught.value.what.en == f"no format of days: {format}"
    assert caught.value.why.en == why


@settings(max_examples=30)
@given(st.datetimes(datetime(2001, 10, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_a_moment_comes_back_from_every_notation(moment: datetime) -> None:
    spelt = {
        "%Y%m%d%H%M%S": "%Y%m%d%H%M%S", "YYYY年MM月DD日 hh:mm:ss": "%Y年%m月%d日 %H:%M:%S", "MM/DD/YYYY hh:mm AM": "%m/%d/%Y %I:%M %p",
        "DD-MMM-YYYY hh:mm:ss": "%d-%b-%Y %H:%M:%S",
    }  # fmt: skip
    for format, written in spelt.items():
        assert read_when_in(moment.strftime(written), pattern_of(format)) == moment


@pytest.mark.parametrize(
    ("sample", "text", "read"),
    [
        ("1,234.56", "1,234.5", "1234.5"), ("1.234,56", "1.234,5", "1234.5"), ("1 234,56", "1 234 567", "1234567"),
        ("1'234.56", "1'234", "1234"), ("1234,56", "12,5", "12.5"), ("1234.56", "１２３４", "1234"), ("1.234,56", "-12", "-12"),
    ],
)  # fmt: skip
def test_numbers_are_read_as_the_sample_writes_them(sample: str, text: str, read: str) -> None:
    assert read_number_in(text, sample) == Decimal(read)


@pytest.mark.parametrize(("sample", "text"), [("1,234.56", "1.234,5"), ("1.234,56", "1.23"), ("1234.56", "1,234"), ("1,234.56", "12,34")])
def test_a_number_that_may_be_another_is_refused(sample: str, text: str) -> None:
    with pytest.raises(RecordError, match="expected as in"):
        read_number_in(text, sample)


def test_what_clocks_skipped_or_showed_twice_is_said() -> None:
    with pytest.raises(RecordError, match="2026-03-29 02:30:00 was skipped by the clocks of Europe/Amsterdam, which were put forward"):
        moved(datetime(2026, 3, 29, 2, 30), "Europe/Amsterdam", "Asia/Shanghai")
    with pytest.raises(RecordError, match="2026-10-25 02:30:00 was shown twice by the clocks of Europe/Amsterdam, which were put back"):
        moved(datetime(2026, 10, 25, 2, 30), "Europe/Amsterdam", "Asia/Shanghai")
    told = datetime.fromisoformat("2026-10-25T02:30:00+01:00")
    assert moved(told, "Europe/Amsterdam", "Asia/Shanghai").isoformat() == "2026-10-25T09:30:00+08:00"


def read(folder: Path, mapping: str, cases: str, **more: Any) -> list[Row | SetAside]:
    (folder / "cases.csv").write_text(cases, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return list(read_records(folder, **more).rows("cases"))


def test_columns_are_read_in_their_formats_and_set_aside_with_what_was_expected(tmp_path: Path) -> None:
    mapping = """\
cases:
  columns:
    case: id
    received_on: {column: day, format: YYYYMMDD}
    accepted_at: {column: at, format: epoch_ms}
    promised_days: {column: days, format: "1.234,5"}
"""
    with pytest.raises(
        MappingError, match=r"mapping.yaml:6: cases.columns.promised_days.format: no format of numbers: '1.234,5'; one of: 1,234.56"
    ):
        read(tmp_path, mapping, "id,day,at,days\n")
    first, second = read(
        tmp_path, mapping.replace("1.234,5", "1234,56"), 'id,day,at,days\nC1,20260213,1770944922000,"2,5"\nC2,2026-02-13,,\n'
    )
    assert isinstance(first, Row)
    assert first.facts["received_on"] == date(2026, 2, 13)
    assert first.facts["accepted_at"] == datetime(2026, 2, 13, 9, 8, 42, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert first.facts["promised_days"] == Decimal("2.5")
    assert isinstance(second, SetAside)
    assert second.text() == "cases.csv:3: C2: day: '2026-02-13' is not written as YYYYMMDD; expected YYYYMMDD, such as 20260213"


def test_a_time_zone_of_the_file_or_of_a_column_puts_moments_to_the_calendars_clock(tmp_path: Path) -> None:
    mapping = """\
cases:
  time_zone: UTC
  columns:
    closed_at: {column: closed, time_zone: Europe/Amsterdam}
"""
    cases = """\
办件编号,received_at,收件日,送达日,办结日,closed
C1,2026-02-13 20:00,2026-02-13 20:00,2026-02-13,2026-02-13 00:00:00,2026-02-13 20:00
C2,,,,,2026-03-29 02:30
C3,2026-02-13T20:00+08:00,,,,
"""
    first, second, third = read(tmp_path, mapping, cases)
    assert isinstance(first, Row)
    assert isinstance(third, Row)
    assert first.facts["received_at"].isoformat() == "2026-02-14T04:00:00+08:00"  # type: ignore[attr-defined]
    assert first.facts["received_on"] == date(2026, 2, 14)
    assert first.facts["delivered_on"] == first.facts["closed_on"] == date(2026, 2, 13)  # days alone
    assert first.facts["closed_at"].isoformat() == "2026-02-14T03:00:00+08:00"  # type: ignore[attr-defined]
    assert isinstance(second, SetAside)
    assert "was skipped by the clocks of Europe/Amsterdam" in second.reason.en
    assert third.facts["received_at"].isoformat() == "2026-02-13T20:00:00+08:00"  # type: ignore[attr-defined]


def test_the_calendars_clock_is_the_one_that_is_named(tmp_path: Path) -> None:
    mapping = "cases: {columns: {case: id, received_on: {column: at, format: epoch_s}}}\n"
    (row,) = read(tmp_path, mapping, "id,at\nC1,1770944922\n", zone="America/New_York")
    assert isinstance(row, Row)
    assert row.facts["received_on"] == date(2026, 2, 12)
    with pytest.raises(RecordError, match="no time zone: 'Mars'"):
        read(tmp_path, mapping, "id,at\n", zone="Mars")


def test_a_command_puts_moments_to_the_clock_of_its_calendar(tmp_path: Path) -> None:
    mapping = "cases: {columns: {case: id, closed_on: {column: at, format: epoch_s}}}\n"
    read(tmp_path, mapping, "id,at\nC1,1770944922\n")
    asked = ["run", "--rulebook", "standard", "--records", str(tmp_path), "--lang", "en"]
    for place, day in (((), "2026-02-13"), (("--calendar", "US/MA", "--tz", "America/New_York"), "2026-02-12")):
        out = tmp_path / day
        assert main([*asked, "--out", str(out), *place]) == 0
        assert f",{day}," in (out / "cases.csv").read_text(encoding="utf-8-sig").splitlines()[1]


def test_a_pause_keeps_the_time_that_its_format_reads(tmp_path: Path) -> None:
    (tmp_path / "pauses.csv").write_text("case,kind,begin,end\nC1,hearing,20260305140000,20260306000000\n", encoding="utf-8")
    mapping = """\
pauses:
  columns:
    from: {column: begin, format: YYYYMMDDhhmmss}
    to: {column: end, format: YYYYMMDDhhmmss}
"""
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (row,) = read_records(tmp_path).rows("pauses")
    assert isinstance(row, Row)
    assert (row.facts["from"], row.facts["to"]) == (datetime(2026, 3, 5, 14), date(2026, 3, 6))


def test_all_faults_of_formats_are_told_at_once(tmp_path: Path) -> None:
    mapping = """\
cases:
  time_zone: Asia/Nowhere
  columns:
    case: {column: id, format: YYYY-MM-DD}
    received_on: {column: a, format: hh:mm}
    accepted_at: {column: b, format: YYYY-MM-DD}
    closed_on: {column: c, format: YY/MM/DD}
    promised_days: {column: d, time_zone: UTC}
    delivered_on: {column: e, format: YYYYMMDD, values: {x: 2026-02-13}}
"""
    with pytest.raises(MappingError) as caught:
        read(tmp_path, mapping, "id\n")
    assert [line.partition("; ")[0].partition(" (")[0].partition(": two")[0] for line in str(caught.value).splitlines()] == [
        "mapping.yaml:2: cases.time_zone: no time zone: 'Asia/Nowhere'",
        "mapping.yaml:4: cases.columns.case.format: a format is of days, times and numbers",
        "mapping.yaml:5: cases.columns.received_on.format: hh:mm is not the format of a day",
        "mapping.yaml:6: cases.columns.accepted_at.format: YYYY-MM-DD is not the format of a day and a time",
        "mapping.yaml:7: cases.columns.closed_on.format: no format of days: YY/MM/DD",
        "mapping.yaml:8: cases.columns.promised_days.time_zone: promised_days is no day and no moment",
        "mapping.yaml:9: cases.columns.delivered_on.format: values and a format: the one names every value, the other how they are written",
    ]
