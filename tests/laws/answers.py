"""What a call says, brought to one form: by name, either settled or open between what it may still be, with what it waits for."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from os import getpid
from pathlib import Path as FilePath
from typing import Any

from govservice import Rulebook, classify, clocks, grade, load_rulebook, score
from govservice.deadlines import ClockReading, case_outcomes
from govservice.records import read_records
from govservice.run import run

from .books import Book, Tree
from .records import Rows

SCRATCH = tempfile.TemporaryDirectory(prefix="laws-", dir="/dev/shm" if FilePath("/dev/shm").is_dir() else None)
_WAITS = re.compile(r"waits for (.*)$")
ABSENT = "absent"


@dataclass(frozen=True)
class Said:
    """One thing that an answer says. Open, it lies from `low` to `high`, or is one of `possible` (None: nobody can say)."""

    open: bool
    value: Any = None
    low: Any = None
    high: Any = None
    possible: tuple[Any, ...] | None = None
    names: frozenset[str] = frozenset()
    contradicted: bool = False  # rules of its own `unique` or `any` table that all hold leave it open: no promise of law 1
    reads_contradicted: bool = False  # it is open, and may be so for rules that contradict each other further down
    rows: tuple[Any, ...] = ()  # rows that the names are facts of, where the answer shows them

    def allows(self, other: Said) -> bool:
        """Whether the other may still be said once more is known."""
        if not self.open:
            return not other.open and same(self.value, other.value)
        if other.open:
            among = self.possible is None or (other.possible is not None and all(map(self._may, other.possible)))
            return among and self._holds_bounds(other)
        return self._may(other.value)

    def _may(self, value: Any) -> bool:
        if self.possible is not None:
            members = value if isinstance(value, tuple) else (value,)
            return any(same(value, one) for one in self.possible) or (
                isinstance(value, tuple) and all(any(same(member, one) for one in self.possible) for member in members)
            )
        if value is None or value == ABSENT or not isinstance(value, (int, Decimal)):
            return self.low is None and self.high is None
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    def _holds_bounds(self, other: Said) -> bool:
        if self.low is not None and (other.low is None or other.low < self.low):
            return False
        return not (self.high is not None and (other.high is None or other.high > self.high))

    def __str__(self) -> str:
        if not self.open:
            return repr(self.value)
        between = f" {self.low}..{self.high}" if self.low is not None or self.high is not None else ""
        among = f" one of {self.possible}" if self.possible is not None else ""
        return f"open{between}{among} needs {sorted(self.names)}"


def same(one: Any, other: Any) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


Answer = Mapping[str, Said]


def loaded(tree: Tree) -> Rulebook:
    """A book from its tree; one that was loaded lately is not loaded again."""
    return _loaded(json.dumps(tree, ensure_ascii=False))  # JSON is YAML, and sooner written


def loaded_anew(tree: Tree) -> Rulebook:
    """A book from its tree, read from its file."""
    return _loaded.__wrapped__(json.dumps(tree, ensure_ascii=False))


@lru_cache(64)
def _loaded(text: str) -> Rulebook:
    path = FilePath(SCRATCH.name) / f"book-{getpid()}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rulebook(path)


def ask(book: Book, rules: Rulebook, rows: Rows, now: date | None) -> Answer:
    """The answer of the verb that a book was drawn for."""
    match book.verb:
        case "decide":
            return dict(_outcome("", rules.decide(book.asks, rows["application"][0]), rules))
        case "classify":
            return dict(_classified(rules, rows))
        case "score":
            return dict(_cards(score(rules, book.asks, rows, period=book.period, now=now), rules))
        case "grade":
            return dict(_gradings(grade(rules, book.asks, rows, period=book.period, now=now), rules))
        case "clocks":
            return dict(_readings(clocks(rows["cases"][0], rules, now=now, records=_beside(rows))))
        case "outcomes":
            found = case_outcomes(rows["cases"][0], rules, now=now, records=_beside(rows))
            return {key: said for id, outcome in found.items() for key, said in _outcome(f"{id} ", outcome, rules)}
        case _:
            return dict(_ran(rules, rows, now))


def _beside(rows: Rows) -> Rows:
    return {table: given for table, given in rows.items() if table != "cases"}


def _settled(value: Any) -> Said:
    return Said(open=False, value=value)


# -- contradictions


def contradicting(outcome: Any, rules: Rulebook) -> bool:
    """Whether two rules of a table that promised to agree both hold, or, as nothing else says why, did.

    `unique` and `any` may conflict: that is their promise to `check`, and forgetting what makes the second rule hold leaves the first.
    """
    if not outcome.open or rules.contents.decisions[outcome.decision].hit not in ("unique", "any"):
        return False
    if not outcome.steps:
        return bool(outcome.undecided == (outcome.primary,))
    return sum(step.held is True for step in outcome.steps) > 1


def _contradicted(notes: Iterable[Any], rules: Rulebook) -> frozenset[str]:
    """The outcomes that rules which contradict each other may have left open, where a card or a grading says that some did."""
    if not any("both hold" in note.en for note in notes):
        return frozenset()
    decisions = rules.contents.decisions.values()
    return frozenset(name for decision in decisions if decision.hit in ("unique", "any") for name, _ in decision.outcomes)


def _among(names: Iterable[str], contradicted: frozenset[str]) -> bool:
    return any(name.rpartition(".")[2] in contradicted for name in names)


# -- decisions


def _outcome(prefix: str, outcome: Any, rules: Rulebook) -> Iterable[tuple[str, Said]]:
    contradicted = contradicting(outcome, rules)
    for name, value in outcome.values.items():
        yield f"{prefix}outcome {name}", _settled(value)
    for name in outcome.open_outcomes:
        own = name == outcome.primary
        possible = outcome.possible if own and outcome.possible else None
        needs = set(outcome.undecided) | (set() if own else {need for step in outcome.steps for need in step.needs})
        yield f"{prefix}outcome {name}", Said(open=True, possible=possible, names=frozenset(needs), contradicted=contradicted)
    known = outcome.applies is not None
    yield f"{prefix}applies", _settled(outcome.applies) if known else Said(open=True, names=frozenset(outcome.undecided))
    if not outcome.open:
        yield f"{prefix}gap", _settled(outcome.gap)


def _classified(rules: Rulebook, rows: Rows) -> Iterable[tuple[str, Said]]:
    done = classify(rows["application"][0], rules)
    for id, outcome in done.decisions.items():
        yield from _outcome(f"{id} ", outcome, rules)
    settled = done.decisions["case_type"]
    both = contradicting(settled, rules)
    open_ = Said(open=True, possible=done.possible or None, names=frozenset(done.undecided), contradicted=both)
    yield "case_type", open_ if done.open else _settled(done.case_type)
    yield "national_code", Said(open=True, contradicted=both) if settled.open else _settled(done.national_code)
    for id in rules.contents.notices:
        owed = any(one.kind == id for one in done.notices)
        yield f"notice {id}", Said(open=True) if id in done.undecided_notices else _settled(owed)
    for one in done.notices:
        yield from ((f"notice {one.kind} copy {copy.to}", _settled(True)) for copy in one.copies)
        yield from ((f"notice {one.kind} copy {copy.to}", Said(open=True, names=frozenset(copy.needs))) for copy in one.open_copies)


# -- scores


def _cards(cards: Iterable[Any], rules: Rulebook) -> Iterable[tuple[str, Said]]:
    given = list(cards)
    contradicted = _contradicted((note for card in given for note in card.notes), rules)
    for card in given:
        for key, said in _card(card):
            yield key, replace(said, reads_contradicted=said.open and _among(said.names, contradicted))


def _card(card: Any) -> Iterable[tuple[str, Said]]:
    own = f"{card.subject} "
    noted = {need for note in card.notes if (found := _WAITS.search(note.en)) for need in found[1].split(", ") if need != "-"}
    doubted = card.scored is None or any("scored at all waits" in note.en for note in card.notes)
    needs = frozenset(need for one in card.open for need in one.needs) | noted
    rows = tuple(one.row for one in card.open if one.row is not None)
    yield f"{own}scored", Said(open=True, names=needs) if doubted else _settled(card.scored)
    if card.scored is None:
        return  # what it would come to, if it is scored
    total = _settled(None) if not card.scored else _number(card, needs, rows)
    yield f"{own}total", total
    yield f"{own}eligible", Said(open=True, names=needs) if card.eligible is None else _settled(card.eligible)
    for id, part in card.parts.items():
        yield f"{own}part {id}", _number(part, needs, rows)
    yield from _lines(own, card, needs, rows)
    for row in card.unpriced:
        yield f"{own}unpriced {_shown(row)}", _settled(True)


def _lines(own: str, card: Any, needs: frozenset[str], rows: tuple[Any, ...]) -> Iterable[tuple[str, Said]]:
    for line in card.lines:
        if line.row is not None and not {"occurrence", "assessor"}.isdisjoint(line.row):
            continue  # which row of one occurrence carries its points is no fact
        if line.row is not None and "kind" in line.row and "n" not in line.row:
            continue  # a signal has no row of its own, and no day until it is raised
        if line.row is not None or line.points != 0:
            yield f"{own}line {line.part}.{line.item} {_shown(line.row)}", _number(line, needs, rows, line.points)


def _number(one: Any, needs: frozenset[str], rows: tuple[Any, ...], point: Any = ABSENT) -> Said:
    point = one.total if point is ABSENT else point
    if point is not None:
        return _settled(point)
    return Said(open=True, low=one.low, high=one.high, names=needs, rows=rows)


def _shown(row: Mapping[str, Any] | None) -> str:
    """A row by what may not be forgotten of it."""
    if row is None:
        return ""
    structure = ("kind", "case", "staff", "window", "on", "vi_on", "period", "occurrence", "assessor", "n")
    return " ".join(str(row[name]) for name in structure if name in row)


def _gradings(found: Iterable[Any], rules: Rulebook) -> Iterable[tuple[str, Said]]:
    given = list(found)
    contradicted = _contradicted((note for one in given for note in one.notes), rules)
    for one in given:
        names = {*one.undecided, *(need for step in one.outcome.steps for need in step.needs)}
        both, further = contradicting(one.outcome, rules), _among(names, contradicted)
        for key, said in _grading(one):
            unnamed = not said.names and bool(contradicted)  # a rank does not say what it waits for: another's total, perhaps
            yield key, replace(said, contradicted=said.open and both, reads_contradicted=said.open and (further or unnamed))


def _grading(one: Any) -> Iterable[tuple[str, Said]]:
    own = f"{one.subject} "
    unsure = one.open or one.outcome.applies is None
    yield f"{own}graded", Said(open=True) if unsure else _settled(one.outcome.applies is not False)  # else it may as well be left out
    possible = one.possible or None
    needs = frozenset(one.undecided)
    yield f"{own}grade", Said(open=True, possible=possible, names=needs) if one.open else _settled(one.grade)
    if one.total is not None or one.low is not None or one.high is not None:
        yield f"{own}its total", Said(open=True, low=one.low, high=one.high) if one.total is None else _settled(one.total)
    if one.rank is not None:
        yield f"{own}rank", _settled(one.rank)
    elif one.rank_low is not None:
        yield f"{own}rank", Said(open=True, low=one.rank_low, high=one.rank_high)
    yield f"{own}ranked", _settled(one.ranked) if one.ranked is not None else Said(open=True)


# -- clocks


def _readings(readings: Iterable[ClockReading]) -> Iterable[tuple[str, Said]]:
    for one in readings:
        own = f"{one.clock} " if one.row is None else f"{one.clock}:{one.row} "
        needs = frozenset(one.undecided)
        open_ = Said(open=True, names=needs)
        yield f"{own}applies", open_ if one.applies is None else _settled(one.applies)
        waits = bool(needs) or one.applies is None
        for name in ("started", "limit", "due", "stopped", "used", "left", "overdue", "overdue_by", "official"):
            value = getattr(one, name)
            yield f"{own}{name}", open_ if value is None and waits else _settled(value)
        for alarm in one.alarms:
            whose = f"{own}alarm {alarm.cite} {alarm.signal} "
            unsure = waits or bool(alarm.undecided)
            both = Said(open=True, names=needs | frozenset(alarm.undecided))
            yield f"{whose}at", both if alarm.at is None and unsure else _settled(alarm.at)
            yield f"{whose}raised", both if alarm.raised is None and unsure else _settled(alarm.raised)
            if alarm.raised is not None:
                yield f"{whose}cleared", Said(open=True) if alarm.cleared is None else _settled(alarm.cleared)


# -- the main job


def folder_of(rows: Rows) -> FilePath:
    """The records as a folder of JSON Lines."""
    folder = FilePath(SCRATCH.name) / f"records-{getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for table, given in rows.items():
        lines = (json.dumps(row, ensure_ascii=False) for row in given)
        (folder / f"{table}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _ran(rules: Rulebook, rows: Rows, now: date | None) -> Iterable[tuple[str, Said]]:
    done = run(rules, read_records(folder_of(rows), book=rules), now=now)
    for one in done.set_aside:
        yield f"{one.table} {one.id} set aside", _settled(True)
    for case in done.cases:
        own, what = f"{case.id} ", case.what
        needs = frozenset(what.undecided)
        yield f"{own}case_type", Said(open=True, possible=what.possible or None, names=needs) if what.open else _settled(what.case_type)
        for each in case.dues:
            clock = each.clock if each.row is None else f"{each.clock}:{each.row}"
            waits = Said(open=True, names=frozenset(each.undecided))
            for name in ("due", "late", "started", "stopped", "used", "left", "overdue_by"):
                value = getattr(each, name)
                yield f"{own}{clock} {name}", waits if value is None and each.undecided else _settled(value)
