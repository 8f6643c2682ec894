"""Every kind of error has its section, English and Chinese: what it is, when it comes, one that comes, and what to do."""

from __future__ import annotations

import re

import pytest

from govservice import errors
from govservice.errors import GovServiceError

from .pages import DOCS, ROOT, blocks, rows

PAGES = {"en": DOCS / "error-catalogue.md", "zh": DOCS / "zh" / "error-catalogue.md"}
PARTS = {"en": ["What", "When", "It points at", "Example", "To do"], "zh": ["什么意思", "什么时候", "指着哪里", "例子", "怎么办"]}
COLUMNS = {"en": ("kind", "is a"), "zh": ("种类", "属于")}
TREE = re.findall(r"^[├└│─ ]*(\w+)", (errors.__doc__ or "").partition("\n\n")[2], re.MULTILINE)


def kinds() -> set[type[GovServiceError]]:
    """The kinds that the module of errors has, and their common kind."""
    named = (getattr(errors, name) for name in errors.__all__)
    return {one for one in named if isinstance(one, type) and issubclass(one, GovServiceError)}


def sections(lang: str) -> dict[str, str]:
    """The text under each head."""
    found = re.split(r"^## (\w+)$", PAGES[lang].read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


@pytest.mark.parametrize("lang", PAGES)
def test_every_kind_has_its_section_in_the_order_of_the_tree(lang: str) -> None:
    assert {one.__name__ for one in kinds()} == set(TREE)
    assert list(sections(lang)) == TREE
    for kind, text in sections(lang).items():
        assert re.findall(r"^\*\*([^*]+)\*\*[:：]", text, flags=re.MULTILINE) == PARTS[lang], kind


@pytest.mark.parametrize("lang", PAGES)
def test_the_table_says_what_each_kind_is_a_kind_of(lang: str) -> None:
    kind, parent = COLUMNS[lang]
    said = {re.findall(r"\w+", row[kind])[0]: re.findall(r"\w+", row[parent])[:1] for row in rows(PAGES[lang], kind, parent)}
    assert said == {one.__name__: [] if one is GovServiceError else [one.__mro__[1].__name__] for one in kinds()}


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize("kind", TREE)
def test_the_example_of_a_kind_raises_it(kind: str, lang: str) -> None:
    """That the examples come to what they show is tried with those of every page."""
    (raised,) = re.findall(r"^(?:govservice\.errors\.)?([A-Z]\w+)[:：]", sections(lang)[kind], re.MULTILINE)
    assert issubclass(getattr(errors, raised), getattr(errors, kind))
    assert kind in (raised, "GovServiceError")


def test_both_pages_show_the_same_examples() -> None:
    def asked(lang: str) -> list[str]:
        code = "".join(block.text for block in blocks(PAGES[lang]) if block.language == "python")
        return [
            re.sub(r"^said\(lambda: (.*)\)$|#.*", r"\1", line.strip()) for line in re.findall(r"^(?:>>>|\.\.\.) (.*)$", code, re.MULTILINE)
        ]

    english, chinese = asked("en"), asked("zh")
    assert [line for line in english if line not in chinese] == []


def test_kinds_that_other_modules_add_are_told_with_what_they_are() -> None:
    known = {one.__name__ for one in kinds()}
    added = {
        (name, parent)
        for file in (ROOT / "govservice").rglob("*.py")
        for name, parent in re.findall(r"^class ([A-Z]\w+)\((\w+)\)", file.read_text(encoding="utf-8"), re.MULTILINE)
        if parent in known and name not in known
    }
    assert [(name, parent, lang) for name, parent in added for lang in PAGES if f"`{name}`" not in sections(lang)[parent]] == []
    assert added
