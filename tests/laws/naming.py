"""What an open answer waits for: each name a setting, a fact of the subject asked about, or a row's fact with its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from govservice import GovServiceError, Rulebook, clocks, grade, score
from govservice.rules.language.values import BY_NOTHING

from .answers import loaded
from .laws import Example, Violation, tree_without
from .records import Rows, without

_ROW = re.compile(r"[\w.]+:[\w.-]+\.\w+")  # the table, the row's number or the subject's id, the fact


def unnamed(one: Example) -> Violation | None:
    """A name that the caller cannot give; None where there is none.

    `ties` is one that a book may: stated as `report`, it leaves equals to be told apart.
    """
    rules = loaded(tree_without(one.book.tree, one.gone))
    rows = without(one.rows, one.gone)
    try:
        for subject, row, name in _needs(one, rules, rows):
            if not _can_be_given(name, subject, row, rules, rows, one.book.asks):
                return Violation("a name nobody can give", f"{subject} {_kind(name)}", f"{name!r}, row {row}")
    except GovServiceError:
        return None
    return None


def _kind(name: str) -> str:
    return re.sub(r"\d", "", name)


def _needs(one: Example, rules: Rulebook, rows: Rows) -> Iterator[tuple[str, Any, str]]:
    """Every name, with the table of the subject that waits for it and the row that the answer shows beside it."""
    book = one.book
    if book.verb == "score":
        scores = rules.contents.schemes[book.asks].scores
        for card in score(rules, book.asks, rows, period=book.period, now=one.now):
            yield from ((scores, item.row, name) for item in card.open for name in item.needs)
    elif book.verb == "grade":
        about = rules.contents.decisions[book.asks].about
        scores = rules.contents.schemes[about].scores if about in rules.contents.schemes else about
        for found in grade(rules, book.asks, rows, period=book.period, now=one.now):
            yield from ((scores, None, name) for name in found.undecided)
    else:
        beside = {table: given for table, given in rows.items() if table != "cases"}
        for reading in clocks(rows["cases"][0], rules, now=one.now, records=beside):
            alarms = (name for alarm in reading.alarms for name in alarm.undecided)
            yield from (("cases", None, name) for name in (*reading.undecided, *alarms))


def _can_be_given(name: str, subject: str, row: Any, rules: Rulebook, rows: Rows, about: str) -> bool:
    contents = rules.contents
    if name in ("as_of", "now", *BY_NOTHING.needs, *_reported(contents)) or name in contents.settings:
        return True
    if name.startswith("conventions.") or _ROW.fullmatch(name):
        return True
    if name in contents.tables and name not in rows:
        return True  # a table that was not supplied
    own = (subject, rules.contents.decisions[about].about if about in rules.contents.decisions else subject)
    return any(name in contents.sight(table)[0] for table in own) or (row is not None and name in set(_in_sight_of_a_row(row, contents)))


def _reported(contents: Any) -> tuple[str, ...]:
    """The convention that a tie waits for by its bare name, where the book, a scheme or its ranking says `report`."""
    stated = [contents.conventions.get("ties")]
    for scheme in contents.schemes.values():
        stated += [scheme.conventions.get("ties"), scheme.rank.ties if scheme.rank is not None else None]
    return ("ties",) if "report" in stated else ()


def _in_sight_of_a_row(row: Any, contents: Any) -> Iterable[str]:
    table = row.get("kind") or ("cases" if "case" in row else "visits")
    return (*contents.sight(table)[0], "assessed") if table in contents.events or table in contents.tables else ()
