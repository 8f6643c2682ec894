"""What a command says is said of what was typed: options, not the arguments of a call; a slip of the line is told as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice.cli import main

BOOK = """rulebook: t
decisions:
  way: {about: application, hit: first, rules: [{when: known(departments), then: a}]}
"""


@pytest.mark.parametrize(
    ("line", "chinese", "english"),
    [
        (
            ["classify", "kunshan", "主件=已带"],
            "册里有带起止日期的规则；请用 --on 给出日期",
            "the rulebook has dated rules; say on which day: --on DATE",
        ),
        (["due", "2026-03-05", "-3个工作日"], "'-3个工作日'不是可读的时限；时限不小于 0", "no limit in '-3个工作日'; a limit is 0 or more"),
        (["due", "2026-03-05", "-三个月"], "时限不小于 0", "a limit is 0 or more"),
        (["classify", "kunshan", "收件日=2026-02-31", "主件=已带", "--on", "2026-11-20"], "没有这样的日期", "there is no such day"),
        (["classify", "kunshan", "审批部门数=二个", "主件=已带", "--on", "2026-11-20"], "审批部门数", "审批部门数"),
    ],
)
def test_a_refusal_speaks_of_the_line(line: list[str], chinese: str, english: str, capsys: pytest.CaptureFixture[str]) -> None:
    for lang, said in (("zh", chinese), ("en", english)):
        assert main([*line, "--lang", lang]) == 1
        told = capsys.readouterr().err
        assert said in told
        assert "on=" not in told


def test_a_full_width_equals_sign_gives_a_fact_too(capsys: pytest.CaptureFixture[str]) -> None:
    facts = ["正式申请=是", "主件=有而未带", "所缺材料=验资报告"]
    outs = []
    for given in (facts, [fact.replace("=", "＝") for fact in facts]):
        assert main(["classify", "kunshan", *given, "--on", "2026-11-20", "--lang", "zh"]) == 0
        outs.append(capsys.readouterr().out)
    assert outs[0] == outs[1]
    assert "补办件" in outs[0]


def test_a_book_that_classifies_nothing_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.yaml").write_text(BOOK, encoding="utf-8")
    assert main(["classify", str(tmp_path / "t.yaml"), "审批部门数=2", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("这册规则不分办件类型")


def test_a_check_says_what_it_found_and_where_no_rule_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for condition, chinese, english in (
        ("known(departments)", "没有规则管到：审批部门数 没有给出时", "no rule fits: where nothing is known of departments"),
        ("1 > 2", "没有规则管到：事实无论如何，都没有规则适用", "no rule fits, whatever the facts are"),
        ('contains(subject, "甲")', '没有规则管到：视 contains(subject, "甲") 而定（没有分析）', 'it turns on contains(subject, "甲")'),
        ("departments > 2", "没有规则管到：审批部门数 ", "no rule fits: departments "),
    ):
        text = BOOK.replace("known(departments)", f"'{condition}'").replace(
            "decisions:", "tables: {application: {subject: text}}\ndecisions:"
        )
        (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
        for lang, said, found in (("zh", chinese, "t：能读；发现"), ("en", english, "t: it can be read; found in it: ")):
            assert main(["check", str(tmp_path / "t.yaml"), "--lang", lang]) == 0
            out = capsys.readouterr().out
            assert out.startswith(found)
            assert said in out
            assert "没有规则管到 (gap)" not in out
