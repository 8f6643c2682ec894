"""What strangers write ends in an answer or in words; `tools/hostile.py` tries as many as one likes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from . import books, calls, folders


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_book_answers_or_is_refused_in_words(seed: int, tmp_path: Path) -> None:
    assert books.broken_by(books.spoilt(random.Random(f"book {seed}")), tmp_path) is None


@pytest.mark.parametrize("seed", range(80))
def test_every_row_of_a_spoilt_folder_is_used_or_set_aside(seed: int, tmp_path: Path) -> None:
    assert folders.broken_by(folders.spoilt(random.Random(f"folder {seed}")), tmp_path) is None


@pytest.mark.parametrize("target", calls.TARGETS, ids=lambda target: target.name)
def test_a_public_call_with_odd_arguments_answers_or_fails_in_words(target: calls.Target) -> None:
    assert calls.tried(random.Random(target.name), target) is None
