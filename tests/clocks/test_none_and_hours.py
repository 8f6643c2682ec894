"""What a case says there is none of, as its clocks read it; and `due` by the office hours of the book, as its clocks take them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from govservice import NONE, clocks, load_rulebook
from govservice.deadlines import case_outcomes

PAUSED = """
rulebook: paused
conventions: {first_day: excluded, roll: forward, ends: day, pause_needs_notice: no}
tables:
  cases: {promised_days: {type: decimal, label: 承诺日数, none: 无}}
  pauses: {to: {type: date, label: 止, none: 未恢复}}
decisions:
  bare: {about: cases, hit: first, rules: [{when: is_none(promised_limit), then: true}, {then: false}]}
clocks:
  reply: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on, pauses: [hearing]}
"""


@pytest.fixture
def paused(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(PAUSED, encoding="utf-8")
    return load_rulebook(path)


@pytest.mark.parametrize("end", [NONE, "未恢复", " 未恢复 ", None])
def test_a_pause_that_has_no_end_is_one_that_runs(paused, end):
    case = {"case": "1", "accepted_on": date(2026, 3, 2), "pauses": [{"kind": "hearing", "from": date(2026, 3, 4), "to": end}]}
    reading = clocks(case, paused, now=date(2026, 3, 20), only=["reply"])[0]
    assert [pause.last for pause in reading.paused] == [None]
    assert reading.due is None


@pytest.mark.parametrize("none", [NONE, "无"])
def test_a_pause_that_names_no_case_is_of_the_case_it_stands_in_and_words_for_none_are_none(paused, none):
    rows = [{"case": NONE, "kind": "hearing", "from": date(2026, 3, 4), "to": date(2026, 3, 5)}]
    case = {"case": "1", "accepted_on": date(2026, 3, 2), "promised_days": none, "pauses": rows}
    assert clocks(case, paused, now=date(2026, 3, 6), only=["reply"])[0].due == date(2026, 3, 11)
    assert case_outcomes(case, paused, now=date(2026, 3, 6))["bare"].value("bare") is True


HOURS = """
rulebook: hours
hours: HOURS
conventions: {first_day: excluded, roll: forward, ends: ENDS}
settings: {office: {type: text, label: 作息}}
tables: {cases: {at: moment, term: limit}}
decisions:
  out: {about: cases, hit: first, outcomes: {out: moment}, rules: [{then: '= due_at(at, term)'}]}
clocks:
  reply: {about: cases, limit: term, starts: at}
"""


def answers(tmp_path, hours: str, ends: str, at: datetime, term: str) -> tuple[object, tuple[str, ...], object, tuple[str, ...]]:
    path = tmp_path / "book.yaml"
    path.write_text(HOURS.replace("HOURS", hours).replace("ENDS", ends), encoding="utf-8")
    book = load_rulebook(path)
    found, (reading,) = (
        book.decide("out", {"at": at, "term": term}),
        clocks({"at": at, "term": term}, book, now=date(2026, 3, 20), only=["reply"]),
    )
    due_at = None if reading.deadline is None else reading.deadline.due_at
    return found.value("out"), found.undecided, due_at, reading.undecided


@pytest.mark.parametrize("term", ["1个工作日", "2个自然日", "当天", "3小时"])
@pytest.mark.parametrize("ends", ["day", "close"])
@pytest.mark.parametrize("hours", ['"09:00-17:00"', "office", '"12-01..02-28 09:00-16:00 | otherwise 09:00-17:00"'])
def test_due_ends_as_a_clock_with_the_same_limit_does(tmp_path, hours, ends, term):
    for at in (datetime(2026, 3, 2, 10), datetime(2026, 2, 13, 10)):  # the second before a make-up workday
        moment, undecided, due_at, needs = answers(tmp_path, hours, ends, at, term)
        assert (moment is None, set(undecided)) == (due_at is None, set(needs))
        if moment is not None:
            assert moment == due_at


def test_outcomes_tell_rows_of_two_clocks_apart_though_both_move_nothing(tmp_path):
    path = tmp_path / "book.yaml"
    limited = "limit: 5 工作日, starts: received_on, stops: closed_on"
    path.write_text(
        "rulebook: two\nconventions: {first_day: excluded, roll: forward, ends: day}\n"
        "decisions: {d: {about: cases, hit: first, rules: [{then: true}]}}\n"
        f"clocks:\n  k1: {{about: cases, {limited}, extension: {{limit: 2 工作日, times: 1, when: 'false'}}}}\n"
        f"  k2: {{about: cases, {limited}}}\n",
        encoding="utf-8",
    )
    case = {"case": "1", "received_on": "2026-03-02", "accepted_on": "2026-03-02", "promised_limit": "5个工作日"}
    rows = [{"case": "1", "clock": clock, "asked_on": "2026-03-03", "granted": True} for clock in ("k1", "k2")]
    book = load_rulebook(path)
    one, both = ({str(note) for note in case_outcomes(case, book, records={"extensions": some})["d"].notes} for some in (rows[:1], rows))
    assert both - one == {"row 2 of extensions: no clock 'k2' is extended by the rulebook"}


NEVER = """
rulebook: never
conventions: {first_day: excluded, roll: forward, ends: day}
tables: {cases: {ordered_on: {type: date, none: 无}, mended_on: date, mend_by: {type: date, none: 无}, term: {type: limit, none: 无}}}
clocks:
  mend: {about: cases, limit: 5 工作日, starts: ordered_on, stops: mended_on}
  termed: {about: cases, limit: term, starts: mended_on}
  dated: {about: cases, starts: ordered_on, due: mend_by, stops: mended_on}
decisions:
  in_time:
    about: cases
    hit: first
    rules: [{when: known(mend.stopped_on) and not mend.overdue, then: true}, {then: false}]
"""


@pytest.fixture
def never(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(NEVER, encoding="utf-8")
    return load_rulebook(path)


@pytest.mark.parametrize("now", [None, date(2026, 4, 1)])
def test_a_clock_that_nothing_starts_is_stopped_by_nothing_and_never_overdue(never, now):
    case = {"ordered_on": "无", "mended_on": date(2026, 3, 20)}
    (reading,) = clocks(case, never, now=now, only=["mend"])
    assert (reading.started, reading.due, reading.stopped, reading.overdue, reading.undecided) == (None, None, None, False, ())
    assert reading.explain("en").splitlines()[1:] == ["no due day: nothing has started it"]
    assert case_outcomes(case, never, now=now)["in_time"].value("in_time") is False
    assert case_outcomes(case | {"ordered_on": date(2026, 3, 19)}, never, now=now)["in_time"].value("in_time") is True


@pytest.mark.parametrize(("mend_by", "overdue"), [("无", False), (None, None), (date(2026, 3, 31), True)])
def test_a_clock_that_nothing_starts_is_not_overdue_where_no_day_is_set_either(never, mend_by, overdue):
    (reading,) = clocks({"ordered_on": "无", "mend_by": mend_by}, never, now=date(2026, 4, 1), only=["dated"])
    assert (reading.started, reading.overdue) == (None, overdue)


def test_a_clock_of_which_the_limit_is_none_says_so(never):
    (reading,) = clocks({"mended_on": date(2026, 3, 20), "term": "无"}, never, now=date(2026, 4, 1), only=["termed"])
    assert (reading.started, reading.due, reading.overdue) == (date(2026, 3, 20), None, None)
    assert reading.explain("zh").splitlines()[1] == "没有到期日：时限为无"
