"""With `--lang zh` nothing is in English: every command, in every form, on the sample and on a book in which everything has a label."""

from __future__ import annotations

import contextlib
import io
import re
from functools import cache
from pathlib import Path

import pytest

from govservice.cli import main
from govservice.cli.arguments import _COMMANDS
from govservice.rules import load_rulebook
from govservice.rules.book.contents import Contents
from tests.in_chinese import foreign, read
from tests.year_of_a_centre import SETTINGS, write_year

HERE = Path(__file__).parent / "qingshi"
BOOK, LATER, RECORDS = str(HERE / "qingshi.yaml"), str(HERE / "later.yaml"), str(HERE / "records")
COMMANDS = frozenset(_COMMANDS)
ON_RECORDS = ["--rulebook", BOOK, "--records", RECORDS]
OCTOBER = ["--period", "2026-10"]
SET = ["--set", "rongque_max=3"]
WISH = ["--wish", "办理方式 为 容缺受理 >= 20 %"]


@cache
def contents(book: str) -> Contents:
    return load_rulebook(book).contents


def said(arguments: list[str]) -> str:
    """All that one command line says, on stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main(["--lang", "zh", *arguments]) in (0, 1, 2)
    return out.getvalue() + err.getvalue()


ASKED = {
    "classify": ["classify", BOOK, "欠缺件数=2"],
    "classify, why": ["classify", BOOK, "欠缺件数=2", "店铺类型=茶叶店", "经营面积=50", "店铺=茶", "--explain"],
    "classify, settled": ["classify", BOOK, "欠缺件数=2", "店铺类型=茶叶店", "经营面积=50", "--explain", *SET],
    "classify, in conflict": ["classify", BOOK, "店铺类型=茶叶店", "经营面积=500"],
    "classify, no such value": ["classify", BOOK, "店铺类型=书店"],
    "classify, several": ["classify", BOOK, f"{RECORDS}/applications.csv"],
    "due": ["due", "2026-02-13", "5个工作日", "--explain"],
    "due, at an hour": ["due", "2026-02-13 10:00", "24小时", "--explain"],
    "due, not known yet": ["due", "2031-02-13", "5个工作日", "--explain"],
    "run": ["run", *ON_RECORDS, "--out", "out", "--now", "2026-10-31"],
    "run, given": ["run", *ON_RECORDS, "--out", "out", *SET],
    "assess": ["assess", *ON_RECORDS, *OCTOBER, "--out", "out", "--html"],
    "assess, over the year": ["assess", *ON_RECORDS, "--period", "2026", "--now", "2026-10-20", "--out", "out"],
    "assess, one": ["assess", *ON_RECORDS, *OCTOBER, "--subject", "王一", "--out", "out", "--html"],
    "score": ["score", "staff_month", *ON_RECORDS, *OCTOBER, "--out", "out", "--html"],
    "score, no such scheme": ["score", "staff_mnth", *ON_RECORDS, *OCTOBER],
    "grade": ["grade", "staff_level", *ON_RECORDS, *OCTOBER, "--out", "out"],
    "grade, no such decision": ["grade", "level", *ON_RECORDS, *OCTOBER],
    "measure": ["measure", *ON_RECORDS, *OCTOBER],
    "measure, of each": ["measure", *ON_RECORDS, *OCTOBER, "--about", "staff"],
    "measure, one": ["measure", "mean_seen", *ON_RECORDS, *OCTOBER, "--subject", "李二", "--about", "工作人员"],
    "measure, of the centre": ["measure", "big_share", *ON_RECORDS, *OCTOBER],
    "measure, no such": ["measure", "big", *ON_RECORDS, *OCTOBER],
    "papers": ["papers", *ON_RECORDS, *OCTOBER, "--out", "out"],
    "papers, blank": ["papers", *ON_RECORDS, *OCTOBER, "--out", "out", "--blanks", "--now", "2026-10-31"],
    "papers, no such kind": ["papers", *ON_RECORDS, *OCTOBER, "--kind", "buzhen"],
    "whatif": ["whatif", "--before", BOOK, "--after", LATER, "--records", RECORDS, *SET, "--out", "out.html"],
    "tune": ["tune", BOOK, "settings.rongque_max", "0..3", "--records", RECORDS, *WISH],
    "tune, in vain": ["tune", BOOK, "settings.rongque_max", "0..1", "--records", RECORDS, "--wish", "handling 为 rongque >= 99 %"],
    "tune, of nothing": ["tune", BOOK, "settings.rongque_max", "0..1", "--records", RECORDS, "--wish", "handling 为 rong >= 99 %"],
    "check": ["check", BOOK],
    "check, all": ["check", BOOK, "--notes"],
    "check, inherited": ["check", BOOK, "--notes", "--inherited"],
    "test": ["test", BOOK],
    "test, all": ["test", BOOK, "--all"],
    "diff": ["diff", BOOK, LATER],
    "diff, as Markdown": ["diff", BOOK, LATER, "--markdown"],
    "sheets, of nothing": ["sheets", BOOK, "--only", "handlin"],
    "sheets, as one table": ["sheets", BOOK, "--out", "t.csv"],
    "map": ["map", RECORDS, "--rulebook", BOOK],
    "sheets": ["sheets", BOOK, "--out", "t.xlsx"],
    "run, of nothing": ["run", "--rulebook", BOOK, "--records", "."],
    "run, no such setting": ["run", *ON_RECORDS, "--set", "rongque=3"],
    "run, no such value of a setting": ["run", *ON_RECORDS, "--set", "rongque_max=三"],
    "assess, no such period": ["assess", *ON_RECORDS, "--period", "2026-W3"],
    "score, a period of another kind": ["score", "staff_month", *ON_RECORDS, "--period", "2026-10-05..2026-10-20"],
    "measure, of no such table": ["measure", "mean_seen", *ON_RECORDS, *OCTOBER, "--about", "visits"],
    "measure, of whom": ["measure", "mean_seen", *ON_RECORDS, *OCTOBER, "--subject", "局一", "--about", "staff"],
    "papers, of no period": ["papers", *ON_RECORDS, "--kind", "walk_register"],
    "papers, of nobody": ["papers", *ON_RECORDS, "--about", "癸"],
    "tune, of no such number": ["tune", BOOK, "settings.rongque", "0..1", "--records", RECORDS, *WISH],
    "sql, no such decision": ["sql", BOOK, "handlin", "--table", "t"],
    "due, no such limit": ["due", "2026-02-13", "五天半"],
    "freeze": ["freeze", BOOK, "--out", "f.frozen.json"],
    "calendar": ["calendar", "2026"],
    "calendar, not known yet": ["calendar", "2031"],
    "calendar, a month": ["calendar", "2026", "--month", "10"],
    "calendar, a page": ["calendar", "2026", "--html", "out.html"],
}
IN_HELP = (
    "America", "Chrome", "Chromium", "Edge", "New_York", "MA", "US", "SELECT", "B5", "H2", "Q4", "H1", "Q1", "applications", "bash",
    "cards", "case_type", "cases", "items", "pauses", "events", "window", "staff", "department", "duckdb", "excluded", "fish",
    "forward", "github", "govservice-out", "govservice-scores", "govservice-papers", "kunshan", "mariadb", "md", "mysql", "postgres",
    "postgresql", "examples", "red_flag", "red_flags", "run", "schemes", "settings", "spark", "standard", "tests", "text",
    "window_month", "zsh", "day",
)  # fmt: skip
"""Formats, tables, files and examples that the help names as they are typed."""
OF_THE_RECORDS = ("answer", "values", "centre")  # what a cell says; a key of a mapping; a table to be named
TAKES_FORMS = {"classify", "due", "run", "assess", "score", "grade", "measure", "papers", "whatif", "tune", "check", "test", "diff", "map",
               "calendar"}  # fmt: skip


PASTED = re.compile(r"(?<=请加上这 )[^\0]*|^(?:\w+:$|  (?:file|columns):.*|    \w+: .*)", re.MULTILINE)
"""Cases and a mapping to paste into a file: keys and ids of the format, which are what is typed."""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def pages(folder: Path) -> str:
    """What a reader sees of every page that was written."""
    return "\n".join(read(page.read_text(encoding="utf-8")) for page in sorted(folder.rglob("*.html")))


@pytest.mark.parametrize("form", ["text", "md"])
@pytest.mark.parametrize("asked", ASKED)
def test_what_a_command_says_and_its_pages_are_in_chinese(asked: str, form: str, tmp_path: Path) -> None:
    arguments = ASKED[asked]
    if form == "md" and arguments[0] not in TAKES_FORMS:
        pytest.skip("this command has one form")
    text = said([*arguments, *(("--format", form) if form != "text" else ())])
    assert text.strip()
    text = PASTED.sub("", text)
    typed = re.findall(r"[A-Za-z][\w/-]+", " ".join(arguments))
    assert foreign(f"{text}\n{pages(tmp_path)}", contents(BOOK), *typed, *COMMANDS, *OF_THE_RECORDS) == {}


# -- the book as a document, help, and what is typed wrong

EXACT = re.compile(r"<code>.*?</code>|<code .*?</code>|<br>|&lt;|&gt;", re.DOTALL)
"""What the file of a book says to the letter, as the document shows it beneath the sentence."""


CHOICE = re.compile(r"(?<=[：、（])([^\s：、（）|]+) ([A-Za-z][\w-]*)(?=[、）\n|]| \||$)", re.MULTILINE)
"""A value of a choice, which the document lists with its label before it."""


def nameless(book: Contents) -> set[str]:
    """The words of the ids of rules and items that have no label."""
    rules = (rule for decision in book.decisions.values() for rule in decision.rules)
    items = (item for scheme in book.schemes.values() for item in scheme.items)
    return {word for entry in (*rules, *items) if not entry.label for word in entry.id.split("/")}


@pytest.mark.parametrize("more", [[], ["--inherited"], ["--plain"], ["--out", "book.html"]], ids=" ".join)
def test_the_document_of_a_book_is_in_chinese_but_for_what_the_file_says_to_the_letter(more: list[str], tmp_path: Path) -> None:
    text = EXACT.sub("\n", said(["show", BOOK, *more]))
    page = "".join(read(EXACT.sub("\n", page.read_text(encoding="utf-8"))) for page in tmp_path.rglob("*.html"))
    plain = CHOICE.sub(r"\1", f"{text}\n{page}")
    assert foreign(plain, contents(BOOK), "nth", "GB", "standard", "licensing-law", *nameless(contents(BOOK))) == {}


@pytest.mark.parametrize(
    "command", [[], *([command] for command in sorted(COMMANDS))], ids=lambda command: " ".join(command) or "govservice"
)
def test_help_names_nothing_in_english_but_what_is_typed(command: list[str]) -> None:
    text = re.sub(r"\{[\w,]+\}|(?<![\w*])\.(?:yaml|txt|html)\b", "", said([*command, "--help"]))
    assert foreign(text, contents(BOOK), *COMMANDS, *IN_HELP) == {}


# -- answers that were kept, and the shipped sample


def test_what_is_said_of_kept_answers_is_in_chinese() -> None:
    said(["classify", BOOK, "欠缺件数=2", "--answer", "one.json"])
    said(["due", "2026-02-13", "5个工作日", "--answer", "two.json"])
    said(["assess", *ON_RECORDS, *OCTOBER, "--out", "out"])
    for named in (["one.json"], ["one.json", "two.json", "--rulebook", LATER], ["out", "--records", RECORDS, "--rulebook", BOOK]):
        text = re.sub(r"^  decisions.*", "", said(["verify", *named]), flags=re.MULTILINE)  # a place in the file of an answer
        assert foreign(text, contents(BOOK), *COMMANDS, "out", "later") == {}


YEAR = [part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}")]
ON_THE_SAMPLE = {
    "run": ["run", "--out", "out", "--now", "2026-11-20"],
    "run, in a table": ["run", "--format", "md", "--now", "2026-11-20"],
    "check": ["check", "kunshan", "--notes"],
    "show": ["show", "licensing-law", "--plain"],
    "assess": ["assess", "--rulebook", "kunshan", "--records", "year", "--period", "2026", "--out", "out", "--html", *YEAR],
    "assess, without settings": ["assess", "--rulebook", "kunshan", "--records", "year", "--period", "2026-Q4", "--format", "md"],
    "measure": ["measure", "--rulebook", "kunshan", "--records", "year", "--period", "2026", "--about", "window"],
    "papers": ["papers", "--rulebook", "kunshan", "--records", "year", "--period", "2026-05", "--out", "out", "--blanks"],
    "diff": ["diff", "kunshan", "kunshan", "--old-on", "2026-01-01", "--new-on", "2026-11-20"],
    "test": ["test", "kunshan", "--only-run"],
}


@pytest.mark.parametrize("asked", ON_THE_SAMPLE)
def test_what_is_said_of_the_sample_is_in_chinese(asked: str, tmp_path: Path) -> None:
    write_year(tmp_path / "year")
    book = contents("licensing-law" if asked == "show" else "kunshan")
    text = EXACT.sub("\n", said(ON_THE_SAMPLE[asked]))
    plain = CHOICE.sub(r"\1", PASTED.sub("", f"{text}\n{pages(tmp_path)}"))
    typed = re.findall(r"[A-Za-z][\w/-]+", " ".join(ON_THE_SAMPLE[asked]))
    assert foreign(plain, book, "nth", "GB", "KS", "standard", *typed, *nameless(book), *COMMANDS, *IN_HELP) == {}
