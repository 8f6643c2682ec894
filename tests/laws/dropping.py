"""The second law: something is slipped into the records that nothing can use; the answer says so, or the call is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from govservice import GovServiceError, Rulebook

from .answers import loaded
from .chance import Chance
from .laws import Example, Violation
from .records import Row, Rows
from .saying import answered, said
from .writing import NO


@dataclass(frozen=True)
class Slip:
    """What was slipped in: its name, the records with it, and the words by which a report would know it."""

    name: str
    rows: Rows
    words: tuple[str, ...]


def slips(chance: Chance, one: Example) -> list[Slip]:
    """Every slip that fits these records."""
    ways = SCORED if one.book.verb in ("score", "grade") else FLAT if one.book.verb in ("decide", "classify") else ON_THE_WAY
    found = []
    for name, way in ways.items():
        rows = deepcopy(one.rows)
        words = way(chance, one, rows)
        if words:
            found.append(Slip(name, rows, words))
    return found


def unsaid(one: Example, slip: Slip) -> Violation | None:
    """A slip that the answer does not mention."""
    return _first(one, [slip])


def _unsaid(one: Example, slip: Slip, rules: Rulebook, before: Counter[str]) -> Violation | None:
    after = answered(one.book, rules, slip.rows, one.now)
    if isinstance(after, GovServiceError) or (one.book.verb in ("score", "grade") and not after):
        return None  # refused; or nobody is scored, and there is no card to say it on
    new = list((Counter(said(after)) - before).elements())  # the same words may stand beside another clock
    if any(word in text for text in new for word in slip.words):
        return None
    more = f"records with it: {slip.rows}; new in the report: {new or 'nothing'}"
    return Violation("dropped unsaid", f"{one.book.verb} {slip.name}", more)


def first_unsaid(one: Example, random: Random) -> Violation | None:
    """The first of all slips that goes unmentioned."""
    return _first(one, slips(Chance(random), one))


def _first(one: Example, slipped: Iterable[Slip]) -> Violation | None:
    rules = loaded(one.book.tree)
    plain = answered(one.book, rules, one.rows, one.now)
    if isinstance(plain, GovServiceError):
        return None
    before = Counter(said(plain))
    return next((found for slip in slipped if (found := _unsaid(one, slip, rules, before)) is not None), None)


# -- into a mapping of facts


def _misspelt_fact(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    rows["application"][0]["zz_misspelt"] = chance.pick([True, 3, "a"])
    return ("zz_misspelt",)


FLAT: Mapping[str, Callable[[Chance, Example, Rows], tuple[str, ...]]] = {"misspelt fact": _misspelt_fact}


# -- into a case and what happened to it


def _misspelt_column(table: str) -> Callable[[Chance, Example, Rows], tuple[str, ...]]:
    def slip(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
        if not rows.get(table):
            return ()
        chance.pick(rows[table])["zz_misspelt"] = chance.pick([True, 3, "a"])
        return ("zz_misspelt",)

    return slip


def _unknown_table(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    rows["zz_pauses"] = [{"case": "C1", "kind": "hearing", "from": "2026-03-03", "to": "2026-03-04", "told": True}]
    return ("zz_pauses",)


def _unknown_table_within(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    rows["cases"][0]["zz_pauses"] = [{"kind": "hearing", "from": "2026-03-03", "to": "2026-03-04", "told": True}]
    return ("zz_pauses",)


def _misspelt_clock(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    rows.setdefault("extensions", []).append({"case": "C1", "clock": "zz_clock", "asked_on": "2026-03-02", "granted": True, "by": "head"})
    return ("zz_clock",)


def _extension_of_no_extension(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    """An extension of a clock that may not be extended, or has a `due:`."""
    bare = [id for id, clock in one.book.tree.get("clocks", {}).items() if "extension" not in clock]
    if not bare:
        return ()
    asked = {"case": "C1", "clock": chance.pick(bare), "asked_on": "2026-02-24", "granted": True, "by": "head"}
    rows.setdefault("extensions", []).append(asked)
    return ("2026-02-24", "2月24日", "of extensions")


def _pause_of_no_pauses(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    """A pause that no clock knows."""
    rows.setdefault("pauses", []).append({"case": "C1", "kind": "zz_kind", "from": "2026-02-24", "to": "2026-02-25", "told": True})
    return ("zz_kind", "2026-02-24")


ON_THE_WAY: Mapping[str, Callable[[Chance, Example, Rows], tuple[str, ...]]] = {
    "misspelt fact of a case": _misspelt_column("cases"),
    "misspelt column of a pause": _misspelt_column("pauses"),
    "misspelt column of an extension": _misspelt_column("extensions"),
    "unknown table": _unknown_table,
    "unknown table within a case": _unknown_table_within,
    "misspelt clock": _misspelt_clock,
    "extension of a clock that has none": _extension_of_no_extension,
    "pause that no clock has": _pause_of_no_pauses,
}


# -- into the records of an assessment


def _event(one: Example, rows: Rows, **whose: Any) -> tuple[str, ...]:
    kind = next(iter(one.book.tree["events"]))
    rows["events"].append({"n": 99, "kind": kind, "on": "2026-03-09", "minutes": 1, **whose})
    return (*whose.values(), f"{len(rows['events'])}", "99")


def _of_absent_staff(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    return _event(one, rows, staff="zz_nobody")


def _of_absent_window(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    return _event(one, rows, window="zz_nowhere")


def _of_nobody(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    return _event(one, rows)


def _case(rows: Rows, **whose: Any) -> tuple[str, ...]:
    if "cases" not in rows:
        return ()
    rows["cases"].append({"case": "zz_case", "received_on": "2026-03-03", **whose})
    return (*whose.values(), "zz_case", f"{len(rows['cases'])}")


def _case_of_nobody(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    asked: Any = one.book.tree.get("decisions", {}).get(one.book.asks, {"about": one.book.asks})["about"]
    scored = one.book.tree["schemes"].get(asked, {"scores": asked})["scores"]
    return () if scored == "cases" else _case(rows)  # else it is asked about itself


def _case_of_absent(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    return _case(rows, staff="zz_nobody")


def _case_twice(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    if not rows.get("cases"):
        return ()
    again: Row = chance.pick(rows["cases"])
    rows["cases"].append({**again, "closed_on": "2026-03-29"})
    return (again["case"], f"{len(rows['cases'])}")


def _two_values(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    """A second row of a subject that says something else of one of its facts."""
    table = chance.pick(["staff", "window"])
    person = chance.pick(rows[table])
    given = [column for column in one.book.columns[table] if column.kind in ("integer", "choice") and person.get(column.name, NO) != NO]
    if not given:
        return ()
    column = chance.pick(given)
    other = person[column.name] + 1 if column.kind == "integer" else next(value for value in "abc" if value != person[column.name])
    same_days = {name: person[name] for name in ("from", "until", "period") if name in person}
    rows[table].append({table: person[table], column.name: other, **same_days})
    return (column.name, f"{len(rows[table])}")


def _subject_without_id(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    table = chance.pick(["staff", "window", "department"])
    rows.setdefault(table, []).append({f"{table}_name": "某"})
    return (f"{len(rows[table])}", table)


def _two_past_totals(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    if "month" not in rows or not rows["month"]:
        return ()
    again = rows["month"][0]
    rows["month"].append({**again, "total": again["total"] + 7})
    return ("month", f"{len(rows['month'])}")


def _past_score_of_nobody(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    scores = one.book.tree["schemes"]["month"]["scores"]
    rows.setdefault("month", []).append({scores: "zz_nobody", "period": "2026-01", "total": 3})
    return ("zz_nobody",)


def _visit_of_nobody(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    if "visits" not in rows:
        return ()
    rows["visits"].append({"n": 99, "vi_on": "2026-03-03"})
    return ("visits", f"{len(rows['visits'])}")


def _pause_of_no_case(chance: Chance, one: Example, rows: Rows) -> tuple[str, ...]:
    rows["pauses"] = [{"kind": "hearing", "from": "2026-03-03", "to": "2026-03-04", "told": True}]
    return ("pauses",)


SCORED: Mapping[str, Callable[[Chance, Example, Rows], tuple[str, ...]]] = {
    "misspelt column of an event": _misspelt_column("events"),
    "misspelt column of a person": _misspelt_column("staff"),
    "misspelt column of a window": _misspelt_column("window"),
    "misspelt column of a case": _misspelt_column("cases"),
    "misspelt column of an own table": _misspelt_column("visits"),
    "misspelt column of a past score": _misspelt_column("month"),
    "event of an absent person": _of_absent_staff,
    "event of an absent window": _of_absent_window,
    "event of nobody": _of_nobody,
    "case of nobody": _case_of_nobody,
    "case of an absent person": _case_of_absent,
    "case twice": _case_twice,
    "two values of one fact": _two_values,
    "subject without an id": _subject_without_id,
    "two totals of one past score": _two_past_totals,
    "past score of nobody": _past_score_of_nobody,
    "row of an own table of nobody": _visit_of_nobody,
    "pause of no case": _pause_of_no_case,
    "unknown table": _unknown_table,
}
