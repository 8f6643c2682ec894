"""The clerks' guide in Chinese says what is so: its tables come out as they say, and no key, function, convention or error is left out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import govservice
from govservice import deadlines, errors, load_rulebook, measure
from govservice.cli.texts import HELP
from govservice.errors import MOST_HINTS, GovServiceError, RulebookError
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.dependencies import MOST_LEVELS
from govservice.rules.book.files import MOST_BOOKS, shipped_books
from govservice.rules.book.format import schema
from govservice.rules.book.marks import MOST_FAULTS
from govservice.rules.book.yamltree import MOST_ALIASED
from govservice.rules.book.yamltree import MOST_NODES as MOST_VALUES
from govservice.rules.exchange import business_rules
from govservice.rules.language.functions import NAMES as FUNCTIONS
from govservice.rules.language.parsing import MOST_DEPTH, MOST_NODES
from govservice.rules.language.spelling import MOST_CHARACTERS

from .chosen import CHOSEN, UNSTATED
from .commands import type_again
from .pages import DOCS, ROOT, Block, blocks, prose, rows
from .test_docs import keys, save

GUIDE = DOCS / "zh"
PAGES = tuple(sorted(GUIDE.glob("*.md")))
EXPRESSIONS = GUIDE / "expressions.md"
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
CODE = "\n".join(
    [block.text for page in PAGES for block in blocks(page)] + [span for page in PAGES for span in re.findall(r"`([^`\n]+)`", prose(page))]
)


# -- expressions

TRIED = list(rows(EXPRESSIONS, "例子", "得到"))
FACTS = {row["事实"]: row["值"] for row in rows(EXPRESSIONS, "事实", "标签", "值") if row["值"] != "没有给"}
SAID = {"True": "是", "False": "否", "None": "没有"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> govservice.Rulebook:
    folder = tmp_path_factory.mktemp("zh")
    save(folder, EXPRESSIONS)
    more = "".join(
        f"  shown_{number}: {{about: cases, hit: first, rules: [{{then: {json.dumps('=' + row['例子'], ensure_ascii=False)}}}]}}\n"
        for number, row in enumerate(TRIED)
    )
    (folder / "tried.yaml").write_text(f"rulebook: tried\nextends: [shown.yaml]\ndecisions:\n{more}", encoding="utf-8")
    return load_rulebook(folder / "tried.yaml")


@pytest.mark.parametrize("number", range(len(TRIED)), ids=lambda number: TRIED[number]["例子"])
def test_an_expression_comes_to_what_the_page_says(number: int, shown: govservice.Rulebook) -> None:
    outcome = shown.decide(f"shown_{number}", FACTS)
    value = str(outcome.value(f"shown_{number}"))
    assert ("未知" if outcome.open else SAID.get(value, value)) == TRIED[number]["得到"]


def test_the_labels_of_the_facts_are_theirs(shown: govservice.Rulebook) -> None:
    labels = {row["事实"]: row["标签"] for row in rows(EXPRESSIONS, "事实", "标签", "值")}
    columns = {
        name: shown.contents.column(table, name)
        for name in labels
        for table in ("application", "cases")
        if shown.contents.column(table, name)
    }
    assert {name: column.label for name, column in columns.items()} == labels


def test_what_known_and_is_none_say(shown: govservice.Rulebook) -> None:
    said = {row["写法"]: row for row in rows(EXPRESSIONS, "写法", "未知", "没有", "有值")}
    examples = {row["例子"]: row["得到"] for row in TRIED}
    for call in ("known", "is_none"):
        for kind, fact in (("未知", "程序简便"), ("没有", "踏勘费")):
            assert said[f"{call}(x)"][kind] == examples[f"{call}({fact})"]
    assert said["known(x)"]["有值"] == examples["known(审批部门数)"] == "是"
    assert said["is_none(x)"]["有值"] == "否"


MISWRITTEN = list(rows(EXPRESSIONS, "写成了", "应当写"))


@pytest.mark.parametrize("row", MISWRITTEN, ids=lambda row: row["写成了"])
def test_what_is_not_taken_is_refused_in_chinese_and_what_to_write_is_taken(row: dict[str, str], tmp_path: Path) -> None:
    def book(condition: str) -> Path:
        path = tmp_path / "book.yaml"
        when = json.dumps(condition, ensure_ascii=False)
        path.write_text(
            f"rulebook: b\ndecisions: {{d: {{about: application, hit: first, rules: [{{when: {when}, then: true}}]}}}}\n", encoding="utf-8"
        )
        return path

    with pytest.raises(RulebookError) as refused:
        load_rulebook(book(row["写成了"]), lang="zh")
    assert refused.value.faults[0].hint.zh
    assert load_rulebook(book(row["应当写"])).id == "b"


COUNTED = list(rows(EXPRESSIONS, "这样写", "数出来"))
LATE = (
    ("甲", "2026-11-03", 10),
    ("甲", "2026-11-03", 30),
    ("甲", "2026-11-05", 20),
    ("甲", "2026-10-08", 5),
    ("乙", "2026-11-06", 5),
    ("乙", "2026-11-07", 5),
)
COMPLAINTS = ("2026-11-04", "2026-11-09", "2026-11-10")
RECORDS: dict[str, list[dict[str, Any]]] = {
    "staff": [{"staff": "甲"}, {"staff": "乙"}],
    "events": [
        *({"kind": "late", "staff": who, "on": day, "minutes": minutes} for who, day, minutes in LATE),
        {"kind": "left_early", "staff": "甲", "on": "2026-11-05"},
        *({"kind": "complaint", "staff": "甲", "on": day, "incident": of} for day, of in zip(COMPLAINTS, "AAB", strict=True)),
        *({"kind": "fine", "staff": "甲", "on": f"2026-11-{day}", "amount": of} for day, of in (("03", 40), ("03", 30), ("06", 20))),
    ],
    "cases": [
        {"case": f"C{day}", "staff": "甲", "received_on": f"2026-11-0{day}", "done": day != 4, "took": took}
        for day, took in ((2, 2), (3, 4), (4, 6), (5, 8))
    ],
}  # fmt: skip


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: row["这样写"])
def test_a_count_comes_to_what_the_page_says(row: dict[str, str], tmp_path: Path) -> None:
    save(tmp_path, EXPRESSIONS)
    (tmp_path / "tried.yaml").write_text(
        "rulebook: tried\nextends: [counted.yaml]\nconventions: {same_occurrence: each}\nschemes:\n"
        f"  tried: {{scores: staff, period: month, max: none, total: {json.dumps(row['这样写'])}}}\n",
        encoding="utf-8",
    )
    total = govservice.score(load_rulebook(tmp_path / "tried.yaml"), "tried", RECORDS, subject="甲", period="2026-11").total
    assert total is not None
    assert str(round(total, 2)) == row["数出来"]


# -- conventions


def convention_tables() -> dict[str, dict[str, str]]:
    """What the page says each value comes to, by the convention of the heading above it."""
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in (GUIDE / "conventions.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("###"):
            name = line.partition("`")[2].partition("`")[0]
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] != "值" and not set(line) <= set("|-"):
            found.setdefault(name, {})[cells[0]] = cells[1]
    return found


TABLES = convention_tables()


def test_every_convention_and_every_value_of_it_has_its_line() -> None:
    wanted = {one.name: {*one.values, UNSTATED} for one in CONVENTIONS if not one.parts}
    wanted |= {f"{one.name}.{part}": {*values, UNSTATED} for one in CONVENTIONS for part, values in one.parts if values}
    assert {name: set(table) for name, table in TABLES.items()} == wanted
    assert set(CHOSEN) == set(wanted)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, table in TABLES.items() for value in table])
def test_a_convention_comes_to_what_the_page_says(name: str, value: str, tmp_path: Path) -> None:
    assert CHOSEN[name](tmp_path, None if value == UNSTATED else value) == TABLES[name][value]


# -- nothing is left out


def test_every_function_is_in_the_guide_with_an_example() -> None:
    shown_in = "\n".join(
        [*(row["例子"] for row in TRIED), *(row["这样写"] for row in COUNTED), *(block.text for page in PAGES for block in blocks(page))]
    )
    assert [name for name in FUNCTIONS if not re.search(rf"`[^`]*\b{name}\(", EXPRESSIONS.read_text(encoding="utf-8"))] == []
    assert [name for name in FUNCTIONS if f"{name}(" not in shown_in and name not in ("nth", "previous", "streak")] == []


def test_every_key_of_a_rulebook_is_in_the_guide() -> None:
    named = keys(dict(schema()), set())
    assert sorted(name for name in named if not re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", CODE)) == []


def test_every_value_of_every_key_is_in_the_guide() -> None:
    values = {value for value in enumerated(dict(schema())) if isinstance(value, str)}
    assert sorted(value for value in values if not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", CODE)) == []


def enumerated(shape: object) -> set[object]:
    """Every word that the format lists as a value."""
    if isinstance(shape, dict):
        own = set(shape["enum"]) if isinstance(shape.get("enum"), list) else set()
        return own.union(*map(enumerated, shape.values()))
    return set().union(*map(enumerated, shape)) if isinstance(shape, list) else set()


def test_every_error_is_in_the_guide_with_what_to_do() -> None:
    listed = {row["种类"]: row for row in rows(GUIDE / "errors.md", "种类", "说的是", "怎么办")}
    classes = {
        name for name in errors.__all__ if isinstance(getattr(errors, name), type) and issubclass(getattr(errors, name), GovServiceError)
    }
    assert set(listed) == classes
    assert [name for name, row in listed.items() if not row["说的是"] or not row["怎么办"]] == []


def test_every_operator_taken_and_refused_is_in_the_guide() -> None:
    taken = {
        word
        for row in rows(DOCS / "expressions.md", "type of the fact", "operators")
        for word in re.findall(r"\w+_\w+|contains", row["operators"])
    }
    assert [word for word in (*taken, *business_rules._REFUSED) if f"`{word}`" not in TEXT] == []


def test_the_bounds_are_the_ones_in_the_code() -> None:
    bounds = (MOST_CHARACTERS, MOST_DEPTH, MOST_NODES, MOST_VALUES, MOST_ALIASED, MOST_FAULTS, MOST_HINTS, MOST_BOOKS, MOST_LEVELS)
    assert [bound for bound in bounds if f"{bound:,}" not in TEXT] == []


def test_every_shipped_rulebook_is_in_the_guide() -> None:
    named = {word for span in re.findall(r"`([^`]+)`", prose(GUIDE / "asking.md")) for word in re.findall(r"[\w-]+", span)}
    assert [book for book in shipped_books() if book not in named] == []


def test_the_verbs_of_the_guide_are_those_that_there_are() -> None:
    listed = [re.findall(r"[\w.]+", row["动词"]) for row in rows(GUIDE / "asking.md", "想知道", "动词", "给它", "得到")]
    verbs = [name for names in listed for name in names if name.isascii() and name not in ("govservice", "run")]
    homes = (govservice, deadlines, load_rulebook("kunshan"))
    assert len(verbs) > 8
    assert [verb for verb in verbs if not any(callable(getattr(home, verb.removeprefix("book."), None)) for home in homes)] == []


def test_every_type_of_a_column_is_in_the_guide() -> None:
    listed = {word for row in rows(GUIDE / "writing.md", "类型", "是什么", "记录里可以写") for word in re.findall(r"\w+", row["类型"])}
    assert listed == set(re.findall(r"\w+", " ".join(row["type"] for row in rows(DOCS / "rulebook.md", "type", "holds"))))


# -- what a clerk types

CONSOLE = [block for page in PAGES for block in blocks(page) if block.language == "console"]


@pytest.mark.parametrize("block", CONSOLE, ids=str)
def test_a_command_prints_what_the_page_shows(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    save(tmp_path, block.page)
    type_again(block)


RULES = list(rows(GUIDE / "errors.md", "写成了", "应当写", "因为"))


@pytest.mark.parametrize("row", RULES, ids=lambda row: row["写成了"])
def test_a_slip_in_a_rule_is_refused_and_what_to_write_is_taken(row: dict[str, str], tmp_path: Path) -> None:
    def book(rule: str) -> Path:
        path = tmp_path / "book.yaml"
        path.write_text(f"rulebook: b\ndecisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n      {rule}\n", encoding="utf-8")
        return path

    with pytest.raises(RulebookError) as refused:
        load_rulebook(book(row["写成了"]), lang="zh")
    assert {fault.line for fault in refused.value.faults} == {7}
    assert load_rulebook(book(row["应当写"])).id == "b"


WANTED = [row["看到"] for row in rows(GUIDE / "errors.md", "看到", "意思", "怎么办")]


@pytest.mark.parametrize("said", ["给出以下事实即可确定", "规则册在此有空白", "没有可以相除的数", "暂定"])
def test_what_a_clerk_may_see_is_what_the_program_says(said: str) -> None:
    assert any(said in row for row in WANTED)
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "govservice").rglob("*.py"))
    assert said in code


def test_a_figure_is_read_as_the_page_on_scores_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, GUIDE / "scoring.md")
    book = load_rulebook(tmp_path / "dukou.yaml")
    cases = [{"case": "C1", "staff": "S1", "received_on": "2026-10-10", "rating": "满意"}]
    assert measure(book, "satisfied_percent", {"staff": [{"staff": "S1"}], "cases": cases}, subject="S1", period="2026-10").value == 100


KINDS = {
    "boolean": "是否", "integer": "整数", "decimal": "小数", "text": "文字", "choice": "选项", "list": "清单", "date": "日子",
    "moment": "时刻", "limit": "时限",
}  # fmt: skip


def test_every_standard_fact_is_listed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text("rulebook: bare\n", encoding="utf-8")
    contents = load_rulebook(tmp_path / "bare.yaml").contents
    listed: dict[str, dict[str, tuple[str, ...]]] = {}
    table = ""
    for line in (GUIDE / "facts.md").read_text(encoding="utf-8").splitlines():
        table = line.removeprefix("## ").partition("：")[2].strip("`") if line.startswith("## ") else table
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if table and line.startswith("| `"):
            listed.setdefault(table, {})[cells[0].strip("`")] = tuple(cells[1:])
    assert listed == {
        table.id: {
            column.id: (column.label, KINDS[column.type.kind], "、".join(f"`{each.name}` {each.label}" for each in column.type.choices))
            for column in table.columns.values()
        }
        for table in contents.tables.values()
    }
    outcomes = {row["名字"]: (row["标签"], row["关于"].strip("`")) for row in rows(GUIDE / "facts.md", "名字", "标签", "关于")}
    assert outcomes == {each.id: (each.label, each.about) for each in contents.decisions.values()}
    text = (GUIDE / "facts.md").read_text(encoding="utf-8")
    assert [kind for kind, event in contents.events.items() if f"| `{kind}` | {event.label} |" not in text] == []


def test_every_option_of_the_command_is_in_the_guide() -> None:
    page = (GUIDE / "running.md").read_text(encoding="utf-8")
    options = {word for name in HELP for word in re.findall(r"--[a-z][a-z-]*", name)} - {"--version"}
    assert sorted(option for option in options if not re.search(rf"{option}(?![\w-])", page)) == []


def test_the_guide_stands_where_a_clerk_finds_it() -> None:
    for page in (ROOT / "README.zh-CN.md", DOCS / "quickstart.zh.md", DOCS / "index.md"):
        assert "zh/writing.md" in page.read_text(encoding="utf-8")
