"""The how-to pages and the quick starts are tried: what they say to type is typed, page by page, beside the files that they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from .commands import type_again
from .pages import DOCS, ROOT, blocks, name
from .test_docs import save

PAGES = [
    *sorted((DOCS / "howto").glob("*.md")),
    *sorted((DOCS / "zh" / "howto").glob("*.md")),
    *(DOCS / name for name in ("quickstart.md", "quickstart.zh.md", "index.md")),
    *(ROOT / name for name in ("README.md", "README.zh-CN.md")),
]
OTHERS = frozenset({"python3", "pip", "cd", "python"})  # they set up an environment, which CI does


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_says_to_type_prints_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if "zh" in name(page) else "C.UTF-8")
    save(tmp_path, page)
    for block in blocks(page):
        if block.language == "console":
            type_again(block, others=OTHERS)
