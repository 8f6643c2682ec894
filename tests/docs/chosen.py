"""What each value of each convention comes to on the one example that the Chinese page tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

import yaml

from govservice import clocks, grade, load_rulebook, score
from govservice.errors import ConventionError, RulebookError
from govservice.rules import Rulebook

__all__ = ["CHOSEN", "UNSTATED"]

UNSTATED: Final = "不写"
Value = str | None
_Scene = Callable[[Value], str]


def _book(stated: Mapping[str, object], folder: Any, **sections: object) -> Rulebook:
    path = folder / "shown.yaml"
    path.write_text(yaml.safe_dump({"rulebook": "shown", "conventions": dict(stated), **sections}, allow_unicode=True), encoding="utf-8")
    return load_rulebook(path)


def _told(value: object) -> str:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case None:
            return "未定"
    return str(value)


def _between(low: object, high: object) -> str:
    return str(low) if low == high else f"{low} 至 {high}"


# -- clocks

STATED: Final = {"first_day": "excluded", "roll": "forward", "ends": "day", "pause_needs_notice": "no"}


def _clock(
    folder: Any, name: str, value: Value, case: Mapping[str, object], clock: Mapping[str, object], read: str = "due", **more: Any
) -> str:
    """One clock on one case under the usual conventions, and this one as given."""
    stated = {key: one for key, one in {**STATED, **more.pop("also", {}), name: value}.items() if one is not None}
    wanted = {"about": "cases", "starts": "received_on", "stops": "closed_on", **clock}
    book = _book(stated, folder, clocks={"reply": wanted}, **more)
    (reading,) = (each for each in clocks(case, book, now=date(2026, 12, 31)) if each.clock == "reply")
    if reading.due is None:
        assert f"conventions.{name}" in reading.undecided
        return "未定"
    return _told(getattr(reading, read))


def _first_day(folder: Any, value: Value) -> str:
    return _clock(folder, "first_day", value, {"received_on": "2026-03-02"}, {"limit": "5 工作日"})


def _roll(folder: Any, value: Value) -> str:
    if value == "backward":  # of a clock that counts back
        clock = {"limit": "7 自然日", "backward": "true", "starts": "closed_on", "stops": "decided_on", "roll": value}
        return _clock(folder, "roll", None, {"closed_on": "2026-10-12"}, clock)
    return _clock(folder, "roll", value, {"received_on": "2026-02-12"}, {"limit": "3 自然日"})


def _rest_day_same_day(folder: Any, value: Value) -> str:
    return _clock(folder, "rest_day_same_day", value, {"received_on": "2026-02-15"}, {"limit": "当天"})


def _bare_day(folder: Any, value: Value) -> str:
    try:
        return _clock(folder, "bare_day", value, {"received_on": "2026-03-04"}, {"limit": "5日"})
    except RulebookError:
        return "报错"


def _ends(folder: Any, value: Value) -> str:
    case = {"received_on": "2026-03-02", "received_at": "2026-03-02 10:30"}
    return _clock(folder, "ends", value, case, {"limit": "3 工作日", "starts": "received_at"}, hours="09:00-17:00")


def _pause(told: str | None) -> dict[str, object]:
    row = {"kind": "hearing", "from": "2026-03-04", "to": "2026-03-06"} | ({} if told is None else {"told": told})
    return {"received_on": "2026-03-02", "pauses": [row]}


def _pause_needs_notice(folder: Any, value: Value) -> str:
    return _clock(folder, "pause_needs_notice", value, _pause("否"), {"limit": "5 工作日", "pauses": ["hearing"]})


def _pause_days(folder: Any, value: Value) -> str:
    return _clock(folder, "pause_days", value, _pause("是"), {"limit": "5 工作日", "pauses": ["hearing"]})


def _extension_from(folder: Any, value: Value) -> str:
    case = {"received_on": "2026-02-12", "extensions": [{"asked_on": "2026-02-13", "granted": "是"}]}
    clock = {"limit": "3 自然日", "extension": {"limit": "5 自然日", "times": "1"}}
    return _clock(folder, "extension_from", value, case, clock)


HOURS: Final = "09:00-17:00; 周六 09:00-12:00"


def _makeup_hours(folder: Any, value: Value) -> str:
    case = {"received_on": "2026-02-13", "received_at": "2026-02-13 15:00"}
    clock = {"limit": "6 小时", "starts": "received_at", "hours": HOURS}
    return _clock(folder, "makeup_hours", value, case, clock, also={"rest_day_hours": "not"})


def _rest_day_hours(folder: Any, value: Value) -> str:
    case = {"received_on": "2026-03-06", "received_at": "2026-03-06 15:00"}
    return _clock(folder, "rest_day_hours", value, case, {"limit": "6 小时", "starts": "received_at", "hours": HOURS})


def _percent_alarms(folder: Any, value: Value) -> str:
    stated = {**STATED, "percent_alarms": value} if value else STATED
    clock = {
        "about": "cases",
        "starts": "received_on",
        "stops": "closed_on",
        "limit": "5 工作日",
        "alarms": [{"signal": "yellow", "at": "50%"}],
    }
    book = _book(stated, folder, clocks={"reply": clock})
    (reading,) = (each for each in clocks({"received_on": "2026-03-02"}, book, now=date(2026, 12, 31)) if each.clock == "reply")
    (alarm,) = reading.alarms
    return _told(alarm.at)


# -- scores

EVENTS: Final = {
    "late": {"label": "迟到", "has": {"minutes": {"type": "integer", "label": "迟到分钟"}}},
    "praised": {"label": "表扬"},
    "rude": {"label": "态度生硬", "assessed": "true"},
}
USUAL: Final = {
    "part_floor": "0", "part_overflow": "capped", "part_served": "full", "unserved_periods": "skip", "ineligible_periods": "counted",
    "ties": "best",
}  # fmt: skip
STAFF: Final = {"staff": "甲"}


def _total(
    folder: Any, name: str, value: Value, item: Mapping[str, object], records: Mapping[str, object], *, full: str = "10", **more: Any
) -> str:
    """The month's total of one member of staff: a part with full marks and one item."""
    stated = {key: one for key, one in {**USUAL, name: value}.items() if one is not None}
    part = {"full": full, "items": [{"id": "item", **item}]}
    scheme = {"scores": "staff", "period": "month", "parts": {"part": part}, "max": "none", **more.pop("scheme", {})}
    book = _book(stated, folder, events=EVENTS, schemes={"month": scheme}, **more)
    try:
        card = score(book, "month", {"staff": [STAFF], "events": [], "cases": [], **records}, subject="甲", period="2026-11")
    except ConventionError:
        return "报错"
    return _between(card.low, card.high)


def _late(*rows: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"kind": "late", "staff": "甲", "on": "2026-11-03", **row} for row in rows]


def _part_floor(folder: Any, value: Value) -> str:
    return _total(
        folder,
        "part_floor",
        value,
        {"for": "late", "points": "-1"},
        {"events": _late(*({"on": f"2026-11-{day:02}"} for day in range(2, 14)))},
    )


def _part_overflow(folder: Any, value: Value) -> str:
    praised = [{"kind": "praised", "staff": "甲", "on": f"2026-11-0{day}"} for day in (3, 4, 5)]
    return _total(folder, "part_overflow", value, {"for": "praised", "points": "1"}, {"events": praised})


def _same_occurrence(folder: Any, value: Value) -> str:
    rude = [
        {"kind": "rude", "staff": "甲", "on": "2026-11-03", "assessor": who, "assessed": marks} for who, marks in (("子", -2), ("丑", -4))
    ]
    return _total(folder, "same_occurrence", value, {"for": "rude", "points": "discretion(-5, -1)"}, {"events": rude})


def _same_day_order(folder: Any, value: Value) -> str:
    item = {"for": "late", "points": "-1 if nth == 1 else -minutes / 10"}
    return _total(folder, "same_day_order", value, item, {"events": _late({"minutes": 10}, {"minutes": 30})})


def _part_served(folder: Any, value: Value) -> str:
    staff = [{"staff": "甲", "from": "2026-11-16"}]
    return _total(
        folder, "part_served", value, {"for": "late", "points": "-1"}, {"staff": staff, "events": _late({"on": "2026-11-17"})}, full="42"
    )


def _cleared_signals(folder: Any, value: Value) -> str:
    clock = {
        "about": "cases",
        "starts": "received_on",
        "stops": "closed_on",
        "limit": "5 工作日",
        "alarms": [{"signal": "yellow", "before": "1 工作日"}],
    }
    cases = [{"case": "C1", "staff": "甲", "received_on": "2026-11-02", "closed_on": "2026-11-09"}]
    stated = {key: one for key, one in {**STATED, **USUAL, "cleared_signals": value}.items() if one is not None}
    part = {"full": "10", "items": [{"id": "yellow", "for": "reply.yellow", "points": "-1"}]}
    scheme = {"scores": "staff", "period": "month", "parts": {"part": part}}
    book = _book(stated, folder, clocks={"reply": clock}, schemes={"month": scheme})
    try:
        card = score(book, "month", {"staff": [STAFF], "cases": cases}, subject="甲", period="2026-11", now=date(2026, 11, 30))
    except ConventionError:
        return "报错"
    return _between(card.low, card.high)


QUARTER: Final = {"scores": "staff", "period": "quarter", "total": "mean(month)", "max": "none"}


def _quarter(folder: Any, name: str, value: Value, staff: list[dict[str, object]], month: Mapping[str, object], late: int) -> str:
    stated = {key: one for key, one in {**USUAL, name: value}.items() if one is not None}
    scheme = {"scores": "staff", "period": "month", "total": "100 - 10 * count(late)", "max": "none", **month}
    book = _book(
        stated, folder, events=EVENTS, schemes={"month": scheme, "quarter": QUARTER},
        tables={"staff": {"months_served": {"type": "integer", "label": "任职月数"}}},
    )  # fmt: skip
    try:
        card = score(
            book, "quarter", {"staff": staff, "events": _late(*({},) * late)}, subject="甲", period="2026-Q4", now=date(2026, 12, 31)
        )
    except ConventionError:
        return "报错"
    return _between(card.low, card.high)


def _unserved_periods(folder: Any, value: Value) -> str:
    return _quarter(folder, "unserved_periods", value, [{"staff": "甲", "from": "2026-11-01"}], {}, late=2)


def _ineligible_periods(folder: Any, value: Value) -> str:
    staff = [{"staff": "甲", "period": f"2026-{month}", "months_served": month - 5} for month in (10, 11, 12)]
    return _quarter(folder, "ineligible_periods", value, staff, {"eligible": "months_served >= 6"}, late=3)


def _rounding(folder: Any, value: Value) -> str:
    return _total_of_minutes(folder, {"rounding": {"mode": value, "digits": "2", "at": "end"}} if value is not None else {})


def _total_of_minutes(folder: Any, stated: Mapping[str, object]) -> str:
    book = _book(
        {**USUAL, **stated}, folder, events=EVENTS,
        schemes={"month": {"scores": "staff", "period": "month", "total": "sum(late, minutes) / 1000", "max": "none"}},
    )  # fmt: skip
    try:
        card = score(book, "month", {"staff": [STAFF], "events": _late({"minutes": 2345})}, subject="甲", period="2026-11")
    except ConventionError:
        return "报错"
    return str(card.total)


def _at(folder: Any, value: Value) -> str:
    book = _book(
        {**USUAL, **({"rounding": {"mode": "half_up", "digits": "0", "at": value}} if value is not None else {})}, folder, events=EVENTS,
        schemes={"month": {"scores": "staff", "period": "month", "total": "sum(late, minutes) / 10", "max": "none"}, "quarter": QUARTER},
    )  # fmt: skip
    events = [
        {"kind": "late", "staff": "甲", "on": f"2026-{month}-03", "minutes": minutes} for month, minutes in ((10, 6), (11, 6), (12, 0))
    ]
    card = score(book, "quarter", {"staff": [STAFF], "events": events}, subject="甲", period="2026-Q4", now=date(2026, 12, 31))
    return str(card.total)


def _ties(folder: Any, value: Value) -> str:
    stated = {key: one for key, one in {**USUAL, "ties": value}.items() if one is not None}
    book = _book(
        stated, folder, events=EVENTS,
        schemes={"month": {"scores": "staff", "period": "month", "total": "100 - count(late)", "rank": {"by": ["total"]}}},
        decisions={"star": {"about": "month", "hit": "first", "rules": [{"when": "rank <= 1", "then": "有"}, {"then": "无"}]}},
    )  # fmt: skip
    staff = [{"staff": name} for name in "甲乙丙"]
    late = [{"kind": "late", "staff": name, "on": "2026-11-03"} for name in "甲乙丙"] + [
        {"kind": "late", "staff": "丙", "on": "2026-11-04"}
    ]
    try:
        graded = grade(book, "star", {"staff": staff, "events": late}, period="2026-11")
    except ConventionError:
        return "报错"
    ranks = {each.subject: _between(each.rank_low, each.rank_high) for each in graded}
    return "、".join(f"{name} {ranks[name]}" for name in "甲乙丙")


CHOSEN: Final[Mapping[str, Callable[[Any, Value], str]]] = {
    "first_day": _first_day, "roll": _roll, "rest_day_same_day": _rest_day_same_day, "bare_day": _bare_day, "ends": _ends,
    "pause_needs_notice": _pause_needs_notice, "pause_days": _pause_days, "extension_from": _extension_from, "makeup_hours": _makeup_hours,
    "rest_day_hours": _rest_day_hours, "percent_alarms": _percent_alarms, "cleared_signals": _cleared_signals, "part_floor": _part_floor,
    "part_overflow": _part_overflow, "same_occurrence": _same_occurrence, "unserved_periods": _unserved_periods,
    "same_day_order": _same_day_order, "part_served": _part_served, "ineligible_periods": _ineligible_periods, "ties": _ties,
    "rounding.mode": _rounding, "rounding.at": _at,
}  # fmt: skip
