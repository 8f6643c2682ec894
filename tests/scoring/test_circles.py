"""A scheme that would wait for itself is refused when the book is loaded."""

from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RulebookError


def test_a_scheme_that_prices_its_own_rows_is_a_circle(tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text(
        "rulebook: own\nschemes:\n  month:\n    scores: window\n    period: month\n"
        "    adjust:\n      - {id: itself, for: month, points: total}\n",
        encoding="utf-8",
    )
    with pytest.raises(RulebookError) as refused:
        load_rulebook(book)
    assert str(refused.value) == "own.yaml:3: schemes.month: a circle: month -> month; nothing in it could be decided first"
