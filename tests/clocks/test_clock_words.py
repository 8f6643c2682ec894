"""What a clock may say of itself: counted back, paused by acts, extended as granted, its hours, its unit, of which row."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from govservice import NONE, clocks, load_rulebook, score
from govservice.deadlines import ClockReading, case_outcomes, due
from govservice.errors import DeadlineError, RecordError
from govservice.rules import Rulebook

STATED = "first_day: excluded, roll: forward, ends: day, pause_needs_notice: no, percent_alarms: day"
NOW = date(2026, 3, 12)
CASE = {"case": "C1", "received_on": "2026-03-02"}  # a Monday
C = "about: cases, starts: received_on, stops: closed_on"


@pytest.fixture
def book(tmp_path: Path):
    def make(clock: str, more: str = "", conventions: str = STATED) -> Rulebook:
        path = tmp_path / "own.yaml"
        path.write_text(f"rulebook: own\nconventions: {{{conventions}}}\n{more}\nclocks:\n  c: {{{clock}}}\n", encoding="utf-8")
        return load_rulebook(path)

    return make


def read(own: Rulebook, case: dict[str, Any], clock: str = "c", **more: Any) -> ClockReading:
    (found,) = clocks({**CASE, **case}, own, **{"now": NOW, "only": [clock], **more})
    return found


# -- counted back

BACK = (
    "about: cases, backward: true, limit: 7 自然日, starts: hearing_on, stops: told_on,"
    " alarms: [{signal: yellow, before: 2 工作日}, {signal: red, after: 0}]"
)
HEARING = "tables: {cases: {hearing_on: date, told_on: date, postponed: boolean, new_on: date}}"


@pytest.mark.parametrize(
    ("now", "told", "overdue", "left", "over", "raised"),
    [
        (date(2026, 3, 10), None, False, 3, 0, []),  # the 13th, a Friday, is the last day in time
        (date(2026, 3, 13), None, False, 0, 0, ["yellow"]),
        (date(2026, 3, 14), None, True, 0, 1, ["yellow", "red"]),
        (date(2026, 3, 18), "2026-03-13", False, 0, 0, ["yellow"]),
        (date(2026, 3, 18), "2026-03-16", True, 0, 3, ["yellow", "red"]),
    ],
)
def test_a_clock_that_counts_back_ends_before_its_start(book, now, told, overdue, left, over, raised) -> None:
    found = read(book(BACK, HEARING), {"hearing_on": "2026-03-20", "told_on": told}, now=now)
    assert (found.due, found.started) == (date(2026, 3, 13), date(2026, 3, 20))
    assert (found.overdue, found.left, found.overdue_by, found.used) == (overdue, left, over, None)
    assert [alarm.signal for alarm in found.signals] == raised
    assert [alarm.at for alarm in found.alarms] == [date(2026, 3, 11), date(2026, 3, 14)]
    assert found.notes == ()
    assert "最迟2026-03-13" in found.explain("zh")
    assert ClockReading.from_dict(found.to_dict()) == found


def test_before_the_day_is_set_it_is_open_when_it_is_due(book) -> None:
    found = read(book(BACK, HEARING), {})
    assert (found.due, found.overdue, found.undecided) == (None, None, ("hearing_on",))


def test_its_facts_say_what_is_left_and_that_nothing_is_used(book) -> None:
    decisions = "decisions:\n  near: {about: cases, hit: first, rules: [{when: c.left_days <= 3, then: true}, {then: false}]}\n"
    decisions += "  used: {about: cases, hit: first, rules: [{when: known(c.used), then: true}, {then: false}]}"
    outcomes = case_outcomes({**CASE, "hearing_on": "2026-03-20"}, book(BACK, f"{HEARING}\n{decisions}"), now=date(2026, 3, 10))
    assert (outcomes["near"].value("near"), outcomes["used"].value("used")) == (True, False)


def test_it_rolls_back_only_where_the_book_says_so(book) -> None:
    case = {"hearing_on": "2026-03-21"}  # 14 March is a Saturday
    assert read(book(BACK, HEARING), case).due == date(2026, 3, 14)
    assert read(book(f"{BACK}, roll: backward", HEARING), case).due == date(2026, 3, 13)


# -- extensions


@pytest.mark.parametrize(
    ("row", "due", "note"),
    [
        ({"limit": "5个工作日"}, date(2026, 3, 23), None),
        ({"limit": "20个工作日"}, date(2026, 4, 14), None),
        ({"limit": "21个工作日"}, date(2026, 3, 16), "21 workdays is not within 20 workdays"),
        ({"limit": "20个自然日"}, date(2026, 4, 7), None),  # no longer than 20 working days would lead; the Sunday and the feast roll
        ({"limit": "3个月"}, date(2026, 3, 16), "3 months is not within 20 workdays"),
        ({"limit": "5个工作日", "granted": False}, date(2026, 3, 16), "it was not granted"),
        ({"limit": "0个工作日"}, date(2026, 3, 16), "0 workdays extends nothing"),
        ({"limit": "当天"}, date(2026, 3, 16), "same day extends nothing"),
    ],
)
def test_an_extension_is_as_long_as_was_granted(book, row, due, note) -> None:
    own = book(f"{C}, limit: 10 工作日, extension: {{limit: as_granted, at_most: 20 工作日, times: 1}}")
    found = read(own, {"extensions": [{"clock": "c", "asked_on": "2026-03-10", "granted": True, **row}]})
    assert found.due == due
    assert [one.en for one in found.notes] == ([f"the extension asked on 2026-03-10 moves nothing: {note}"] if note else [])


def test_how_long_is_waited_for_where_the_row_does_not_say(book) -> None:
    own = book(f"{C}, limit: 10 工作日, extension: {{limit: as_granted, times: 1}}")
    found = read(own, {"extensions": [{"clock": "c", "asked_on": "2026-03-10", "granted": True}]})
    assert (found.due, found.undecided) == (None, ("extensions:1.limit",))


def test_it_may_count_on_from_before_it_rolled(book) -> None:
    clock = f"{C}, limit: 12 自然日, extension: {{limit: 5 自然日, times: 1}}"  # Saturday 14 March rolls to the 16th
    row = {"clock": "c", "asked_on": "2026-03-10", "granted": True}
    assert read(book(clock), {"extensions": [row]}).due == date(2026, 3, 23)
    assert read(book(f"{clock}, extension_from: unrolled"), {"extensions": [row]}).due == date(2026, 3, 19)


# -- pauses

ACTS = "tables: {cases: {asked_on: date, answered_on: date, again_on: date, again_answered_on: date}}"


def test_a_pause_follows_from_acts(book) -> None:
    own = book(
        f"{C}, limit: 10 工作日, pauses: [{{from: asked_on, to: answered_on}}, {{kind: 二次补正, from: again_on, to: again_answered_on}}]",
        ACTS,
    )
    assert read(own, {}).due == date(2026, 3, 16)
    assert read(own, {"asked_on": "2026-03-05", "answered_on": "2026-03-06"}).due == date(2026, 3, 18)
    both = {"asked_on": "2026-03-05", "answered_on": "2026-03-06", "again_on": "2026-03-10", "again_answered_on": "2026-03-10"}
    found = read(own, both)
    assert (found.due, [span.kind for span in found.paused]) == (date(2026, 3, 19), [None, "二次补正"])
    running = read(own, {"asked_on": "2026-03-05"})
    assert (running.due, running.used, running.overdue, running.undecided) == (None, 2, False, ("answered_on",))
    with pytest.raises(RecordError, match="a pause ends on 2026-03-04, before it begins on 2026-03-05"):
        read(own, {"asked_on": "2026-03-05", "answered_on": "2026-03-04"})


def test_no_clock_stands_in_the_place_of_one_that_a_pause_of_acts_has_stopped(book) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: {{from: asked_on, to: answered_on}}", ACTS).amend(
        {"clocks.other": {"about": "cases", "limit": "20 工作日", "starts": "received_on", "stops": "closed_on"}}
    )
    assert due({**CASE, "asked_on": "2026-03-05", "answered_on": "2026-03-06"}, own, now=NOW).due_on == date(2026, 3, 18)
    stopped = due({**CASE, "asked_on": "2026-03-05"}, own, now=NOW)
    assert (stopped.clock, stopped.due_on, stopped.undecided) == ("c", None, ("answered_on",))


ANSWER = "about: cases, limit: 3 工作日, starts: received_on, stops: answered_on, extension: {limit: 2 工作日, times: 1}"


def test_no_clock_stands_in_the_place_of_one_that_may_be_extended(book) -> None:
    own = book(f"{C}, limit: 10 工作日}}\n  answer: {{{ANSWER}", ACTS)
    asked = {"clock": "answer", "asked_on": "2026-03-04"}

    def first(**more: Any) -> tuple[object, ...]:
        reading = due({**CASE, **more}, own, now=NOW)
        return reading.clock, reading.due_on, reading.undecided

    assert first() == ("answer", date(2026, 3, 5), ())
    assert first(extensions=[asked]) == ("answer", None, ("extensions:1.granted",))
    assert first(extensions=[asked], answered_on="2026-03-05") == ("c", date(2026, 3, 16), ()), "which runs"


def test_a_case_that_is_closed_was_due_by_the_clock_that_runs_until_then(book) -> None:
    own = book(f"{C}, limit: 10 工作日}}\n  answer: {{{ANSWER}", ACTS)
    reading = due({**CASE, "answered_on": "2026-03-04", "closed_on": "2026-03-11"}, own, now=NOW)
    assert (reading.clock, reading.due_on) == ("c", date(2026, 3, 16))


def test_a_pause_of_acts_may_be_the_whole_entry(book) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: {{from: asked_on, to: answered_on}}", ACTS)
    assert read(own, {"asked_on": "2026-03-05", "answered_on": "2026-03-06"}).due == date(2026, 3, 18)


@pytest.mark.parametrize(
    ("complex_", "to", "now", "due"),
    [
        (True, "2026-03-06", NOW, date(2026, 3, 18)),
        (False, "2026-03-06", NOW, date(2026, 3, 16)),
        (True, "2026-03-31", NOW, date(2026, 3, 19)),  # three days at the most: 5 to 7 March, a Saturday
        (True, None, NOW, date(2026, 3, 19)),  # not ended, and over by now all the same
        (True, None, date(2026, 3, 6), None),  # it may still end sooner
        (None, "2026-03-06", NOW, None),
    ],
)
def test_a_pause_may_have_a_condition_and_a_longest_time(book, complex_, to, now, due) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: [{{kind: announcement, when: complex, limit: 5 自然日}}]")
    found = read(own, {"complex": complex_, "pauses": [{"kind": "announcement", "from": "2026-03-05", "to": to}]}, now=now)
    assert found.due == due
    if complex_ is None:
        assert found.undecided == ("complex",)
    if complex_ is False:
        (note,) = found.notes
        assert note.en == "the pause of 2026-03-05 (announcement) does not stop this clock; its condition does not hold"


@pytest.mark.parametrize(("which", "day"), [("both", 18), ("first", 17), ("last", 17), ("neither", 16)])
def test_which_ends_of_a_pause_count_is_a_convention_that_need_not_be_stated(book, which, day) -> None:
    pauses = [{"kind": "hearing", "from": "2026-03-05", "to": "2026-03-06"}]
    clock = f"{C}, limit: 10 工作日, pauses: hearing"
    assert read(book(f"{clock}, pause_days: {which}"), {"pauses": pauses}).due == date(2026, 3, day)
    assert read(book(clock), {"pauses": pauses}).due == date(2026, 3, 18)


def test_a_pause_that_begins_after_the_due_moment_changes_nothing(book) -> None:
    own = book(f"{C}, limit: 3 工作日, pauses: hearing")
    for to in ("2026-03-20", None):
        found = read(own, {"pauses": [{"kind": "hearing", "from": "2026-03-09", "to": to}]})
        assert (found.due, found.overdue, found.overdue_by) == (date(2026, 3, 5), True, 5)


# -- alarms

EXPLAINED = """
tables: {cases: {explained_on: date, excused: boolean}}
decisions:
  explained: {about: cases, hit: first, rules: [{when: known(explained_on), then: true}, {then: false}]}
"""


@pytest.mark.parametrize("when", ["not known(explained_on)", "not explained", "not (known(explained_on) or excused)"])
@pytest.mark.parametrize(("day", "raised"), [(None, True), ("2026-03-09", True), ("2026-03-06", False), ("2026-03-05", False)])
def test_an_alarm_asks_what_was_known_when_it_would_be_raised(book, when, day, raised) -> None:
    own = book(f"{C}, limit: 3 工作日, alarms: [{{signal: urge, after: 0, when: {when}}}]", EXPLAINED)
    found = read(own, {"explained_on": day, "excused": False})  # due on the 5th, seen on the 6th
    assert [(alarm.signal, alarm.raised) for alarm in found.alarms] == ([("urge", True)] if raised else [])


def test_what_is_undated_stands_as_recorded(book) -> None:
    own = book(f"{C}, limit: 3 工作日, alarms: [{{signal: urge, after: 0, when: not excused}}]", EXPLAINED)
    assert read(own, {"excused": True}).alarms == ()
    assert read(own, {"excused": None}).alarms[0].undecided == ("excused",)


def test_while_it_is_open_when_an_alarm_is_seen_so_is_what_was_known_then(book) -> None:
    own = book(f"{C}, limit: promised_limit, alarms: [{{signal: urge, after: 0, when: not known(explained_on)}}]", EXPLAINED)
    (alarm,) = read(own, {"explained_on": "2026-03-09"}).alarms
    assert (alarm.raised, alarm.undecided) == (None, ("promised_limit",))


def test_a_pause_inside_a_day_moves_an_alarm_by_as_much_and_never_past_the_due_moment(book) -> None:
    own = book(
        "about: cases, starts: received_at, limit: 6 小时, hours: '09:00-12:00 13:00-17:00', pauses: hearing, makeup_hours: weekday,"
        " alarms: [{signal: half, at: 50%}, {signal: soon, before: 1 小时}, {signal: red, after: 2 小时}]"
    )
    pause = {"kind": "hearing", "from": datetime(2026, 3, 2, 10), "to": datetime(2026, 3, 2, 11)}
    found = read(own, {"received_at": datetime(2026, 3, 2, 9), "pauses": [pause]}, now=datetime(2026, 3, 3, 12))
    assert [alarm.at.replace(tzinfo=None) for alarm in found.alarms] == [  # type: ignore[union-attr]
        datetime(2026, 3, 2, 14),  # an hour, the pause, an hour, an hour after lunch
        datetime(2026, 3, 2, 16),
        datetime(2026, 3, 3, 11),
    ]
    assert found.due.replace(tzinfo=None) == datetime(2026, 3, 2, 17)  # type: ignore[union-attr]


# -- hours

ACROSS = "about: cases, starts: received_at, stops: closed_at, limit: 4 小时"


def test_hours_follow_the_season_or_a_setting(book) -> None:
    seasonal = book(f"{ACROSS}, hours: [{{'05-01..09-30': '09:00-12:00 15:00-18:00'}}, {{otherwise: '09:00-12:00 13:00-17:00'}}]")
    due = [read(seasonal, {"received_at": datetime(2026, month, 7, 10)}, now=None).due for month in (7, 12)]
    assert [one.hour for one in due if isinstance(one, datetime)] == [17, 15]
    own = book(f"{ACROSS}, hours: open_hours", "settings: {open_hours: {type: text, label: 办公时间}}")
    moment = {"received_at": datetime(2026, 12, 7, 10)}
    found = read(own, moment, now=None)
    assert (found.due, found.undecided) == (None, ("open_hours",))
    assert read(own.given({"open_hours": "全天"}), moment, now=None).due.hour == 14  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("stated", "due"), [("weekday", "2026-02-14 12:00"), ("weekend", "2026-02-24 11:00"), ("none", "2026-02-24 12:00"), (None, None)]
)
def test_hours_on_a_make_up_workday_are_asked_for_where_they_decide(book, stated, due) -> None:
    more = f", makeup_hours: {stated}" if stated else ""
    own = book(f"{ACROSS}, hours: '09:00-12:00 13:00-17:00; 周六 09:00-10:00', rest_day_hours: not{more}")
    found = read(own, {"received_at": datetime(2026, 2, 13, 16)}, now=None)
    assert (found.due and found.due.strftime("%Y-%m-%d %H:%M")) == due
    assert found.undecided == (() if stated else ("conventions.makeup_hours",))
    plain = read(own, {"received_at": datetime(2026, 6, 1, 16)}, now=None)  # no make-up day is near
    assert plain.undecided == ()


@pytest.mark.parametrize(("stated", "due"), [("counted", "2026-03-07 12:00"), ("not", "2026-03-09 12:00"), (None, None)])
def test_office_time_on_a_rest_day_is_asked_for_where_it_decides(book, stated, due) -> None:
    more = f", rest_day_hours: {stated}" if stated else ""
    own = book(f"{ACROSS}, hours: '09:00-12:00 13:00-17:00; 周六 09:00-12:00', makeup_hours: weekday{more}")
    found = read(own, {"received_at": datetime(2026, 3, 6, 16)}, now=None)
    assert (found.due and found.due.strftime("%Y-%m-%d %H:%M")) == due
    assert found.undecided == (() if stated else ("conventions.rest_day_hours",))


# -- units


def test_amounts_are_named_with_their_unit(book) -> None:
    rules = "".join(
        f"  d_{fact}: {{about: cases, hit: first, outcomes: {{d_{fact}: decimal}}, rules: [{{then: =c.{fact}}}]}}\n"
        for fact in ("used_workdays", "used_days", "used_hours", "used_minutes", "left_workdays", "overdue_by_days")
    )
    own = book(f"{C}, limit: promised_limit", f"decisions:\n{rules}")

    def facts(limit: str, **more: Any) -> dict[str, object]:
        found = case_outcomes({**CASE, "promised_limit": limit, **more}, own, now=NOW)
        return {name[2:]: outcome.value(name) for name, outcome in found.items() if name.startswith("d_")}

    assert facts("10个工作日") == {
        "used_workdays": 8, "used_days": None, "used_hours": None, "used_minutes": None, "left_workdays": 2, "overdue_by_days": None,
    }  # fmt: skip
    assert facts("5个自然日")["overdue_by_days"] == 3  # 7 March, a Saturday, rolls to the 9th
    assert not case_outcomes({**CASE, "promised_limit": "5个自然日"}, own, now=NOW)["d_used_hours"].open
    assert case_outcomes(CASE, own, now=NOW)["d_used_workdays"].undecided == ("promised_limit",)


@pytest.mark.parametrize(("day", "beyond"), [(date(2026, 3, 11), False), (date(2026, 3, 12), True)])
def test_of_two_amounts_of_a_clock_the_unit_need_not_be_named(book, day: date, beyond: bool) -> None:
    rules = "decisions:\n  d: {about: cases, hit: first, rules: [{when: c.used > 2 * c.left + c.left, then: true}, {then: false}]}"
    own = book(f"{C}, limit: promised_limit", rules)
    assert case_outcomes({**CASE, "promised_limit": "10个工作日"}, own, now=day)["d"].value("d") is beyond


def test_hours_are_minutes_too(book) -> None:
    when = "c.used_minutes > 90 and c.used_hours < 2 and c.used > 1.5"
    rules = f"decisions:\n  d: {{about: cases, hit: first, rules: [{{when: {when}, then: true}}, {{then: false}}]}}"
    own = book("about: cases, starts: received_at, limit: 4 小时", rules)
    case = {**CASE, "received_at": datetime(2026, 3, 2, 9)}
    assert [case_outcomes(case, own, now=datetime(2026, 3, 2, 10, minute))["d"].value("d") for minute in (30, 31)] == [False, True]


# -- which clocks, of which rows


def test_only_the_clocks_asked_for_are_read(book) -> None:
    own = book(f"{C}, limit: 3 工作日, label: 时限")
    assert [one.clock for one in clocks(CASE, own, now=NOW, only=["时限"])] == ["c"]
    assert [one.clock for one in clocks(CASE, own, now=NOW, only="promised")] == ["promised"]
    assert {one.clock for one in clocks(CASE, own, now=NOW)} == {"c", "promised"}
    with pytest.raises(DeadlineError, match=r'no clock .promisd.; did you mean "promised"'):
        clocks(CASE, own, now=NOW, only=["promisd"])


STAGES = "tables: {stages: {of: cases, stage: text, begun_on: date, ended_on: date}}"
STAGE = "about: stages, limit: 3 工作日, starts: begun_on, stops: ended_on, pauses: hearing, extension: {limit: 2 工作日, times: 1}"
ROWS = [{"case": "C1", "stage": "受理", "begun_on": "2026-03-02"}, {"case": "C1", "stage": "审查", "begun_on": "2026-03-09"}]


def stages(own: Rulebook, within: bool = False, **records: Any) -> dict[str, ClockReading]:
    case, tables = ({**CASE, "stages": ROWS}, records) if within else (CASE, {"stages": ROWS, **records})
    found = clocks(case, own, now=NOW, records=tables, only=["c"])
    return {str(ROWS[(one.row or 0) - 1]["stage"]): one for one in found}


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("named", [{"table": "stages", "row": "审查"}, {"row": "审查"}])
def test_a_pause_or_an_extension_may_be_of_one_stage(book, named, within) -> None:
    own = book(STAGE, STAGES)
    pause = {"case": "C1", "kind": "hearing", "from": "2026-03-10", "to": "2026-03-10", **named}
    extension = {"case": "C1", "clock": "c", "asked_on": "2026-03-10", "granted": True, **named}
    found = stages(own, within, pauses=[pause], extensions=[extension])
    assert [one.due for one in found.values()] == [date(2026, 3, 5), date(2026, 3, 17)]
    assert [one.notes for one in found.values()] == [(), ()]


def test_a_stage_without_an_id_is_named_by_its_number(book) -> None:
    own = book(STAGE, STAGES.replace("stage: text, ", ""))
    rows = [{name: value for name, value in row.items() if name != "stage"} for row in ROWS]
    pause = {"kind": "hearing", "from": "2026-03-10", "to": "2026-03-10", "table": "stages", "row": 2}
    found = clocks(CASE, own, now=NOW, records={"stages": rows, "pauses": [pause]}, only=["c"])
    assert [one.due for one in found] == [date(2026, 3, 5), date(2026, 3, 13)]


def test_a_pause_of_the_whole_case_stops_every_stage_and_an_extension_that_names_none_is_open(book) -> None:
    own = book(STAGE, STAGES)
    pause = {"case": "C1", "kind": "hearing", "from": "2026-03-04", "to": "2026-03-10"}
    assert [one.due for one in stages(own, pauses=[pause]).values()] == [date(2026, 3, 12), date(2026, 3, 13)]
    extension = {"case": "C1", "clock": "c", "asked_on": "2026-03-10", "granted": True}
    found = stages(own, extensions=[extension])
    assert [(one.due, one.undecided) for one in found.values()] == [(None, ("extensions:1.row",))] * 2


@pytest.mark.parametrize(
    ("named", "note"),
    [
        ({"table": "stages", "row": "送达"}, "row 1 of pauses names the row '送达' of stages, which is not there"),
        ({"row": "送达"}, "row 1 of pauses names the row '送达', which is not there"),
        (
            {"table": "stagse", "row": "审查"},
            "row 1 of pauses names a table 'stagse', which the rulebook does not have; did you mean stages?",
        ),
    ],
)
def test_a_row_that_is_not_there_is_said_and_leaves_open_what_it_may_have_meant(book, named, note) -> None:
    own = book(STAGE, STAGES)
    found = stages(own, pauses=[{"case": "C1", "kind": "hearing", "from": "2026-03-10", "to": "2026-03-10", **named}])
    for one in found.values():
        assert note in [said.en for said in one.notes]
        assert (one.due, one.undecided) == (None, ("pauses",))


def test_a_pause_of_a_stage_does_not_stop_the_case(book) -> None:
    own = book(STAGE, f"{STAGES}\nmeasures: {{}}").amend(
        {"clocks.whole": {**dict.fromkeys(["about"], "cases"), "limit": "10 工作日", "starts": "received_on", "pauses": ["hearing"]}}
    )
    pause = {"case": "C1", "kind": "hearing", "from": "2026-03-10", "to": "2026-03-10", "table": "stages", "row": "审查"}
    (found,) = clocks(CASE, own, now=NOW, records={"stages": ROWS, "pauses": [pause]}, only=["whole"])
    assert found.due == date(2026, 3, 16)


def test_rows_of_a_table_that_is_of_no_case_have_clocks_that_pause(book) -> None:
    more = "tables: {visits: {of: window, dated_by: asked_on, visit: text, asked_on: date, done_on: date}}"
    clock = "about: visits, limit: 3 工作日, starts: asked_on, stops: done_on, pauses: hearing"
    scheme = "schemes: {m: {scores: window, period: month, total: 'sum(visits, c.overdue_by)'}}"
    own = book(clock, f"{more}\n{scheme}")
    rows = [{"visit": "V1", "window": "W1", "asked_on": "2026-03-02"}, {"visit": "V2", "window": "W1", "asked_on": "2026-03-02"}]
    pauses = [{"table": "visits", "row": "V2", "kind": "hearing", "from": "2026-03-04", "to": "2026-03-06"}]
    found = clocks({}, own, now=NOW, records={"visits": rows, "pauses": pauses}, only=["c"])
    assert [one.due for one in found] == [date(2026, 3, 5), date(2026, 3, 10)]
    card = score(own, "m", {"window": [{"window": "W1"}], "visits": rows, "pauses": pauses}, subject="W1", period="2026-03", now=NOW)
    assert card.total == 5 + 2


@pytest.mark.parametrize("row", [{"row": "V9"}, {}])
def test_a_pause_of_a_row_that_is_not_there_leaves_the_clocks_of_its_table_open(book, row: dict[str, str]) -> None:
    more = "tables: {visits: {of: window, dated_by: asked_on, visit: text, asked_on: date, done_on: date}}"
    clock = "about: visits, limit: 3 工作日, starts: asked_on, stops: done_on, pauses: hearing"
    own = book(clock, f"{more}\nschemes: {{m: {{scores: window, period: month, total: 'sum(visits, c.overdue_by)'}}}}")
    rows = [{"visit": f"V{number}", "window": "W1", "asked_on": "2026-03-02"} for number in (1, 2)]
    pause = {"table": "visits", "kind": "hearing", "from": "2026-03-04", "to": "2026-03-06", **row}

    def total(visits: list[dict[str, str]], *pauses: dict[str, str]) -> object:
        tables = {"window": [{"window": "W1"}], "visits": visits, "pauses": list(pauses)}
        return score(own, "m", tables, subject="W1", period="2026-03", now=NOW).total

    assert (total(rows), total(rows, pause)) == (10, None)
    assert total(rows[:1], pause) == (None if row else 2), "where there is one row only, it is that"
    found = clocks({}, own, now=NOW, records={"visits": rows, "pauses": [pause]}, only=["c"])
    assert [one.due for one in found] == [None, None]


def test_in_which_unit_nothing_is_used_yet_is_open_while_the_limit_is(book) -> None:
    rules = "".join(
        f"  d_{fact}: {{about: cases, hit: first, outcomes: {{d_{fact}: decimal}}, rules: [{{then: =c.{fact}}}]}}\n"
        for fact in ("used", "used_workdays", "used_days")
    )
    own = book(f"{C}, limit: promised_limit", f"decisions:\n{rules}")
    early = date(2026, 2, 27)  # before it begins
    found = case_outcomes(CASE, own, now=early)
    assert [found[f"d_{fact}"].open for fact in ("used", "used_workdays", "used_days")] == [False, True, True]
    found = case_outcomes({**CASE, "promised_limit": "5个工作日"}, own, now=early)
    assert [found[f"d_{fact}"].value(f"d_{fact}") for fact in ("used", "used_workdays", "used_days")] == [0, 0, None]


def test_days_may_extend_hours_where_the_office_closes(book) -> None:
    clock = "about: cases, starts: received_at, limit: 23 小时, extension: {limit: 2 工作日, times: 1}"
    own = book(clock, "hours: '09:00-17:00'", STATED.replace("ends: day", "ends: close"))
    rows = [{"clock": "c", "asked_on": "2026-03-02", "granted": True}]
    assert read(own, {"received_at": datetime(2026, 3, 2, 9), "extensions": rows}).due.isoformat() == "2026-03-05T17:00:00+08:00"


# -- who grants it


@pytest.mark.parametrize(("by", "due_on"), [("head", 16), ("本机关负责人", 16), ("chief", 11), ("科室负责人", 11), ("张三", 11)])
def test_who_grants_an_extension_goes_by_the_label_that_the_book_gives(book, by: str, due_on: int) -> None:
    choices = "tables: {extensions: {by: {type: choice, label: 批准人, values: {head: 本机关负责人, chief: 科室负责人}}}}"
    own = book(f"{C}, limit: 9 自然日, extension: {{limit: 3 自然日, times: 1, by: head}}", choices)
    asked = {"case": "C1", "clock": "c", "asked_on": "2026-03-05", "granted": True, "by": by}
    found = read(own, {}, records={"extensions": [asked]})
    assert found.due == date(2026, 3, due_on)
    called = {"chief": "科室负责人"}.get(by, by)
    refused = f"2026-03-05申请的延长不改变到期日：应由本机关负责人批准，不是{called}"
    assert [note.zh for note in found.notes] == ([] if due_on == 16 else [refused])


@pytest.mark.parametrize("end", [{}, {"answered_on": NONE}])
def test_a_pause_that_an_act_begins_and_nothing_has_ended_names_what_would_end_it(book, end) -> None:
    own = book(
        f"{C}, limit: 10 工作日, pauses: [{{from: asked_on, to: answered_on}}]", "tables: {cases: {asked_on: date, answered_on: date}}"
    )
    found = read(own, {"asked_on": "2026-03-05", **end})
    assert [(pause.first, pause.last) for pause in found.paused] == [(date(2026, 3, 5), None)]
    assert (found.due, found.undecided) == (None, ("answered_on",))


def test_of_two_acts_that_end_a_pause_together_only_the_one_to_come_is_waited_for(book) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: [{{from: asked_on, to: 'max(answered_on, again_on)'}}]", ACTS)
    acts = {"asked_on": "2026-03-05", "answered_on": "2026-03-06"}
    found = read(own, acts)
    assert (found.due, found.undecided) == (None, ("again_on",))
    assert read(own, acts | {"again_on": "2026-03-09"}).due == date(2026, 3, 19)


@pytest.mark.parametrize(
    ("longest", "to", "found"),
    [
        ("1个自然日", "2026-03-06", (date(2026, 3, 17), ())),
        ("1个自然日", None, (date(2026, 3, 17), ())),
        (None, "2026-03-06", (None, ("longest",))),
        (None, None, (None, ("longest", "pauses:1.to"))),
    ],
)
def test_a_pause_waits_for_how_long_it_may_be(book, longest, to, found) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: [{{kind: announcement, limit: longest}}]", "tables: {cases: {longest: limit}}")
    case = {"longest": longest, "pauses": [{"kind": "announcement", "from": "2026-03-05", "to": to}]}
    reading = read(own, case)
    assert (reading.due, reading.undecided) == found


@pytest.mark.parametrize("pauses", ["[{kind: announcement, when: complex}, hearing]", "[hearing, {kind: announcement, when: complex}]"])
@pytest.mark.parametrize(("kind", "due"), [("hearing", date(2026, 3, 18)), ("announcement", date(2026, 3, 16)), (None, None)])
def test_a_pause_whose_kind_is_not_said_may_be_of_any_that_the_clock_names(book, pauses, kind, due) -> None:
    own = book(f"{C}, limit: 10 工作日, pauses: {pauses}")
    found = read(own, {"complex": False, "pauses": [{"kind": kind, "from": "2026-03-05", "to": "2026-03-06"}]})
    assert (found.due, found.undecided) == (due, () if kind else ("pauses:1.kind",))


def test_hours_left_of_a_clock_that_counts_back_are_those_until_its_last_moment(book) -> None:
    clock = "about: cases, backward: true, limit: 11 小时, starts: hearing_at, stops: told_on, hours: '09:00-12:00 13:00-17:00'"
    own = book(clock, "tables: {cases: {hearing_at: moment, told_on: date}}")
    case = {"hearing_at": datetime(2026, 3, 13, 10)}  # a Friday
    assert read(own, case).due.isoformat() == "2026-03-11T14:00:00+08:00"  # 1, 7 and 3 hours back
    left = {
        datetime(2026, 3, 10, 9): 7 + 4,
        datetime(2026, 3, 10, 11, 30): 4.5 + 4,
        datetime(2026, 3, 11, 8): 4,
        datetime(2026, 3, 11, 12, 30): 1,
        datetime(2026, 3, 11, 13, 15): 0.75,
        datetime(2026, 3, 11, 14): 0,
        datetime(2026, 3, 11, 15): 0,
    }
    assert {now: read(own, case, now=now).left for now in left} == left


def test_a_number_of_days_is_a_limit_by_whatever_name_it_is_given(book) -> None:
    own = book(f"{C}, limit: promised_limit")
    by_label = {"收件日期": "2026-03-02", "事项名称": "食品经营许可", "承诺工作日数": 5}
    assert read(own, by_label).due == date(2026, 3, 9)
    assert read(own, by_label | {"承诺时限": "5个工作日"}).due == date(2026, 3, 9)
    with pytest.raises(RecordError) as refused:
        read(own, by_label | {"承诺时限": "6个工作日"})
    assert str(refused.value) == (
        "promised_days: promised_days is 5 and promised_limit 6 workdays: two values for one limit; give one of them"
    )


def test_a_promise_that_does_not_apply_leaves_it_to_the_other_clocks_when_a_case_is_due(book) -> None:
    promised = "promised: {about: cases, when: urgent, limit: 1 工作日, starts: received_on, stops: closed_on}"
    own = book(f"{C}, limit: 3 工作日}}\n  {promised[:-1]}", "tables: {cases: {urgent: boolean}}")
    found = {urgent: due({**CASE, "urgent": urgent}, own, now=NOW) for urgent in (True, False)}
    assert {urgent: (reading.clock, reading.due) for urgent, reading in found.items() if reading is not None} == {
        True: ("promised", date(2026, 3, 3)),
        False: ("c", date(2026, 3, 5)),
    }
