"""The command speaks one language at a time: its help, its refusals, its tables and its files follow `--lang`, else the system's."""

from __future__ import annotations

import argparse
import contextlib
import csv
import inspect
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from govservice.cli import main
from govservice.cli.arguments import language, parse
from govservice.cli.texts import HELP, PLACES, SLIPS
from govservice.rules import load_rulebook

COMMANDS = (
    "classify", "due", "run", "assess", "score", "grade", "measure", "whatif", "tune", "try", "check", "test", "diff", "show", "papers",
    "sql", "sheets", "verify", "freeze", "calendar", "completions",
)  # fmt: skip
CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
# what somebody wrote, and how a limit is written
EXAMPLES = re.compile(r"'[^']*'|2026年2月13日|“[^”]*”|unrecognized arguments: .*|5个工作日|30个自然日|24小时|3个月|当天|[日天](?= )")
SIGNS = re.compile(
    r"^govservice [a-z]+:|--?[a-z][a-z-]*|\b[A-Z][A-Z_/=]+\b|[\w*.-]*\*|\b\w+\.\w+\b|\{[^}]*\}|\w+/\w+|\w+=\w+|“[^”]*”|'[^']*'"
)
SENTENCE = re.compile(r"[A-Za-z] +[A-Za-z]")


def said(arguments: list[str]) -> tuple[int, str, str]:
    """The exit code, and what one command line says on stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def english_in(text: str) -> list[str]:
    """The lines that hold an English sentence; the line of the usage is made of names alone, and left out with those it continues on."""
    lines = re.sub(r"^用法：.*?(?=^\S|^$)|不认识：[^\n]*", "", text, flags=re.MULTILINE | re.DOTALL).splitlines()
    return [line for line in lines if SENTENCE.search(SIGNS.sub("，", line))]


def chinese_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if CHINESE.search(EXAMPLES.sub("", line))]


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)], ids=lambda command: " ".join(command) or "govservice")
def test_help_is_in_the_language_asked_for(command: list[str]) -> None:
    code, out, err = said([*command, "--help", "--lang", "zh"])
    assert (code, err, english_in(out)) == (0, "", [])
    assert out.startswith("用法：")
    assert "\n选项:\n" in out
    code, out, err = said([*command, "--lang", "en", "--help"])
    assert (code, err, chinese_in(out)) == (0, "", [])
    assert out.startswith("usage: govservice")


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)], ids=lambda command: " ".join(command) or "govservice")
def test_what_a_reader_gives_is_named_in_the_language_asked_for(command: list[str]) -> None:
    """In help nothing stands for a value by an English word in capitals."""
    text = said([*command, "--help", "--lang", "zh"])[1]
    assert set(re.findall(r"[A-Z]+(?:=[A-Z]+)?", text)) & PLACES.keys() == set()
    assert PLACES["BOOK"].zh in text or command not in (["check"], ["show"], ["test"])


def test_the_form_of_github_is_offered_where_it_is_taken_alone() -> None:
    for lang in ("zh", "en"):
        offering = [name for name in COMMANDS if "github" in said([name, "--help", "--lang", lang])[1]]
        assert offering == ["check"]


def test_no_line_of_help_is_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    cell_len = pytest.importorskip("rich.cells").cell_len
    for columns in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        for lang in ("zh", "en"):
            wide = [
                line for name in COMMANDS for line in said([name, "--help", "--lang", lang])[1].splitlines() if cell_len(line) > columns
            ]
            assert wide == []


def test_every_text_is_in_both_languages_and_every_option_has_one() -> None:
    assert [name for name, text in HELP.items() if CHINESE.search(EXAMPLES.sub("", text.en)) or not CHINESE.search(text.zh)] == []
    assert [name for name, text in HELP.items() if english_in(text.zh)] == []


def msgids() -> Iterator[str]:
    """What argparse says, as its own source has it."""
    source = inspect.getsource(argparse)
    for call in re.finditer(r"\b(?:_|ngettext)\(\s*((?:[rf]?(?:'[^'\n]*'|\"[^\"\n]*\")[\s,]*)+)", source):
        singular_and_plural = [re.sub(r"'\s*'|\"\s*\"", "", part) for part in re.split(r",\s*(?=['\"])", call[1].strip().rstrip(","))]
        yield from (part.strip().strip("'\"") for part in singular_and_plural)


PROGRAMMERS = (  # what only the one who writes a parser is told, and what is said elsewhere
    "usage: ", "positional arguments", "options", "show this help message and exit", "show program's version number and exit",
    "subcommands", "%(heading)s:", " (default: %(default)s)", "argument %(argument_name)s: %(message)s", "%(prog)s: error: %(message)s\\n",
    "%(prog)s: warning: %(message)s\\n", ".__call__() not defined",
)  # fmt: skip
PROGRAMMER = re.compile(
    r"conflicting|argument \"-\"|can't open|cannot merge|'required' is|invalid option (string|name)|dest=|invalid conflict"
    r"|mutually exclusive|cannot have|unknown parser|not callable|unexpected option|deprecated|one of the arguments|required' is an"
)


def test_all_that_argparse_may_say_has_its_chinese() -> None:
    found = list(msgids())
    assert len(found) > 30
    assert [each for each in found if each not in SLIPS and each not in PROGRAMMERS and not PROGRAMMER.search(each)] == []


SLIPS_MADE = [
    ["walk"], ["due"], ["due", "2026-02-13"], ["check"], ["calendar"], ["run", "--rulebok", "x"], ["run", "--now", "2026-13-01"],
    ["run", "--set", "x"], ["run", "--rulebook"], ["calendar", "二〇二六"], ["calendar", "2026", "--month", "13"],
    ["calendar", "2026", "--month", "x"],
    ["due", "2026-02-13", "5日", "--day", "week"], ["run", "--strict=yes"], ["due", "a", "b", "c"], ["calendar", "9" * 40],
    ["run", "--now", "2026-03-04 25:00"], ["--lang", "cn"],
]  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS_MADE, ids=" ".join)
def test_a_slip_is_told_in_the_language_asked_for(slip: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for lang, system, foreign in (("zh", "C.UTF-8", english_in), ("en", "zh_CN.UTF-8", chinese_in)):
        monkeypatch.setenv("LC_ALL", system)
        if "--lang" in slip:
            monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}[lang])
        code, out, err = said([*(() if "--lang" in slip else ("--lang", lang)), *slip])
        assert (code, out, foreign(err)) == (2, "", [])
        assert ("错误：" in err) == (lang == "zh")


WORDS = st.sampled_from(
    ["run", "check", "due", "calendar", "walk", "--help", "--lang", "zh", "en", "cn", "--now", "--on", "--set", "--day", "--month",
     "--strict", "--strict=1", "--roll", "--x", "-x", "-h", "--version", "2026", "2026-02-30", "13", "x", "--tz", "--", "--ends",
     "--notice", "--explain=2"]
)  # fmt: skip


@example(["run", "--now", "run"], "en")
@given(st.lists(WORDS, max_size=5), st.sampled_from(["zh", "en"]))
def test_whatever_is_typed_is_answered_in_one_language(typed: list[str], lang: str) -> None:
    arguments = ["--lang", lang, *typed, *(() if "--" in typed else ("--lang", lang))]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        asked = parse(arguments)  # nothing is run here
    spoken = language(arguments)
    assert asked in (0, 2) if isinstance(asked, int) else asked.lang == spoken
    assert (english_in if spoken == "zh" else chinese_in)(out.getvalue() + err.getvalue()) == []


@pytest.mark.parametrize(
    ("arguments", "variables", "spoken"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN", "LC_ALL": ""}, "zh"),
        ([], {}, "en"),
        (["--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang", "en", "due", "--lang=zh"], {}, "zh"),
        (["check", "--", "--lang", "zh"], {}, "en"),
    ],
)
def test_the_last_word_on_the_language_is_the_command_lines(
    arguments: list[str], variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language(arguments) == spoken


def test_what_is_wrong_after_two_languages_were_named_is_told_in_the_last() -> None:
    assert said(["--lang", "en", "due", "2026-02-30", "5个工作日", "--lang", "zh"])[2].startswith("'2026-02-30'不是日期")


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--rulebook", "kunshan", "--records", "nosuch"],
        ["run", "--rulebook", "kunshan", "--records", "r", "--mapping", "nosuch.yaml"],
        ["calendar", "2026", "--html", "no/such/folder.html"],
        ["calendar", "2026", "--html", "r"],
        ["calendar", "2026", "--html", "r", "--force"],
        ["due", "2026-02-13", "5个工作日", "--notice", "none.yaml"],
        ["due", "2026-02-13", "5个工作日", "--notice", "r"],
        ["check", "r"],
    ],
    ids=" ".join,
)
def test_what_the_system_says_of_a_file_is_told_in_chinese_too(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r").mkdir()
    code, _, err = said(["--lang", "zh", *arguments])
    assert code == 1
    assert CHINESE.search(err)
    assert english_in(err) == []


def heads(folder: Path) -> dict[str, list[str]]:
    """The headings of every table in a folder."""
    found = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8-sig", newline="") as stream:
            found[file.name] = next(csv.reader(stream))
    return found


def test_the_files_of_a_run_have_their_headings_in_its_language_and_the_summary_pairs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(["run", "--out", "zh", "--lang", "zh"])[0] == 0
    assert said(["run", "--out", "en", "--lang", "en"])[0] == 0
    zh, en = heads(tmp_path / "zh"), heads(tmp_path / "en")
    assert zh["items.csv"][:4] == ["编号", "事项名称", "部门", "办件类型"]
    assert [head for row in en.values() for head in row if CHINESE.search(head)] == []
    book = load_rulebook("kunshan")
    named = {name for decision in book.contents.decisions.values() for name, _ in decision.labels}
    named |= {decision.primary for decision in book.contents.decisions.values() if decision.label}
    nameless = {name: {head for head in row if not CHINESE.search(head)} for name, row in zh.items()}
    assert {name for name, row in nameless.items() if row} <= {"applications.csv", "cases.csv"}  # outcomes, where the book has no label
    assert set.union(*nameless.values()) & named == set()
    assert [name for name, row in zh.items() if len(set(row)) != len(row)] == []
    for lang, written in (("zh", zh), ("en", en)):
        columns = json.loads((tmp_path / lang / "summary.json").read_text(encoding="utf-8"))["columns"]
        assert {name: list(each.values()) for name, each in columns.items()} == written
        assert {name: list(each) for name, each in columns.items()} == en


BAD = sorted((Path(__file__).parents[1] / "books" / "bad").glob("*.yaml"))


def test_no_fault_of_a_book_is_told_in_english_where_chinese_is_asked_for() -> None:
    assert len(BAD) > 40
    told = [line for book in BAD for line in said(["check", str(book), "--lang", "zh"])[2].splitlines() if CHINESE.search(line)]
    assert len(told) >= len(BAD)
    quoted = re.compile(r"“[^”]*”|'[^']*'|`[^`]*`|\{[^}]*\}")
    assert [line for line in told if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", quoted.sub("，", line))] == []
