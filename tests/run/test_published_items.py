"""A city's real portal: 781 items, with figures computed by others; nothing lost on the way."""

import json
from datetime import date
from pathlib import Path

import pytest

from govservice import china, load_rulebook
from govservice.records import read_records
from govservice.run import Run, run

from ..beside import DATA

pytestmark = pytest.mark.shared("data/fangchenggang_items.csv.gz", "data/fangchenggang.facts.json")

MAPPING = """\
items:
  file: fangchenggang_items.csv.gz
  columns:
    item: item_id
    case_type: {column: case_type, values: {即办件: instant, 承诺件: promised}}
    promised_days: promise_days
    promised_limit: {column: promise_days, unit: workday}
    statutory_days: legal_days
    visits: on_site_times
    charged: is_charge
    channels: {column: handle_form, split: ","}
    scope: general_scope
    address: window_address
    conditions: accept_condition
    region: region_code
  skip: [power_type_code]        # the portal's own codes; 16 is none of the national standard
"""


@pytest.fixture(scope="module")
def facts() -> dict[str, object]:
    found: dict[str, object] = json.loads((DATA / "fangchenggang.facts.json").read_text(encoding="utf-8"))
    return found


def ran(tmp_path: Path, accepted_on: date | None = None) -> Run:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    book = load_rulebook("licensing-law")
    records = read_records(DATA, book=book, mapping=tmp_path / "mapping.yaml")
    return run(book, records, accepted_on=accepted_on, calendar=china(known_on=date(2026, 6, 1)))


def test_no_item_is_lost_and_those_without_type_or_limits_are_reported(tmp_path: Path) -> None:
    found = ran(tmp_path).summary()
    (rows,) = found["rows"]
    assert (rows["in"], rows["out"], rows["set_aside"]) == (781, 781, 0)
    assert {one["case_type"]: one["count"] for one in found["items"]["case_types"]} == {"promised": 529, "instant": 241}
    assert {one["fact"]: one["count"] for one in found["items"]["lacking"]} == {
        "case_type": 11,
        "promised_limit": 11,
        "statutory_limit": 11,
    }
    assert found["unread"] == {"items": {"n_materials": 781, "n_required": 781, "n_steps": 781, "source_url": 781}}


def test_the_speed_up_is_the_published_one(tmp_path: Path) -> None:
    speed = ran(tmp_path).summary()["items"]["speed_up"]
    assert speed == {"items": 770, "promised_days": 5217, "statutory_days": 15950, "compression": "0.672915", "longer_than_the_law": 0}


def test_departments_have_their_own_speed_up(tmp_path: Path, facts: dict[str, dict[str, dict[str, object]]]) -> None:
    found = {one["department"]: one for one in ran(tmp_path).summary()["items"]["departments"]}
    for name, expected in facts["top_departments"].items():
        one = found[name]
        assert (one["promised_days"], one["statutory_days"], float(one["compression"])) == (
            expected["p"],
            expected["l"],
            expected["compression"],
        )


@pytest.mark.parametrize("accepted_on", ["2025-09-30", "2026-02-13", "2026-04-30", "2026-09-24"])
def test_deadlines_if_accepted_on_a_day(tmp_path: Path, facts: dict[str, dict[str, dict[str, object]]], accepted_on: str) -> None:
    expected = facts["deadlines_if_accepted_on"][accepted_on]
    done = ran(tmp_path, date.fromisoformat(accepted_on))
    due = done.summary()["items"]["due"]
    assert (due["earliest"], due["latest"], due["dated"], due["undated"]) == (expected["min"], expected["max_promise_deadline"], 770, 11)
    for one in done.items:
        said = expected.get(f"N={one.promised_days}")
        if said is not None:
            assert one.due is not None
            assert str(one.due.due_on) == said
    assert {str(one.due.due_on) for one in done.items if one.due is not None and one.due.official is False} == (
        {"2027-01-15"} if accepted_on == "2026-09-24" else set()
    )
