"""Electronic supervision: when a signal is seen, what prevents it, what clears it; the models of five cities."""

from datetime import date, datetime
from pathlib import Path

import pytest

from govservice import clocks, load_rulebook
from govservice.deadlines import ClockReading
from govservice.errors import DeadlineError
from govservice.rules import Rulebook

START = date(2026, 3, 2)  # a Monday


@pytest.fixture
def book(tmp_path: Path):
    def make(
        alarms: str,
        limit: str = "20 工作日",
        more: str = "",
        conventions: str = "first_day: excluded, roll: forward, percent_alarms: day",
        starts: str = "accepted_on",
        stops: str = "closed_on",
    ) -> Rulebook:
        path = tmp_path / "own.yaml"
        path.write_text(
            f"rulebook: own\nconventions: {{{conventions}}}\nclocks:\n  t:\n    about: cases\n    limit: {limit}\n    starts: {starts}\n"
            f"    stops: {stops}\n    pauses: [hearing]\n    alarms: {alarms}\n{more}",
            encoding="utf-8",
        )
        return load_rulebook(path)

    return make


def read(book: Rulebook, now: date | datetime | None = None, clock: str = "t", **case: object) -> ClockReading:
    (found,) = [one for one in clocks({"accepted_on": START, **case}, book, now=now) if one.clock == clock]
    return found


@pytest.mark.parametrize(
    ("alarm", "limit", "at"),
    [
        ("at: 90%", "20 工作日", date(2026, 3, 26)),  # the 18th working day
        ("at: 90%", "5 工作日", date(2026, 3, 9)),  # 4.5: the fifth day's number is the first to reach it
        ("at: 100%", "5 工作日", date(2026, 3, 9)),
        ("at: 1%", "20 工作日", date(2026, 3, 3)),
        ("before: 1 工作日", "5 工作日", date(2026, 3, 6)),
        ("before: 1", "5 工作日", date(2026, 3, 6)),
        ("before: 2 自然日", "5 工作日", date(2026, 3, 7)),
        ("before: 9 工作日", "5 工作日", START),  # never before it starts
        ("after: 0", "5 工作日", date(2026, 3, 10)),
        ("after: 3 工作日", "5 工作日", date(2026, 3, 13)),  # the day after 12 March, the third working day
        ("after: 4 工作日", "5 工作日", date(2026, 3, 14)),  # first seen on the next calendar day, a Saturday
    ],
)
def test_an_alarm_is_seen_on_its_day(book, alarm: str, limit: str, at: date) -> None:
    found = read(book(f"[{{signal: yellow, {alarm}}}]", limit))
    assert [(one.signal, one.at, one.raised) for one in found.alarms] == [("yellow", at, None)]


def test_one_city_warns_at_ninety_percent_and_reds_when_over(book) -> None:
    city = book("[{signal: yellow, at: 90%}, {signal: red, after: 0}]")
    assert [one.signal for one in read(city, date(2026, 3, 25)).signals] == []
    assert [one.signal for one in read(city, date(2026, 3, 26)).signals] == ["yellow"]
    assert [one.signal for one in read(city, date(2026, 3, 30)).signals] == ["yellow"]
    assert [one.signal for one in read(city, date(2026, 3, 31)).signals] == ["yellow", "red"]


def test_another_city_yellows_when_over_and_reds_when_a_second_supervised_period_is_over(book) -> None:
    second = "  s: {about: cases, limit: 3 工作日, starts: t.yellow_on, stops: closed_on, alarms: [{signal: red, after: 0}]}\n"
    city = book("[{signal: yellow, after: 0}]", "5 工作日", second)
    before = read(city, date(2026, 3, 9), "s")
    assert (before.started, before.alarms[0].at, before.signals) == (None, None, ())
    running = read(city, date(2026, 3, 10), "s")
    assert (running.started, running.due) == (date(2026, 3, 10), date(2026, 3, 13))
    assert [one.signal for one in read(city, date(2026, 3, 14), "s").signals] == ["red"]


def test_only_a_stop_on_an_earlier_day_prevents_a_signal(book) -> None:
    city = book("[{signal: yellow, before: 1 工作日}]", "5 工作日")
    now = date(2026, 3, 20)
    assert read(city, now, closed_on=date(2026, 3, 5)).signals == ()
    (same_day,) = read(city, now, closed_on=date(2026, 3, 6)).signals
    assert (same_day.at, same_day.cleared) == (date(2026, 3, 6), True)
    (late,) = read(city, now, closed_on=date(2026, 3, 10)).signals
    assert late.cleared is False


def test_no_alarm_lies_inside_a_pause(book) -> None:
    city = book("[{signal: yellow, before: 3 自然日}, {signal: half, at: 50%}]", "5 工作日")
    pause = {"kind": "hearing", "from": "2026-03-06", "to": "2026-03-10", "told": True}
    found = read(city, pauses=[pause])
    assert found.due == date(2026, 3, 12)
    assert [one.at for one in found.alarms] == [date(2026, 3, 4), date(2026, 3, 5)], (
        "three unpaused days back from the 12th; third of five days"
    )


def test_an_hour_limit_alarms_at_the_moment(book) -> None:
    alarms = "[{signal: yellow, at: 50%}, {signal: red, after: 0}]"
    city = book(alarms, "4 小时", starts="received_at").amend({"clocks.t.stops": "closed_at"})
    case = {"received_at": "2026-03-02 10:00"}
    found = read(city, datetime(2026, 3, 2, 13, 0), **case)
    assert [(one.signal, one.at.strftime("%H:%M"), one.raised) for one in found.alarms if isinstance(one.at, datetime)] == [
        ("yellow", "12:00", True),
        ("red", "14:00", False),
    ]
    in_time = read(city, datetime(2026, 3, 2, 18, 0), **case, closed_at="2026-03-02 13:59")
    assert [one.signal for one in in_time.signals] == ["yellow"], "a stop before the moment, the same day, prevents the red one"


def test_a_share_of_days_may_be_taken_to_the_hour(book) -> None:
    city = book("[{signal: yellow, at: 90%}]", "5 工作日", conventions="first_day: excluded, percent_alarms: hour")
    (alarm,) = read(city).alarms
    assert alarm.at == datetime.fromisoformat("2026-03-09T12:00:00+08:00"), "half of the fifth day"
    office = city.amend({"hours": "09:00-12:00 13:00-17:00"})
    (in_hours,) = read(office).alarms
    assert in_hours.at == datetime.fromisoformat("2026-03-09T13:30:00+08:00"), "half of seven office hours"


def test_the_amount_of_an_alarm_may_be_a_setting_and_is_open_until_given() -> None:
    jiangyong = load_rulebook("jiangyong")
    case = {"case_type": "promised", "accepted_on": START, "promised_limit": "5个工作日"}
    (open_,) = [one for one in clocks(case, jiangyong) if one.clock == "promised"]
    assert [(one.signal, one.at, one.undecided) for one in open_.alarms] == [
        ("yellow", None, ("yellow_before",)),
        ("red", None, ("red_after",)),
    ]
    given = jiangyong.given({"yellow_before": "1个工作日", "red_after": "2个工作日"})
    (found,) = [one for one in clocks(case, given) if one.clock == "promised"]
    assert [one.at for one in found.alarms] == [date(2026, 3, 6), date(2026, 3, 12)]


def test_an_extension_moves_the_alarms_with_the_due_day(book) -> None:
    city = book("[{signal: yellow, before: 1 工作日}]", "5 工作日").amend({"clocks.t.extension": {"limit": "5 工作日", "times": 1}})
    found = read(city, extensions=[{"clock": "t", "granted": True, "asked_on": "2026-03-05"}])
    assert (found.due, found.alarms[0].at) == (date(2026, 3, 16), date(2026, 3, 13))


def test_an_alarm_may_have_a_condition_and_days_in_force(book) -> None:
    city = book("[{signal: yellow, after: 0, when: major}, {signal: red, after: 0, until: 2025-12-31}]", "5 工作日")
    now = date(2026, 3, 20)
    assert [(one.signal, one.raised, one.undecided) for one in read(city, now).alarms] == [("yellow", None, ("major",))]
    assert read(city, now, major=False).alarms == ()
    assert [one.signal for one in read(city, now, major=True).alarms] == ["yellow"]


@pytest.mark.parametrize(
    ("alarm", "limit", "closed", "prevented"),
    [
        ("after: 0", "5 工作日", {"closed_at": "2026-03-09 10:00"}, True),
        ("before: 1 工作日", "5 工作日", {"closed_at": "2026-03-06 10:00"}, False),  # on its day, at whatever time
        ("before: 12 小时", "5 工作日", {"closed_at": "2026-03-09 11:59"}, True),
        ("before: 12 小时", "5 工作日", {"closed_at": "2026-03-09 12:01"}, False),
        ("before: 12 小时", "5 工作日", {"closed_on": "2026-03-09"}, False),  # at what time it was closed is not said
    ],
)
def test_a_stop_on_the_alarms_day_prevents_it_only_where_both_have_a_time(
    book, alarm: str, limit: str, closed: dict, prevented: bool
) -> None:
    city = book(f"[{{signal: yellow, {alarm}}}]", limit).amend({"clocks.t.stops": next(iter(closed))})
    (found,) = read(city, date(2026, 3, 20), **closed).alarms
    assert found.raised is not prevented


def test_an_amount_that_is_a_number_is_in_the_clocks_unit(book) -> None:
    def at(limit: str, alarm: str) -> date:
        conventions = "first_day: excluded, roll: forward, rest_day_same_day: same"
        own = book(f"[{{signal: yellow, {alarm}}}]", limit, conventions=conventions, starts="received_at")
        return read(own, received_at="2026-03-02 10:00").alarms[0].at

    assert at("4 小时", "before: 0.5") == datetime.fromisoformat("2026-03-02T13:30:00+08:00")
    assert at("4 小时", "after: 2") == datetime.fromisoformat("2026-03-02T16:00:00+08:00")
    assert at("5 自然日", "before: 2") == date(2026, 3, 7)  # due on Monday the 9th, for the 7th is a Saturday
    assert at("1 个月", "before: 3") == date(2026, 3, 30)
    assert at("当天", "after: 5") == date(2026, 3, 10)  # working days


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("1 - 2", "an alarm -1 workdays off; before: or after: say which way"),
        ("1 个月", "an alarm 1 month off; 30个自然日, 20个工作日"),
    ],
)
def test_an_alarm_is_a_number_of_days_or_hours_off(book, amount: str, message: str) -> None:
    with pytest.raises(DeadlineError) as refused:
        read(book(f"[{{signal: yellow, before: {amount}}}]"))
    assert str(refused.value) == message


@pytest.mark.parametrize("alarm", ["at: 50%", "at: 100%", "before: 1 工作日", "after: 0"])
def test_while_the_limit_is_not_known_neither_is_whether_an_alarm_was_raised(book, alarm: str) -> None:
    of = book(f"[{{signal: yellow, {alarm}}}]", "promised_limit")
    assert [one.raised for one in read(of, date(2026, 3, 31)).alarms] == [None]
    assert [one.raised for one in read(of, date(2026, 3, 31), promised_limit="5个工作日").alarms] == [True]
    assert [one.raised for one in read(of, date(2026, 3, 1)).alarms] == [False], "it has not begun"


def test_an_alarm_whose_amount_there_is_not_has_no_day_and_is_not_raised(book) -> None:
    other = "  s: {about: cases, when: major, limit: 3 工作日, starts: accepted_on}\n"
    (alarm,) = read(book("[{signal: yellow, before: s.left}]", more=other), date(2026, 3, 3), major=False).alarms
    assert (alarm.at, alarm.raised, alarm.undecided) == (None, False, ())


def test_a_signal_that_was_never_raised_is_not_cleared(book) -> None:
    (prevented,) = read(book("[{signal: yellow, before: 1 工作日}]", "5 工作日"), date(2026, 3, 20), closed_on=date(2026, 3, 5)).alarms
    assert (prevented.raised, prevented.cleared) == (False, False)


def test_whether_an_alarm_was_cleared_is_open_while_it_is_open_whether_it_stopped_in_time(book) -> None:
    own = book("[{signal: yellow, before: 0}]", "5 工作日", "    extension: {limit: 2 工作日, times: 1}\n")

    def alarm(**said: bool) -> tuple[object, ...]:
        row = {"clock": "t", "asked_on": START, **said}
        (found,) = read(own, date(2026, 3, 20), closed_on=date(2026, 3, 11), extensions=[row]).alarms
        return found.at, found.raised, found.cleared, found.undecided

    assert alarm(granted=True) == (date(2026, 3, 11), True, True, ())
    assert alarm(granted=False) == (date(2026, 3, 9), True, False, ())
    assert alarm() == (None, True, None, ("extensions:1.granted",))


def test_a_stop_that_is_open_leaves_an_alarm_open_once_its_day_has_come_and_not_before(book) -> None:
    def alarm(now: date) -> tuple[object, ...]:
        (found,) = read(own, now).alarms
        return found.at, found.raised, found.undecided

    more = "  s: {about: cases, limit: promised_limit, starts: accepted_on}\n"
    own = book("[{signal: yellow, before: 1 工作日}]", "10 工作日", more, stops="[closed_on, s.due]")
    assert alarm(date(2026, 3, 5)) == (date(2026, 3, 13), False, ())
    assert alarm(date(2026, 3, 20)) == (date(2026, 3, 13), None, ("promised_limit",))


def test_an_alarm_that_is_raised_only_if_a_fact_moves_it_is_open(book) -> None:
    more = "    extension: {limit: 5 工作日, times: 1}\n"
    city = book("[{signal: red, before: 1 工作日, when: known(decided_on)}, {signal: yellow, before: 1 工作日}]", "3 工作日", more)
    case = {"decided_on": date(2026, 3, 10), "extensions": [{"clock": "t", "asked_on": START}]}

    def at(granted: bool | None) -> list[tuple[str, date | None, bool | None]]:
        row = case["extensions"][0] | ({} if granted is None else {"granted": granted})
        return [(one.signal, one.at, one.raised) for one in read(city, date(2026, 3, 20), **case | {"extensions": [row]}).alarms]

    assert at(False) == [("yellow", date(2026, 3, 4), True)]  # on 4 March nobody knew of the decision
    assert at(True) == [("red", date(2026, 3, 11), True), ("yellow", date(2026, 3, 11), True)]
    assert at(None) == [("red", None, None), ("yellow", None, True)]
    early = [(one.signal, one.raised) for one in read(city, date(2026, 3, 2), **case).alarms]
    assert early == [("red", False), ("yellow", False)]
