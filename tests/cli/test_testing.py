"""`test` runs a book's examples and files of tests, says what they would not notice, and offers cases that would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.cli import main
from govservice.errors import RulebookError
from govservice.nothing import NONE
from govservice.trials import as_examples, run_tests, writable

BOOK = """
rulebook: leave
conventions: {first_day: excluded, roll: forward}
tables:
  application:
    days: {type: decimal, label: 请假天数, min: 0, max: 30}
    urgent: {type: boolean, label: 急事}
    note: {type: text, label: 备注, none: [无]}
decisions:
  approver:
    label: 请假审批
    about: application
    hit: first
    rules:
      - {id: head, when: days <= 1, then: head}
      - {id: office, when: days > 1 and days < 7, then: office}
      - {id: leader, when: days >= 7 or urgent, then: leader}
    examples:
      - {id: short, given: {请假天数: 3, 急事: 否}, then: office}
  noted:
    about: application
    hit: first
    rules: [{id: y, when: 'note == "x: y"', then: true}, {id: n, then: false}]
"""
TESTS = """
tests: leave
decisions:
  approver:
    - {id: half-day, given: {请假天数: 0.5}, then: head}
    - {id: week, given: {请假天数: 8}, then: %s}
"""


NO_TESTS = "t.yaml:1: this is no file of tests; tests: <the book's id>, then decisions: and schemes:, each with a list of examples"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leave.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "days.yaml").write_text(TESTS % "leader", encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_cases_beside_a_book_are_run_and_the_missing_ones_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "leave.yaml", "--lang", "en"]) == 0
    assert (
        capsys.readouterr().out
        == """\
leave: 3 cases, all hold
  decisions without a case: noted
  9 of 15 changes to your rules go unnoticed
add these 4 cases:
tests: leave
decisions:
  approver:
    - {given: {days: 1, urgent: true}, then: head}
    - {given: {days: 1.5, urgent: false}, then: office}
    - {given: {days: 7, urgent: false}, then: leader}
    - {given: {days: 6, urgent: true}, then: office}
"""
    )


WITHOUT = """
rulebook: bare
decisions:
  x: {about: application, hit: first, rules: [{id: a, then: true}]}
"""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bare.yaml"], "bare: no test cases: the book has no `examples`, and no file of tests is in tests\n"),
        (["bare.yaml", "none.yaml"], "bare: no test cases: the book has no `examples`, nor have the files named\n"),
        (
            ["jiangyong"],
            "jiangyong: no test cases: the book has no `examples`; the cases of the shipped rulebooks are kept with the project's own tests"
            " (tests/cases), not in the package. Cases of your own: govservice test jiangyong FILE\n",
        ),
    ],
)
def test_where_there_are_no_cases_it_is_said_where_they_were_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bare.yaml").write_text(WITHOUT, encoding="utf-8")
    (tmp_path / "none.yaml").write_text("tests: bare\n", encoding="utf-8")
    assert main(["test", *arguments, "--only-run", "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.usefixtures("folder")
def test_the_same_in_chinese_by_labels(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "leave.yaml", "--lang", "zh"]) == 0
    assert (
        capsys.readouterr().out
        == """\
leave：3 例，全部成立
  没有测试的决定：noted
  规则的 15 处改动，有 9 处发现不了
请加上这 4 例：
tests: leave
decisions:
  approver:
    - {given: {请假天数: 1, 急事: 是}, then: head}
    - {given: {请假天数: 1.5, 急事: 否}, then: office}
    - {given: {请假天数: 7, 急事: 否}, then: leader}
    - {given: {请假天数: 6, 急事: 是}, then: office}
"""
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_with_the_offered_cases_nothing_goes_unnoticed(folder: Path, capsys: pytest.CaptureFixture[str], lang: str) -> None:
    main(["test", "leave.yaml", "--all", "--lang", lang])
    shown = capsys.readouterr().out
    (folder / "tests" / "more.yaml").write_text(shown[shown.index("tests: ") :], encoding="utf-8")
    assert main(["test", "leave.yaml", "--strict", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "leave: 9 cases, all hold\n  all 21 changes to your rules are noticed\n"


def test_a_case_that_fails_is_named_with_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "days.yaml").write_text(TESTS % "head", encoding="utf-8")
    assert main(["test", "leave.yaml", "days.yaml", "--only-run", "--lang", "en"]) == 1
    assert (
        capsys.readouterr().out
        == """\
leave: 3 cases, 1 fail
  days.yaml:6: decisions.approver, example week: approver should be head, and is leader
  decisions without a case: noted
"""
    )
    assert main(["test", "leave.yaml", "days.yaml", "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [(run["file"], run["examples"], len(run["failed"])) for run in told["runs"]] == [(None, 1, 0), ("days.yaml", 2, 1)]
    assert told["coverage"]["unreached"] == ["approver.leader"]
    assert told["untested"] == ["noted"]


@pytest.mark.usefixtures("folder")
def test_strict_minds_what_goes_unnoticed() -> None:
    assert main(["test", "leave.yaml", "--strict"]) == 1
    assert main(["test", "kunshan"]) == 0


def test_faults_of_a_file_of_tests_have_their_place(folder: Path) -> None:
    path = folder / "bad.yaml"
    path.write_text(
        "tests: leave\ndecision: {}\ndecisions:\n  aprover:\n    - {given: {请假天数: 1}, then: head}\n"
        "  approver:\n    - {id: a, given: {请假天: 1}, then: head}\n    - {given: {请假天数: 多}, then: head}\n",
        encoding="utf-8",
    )
    with pytest.raises(RulebookError) as raised:
        load_rulebook("leave.yaml").tested_by(path)
    assert str(raised.value).splitlines() == [
        "bad.yaml:2: decision: unknown key 'decision'; did you mean \"decisions\"?",
        'bad.yaml:4: decisions.aprover: the book has no decisions.aprover; did you mean "approver"?',
        'bad.yaml:7: decisions.approver.examples.a.given.请假天: unknown fact "请假天"; did you mean "请假天数"?',
        "bad.yaml:8: decisions.approver.examples.2.given.请假天数: 请假天数 must be a decimal: '多' is not a number; "
        "write digits without units: 200",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "rulebook: x\n",
            NO_TESTS,
        ),
        ("- a\n", NO_TESTS),
        ("\ntests: other\n", "t.yaml:2: these are tests of 'other', not of leave; write tests: leave"),
    ],
)
def test_a_file_that_is_of_no_tests_or_of_another_book_is_refused(folder: Path, text: str, message: str) -> None:
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as raised:
        load_rulebook("leave.yaml").tested_by("t.yaml")
    assert str(raised.value) == message


@pytest.mark.usefixtures("folder")
def test_a_case_reads_back_as_it_was_written_whatever_its_texts_are() -> None:
    book = load_rulebook("leave.yaml")
    for note in ("x: y", "- a", "{b}", '"q"', "#", "a'b", "是", " z "):
        text = as_examples(book, [{"decision": "noted", "facts": {"note": note}, "expect": {"noted": note == "x: y"}}])
        Path("t.yaml").write_text(text, encoding="utf-8")
        ((_, example),) = [one for one in book.tested_by("t.yaml").examples if one[0] == "decisions.noted"]
        assert example.given == {"note": note}
    none = {"decision": "noted", "facts": {"note": NONE}, "expect": {"noted": False}}
    assert as_examples(book, [none], "zh").endswith("{given: {备注: 无}, then: 否}")


@pytest.mark.usefixtures("folder")
def test_what_no_example_can_say_is_not_offered() -> None:
    cases = [
        {"decision": "approver", "facts": {"days": 1}, "expect": {"approver": "head"}},
        {"decision": "approver", "facts": {"days": 1}, "expect": {"approver": ["head"]}},
        {"decision": "approver", "facts": {"days": 1}, "expect": {"approver": "leader"}},
        {"decision": "approver", "facts": {"due": 1}, "expect": {"approver": "open"}},
    ]
    assert writable("leave.yaml", cases) == (cases[0],)


DESK = """
rulebook: desk
extends: [standard]
conventions:
  {first_day: excluded, roll: forward, ends: day, part_floor: "0", part_overflow: capped, part_served: full, same_occurrence: each}
events: {late: {label: 迟到}}
clocks:
  reply: {about: cases, when: departments >= 2, limit: 8 工作日, starts: received_on, stops: decided_on}
  other: {about: cases, limit: 9 工作日, starts: received_on, stops: decided_on}
decisions:
  overran: {about: cases, hit: first, rules: [{id: y, when: reply.overdue, then: true}, {id: n, then: false}]}
measures:
  lateness: {value: count(late)}
schemes:
  month:
    scores: staff
    period: month
    parts:
      discipline: {full: 10, items: [{id: late, for: late, points: -1, at_least: -3}]}
      praise: {items: [{id: punctual, when: lateness <= 1, points: 2}]}
"""
DESK_TESTS = """
tests: desk
decisions:
  overran:
    - {given: {审批部门数: 2, 收件日: 2026-11-02}, now: 2026-11-13, then: 是}
    - {given: {审批部门数: 2, 收件日: 2026-11-02}, now: 2026-11-12, then: 否}
schemes:
  month:
    - {given: {staff: [{staff: A}], events: [{kind: 迟到, staff: A, on: 2026-11-03}]}, subject: A, period: 2026-11, then: {total: 11}}
"""
EDGES = """
tests: desk
decisions:
  overran:
    - {given: {审批部门数: 1, 收件日: 2026-11-02}, now: 2026-11-30, then: 否}
schemes:
  month:
    - {given: {staff: [{staff: A}], events: [%s]}, subject: A, period: 2026-11, then: {total: 8}}
    - {given: {staff: [{staff: A}], events: [%s]}, subject: A, period: 2026-11, then: {total: 7}}
"""
LATE = "{kind: 迟到, staff: A, on: 2026-11-0%d}"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "t.yaml").write_text(DESK_TESTS, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("desk")
def test_changes_of_schemes_clocks_and_measures_that_go_unnoticed_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "desk.yaml", "t.yaml", "--lang", "en"]) == 0
    assert (
        capsys.readouterr().out
        == """\
desk: 3 cases, all hold
  4 of 20 changes to schemes, clocks and measures go unnoticed
    clocks.reply: when: departments >= 2 -> departments >= 1 (it takes a row on the edge of the condition)
    schemes.month.discipline.late: at_least: -3 -> -2 (it takes rows enough to reach the bound)
    schemes.month.discipline.late: at_least: -3 -> -4 (it takes rows enough to reach the bound)
    schemes.month.praise.punctual: when: lateness <= 1 -> lateness <= 2 (it takes a row on the edge of the condition)
"""
    )
    assert main(["test", "desk.yaml", "t.yaml", "--strict", "--lang", "zh"]) == 1
    assert (
        capsys.readouterr().out
        == """\
desk：3 例，全部成立
  方案、时限、指标的 20 处改动，有 4 处发现不了
    clocks.reply：when：审批部门数 ≥ 2 改为 审批部门数 ≥ 1（要有正好在条件边上的一行记录）
    schemes.month.discipline.late：at_least：-3 改为 -2（要有多到碰上限额的记录）
    schemes.month.discipline.late：at_least：-3 改为 -4（要有多到碰上限额的记录）
    schemes.month.praise.punctual：when：lateness ≤ 1 改为 lateness ≤ 2（要有正好在条件边上的一行记录）
"""
    )


def test_with_the_cases_that_it_takes_none_goes_unnoticed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two, four = (", ".join(LATE % day for day in range(1, times + 1)) for times in (2, 4))
    (desk / "edges.yaml").write_text(EDGES % (two, four), encoding="utf-8")
    assert main(["test", "desk.yaml", "t.yaml", "edges.yaml", "--strict", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "desk: 6 cases, all hold\n  all 20 changes to schemes, clocks and measures are noticed\n"


@pytest.mark.usefixtures("desk")
def test_what_no_case_reads_is_not_measured_and_what_takes_too_long_is_said() -> None:
    noticed = run_tests("desk.yaml", ["t.yaml"]).noticed
    assert noticed is not None
    assert not any(one.entry == "clocks.other" for one in noticed.survivors)
    assert (noticed.mutants, noticed.killed, noticed.untried, len(noticed.survivors)) == (20, 16, 0, 4)
    hurried = run_tests("desk.yaml", ["t.yaml"], most_runs=2).noticed
    assert hurried is not None
    assert (hurried.mutants, hurried.untried + hurried.killed + len(hurried.survivors)) == (20, 20)
    assert hurried.untried > 0
    assert run_tests("desk.yaml", ["t.yaml"], measure=False).noticed is None


def test_cases_of_schemes_are_run_and_not_measured(folder: Path) -> None:
    text = """
rulebook: month
conventions: {part_floor: "0", part_overflow: capped, part_served: full, same_occurrence: each}
events: {late: {label: 迟到}}
schemes: {month: {scores: staff, period: month, parts: {discipline: {full: 10, items: [{id: late, for: late, points: -1}]}}}}
"""
    (folder / "month.yaml").write_text(text, encoding="utf-8")
    rows = "staff: [{staff: A}], events: [{kind: 迟到, staff: A, on: 2026-11-03}]"
    (folder / "t.yaml").write_text(
        f"tests: month\nschemes:\n  month:\n    - {{given: {{{rows}}}, subject: A, period: 2026-11, then: {{total: 9}}}}\n"
        f"    - {{given: {{{rows}}}, subject: A, period: 2026-11, then: {{total: 8}}}}\n",
        encoding="utf-8",
    )
    trial = run_tests("month.yaml", ["t.yaml"])
    assert [failure.text() for failure in trial.failed] == ["t.yaml:5: schemes.month, example 2: total should be 8, and is 9"]
    assert (trial.coverage, trial.measured) == (None, 0)
