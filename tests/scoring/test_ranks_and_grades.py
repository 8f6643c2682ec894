"""Ranks and grades: who stands before whom, ties and quotas, vetoes, and what is not settled while marks are outstanding."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import Rulebook, grade, load_rulebook, score
from govservice.errors import ConventionError, DecisionError, RecordError, Words
from govservice.scoring import Grading

from .centre import book, event, month, staff, total


def ranked(more: str = "", ties: str = "ties: best", rank: str = "{by: [total]}", when: str = "rank <= 2") -> Rulebook:
    return book(
        f"""
        schemes:
          month:
            scores: staff
            period: month
            parts:
              work:
                full: 100
                items:
                  - {{id: late, for: late, points: -10}}
                  - {{id: rude, for: rude, points: "discretion(-15, -5)"}}
            rank: {rank}
            {more}
        decisions:
          prize: {{about: month, hit: first, rules: [{{id: best, when: {when}, then: prize}}, {{id: rest, then: nothing}}]}}
        """,
        f"part_floor: 0, part_overflow: capped{', ' if ties else ''}{ties}",
    )


def late(*numbers: int) -> list[dict[str, object]]:
    """S1 was late so often, S2 so often, .."""
    return [event("late", 1 + time, f"S{person}") for person, times in enumerate(numbers, 1) for time in range(times)]


def graded(of: Rulebook, *events: dict[str, object], people: int = 4, **more: object) -> dict[str, Grading]:
    records = {"events": list(events), "staff": [staff(f"S{number}") for number in range(1, people + 1)], **more}
    return {one.subject: one for one in grade(of, "prize", records, period="2026-10")}


def spans(found: dict[str, Grading]) -> list[tuple[int | None, int | None]]:
    return [(one.rank_low, one.rank_high) for _, one in sorted(found.items())]


def grades(found: dict[str, Grading]) -> list[object]:
    return [one.grade for _, one in sorted(found.items())]


def test_a_slip_of_the_pen_in_a_record_makes_nobody_who_is_scored_and_ranked() -> None:
    found = graded(ranked(), *late(1, 0, 2), event("late", 9, "S04"), people=3)
    assert {who: one.rank for who, one in found.items()} == {"S2": 1, "S1": 2, "S3": 3}
    told = Words(
        "row 4 of events names staff S04, which no row of staff is: no staff S04 is scored",
        "事件（events）第 4 行写的工作人员（staff） S04 不在工作人员（staff）表里：不给它计分",
    )
    assert [one.notes for one in found.values()] == [(told,)] * 3
    with pytest.raises(RecordError) as refused:
        score(ranked(), "month", {"events": [*late(1), event("late", 9, "S04")], "staff": [staff()]}, subject="S04", period="2026-10")
    assert str(refused.value).startswith("S04: no staff 'S04' in the records; row 2 of events names staff S04, which no row of staff is")


def test_where_no_table_of_them_was_given_everybody_whom_a_record_names_is_ranked() -> None:
    for given in ({}, {"staff": []}):  # none, or one without a row
        found = {one.subject for one in grade(ranked(), "prize", {"events": late(1, 0, 2), **given}, period="2026-10")}
        assert found == {"S1", "S3"}


def test_the_greater_total_stands_first_and_the_list_comes_best_first() -> None:
    found = graded(ranked(), *late(2, 0, 3, 1))
    assert list(found) == ["S2", "S4", "S1", "S3"]
    assert [one.rank for one in found.values()] == [1, 2, 3, 4]
    assert grades(found) == ["nothing", "prize", "nothing", "prize"]
    assert {one.ranked for one in found.values()} == {4}


@pytest.mark.parametrize(
    ("ties", "ranks"),
    [
        ("best", [(1, 1), (2, 2), (2, 2), (4, 4)]),
        ("dense", [(1, 1), (2, 2), (2, 2), (3, 3)]),
        ("worst", [(1, 1), (3, 3), (3, 3), (4, 4)]),
        ("report", [(1, 1), (2, 3), (2, 3), (4, 4)]),
    ],
)
def test_a_tie_is_read_as_the_book_says(ties: str, ranks: list[tuple[int, int]]) -> None:
    found = graded(ranked(ties=f"ties: {ties}"), *late(0, 1, 1, 2))
    assert spans(found) == ranks
    assert (found["S2"].tied, found["S3"].tied, found["S1"].tied) == (("S3",), ("S2",), ())
    assert graded(ranked(ties="ties: worst", rank=f"{{by: [total], ties: {ties}}}"), *late(0, 1, 1, 2))["S2"].rank_low == ranks[1][0]


def test_a_tie_that_straddles_a_quota_is_reported_and_one_that_does_not_is_settled() -> None:
    of = ranked(ties="ties: report")
    astride = graded(of, *late(0, 1, 1, 2))
    assert grades(astride) == ["prize", None, None, "nothing"]
    assert (astride["S2"].possible, astride["S2"].undecided) == (("prize", "nothing"), ("ties",))
    assert grades(graded(of, *late(0, 0, 1, 2))) == ["prize", "prize", "nothing", "nothing"]


def test_ties_are_asked_about_only_where_the_grade_depends_on_them() -> None:
    assert grades(graded(ranked(ties="", when="rank <= 1"), *late(0, 1, 1, 2))) == ["prize", "nothing", "nothing", "nothing"]
    of = ranked(ties="")
    with pytest.raises(ConventionError, match="prize depends on the convention ties"):
        graded(of, *late(0, 1, 1, 2))
    by_total = ranked(ties="", when="total >= 90")
    assert grades(graded(by_total, *late(0, 1, 1, 2))) == ["prize", "prize", "prize", "nothing"]


def test_unstated_ties_may_move_those_behind_them() -> None:
    of = ranked(ties="", when="rank <= 3")
    with pytest.raises(ConventionError, match="ties"):
        graded(of, *late(0, 0, 1, 2))  # the last is third where ranks are dense, else fourth


def test_further_keys_break_ties() -> None:
    of = ranked(ties="", rank="{by: [total, months_served]}")
    people = [staff("S1", months_served=3), staff("S2", months_served=12), staff("S3", months_served=7), staff("S4", months_served=1)]
    assert [one.rank for one in graded(of, *late(0, 0, 0, 1), staff=people).values()] == [1, 2, 3, 4]


def test_each_group_ranks_for_itself() -> None:
    of = ranked(rank="{by: [total], within: group}")
    people = [staff(f"S{number}", group="A" if number < 3 else "B") for number in (1, 2, 3, 4)]
    found = graded(of, *late(1, 0, 3, 2), staff=people)
    assert spans(found) == [(2, 2), (1, 1), (2, 2), (1, 1)]
    assert {one.ranked for one in found.values()} == {2}


def test_one_whose_group_is_not_known_may_stand_in_any() -> None:
    of = ranked(rank="{by: [total], within: group}", when="rank <= 1")
    people = [staff("S1", group="A"), staff("S2", group="B"), staff("S3")]
    found = graded(of, *late(1, 1, 0), staff=people)
    assert grades(found) == [None, None, None]
    assert spans(found)[:2] == [(1, 2), (1, 2)]


def test_only_the_eligible_are_ranked() -> None:
    of = ranked("eligible: months_served >= 6", when="rank <= 1")
    people = [staff("S1", months_served=3), staff("S2", months_served=12), staff("S3", months_served=6)]
    found = graded(of, *late(0, 1, 2), staff=people)
    assert spans(found) == [(None, None), (1, 1), (2, 2)]
    assert grades(found) == ["nothing", "prize", "nothing"]
    assert {one.ranked for one in found.values()} == {2}


def test_one_whose_eligibility_is_open_takes_part_in_what_others_may_come_to() -> None:
    of = ranked("eligible: months_served >= 6", when="rank <= 1")
    found = graded(of, *late(0, 1, 2), staff=[staff("S1"), staff("S2", months_served=12), staff("S3", months_served=6)])
    assert spans(found)[1:] == [(1, 2), (2, 3)]
    assert grades(found) == [None, None, "nothing"]
    assert found["S2"].undecided == ("staff:S1.months_served",)
    assert found["S1"].undecided == ("months_served",)


def test_a_quota_of_those_ranked_is_open_while_it_is_open_who_is() -> None:
    of = ranked("eligible: months_served >= 6", when="rank <= ranked * 70 / 100")
    people = [staff("S1", months_served=9), staff("S2", months_served=9)]
    assert grades(graded(of, *late(0, 1, 2), staff=[*people, staff("S3", months_served=1)])) == ["prize", "nothing", "nothing"]
    assert grades(graded(of, *late(0, 1, 2), staff=[*people, staff("S3", months_served=6)])) == ["prize", "prize", "nothing"]
    found = graded(of, *late(0, 1, 2), staff=[*people, staff("S3")])
    assert grades(found) == ["prize", None, None]
    assert found["S2"].undecided == ("staff:S3.months_served",)


def test_a_scheme_may_rank_only_some() -> None:
    of = ranked(rank='{by: [total], when: role == "front"}')
    found = graded(of, *late(2, 1, 0), staff=[staff("S1", role="front"), staff("S2", role="front"), staff("S3", role="back")])
    assert spans(found) == [(2, 2), (1, 1), (None, None)]


def test_while_marks_are_outstanding_a_rank_lies_between_two() -> None:
    found = graded(ranked(), event("rude", 12, "S1"), *late(0, 1, 2, 0)[0:3])
    assert spans(found) == [(2, 3), (2, 3), (4, 4), (1, 1)]
    assert (found["S1"].low, found["S1"].high, found["S1"].total) == (85, 95, None)
    assert grades(found) == [None, None, "nothing", "prize"]
    assert found["S1"].undecided == found["S2"].undecided == ("rude:1.assessed",)
    assert set(found["S1"].possible) == {"prize", "nothing"}


def test_a_grade_may_be_settled_though_the_total_is_not() -> None:
    of = ranked(when="total >= 80")
    assert graded(of, event("rude", 12, "S1"), people=1)["S1"].grade == "prize"


def test_score_or_rank_settles_whichever_holds() -> None:
    of = ranked(when="total >= 95 or rank <= 1")
    found = graded(of, event("rude", 12, "S1"), event("late", 12, "S2"), people=2)
    assert grades(found) == [None, None]
    assert grades(graded(of, event("late", 12, "S1"), event("late", 13, "S2"), event("late", 14, "S2"), people=2)) == ["prize", "nothing"]


VETO = """
schemes: {month: {scores: staff, period: month, parts: {work: {full: 100}}, rank: {by: [total]}}}
decisions:
  prize:
    about: month
    hit: first
    rules:
      - {id: veto, when: count(one_vote_veto) > 0, then: failed, cite: 办法-9}
      - {id: fine, when: total >= 90, then: fine}
      - {id: poor, then: poor}
"""


def test_one_veto_outweighs_every_point_and_the_grading_names_the_clause() -> None:
    found = graded(book(VETO), event("one_vote_veto", 12, "S1"), people=2)
    assert (found["S1"].grade, found["S1"].rule, found["S1"].cite, found["S1"].total) == ("failed", "veto", "办法-9", 100)
    assert found["S2"].grade == "fine"
    records = {"staff": [staff()]}
    [unknown] = grade(book(VETO), "prize", records, period="2026-10")
    assert (unknown.grade, unknown.undecided) == (None, ("events",))


def test_whether_one_is_eligible_is_open_to_the_rules_too() -> None:
    of = ranked("eligible: months_served >= 6", when="eligible")
    found = graded(of, staff=[staff("S1"), staff("S2", months_served=9), staff("S3", months_served=1)])
    assert grades(found) == [None, "prize", "nothing"]


def test_a_decision_may_read_a_rank_that_the_scheme_does_not_declare() -> None:
    of = book(VETO.replace(", rank: {by: [total]}", "").replace("total >= 90", "rank <= 1"), "ties: best")
    found = graded(of, people=2)["S1"]
    assert (found.grade, found.rank, found.ranked, found.tied) == ("fine", 1, 2, ("S2",))


def test_adding_one_changes_ranks_and_nobodys_score() -> None:
    few, more = graded(ranked(), *late(1, 2), people=2), graded(ranked(), *late(1, 2, 0), people=3)
    assert [few[one].total for one in ("S1", "S2")] == [more[one].total for one in ("S1", "S2")] == [90, 80]
    assert ([few[one].rank for one in ("S1", "S2")], [more[one].rank for one in ("S1", "S2")]) == ([1, 2], [2, 3])


def test_those_that_a_scheme_does_not_score_are_no_part_of_it() -> None:
    of = ranked('who: role == "front"')
    found = graded(of, staff=[staff("S1", role="front"), staff("S2", role="back"), staff("S3", role="front", until="2026-09-30")])
    assert list(found) == ["S1"]


def test_a_decision_that_the_book_does_not_have_is_refused() -> None:
    with pytest.raises(DecisionError, match=r"centre has no decision 'price'; it has: .*prize"):
        grade(ranked(), "price", {}, period="2026-10")


def test_a_grading_says_why() -> None:
    found = graded(ranked(ties="ties: report"), *late(0, 1, 1, 2))["S2"]
    assert found.explain().startswith("S2: rank 2 to 3 of 4; ties with S3\n")
    assert found.explain("zh").startswith("S2：第 2 至 3 名，共 4；与 S3 并列\n")


def test_a_conflict_in_one_grade_stops_nobody_else() -> None:
    rest = """
    schemes: {month: {scores: staff, period: month, total: count(late)}}
    decisions:
      g:
        about: month
        hit: unique
        rules: [{id: few, when: total <= 1, then: good}, {id: one, when: total >= 1, then: bad}]
    """
    events = [event("late"), event("late", staff="S2"), event("late", 13, staff="S2")]
    records = {"events": events, "staff": [staff("S1"), staff("S2"), staff("S3")]}
    found = {one.subject: one for one in grade(book(rest), "g", records, period="2026-10")}
    assert [(found[id].grade, found[id].open) for id in ("S1", "S2", "S3")] == [(None, True), ("bad", False), ("good", False)]
    assert found["S1"].undecided == ("g",)
    assert any("few" in note.en and "one" in note.en for note in found["S1"].notes)


def test_who_the_scheme_does_not_score_has_no_grade_and_who_may_not_be_has_none_settled() -> None:
    rest = """
    schemes: {month: {scores: staff, period: month, when: role != "chief", total: 10}}
    decisions: {g: {about: month, hit: first, rules: [{when: total >= 6, then: good}, {then: bad}]}}
    """
    people = [staff("S1", role="chief"), staff("S2", role="front"), staff("S3")]
    found = {one.subject: one for one in grade(book(rest), "g", {"staff": people, "events": []}, period="2026-10")}
    assert [(one.grade, one.open, one.possible) for one in found.values()] == [
        (None, False, (None,)),
        ("good", False, ("good",)),
        (None, True, ("good", "bad", None)),
    ]
    assert found["S3"].undecided == ("role",)


def test_what_is_shown_alike_and_judged_apart_is_said() -> None:
    rest = """
    schemes: {month: {scores: staff, period: month, total: "sum(checks, mark)", rank: {by: [total]}}}
    decisions: {g: {about: month, hit: first, rules: [{when: total >= 60, then: good}, {then: bad}]}}
    """
    stated = "ties: best, rounding: {digits: 2, mode: half_up, at: end}"
    checks = [{"staff": id, "checked_on": "2026-10-09", "mark": mark} for id, mark in (("S1", "59.995"), ("S2", "60"))]
    records = {"staff": [staff("S1"), staff("S2")], "checks": checks}
    found = {one.subject: one for one in grade(book(rest, stated), "g", records, period="2026-10")}
    assert [(one.total, one.rank, one.grade) for one in (found["S2"], found["S1"])] == [(60, 1, "good"), (60, 2, "bad")]
    notes = "\n".join(note.en for note in found["S1"].notes)
    assert "g is judged on 59.995, shown as 60: it is bad, and by what is shown would be good" in notes
    assert "shown with 60 as S2 are, and ranked apart" in notes


def test_one_that_is_not_ranked_is_not_said_to_rank_apart_from_its_equals() -> None:
    found = graded(ranked("eligible: months_served >= 6"), staff=[staff("S1", months_served=3), staff("S2", months_served=12)])
    assert [(one.total, one.rank, one.notes) for one in (found["S1"], found["S2"])] == [(100, None, ()), (100, 1, ())]


@pytest.mark.parametrize(("ties", "span"), [("dense", (2, 3)), ("best", (3, 3)), ("", (2, 3))])
def test_two_that_may_yet_be_level_move_those_behind_them_where_ranks_may_be_dense(ties: str, span: tuple[int, int]) -> None:
    stated = f"part_floor: 0, part_overflow: capped{f', ties: {ties}' if ties else ''}"
    items = '{id: rude, for: rude, points: "discretion(-5, -2)"}\n{id: late, for: late, points: -10}'
    rest = "decisions: {g: {about: month, hit: first, rules: [{when: rank <= 2, then: a}, {then: b}]}}"
    of = month(items, more="rank: {by: [total]}", conventions=stated, rest=rest)
    events = [event("rude"), event("late", staff="S3")]
    records = {"staff": [staff("S1"), staff("S2"), staff("S3")], "events": events}
    last = {one.subject: one for one in grade(of, "g", records, period="2026-10")}["S3"]
    assert (last.rank_low, last.rank_high) == (3, 3)  # below 100, and not level with it
    events.append(event("rude", staff="S2"))
    last = {one.subject: one for one in grade(of, "g", records, period="2026-10")}["S3"]
    assert (last.rank_low, last.rank_high) == span
    assert last.undecided == (("rude:1.assessed", "rude:3.assessed") if span != (3, 3) else ())


def test_a_grading_says_why_its_total_is_open_though_the_grade_is_settled(tmp_path: Path) -> None:
    path = tmp_path / "conflict.yaml"
    path.write_text(
        "rulebook: conflict\ndecisions:\n"
        "  d: {about: staff, hit: any, period: month, rules: [{when: true, then: x}, {when: true, then: y}]}\n"
        "  g: {about: m, hit: first, rules: [{when: total > 0, then: fine}, {then: bad}]}\n"
        "schemes: {m: {scores: staff, period: month, adjust: [{id: i, points: 2 if d == 'x' else 1}]}}\n",
        encoding="utf-8",
    )
    (found,) = grade(load_rulebook(path), "g", {"staff": [{"staff": "A"}], "events": []}, period="2026-03")
    assert (found.grade, found.total, found.low, found.high) == ("fine", None, 1, 2)
    assert "both hold" in found.notes[0].en


def test_a_grade_that_rules_contradict_each_other_about_is_open_and_the_others_go_on() -> None:
    rules = "[{id: a, when: total > 90, then: a}, {id: b, when: total < 95, then: b}]"
    of = month("{id: late, for: late, points: -8}", rest=f"decisions: {{g: {{about: month, hit: unique, label: 等次, rules: {rules}}}}}")
    records = {"staff": [staff("S1"), staff("S2")], "events": [event("late")]}
    one, other = grade(of, "g", records, period="2026-10")
    assert (one.subject, one.grade, other.subject, other.grade) == ("S1", None, "S2", "a")
    assert one.notes == (Words("the rules a and b both hold", "规则 a、b 同时成立"),)
    said = one.outcome
    assert (said.applies, said.gap, said.open_outcomes, dict(said.values), said.possible) == (True, False, ("g",), {}, ())
    assert (said.undecided, said.rule, said.rules, said.cite) == (("g",), None, (), None)
    assert said.explain("en").startswith("g 等次: open\n  would be settled by: g 等次\n")
    assert said.explain("zh").startswith("等次: 未定\n  给出以下事实即可确定：等次\n")


@pytest.mark.parametrize(("role", "worth"), [("back", (0, 1)), ("front", (None, None))])
def test_an_open_number_that_one_rule_grants_lies_between_two_and_one_of_several_rules_is_not_known(role: str, worth: object) -> None:
    counted = "count(late, when=minutes > 5)"
    rules = f"[{{id: a, then: '={counted}'}}, {{id: b, when: role == \"front\", then: '={counted} + 1'}}]"
    of = book(f"""
        decisions: {{u: {{about: staff, period: month, hit: any, outcomes: {{u: {{type: integer}}}}, rules: {rules}}}}}
        schemes: {{month: {{scores: staff, period: month, total: u}}}}
    """)
    assert total(of, event("late"), staff=[staff(role=role)]) == worth
