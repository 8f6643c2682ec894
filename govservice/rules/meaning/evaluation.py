"""The reference interpreter: an expression and a scope -> a value, unknown with what it needs, or none. It defines the meaning."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, cast

from govservice.errors import ConventionError, DateNeeded, DecisionError, LimitError, RecordError, Words
from govservice.limits import TimeLimit
from govservice.rules.language.day_functions import Around, Days, shanghai_day, zoned
from govservice.rules.language.functions import FUNCTIONS, missing
from govservice.rules.language.intervals import Bounded, calculate, compare, ends, hull, is_number, may_be_none, narrowed, needs_of, or_none
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
    children,
)
from govservice.rules.language.values import ANY, BY_NOTHING, NONE, TEXT, Interval, Nothing, Number, Scaled, Type, Unknown, Value, exact
from govservice.rules.meaning.joining import ALONE, Joint, Key, Unit, between, fewest_and_most, key_of, ways, worth_of
from govservice.rules.meaning.totals import EVERY, Chosen, bounded_total, each_worth, settled_total, settled_total_of_kinds

__all__ = [
    "Doubtful", "Scope", "behind", "branches", "by_name", "calculated", "evaluate", "holds", "in_doubt", "joined_by", "perhaps_none",
    "texts_of",
]  # fmt: skip

_NOTHING: Final = Constant(NONE, ANY)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": add, "-": sub, "*": mul, "//": floordiv, "%": mod, "/": Fraction}


class Scope(Around, Protocol):
    """One subject: where the names of an expression get their values."""

    @property
    def bounds(self) -> bool:
        """Whether a choice that cannot be made yet is a number between its branches, rather than unknown."""
        ...

    def value(self, name: Name) -> Value:
        """The value of a fact, outcome, setting or measure."""
        ...

    def possible(self, name: Name) -> tuple[Value, ...] | None:
        """What an outcome that is open may still be; None where nobody can say."""
        ...

    def may_be_none(self, name: Name) -> bool:
        """Whether a name is none, or open and may turn out to be: what it is of may not apply."""
        ...

    def rows(self, of: Aggregate) -> Iterable[Scope | Doubtful] | Unknown:
        """The rows an aggregate runs over; unknown where the table was not supplied, or where nobody can say which they are."""
        ...

    def counted(self, of: Aggregate) -> CountedRows | Unknown:
        """The same rows, those left out that are known not to count; where `each=` joins them every one is to be read."""
        ...

    def unusable(self, of: Expression, error: RecordError) -> Unknown:
        """What stands for a value that was given and cannot be used; raises the error where it must be refused."""
        ...

    def listed(self, table: str) -> Listed | Unknown:
        """A table of the records as a list; unknown where it was not supplied."""
        ...

    def covered(self) -> Key:
        """The days that the row covers, and whose they are: rows of one whose working days follow one another may be joined."""
        ...

    def streak(self, of: Streak) -> Value:
        """How many periods in a row, this one last, a condition held."""
        ...

    def same_occurrence(self, what: str, *, sure: bool) -> str:
        """How several rows of one occurrence are read: each, harshest, mildest or report; `sure` that there are several."""
        ...

    def marks(self, of: Discretion) -> Value:
        """The marks that the assessor gave."""
        ...

    def previous(self, of: Previous) -> Value:
        """The value one period earlier."""
        ...

    def is_spoilt(self, need: str) -> bool:
        """Whether what is waited for was given, and cannot be used."""
        ...

    def seen(self, day: date) -> bool | Unknown:
        """Whether a date that is recorded was known at the moment that is asked about."""
        ...

    def days(self) -> Days:
        """The calendar that counts working days."""
        ...


class Listed(Protocol):
    """What stands in a list."""

    def doubt(self, texts: Iterable[str]) -> Unknown | None:
        """What leaves open whether one of these names stands in it, though no row says so."""
        ...

    def naming(self, texts: Iterable[str]) -> tuple[Scope, ...]:
        """The rows that go by one of these names."""
        ...


class CountedRows(NamedTuple):
    """The rows that an aggregate runs over: of those that are known to count what each is worth, and those that are to be read.

    `often` says how many rows are worth as much, for each worth; of none: one.
    """

    worths: Sequence[Value]
    rows: Iterable[Scope | Doubtful]
    often: Sequence[int] | None = None


class Doubtful(NamedTuple):
    """A row of which more is to be said: what would say whether it is among the rows at all, which occurrence it tells of."""

    scope: Scope
    doubt: Unknown | None = None
    occurrence: Hashable | None = None


_Counting: TypeAlias = tuple[Scope, Value, "bool | Unknown", "Hashable | None"]  # a row, its value, whether it counts, its occurrence


def holds(answer: Value) -> bool | Unknown:
    """An answer as a condition: none does not hold."""
    return answer if isinstance(answer, (bool, Unknown)) else False


def evaluate(of: Expression, scope: Scope) -> Value:
    """The value of an expression in a scope.

    Unknown operands make the result unknown, by Kleene's tables where it is a condition; none (not applicable) does not hold, equals
    nothing, and makes arithmetic none. Numbers are exact.

    Raises DecisionError where limits of different units are compared, or a number grows beyond all use.
    """
    return _MEANING[type(of)](of, scope)


def in_doubt(of: Expression, scope: Scope, doubt: Unknown | None) -> Value:
    """The value of an expression of which it may be open whether it matters at all: `doubt` is what would say so.

    While that is open nothing in it is refused: what cannot be worked out (rules that contradict each other, limits of different units, a
    convention that is not stated) waits for the doubt. Without doubt as `evaluate`.
    """
    try:
        return _MEANING[type(of)](of, scope)
    except DecisionError as error:
        return behind(error, doubt)


def behind(error: DecisionError, doubt: Unknown | None) -> Unknown:
    """What stands for something that cannot be worked out and may not matter. Raises the error where there is no doubt that it does, or
    where it is the call that does not say on which day.
    """
    if doubt is None or isinstance(error, DateNeeded):
        raise error
    return doubt | Unknown(frozenset((error.fault.id or "",))) if isinstance(error, ConventionError) else doubt


def _not(of: Not, scope: Scope) -> Value:
    answer = holds(_MEANING[type(of.of)](of.of, scope))
    return answer if isinstance(answer, Unknown) else not answer


def _compare(of: Compare, scope: Scope) -> Value:
    left, right = _MEANING[type(of.left)](of.left, scope), _MEANING[type(of.right)](of.right, scope)
    if type(left) is str and type(right) is str and left != right:
        left, right = by_name(left, of.left.type, of.right.type), by_name(right, of.right.type, of.left.type)
    return _compared(of.op, left, right)


def by_name(text: str, kind: Type, beside: Type) -> str:
    """A text beside a choice as the value that it names: a text on record may be the label of one."""
    chosen = beside.choice(text) if beside.kind == "choice" and kind.kind != "choice" else None
    return text if chosen is None else chosen.name


def _known(of: Known, scope: Scope) -> Value:
    value = _MEANING[type(of.of)](of.of, scope)
    if isinstance(value, Unknown) and any(map(scope.is_spoilt, value.needs)):
        return value  # something was given, and cannot be read
    if isinstance(value, (Unknown, Nothing, Interval)):
        return False
    return scope.seen(value) if isinstance(value, date) else True


def _negate(of: Negate, scope: Scope) -> Value:
    number = _MEANING[type(of.of)](of.of, scope)
    if isinstance(number, Interval):
        return Interval(-number.high, -number.low, number.needs, number.or_none)
    return number if isinstance(number, (Unknown, Nothing)) else -cast("Number", number)


def _list(of: ListOf, scope: Scope) -> Value:
    values = [_MEANING[type(part)](part, scope) for part in of.of]
    lacking = missing(values)
    return tuple(values) if lacking is None else lacking


def _all(of: AllOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = in_doubt(part, scope, unknown)
        if answer is True:
            continue
        if not isinstance(answer, Unknown):
            return False
        unknown = answer if unknown is None else unknown | answer
    return True if unknown is None else unknown


def _any(of: AnyOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = in_doubt(part, scope, unknown)
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


_PLAIN: Final = frozenset((str, int, bool))


def _compared(op: str, left: Value, right: Value) -> Value:
    if type(left) is type(right) and type(left) in _PLAIN:
        return _COMPARE[op](left, right)
    if isinstance(left, (Unknown, Nothing)) or isinstance(right, (Unknown, Nothing)):
        lacking = missing((left, right))
        return lacking if isinstance(lacking, Unknown) else op == "!="  # none equals nothing, whatever the other may be
    if isinstance(left, Interval) or isinstance(right, Interval):
        return compare(op, cast("Bounded", left), cast("Bounded", right))
    if isinstance(left, date) and type(left) is not type(right):
        left, right = shanghai_day(left), shanghai_day(cast("date", right))  # a date and a moment compare by the day
    elif isinstance(left, datetime) and (left.tzinfo is None) != (cast("datetime", right).tzinfo is None):
        left, right = zoned(left), zoned(cast("datetime", right))
    try:
        return _COMPARE[op](left, right)
    except LimitError as error:
        hint = Words("compare the days they end on: due(a, ..) < due(a, ..)", "比较它们届满的日子：due(a, ..) < due(a, ..)")
        raise DecisionError(error.what, why=error.why, hint=hint) from None


def _member(item: Value, kind: Type, among: Expression, scope: Scope) -> Value:
    if isinstance(item, (Unknown, Nothing)):
        return item if isinstance(item, Unknown) else False
    if not isinstance(among, ListOf):
        members = _MEANING[type(among)](among, scope)
        if isinstance(members, (Unknown, Nothing)):
            return members if isinstance(members, Unknown) else False
        named = cast("tuple[Value, ...]", members)
        return item in named or (kind.kind == "choice" and item in {by_name(text, TEXT, kind) for text in named if isinstance(text, str)})
    unknown: Unknown | None = None
    for option in among.of:
        answer = _compared("==", item, in_doubt(option, scope, unknown))
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def texts_of(item: Value, kind: Type) -> tuple[str, ...]:
    """What something goes by in a list: itself, and the label of a choice."""
    chosen = kind.choice(item) if isinstance(item, str) and kind.kind == "choice" else None
    return tuple(dict.fromkeys(text.strip() for text in (str(item), *((chosen.label,) if chosen is not None else ()))))


def _in_list(of: InList, scope: Scope) -> Value:
    item = _MEANING[type(of.item)](of.item, scope)
    if isinstance(item, (Unknown, Nothing)):
        return item if isinstance(item, Unknown) else False
    texts = texts_of(item, of.item.type)
    if of.members is not None:
        return not of.members.isdisjoint(texts)
    listed = scope.listed(of.name)
    if isinstance(listed, Unknown):
        return listed
    unknown = listed.doubt(texts)
    try:
        naming = listed.naming(texts)
    except RecordError as error:
        return scope.unusable(of.item, error)
    for row in naming:
        answer = True if of.when is None else holds(_MEANING[type(of.when)](of.when, row))
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def calculated(op: str, left: Value, right: Value) -> Value:
    """One step of a sum."""
    lacking = missing((left, right))
    if lacking is not None:
        return lacking
    if isinstance(left, Interval) or isinstance(right, Interval):
        if isinstance(left, (Scaled, TimeLimit)) or isinstance(right, (Scaled, TimeLimit)):
            return Unknown(needs_of(*(value for value in (left, right) if isinstance(value, Interval))))
        return calculate(op, cast("Bounded", left), cast("Bounded", right))
    if op in ("/", "//", "%") and right == 0:
        return BY_NOTHING
    if isinstance(left, (Scaled, TimeLimit)) or isinstance(right, (Scaled, TimeLimit)):
        return cast("Value", _scaled(op, left, right))
    return exact(_ARITHMETIC[op](left, right), cast("Number", left), cast("Number", right))


def _scaled(op: str, left: Any, right: Any) -> Any:
    """A limit times a number, or divided by one; exact until the sum is done."""
    if isinstance(right, (Scaled, TimeLimit)):
        left, right = right, left
    limit = left if isinstance(left, Scaled) else Scaled.of(left)
    return Scaled(Fraction(exact(Fraction(_ARITHMETIC[op](limit.amount, right)))), limit.unit)


def _arithmetic(of: Arithmetic, scope: Scope) -> Value:
    value = _unrounded(of, scope)
    return value.rounded() if isinstance(value, Scaled) else cast("Value", value)


def _unrounded(of: Expression, scope: Scope) -> Any:
    """The value of a sum; of a limit that is multiplied, before it is rounded."""
    spine: list[Arithmetic] = []  # a long sum leans to the left: walked, not climbed, however long it is
    here: Expression = of
    while isinstance(here, Arithmetic):
        spine.append(here)
        here = here.left
    value: Any = _MEANING[type(here)](here, scope)
    for step in reversed(spine):
        right = step.right
        value = calculated(
            step.op, value, _unrounded(right, scope) if isinstance(right, Arithmetic) else _MEANING[type(right)](right, scope)
        )
    return value


def _chosen(of: IfElse, scope: Scope) -> Value:
    condition = holds(_MEANING[type(of.condition)](of.condition, scope))
    if not isinstance(condition, Unknown):
        return evaluate(of.yes if condition else of.no, scope)
    first, second = in_doubt(of.yes, scope, condition), in_doubt(of.no, scope, condition)
    if not isinstance(first, Unknown) and first == second:
        return first
    if scope.bounds and is_number(first) and is_number(second):
        return hull([cast("Bounded", first), cast("Bounded", second)], condition.needs)
    for branch in (first, second):  # known, they may agree whatever the condition comes to
        condition = condition | branch if isinstance(branch, Unknown) else condition
    return condition


def perhaps_none(of: Expression, scope: Scope) -> bool:
    """Whether an expression that is open may turn out to be none: it reads something that may not apply. What is counted is a number."""
    waiting = [of]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Previous) or (isinstance(part, Name) and _may_be_none(part, scope)):
            return True
        if not isinstance(part, Streak):
            waiting.extend(children(part))
    return False


def _may_be_none(name: Name, scope: Scope) -> bool:
    try:
        return scope.may_be_none(name)
    except DecisionError:  # of what cannot be worked out nobody can say
        return True


def _is_none(of: IsNone, scope: Scope) -> Value:
    value = _MEANING[type(of.of)](of.of, scope)
    if isinstance(value, Unknown) and isinstance(of.of, Name):
        may_be = scope.possible(of.of)
        if may_be and not any(isinstance(one, (Nothing, Unknown)) for one in may_be):
            return False
    if may_be_none(value):
        return Unknown(cast("Interval", value).needs)
    return value if isinstance(value, Unknown) else isinstance(value, Nothing)


def _matched(of: Match, scope: Scope) -> Value:
    """The worth of the value; while that is open, what all that it may be agree in, or a number between them."""
    needs, worths = branches(of, scope)
    doubt = Unknown(needs) if len(worths) > 1 else None
    values = [in_doubt(worth, scope, doubt) for worth in worths]
    numbers = [value for value in values if value is not NONE]
    if not isinstance(values[0], Unknown) and all(value == values[0] for value in values):
        return values[0]
    if scope.bounds and all(is_number(value) for value in numbers):
        bounded = hull(cast("list[Bounded]", numbers), needs)
        return bounded if len(numbers) == len(values) else or_none(bounded, _nothing_yet(needs))
    return Unknown(needs.union(*(value.needs for value in values if isinstance(value, (Unknown, Interval)))))


def branches(of: IfElse | Match, scope: Scope) -> tuple[frozenset[str], list[Expression]]:
    """What may stand for a conditional or a match, one or several expressions, and what would decide between them."""
    if isinstance(of, IfElse):
        condition = holds(_MEANING[type(of.condition)](of.condition, scope))
        return (condition.needs, [of.yes, of.no]) if isinstance(condition, Unknown) else (frozenset(), [of.yes if condition else of.no])
    value = _MEANING[type(of.of)](of.of, scope)
    may_be = scope.possible(of.of) if isinstance(value, Unknown) and isinstance(of.of, Name) else (value,)
    if may_be and not any(isinstance(one, Unknown) for one in may_be):
        taken = [_NOTHING if isinstance(one, Nothing) else _worth_of(of, one) for one in may_be]
    else:
        taken = [*(worth for _, worth in of.worths), of.otherwise, _NOTHING if perhaps_none(of.of, scope) else None]
    needs = value.needs if isinstance(value, Unknown) else frozenset()
    return needs, list(dict.fromkeys(worth for worth in taken if worth is not None))


def _worth_of(of: Match, value: Value) -> Expression | None:
    return next((worth for case, worth in of.worths if case.value == value), of.otherwise)


def _nothing_yet(needs: frozenset[str]) -> Interval:
    """A number of which nothing is known but that it may be none."""
    return Interval(0, 0, needs, or_none=True)


def _tiered(of: Tiers, scope: Scope) -> Value:
    value = _MEANING[type(of.of)](of.of, scope)
    worth = _stepped(value, of.steps, scope)
    if isinstance(value, Unknown) and isinstance(worth, (int, Fraction, Interval)) and perhaps_none(of.of, scope):
        return or_none(worth, _nothing_yet(value.needs))
    return worth


def _stepped(of: Value, steps: tuple[tuple[Expression, Expression], ...], scope: Scope) -> Value:
    reached: list[tuple[Value, Value]] = [
        (_MEANING[type(threshold)](threshold, scope), _MEANING[type(worth)](worth, scope)) for threshold, worth in steps
    ]
    worths = [worth for _, worth in reached]
    if isinstance(of, Unknown) and scope.bounds and all(is_number(worth) for worth in worths):
        return hull([0, *cast("list[Bounded]", worths)], of.needs)
    lacking = missing((of, *(value for pair in reached for value in pair)))
    if lacking is not None:
        return lacking
    if any(isinstance(value, Interval) for value in (of, *(value for pair in reached for value in pair))):
        return _stepped_between(cast("Bounded", of), cast("list[tuple[Bounded, Bounded]]", reached))
    below = [(cast("Number", threshold), worth) for threshold, worth in reached if cast("Number", threshold) <= cast("Number", of)]
    return max(below, key=lambda pair: pair[0])[1] if below else 0


def _stepped_between(of: Bounded, reached: list[tuple[Bounded, Bounded]]) -> Value:
    """Every value that some of what the number may be would reach."""
    low, high = ends(of)
    sure = [pair for pair in reached if ends(pair[0])[1] <= low]
    base = max(sure, key=lambda pair: ends(pair[0])[0])[1] if sure else 0
    maybe = [worth for threshold, worth in reached if ends(threshold)[0] <= high and ends(threshold)[1] > low]
    thresholds = [threshold for threshold, _ in reached]
    return or_none(hull([base, *maybe], needs_of(of, *thresholds)), of, *thresholds)


def _totalled(of: Aggregate, scope: Scope) -> Value:
    counted = scope.counted(of)
    if isinstance(counted, Unknown):
        return counted
    options = {key: _MEANING[type(number)](number, scope) for key, number in of.options}
    lacking = missing(options.values())
    if lacking is not None:
        return lacking
    chosen = _choice(of, options)
    if isinstance(chosen, Unknown):
        return chosen
    total = _total_of_rows(
        of,
        scope,
        counted,
        chosen,
        {key: replace(value, or_none=False) if isinstance(value, Interval) else value for key, value in options.items()},
    )
    return or_none(cast("Bounded", total), *cast("list[Bounded]", list(options.values()))) if is_number(total) else total


def _total_of_rows(of: Aggregate, scope: Scope, counted: CountedRows, chosen: Chosen, options: Mapping[str, Value]) -> Value:
    counting = _counting(of, scope, counted.rows)
    if of.each is not None:
        return _of_joined(of, scope, counting, chosen, options)
    if counted.often is not None and not counting and chosen == EVERY:
        return settled_total_of_kinds(of.total, counted.worths, counted.often)
    values = each_worth(counted.worths, counted.often)  # of the rows that are sure to count
    doubtful: list[tuple[Any, Unknown]] = []  # of those that may, each with what would say so
    occurring: dict[Hashable, list[Any]] = {}
    for row, worth, asked, occurrence in counting:
        times = getattr(row, "times", 1)  # one may stand for others that say the same
        if occurrence is not None:
            occurring.setdefault(occurrence, []).extend([(worth, asked)] * times)
        elif isinstance(asked, Unknown):
            doubtful += [(worth, asked)] * times
        else:
            values += [worth] * times
    if occurring:
        return _of_occurrences(of, scope, values, doubtful, list(occurring.values()), chosen)
    return _totalled_of(of, scope, values, doubtful, chosen)


def _counting(of: Aggregate, scope: Scope, rows: Iterable[Scope | Doubtful]) -> list[_Counting]:
    """The rows that count, or may, each with its value and its occurrence; those whose value is none are left out, and that is said."""
    counting: list[_Counting] = []
    left_out = 0
    for given in rows:
        row, doubt, occurrence = given if isinstance(given, Doubtful) else (given, None, None)
        asked = True if of.when is None else holds(in_doubt(of.when, row, doubt))
        if asked is False:
            continue
        perhaps = doubt
        if isinstance(asked, Unknown):
            perhaps = asked if doubt is None else asked | doubt
        worth: Value = 1 if of.value is None else in_doubt(of.value, row, perhaps)
        if isinstance(worth, Nothing) and of.total != "percent":
            left_out += getattr(row, "times", 1) * (asked is True and doubt is None)
            continue  # not applicable to this row: neither a value nor a row to divide by
        if isinstance(worth, Interval) and worth.or_none:  # it may be none, and then be left out
            needs = Unknown(worth.needs)
            perhaps = needs if perhaps is None else perhaps | needs
            worth = replace(worth, or_none=False)
        counting.append((row, worth, True if perhaps is None else perhaps, occurrence))
    if left_out:
        scope.say(_left_out(of, left_out))
    return counting


def _choice(of: Aggregate, options: Mapping[str, Value]) -> Chosen | Unknown:
    """Which rows a mean is taken of."""
    numbers = {key: value for key, value in options.items() if key in Chosen._fields}
    if not numbers:
        return EVERY
    open_ = [value for value in numbers.values() if isinstance(value, Interval)]
    if open_:
        return Unknown(needs_of(*open_))
    for key, value in numbers.items():
        if not isinstance(value, int) or value < (1 if key in ("top", "bottom") else 0):
            what = Words(f"{key}={value} is no number of rows", f"{key}={value} 不是行数")
            raise DecisionError(what, hint=Words("a whole number stands there", "应为整数"), id=of.sources[0])
    return Chosen(**cast("dict[str, int]", numbers))


def _of_joined(of: Aggregate, scope: Scope, counting: list[_Counting], chosen: Chosen, options: Mapping[str, Value]) -> Value:
    """A total of rows that `each=` joins: in each way that may be, where it is open which rows are one."""
    each = cast("Name", of.each)
    joints = [
        Joint(worth, asked, joined_by(each, row, occurrence))
        for row, worth, asked, occurrence in counting
        for _ in range(getattr(row, "times", 1))
    ]
    if of.total == "sum" and "at_most" not in options and "at_least" not in options:  # then it is the same how they are joined
        return _totalled_of(of, scope, *_apart([(joint.worth, joint.asked) for joint in joints]), chosen)
    ways_ = ways(joints, scope.days)
    needs = frozenset().union(*(part.needs for joint in joints for part in (joint.key, joint.asked) if isinstance(part, Unknown)))
    if ways_ is not None:
        totals = [_of_units(of, scope, units, joints, chosen, options) for units in ways_]
        return between(totals, needs, bounds=scope.bounds)
    if of.total == "count" and scope.bounds:
        return narrowed(*fewest_and_most(joints), needs)
    return Unknown(needs)


def joined_by(each: Name, row: Scope, occurrence: Hashable | None) -> Key:
    """By what a row is joined with others: the days that it covers, the occurrence that it tells of, or a fact."""
    if each.id == "unbroken":
        return row.covered()
    if each.id == "occurrence":
        return ALONE if occurrence is None else occurrence
    return key_of(row.value(each))


def _of_units(of: Aggregate, scope: Scope, units: list[Unit], joints: list[Joint], chosen: Chosen, options: Mapping[str, Value]) -> Value:
    worths = [worth_of(unit, joints, options.get("at_least"), options.get("at_most")) for unit in units]
    if of.total == "count":
        worths = [(1, asked) for _, asked in worths]
    return _totalled_of(of, scope, *_apart(worths), chosen)


def _apart(worths: Iterable[tuple[Value, bool | Unknown]]) -> tuple[list[Any], list[tuple[Any, Unknown]]]:
    """Values that are sure to count, and those that may."""
    sure: list[Any] = []
    maybe: list[tuple[Any, Unknown]] = []
    for worth, asked in worths:
        if isinstance(asked, Unknown):
            maybe.append((worth, asked))
        else:
            sure.append(worth)
    return sure, maybe


def _left_out(of: Aggregate, rows: int) -> Words:
    return Words(
        f"{written(of)}: {rows} {'row has' if rows == 1 else 'rows have'} none there and {'is' if rows == 1 else 'are'} left out",
        f"{written(of)}：有 {rows} 行为“无”，不计在内",
    )


def _of_occurrences(
    of: Aggregate,
    scope: Scope,
    values: list[Any],
    doubtful: list[tuple[Any, Unknown]],
    groups: list[list[tuple[Any, bool | Unknown]]],
    chosen: Chosen,
) -> Value:
    """Rows of one occurrence, read as the book says: each, or the occurrence once; between the two where it says neither."""
    sure = any(sum(asked is True for _, asked in group) > 1 for group in groups)
    several = any(len(group) > 1 for group in groups)
    reading = scope.same_occurrence(f"{of.total}({', '.join(of.sources)})", sure=sure) if several else "each"
    readings = {"each": (False,), "report": (False, True)}.get(reading, (True,))
    totals = [_of_groups(of, scope, values, doubtful, groups, chosen, once=once) for once in readings]
    if len(totals) == 1 or totals[0] == totals[1]:
        return totals[0]
    needs = frozenset(("conventions.same_occurrence",))
    if scope.bounds and all(is_number(total) for total in totals):
        return hull(cast("list[Bounded]", totals), needs)
    return Unknown(needs.union(*(total.needs for total in totals if isinstance(total, Unknown))))


def _of_groups(
    of: Aggregate,
    scope: Scope,
    values: list[Any],
    doubtful: list[tuple[Any, Unknown]],
    groups: list[list[tuple[Any, bool | Unknown]]],
    chosen: Chosen,
    *,
    once: bool,
) -> Value:
    sure, maybe = list(values), list(doubtful)
    for group in groups:
        certain = [worth for worth, asked in group if not isinstance(asked, Unknown)]
        settled = [worth for worth in certain if not isinstance(worth, (Unknown, Interval))]
        if once and len({(type(worth) is bool, worth) for worth in settled}) > 1:
            raise DecisionError(
                Words(
                    f"{of.total}({', '.join(of.sources)}): rows of one occurrence give different values",
                    f"{of.total}({'、'.join(of.sources)})：同一件事的几行数值不同",
                ),
                hint=Words(
                    "each=occurrence joins them, same_occurrence: each counts every row",
                    "写 each=occurrence 则合并成一件，写 same_occurrence: each 则逐行计",
                ),
                id=of.sources[0],
            )
        open_ = [(worth, asked) for worth, asked in group if isinstance(asked, Unknown)]
        if not once:
            sure += certain
            maybe += open_
            continue
        worths = [worth for worth, _ in group]
        alike = worths[0] if all(worth == worths[0] and not isinstance(worth, Unknown) for worth in worths) else None
        if alike is None:  # as long as it is open, nobody can say that they agree
            needs = (part.needs for pair in group for part in pair if isinstance(part, (Unknown, Interval)))
            alike = Unknown(frozenset().union(*needs))
        if certain:
            sure.append(alike)
        else:
            maybe.append((alike, Unknown(frozenset().union(*(asked.needs for _, asked in open_)))))
    return _totalled_of(of, scope, sure, maybe, chosen)


def _totalled_of(of: Aggregate, scope: Scope, values: list[Any], doubtful: list[tuple[Any, Unknown]], chosen: Chosen = EVERY) -> Value:
    unknown = [value for value in values if isinstance(value, Unknown)]
    if not doubtful and not unknown:
        return settled_total(of.total, values, chosen)
    open_ = Unknown(frozenset().union(*(value.needs for value in unknown), *(doubt.needs for _, doubt in doubtful)))
    open_ = Unknown(open_.needs.union(*(worth.needs for worth, _ in doubtful if isinstance(worth, Unknown))))
    return bounded_total(of.total, values, [worth for worth, _ in doubtful], open_, chosen) if scope.bounds else open_


_MEANING: Final[Mapping[type, Callable[[Any, Scope], Value]]] = {
    Name: lambda of, scope: scope.value(of),
    Constant: lambda of, _: of.value,
    Compare: _compare,
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
    Membership: lambda of, scope: _member(_MEANING[type(of.item)](of.item, scope), of.item.type, of.among, scope),
    Arithmetic: _arithmetic,
    Negate: _negate,
    IfElse: _chosen,
    Known: _known,
    IsNone: _is_none,
    Call: lambda of, scope: FUNCTIONS[of.function].called([_MEANING[type(argument)](argument, scope) for argument in of.of], scope),
    Tiers: _tiered,
    Match: _matched,
    ListOf: _list,
    InList: _in_list,
    Aggregate: _totalled,
    Discretion: lambda of, scope: scope.marks(of),
    Previous: lambda of, scope: scope.previous(of),
    Streak: lambda of, scope: scope.streak(of),
}
