"""First pass over a rulebook: what it declares, so that every name has a type before any expression is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from keyword import iskeyword
from typing import Final

from govservice.errors import Words
from govservice.rules.book.files import standard_measures
from govservice.rules.book.marks import Faults, Node, mapping, parts_within, period_kind, short, text_of, too_many
from govservice.rules.book.remedies import id_of_label
from govservice.rules.book.sight import RowNames, WithLets, every_spelling, own_columns
from govservice.rules.book.table_reader import MOST_CHOICES, build_column, build_event_kind, build_list, build_setting, build_table
from govservice.rules.language.parsing import Parts, read
from govservice.rules.language.shapes import Aggregate, Constant, Expression, Name, Streak, walk
from govservice.rules.language.spelling import Spellings, folded
from govservice.rules.language.types import common_type
from govservice.rules.language.values import ANY, BOOLEAN, DECIMAL, INTEGER, LIST, Choice, Type

__all__ = ["MOST_LETS", "SUBJECT", "Declarations"]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
_ANSWERS = frozenset({"是", "否", "有", "无", "yes", "no", "True", "False", "TRUE", "FALSE"})
SUBJECT = frozenset({"rows", "previous"})
MOST_OUTCOMES: Final = 200  # of one decision
MOST_IN_SIGHT: Final = 100  # tables that a row belongs to, directly or through others
_IN_SEVERAL = Words("write several decisions", "请分成几个决定")
MOST_LETS: Final = 200  # of one entry; more would be looked through again for each


class Declarations:
    """Tables, events, settings, and the outcomes, measures, schemes and clocks by name and type."""

    def __init__(self, tree: dict[str, Node], faults: Faults) -> None:
        self.tree = tree
        self.faults = faults
        tables = mapping(tree.get("tables"))
        self.tables = {id: build_table(id, mapping(node), tables, faults) for id, node in tables.items()}
        mislabelled = self._check_labels_as_ids()
        self._check_sight()
        self.events = {id: build_event_kind(id, mapping(node), faults) for id, node in self._section("events")}
        self.lists = {id: build_list(id, mapping(node), faults) for id, node in self._section("lists")}
        settings = [(id, node) for id, node in self._section("settings") if ("settings", id) not in mislabelled]
        self.settings = {id: setting for id, node in settings if (setting := build_setting(id, node, faults)) is not None}
        self.bare_day = _stated(mapping(tree.get("conventions")).get("bare_day"))
        schemes, clocks = dict(self._section("schemes")), dict(self._section("clocks"))
        self.scheme_subjects = {id: self.meant_table(text_of(mapping(node), "scores") or "") for id, node in schemes.items()}
        self.scheme_parts = {id: tuple(parts_within(mapping(node))) for id, node in schemes.items()}
        self.scheme_periods = {id: period_kind(mapping(node).get("period")) or "" for id, node in schemes.items()}
        self.signals = {
            id: tuple(text_of(mapping(alarm), "signal") or "" for alarm in mapping(mapping(node).get("alarms")).values())
            for id, node in clocks.items()
        }
        self.clock_nodes = clocks
        self._clocks: dict[str, list[str]] = {}
        for id, node in clocks.items():
            self._clocks.setdefault(self.meant(_about(mapping(node), self.case_table)), []).append(id)
        self._granting: dict[str, dict[str, str]] = {}
        self._granted: dict[str, tuple[str, ...]] = {}
        self._outcome_labels: dict[str, dict[str, str]] = {}
        for id, node in self._section("decisions"):
            self._note_granted(id, mapping(node))
        self.labels = self._labels()
        self._types: dict[tuple[str, str], Type] = {}
        self._measures: dict[str, Expression] = {}
        self._misread: set[str] = set()  # measures in which something is wrong
        self._busy: set[tuple[str, str]] = set()
        self._spellings: dict[tuple[str, ...], Spellings] = {}
        self._labelled: dict[str, dict[str, str]] = {}
        self._formerly: dict[str, dict[str, str]] = {}
        self._lets: dict[str, WithLets] = {}
        self._parts = Parts()

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
            sight = self._lets_upon(WithLets(self.subject_names(), {}), mapping(node))
            self._measures[measure], faults = read(text or "", sight)
            self._misread.update((measure,) if faults else ())
            self._busy.discard(("measure", measure))
        return self._measures[measure].type.plain

    def out_of_place(self) -> frozenset[str]:
        """The standard measures that this book cannot take over as they stand: it uses the name or changed what they read."""
        others = ("tables", "events", "decisions", "schemes", "clocks", "settings", "lists")
        taken = {id for section in others for id in mapping(self.tree.get(section))}
        for measure in self._standard_measures:
            self.measure_type(measure)
        return frozenset(id for id in self._standard_measures if id in taken or id in self._misread)

    @cached_property
    def _standard_measures(self) -> tuple[str, ...]:
        """The measures that stand as in the standard vocabulary."""
        standard = standard_measures()
        return tuple(id for id, node in self._section("measures") if standard.get(id) == node)

    def measured(self, measure: str) -> Expression | None:
        """What a measure is worth; None while that is being read."""
        return self._measures.get(measure) if self.measure_type(measure) is not None else None

    def counts(self, *expressions: Expression) -> bool:
        """Whether any of these expressions counts records, itself or by a measure that it reads."""
        waiting, seen = list(expressions), set[str]()
        while waiting:
            for part in walk(waiting.pop()):
                if isinstance(part, (Aggregate, Streak)):
                    return True
                if isinstance(part, Name) and part.home == "measure" and part.id not in seen:
                    seen.add(part.id)
                    waiting.extend(filter(None, [self.measured(part.id)]))
        return False

    def find_type(self, section: str, id: str) -> None:
        """Work out what a measure or a decision's outcomes are, and keep it."""
        if section == "measures":
            self.measure_type(id)
        else:
            for outcome in self.granted(id):
                self.granted_type(id, outcome)

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
            self._types[key] = self._inferred_type(decision, outcome)
            self._busy.discard(key)
        return self._types[key]

    def labelled(self, table: str) -> Mapping[str, str]:
        """The columns of a table or event kind by their labels; of two that share one, the first."""
        if table not in self._labelled:
            labels = ((column.label, column.id) for column in reversed(list(own_columns(self, table).values())))
            self._labelled[table] = {folded(label): id for label, id in labels if label}
        return self._labelled[table]

    def formerly(self, table: str) -> Mapping[str, str]:
        """The columns whose standard label the book has replaced, by that label."""
        if table not in self._formerly:
            labels = ((column.also, column.id) for column in reversed(list(own_columns(self, table).values())))
            self._formerly[table] = {folded(label): id for label, id in labels if label}
        return self._formerly[table]

    def spellings(self, chain: tuple[str, ...]) -> Spellings:
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
                *self._words_of_python,
            )
            self._spellings[chain] = Spellings((*shared, *every_spelling(self, chain)))
        return self._spellings[chain]

    @cached_property
    def _words_of_python(self) -> tuple[str, ...]:
        """The facts of any table that are called by a word of Python (`from`): an aggregate sees those of its rows."""
        columns = (*(table.columns for table in self.tables.values()), *(kind.has for kind in self.events.values()))
        return tuple(name for seen in columns for name in seen if iskeyword(name))

    def subject_names(self) -> RowNames:
        """The names a measure may use: those of every table that is scored or decided about by period."""
        tables = dict.fromkeys(self.scheme_subjects.values()) | dict.fromkeys(self._standing_for("subject"))
        return RowNames(self, tuple(table for table in tables if table in self.tables), allows=SUBJECT)

    def row_names(self, table: str, *, allows: frozenset[str] = SUBJECT) -> RowNames:
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

    def can_be_about(self, id: str) -> bool:
        """Whether something can be about `id`: a table or a scheme."""
        return id in self.tables or id in self.scheme_subjects

    def meant(self, id: str) -> str:
        """The table or scheme that an id or, where an id is wanted, a label means: what follows from that slip is not told beside it."""
        if id in self.scheme_labels:
            return id
        return id_of_label(id, self.scheme_labels) or self.meant_table(id)

    def meant_table(self, id: str) -> str:
        """The table that an id, or a label in its place, means."""
        return id_of_label(id, self.table_labels) or id

    @cached_property
    def table_labels(self) -> Mapping[str, str]:
        """What each table is called."""
        return {id: table.label or "" for id, table in self.tables.items()}

    @cached_property
    def scheme_labels(self) -> Mapping[str, str]:
        """What each scheme is called."""
        return {id: text_of(mapping(node), "title") or "" for id, node in self._section("schemes")}

    def granted_to_none(self, name: str) -> bool:
        """Whether a name is an outcome, or its label, of a decision about what there is not: that is one fault, not one a name."""
        return any(
            not self.can_be_about(table) and (name in granted or name in self.outcome_labels(table))
            for table, granted in self._granting.items()
        )

    def runs_on_none(self, clock: str) -> bool:
        """Whether a name is a clock, or its label, about what there is not."""
        id = self.labels.get(clock, clock)
        return any(id in clocks and not self.can_be_about(table) for table, clocks in self._clocks.items())

    # -- reading

    def _check_labels_as_ids(self) -> set[tuple[str, str]]:
        """The entries under the label of another of their section: that one is meant, and what such a table says is taken as said of it."""
        mislabelled: set[tuple[str, str]] = set()
        for section in ("tables", "events", "settings", "measures", "clocks", "schemes", "lists"):
            entries = dict(self._section(section))
            labels = {id: text_of(mapping(node), "label") or text_of(mapping(node), "title") or "" for id, node in entries.items()}
            for name in entries:
                others = {id: label for id, label in labels.items() if id != name}
                id = id_of_label(name, others)
                if id is None:
                    continue
                what = Words(f"{short(name)} is the label of {id}", f"“{short(name)}”是 {id} 的标签")
                self.faults.add((section, name), what, hint=Words(f"write {id}", f"写作 {id}"))
                mislabelled.add((section, name))
                if section == "tables" and id in self.tables:
                    told = self.tables.pop(name)
                    self.tables[id] = replace(self.tables[id], columns={**self.tables[id].columns, **told.columns})
        return mislabelled

    def _section(self, name: str) -> list[tuple[str, Node]]:
        return list(mapping(self.tree.get(name)).items())

    def _note_granted(self, id: str, node: dict[str, Node]) -> None:
        about = self.meant(text_of(node, "about") or "")
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

    def _check_sight(self) -> None:
        """A table whose rows belong to ever more others is taken to belong to none."""
        for id, table in list(self.tables.items()):
            seen: set[str] = set()
            waiting = [id]
            while waiting and len(seen) <= MOST_IN_SIGHT:
                nearest = waiting.pop()
                if nearest not in seen:
                    seen.add(nearest)
                    waiting.extend(self.tables[nearest].of if nearest in self.tables else ())
            if len(seen) > MOST_IN_SIGHT:
                self.faults.add(("tables", id, "of"), too_many(MOST_IN_SIGHT, Words("tables that its rows belong to", "所属的表")))
                self.tables[id] = replace(table, of=())

    def granted(self, decision: str) -> tuple[str, ...]:
        """The names of a decision's outcomes, in the order they are first granted; no more than there may be."""
        if decision not in self._granted:
            node = mapping(mapping(self.tree.get("decisions")).get(decision))
            names: dict[str, None] = {}
            for rule in _rules_of(node):
                then = rule.get("then", "")
                names |= dict.fromkeys(then if isinstance(then, dict) else (decision,))
            names |= dict.fromkeys(mapping(node.get("outcomes")))
            if len(names) > MOST_OUTCOMES:
                self.faults.add(("decisions", decision), too_many(MOST_OUTCOMES, Words("outcomes", "结果")), hint=_IN_SEVERAL)
            self._granted[decision] = tuple(names)[:MOST_OUTCOMES]
        return self._granted[decision]

    def _inferred_type(self, decision: str, outcome: str) -> Type:
        node = mapping(mapping(self.tree.get("decisions")).get(decision))
        declared = mapping(node.get("outcomes")).get(outcome)
        if declared is not None:
            return build_column(outcome, declared, ("decisions", decision, "outcomes", outcome), self.faults).type
        about = self.meant(text_of(node, "about") or "")
        column = own_columns(self, about).get(outcome)
        if column is not None:
            return column.type
        literals: list[str] = []
        inferred: Type | None = None
        for expression, literal in self._granted_texts(node, decision, outcome):
            if literal is not None:
                literals.append(literal)
            elif expression == Constant(False, ANY):
                return ANY  # something is wrong with it
            elif expression is not None:
                kind = expression.type.plain
                inferred = kind if inferred is None else common_type(inferred, kind) or ANY
            else:
                inferred = LIST
        if len(set(literals)) > MOST_CHOICES:
            self.faults.add(("decisions", decision), too_many(MOST_CHOICES, Words("values that it grants", "给出的值")), hint=_IN_SEVERAL)
            return ANY
        self._check_alike(literals, decision)
        of_literals = _literal_type(literals)
        return inferred or ANY if of_literals is None else of_literals if inferred is None else common_type(inferred, of_literals) or ANY

    def _check_alike(self, literals: list[str], decision: str) -> None:
        """Literals that a slip alone can tell apart: true beside 是, one text in two widths."""
        truths = ("true", "false")
        answers = [literal for literal in literals if literal in _ANSWERS or (literal not in truths and folded(literal) in truths)]
        if answers and not set(truths).isdisjoint(map(folded, literals)):
            what = Words(f"true or false in one rule, {answers[0]} in another", f"有的规则写 true 或 false，有的写“{answers[0]}”")
            self.faults.add(self._place_of(answers[0], decision), what, hint=Words("write true or false in each", "都写 true 或 false"))
        folds: dict[str, str] = {}
        for literal in literals:
            if (other := folds.setdefault(folded(literal), literal)) != literal:
                what = Words(f"{literal!r} and {other!r} differ in width alone", f"“{literal}”与“{other}”只有全角半角之别")
                self.faults.add(self._place_of(literal, decision), what, hint=Words("write both alike", "请写成一样"))

    def _place_of(self, literal: str, decision: str) -> tuple[str, ...]:
        """The first rule of a decision that grants a literal."""
        rules = mapping(mapping(mapping(self.tree.get("decisions")).get(decision)).get("rules"))
        for key, rule in rules.items():
            then = mapping(rule).get("then")
            if literal == then or literal in mapping(then).values():
                return ("decisions", decision, "rules", key, "then")
        return ("decisions", decision)

    def _granted_texts(self, node: dict[str, Node], decision: str, outcome: str) -> list[tuple[Expression | None, str | None]]:
        """What each rule grants as an outcome: an expression, a literal's text, or neither where it is a list."""
        texts: list[tuple[Expression | None, str | None]] = []
        for rule in _rules_of(node):
            then = rule.get("then", "")
            worth = then.get(outcome) if isinstance(then, dict) else then if outcome == decision else None
            if isinstance(worth, str) and worth.startswith("="):
                texts.append((self._read(worth[1:], self._with_lets(decision, node, rule)), None))
            elif isinstance(worth, str) and worth:
                texts.append((None, worth))
            elif isinstance(worth, list):
                texts.append((None, None))
        return texts

    def _with_lets(self, decision: str, table: dict[str, Node], rule: dict[str, Node]) -> WithLets:
        """The names in sight of a rule; what is wrong with a `let:` is noted when the rule itself is read."""
        if decision not in self._lets:
            self._lets[decision] = self._lets_upon(WithLets(self.row_names(self.meant(text_of(table, "about") or "")), {}), table)
        return self._lets_upon(self._lets[decision], rule) if "let" in rule else self._lets[decision]

    def _lets_upon(self, above: WithLets, entry: dict[str, Node]) -> WithLets:
        lets = dict(above.lets)
        for name, text in list(mapping(entry.get("let")).items())[:MOST_LETS]:
            lets[name] = self._read(text if isinstance(text, str) else "", WithLets(above.base, dict(lets)))
        return WithLets(above.base, lets)

    def _read(self, text: str, sight: WithLets) -> Expression:
        """An expression for its type; once too much was read, whoever reads the entries says so."""
        if self._parts.spent():
            return Constant(False, ANY)
        expression = read(text, sight)[0]
        self._parts.take(expression)
        return expression

    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for section in ("settings", "measures", "clocks", "events", "tables", "schemes", "lists"):
            for id, node in self._section(section):
                label = text_of(mapping(node), "label") or text_of(mapping(node), "title")
                if label and not (section == "measures" and id in self._standard_measures):
                    labels.setdefault(folded(label), id)
        for id in self._standard_measures:  # last: what the book itself calls so goes by the label
            label = text_of(mapping(mapping(self.tree.get("measures"))[id]), "label")
            labels.setdefault(folded(label or id), id)
        return labels


def _rules_of(decision: Mapping[str, Node]) -> Iterator[dict[str, Node]]:
    """The rules of a decision, what is granted otherwise as the last."""
    yield from map(mapping, mapping(decision.get("rules")).values())
    if "otherwise" in decision:
        yield {"then": decision["otherwise"]}


def _about(entry: Mapping[str, Node], default: str) -> str:
    """What an entry is about; nothing where what it says has the wrong shape."""
    return text_of(entry, "about") or ("" if "about" in entry else default)


def _stated(convention: Node | None) -> str | None:
    """The value of a convention, written alone or with its source."""
    return text_of(convention, "value") if isinstance(convention, dict) else convention if isinstance(convention, str) else None


def _literal_type(literals: list[str]) -> Type | None:
    """Boolean where every literal is true or false, a number where all are numbers, else a choice of the values used."""
    if not literals:
        return None
    if set(literals) <= {"true", "false"}:
        return BOOLEAN
    if all(_NUMBER.fullmatch(literal) for literal in literals):
        return INTEGER if all(_WHOLE.fullmatch(literal) for literal in literals) else DECIMAL
    return Type("choice", tuple(Choice(literal, literal) for literal in dict.fromkeys(literals)))
