"""A decision as Python source, for rows that say plainly what it reads; every other row is left to the interpreter.

No text of a rulebook becomes code: names are numbered, and every constant and key goes in beside the source. A value that is missing, none
or open, a form without a rule here, or whatever an operator refuses: the answer is `ASK`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple, NoReturn, cast

from govservice.errors import RecordError
from govservice.rules.book.entries import Decision, Rule
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.functions import FUNCTIONS, NOWHERE
from govservice.rules.language.shapes import (
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Expression,
    IfElse,
    InList,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    Tiers,
)
from govservice.rules.language.values import Interval, Nothing, Type, Unknown, Value
from govservice.rules.meaning.evaluation import by_name, calculated, texts_of
from govservice.rules.meaning.plan import Plan, Planned, Read, ValueFrom

__all__ = ["ASK", "UNREAD", "Answers", "Code", "written_out"]

ASK: Final = None
"""What generated code answers where it cannot say: the interpreter is to be asked."""


class _Unread:
    """In place of a value that was not asked for."""


UNREAD: Final = _Unread()
_LARGEST: Final = 2**62  # a whole number within it is read as it is
_MOST_PARTS: Final = 20_000  # of one decision, with those that it reads written out wherever they may be read first
_NUMBERS: Final = ("integer", "decimal")
_TEXTS: Final = ("text", "choice")
_PURE: Final = frozenset(
    (
        "abs", "floor", "ceil", "round", "contains", "starts_with", "weekday", "month_end", "add_days", "add_months", "days", "time",
        "minutes", "hours",
    )
)  # fmt: skip
_OPERATORS: Final = frozenset(("==", "!=", "<", "<=", ">", ">="))


class _Ask(Exception):
    """The interpreter is to be asked."""


class _TooLong(Exception):
    """A decision that comes to too much code."""


class Code(NamedTuple):
    """A decision written out. `source` defines `decided(F)` of a dictionary of facts by id, run with `names` beside it.

    It gives `ASK`, or which rules hold (under `first` the number of the one that settled it, -1 for none; else a bit for each; -2 where the
    table does not apply), what the settling rule grants where that is worked out (else None), and the values of the names in `reads`.
    """

    source: str
    names: Mapping[str, Any]
    reads: tuple[str, ...]
    worked_out: bool

    def made(self) -> Callable[[Any], Any]:
        """The function itself."""
        names = dict(self.names)
        exec(compile(self.source, "<a decision>", "exec"), names)
        return cast("Callable[[Any], Any]", names["decided"])


class Answers(NamedTuple):
    """What generated code gives at once: `of` a rule (by its number, as in `Code`); what `other` gives of the facts in place of `ASK`, and
    where one of them goes by its label.
    """

    of: Callable[[int], Any]
    other: Callable[[Any], Any]
    labels: frozenset[str]


def written_out(plan: Plan, answers: Answers | None = None) -> Code | None:
    """The decision of a plan as Python; None where too much code would come of it, or what its rules grant together is worked out.

    With `answers` the function gives those, and only tables of the hit policy `first` that grant constants are written out.
    """
    try:
        return _Writer(plan, answers).whole()
    except _TooLong:
        return None


def _ask(*_: object) -> NoReturn:
    raise _Ask


def _settled(value: Any) -> Any:
    """A value that is neither open nor none."""
    if isinstance(value, (Unknown, Nothing, Interval)):
        raise _Ask
    return value


def _reader(id: str, kind: Type, default: Value | None) -> Callable[[Any], Any]:
    """What reads a raw value that is not plainly of its type; an absent one is the default, if there is one."""

    def read(raw: Any) -> Any:
        if absent(raw):
            if default is None:
                raise _Ask
            return _settled(default)
        try:
            value = _settled(read_fact(id, raw, kind))
        except RecordError:
            raise _Ask from None  # the interpreter says what is wrong
        if kind.kind == "date" and type(value) is not date:
            raise _Ask
        return value

    return read


def _computed(op: str, left: Any, right: Any) -> Any:
    return _settled(calculated(op, left, right))


def _stepped(value: Any, steps: tuple[tuple[Any, Any], ...]) -> Any:
    reached = [step for step in steps if step[0] <= value]
    return max(reached, key=lambda step: step[0])[1] if reached else 0


class _Writer:
    """ValueFrom as it is written: which names have surely been read here, which may have been."""

    def __init__(self, plan: Plan, answers: Answers | None) -> None:
        self.plan = plan
        self.answers = answers
        self.names: dict[str, Any] = {"A": _ask, "U": UNREAD, "P": _settled, "C": _computed, "N": NOWHERE, "date": date}
        self.constants: dict[tuple[type, int], str] = {}
        self.kept: list[object] = []  # whose ids are keys above
        self.places = {id: place for place, id in enumerate(plan.reads)}
        self.steps = {step.decision.id: step for step in plan.steps}
        self.sure: frozenset[str] = frozenset()
        self.may: frozenset[str] = frozenset()
        self.begun: set[str] = set()  # locals that hold UNREAD from the start
        self.parts = 0
        self.temporary = 0

    # -- the function

    def whole(self) -> Code | None:
        step = self.plan.asked
        decision = step.decision
        worked_out = not all(isinstance(worth, Constant) for granted in _grants(decision) for _, worth in granted)
        if (worked_out and (decision.hit != "first" or self.answers is not None)) or (decision.hit != "first" and self.answers is not None):
            return None
        body = self._body(step, worked_out=worked_out)
        lines = ["def decided(F):"]
        if self.answers is not None:
            lines.append("    if F.__class__ is not dict or not L(F): return O(F)")
            self.names |= {"O": self.answers.other, "L": self.answers.labels.isdisjoint}
        if self.begun:
            lines.append(f"    {' = '.join(sorted(self.begun))} = U")
        lines += ["    try:", *(f"        {line}" for line in body), "    except Exception: pass"]
        lines.append(f"    return {'None' if self.answers is None else 'O(F)'}")
        return Code("\n".join(lines), self.names, tuple(self.plan.reads), worked_out)

    def _body(self, step: Planned, *, worked_out: bool) -> list[str]:
        decision = step.decision
        if not step.applies:
            return [self._return(self.constant(-2), -2)]
        lines: list[str] = []
        if decision.when is not None:
            lines.append(f"if not ({self.truth(decision.when)}): {self._return(self.constant(-2), -2)}")
        if decision.hit != "first":
            return [*lines, "held = 0", *self._every(decision.rules), self._return("held", 0)]
        for number, rule in enumerate(decision.rules):
            if rule.when is None:
                return [*lines, self._granting(rule.then, decision, number, worked_out=worked_out)]
            condition = self.truth(rule.when)
            before = self.sure, self.may
            lines.append(f"if {condition}: {self._granting(rule.then, decision, number, worked_out=worked_out)}")
            self.sure, self.may = before
        return [*lines, self._granting(decision.otherwise, decision, -1, worked_out=worked_out)]

    def _every(self, rules: tuple[Rule, ...]) -> list[str]:
        lines = []
        for number, rule in enumerate(rules):
            bit = self.constant(1 << number)
            lines.append(f"held |= {bit}" if rule.when is None else f"if {self.truth(rule.when)}: held |= {bit}")
        return lines

    def _granting(self, then: tuple[tuple[str, Expression], ...] | None, decision: Decision, number: int, *, worked_out: bool) -> str:
        values = "None"
        if worked_out and then is not None:
            granted = dict(then)
            worths = [self._worth(granted[name]) for name, _ in decision.outcomes if name in granted]
            values = f"({''.join(f'{worth}, ' for worth in worths)})"
        return self._return(self.constant(number), number, values)

    def _worth(self, of: Expression) -> str:
        """What a rule grants: none, too, where it says so."""
        return self.constant(of.value) if isinstance(of, Constant) and not isinstance(of.value, Unknown) else self.value(of)

    def _return(self, code: str, number: int, values: str = "None") -> str:
        if self.answers is not None:
            return f"return {self.constant(self.answers.of(number))}"
        if values != "None":
            return f"G = {values}; return ({code}, G, {self._reads()})"
        return f"return ({code}, None, {self._reads()})"

    def _reads(self) -> str:
        """The values of all names that were read here."""
        for id in self.may - self.sure:
            self.begun.add(self.local(id))
        return f"({''.join(f'{self.local(id)}, ' if id in self.may else 'U, ' for id in self.plan.reads)})"

    # -- names, constants

    def constant(self, value: object) -> str:
        """The name of a constant beside the source."""
        key = type(value), id(value)
        if key not in self.constants:
            self.constants[key] = f"k{len(self.constants)}"
            self.names[self.constants[key]] = value
            self.kept.append(value)
        return self.constants[key]

    def local(self, id: str) -> str:
        return f"v{self.places[id]}"

    def _another(self) -> str:
        self.temporary += 1
        return f"t{self.temporary}"

    def name(self, name: Name, *, truth: bool = False) -> str:
        """The value of a name, read where it is first asked for."""
        read = self.plan.reads[name.id]
        if not read.alone or not read.sources:
            return "A()"
        local = self.local(name.id)
        if name.id in self.sure:
            return local
        again, before = name.id in self.may, self.sure
        first = self._first_read(read, local, truth=truth and not again)
        self.sure = (before if again else self.sure) | {name.id}
        self.may |= {name.id}
        if again:
            self.begun.add(local)
            return f"({local} if {local} is not U else {first})"
        return first

    def _first_read(self, read: Read, local: str, *, truth: bool) -> str:
        sources = [source for source in read.sources if source.origin != "around"]
        if len(sources) < len(read.sources):
            return "A()"
        recorded = bool(sources) and sources[0].origin == "recorded"
        others = sources[1:] if recorded else sources
        default = next((source.value for source in others if source.origin == "default"), None)
        worked = [source for source in others if source.origin != "default"]
        if not recorded:
            return f"({local} := {self._worked(worked, read.name)})"
        key = self.constant(read.name.id)
        reader = self.constant(_reader(read.name.id, read.name.type, default))
        if worked:
            raw = self._another()
            before = self.sure
            stands = self._worked(worked, read.name)
            self.sure = before  # where something is recorded, nothing of that is read
            said = self._plainly(read.name.type, local, raw, reader, truth=truth)
            return f"({said} if ({raw} := F.get({key})) is not None else ({local} := {stands}))"
        raw = f"F[{key}]" if default is None else f"F.get({key})"
        return self._plainly(read.name.type, local, raw, reader, truth=truth)

    def _plainly(self, kind: Type, local: str, raw: str, reader: str, *, truth: bool) -> str:
        """A raw value that is plainly of its type as it is; any other as it is read."""
        if kind.kind == "boolean":
            if truth:
                return f"(({local} := {raw}) is True or {local} is not False and ({local} := {reader}({local})))"
            return f"({local} if ({local} := {raw}) is True or {local} is False else ({local} := {reader}({local})))"
        if kind.kind in _NUMBERS and kind.low is None and kind.high is None:
            low, high = self.constant(-_LARGEST), self.constant(_LARGEST)
            return f"({local} if ({local} := {raw}).__class__ is int and {low} < {local} < {high} else ({local} := {reader}({local})))"
        if kind.kind == "date":
            return f"({local} if ({local} := {raw}).__class__ is date else ({local} := {reader}({local})))"
        if kind.kind == "choice":
            texts = {text: text for text in (one.name for one in kind.choices) if text == text.strip() and text not in kind.none}
            plain = {text: name for text in texts if (chosen := kind.choice(text)) is not None and (name := chosen.name)}
            return f"(({local} := {self.constant(plain)}.get({local} := {raw})) or ({local} := {reader}({raw})))"
        return f"({local} := {reader}({raw}))"

    def _worked(self, sources: list[ValueFrom], name: Name) -> str:
        """What stands where nothing is recorded."""
        if not sources:
            return "A()"
        source = sources[0]
        match source.origin:
            case "setting" if source.value is not None:
                return self._standing(source.value, name.type)
            case "measured" if source.expression is not None:
                return self.value(source.expression)
            case "decided" if source.decision is not None:
                return self._decided(self.steps[source.decision], name)
            case _:
                return "A()"

    def _standing(self, value: Value, kind: Type) -> str:
        """A value that is no row's."""
        plain = not isinstance(value, (Unknown, Nothing, Interval)) and (kind.kind != "date" or type(value) is date)
        return self.constant(value) if plain else "A()"

    def _decided(self, step: Planned, name: Name) -> str:
        """An outcome of another decision, its table read in place."""
        decision = step.decision
        constants = all(isinstance(worth, Constant) for granted in _grants(decision) for _, worth in granted)
        if not step.applies or decision.hit != "first" or not constants:
            return "A()"
        wanted = [] if decision.when is None else [f"A() if not ({self.truth(decision.when)}) else "]
        sure = self.sure if decision.when is not None else None
        for rule in decision.rules:
            worth = self._granted(rule.then, name)
            if rule.when is None:
                wanted.append(worth)
                break
            wanted.append(f"{worth} if ({self.truth(rule.when)}) else ")
            sure = self.sure if sure is None else sure
        else:
            wanted.append("A()" if decision.otherwise is None else self._granted(decision.otherwise, name))
        self.sure = self.sure if sure is None else sure
        return f"({''.join(wanted)})"

    def _granted(self, then: tuple[tuple[str, Expression], ...], name: Name) -> str:
        worth = dict(then).get(name.id)
        return self.value(worth) if worth is not None else "A()"

    # -- expressions

    def truth(self, of: Expression) -> str:
        """A condition: true or false, in brackets."""
        self._count()
        match of:
            case Name() if of.type.kind == "boolean":
                return self.name(of, truth=True)
            case Not(x):
                return f"(not {self.truth(x)})"
            case AllOf(parts):
                return self._joined(parts, " and ")
            case AnyOf(parts):
                return self._joined(parts, " or ")
            case _ if of.type.kind == "boolean":
                return self.value(of)
            case _:
                return "A()"

    def _joined(self, parts: tuple[Expression, ...], word: str) -> str:
        """Parts of which the later ones may not be read."""
        written = [self.truth(parts[0])] if parts else ["A()"]
        sure = self.sure
        written += [self.truth(part) for part in parts[1:]]
        self.sure = sure
        return f"({word.join(written)})"

    def value(self, of: Expression) -> str:
        """A value that is settled, in brackets."""
        self._count()
        match of:
            case Name():
                return self.name(of)
            case Constant(value):
                return self._standing(value, of.type)
            case Not() | AllOf() | AnyOf():
                return self.truth(of)
            case Compare(op, left, right) if op in _OPERATORS:
                return self._compared(op, left, right)
            case Membership(item, ListOf(options)):
                return self._among(item, options)
            case InList(_, item, None, members) if members is not None and item.type.kind in _TEXTS:
                return self._listed(item, members)
            case Known(x):
                return f"({self.value(x)} is not U)"
            case IsNone(x):
                return f"({self.value(x)} is U)"
            case Negate(x) if x.type.is_number:
                return f"(-{self.value(x)})"
            case Arithmetic(op, left, right) if left.type.is_number and right.type.is_number:
                return f"C({self.constant(op)}, {self.value(left)}, {self.value(right)})"
            case IfElse(condition, yes, no):
                return self._either(condition, yes, no)
            case Match():
                return self._matched(of)
            case Tiers(x, steps) if x.type.is_number and all(_is_number(part) for step in steps for part in step):
                pairs = tuple((cast("Constant", least).value, cast("Constant", worth).value) for least, worth in steps)
                return f"{self.constant(_stepped)}({self.value(x)}, {self.constant(pairs)})"
            case Call(function, arguments):
                return self._called(function, arguments)
            case _:
                return "A()"

    def _compared(self, op: str, left: Expression, right: Expression) -> str:
        kinds = left.type.kind, right.type.kind
        if all(kind in _NUMBERS for kind in kinds) or kinds in (("date", "date"), ("boolean", "boolean"), ("text", "text")):
            return f"({self.value(left)} {op} {self.value(right)})"
        if not all(kind in _TEXTS for kind in kinds) or op not in ("==", "!="):
            return "A()"
        if kinds == ("choice", "choice"):
            return f"({self.value(left)} {op} {self.value(right)})"
        one, other = self.value(left), self.value(right)
        return f"({'not ' if op == '!=' else ''}{self.constant(_alike(left.type, right.type))}({one}, {other}))"

    def _among(self, item: Expression, options: tuple[Expression, ...]) -> str:
        family = _family(item.type)
        values = [option.value for option in options if isinstance(option, Constant)]
        if family is None or len(values) < len(options) or not all(type(value) in family for value in values):
            return "A()"
        return f"({self.value(item)} in {self.constant(tuple(values))})"

    def _listed(self, item: Expression, members: frozenset[str]) -> str:
        kind = item.type

        def stands(value: Any) -> bool:
            return not members.isdisjoint(texts_of(value, kind))

        return f"{self.constant(stands)}({self.value(item)})"

    def _either(self, condition: Expression, yes: Expression, no: Expression) -> str:
        asked = self.truth(condition)
        return self._one_of([f"{{}} if {asked} else ", "{}"], [yes, no])

    def _matched(self, of: Match) -> str:
        if any(isinstance(case.value, (Unknown, Nothing, Interval)) for case, _ in of.worths):
            return "A()"
        held = self._another()
        value = self.value(of.of)
        cases = [self.constant(case.value) for case, _ in of.worths]
        shapes = [f"{{}} if {held} == {case} else " for case in cases]
        last = [] if of.otherwise is None else [of.otherwise]
        chosen = self._one_of([*shapes, "{}" if last else "A()"], [*(worth for _, worth in of.worths), *last])
        return f"({chosen} if ({held} := {value}) is not U else A())"

    def _one_of(self, shapes: list[str], worths: list[Expression]) -> str:
        """A choice between worths, of which one is read."""
        before = self.sure
        written = []
        for number, shape in enumerate(shapes):
            self.sure = before
            written.append(shape.format(self.value(worths[number])) if number < len(worths) else shape)
        self.sure = before
        return f"({''.join(written)})"

    def _called(self, function: str, arguments: tuple[Expression, ...]) -> str:
        numbers = all(argument.type.is_number for argument in arguments)
        if function not in _PURE and not (function in ("min", "max") and numbers):
            return "A()"
        given = ", ".join([self.value(argument) for argument in arguments])
        return f"P({self.constant(FUNCTIONS[function].means)}([{given}], N))"

    def _count(self) -> None:
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise _TooLong


def _grants(decision: Decision) -> tuple[tuple[tuple[str, Expression], ...], ...]:
    return (*(rule.then for rule in decision.rules), decision.otherwise or ())


def _is_number(of: Expression) -> bool:
    return isinstance(of, Constant) and type(of.value) in (int, Fraction)


def _family(kind: Type) -> frozenset[type] | None:
    """The classes of the values of a type that compare with one another by their values alone."""
    match kind.kind:
        case "integer" | "decimal":
            return frozenset((int, Fraction))
        case "text" | "choice":
            return frozenset((str,))
        case "date":
            return frozenset((date,))
        case _:
            return None


def _alike(left: Type, right: Type) -> Callable[[str, str], bool]:
    """Whether a text and a choice are the same, by the value that the text names."""

    def alike(one: str, other: str) -> bool:
        return one == other or by_name(one, left, right) == by_name(other, right, left)

    return alike
