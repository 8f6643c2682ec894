"""Each strategy keeps what it promises, and refuses what nothing could satisfy."""

import json
import pickle
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument, NoSuchExample, Unsatisfiable

from govservice import NONE, OfficeHours, TimeLimit, WorkCalendar, china, clocks, load_rulebook, strategies
from govservice.deadlines import ClockReading
from govservice.models import Application, Case, Item
from govservice.rules import REMOVE, Rulebook
from govservice.scoring import Period

from .some_books import shown_book

CALENDAR = china(known_on=date(2026, 6, 1))
OWN = shown_book()
NEW_YORK = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")
BOOK = load_rulebook("kunshan", settings={"few_attachments": 7})
YEAR = {"min_date": date(2026, 1, 1), "max_date": date(2026, 12, 31)}
few = settings(max_examples=40, deadline=None)
simplest = settings(max_examples=2_000, deadline=None, derandomize=True, database=None)
any_one = settings(simplest, phases=[Phase.generate])


def drawn(strategy: st.SearchStrategy, wanted: Callable[[object], object]) -> bool:
    """Can the strategy draw it?"""
    try:
        find(strategy, wanted, settings=any_one)
    except NoSuchExample:
        return False
    return True


# Limits


@given(st.data(), st.sets(st.sampled_from(["workday", "hour", "month", "same_day"]), min_size=1), st.integers(0, 0) | st.integers(0, 1_000))
def test_limits_are_of_the_units_and_between_the_bounds(data: st.DataObject, units: set[str], low: int) -> None:
    units.add("workday")
    limit = data.draw(strategies.limits(units=units, min_value=low, max_value=low + 50))
    assert limit.unit in units
    assert low <= limit.value <= low + 50


@pytest.mark.parametrize("unit", ["workday", "natural_day", "hour", "minute", "month", "year", "same_day", "on_the_spot"])
def test_every_unit_is_drawn(unit: str) -> None:
    assert drawn(strategies.limits(), lambda limit: limit.unit == unit)


def test_parts_of_a_day_are_drawn_unless_whole_ones_are_asked_for() -> None:
    assert drawn(strategies.limits(units=["workday"]), lambda limit: limit.value % 1)
    assert not drawn(strategies.limits(parts=False), lambda limit: limit.value % 1)


# Days and moments


@given(st.data(), st.sampled_from([CALENDAR, NEW_YORK, WorkCalendar.of("AE")]))
@few
def test_workdays_are_worked_and_within_their_bounds(data: st.DataObject, calendar: WorkCalendar) -> None:
    day = data.draw(strategies.workdays(calendar=calendar, min_date=date(2020, 1, 31), max_date=date(2021, 2, 1)))
    assert calendar.is_workday(day)
    assert date(2020, 1, 31) <= day <= date(2021, 2, 1)


@given(strategies.days(min_date=date(2024, 2, 29), max_date=date(2024, 2, 29)), strategies.days(max_date=date(2005, 5, 5)))
def test_bounds_alone_are_kept(only: date, early: date) -> None:
    assert only == date(2024, 2, 29)
    assert early <= date(2005, 5, 5)


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 14), date(2026, 2, 24), date(2026, 12, 25), date(2027, 1, 1), date(2028, 2, 29)],
)
def test_month_ends_swaps_leap_days_and_the_edges_of_notices_are_boundary_days(day: date) -> None:
    around = {"min_date": day - timedelta(400), "max_date": day + timedelta(400)}
    assert drawn(strategies.boundary_days(calendar=CALENDAR, **around), lambda found: found == day)


def test_days_about_a_change_of_the_clock_are_boundary_days_of_a_place_that_has_one() -> None:
    strategy = strategies.boundary_days
    assert drawn(strategy(calendar=NEW_YORK, **YEAR), lambda day: day == date(2026, 3, 8))
    assert not drawn(strategy(calendar=CALENDAR, **YEAR), lambda day: day == date(2026, 3, 8))


@given(strategies.days(calendar=china(strict=True)))
@few
def test_a_strict_calendar_is_never_asked_about_a_provisional_day(day: date) -> None:
    assert china(strict=True).is_official(day)


@given(strategies.moments(calendar=NEW_YORK, aware=True), strategies.moments())
@few
def test_moments_are_naive_unless_aware_ones_are_asked_for(aware: datetime, naive: datetime) -> None:
    assert aware.tzinfo is NEW_YORK.zone
    assert aware.astimezone(UTC).astimezone(NEW_YORK.zone).replace(fold=0) == aware.replace(fold=0)
    assert naive.tzinfo is None


def test_the_hour_that_comes_twice_and_the_closing_moment_are_drawn() -> None:
    autumn = {"min_date": date(2026, 11, 1), "max_date": date(2026, 11, 1)}
    assert drawn(strategies.moments(calendar=NEW_YORK, aware=True, **autumn), lambda moment: moment.fold and moment.hour == 1)
    assert drawn(strategies.moments(hours=OfficeHours("08:30-17:10"), **YEAR), lambda moment: (moment.hour, moment.minute) == (17, 10))


# Calendars


@given(st.data())
@few
def test_a_calendar_has_swaps_or_not_as_asked(data: st.DataObject) -> None:
    plain, swapped = data.draw(strategies.calendars(swaps=False)), data.draw(strategies.calendars(swaps=True))
    last = swapped.official_through if swapped.strict else date(2010, 12, 31)
    assert not any(day.kind == "makeup_workday" for day in plain.days(date(2008, 1, 1), date(2010, 12, 31)))
    assert any(day.kind == "makeup_workday" for day in swapped.days(date(2004, 1, 1), min(last, date(2010, 12, 31))))


@given(strategies.calendars(provisional=True), strategies.calendars(provisional=False))
@few
def test_a_calendar_has_provisional_days_or_answers_for_none(provisional: WorkCalendar, official: WorkCalendar) -> None:
    assert provisional.official_through < provisional.last
    assert not provisional.strict
    assert official.strict or official.official_through == official.last


@given(strategies.calendars(amended=True), strategies.calendars(amended=False), strategies.calendars())
@few
def test_a_local_notice_lies_over_it_or_not(amended: WorkCalendar, plain: WorkCalendar, any_calendar: WorkCalendar) -> None:
    assert amended.name.endswith("a local notice")
    assert not plain.name.endswith("a local notice")
    assert not any_calendar.strict


def test_the_simplest_calendar_is_china() -> None:
    assert find(strategies.calendars(), lambda _: True, settings=simplest) == china()


@given(strategies.office_hours(lunch=True, saturdays=False), strategies.office_hours(lunch=False, saturdays=True))
def test_office_hours_have_a_break_and_a_saturday_as_asked(lunch: OfficeHours, saturday: OfficeHours) -> None:
    assert (len(lunch.opens(0)), len(lunch.opens(5))) == (2, 0)
    assert (len(saturday.opens(0)), len(saturday.opens(5))) == (1, 1)


# Histories


@given(strategies.case_histories(calendar=CALENDAR, max_pauses=2, max_extensions=1, stopped=True))
@few
def test_a_history_has_what_was_asked_for_and_a_deadline(history: strategies.CaseHistory) -> None:
    assert len(history.pauses) <= 2
    assert len(history.extensions) <= 1
    assert history.stopped is not None
    assert history.stopped >= history.start
    assert all(first <= last for first, last in history.pauses)
    assert history.deadline(CALENDAR).due >= history.start


@given(strategies.case_histories(calendar=CALENDAR, limits=strategies.limits(units=["hour", "minute"], max_value=90), stopped=True))
@few
def test_a_limit_in_hours_starts_pauses_and_stops_at_moments(history: strategies.CaseHistory) -> None:
    assert isinstance(history.start, datetime)
    assert isinstance(history.stopped, datetime)
    assert all(isinstance(moment, datetime) for pause in history.pauses for moment in pause)


@pytest.mark.parametrize("after", [-1, 0, 1])
def test_cases_stop_the_day_before_at_and_after_their_deadline(after: int) -> None:
    histories = strategies.case_histories(calendar=CALENDAR, stopped=True)
    assert drawn(histories, lambda one: (one.stopped - one.deadline(CALENDAR).due).days == after)


@given(strategies.case_histories(calendar=china(strict=True)), strategies.case_histories(stopped=False))
@few
def test_a_history_under_a_strict_calendar_stays_where_it_answers(
    strict: strategies.CaseHistory, still_open: strategies.CaseHistory
) -> None:
    assert strict.deadline(china(strict=True)).official
    assert still_open.stopped is None


@given(strategies.case_histories(calendar=CALENDAR) | strategies.case_histories(limits=strategies.limits(units=["hour"], max_value=99)))
@few
def test_a_history_survives_json_and_pickle(history: strategies.CaseHistory) -> None:
    assert strategies.CaseHistory.from_dict(json.loads(json.dumps(history.to_dict()))) == history
    assert pickle.loads(pickle.dumps(history)) == history


@given(strategies.case_histories(calendar=CALENDAR, backward=True, stopped=True), strategies.case_histories(limits=strategies.limits()))
@few
def test_a_history_counted_back_has_neither_pauses_nor_extensions(back: strategies.CaseHistory, on: strategies.CaseHistory) -> None:
    assert (back.backward, back.pauses, back.extensions) == (True, (), ())
    assert back.deadline(CALENDAR).due <= back.start
    assert not on.backward


@given(strategies.case_histories(limits=strategies.limits(max_value=90), backward=True, stopped=True))
@few
def test_no_same_day_limit_is_counted_back(history: strategies.CaseHistory) -> None:
    assert history.limit.unit not in ("same_day", "on_the_spot")
    assert isinstance(history.start, datetime) == (history.limit.unit in ("hour", "minute"))


@pytest.mark.parametrize("wanted", ["in time", "on the last day", "too late", "after the start"])
def test_what_is_counted_back_is_done_before_on_and_after_the_last_day_in_time(wanted: str) -> None:
    def is_wanted(one: strategies.CaseHistory) -> bool:
        due = one.deadline(CALENDAR).due
        is_so = {"in time": one.stopped < due, "on the last day": one.stopped == due, "too late": due < one.stopped <= one.start}
        return is_so.get(wanted, one.stopped > one.start)

    assert drawn(strategies.case_histories(calendar=CALENDAR, backward=True, stopped=True), is_wanted)


def test_either_direction_is_drawn_where_it_is_left_open() -> None:
    assert drawn(strategies.case_histories(backward=None), lambda one: one.backward)
    assert drawn(strategies.case_histories(backward=None), lambda one: not one.backward)


def test_a_history_written_before_limits_were_counted_back_is_read() -> None:
    history = strategies.CaseHistory(TimeLimit(3, "workday"), date(2026, 3, 2))
    written = history.to_dict()
    del written["backward"]
    assert strategies.CaseHistory.from_dict(written) == history


# Periods


@given(strategies.periods(min_date=date(2026, 3, 31), max_date=date(2026, 4, 2)))
@few
def test_a_period_holds_a_day_between_the_bounds(period: Period) -> None:
    assert period.first <= date(2026, 4, 2)
    assert period.last >= date(2026, 3, 31)


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        ("month", "month"), ("bimonth", "bimonth"), ("quarter", "quarter"), ("half", "half"), ("year", "year"), ("span", "span"),
        ({"month_from": 26}, "month from 26"), ({"year_from": "12-01"}, "year from 12-01"), ("month from 5", "month from 5"),
    ],
)  # fmt: skip
def test_a_period_is_of_the_kind_asked_for(kind: object, called: str) -> None:
    assert find(strategies.periods(kinds=[kind]), lambda _: True, settings=simplest).kind == called


@pytest.mark.parametrize("kind", ["month", "bimonth", "quarter", "half", "year", "span", "month from 28", "year from 02-28"])
def test_every_kind_of_period_is_drawn(kind: str) -> None:
    shown = kind.partition(" from")[0]
    assert drawn(strategies.periods(), lambda period: period.kind == kind or (" from" in kind and period.kind.startswith(f"{shown} from")))


# Facts


@given(st.data(), st.sampled_from(sorted(BOOK.decisions)))
@few
def test_the_facts_are_read_and_none_is_unused(data: st.DataObject, decision: str) -> None:
    facts = data.draw(strategies.facts_for(BOOK, decision))
    subject = BOOK.subject(BOOK.decisions[decision].about, facts, on=date(2026, 1, 1))
    assert subject.unused == []


@given(strategies.facts_for(BOOK, "procedure", missing=0), strategies.facts_for(BOOK, "procedure", missing=1))
@few
def test_facts_of_the_decisions_that_it_uses_are_drawn_too_all_or_none(every: dict[str, object], none: dict[str, object]) -> None:
    assert {"departments", "recognised_urgent", "main_document", "nonmain_missing", "needs_survey"} <= set(every)
    assert "case_type" not in every
    assert none == {}


@pytest.mark.parametrize("count", [0, 4320, 4321, 4322])
def test_a_number_is_drawn_at_and_beside_a_threshold_that_a_setting_gives(count: int) -> None:
    book = BOOK.given({"few_attachments": 4321})
    assert drawn(strategies.facts_for(book, "case_type"), lambda facts: facts.get("attachments_missing") == count)


def test_what_a_long_chain_of_decisions_reads_is_drawn_however_often_each_is_named(tmp_path: Path) -> None:
    chain = "".join(f"  d{n}: {{about: thing, hit: first, rules: [{{then: =d{n + 1} + d{n + 1}}}]}}\n" for n in range(40))
    last = "  d40: {about: thing, hit: first, rules: [{then: =n}]}\n"
    (tmp_path / "own.yaml").write_text(f"rulebook: own\ntables: {{thing: {{n: integer}}}}\ndecisions:\n{chain}{last}", encoding="utf-8")
    facts = strategies.facts_for(load_rulebook(tmp_path / "own.yaml"), "d0", missing=0)
    assert find(facts, lambda _: True, settings=any_one).keys() == {"n"}


@pytest.mark.parametrize("days", [Decimal("0.99"), Decimal(1), Decimal("1.01")])
def test_the_overlap_of_the_book_at_exactly_one_day_of_leave_is_drawn(days: Decimal) -> None:
    recorded = BOOK.amend({"decisions.leave_days": REMOVE})  # what a book works out is not drawn
    assert drawn(strategies.facts_for(recorded, "leave_approval"), lambda facts: facts.get("leave_days") == days)


@pytest.mark.parametrize("case_type", ["joint", "returned", "supplement", "urgent"])
def test_the_case_types_of_a_book_are_reached(case_type: str) -> None:
    book: Rulebook = BOOK.on(date(2026, 1, 1))
    facts = strategies.facts_for(book, "case_type", missing=0)
    assert drawn(facts, lambda one: book.decide("case_type", one).value("case_type") == case_type)


@given(strategies.facts_for(OWN, "reply"), strategies.facts_for(OWN, "notice"))
@few
def test_a_clock_is_given_what_it_reads_and_what_happens_to_it(reply: dict[str, object], notice: dict[str, object]) -> None:
    acts = {"received_on", "asked_on", "answered_on", "closed_on"}
    assert set(reply) <= {*acts, "difficult", "fee", "pauses", "extensions"}
    assert all(row["kind"] == "hearing" and row["from"] <= row.get("to", row["from"]) for row in reply["pauses"])
    assert all(row["clock"] == "reply" for row in reply["extensions"])
    course = [reply[act] for act in ("received_on", "asked_on", "answered_on", "closed_on") if act in reply]
    assert course == sorted(course)
    assert set(notice) <= {"hearing_on", "told_on"}


@given(strategies.facts_for(OWN, "reply", missing=0), strategies.facts_for(OWN, "reply", missing=1))
@few
def test_all_that_a_clock_reads_is_given_or_nothing(every: dict[str, object], none: dict[str, object]) -> None:
    assert {"received_on", "asked_on", "answered_on", "closed_on", "difficult", "fee"} <= set(every)
    assert set(none) == {"pauses", "extensions"}
    (reading,) = clocks({**every, "difficult": True}, OWN, now=date(2040, 1, 1), only=["reply"])
    assert not any("is not" in note.en and "fact" in note.en for note in reading.notes)


def test_a_clock_pauses_starts_stops_is_extended_and_late() -> None:
    def read(case: dict[str, object]) -> ClockReading:
        return clocks(case, OWN, now=date(2040, 1, 1), only=["reply"])[0]

    cases = strategies.facts_for(OWN, "reply")
    for wanted in (
        lambda reading: reading.paused,
        lambda reading: reading.extended,
        lambda reading: reading.overdue,
        lambda reading: reading.overdue is False,
        lambda reading: reading.stopped is None and reading.due,
        lambda reading: any(alarm.raised for alarm in reading.alarms),
    ):
        assert drawn(cases, lambda case, wanted=wanted: wanted(read(case)))


@given(strategies.facts_for(OWN, "repair", missing=0))
@few
def test_a_clock_of_a_table_within_a_case_is_given_rows_of_it(case: dict[str, object]) -> None:
    assert set(case) == {"repairs", "difficult"}
    assert all(set(row) == {"begun_at", "ended_at"} and row["begun_at"] <= row["ended_at"] for row in case["repairs"])
    assert len(clocks(case, OWN, now=date(2040, 1, 1), only=["repair"])) == len(case["repairs"])


@given(strategies.facts_for(BOOK, "case_type", missing=0, none=1), strategies.facts_for(BOOK, "case_type", missing=0, none=0))
@few
def test_every_fact_is_none_or_none_of_them(every: dict[str, object], no: dict[str, object]) -> None:
    assert all(value is NONE for value in every.values())
    assert not any(value is NONE for value in no.values())


@given(strategies.facts_for(OWN, "deep"))
@few
def test_a_fact_is_never_none_where_its_column_has_no_word_for_it(facts: dict[str, object]) -> None:
    assert {name for name, value in facts.items() if value is NONE} <= {"fee", "renewed_on"}


def test_a_fact_is_none_at_times_where_its_column_has() -> None:
    assert drawn(strategies.facts_for(OWN, "deep"), lambda facts: facts.get("renewed_on") is NONE)


ON = date(2026, 11, 20)
BY_FACTS = [
    (decision.id, rule.id) for decision in BOOK.on(ON).decisions.values() if decision.about == "application" for rule in decision.rules
]


@pytest.mark.parametrize(("decision", "rule"), BY_FACTS)
def test_every_rule_about_an_application_is_made_to_fire(decision: str, rule: str) -> None:
    facts = find(strategies.facts_for(BOOK, decision, rule=rule, on=ON), lambda _: True, settings=any_one)
    outcome = BOOK.decide(decision, facts, on=ON)
    several = BOOK.decisions[decision].hit == "collect"  # open while any other is
    assert rule in outcome.rules if several else outcome.rule == rule and not outcome.open


def test_a_rule_of_a_table_in_which_several_hold_is_one_that_holds(tmp_path: Path) -> None:
    path = tmp_path / "several.yaml"
    path.write_text(
        """
rulebook: several
tables: {application: {a: boolean, b: boolean, n: integer}}
decisions:
  all: {about: application, hit: collect, rules: [{id: x, when: a, then: x}, {id: y, when: b and n > 17, then: y}]}
  one: {about: application, hit: unique, rules: [{id: x, when: a, then: x}, {id: y, when: b and n > 17, then: y}]}
  same: {about: application, hit: any, rules: [{id: x, when: a, then: z}, {id: y, when: b and n > 17, then: z}]}
""",
        encoding="utf-8",
    )
    book = load_rulebook(path)

    @few
    @given(*(strategies.facts_for(book, decision, rule="y") for decision in ("all", "one", "same")))
    def hold(several: dict[str, object], one: dict[str, object], same: dict[str, object]) -> None:
        assert several["n"] > 17
        assert several["b"] is True
        assert book.decide("one", one).rule == "y"
        assert book.decide("same", same).value("same") == "z"

    hold()


def test_a_rule_fires_past_tables_that_have_gaps_and_contradict_themselves(tmp_path: Path) -> None:
    path = tmp_path / "gaps.yaml"
    path.write_text(
        """
rulebook: gaps
tables: {application: {n: integer, m: integer, sure: boolean}}
decisions:
  gappy: {about: application, hit: first, rules: [{id: x, when: n == 3, then: x}, {id: y, when: n == 4, then: y}]}
  both: {about: application, hit: unique, rules: [{id: x, when: m < 12, then: x}, {id: y, when: m > 3, then: y}]}
  whole: {about: application, hit: first, rules: [{id: x, when: 'gappy != "x" and both != "x" and sure', then: x}]}
""",
        encoding="utf-8",
    )
    book = load_rulebook(path)

    @few
    @given(strategies.facts_for(book, "whole", rule="x"))
    def fires(facts: dict[str, object]) -> None:
        assert (facts["n"], facts["sure"]) == (4, True)
        assert facts["m"] >= 12

    fires()


def test_a_rule_that_no_facts_reach_is_said_to_be_unsatisfiable() -> None:
    @settings(deadline=None, max_examples=5)
    @given(strategies.facts_for(BOOK, "complaint_consequence", rule="second", on=ON))
    def never(facts: dict[str, object]) -> None:
        raise AssertionError(facts)

    with pytest.raises(Unsatisfiable):
        never()


# Records


@given(strategies.records_for(BOOK, max_size=3))
@few
def test_rows_refer_to_rows_and_are_read_by_the_book(records: dict[str, list[dict[str, object]]]) -> None:
    assert set(records) == {"application", "item", "cases"}
    for table, rows in records.items():
        assert len(rows) <= 3
        for row in rows:
            assert BOOK.subject(table, row, on=date(2026, 1, 1)).unused == []
    for case in records["cases"]:
        assert case.get("application") in {None, *(row["application"] for row in records["application"])} or not records["application"]
    numbers = [case["case"] for case in records["cases"]]
    assert len(numbers) == len(set(numbers))


@given(strategies.records_for(BOOK, tables=["cases"], missing=0))
@few
def test_the_days_of_a_case_follow_one_another_and_its_moments_fall_on_them(records: dict[str, list[dict[str, object]]]) -> None:
    for case in records["cases"]:
        course = [case[f"{step}_on"] for step in ("received", "accepted", "decided", "closed", "delivered")]
        assert course == sorted(course)
        assert case["accepted_at"].date() == case["accepted_on"]


@given(strategies.records_for(BOOK, missing=0, max_size=1))
@few
def test_what_the_book_decides_is_left_to_it(records: dict[str, list[dict[str, object]]]) -> None:
    assert not any("case_type" in row for row in records["application"] + records["cases"])


@given(strategies.records_for(BOOK, tables=["events", "staff"], missing=0))
@few
def test_an_event_has_a_kind_and_the_facts_of_its_kind(records: dict[str, list[dict[str, object]]]) -> None:
    for event in records["events"]:
        kind = BOOK.contents.events[event["kind"]]
        assert set(kind.has) <= set(event)
        assert isinstance(event["on"], date)


@given(strategies.records_for(OWN, tables=["cases", "pauses", "extensions"], missing=0))
@few
def test_pauses_and_extensions_are_about_whole_cases(records: dict[str, list[dict[str, object]]]) -> None:
    numbers = {case["case"] for case in records["cases"]}
    for row in records["pauses"] + records["extensions"]:
        assert not {"table", "row"} & set(row)
        assert row["case"] in numbers or not numbers
    assert all(row["from"] <= row["to"] for row in records["pauses"])


@pytest.mark.parametrize(
    ("table", "fact", "value"), [("pauses", "kind", "hearing"), ("extensions", "clock", "reply"), ("extensions", "by", "head")]
)
def test_rows_that_pause_and_extend_a_clock_are_drawn(table: str, fact: str, value: str) -> None:
    assert drawn(strategies.records_for(OWN, tables=[table]), lambda records: any(row.get(fact) == value for row in records[table]))


@pytest.mark.parametrize("fee", [39, 40, 41])
def test_numbers_lie_about_what_a_clock_compares_them_with(fee: int) -> None:
    assert drawn(strategies.records_for(OWN, tables=["cases"]), lambda records: any(row.get("fee") == fee for row in records["cases"]))


@given(strategies.records_for(OWN, tables=["repairs"], missing=0))
@few
def test_the_moments_of_a_row_follow_one_another(records: dict[str, list[dict[str, object]]]) -> None:
    assert all(row["begun_at"] <= row["ended_at"] for row in records["repairs"])


@given(strategies.applications(), strategies.items(), strategies.cases(missing=0))
@few
def test_the_models_are_records_without_a_warning_about_their_dates(application: Application, item: Item, case: Case) -> None:
    assert application.application == "application-1"
    assert item.item == "item-1"
    assert case.warnings() == ()


# What nothing could satisfy


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: strategies.limits(units=["week"]), "no unit of time: 'week'; one of workday, natural_day, hour"),
        (lambda: strategies.limits(units="hour"), "units is a list, not 'hour': write units=['hour']"),
        (lambda: strategies.limits(units=[]), "units is empty"),
        (lambda: strategies.limits(units=["same_day"], min_value=1), "no limit is between min_value=1 and max_value=0"),
        (lambda: strategies.limits(max_value=-1), "no limit is between min_value=0 and max_value=-1"),
        (lambda: strategies.limits(max_value=2.5), "max_value=2.5 is not a whole number"),
        (lambda: strategies.days(min_date=date(2026, 2, 2), max_date=date(2026, 2, 1)), "no day is between min_date=2026-02-02"),
        (lambda: strategies.days(min_date="2026-02-02"), "min_date='2026-02-02' is not a date"),
        (
            lambda: strategies.workdays(min_date=date(2026, 10, 1), max_date=date(2026, 10, 7)),
            "no day from 2026-10-01 to 2026-10-07 is worked",
        ),
        (lambda: strategies.days(min_date=date(1990, 1, 1)), "the calendar CN answers for 2004-01-01 to 2099-12-31, not for 1990-01-01"),
        (lambda: strategies.moments(calendar=WorkCalendar.of("AE"), aware=True), "the calendar AE has no time zone"),
        (lambda: strategies.pauses(date(2026, 1, 1), max_size=-1), "max_size=-1 is less than 0"),
        (lambda: strategies.extensions(max_size=-1), "max_size=-1 is less than 0"),
        (lambda: strategies.case_histories(max_pauses=-1), "max_size=-1 is less than 0"),
        (lambda: strategies.facts_for(BOOK, "grade"), "kunshan has no decision 'grade'; it has: "),
        (lambda: strategies.facts_for(BOOK, "case_type", missing=20), "missing=20 is not a probability from 0 to 1"),
        (lambda: strategies.facts_for(BOOK, "case_type", none=-1), "none=-1 is not a probability from 0 to 1"),
        (lambda: strategies.facts_for(BOOK, "case_type", rule="x", on=ON), "case_type has no rule 'x'; it has: "),
        (lambda: strategies.facts_for(BOOK, "promised", rule="x"), "promised is a clock: it has no rules"),
        (
            lambda: strategies.facts_for(BOOK, "green_channel", rule=BOOK.decisions["green_channel"].rules[0].id, on=date(1999, 1, 1)),
            "is not in force on 1999-01-01",
        ),
        (lambda: strategies.records_for(BOOK, none=2), "none=2 is not a probability from 0 to 1"),
        (lambda: strategies.periods(kinds=["week"]), "no kind of period: 'week'; one of month, bimonth"),
        (lambda: strategies.periods(kinds=["ever"]), "no kind of period: 'ever'"),
        (lambda: strategies.periods(kinds=[{"month_from": 31}]), "no kind of period: {'month_from': 31}"),
        (lambda: strategies.periods(kinds=[{"year_from": "02-30"}]), "no kind of period: {'year_from': '02-30'}"),
        (lambda: strategies.periods(kinds=[7]), "no kind of period: 7"),
        (lambda: strategies.periods(kinds="month"), "kinds is a list, not 'month': write kinds=['month']"),
        (lambda: strategies.periods(kinds=[]), "kinds is empty"),
        (lambda: strategies.records_for(BOOK, tables=["case"]), "kunshan has no table 'case'; it has: "),
        (lambda: strategies.records_for(BOOK, tables="cases"), "tables is a list, not 'cases'"),
        (lambda: strategies.records_for(BOOK, max_size=-1), "max_size=-1 is less than 0"),
    ],
)
def test_an_impossible_request_is_refused_with_its_reason(make: Callable[[], st.SearchStrategy], message: str) -> None:
    with pytest.raises(InvalidArgument, match=re.escape(message)):
        find(make(), lambda _: True, settings=any_one)


def test_every_default_is_valid() -> None:
    for name in sorted(set(strategies.__all__) - {"CaseHistory", "facts_for", "records_for", "pauses"}):
        assert drawn(getattr(strategies, name)(), lambda _: True), name
    assert drawn(strategies.pauses(datetime(2026, 3, 2, 9)), lambda one: one and one[0][1] - one[0][0] == timedelta(hours=15))
    assert isinstance(find(strategies.limits(), lambda _: True, settings=any_one), TimeLimit)


def test_facts_keep_to_the_bounds_of_their_column_and_may_be_none_where_it_has_words_for_it(tmp_path):
    path = tmp_path / "bounds.yaml"
    path.write_text(
        """
rulebook: bounds
tables: {application: {marks: {type: decimal, min: -1.5, max: 3}, fee: {type: integer, none: 无}}}
decisions: {d: {about: application, hit: first, rules: [{when: marks > 100 or fee > 1, then: 1}, {when: is_none(fee), then: 2}, {then: 3}]}}
""",
        encoding="utf-8",
    )
    book = load_rulebook(path)
    facts_of_it = strategies.facts_for(book, "d", missing=0)

    @settings(deadline=None)
    @given(facts_of_it)
    def keeps_to_them(facts):
        assert Decimal("-1.5") <= facts["marks"] <= 3
        assert not book.decide("d", facts).open

    keeps_to_them()
    assert drawn(facts_of_it, lambda facts: facts["fee"] is NONE)
    assert drawn(facts_of_it, lambda facts: facts["marks"] == 3)
