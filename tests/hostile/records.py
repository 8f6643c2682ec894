"""Rows of records as no program should hand them over: every verb answers, or refuses in words; rows in are rows used and rows set aside."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from govservice import classify, clocks, grade, load_rulebook, score
from govservice.deadlines import case_outcomes
from govservice.errors import GovServiceError
from govservice.notices import owed, undecided_notices
from govservice.rules import Rulebook
from govservice.run import run
from govservice.scoring import measure

from . import odd
from .spoken import broken_error, broken_result, foreign

__all__ = ["Asked", "accounted", "broken_by", "spoilt"]

_HOME: Final = Path(__file__).resolve().parents[2]
_BOOKS: Final = (
    "kunshan",
    "licensing-law",
    "tests/books/good/clocks",
    "tests/books/good/rows",
    "tests/books/good/supervision",
    "tests/books/good/values",
    "tests/books/good/every-section",
    "foshan",
)
_PERIODS: Final = (
    "2026-10",
    "2026-03",
    "2026-Q1",
    "2026",
    "2026-H1",
    "2026-B2",
    ("2026-03-01", "2026-03-31"),
    "ever",
    "2026年3月",
    "0001-01",
    "9999-12",
    ("2026-03-31", "2026-03-01"),
    "2026-W5",
)
_DAYS: Final = (None, date(2026, 3, 2), "2026-03-09", date(2026, 11, 20), date.max, date.min, "2026-03-09 09:30", "9999-12-31")
_COURSE: Final = {
    "pauses": ("kind", "from", "to", "told", "case", "table", "row", "办件", "中止事由"),
    "extensions": ("clock", "asked_on", "granted", "by", "limit", "case", "table", "row"),
    "stages": ("stage", "stage_limit", "begun_on", "finished_on", "case"),
}  # fmt: skip
_KINDS: Final = (
    "hearing",
    "expert_review",
    "听证",
    "promised",
    "reply",
    "late",
    "untidy",
    "absent",
    "fine",
    "mark",
    "迟到",
    "x",
    "",
    None,
    1,
)
_BY_NAME: Final[Mapping[str, Callable[[random.Random], Any]]] = {
    "kind": lambda chance: chance.choice(_KINDS), "clock": lambda chance: chance.choice(_KINDS), "told": lambda chance: chance.choice((True, False, "是", None, "x")),
    "granted": lambda chance: chance.choice((True, "否", None)), "case": lambda chance: chance.choice(("C1", "C2", "c-1", "", None, 1)), "limit": lambda chance: chance.choice(("5个工作日", "x", None, "0个工作日")),
}  # fmt: skip


class Asked(NamedTuple):
    """One call: a verb, a book, and what is handed over."""

    verb: str
    book: str
    tables: dict[str, list[Any]]
    on: Any
    now: Any
    period: Any
    lang: Any
    name: int


@cache
def _book(name: str) -> Rulebook:
    return load_rulebook(_HOME / f"{name}.yaml" if "/" in name else name)


@cache
def _facts(name: str, table: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """What the rows of a table may carry: names and labels, the type of each, and the choices."""
    listed = [fact for path, fact in _book(name).facts.items() if path.startswith(f"{table}.")]
    return tuple((key, fact.type, (*fact.choices, *fact.choices.values())) for fact in listed for key in (fact.id, fact.label or fact.id))


def _plausible(kind: str, choices: tuple[str, ...], chance: random.Random) -> Any:
    match kind:
        case "choice" if choices:
            return chance.choice(choices)
        case "boolean":
            return chance.choice((True, False, "是", "否", "Y", 1, "0.0"))
        case "integer" | "decimal":
            return chance.choice((0, 1, 5, "12", "3.0", 30, 1.0, "1,000"))
        case "date" | "moment":
            return chance.choice(("2026-03-02", date(2026, 3, 20), "2026-03-31 16:30", "2026年10月12日", date(2026, 10, 12), "", None))
        case "limit":
            return chance.choice(("5个工作日", "30 自然日", "24小时", "当天", "1个月", None))
        case _:
            return chance.choice(("x", "甲；乙", ["章程"], "C1", "W1", "S1", ""))


def _row(asked_of: tuple[str, str], chance: random.Random) -> Any:
    name, table = asked_of
    if chance.random() < 0.01:
        return chance.choice(odd.ODD)()
    row: dict[Any, Any] = {}
    known = _facts(name, table)
    for _ in range(chance.choice((0, 1, 2, 3, 5, 8))):
        if known and chance.random() < 0.95:
            key, kind, choices = chance.choice(known)
            row[key] = _plausible(kind, choices, chance) if chance.random() < 0.75 else odd.value(chance)
        else:
            row[chance.choice((odd.text(chance), 1, None, ("a",), "case ", "", "\ud800", "Case", "pause", "中止天数"))] = odd.value(chance)
    if table == "cases" and chance.random() < 0.8:
        row |= {"received_on": "2026-03-02", "accepted_on": date(2026, 3, 2)} | ({"promised_days": 5} if chance.random() < 0.5 else {})
    return row


def _course(table: str, chance: random.Random) -> Any:
    names = _COURSE[table]
    drawn = {
        name: _BY_NAME[name](chance) if name in _BY_NAME and chance.random() < 0.8 else odd.value(chance)
        for name in chance.sample(names, chance.randint(1, len(names)))
    }
    if chance.random() < 0.6:
        drawn |= {"from": "2026-03-05", "to": "2026-03-20"} if table == "pauses" else {}
    return drawn if chance.random() < 0.97 else chance.choice(odd.ODD)()


def _case(name: str, chance: random.Random) -> Any:
    case = _row((name, "cases"), chance)
    if not isinstance(case, dict):
        return case
    for table in _COURSE:
        if chance.random() < 0.25:
            rows = [_course(table, chance) for _ in range(chance.choice((0, 1, 1, 2, 3)))]
            case[table] = rows if chance.random() < 0.95 else chance.choice((rows[:1], tuple(rows), {"x": rows}, "x", None, 5))
    if chance.random() < 0.8:
        case["case"] = f"C{chance.randrange(3)}"
    return case


def spoilt(chance: random.Random) -> Asked:
    """A call of one verb with rows that slips, other programs and malice have been at."""
    name = chance.choice(_BOOKS)
    verb = chance.choice(
        ("classify", "clocks", "clocks", "case_outcomes", "decide", "decide", "owed", "score", "grade", "measure", "run", "run")
    )
    tables: dict[str, list[Any]] = {
        "cases": [_case(name, chance) for _ in range(chance.choice((0, 1, 2, 3)) if verb in ("score", "grade", "measure", "run") else 1)]
    }
    if verb in ("score", "grade", "measure"):
        for table in ("window", "staff", "department"):
            tables |= {table: [_owner(name, table, chance) for _ in range(chance.randrange(3))]} if chance.random() < 0.7 else {}
        tables["events"] = [_event(name, chance) for _ in range(chance.choice((0, 1, 3, 6)))]
    elif verb == "run":
        for table in ("items", "applications", *_COURSE):
            if chance.random() < 0.3:
                rows = [
                    _course(table, chance) if table in _COURSE else _row((name, table.rstrip("s")), chance)
                    for _ in range(chance.randrange(3))
                ]
                tables[table] = [
                    row | {table.rstrip("s"): f"{table[0]}{chance.randrange(2)}"}
                    if isinstance(row, dict) and chance.random() < 0.7
                    else row
                    for row in rows
                ]
    return Asked(
        verb,
        name,
        tables,
        chance.choice(_DAYS),
        chance.choice(_DAYS),
        chance.choice(_PERIODS),
        chance.choice(("en", "zh")),
        chance.randrange(1_000),
    )


def _owner(name: str, table: str, chance: random.Random) -> Any:
    row = _row((name, table), chance)
    return row | {table: f"{table[0].upper()}{chance.randrange(2)}"} if isinstance(row, dict) and chance.random() < 0.8 else row


def _event(name: str, chance: random.Random) -> Any:
    kinds = [path.partition(".")[0] for path in _book(name).facts if path.partition(".")[0] in _book(name).contents.events] or ["late"]
    row = _row((name, "events"), chance)
    if isinstance(row, dict):
        row |= {"kind": chance.choice((*kinds, *_KINDS)), "on": chance.choice(("2026-03-10", date(2026, 10, 12), odd.value(chance)))}
        row |= {chance.choice(("staff", "window", "department")): chance.choice(("S0", "S1", "W0", "W1", "D0"))}
        for key, kind, choices in _facts(name, str(row["kind"])):
            if chance.random() < 0.4:
                row[key] = _plausible(kind, choices, chance) if chance.random() < 0.8 else odd.value(chance)
    return row


def _chosen(names: Mapping[str, Any], number: int) -> str:
    ids = tuple(names)
    return ids[number % len(ids)] if ids else "x"


def _answers(asked: Asked) -> list[Any]:
    book = _book(asked.book)
    case = asked.tables["cases"][0] if asked.tables["cases"] else {}
    common = {"period": asked.period, "now": asked.now}
    match asked.verb:
        case "classify":
            return [classify(case, book, on=asked.on, as_of=asked.now)]
        case "clocks":
            return clocks(case, book, on=asked.on, now=asked.now)
        case "case_outcomes":
            return list(case_outcomes(case, book, on=asked.on, now=asked.now).values())
        case "decide":
            return [book.decide(_chosen(book.decisions, asked.name), case, on=asked.on)]
        case "owed":
            subject = book.subject("cases", case, on=asked.on)
            undecided_notices(subject)
            return [*owed(subject)]
        case "score":
            return score(book, _chosen(book.schemes, asked.name), asked.tables, **common)
        case "grade":
            return grade(book, _chosen(book.decisions, asked.name), asked.tables, **common)
        case "measure":
            return [
                measure(book, _chosen(book.contents.measures, asked.name), asked.tables, subject=("S1", "W1")[asked.name % 2], **common)
            ]
        case _:
            return [run(book, asked.tables, on=asked.on, now=asked.now, lang=asked.lang)]


def broken_by(asked: Asked) -> str | None:
    """What a call breaks: None where it answers with results that hold, or refuses in words."""
    try:
        answers = _answers(asked)
        broken = next((said for answer in answers[:6] if (said := broken_result(answer)) is not None), None)
        if broken is None and asked.verb == "run":
            broken = _lost(answers[0], asked)
    except GovServiceError as error:
        broken = broken_error(error)
    except Exception as error:
        broken = foreign(error)
    return None if broken is None else f"{asked.verb}: {broken}"


def _lost(done: Any, asked: Asked) -> str | None:
    given = {table: len(rows) for table, rows in asked.tables.items() if table not in done.not_read}
    lost = {table: count for table, count in given.items() if count != accounted(done, table)}
    done.summary(asked.lang)
    return f"rows lost: {sorted(lost)}" if lost else None


def accounted(done: Any, table: str) -> int:
    """The rows of a table that a run used or set aside."""
    aside = sum(1 for row in done.set_aside if row.table == table)
    results = {"items": done.items, "applications": done.applications, "cases": done.cases}.get(table)
    return aside + len(results) if results is not None else sum(each["in"] for each in done.summary("en")["rows"] if each["table"] == table)
