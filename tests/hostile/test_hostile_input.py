"""What strangers write ends in an answer or in words; `tools/hostile.py` tries as many as one likes."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from . import books, calls, expressions, folders, kills, records, texts


@pytest.mark.parametrize("seed", range(40))
def test_a_spoilt_book_answers_or_is_refused_in_words(seed: int, tmp_path: Path) -> None:
    assert books.broken_by(books.spoilt(random.Random(f"book {seed}")), tmp_path) is None


@pytest.mark.parametrize("seed", range(80))
def test_every_row_of_a_spoilt_folder_is_used_or_set_aside(seed: int, tmp_path: Path) -> None:
    assert folders.broken_by(folders.spoilt(random.Random(f"folder {seed}")), tmp_path) is None


def test_a_book_amended_by_odd_values_answers_or_is_refused_in_words() -> None:
    assert {number: said for number in range(20) if (said := books.broken_by_change(random.Random(f"change {number}"))) is not None} == {}


def test_spoilt_expressions_texts_and_records_are_worth_something_or_refused_in_words() -> None:
    for number in range(400):
        chance = random.Random(f"found {number}")
        assert expressions.broken_by(expressions.spoilt(chance), chance) is None, number
        assert texts.broken_by(texts.spoilt(chance), chance) is None, number
        assert records.broken_by(records.spoilt(chance)) is None, number


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot split a process")
def test_runs_killed_at_random_moments_leave_one_result_whole(tmp_path: Path) -> None:
    assert {number: said for number in range(10) if (said := kills.broken_by(random.Random(f"kill {number}"), tmp_path)) is not None} == {}


@pytest.mark.parametrize("target", calls.TARGETS, ids=lambda target: target.name)
def test_a_public_call_with_odd_arguments_answers_or_fails_in_words(target: calls.Target) -> None:
    assert calls.tried(random.Random(target.name), target) is None
