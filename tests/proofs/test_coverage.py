"""How good test cases are: rules not reached, changes not noticed, and the cases that would notice them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.errors import DecisionError
from govservice.rules import Rulebook

APPROVES = """
rulebook: approves
tables: {application: {days: {type: decimal, min: 0, max: 30}, urgent: boolean, words: text}}
decisions:
  approver:
    about: application
    hit: first
    rules:
      - {id: head, when: days <= 1, then: head}
      - {id: office, when: days > 1 and days < 7, then: office}
      - {id: leader, when: days >= 7 or urgent, then: leader}
  read: {about: application, hit: first, rules: [{id: y, when: 'starts_with(words, "急") or urgent', then: true}, {id: n, then: false}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    path = tmp_path / "approves.yaml"
    path.write_text(APPROVES, encoding="utf-8")
    return load_rulebook(path)


def case(expect: str, **facts: Any) -> dict[str, Any]:
    return {"decision": "approver", "facts": facts, "expect": {"approver": expect}}


def test_offered_cases_reach_every_rule_and_notice_every_change_that_is_not_proved_to_be_none(book: Rulebook) -> None:
    poor = [case("office", days=3, urgent=False)]
    found = book.coverage(poor)
    assert found.unreached == ("approver.head", "approver.leader")
    assert len(found.survivors) + len(found.equivalent) + found.killed == found.mutants
    better = book.coverage([*poor, *found.offered])
    assert better.unreached == ()
    assert better.survivors == ()
    assert better.offered == ()
    assert better.killed == better.mutants - len(better.equivalent)
    assert better.equivalent == found.equivalent


def test_equivalent_changes_are_proved_and_named(book: Rulebook) -> None:
    found = book.coverage([case("office", days=3, urgent=False)])
    said = [mutant.text() for mutant in found.equivalent]
    assert "approver.office: days > 1 and days < 7 -> days >= 1 and days < 7" in said
    assert all("days <= 1 -> days < 1" not in text for text in said)


def test_what_cannot_be_proved_is_undecided_and_not_called_equivalent(book: Rulebook) -> None:
    found = book.coverage([{"decision": "read", "facts": {"words": "慢", "urgent": False}, "expect": {"read": False}}])
    assert found.unreached == ("read.y",)
    assert not any("starts_with" in mutant.said.en and mutant in found.equivalent for mutant in found.survivors)


def test_a_change_that_only_a_setting_would_show_is_undecided_and_no_case_is_offered_for_it(tmp_path: Path) -> None:
    path = tmp_path / "held.yaml"
    path.write_text(
        "rulebook: held\nsettings: {most: {type: integer}}\ntables: {application: {days: {type: integer, min: 0}}}\n"
        "decisions:\n  held: {about: application, hit: first, rules: [{id: y, when: days > most, then: true}, {id: n, then: false}]}\n",
        encoding="utf-8",
    )
    found = load_rulebook(path).coverage([{"decision": "held", "facts": {"days": 3}, "expect": {"held": "open"}}])
    assert [mutant.text("zh") for mutant in found.undecided] == ["held.y: 天数 > most 改为 天数 ≥ most", "held.n: 删去这条规则"]
    assert (found.undecided, found.equivalent, found.offered) == (found.survivors, (), ())


def test_a_case_that_does_not_hold_or_names_nothing_is_refused(book: Rulebook) -> None:
    with pytest.raises(DecisionError, match="case 1 of approver does not hold"):
        book.coverage([case("head", days=3, urgent=False)])
    with pytest.raises(DecisionError, match="case 1: no decision 'aprover'"):
        book.coverage([{"decision": "aprover", "facts": {}, "expect": {"approver": "head"}}])
    with pytest.raises(DecisionError, match="case 2: facts and expect are mappings"):
        book.coverage([case("office", days=3, urgent=False), {"decision": "approver", "facts": {}, "expect": {"other": 1}}])


def test_offered_cases_of_a_shipped_book_hold() -> None:
    book = load_rulebook("kunshan")
    first = {"decision": "green_channel", "facts": {"key_project": True}, "expect": {"green_channel": True}, "on": "2026-11-20"}
    found = book.coverage([first])
    assert found.offered
    better = book.coverage([first, *found.offered])
    assert better.unreached == ()
    assert better.killed + len(better.equivalent) + len(better.undecided) == better.mutants
