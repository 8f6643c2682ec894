"""What would have given another outcome: the smallest changes of facts, the nearest values, each tried."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from govservice import NONE, load_rulebook
from govservice.errors import ConflictError, DecisionError
from govservice.rules import Rulebook
from govservice.rules.book.files import shipped_books
from govservice.rules.meaning.outcomes import Outcome

APPROVES = """
rulebook: approves
tables:
  application:
    days: {type: decimal, label: 天数, min: 0}
    urgent: {type: boolean, label: 加急}
    whole: integer
    asked: date
    due: date
    papers: list
    words: text
decisions:
  approver:
    about: application
    hit: first
    rules:
      - {id: head, when: days <= 1, then: head}
      - {id: office, when: days < 7 and not urgent, then: office}
      - {id: leader, then: leader}
  above:
    about: application
    hit: first
    rules: [{id: m, when: days > 5, then: more}, {id: w, when: whole > 5, then: whole}, {id: l, then: less}]
  in_time: {about: application, hit: first, rules: [{id: y, when: asked <= due, then: true}, {id: n, then: false}]}
  complete: {about: application, hit: first, rules: [{id: y, when: '"图" in papers and "表" in papers', then: true}, {id: n, then: false}]}
  read:
    about: application
    hit: first
    rules: [{id: y, when: 'contains(words, "急")', then: true}, {id: u, when: urgent, then: true}, {id: n, then: false}]
  used:
    about: application
    hit: unique
    rules: [{id: f, when: whole < 5 and urgent, then: fast}, {id: u, when: days <= 1, then: slow}]
  read_late: {about: application, hit: first, rules: [{id: l, when: used == "fast" or urgent, then: true}, {id: n, then: false}]}
  worded: {about: application, hit: first, rules: [{id: k, when: words == "甲" or words == "乙" and urgent, then: no}, {id: y, then: yes}]}
  after: {about: application, hit: first, rules: [{id: f, when: approver == "head", then: fast}, {id: s, then: slow}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    path = tmp_path / "approves.yaml"
    path.write_text(APPROVES, encoding="utf-8")
    return load_rulebook(path)


def told(outcome: Outcome) -> list[tuple[dict[str, object], object]]:
    return [(dict(change.facts), change.outcome) for change in outcome.contrast()]


def test_the_fewest_facts_come_first_and_then_the_nearest(book: Rulebook) -> None:
    changes = told(book.decide("approver", {"days": 6, "urgent": False}))
    assert changes == [({"urgent": True}, "leader"), ({"days": 7}, "leader"), ({"days": 1}, "head")]


def test_beyond_an_open_bound_a_decimal_moves_by_a_hundredth_and_a_whole_number_by_one(book: Rulebook) -> None:
    changes = told(book.decide("above", {"days": 2, "whole": 3}))
    assert changes == [({"whole": 6}, "whole"), ({"days": Decimal("5.01")}, "more")]


def test_a_decimal_moves_by_the_step_of_its_column(tmp_path: Path) -> None:
    path = tmp_path / "approves.yaml"
    path.write_text(APPROVES.replace("label: 天数, min: 0", "label: 天数, min: 0, step: 0.5"), encoding="utf-8")
    changes = told(load_rulebook(path).decide("above", {"days": 2, "whole": 3}))
    assert changes == [({"whole": 6}, "whole"), ({"days": Decimal("5.5")}, "more")]


def test_facts_that_hang_on_one_another_move_as_far_as_they_must(book: Rulebook) -> None:
    changes = told(book.decide("in_time", {"asked": date(2026, 6, 5), "due": date(2026, 6, 3)}))
    assert changes == [({"asked": date(2026, 6, 3)}, True), ({"due": date(2026, 6, 5)}, True)]


def test_one_more_paper_would_do(book: Rulebook) -> None:
    changes = told(book.decide("complete", {"papers": ["图"]}))
    assert changes == [({"papers": ("图", "表")}, True)]


def test_an_open_outcome_is_told_what_would_settle_it(book: Rulebook) -> None:
    outcome = book.decide("approver", {"days": 6})
    assert outcome.open
    assert ({"urgent": True}, "leader") in told(outcome)
    assert ({"urgent": False}, "office") in told(outcome)
    assert ({"days": 1}, "head") in told(outcome)


def test_decisions_that_are_used_are_followed_to_their_facts_and_recorded_ones_are_facts(book: Rulebook) -> None:
    assert told(book.decide("after", {"days": 6, "urgent": False})) == [({"days": 1}, "fast")]
    assert told(book.decide("after", {"days": 6, "urgent": False, "approver": "office"})) == [({"approver": "head"}, "fast")]


def test_where_a_decision_that_is_used_would_contradict_itself_more_facts_are_changed(book: Rulebook) -> None:
    outcome = book.decide("read_late", {"days": 1, "whole": 3, "urgent": False})
    assert told(outcome) == [({"days": Decimal("1.01"), "urgent": True}, True), ({"urgent": True, "whole": 5}, True)]
    with pytest.raises(ConflictError):
        book.decide("read_late", {"days": 1, "whole": 3, "urgent": True})


def test_a_text_that_can_be_named_is(book: Rulebook) -> None:
    assert told(book.decide("worded", {"words": "丙", "urgent": True})) == [({"words": "甲"}, "no")]
    assert told(book.decide("worded", {"words": "甲", "urgent": False})) == [({"words": "乙"}, "yes")]


def test_a_fact_that_is_none_may_be_something(book: Rulebook) -> None:
    assert told(book.decide("worded", {"words": NONE, "urgent": True})) == [({"words": "甲"}, "no")]
    assert told(book.decide("above", {"days": NONE, "whole": 3})) == [({"days": 6}, "more"), ({"whole": 6}, "whole")]


@pytest.mark.parametrize(("fact", "kind", "said"), [("papers", "list", ["图"]), ("within", "limit", "5个工作日"), ("many", "integer", 5)])
def test_what_a_record_says_may_be_none_where_its_column_has_a_word_for_it(book: Rulebook, fact: str, kind: str, said: object) -> None:
    rules = [{"id": "n", "when": f"is_none({fact}) or urgent", "then": "true"}, {"id": "r", "then": "false"}]
    lacking = {"about": "application", "hit": "first", "rules": rules}
    tried = book.amend({f"tables.application.{fact}": {"type": kind, "none": ["无"]}, "decisions.lacking": lacking})
    assert told(tried.decide("lacking", {fact: said, "urgent": False})) == [({fact: NONE}, True), ({"urgent": True}, True)]


def test_a_number_moves_to_another_number_sooner_than_to_none(book: Rulebook) -> None:
    rules = [{"id": "n", "when": "is_none(many) or many > 10", "then": "true"}, {"id": "r", "then": "false"}]
    late = {"about": "application", "hit": "first", "rules": rules}
    tried = book.amend({"tables.application.many": {"type": "integer", "none": ["无"]}, "decisions.late": late})
    assert told(tried.decide("late", {"many": 5})) == [({"many": 11}, True)]


def test_what_something_not_analysed_reads_stays_and_is_named(book: Rulebook) -> None:
    changes = book.decide("read", {"words": "慢", "urgent": False}).contrast()
    assert [dict(change.facts) for change in changes] == [{"urgent": True}]
    assert changes.not_analysed == ('contains(words, "急")',)


def test_a_change_is_said_in_both_languages(book: Rulebook) -> None:
    change = book.decide("approver", {"days": 6, "urgent": False}).contrast()[0]
    assert change.text("zh") == "加急 是，即为leader"
    assert change.text() == "with urgent true it would be leader"


def test_one_paper_makes_an_instant_case_of_it() -> None:
    facts = {
        "main_document": "present", "nonmain_missing": 0, "attachments_missing": 1, "missing_affects_approval": False,
        "departments": 1, "ordinary": True, "simple": True, "same_day_possible": True, "formal": True,
        "plainly_against_policy": False, "plainly_against_plan": False,
    }  # fmt: skip
    outcome = load_rulebook("kunshan", settings={"few_attachments": 2}).decide("case_type", facts, on=date(2026, 11, 20))
    assert outcome.value("case_type") == "supplement"
    (change,) = (change for change in outcome.contrast() if dict(change.facts) == {"attachments_missing": 0})
    assert (change.outcome, change.text("zh")) == ("instant", "附件缺件数 0，即为即办件")


DEFAULTS = """
rulebook: defaults
tables:
  application:
    days: {type: decimal, min: 0, default: 2.5}
    urgent: {type: boolean, default: false}
    words: {type: text, default: 平}
    kind: {type: choice, values: {a: 甲, b: 乙}, default: a}
    papers: {type: list, default: 图}
decisions:
  way:
    about: application
    hit: first
    rules: [{id: u, when: urgent, then: x}, {id: w, when: words == "急", then: x}, {id: d, when: days < 1, then: y}, {id: r, then: z}]
  sort: {about: application, hit: first, rules: [{id: b, when: kind == "b", then: x}, {id: r, then: z}]}
  full: {about: application, hit: first, rules: [{id: p, when: '"图" in papers and "表" in papers', then: true}, {id: n, then: false}]}
"""


def test_what_stands_unless_it_is_said_may_be_said_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "defaults.yaml"
    path.write_text(DEFAULTS, encoding="utf-8")
    book = load_rulebook(path)
    assert told(book.decide("way", {})) == [({"urgent": True}, "x"), ({"words": "急"}, "x"), ({"days": Decimal("0.99")}, "y")]
    assert told(book.decide("way", {})) == told(book.decide("way", {"urgent": False, "words": "平", "days": Decimal("2.5")}))
    assert told(book.decide("sort", {})) == [({"kind": "b"}, "x")]
    changes = book.decide("full", {}).contrast()
    assert (tuple(changes), changes.not_analysed) == ((), ('"图" in papers', '"表" in papers'))  # a list that stands is not analysed


@pytest.mark.parametrize(
    ("facts", "changes"),
    [
        ({"days": 9}, [({"days": Decimal("4.99")}, 20), ({"days": 2}, "2.5")]),
        ({"days": 4}, [({"days": 5}, 30), ({"days": 2}, "2.5")]),
        ({"days": 1}, [({"days": Decimal("2.01")}, 20), ({"days": 5}, 30)]),
    ],
)
def test_numbers_that_are_granted_differ_too_and_values_are_as_a_record_has_them(
    tmp_path: Path, facts: dict[str, object], changes: list[tuple[dict[str, object], object]]
) -> None:
    path = tmp_path / "fees.yaml"
    path.write_text(
        "rulebook: fees\ntables: {application: {days: {type: decimal, min: 0}}}\n"
        "decisions:\n  fee:\n    about: application\n    hit: first\n"
        "    rules: [{id: s, when: days <= 2, then: 2.5}, {id: m, when: days < 5, then: 20}, {id: l, then: 30}]\n",
        encoding="utf-8",
    )
    found = told(load_rulebook(path).decide("fee", facts))
    wanted = [(facts, Decimal(outcome) if isinstance(outcome, str) else outcome) for facts, outcome in changes]
    assert repr(found) == repr(wanted)  # a Decimal, not a fraction


SPOKEN = """
rulebook: spoken
tables: {application: {days: {type: decimal, min: 0}, urgent: boolean}}
decisions:
  spoken:
    about: application
    hit: first
    outcomes: {spoken: {type: text}}
    rules: [{id: l, when: days > 30 and urgent, then: 特急}, {id: r, then: 平件}]
  read:
    about: application
    hit: first
    rules: [{id: y, when: 'not contains(spoken, "急") and urgent', then: true}, {id: n, then: false}]
"""


def test_what_something_not_analysed_reads_through_a_decision_stays_unless_that_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "spoken.yaml"
    path.write_text(SPOKEN, encoding="utf-8")
    book = load_rulebook(path)
    assert told(book.decide("read", {"days": 6, "urgent": False})) == []
    assert told(book.decide("read", {"days": 6, "urgent": False, "spoken": "平件"})) == [({"urgent": True}, True)]


REFUSED = """
rulebook: refused
tables: {application: {a: boolean, b: boolean, c: boolean, d: boolean, e: boolean, f: boolean, g: boolean, whole: integer}}
decisions:
  used:
    about: application
    hit: unique
    rules: [{id: x, when: a or b or c or d or e or f or g and whole > 9, then: fast}, {id: y, then: slow}]
  asked:
    about: application
    hit: first
    rules: [{id: l, when: used == "fast" or a or b or c or d or e or f or g, then: true}, {id: n, then: false}]
"""


def test_many_facts_by_which_a_decision_that_is_used_would_contradict_itself_hide_no_other(tmp_path: Path) -> None:
    path = tmp_path / "refused.yaml"
    path.write_text(REFUSED, encoding="utf-8")
    outcome = load_rulebook(path).decide("asked", {**dict.fromkeys("abcdefg", False), "whole": 1})
    assert told(outcome) == [({"g": True}, True)]


RESTED = """
rulebook: rested
tables: {staff: {years: {type: integer, min: 0}, eager: boolean}}
measures: {following: {value: years + 1}}
decisions:
  rests:
    about: staff
    hit: first
    rules: [{id: y, when: following % 7 == 3 and years > 15, then: true}, {id: e, when: eager, then: true}, {id: n, then: false}]
"""


def test_what_something_not_analysed_reads_through_a_measure_stays(tmp_path: Path) -> None:
    path = tmp_path / "rested.yaml"
    path.write_text(RESTED, encoding="utf-8")
    changes = load_rulebook(path).decide("rests", {"years": 2, "eager": False}).contrast()
    assert [dict(change.facts) for change in changes] == [{"eager": True}]
    assert changes.not_analysed == ("following % 7",)


def test_of_a_kept_outcome_nothing_can_be_asked(book: Rulebook) -> None:
    outcome = book.decide("approver", {"days": 6, "urgent": False})
    kept = pickle.loads(pickle.dumps(outcome))
    assert kept == outcome
    with pytest.raises(DecisionError, match="nothing can be asked any more; decide again"):
        kept.contrast()
    with pytest.raises(DecisionError):
        Outcome.from_json(outcome.to_json()).contrast()


def test_nobody_is_told_to_bring_less_than_nothing() -> None:
    """Whole numbers of the shipped books' tables count something, so no change may lead below none of it."""
    unbounded = [
        f"{id}: {table}.{column.id}"
        for id in shipped_books()
        for table, declared in load_rulebook(id).contents.tables.items()
        for column in declared.columns.values()
        if column.type.kind == "integer" and column.type.low is None
    ]
    assert unbounded == []
