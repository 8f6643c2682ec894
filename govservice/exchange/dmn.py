"""DMN models read into a rulebook: decision tables and literal expressions; whatever else stands in a model is refused by name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import yaml

from govservice.errors import ExpressionError, Fault, RulebookError, Words
from govservice.exchange.feel import kind_of, read_expression, read_tests
from govservice.exchange.xml import MOST_BYTES, parse_xml
from govservice.plain_files import read_plain, system_says
from govservice.rules.rulebook import book_of

__all__ = ["Imported", "from_dmn"]

_TYPES: Final = {"string": "text", "number": "decimal", "boolean": "boolean"}
_HITS: Final = {"UNIQUE": "unique", "ANY": "any", "FIRST": "first", "PRIORITY": "first", "COLLECT": "collect", "RULE ORDER": "collect"}


class Imported:
    """What a model became: `yaml`, the text of a rulebook file; `names`, each DMN name with its name there; `refused`, what was left out.

    A decision that depends on a refused one is refused too.
    """

    def __init__(self, text: str, names: dict[str, str], refused: tuple[Fault, ...]) -> None:
        self.yaml = text
        self.names = names
        self.refused = refused


def _fault(name: str, en: str, zh: str, id: str | None = None) -> RulebookError:
    return RulebookError([Fault(Words(en, zh), file=name, id=id)])


def from_dmn(source: str | Path | bytes, *, table: str = "records") -> Imported:
    """A DMN 1.x model as the text of a rulebook: its inputs become the facts of one table, its decisions decisions about it.

    Taken: decision tables (UNIQUE, ANY, FIRST, PRIORITY, and COLLECT, RULE ORDER, OUTPUT ORDER of one output, not aggregated) and literal
    expressions, both in the FEEL of `feel.read_expression`; inputs of type string, number and boolean, and structures of them. Everything
    else is refused by name in `refused`, never left out silently. A missing fact is unknown here where FEEL has null.
    Raises RulebookError where it is no DMN model, MissingPackage without lxml.

    >>> model = b'''<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="Fees" namespace="n">
    ... <inputData name="Days Late"><variable name="Days Late" typeRef="number"/></inputData>
    ... <decision name="Fee" id="f"><literalExpression><text>5 * Days Late</text></literalExpression></decision></definitions>'''
    >>> print(from_dmn(model).yaml, end="")
    rulebook: fees
    tables:
      records:
        days_late:
          type: decimal
          label: Days Late
    decisions:
      fee:
        about: records
        hit: first
        label: Fee
        rules:
        - id: value
          then:
            fee: =(5 * days_late)
    """
    name = "model.dmn" if isinstance(source, bytes) else Path(source).name
    if isinstance(source, bytes):
        content = source
    else:
        try:
            content = read_plain(Path(source), MOST_BYTES)
        except (OSError, ValueError) as error:
            why = system_says(error)
            raise _fault(name, f"the model cannot be read: {why.en}", f"无法读取模型：{why.zh}") from None
    root = parse_xml(content, name)
    if _tag(root) != "definitions" or "omg.org/spec/DMN/" not in str(root.tag):
        raise _fault(name, "this is no DMN model", "不是 DMN 模型")
    return _Importing(root, name, table).all()


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _children(node: Any, tag: str) -> list[Any]:
    return [child for child in node if _tag(child) == tag]


def _only(node: Any, tag: str) -> Any:
    return next(iter(_children(node, tag)), None)


def _said(node: Any) -> str:
    text = _only(node, "text") if node is not None else None
    return "" if text is None else (text.text or "").strip()


class _Refused(Exception):
    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.words = Words(en, zh)


class _Importing:
    def __init__(self, root: Any, file: str, table: str) -> None:
        self.root = root
        self.file = file
        self.table = table
        self.refused: list[Fault] = []
        self.columns: dict[str, Any] = {}
        self.names: dict[str, tuple[str, str]] = {}  # DMN name -> (our name, FEEL type)
        self.ids: dict[str, str] = {}
        self.taken: set[str] = {table, "rows", "previous", *_standard_names()}
        self.items = {node.get("name"): node for node in _children(root, "itemDefinition")}

    def all(self) -> Imported:
        for node in _children(self.root, "inputData"):
            self.attempt(node.get("name") or "?", lambda node=node: self.input(node))
        for tag in ("businessKnowledgeModel", "decisionService", "import"):
            for node in _children(self.root, tag):
                self.refuse(node.get("name") or tag, f"a {tag} is not taken over", f"不支持 {tag}")
        decisions: dict[str, Any] = {}
        waiting = {str(node.get("id")): node for node in _children(self.root, "decision")}
        while waiting:
            ready = [id for id, node in waiting.items() if not any(other in waiting for other in self.required(node))]
            if not ready:
                for node in waiting.values():
                    self.refuse(node.get("name"), "decisions depend on each other in a circle", "决定互相依赖")
                break
            for id in ready:
                node = waiting.pop(id)
                entry = self.attempt(node.get("name") or "?", lambda node=node: self.decision(node))
                if entry is not None:
                    decisions[self.ids[node.get("name")]] = entry
        tree = {
            "rulebook": self.fresh(self.root.get("name") or "model", words=False),
            "tables": {self.table: self.columns or {"id": "text"}},
        }
        if decisions:
            tree["decisions"] = decisions
        text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=1000)
        return Imported(text, dict(self.ids), tuple(self.refused))

    def refuse(self, name: str, en: str, zh: str) -> None:
        self.refused.append(Fault(Words(en, zh), file=self.file, id=name))

    def attempt(self, name: str, work: Any) -> Any:
        try:
            return work()
        except _Refused as refused:
            self.refuse(name, refused.words.en, refused.words.zh)
        except ExpressionError as error:
            self.refuse(name, error.what.en, error.what.zh)
        return None

    def fresh(self, name: str, *, words: bool = True) -> str:
        """A name of the language for a DMN name, used once."""
        base = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").lower() or "x"
        base = base if base[0].isalpha() else f"n{base}"
        if not words:
            return base.replace("_", "-")
        number, found = 2, base
        while found in self.taken or found in _RESERVED:
            found, number = f"{base}_{number}", number + 1
        self.taken.add(found)
        return found

    def required(self, node: Any) -> list[str]:
        return [
            str(one.get("href")).removeprefix("#")
            for requirement in _children(node, "informationRequirement")
            for one in _children(requirement, "requiredDecision")
        ]

    def input(self, node: Any) -> None:
        variable = _only(node, "variable")
        self.fact(str(node.get("name")), variable.get("typeRef") if variable is not None else None, 0)

    def fact(self, name: str, type_: str | None, depth: int) -> None:
        kind = (type_ or "").rpartition(":")[2]
        item = self.items.get(kind)
        if item is not None and depth < 4:
            if item.get("isCollection") == "true":
                raise _Refused("a list as input is not taken over", "不支持列表输入")
            parts = _children(item, "itemComponent")
            for part in parts:
                own = _only(part, "typeRef")
                self.fact(f"{name}.{part.get('name')}", own.text.strip() if own is not None and own.text else None, depth + 1)
            if parts:
                return
            own = _only(item, "typeRef")
            self.fact(name, own.text.strip() if own is not None and own.text else None, depth + 1)
            return
        if kind not in _TYPES:
            raise _Refused(f"the type {kind or 'Any'} is not taken over", f"不支持类型 {kind or 'Any'}")
        ours = self.fresh(name)
        self.columns[ours] = {"type": _TYPES[kind], "label": name}
        self.ids[name] = ours
        self.names[name] = (ours, kind)

    def decision(self, node: Any) -> dict[str, Any]:
        name = str(node.get("name"))
        if _children(node, "knowledgeRequirement"):
            raise _Refused("it uses a businessKnowledgeModel", "它使用 businessKnowledgeModel")
        table, literal = _only(node, "decisionTable"), _only(node, "literalExpression")
        if table is not None:
            return self.decision_table(name, table)
        if literal is None:
            raise _Refused("it is neither a decision table nor a literal expression", "既非决策表，也非文字表达式")
        for expression in [literal]:
            language = expression.get("expressionLanguage")
            if language is not None and "FEEL" not in language.upper():
                raise _Refused(f"it is written in {language}", f"所用语言是 {language}")
        found = read_expression(_said(literal), self.names)
        kind = kind_of(_said(literal), self.names)
        ours = self.own_name(name, kind)
        return {"about": self.table, "hit": "first", "label": name, "rules": [{"id": "value", "then": {ours: f"={found}"}}]}

    def own_name(self, name: str, kind: str) -> str:
        ours = self.fresh(name)
        self.ids[name] = ours
        self.names[name] = (ours, kind)
        return ours

    def decision_table(self, name: str, table: Any) -> dict[str, Any]:
        policy, aggregation = table.get("hitPolicy", "UNIQUE"), table.get("aggregation")
        outputs = _children(table, "output")
        if aggregation is not None:
            raise _Refused(f"the aggregation {aggregation} is not taken over", f"不支持汇总 {aggregation}")
        if policy not in (*_HITS, "OUTPUT ORDER"):
            raise _Refused(f"the hit policy {policy} is not taken over", f"不支持命中策略 {policy}")
        hit = _HITS.get(policy, "collect")
        if hit == "collect" and len(outputs) != 1:
            raise _Refused("several outputs are collected together", "汇集多个输出")
        inputs = [self.input_of(one) for one in _children(table, "input")]
        kinds: list[str | None] = [None] * len(outputs)
        rules = [self.rule(number, node, inputs, kinds) for number, node in enumerate(_children(table, "rule"), 1)]
        if not rules:
            raise _Refused("it has no rules", "没有规则")
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            rules = self.by_priority(rules, outputs)
        ours = [self.output_name(name, one, kind or "string", alone=len(outputs) == 1) for one, kind in zip(outputs, kinds, strict=True)]
        entry: dict[str, Any] = {"about": self.table, "hit": hit, "label": name}
        entry["rules"] = [
            {"id": id} | ({"when": when} if when else {}) | {"then": dict(zip(ours, (_granted(cell) for cell in cells), strict=True))}
            for id, when, cells in rules
        ]
        defaults = [_said(_only(one, "defaultOutputEntry")) for one in outputs]
        if any(defaults):
            if hit == "collect" or not all(defaults):
                raise _Refused("a default for some outputs only, or of a collection", "只有部分输出有默认值，或汇集时有默认值")
            worths = [_granted(self.output(one, kinds, at)) for at, one in enumerate(defaults)]
            entry["otherwise"] = dict(zip(ours, worths, strict=True))
        if len(ours) > 1:
            self.ids[name] = self.fresh(name)
        return entry

    def output_name(self, decision: str, node: Any, kind: str, *, alone: bool) -> str:
        if alone:
            return self.own_name(decision, kind)
        return self.own_name(f"{decision}.{node.get('name') or node.get('label')}", kind)

    def input_of(self, node: Any) -> tuple[str, str]:
        text = _said(_only(node, "inputExpression"))
        return read_expression(text, self.names), kind_of(text, self.names)

    def rule(self, number: int, node: Any, inputs: list[tuple[str, str]], kinds: list[str | None]) -> tuple[str, str, list[str]]:
        entries = _children(node, "inputEntry")
        if len(entries) != len(inputs):
            raise _Refused(f"rule {number} has {len(entries)} cells for {len(inputs)} inputs", f"第 {number} 条规则的格数不对")
        tests = [read_tests(_said(entry), over, kind, self.names) for entry, (over, kind) in zip(entries, inputs, strict=True)]
        joined = [test for test in tests if test is not None]
        when = " and ".join(f"({test})" if len(joined) > 1 and " or " in test else test for test in joined)
        cells = _children(node, "outputEntry")
        if len(cells) != len(kinds):
            raise _Refused(f"rule {number} has {len(cells)} results for {len(kinds)} outputs", f"第 {number} 条规则的输出数不对")
        return f"r{number}", when, [self.output(_said(cell), kinds, at) for at, cell in enumerate(cells)]

    def output(self, text: str, kinds: list[str | None], at: int) -> str:
        found, kind = read_expression(text, self.names), kind_of(text, self.names)
        if kinds[at] not in (None, kind):
            raise _Refused("one output has several types", "同一输出有几种类型")
        kinds[at] = kind
        return found

    def by_priority(self, rules: list[tuple[str, str, list[str]]], outputs: list[Any]) -> list[tuple[str, str, list[str]]]:
        listed = [_quoted(_said(_only(one, "outputValues"))) for one in outputs]
        orders = [[part.strip() for part in parts if part.strip()] for parts in listed]

        def place(rule: tuple[str, str, list[str]]) -> tuple[int, ...]:
            places = []
            for cell, order in zip(rule[2], orders, strict=True):
                if order and cell not in order:
                    raise _Refused(f"{cell} is not among the output values", f"{cell} 不在输出值之列")
                places.append(order.index(cell) if order else 0)
            return tuple(places)

        if not any(orders):
            raise _Refused("priority without output values", "按优先次序，却没有列出输出值")
        return sorted(rules, key=place)


_RESERVED: Final = frozenset(
    {"and", "or", "not", "in", "if", "else", "true", "false", "is", "none", "known", "today", "on", "date", "count", "sum"}
)


def _standard_names() -> set[str]:
    """What the standard vocabulary calls its own: an imported decision must not stand in its place."""
    contents = book_of("standard").contents
    granted = {name for decision in contents.decisions.values() for name, _ in decision.outcomes}
    return {*contents.tables, *contents.decisions, *granted, *contents.settings, *contents.clocks}


def _granted(cell: str) -> str:
    return f"={cell}"


def _quoted(text: str) -> list[str]:
    return re.findall(r'"[^"]*"|[^,"]+', text)
