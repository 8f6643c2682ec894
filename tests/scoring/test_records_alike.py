"""Records that say the same are worked out once, and come to what each comes to by itself."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from govservice import NONE, Rulebook, grade, load_rulebook, score
from govservice.assessment import alike
from govservice.assessment.alike import AlikeRecords
from govservice.assessment.alike_rows import AlikeRows
from govservice.errors import GovServiceError

from .centre import STATED, book, card, case, event, month, total

Records = dict[str, list[dict[str, Any]]]
SETTINGS = {"excellent_at": 95, "competent_at": 80, "red_flags": 3, "stand_in_points": 1}

# a signal while a clock runs, a decision about what a clock says, about today, about other rows, about what may not be readable
CENTRE = """
rulebook: alike
conventions:
  first_day: excluded
  roll: forward
  part_floor: none
  part_overflow: capped
  cleared_signals: counted
  same_occurrence: each
tables:
  staff: {grade_of_staff: text}
  cases:
    closed_at: {type: moment}
    weight: {type: decimal}
    hard: {type: boolean}
    promised_again: {type: date}
    asked_on: {type: date}
  visits: {of: cases, dated_by: visited_on, visited_on: {type: date}, unhappy: {type: boolean}}
clocks:
  answer:
    label: 答复
    about: cases
    when: not (hard and weight > 2) and grade_of_staff != "new"
    limit: promised_limit
    starts: received_on
    stops: [closed_on, closed_at]
    pauses: [{kind: hearing}]
    alarms: [{signal: yellow, before: 1 workday}, {signal: red, after: 0 workdays}]
decisions:
  course: {about: cases, hit: first, rules: [{when: hard, then: long}, {when: weight > 3 and not hard, then: heavy}, {then: plain}]}
  both:
    about: cases
    hit: unique
    rules: [{when: weight > 5, then: much}, {when: hard, then: hard_one}, {when: not hard and weight <= 5, then: little}]
  seen: {about: cases, hit: first, rules: [{when: "hard and count(visits, when=unhappy) > 0", then: unhappy}, {then: unseen}]}
  behind: {about: cases, hit: first, rules: [{when: answer.overdue, then: true}, {when: promised_again < as_of, then: true}, {then: false}]}
  quiet: {about: cases, hit: first, rules: [{when: asked_on < as_of and weight > 3, then: loud}, {then: quiet}]}
  again: {about: cases, when: hard, hit: first, outcomes: {again: date}, rules: [{then: =asked_on}]}
  later: {about: cases, from: 2026-03-10, hit: first, rules: [{when: weight > 1, then: 2}, {then: 1}]}
schemes:
  month:
    scores: staff
    period: month
    parts:
      work:
        full: 100
        items:
          - {id: plain, for: cases, when: course != "plain", points: -1}
          - {id: much, for: cases, when: both == "much", points: -0.5 * weight}
          - {id: seen, for: cases, when: seen == "unhappy", points: -2}
          - {id: behind, for: cases, when: behind, points: -3}
          - {id: yellow, for: answer.yellow, points: -0.1}
          - {id: red, for: answer.red, points: -1}
          - {id: days, for: cases, points: -0.01 * answer.used}
          - {id: loud, for: cases, when: quiet == "loud", points: -0.2}
          - {id: kind, for: cases, when: later == 2, points: 0.5}
"""


def months_of_kunshan(chance: Random) -> Records:
    def maybe(value: object) -> object:
        return value if chance.random() < 0.95 else None

    def day() -> date:
        return date(2026, 1, 5) + timedelta(chance.randrange(40))

    def case(number: int) -> dict[str, Any]:
        made = {
            "case": f"C{number}", "staff": f"S{number % 3}", "window": f"W{number % 2}", "received_on": day(), "closed_on": maybe(day()),
            "promised_days": maybe(chance.choice((2, 5))), "case_type": maybe(chance.choice(("promised", "instant", "returned"))),
            "result_wrong": maybe(chance.random() < 0.2), "main_document": maybe(chance.choice(["present", "lacking"])),
            "materials_completed_on": maybe(day()), "departments": maybe(1),
        }  # fmt: skip
        return made | chance.choice(({}, {}, {}, {"due_on": day()}, {"main_document": "some"}))

    cases = [case(number) for number in range(250)]
    return {
        "department": [{"department": "D0"}],
        "window": [{"window": f"W{n}", "department": "D0", "overall_rating": "good"} for n in range(2)],
        "staff": [{"staff": f"S{n}", "window": f"W{n % 2}", "post": "窗口"} for n in range(3)],
        "events": [
            {"kind": "result_error", "on": day(), "staff": f"S{n % 3}", "window": f"W{n % 2}", "case": f"C{n}", "assessed": -1}
            for n in range(0, 60, 5)
        ],
        "cases": cases,
        "complaints": [],
        "pauses": [{"case": f"C{n}", "kind": "hearing", "from": day(), "told": True} for n in range(0, 250, 9)],
    }


def months_of_a_centre(chance: Random) -> Records:
    def day() -> date:
        return date(2026, 3, 2) + timedelta(chance.randrange(12))

    def moment() -> datetime:
        return datetime(2026, 3, chance.randrange(4, 9), chance.choice((8, 20)), tzinfo=UTC)

    def case(number: int) -> dict[str, Any]:
        made: dict[str, Any] = {"case": f"C{number}", "staff": f"S{number % 4}", "received_on": day()}
        made["promised_limit"] = chance.choice(("2 workdays", "2个工作日", "1 natural day"))
        made["hard"] = chance.choice((True, False, None, "yes", 1, "perhaps") if chance.random() < 0.3 else (True, False))
        made["weight"] = chance.choice((1, 1.0, Decimal("1.0"), Decimal("4.50"), 6, "6", True, None) if number % 3 else (1, 6))
        made["promised_again"] = chance.choice((date(2026, 3, 9), date(2026, 4, 9), None, "2026-03-09"))
        made["asked_on"] = chance.choice((date(2026, 3, 9), "soon", None))
        made |= chance.choice(({}, {"closed_on": day()}, {"closed_on": day()}, {"closed_at": moment()}, {"promised_again": "soon"}))
        return made

    return {
        "staff": [{"staff": f"S{n}", "grade_of_staff": chance.choice(("new", "old"))} for n in range(3)] + [{"staff": "S3"}],
        "cases": [case(number) for number in range(200)],
        "visits": [{"case": f"C{n}", "visited_on": day(), "unhappy": chance.random() < 0.5} for n in range(0, 200, 3)],
        "pauses": [{"case": f"C{n}", "kind": "hearing", "from": day(), "told": True} for n in range(0, 200, 11)],
    }


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = Path(tmp_path_factory.mktemp("alike")) / "alike.yaml"
    path.write_text(textwrap.dedent(CENTRE), encoding="utf-8")
    return load_rulebook(path)


def each_row_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kinds of rows: every row is read under every item and in every count."""
    monkeypatch.setattr(AlikeRows, "of_item", lambda self, item, scheme: None)  # noqa: ARG005
    monkeypatch.setattr(AlikeRows, "of_count", lambda self, of: None)  # noqa: ARG005


def said(work: Callable[[], object]) -> object:
    try:
        return work()
    except GovServiceError as error:
        return type(error), str(error)


def told(book: Rulebook, records: Records, schemes: tuple[str, ...], grades: tuple[str, ...], now: date | None) -> list[object]:
    """All that cards and grades say, in words, and as they are."""
    periods = {"month": ("2026-01", "2026-02", "2026-03"), "window_month": ("2026-01", "2026-02"), "staff_year": ("2026",)}
    found: list[object] = []
    for scheme in schemes:
        for period in periods[scheme]:
            cards = said(lambda scheme=scheme, period=period: score(book, scheme, records, period=period, now=now))  # type: ignore[misc]
            found.append(cards)
            found += [card.explain(language) for card in cards for language in ("en", "zh")] if isinstance(cards, list) else []
    return found + [said(lambda given=given: grade(book, given, records, period="2026", now=now)) for given in grades]  # type: ignore[misc]


@pytest.mark.parametrize("now", [None, date(2026, 2, 3), date(2026, 3, 9)])
@pytest.mark.parametrize("made", ["kunshan", "centre", "centre, with moments"])
@pytest.mark.parametrize("seed", range(2))
def test_what_is_remembered_of_records_is_what_each_comes_to(
    made: str, now: date | None, seed: int, centre: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(f"{made} {seed}")
    kunshan = made == "kunshan"
    book = load_rulebook("kunshan", settings=SETTINGS) if kunshan else centre
    records = months_of_kunshan(chance) if kunshan else months_of_a_centre(chance)
    if made == "centre":  # what none of them leaves open
        for case in records["cases"]:
            case |= {name: fits for name, fits in (("hard", True), ("weight", 6)) if case[name] not in (True, False, 1, 6)}
            case.pop("closed_at", None)
    schemes, grades = (("window_month", "staff_year"), ("staff_grade",)) if kunshan else (("month",), ())
    monkeypatch.setattr(alike, "_TRIED", 100_000)  # remember everything
    met: list[object] = []
    shared = AlikeRecords._shared

    def counted(self: AlikeRecords, place: Any, key: Any, record: Any, work: Any) -> Any:
        if self._known[place].get(key) is not None:
            met.append(key)
        return shared(self, place, key, record, work)

    whole = told(book, records, schemes, grades, now)
    monkeypatch.setattr(AlikeRecords, "_shared", counted)
    each_row_read(monkeypatch)
    remembered = told(book, records, schemes, grades, now)
    assert len(met) > 20
    assert sum(isinstance(cards, list) and len(cards) > 1 for cards in remembered) > 1
    monkeypatch.setattr(AlikeRecords, "_key", lambda self, place, record: None)  # noqa: ARG005
    assert told(book, records, schemes, grades, now) == remembered
    assert whole == remembered


# -- what one of several says is not taken for what another says

MONTHS = """
schemes:
  month:
    scores: staff
    period: month
    parts: {{work: {{full: 100, items: [{{id: late, for: cases, when: {when}, points: {points}}}]}}}}
  quarter: {{scores: staff, period: quarter, total: sum(month)}}
clocks: {{answer: {{about: cases, limit: 5个工作日, starts: accepted_on, stops: closed_on}}}}
decisions: {{behind: {{about: cases, hit: first, rules: [{{when: due_on < as_of, then: true}}, {{then: false}}]}}}}
"""


@pytest.mark.parametrize("points", ["-1", "-1 * nth"])
@pytest.mark.parametrize("when", ["due_on < as_of", "behind", "answer.overdue"])
def test_cases_that_say_the_same_are_late_as_of_the_last_day_of_the_month_of_each(when: str, points: str) -> None:
    of = book(MONTHS.format(when=when, points=points), f"{STATED}, first_day: excluded, roll: forward")
    said_alike = {"due_on": "2026-08-15", "accepted_on": "2026-08-10"}
    cases = [case(number, f"2026-0{number}-12", **said_alike) for number in (7, 8, 9)]
    assert total(of, scheme="quarter", period="2026-Q3", cases=cases) == 298


def test_each_of_several_cases_waits_for_its_own_fact_whether_a_decision_applies(centre: Rulebook) -> None:
    cases = [{"case": f"C{number}", "received_on": "2026-03-02", "asked_on": NONE} for number in (1, 2)]
    found = grade(centre, "again", {"cases": cases, "visits": []}, period="2026-03")
    assert [(one.subject, one.possible, one.undecided) for one in found] == [("C1", (None,), ("hard",)), ("C2", (None,), ("hard",))]


def test_each_of_several_rows_waits_for_its_own_fact_how_much_it_adds() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 'sum(late, 1 if minutes > 10 else 3)'}}")
    found = card(of, event("late", 12), event("late", 13))
    assert (found.low, found.high, [one.needs for one in found.open]) == (2, 6, [("late:1.minutes", "late:2.minutes")])


def test_how_long_cases_last_may_be_on_record_of_what_is_decided_by_more_than_they_say() -> None:
    of = book(
        """
        clocks: {answer: {about: cases, when: count(extensions) < 3, limit: 5个工作日, starts: received_on, stops: closed_on}}
        decisions:
          told: {about: cases, hit: first, outcomes: {told_on: date}, rules: [{when: answer.overdue, then: =due_on}, {then: =received_on}]}
        schemes: {month: {scores: staff, period: month, total: "sum(cases, in_period.days, lasts=[told_on, closed_on])"}}
        """,
        "first_day: excluded, roll: forward",
    )
    cases = [case(number, told_on="2026-10-13", closed_on="2026-10-15") for number in (1, 2)]
    assert total(of, cases=cases, extensions=[]) == 6


@pytest.mark.parametrize("points", ["-2 if excused and minutes > 3 else -1", "-1 if not (excused and minutes > 3) else -2"])
def test_a_line_shows_what_an_item_before_it_read_of_its_row(points: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = month(f'{{id: long, for: late, when: minutes > 5, points: -1}}\n{{id: each, for: late, points: "{points}"}}')
    rows = [event("late", day, minutes=9, excused=False) for day in (12, 13)]
    found = card(of, *rows)
    each_row_read(monkeypatch)
    assert found.lines == card(of, *rows).lines
    assert [line.facts for line in found.lines if line.item == "each"] == [{"excused": False, "minutes": 9}] * 2
