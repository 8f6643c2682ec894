"""Examples of a book's own: read and typed where it is loaded, listed, amended, tried."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govservice import Rulebook
from govservice.cli import main
from govservice.errors import RulebookError
from govservice.examples import failed_examples

Load = Callable[..., Rulebook]

BOOK = """
rulebook: own
conventions: {first_day: excluded, roll: forward, part_floor: "0", part_overflow: capped, part_served: full}
tables: {application: {area: {type: decimal, label: 面积}, food: boolean}}
events: {late: {label: 迟到, has: {times: integer}}}
decisions:
  visit:
    label: 核查
    about: application
    hit: first
    when: known(area)
    rules: [{id: large, when: area >= 200 or food, then: on_site}, {id: small, then: on_paper}]
    examples:
      - {id: large, given: {面积: 350}, then: on_site, cite: 第5条}
      - {id: unsure, given: {area: 80}, then: open}
      - {id: nothing-known, given: {food: 是}, then: none}
  overrun:
    about: cases
    hit: first
    rules: [{when: reply.overdue, then: true}, {then: false}]
    examples:
      - {given: {受理日: 2026-03-02}, now: 2026-03-10, then: 是}
      - given: {accepted_on: 2026-03-02, pauses: [{kind: hearing, from: 2026-03-03, to: 2026-03-09, told: 是}]}
        now: 2026-03-10
        then: false
  graded:
    about: month
    hit: first
    rules: [{when: total >= 9, then: good}, {then: poor}]
    examples:
      - {given: {events: [{kind: late, staff: A, on: 2026-11-03}]}, subject: A, period: 2026-11, then: good}
schemes:
  month:
    scores: staff
    period: month
    parts: {discipline: {full: 10, items: [{id: late, for: late, points: -1}]}}
    examples:
      - id: twice
        given: {事件: [{kind: 迟到, staff: A, on: 2026-11-03, times: 1}, {kind: late, staff: A, on: 2026-11-04}], staff: [{staff: A}]}
        subject: A
        period: 2026-11
        then: {total: 8, parts.discipline: 8}
clocks:
  reply: {about: cases, limit: 5 工作日, starts: accepted_on, stops: closed_on, pauses: [hearing], pause_needs_notice: yes}
"""


def test_examples_are_listed_and_hold(load: Load) -> None:
    book = load(BOOK)
    assert [(entry, example.id) for entry, example in book.examples] == [
        ("decisions.visit", "large"),
        ("decisions.visit", "unsure"),
        ("decisions.visit", "nothing-known"),
        ("decisions.overrun", "1"),
        ("decisions.overrun", "2"),
        ("decisions.graded", "1"),
        ("schemes.month", "twice"),
    ]
    assert failed_examples(book) == ()


def test_an_example_that_comes_out_otherwise_is_told(load: Load) -> None:
    book = load(BOOK).amend(
        {
            "decisions.visit.rules.large.when": "area >= 400 or food",
            "schemes.month.parts.discipline.items.late.points": "-2",
        }
    )
    assert [failure.text() for failure in failed_examples(book)] == [
        "book.yaml:14: decisions.visit, example large: visit should be on_site, and is open",
        "book.yaml:31: decisions.graded, example 1: graded should be good, and is poor",
        "book.yaml:38: schemes.month, example twice: total should be 8, and is 6",
        "book.yaml:38: schemes.month, example twice: parts.discipline should be 8, and is 6",
    ]
    assert failed_examples(book)[2].text("zh") == "book.yaml:38: schemes.month 的例子 twice：总分（total） 应为 8，得 6"


def test_a_call_that_is_refused_fails_its_example_and_says_why(load: Load) -> None:
    book = load(BOOK).amend({"schemes.month.examples.twice.subject": "B"})
    failed = failed_examples(book)
    assert [(one.example, one.found) for one in failed] == [("twice", None), ("twice", None)]
    assert failed[0].why is not None
    assert "B" in failed[0].text()


def test_examples_are_amended_by_id_like_rules(load: Load) -> None:
    book = load("amends: base.yaml\ndecisions: {visit: {examples: [{id: large, then: on_paper}]}}\n", files={"base.yaml": BOOK})
    assert [example.then for _, example in book.examples][:2] == [(("visit", "on_paper"),), (("visit", "open"),)]
    assert len(failed_examples(book)) == 1


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("{given: {aera: 3}, then: on_site}", 'unknown fact "aera"; did you mean "area"?'),
        ("{given: {area: 大}, then: on_site}", "area must be a decimal"),
        ("{given: {area: 3}, then: on_sight}", "visit must be"),
        ("{given: {area: 3}, then: {vist: on_site}}", "no outcome 'vist'; did you mean \"visit\"?"),
        ("{given: {area: 3}, then: on_site, on: 2026-02-30}", "there is no day 2026-02-30"),
        ("{given: {events: []}, subject: A, then: on_site}", "an example over records names its subject and its period"),
        ("{given: {evnts: [{kind: late}]}, subject: A, period: 2026-11, then: on_site}", "no table 'evnts' with a list of rows"),
        ("{given: {events: [{kind: late, tims: 1}]}, subject: A, period: 2026-11, then: on_site}", 'unknown fact "tims"'),
        ("{given: {area: 3}}", "the key 'then' is missing"),
    ],
)
def test_what_an_example_does_not_say_rightly_is_a_fault_of_the_book(load: Load, example: str, said: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load(BOOK.replace("      - {id: large, given: {面积: 350}, then: on_site, cite: 第5条}\n", f"      - {example}\n"))
    assert said in str(caught.value)


def test_an_example_may_give_what_another_decision_grants_even_where_that_is_now_a_number_now_a_word(load: Load) -> None:
    given = "given: {reached: far, area: 3, food: false}, then: on_paper"
    reached = "  reached: {about: application, hit: first, rules: [{when: food, then: =area}, {then: far}]}\n"
    book = load(BOOK.replace("decisions:\n", f"decisions:\n{reached}").replace("given: {area: 80}, then: open", given))
    assert failed_examples(book) == ()


def test_check_tries_them(tmp_path, capsys) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(BOOK, encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert "all 7 examples hold" in capsys.readouterr().out
    path.write_text(BOOK.replace("area >= 200", "area >= 400"), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("own: it can be read; found in it: ")
    assert f"  {path}:14: decisions.visit, example large: visit should be on_site, and is open\n" in out
