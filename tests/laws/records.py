"""Records for a drawn book in which every fact is given, and which of them may be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from .books import Book, Column
from .chance import Chance
from .writing import CHOICES, FIRST, NO

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Path = tuple[str, int, str]  # table, place of the row from 0, column; ("settings", 0, name)

# Facts of the standard tables that may be forgotten: no default, nothing computes them, no `known()` reads them, they are not structure.
STANDARD: Mapping[str, tuple[str, ...]] = {
    "events": ("minutes", "assessed"),
    "pauses": ("told",),
    "extensions": ("granted", "by"),
    "cases": ("promised_limit",),
}
# What version 2's pages give a meaning where it is absent: `verified` (not), an extension's `limit` (the book's), `eligible` of a past
# score (true). Law 1 as written covers them; a run may ask for them.
DOUBTFUL: Mapping[str, tuple[str, ...]] = {"events": ("verified",), "extensions": ("limit",), "month": ("eligible",)}


def complete(chance: Chance, book: Book) -> Rows:
    """Records in which nothing that a book may read is missing, dates of acts aside: one that is empty is not done by now."""
    filling = _Filling(chance, book)
    if book.verb in ("decide", "classify"):
        return {"application": [filling.facts("application")]}
    return filling.assessed() if book.verb in ("score", "grade") else filling.course()


def forgettable(book: Book, rows: Rows, doubtful: bool = False) -> list[Path]:
    """Every fact of the records, and every setting given, that law 1 speaks of."""
    found: list[Path] = [("settings", 0, name) for name, shape in book.tree.get("settings", {}).items() if "value" in shape]
    for table, given in rows.items():
        for place, row in enumerate(given):
            names = set(STANDARD.get(table, ())) | (set(DOUBTFUL.get(table, ())) if doubtful else set())
            for one in (table, row.get("kind"), *(("application",) if table == "cases" else ())):
                names |= {column.name for column in book.columns.get(str(one), ()) if column.may_be_forgotten}
            found += [(table, place, name) for name in row if name in names and row[name] is not None]
    return found


def forgotten(chance: Chance, facts: list[Path]) -> list[Path]:
    """Some of the facts: one, a few, a column, or all."""
    if not facts:
        return []
    way = chance.number(0, 4)
    if way == 0:
        return [chance.pick(facts)]
    if way == 1:
        column = chance.pick(facts)[2]
        return [one for one in facts if one[2] == column]
    if way == 2:
        return facts
    share = chance.pick([0.15, 0.4, 0.7])
    return [one for one in facts if chance.happens(share)] or [chance.pick(facts)]


def without(rows: Rows, gone: Collection[Path]) -> Rows:
    """The records without some facts; what they were is kept in `rows`."""
    found = deepcopy(rows)
    for table, place, name in gone:
        if table != "settings":
            found[table][place].pop(name, None)
    return found


class _Filling:
    def __init__(self, chance: Chance, book: Book) -> None:
        self.chance, self.book = chance, book

    def facts(self, table: str) -> Row:
        return {column.name: self._value(column) for column in self.book.columns.get(table, ()) if not self._left_out(column)}

    def _left_out(self, column: Column) -> bool:
        """A column with a default, or one asked for by `known(..)`, may be left empty even where everything is known."""
        return not column.may_be_forgotten and self.chance.happens(0.5)

    def _value(self, column: Column) -> Any:
        chance = self.chance
        if column.none and chance.happens(0.3):
            return NO
        match column.kind:
            case "boolean":
                return chance.happens(0.5)
            case "integer":
                return chance.number(0, 4)
            case "decimal":
                return chance.pick(["0", "0.5", "1", "1.5", "2", "3", "4"])
            case "choice":
                return chance.pick(CHOICES)
            case "date":
                return self._day(0, 35)
            case "text":
                return chance.pick(["a", "ab", "甲", "乙b"])
            case "moment":
                return f"{self._day(0, 35)} {chance.number(8, 17):02}:30"
            case "limit":
                return f"{chance.number(1, 8)}个工作日"
            case "clock-limit":
                return chance.pick(["3个工作日", "5个工作日", "10个自然日", "1个月"])
            case _:
                return chance.some(["a", "b", "x"], 3)

    def _day(self, low: int, high: int) -> str:
        return str(FIRST + timedelta(days=self.chance.number(low, high)))

    # -- cases

    def case(self, id: str, **more: Any) -> Row:
        """A case: acts one after another, some of them not done."""
        chance = self.chance
        day = FIRST + timedelta(days=chance.number(0, 20))
        row: Row = {"case": id, **more, "received_on": str(day), "received_at": f"{day} {chance.number(8, 16):02}:15"}
        for name in ("accepted_on", "materials_completed_on", "decided_on", "closed_on"):
            day += timedelta(days=chance.pick([0, 0, 1, 2, 5, 9]))
            if chance.happens(0.75):
                row[name] = str(day)
        if "closed_on" in row:
            row["closed_at"] = f"{row['closed_on']} {chance.number(17, 18)}:00"
        return {**row, "promised_limit": f"{chance.number(2, 9)}个工作日", **self.facts("cases")}

    def course(self) -> Rows:
        """Cases with what happened to them on the way; one, or for the main job several."""
        chance = self.chance
        count = chance.number(1, 3) if self.book.verb == "run" else 1
        cases = [{**self.case(f"C{number}"), **self.facts("application")} for number in range(1, count + 1)]
        found: Rows = {"cases": cases}
        if "stages" in self.book.columns:
            found["stages"] = [self._stage(case, number) for case in cases for number in range(chance.number(0, 2))]
        for case in cases:
            stages = [row["stage"] for row in found.get("stages", ()) if row["case"] == case["case"]]
            for table, row in self._on_the_way(case):
                if stages and chance.happens(0.4):
                    row |= {"table": "stages", "row": chance.pick(stages)}
                found.setdefault(table, []).append(row)
        return found

    def _stage(self, case: Row, number: int) -> Row:
        row = {"case": case["case"], "stage": f"S{number}", "begun_on": self._day(0, 20), **self.facts("stages")}
        return row | ({"finished_on": self._day(21, 35)} if self.chance.happens(0.6) else {})

    def _on_the_way(self, case: Row) -> list[tuple[str, Row]]:
        chance = self.chance
        start = date.fromisoformat(case["received_on"])
        found: list[tuple[str, Row]] = []
        clocks = self.book.tree.get("clocks", {})
        if any("pauses" in clock for clock in clocks.values()) and chance.happens(0.75):
            for number in range(chance.number(1, 2)):
                first = start + timedelta(days=chance.number(0, 6) + 7 * number)
                row = {"case": case["case"], "kind": "hearing", "from": str(first), "told": chance.happens(0.6)}
                if chance.happens(0.85):
                    row["to"] = str(first + timedelta(days=chance.number(0, 5)))
                found.append(("pauses", row))
        extended = [id for id, clock in clocks.items() if "extension" in clock]
        if extended and chance.happens(0.75):
            for number in range(chance.number(1, 2)):
                asked = start + timedelta(days=chance.number(0, 5) + 6 * number)
                row = {"case": case["case"], "clock": chance.pick(extended), "asked_on": str(asked), "granted": chance.happens(0.7)}
                row["by"] = chance.pick(["head", "head", "deputy"])
                if chance.happens(0.3) or clocks[row["clock"]]["extension"]["limit"] == "as_granted":
                    row["limit"] = chance.pick(["2个工作日", "2个工作日", "7个工作日"])
                found.append(("extensions", row))
        return found

    # -- assessments

    def assessed(self) -> Rows:
        chance, columns = self.chance, self.book.columns
        windows = [{"window": id, "department": "D", **self.facts("window")} for id in ("W1", "W2")]
        people = [{"staff": id, "window": chance.pick(["W1", "W1", "W2"]), **self.facts("staff")} for id in "ABC"[: chance.number(2, 3)]]
        if chance.may("transfer", 0.08):
            moved = {**people[0], "window": "W2" if people[0]["window"] == "W1" else "W1", "from": "2026-03-11"}
            people[0]["until"] = "2026-03-10"
            people.append(moved)
        elif chance.may("period-rows", 0.1):
            column = next((one for one in columns["staff"] if one.may_be_forgotten and one.name in people[0]), None)
            if column is not None:
                del people[0][column.name]
                people += [{"staff": "A", "period": f"2026-0{month}", column.name: self._value(column)} for month in (1, 2, 3)]
        elif chance.may("served-part", 0.12):
            people[0]["from"] = chance.pick(["2026-02-01", "2026-02-16", "2026-03-10"])
        found: Rows = {"staff": people, "window": windows, "events": [self._event(people, n) for n in range(1, chance.number(1, 7) + 1)]}
        if "cases" in columns:
            found["cases"] = [self.case(f"C{number}", staff=chance.pick(people)["staff"]) for number in range(1, chance.number(1, 4))]
        for table, row in (each for case in found.get("cases", ()) for each in self._on_the_way(case)):
            found.setdefault(table, []).append(row)
        if "application" in columns:
            found["application"] = [{"application": f"P{number}", **self.facts("application")} for number in (1, 2)]
            for case in found["cases"]:
                case["application"] = chance.pick(["P1", "P2"])
        if "visits" in columns:
            found["visits"] = [
                {"n": n, "staff": chance.pick(people)["staff"], "vi_on": self._day(0, 35), **self.facts("visits")}
                for n in range(1, chance.number(0, 3) + 1)
            ]
        if chance.may("past-scores", 0.2):
            scores = self.book.tree["schemes"]["month"]["scores"]
            own = people if scores == "staff" else windows
            found["month"] = [
                {scores: row[scores], "period": "2026-01", "total": chance.number(0, 12), "eligible": chance.happens(0.8)}
                for row in own
                if chance.happens(0.7)
            ]
        return found

    def _event(self, people: list[Row], n: int) -> Row:
        chance = self.chance
        kind = chance.pick(list(self.book.tree["events"]))
        row: Row = {"n": n, "kind": kind, "staff": chance.pick(people)["staff"], "on": self._day(-10, 36), "minutes": chance.number(0, 4)}
        if chance.happens(0.1):
            row = {"n": n, "kind": kind, "window": "W1", **{name: row[name] for name in ("on", "minutes")}}
        if self.book.tree["events"][kind].get("assessed"):
            row["assessed"] = chance.number(-5, -2)
        if self.book.tree["events"][kind].get("verified"):
            row["verified"] = chance.happens(0.7)
        if chance.may("occurrence", 0.12):
            row["occurrence"] = chance.pick(["X", "Y"])
        if chance.may("assessor", 0.06):
            row["assessor"] = chance.pick(["P", "Q"])
        return row | self.facts(kind)
