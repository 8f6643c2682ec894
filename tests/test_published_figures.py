"""Figures that the centres published, counted again by their rulebooks from rows that only say what each item is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from govservice.rules.evaluation import Scope, evaluate
from govservice.rules.expressions.shapes import Aggregate
from govservice.rules.expressions.values import reported
from govservice.rules.rulebook import load_rulebook
from govservice.rules.subjects import Subject

HAIMEN = load_rulebook("haimen")
APPROVAL: dict[str, Any] = {"kind": "approval", "better_local": False, "special_requirements": False, "no_room": False}
SERVICE = APPROVAL | {"kind": "public_service", "closely_related": True}


def measured(measure: str, items: Sequence[Mapping[str, Any]]) -> Any:
    """A measure of Haimen's over these items."""

    def rows(_subject: Subject, of: Aggregate) -> Iterable[Scope]:
        assert of.sources == ("item",)
        return [HAIMEN.subject("item", item) for item in items]

    return reported(evaluate(HAIMEN.contents.measures[measure].value, HAIMEN.subject("department", {}, rows=rows)))


def the_citys_items() -> list[dict[str, Any]]:
    """HM-2: 429 approval items, of which some must stand elsewhere and some are better near home; HM-1: the services in the centre."""
    special: list[dict[str, Any]] = [APPROVAL | {"special_requirements": True}] * 20 + [APPROVAL | {"no_room": True}] * 22
    return [APPROVAL] * (429 - 42 - 6) + special + [APPROVAL | {"better_local": True}] * 6 + [SERVICE] * 531


def test_haimens_429_approval_items_stand_where_the_centre_says() -> None:
    items = the_citys_items()
    assert (measured("branch_items", items), measured("township_items", items)) == (42, 6)
    assert measured("centre_items", [one for one in items if one["kind"] == "approval"]) == 381


def test_haimens_placement_rate_is_88_8_percent() -> None:
    assert round(measured("placement_percent", the_citys_items()), 1) == Decimal("88.8")


def test_haimens_centre_holds_912_items() -> None:
    assert measured("centre_items", the_citys_items()) == 912


def test_one_item_of_unknown_placement_leaves_the_rate_unknown() -> None:
    assert measured("placement_percent", [*the_citys_items(), {"kind": "approval"}]) is None


def test_the_cut_of_the_limits_is_of_the_averages_not_the_average_of_the_cuts() -> None:
    """HM-5: one third. Of two items, one cut by half and one not at all, the rates would average a quarter."""
    limits = [(60, 30), (30, 30)]
    items = [APPROVAL | {"statutory_days": statutory, "promised_days": promised} for statutory, promised in limits]
    assert round(measured("limit_cut_percent", items), 1) == Decimal("33.3")
