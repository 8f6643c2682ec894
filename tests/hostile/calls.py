"""Every public callable with odd values in its arguments: an answer, or an error of the library's own."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from govservice import OfficeHours, TimeLimit, WorkCalendar, china, classify, clocks, deadline, grade, load_rulebook, score
from govservice.deadlines import case_outcomes, deadlines_to_ics, recompute
from govservice.errors import GovServiceError
from govservice.examples import failed_examples
from govservice.models import Application, Case, Event, Item, Material, Notice, Staff, Window
from govservice.notices import NoticeOwed, owed, undecided_notices
from govservice.papers import papers
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
from govservice.records import read_records
from govservice.run import run
from govservice.scoring import read_ledger

from . import odd
from .spoken import broken_error, foreign

__all__ = ["TARGETS", "Broken", "tried"]


@dataclass(frozen=True)
class Target:
    """One callable with arguments that it takes."""

    name: str
    call: Callable[..., Any]
    good: Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Broken:
    """What a callable made of odd arguments: an error that is none of the library's."""

    target: str
    error: str
    text: str
    arguments: str


def _case() -> dict[str, Any]:
    return {
        "case": "C1", "case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日",
        "received_on": date(2026, 2, 13), "accepted_on": date(2026, 2, 13), "formal": True, "pauses": [], "closed_on": date(2026, 2, 20),
    }  # fmt: skip


def _records() -> dict[str, Any]:
    return {"events": [{"kind": "untidy", "on": date(2026, 10, 12), "window": "W1"}], "cases": [], "window": [{"window": "W1"}]}


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    (folder / "cases.csv").write_text("case,received_on,accepted_on,promised_days\nC1,2026-03-02,2026-03-02,5\n", encoding="utf-8")
    return folder


def _results() -> Mapping[str, Any]:
    """One of each kind of result, by the name of its class."""
    book = load_rulebook("kunshan")
    records = _records() | {"staff": [{"staff": "S1"}]}
    reading = next(reading for reading in clocks(_case(), book, on=date(2026, 2, 13), now=date(2026, 2, 16)) if reading.clock == "promised")
    done = classify({"formal": True, "main_document": "lacking"}, book, on=date(2026, 11, 20))
    card = score(book, "window_month", records, subject="W1", period="2026-10")
    late = {"events": [{"kind": "late", "staff": "S2", "on": date(2026, 10, 12)}]}
    made = [
        deadline("5个工作日", date(2026, 2, 12), china()), reading, done, next(iter(done.decisions.values())), card, china().day(date(2026, 2, 14)),
        grade(book, "month_bonus", late, period="2026-10")[0], *card.lines[:1],
    ]  # fmt: skip
    return {type(result).__name__: result for result in made}


def _season(part: str, value: Any) -> dict[Any, Any]:
    try:
        return {value: "09:00-12:00"} if part == "days" else {"01-01..12-31": value}
    except TypeError:  # no key of anything
        return {"01-01..12-31": value}


def _subject() -> Any:
    return odd.book().subject("cases", {"formal": True}, on=date(2026, 11, 20))


def _notice() -> NoticeOwed:
    case = {"case": "C1", "case_type": "returned", "window": "W1", "received_on": date(2026, 10, 12)}
    return papers("kunshan", {"cases": [case]}, kinds="returned_notice").owed[0]


def _targets() -> Iterator[Target]:
    book, calendar, hours, limit = load_rulebook("kunshan"), china(), OfficeHours("08:30-12:00 13:30-17:00"), TimeLimit(5, "workday")
    day, moment, on = date(2026, 2, 13), datetime(2026, 2, 13, 9, 30), date(2026, 11, 20)

    def target(name: str, call: Callable[..., Any], /, **good: Any) -> Target:
        return Target(name, call, lambda: {key: value() if callable(value) and key in _MADE else value for key, value in good.items()})

    yield target("china", china, known_on=day, notices=(), strict=False)
    yield target("WorkCalendar.of", WorkCalendar.of, country="US", subdiv="MA", tz="America/New_York")
    yield target("WorkCalendar.from_dict", WorkCalendar.from_dict, values=calendar.to_dict())
    for name in ("is_workday", "day", "is_official", "next_workday", "previous_workday"):
        yield target(f"calendar.{name}", getattr(calendar, name), day=day)
    yield target("calendar.add_workdays", calendar.add_workdays, day=day, n=5)
    yield target("calendar.workdays_between", calendar.workdays_between, a=day, b=on)
    yield target("calendar.days", lambda first, last: list(calendar.days(first, last)), first=day, last=on)
    yield target("calendar.workdays", calendar.workdays, first=day, last=on)
    yield target("calendar.amend", calendar.amend, rest_days=[day], makeup_workdays=[], source="x", name=None)
    yield target("calendar.month", lambda year, month: calendar.month(year, month).to_text(), year=2026, month=2)
    yield target("calendar.year", lambda year: calendar.year(year).to_text(), year=2026)
    yield target("calendar.to_ics", calendar.to_ics, first=2026, last=None)
    yield target("OfficeHours", OfficeHours, text="08:30-12:00", makeup="weekend")
    yield target("OfficeHours of seasons", OfficeHours, text=[{"05-01..09-30": "08:30-12:00"}, {"otherwise": "09:00-12:00"}])
    for part in ("days", "hours"):
        yield target(f"OfficeHours {part} of a season", lambda value, part=part: OfficeHours([_season(part, value)]), value="09:00-12:00")
    yield target("hours.in_season", OfficeHours("05-01..09-30 08:30-12:00 | otherwise 09:00-12:00").in_season, day=day)
    for name in ("spans", "closing", "minutes"):
        yield target(f"hours.{name}", getattr(hours, name), day=day, calendar=calendar)
    for name in ("is_open", "next_opening"):
        yield target(f"hours.{name}", getattr(hours, name), moment=moment, calendar=calendar)
    yield target("hours.opens", hours.opens, weekday=1)
    yield target("hours.names", hours.names, weekday=1)
    yield target("TimeLimit", TimeLimit, value=5, unit="workday")
    yield target("TimeLimit.parse", TimeLimit.parse, text="5个工作日", day=None)
    yield target("TimeLimit.from_codes", TimeLimit.from_codes, value="5", unit_code="1", table=None)
    yield target("limit.text", limit.text, lang="zh")
    options = {"first_day": "excluded", "roll": "forward", "ends": "day", "rest_day_same_day": None}
    yield target(
        "deadline",
        deadline,
        limit="5个工作日",
        start=day,
        calendar=None,
        hours="08:30-17:00",
        pauses=[(day, day)],
        extensions=["1个工作日"],
        **options,
        pause_days="both",
        extension_from="due",
        makeup_hours="weekend",
        rest_day_hours="not",
    )
    yield target("deadline counted back", deadline, limit="5个工作日", start=day, calendar=None, hours="08:30-17:00", backward=True)
    yield target(
        "deadline of hours", deadline, limit="24小时", start=moment, calendar=None, hours=None, pauses=[], extensions=[], **options
    )
    yield target("clocks", clocks, case=_case, book=book, on=day, now=on, calendar=None, records={"pauses": []}, only=["promised"])
    yield target("case_outcomes", case_outcomes, case=_case, book=book, on=day, now=on, calendar=None, records={"pauses": []})
    yield target("recompute", recompute, deadlines=[deadline("5个工作日", day, calendar)], calendar=calendar)
    yield target(
        "deadlines_to_ics",
        deadlines_to_ics,
        deadlines=[("A", deadline("5个工作日", day, calendar))],
        lang="zh",
        reminder=timedelta(1),
        name="x",
    )
    yield target("classify", classify, application=_case, book=book, on=on, as_of=on, calendar=None, issued=(), records={"pauses": []})
    yield target("owed", owed, subject=_subject, issued=())
    yield target("undecided_notices", undecided_notices, subject=_subject)
    asked = {"kinds": "instant_register", "about": "W1", "period": "2026-10", "now": on, "calendar": None}
    yield target("papers", papers, book=book, records=_records, **asked, issued=(), issued_on=day, serial=1)
    yield target("notice.to_text", _notice().to_text, number="1", issued_on=day, blanks=True)
    yield target("notice.to_html", _notice().to_html, number="1", issued_on=day, blanks=True, lang="zh")
    yield target("score", score, book=book, scheme="window_month", records=_records, subject="W1", period="2026-10", now=on, calendar=None)
    yield target("grade", grade, book=book, decision="month_bonus", records=_records, period="2026-10", now=on, calendar=None)
    yield target("read_ledger", read_ledger, book=book, records=_records)
    yield target("load_rulebook", load_rulebook, source="kunshan", settings={"few_attachments": 2}, lang="en")
    yield target("book.decide", book.decide, decision="case_type", facts=_case, on=on, as_of=on, calendar=None)
    yield target("failed_examples", failed_examples, book=book)
    yield target("book.on", book.on, day=on)
    yield target("book.amend", book.amend, changes={"decisions.case_type.label": "x"})
    for path in (
        "decisions.case_type.label",
        "decisions.case_type.rules",
        "settings.few_attachments.value",
        "schemes.window_month.parts",
        "decisions.x",
        "sources",
    ):
        yield target(f"book.amend {path}", lambda value, path=path: book.amend({path: value}), value="x")
    yield target("book.given", book.given, settings={"few_attachments": 2})
    yield target("given few_attachments", lambda value: book.given({"few_attachments": value}), value=2)
    yield target(
        "read_records", lambda **given: list(read_records(**given).rows("cases")), folder=_folder(), book=book, mapping=None, progress=None
    )
    yield target("run", run, book=book, records=_reading, on=on, accepted_on=day, now=on, calendar=None, lang="en", progress=None)
    yield target(
        "run.write",
        lambda **given: run(book, read_records(_folder(), book=book), on=on).write(**given),
        folder=_folder() / "out",
        force=True,
        lang="en",
    )
    yield target("run.summary", lambda lang: run(book, read_records(_folder(), book=book), on=on).summary(lang), lang="en")
    for model, facts in _MODELS.items():
        yield target(f"{model.__name__}.read", model.read, facts=facts, file=None, line=None)
        for fact in model.model_fields:
            yield target(f"{model.__name__}.{fact}", lambda value, model=model, fact=fact: model.read({fact: value}).facts(), value=None)
    for read in (read_boolean, read_date, read_decimal, read_integer, read_limit, read_list, read_moment, read_text):
        yield target(read.__name__, read, value="1")
    yield target("read_choice", lambda value: read_choice(value, {}), value="x")
    for fact in (
        "received_on",
        "promised_limit",
        "promised_days",
        "formal",
        "case",
        "pauses",
        "extensions",
        "materials_lacking",
        "due_on",
        "closed_at",
    ):
        yield target(f"clocks of {fact}", lambda value, fact=fact: clocks({**_case(), fact: value}, book, on=day, now=on), value=None)
        yield target(f"classify of {fact}", lambda value, fact=fact: classify({**_case(), fact: value}, book, on=on), value=None)
        yield target(
            f"score of {fact}",
            lambda value, fact=fact: score(
                book, "window_month", {**_records(), "cases": [{**_case(), "window": "W1", fact: value}]}, period="2026-10"
            ),
            value=None,
        )
    for key in ("kind", "on", "window", "staff", "half_days", "id"):
        yield target(
            f"score of an event's {key}",
            lambda value, key=key: score(
                book,
                "window_month",
                {**_records(), "events": [{"kind": "untidy", "on": date(2026, 10, 12), "window": "W1", key: value}]},
                period="2026-10",
            ),
            value=None,
        )
    for name, result in _results().items():
        yield target(f"{name}.from_dict", type(result).from_dict, written=result.to_dict())
        for key in result.to_dict():
            plain = result.to_dict()
            yield target(
                f"{name}.from_dict {key}",
                lambda value, kind=type(result), key=key, plain=plain: kind.from_dict({**plain, key: value}),
                value=plain[key],
            )
        for method in ("explain", "to_html", "to_text"):
            if hasattr(result, method):
                yield target(f"{name}.{method}", getattr(result, method), lang="en")


_MADE = frozenset({"case", "application", "subject", "records", "facts"})
_MODELS: Mapping[type, Mapping[str, Any]] = {
    Application: {"applicant_name": "甲"}, Case: {"case": "C1"}, Event: {"kind": "late", "on": "2026-10-12"}, Item: {"item": "A"},
    Material: {"material": "x"}, Notice: {"notice": "x"}, Staff: {"staff": "S1"}, Window: {"window": "W1"},
}  # fmt: skip


def _reading() -> Any:
    return read_records(_folder(), book=odd.book())


TARGETS: tuple[Target, ...] = tuple(_targets())
_SLOW = (
    "book.amend",
    "run",
    "run.",
    "load_rulebook",
    "book.given",
    "failed_examples",
    "WorkCalendar.of",
    "calendar.to_ics",
    "read_records",
)
_QUICK: tuple[Target, ...] = tuple(target for target in TARGETS if not target.name.startswith(_SLOW))


def tried(chance: random.Random, target: Target | None = None) -> Broken | None:
    """One call with one or two odd arguments; what it broke, if it did. Calls that take long are drawn seldom."""
    target = target or chance.choice(TARGETS if chance.random() < 0.05 else _QUICK)
    given = target.good()
    places = chance.sample(sorted(given), min(len(given), chance.choice((1, 1, 1, 2))))
    numbers: dict[str, int | str] = {
        place: chance.randrange(len(odd.ODD)) if chance.random() < 0.7 else odd.text(chance) for place in places
    }
    given |= {place: odd.ODD[drawn]() if isinstance(drawn, int) else drawn for place, drawn in numbers.items()}
    try:
        target.call(**given)
    except GovServiceError as error:
        broken = broken_error(error)
        return None if broken is None else Broken(target.name, broken, "", str(numbers)[:500])
    except Exception as error:
        return Broken(target.name, type(error).__name__, foreign(error), str(numbers)[:500])
    return None
