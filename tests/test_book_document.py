"""A rulebook as a document: every entry with its id and clause is in it, findings stand beside their rules, strangers' words stay words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from govservice import load_rulebook
from govservice.cli import main
from govservice.rules import Rulebook, schema
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.files import shipped_books
from govservice.show.book import document

NO_COLUMNS = {"of", "dated_by", "label", "stands_for", "lasts"}
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "nav", "div", "section", "p", "span", "ul", "li", "a", "b",
    "i", "table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "small", "code",
}  # fmt: skip
HOSTILE = """
rulebook: hostile
title: '</style><script>alert(1)</script>'
sources: {law: '<img src=x onerror=alert(1)>'}
tables: {application: {days: {type: integer, label: '天"><b>数|'}}}
decisions:
  answer:
    label: '[x](javascript:alert(1)) *y*'
    about: application
    hit: first
    rules: [{id: few, when: days < 5, then: x, cite: "<script>1</script>|"}, {id: many, when: days > 5, then: y}]
"""


SAYING = """
rulebook: saying
conventions: {first_day: excluded, roll: forward, part_floor: 0, part_overflow: capped, part_served: full, same_occurrence: each}
settings: {line: {type: integer, label: 分数线}}
lists: {towns: {label: 试点乡镇, values: [甲镇, 乙镇]}}
events: {late: {label: 迟到, has: {minutes: {type: integer, label: 分钟}}}}
tables:
  application:
    n: {type: integer, label: 件数}
    b: {type: boolean, label: 急办}
    way: {type: choice, label: 方式, values: {net: 网上, hall: 窗口}}
    papers: {type: list, label: 材料}
    words: {type: text, label: 事由}
    first: {type: date, label: 起日}
    last: {type: date, label: 止日}
clocks: {reply: {label: 答复时限, about: cases, limit: 5 工作日, starts: received_on, stops: closed_on}}
schemes:
  month:
    title: 月度考核
    scores: staff
    period: month
    parts: {conduct: {label: 作风, full: 10, items: [{id: late, for: late, points: -1}]}}
decisions:
  tried: {about: ABOUT, hit: first, rules: [{id: x, when: 'WHEN', then: x}]}
"""
WATCHED = """
rulebook: watched
conventions: {first_day: excluded, roll: forward, pause_needs_notice: yes}
tables: {cases: {urgent: {type: boolean, label: 急办}}}
clocks:
  reply:
    label: 答复时限
    about: cases
    limit: 5 工作日
    starts: received_on
    stops: closed_on
    pauses: [{kind: hearing, cite: 第9条}, {from: received_on, to: closed_on, when: urgent, cite: 第10条}]
    extension: {limit: 5 工作日, times: 1, by: head, asked: before_due, cite: 第15条}
    alarms: [{signal: red, after: 0}, {signal: urge, after: 2 工作日}]
"""
SENTENCES = (
    ("application", "n >= line and not b", "件数 ≥ 分数线，且急办为否"),
    ("application", "b and (n < 3 or n != 5)", "急办，且（件数 < 3，或件数 ≠ 5）"),
    ("application", "b == false or b == true", "急办为否，或急办"),
    ("application", 'way == "net" or way != "hall"', "方式是“网上”，或方式不是“窗口”"),
    ("application", 'way in ["net", "hall"] and way not in ["net"]', "方式是“网上”“窗口”之一，且方式不是“网上”之一"),
    ("application", '"图" in papers and not "表" in papers', "材料里有“图”，且材料里没有“表”"),
    ("application", "known(n) and not known(b)", "件数有记录，且急办没有记录"),
    ("application", "is_none(n) or not is_none(n)", "件数为“无”，或件数不是“无”"),
    ("application", 'contains(words, "急") or not contains(words, "缓")', "事由含“急”，或事由不含“缓”"),
    ("application", "(2 if b else n + 1) * 2 > 3", "（急办的 2，否则 件数 + 1） × 2 > 3"),
    ("application", "min(n, 3) > abs(n - 1)", "（件数、3）中较小的 > （件数 - 1）的绝对值"),
    ("application", "step(n, (1, 2), (3, 5)) > 0", "按件数分档（满 1 得 2、满 3 得 5，不到的 0） > 0"),
    ("application", 'match(way, ("net", 1), otherwise=2) > 1', "按方式对应（“网上” 1、其余 2） > 1"),
    ("application", "first <= add_workdays(last, -7)", "起日 ≤ 止日前 7 个工作日"),
    ("application", "workdays(first, last, both=true) > 5", "起日至止日的工作日数（含首日） > 5"),
    ("application", 'last > due(first, limit("5 工作日"))', "止日 > 自起日起 5个工作日 届满之日"),
    ("application", "in_list(towns, words)", "事由在“试点乡镇”之列"),
    ("cases", "reply.overdue and reply.used_workdays > 3", "答复时限已超期，且答复时限已用工作日 > 3"),
    ("month", "total >= 60 and parts.conduct > 5 and rank <= 3", "总分 ≥ 60，且作风 > 5，且名次 ≤ 3"),
    ("month", "count(late, when=minutes > 10, over=year) >= 2", "全年迟到（分钟 > 10）的数目 ≥ 2"),
    ("month", "sum(late, minutes, each=on, at_most=30) > 60", "迟到（每发生日算一次；每次最多 30）的分钟之和 > 60"),
    ("month", "percent(cases, closed, by=closed_on) < 95", "办件（按办结日计）中已办结的百分比 < 95"),
    ("month", "previous(total) > 60", "上一期的总分 > 60"),
    ("month", "streak(total < 60) >= 2", "（总分 < 60）的连续期数 ≥ 2"),
)


class Page(HTMLParser):
    """What a page holds: its elements, the anchors, and the text of each anchored element and of all."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.anchors: set[str] = set()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            assert name in {"lang", "charset", "name", "content", "class", "id", "href", "colspan", "data-h"}, name
            (self.anchors if name == "id" else self.links if name == "href" else set()).add(str(value))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def cited(node: Any) -> Iterator[str]:
    """Every clause that a book names, wherever it stands."""
    if isinstance(node, dict):
        if isinstance(node.get("cite"), str):
            yield node["cite"]
        for part in node.values():
            yield from cited(part)
    elif isinstance(node, list):
        for part in node:
            yield from cited(part)


def listed(place: str, entries: Any, key: str = "id") -> Iterator[str]:
    for number, entry in enumerate(entries or (), 1):
        yield f"{place}.{entry.get(key, number)}"


def parts(place: str, entry: dict[str, Any]) -> Iterator[str]:
    for id, part in entry.get("parts", {}).items():
        yield f"{place}.parts.{id}"
        yield from listed(f"{place}.parts.{id}.items", part.get("items"))
        yield from parts(f"{place}.parts.{id}", part)


def places(book: dict[str, Any]) -> Iterator[str]:
    """Every entry of a book as its file has it, by its path."""
    for section in ("settings", "conventions", "events", "lists", "decisions", "measures", "schemes", "clocks", "notices"):
        for id, entry in book.get(section, {}).items():
            place = f"{section}.{id}"
            if place != "conventions.cite":
                yield place
            if not isinstance(entry, dict):
                continue
            yield from listed(f"{place}.rules", entry.get("rules"))
            yield from listed(f"{place}.examples", entry.get("examples"))
            yield from listed(f"{place}.adjust", entry.get("adjust"))
            yield from listed(f"{place}.alarms", entry.get("alarms"), "signal")
            yield from parts(place, entry)
            yield from (f"{place}.has.{column}" for column in entry.get("has", {}))
    for id, table in book.get("tables", {}).items():
        yield f"tables.{id}"
        yield from (f"tables.{id}.{column}" for column in table if column not in NO_COLUMNS)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("id", sorted(shipped_books()))
def test_every_entry_and_every_clause_of_a_shipped_book_is_in_its_document(id: str, lang: Any) -> None:
    book = load_rulebook(id)
    page, markdown = Page(book.to_html(lang, findings=False)), book.to_markdown(lang, findings=False)
    written = book.as_file()
    expected = set(places(written))
    assert len(expected) > 50
    assert expected - page.anchors == set()
    plain = markdown.replace("\\", "")
    for place in expected:
        assert place.rpartition(".")[2] in page.text, place
        assert place.rpartition(".")[2] in plain, place
    clauses = set(cited(written))
    assert {clause for clause in clauses if clause not in page.text or clause not in plain} == set()
    assert page.elements <= ELEMENTS
    assert {link for link in page.links if not link.startswith("#") or link[1:] not in page.anchors} == set()


@pytest.mark.parametrize("id", ["kunshan", "licensing-law", "rating"])
def test_each_clause_stands_in_the_row_of_its_entry(id: str) -> None:
    book = load_rulebook(id)
    made = document(book, "zh", None)
    rows = {row.place: row for row in made.rows()}
    for decision in book.contents.decisions.values():
        for rule in decision.rules:
            assert rows[f"decisions.{decision.id}.rules.{rule.id}"].cite == (rule.cite or "")
    for setting in book.contents.settings.values():
        assert rows[f"settings.{setting.id}"].cite == (setting.cite or "")


@pytest.mark.parametrize("id", ["kunshan", "standard", "xinxing"])
def test_every_finding_is_in_the_document_once(id: str) -> None:
    book = load_rulebook(id)
    checked = book.check(inherited=True)
    made = document(book, "zh", checked)
    assert sorted(remark.kind for remark in made.all_remarks()) == sorted(finding.kind for finding in checked.findings)
    text = Page(book.to_html("zh", inherited=True)).text
    assert [finding for finding in checked.findings if finding.said.zh not in text] == []
    assert all(left.text("zh") in text for left in checked.not_analysed)


def test_a_finding_stands_beneath_the_rule_that_it_is_of_with_its_witness() -> None:
    made = document(load_rulebook("kunshan"), "zh", load_rulebook("kunshan").check())
    row = next(row for row in made.rows() if row.place == "decisions.leave_approval.rules.up-to-one-day")
    assert [remark.kind for remark in row.remarks] == ["overlap"]
    assert "请假起日 2026-06-01" in row.remarks[0].text
    page = load_rulebook("kunshan").to_html()
    assert page.index('id="decisions.leave_approval.rules.up-to-one-day"') < page.index(row.remarks[0].text[:12])


def test_labels_stand_first_and_what_was_taken_over_says_from_where() -> None:
    text = load_rulebook("kunshan").to_markdown(findings=False)
    assert "### 办件分类 <code>case\\_type</code>" in text or "### 办件分类 <code>case_type</code>" in text
    block = text.split("### 材料齐全 ")[1].split("###")[0]
    assert "- 承自：standard" in block or "- 承自：licensing-law" in block
    assert "少数附件上限" in text
    assert "原文未定，待中心给出" in text
    given = load_rulebook("kunshan", settings={"few_attachments": 2}).to_markdown(findings=False)
    assert given.count("原文未定，待中心给出") == text.count("原文未定，待中心给出") - 1


def test_expressions_are_in_chinese_with_the_exact_text_beneath() -> None:
    made = document(load_rulebook("kunshan"), "zh", None)
    row = next(row for row in made.rows() if row.place == "decisions.case_type.rules.supplement/promised")
    assert row.cells[1][0].exact == "nonmain_missing > 0 and applicant_promises"
    assert row.cells[1][0].text == "非主体材料缺件数 > 0，且承诺补齐"
    english = document(load_rulebook("kunshan"), "en", None)
    row = next(row for row in english.rows() if row.place == "decisions.case_type.rules.supplement/promised")
    assert row.cells[1][0].text == "nonmain_missing > 0 and applicant_promises"


@pytest.mark.parametrize(("about", "when", "said"), SENTENCES, ids=[when for _, when, _ in SENTENCES])
def test_a_condition_is_said_in_chinese(about: str, when: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "saying.yaml"
    path.write_text(SAYING.replace("ABOUT", about).replace("WHEN", when), encoding="utf-8")
    made = document(load_rulebook(path), "zh", None)
    row = next(row for row in made.rows() if row.place == "decisions.tried.rules.x")
    assert row.cells[1][0].text == said


def test_a_book_seen_on_a_day_says_so_and_leaves_out_what_is_not_in_force() -> None:
    book = load_rulebook("kunshan")
    assert "2008-05-01 起" in book.to_markdown(findings=False)
    assert "2026-11-20 有效的内容" in book.on(date(2026, 11, 20)).to_markdown(findings=False)


def test_what_strangers_wrote_is_text_and_never_mark_up(tmp_path: Path) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE, encoding="utf-8")
    book: Rulebook = load_rulebook(path)
    for lang in ("zh", "en"):
        html = book.to_html(lang)
        page = Page(html)
        assert page.elements <= ELEMENTS
        assert html.count("</style>") == 1
        assert "<script>1</script>|" in page.text
        markdown = book.to_markdown(lang)
        assert "<script" not in markdown
        assert "[x](" not in markdown
        assert "\\[x\\](javascript" in markdown
        widths = {line.replace("\\|", "").count("|") for line in markdown.splitlines() if "few" in line and line.startswith("|")}
        assert widths == {6}


def test_the_command_writes_a_page_or_markdown_by_the_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "book.html"
    assert main(["show", "haimen", "--out", str(page), "--lang", "zh"]) == 0
    assert page.read_text(encoding="utf-8") == load_rulebook("haimen").to_html("zh")
    assert main(["show", "haimen", "--out", str(page)]) == 1
    assert main(["show", "haimen", "--out", str(page), "--force", "--plain", "--lang", "en"]) == 0
    assert page.read_text(encoding="utf-8") == load_rulebook("haimen").to_html("en", findings=False)
    assert main(["show", "haimen", "--out", str(tmp_path / "book.docx"), "--lang", "zh"]) == 1
    capsys.readouterr()
    assert main(["show", "haimen", "--on", "2026-11-20", "--inherited", "--lang", "zh"]) == 0
    assert capsys.readouterr().out == load_rulebook("haimen").on("2026-11-20").to_markdown("zh", inherited=True)


def test_what_a_convention_says_stands_in_chinese_with_the_value_in_brackets(tmp_path: Path) -> None:
    path = tmp_path / "stating.yaml"
    stated = [
        (convention.name, part, value)
        for convention in CONVENTIONS
        for part, values in convention.parts or (("", convention.values),)
        for value in values
        if value != "backward"  # of one clock, not of the book
    ]
    for name, part, value in stated:
        node = f"{{{part}: {value}}}" if part else value
        path.write_text(f"rulebook: stating\nconventions: {{{name}: {node}}}\ntables: {{thing: {{n: integer}}}}\n", encoding="utf-8")
        row = next(row for row in document(load_rulebook(path), "zh", None).rows() if row.place == f"conventions.{name}")
        meant, bracket, rest = row.cells[1][0].text.partition(f"（{value}）")
        assert (bracket, rest) == (f"（{value}）", "")
        assert not re.search("[A-Za-z]{3}", meant), meant
        said = document(load_rulebook(path), "en", None).rows()
        assert next(row for row in said if row.place == f"conventions.{name}").cells[1][0].text == (f"{part}: {value}" if part else value)
    for convention in CONVENTIONS:
        assert len(set(convention.chinese)) == len(convention.chinese), convention.name


def test_when_an_alarm_is_raised_who_grants_and_what_pauses_are_said_in_chinese(tmp_path: Path) -> None:
    path = tmp_path / "watched.yaml"
    path.write_text(WATCHED, encoding="utf-8")
    made = document(load_rulebook(path), "zh", None)
    rows = next(block.rows for chapter in made.chapters for block in chapter.blocks if block.place == "clocks.reply")
    said = {(row.cells[0][0].text, row.cells[1][-1].text): row.cite for row in rows}
    assert said["中止", "听证"] == "第9条"
    assert said["中止", "自 收件日，至 办结日，条件：急办"] == "第10条"
    assert said["延长", "5个工作日，限 1 次，批准：本机关负责人，到期之前提出"] == "第15条"
    assert ("告警", "一超期（到期日的次日）：红牌") in said
    assert ("告警", "到期后满 2个工作日：催办") in said


# all that a file may say: a clause and a label wherever the format has a place for one

GOOD = Path(__file__).parent / "books" / "good"
IN_ONE_WORD = ("value", "type", "label")  # what an entry of one word says, in the order in which it is looked for


def resolved(shape: Any) -> Any:
    while "$ref" in shape:
        shape = schema()["$defs"][shape["$ref"].rpartition("/")[2]]
    return shape


def options(shape: Any) -> list[Any]:
    return [resolved(option) for option in resolved(shape).get("anyOf", [shape])]


def items(shapes: list[Any]) -> Any:
    return next((option for option in shapes if option.get("type") == "array"), {}).get("items", {})


def filled(node: Any, shape: Any, texts: list[str]) -> Any:
    """A part of a file with a clause and a label of its own wherever the format has a place for one; `texts` gathers them."""
    shapes = options(shape)
    mappings = [option for option in shapes if option.get("type") == "object"]
    if isinstance(node, list):
        return [filled(part, items(shapes), texts) for part in node]
    if isinstance(node, str):
        own = [key for option in mappings for key in IN_ONE_WORD if {"cite", key} <= option.get("properties", {}).keys()]
        if not own or "type" in mappings[0].get("required", ()):
            return node
        node = {own[0]: node}
    elif not mappings:
        return node
    places = next((one for one in mappings if set(one.get("required", ())) & set(node)), mappings[-1])
    known, extra = places.get("properties", {}), places.get("additionalProperties", {})
    made = {key: filled(value, known.get(key, extra if isinstance(extra, dict) else {}), texts) for key, value in node.items()}
    for key in ("cite", "label"):
        if key in known and key not in made:
            texts.append(f"第{len(texts) + 1:04}{'条' if key == 'cite' else '名'}")
            made[key] = texts[-1]
    return made


@pytest.mark.parametrize("name", sorted(path.name for path in GOOD.glob("*.yaml") if path.stem != "anchors"))
def test_whatever_clause_and_label_a_book_may_carry_is_in_its_document(name: str, tmp_path: Path) -> None:
    for path in GOOD.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    texts: list[str] = []
    tree = filled(yaml.load((GOOD / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader), schema(), texts)
    (tmp_path / name).write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    book = load_rulebook(tmp_path / name)
    assert texts
    for lang in ("zh", "en"):
        for text in (Page(book.to_html(lang, findings=False)).text, book.to_markdown(lang, findings=False)):
            assert [one for one in texts if one not in text] == []
