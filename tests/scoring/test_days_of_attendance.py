"""Days as periods: what a swipe, or none, says of a person's day, and how a month or a year sums up the days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from govservice import Rulebook, grade, load_rulebook, score
from govservice.assessment.periods import around, read_period
from govservice.errors import DecisionError, RulebookError
from tests.scoring.centre import staff

CARDS = """
rulebook: cards
title: 刷卡考勤
conventions: {part_floor: 0, part_overflow: capped, part_served: full}
settings:
  opens_at: {type: time, label: 上班钟点}
tables:
  swipes:
    label: 刷卡
    of: staff
    dated_by: at
    staff: {type: text, label: 卡主}
    at: {type: moment, label: 刷卡时刻}
    swiped_by: {type: text, label: 刷卡人}
schemes:
  day:
    scores: staff
    period: day
    who: known(count(swipes)) and is_workday(period.start)
    unserved_periods: skip
    total: 1 if count(swipes) > 0 and count(swipes, of=swiped_by, when=known(at)) == 0 else 0
  month:
    scores: staff
    period: month
    parts:
      duty:
        full: 100
        items:
          - {id: absent, for: day, when: total == 0, points: -2}
          - {id: late, for: swipes, when: time(at) > opens_at, points: -1}
decisions:
  came:
    about: day
    hit: first
    rules: [{id: came, when: total > 0, then: true}, {id: absent, then: false}]
"""


def book(text: str, **settings: object) -> Rulebook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cards.yaml"
        path.write_text(text, encoding="utf-8")
        return load_rulebook(path, settings=settings or None)


@pytest.fixture(scope="module")
def cards() -> Rulebook:
    return book(CARDS, opens_at="9：00")


def week(*, without: tuple[int, ...] = (), **more: dict[str, str]) -> dict[str, Any]:
    """S1's swipes from 12 to 16 October 2026, Monday to Friday, at 08:50; as of the Sunday after."""
    days = [day for day in range(12, 17) if day not in without]
    return {"staff": [staff(from_="2026-10-12")], "swipes": [{"staff": "S1", "at": f"2026-10-{day} 08:50"} for day in days], **more}


def total(cards: Rulebook, records: dict[str, Any], subject: str = "S1") -> object:
    return score(cards, "month", records, subject=subject, period="2026-10", now="2026-10-18").total


def test_a_day_is_named_as_it_is_written() -> None:
    day = read_period("2026-10-09")
    assert (day.first, day.last, day.kind, str(day)) == (date(2026, 10, 9), date(2026, 10, 9), "day", "2026-10-09")
    assert read_period("2026年10月9日") == around(date(2026, 10, 9), "day") == day
    assert day.before() == read_period("2026-10-08")
    assert len(list(read_period("2026-10").within("day"))) == 31
    assert day.widened("month") == read_period("2026-10")


def test_a_day_that_is_none_is_no_period() -> None:
    with pytest.raises(DecisionError, match="is no period"):
        read_period("2026-02-30")


def test_a_day_is_not_asked_of_a_scheme_of_months(cards: Rulebook) -> None:
    with pytest.raises(DecisionError, match="month goes by month, and 2026-10-12 is a day"):
        score(cards, "month", week(), subject="S1", period="2026-10-12")


def test_a_day_without_a_swipe_is_found_from_the_calendar(cards: Rulebook) -> None:
    assert total(cards, week()) == 100  # no Saturday or Sunday, no day before S1 began, none after the day of the call
    card = score(cards, "month", week(without=(14,)), subject="S1", period="2026-10", now="2026-10-18")
    assert [(line.item, line.points, line.on) for line in card.lines] == [("absent", -2, date(2026, 10, 14))]


def test_where_no_swipes_are_supplied_no_day_is_judged(cards: Rulebook) -> None:
    untold = score(cards, "month", {"staff": [staff()]}, subject="S1", period="2026-10", now="2026-10-18")
    assert ([one.item for one in untold.open], [one.item for one in untold.unfired]) == (["late"], ["absent"])
    records = {"staff": [staff()], "events": []}
    assert grade(cards, "came", records, period="2026-10-12") == []
    assert [one.grade for one in grade(cards, "came", {**records, "swipes": []}, period="2026-10-12")] == [False]
    assert grade(cards, "came", {**records, "swipes": []}, period="2026-10-11") == []  # a Sunday


def test_a_make_up_day_is_a_day_of_duty(cards: Rulebook) -> None:
    assert [one.grade for one in grade(cards, "came", {"staff": [staff()], "swipes": []}, period="2026-10-10")] == [False]


def test_one_swipe_for_another_costs_two_people(cards: Rulebook) -> None:
    records = week()
    records["staff"] = [staff(from_="2026-10-12"), staff("S2", from_="2026-10-12")]
    records["swipes"] += [{"staff": "S2", "at": f"2026-10-{day} 08:55"} for day in range(12, 17)]
    assert (total(cards, records), total(cards, records, "S2")) == (100, 100)
    records["swipes"][1] |= {"swiped_by": "S2"}
    assert (total(cards, records), total(cards, records, "S2")) == (
        100,
        98,
    )  # the card's owner did swipe; the other is what the column names


def test_rows_by_a_column_in_an_item(cards: Rulebook) -> None:
    priced = cards.amend({"schemes.month.parts.duty.items.late": {"for": "swipes", "of": "swiped_by", "points": "-5"}})
    records = week()
    records["swipes"][1] |= {"刷卡人": "S2"}
    assert (total(priced, records), total(priced, records | {"staff": [staff("S2", from_="2026-10-17")]}, "S2")) == (100, 95)


def test_a_time_is_a_setting(cards: Rulebook) -> None:
    records = week(without=(12,))
    records["swipes"].append({"staff": "S1", "at": "2026-10-12 09:00:01"})
    assert total(cards, records) == 99
    assert total(cards.amend({"settings": {"opens_at": "09:30"}}), records) == 100
    open_ = score(book(CARDS), "month", records, subject="S1", period="2026-10", now="2026-10-18")
    assert (open_.low, open_.high, {need for one in open_.open for need in one.needs}) == (95, 100, {"opens_at"})


def test_a_time_of_a_column_is_read_and_refused() -> None:
    shown = book(
        "rulebook: shown\ntables: {staff: {starts_at: time}}\n"
        "decisions: {early: {about: staff, hit: first, rules: [{when: starts_at < 09:00, then: true}, {then: false}]}}"
    )
    assert [shown.decide("early", {"starts_at": said}).value("early") for said in ("8:20", "08：59", "24:00")] == [True, True, False]
    with pytest.raises(Exception, match="'25:00' is no time of the clock"):
        shown.decide("early", {"starts_at": "25:00"})


def test_a_column_that_is_no_text_names_nobody() -> None:
    with pytest.raises(RulebookError, match="of= says whose rows are counted, and this is none"):
        book(CARDS.replace("of=swiped_by,", "of=at,"))
