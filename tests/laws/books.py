"""Small rulebooks drawn by chance, each about one verb: trees that load, with every convention stated, and what records they want."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import yaml

from govservice.rules.book.format import schema
from govservice.rules.book.marks import parts_within

from .chance import Chance
from .writing import CHOICES, NO, Fact, Sight, Writer

Tree = dict[str, Any]
VERBS = ("decide", "classify", "score", "grade", "clocks", "outcomes", "run")
KINDS = (
    ("boolean", 4),
    ("integer", 2),
    ("choice", 2),
    ("decimal", 1),
    ("date", 1),
    ("list", 0.5),
    ("limit", 0.5),
    ("moment", 0.3),
    ("text", 0.3),
)
PREFIX = {"application": "ap", "cases": "ca", "staff": "st", "window": "wi", "department": "de", "visits": "vi", "stages": "sg"}
CASE_OUTCOMES = (
    Fact("closed", "boolean"), Fact("overdue", "boolean"), Fact("overdue_workdays", "integer"), Fact("on_time", "boolean"),
    Fact("same_day", "boolean"),
)  # fmt: skip
CLOCK_FACTS = (
    ("overdue", "boolean"), ("due", "date"), ("used", "decimal"), ("left", "decimal"), ("overdue_by", "decimal"), ("stopped_on", "date"),
    ("started_on", "date"),
)  # fmt: skip
ACTS = ("received_on", "accepted_on", "materials_completed_on", "decided_on", "closed_on")
HOURS = "09:00-12:00 13:00-17:00"
SEASONS = [{"02-25..03-10": "09:00-12:00 13:00-17:00"}, {"otherwise": "08:30-11:30 14:00-18:00; 周六 09:00-12:00"}]
OF_PERIODS = (
    Fact("period.workdays", "integer"), Fact("period.days", "integer"), Fact("period.start", "date"), Fact("period.end", "date"),
)  # fmt: skip
OF_SERVICE = (Fact("served.workdays", "integer"), Fact("served.days", "integer"))
AS_OF = Fact("as_of", "date")


@dataclass(frozen=True)
class Column:
    """A column that the book adds: `asked` ones stand in `known(..)` and may not be forgotten, nor those with a default. One that may be
    `none` has a word for it.
    """

    name: str
    kind: str
    default: str | None = None
    asked: bool = False
    none: bool = False

    @property
    def may_be_forgotten(self) -> bool:
        return self.default is None and not self.asked


@dataclass
class Book:
    """A drawn book: its tree, the columns that it adds by table or kind, and what a call is to ask of it."""

    tree: Tree
    verb: str
    asks: str = ""  # the decision or scheme asked for
    period: str = "2026-03"
    columns: dict[str, list[Column]] = field(default_factory=dict)
    features: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return written(self.tree)


def written(tree: Mapping[str, Any]) -> str:
    """A tree as YAML."""
    return yaml.dump(dict(tree), allow_unicode=True, sort_keys=False, default_flow_style=None, width=150)


def conventions() -> dict[str, tuple[str, ...]]:
    """Every convention that a book may state, with its values; rounding aside."""
    found = {}
    for name, shape in schema()["$defs"].items():
        if name.startswith("convention.") and "anyOf" in shape:
            values = dict.fromkeys(_word(one) for one in shape["anyOf"][0].get("enum", ()))
            found[name.removeprefix("convention.")] = tuple(values)
    found["roll"] = ("forward", "none")  # backward stands on a clock that counts back
    return found


def _word(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def drawn(random: Random, verb: str | None = None, without: Collection[str] = ()) -> Book:
    """A book about one verb."""
    chance = Chance(random, without)
    return _Drawing(chance, verb or chance.pick(VERBS)).book()


class _Drawing:
    def __init__(self, chance: Chance, verb: str) -> None:
        self.chance, self.verb = chance, verb
        self.tree: Tree = {"rulebook": "drawn", "conventions": self._conventions()}
        if self.tree["conventions"]["ends"] == "close":
            self.tree["hours"] = self._hours()
        self.out = Book(self.tree, verb)
        self.settings: list[Fact] = []

    def book(self) -> Book:
        self._settings()
        if self.verb in ("decide", "classify"):
            self._applications()
        elif self.verb in ("score", "grade"):
            self._assessment()
        else:
            self._cases()
        self.out.features = frozenset(self.chance.used)
        return self.out

    def _hours(self) -> Any:
        """Office hours: a text, one that changes with the season, a setting that holds one."""
        chance = self.chance
        if chance.may("hours-seasons", 0.25):
            return SEASONS
        if chance.may("hours-setting", 0.15):
            self.tree.setdefault("settings", {})["s_h"] = {"type": "text", "value": HOURS}
            return "s_h"
        return "全天" if chance.may("hours-all-day", 0.1) else HOURS

    # -- conventions, settings, tables

    def _conventions(self) -> Tree:
        chance = self.chance
        found: Tree = {}
        for name, values in conventions().items():
            allowed = [value for value in values if value != "report" or chance.may("report", 0.5)]
            if name == "ends":
                allowed = ["day", "close"] if chance.may("ends-close", 0.2) else ["day"]
            found[name] = chance.pick(allowed or list(values))
        if chance.may("rounding-stated", 0.4):
            modes = ["half_up", "half_even", "down", "up"]
            found["rounding"] = {"digits": chance.number(0, 2), "mode": chance.pick(modes), "at": chance.pick(["end", "each_scheme"])}
        if chance.may("conventions-unstated", 0.15):
            self._leave_out(found)
        return found

    def _leave_out(self, stated: Tree) -> None:
        """Some conventions are not stated: where the whole answer does without them, so does one of which less is known."""
        chance = self.chance
        if "mode" in stated.get("rounding", {}) and chance.happens(0.4):
            del stated["rounding"]["mode"]
        names = [name for name in stated if name not in ("rounding", "ends")]
        for name in chance.some(names, 5):
            del stated[name]

    def _settings(self) -> None:
        values: dict[str, tuple[Tree, list[str]]] = {
            "s_b": ({"type": "boolean"}, ["true", "false"]),
            "s_n": ({"type": "decimal"}, ["0", "1", "2.5", "4"]),
            "s_c": ({"type": "choice", "values": _values()}, list(CHOICES)),
            "s_l": ({"type": "limit"}, ["3个工作日", "6个工作日"]),
        }
        for name in self.chance.some(list(values), 2):
            if self.chance.may("setting", 0.8):
                shape, options = values[name]
                self.tree.setdefault("settings", {})[name] = {**shape, "value": self.chance.pick(options)}
                self.settings.append(Fact(name, shape["type"]))

    def _table(self, table: str, least: int = 1, most: int = 4, kind: bool = False) -> list[Fact]:
        """Adds columns to a table, or facts to a kind of event; those that an expression may read."""
        chance = self.chance
        prefix = PREFIX.get(table, table[:2])
        found: list[Column] = []
        for number in range(1, chance.number(least, most) + 1):
            type_ = _weighed(chance)
            default = _default(chance, type_) if chance.may("default", 0.12) else None
            found.append(Column(f"{prefix}_{type_[0]}{number}", type_, default, none=self.chance.may("none", 0.2)))
        if chance.may("known", 0.2):
            found.append(Column(f"{prefix}_known", "integer", None, asked=True))
        shapes = {column.name: _shape(column, held=chance.may("column-bounds", 0.1)) for column in found}
        if kind:
            self.tree.setdefault("events", {}).setdefault(table, {}).setdefault("has", {}).update(shapes)
        else:
            self.tree.setdefault("tables", {}).setdefault(table, {}).update(shapes)
        self.out.columns[table] = found
        return [Fact(column.name, column.kind) for column in found]

    def _asked(self, *tables: str) -> list[str]:
        return [column.name for table in tables for column in self.out.columns.get(table, ()) if column.asked]

    # -- decisions about an application

    def _applications(self) -> None:
        facts = [*self._table("application", 2, 5), *self.settings]
        sight = Sight(facts, asked=self._asked("application"))
        count = self.chance.number(1, 3)
        for number in range(1, count + 1):
            last = number == count
            if self.verb == "classify" and last:
                self._decision("case_type", "application", sight, kind="case-type")
            else:
                sight = sight.and_(*self._decision(f"d{number}", "application", sight))
        self.out.asks = "case_type" if self.verb == "classify" else f"d{count}"
        if self.verb == "classify" and self.chance.may("notice", 0.5):
            when = Writer(self.chance, sight).condition(1)
            copies: list[Any] = ["申请人"]
            if self.chance.may("copy-when", 0.4):
                copies.append({"to": "窗口", "when": Writer(self.chance, sight).condition(1)})
            self.tree["notices"] = {"n1": {"title": "通知", "when": when, "copies": copies}}

    def _decision(self, id: str, about: str, sight: Sight, *, kind: str | None = None, period: str | None = None) -> list[Fact]:
        """Adds a decision; the outcomes that others may read."""
        chance = self.chance
        kind = kind or chance.among(
            [("grants-choice", 4, lambda: "choice"), ("grants-number", 2, lambda: "integer"), ("grants-boolean", 2, lambda: "boolean"),
             ("grants-date", 0.7, lambda: "date")]
        )  # fmt: skip
        hits = [(hit, 4 if hit == "first" else 1, lambda hit=hit: hit) for hit in ("first", "unique", "any", "collect")]
        hit = chance.among(hits[:3] if kind == "case-type" else hits)
        second = chance.may("two-outcomes", 0.25)
        entry: Tree = {"about": about, "hit": hit}
        if period is not None:
            entry["period"] = period
        if chance.may("decision-when", 0.2):
            entry["when"] = Writer(chance, sight).condition(1)
        outcomes: Tree = {}
        if kind in ("integer", "date"):
            outcomes[id] = {"type": "decimal" if kind == "integer" else "date"}
        elif kind == "choice":
            outcomes[id] = {"type": "choice", "values": _values()}
        if second:
            outcomes[f"{id}_n"] = {"type": "decimal"}
        if second and kind == "boolean":
            outcomes[id] = {"type": "boolean"}
        if outcomes:
            entry["outcomes"] = outcomes
        entry["rules"] = self._rules(id, sight, hit, kind, second=second)
        if chance.may("otherwise", 0.5):
            entry["otherwise"] = self._then(id, sight, kind, second=second)
        self.tree.setdefault("decisions", {})[id] = entry
        if hit == "collect":
            return []
        plain = "choice" if kind == "case-type" else "decimal" if kind == "integer" else kind
        return [Fact(id, plain), *([Fact(f"{id}_n", "decimal")] if second else [])] if kind != "case-type" else []

    def _rules(self, id: str, sight: Sight, hit: str, kind: str, *, second: bool) -> list[Tree]:
        chance = self.chance
        writer = Writer(chance, sight)
        whens: list[str | None]
        if hit in ("unique", "any") and chance.happens(0.7):
            one, two = writer.condition(1), writer.condition(1)
            whens = [one, f"not ({one}) and ({two})", f"not ({one}) and not ({two})"][: chance.number(2, 3)]
        else:
            whens = [writer.condition(2) for _ in range(chance.number(1, 3))]
            if hit == "first" and chance.happens(0.6):
                whens.append(None)
        rules: list[Tree] = []
        for number, when in enumerate(whens, 1):
            rule: Tree = {"id": f"r{number}"}
            if when is not None and chance.may("let", 0.08):
                rule |= {"let": {"here": when}, "when": "here"}
            elif when is not None:
                rule["when"] = when
            rules.append({**rule, "then": self._then(id, sight, kind, second=second)})
        return rules

    def _then(self, id: str, sight: Sight, kind: str, *, second: bool) -> object:
        chance, writer = self.chance, Writer(self.chance, sight)
        own: str
        if kind == "case-type":
            own = chance.pick(["instant", "promised", "joint"])
        elif kind == "choice":
            names = sight.of("choice")
            own = f"={chance.pick(names).name}" if names and chance.may("grants-name", 0.15) else chance.pick(CHOICES)
        elif kind == "integer":
            own = f"={writer.number(2)}" if chance.may("grants-expression", 0.5) else writer.constant()
        elif kind == "date":
            own = f"={writer.day(1)}"
        else:
            own = f"={writer.condition(1)}" if chance.may("grants-condition", 0.15) else chance.pick(["true", "false"])
        if not second:
            return own
        if chance.may("unset", 0.2):
            return {id: own} if chance.happens(0.7) else {f"{id}_n": writer.constant()}
        return {id: own, f"{id}_n": f"={writer.number(1)}" if chance.may("grants-expression", 0.4) else writer.constant()}

    # -- cases and their clocks

    def _cases(self) -> None:
        chance = self.chance
        facts = [*self._table("cases", 1, 4), *self._table("application", 1, 3), *self.settings]
        asked = self._asked("cases", "application")
        sight = Sight(facts, asked=asked)
        clocks = [f"k{number}" for number in range(1, chance.number(1, 2) + 1)]
        if self.verb == "run" or chance.happens(0.3):
            self._decision("case_type", "application", Sight([one for one in facts if not one.name.startswith("ca_")]), kind="case-type")
        if chance.may("column-limit", 0.4):
            self.tree["tables"]["cases"]["ca_lim"] = {"type": "limit"}
            self.out.columns["cases"].append(Column("ca_lim", "clock-limit"))
        more: list[Fact] = list(CASE_OUTCOMES) if chance.may("case-outcomes", 0.6) else []
        for id in clocks:
            signals = self._clock(id, sight)
            more += [Fact(f"{id}.{self._with_unit(id, name)}", kind) for name, kind in CLOCK_FACTS if f"{kind}" != "moment"]
            more += [Fact(f"{id}.{signal}_on", "date") for signal in signals]
        if chance.may("stages", 0.15):
            self._stages(sight)
        if self.verb == "outcomes" or chance.happens(0.3):
            whole = Sight([*facts, *more, *more], asked=asked)
            for number in range(1, chance.number(1, 2) + 1):
                whole = whole.and_(*self._decision(f"d{number}", "cases", whole))
            self.out.asks = "d1"

    def _with_unit(self, clock: str, fact: str) -> str:
        """An amount is named with a unit where the limit does not say it."""
        entry = self.tree["clocks"][clock]
        literal = "limit" in entry and (entry["limit"][0].isdigit() or entry["limit"] == "当天")
        return fact if fact not in ("used", "left", "overdue_by") or literal else f"{fact}_{self.chance.pick(['workdays', 'days'])}"

    def _stages(self, sight: Sight) -> None:
        """A table of stages within a case, each with its own clock."""
        own = {"of": "cases", "case": "text", "stage": "text", "begun_on": "date", "finished_on": "date"}
        self.tree["tables"]["stages"] = own
        facts = self._table("stages", 1, 2)
        entry: Tree = {"about": "stages", "limit": f"{self.chance.number(1, 4)} 工作日", "starts": "begun_on", "stops": "finished_on"}
        if self.chance.happens(0.5):
            entry["when"] = Writer(self.chance, sight.and_(*facts, *facts)).condition(1)
        if self.chance.may("stage-pauses", 0.4):
            entry["pauses"] = ["hearing"]
        if self.chance.may("stage-extension", 0.4):
            entry["extension"] = self._extension(Writer(self.chance, sight.and_(*facts)))
        self.tree.setdefault("clocks", {})["st"] = entry

    def _clock(self, id: str, sight: Sight) -> list[str]:
        """Adds a clock; the signals that it raises."""
        chance = self.chance
        acts = Writer(chance, Sight([Fact(name, "date") for name in ACTS[:3]] + [one for one in sight.facts if one.kind == "boolean"]))
        ends = Writer(chance, Sight([Fact(name, "date") for name in ACTS[3:]] + [one for one in sight.facts if one.kind == "boolean"]))
        plain = Writer(chance, sight)
        told = Writer(chance, replace(sight, asked=[*sight.asked, "accepted_on", "decided_on"]))  # dates of acts are never forgotten
        entry: Tree = {"about": "cases"}
        if chance.may("clock-when", 0.2):
            entry["when"] = plain.condition(1)
        if chance.may("backward", 0.12):
            return self._backward(id, entry, plain)
        entry |= self._limit(plain)
        if entry["starts"] != "received_at":
            entry["starts"] = acts.day(1) if chance.may("start-expression", 0.35) else "received_on"
            entry["stops"] = [ends.day(1) if chance.may("stop-expression", 0.3) else "closed_on"]
            if chance.happens(0.3):
                entry["stops"].append("decided_on")
        if "limit" in entry:
            if chance.may("pauses", 0.5):
                entry["pauses"] = self._pauses(plain)
            if chance.may("extension", 0.45):
                entry["extension"] = self._extension(plain)
        alarms = self._alarms(told, "limit" in entry) if chance.may("alarms", 0.6) else []
        if alarms:
            entry["alarms"] = alarms
        self.tree.setdefault("clocks", {})[id] = entry
        return list(dict.fromkeys(one["signal"] for one in alarms))

    def _backward(self, id: str, entry: Tree, plain: Writer) -> list[str]:
        """A clock that is counted back from an act; the signals that it raises."""
        chance = self.chance
        unit = chance.pick(["工作日", "自然日"])
        entry |= {"backward": "true", "limit": f"{chance.number(1, 5)} {unit}", "starts": "decided_on", "stops": ["accepted_on"]}
        if chance.may("roll-backward", 0.4):
            entry["roll"] = "backward"
        alarms = self._alarms(plain, False) if chance.may("alarms", 0.6) else []
        if alarms:
            entry["alarms"] = alarms
        self.tree.setdefault("clocks", {})[id] = entry
        return list(dict.fromkeys(one["signal"] for one in alarms))

    def _pauses(self, plain: Writer) -> list[Any]:
        chance = self.chance
        found: list[Any] = ["hearing"]
        if chance.may("pause-when", 0.3):
            found = [{"kind": "hearing", "when": plain.condition(1)}]
            if chance.may("pause-limit", 0.5):
                found[0]["limit"] = f"{chance.number(1, 3)} 自然日"
        if chance.may("pause-facts", 0.25):
            found.append({"from": "accepted_on", "to": "materials_completed_on"})
        return found

    def _limit(self, plain: Writer) -> Tree:
        chance = self.chance
        days = {"starts": "received_on", "stops": ["closed_on"]}
        moments = {"starts": "received_at", "stops": ["closed_at"]}

        due = Writer(chance, plain.sight.and_(Fact("received_on", "date"), Fact("promised_limit", "limit")))

        def column() -> Tree | None:
            return {"limit": "ca_lim", **days} if "ca_lim" in self.tree["tables"]["cases"] else None

        return chance.among(
            [
                ("limit-workdays", 4, lambda: {"limit": f"{chance.number(1, 8)} 工作日", **days}),
                ("limit-natural", 1.5, lambda: {"limit": f"{chance.number(3, 15)} 自然日", **days}),
                ("limit-month", 0.5, lambda: {"limit": "1 个月", **days}),
                ("limit-same-day", 0.4, lambda: {"limit": "当天", **days}),
                ("limit-column", 3, column),
                ("limit-written", 1.5, lambda: {"limit": plain.limit(1), **days}),
                ("due-named", 0.8, lambda: {"due": 'date("2026-03-16")', **days}),
                ("due-written", 0.8, lambda: {"due": due.reckoned_day(), **days}),
                ("limit-hours", 0.6, lambda: {"limit": f"{chance.number(2, 30)} 小时", **moments}),
                ("limit-office-hours", 0.6,
                 lambda: {"limit": f"{chance.number(2, 20)} 小时", **moments, "hours": self._hours()}),
            ]
        )  # fmt: skip

    def _extension(self, plain: Writer) -> Tree:
        chance = self.chance
        found: Tree = {"limit": f"{chance.number(2, 6)} 工作日", "times": chance.number(1, 2)}
        if chance.may("as-granted", 0.3):
            found |= {"limit": "as_granted", "at_most": f"{chance.number(2, 6)} 工作日"}
        if chance.may("extension-when", 0.4):
            found["when"] = plain.condition(1)
        if chance.may("extension-by", 0.4):
            found["by"] = "head"
        if chance.may("extension-asked", 0.5):
            found["asked"] = chance.pick(["before_due", "any_time"])
        return found

    def _alarms(self, plain: Writer, limited: bool) -> list[Tree]:
        chance = self.chance
        found: list[Tree] = []
        for _ in range(chance.number(1, 3)):
            placed = chance.among(
                [
                    ("alarm-share", 2, lambda: {"at": chance.pick(["50%", "90%", "100%"])} if limited else None),
                    ("alarm-before", 1, lambda: {"before": f"{chance.number(1, 2)} 工作日"}),
                    ("alarm-after", 1, lambda: {"after": chance.pick(["0", "1 工作日"])}),
                ]
            )
            entry: Tree = {"signal": chance.pick(["yellow", "red"]), **placed, "cite": f"a{len(found) + 1}"}
            if chance.may("alarm-when", 0.3):
                entry["when"] = plain.condition(1)
            found.append(entry)
        return found

    # -- scores

    def _assessment(self) -> None:
        chance = self.chance
        people = [*self._table("staff", 1, 3), *self._table("window", 1, 2)]
        kinds = self._events()
        keys = ("on", "occurrence", "unbroken", "minutes")
        self.rows: dict[str, Sight] = {
            kind: Sight([*facts, Fact("minutes", "decimal"), *people], keys=(*keys, *(one.name for one in facts)))
            for kind, facts in kinds.items()
        }
        if len(kinds) > 1 and chance.may("several-kinds", 0.4):
            self.rows[f"[{', '.join(list(kinds)[:2])}]"] = Sight([Fact("minutes", "decimal"), *people], keys=keys)
        if chance.may("cases-counted", 0.5):
            self._counted_cases(people)
        if chance.may("own-table", 0.35):
            self._visits(people)
        own = [*people, *self.settings, *OF_PERIODS, *OF_SERVICE, AS_OF]
        if chance.may("staff-decision", 0.15):
            sight = Sight(
                [*people, *self.settings, *OF_PERIODS, AS_OF], self.rows, self._asked("staff", "window"), over=("quarter", "year")
            )
            own += self._decision("sd", "staff", sight, period="month")
        if chance.may("measure", 0.3):
            counted = Writer(chance, Sight(rows=self.rows))._aggregate(1)
            self.tree["measures"] = {"m1": counted or "1"}
            own.append(Fact("m1", "decimal"))
        scores = "window" if chance.may("window-scheme", 0.25) else "staff"
        if scores == "window":
            own = [one for one in own if not one.name.startswith(("st_", "sd"))]
        whose = ("all", "window", "department") if scores == "staff" else ("all", "department")
        asked = self._asked("staff" if scores == "staff" else "window", "window")
        self.subject = Sight(own, self.rows, asked, over=("quarter", "year"), whose=whose, lasting=True)
        self.whose = whose
        if chance.may("previous-in-scheme", 0.1):
            self.subject.earlier.append(Fact("month", "decimal"))
        row = self._scheme("month", scores, "month", self.subject)
        self.out.asks = "month"
        if chance.may("scheme-over-scheme", 0.4):
            self._upper(scores, row)
        if "cases" in self.rows and chance.may("cases-scored", 0.15):
            self._scored_cases()
        if self.verb == "grade":
            self._grade(scores)

    def _events(self) -> dict[str, list[Fact]]:
        chance = self.chance
        self.tree.setdefault("tables", {})["events"] = {"n": "integer"}  # tells one row from another
        found = {"late": self._table("late", 0, 2, kind=True)}
        self.tree.setdefault("events", {}).setdefault("late", {})["label"] = "迟到"
        if chance.may("discretion", 0.5):
            found["rude"] = self._table("rude", 0, 1, kind=True)
            self.tree["events"].setdefault("rude", {})["assessed"] = "true"
        if chance.may("verified", 0.2):
            found["gift"] = self._table("gift", 0, 1, kind=True)
            self.tree["events"].setdefault("gift", {})["verified"] = "true"
        return found

    def _counted_cases(self, people: list[Fact]) -> None:
        facts = self._table("cases", 1, 2)
        if self.chance.may("applications-joined", 0.25):
            facts += self._table("application", 1, 2)
        sight = Sight([*facts, Fact("closed_on", "date"), Fact("received_on", "date"), *people], dates=["closed_on"])
        if self.chance.may("case-outcomes", 0.5):
            sight = sight.and_(*CASE_OUTCOMES)
        if self.chance.may("case-decision", 0.5):
            granted = self._decision("cd", "cases", sight)
            sight = sight.and_(*granted)
            sight.dates += [one.name for one in granted if one.kind == "date"]
        self.rows["cases"] = sight
        if self.chance.may("signals", 0.35):
            self._signals(Sight(facts), people)

    def _signals(self, sight: Sight, people: list[Fact]) -> None:
        """A clock of the cases that raises signals, which are counted as events are."""
        chance = self.chance
        limit = "promised_limit" if chance.happens(0.6) else f"{chance.number(1, 6)} 工作日"
        alarms = self._alarms(Writer(chance, sight), limited=True)
        entry: Tree = {"about": "cases", "limit": limit, "starts": "received_on", "stops": ["closed_on"], "alarms": alarms}
        if chance.may("pauses", 0.4):
            entry["pauses"] = ["hearing"]
        if chance.may("clock-when", 0.2):
            entry["when"] = Writer(chance, sight).condition(1)
        self.tree["clocks"] = {"k1": entry}
        for signal in dict.fromkeys(alarm["signal"] for alarm in alarms):
            self.rows[chance.pick([signal, f"k1.{signal}"])] = Sight(list(people))

    def _visits(self, people: list[Fact]) -> None:
        own = {"of": "staff", "dated_by": "vi_on", "vi_on": "date", "staff": "text", "n": "integer"}
        self.tree.setdefault("tables", {})["visits"] = own
        self.rows["visits"] = Sight([*self._table("visits", 1, 2), *people])

    def _scheme(self, id: str, scores: str, period: str, sight: Sight) -> Sight:
        """Adds a scheme; the sight of one of its rows."""
        chance = self.chance
        Writer(chance, sight)
        anchored = period == "month" and chance.may("anchored-period", 0.15)
        entry: Tree = {"scores": scores, "period": {"month_from": chance.pick([16, 26])} if anchored else period}
        for key, share in (("who", 0.15), ("when", 0.12), ("eligible", 0.25)):
            if chance.may(f"scheme-{key}", share):
                plain = Sight(sight.facts, asked=sight.asked) if key == "who" else sight
                entry[key] = Writer(chance, plain).condition(1)
        parts: list[Fact] = []
        if chance.may("parts", 0.8):
            entry["parts"] = {f"p{number}": self._part(sight) for number in range(1, chance.number(1, 2) + 1)}
            parts = [Fact(f"parts.{name}", "decimal") for name in parts_within(entry)]
        if chance.may("adjust", 0.2):
            entry["adjust"] = [self._item("a1", sight)]
        if (not parts and "adjust" not in entry) or chance.may("total", 0.3):
            more = [*parts, Fact("sum(parts)", "decimal")] if parts else []
            if parts and chance.may("odd-parts", 0.2):
                more += [Fact(f"{total}(parts)", "decimal") for total in ("mean", "lowest", "highest", "count")]
            entry["total"] = Writer(chance, sight.and_(*more, *more)).number(2)
        if chance.may("scheme-bounds", 0.25):
            entry |= {"min": -10, "max": chance.number(5, 20)}
        scored = sight.and_(*parts, Fact("total", "decimal"), Fact("total", "decimal"))
        if chance.may("rank", 0.5):
            entry["rank"] = self._rank(Writer(chance, sight), sight)
        self.tree.setdefault("schemes", {})[id] = entry
        return Sight(
            [one for one in scored.facts if "(" not in one.name] + [Fact("eligible", "boolean")],
            asked=sight.asked, scheme=True,
        )  # fmt: skip

    def _rank(self, writer: Writer, sight: Sight) -> Tree:
        chance = self.chance
        found: Tree = {"by": ["total"]}
        if chance.may("rank-second-key", 0.3):
            found["by"].append(writer.number(1))
        groups = [one.name for one in sight.of("choice") if not one.name.startswith("s_")]
        if groups and chance.may("rank-within", 0.2):
            found["within"] = chance.pick(groups)
        if chance.may("rank-when", 0.1):
            found["when"] = writer.condition(1)
        return found

    def _part(self, sight: Sight, deeper: bool = False) -> Tree:
        chance = self.chance
        found: Tree = {}
        if chance.may("part-full", 0.7):
            found["full"] = chance.number(3, 12)
        if "full" not in found or chance.happens(0.3):
            found["start"] = chance.number(0, 5)
        if chance.may("part-bounds", 0.3):
            found |= chance.pick([{"min": -3}, {"max": 15}, {"min": 0, "max": 8}])
        if chance.may("part-when", 0.15):
            found["when"] = Writer(chance, sight).condition(1)
        found["items"] = [self._item(f"i{number}", sight) for number in range(1, chance.number(1, 3) + 1)]
        if "start" in found and chance.may("part-start-counted", 0.1):
            found["start"] = Writer(chance, sight).number(1)
        if not deeper and chance.may("parts-within", 0.15):
            within = {f"q{number}": self._part(sight, deeper=True) for number in range(1, chance.number(1, 2) + 1)}
            promised = sum(part["full"] for part in within.values() if "full" in part)
            found |= {"parts": within, **({"full": promised} if promised and "full" in found else {})}
        return found

    def _item(self, id: str, sight: Sight) -> Tree:
        chance = self.chance
        if not self.rows or not chance.may("item-for-rows", 0.6):
            found: Tree = {"id": id}
            if chance.happens(0.5):
                found["when"] = Writer(chance, sight).condition(2)
            return {**found, "points": Writer(chance, sight).number(1)}
        source = chance.pick(list(self.rows))
        row = self.rows[source]
        found = {"id": id, "for": source.strip("[]").split(", ") if source[0] == "[" else source}
        each = row.keys and source != "rude" and chance.may("item-each", 0.15)
        if chance.may("item-whose", 0.1):
            found["of"] = chance.pick(self.whose)
        if chance.may("item-held", 0.15):
            found |= chance.pick([{"at_least": -3}, {"at_most": 2}, {"at_least": "-2", "at_most": "1"}])
        if each:
            found["each"] = chance.pick(row.keys)
            if chance.happens(0.5):
                found["when"] = Writer(chance, row).condition(1)
            read = row.and_(Fact("nth", "integer")) if chance.may("nth", 0.2) else row
            return {**found, "points": Writer(chance, read).number(1)}
        if chance.may("nth-longer", 0.08):
            row = row.and_(Fact(f"nth(over={chance.pick(['quarter', 'year', 'ever'])})", "integer"))
        if chance.may("nth", 0.25):
            row = row.and_(Fact("nth", "integer"), Fact("nth", "integer"))
        if row.dates and chance.may("item-by", 0.25):
            found["by"] = chance.pick(row.dates)
        writer = Writer(chance, row)
        if chance.happens(0.5):
            found["when"] = writer.condition(1)
        if source == "rude" and chance.happens(0.7):
            counted = chance.may("discretion-counted", 0.2)
            found["points"] = f"discretion(-5, {writer.number(1)})" if counted else "discretion(-5, -2)"
        else:
            found["points"] = f"-{writer.constant()}" if chance.happens(0.4) else writer.number(1)
        return found

    def _scored_cases(self) -> None:
        """A scheme whose subjects are cases, each in the period of its day, with the pauses and extensions that belong to it."""
        own = self.rows["cases"]
        moved = (
            {"pauses": Sight([Fact("told", "boolean")])} if any("pauses" in clock for clock in self.tree.get("clocks", {}).values()) else {}
        )
        signals = [Fact(f"k1.{name}", kind) for name, kind in (("due", "date"), ("overdue", "boolean"))] if "clocks" in self.tree else []
        asked = self._asked("cases", "application")
        self.whose, self.rows = ("all",), moved
        self.subject = Sight([*own.facts, *signals, *self.settings, *OF_PERIODS], moved, asked)
        self._scheme("handling", "cases", "month", self.subject)
        self.out.asks, self.out.period = "handling", "2026-03"

    def _upper(self, scores: str, row: Sight) -> None:
        chance = self.chance
        up, period, asked = ("window", "month", "2026-03") if scores == "staff" and chance.happens(0.5) else (scores, "quarter", "2026-Q1")
        longer: list[tuple[Any, str]] = [({"year_from": "12-01"}, "2026"), ("rolling 2 months", "2026-03"), ("half", "2026-H1")]
        if chance.may("longer-period", 0.3):
            period, asked = chance.pick(longer)
        facts = [one for one in self.subject.facts if up == scores or not one.name.startswith(("st_", "sd"))]
        sight = Sight(facts, {"month": row, **dict(chance.some(list(self.rows.items()), 1))}, over=("year",))  # asks no known(..)
        total = Writer(chance, sight)._aggregate(1) or "1"
        if "month" not in total:
            total = f"{total} + mean(month)"
        entry: Tree = {"scores": up, "period": period}
        if chance.may("scheme-rows-item", 0.3):
            plain = Sight([one for one in row.facts if not one.name.startswith("parts.")])  # `parts` are those of the scheme that prices
            points = Writer(chance, plain).number(1)
            entry["parts"] = {"u": {"start": 0, "items": [{"id": "ui", "for": "month", "points": points}]}}
        else:
            entry["total"] = total
        self.tree["schemes"]["upper"] = entry
        if chance.happens(0.5) or self.verb == "score":
            self.out.asks, self.out.period = "upper", asked

    def _grade(self, scores: str) -> None:
        chance = self.chance
        scheme = self.out.asks
        if "cases" in self.rows and chance.may("about-rows", 0.1):
            self._decision("g", "cases", self.rows["cases"])
            self.out.asks, self.out.period = "g", "2026-03"
            return
        if scheme != "handling" and chance.may("about-subjects", 0.2):
            self._decision("g", scores, self.subject, period="month")
            self.out.asks, self.out.period = "g", "2026-03"
            return
        facts = [Fact("total", "decimal")] * 3
        if "rank" in self.tree["schemes"][scheme]:
            facts += [Fact("rank", "integer")] * 3 + [Fact("ranked", "integer")]
        if chance.may("reads-eligible", 0.2):
            facts.append(Fact("eligible", "boolean"))
        about = self.tree["schemes"][scheme]["scores"]
        own = [one for one in self.subject.facts if about in (scores, "cases") or not one.name.startswith(("st_", "sd"))]
        parts = [Fact(f"parts.{name}", "decimal") for name in parts_within(self.tree["schemes"][scheme])]
        earlier = [Fact(scheme, "decimal")]
        asked = [name for name in self.subject.asked if about == scores or not name.startswith("st_")]
        whose = ("all", "window", "department") if about == "staff" else ("all",) if about == "cases" else ("all", "department")
        self._decision("g", scheme, Sight([*facts, *parts, *own], self.rows, asked, earlier, whose=whose, lasting=True))
        if chance.may("quota", 0.2):
            rule = self.tree["decisions"]["g"]["rules"][0]
            rule["quota"] = {
                "share": chance.pick(["20%", "34%", "50%"]),
                "of": "ranked",
                "rounding": chance.pick(["up", "down", "nearest"]),
            }
            groups = [one.name for one in own if one.kind == "choice" and not one.name.startswith("s_")]
            if groups and chance.happens(0.3):
                rule["quota"]["within"] = chance.pick(groups)
        self.out.asks = "g"


def _values() -> Tree:
    return {"a": "甲", "b": "乙", "c": "丙"}


def _weighed(chance: Chance) -> str:
    return chance.among([(f"column-{kind}", weight, lambda kind=kind: kind) for kind, weight in KINDS])


def _default(chance: Chance, kind: str) -> str | None:
    return {"boolean": "false", "integer": "0", "decimal": "1", "choice": "a"}.get(kind)


def _shape(column: Column, *, held: bool) -> Tree:
    found: Tree = {"type": column.kind}
    if held and column.kind in ("integer", "decimal"):
        found |= {"min": 0, "max": 4}
    if column.kind == "choice":
        found["values"] = _values()
    if column.default is not None:
        found["default"] = column.default
    if column.none:
        found["none"] = [NO]
    return found
