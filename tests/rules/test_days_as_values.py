"""Days, moments, times of the clock and limits as values of the language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govservice import china, deadline
from govservice.errors import DecisionError, ExpressionError
from govservice.limits import TimeLimit
from govservice.rules.language.values import BY_NOTHING, OUTSIDE, TimeOfDay, Unknown

FRIDAY, MAKEUP, BACK = date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 24)
DAYS = st.dates(date(2005, 1, 1), date(2090, 12, 31))
STATED = "first_day: excluded, roll: forward, bare_day: workday, ends: day"


def book_of(decide, expression, kind, conventions=STATED):
    rules = f"  out: {{about: thing, hit: first, outcomes: {{out: {kind}}}, rules: [{{then: '= {expression}'}}]}}\n"
    return decide(f"{rules}conventions: {{{conventions}}}\n")


# -- days


@pytest.mark.parametrize(
    ("expression", "facts", "worth"),
    [
        ("add_workdays(received_on, 1)", {"received_on": FRIDAY}, MAKEUP),
        ("add_workdays(received_on, -1)", {"received_on": BACK}, MAKEUP),
        ("add_workdays(received_on, 0)", {"received_on": date(2026, 2, 15)}, BACK),
        ("add_days(received_on, -13)", {"received_on": FRIDAY}, date(2026, 1, 31)),
        ("add_months(received_on, 1)", {"received_on": date(2026, 1, 31)}, date(2026, 2, 28)),
        ("add_months(received_on, -24)", {"received_on": date(2026, 2, 28)}, date(2024, 2, 28)),
        ("add_months(received_on, 12)", {"received_on": date(2024, 2, 29)}, date(2025, 2, 28)),
        ("month_end(received_on)", {"received_on": date(2024, 2, 3)}, date(2024, 2, 29)),
        ("weekday(received_on)", {"received_on": date(2026, 2, 15)}, 7),
        ("is_workday(received_on)", {"received_on": MAKEUP}, True),
        ("workdays(received_on, closed_on, both=true)", {"received_on": FRIDAY, "closed_on": BACK}, 3),
        ("workdays(received_on, closed_on, both=false)", {"received_on": FRIDAY, "closed_on": BACK}, 2),
        ("workdays(received_on, closed_on, both=true)", {"received_on": BACK, "closed_on": FRIDAY}, -3),
        ("workdays(received_on, closed_on, both=true)", {"received_on": date(2026, 2, 15), "closed_on": date(2026, 2, 15)}, 0),
        ("days(received_on, closed_on, both=true)", {"received_on": FRIDAY, "closed_on": FRIDAY}, 1),
        ("days(received_on, closed_on, both=true)", {"received_on": BACK, "closed_on": FRIDAY}, -12),
        ("add_days(received_at, 1)", {"received_at": datetime(2026, 2, 13, 23, tzinfo=UTC)}, date(2026, 2, 15)),
    ],
)
def test_days_are_reckoned_with(things, expression, facts, worth):
    assert things.worth(expression, **facts) == worth


@pytest.mark.parametrize(
    "expression",
    [
        "add_days(closed_on, 1)",
        "add_days(closed_on, n)",
        "add_months(closed_on, 1)",
        "add_months(closed_on, -12 * n)",
        "add_workdays(closed_on, 1)",
        "add_workdays(received_on, n)",
        "is_workday(received_on)",
        "workdays(received_on, closed_on)",
        "due(closed_on, limit)",
        "due_at(received_on, limit)",
    ],
)
def test_what_leaves_the_calendar_is_open_and_says_so(things, expression):
    facts = {"received_on": date.min, "closed_on": date.max, "n": 10**20, "limit": "3个工作日"}
    assert things.worth(expression, **facts) == OUTSIDE


def test_the_ends_of_time_are_days_like_others(things):
    assert things.worth("month_end(closed_on)", closed_on=date.max) == date.max
    assert things.worth("days(received_on, closed_on)", received_on=date.min, closed_on=date.max) == 3652058
    assert things.worth("weekday(received_at)", received_at=datetime(9999, 12, 31, 23, tzinfo=UTC)) == 5


@settings(deadline=None)  # the first that asks reads the calendar
@given(first=DAYS, last=DAYS)
def test_both_ends_counted_are_one_more_and_back_is_the_same_negative(things, first, last):
    facts = {"received_on": first, "closed_on": last}
    for unit in ("days", "workdays"):
        both = things.worth(f"{unit}(received_on, closed_on, both=true)", **facts)
        back = things.worth(f"{unit}(closed_on, received_on, both=true)", **facts)
        assert both == (back if first == last else -back)
        whole = [day for n in range(abs((last - first).days) + 1) if (day := min(first, last) + timedelta(n))]
        if len(whole) < 400:
            assert abs(both) == sum(unit == "days" or china().is_workday(day) for day in whole)


@settings(deadline=None)
@given(day=DAYS, n=st.integers(-300, 300))
def test_working_days_added_are_the_calendars(things, day, n):
    assert things.worth("add_workdays(received_on, n)", received_on=day, n=n) == china().add_workdays(day, n)


def test_an_outcome_that_rests_on_a_provisional_day_says_so(decide):
    year = china().official_through.year + 1
    for expression, kind in [
        ("is_workday(received_on)", "boolean"),
        ("add_workdays(received_on, 3)", "date"),
        ("workdays(closed_on, received_on)", "integer"),
        ("due(received_on, limit)", "date"),
    ]:
        book = book_of(decide, expression, kind)
        facts = {"closed_on": date(2026, 3, 2), "limit": "3个工作日"}
        (note,) = book.decide("out", {**facts, "received_on": date(year, 3, 2)}).notes
        assert "尚未公布" in note.zh
        settled = book.decide("out", {**facts, "received_on": date(2026, 3, 2)})
        assert settled.notes == ()
        assert type(settled).from_dict(settled.to_dict()) == settled


def test_what_reads_an_outcome_that_rests_on_a_provisional_day_rests_on_it_too(decide):
    book = decide("""  late_day: {about: thing, hit: first, outcomes: {late_day: date}, rules: [{then: '= add_workdays(received_on, 3)'}]}
  first: {about: thing, hit: first, rules: [{when: late_day > closed_on, then: 1}, {then: 2}]}
  second: {about: thing, hit: first, rules: [{when: known(closed_on), then: 1}, {then: 2}]}
""")
    facts = {"received_on": date(china().official_through.year + 1, 3, 2), "closed_on": date(2026, 3, 2)}
    subject = book.subject("thing", facts)
    outcomes = {name: book.outcome(name, subject) for name in ("late_day", "first", "second")}
    assert {name: len(outcome.notes) for name, outcome in outcomes.items()} == {"late_day": 1, "first": 1, "second": 0}
    assert "no published notice" in outcomes["first"].explain()


# -- moments and times of the clock


@pytest.mark.parametrize(
    ("clock", "within"),
    [((8, 19, 59), False), ((8, 20), True), ((9, 0), True), ((9, 0, 1), False)],
)
def test_times_of_day_are_compared_as_written(things, clock, within):
    at = datetime(2026, 11, 20, *clock)
    for text in ("08:20 <= time(received_at) <= 09:00", "８：２０ ≤ time(received_at) ≤ 9:00:00"):
        assert things.worth(text, received_at=at) is within


@pytest.mark.parametrize("second", [0, 1, 59])
def test_every_time_of_the_clock_is_written_as_a_clock_shows_it(second):
    for hour, minute in product(range(24), range(60)):
        shown = f"{hour:02d}:{minute:02d}:{second:02d}".removesuffix(":00" if not second else "")
        assert str(TimeOfDay.at(hour, minute, second)) == shown
        assert TimeOfDay.parse(shown) == TimeOfDay.at(hour, minute, second)


def test_a_time_is_read_on_the_clocks_of_shanghai(things):
    assert things.worth("time(received_at)", received_at=datetime(2026, 11, 20, 1, 30, tzinfo=UTC)) == TimeOfDay.at(9, 30)
    assert things.worth("time(received_at) < 24:00", received_at=datetime(2026, 11, 20, 23, 59, 59, 999999)) is True


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("time(received_at) < 24:01", "24:01 is no time of the clock", "24:01 不是钟点"),
        ("time(received_at) < 08:60", "08:60 is no time of the clock", "08:60 不是钟点"),
        ("time(received_at) < 08:20:60", "08:20:60 is no time of the clock", "08:20:60 不是钟点"),
        (
            "time(received_on) < 08:30",
            "a moment, a day and a time, must stand here, this is date",
            "这里要写时刻（日期和钟点），而这是日期",
        ),
        ("received_at < 08:30", "moment and time do not compare", "时刻与钟点不能比较"),
        ("minutes(received_on, received_at) > 1", "a moment, a day and a time, must stand here", "这里要写时刻"),
        ("add_days(received_on, 1.5) > closed_on", "an integer must stand here, this is decimal", "这里要写整数"),
        ("days(received_on, closed_on, both=b) > 1", "both= takes true or false", "both= 要写 true 或 false"),
        ("days(received_on, closed_on, both=true, both=true) > 1", "`both=` stands here twice", "both= 写了两次"),
        ("limit < limit(n)", "a limit is written out", "时限要写出来"),
        ('limit < limit("30 天天")', "no limit in '30 天天'", "不是可读的时限"),
        ("limit + limit == limit", "a number must stand here, this is limit", "这里要写数，而这是时限"),
        ("1 / limit > 2", "a number must stand here, this is limit", "这里要写数，而这是时限"),
        ("max(limit, n) > 2", "max takes values of one kind", "max 里的值要同类"),
    ],
)
def test_what_does_not_go_together_is_refused_where_it_stands(things, text, english, chinese):
    with pytest.raises(ExpressionError) as caught:
        things.parse(text, wants="boolean")
    assert english in caught.value.text("en")
    assert chinese in caught.value.text("zh")


@pytest.mark.parametrize(
    ("expression", "worth"),
    [("minutes(received_at, closed_at)", Decimal("90.5")), ("hours(closed_at, received_at)", Decimal("-90.5") / 60)],
)
def test_moments_lie_exactly_so_far_apart(load, expression, worth):
    book = load(f"""
rulebook: moments
tables: {{thing: {{received_at: moment, closed_at: moment}}}}
decisions: {{out: {{about: thing, hit: first, outcomes: {{out: decimal}}, rules: [{{then: '= {expression}'}}]}}}}
""")
    facts = {"received_at": datetime(2026, 3, 2, 23), "closed_at": datetime(2026, 3, 3, 0, 30, 30)}
    found = book.decide("out", facts).value("out")
    assert abs(found - worth) < Decimal("1e-20")


NAIVE, ZONED = datetime(2026, 3, 2, 23), datetime(2026, 3, 2, 15, tzinfo=UTC)  # one moment


@pytest.mark.parametrize("first", [NAIVE, ZONED], ids=str)
@pytest.mark.parametrize("later", [timedelta(minutes=90), timedelta(minutes=-90)], ids=str)
@pytest.mark.parametrize("last", [NAIVE, ZONED], ids=str)
def test_a_moment_without_an_offset_is_one_of_shanghai_beside_one_that_has_one(load, first, last, later):
    book = load("""
rulebook: moments
tables: {thing: {received_at: moment, closed_at: moment}}
decisions:
  out: {about: thing, hit: first, outcomes: {out: decimal}, rules: [{then: '= minutes(received_at, closed_at)'}]}
  before: {about: thing, hit: first, rules: [{when: received_at < closed_at, then: true}, {then: false}]}
""")
    facts = {"received_at": first, "closed_at": last + later}
    assert book.decide("out", facts).value("out") == later / timedelta(minutes=1)
    assert book.decide("before", facts).value("before") is (later > timedelta(0))


# -- limits


@pytest.mark.parametrize(
    ("expression", "limit"),
    [
        ("limit * 2 / 3", "7个工作日"),
        ("2 * (limit / 3)", "7个工作日"),
        ("limit / 3 * 3", "10个工作日"),
        ('limit("24小时") / 5', "4.8小时"),
        ('limit("1年") / 2', "1年"),
        ('limit("当天") * 2', "当天"),
        ('limit("30 自然日") if b else limit("60 自然日")', "60个自然日"),
        ("min(limit, other_limit)", "8个工作日"),
        ("max(limit, other_limit, limit)", "10个工作日"),
        ('match(c, ("present", limit), ("not_brought", other_limit), ("lacking", limit("1个月")))', "1个月"),
    ],
)
def test_limits_are_values(things, expression, limit):
    facts = {"limit": "10个工作日", "other_limit": "8个工作日", "b": False, "c": "缺少"}
    assert things.worth(expression, **facts) == TimeLimit.parse(limit)


def test_limits_that_make_no_sense_are_refused_and_nothing_to_divide_by_is_said(things):
    assert things.worth("limit / n", limit="3个工作日", n=0) == BY_NOTHING
    with pytest.raises(DecisionError, match="makes no sense"):
        things.worth("limit * n", limit="3个工作日", n=-1)
    for text in ("min(limit, other_limit)", "limit < other_limit"):
        with pytest.raises(DecisionError, match="cannot be compared"):
            things.worth(text, limit="3个工作日", other_limit="3个自然日")


def test_a_bare_day_is_what_the_book_says(load):
    text = "rulebook: b\nCONVENTIONS\ntables: {thing: {x: date}}\nclocks: {c: {about: thing, starts: x, limit: 'limit(\"5日\") * 2'}}\n"
    clock = load(text.replace("CONVENTIONS", "conventions: {bare_day: {value: natural_day, cite: 第1条}}")).contents.clocks["c"]
    assert clock.limit is not None
    with pytest.raises(Exception, match="or state bare_day under conventions"):
        load(text.replace("CONVENTIONS", ""))


def test_a_limit_may_hang_on_a_condition_where_a_clock_wants_one(load):
    book = load("""
rulebook: c
tables: {thing: {x: date, simplified: boolean}}
clocks: {c: {about: thing, starts: x, limit: 'limit("30 自然日") if simplified else limit("60 自然日")'}}
""")
    assert book.contents.clocks["c"].limit.type.kind == "limit"


# -- due days

LIMITS = st.sampled_from(["3个工作日", "0.5个工作日", "10个自然日", "1个月", "1年", "当天", "当场"])


@settings(deadline=None)
@given(
    start=st.dates(date(2026, 1, 1), date(2026, 9, 1)),
    limit=LIMITS,
    first_day=st.sampled_from(["included", "excluded"]),
    roll=st.sampled_from(["forward", "none"]),
    same_day=st.sampled_from(["same", "next"]),
)
def test_a_due_day_is_that_of_the_deadline_under_the_books_conventions(decide, start, limit, first_day, roll, same_day):
    conventions = f"first_day: {first_day}, roll: {roll}, rest_day_same_day: {same_day}"
    found = book_of(decide, "due(received_on, limit)", "date", conventions).decide("out", {"received_on": start, "limit": limit})
    asked = deadline(limit, start, first_day=first_day, roll=roll, rest_day_same_day=same_day)
    assert found.value("out") == asked.due_on


@settings(deadline=None)
@given(start=st.dates(date(2026, 1, 1), date(2026, 9, 1)), limit=LIMITS)
def test_a_convention_is_asked_for_exactly_where_the_due_day_turns_on_it(decide, start, limit):
    found = book_of(decide, "due(received_on, limit)", "date", "").decide("out", {"received_on": start, "limit": limit})
    ways = {
        (first_day, roll, same_day): deadline(limit, start, first_day=first_day, roll=roll, rest_day_same_day=same_day).due_on
        for first_day in ("included", "excluded")
        for roll in ("forward", "none")
        for same_day in ("same", "next")
    }
    assert found.open == (len(set(ways.values())) > 1)
    names = ("first_day", "roll", "rest_day_same_day")
    for place, name in enumerate(names):
        turns = any(
            ways[one] != ways[other]
            for one in ways
            for other in ways
            if one[place] != other[place] and one[:place] + one[place + 1 :] == other[:place] + other[place + 1 :]
        )
        assert (f"conventions.{name}" in found.undecided) == turns


@settings(deadline=None)
@given(start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 9, 1)), limit=st.sampled_from(["3个工作日", "10个自然日", "1个月"]))
@example(datetime(2026, 3, 6, 10), "10个自然日")  # included on a Sunday, excluded on the Monday behind it
def test_of_a_moment_it_is_asked_too_at_what_hour_a_limit_ends(decide, start, limit):
    found = book_of(decide, "due(received_at, limit)", "date", "").decide("out", {"received_at": start, "limit": limit})
    ways = {
        (first_day, roll, ends): deadline(limit, start, first_day=first_day, roll=roll, ends=ends).due_on
        for first_day in ("included", "excluded")
        for roll in ("forward", "none")
        for ends in ("day", "same_time")
        if (first_day, ends) != ("included", "same_time")  # which contradict each other
    }
    assert found.open == (len(set(ways.values())) > 1)
    assert set(found.undecided) == {
        f"conventions.{name}"
        for place, name in enumerate(("first_day", "roll", "ends"))
        if any(
            ways[one] != ways[other] and one[place] != other[place] and one[:place] + one[place + 1 :] == other[:place] + other[place + 1 :]
            for one in ways
            for other in ways
        )
    }


def test_a_due_moment_is_the_end_of_the_day_or_of_the_hours(things):
    at = datetime(2026, 3, 2, 15)
    hours = things.worth("due_at(received_at, limit)", received_at=at, limit="10小时")
    assert hours.replace(tzinfo=None) == datetime(2026, 3, 3, 1)
    assert things.worth("due_at(received_at, limit)", received_at=at, limit="1个工作日") == Unknown(
        frozenset({"conventions.ends", "conventions.first_day"})
    )
    with pytest.raises(DecisionError, match="a moment is needed"):
        things.worth("due(received_on, limit)", received_on=date(2026, 3, 2), limit="3小时")


def test_the_shorter_of_two_limits_of_different_units_is_the_earlier_day(decide):
    book = book_of(decide, "min(due(received_on, limit), due(received_on, other_limit))", "date")
    facts = {"received_on": date(2026, 2, 12), "limit": "10个工作日", "other_limit": "10个自然日"}
    assert book.decide("out", facts).value("out") == date(2026, 2, 24)
    assert book.decide("out", {**facts, "limit": "3个工作日", "other_limit": "30个自然日"}).value("out") == date(2026, 2, 24)
