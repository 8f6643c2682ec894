"""Every kind of finding has its page, English and Chinese: its bad book raises it, its good one does not, and it can be accepted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.rules.proofs.findings import KINDS, Checked, page_of

from .pages import DOCS, blocks

PAGES = {"en": DOCS / "findings.md", "zh": DOCS / "zh" / "findings.md"}
BOOKS = {lang: {block.title: block.text for block in blocks(page) if block.title} for lang, page in PAGES.items()}
PARTS = {"en": ("What", "Why", "Bad", "Good", "To mend it"), "zh": ("什么意思", "有什么要紧", "有毛病的", "改好的", "怎么改")}
GRAVITIES = {"en": {}, "zh": {"error": "错误", "warning": "警告", "note": "提示"}}


def checked(text: str, folder: Path) -> Checked:
    path = folder / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rulebook(path).check()


def sections(lang: str) -> dict[str, str]:
    """The text under each head that is a kind's."""
    found = re.split(r"^## ([a-z_]+)$", PAGES[lang].read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.mark.parametrize("lang", PAGES)
def test_every_kind_has_its_section_and_no_section_is_of_none(lang: str) -> None:
    assert list(sections(lang)) == list(KINDS)
    for kind, text in sections(lang).items():
        assert re.findall(r"^\*\*([^*]+)\*\*[:：]", text, flags=re.MULTILINE) == list(PARTS[lang]), kind
        assert {block for block in BOOKS[lang] if block.startswith(f"{kind}-")} == {f"{kind}-bad.yaml", f"{kind}-good.yaml"}


@pytest.mark.parametrize("lang", PAGES)
def test_the_table_has_each_kind_with_its_gravity(lang: str) -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\(#(\w+)\) \| (\S+) \| (.+) \|$", PAGES[lang].read_text(encoding="utf-8"), flags=re.MULTILINE)
    said = [(kind, kind, GRAVITIES[lang].get(gravity, gravity), words.text(lang)) for kind, (gravity, words) in KINDS.items()]
    assert rows == said


@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_book_raises_its_kind_and_the_good_one_does_not(kind: str, tmp_path: Path) -> None:
    assert checked(BOOKS["en"][f"{kind}-bad.yaml"], tmp_path).of(kind)
    assert checked(BOOKS["en"][f"{kind}-good.yaml"], tmp_path).of(kind) == ()


def test_both_pages_show_the_same_books() -> None:
    assert BOOKS["en"] == BOOKS["zh"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unused_acceptance"])
def test_each_kind_is_accepted_in_one_place_and_is_told_with_its_reason(kind: str, tmp_path: Path) -> None:
    bad = BOOKS["en"][f"{kind}-bad.yaml"]
    before = checked(bad, tmp_path)
    one = before.of(kind)[0]
    rules = f", rules: [{', '.join(one.rules)}]" if one.rules else ""
    after = checked(f"{bad}accepted:\n  - {{kind: {kind}, entry: {one.entry}{rules}, because: 原文如此}}\n", tmp_path)
    taken = [finding for finding in before.of(kind) if (finding.entry, set(finding.rules)) == (one.entry, set(one.rules))]
    assert [(finding.kind, finding.entry, finding.accepted) for finding in after.accepted] == [(kind, one.entry, "原文如此") for _ in taken]
    assert len(after.findings) == len(before.findings) - len(taken)
    assert after.of("unused_acceptance") == ()


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_names_the_place_of_its_page(kind: str) -> None:
    page, _, anchor = page_of(kind).partition("#")
    assert f"\n## {anchor}\n" in (DOCS / page).read_text(encoding="utf-8")
