"""The guard itself: a page that asks a network for something, or says that something went wrong, is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import PHONE, Visiting, is_outside


@pytest.mark.parametrize(
    ("address", "outside"),
    [
        ("http://127.0.0.1:2718/", False), ("ws://localhost:2718/ws", False), ("file:///tmp/a.html", False), ("data:,A", False),
        ("https://a.example/x", True), ("http://127.0.0.1.a.example/", True), ("http://10.0.0.1/", True), ("wss://b.example", True),
    ],
)  # fmt: skip
def test_this_machine_is_not_a_network(address: str, outside: bool) -> None:
    assert is_outside(address) is outside


def test_what_a_page_asks_of_a_network_is_noticed_and_not_fetched(visit: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    page = '<!doctype html><title>x</title><img src="https://example.org/a.png"><script>undefined_name()</script>'
    file.write_text(page, encoding="utf-8")
    seen = visit(file)
    assert seen.outside == ["https://example.org/a.png"]
    assert any("undefined_name" in error for error in seen.errors)
    seen.outside.clear()
    seen.errors.clear()


def test_a_page_that_is_too_wide_for_a_phone_is_noticed(visit: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('<!doctype html><meta charset="utf-8"><body style="margin:0"><div style="width:500px">宽</div>', encoding="utf-8")
    seen = visit(file, width=PHONE)
    assert seen.overhang == 500 - PHONE
    assert seen.text == "宽"


def test_paper_says_what_the_screen_says(visit: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('<!doctype html><meta charset="utf-8"><p>办结</p><p style="break-before:page">超期</p>', encoding="utf-8")
    said = visit(file).printed(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    assert said.split("\f")[:2] == ["办结\n", "超期\n"] or not said
