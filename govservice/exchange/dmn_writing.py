"""A decision written as a DMN 1.5 model: one decision table over the facts it reads; what FEEL does not say the same is refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from govservice.errors import DecisionError, Words
from govservice.exchange.xml import etree
from govservice.reading import shown
from govservice.rules import Rulebook
from govservice.rules.book.entries import Decision
from govservice.rules.language.shapes import (
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Constant,
    Expression,
    IfElse,
    ListOf,
    Membership,
    Name,
    Negate,
    Not,
    walk,
)
from govservice.rules.language.values import Type

__all__ = ["to_dmn"]

_MODEL: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
_FEEL: Final = "https://www.omg.org/spec/DMN/20230324/FEEL/"
_TYPES: Final = {"boolean": "boolean", "integer": "number", "decimal": "number", "text": "string", "choice": "string"}
_HITS: Final = {"first": "FIRST", "unique": "UNIQUE", "any": "ANY"}
_SIGNS: Final = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def to_dmn(book: Rulebook, decision: str) -> bytes:
    """A decision as a DMN 1.5 model, valid under its schema: of every complete record a DMN engine gives what the book gives.

    A condition on one fact stands in that fact's column, any other in a column of its own as a whole. With `otherwise` the policy is FIRST
    and the last row takes what is left. A book with dated rules is given as of a day (`book.on(day)`). Raises DecisionError, naming the
    rule, for what is not the same in FEEL: another decision, a clock, a setting, records, dates, lists, division, functions, `collect`;
    MissingPackage without lxml.

    >>> from govservice import load_rulebook
    >>> b"decisionTable" in to_dmn(load_rulebook("kunshan").on("2026-11-20"), "complaint_answer")
    True
    """
    entry = book.decisions.get(decision)
    if entry is None:
        raise DecisionError(Words(f"{book.id} has no decision {shown(decision)}", f"{book.id} 没有“{decision}”这个决定"))
    return _Writing(book, entry).model()


class _Writing:
    def __init__(self, book: Rulebook, entry: Decision) -> None:
        self.book = book
        self.entry = entry
        self.rule = entry.id
        self.reads: dict[str, Type] = {}
        self.columns: dict[str, str] = {}  # the expression of each column -> its type

    def refused(self, en: str, zh: str) -> DecisionError:
        place = self.entry.id if self.rule == self.entry.id else f"{self.entry.id}.{self.rule}"
        return DecisionError(Words(f"DMN cannot say this the same: {en}", f"DMN 写不出同样的意思：{zh}"), id=place)

    def model(self) -> bytes:
        lxml = etree()
        entry = self.entry
        if self.book.dated:
            raise self.refused("it is dated; give book.on(day)", "有起止日期；请用 book.on(日期)")
        if entry.hit == "collect":
            raise self.refused("it collects outcomes", "是汇集（collect）的")
        outcomes = list(dict(entry.outcomes))
        rows = [self.row(rule.id, (entry.when, rule.when), dict(rule.then), outcomes) for rule in entry.rules]
        if entry.otherwise is not None:
            rows.append(self.row("otherwise", (entry.when,), dict(entry.otherwise), outcomes))
        self.rule = entry.id
        if not self.columns:
            raise self.refused("it reads no fact", "没有读任何事实")
        root = lxml.Element(f"{{{_MODEL}}}definitions", nsmap={None: _MODEL})
        for key, value in {
            "id": "model", "name": self.book.id, "namespace": f"urn:govservice:{self.book.id}:{entry.id}",
            "expressionLanguage": _FEEL, "typeLanguage": _FEEL,
        }.items():  # fmt: skip
            root.set(key, value)
        self.decision(_under(root, "decision", id=f"decision_{entry.id}", name=entry.id, label=entry.label or entry.id), outcomes, rows)
        for name, kind in self.reads.items():
            data = _under(root, "inputData", id=f"input_{name}", name=name, label=self.label(name))
            _under(data, "variable", id=f"variable_{name}", name=name, typeRef=_TYPES[kind.kind])
        return bytes(lxml.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))

    def label(self, name: str) -> str:
        column = self.book.contents.tables[self.entry.about].columns.get(name)
        return column.label or name if column is not None else name

    def decision(self, node: Any, outcomes: list[str], rows: list[tuple[str, dict[str, str], list[str]]]) -> None:
        entry = self.entry
        types = {name: _TYPES[kind.kind] for name, kind in entry.outcomes if kind.kind in _TYPES}
        alone = len(outcomes) == 1
        variable = {"typeRef": types.get(outcomes[0], "Any")} if alone else {}
        _under(node, "variable", id=f"variable_decision_{entry.id}", name=entry.id, **variable)
        for name in self.reads:
            requirement = _under(node, "informationRequirement", id=f"requires_{name}")
            _under(requirement, "requiredInput", href=f"#input_{name}")
        hit = "FIRST" if entry.otherwise is not None else _HITS[entry.hit]
        table = _under(node, "decisionTable", id=f"table_{entry.id}", hitPolicy=hit, outputLabel=entry.id)
        for number, (text, kind) in enumerate(self.columns.items(), 1):
            column = _under(table, "input", id=f"column_{number}")  # a label here is a name to some engines
            expression = _under(column, "inputExpression", id=f"expression_{number}", typeRef=kind)
            _under(expression, "text").text = text
        for name in outcomes:
            named = {} if alone else {"name": name}  # the output of a decision that has one alone goes by the decision's name
            _under(table, "output", id=f"output_{name}", label=name, typeRef=types.get(name, "Any"), **named)
        for number, (id, cells, granted) in enumerate(rows, 1):
            rule = _under(table, "rule", id=f"rule_{number}")
            _under(rule, "description").text = id
            for at, text in enumerate(self.columns, 1):
                _under(_under(rule, "inputEntry", id=f"cell_{number}_{at}"), "text").text = cells.get(text, "-")
            for at, text in enumerate(granted, 1):
                _under(_under(rule, "outputEntry", id=f"result_{number}_{at}"), "text").text = text

    def row(
        self, id: str, conditions: Sequence[Expression | None], then: dict[str, Expression], outcomes: list[str]
    ) -> tuple[str, dict[str, str], list[str]]:
        self.rule = id
        cells: dict[str, str] = {}
        for part in (part for condition in conditions if condition is not None for part in _conjuncts(condition)):
            for inner in walk(part):
                self.check(inner)
            column, kind, cell = self.cell(part)
            if column in cells and cells[column] != cell:
                column, kind, cell = self.feel(part), "boolean", "true"
            self.columns.setdefault(column, kind)
            cells[column] = cell
        for inner in (inner for worth in then.values() for inner in walk(worth)):
            self.check(inner)
        return id, cells, [self.feel(then[name]) if name in then else "null" for name in outcomes]

    def check(self, part: Expression) -> None:
        if isinstance(part, Name):
            if part.home != "column" or part.granted_by is not None:
                raise self.refused(f"it reads {part.id}, which is no fact of the record", f"所读的 {part.id} 不是记录里的事实")
            if part.type.kind not in _TYPES:
                raise self.refused(f"it reads {part.id}, which is {part.type.kind}", f"所读的 {part.id} 是 {part.type.kind}")
            self.reads[part.id] = part.type

    def cell(self, part: Expression) -> tuple[str, str, str]:
        """The column, its type and the cell of one condition."""
        match part:
            case Name(id):
                return id, "boolean", "true"
            case Not(Name(id)):
                return id, "boolean", "false"
            case Compare(op, Name(id) as name, Constant() as constant) if name.type.kind != "boolean":
                return id, _TYPES[name.type.kind], self.test(op, constant)
            case Compare(op, Constant() as constant, Name(id) as name) if name.type.kind != "boolean":
                return id, _TYPES[name.type.kind], self.test(_MIRRORED[op], constant)
            case Compare(op, Name(id) as name, Name(other) as right) if (
                op not in ("==", "!=") and name.type.is_number and right.type.is_number
            ):
                return id, "number", f"{op}{other}"
            case Membership(Name(id) as name, ListOf(options)) if options and all(isinstance(option, Constant) for option in options):
                return id, _TYPES[name.type.kind], ",".join(self.feel(option) for option in options)
            case _:
                return self.feel(part), "boolean", "true"

    def test(self, op: str, constant: Constant) -> str:
        value = self.feel(constant)
        return value if op == "==" else f"not({value})" if op == "!=" else f"{op}{value}"

    def feel(self, of: Expression) -> str:
        match of:
            case Constant(bool() as value):
                return str(value).lower()
            case Constant(int() | Fraction() as value):
                return self.number(Fraction(value))
            case Constant(str() as value):
                if '"' in value or "\\" in value or "\n" in value:
                    raise self.refused("a text has a quotation mark in it", "文字里有引号")
                return f'"{value}"'
            case Name(id):
                return id
            case Not(x):
                return f"not({self.feel(x)})"
            case AllOf(parts):
                return f"({' and '.join(self.feel(part) for part in parts)})"
            case AnyOf(parts):
                return f"({' or '.join(self.feel(part) for part in parts)})"
            case Compare(op, left, right):
                return f"({self.feel(left)} {_SIGNS[op]} {self.feel(right)})"
            case Membership(item, ListOf(options)) if options:
                return f"({' or '.join(f'{self.feel(item)} = {self.feel(option)}' for option in options)})"
            case Arithmetic("+" | "-" | "*" as op, left, right, Type(kind="integer" | "decimal")):
                return f"({self.feel(left)} {op} {self.feel(right)})"
            case Negate(x):
                return f"(-{self.feel(x)})"
            case IfElse(condition, yes, no):
                return f"(if {self.feel(condition)} then {self.feel(yes)} else {self.feel(no)})"
            case _:
                raise self.refused(f"it needs {type(of).__name__}", f"它用到 {type(of).__name__}")

    def number(self, value: Fraction) -> str:
        digits = 0
        while (value * 10**digits).denominator != 1:
            digits += 1
            if digits > 30:
                raise self.refused("a number has no end", "有除不尽的数")
        whole = f"{abs(int(value * 10**digits)):0{digits + 1}}"
        text = f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole
        return f"-{text}" if value < 0 else text


def _conjuncts(of: Expression) -> list[Expression]:
    return [inner for part in of.of for inner in _conjuncts(part)] if isinstance(of, AllOf) else [of]


def _under(parent: Any, tag: str, **attributes: str) -> Any:
    return etree().SubElement(parent, f"{{{_MODEL}}}{tag}", attributes)
