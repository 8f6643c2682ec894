"""What a clock says where something is not known, not in force, or not its own: nothing, and what would settle it."""

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from govservice import china, classify, clocks, load_rulebook
from govservice.deadlines import ClockReading, case_outcomes
from govservice.errors import DateNeeded, RecordError
from govservice.limits import TimeLimit
from govservice.rules import Rulebook

STARTS = {"accepted_on": date(2026, 3, 2)}  # a Monday
T = "t: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on, pauses: [hearing]"


@pytest.fixture
def book(tmp_path: Path):
    def make(body: str, conventions: str = "first_day: excluded, roll: forward, pause_needs_notice: yes, percent_alarms: day") -> Rulebook:
        path = tmp_path / "own.yaml"
        path.write_text(f"rulebook: own\nconventions: {{{conventions}}}\n{body}", encoding="utf-8")
        return load_rulebook(path)

    return make


def extension(rule: str) -> str:
    """An `extension:` of two working days under a rule, as often as asked unless the rule says how often."""
    kept = [part for part in (rule, "" if "times" in rule else "times: 9") if part and part != "asked: any"]
    return f"extension: {{{', '.join(['limit: 2 工作日', *kept])}}}"


def read(case: dict[str, object], book: Rulebook, clock: str = "t", **more: object) -> ClockReading:
    (found,) = [one for one in clocks({**STARTS, **case}, book, **more) if one.clock == clock]  # type: ignore[arg-type]
    return found


def test_while_a_pause_is_open_nothing_is_said_of_the_due_day(book) -> None:
    paused = read({"pauses": [{"kind": "hearing", "from": "2026-03-05", "told": True}]}, book(f"clocks: {{{T}}}}}"), now=date(2026, 12, 29))
    assert (paused.due, paused.official, paused.warnings, paused.deadline) == (None, None, (), None)
    assert (paused.left, paused.overdue_by, paused.undecided) == (None, None, ("pauses:1.to",))
    assert (paused.used, paused.overdue) == (2, False), "which the end of the pause cannot change"
    assert paused.limit == TimeLimit(5, "workday")
    running = read({}, book(f"clocks: {{{T}}}}}"), now=date(2026, 3, 4))
    assert (running.official, running.warnings, running.used, running.left) == (True, (), 2, 3)
    assert running.limit == TimeLimit(5, "workday")


def test_where_it_is_not_known_whether_a_clock_runs_no_convention_is_asked_for(book) -> None:
    body = "clocks: {t: {about: cases, when: major, limit: 5 自然日, starts: accepted_on, pauses: [hearing]}}"
    pause = {"kind": "hearing", "from": "2026-03-03", "to": "2026-03-03"}
    found = read({"pauses": [pause]}, book(body, "bare_day: workday"))
    assert (found.applies, found.due, found.paused, found.undecided) == (None, None, (), ("major",))


def test_a_clock_runs_while_its_article_is_in_force(book) -> None:
    dated = book(f"clocks: {{{T}, from: 2026-03-05}}}}")
    assert read({}, dated, now=date(2026, 3, 4)).applies is False
    assert read({}, dated, now=date(2026, 3, 5)).applies is True
    assert read({}, dated, on=date(2026, 3, 5), now=date(2026, 3, 4)).applies is True, "on goes before now"
    with pytest.raises(DateNeeded):
        read({}, dated)


def test_a_rule_sees_when_a_signal_was_first_raised_and_that_another_was_not(book) -> None:
    alarms = "alarms: [{signal: yellow, at: 40%}, {signal: yellow, at: 80%}, {signal: red, after: 0}]"
    more = "s: {about: cases, limit: 1 工作日, starts: t.yellow_on}, r: {about: cases, limit: 1 工作日, starts: t.red_on}"
    own = book(f"clocks: {{{T}, {alarms}}}, {more}}}")
    assert read({}, own, "s", now=date(2026, 3, 6)).started == date(2026, 3, 4), "the first of two"
    assert read({}, own, "r", now=date(2026, 3, 6)).undecided == (), "not raised: there is no such day, and nothing to be found out"
    assert read({}, own, "r", now=date(2026, 3, 6)).explain().splitlines()[1] == "no due day: nothing has started it"
    assert read({}, own, "r", now=date(2026, 3, 10)).started == date(2026, 3, 10)


def test_only_decisions_about_the_case_are_made_of_it(book) -> None:
    own = book(
        """
tables: {desks: {open: {type: boolean}}}
decisions:
  late: {about: cases, hit: first, rules: [{when: t.overdue, then: true}, {then: false}]}
  staffed: {about: desks, hit: first, rules: [{when: open, then: true}, {then: false}]}
clocks: {t: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on}}
"""
    )
    made = case_outcomes(STARTS, own, now=date(2026, 3, 20))
    assert made["late"].value("late") is True
    assert "staffed" not in made


def test_a_decision_about_a_case_tells_which_of_its_rows_move_no_clock_and_why(book) -> None:
    own = book(f"clocks: {{{T}, {extension('times: 9')}}}}}\ndecisions: {{d: {{about: cases, hit: first, rules: [{{then: true}}]}}}}")
    row = {"clock": "t", "asked_on": "2026-03-05"}
    told = {granted: case_outcomes({**STARTS, "extensions": [{**row, "granted": granted}]}, own)["d"].notes for granted in (True, False)}
    assert {granted: [note.en for note in notes] for granted, notes in told.items()} == {
        True: [],
        False: ["the extension asked on 2026-03-05 moves nothing: it was not granted"],
    }


def test_what_rests_on_a_due_day_that_no_notice_has_fixed_says_so(book) -> None:
    own = book(f"clocks: {{{T}}}}}\ndecisions: {{end: {{about: cases, hit: first, outcomes: {{end: date}}, rules: [{{then: =t.due}}]}}}}")
    year = china().official_through.year + 1
    found = {day: case_outcomes({"accepted_on": day}, own)["end"] for day in (date(2026, 3, 2), date(year, 3, 1))}
    assert [outcome.value("end").year for outcome in found.values()] == [2026, year]
    assert [["尚未公布" in note.zh for note in outcome.notes] for outcome in found.values()] == [[], [True]]


def test_a_rule_that_needs_an_unstated_convention_is_open_and_names_it(book) -> None:
    body = """
decisions:
  late: {about: cases, hit: first, rules: [{when: t.overdue, then: true}, {then: false}]}
clocks: {t: {about: cases, limit: 5 自然日, starts: accepted_on, stops: closed_on}}
"""
    case = {**STARTS, "closed_on": date(2026, 3, 8)}
    assert case_outcomes(case, book(body))["late"].value("late") is False, "the 7th is a Saturday, so it is due on the 9th"
    unsaid = case_outcomes(case, book(body, "first_day: excluded"))["late"]
    assert (unsaid.open, unsaid.undecided) == (True, ("conventions.roll",))


HEARD = {"kind": "hearing", "from": "2026-03-03", "to": "2026-03-03", "told": True}


def test_a_row_that_does_not_concern_the_clock_leaves_those_after_it_to_be_read(book) -> None:
    own = book(f"clocks: {{{T}, extension: {{limit: 2 工作日, times: 2}}}}}}")
    survey, to_come = {**HEARD, "kind": "survey"}, {**HEARD, "from": "2026-03-20", "to": "2026-03-20"}
    found = read({"pauses": [survey, HEARD, to_come]}, own, now=date(2026, 3, 10))
    assert (found.due, len(found.paused)) == (date(2026, 3, 10), 1)
    others, granted = {"clock": "promised", "granted": True, "asked_on": "2026-03-04"}, {"granted": True, "asked_on": "2026-03-05"}
    found = read({"extensions": [others, granted]}, own, now=date(2026, 3, 10))
    assert (found.due, found.extended) == (date(2026, 3, 11), (TimeLimit(2, "workday"),))


def test_a_clock_that_was_stopped_before_it_began_or_may_not_run_is_not_said_to_be_in_time(book) -> None:
    own = book(f"clocks: {{{T}, when: major}}}}")
    early = {"accepted_on": date(2026, 3, 10)}
    to_come = read({**early, "major": True}, own, now=date(2026, 3, 5))
    assert (to_come.overdue, to_come.used, to_come.overdue_by) == (False, 0, 0), "not yet begun"
    stopped = read({**early, "major": True, "closed_on": date(2026, 3, 4)}, own, now=date(2026, 3, 5))
    assert (stopped.overdue, stopped.used, stopped.overdue_by) == (None, None, None)
    assert read(early, own, now=date(2026, 3, 5)).overdue is None


ASKED = {"granted": True, "asked_on": "2026-03-13"}


def test_an_extension_asked_while_a_pause_is_open_is_asked_in_time(book) -> None:
    own = book(f"clocks: {{{T}, extension: {{limit: 2 工作日, times: 9, asked: before_due}}}}}}")
    open_pause = {"kind": "hearing", "from": "2026-03-04", "told": True}
    found = read({"pauses": [open_pause], "extensions": [ASKED]}, own, now=date(2026, 3, 20))
    assert (found.extended, found.notes) == ((TimeLimit(2, "workday"),), ())
    without = read({"extensions": [ASKED]}, own, now=date(2026, 3, 20))
    assert without.extended == ()
    assert [note.en for note in without.notes] == [
        "the extension asked on 2026-03-13 moves nothing: it was asked after the due day 2026-03-09"
    ]
    at_once = read({"pauses": [open_pause]}, own)
    assert (at_once.due, at_once.undecided, len(at_once.paused)) == (None, ("pauses:1.to",), 1)


@pytest.mark.parametrize(("lacks", "needs"), [("kind", ("pauses:1.kind",)), ("told", ("pauses:1.told",))])
def test_a_pause_that_may_stop_the_clock_leaves_the_due_day_open_and_is_told(book, lacks: str, needs: tuple[str, ...]) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-06", "told": True}
    del pause[lacks]
    found = read({"pauses": [pause]}, book(f"clocks: {{{T}}}}}"))
    assert (found.due, found.undecided, found.paused) == (None, needs, ())
    assert "it is open whether the pause of 2026-03-05 stops this clock" in [note.en for note in found.notes]


@pytest.mark.parametrize(
    ("rule", "given", "notes"),
    [
        ("when: major", {"major": True}, []),
        ("when: major", {"major": False}, ["the rulebook allows none"]),
        ("by: head", {"by": "head"}, []),
        ("by: head", {"by": "clerk"}, ["head grants it, not clerk"]),
        ("times: 1", {}, []),
        ("times: 0", {}, ["it may be extended 0 times at most"]),
        ("asked: before_due", {"asked_on": "2026-03-09"}, []),  # on the due day
        ("asked: before_due", {"asked_on": "2026-03-10"}, ["it was asked after the due day 2026-03-09"]),
        ("asked: any", {"asked_on": "2026-03-10", "granted": False}, ["it was not granted"]),
        ("asked: any", {"limit": "1个工作日"}, []),
        ("asked: any", {"limit": "2个工作日"}, []),
        ("asked: any", {"limit": "3个工作日"}, ["3 workdays is not within 2 workdays"]),
        ("asked: any", {"limit": "1个自然日"}, ["1 natural day is not within 2 workdays"]),
    ],
)
def test_an_extension_moves_the_due_day_where_the_book_lets_it(book, rule: str, given: dict[str, object], notes: list[str]) -> None:
    own = book(
        f"clocks: {{{T}, extension: {{limit: 2 工作日, {rule}, times: 9}}}}}}".replace(", asked: any", "").replace(
            ", times: 9", "" if "times" in rule else ", times: 9"
        )
    )
    asked = {"granted": True, "asked_on": "2026-03-05", **{name: one for name, one in given.items() if name != "major"}}
    found = read({"extensions": [asked], **({"major": given["major"]} if "major" in given else {})}, own)
    day = asked["asked_on"]
    assert [note.en for note in found.notes] == [f"the extension asked on {day} moves nothing: {note}" for note in notes]
    amount = TimeLimit.parse(str(asked.get("limit", "2个工作日")))
    assert found.extended == (() if notes else (amount,))
    assert found.due == date(2026, 3, 9 if notes else 10 if amount.value == 1 else 11)


@pytest.mark.parametrize(
    ("rule", "missing", "needs"),
    [
        ("by: head", "by", "extensions:1.by"),
        ("asked: before_due", "asked_on", "extensions:1.asked_on"),
        ("times: 1", "granted", "extensions:1.granted"),
        ("when: major", None, "major"),
    ],
)
def test_what_an_extension_does_not_say_is_named(book, rule: str, missing: str | None, needs: str) -> None:
    asked = {"granted": True, "asked_on": "2026-03-05", "by": "head"}
    asked.pop(missing, None)
    found = read(
        {"extensions": [asked]},
        book(
            f"clocks: {{{T}, extension: {{limit: 2 工作日, {rule}, times: 9}}}}}}".replace(
                ", times: 9", "" if "times" in rule else ", times: 9"
            )
        ),
    )
    assert (found.due, found.extended, found.undecided) == (None, (), (needs,))
    assert [note.en for note in found.notes] == (
        [f"it is open whether the extension asked on {asked.get('asked_on', '-')} moves the due day"] if missing else []
    )


def test_only_an_extension_of_a_clock_that_the_book_does_not_extend_is_told_where_nothing_can_be_counted(book) -> None:
    own = book(
        "clocks:\n  t: {about: cases, limit: promised_limit, starts: accepted_on, extension: {limit: 2 工作日, times: 9}}\n"
        "  s: {about: cases, limit: 5 工作日, starts: accepted_on}"
    )
    rows = [{"asked_on": "2026-03-05", "granted": True, **named} for named in ({"clock": "t"}, {}, {"clock": "s"})]
    assert [note.en for note in read({"extensions": rows}, own).notes] == ["row 3 of extensions: no clock 's' is extended by the rulebook"]


def test_a_same_day_limit_that_starts_on_a_working_day_needs_no_convention(book) -> None:
    own = book("clocks: {t: {about: cases, limit: 当天, starts: accepted_on}}")
    assert read({}, own).due == date(2026, 3, 2)


def test_each_alarm_is_asked_for_itself(book) -> None:
    off, no, unknown, red = "until: 2025-12-31", 'when: case_type == "instant"', "when: major", "cite: X-1"
    alarms = ", ".join(f"{{signal: s{n}, after: 0, {more}}}" for n, more in enumerate((off, no, unknown, red)))
    found = read({"case_type": "promised"}, book(f"clocks: {{{T}, alarms: [{alarms}]}}}}"), now=date(2026, 3, 20))
    assert [(one.signal, one.raised, one.cite) for one in found.alarms] == [("s2", None, None), ("s3", True, "X-1")]


def test_a_rule_reads_how_much_is_used_left_and_over(book) -> None:
    body = """
decisions:
  hurry: {about: cases, hit: first, rules: [{when: t.used >= 3 and t.left <= 2 and t.overdue_by == 0, then: true}, {then: false}]}
  three_over: {about: cases, hit: first, rules: [{when: t.overdue_by == 3, then: true}, {then: false}]}
clocks: {t: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on}}
"""
    early, hurry, late = (case_outcomes(STARTS, book(body), now=date(2026, 3, day)) for day in (4, 5, 12))
    assert (early["hurry"].value("hurry"), hurry["hurry"].value("hurry"), late["hurry"].value("hurry")) == (False, True, False)
    assert (early["three_over"].value("three_over"), late["three_over"].value("three_over")) == (False, True)


def test_rows_without_a_number_belong_to_the_case_asked_about(book) -> None:
    own = book(f"clocks: {{{T}}}}}")
    numbered, other = {**HEARD, "case": "A-1"}, {**HEARD, "case": "A-2", "from": "2026-03-05", "to": "2026-03-06"}
    assert read({}, own, records={"pauses": [numbered]}).due == date(2026, 3, 10), "all rows are of one case"
    assert read({"case": "A-1"}, own, records={"pauses": [numbered, other]}).due == date(2026, 3, 10)
    either = read({"case": "A-1"}, own, records={"pauses": [HEARD, other]})
    assert (either.due, either.undecided) == (None, ("pauses:1.case",)), "it may be the other case's"
    assert next(note.en for note in either.notes) == "row 1 of pauses names no case, and other cases have rows there"
    blanks = read({"case": "A-1 "}, own, records={"pauses": [{**numbered, "case": " A-1"}, other]})
    assert blanks.due == date(2026, 3, 10)


def test_extensions_are_granted_in_the_order_they_were_asked(book) -> None:
    own = book(f"clocks: {{{T}, extension: {{limit: 2 工作日, times: 1}}}}}}")
    later, earlier, undated = ({"granted": True, "limit": one} for one in ("2个工作日", "1个工作日", "1个工作日"))
    rows = [undated, {**later, "asked_on": "2026-03-06"}, {**earlier, "asked_on": "2026-03-05"}]
    found = read({"extensions": rows}, own)
    assert (found.due, found.extended) == (date(2026, 3, 10), (TimeLimit(1, "workday"),))
    assert [note.en.split(" moves")[0] for note in found.notes] == ["the extension asked on 2026-03-06", "the extension asked on -"]


def test_what_is_no_list_of_rows_is_refused_and_an_empty_cell_is_none(book) -> None:
    own = book(f"clocks: {{{T}}}}}")
    assert read({"pauses": ""}, own).due == read({}, own).due
    with pytest.raises(RecordError, match="pauses must be a list of rows, not 5"):
        read({"pauses": 5}, own)


@pytest.mark.parametrize(
    "clock_time",
    [
        ("2026-03-02 11:00", "2026-03-02 12:30"),
        ("2026-03-02 11：00", "2026-03-02 12：30"),
        (datetime(2026, 3, 2, 11), datetime(2026, 3, 2, 12, 30)),
    ],
)
def test_a_pause_with_a_clock_time_stops_the_clock_for_that_time(book, clock_time: tuple[object, object]) -> None:
    own = book("clocks: {t: {about: cases, limit: 4 小时, starts: received_at, stops: closed_at, pauses: [hearing]}}")
    pause = {**HEARD, "from": clock_time[0], "to": clock_time[1]}
    found = read({"received_at": "2026-03-02 10:00", "pauses": [pause]}, own)
    assert found.due is not None
    assert found.due.isoformat() == "2026-03-02T15:30:00+08:00"


def test_a_clock_without_a_label_is_told_by_its_id_then_its_days_then_where_it_stands(book) -> None:
    case, own = {"closed_on": date(2026, 3, 11)}, book(f"clocks: {{{T}}}}}")
    lines = read(case, own, now=date(2026, 3, 20)).explain("zh").splitlines()
    assert lines[:2] == ["t", "5个工作日，自2026-03-02起：2026-03-09届满"]
    assert lines[2].startswith("2026-03-02 周一")
    assert lines[-3:] == ["2026-03-11办结或停止", "已用5，余0", "超期2"]
    assert read(case, own).explain().splitlines()[-3:] == ["stopped 2026-03-11", "used 5, left 0", "overdue by 2"]
    assert not any("used" in line for line in read({}, own).explain().splitlines())


def test_a_recorded_due_day_is_told_without_days_counted(book) -> None:
    own = book("clocks: {t: {about: cases, due: due_on, starts: accepted_on, stops: closed_on}}")
    found = read({"due_on": date(2026, 3, 10)}, own, now=date(2026, 3, 11))
    assert (found.due, found.overdue, found.deadline) == (date(2026, 3, 10), True, None)
    assert found.explain().splitlines() == ["t", "due 2026-03-10", "overdue"], "by how much is not counted, which is not nothing"
    assert found.explain("zh").splitlines() == ["t", "2026-03-10到期", "超期"]


def test_a_reading_says_in_words_what_there_is_to_say(book) -> None:
    own = book(f"clocks: {{{T}, when: major}}}}")
    assert read({"major": False}, own).explain().splitlines() == ["t", "it does not run on this case"]
    assert read({}, own).explain().splitlines()[1] == "no due day yet; would be settled by: major"
    missing = read({"major": True, "accepted_on": None}, own)
    assert missing.due is None
    assert missing.explain().splitlines()[1] == f"no due day yet; would be settled by: {', '.join(missing.undecided) or '-'}"
    recorded = book("clocks: {t: {about: cases, due: due_on, starts: accepted_on}}")
    assert "due 2026-03-10" in read({"due_on": date(2026, 3, 10)}, recorded).explain().splitlines()


def test_a_reading_is_the_same_again_with_all_that_happened_on_the_way(book) -> None:
    own = book(f"clocks: {{{T}, {extension('')}, alarms: [{{signal: yellow, at: 50%}}, {{signal: red, after: 0, when: major}}]}}}}")
    survey, open_pause = {**HEARD, "kind": "survey"}, {"kind": "hearing", "from": "2026-03-18", "told": True}
    granted = {"granted": True, "asked_on": "2026-03-05"}
    for pauses in ([HEARD, survey], [HEARD, open_pause]):
        found = read({"pauses": pauses, "extensions": [granted]}, own, now=date(2026, 3, 20))
        again = ClockReading.from_dict(json.loads(json.dumps(found.to_dict())))
        assert again == found
        assert (again.limit, again.extended) == (TimeLimit(5, "workday"), (TimeLimit(2, "workday"),))
        assert (again.started, again.used, again.left, again.overdue_by) == (found.started, found.used, found.left, found.overdue_by)
        assert (again.paused[0].kind, again.paused[0].first, again.paused[0].last) == ("hearing", date(2026, 3, 3), date(2026, 3, 3))
        assert [(one.signal, one.at, one.raised) for one in again.alarms] == [(one.signal, one.at, one.raised) for one in found.alarms]
    hours = book("clocks: {t: {about: cases, limit: 4 小时, starts: received_at, stops: closed_at, alarms: [{signal: red, at: 50%}]}}")
    found = read({"received_at": "2026-03-02 10:00"}, hours, now=datetime(2026, 3, 2, 11, 30))
    again = ClockReading.from_dict(json.loads(json.dumps(found.to_dict())))
    assert (again, again.used) == (found, Decimal("1.5"))
    assert again.alarms[0].at == found.alarms[0].at
    signals = read({"closed_on": date(2026, 3, 9)}, own, now=date(2026, 3, 20)).explain().splitlines()
    assert signals[-1] == "signal yellow on 2026-03-05, cleared"


def test_a_rule_about_a_signal_that_is_not_raised_is_settled_and_without_a_now_it_is_open(book) -> None:
    own = book(
        """
decisions:
  seen: {about: cases, hit: first, rules: [{when: t.red_on >= t.started_on, then: true}, {then: false}]}
clocks: {t: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on, alarms: [{signal: red, after: 0}]}}
"""
    )
    raised, not_raised, unknown = (case_outcomes(STARTS, own, now=now)["seen"] for now in (date(2026, 3, 12), date(2026, 3, 6), None))
    assert (raised.value("seen"), not_raised.value("seen"), unknown.open) == (True, False, True)


@pytest.mark.parametrize("asked", [{}, {"asked_on": "2026-03-12"}])
def test_where_the_book_does_not_say_when_to_ask_an_extension_may_be_asked_at_any_time(book, asked: dict[str, object]) -> None:
    found = read({"extensions": [{"granted": True, **asked}]}, book(f"clocks: {{{T}, extension: {{limit: 2 工作日, times: 9}}}}}}"))
    assert (found.due, found.notes, found.undecided) == (date(2026, 3, 11), (), ())


def test_a_warning_of_the_last_week_of_december_waits_for_the_due_day(book) -> None:
    case, own = {"accepted_on": date(2026, 12, 21)}, book(f"clocks: {{{T}}}}}")
    calendar = china(known_on=date(2026, 6, 1))
    assert len(read(case, own, calendar=calendar).warnings) == 1
    open_pause = {"kind": "hearing", "from": "2026-12-23", "told": True}
    paused = read({**case, "pauses": [open_pause]}, own, now=date(2026, 12, 24), calendar=calendar)
    assert (paused.due, paused.warnings) == (None, ())


def test_a_rule_may_ask_what_day_counts_as_today(book) -> None:
    own = book("decisions:\n  old: {about: cases, hit: first, rules: [{when: as_of > accepted_on, then: true}, {then: false}]}\n")
    assert case_outcomes(STARTS, own, now=datetime(2026, 3, 3, 9))["old"].value("old") is True
    assert case_outcomes(STARTS, own, now=date(2026, 3, 2))["old"].value("old") is False
    assert case_outcomes(STARTS, own)["old"].undecided == ("as_of",)


def test_a_classification_reads_the_clocks_of_the_application(book) -> None:
    own = book(
        """
tables: {application: {filed_on: {type: date}}}
decisions:
  late: {about: application, hit: first, rules: [{when: t.overdue, then: true}, {then: false}]}
clocks: {t: {about: application, limit: 5 工作日, starts: filed_on}}
"""
    )
    filed = {"filed_on": date(2026, 3, 2)}
    late = [classify(filed, own, as_of=day).decisions["late"].values for day in (date(2026, 3, 9), date(2026, 3, 10))]
    assert late == [{"late": False}, {"late": True}]


def test_a_due_day_given_outright_waits_for_no_act_and_while_it_is_open_so_is_whether_it_has_passed(book):
    own = book("clocks: {t: {about: cases, due: 'due(received_on, promised_limit)', starts: accepted_on, stops: closed_on}}")
    act = {"received_on": date(2026, 3, 3), "accepted_on": None}
    found = read(act, own, now=date(2026, 3, 20))
    assert (found.due, found.overdue, "promised_limit" in found.undecided) == (None, None, True)
    known = read({**act, "promised_limit": "3个工作日"}, own, now=date(2026, 3, 20))
    assert (known.due, known.overdue) == (date(2026, 3, 6), True)
