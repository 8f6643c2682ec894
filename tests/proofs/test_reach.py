"""Between which numbers items, parts and totals lie: what `check` says of grades that are never given, of caps and of bonuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook, score
from govservice.rules import Rulebook
from govservice.rules.proofs.findings import Checked

CONVENTIONS = "part_floor: 0, part_overflow: capped, same_occurrence: each, ties: best"
LATE = "items: [{id: late, for: late, points: -1}]"


@pytest.fixture
def graded(tmp_path: Path) -> Any:
    """A book of one scheme, and of a grade by these conditions, in their order."""

    def load(scheme: str, *conditions: str, served: str = "full") -> Rulebook:
        rules = "".join(f"      - {{id: r{at}, when: {when}, then: g{at}}}\n" for at, when in enumerate(conditions))
        path = tmp_path / "book.yaml"
        path.write_text(
            f"rulebook: tried\nconventions: {{{CONVENTIONS}, part_served: {served}}}\n"
            "events: {late: {label: 迟到}, praise: {label: 表扬}}\n"
            f"schemes:\n  month: {{scores: staff, period: month, {scheme}}}\n"
            f"decisions:\n  grade:\n    about: month\n    hit: first\n    rules:\n{rules}      - {{id: rest, then: rest}}\n",
            encoding="utf-8",
        )
        return load_rulebook(path)

    return load


def never(checked: Checked) -> list[str]:
    return [finding.rules[0] for finding in checked.of("unreachable")]


def said(checked: Checked, *kinds: str) -> list[tuple[str, str]]:
    return [(finding.text("en"), finding.text("zh")) for finding in checked.of(*kinds)]


@pytest.mark.parametrize(
    ("scheme", "conditions", "never_given"),
    [
        ("full: 10, parts: {all: {full: 10, LATE}}", ("parts.all < 0", "parts.all < 1", "total < 0", "total < 1"), ["r0", "r2"]),
        ("full: 10, rank: {by: [total]}, parts: {all: {full: 10}}", ("rank < 1", "rank < 2", "ranked < 0", "ranked < 1"), ["r0", "r2"]),
        # a part that does not apply adds nothing, and never more than it would if it did
        ("parts: {all: {start: 5, min: 5, max: 9, when: count(late) > 3, LATE}}", ("total < 0", "total < 1", "total > 5"), ["r0", "r2"]),
        ("parts: {all: {start: 5, min: 5, max: 9, from: 2026-01-01, LATE}}", ("total < 0", "total < 1"), ["r0"]),
        ("parts: {all: {start: 5, min: 5, max: 9, until: 2026-01-01, LATE}}", ("total < 0", "total < 1"), ["r0"]),
        ("parts: {all: {start: 5, min: 5, max: 9, LATE}}", ("total < 5", "total < 6"), ["r0", "rest"]),
        ("full: 10, parts: {all: {full: 10, max: 5, when: count(late) > 3}}", ("total < 1", "total > 5"), ["r1"]),
        # a total that is written out is that alone
        ('parts: {all: {full: 10}}, total: "9 - min(count(late), 9)"', ("total < 0", "total < 1", "total > 9"), ["r0", "r2"]),
        # within a part there may be one without full marks
        (
            "full: 10, parts: {all: {full: 10, parts: {own: {full: 10, LATE}, more: {items: [{id: p, for: praise, points: 1}]}}}}",
            ("total > 10", "total > 9", "parts.all.more < 0"),
            ["r0"],
        ),
    ],
)
def test_a_grade_is_never_given_where_no_subject_comes_to_it(
    graded: Any, scheme: str, conditions: tuple[str, ...], never_given: list[str]
) -> None:
    assert never(graded(scheme.replace("LATE", LATE), *conditions).check()) == never_given


@pytest.mark.parametrize(("served", "never_given"), [("full", ["r0"]), ("workdays", []), ("days", []), ("report", [])])
def test_full_marks_that_shrink_with_the_days_served_may_be_less(graded: Any, served: str, never_given: list[str]) -> None:
    book = graded("full: 10, parts: {all: {full: 10}}", "total < 10", served=served)
    assert never(book.check()) == never_given
    (card,) = score(book, "month", {"staff": [{"staff": "A", "from": "2026-11-16"}]}, period="2026-11")
    assert (card.low < 10) is not bool(never_given)


@pytest.mark.parametrize(
    ("part", "served", "entries"),
    [
        ("full: 10", "full", ["schemes.month.parts.all"]),
        ("full: 10", "workdays", ["schemes.month.parts.all"]),  # it starts with what it is held to, as much as that shrinks
        ("full: 10, max: 10", "full", ["schemes.month.parts.all"]),
        ("full: 10, max: 10", "workdays", []),  # it starts with less than it may come to
    ],
)
def test_a_bonus_is_felt_where_a_part_starts_below_what_it_is_held_to(graded: Any, part: str, served: str, entries: list[str]) -> None:
    book = graded(f"parts: {{all: {{{part}, items: [{{id: p, for: praise, points: 1}}]}}}}", "total > 0", served=served)
    assert [finding.entry for finding in book.check().of("bonus")] == entries
    totals = [
        score(book, "month", {"staff": [{"staff": "A", "from": "2026-11-16"}], "events": events}, period="2026-11")[0].total
        for events in ([], [{"kind": "praise", "staff": "A", "on": "2026-11-20"}])
    ]
    assert (totals[0] < totals[1]) is not bool(entries)


@pytest.mark.parametrize(
    ("items", "most"),
    [
        ("{id: once, when: count(late) == 0, points: 5}, {id: exempt, for: late, points: 0}", 5),
        ("{id: praised, points: 'min(count(praise), 3)'}", 3),
        ("{id: praised, points: 'min(3, count(praise))'}", 3),
        ("{id: praised, for: praise, points: 1, at_most: 4}", 4),
    ],
)
def test_a_cap_that_all_items_together_do_not_reach_is_told(graded: Any, items: str, most: int) -> None:
    checked = graded(f"parts: {{extra: {{max: 9, items: [{items}]}}}}", "total >= 0").check()
    assert said(checked, "cap") == [
        (
            f"schemes.month.parts.extra: extra reaches {most} at most, its max is 9",
            f"schemes.month.parts.extra: extra 最多 {most} 分，够不到封顶的 9 分",
        )
    ]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            "points: 2 if count(late) > 1 else 1, at_most: 5",
            [("it never comes to its at_most of 5: 2 is the most", "it 到不了 at_most 写的 5，最多 2")],
        ),
        ("points: 2 if count(late) > 1 else 1, at_most: 2", []),
        ("points: 2 if count(late) > 1 else 1, at_most: 5 if count(late) > 3 else 6", []),  # no one number to name
        ("points: -2, at_least: -3", [("it never comes to its at_least of -3: -2 is the least", "it 到不了 at_least 写的 -3，最少 -2")]),
        ("points: -2, at_least: -3 if count(late) > 3 else -4", []),
        ("points: 'max(-1 if count(late) < 3 else -5, -3)'", []),  # the lower of the two branches does fall to it
        (
            "points: 'max(-1 if count(late) < 3 else -2, -3)'",
            [
                (
                    "what stands in max(-1 if count(late) < 3 else -2, -3) never falls to -3",
                    "max(-1 if count(迟到) < 3 else -2, -3) 里的数不会低到 -3",
                )
            ],
        ),
    ],
)
def test_a_bound_of_an_item_that_is_never_reached_is_told(graded: Any, item: str, told: list[tuple[str, str]]) -> None:
    checked = graded(f"parts: {{all: {{items: [{{id: it, {item}}}]}}}}", "total >= 0").check()
    assert [(en.partition(": ")[2], zh.partition(": ")[2]) for en, zh in said(checked, "cap")] == told
