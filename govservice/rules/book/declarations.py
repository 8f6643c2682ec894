"""First pass over a rulebook: what it declares, so that every name has a type before any expression is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property

from govservice.errors import RecordError, Words
from govservice.rules.book.entries import Column, EventKind, Setting, Table
from govservice.rules.book.marks import Faults, Node, Path, mapping, short, text_of
from govservice.rules.book.sight import RowNames, With, columns, every_spelling
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.parsing import read
from govservice.rules.language.shapes import Expression
from govservice.rules.language.spelling import LANGUAGE, folded
from govservice.rules.language.types import common, en, zh
from govservice.rules.language.values import ANY, BOOLEAN, DECIMAL, INTEGER, LIST, Choice, Kind, Type, Value

__all__ = ["SUBJECT", "Declarations"]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
_NO_COLUMN = frozenset({"of", "dated_by", "stands_for", "label", "cite"})
SUBJECT = frozenset({"rows", "previous"})


class Declarations:
    """Tables, events, settings, and the outcomes, measures, schemes and clocks by name and type."""

    def __init__(self, tree: dict[str, Node], faults: Faults) -> None:
        self.tree = tree
        self.faults = faults
        self.tables = {id: self._table(id, mapping(node)) for id, node in self._section("tables")}
        self.events = {id: self._event(id, mapping(node)) for id, node in self._section("events")}
        self.settings = {id: found for id, node in self._section("settings") if (found := self._setting(id, node)) is not None}
        schemes, clocks = dict(self._section("schemes")), dict(self._section("clocks"))
        self.scheme_subjects = {id: text_of(mapping(node), "scores") or "" for id, node in schemes.items()}
        self.scheme_parts = {id: tuple(mapping(mapping(node).get("parts"))) for id, node in schemes.items()}
        self.signals = {
            id: tuple(text_of(mapping(one), "signal") or "" for one in mapping(mapping(node).get("alarms")).values())
            for id, node in clocks.items()
        }
        self._clocks: dict[str, list[str]] = {}
        for id, node in clocks.items():
            self._clocks.setdefault(text_of(mapping(node), "about") or self.case_table, []).append(id)
        self._granting: dict[str, dict[str, str]] = {}
        self._outcome_labels: dict[str, dict[str, str]] = {}
        for id, node in self._section("decisions"):
            self._grants(id, mapping(node))
        self.labels = self._labels()
        self._types: dict[tuple[str, str], Type] = {}
        self._measures: dict[str, Type] = {}
        self._busy: set[tuple[str, str]] = set()
        self._spellings: dict[tuple[str, ...], frozenset[str]] = {}

    # -- what the namespaces ask

    def outcomes(self, table: str) -> Mapping[str, str]:
        """The outcomes granted about a table, each with the decision that grants it."""
        return self._granting.get(table, {})

    def outcome_labels(self, table: str) -> Mapping[str, str]:
        """The labels of those outcomes."""
        return self._outcome_labels.get(table, {})

    def clocks_of(self, table: str) -> Collection[str]:
        """The clocks that run on rows of a table."""
        return self._clocks.get(table, ())

    def measure_type(self, measure: str) -> Type | None:
        """The type of a measure; `any` while it is being found."""
        nodes = mapping(self.tree.get("measures"))
        if measure not in nodes:
            return None
        if measure not in self._measures:
            if ("measure", measure) in self._busy:
                return ANY
            self._busy.add(("measure", measure))
            node = nodes[measure]
            text = node if isinstance(node, str) else text_of(mapping(node), "value")
            self._measures[measure] = read(text or "", self.subjects())[0].type
            self._busy.discard(("measure", measure))
        return self._measures[measure]

    def outcome_type(self, decision: str, outcome: str) -> Type:
        """The type an outcome has for those who read it: a list where it is collected, else what one rule grants."""
        node = mapping(mapping(self.tree.get("decisions")).get(decision))
        return LIST if text_of(node, "hit") == "collect" else self.granted_type(decision, outcome)

    def granted_type(self, decision: str, outcome: str) -> Type:
        """The type of what a rule grants: declared with the decision, as a column, or inferred from all its rules."""
        key = (decision, outcome)
        if key not in self._types:
            if key in self._busy:
                return ANY
            self._busy.add(key)
            self._types[key] = self._inferred(decision, outcome)
            self._busy.discard(key)
        return self._types[key]

    def spellings(self, chain: tuple[str, ...]) -> frozenset[str]:
        """Every name and label in sight of a row that sees these tables."""
        if chain not in self._spellings:
            shared = (
                *self.settings,
                *mapping(self.tree.get("measures")),
                *mapping(self.tree.get("clocks")),
                *self.events,
                *self.labels,
                "as_of",
                "截至日",
            )
            self._spellings[chain] = frozenset((*shared, *every_spelling(self, chain)))
        return self._spellings[chain]

    def subjects(self) -> RowNames:
        """The names a measure may use: those of every table that is scored or decided about by period."""
        found = dict.fromkeys(self.scheme_subjects.values()) | dict.fromkeys(self._standing_for("subject"))
        return RowNames(self, tuple(one for one in found if one in self.tables), allows=SUBJECT)

    def about(self, table: str, *, allows: frozenset[str] = SUBJECT) -> RowNames:
        """The names in sight of one row of a table or scheme."""
        return RowNames(self, (table,), allows=allows)

    def is_subject(self, id: str) -> bool:
        """Whether rows of a table are scored and graded by period, so that what is counted for them needs one."""
        return id in self._standing_for("subject")

    @cached_property
    def case_table(self) -> str:
        """The table that clocks and notices are about unless they say otherwise."""
        return next(iter(self._standing_for("case")), "")

    @cached_property
    def event_table(self) -> str:
        """The table whose rows are occurrences of the kinds under `events:`."""
        return next(iter(self._standing_for("events")), "")

    def _standing_for(self, what: str) -> tuple[str, ...]:
        return tuple(id for id, table in self.tables.items() if table.stands_for == what)

    def is_about(self, id: str) -> bool:
        """Whether something can be about `id`: a table or a scheme."""
        return id in self.tables or id in self.scheme_subjects

    # -- reading

    def _section(self, name: str) -> list[tuple[str, Node]]:
        return list(mapping(self.tree.get(name)).items())

    def _table(self, id: str, node: dict[str, Node]) -> Table:
        of = node.get("of", [])
        belongs = tuple(one for one in (of if isinstance(of, list) else [of]) if isinstance(one, str))
        found = {key: self.column(key, value, ("tables", id, key)) for key, value in node.items() if key not in _NO_COLUMN}
        tables = mapping(self.tree.get("tables"))
        for one in belongs:
            if one not in tables:
                self.faults.add(("tables", id, "of"), Words(f'no table "{one}"', f"没有“{one}”这个表"))
        dated = text_of(node, "dated_by")
        if dated is not None and (dated not in found or found[dated].type.kind not in ("date", "moment")):
            self.faults.add(("tables", id, "dated_by"), Words(f'"{dated}" is no date column of {id}', f"“{dated}”不是 {id} 的日期列"))
        self._distinct_labels(found, ("tables", id))
        return Table(id, found, tuple(one for one in belongs if one in tables), dated, text_of(node, "label"), text_of(node, "stands_for"))

    def _distinct_labels(self, found: Mapping[str, Column], path: Path) -> None:
        """A label stands for one column, and is no other column's name."""
        seen = {folded(id): id for id in found}
        for id, column in found.items():
            if column.label and (owner := seen.setdefault(folded(column.label), id)) != id:
                label = short(column.label)
                if owner == folded(column.label):
                    what = Words(f"the label {label} is another fact's name", f"标签“{label}”是另一个事实的名字")
                else:
                    what = Words(f"the label {label} is {owner}'s already", f"标签“{label}”已用于 {owner}")
                self.faults.add((*path, id), what)

    def column(self, id: str, node: Node, path: Path) -> Column:
        """A column from its declaration, a type's name or a mapping."""
        if id in LANGUAGE:
            self.faults.add(
                path, Words(f'"{id}" is a word of the language', f"“{id}”是本语言的词"), hint=Words("name it otherwise", "请另起名字")
            )
        if isinstance(node, str):
            return Column(id, self._type(node, {}, path))
        entry = mapping(node)
        kind = self._type(text_of(entry, "type") or "any", entry, path)
        default = self._literal(entry["default"], kind, (*path, "default")) if "default" in entry else None
        return Column(id, kind, text_of(entry, "label"), default, text_of(entry, "cite"))

    def _type(self, kind: str, entry: Mapping[str, Node], path: Path) -> Type:
        kinds: dict[str, Kind] = {
            one: one for one in ("boolean", "integer", "decimal", "text", "choice", "list", "date", "moment", "limit")
        }
        values = mapping(entry.get("values"))
        choices = tuple(self._choice(name, value) for name, value in values.items())
        if kind == "choice" and not choices:
            self.faults.add(
                path,
                Words("a choice without values", "选项没有可选值"),
                hint=Words("values: {name: 标签, ..}", "写作 values: {名称: 标签, ..}"),
            )
        if kind != "choice" and kind in kinds and choices:
            self.faults.add(
                path,
                Words(f"{en(kind)} has no values", f"{zh(Type(kinds[kind]))}没有可选值"),
                hint=Words("type: choice", "写作 type: choice"),
            )
        labels = [one.label for one in choices]
        for label in {one for one in labels if labels.count(one) > 1}:
            self.faults.add((*path, "values"), Words(f"the label {label} stands for two values", f"标签“{label}”对应两个值"))
        return Type(kinds.get(kind, "any"), choices)

    def _choice(self, name: str, node: Node) -> Choice:
        if isinstance(node, str):
            return Choice(name, node)
        entry = mapping(node)
        code = text_of(entry, "code")
        return Choice(name, text_of(entry, "label") or name, text_of(entry, "canonical"), int(code) if code and code.isdecimal() else None)

    def _literal(self, node: Node, kind: Type, path: Path) -> Value | None:
        if absent(node):
            return None
        try:
            return read_fact(path[-2] if path[-1] in ("default", "value") else path[-1], node, kind)
        except RecordError as error:
            self.faults.add(path, error.what, why=error.why, hint=error.hint)
            return None

    def _event(self, id: str, node: dict[str, Node]) -> EventKind:
        has = {key: self.column(key, value, ("events", id, "has", key)) for key, value in mapping(node.get("has")).items()}
        flags = text_of(node, "verified") == "true", text_of(node, "assessed") == "true"
        return EventKind(id, has, text_of(node, "label"), *flags, text_of(node, "cite"))

    def _setting(self, id: str, node: Node) -> Setting | None:
        path = ("settings", id)
        if isinstance(node, str):
            self.faults.add(
                path,
                Words(f'"{id}" is declared nowhere', f"没有声明过“{id}”"),
                hint=Words("{type: .., label: ..} declares a setting", "先写 {type: .., label: ..} 声明它"),
            )
            return None
        entry = mapping(node)
        kind = self._type(text_of(entry, "type") or "any", entry, path)
        given = "value" if "value" in entry else "default"
        value = self._literal(entry[given], kind, (*path, given)) if given in entry else None
        return Setting(id, kind, value, text_of(entry, "label"), text_of(entry, "cite"))

    def _grants(self, id: str, node: dict[str, Node]) -> None:
        about = text_of(node, "about") or ""
        granted = self._granting.setdefault(about, {})
        labels = self._outcome_labels.setdefault(about, {})
        declared = mapping(node.get("outcomes"))
        for outcome in self.granted(id):
            if outcome in granted:
                what = Words(f'"{outcome}" is granted by {granted[outcome]} already', f"“{outcome}”已由 {granted[outcome]} 给出")
                self.faults.add(("decisions", id), what, hint=Words("name the outcome otherwise", "给结果另起一个名字"))
            granted[outcome] = id
            label = text_of(mapping(declared.get(outcome)), "label") or (text_of(node, "label") if outcome == id else None)
            if label:
                labels[folded(label)] = outcome

    def granted(self, decision: str) -> tuple[str, ...]:
        """The names of a decision's outcomes, in the order they are first granted."""
        node = mapping(mapping(self.tree.get("decisions")).get(decision))
        thens = [mapping(rule).get("then", "") for rule in mapping(node.get("rules")).values()] + (
            [node["otherwise"]] if "otherwise" in node else []
        )
        found: dict[str, None] = {}
        for then in thens:
            found |= dict.fromkeys(then if isinstance(then, dict) else (decision,))
        return tuple(found | dict.fromkeys(mapping(node.get("outcomes"))))

    def _inferred(self, decision: str, outcome: str) -> Type:
        node = mapping(mapping(self.tree.get("decisions")).get(decision))
        declared = mapping(node.get("outcomes")).get(outcome)
        if declared is not None:
            return self.column(outcome, declared, ("decisions", decision, "outcomes", outcome)).type
        about = text_of(node, "about") or ""
        column = columns(self, about).get(outcome)
        if column is not None:
            return column.type
        literals: list[str] = []
        found: Type | None = None
        for expression, literal in self._granted_texts(node, decision, outcome):
            if literal is not None:
                literals.append(literal)
            elif expression is not None:
                found = expression.type if found is None else common(found, expression.type) or ANY
            else:
                found = LIST
        plain = _literal_type(literals)
        return found or ANY if plain is None else plain if found is None else common(found, plain) or ANY

    def _granted_texts(self, node: dict[str, Node], decision: str, outcome: str) -> list[tuple[Expression | None, str | None]]:
        """What each rule grants as an outcome: an expression, a literal's text, or neither where it is a list."""
        rules = [mapping(rule) for rule in mapping(node.get("rules")).values()]
        rules += [{"then": node["otherwise"]}] if "otherwise" in node else []
        found: list[tuple[Expression | None, str | None]] = []
        for rule in rules:
            then = rule.get("then", "")
            worth = then.get(outcome) if isinstance(then, dict) else then if outcome == decision else None
            if isinstance(worth, str) and worth.startswith("="):
                found.append((read(worth[1:], self._with_lets(node, rule))[0], None))
            elif isinstance(worth, str) and worth:
                found.append((None, worth))
            elif isinstance(worth, list):
                found.append((None, None))
        return found

    def _with_lets(self, table: dict[str, Node], rule: dict[str, Node]) -> With:
        """The names in sight of a rule; what is wrong with a `let:` is noted when the rule itself is read."""
        base = self.about(text_of(table, "about") or "")
        lets: dict[str, Expression] = {}
        for name, text in (*mapping(table.get("let")).items(), *mapping(rule.get("let")).items()):
            lets[name] = read(text if isinstance(text, str) else "", With(base, dict(lets)))[0]
        return With(base, lets)

    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for section in ("settings", "measures", "clocks", "events", "tables", "schemes"):
            for id, node in self._section(section):
                label = text_of(mapping(node), "label") or text_of(mapping(node), "title")
                if label:
                    found.setdefault(folded(label), id)
        return found


def _literal_type(literals: list[str]) -> Type | None:
    """Boolean where every literal is true or false, a number where all are numbers, else a choice of the values used."""
    if not literals:
        return None
    if set(literals) <= {"true", "false"}:
        return BOOLEAN
    if all(_NUMBER.fullmatch(one) for one in literals):
        return INTEGER if all(_WHOLE.fullmatch(one) for one in literals) else DECIMAL
    return Type("choice", tuple(Choice(one, one) for one in dict.fromkeys(literals)))
