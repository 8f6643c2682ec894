"""What `check` finds, kind by kind, each with a record that the interpreter takes the same way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govservice import NONE, load_rulebook
from govservice.rules import Rulebook
from govservice.rules.book.entries import Acceptance
from govservice.rules.book.files import shipped_books
from govservice.rules.proofs.findings import KINDS, Checked

FACTS = (
    "tables: {application: {days: {type: decimal, min: 0}, count: {type: integer, min: 0}, urgent: boolean,"
    " asked: date, due: date, words: text, papers: list}}"
)


@pytest.fixture
def book(tmp_path: Path) -> Any:
    def load(text: str) -> Rulebook:
        path = tmp_path / "book.yaml"
        path.write_text(f"rulebook: tried\n{FACTS}\n{text}", encoding="utf-8")
        return load_rulebook(path)

    return load


def table(hit: str, *rules: str, more: str = "") -> str:
    lines = "".join(f"      - {rule}\n" for rule in rules)
    return f"decisions:\n  answer:\n    about: application\n    hit: {hit}\n{more}    rules:\n{lines}"


def found(checked: Checked, kind: str) -> list[tuple[str, ...]]:
    return [finding.rules for finding in checked.findings if finding.kind == kind]


def test_a_gap_has_a_record_that_no_rule_takes(book: Any) -> None:
    tried = book(table("first", "{id: less, when: days < 5, then: x}", "{id: more, when: days > 5, then: y}"))
    (gap,) = tried.check().of("gap")
    assert gap.witness["days"] == 5
    assert tried.decide("answer", gap.witness).gap
    assert gap.text("zh").startswith("decisions.answer: 没有规则管到：days 5")
    assert gap.file == "book.yaml"
    assert gap.line == 4


def test_a_table_without_gap_has_none_and_nothing_is_left(book: Any) -> None:
    checked = book(table("first", "{id: less, when: days < 5, then: x}", "{id: more, when: days >= 5, then: y}")).check()
    assert checked.of("gap", "unreachable", "hidden_gap", "overlap") == ()
    assert checked.not_analysed == ()


def test_overlaps_are_told_under_unique_and_under_any_where_outcomes_differ(book: Any) -> None:
    rules = ("{id: few, when: count <= 3, then: x}", "{id: some, when: count >= 3, then: x}", "{id: urgent, when: urgent, then: y}")
    assert found(book(table("unique", *rules)).check(), "overlap") == [("few", "some"), ("few", "urgent"), ("some", "urgent")]
    assert found(book(table("any", *rules)).check(), "overlap") == [("few", "urgent"), ("some", "urgent")]
    first = book(table("first", *rules)).check()
    assert found(first, "overlap") == []
    assert found(first, "order") == []  # the third never fires


def test_rules_that_cross_are_decided_by_order_only(book: Any) -> None:
    checked = book(table("first", "{id: a, when: count > 3, then: x}", "{id: b, when: urgent, then: y}", "{id: c, then: z}")).check()
    assert found(checked, "order") == [("a", "b")]
    assert all(finding.gravity == "note" for finding in checked.of("order"))


def test_a_rule_shadowed_by_the_union_of_others_names_them(book: Any) -> None:
    checked = book(
        table("first", "{id: low, when: days < 3, then: x}", "{id: high, when: days > 2, then: y}", "{id: kind, when: urgent, then: x}")
    ).check()
    assert found(checked, "unreachable") == [("kind", "low", "high")]


def test_a_rule_behind_a_catch_all_is_told_where_to_stand(book: Any) -> None:
    (finding,) = book(table("first", "{id: all, then: x}", "{id: late, when: urgent, then: y}")).check().of("unreachable")
    assert finding.rules == ("late", "all")
    assert finding.hint.en == "it stands after a catch-all: put it before"


def test_a_catch_all_that_takes_one_value_between_two_rules_hides_a_gap(book: Any) -> None:
    rules = ["{id: less, when: days < 5, then: x}", "{id: more, when: days > 5, then: y}", "{id: rest, then: z}"]
    (hidden,) = book(table("first", *rules)).check().of("hidden_gap")
    assert hidden.witness["days"] == 5
    meant = book(table("first", "{id: apart, when: days != 5, then: x}", "{id: rest, then: z}")).check()
    assert meant.of("hidden_gap") == ()


def test_integers_have_nothing_between_two_neighbours(book: Any) -> None:
    whole = book(table("first", "{id: few, when: count <= 3, then: x}", "{id: many, when: count >= 4, then: y}")).check()
    assert whole.of("gap") == ()
    parts = book(table("first", "{id: few, when: days <= 3, then: x}", "{id: many, when: days >= 4, then: y}")).check()
    assert 3 < parts.of("gap")[0].witness["days"] < 4


def test_two_facts_are_compared_with_each_other(book: Any) -> None:
    tried = book(table("first", "{id: in_time, when: asked <= due, then: x}", "{id: late, when: 'days(due, asked) > 3', then: y}"))
    (gap,) = tried.check().of("gap")
    assert 0 < (gap.witness["asked"] - gap.witness["due"]).days <= 3
    closed = book(table("first", "{id: in_time, when: asked <= due, then: x}", "{id: late, when: 'days(due, asked) >= 1', then: y}"))
    assert closed.check().of("gap") == ()


def test_decisions_that_others_use_are_followed_to_their_facts(book: Any) -> None:
    chained = table("first", "{id: urgent, when: urgent, then: fast}", "{id: many, when: count > 3, then: slow}", "{id: rest, then: usual}")
    chained += "  after:\n    about: application\n    hit: unique\n    rules:\n"
    chained += '      - {id: fast, when: answer == "fast", then: 1}\n      - {id: slow, when: answer == "slow", then: 2}\n'
    (gap,) = (finding for finding in book(chained).check().of("gap") if finding.decision == "after")
    assert gap.witness["urgent"] is False
    assert gap.witness["count"] <= 3


def test_none_is_a_value_where_a_column_has_words_for_it_and_missing_is_none(book: Any) -> None:
    tried = book("").amend({"tables.application.count": {"type": "integer", "min": "0", "none": ["无"]}})
    rules = {
        "about": "application",
        "hit": "first",
        "rules": [{"id": "few", "when": "count <= 3", "then": "x"}, {"id": "many", "when": "count > 3", "then": "y"}],
    }
    (gap,) = tried.amend({"decisions.answer": rules}).check().of("gap")
    assert gap.witness["count"] is NONE


def test_what_is_not_analysed_is_named_and_nothing_is_claimed_of_it(book: Any) -> None:
    checked = book(table("first", "{id: said, when: 'contains(words, \"急\")', then: x}", "{id: quiet, when: urgent, then: y}")).check()
    assert 'contains(words, "急")' in [left.what for left in checked.not_analysed]
    assert found(checked, "unreachable") == []


def test_lists_are_asked_for_what_they_hold(book: Any) -> None:
    rules = ("{id: map, when: '\"图\" in papers', then: x}", "{id: form, when: '\"表\" in papers', then: y}")
    tried = book(table("first", *rules))
    (gap,) = tried.check().of("gap")
    assert gap.witness["papers"] == ()
    assert tried.decide("answer", gap.witness).gap


def test_settings_that_are_not_given_are_free(book: Any) -> None:
    settings = "settings: {line: {type: integer, label: 分数线}}\n"
    checked = book(
        settings + table("first", "{id: over, when: count >= line, then: x}", "{id: under, when: count < line, then: y}")
    ).check()
    assert checked.of("gap") == ()
    apart = book(settings + table("first", "{id: over, when: count > line, then: x}", "{id: under, when: count < line, then: y}")).check()
    (gap,) = apart.of("gap")
    assert gap.settings["line"] == gap.witness["count"]


def test_dated_rules_are_checked_on_each_day_on_which_they_change(book: Any) -> None:
    dated = book(
        table(
            "first",
            "{id: old, when: urgent, then: x, until: 2020-12-31}",
            "{id: new, when: urgent, then: y, from: 2021-02-01}",
            "{id: calm, when: not urgent, then: z}",
        )
    ).check()
    (hole,) = dated.of("time_gap")
    assert hole.rules == ("old", "new")
    assert hole.on == date(2021, 1, 1)
    (gap,) = dated.of("gap")
    assert gap.witness["urgent"] is True
    assert gap.on == date(2021, 1, 1)
    both = book(
        table(
            "first", "{id: old, when: urgent, then: x}", "{id: new, when: urgent, then: y, from: 2021-02-01}", "{id: calm, then: z}"
        ).replace("{id: old, when: urgent, then: x}", "{id: old, when: urgent, then: x, from: 2000-01-01}")
    ).check()
    assert found(both, "time_overlap") == [("old", "new")]


@pytest.mark.parametrize("id", sorted(shipped_books()))
def test_every_shipped_book_is_checked(id: str) -> None:
    assert all(finding.kind in KINDS for finding in load_rulebook(id).check().findings)


def test_a_search_that_runs_out_says_so(book: Any) -> None:
    tried = book("").amend({f"tables.application.f{number}": "boolean" for number in range(14)})
    entry = {
        "about": "application",
        "hit": "first",
        "rules": [{"id": f"r{n}", "when": f"f{n} == f{(n + 1) % 13} and not urgent", "then": "x"} for n in range(13)],
    }
    checked = tried.amend({"decisions.answer": entry}).check(steps=10)
    assert any("given up" in left.why.en for left in checked.not_analysed)


READS_NO_CLOCK = table("first", "{id: a, when: urgent, then: x}", "{id: b, then: y}")
OF_CASES = (
    "decisions:\n  answer:\n    about: cases\n    hit: first\n    rules:\n      - {id: a, when: %s, then: x}\n      - {id: b, then: y}\n"
)
SIGNALS = "  promised: {about: cases, limit: promised_limit, starts: received_on, stops: closed_on, alarms: [{signal: red, after: 0}]}\n"
SCHEME = (
    "events: {missed: {}}\nschemes:\n"
    "  month: {scores: staff, period: month, parts: {p: {full: 10, items: [{id: i, for: %s, points: -1}]}}}\n"
    "conventions: {part_floor: 0, part_overflow: capped, part_served: full, cleared_signals: counted}\n"
)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        (READS_NO_CLOCK, set()),
        (OF_CASES % "urgent", set()),
        (OF_CASES % "promised.overdue", {"clocks.promised"}),
        (OF_CASES % "on_time", {"clocks.promised"}),  # by way of a decision of the standard book
        ("measures: {late: {value: 'count(cases, when=overdue)'}}\n", {"clocks.promised"}),
        ("notices: {n: {title: 单, when: urgent, copies: [甲], about: cases, states: [due_on]}}\n", {"clocks.promised"}),
        (f"clocks:\n{SIGNALS}", {"clocks.promised"}),
        ("clocks:\n  reply: {about: cases, limit: 10 工作日, starts: received_on, stops: closed_on}\n", {"clocks.reply"}),
    ],
)  # fmt: skip
def test_a_clock_that_was_taken_over_and_that_the_book_does_not_use_needs_no_convention(book: Any, text: str, needed: set[str]) -> None:
    checked = book(text).check()
    said = {entry for finding in checked.of("convention") for entry in ("clocks.promised", "clocks.reply") if entry in finding.message}
    assert said == needed


def test_a_signal_that_a_scheme_counts_needs_what_the_clocks_need_that_give_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"rulebook: base\nclocks:\n{SIGNALS}", encoding="utf-8")
    (tmp_path / "own.yaml").write_text(f"rulebook: own\nextends: [base.yaml]\n{SCHEME % 'red'}", encoding="utf-8")
    (tmp_path / "idle.yaml").write_text(f"rulebook: idle\nextends: [base.yaml]\n{SCHEME % 'missed'}", encoding="utf-8")
    needed = [{one.entry for one in load_rulebook(tmp_path / name).check().of("convention")} for name in ("own.yaml", "idle.yaml")]
    assert [("conventions.first_day" in one) for one in needed] == [True, False]


def test_what_was_taken_over_is_asked_for_its_conventions_where_it_is_checked_too(book: Any) -> None:
    assert {one.entry for one in book(READS_NO_CLOCK).check(inherited=True).of("convention")} >= {"conventions.first_day"}


def test_what_nobody_uses_or_needs_is_told(book: Any) -> None:
    checked = book(
        "settings: {idle: {type: integer, label: 闲置}}\n"
        "clocks:\n  reply: {about: cases, limit: 10 工作日, starts: received_on, stops: closed_on}\n"
        "  told: {about: cases, limit: 3 自然日, starts: received_on, stops: closed_on, alarms: [{signal: yellow, at: 90%}]}\n"
    ).check()
    assert [finding.entry for finding in checked.of("unused_setting")] == ["settings.idle"]
    assert [finding.entry for finding in checked.of("clock_unread")] == ["clocks.reply"]
    needed = {finding.entry.removeprefix("conventions.") for finding in checked.of("convention")}
    assert {"first_day", "roll", "percent_alarms"} <= needed
    assert "tables.application.papers" in {finding.entry for finding in checked.of("unused_fact")}


def test_caps_out_of_reach_and_bonuses_never_felt_are_told(book: Any) -> None:
    checked = book(
        "conventions: {part_floor: 0, part_overflow: capped, part_served: full, same_occurrence: each}\n"
        "events: {praise: {label: 表扬}, late: {label: 迟到}}\n"
        "schemes:\n  month:\n    scores: staff\n    period: month\n    parts:\n"
        "      conduct: {full: 10, items: [{id: praise, for: praise, points: 2}]}\n"
        "      extra: {max: 9, items: [{id: once, when: count(late) == 0, points: 5}]}\n"
        "      steps: {full: 10, items: [{id: s, points: '-step(count(late), (1, 1), (2, 3), (4, 2))'}]}\n"
        "      held: {full: 10, items: [{id: h, for: late, points: -1, at_least: -3}]}\n"
    ).check()
    assert [finding.entry for finding in checked.of("bonus")] == ["schemes.month.parts.conduct"]
    assert [finding.entry for finding in checked.of("cap")] == ["schemes.month.parts.extra"]
    assert [finding.entry for finding in checked.of("steps")] == ["schemes.month"]


@pytest.mark.parametrize(
    ("points", "kinds"),
    [
        ("max(count(late), -1)", ["cap"]),  # a count never falls to -1
        ("max(count(late), 0)", []),
        ("max(count(late), 2)", []),
        ("min(-count(late), 1)", ["cap"]),
        ("min(-count(late), 0)", []),
        ("min(count(late), 3)", []),
        ("step(count(late), (1, 1), (2, 2), (3, 3))", []),
        ("step(count(late), (1, 3), (2, 2), (3, 1))", []),
        ("step(count(late), (1, 1), (2, 1), (3, 2))", []),
        ("step(count(late), (1, 2), (2, 1), (3, 2))", ["steps"]),
        ("step(count(late), (1, 2), (2, 1), (3, count(late)))", []),
        ("max(count(late) * 2, -3)", ["cap"]),
        ("max(2 * count(late), -3)", ["cap"]),
        ("max(count(late) / 2, -3)", ["cap"]),
        ("max(3 - count(late), -3)", []),
        ("min(3 - count(late), 4)", ["cap"]),
        ("min(3 + count(late), 4)", []),
    ],
)
def test_a_bound_that_nothing_reaches_and_steps_by_turns_are_told_and_no_others(book: Any, points: str, kinds: list[str]) -> None:
    checked = book(
        "conventions: {part_floor: 0, part_overflow: capped, part_served: full, same_occurrence: each}\n"
        "events: {late: {label: 迟到}}\n"
        "schemes:\n  month:\n    scores: staff\n    period: month\n    parts:\n"
        f"      all: {{full: 100, items: [{{id: it, points: '{points}'}}]}}\n"
    ).check()
    assert [kind for kind in ("cap", "steps") for _ in checked.of(kind)] == kinds


def test_a_grade_that_no_total_reaches_never_fires(book: Any) -> None:
    checked = book(
        "conventions: {part_floor: 0, part_overflow: capped, part_served: full, same_occurrence: each}\n"
        "events: {late: {label: 迟到}}\n"
        "schemes:\n  month: {scores: staff, period: month, full: 100, parts: {all: {full: 100, items: [{id: l, for: late, points: -1}]}}}\n"
        "decisions:\n  grade:\n    about: month\n    hit: first\n    rules:\n"
        "      - {id: best, when: total > 100, then: best}\n      - {id: good, when: total >= 90, then: good}\n"
        "      - {id: rest, then: rest}\n"
    ).check()
    assert found(checked, "unreachable") == [("best",)]


def test_findings_go_through_json() -> None:
    checked = load_rulebook("kunshan").check()
    assert Checked.from_json(checked.to_json()) == checked
    assert [finding.gravity for finding in checked.findings] == sorted(
        (finding.gravity for finding in checked.findings), key=("error", "warning", "note").index
    )


@pytest.mark.parametrize(
    ("kind", "entry", "rules", "of_two", "of_any"),
    [
        ("order", "decisions.fee", ("small", "urgent"), True, True),
        ("order", "decisions.fee", ("urgent",), False, True),
        ("order", "decisions.fee", ("small", "urgent", "late"), False, True),
        ("order", "decisions.time", ("small", "urgent"), False, False),
        ("gap", "decisions.fee", ("small", "urgent"), False, False),
    ],
)
def test_what_is_meant_so_is_of_its_kind_its_entry_and_its_rules(
    kind: str, entry: str, rules: tuple[str, ...], of_two: bool, of_any: bool
) -> None:
    assert Acceptance("order", "decisions.fee", "urgent ones first", ("urgent", "small")).holds_of(kind, entry, rules) is of_two
    assert Acceptance("order", "decisions.fee", "urgent ones first").holds_of(kind, entry, rules) is of_any


LIMITS = """
settings: {fixed_limit: {type: limit, value: 5个工作日}, open_limit: {type: limit}}
decisions:
  own_limit: {about: cases, hit: first, outcomes: {own_limit: limit}, rules: [{when: days > 3, then: 5个工作日}, {then: 当天}]}
  further_limit:
    {about: cases, hit: first, outcomes: {further_limit: limit}, rules: [{when: days > 3, then: =own_limit}], otherwise: 20个自然日}
  hourly_limit: {about: cases, hit: first, outcomes: {hourly_limit: limit}, rules: [{when: days > 3, then: 24小时}, {then: 90分钟}]}
  promised_limit: {about: cases, hit: first, outcomes: {promised_limit: limit}, rules: [{then: 5个工作日}]}
"""


@pytest.mark.parametrize(
    ("clock", "needs"),
    [
        ("limit: 8 工作日", {"first_day"}),
        ("limit: 8 工作日, alarms: [{signal: red, before: 1 工作日}]", {"first_day"}),
        ("limit: 8 工作日, alarms: [{signal: red, at: 90%}]", {"first_day", "percent_alarms"}),
        ("limit: 24 小时, starts: accepted_at, alarms: [{signal: red, at: 90%}]", set()),
        ("limit: 30 自然日", {"first_day", "roll"}),
        ("limit: 3 个月, first_day: excluded", {"roll"}),
        ("limit: 当天", {"rest_day_same_day"}),
        ("limit: own_limit", {"first_day", "rest_day_same_day"}),
        ("limit: hourly_limit if urgent else own_limit", {"first_day", "rest_day_same_day"}),
        ("limit: 'match(rating, (\"satisfied\", fixed_limit), otherwise=hourly_limit)', starts: accepted_at", {"first_day", "ends"}),
        ("limit: further_limit", {"first_day", "roll", "rest_day_same_day"}),
        ("limit: hourly_limit, starts: accepted_at", set()),
        ("limit: promised_limit", {"first_day", "roll", "rest_day_same_day"}),
        ("limit: fixed_limit", {"first_day"}),
        ("limit: open_limit", {"first_day", "roll", "rest_day_same_day"}),
    ],
)
def test_a_clock_needs_the_conventions_of_its_limit_and_no_others(book: Any, clock: str, needs: set[str]) -> None:
    starts = "" if "starts" in clock else "starts: received_on, "
    checked = book(f"{LIMITS}clocks:\n  reply: {{about: cases, {clock}, {starts}stops: closed_on}}\n").check()
    needed = {finding.entry.removeprefix("conventions.") for finding in checked.of("convention") if "clocks.reply" in finding.said.en}
    assert needed == needs


def test_a_clock_of_which_a_decision_reads_anything_is_not_unread(book: Any) -> None:
    clock = "clocks:\n  reply: {about: cases, limit: 10 工作日, starts: received_on, stops: closed_on}\n"
    (idle,) = book(clock).check().of("clock_unread")
    assert idle.text("zh") == "clocks.reply: reply 到期以后怎样，没有哪项决定、计分项、告警或文书过问"
    assert book(clock + OF_CASES % "reply.overdue").check().of("clock_unread") == ()


def test_what_a_table_is_made_of_is_no_fact_that_nothing_reads(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(
        "rulebook: tried\ntables:\n  towns: {label: 乡镇, of: department, dated_by: reported_on, lasts: [sent_on, back_on],"
        " reported_on: date, sent_on: date, back_on: date, claimed: {type: integer, label: 申报数}}\n",
        encoding="utf-8",
    )
    assert [(finding.text(), finding.text("zh")) for finding in load_rulebook(path).check().of("unused_fact")] == [
        ("tables.towns.claimed: nothing reads towns.claimed", "tables.towns.claimed: 没有哪处用到乡镇（towns）的申报数（claimed）")
    ]


def test_a_hidden_gap_is_told_by_its_label_wherever_its_fact_stands(book: Any) -> None:
    rules = [
        "{id: a, when: asked < due, then: x}",  # days that are compared with each other
        "{id: b, when: count == 3 or days == 2 and urgent, then: y}",  # single values that are meant
        "{id: less, when: days < 5, then: x}",
        "{id: more, when: days > 5, then: y}",
        "{id: rest, then: z}",
    ]
    tried = book(table("first", *rules)).amend({"tables.application.days.label": "天数"})
    (hidden,) = tried.check().of("hidden_gap")
    assert hidden.said.en.startswith("the rules leave out one value of days, which falls to the catch-all: ")
    assert hidden.said.zh.startswith("各条规则漏了天数的一个值，落到了兜底的规则：")
    assert (hidden.witness["days"], tried.decide("answer", hidden.witness).value("answer")) == (5, "z")


def test_no_gap_is_hidden_where_no_record_has_rules_on_both_sides_of_it(book: Any) -> None:
    rules = ("{id: a, when: (days < 5 or urgent) and (days >= 5 or count > 3), then: x}", "{id: b, when: days > 5 and count <= 3, then: y}")
    checked = book(table("first", *rules, "{id: rest, then: z}")).check()
    assert checked.of("hidden_gap") == ()
    assert checked.not_analysed == ()


def test_a_rule_behind_one_that_takes_more_is_not_told_of_a_catch_all(book: Any) -> None:
    rules = ("{id: some, when: count > 3, then: x}", "{id: many, when: count > 5, then: y}", "{id: rest, then: z}")
    (finding,) = book(table("first", *rules)).check().of("unreachable")
    assert finding.rules == ("many", "some")
    assert finding.said.en == "many never fires: some before it takes all that it asks for"
    assert finding.said.zh == "many 永远用不上：排在前面的 some 已经全部管到"
    assert not finding.hint.en


def test_a_table_that_is_no_longer_in_force_is_checked_as_it_was(book: Any) -> None:
    rules = ("{id: less, when: days < 5, then: x}", "{id: more, when: days > 5, then: y}")
    (gap,) = book(table("first", *rules, more="    until: 2020-12-31\n")).check().of("gap")
    assert (gap.on, gap.witness["days"]) == (date(2020, 12, 31), 5)


@pytest.mark.parametrize(
    ("conditions", "gap"),
    [
        (('done_at <= date("2026-06-01")', 'done_at >= date("2026-06-02")'), None),
        (('done_at < date("2026-06-01")', 'done_at == date("2026-06-01")', 'done_at > date("2026-06-01")'), None),
        (('date("2026-06-01") > done_at', 'done_at > date("2026-06-01")'), {"done_at": datetime(2026, 6, 1)}),
        (("add_days(asked, 3) >= due", "days(asked, due) > 3"), None),
        (("deep >= held", "held > -5"), {"deep": -6, "held": -5}),
        (("deep >= held",), {"deep": 0, "held": 1}),
        (("deep == held",), {"deep": 0, "held": 1}),
        (("deep <= held",), {"deep": 0, "held": -1}),
        (("deep >= held + 5",), {"deep": 0, "held": 0}),
        (("deep <= held - 5",), {"deep": 0, "held": 0}),
        (("deep >= held", "deep <= held - 1"), {"deep": 0, "held": Decimal("0.5")}),
        (("deep <= held", "deep >= held + 1"), {"deep": 0, "held": Decimal("-0.5")}),
        (("deep >= held", "deep <= held - 0.5"), {"deep": 0, "held": Decimal("0.1")}),
        (("deep <= held", "deep >= held + 0.5"), {"deep": 0, "held": Decimal("-0.1")}),
        (("count // 2 > 3", "count // 2 <= 3"), None),
    ],
)
def test_days_moments_and_numbers_meet_where_their_rules_do(book: Any, conditions: tuple[str, ...], gap: dict[str, object] | None) -> None:
    rules = [{"id": f"r{at}", "when": condition, "then": f"x{at}"} for at, condition in enumerate(conditions)]
    tried = book("").amend(
        {"tables.application.done_at": "moment", "tables.application.deep": "decimal", "tables.application.held": "decimal"}
    )
    checked = tried.amend({"decisions.answer": {"about": "application", "hit": "first", "rules": rules}}).check()
    assert [finding.witness for finding in checked.of("gap")] == ([] if gap is None else [gap])
    assert [finding.kind for finding in checked.findings if finding.kind in ("unreachable", "overlap")] == []
    assert [left.what for left in checked.not_analysed] == (["count // 2"] if "count // 2" in conditions[0] else [])


def test_a_gap_is_shown_by_the_plainest_record_and_said_by_what_matters_in_it(book: Any) -> None:
    tried = book("").amend({"tables.application.done_at": "moment"})
    rules = [{"id": "a", "when": 'urgent and count >= 1 and done_at < date("2030-01-01")', "then": "x"}]
    gaps = tried.amend({"decisions.answer": {"about": "application", "hit": "first", "rules": rules}}).check().of("gap")
    assert gaps[0].witness == {"urgent": False, "count": 0, "done_at": datetime(2026, 6, 1, 10)}
    assert [gap.telling for gap in gaps] == [("urgent",), ("count",), ("done_at",)]


def test_numbers_that_would_go_round_in_a_circle_are_none(book: Any) -> None:
    rules = [
        {"id": "round", "when": "a < b and b < c and c < a", "then": "x"},
        {"id": "almost", "when": "a < b and b < c and c < a + 1", "then": "y"},
        {"id": "rest", "then": "z"},
    ]
    tried = book("").amend({f"tables.application.{id}": "decimal" for id in "abc"})
    checked = tried.amend({"decisions.answer": {"about": "application", "hit": "first", "rules": rules}}).check()
    assert [finding.text() for finding in checked.of("unreachable")] == ["decisions.answer: round never fires: its condition never holds"]


def test_two_sums_that_whole_numbers_come_to_at_once_overlap(book: Any) -> None:
    rules = [{"id": "sum", "when": "count + more == 4", "then": "x"}, {"id": "even", "when": "count == more", "then": "y"}]
    tried = book("").amend({"tables.application.more": {"type": "integer", "min": "0"}})
    checked = tried.amend({"decisions.answer": {"about": "application", "hit": "unique", "rules": rules}}).check()
    assert [finding.witness for finding in checked.of("overlap")] == [{"count": 2, "more": 2}]
    assert checked.not_analysed == ()


@pytest.mark.parametrize(
    ("condition", "gap"),
    [
        ("count(late) >= 0", None),
        ("count(late) <= 100", {"count(late)": 101}),
        ("percent(cases, closed_on == received_on) >= 0", None),
        ("percent(cases, closed_on == received_on) <= 100", None),
        ("percent(cases, closed_on == received_on) > 0", {"percent(cases, closed_on == received_on)": 0}),
    ],
)
def test_what_is_counted_from_records_is_never_below_0_and_a_percentage_never_above_100(
    book: Any, condition: str, gap: dict[str, object] | None
) -> None:
    entry = f"  answer: {{about: staff, period: month, hit: first, rules: [{{id: a, when: '{condition}', then: x}}]}}\n"
    checked = book(f"events: {{late: {{label: 迟到}}}}\ndecisions:\n{entry}").check()
    assert [finding.counted for finding in checked.of("gap")] == ([] if gap is None else [gap])
    assert checked.not_analysed == ()


def test_rules_of_an_any_table_overlap_where_one_of_their_outcomes_differs(book: Any) -> None:
    outcomes = "    outcomes: {p: {type: integer}, q: {type: integer}}\n"
    rules = (
        "{id: a, when: urgent, then: {p: 1, q: 1}}",
        "{id: b, when: count > 3, then: {p: 1, q: 2}}",
        "{id: c, when: days > 5, then: {p: 2, q: 1}}",
        "{id: d, when: count > 5, then: {p: 1, q: 2}}",
    )
    overlaps = found(book(table("any", *rules, more=outcomes)).check(), "overlap")
    assert overlaps == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("c", "d")]


AFTER = "  after:\n    about: application\n    hit: first\n    rules:\n      - {{id: a, when: '{}', then: x}}\n      - {{id: r, then: y}}\n"


@pytest.mark.parametrize(
    ("used", "asked", "left"),
    [
        # days are whole: 3 or less, 4 or more is all there is
        (table("first", "{id: a, when: 'days(asked, due) <= 3', then: x}", "{id: b, when: 'days(asked, due) >= 4', then: y}"),
         'match(answer, ("x", 1), ("y", 2)) > 1', []),
        (table("first", "{id: a, when: days <= 3, then: x}", "{id: b, when: days >= 4, then: y}"),
         'match(answer, ("x", 1), ("y", 2)) > 1', ['match(answer, ("x", 1), ("y", 2)) > 1']),
        # two rules at once
        (table("unique", "{id: a, when: urgent, then: 1}", "{id: b, when: count > 3, then: 2}"),
         "step(answer, (1, 1), (2, 2)) > 1", ["step(answer, (1, 1), (2, 2))"]),
        (table("unique", "{id: a, when: urgent, then: x}", "{id: b, when: count > 3, then: x}"), "known(answer)", ["known(answer)"]),
        (table("any", "{id: a, when: urgent, then: x}", "{id: b, when: count > 3, then: x}"), "known(answer)", []),
        # one of several outcomes, where it is not said what decides it
        (table("first", "{id: a, when: count > 3, then: {p: 1, q: 1}}", "{id: b, when: count <= 3, then: {p: 2, q: 2}}",
               more="    outcomes: {p: {type: integer}, q: {type: integer}}\n"),
         "p == 1 or not known(count)", []),
        # of one condition what another is
        (table("first", "{id: a, when: urgent, then: x}"), 'contains(words, "急") == urgent', ['contains(words, "急")']),
    ],
)  # fmt: skip
def test_of_what_a_condition_reads_only_that_is_left_which_nothing_says(book: Any, used: str, asked: str, left: list[str]) -> None:
    checked = book(used + AFTER.format(asked)).check()
    assert [one.what for one in checked.not_analysed if one.entry == "decisions.after"] == left


def test_a_limit_of_the_period_before_is_not_analysed(book: Any) -> None:
    decisions = (
        "decisions:\n  time: {about: month, hit: first, rules: [{id: t, then: '=limit(\"5个工作日\")'}]}\n"
        "  after: {about: month, hit: first, rules: [{id: a, when: known(previous(time)), then: x}, {id: r, then: y}]}\n"
    )
    checked = book(f"{SCHEME % 'missed'}{decisions}").check()
    assert [one.what for one in checked.not_analysed] == ["previous(time)", "known(previous(time))"]


def test_a_limit_that_is_none_is_none_however_many_times_it_is_taken(book: Any) -> None:
    rules = [{"id": "a", "when": "is_none(within * 2)", "then": "x"}, {"id": "b", "when": "known(within)", "then": "y"}]
    tried = book("").amend({"tables.application.within": {"type": "limit", "none": ["无"]}})
    checked = tried.amend({"decisions.answer": {"about": "application", "hit": "first", "rules": rules}}).check()
    assert checked.of("gap") == ()
    assert "gap" not in [left.what for left in checked.not_analysed]


@pytest.mark.parametrize(("beside", "left"), [(20, 0), (21, 1)])
def test_a_sum_of_more_cases_than_400_is_not_analysed(book: Any, beside: int, left: int) -> None:
    facts = {"one": 20, "other": beside}
    worths = {id: ", ".join(f'("v{at}", {at})' for at in range(many)) for id, many in facts.items()}
    rules = [
        {"id": "a", "when": f"{' + '.join(f'match({id}, {of})' for id, of in worths.items())} > 7", "then": "x"},
        {"id": "r", "then": "y"},
    ]
    tried = book("").amend(
        {f"tables.application.{id}": {"type": "choice", "values": [f"v{at}" for at in range(many)]} for id, many in facts.items()}
    )
    checked = tried.amend({"decisions.answer": {"about": "application", "hit": "first", "rules": rules}}).check()
    assert len(checked.not_analysed) == left


@pytest.mark.parametrize("asked", ["known(marked)", "is_none(marked)"])
def test_of_what_a_table_collects_it_is_not_claimed_that_there_is_none(book: Any, asked: str) -> None:
    collected = (
        "  marked:\n    about: application\n    hit: collect\n"
        "    rules: [{id: u, when: urgent, then: 急}, {id: m, when: count > 3, then: 多}]\n"
    )
    checked = book(table("first", f"{{id: k, when: {asked}, then: x}}", "{id: r, then: y}") + collected).check()
    assert checked.of("unreachable", "gap") == ()
    assert [left.what for left in checked.not_analysed] == [asked]


def test_a_list_that_may_not_be_said_is_not_analysed(book: Any) -> None:
    rules = ("{id: map, when: '\"图\" in papers', then: x}", "{id: unsaid, when: not known(papers), then: y}", "{id: rest, then: z}")
    checked = book(table("first", *rules)).check()
    assert '"图" in papers' in [left.what for left in checked.not_analysed]


FITS = table("first", "{id: a, when: count > 3, then: x}", "{id: b, when: urgent, then: y}", "{id: c, then: z}")


def test_what_is_accepted_and_found_is_told_apart_and_what_is_not_found_is_told(book: Any) -> None:
    accepted = (
        "accepted:\n  - {kind: order, entry: decisions.answer, rules: [b, a], because: 先看件数}\n"
        "  - {kind: order, entry: decisions.answer, rules: [a, c], because: 没有的}\n"
        "  - {kind: gap, entry: decisions.answer, because: 没有的}\n"
        "  - {kind: gape, entry: decisions.answer, because: 写错的}\n"
        "  - {kind: gap, entry: decisions.on_time, because: 标准册的}\n"
    )
    checked = book(accepted + FITS).check()
    assert [(finding.kind, finding.rules, finding.accepted) for finding in checked.accepted] == [("order", ("a", "b"), "先看件数")]
    assert checked.of("order") == ()
    told = checked.of("unused_acceptance")
    assert [one.entry for one in told] == ["accepted.2", "accepted.3", "accepted.4"]
    assert [(one.said.en, one.said.zh) for one in told] == [
        (
            "it accepts order of decisions.answer [a, c], and nothing of that is found",
            "认可 decisions.answer [a, c] 的 order，而并没有发现",
        ),
        ("it accepts gap of decisions.answer, and nothing of that is found", "认可 decisions.answer 的 gap，而并没有发现"),
        ("it accepts gape of decisions.answer, and nothing of that is found", "认可 decisions.answer 的 gape，而并没有发现"),
    ]
    kinds = ", ".join(KINDS)
    assert [one.hint.en for one in told] == ["take it out", "take it out", f"the kinds are {kinds}"]
    assert [one.hint.zh for one in told] == ["请删去", "请删去", f"种类有：{kinds}"]
