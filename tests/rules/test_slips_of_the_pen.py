"""A slip of the pen never changes what a book means: the book says the same, or is refused in the line of the slip."""

from __future__ import annotations

import dataclasses
import random
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from govservice import load_rulebook
from govservice.citing import cited
from govservice.errors import RulebookError
from govservice.rules import Rulebook, shipped_books
from govservice.rules.book.files import read_files
from govservice.rules.language.spelling import folded

GOOD = Path(__file__).resolve().parents[1] / "books" / "good"
SHIPPED = Path(str(files("govservice"))) / "centres"
BOOKS = sorted([*GOOD.glob("*.yaml"), *(SHIPPED / f"{id}.yaml" for id in shipped_books() if id != "standard")])
TWINS = {
    ":": "：", ",": "，、", "{": "｛", "}": "｝", "[": "［【", "]": "］】", '"': "“”＂", "'": "‘＇", "#": "＃", "-": "－—",
    "&": "＆", "*": "＊", "|": "｜", ">": "＞", "<": "＜", "(": "（", ")": "）", "=": "＝", "%": "％", ".": "．。", "+": "＋",
    "/": "／", " ": "\u3000\u00a0",
    **{sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789abcdxyzABC"},
}  # fmt: skip
PROSE = frozenset({"title", "label", "labels", "cite", "sources", "text", "when_text"})


def meaning(node: object, *, prose: bool = False) -> object:
    """What a book says apart from its prose and the spelling of its expressions, widths folded."""
    if prose and isinstance(node, (str, type(None))):
        return node is not None
    if isinstance(node, str):
        return folded(node)
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return type(node).__name__, {
            one.name: meaning(getattr(node, one.name), prose=one.name in PROSE) for one in dataclasses.fields(node) if one.name != "labels"
        }
    if isinstance(node, Mapping):
        return {key: meaning(value, prose=prose) for key, value in node.items()}
    return tuple(meaning(part, prose=prose) for part in node) if isinstance(node, (list, tuple)) else node


def keys(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from keys(child, (*path, str(key)))


@cache
def original(path: Path) -> tuple[object, frozenset[tuple[str, ...]]]:
    return meaning(load_rulebook(path).contents), frozenset(keys(read_files(path)[0]))


def places(text: str, prose: bool = False) -> list[tuple[int, str]]:
    """Every place of a sign that has a full-width twin, comments apart, and the twin."""
    comments = {at for found in re.finditer(r"(?m)(?:^|(?<=\s))#.*$", text) for at in range(found.start() + 1, found.end())}
    return [(at, twin) for at, sign in enumerate(text) if at not in comments for twin in TWINS.get(sign, "")]


def what_became(path: Path, text: str, folder: Path) -> RulebookError | Rulebook:
    (folder / path.name).write_text(text, encoding="utf-8")
    try:
        return load_rulebook(folder / path.name)
    except RulebookError as error:
        return error


def verdict(path: Path, at: int, twin: str, folder: Path) -> str | None:
    """What is wrong with how a slip is taken; None where the book says the same, or is refused where the slip stands."""
    text = path.read_text(encoding="utf-8")
    slipped = text[:at] + twin + text[at + 1 :]
    line = text.count("\n", 0, at) + 1
    became = what_became(path, slipped, folder)
    if isinstance(became, RulebookError):
        lines = [fault.line for fault in became.faults]
        chinese = became.text("zh")
        if re.search(r"\b(?:did not|found|expected|allowed|scanning|parsing)\b", re.sub(r"“.*?”|^[^\n]*\n *\^+", "", chinese)):
            return f"English in Chinese: {chinese}"
        return None if line in lines or same_entry(text, line, lines) else f"line {line}, told in {lines}: {chinese}"
    before, paths = original(path)
    if frozenset(keys(read_files(folder / path.name)[0])) != paths:
        return "other keys"
    return None if meaning(became.contents) == before else "another meaning"


def same_entry(text: str, line: int, told: list[int | None]) -> bool:
    """Whether a fault is told within the same text of several lines: at its first, the slip stands in a later one."""
    lines = text.split("\n")
    first = line - 1
    while first > 0 and not re.match(r"\s*(- |- *\{|[\w.\"'-]+:(\s|$))", lines[first]):
        first -= 1
    return any(one is not None and first + 1 <= one <= line for one in told)


def copied(folder: Path) -> Path:
    """The folder with every book in it."""
    for path in BOOKS:
        shutil.copy(path, folder / path.name)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@cache
def places_of(path: Path) -> list[tuple[int, str]]:
    return places(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_full_width_twin_never_changes_what_a_book_means(path: Path, folder: Path) -> None:
    drawn = random.Random(path.stem).sample(places(path.read_text(encoding="utf-8")), 15)
    wrong = {(at, twin): said for at, twin in drawn if (said := verdict(path, at, twin, folder)) is not None}
    assert not wrong


def colons(text: str) -> Iterator[tuple[int, str]]:
    """Every colon behind a key: where it stands, and the key."""
    keys_wanted: list[bool | None] = []  # of what is open: None a list, else whether a key comes next
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            keys_wanted.pop()
            continue
        if not isinstance(event, (yaml.CollectionStartEvent, yaml.ScalarEvent, yaml.AliasEvent)):
            continue
        if keys_wanted and keys_wanted[-1] is not None:
            if keys_wanted[-1] and isinstance(event, yaml.ScalarEvent):
                yield text.index(":", event.end_mark.index), event.value
            keys_wanted[-1] = not keys_wanted[-1]
        if isinstance(event, yaml.CollectionStartEvent):
            keys_wanted.append(True if isinstance(event, yaml.MappingStartEvent) else None)


COLONS = [
    (": ", "：", "键“{}”后面写的是全角冒号"),
    (":", "：", "键“{}”后面写的是全角冒号"),
    (": ", ":", "键“{}”的冒号后面没有空格"),
]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_what_stands_behind_a_key_is_told_as_that_and_nothing_that_comes_of_it(path: Path, folder: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for at, key in random.Random(path.stem).sample(list(colons(text)), 5):
        for right, wrong, said in COLONS:
            if text[at:].startswith(right) and text[at + len(right)] not in " \n" and not key.isdecimal():
                became = what_became(path, text[:at] + wrong + text[at + len(right) :], folder)
                assert isinstance(became, RulebookError)
                assert [(fault.line, fault.what.zh) for fault in became.faults] == [(text.count("\n", 0, at) + 1, said.format(key))]


def test_what_stands_behind_keys_is_told_of_all_of_them_at_once_beside_other_faults(tmp_path: Path) -> None:
    text = (
        BOOK.replace("hit: first", "hit：first")
        .replace("limit: 5 工作日", "limit:5 工作日")
        .replace("id: large, when: ", "id：large, when：")
    )
    text = text.replace("stops: [decided_on, closed_on]", "stops: [decided_on, nobody_knows]").replace("title: 测试", "title:　测试")
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    faults = [f"{fault.line}: {fault.what.zh}" for fault in refused(text, tmp_path).faults]
    assert faults == [
        "2: 键“title”的冒号后面不是半角空格",
        "13: 键“hit”后面写的是全角冒号",
        "15: 键“id”后面写的是全角冒号",
        "15: 键“when”后面写的是全角冒号",
        "20: 键“limit”的冒号后面没有空格",
        "22: 没有“nobody_knows”这个事实",
    ]


UNSEEN = ("\u200b", "\ufeff", "\u00ad", "\u200e", "\u2060")


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_an_invisible_character_never_changes_what_a_book_means(path: Path, folder: Path) -> None:
    text = path.read_text(encoding="utf-8")
    draw = random.Random(path.stem)
    for at, unseen in [(draw.randrange(len(text)), draw.choice(UNSEEN)) for _ in range(6)]:
        became = what_became(path, text[:at] + unseen + text[at:], folder)
        if not isinstance(became, RulebookError):
            assert meaning(became.contents) == original(path)[0]


BOOK = """rulebook: t
title: 测试
conventions: {first_day: excluded, roll: forward, pause_needs_notice: yes, percent_alarms: day, ends: day}
tables:
  application:
    area: {type: decimal, label: 面积}
    kind: {type: choice, label: 类别, values: {a: 甲, b: 乙}}
    ok: {type: boolean, label: 合格}
decisions:
  x:
    label: 方式
    about: application
    hit: first
    rules:
      - {id: large, when: 面积 > 200, then: on_site, cite: 第5条}
      - {id: other, then: on_paper}
clocks:
  c:
    about: cases
    limit: 5 工作日
    starts: received_on
    stops: [decided_on, closed_on]
    pauses: [hearing, expert_review]
    alarms:
      - {signal: yellow, at: 90%}
"""
IN_THE_FILE = [
    ("{id: large, when: 面积", "{id: large，when：面积", 15, "半角逗号和冒号"),
    ("{id: large, when: 面积", "{id: large，when: 面积", 15, "半角逗号和冒号"),
    ("{id: large, when: 面积", "{id: large, when：面积", 15, "半角冒号"),
    ("then: on_site, cite: 第5条", "then: on_site，cite：第5条", 15, "半角逗号和冒号"),
    ("cite: 第5条", "cite: 第5条，label：大", 15, "半角逗号和冒号"),
    ("hit: first", "hit：first", 13, "半角冒号"),
    ("hit: first", "hit:first", 13, "半角冒号"),
    ("label: 方式", "label: 方式\n      cite：第5条", 12, "半角冒号"),
    ("rulebook: t", "rulebook：t", 1, "半角冒号"),
    ("title: 测试", "title:　测试", 2, "半角冒号"),
    ("tables:", "tables：", 4, "半角冒号"),
    ("    hit: first", "\thit: first", 13, "半角空格"),
    ("    hit: first", "　　hit: first", 13, "半角空格"),
    ("    hit: first", "\u00a0   hit: first", 13, "半角空格"),
    ("{id: other, then: on_paper}", "｛id: other, then: on_paper｝", 16, "花括号用半角"),
    ("{id: other, then: on_paper}", "{id: other, then: on_paper｝", 16, "花括号用半角"),
    ("- {id: other", "－ {id: other", 16, "半角的 -"),
    ("- {id: other", "— {id: other", 16, "半角的 -"),
    ("[hearing, expert_review]", "[hearing，expert_review]", 23, "半角逗号"),
    ("[hearing, expert_review]", "[hearing、expert_review]", 23, "半角逗号"),
    ("[hearing, expert_review]", "hearing、expert_review", 23, "不含空格和标点"),
    ("[hearing, expert_review]", "【hearing, expert_review】", 23, "方括号用半角"),
    ("{a: 甲, b: 乙}", "{a: 甲，b：乙}", 7, "半角逗号和冒号"),
    ("{a: 甲, b: 乙}", "{a: 甲, ｂ: 乙}", 7, "用半角"),
    ("then: on_paper", "then: “on_paper”", 16, "引号用半角"),
    ("then: on_paper", "then: on_paper\u200b", 16, "看不见的字符"),
    ("then: on_paper", "then: ｏn_site", 16, "只有全角半角之别"),
    ("id: other", "id: ｏther", 16, "编号：用字母、数字"),
    ("id: other", "id: 第2、其他", 16, "编号：用字母、数字"),
    ("label: 方式", "label: 方式 ＃ 注", 11, "注释用半角"),
    ("pause_needs_notice: yes", "pause_needs_notice: 是", 3, "是写作 yes"),
    ("at: 90%", "at: 0.9", 25, "写作 at: 90%"),
]
IN_AN_EXPRESSION = [
    ("面积 大于等于 200", "写作“≥”或 >="),
    ("面积大于等于200", "写作“≥”或 >="),
    ("面积 不超过 200", "写作“≤”或 <="),
    ("面积 不等于 200", "写作“≠”或 !="),
    ("面积 => 200", "比较写作 >="),
    ("面积 <> 200", "比较写作 >="),
    ("合格 和 面积 > 200", "写作“且”或 and"),
    ("合格和面积 > 200", "写作“且”或 and"),
    ("合格 并且 面积 > 200", "写作“且”或 and"),
    ("合格 AND 面积 > 200", "写作“且”或 and"),
    ("合格 或者 面积 > 200", "写作“或”或 or"),
    ("不合格", "写作“非”或 not"),
    ("合格 = true", "相等写作 =="),
    ("合格 == 是", "是、有写作 true"),
    ("合格 == TRUE", "是、有写作 true"),
    ("面积 介于 1 与 3", "1 <= x and x <= 3"),
    ("面积 > 5 天", "数后面不写单位"),
    ("面积 > 5个工作日", "数后面不写单位"),
    ("面积 > 200平方米", "数后面不写单位"),
    ("面积 > 200㎡", "数后面不写单位"),
    ("面积 > 200 元", "数后面不写单位"),
    ("面积 > 5万元", "请写出整个数"),
    ("面积 > 1,000", "数里不用逗号"),
    ("max(面积, 1,000) > 3", "数里不用逗号"),
    ("面积 > 二百", "数用数字写"),
    ("面积 * 80% > 5", "百分数写作 0.8"),
    ("面积 >= 80％", "百分数写作 0.8"),
    ("面积 * 80% + 5 > 3", "百分数写作 0.8"),
    ("类别 in 【'甲'】", "写作 ["),
    ("类别 in ('甲', '乙')", '列表写作 ["甲", "乙"]'),
    ("类别 == 「甲」", '写作 "'),
    ("面积 — 1 > 2", "写作 -"),
    ("面积 ≧ 200", "写作 >="),
    ("面积 > 200。", "末尾不用标点"),
]


def refused(text: str, folder: Path) -> RulebookError:
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder / "t.yaml", lang="zh")
    return caught.value


@pytest.mark.parametrize(("right", "wrong", "line", "hint"), IN_THE_FILE, ids=lambda value: str(value)[:30])
def test_a_slip_in_the_file_is_told_in_its_line_with_what_to_write(tmp_path: Path, right: str, wrong: str, line: int, hint: str) -> None:
    first = refused(BOOK.replace(right, wrong, 1), tmp_path).faults[0]
    assert first.line == line
    assert hint in first.text("zh")


SAYS = """notices:
  n:
    title: 通知书
    when: "true"
    copies: [窗口]
    says:
      - 请补齐材料
      - 请签收
"""


@pytest.mark.parametrize("dash", ["—", "－", "–", "•", "·"])
@pytest.mark.parametrize("entry", ["- 请补齐材料", "- 请签收"])
def test_another_dash_before_an_entry_of_words_is_told_in_its_line(tmp_path: Path, dash: str, entry: str) -> None:
    text = BOOK + SAYS.replace(entry, entry.replace("-", dash))
    first = refused(text, tmp_path).faults[0]
    assert first.line == text[: text.index(f"{dash} 请")].count("\n") + 1
    assert "半角的 -" in first.text("zh")


def test_a_clause_that_a_book_numbered_itself_is_found_in_any_width(tmp_path: Path) -> None:
    sources = "sources: {{rules: {{title: 审批服务操作规程, clauses: [{listed}]}}}}\n"
    for listed, cite in (("KS-４", "KS-4(1)"), ("KS-4", "ＫＳ-4（1）"), ("KS－4", "KS-4")):
        (tmp_path / "t.yaml").write_text(BOOK.replace("conventions:", sources.format(listed=listed) + "conventions:"), encoding="utf-8")
        book = load_rulebook(tmp_path / "t.yaml")
        assert cited(cite, book.contents.sources, book.contents.clauses) == "《审批服务操作规程》"


@pytest.mark.parametrize(("wrong", "hint"), IN_AN_EXPRESSION, ids=lambda value: value[:20])
def test_a_slip_in_an_expression_is_told_with_what_to_write(tmp_path: Path, wrong: str, hint: str) -> None:
    (only,) = refused(BOOK.replace("when: 面积 > 200", f'when: "{wrong}"'), tmp_path).faults
    assert only.line == 15
    assert hint in only.hint.zh


@pytest.mark.parametrize(
    "same",
    [
        "面积＞２００",
        "（面积 > 200）",
        "面积　>　200",
        "面积\u00a0> 200",
        "类别 == “甲”",
        "类别 in ［“甲”、“乙”］",
        "面积 ≥ －200",
        "1 < 面积 且 合格",
    ],
)
def test_what_can_mean_one_thing_only_is_read_as_that(tmp_path: Path, same: str) -> None:
    (tmp_path / "t.yaml").write_text(BOOK.replace("when: 面积 > 200", f"when: '{same}'"), encoding="utf-8")
    assert load_rulebook(tmp_path / "t.yaml").decisions["x"].rules[0].when is not None


@pytest.mark.parametrize(
    ("place", "expression"),
    [
        ("when: 面积 > 200", "when: 面积\u00a0> 200"),
        ("then: on_site", "then: =面积\u00a0+ 1"),
        ("hit: first", "hit: first\n    let:\n      more: 面积\u00a0+ 1"),
        ("clocks:", "measures:\n  twice: 2\u00a0× 1\nclocks:"),
    ],
)
def test_an_expression_needs_no_quotes_to_be_read_in_any_width(tmp_path: Path, place: str, expression: str) -> None:
    books = [BOOK.replace(place, written, 1) for written in (expression, expression.replace("\u00a0", " "))]
    (tmp_path / "t.yaml").write_text(books[1], encoding="utf-8")
    plain = meaning(load_rulebook(tmp_path / "t.yaml").contents)
    (tmp_path / "t.yaml").write_text(books[0], encoding="utf-8")
    assert meaning(load_rulebook(tmp_path / "t.yaml").contents) == plain


@pytest.mark.parametrize(
    "prose", ["title: 办法（试行）：一，二", "title: “一件事”专窗", "title: 甲；乙【丙】", "title: '大，when：小'", "title: 全角　空格"]
)
def test_prose_is_left_alone(tmp_path: Path, prose: str) -> None:
    (tmp_path / "t.yaml").write_text(BOOK.replace("title: 测试", prose), encoding="utf-8")
    assert load_rulebook(tmp_path / "t.yaml").title


def test_a_text_that_holds_full_width_signs_of_its_own_is_quoted(tmp_path: Path) -> None:
    text = BOOK.replace("cite: 第5条", 'cite: "第5条，附件：表1"').replace("{a: 甲, b: 乙}", '{a: "甲，丙：丁", b: “一”类}')
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    book = load_rulebook(tmp_path / "t.yaml")
    assert book.decisions["x"].rules[0].cite == "第5条，附件：表1"
