"""Expressions of a book as columns: what the interpreter does for one subject, for all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, Protocol, cast

from govservice.errors import Words
from govservice.rules.book.contents import Contents
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
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
    Previous,
    Streak,
    Tiers,
)
from govservice.rules.language.values import Nothing, Type, Unknown, Value
from govservice.rules.meaning.columns import numbers
from govservice.rules.meaning.columns.nodes import (
    FALSE,
    TRUE,
    Lit,
    Node,
    Op,
    and_,
    case,
    coalesce,
    compare,
    equals,
    is_null,
    is_true,
    isin,
    not_,
    not_null,
    null,
    or_,
)
from govservice.rules.meaning.columns.sheet import NoColumns, Sheet, Worth, condition, hard_of, unknown
from govservice.rules.meaning.names import ORIGINS

__all__ = ["KINDS", "Compiler", "Facts", "agreed", "constant", "literal_kind"]

KINDS: Final[Mapping[str, Any]] = {
    "boolean": "boolean", "integer": "integer", "decimal": "integer", "text": "text", "choice": "text", "date": "date",
    "moment": "moment", "limit": "text", "time": "text", "list": "list", "any": "text",
}  # fmt: skip
UNKNOWN: Final = Unknown()


class Facts(Protocol):
    """The table that a plan reads, as an engine holds it."""

    @property
    def asks(self) -> bool:
        """Whether rows may go to the interpreter."""
        ...

    def fact(self, sheet: Sheet, id: str, kind: Type, labels: tuple[str, ...]) -> Worth | None:
        """A recorded fact, by its id or one of its labels; None where the table has no such column."""
        ...


def literal_kind(kind: Type) -> Any:
    """What columns of a type hold."""
    return KINDS[kind.kind]


def constant(value: Value, kind: Type) -> Worth:
    """A value written out. Raises NoColumns for one of a kind that columns do not hold."""
    if isinstance(value, Nothing):
        return Worth(null(literal_kind(kind)), TRUE)
    if isinstance(value, Unknown):
        return Worth(null(literal_kind(kind)))
    if isinstance(value, bool):
        return Worth(Lit(value, "boolean"))
    if isinstance(value, (int, Fraction)):
        return numbers.number(value)
    if isinstance(value, str):
        return Worth(Lit(value, "text"))
    if isinstance(value, date) and not isinstance(value, datetime):
        return Worth(Lit(value, "date"))
    raise _no_kind(kind)


def _no_kind(kind: Type) -> NoColumns:
    return NoColumns(Words(f"it reads a {kind.kind}", f"要读 {kind.kind}"))


def agreed(one: Worth, other: Worth, kind: Type) -> Node:
    """Whether two values are settled and the same, none being the same as none; never null."""
    same = compared_values("==", one, other, kind)
    return or_(and_(one.none, other.none), and_(not_(one.none), not_(other.none), is_true(same)))


def compared_values(op: str, left: Worth, right: Worth, kind: Type) -> Node:
    """`left op right` of two values of one kind, null where either has none."""
    if kind.is_number:
        return numbers.compared(op, left, right)
    return _folded(op, left.value, right.value)


def _folded(op: str, left: Node, right: Node) -> Node:
    if isinstance(left, Lit) and isinstance(right, Lit) and left.value is not None and right.value is not None:
        one, other = cast("Any", left.value), cast("Any", right.value)
        results = {"==": one == other, "!=": one != other}
        return Lit(
            results[op] if op in results else {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[op], "boolean"
        )
    if isinstance(left, Lit) and not isinstance(right, Lit):
        left, right, op = right, left, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
    return compare(op, left, right)


class Compiler:
    """The expressions of a book over one table's rows, each name worked out once.

    `decided` gives the columns of an outcome by the decision that grants it; `clocks` is whether clocks may run on the rows.
    """

    def __init__(
        self,
        contents: Contents,
        table: str,
        facts: Facts,
        sheet: Sheet,
        *,
        today: Worth | None = None,
        clocks: bool = False,
        afresh: frozenset[str] = frozenset(),
    ) -> None:
        self.contents, self.table, self.facts, self.sheet = contents, table, facts, sheet
        self.today, self.clocks, self.afresh = today, clocks, afresh
        self.decided: Callable[[str, str], Worth] = _undecided
        self._names: dict[str, Worth] = {}
        self._busy: set[str] = set()
        self._ids, labels = contents.sight(table)
        self._labels: dict[str, tuple[str, ...]] = {}
        for label, id in labels.items():
            self._labels[id] = (*self._labels.get(id, ()), label)

    def ask(self, rows: Node, what: Words) -> Node:
        """Rows that the interpreter is to decide. Raises NoColumns where none may leave the engine."""
        if rows == FALSE or self.facts.asks:
            return rows
        raise NoColumns(what)

    def read(self, of: Expression) -> Worth:
        """An expression as columns; what has no form in them spoils every row that it is read in, or raises NoColumns."""
        try:
            return _COLUMNS[type(of)](self, of)
        except NoColumns as stop:
            if self.facts.asks:
                return Worth(null(literal_kind(of.type)), spoilt=TRUE)
            raise NoColumns(
                Words(f"{written(of)}: {stop.what.en}", f"{written(of)}：{stop.what.zh}") if ": " not in stop.what.en else stop.what
            ) from None

    def holds(self, of: Expression) -> Worth:
        """An expression as a condition."""
        return condition(self.read(of))

    # -- names

    def name(self, name: Name) -> Worth:
        """The value of a name: the first place that has one, as `names.ORIGINS` lists them."""
        if name.id not in self._names:
            if name.id in self._busy:
                raise NoColumns(Words(f"{name.id} waits for itself", f"“{name.id}”在等自己的结果"))
            self._busy.add(name.id)
            try:
                self._names[name.id] = self.sheet.told(name.id, self._looked_up(name))
            finally:
                self._busy.discard(name.id)
        return self._names[name.id]

    def _looked_up(self, name: Name) -> Worth:
        found: Worth | None = None
        for origin in ORIGINS[name.home]:
            told = _LOOK[origin](self, name) if origin in _LOOK else None
            if told is None:
                continue
            found = told if found is None else _first_of(found, told)
            if origin not in ("recorded", "around"):
                break
        return found if found is not None else Worth(null(literal_kind(name.type)))

    def recorded(self, name: Name) -> Worth | None:
        """What the table itself says of a name."""
        if name.id in self.afresh or name.id not in self._ids:
            return None
        return self.facts.fact(self.sheet, name.id, name.type, self._labels.get(name.id, ()))

    def granted(self, name: Name) -> Worth | None:
        return None if name.granted_by is None else self.decided(name.granted_by, name.id)

    def measured(self, name: Name) -> Worth:
        return self.read(self.contents.measures[name.id].value)

    def of_clock(self, name: Name) -> Worth | None:
        clock = name.id.partition(".")[0]
        if clock not in self.contents.clocks:
            return Worth(null(literal_kind(name.type)), TRUE)
        if self.clocks:
            raise NoColumns(Words(f"it reads the clock {clock}", f"要读时限 {clock}"))
        return None

    def setting(self, name: Name) -> Worth | None:
        value = self.contents.settings[name.id].value
        return None if value is None else constant(value, name.type)

    def default(self, name: Name) -> Worth | None:
        column = self.contents.column(self.table, name.id)
        return None if column is None or column.default is None else constant(column.default, name.type)

    # -- shapes

    def _not(self, of: Not) -> Worth:
        told = self.holds(of.of)
        return Worth(not_(told.value), FALSE, told.spoilt, told.torn)

    def _all(self, of: AllOf) -> Worth:
        return self._junction(of.of, and_, stops=False)

    def _any(self, of: AnyOf) -> Worth:
        return self._junction(of.of, or_, stops=True)

    def _junction(self, parts: tuple[Expression, ...], join: Callable[..., Node], *, stops: bool) -> Worth:
        """Parts in order: none is read behind one that settles it, and behind one that is open nothing is refused but spoilt cells."""
        before: Node = Lit(not stops, "boolean")
        spoilt: list[Node] = []
        torn: list[Node] = []
        for part in parts:
            told = self.holds(part)
            settled = before if stops else not_(before)  # true: it is settled already
            if told.spoilt != FALSE:
                spoilt.append(and_(not_(is_true(settled)), told.spoilt))
            if told.torn != FALSE:
                torn.append(and_(is_true(not_(settled)), told.torn))
            before = join(before, told.value)
        return Worth(before, FALSE, or_(*spoilt), or_(*torn))

    def _compare(self, of: Compare) -> Worth:
        left, right = self.read(of.left), self.read(of.right)
        kinds = of.left.type, of.right.type
        if left.real != right.real and not isinstance(left.value, Lit) and not isinstance(right.value, Lit):
            left, right = numbers.exactly(left), numbers.exactly(right)
        value = self._compared(of.op, left, right, *kinds)
        spoilt, torn = hard_of(left, right)
        return Worth(case([(or_(left.none, right.none), Lit(of.op == "!=", "boolean"))], value), FALSE, spoilt, torn)

    def _compared(self, op: str, left: Worth, right: Worth, one: Type, other: Type) -> Node:
        if one.is_number and other.is_number:
            return numbers.compared(op, left, right)
        kinds = {one.kind, other.kind}
        if kinds <= {"text", "choice"}:
            return _folded(op, _by_name(left.value, one, other), _by_name(right.value, other, one))
        if kinds in ({"boolean"}, {"date"}):
            return _folded(op, left.value, right.value)
        if kinds == {"date", "moment"}:
            return _folded(op, _day(left.value), _day(right.value))
        if kinds == {"moment"}:
            return _folded(op, left.value, right.value)
        raise _no_kind(one if one.kind in ("limit", "time", "list", "any") else other)

    def _member(self, of: Membership) -> Worth:
        item = self.read(of.item)
        if not isinstance(of.among, ListOf):
            raise _no_kind(of.among.type)
        options = [self.read(option) for option in of.among.of]
        alike = all(isinstance(option.value, Lit) and option.none == FALSE for option in options)
        kind = of.item.type
        if alike and kind.kind in ("text", "choice") and not isinstance(item.value, Lit):
            value = isin(item.value, [cast("Lit", option.value) for option in options])
        else:
            parts = [
                case([(option.none, FALSE)], self._compared("==", item, option, kind, part.type))
                for option, part in zip(options, of.among.of, strict=True)
            ]
            value = case([(is_null(item.value), null("boolean"))], or_(*parts))
        read = not_null(item.value)
        spoilt = or_(item.spoilt, *(and_(read, option.spoilt) for option in options))
        torn = or_(item.torn, *(and_(read, option.torn) for option in options))
        return Worth(and_(not_(item.none), value), FALSE, spoilt, torn)

    def _in_list(self, of: InList) -> Worth:
        item = self.read(of.item)
        value: Node = null("boolean")
        if of.members is not None:
            kind = of.item.type
            named = [choice.name for choice in kind.choices if not of.members.isdisjoint((choice.name.strip(), choice.label.strip()))]
            texts = sorted(of.members | set(named)) if kind.kind == "choice" else sorted(of.members)
            value = isin(Op("strip", (item.value,), "text"), [Lit(text, "text") for text in texts])
        return Worth(and_(not_(item.none), case([(is_null(item.value), null("boolean"))], value)), FALSE, item.spoilt, item.torn)

    def _is_none(self, of: IsNone) -> Worth:
        told = self.read(of.of)
        spoilt = told.spoilt
        if isinstance(of.of, Name) and of.of.granted_by is not None:
            what = Words("whether an outcome that is open may be none", "未定的结果是否可能为无")
            spoilt = or_(spoilt, self.ask(unknown(told), what))
        return Worth(case([(unknown(told), null("boolean"))], told.none), FALSE, spoilt, told.torn)

    def _known(self, of: Known) -> Worth:
        told = self.read(of.of)
        return Worth(not_null(told.value), FALSE, told.spoilt, told.torn)

    def _arithmetic(self, of: Arithmetic) -> Worth:
        spine: list[Arithmetic] = []
        here: Expression = of
        while isinstance(here, Arithmetic):
            spine.append(here)
            here = here.left
        if not all(part.type.is_number for part in (here, *(step.right for step in spine))):
            raise _no_kind(of.type)
        told = self.read(here)
        for step in reversed(spine):
            told = numbers.calculated(step.op, told, self.read(step.right))
        return told

    def _negate(self, of: Negate) -> Worth:
        return numbers.negated(self.read(of.of))

    def _chosen(self, of: IfElse) -> Worth:
        asked = self.holds(of.condition)
        asked = Worth(self.sheet.bind("asked", asked.value), FALSE, asked.spoilt, asked.torn)
        yes, no = self.read(of.yes), self.read(of.no)
        if of.type.is_number:
            yes, no = numbers.same_scale(yes, no)
        holds, fails = is_true(asked.value), is_true(not_(asked.value))
        both = and_(is_null(asked.value), agreed(yes, no, of.type))
        return Worth(
            case([(or_(holds, both), yes.value), (fails, no.value)], null(yes.value.kind)),
            or_(and_(or_(holds, both), yes.none), and_(fails, no.none)),
            or_(asked.spoilt, and_(not_(fails), yes.spoilt), and_(not_(holds), no.spoilt)),
            or_(asked.torn, and_(holds, yes.torn), and_(fails, no.torn)),
            yes.factor,
            max(yes.bits, no.bits),
        )

    def _match(self, of: Match) -> Worth:
        told = self.read(of.of)
        worths = [self.read(worth) for _, worth in of.worths]
        last = self.read(of.otherwise) if of.otherwise is not None else Worth(null(literal_kind(of.type)), TRUE)
        if of.type.is_number:
            *worths, last = numbers.same_scale(*worths, last)
        pairs = [
            (equals(told.value, Lit(cast("str", value.value), "text")), worth) for (value, _), worth in zip(of.worths, worths, strict=True)
        ]
        open_ = unknown(told)
        written_out = {
            (worth.value, worth.none) for worth in (*worths, last) if isinstance(worth.value, Lit) and worth.value.value is not None
        }
        spoilt = told.spoilt
        if len(written_out) < 2 or (isinstance(of.of, Name) and of.of.granted_by is not None):
            spoilt = or_(spoilt, self.ask(open_, Words("what a match that is open may come to", "未定的 match 可能的取值")))
        told_none, silent = told.none, is_null(told.value)
        read = not_(silent)
        return Worth(
            case([(silent, null(last.value.kind)), *((met, worth.value) for met, worth in pairs)], last.value),
            or_(told_none, and_(read, is_true(case([(met, worth.none) for met, worth in pairs], last.none)))),
            or_(spoilt, *(and_(or_(open_, is_true(met)), worth.spoilt) for met, worth in pairs), and_(not_(told_none), last.spoilt)),
            or_(told.torn, *(and_(is_true(met), worth.torn) for met, worth in pairs), and_(read, last.torn)),
            last.factor,
            max(worth.bits for worth in (*worths, last)),
        )

    def _tiers(self, of: Tiers) -> Worth:
        told = self.read(of.of)
        steps = [(self.read(threshold), self.read(worth)) for threshold, worth in of.steps]
        if not all(isinstance(part.value, Lit) and part.none == FALSE and part.value.value is not None for pair in steps for part in pair):
            raise NoColumns(Words("its steps are not written out", "分段不是写定的"))
        worths = numbers.same_scale(*(worth for _, worth in steps), numbers.number(0))
        ordered = sorted(
            zip((threshold for threshold, _ in steps), worths[:-1], range(len(steps)), strict=True),
            key=lambda step: (cast("int", cast("Lit", step[0].value).value) * step[0].factor, -step[2]),
            reverse=True,
        )
        pairs = [(numbers.compared(">=", told, threshold), worth.value) for threshold, worth, _ in ordered]
        value = case([(is_null(told.value), null("integer")), *pairs], worths[-1].value)
        return Worth(value, told.none, told.spoilt, told.torn, worths[-1].factor, max(worth.bits for worth in worths))

    def _call(self, of: Call) -> Worth:
        form = _CALLS.get(of.function)
        if form is None:
            raise NoColumns(Words(f"{of.function} has no form in columns", f"{of.function} 不能按列计算"))
        parts = [self.read(argument) for argument in of.of]
        spoilt, torn = hard_of(*parts)
        none = or_(*(part.none for part in parts))
        told = form(parts, [argument.type for argument in of.of])
        lacking = or_(*(is_null(part.value) for part in parts))
        return Worth(case([(lacking, null(told.value.kind))], told.value), none, or_(spoilt, told.spoilt), torn, told.factor, told.bits)

    def _unsaid(self, of: Expression) -> Worth:
        """What a row alone cannot say: its rows, its marks, its earlier periods."""
        return Worth(null(literal_kind(of.type)))


def _first_of(one: Worth, other: Worth) -> Worth:
    """What one says, else what the other does."""
    if one.factor != other.factor:
        one, other = numbers.same_scale(one, other)
    if one.real != other.real:
        one, other = numbers.same_scale(one, other)
    silent = unknown(one)
    return Worth(
        coalesce(one.value, case([(one.none, null(other.value.kind))], other.value)),
        or_(one.none, and_(silent, other.none)),
        or_(one.spoilt, and_(silent, other.spoilt)),
        or_(one.torn, and_(silent, other.torn)),
        one.factor,
        max(one.bits, other.bits),
        one.real,
        None if one.exact is None or other.exact is None else _first_of(one.exact, other.exact),
    )


def _undecided(decision: str, outcome: str) -> Worth:
    raise NoColumns(Words(f"it reads {outcome} of {decision}", f"要读 {decision} 的 {outcome}"))


def _by_name(text: Node, kind: Type, beside: Type) -> Node:
    """A text beside a choice as the value that it names."""
    if kind.kind == "choice" or beside.kind != "choice":
        return text
    labels = [(choice.label, choice.name) for choice in beside.choices if choice.label != choice.name]
    if isinstance(text, Lit):
        return Lit(dict(labels).get(cast("str", text.value), text.value), "text") if text.value is not None else text
    return case([(equals(text, Lit(label, "text")), Lit(name, "text")) for label, name in labels], text)


def _day(of: Node) -> Node:
    return Op("day", (of,), "date") if of.kind == "moment" else of


def _numbers_or_days(op: str) -> Callable[[list[Worth], list[Type]], Worth]:
    def form(parts: list[Worth], kinds: list[Type]) -> Worth:
        if all(kind.is_number for kind in kinds):
            parts = list(numbers.same_scale(*parts))
            least = parts[0].value
            for part in parts[1:]:
                least = case([(compare("<" if op == "min" else ">", part.value, least), part.value)], least)
            return Worth(least, FALSE, *hard_of(*parts), parts[0].factor, max(part.bits for part in parts))
        raise _no_kind(kinds[0])

    return form


def _abs(parts: list[Worth], _: list[Type]) -> Worth:
    of = numbers.exactly(parts[0])
    less = numbers.compared("<", of, numbers.number(0))
    negative = numbers.negated(of)
    return Worth(case([(less, negative.value)], numbers.wide(of.value)), FALSE, of.spoilt, of.torn, of.factor, of.bits + 1)


def _texts(op: str) -> Callable[[list[Worth], list[Type]], Worth]:
    def form(parts: list[Worth], kinds: list[Type]) -> Worth:
        if kinds[0].kind != "text":
            raise _no_kind(kinds[0])
        return Worth(Op(op, tuple(part.value for part in parts), "boolean"))

    return form


def _days(parts: list[Worth], _: list[Type]) -> Worth:
    """The days from one to another; with a third argument the first counts too."""
    first, last = (_day(part.value) for part in parts[:2])
    apart = Op("days", (first, last), "integer")
    if len(parts) == 2:
        return Worth(apart, bits=40)
    back = compare("<", apart, Lit(0, "integer"))
    return Worth(Op("+", (apart, case([(back, Lit(-1, "integer"))], Lit(1, "integer"))), "integer"), bits=40)


def _weekday(parts: list[Worth], _: list[Type]) -> Worth:
    return Worth(Op("weekday", (_day(parts[0].value),), "integer"), bits=8)


_CALLS: Final[Mapping[str, Callable[[list[Worth], list[Type]], Worth]]] = {
    "days": _days,
    "weekday": _weekday,
    "min": _numbers_or_days("min"),
    "max": _numbers_or_days("max"),
    "abs": _abs,
    "contains": _texts("contains"),
    "starts_with": _texts("starts_with"),
}
_LOOK: Final[Mapping[str, Callable[[Compiler, Name], Worth | None]]] = {
    "recorded": Compiler.recorded,
    "decided": Compiler.granted,
    "measured": Compiler.measured,
    "clock": Compiler.of_clock,
    "setting": Compiler.setting,
    "today": lambda compiler, _: compiler.today,
    "default": Compiler.default,
}
_COLUMNS: Final[Mapping[type, Callable[[Compiler, Any], Worth]]] = {
    Name: Compiler.name,
    Constant: lambda _, of: constant(of.value, of.type),
    Compare: Compiler._compare,
    AllOf: Compiler._all,
    AnyOf: Compiler._any,
    Not: Compiler._not,
    Membership: Compiler._member,
    InList: Compiler._in_list,
    Arithmetic: Compiler._arithmetic,
    Negate: Compiler._negate,
    IfElse: Compiler._chosen,
    Known: Compiler._known,
    IsNone: Compiler._is_none,
    Call: Compiler._call,
    Tiers: Compiler._tiers,
    Match: Compiler._match,
    Aggregate: Compiler._unsaid,
    Discretion: Compiler._unsaid,
    Previous: Compiler._unsaid,
    Streak: Compiler._unsaid,
}
