"""A table goes by its own name, by its label and by the name of its file, whatever is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from govservice import grade, what_if
from govservice.errors import RecordError
from govservice.papers import papers
from govservice.run import run

APPLICATION = {"application": "A1", "formal": True, "main_document": "lacking"}
ITEM = {"item": "I1", "item_name": "企业设立登记"}
CASE = {"case": "C1", "application": "A1", "item": "I1", "received_on": "2026-02-13"}
ASKED: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "grade": lambda records: grade("kunshan", "green_channel_form_due", records, period="2026"),
    "papers": lambda records: papers("kunshan", records, kinds="returned_notice").owed,
    "run": lambda records: run("kunshan", records).cases,
    "what if": lambda records: what_if("kunshan", "kunshan", records).counted,
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("names", [("applications", "items"), ("申请", "事项")], ids=str)
def test_it_comes_to_the_same_under_each_name(asked: Callable[[Mapping[str, Any]], Any], names: tuple[str, str]) -> None:
    told = asked({"cases": [CASE], "application": [APPLICATION], "item": [ITEM]})
    assert told
    assert asked({"cases": [CASE], names[0]: [APPLICATION], names[1]: [ITEM]}) == told


def test_a_table_under_two_names_is_refused() -> None:
    with pytest.raises(RecordError) as refused:
        ASKED["papers"]({"applications": [APPLICATION], "申请": [APPLICATION], "cases": [CASE]})
    assert refused.value.text("en") == "applications: applications and 申请 are one table, given twice; give its rows under one name"
    assert refused.value.text("zh") == "applications: applications 和 申请 是同一个表，给了两次；请用一个名字给出各行"
