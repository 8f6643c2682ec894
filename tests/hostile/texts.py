"""Odd texts for everything that reads a text: what is read is written out and read back alike, or refused in words."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from govservice import OfficeHours, TimeLimit, china, deadline, load_rulebook
from govservice.assessment.periods import read_period
from govservice.deadlines import Deadline
from govservice.errors import GovServiceError
from govservice.models import Application, Case, Event, Item
from govservice.models.choices import CodedLabel
from govservice.reading import (
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_integer,
    read_limit,
    read_list,
    read_moment,
    read_text,
)

from . import odd
from .spoken import broken_error, broken_result, foreign

__all__ = ["broken_by", "spoilt"]

_DAY: Final = date(2026, 2, 13)
_CHOICES: Final = {choice.label: choice for choice in (CodedLabel("已带", 1), CodedLabel("缺少", 2), CodedLabel("其他", 99))}


def _same(read: Callable[[Any], Any], write: Callable[[Any], str] = str) -> Callable[[str], str | None]:
    def tried(text: str) -> str | None:
        value = read(text)
        if value is None:
            return None
        again = read(write(value))
        return None if again == value else f"{write(value)!a} reads as {again!a}"

    return tried


def _only(read: Callable[[str], Any]) -> Callable[[str], str | None]:
    def tried(text: str) -> None:
        read(text)

    return tried


def _limit(text: str) -> str | None:
    limit = TimeLimit.parse(text, day="workday")
    return None if TimeLimit.parse(limit.text("zh"), day="workday") == limit else f"{limit.text('zh')!a} reads otherwise"


def _deadline(text: str) -> str | None:
    due = deadline(text, _DAY, first_day="excluded", roll="forward", ends="day", rest_day_same_day="next", calendar=china())
    due.explain("zh")
    return broken_result(due)


def _deadline_of_hours(text: str) -> str | None:
    due = deadline("10小时", datetime(2026, 2, 13, 9, 30), hours=text, makeup_hours="weekday", rest_day_hours="not")
    return broken_result(due)


def _start(text: str) -> str | None:
    return broken_result(deadline("5个工作日", text, first_day="excluded", ends="day"))


def _record(model: Any) -> Callable[[str], str | None]:
    def tried(text: str) -> str | None:
        for fact in ("case", "item", "application", "applicant_code", "received_on", "promised_limit", "kind", "on", "promised_days"):
            if fact in model.model_fields:
                try:
                    record = model.read({fact: text})
                except GovServiceError as error:
                    if (broken := broken_error(error)) is not None:
                        return broken
                    continue
                record.facts()
                for warning in record.warnings():
                    str(warning)
        return None

    return tried


@cache
def _readers() -> tuple[tuple[str, Callable[[str], str | None]], ...]:
    calendar = china()
    return (
        ("read_boolean", _same(read_boolean)), ("read_date", _same(read_date)), ("read_decimal", _same(read_decimal)), ("read_integer", _same(read_integer)),
        ("read_limit", _same(read_limit, lambda limit: limit.text("zh"))), ("read_list", _only(read_list)), ("read_moment", _same(read_moment, lambda at: at.isoformat())),
        ("read_text", _same(read_text)), ("read_choice", _only(lambda text: read_choice(text, _CHOICES))), ("read_period", _same(read_period)), ("TimeLimit.parse", _limit), ("OfficeHours", _same(OfficeHours)),
        ("deadline", _deadline), ("deadline of hours", _deadline_of_hours), ("deadline from", _start), ("calendar.day", _only(lambda text: str(calendar.day(text)))),
        ("from_json", _only(Deadline.from_json)), ("load_rulebook", _only(load_rulebook)),
        *((f"{model.__name__}.read", _record(model)) for model in (Application, Case, Event, Item)),
    )  # fmt: skip


def spoilt(chance: random.Random) -> str:
    """What people write for days, limits, hours and the rest, after up to three slips."""
    return odd.text(chance)


def broken_by(text: str, chance: random.Random) -> str | None:
    """What a text breaks, read by one reader: None where it is read and reads back alike, or is refused in words."""
    name, read = chance.choice(_readers())
    try:
        broken = read(text)
    except GovServiceError as error:
        broken = broken_error(error)
    except Exception as error:
        broken = foreign(error)
    return None if broken is None else f"{name}: {broken}"
