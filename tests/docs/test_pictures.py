"""The pictures of the documentation are those that are drawn today."""

from __future__ import annotations

import importlib.util
import re
from typing import Any

import pytest

from .pages import PAGES, ROOT

FOLDER = ROOT / "docs" / "pictures"


@pytest.fixture(scope="module")
def drawn() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "tools" / "pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.pictures())


def words(svg: str) -> list[str]:
    """What is written in a picture, in order; how it is placed may differ with what draws it."""
    return re.findall("<text[^>]*>([^<]*)<", svg)


def test_each_is_what_is_drawn_today(drawn: dict[str, Any]) -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(drawn)
    for name, chart in drawn.items():
        shipped = (FOLDER / name).read_text(encoding="utf-8")
        if not chart.spec:
            assert chart.to_svg() == shipped
            continue
        pytest.importorskip("vl_convert")
        assert words(chart.to_svg()) == words(shipped) != []


def test_each_is_on_a_page() -> None:
    said = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [file.name for file in FOLDER.iterdir() if f"pictures/{file.name}" not in said] == []
