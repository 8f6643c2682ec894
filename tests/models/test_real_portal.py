"""A real portal's items and materials fit the models by a small mapping; nothing is lost and nothing is filled in."""

from __future__ import annotations

import csv
import gzip
from collections import Counter

import pytest

from govservice.models import Item, Material

from ..beside import DATA

pytestmark = pytest.mark.shared("data/fangchenggang_items.csv.gz", "data/fangchenggang_materials.csv.gz")

ITEM = {
    "item": "item_id",
    "item_name": "item_name",
    "parent_name": "parent_name",
    "department": "department",
    "item_type": "power_type_code",
    "case_type": "case_type",
    "promised_days": "promise_days",
    "statutory_days": "legal_days",
    "charged": "is_charge",
    "region": "region_code",
    "scope": "general_scope",
    "visits": "on_site_times",
    "address": "window_address",
    "office_hours": "office_hours",
    "conditions": "accept_condition",
}
MATERIAL = {
    "material": "material_id",
    "material_name": "material_name",
    "material_type": "material_type",
    "source": "source_channel",
    "required": "necessity",
    "form": "form",
    "originals": "original_num",
    "copies": "copy_num",
    "paper": "paper_format",
    "needs_signature": "need_sign",
    "exempt": "is_exemption",
    "shareable": "is_share",
}
NO_CODE_OF_THE_STANDARD = "16"  # the portal's own code; what it means is not known here


def rows(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def item_of(row: dict[str, str]) -> Item:
    facts: dict[str, object] = {name: row[column] for name, column in ITEM.items()}
    if row["power_type_code"] == NO_CODE_OF_THE_STANDARD:
        facts |= {"item_type": None, "local": {"power_type_code": NO_CODE_OF_THE_STANDARD}}
    return Item.read(facts | {"channels": row["handle_form"].split(",")})


def test_all_781_items_are_read() -> None:
    items = [item_of(row) for row in rows("fangchenggang_items.csv.gz")]
    assert len({item.item for item in items}) == 781
    assert Counter(item.case_type for item in items) == {"promised": 529, "instant": 241, None: 11}
    assert sum(item.promised_days for item in items if item.promised_days is not None) == 5_217
    assert sum(item.statutory_days for item in items if item.statutory_days is not None) == 15_950
    assert Counter(item.item_type for item in items)[None] == 33
    assert Counter(item.charged for item in items) == {False: 731, True: 50}
    assert len([item for item in items if item.promised_days is None]) == 11


def test_all_2876_materials_are_read_and_belong_to_their_items() -> None:
    found = [
        (row["item_id"], Material.read({name: row[column] for name, column in MATERIAL.items()}))
        for row in rows("fangchenggang_materials.csv.gz")
    ]
    assert len(found) == 2_876
    assert Counter(material.source for _, material in found) == {"applicant": 1_490, "department": 1_070, "other": 316}
    assert Counter(material.required for _, material in found) == {True: 2_539, False: 337}
    assert Counter(material.material_type for _, material in found)[None] == 8
    of_items: dict[str, list[Material]] = {}
    for item, material in found:
        of_items.setdefault(item, []).append(material)
    longest = max(of_items, key=lambda item: len(of_items[item]))
    assert len(Item(item=longest, materials=tuple(of_items[longest])).facts()["materials"]) == len(of_items[longest])
