"""The values of a choice as a list of their names: each is its own label, wherever a choice is declared."""

from __future__ import annotations

import pytest

from govservice import load_rulebook
from govservice.errors import RulebookError

BOOK = """
rulebook: named
settings: {season: {type: choice, values: SEASONS, value: 夏}}
tables: {thing: {kind: {type: choice, label: 种类, values: KINDS}}}
events: {slip: {has: {how: {type: choice, values: HOW}}}}
decisions:
  way:
    about: thing
    hit: first
    outcomes: {way: {type: choice, values: WAYS}}
    rules: [{id: copy, when: kind == "复印", then: 快}, {id: rest, then: 慢}]
"""
LISTS = {"SEASONS": "[夏, 冬]", "KINDS": "[复印, 退费]", "HOW": "[轻, 重]", "WAYS": "[快, 慢]"}
MAPPINGS = {"SEASONS": "{夏: 夏, 冬: 冬}", "KINDS": "{复印: 复印, 退费: 退费}", "HOW": "{轻: 轻, 重: 重}", "WAYS": "{快: 快, 慢: 慢}"}


def written(tmp_path, values, name="named.yaml"):
    text = BOOK
    for place, listed in values.items():
        text = text.replace(place, listed)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_values_is_a_mapping_of_each_to_itself(tmp_path):
    listed = load_rulebook(written(tmp_path, LISTS))
    mapped = load_rulebook(written(tmp_path, MAPPINGS, "mapped.yaml"))
    assert listed.digest == mapped.digest
    assert listed.decide("way", {"种类": "复印"}).value("way") == "快"


@pytest.mark.parametrize(("place", "line"), [("SEASONS", 3), ("KINDS", 4), ("HOW", 5), ("WAYS", 10)])
def test_a_value_listed_twice_is_a_fault_in_its_line(tmp_path, place, line):
    first, _, _ = LISTS[place].strip("[]").partition(", ")
    doubled = LISTS[place].replace("]", f", {first}]")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(written(tmp_path, LISTS | {place: doubled}))
    (fault,) = caught.value.faults
    assert (fault.line, fault.what.en) == (line, f"the value {first!r} is given twice")


def test_a_list_without_values_is_refused(tmp_path):
    with pytest.raises(RulebookError, match="an empty list"):
        load_rulebook(written(tmp_path, LISTS | {"KINDS": "[]"}))


def test_values_are_added_by_a_list_as_by_a_mapping(tmp_path):
    book = load_rulebook(written(tmp_path, LISTS))
    (tmp_path / "more.yaml").write_text("amends: named.yaml\ntables: {thing: {kind: {values: [投诉]}}}\n", encoding="utf-8")
    for more in (load_rulebook(tmp_path / "more.yaml"), book.amend({"tables": {"thing": {"kind": {"values": ["投诉"]}}}})):
        assert [choice.name for choice in more.contents.column("thing", "kind").type.choices] == ["复印", "退费", "投诉"]
    only = book.amend({"tables.thing.kind.values": ["复印"]})
    assert [choice.name for choice in only.contents.column("thing", "kind").type.choices] == ["复印"]
