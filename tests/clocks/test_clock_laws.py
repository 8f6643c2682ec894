"""Three laws of a clock: information never overturns it, nothing given is dropped unsaid, nothing is chosen unsaid."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import china, classify, clocks, load_rulebook, score
from govservice.counting.recomputing import asked_again
from govservice.deadlines import ClockReading, case_outcomes
from govservice.errors import DeadlineError
from govservice.rules import Rulebook

NOW = date(2026, 3, 12)
CASE = {"case": "C1", "received_on": "2026-03-02"}  # a Monday
ALL = "first_day: excluded, roll: forward, pause_needs_notice: yes, percent_alarms: day"

DRAWN = """
rulebook: drawn
conventions: {first_day: excluded, roll: forward, pause_needs_notice: yes, percent_alarms: day}
tables: {cases: {x: boolean, y: boolean}}
decisions:
  late: {about: cases, hit: first, rules: [{when: c.overdue, then: true}, {then: false}]}
  warned: {about: cases, hit: first, rules: [{when: c.yellow_on >= date("2026-01-01"), then: true}, {then: false}]}
  begun: {about: cases, hit: first, rules: [{when: c.started_on < date("2026-03-03"), then: true}, {then: false}]}
clocks:
  c:
    about: cases
    when: not y
    limit: 5 工作日
    starts: accepted_on if x else received_on
    stops: [decided_on if x else closed_on, delivered_on]
    pauses: [hearing]
    extension: {limit: 3 工作日, times: 1, by: head, asked: before_due, when: x}
    alarms: [{signal: yellow, at: 50%, when: x}, {signal: yellow, before: 1 工作日}, {signal: red, after: 0}]
"""
SETTLED = ("applies", "started", "due", "stopped", "used", "left", "overdue", "overdue_by", "limit")


@pytest.fixture
def book(tmp_path: Path):
    def make(body: str, conventions: str = ALL) -> Rulebook:
        path = tmp_path / "own.yaml"
        path.write_text(f"rulebook: own\nconventions: {{{conventions}}}\n{body}", encoding="utf-8")
        return load_rulebook(path)

    return make


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("laws") / "drawn.yaml"
    path.write_text(DRAWN, encoding="utf-8")
    return load_rulebook(path)


def read(case: dict[str, Any], own: Rulebook, clock: str = "c", **more: Any) -> ClockReading:
    return next(reading for reading in clocks(case, own, **{"now": NOW, **more}) if reading.clock == clock)


# -- information never overturns


def days(first: int, last: int) -> st.SearchStrategy[str]:
    return st.integers(first, last).map(lambda day: f"2026-03-{day:02}")


PAUSES = st.fixed_dictionaries({"kind": st.sampled_from(["hearing", "survey"]), "from": days(3, 14), "told": st.booleans()}).flatmap(
    lambda row: st.builds(lambda more: {**row, "to": f"2026-03-{min(int(row['from'][-2:]) + more, 31):02}"}, st.integers(0, 4))
)
EXTENSIONS = st.fixed_dictionaries(
    {"clock": st.just("c"), "asked_on": days(3, 14), "granted": st.booleans(), "by": st.sampled_from(["head", "clerk"])}
)
FACTS = st.fixed_dictionaries(
    {"case": st.just("C1"), "received_on": st.just("2026-03-02"), "accepted_on": days(2, 6), "x": st.booleans(), "y": st.booleans()},
    optional={"decided_on": days(3, 20), "closed_on": days(3, 20), "delivered_on": days(3, 20)},
)
FORGOTTEN = st.sets(st.sampled_from(["x", "y", "told", "granted", "by", "kind"]))


@given(FACTS, st.lists(PAUSES, max_size=2), st.lists(EXTENSIONS, max_size=2), FORGOTTEN, days(2, 25))
def test_forgetting_facts_leaves_a_clock_as_it_is_or_open(
    drawn: Rulebook, facts: dict[str, Any], pauses: list[dict[str, Any]], extensions: list[dict[str, Any]], forgotten: set[str], now: str
) -> None:
    def known(row: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row.items() if name not in forgotten}

    whole = {"pauses": pauses, "extensions": extensions}
    less = {name: [known(row) for row in rows] for name, rows in whole.items()}
    day = date.fromisoformat(now)
    full, part = read(facts, drawn, now=day, records=whole), read(known(facts), drawn, now=day, records=less)
    for name in SETTLED:
        assert getattr(part, name) in (None, getattr(full, name)), name
    if part.due is None and full.due is not None:
        assert part.undecided
        assert all(any(need.endswith(fact) for fact in forgotten) for need in part.undecided), part.undecided
    if len(part.alarms) == len(full.alarms):
        for ours, theirs in zip(part.alarms, full.alarms, strict=True):
            assert ours.at in (None, theirs.at)
            assert ours.raised in (None, theirs.raised)
    outcomes, partly = (case_outcomes(case, drawn, now=day, records=rows) for case, rows in ((facts, whole), (known(facts), less)))
    for name in ("late", "warned", "begun"):
        assert partly[name].open or partly[name].value(name) == outcomes[name].value(name), name
        assert not partly[name].open or partly[name].undecided, name


@given(FACTS, st.lists(PAUSES, max_size=2), st.lists(EXTENSIONS, max_size=2), FORGOTTEN, days(2, 25))
def test_giving_what_is_named_again_and_again_settles_a_clock(
    drawn: Rulebook, facts: dict[str, Any], pauses: list[dict[str, Any]], extensions: list[dict[str, Any]], forgotten: set[str], now: str
) -> None:
    whole = {"pauses": pauses, "extensions": extensions}
    part = {name: value for name, value in facts.items() if name not in forgotten}
    less = {name: [{key: value for key, value in row.items() if key not in forgotten} for row in rows] for name, rows in whole.items()}
    day = date.fromisoformat(now)
    for _ in range(12):
        found = read(part, drawn, now=day, records=less)
        before = str((part, less))
        for need in found.undecided:
            table, _, name = need.rpartition(".")
            rows, _, number = table.partition(":")
            if not table and need in facts:
                part[need] = facts[need]
            elif table:
                less[rows][int(number) - 1][name] = whole[rows][int(number) - 1][name]
        if str((part, less)) == before:
            break
    full = read(facts, drawn, now=day, records=whole)
    assert [getattr(found, name) for name in SETTLED] == [getattr(full, name) for name in SETTLED]


STARTS = """
tables: {cases: {x: boolean}}
clocks: {c: {about: cases, limit: 5 工作日, starts: accepted_on if x else received_on, stops: closed_on}}
"""


def test_a_start_that_is_not_known_is_not_one_to_come(book) -> None:
    found = read({**CASE, "accepted_on": "2026-03-10"}, book(STARTS))
    assert (found.overdue, found.undecided) == (None, ("x",))
    assert read({"case": "C1"}, book(STARTS)).overdue is False, "no act has started it, either way"


def test_what_every_stop_that_may_be_makes_of_a_clock_is_settled(book) -> None:
    own = book(
        "clocks: {c: {about: cases, limit: 5 工作日, starts: received_on, stops: decided_on if x else closed_on}}\n"
        "tables: {cases: {x: boolean}}"
    )
    early, late, both = "2026-03-04", "2026-03-11", {"closed_on": "2026-03-10"}
    assert read({**CASE, "decided_on": early, "closed_on": "2026-03-05"}, own).overdue is False
    assert read({**CASE, "decided_on": late, **both}, own).overdue is True
    found = read({**CASE, "decided_on": early, **both}, own)
    assert (found.overdue, found.stopped, found.used, found.undecided) == (None, None, None, ("x",))


def test_everything_of_a_clock_is_open_while_it_is_open_whether_it_runs(book) -> None:
    own = book(
        "clocks: {c: {about: cases, when: x, limit: 5 工作日, starts: received_on, stops: closed_on, alarms: [{signal: red, after: 0}]}}\n"
        "tables: {cases: {x: boolean}}"
    )
    found = read({**CASE, "closed_on": "2026-03-10"}, own)
    assert (found.applies, found.started, found.stopped, found.limit, found.overdue) == (None,) * 5
    assert [(alarm.at, alarm.raised, alarm.undecided) for alarm in found.alarms] == [(None, None, ("x",))]


def test_a_running_pause_leaves_settled_what_it_cannot_change(book) -> None:
    own = book("clocks: {c: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, pauses: [hearing]}}")
    pause = {"kind": "hearing", "from": "2026-03-05", "told": True}
    found = read(CASE, own, records={"pauses": [pause]})
    assert (found.due, found.used, found.overdue, found.undecided) == (None, 2, False, ("pauses:1.to",))
    after = read(CASE, own, records={"pauses": [{**pause, "from": "2026-03-10"}]})
    assert (after.due, after.overdue, after.undecided) == (date(2026, 3, 9), True, ()), "it begins after the due day"


def test_a_signal_is_open_while_an_alarm_that_may_have_come_first_is(book) -> None:
    own = book(
        """
tables: {cases: {x: boolean}}
clocks:
  c:
    about: cases
    limit: 5 工作日
    starts: received_on
    alarms: [{signal: yellow, at: 40%, when: x}, {signal: yellow, after: 0}]
decisions:
  first: {about: cases, hit: first, outcomes: {first: {type: date}}, rules: [{then: =c.yellow_on}]}
"""
    )
    before, raised, over = (case_outcomes(CASE, own, now=date(2026, 3, day))["first"] for day in (3, 5, 12))
    assert (before.open, before.value("first")) == (False, None), "neither was"
    assert (raised.undecided, over.undecided) == (("x",), ("x",))
    known = case_outcomes({**CASE, "x": False}, own, now=NOW)["first"]
    assert known.value("first") == date(2026, 3, 10)


# -- what is open names what can be given


def test_a_clock_read_without_a_day_waits_for_the_day(book) -> None:
    own = book(
        """
clocks: {c: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, alarms: [{signal: red, after: 0}]}}
decisions:
  late: {about: cases, hit: first, rules: [{when: c.overdue, then: true}, {then: false}]}
  used: {about: cases, hit: first, outcomes: {used: {type: decimal}}, rules: [{then: =c.used}]}
  end: {about: cases, hit: first, outcomes: {end: {type: date}}, rules: [{then: =c.due}]}
  warned: {about: cases, hit: first, rules: [{when: known(c.due) and c.red_on >= received_on, then: true}, {then: false}]}
"""
    )
    found = case_outcomes(CASE, own)
    assert [found[name].undecided for name in ("late", "used", "warned")] == [("as_of",)] * 3
    later = case_outcomes({"received_on": "2026-04-01"}, own, now=NOW)
    assert (later["used"].value("used"), later["late"].value("late")) == (0, False)
    assert case_outcomes({}, own, now=NOW)["used"].undecided == ("received_on",)
    unbegun = case_outcomes({}, own)
    assert (unbegun["used"].undecided, unbegun["end"].undecided) == (("as_of", "received_on"), ("received_on",)), "due whatever the day"


# -- a kind of pause goes by its name and by its label


@pytest.mark.parametrize("in_the_book", ["hearing", "听证", "{kind: 听证}"])
@pytest.mark.parametrize("in_the_record", ["hearing", "听证"])
def test_a_kind_of_pause_is_written_by_its_name_or_its_label(book: Any, in_the_book: str, in_the_record: str) -> None:
    own = book(f"clocks: {{c: {{about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, pauses: [{in_the_book}]}}}}")
    pause = {"kind": in_the_record, "from": "2026-03-04", "to": "2026-03-06", "told": True}
    reading = read(CASE, own, records={"pauses": [pause, pause | {"kind": "hearing"}]})
    assert (reading.due, [span.kind for span in reading.paused]) == (date(2026, 3, 12), ["hearing"])


def test_what_a_book_calls_a_kind_of_pause_is_what_its_records_may_write(book: Any) -> None:
    named = "lists: {pause_kinds: {values: {flood: 汛期, fire: 失火, blaze: 失火}}}"
    own = book(f"{named}\nclocks: {{c: {{about: cases, limit: 5 工作日, starts: received_on, pauses: [flood, fire]}}}}")

    def due(kind: str) -> date | None:
        pause = {"kind": kind, "from": "2026-03-04", "to": "2026-03-06", "told": True}
        return read(CASE, own, records={"pauses": [pause]}).due

    assert [due(kind) for kind in ("flood", "汛期", "fire", "听证", "失火", "汛期间")] == [
        *[date(2026, 3, 12)] * 3,
        date(2026, 3, 9),  # no longer called so in this book
        None,  # two kinds are called that
        None,  # likely a slip of the pen
    ]


# -- nothing is dropped unsaid

C = "{about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, pauses: [hearing], extension: {limit: 10 工作日, times: 1}}"
TWO = f"clocks: {{c: {C}}}"


@pytest.mark.parametrize(
    ("records", "undecided", "note"),
    [
        (
            {"extensions": [{"clock": "cc", "granted": True}]},
            ("extensions:1.clock",),
            "row 1 of extensions: the rulebook has no clock 'cc'; did you mean c?",
        ),
        (
            {"pauses": [{"kind": "hearin", "from": "2026-03-03", "to": "2026-03-04"}]},
            ("pauses:1.kind", "pauses:1.told"),
            "the pause of 2026-03-03 (hearin) does not stop this clock; did you mean hearing?",
        ),
        (
            {"pauses": [{"kind": "hearing", "from": "2026-03-03", "too": "2026-03-04", "told": True}]},
            ("pauses:1.to",),
            "row 1 of pauses: the rulebook has no fact 'too'; did you mean to?",
        ),
        (
            {"extensions": [{"clock": "c", "granted": True, "limt": "3个工作日"}]},
            ("extensions:1.limit",),
            "row 1 of extensions: the rulebook has no fact 'limt'; did you mean limit?",
        ),
        (
            {"pausess": [{"kind": "hearing", "from": "2026-03-03"}]},
            ("pauses",),
            "the rulebook has no table 'pausess'; did you mean pauses?",
        ),
        (
            {"extensions": [{"clock": "c", "granted": True}, {"clock": "c", "case": "C2"}]},
            ("extensions:1.case",),
            "row 1 of extensions names no case, and other cases have rows there",
        ),
    ],
)
def test_what_is_misspelt_is_told_and_leaves_open_what_it_may_change(
    book, records: dict[str, Any], undecided: tuple[str, ...], note: str
) -> None:
    found = read(CASE, book(TWO), records=records)
    assert (found.due, found.undecided) == (None, undecided)
    assert note in [words.en for words in found.notes]


def test_blanks_around_ids_are_no_part_of_them(book) -> None:
    rows = {"extensions": [{"case": " C1 ", "clock": " c ", "granted": True}]}
    assert read(CASE, book(TWO), records=rows).due == date(2026, 3, 23)


def test_a_row_that_may_mean_several_clocks_leaves_them_open(book) -> None:
    both = book(
        TWO.removesuffix("}")
        + ", e: {about: cases, limit: 2 工作日, starts: received_on, stops: closed_on, extension: {limit: 1 工作日, times: 1}}}"
    )
    rows = {"extensions": [{"granted": True}]}
    for clock in ("c", "e"):
        assert read(CASE, both, clock, records=rows).undecided == ("extensions:1.clock",)


def test_a_key_that_is_no_fact_is_told(book) -> None:
    found = read({**CASE, "clozed_on": "2026-03-05"}, book(TWO))
    assert [note.en for note in found.notes] == ["the rulebook has no fact 'clozed_on'; did you mean closed_on?"]


def test_what_cannot_be_in_that_order_is_told(book) -> None:
    stopped = read({**CASE, "closed_on": "2026-02-03"}, book(TWO))
    assert [note.en for note in stopped.notes] == ["it stopped on 2026-02-03, before it began on 2026-03-02"]
    later = read({"received_on": "2026-04-02"}, book(TWO))
    assert ([note.en for note in later.notes], later.used, later.overdue) == (["it begins on 2026-04-02, after 2026-03-12"], 0, False)


def test_an_extension_moves_a_due_day_given_outright_and_a_pause_is_told(book) -> None:
    own = book("clocks: {c: {about: cases, due: 'date(\"2026-03-20\")', starts: received_on, extension: {limit: 2 工作日, times: 1}}}")
    rows = {"extensions": [{"granted": True}], "pauses": [{"kind": "hearing", "from": "2026-03-04", "to": "2026-03-05"}]}
    found = read(CASE, own, records=rows)
    assert found.due == date(2026, 3, 24)
    assert [note.en for note in found.notes] == ["the pause of 2026-03-04 does not move a due day given outright"]
    assert read(CASE, own, records={"extensions": [{"asked_on": "2026-03-03"}]}).undecided == ("extensions:1.granted",)


def test_an_alarm_ahead_of_a_due_day_given_outright_is_placed_from_that_day(book) -> None:
    own = book(
        "clocks: {c: {about: cases, due: due_on, starts: received_on, "
        "alarms: [{signal: y, before: 1 工作日}, {signal: b, before: 9 工作日}, {signal: r, after: 0}, {signal: s, at: 50%}]}}"
    )
    found = read({**CASE, "due_on": "2026-03-09"}, own)
    assert [alarm.at for alarm in found.alarms] == [date(2026, 3, 6), date(2026, 3, 2), date(2026, 3, 10), None]


def test_more_open_rows_than_can_be_tried_settle_nothing(book) -> None:
    rows = [{"kind": "hearing", "from": f"2026-03-{day:02}", "to": f"2026-03-{day:02}"} for day in range(3, 15)]
    own = book(
        """
clocks: {c: {about: cases, limit: 5 工作日, starts: received_on, pauses: [hearing]}}
decisions:
  begun: {about: cases, hit: first, rules: [{when: known(c.due) or c.started_on < date("2026-03-03"), then: true}, {then: false}]}
"""
    )
    found = read(CASE, own, records={"pauses": rows})
    assert (found.due, found.overdue, found.paused, len(found.undecided)) == (None, None, (), 10), "those by now"
    assert case_outcomes(CASE, own, now=NOW, records={"pauses": rows})["begun"].open


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_alarms_of_one_day_that_of_the_whole_day_is_seen_first(book, turned: bool) -> None:
    alarms = ["{signal: y, at: 100%, when: x}", "{signal: y, before: 1 工作日}"][:: -1 if turned else 1]
    own = book(
        f"""
tables: {{cases: {{x: boolean}}}}
clocks: {{c: {{about: cases, limit: 3 小时, starts: received_at, alarms: [{", ".join(alarms)}]}}}}
decisions: {{seen: {{about: cases, hit: first, outcomes: {{seen: {{type: date}}}}, rules: [{{then: =c.y_on}}]}}}}
"""
    )
    case = {"case": "C1", "received_at": "2026-02-28 08:15"}
    for x in (None, True, False):
        assert case_outcomes({**case, "x": x}, own, now=NOW)["seen"].value("seen") == date(2026, 2, 28)


# -- ways that cannot be counted

HOURS = """hours: "09:00-12:00 13:00-17:00"
clocks: {c: {about: cases, limit: 14 小时, starts: received_at, extension: {limit: EXTRA, times: 1}}}"""
AT = {"case": "C1", "received_at": "2026-03-02 10:15"}
ASKED = {"case": "C1", "asked_on": "2026-03-02"}


@pytest.mark.parametrize(
    ("ends", "due"), [("close", datetime(2026, 3, 5, 17)), ("day", date(2026, 3, 5)), ("same_time", datetime(2026, 3, 5, 0, 15))]
)
def test_an_hour_limit_that_runs_on_and_is_extended_by_days_ends_as_days_do(book, ends: str, due: date) -> None:
    own = book(HOURS.replace("EXTRA", "2 工作日"), f"{ALL}, ends: {ends}")
    found = read(AT, own, records={"extensions": [{**ASKED, "granted": True}]})
    assert found.due is not None
    assert found.due.replace(tzinfo=None) == due if isinstance(due, datetime) else found.due == due
    assert found.deadline is not None
    assert asked_again(found.deadline, china()).due == found.due


def test_how_an_hour_limit_extended_by_days_ends_is_asked_for(book) -> None:
    own = book(HOURS.replace("EXTRA", "2 工作日"))
    assert read(AT, own, records={"extensions": [{**ASKED, "granted": True}]}).undecided == ("conventions.ends",)
    assert read(AT, own, records={"extensions": [{**ASKED, "granted": False}]}).due is not None


def test_a_way_that_cannot_be_counted_leaves_the_clock_open_and_says_why(book) -> None:
    own = book(
        "clocks: {c: {about: cases, limit: 14 小时, starts: received_at, extension: {limit: 0 工作日, times: 1}}}", f"{ALL}, ends: day"
    )
    found = read(AT, own, records={"extensions": [ASKED]})
    assert (found.due, found.undecided) == (None, ("extensions:1.granted",))
    assert any("extends nothing" in note.en for note in found.notes)
    assert read(AT, own, records={"extensions": [{**ASKED, "granted": False}]}).due is not None
    with pytest.raises(DeadlineError, match="extends nothing"):
        read(AT, own, records={"extensions": [{**ASKED, "granted": True}]})


# -- nothing is chosen unsaid


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_extensions_asked_on_one_day_none_is_chosen_by_the_order_of_the_rows(book, turned: bool) -> None:
    rows = [{"asked_on": "2026-03-03", "granted": True, "limit": "3个工作日"}, {"asked_on": "2026-03-03", "granted": True}]
    found = read(CASE, book(TWO), records={"extensions": rows[::-1] if turned else rows})
    assert (found.due, found.undecided) == (None, ("extensions:1.asked_on", "extensions:2.asked_on"))


def test_a_moment_says_which_extension_was_asked_first(book) -> None:
    rows = [{"asked_on": "2026-03-03 10:00", "granted": True}, {"asked_on": "2026-03-03 09:00", "granted": True, "limit": "3个工作日"}]
    assert read(CASE, book(TWO), records={"extensions": rows}).due == date(2026, 3, 12)


def test_a_convention_that_is_not_stated_opens_its_own_clock_and_no_other(book) -> None:
    own = book(
        "clocks:\n  c: {about: cases, limit: 5 自然日, starts: received_on}\n  e: {about: cases, limit: 5 工作日, starts: received_on}\n",
        "first_day: excluded",
    )
    tuesday = {"received_on": "2026-03-03"}
    assert (read(tuesday, own).due, read(tuesday, own).undecided) == (None, ("conventions.roll",))
    assert read(tuesday, own, "e").due == date(2026, 3, 10)


def test_how_a_day_limit_ends_is_asked_for_where_it_may_end_otherwise(book) -> None:
    plain = "clocks: {c: {about: cases, limit: 5 工作日, starts: received_on}}"
    assert read(CASE, book(plain, "first_day: excluded")).due == date(2026, 3, 9)
    hours = f'hours: "09:00-17:00"\n{plain}'
    assert read(CASE, book(hours, "first_day: excluded")).undecided == ("conventions.ends",)
    assert read(CASE, book(hours, "first_day: excluded, ends: day")).due == date(2026, 3, 9)
    moment = {"received_on": "2026-03-02", "accepted_at": "2026-03-02 10:00"}
    began = read(moment, book(plain.replace("received_on", "accepted_at"), "first_day: excluded"))
    assert (began.due, began.overdue, began.undecided) == (None, True, ("conventions.ends",))


def test_a_share_of_whole_days_asks_for_no_convention(book) -> None:
    own = book(
        "clocks: {c: {about: cases, limit: 10 工作日, starts: received_on, alarms: [{signal: y, at: 90%}, {signal: z, at: 95%}]}}",
        "first_day: excluded",
    )
    whole, part = read(CASE, own, now=date(2026, 3, 20)).alarms
    assert (whole.at, part.at, part.raised, part.undecided) == (date(2026, 3, 13), None, True, ("conventions.percent_alarms",))


# -- alarms fall in the time that the clock counts


def test_an_alarm_on_a_counted_day_without_office_time_is_over_with_the_day(book) -> None:
    own = book(
        'hours: "09:00-12:00 13:00-17:00"\n'
        "clocks: {c: {about: cases, limit: 5 自然日, starts: received_on, alarms: [{signal: red, at: 90%}]}}",
        "first_day: excluded, roll: forward, percent_alarms: hour",
    )
    (alarm,) = read({"received_on": "2026-03-10"}, own).alarms
    assert str(alarm.at) == "2026-03-16 00:00:00+08:00", "the fifth day is a Sunday"


@pytest.mark.parametrize(
    ("amount", "at"),
    [
        ("before: 2 小时", "2026-03-06 16:30"),
        ("before: 20 小时", "2026-03-06 09:30"),
        ("after: 1 小时", "2026-03-09 10:30"),
        ("before: 0 工作日", "2026-03-09"),
    ],
)
def test_an_alarm_of_a_clock_in_office_hours_falls_in_them(book, amount: str, at: str) -> None:
    own = book(
        f'clocks: {{c: {{about: cases, limit: 8 小时, starts: received_at, hours: "09:00-12:00 13:00-18:00", '
        f"alarms: [{{signal: y, {amount}}}]}}}}"
    )
    (alarm,) = read({"received_at": "2026-03-06 09:30"}, own).alarms
    assert str(alarm.at).startswith(at)


# -- a case is late where its promised clock is

DELIVERED = """
clocks: {promised: {about: cases, limit: promised_limit, starts: accepted_on, stops: delivered_on}}
schemes: {late: {scores: window, period: month, total: "count(cases, when=overdue)"}}
"""


@pytest.mark.parametrize(
    ("stops", "closed", "overdue", "workdays"),
    [
        ({"closed_on": "2026-03-06", "delivered_on": "2026-03-11"}, True, True, 2),
        ({"delivered_on": "2026-03-06"}, True, False, 0),
        ({"closed_on": "2026-03-06"}, True, True, 3),
        ({}, False, True, 3),
        ({"due_on": "2026-03-12"}, False, False, 0),
    ],
)
def test_a_case_is_closed_and_late_by_its_own_promised_clock(
    book, stops: dict[str, str], closed: bool, overdue: bool, workdays: int
) -> None:
    case = {"case": "C1", "window": "W", "accepted_on": "2026-03-02", "received_on": "2026-03-02", "promised_days": 5, **stops}
    found = case_outcomes(case, book(DELIVERED), now=NOW)
    assert [found[name].value(name) for name in ("closed", "overdue", "overdue_workdays")] == [closed, overdue, workdays]
    card = score(book(DELIVERED), "late", {"window": [{"window": "W"}], "cases": [case]}, subject="W", period="2026-03", now=NOW)
    assert card.total == int(overdue)


def test_a_stop_that_is_open_leaves_open_whether_the_case_is_late(book) -> None:
    own = book(
        "tables: {cases: {x: boolean}}\n"
        "clocks: {promised: {about: cases, limit: 5 工作日, starts: received_on, stops: delivered_on if x else closed_on}}"
    )
    found = case_outcomes({**CASE, "closed_on": "2026-03-06", "delivered_on": "2026-03-11"}, own, now=NOW)["overdue"]
    assert (found.open, found.undecided) == (True, ("x",))


def test_a_notice_that_reads_a_clock_sees_the_pauses_of_the_case(book) -> None:
    own = book(
        """
clocks: {c: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, pauses: [hearing]}}
notices: {late: {title: 延期告知书, about: cases, when: c.overdue, states: [c.due]}}
"""
    )
    pause = {"kind": "hearing", "from": "2026-03-03", "to": "2026-03-10", "told": True}
    assert [notice.kind for notice in classify(CASE, own, as_of=NOW).notices] == ["late"]
    assert classify({**CASE, "pauses": [pause]}, own, as_of=NOW).notices == ()
    assert classify(CASE, own, as_of=NOW, records={"pauses": [pause]}).notices == ()
