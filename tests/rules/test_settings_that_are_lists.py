"""A list is a setting as a caller has it, and as a file writes it: a list, or a text whose parts are parted by semicolons."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import Rulebook, load_rulebook
from govservice.errors import RecordError, RulebookError

NAMES = ("民政局", "社保局")


@pytest.mark.parametrize("given", [list(NAMES), NAMES, "民政局;社保局"], ids=["list", "tuple", "text"])
def test_a_caller_gives_it_as_it_is(given: object) -> None:
    book = load_rulebook("chongqing", settings={"close_departments": given})
    assert book.settings["close_departments"].value == NAMES


def test_however_it_is_given_its_value_is_one() -> None:
    told = [load_rulebook("chongqing", settings={"close_departments": given}) for given in (list(NAMES), NAMES)]
    assert told[0] == told[1]


def test_an_amending_book_may_write_it_as_a_list(tmp_path: Path) -> None:
    assert own(tmp_path, "settings: {close_departments: [民政局, 社保局]}").settings["close_departments"].value == NAMES
    longer = "settings:\n  nearby: {type: list, label: 邻近部门, value: [民政局, 社保局]}"
    assert own(tmp_path, longer).settings["nearby"].value == NAMES


def own(folder: Path, text: str) -> Rulebook:
    (folder / "own.yaml").write_text(f"rulebook: own\nextends: [chongqing]\n{text}\n", encoding="utf-8")
    return load_rulebook(folder / "own.yaml")


def test_a_number_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="many_items must be an integer"):
        load_rulebook("chongqing", settings={"many_items": [3]})
    with pytest.raises(RulebookError, match="many_items must be an integer"):
        own(tmp_path, "settings: {many_items: [3]}")
