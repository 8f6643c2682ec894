"""Everything that an answer says beside its figures: notes, what is open, unpriced, unused, set aside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from govservice import GovServiceError, Rulebook, classify, clocks, grade, score
from govservice.deadlines import case_outcomes
from govservice.errors import Words
from govservice.records import read_records
from govservice.run import run

from .answers import folder_of
from .books import Book
from .records import Rows

BESIDE = frozenset(
    {"notes", "open", "unpriced", "unverified", "unused", "undecided", "needs", "set_aside", "unread", "not_read", "unheard", "missing"}
)


def answered(book: Book, rules: Rulebook, rows: Rows, now: date | None) -> Any:
    """The library's own answer; its refusal where it refuses."""
    try:
        return _answered(book, rules, rows, now)
    except GovServiceError as error:
        return error


def _answered(book: Book, rules: Rulebook, rows: Rows, now: date | None) -> Any:
    match book.verb:
        case "decide":
            return rules.decide(book.asks, rows["application"][0])
        case "classify":
            return classify(rows["application"][0], rules)
        case "score":
            return score(rules, book.asks, rows, period=book.period, now=now)
        case "grade":
            return grade(rules, book.asks, rows, period=book.period, now=now)
        case "clocks" | "outcomes":
            beside = {table: given for table, given in rows.items() if table != "cases"}
            verb = clocks if book.verb == "clocks" else case_outcomes
            return verb(rows["cases"][0], rules, now=now, records=beside)
        case _:
            return run(rules, read_records(folder_of(rows), book=rules), now=now)


def said(answer: Any) -> tuple[str, ...]:
    """What stands beside the figures, as texts."""
    return tuple(_texts(answer, beside=False))


def _texts(of: Any, *, beside: bool) -> Iterator[str]:
    if isinstance(of, Words):
        if beside:
            yield of.en
    elif isinstance(of, Mapping):
        if beside:
            yield json.dumps({str(key): str(value) for key, value in of.items()}, ensure_ascii=False, sort_keys=True)
        else:
            for value in of.values():
                yield from _texts(value, beside=False)
    elif isinstance(of, str):
        if beside:
            yield of
    elif is_dataclass(of) and not isinstance(of, type):
        if beside:
            yield repr(of)
        for one in fields(of):
            if one.name not in ("deadline", "outcome", "facts", "labels"):
                yield from _texts(getattr(of, one.name), beside=beside or one.name in BESIDE)
    elif isinstance(of, Iterable) and not isinstance(of, (bytes, str)):
        for value in of:
            yield from _texts(value, beside=beside)
