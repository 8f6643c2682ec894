"""Two books beside each other: what is equal, stricter, laxer or different, and a record that shows it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from govservice import NONE, load_rulebook
from govservice.errors import DecisionError
from govservice.limits import TimeLimit
from govservice.rules import Rulebook
from govservice.rules.proofs.comparing import BooksCompared
from govservice.show.changes import as_markdown, as_text

LENT = """
rulebook: lent
title: 借阅
settings: {most: {type: integer, label: 上限, value: 5}}
tables: {application: {days: {type: integer, label: 天数, min: 0}, urgent: {type: boolean, label: 加急}, words: text}}
decisions:
  allowed: {label: 准借, about: application, hit: any, rules: [{id: a, when: days <= most or urgent, then: true}], otherwise: false}
  fee:
    about: application
    hit: first
    rules: [{id: long, when: days > 10, then: =days * 2}, {id: short, then: 5}]
  time:
    about: application
    hit: first
    rules: [{id: fast, when: urgent, then: '=limit("3个工作日")'}, {id: usual, then: '=limit("5个工作日")'}]
  kind:
    about: application
    hit: first
    rules: [{id: few, when: days < 3, then: small}, {id: many, then: large}]
  marked: {about: application, hit: collect, rules: [{id: u, when: urgent, then: 急}, {id: l, when: days > 10, then: 长}]}
  spoken: {about: application, hit: first, rules: [{id: w, when: 'contains(words, "急")', then: true}, {id: n, then: false}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    path = tmp_path / "lent.yaml"
    path.write_text(LENT, encoding="utf-8")
    return load_rulebook(path)


@pytest.mark.parametrize(
    ("path", "value", "outcome", "relation"),
    [
        ("decisions.allowed.rules.a.when", "urgent or not (days > 5)", "allowed", "equal"),
        ("decisions.allowed.rules.a.when", "days <= 4 or urgent", "allowed", "stricter"),
        ("decisions.allowed.rules.a.when", "days <= 6 or urgent", "allowed", "laxer"),
        ("decisions.allowed.rules.a.when", "days <= 6", "allowed", "different"),
        ("settings.most.value", "4", "allowed", "stricter"),
        ("decisions.fee.rules.long.then", "=days + days", "fee", "equal"),
        ("decisions.fee.rules.long.then", "=days", "fee", "stricter"),
        ("decisions.fee.rules.long.then", "=3 * days", "fee", "laxer"),
        ("decisions.fee.rules.long.then", "=40", "fee", "different"),
        ("decisions.time.rules.usual.then", '=limit("4个工作日")', "time", "stricter"),
        ("decisions.time.rules.usual.then", '=limit("4个自然日")', "time", "different"),
        ("decisions.kind.rules.few.when", "days < 4", "kind", "different"),
        ("decisions.marked.rules.l.when", "days >= 11", "marked", "equal"),
        ("decisions.marked.rules.l.when", "days > 11", "marked", "different"),
        ("decisions.spoken.rules.w.when", 'contains(words, "特急")', "spoken", "not analysed"),
    ],
)
def test_a_change_is_told_for_what_it_is(book: Rulebook, path: str, value: str, outcome: str, relation: str) -> None:
    other = book.amend({path: value})
    found = book.compare(other)
    assert found.relation[outcome] == relation
    assert {name for name, other_relation in found.relation.items() if other_relation != "equal"} <= {outcome}
    for change in found.changes:
        assert book.decide(change.decision, change.witness).value(change.outcome) == change.before
        assert other.decide(change.decision, change.witness).value(change.outcome) == change.after
        assert change.before != change.after


def test_what_was_stricter_is_laxer_the_other_way_round(book: Rulebook) -> None:
    other = book.amend({"decisions.allowed.rules.a.when": "days <= 4 or urgent"})
    (change,) = book.diff(other)
    assert (change.witness["days"], change.witness["urgent"], change.before, change.after) == (5, False, True, False)
    assert change.text("zh") == "准借：是 改为 否：天数 5，加急 否"
    assert other.compare(book).relation["allowed"] == "laxer"


def test_what_is_collected_otherwise_is_compared_too(book: Rulebook) -> None:
    before = book.amend({"decisions.marked.otherwise": "急"})
    (change,) = before.diff(before.amend({"decisions.marked.otherwise": "长"}))
    assert (dict(change.witness), change.before, change.after) == ({"urgent": False, "days": 0}, ("急",), ("长",))


def test_a_difference_of_several_days_is_told_of_the_last_of_them(book: Rulebook) -> None:
    rules = [
        {"id": "u", "when": "urgent", "then": "x"},
        {"id": "d", "when": "days > 3", "then": "y", "until": "2025-12-31"},
        {"id": "r", "then": "z"},
    ]
    before = book.amend({"decisions.dated": {"about": "application", "hit": "first", "rules": rules}})
    changes = before.diff(before.amend({"decisions.dated.rules.u.then": "w"}))
    assert [(change.before, change.after, change.on) for change in changes] == [("x", "w", date(2026, 1, 1))]


def test_of_one_decision_40_differences_are_shown(book: Rulebook) -> None:
    books = []
    for more in (0, 100):
        rules = [{"id": f"r{at}", "when": f"days == {at}", "then": str(at + more)} for at in range(45)]
        entry = {"about": "application", "hit": "first", "rules": [*rules, {"id": "rest", "then": "200"}]}
        books.append(book.amend({"decisions.numbered": entry}))
    found = books[0].compare(books[1])
    assert (found.relation["numbered"], len(found.changes.changes)) == ("laxer", 40)


def test_conditions_that_are_not_analysed_are_the_same_in_both_books_where_they_are_written_alike(book: Rulebook) -> None:
    other = book.amend({"decisions.spoken.rules.n.then": "=days > 3"})
    (change,) = book.diff(other)
    assert change.outcome == "spoken"
    assert change.witness["days"] > 3


def test_a_decision_that_is_gone_or_new_is_a_change(book: Rulebook) -> None:
    other = book.amend({"decisions.late": {"about": "application", "hit": "first", "rules": [{"id": "x", "then": "true"}]}})
    assert [(change.decision, change.kind) for change in book.diff(other)] == [("late", "added")]
    assert [(change.decision, change.kind) for change in other.diff(book)] == [("late", "removed")]


def test_two_days_of_one_book_are_compared_like_two_books() -> None:
    book = load_rulebook("kunshan")
    found = book.on(date(2008, 4, 30)).compare(book.on(date(2008, 5, 1)))
    assert found.relation["green_channel"] == "different"  # it did not apply, and is true of some and false of others
    assert {change.after for change in found.changes if change.decision == "green_channel"} == {True, False}
    assert found.relation["case_type"] == "equal"


def test_points_limits_and_alarms_are_listed() -> None:
    book = load_rulebook("kunshan")
    other = book.amend(
        {
            "schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays",
            "clocks.return_review.limit": "5 工作日",
            "clocks.return_review.alarms": [{"signal": "yellow", "at": "50%"}],
        }
    )
    found = book.diff(other)
    assert [listed.text("zh") for listed in found.listed] == [
        "clocks.return_review：时限由 3个工作日 改为 5个工作日",
        "clocks.return_review：告警由 — 改为 黄牌 50%",
        "schemes.window_month.parts.limits.items.overdue：分值由 -2 * in_period.workdays 改为 -4 * 超期工作日数",
    ]
    assert found
    assert not list(found)


def test_a_book_is_equal_to_itself_and_nothing_is_left() -> None:
    for id in ("kunshan", "licensing-law", "jiangyong", "reconsideration"):
        book = load_rulebook(id)
        found = book.compare(book)
        assert set(found.relation.values()) <= {"equal"}
        assert not found.changes
        assert not found.changes.not_analysed


def test_only_rulebooks_are_compared(book: Rulebook) -> None:
    wrong: Any = "lent"
    with pytest.raises(DecisionError, match="compared with a rulebook, not 'lent'; load_rulebook"):
        book.diff(wrong)


def test_the_leaders_page_and_the_reviewers_say_the_same(book: Rulebook) -> None:
    other = book.amend({"decisions.allowed.rules.a.when": "days <= 4 or urgent"})
    found = book.compare(other)
    text = as_text(book, other, found, "zh")
    assert "1. 收紧 准借：是 改为 否：天数 5，加急 否〔a〕" in text
    assert text.splitlines()[-1].startswith("审阅人：")
    marked = as_markdown(book, other, found, "en")
    assert "| allowed | stricter | true | false | allowed: true -> false: days 5, urgent false | a |" in marked
    same = as_text(book, book, book.compare(book), "zh")
    assert "凡事实齐全的记录，两册的结论都相同：已经证明。" in same
    assert BooksCompared.from_json(found.to_json()) == found


def test_limits_are_told_by_their_value(book: Rulebook) -> None:
    (change,) = book.diff(book.amend({"decisions.time.rules.usual.then": '=limit("4个工作日")'}))
    assert (change.before, change.after) == (TimeLimit.parse("5个工作日"), TimeLimit.parse("4个工作日"))


CLOCKED = """
rulebook: clocked
settings: {most: {type: integer, label: 上限}}
events: {late: {label: 迟到}}
schemes:
  month: {scores: staff, period: month, full: 100, parts: {all: {full: 100, items: [{id: it, for: late, points: -1}]}}}
clocks:
  reply: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on}
"""
CLOCK = "limit: 5 工作日, starts: received_on"


@pytest.mark.parametrize(
    ("was", "will", "listed"),
    [
        (CLOCK, f"{CLOCK}, until: 2027-01-01", ("clocks.reply", "until", None, "2027-01-01")),
        (CLOCK, f"{CLOCK}, from: 2026-01-01", ("clocks.reply", "from", None, "2026-01-01")),
        (CLOCK, "limit: 6 工作日, starts: received_on", ("clocks.reply", "limit", 'limit("5个工作日")', 'limit("6个工作日")')),
        (CLOCK, "limit: 5 工作日, starts: accepted_on", ("clocks.reply", "starts", "received_on", "accepted_on")),
        (CLOCK, f"{CLOCK}, when: not closed_on == received_on", ("clocks.reply", "when", None, "not closed_on == received_on")),
        ("label: 上限", "label: 上限, value: 3", ("settings.most", "value", None, "3")),
        ("period: month, full", "period: month, max: 90, full", ("schemes.month", "max", None, "90")),
    ],
)
def test_what_stands_beside_the_tables_is_listed_as_it_was_and_as_it_will_be(
    tmp_path: Path, was: str, will: str, listed: tuple[str | None, ...]
) -> None:
    books = []
    for name, text in (("was", CLOCKED), ("will", CLOCKED.replace(was, will))):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        books.append(load_rulebook(tmp_path / f"{name}.yaml"))
    assert [(one.entry, one.key, one.before, one.after) for one in books[0].compare(books[1]).changes.listed] == [listed]
    assert [(one.entry, one.key, one.after, one.before) for one in books[1].compare(books[0]).changes.listed] == [listed]


CALCULATED = """
rulebook: calculated
settings: {most: {type: integer, value: 5}, line: {type: moment, value: 2026-06-01 12:00}}
tables:
  application:
    days: {type: integer, min: 0}
    papers: {type: integer, min: 0}
    size: {type: choice, values: [small, middle, large], none: [无]}
    lent_on: date
    due_on: date
    at: moment
decisions:
  shelf: {about: application, hit: first, rules: [{id: r, then: '=match(size, ("small", 1), ("large", 4), otherwise=2)'}]}
  back: {about: application, hit: first, rules: [{id: r, when: 'add_days(lent_on, 3) >= due_on', then: true}, {id: n, then: false}]}
  rest: {about: application, hit: first, rules: [{id: r, when: days > most % 3, then: true}, {id: n, then: false}]}
  odd: {about: application, hit: first, rules: [{id: r, when: days % 3 == 1, then: true}, {id: n, then: false}]}
  sums: {about: application, hit: first, rules: [{id: r, when: 3 * days + 5 * papers == 7, then: true}, {id: n, then: false}]}
  early: {about: application, hit: first, rules: [{id: r, when: 'at <= date("2026-06-01")', then: true}, {id: n, then: false}]}
  timely: {about: application, hit: first, rules: [{id: r, when: at <= line, then: true}, {id: n, then: false}]}
"""


@pytest.mark.parametrize(
    ("path", "value", "relation", "shown"),
    [
        ("shelf.rules.r.then", '=match(size, ("small", 1), ("large", 4), ("middle", 2))', "equal", None),
        ("shelf.rules.r.then", '=match(size, ("small", 1), ("large", 3), otherwise=2)', "stricter", ({"size": "large"}, 4, 3)),
        ("shelf.rules.r.then", '=1 if size == "small" else 4 if size == "large" else 2', "different", ({"size": NONE}, None, 2)),
        ("back.rules.r.when", "days(lent_on, due_on) <= 3", "equal", None),
        ("back.rules.r.when", "add_days(due_on, -3) <= lent_on", "equal", None),
        (
            "back.rules.r.when",
            "days(lent_on, due_on) < 3",
            "stricter",
            ({"lent_on": date(2026, 6, 1), "due_on": date(2026, 6, 4)}, True, False),
        ),
        ("rest.rules.r.when", "days >= 3", "equal", None),
        ("rest.rules.r.when", "days > 1", "laxer", ({"days": 2}, False, True)),
        ("odd.rules.r.when", "days % 3 == 2", "not analysed", None),
        ("sums.rules.r.when", "false", "not analysed", None),  # no whole numbers come to 7, which is not proved
        ("early.rules.r.when", 'not at >= date("2026-06-02")', "equal", None),
        ("early.rules.r.when", 'at < date("2026-06-01")', "stricter", ({"at": datetime(2026, 6, 1)}, True, False)),
        ("timely.rules.r.when", "at < line", "not analysed", None),  # a moment that is written out
    ],
)
def test_what_is_worked_out_is_compared_by_what_it_comes_to(
    tmp_path: Path, path: str, value: str, relation: str, shown: tuple[dict[str, object], object, object] | None
) -> None:
    (tmp_path / "calculated.yaml").write_text(CALCULATED, encoding="utf-8")
    book = load_rulebook(tmp_path / "calculated.yaml")
    found = book.compare(book.amend({f"decisions.{path}": value}))
    name = path.partition(".")[0]
    assert {outcome: way for outcome, way in found.relation.items() if way != "equal" or outcome == name} == {name: relation}
    assert [(dict(one.witness), one.before, one.after) for one in found.changes] == ([] if shown is None else [shown])
    assert [one.what for one in found.changes.not_analysed] == ([name] if relation == "not analysed" else [])


def test_a_whole_entry_that_is_new_or_gone_is_listed_with_all_that_it_says(tmp_path: Path) -> None:
    path = tmp_path / "clocked.yaml"
    path.write_text(CLOCKED, encoding="utf-8")
    before = load_rulebook(path)
    told = {"about": "cases", "limit": "3 自然日", "starts": "received_on", "stops": "closed_on"}
    after = before.amend({"clocks.told": told, "clocks.reply.until": "2027-01-01"})
    text = 'about: cases; starts: received_on; limit: limit("3个自然日"); stops: closed_on'
    zh = "about: 办件; starts: 收件日; limit: 3个自然日; stops: 办结日"
    assert [(one.text("en"), one.text("zh")) for one in before.diff(after).listed] == [
        ("clocks.reply: until: — -> 2027-01-01", "clocks.reply：止由 — 改为 2027-01-01"),
        (f"clocks.told: entry: — -> {text}", f"clocks.told：条目由 — 改为 {zh}"),
    ]
    assert [one.text("en") for one in after.diff(before).listed] == [
        "clocks.reply: until: 2027-01-01 -> —",
        f"clocks.told: entry: {text} -> —",
    ]
