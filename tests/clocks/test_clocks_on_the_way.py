"""What happens to a clock on the way: pauses, extensions, restarts, stages, several clocks; each as the law or the book has it."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from govservice import clocks, load_rulebook
from govservice.deadlines import ClockReading, case_outcomes
from govservice.errors import RecordError
from govservice.rules import Rulebook

STARTS = {"accepted_on": date(2026, 3, 2)}  # a Monday


@pytest.fixture
def book(tmp_path: Path):
    def make(body: str, conventions: str = "first_day: excluded, roll: forward, pause_needs_notice: yes") -> Rulebook:
        path = tmp_path / "own.yaml"
        path.write_text(f"rulebook: own\nconventions: {{{conventions}}}\n{body}", encoding="utf-8")
        return load_rulebook(path)

    return make


TWENTY = """
clocks:
  t:
    about: cases
    limit: 20 工作日
    starts: accepted_on
    stops: [decided_on, closed_on]
    pauses: [hearing, inspection]
    extension: {limit: 10 工作日, times: 1, by: head, asked: before_due}
"""


def read(case: dict[str, object], book: Rulebook, clock: str = "t", **more: object) -> ClockReading:
    (found,) = [one for one in clocks({**STARTS, **case}, book, **more) if one.clock == clock]  # type: ignore[arg-type]
    return found


def test_both_ends_of_a_pause_are_uncounted(book) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11", "told": "是"}
    found = read({"pauses": [pause]}, book(TWENTY))
    assert found.due == date(2026, 4, 7), "20 working days from 2 March, five of them paused, over Qingming"
    assert [(one.kind, one.first, one.last) for one in found.paused] == [("hearing", date(2026, 3, 5), date(2026, 3, 11))]


def test_an_on_site_survey_stops_nothing_because_the_law_does_not_list_it(book) -> None:
    found = read({"pauses": [{"kind": "survey", "from": "2026-03-05", "to": "2026-03-11", "told": True}]}, book(TWENTY))
    assert found.due == read({}, book(TWENTY)).due
    assert [note.en for note in found.notes] == ["the pause of 2026-03-05 (survey) does not stop this clock"]


def test_a_pause_without_written_notice_stops_nothing_where_the_book_asks_for_one(book) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11", "told": False}
    found = read({"pauses": [pause]}, book(TWENTY))
    assert (found.due, found.paused) == (date(2026, 3, 30), ())
    assert found.notes[0].zh == "2026-03-05的中止（听证）未书面告知，不停止计时"
    easy = book(TWENTY, "first_day: excluded, pause_needs_notice: no")
    assert read({"pauses": [pause]}, easy).due == date(2026, 4, 7)


def test_whether_the_applicant_was_told_decides_so_without_it_there_is_no_due_day(book) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11"}
    found = read({"pauses": [pause]}, book(TWENTY))
    assert (found.due, found.undecided) == (None, ("pauses:1.told",))
    unsaid = read({"pauses": [pause]}, book(TWENTY, "first_day: excluded"))
    assert (unsaid.due, unsaid.undecided) == (None, ("conventions.pause_needs_notice", "pauses:1.told"))


def test_a_pause_that_has_not_ended_leaves_no_due_day_and_the_clock_stands(book) -> None:
    found = read({"pauses": [{"kind": "hearing", "from": "2026-03-05", "told": True}]}, book(TWENTY), now=date(2026, 3, 20))
    assert (found.due, found.undecided, found.overdue) == (None, ("pauses:1.to",), False)


def test_a_pause_that_begins_after_now_is_not_seen_yet(book) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11", "told": True}
    assert read({"pauses": [pause]}, book(TWENTY), now=date(2026, 3, 4)).due == date(2026, 3, 30)


def test_an_extension_counts_on_from_the_old_due_day(book) -> None:
    asked = {"clock": "t", "asked_on": "2026-03-30", "granted": True, "by": "head"}
    found = read({"extensions": [asked]}, book(TWENTY))
    assert (found.due, [str(one) for one in found.extended]) == (date(2026, 4, 14), ["10个工作日"])


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({"asked_on": "2026-03-31"}, "it was asked after the due day 2026-03-30"),
        ({"granted": False}, "it was not granted"),
        ({"by": "clerk"}, "head grants it, not clerk"),
        ({"limit": "15个工作日"}, "15 workdays is not within 10 workdays"),
        ({"limit": "5个自然日"}, "5 natural days is not within 10 workdays"),
    ],
)
def test_an_extension_that_breaks_its_rule_moves_nothing_and_is_listed(book, differs: dict[str, object], why: str) -> None:
    asked = {"clock": "t", "asked_on": "2026-03-20", "granted": True, "by": "head"} | differs
    found = read({"extensions": [asked]}, book(TWENTY))
    assert (found.due, found.extended) == (date(2026, 3, 30), ())
    assert [note.en for note in found.notes] == [f"the extension asked on {asked['asked_on']} moves nothing: {why}"]


def test_a_second_extension_is_one_too_many(book) -> None:
    asked = {"clock": "t", "asked_on": "2026-03-20", "granted": True, "by": "head"}
    found = read({"extensions": [asked, asked | {"asked_on": "2026-04-01"}]}, book(TWENTY))
    assert found.due == date(2026, 4, 14)
    assert found.notes[0].en == "the extension asked on 2026-04-01 moves nothing: it may be extended 1 times at most"


def test_a_shorter_extension_than_allowed_is_granted_as_asked(book) -> None:
    asked = {"clock": "t", "asked_on": "2026-03-20", "granted": True, "by": "head", "limit": "5个工作日"}
    assert read({"extensions": [asked]}, book(TWENTY)).due == date(2026, 4, 7)


def test_the_earliest_of_what_stops_a_clock_stops_it_and_only_if_it_has_happened(book) -> None:
    case = {"decided_on": date(2026, 3, 20), "closed_on": date(2026, 3, 25)}
    assert read(case, book(TWENTY)).stopped == date(2026, 3, 20)
    before = read(case, book(TWENTY), now=date(2026, 3, 10))
    assert (before.stopped, before.used, before.left, before.overdue) == (None, 6, 14, False)


@pytest.mark.parametrize(
    ("now", "used", "left", "overdue", "by"),
    [
        (date(2026, 3, 2), 0, 20, False, 0),
        (date(2026, 3, 3), 1, 19, False, 0),
        (date(2026, 3, 30), 20, 0, False, 0),
        (date(2026, 3, 31), 20, 0, True, 1),
        (date(2026, 4, 7), 20, 0, True, 5),
    ],
)
def test_used_left_and_overdue_are_as_of_the_day_given(book, now: date, used: int, left: int, overdue: bool, by: int) -> None:
    found = read({}, book(TWENTY), now=now)
    assert (found.used, found.left, found.overdue, found.overdue_by) == (used, left, overdue, by)


def test_without_a_now_nothing_is_said_of_what_is_still_open(book) -> None:
    found = read({}, book(TWENTY))
    assert (found.used, found.overdue, found.overdue_by) == (None, None, None)


def test_a_clock_not_yet_started_is_not_overdue_and_its_due_is_unknown(book) -> None:
    found = read({"accepted_on": None}, book(TWENTY), now=date(2026, 3, 2))
    assert (found.overdue, found.due, found.undecided) == (False, None, ("accepted_on",))


def test_a_clock_that_starts_tomorrow_has_not_started(book) -> None:
    found = read({"accepted_on": date(2026, 3, 3)}, book(TWENTY), now=date(2026, 3, 2))
    assert (found.due, found.overdue) == (None, False)


def test_paused_days_are_neither_used_nor_left(book) -> None:
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11", "told": True}
    found = read({"pauses": [pause]}, book(TWENTY), now=date(2026, 3, 12))
    assert (found.used, found.left) == (3, 17)


def test_an_hour_clock_uses_exact_parts(book) -> None:
    hours = book("clocks: {t: {about: cases, limit: 4 小时, starts: received_at, stops: closed_at}}")
    case = {"received_at": "2026-03-02 10:00"}
    now = datetime(2026, 3, 2, 11, 30)
    found = read(case, hours, now=now)
    assert (found.used, found.left, found.overdue) == (Decimal("1.5"), Decimal("2.5"), False)
    late = read(case | {"closed_at": "2026-03-02 14:15"}, hours, now=now.replace(hour=18))
    assert (late.overdue, late.overdue_by) == (True, Decimal("0.25"))


def test_every_stage_has_its_own_clock(book) -> None:
    stages = book(
        """
tables:
  stages: {of: cases, dated_by: begun_on, stage: text, stage_limit: limit, begun_on: date, finished_on: date}
clocks:
  t: {about: stages, limit: stage_limit, starts: begun_on, stops: finished_on}
"""
    )
    rows = [
        {"case": "C1", "stage": "review", "stage_limit": "2个工作日", "begun_on": "2026-03-02", "finished_on": "2026-03-05"},
        {"case": "C1", "stage": "issue", "stage_limit": "1个工作日", "begun_on": "2026-03-05"},
        {"case": "C2", "stage": "issue", "stage_limit": "1个工作日", "begun_on": "2026-03-05"},
    ]
    found = [one for one in clocks({"case": "C1"}, stages, now=date(2026, 3, 6), records={"stages": rows}) if one.clock == "t"]
    assert [(one.row, one.due, one.overdue) for one in found] == [(1, date(2026, 3, 4), True), (2, date(2026, 3, 6), False)]


def test_what_an_expiry_means_is_a_decision_that_reads_the_clock(book) -> None:
    meaning = book(
        """
decisions:
  outcome:
    about: cases
    hit: first
    rules:
      - {id: in-time, when: not t.overdue, then: decided}
      - {id: silence, when: t.overdue, then: deemed_approved}
clocks:
  t: {about: cases, limit: 5 工作日, starts: accepted_on, stops: decided_on}
"""
    )
    assert case_outcomes(STARTS, meaning, now=date(2026, 3, 9))["outcome"].value("outcome") == "decided"
    assert case_outcomes(STARTS, meaning, now=date(2026, 3, 10))["outcome"].value("outcome") == "deemed_approved"
    assert case_outcomes(STARTS, meaning)["outcome"].open


def test_a_clock_that_does_not_run_gives_none_not_unknown(book) -> None:
    absent = book(
        """
decisions:
  known_due: {about: cases, hit: first, rules: [{when: known(t.due), then: true}, {then: false}]}
clocks:
  t: {about: cases, when: case_type == "promised", limit: 5 工作日, starts: accepted_on}
"""
    )
    assert case_outcomes({**STARTS, "case_type": "instant"}, absent)["known_due"].value("known_due") is False
    assert case_outcomes({**STARTS, "case_type": "promised"}, absent)["known_due"].value("known_due") is True


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ({"pauses": [{"kind": "hearing", "to": "2026-03-05"}]}, "pauses.from: a pause without its first day; give `from`"),
        (
            {"pauses": [{"kind": "hearing", "from": "2026-03-05", "to": "2026-03-04"}]},
            "pauses.to: a pause ends on 2026-03-04, before it begins on 2026-03-05",
        ),
        ({"pauses": ["2026-03-05"]}, "pauses:1: row 1 of pauses is no mapping: '2026-03-05'"),
        ({"pauses": {"kind": "hearing"}}, "pauses: pauses must be a list of rows, not {'kind': 'hearing'}"),
        ({"extensions": [{"granted": "maybe"}]}, "extensions.granted: 'maybe' is not yes or no; write true or false, 是 or 否, 1 or 0"),
        (
            {"pauses": [{"case": "A", "kind": "x", "from": "2026-03-05"}, {"case": "B", "kind": "x", "from": "2026-03-05"}]},
            "pauses: pauses has rows of several cases, and the case has no number; give the case its `case`",
        ),
    ],
)
def test_bad_rows_are_refused_with_what_is_wrong(book, records: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError) as refused:
        read({}, book(TWENTY), records=records)
    assert str(refused.value) == message


def test_a_case_without_a_recorded_due_day_has_that_of_its_promise_and_a_recorded_one_stands(book) -> None:
    case = {"accepted_on": date(2026, 3, 2), "promised_limit": "5个工作日", "closed_on": date(2026, 3, 11)}
    plain = book("decisions: {}")
    assert case_outcomes(case, plain)["overdue_workdays"].value("overdue_workdays") == 2
    assert case_outcomes(case | {"due_on": date(2026, 3, 10)}, plain)["overdue_workdays"].value("overdue_workdays") == 1


def test_a_stop_later_the_same_day_has_not_happened_yet(book) -> None:
    hours = book("clocks: {t: {about: cases, limit: 4 小时, starts: received_at, stops: closed_at}}")
    case = {"received_at": "2026-03-02 10:00", "closed_at": "2026-03-02 18:00"}
    found = read(case, hours, now=datetime(2026, 3, 2, 11, 30))
    assert (found.stopped, found.overdue, found.used) == (None, False, Decimal("1.5"))


def test_closing_after_hours_on_the_due_day_is_overdue_by_a_whole_day(book) -> None:
    body = "hours: 09:00-17:00\nclocks: {t: {about: cases, limit: 3 工作日, ends: close, starts: accepted_on, stops: closed_at}}"
    found = read({"closed_at": "2026-03-05 18:00"}, book(body))
    assert (found.due_on, found.overdue, found.overdue_by) == (date(2026, 3, 5), True, 1)


def test_a_start_that_moves_to_the_next_opening_uses_nothing_before_it(book) -> None:
    body = "hours: 08:30-17:00\nclocks: {t: {about: cases, limit: 10 工作日, ends: same_time, starts: accepted_at, stops: closed_on}}"
    found = read({"accepted_at": "2026-03-07 10:00", "closed_on": "2026-03-09"}, book(body))  # a Saturday, then the Monday it opens
    assert (found.used, found.left) == (0, 10)


def test_ids_of_a_case_may_be_numbers(book) -> None:
    assert read({"case": 7, "item": 101, "window": 3}, book(TWENTY)).due == date(2026, 3, 30)
