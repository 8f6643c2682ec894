"""A rulebook as a document: every entry with its id and clause is in it, findings stand beside their rules, strangers' words stay words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.cli import main
from govservice.rules import Rulebook
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
    assert "非主体材料缺件数" in row.cells[1][0].text
    english = document(load_rulebook("kunshan"), "en", None)
    row = next(row for row in english.rows() if row.place == "decisions.case_type.rules.supplement/promised")
    assert row.cells[1][0].text == "nonmain_missing > 0 and applicant_promises"


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
