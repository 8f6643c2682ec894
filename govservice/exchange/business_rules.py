"""Whole decisions as the business-rules package runs them, both ways: rules, variables and actions of one decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from govservice.errors import DecisionError, ExpressionError, Words
from govservice.frozen import freeze
from govservice.reading import shown
from govservice.rules import Rulebook
from govservice.rules.book.entries import Decision
from govservice.rules.exchange.business_rules import to_tree
from govservice.rules.language.shapes import Compare, Constant, Expression, ListOf, Name, walk
from govservice.rules.language.values import Type, reported

__all__ = ["BusinessRules", "from_business_rules", "to_business_rules"]

_PLAIN: Final = ("boolean", "integer", "decimal", "text", "choice")
_FIELDS: Final = {"boolean": "FIELD_TEXT", "integer": "FIELD_NUMERIC", "decimal": "FIELD_NUMERIC"}


@dataclass(frozen=True, slots=True)
class BusinessRules:
    """One decision for the package: its `rules` for `run_all(.., stop_on_first_trigger=True)`, the names and types that they read,
    and what they grant.

    `variables(record)` and `actions()` are what `run_all` takes beside the rules; `data()` is what its rule editor shows.
    """

    decision: str
    rules: tuple[Mapping[str, Any], ...]
    reads: Mapping[str, Type]
    grants: Mapping[str, Type]
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        freeze(self)

    def to_json(self) -> list[dict[str, Any]]:
        """The rules as plain lists and mappings, for `json.dumps`."""
        return [{key: _plain(value) for key, value in rule.items()} for rule in self.rules]

    def variables(self, record: Mapping[str, Any]) -> Any:
        """A complete record as the package's variables."""
        return self._variables()(record)

    def actions(self) -> Any:
        """Actions that keep what a rule grants in their `granted`, by outcome."""
        return self._actions()()

    def data(self) -> dict[str, Any]:
        """What the package's own `export_rule_data` says of the decision's variables and actions."""
        from business_rules.utils import export_rule_data

        return dict(export_rule_data(self._variables(), self._actions()))

    def _variables(self) -> Any:
        from business_rules import variables

        kinds = {
            "boolean": variables.boolean_rule_variable,
            "integer": variables.numeric_rule_variable,
            "decimal": variables.numeric_rule_variable,
            "list": variables.select_multiple_rule_variable,
        }

        def method(name: str, kind: Type) -> Any:
            def value(self: Any) -> Any:
                return self.record[name]

            value.__name__ = name
            label = self.labels.get(name, name)
            if kind.kind == "list":
                return kinds["list"](label=label, options=[])(value)
            return kinds.get(kind.kind, variables.string_rule_variable)(label=label)(value)

        def begin(self: Any, record: Mapping[str, Any]) -> None:
            self.record = record

        return type(
            "Variables", (variables.BaseVariables,), {"__init__": begin} | {name: method(name, kind) for name, kind in self.reads.items()}
        )

    def _actions(self) -> Any:
        from business_rules import actions, fields

        def method(name: str, kind: Type) -> Any:
            def grant(self: Any, value: Any) -> None:
                self.granted[name] = value

            grant.__name__ = f"grant_{name}"
            field = getattr(fields, _FIELDS.get(kind.kind, "FIELD_TEXT"))
            return actions.rule_action(label=self.labels.get(name, name), params={"value": field})(grant)

        def begin(self: Any) -> None:
            self.granted = {}

        methods = {f"grant_{name}": method(name, kind) for name, kind in self.grants.items()}
        return type("Actions", (actions.BaseActions,), {"__init__": begin} | methods)


def to_business_rules(book: Rulebook, decision: str) -> BusinessRules:
    """A decision for the business-rules package: of every complete record `run_all` grants what the book grants.

    A book with dated rules is given as of a day (`book.on(day)`). Raises DecisionError, naming the rule, for what the package cannot say: a
    collected or worked-out outcome, a condition that reads another decision, a clock, a setting, records or two facts at once, a text
    compared otherwise than as a whole, a number equal to a fraction (the package takes a millionth for nothing).

    >>> from govservice import load_rulebook
    >>> exported = to_business_rules(load_rulebook("kunshan").on("2026-11-20"), "complaint_answer")
    >>> exported.to_json()[0]["actions"]
    [{'name': 'grant_complaint_answer', 'params': {'value': '口头为主'}}]
    """
    entry = book.decisions.get(decision)
    if entry is None:
        raise DecisionError(Words(f"{book.id} has no decision {shown(decision)}", f"{book.id} 没有“{decision}”这个决定"))
    return _Exporting(book, entry).all()


class _Exporting:
    def __init__(self, book: Rulebook, entry: Decision) -> None:
        self.book = book
        self.entry = entry
        self.reads: dict[str, Type] = {}

    def all(self) -> BusinessRules:
        entry = self.entry
        if self.book.dated:
            raise self.refused(entry.id, "is dated", "有起止日期", Words("give book.on(day)", "请用 book.on(日期)"))
        if entry.hit == "collect":
            raise self.refused(entry.id, "collects outcomes", "是汇集（collect）的")
        trees = [(rule.id, [part for part in (entry.when, rule.when) if part is not None], rule.then) for rule in entry.rules]
        if entry.otherwise is not None:
            trees.append(("otherwise", [entry.when] if entry.when is not None else [], entry.otherwise))
        conditions = [(id, self.conditions(id, parts), then) for id, parts, then in trees]
        rules = [
            {"id": id, "conditions": {"all": parts or [self.always(id)]}, "actions": [self.action(id, name, worth) for name, worth in then]}
            for id, parts, then in conditions
        ]
        table = self.book.contents.tables[entry.about]
        labels = {name: column.label or name for name, column in table.columns.items()} | dict(entry.labels)
        return BusinessRules(entry.id, tuple(rules), self.reads, dict(entry.outcomes), labels)

    def refused(self, id: str, en: str, zh: str, hint: Words = Words("", "")) -> DecisionError:  # noqa: B008 - a constant
        place = self.entry.id if id == self.entry.id else f"{self.entry.id}.{id}"
        return DecisionError(Words(f"business-rules cannot say this: it {en}", f"business-rules 写不出：{zh}"), hint=hint, id=place)

    def conditions(self, id: str, parts: Sequence[Expression]) -> list[dict[str, Any]]:
        for part in parts:
            for inner in walk(part):
                self.name(id, inner)
        try:
            return [to_tree(part) for part in parts]
        except ExpressionError as error:
            raise DecisionError(error.what, why=error.why, hint=error.hint, id=f"{self.entry.id}.{id}") from None

    def name(self, id: str, part: Expression) -> None:
        if isinstance(part, Compare) and part.op == "==" and part.left.type.kind == "decimal":
            raise self.refused(
                id, "asks whether a decimal is equal, less than a millionth apart or not", "问小数是否相等，它却不计百万分之一"
            )
        if not isinstance(part, Name):
            return
        if part.home != "column" or part.granted_by is not None:
            raise self.refused(id, f"reads {part.id}, which is no fact of the record", f"所读的 {part.id} 不是记录里的事实")
        if part.type.kind not in (*_PLAIN, "list"):
            raise self.refused(id, f"reads {part.id}, which is {part.type.kind}", f"所读的 {part.id} 是 {part.type.kind}")
        self.reads[part.id] = part.type

    def always(self, id: str) -> dict[str, Any]:
        """A condition that always holds: the package has none without a fact."""
        for name, kind in self.reads.items():
            if kind.kind == "boolean":
                return {"any": [{"name": name, "operator": word, "value": ""} for word in ("is_true", "is_false")]}
            if kind.is_number:
                return {"any": [{"name": name, "operator": word, "value": 0} for word in ("greater_than_or_equal_to", "less_than")]}
        raise self.refused(id, "has no condition, and no number or boolean is read beside it", "没有条件，又没有数或是否可读")

    def action(self, id: str, name: str, worth: Expression) -> dict[str, Any]:
        if isinstance(worth, ListOf) or not isinstance(worth, Constant) or worth.type.kind not in _PLAIN:
            raise self.refused(id, f"grants {name}, which is worked out or no plain value", f"所给的 {name} 要计算，或不是简单的值")
        value = reported(worth.value)
        return {"name": f"grant_{name}", "params": {"value": value if isinstance(value, (bool, int, str)) else float(value)}}  # type: ignore[arg-type]


def from_business_rules(rules: Sequence[Mapping[str, Any]], *, about: str) -> dict[str, Any]:
    """Rules that stop at the first that fires, as a decision about a table: `book.amend({"decisions.x": from_business_rules(..)})`.

    An action `grant_x` with `value` grants the outcome x; the conditions stay as they are, and are read when the book is. Rules
    without an id are numbered: r1, r2.
    Raises DecisionError for rules of another shape, naming the rule.

    >>> rules = [{"conditions": {"all": [{"name": "simple", "operator": "is_true", "value": ""}]},
    ...           "actions": [{"name": "grant_kind", "params": {"value": "instant"}}]}]
    >>> from_business_rules(rules, about="items")["rules"][0]["then"]
    {'kind': 'instant'}
    """
    if not isinstance(rules, (list, tuple)) or not rules:
        raise DecisionError(Words("rules is a list of {conditions, actions}", "应为 {conditions, actions} 的列表"))
    return {"about": about, "hit": "first", "rules": [_read(rule, f"r{number}") for number, rule in enumerate(rules, 1)]}


def _read(rule: Any, number: str) -> dict[str, Any]:
    if not isinstance(rule, Mapping) or not {"conditions", "actions"} <= set(rule) <= {"id", "conditions", "actions"}:
        raise DecisionError(Words("a rule is {conditions, actions}", "规则应为 {conditions, actions}"), id=number)
    id = str(rule.get("id", number))
    granted: dict[str, Any] = {}
    actions = rule["actions"]
    if not isinstance(actions, (list, tuple)) or not actions or not isinstance(rule["conditions"], Mapping):
        raise DecisionError(Words("a rule has conditions and a list of actions", "规则要有条件，和动作的列表"), id=id)
    for action in actions:
        name = action.get("name") if isinstance(action, Mapping) else None
        params = action.get("params") if isinstance(action, Mapping) else None
        if not isinstance(name, str) or not name.startswith("grant_") or not isinstance(params, Mapping) or set(params) != {"value"}:
            hint = Words('{name: "grant_x", params: {value: ..}}', "写作 {name: grant_x, params: {value: ..}}")
            raise DecisionError(Words(f"the action {shown(name)} grants no outcome", f"动作 {shown(name)} 没有给出结果"), hint=hint, id=id)
        if name.removeprefix("grant_") in granted:
            raise DecisionError(Words(f"{shown(name)} stands twice", f"{shown(name)} 出现两次"), id=id)
        granted[name.removeprefix("grant_")] = params["value"]
    return {"id": id, "when": _plain(rule["conditions"]), "then": granted}


def _plain(tree: Any) -> Any:
    if isinstance(tree, Mapping):
        return {str(key): _plain(part) for key, part in tree.items()}
    return [_plain(part) for part in tree] if isinstance(tree, (list, tuple)) else tree
