"""Figures that the centres published, counted again by `measure` from rows that only say what each item, list or report is.

What cannot be counted again is not here: Wuxi's speed-up of 57.3 % names no denominator, Foshan's 99.76 % no number of ratings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from govservice import grade, load_rulebook, measure
from govservice.rules.rulebook import Rulebook

HAIMEN, FOSHAN, XINXING, CHONGQING, COUNTY = (load_rulebook(id) for id in ("haimen", "foshan", "xinxing", "chongqing", "xx-county"))
APPROVAL: dict[str, Any] = {"kind": "approval", "better_local": False, "special_requirements": False, "no_room": False}
SERVICE = APPROVAL | {"kind": "public_service", "closely_related": True}


def counted(book: Rulebook, table: str, name: str, found: Sequence[Mapping[str, Any]], period: str = "2012") -> Any:
    """A measure of the whole centre over these rows of a table."""
    return measure(book, name, {table: found}, about="centre", period=period).value


# -- Haimen

measured = partial(counted, HAIMEN, "item")


def the_citys_items() -> list[dict[str, Any]]:
    """HM-2: 429 approval items, of which some must stand elsewhere and some are better near home; HM-1: the services in the centre."""
    special: list[dict[str, Any]] = [APPROVAL | {"special_requirements": True}] * 20 + [APPROVAL | {"no_room": True}] * 22
    return [APPROVAL] * (429 - 42 - 6) + special + [APPROVAL | {"better_local": True}] * 6 + [SERVICE] * 531


def test_haimens_429_approval_items_stand_where_the_centre_says() -> None:
    items = the_citys_items()
    assert (measured("branch_items", items), measured("township_items", items)) == (42, 6)
    assert measured("centre_items", [one for one in items if one["kind"] == "approval"]) == 381
    assert sum(one["kind"] == "approval" for one in items) == 381 + 42 + 6


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


# -- Foshan


def test_foshans_negative_list_bars_391_investments_and_restricts_200() -> None:
    """FS-1: each investment is looked up in the list, and what is not in it is free."""
    listed = [(f"P{n}", "prohibited") for n in range(391)] + [(f"R{n}", "restricted") for n in range(200)]
    records = {
        "negative_list": [{"negative_list": one, "negative_class": kind} for one, kind in listed],
        "application": [{"application": f"A-{one}", "investment": one} for one, _ in [*listed, ("F1", ""), ("F2", "")]],
    }
    entries = Counter(one.grade for one in grade(FOSHAN, "investment_entry", records))
    assert entries == {"禁止": 391, "限制": 200, "可为": 2}
    names = ("negative_measures", "prohibited_measures", "restricted_measures")
    assert [measure(FOSHAN, name, records, about="centre", period="2015").value for name in names] == [591, 391, 200]


def test_foshans_11_773_powers_are_of_11_classes() -> None:
    powers = [{"power_list": f"XK-{n}", "power_class": f"第{n % 11}类"} for n in range(11_773)]
    assert [counted(FOSHAN, "power_list", name, powers) for name in ("powers", "power_classes")] == [11_773, 11]


# -- Xinxing

ITEMS = {"promised": 209, "instant": 23, "joint": 4, "escalated": 1}


def test_xinxings_237_items_are_of_four_types() -> None:
    items = [{"case_type": kind} for kind, number in ITEMS.items() for _ in range(number)]
    count = partial(counted, XINXING, "item", found=items)
    assert {kind: count(f"{kind}_items") for kind in ITEMS} == ITEMS
    assert count("items_on_list") == 237


def test_the_four_types_may_be_given_by_the_centres_own_names() -> None:
    items = [{"办件类型": kind} for kind in ("承诺件", "即办件", "联办件", "上报件")]
    assert counted(XINXING, "item", "escalated_items", items) == 1


EARLIER = 231_744 - 32_822
REPORTS = [
    {"reported_to": date(2010, 12, 31), "reported": EARLIER},
    {"reported_to": date(2011, 12, 31), "reported": 32_822, "instant_reported": 5_665, "promised_reported": 27_157},
    {"reported_to": date(2012, 2, 29), "reported": 7_649, "instant_reported": 1_795, "promised_reported": 5_854},
]


def reported_in(name: str, period: str) -> Any:
    """A measure of Xinxing's reports in a period."""
    return counted(XINXING, "case_report", name, REPORTS, period)


@pytest.mark.parametrize(("period", "cases"), [("2011", 32_822), ("2012", 7_649)])
def test_xinxings_instant_and_promised_cases_make_up_what_it_received(period: str, cases: int) -> None:
    assert reported_in("reported_by_type", period) == reported_in("reported_cases", period) == cases


def test_xinxings_239_393_cases_are_the_231_744_and_two_months_more() -> None:
    assert reported_in("cumulative_cases", "2012") == 239_393
    assert reported_in("cumulative_cases", "2011") == 231_744


def test_a_year_whose_types_were_not_reported_has_no_sum_by_type() -> None:
    assert reported_in("reported_by_type", "2010") is None


# -- Chongqing

PERMANENT = {
    False: ("交委", "民政局", "人力社保局", "国土房管局", "医保中心", "社保局"),
    True: ("建设管理局", "工商局", "质监局", "食药监局", "国税局", "地税局"),
}
GENERAL = {
    False: (
        *("编办", "发改委", "经信委", "教委", "科委", "农委", "商务局", "司法局", "水务局", "文广新局", "卫生局"),
        *("计生委", "统计局", "体育局", "林业局", "旅游局", "档案局", "民防办", "畜牧局", "气象局", "残联"),
    ),
    True: ("经济发展局", "投资促进局", "财务局", "安全生产监督管理局", "环境保护局"),
}


def departments(named: Mapping[bool, Sequence[str]]) -> list[dict[str, Any]]:
    named_ones = [(zone, one) for zone, names in named.items() for one in names]
    return [
        {"department": f"D{n}", "department_name": one, "zone_department": zone, "retained": False}
        for n, (zone, one) in enumerate(named_ones)
    ]


def test_the_zones_plan_names_6_and_6_departments_with_permanent_windows_and_21_and_5_through_the_general_window() -> None:
    day = date(2012, 3, 1)

    def count(name: str, found: Sequence[Mapping[str, Any]]) -> Any:
        return measure(CHONGQING, name, {"department": found}, about="centre", period=(day, day)).value

    assert [count("permanent_departments", departments({zone: names})) for zone, names in PERMANENT.items()] == [6, 6]
    assert [count("general_departments", departments({zone: names})) for zone, names in GENERAL.items()] == [21, 5]
    assert count("general_departments", departments(PERMANENT)) == 0


# -- the XX county


def test_of_the_countys_40_units_in_the_hall_26_came_first_and_19_others_moved_their_offices() -> None:
    approving = [{"does_licensing": True, "offices_old": False}] * 26
    serving = [{"does_licensing": False, "serves_licensing": True, "offices_old": False}] * 14
    moved = [{"does_licensing": False, "serves_licensing": False, "offices_old": True}] * 19
    units = [*approving, *serving, *moved]
    counts = [counted(COUNTY, "department", name, units) for name in ("licensing_units", "hall_units", "moved_units")]
    assert counts == [26, 40, 19]
