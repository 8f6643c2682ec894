"""From expressions to closed forms: of each condition where it is true and where false, of each value what it may be, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Final, cast

from govservice.errors import GovServiceError
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision, Rule, expressions, in_force
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
    walk,
)
from govservice.rules.language.values import ANY, BOOLEAN, NONE, TEXT, Type, Value
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.proofs.cells import MISSING, OTHER, Form, Origin, Scale, Space, Variable, scale_of, variable
from govservice.rules.proofs.formulas import FALSE, TRUE, Budget, Node, OutOfBudget, solve
from govservice.rules.proofs.leaves import (
    NOTHING,
    OPEN,
    Case,
    Leaf,
    Linear,
    Plain,
    Slots,
    State,
    TableForm,
    Truth,
    Vague,
    leaf_of,
    plus,
    times,
)
from govservice.rules.proofs.ranges import bounded_score

__all__ = ["Closed", "closure"]

MOST_CASES: Final = 400
_BY_BOOK: Final = frozenset(("due", "due_at"))


def closure(contents: Contents, decision: str) -> dict[str, Decision]:
    """A decision with all that it uses, directly or through measures.

    >>> from govservice import load_rulebook
    >>> list(closure(load_rulebook("standard").contents, "materials_completed_on"))
    ['materials_completed_on', 'materials_complete']
    """
    found: dict[str, Decision] = {}
    waiting = [decision]
    while waiting:
        id = waiting.pop(0)
        if id in found or id not in contents.decisions:
            continue
        found[id] = contents.decisions[id]
        for part in _all_parts(contents, expressions(found[id])):
            if isinstance(part, Name) and part.granted_by is not None:
                waiting.append(part.granted_by)
    return found


def _all_parts(contents: Contents, roots: Iterable[Expression]) -> Iterator[Expression]:
    """All parts of expressions, those of the measures that they name among them; rows that are counted are no part of the record."""
    waiting = list(roots)
    seen: set[str] = set()
    while waiting:
        root = waiting.pop()
        for part in walk(root):
            yield part
            if isinstance(part, Name) and part.home == "measure" and part.id not in seen and part.id in contents.measures:
                seen.add(part.id)
                waiting.append(contents.measures[part.id].value)


@dataclass
class Closed:
    """Reads the expressions of one book, on one day, about one table, into a space that several books may share.

    `unread` are the parts that are not analysed, each a variable of its own: whatever it may be. What hangs on a book is one book's own,
    where `apart` tells it from the others'. `unsaid` are the facts of which nothing may be said (None: those asked for by `known`),
    `recorded` the outcomes that are recorded.
    """

    contents: Contents
    table: str
    on: date | None
    space: Space
    asked_known: frozenset[str] = frozenset()
    asked_none: frozenset[str] = frozenset()
    unsaid: frozenset[str] | None = None
    apart: str = ""
    recorded: frozenset[str] = frozenset()
    unread: dict[str, Expression] = field(default_factory=dict)
    counted: dict[str, Expression] = field(default_factory=dict)
    _values: dict[int, tuple[Expression, list[Case]]] = field(default_factory=dict)
    _truths: dict[int, tuple[Expression, Truth]] = field(default_factory=dict)
    _tables: dict[str, TableForm] = field(default_factory=dict)
    _outcomes: dict[tuple[str, str], list[Case]] = field(default_factory=dict)

    @classmethod
    def of(cls, contents: Contents, decision: str, on: date | None, space: Space) -> Closed:
        """A reader for a decision and all that it uses."""
        known: set[str] = set()
        none: set[str] = set()
        for used in closure(contents, decision).values():
            for part in _all_parts(contents, expressions(used)):
                if isinstance(part, (Known, IsNone)):
                    asked = {inner.id for inner in walk(part.of) if isinstance(inner, Name) and inner.granted_by is None}
                    (known if isinstance(part, Known) else none).update(asked)
        return cls(contents, contents.decisions[decision].about, on, space, frozenset(known), frozenset(none))

    def fresh(self) -> None:
        """Forget what was read: the space has been cut since."""
        for kept in (self._values, self._truths, self._tables, self._outcomes, self.unread, self.counted):
            kept.clear()

    # -- conditions

    def truth(self, of: Expression | None) -> Truth:
        """Where a condition is true and where it is false; None always holds."""
        if of is None:
            return Truth(TRUE, FALSE)
        kept = self._truths.get(id(of))
        if kept is None:
            kept = self._truths[id(of)] = (of, self._truth(of))
        return kept[1]

    def _truth(self, of: Expression) -> Truth:
        make = self.space.formulas
        match of:
            case Not(inner):
                yes, no = self.truth(inner)
                return Truth(no, yes)
            case AllOf(parts):
                truths = [self.truth(part) for part in parts]
                return Truth(make.all_of(one.yes for one in truths), make.any_of(one.no for one in truths))
            case AnyOf(parts):
                truths = [self.truth(part) for part in parts]
                return Truth(make.any_of(one.yes for one in truths), make.all_of(one.no for one in truths))
            case Compare(op, left, right):
                return self.compared(op, self.value(left), self.value(right), of)
            case Membership():
                return self._membership(of)
            case InList(members=frozenset() as members):
                texts = [Constant(text, TEXT) for text in sorted(members)]
                return self._among(of.item, texts, of) if len(texts) <= MOST_CASES // 4 else self._unread_truth(of)
            case InList():
                return self._unread_truth(of)
            case Known(inner):
                return self._has_value(inner)
            case IsNone(inner):
                return self._says_none(inner, of)
            case Call("contains", (Name() as listed, Constant(str() as text))) if listed.type.kind == "list":
                return self._element(listed, text, of)
            case Call() if of.type.kind == "boolean":
                return self._unread_truth(of)
            case _:
                return self._as_truth(self.value(of), of)

    def _as_truth(self, cases: Sequence[Case], of: Expression) -> Truth:
        """A value as a condition: none does not hold."""
        make = self.space.formulas
        yes: list[Node] = []
        no: list[Node] = []
        for where, leaf in cases:
            match leaf:
                case Plain(value):
                    (yes if value is True else no).append(where)
                case Slots(dim):
                    yes.append(make.all_of((where, self.space.is_value(dim, True))))
                    no.append(make.all_of((where, self.space.is_value(dim, False))))
                case Vague():
                    vague = self._unread_truth(of)
                    yes.append(make.all_of((where, vague.yes)))
                    no.append(make.all_of((where, vague.no)))
                case State("none"):
                    no.append(where)
                case Linear():
                    no.append(where)
        return Truth(make.any_of(yes), make.any_of(no))

    def _membership(self, of: Membership) -> Truth:
        if isinstance(of.among, ListOf):
            return self._among(of.item, of.among.of, of)
        if isinstance(of.item, Constant) and isinstance(of.item.value, str) and isinstance(of.among, Name):
            return self._element(of.among, of.item.value, of)
        return self._unread_truth(of)

    def _among(self, item: Expression, options: Sequence[Expression], of: Expression) -> Truth:
        """That a value is one of these; one that is none is not."""
        make = self.space.formulas
        truths = [self.compared("==", self.value(item), self.value(option), Compare("==", item, option)) for option in options]
        if not truths:
            where = self._has_value(item)
            return Truth(FALSE, make.any_of((where.yes, self._says_none(item, of).yes)))
        return Truth(make.any_of(one.yes for one in truths), make.all_of(one.no for one in truths))

    def _element(self, listed: Name, text: str, of: Expression) -> Truth:
        """That a list holds a text: a variable of its own, where the list is a fact that is simply given."""
        plain = listed.granted_by is None and listed.home == "column" and not listed.type.none
        if not plain or listed.id in self.asked_known | self.asked_none or self._default(listed) is not None:
            return self._unread_truth(of)
        dim = self.space.dimension(variable(f"{listed.id} ∋ {text}", BOOLEAN, "element"))
        return Truth(self.space.is_value(dim, True), self.space.is_value(dim, False))

    def _has_value(self, of: Expression) -> Truth:
        """`known(..)`: false of none and of what is not said."""
        make = self.space.formulas
        yes: list[Node] = []
        no: list[Node] = []
        for where, leaf in self.value(of):
            if isinstance(leaf, Vague) and not leaf.there:
                vague = self._unread_truth(Known(of), two=True)
                yes.append(make.all_of((where, vague.yes)))
                no.append(make.all_of((where, vague.no)))
            else:
                (no if leaf in (NOTHING, OPEN) else yes).append(where)
        return Truth(make.any_of(yes), make.any_of(no))

    def _says_none(self, of: Expression, whole: Expression) -> Truth:
        """`is_none(..)`; of what is not said it is open, where it may be none."""
        make = self.space.formulas
        yes: list[Node] = []
        no: list[Node] = []
        for where, leaf in self.value(of):
            if (isinstance(leaf, Vague) and not leaf.there) or (leaf is OPEN and self._decided(of)):
                vague = self._unread_truth(whole)
                yes.append(make.all_of((where, vague.yes)))
                no.append(make.all_of((where, vague.no)))
            elif leaf is not OPEN:
                (yes if leaf is NOTHING else no).append(where)
        return Truth(make.any_of(yes), make.any_of(no))

    def _decided(self, of: Expression) -> bool:
        return any(isinstance(part, Name) and part.granted_by is not None for part in walk(of))

    # -- comparing

    def compared(self, op: str, left: Sequence[Case], right: Sequence[Case], of: Expression) -> Truth:
        """Where two values stand so to each other; `of` is what is written, for what is not analysed of it."""
        make = self.space.formulas
        if len(left) * len(right) > MOST_CASES:
            return self._unread_truth(of)
        yes: list[Node] = []
        no: list[Node] = []
        for here, one in left:
            for there, other in right:
                where = make.all_of((here, there))
                if where is FALSE:
                    continue
                truth = self.leaves_compared(op, one, other, of)
                yes.append(make.all_of((where, truth.yes)))
                no.append(make.all_of((where, truth.no)))
        return Truth(make.any_of(yes), make.any_of(no))

    def leaves_compared(self, op: str, one: Leaf, other: Leaf, of: Expression) -> Truth:
        if isinstance(one, Vague) or isinstance(other, Vague):
            return self._unread_truth(of)
        if one is NOTHING or other is NOTHING:
            return Truth(TRUE, FALSE) if op == "!=" else Truth(FALSE, TRUE)
        if one is OPEN or other is OPEN:
            return Truth(FALSE, FALSE)
        match one, other:
            case Linear(), Linear():
                return self._lines_compared(op, one, other, of)
            case Plain(value, kind), Plain(beside, other_kind):
                return self._values_compared(op, value, kind, beside, other_kind, of)
            case Slots(dim), Plain():
                return self._slots_compared(op, dim, other, of)
            case Plain(), Slots(dim):
                return self._slots_compared(op, dim, one, of)
            case Slots(dim), Slots(beside):
                return self._two_slots_compared(op, dim, beside, of)
        return self._unread_truth(of)

    def _lines_compared(self, op: str, one: Linear, other: Linear, of: Expression) -> Truth:
        if one.scale != other.scale:
            return self._day_compared(op, one, other, of)
        total: dict[int, Fraction] = dict(one.form)
        for dim, factor in other.form:
            total[dim] = total.get(dim, Fraction(0)) - factor
        form = tuple(sorted((dim, factor) for dim, factor in total.items() if factor))
        yes = self.space.compared(form, op, other.number - one.number)
        return Truth(yes, self._opposite_comparison(form, op, other.number - one.number))

    def _opposite_comparison(self, form: Form, op: str, number: Fraction) -> Node:
        against = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}[op]
        return self.space.compared(form, against, number)

    def _day_compared(self, op: str, one: Linear, other: Linear, of: Expression) -> Truth:
        """A moment beside a day that is written out: by the day."""
        if {one.scale, other.scale} != {"date", "moment"}:
            return self._unread_truth(of)
        if one.scale == "date":
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
            return self._day_compared(turned, other, one, of)
        if other.form:
            return self._unread_truth(of)
        begins = (other.number - 1) * 1440 - one.number
        ends = begins + 1440
        at = self.space.compared
        make = self.space.formulas
        if op in ("==", "!="):
            inside = make.all_of((at(one.form, ">=", begins), at(one.form, "<", ends)))
            outside = make.any_of((at(one.form, "<", begins), at(one.form, ">=", ends)))
            return Truth(inside, outside) if op == "==" else Truth(outside, inside)
        edge = begins if op in ("<", ">=") else ends
        below, above = at(one.form, "<", edge), at(one.form, ">=", edge)
        return Truth(below, above) if op in ("<", "<=") else Truth(above, below)

    def _values_compared(self, op: str, value: Value, kind: Type, beside: Value, other: Type, of: Expression) -> Truth:
        try:
            answer = evaluate(Compare(cast("Any", op), Constant(value, kind), Constant(beside, other)), cast("Any", None))
        except (GovServiceError, TypeError):
            return self._unread_truth(of)
        return Truth(TRUE, FALSE) if answer is True else Truth(FALSE, TRUE) if answer is False else self._unread_truth(of)

    def _slots_compared(self, op: str, dim: int, beside: Plain, of: Expression) -> Truth:
        """A choice, a text, true or false beside a value: only `==` and `!=` are asked of them, so either may stand first."""
        kind = self.space.variables[dim].type
        if kind.kind not in ("boolean", "choice", "text") or (kind.kind == "text" and not isinstance(beside.value, str)):
            return self._unread_truth(of)
        if kind.kind == "text":
            self.space.name_text(dim, beside.value)
        if not self.space.is_cut:
            return Truth(self.space.is_plain(dim), self.space.is_plain(dim))
        yes = no = 0
        for at, slot in enumerate(self.space.cells[dim]):
            if slot in (NONE, MISSING):
                continue
            if slot is OTHER:
                answer: object = op == "!="
            else:
                pair = Constant(cast("Value", slot), kind), Constant(beside.value, beside.type)
                answer = evaluate(Compare(cast("Any", op), *pair), cast("Any", None))
            yes |= (answer is True) << at
            no |= (answer is False) << at
        return Truth(self.space.formulas.literal(dim, yes), self.space.formulas.literal(dim, no))

    def _two_slots_compared(self, op: str, dim: int, beside: int, of: Expression) -> Truth:
        kinds = [self.space.variables[each].type for each in (dim, beside)]
        if any(kind.kind not in ("boolean", "choice") for kind in kinds):
            return self._unread_truth(of)
        return self.compared(op, self._apart(dim), self._apart(beside), of)

    def _apart(self, dim: int) -> list[Case]:
        """A variable of cells as its values, one by one."""
        kind = self.space.variables[dim].type
        values: Iterable[Value] = (False, True) if kind.kind == "boolean" else [choice.name for choice in kind.choices]
        return [(self.space.is_value(dim, value), Plain(value, kind)) for value in values]

    # -- values

    def value(self, of: Expression) -> list[Case]:
        """What a value may be, and where; the places are apart from one another, and together everywhere."""
        kept = self._values.get(id(of))
        if kept is None:
            kept = self._values[id(of)] = (of, self._merged(self._value(of)))
        return kept[1]

    def _merged(self, cases: Iterable[Case]) -> list[Case]:
        """Cases of one value as one; those that are nowhere left out."""
        by_leaf: dict[Leaf, list[Node]] = {}
        for where, leaf in cases:
            if where is not FALSE:
                by_leaf.setdefault(leaf, []).append(where)
        merged = [(self.space.formulas.any_of(places), leaf) for leaf, places in by_leaf.items()]
        return [(where, leaf) for where, leaf in merged if not isinstance(leaf, Vague) or leaf.there or self._is_somewhere(where)]

    def _is_somewhere(self, where: Node) -> bool:
        """Whether a condition may hold at all, as far as that is soon said."""
        if not self.space.is_cut:
            return True
        try:
            return solve((where,), self.space.formulas.full or (), Budget(2_000)) is not None
        except OutOfBudget:
            return True

    def _value(self, of: Expression) -> list[Case]:
        match of:
            case Constant(value, kind):
                return [(TRUE, leaf_of(value, kind))]
            case Name():
                return self._named(of)
            case Arithmetic():
                return self._calculated(of)
            case Negate(inner):
                return [(where, times(leaf, Fraction(-1), of)) for where, leaf in self.value(inner)]
            case IfElse(condition, yes, no):
                return self._chosen(self.truth(condition), self.value(yes), self.value(no), of)
            case Tiers():
                return self._tiered(of)
            case Match():
                return self._matched(of)
            case Call():
                return self._called(of)
            case Aggregate() | Previous() | Streak() | Discretion():
                return self._counted(of)
            case ListOf():
                return self._unread(of)
            case Not() | AllOf() | AnyOf() | Compare() | Membership() | InList() | Known() | IsNone():
                return self._as_value(of)

    def _as_value(self, of: Expression) -> list[Case]:
        """A condition as a value: true, false or open."""
        truth = self.truth(of)
        rest = self.space.formulas.opposite(self.space.formulas.any_of(truth))
        return [(truth.yes, Plain(True, BOOLEAN)), (truth.no, Plain(False, BOOLEAN)), (rest, OPEN)]

    def _calculated(self, of: Arithmetic) -> list[Case]:
        left, right = self.value(of.left), self.value(of.right)
        if len(left) * len(right) > MOST_CASES:
            return self._unread(of)
        cases: list[Case] = []
        for here, one in left:
            for there, other in right:
                where = self.space.formulas.all_of((here, there))
                if where is not FALSE:
                    cases.append((where, self._sum(of, one, other)))
        if any(isinstance(leaf, Vague) for _, leaf in cases):
            return self._where_unread(cases, of)
        return cases

    def _where_unread(self, cases: list[Case], of: Expression) -> list[Case]:
        """Where nothing is said of a value, the variable that stands for it."""
        make = self.space.formulas
        vague = self._unread(of)
        return [
            part
            for where, leaf in cases
            for part in ([(make.all_of((where, there)), inner) for there, inner in vague] if isinstance(leaf, Vague) else [(where, leaf)])
        ]

    def _sum(self, of: Arithmetic, one: Leaf, other: Leaf) -> Leaf:
        if one is NOTHING or other is NOTHING:
            return NOTHING
        if one is OPEN or other is OPEN:
            return OPEN
        if not (isinstance(one, Linear) and isinstance(other, Linear)):
            return Vague(self._called_here(of))
        match of.op:
            case "+":
                return plus(one, other)
            case "-":
                return plus(one, cast("Linear", times(other, Fraction(-1), of)))
            case "*" if not one.form or not other.form:
                return times(one, other.number, of) if not other.form else times(other, one.number, of)
            case "/" | "//" | "%" if not other.form and other.number == 0:
                return OPEN
            case "/" if not other.form:
                return times(one, 1 / other.number, of)
            case "//" if not one.form and not other.form:
                return Linear((), Fraction(one.number // other.number), "number")
            case "%" if not one.form and not other.form:
                return Linear((), one.number % other.number, "number")
        return Vague(self._called_here(of))

    def _chosen(self, condition: Truth, yes: list[Case], no: list[Case], of: Expression) -> list[Case]:
        make = self.space.formulas
        cases = [(make.all_of((condition.yes, where)), leaf) for where, leaf in yes]
        cases += [(make.all_of((condition.no, where)), leaf) for where, leaf in no]
        rest = make.opposite(make.any_of((condition.yes, condition.no)))
        if rest is not FALSE:
            for here, one in yes:
                for there, other in no:
                    cases += self._either(make.all_of((rest, here, there)), one, other, of)
        return cases

    def _either(self, where: Node, one: Leaf, other: Leaf, of: Expression) -> list[Case]:
        """One of two values, while it is open which: where they are equal it is that, else it is open."""
        if where is FALSE or (one == other and not isinstance(one, Vague)):
            return [(where, one)]
        if isinstance(one, State) or isinstance(other, State):
            return [(where, OPEN)]
        make = self.space.formulas
        alike = self.leaves_compared("==", one, other, of)
        apart = make.opposite(make.any_of((alike.yes, alike.no)))
        return [
            (make.all_of((where, alike.yes)), one),
            (make.all_of((where, alike.no)), OPEN),
            (make.all_of((where, apart)), Vague(self._called_here(of))),
        ]

    def _tiered(self, of: Tiers) -> list[Case]:
        """The highest threshold reached first; thresholds that are not written out are not analysed."""
        steps = [(self.value(threshold), worth) for threshold, worth in of.steps]
        if any(len(cases) != 1 or not isinstance(cases[0][1], Linear) or cases[0][1].form for cases, _ in steps):
            return self._unread(of)
        make = self.space.formulas
        ordered = sorted(((cast("Linear", cases[0][1]), worth) for cases, worth in steps), key=lambda pair: pair[0].number, reverse=True)
        of_cases = self.value(of.of)
        if any(isinstance(leaf, (Vague, Plain, Slots)) for _, leaf in of_cases):
            return self._unread(of)
        cases: list[Case] = [(where, leaf) for where, leaf in of_cases if leaf in (NOTHING, OPEN)]
        left = [(where, leaf) for where, leaf in of_cases if isinstance(leaf, Linear)]
        for threshold, worth in ordered:
            reached = [(where, self.leaves_compared(">=", leaf, threshold, of)) for where, leaf in left]
            for there, inner in self.value(worth):
                cases += [(make.all_of((where, truth.yes, there)), inner) for where, truth in reached]
            left = [(make.all_of((where, truth.no)), leaf) for (where, leaf), (_, truth) in zip(left, reached, strict=True)]
        zero = Linear((), Fraction(0), "number")
        return [*cases, *((where, zero) for where, _ in left)]

    def _matched(self, of: Match) -> list[Case]:
        make = self.space.formulas
        item = self.value(of.of)
        cases: list[Case] = []
        rest: list[Node] = [make.any_of(where for where, leaf in item if leaf not in (NOTHING, OPEN))]
        for value, worth in of.worths:
            truth = self.compared("==", item, self.value(value), Compare("==", of.of, value))
            cases += [(make.all_of((truth.yes, where)), leaf) for where, leaf in self.value(worth)]
            rest.append(truth.no)
        cases += [(where, leaf) for where, leaf in item if leaf is NOTHING]
        open_ = [where for where, leaf in item if leaf is OPEN]
        if of.otherwise is not None:
            cases += [(make.all_of((*rest, where)), leaf) for where, leaf in self.value(of.otherwise)]
        if open_:
            cases.append((make.any_of(open_), Vague(self._called_here(of))))
        return cases

    def _called(self, of: Call) -> list[Case]:
        parts = [self.value(part) for part in of.of]
        if of.type.kind == "boolean":
            return self._as_value(of)
        calculated: list[Case] | None = None
        match of.function:
            case "min" | "max":
                calculated = parts[0]
                for other in parts[1:]:
                    calculated = (
                        None if calculated is None else self._extreme("<=" if of.function == "min" else ">=", calculated, other, of)
                    )
            case "abs":
                negative = [(where, times(leaf, Fraction(-1), of)) for where, leaf in parts[0]]
                calculated = self._extreme(">=", parts[0], negative, of)
            case "days" if len(parts) == 2:
                calculated = self._between(parts[1], parts[0], of, "number", 0)
            case "days":
                calculated = self._between(parts[1], parts[0], of, "number", 1)
            case "add_days":
                calculated = self._between(parts[0], [(where, times(leaf, Fraction(-1), of)) for where, leaf in parts[1]], of, "date", 0)
        if calculated is None or any(isinstance(leaf, (Vague, Plain, Slots)) for _, leaf in calculated):
            return self._unread(of)
        return self._merged(calculated)

    def _extreme(self, op: str, left: list[Case], right: list[Case], of: Call) -> list[Case] | None:
        make = self.space.formulas

        def taken(where: Node, one: Linear, other: Linear) -> list[Case] | None:
            if one.scale != other.scale:
                return None
            truth = self.leaves_compared(op, one, other, of)
            return [(make.all_of((where, truth.yes)), one), (make.all_of((where, truth.no)), other)]

        cases = self._paired(left, right, taken)
        return None if cases is None else self._merged(cases)

    def _between(self, left: list[Case], right: list[Case], of: Call, scale: Scale, more: int) -> list[Case] | None:
        """The days from one date to another, or the date so many days on: both are differences."""

        def counted(where: Node, one: Linear, other: Linear) -> list[Case] | None:
            if one.scale != "date" or other.scale not in ("date", "number"):
                return None
            total = plus(one, cast("Linear", times(other, Fraction(-1), of)))
            return [(where, Linear(total.form, total.number + more, scale))]

        return self._paired(left, right, counted)

    def _paired(self, left: list[Case], right: list[Case], work: Callable[[Node, Linear, Linear], list[Case] | None]) -> list[Case] | None:
        """What two numbers come to together, case by case; None where `work` cannot say, or the cases are too many."""
        if len(left) * len(right) > MOST_CASES:
            return None
        cases: list[Case] = []
        for here, one in left:
            for there, other in right:
                where = self.space.formulas.all_of((here, there))
                if where is FALSE:
                    continue
                if one is NOTHING or other is NOTHING:
                    cases.append((where, NOTHING))
                elif one is OPEN or other is OPEN:
                    cases.append((where, OPEN))
                else:
                    worked = work(where, one, other) if isinstance(one, Linear) and isinstance(other, Linear) else None
                    if worked is None:
                        return None
                    cases += worked
        return cases

    # -- names

    def _named(self, name: Name) -> list[Case]:
        if name.id in self.recorded:
            return self._stands(self._variable(name, "fact"))
        if name.granted_by is not None and name.granted_by in self.contents.decisions:
            return self.outcome(name.granted_by, name.id)
        if name.home == "measure" and name.id in self.contents.measures:
            return self.value(self.contents.measures[name.id].value)
        if name.home == "setting":
            given = self.contents.settings[name.id].value
            if given is not None:
                return [(TRUE, leaf_of(given, name.type))]
            return self._stands(self._variable(name, "setting"))
        if name.home == "clock":
            if name.id.partition(".")[0] not in self.contents.clocks:
                return [(TRUE, NOTHING)]
            return self._stands(self._variable(name, "clock"))
        return self._stands(self._variable(name, "score" if name.home in ("scheme", "scope", "builtin") else "fact"))

    def _default(self, name: Name) -> Value | None:
        column = self.contents.column(self.table, name.id)
        return None if column is None else column.default

    def _variable(self, name: Name, origin: Origin) -> Variable:
        none = bool(name.type.none) or origin == "clock" or name.id in self.asked_none
        asked = name.id in self.asked_known and origin == "fact" if self.unsaid is None else name.id in self.unsaid
        missing = asked and origin != "setting" and self._default(name) is None
        kind = bounded_score(self.contents, self.table, name) if origin == "score" else name.type
        return variable(name.id, kind, origin, none=none and origin != "setting", missing=missing)

    def _stands(self, of: Variable) -> list[Case]:
        dim = self.space.dimension(of)
        special: list[Case] = []
        if of.none:
            special.append((self.space.is_none(dim), NOTHING))
        if of.missing:
            special.append((self.space.is_missing(dim), OPEN))
        plain = self.space.is_plain(dim) if special else TRUE
        if of.scale is not None:
            return [(plain, Linear(((dim, Fraction(1)),), Fraction(0), of.scale)), *special]
        if of.type.kind in ("boolean", "choice", "text"):
            return [(plain, Slots(dim)), *special]
        return [(plain, Vague(of.key, there=True)), *special]

    # -- what is not analysed

    def _may_be(self, of: Expression) -> tuple[bool, bool]:
        """Whether something not analysed may be none, and whether it may be open."""
        names = [part for part in walk(of) if isinstance(part, Name)]
        doubtful = any(part.granted_by is not None or part.home == "measure" for part in names)
        none = doubtful or any(part.type.none or part.home == "clock" or part.id in self.asked_none for part in names)
        open_ = doubtful or any(part.id in self.asked_known for part in names) or not isinstance(of, (Aggregate, Previous, Streak))
        return none, open_

    def _counted(self, of: Expression) -> list[Case]:
        """What is counted from other records, or was so earlier: a variable of its own."""
        kind = of.type
        if isinstance(of, Discretion) or (scale_of(kind) is None and kind.kind not in ("boolean", "choice", "text")):
            return self._unread(of)
        if isinstance(of, Aggregate) and of.total in ("count", "percent"):
            kind = Type(kind.kind, low=0, high=100 if of.total == "percent" else None)
        key = written(of)  # rows are counted alike, but for what a book decides about them
        if self._called_here(of) != key:
            return self._unread(of)
        self.counted[key] = of
        return self._stands(variable(key, kind, "counted", none=isinstance(of, Previous)))

    def _unread(self, of: Expression) -> list[Case]:
        """A value that is not analysed: whatever it may be."""
        key = self._set_apart(of)
        if scale_of(of.type) is None and of.type.kind not in ("boolean", "choice", "text"):
            return [(TRUE, Vague(key))]
        none, open_ = self._may_be(of)
        return self._stands(variable(key, of.type.plain, "unread", none=none, missing=open_))

    def _unread_truth(self, of: Expression, *, two: bool = False) -> Truth:
        """A condition that is not analysed."""
        key = self._set_apart(of)
        dim = self.space.dimension(variable(f"({key})", BOOLEAN, "unread", missing=not two))
        return Truth(self.space.is_value(dim, True), self.space.is_value(dim, False))

    def unsaid_truth(self, key: str) -> Truth:
        """Something of which nothing can be said."""
        dim = self.space.dimension(variable(f"({key})", BOOLEAN, "unread"))
        return Truth(self.space.is_value(dim, True), self.space.is_value(dim, False))

    def _called_here(self, of: Expression) -> str:
        """What something is called that is not analysed; apart from what another book calls so, where it may mean another thing there."""
        own = any(
            isinstance(part, InList)
            or (isinstance(part, Name) and part.home != "column")
            or (isinstance(part, Call) and part.function in _BY_BOOK)
            for part in walk(of)
        )
        return f"{written(of)}{self.apart}" if own else written(of)

    def _set_apart(self, of: Expression) -> str:
        """The name of something that is not analysed. The facts that it reads are part of the record all the same."""
        key = self._called_here(of)
        self.unread[key] = of
        waiting = [of]
        while waiting:
            part = waiting.pop()
            waiting.extend(children(part))
            if isinstance(part, Name):
                self.value(part)
        return key

    # -- tables

    def table_of(self, decision: str) -> TableForm:
        """The closed form of a decision's table on the day."""
        kept = self._tables.get(decision)
        if kept is None:
            kept = self._tables[decision] = self._table(self.contents.decisions[decision])
        return kept

    def _table(self, of: Decision) -> TableForm:
        if not in_force(of.from_, of.until, self.on, of.id):
            return TableForm(Truth(FALSE, TRUE), ())
        rules = tuple((rule, self.truth(rule.when)) for rule in of.rules if rule.in_force(self.on))
        return TableForm(self.truth(of.when), rules)

    def outcome(self, decision: str, name: str) -> list[Case]:
        """What an outcome of a decision may be, and where. Where a rule cannot be judged nothing is said of it."""
        key = (decision, name)
        kept = self._outcomes.get(key)
        if kept is None:
            kept = self._outcomes[key] = self._merged(self._outcome(self.contents.decisions[decision], name))
        return kept

    def _outcome(self, of: Decision, name: str) -> list[Case]:
        make = self.space.formulas
        applies, rules = self.table_of(of.id)
        vague = Vague(f"{of.id}.{name}{self.apart}")
        cases: list[Case] = [(applies.no, NOTHING)]
        if of.hit == "collect":
            return [*cases, (make.opposite(applies.no), vague)]
        sure = [applies.yes]
        for where, granted in self._granting(of, rules, name):
            here = make.all_of((applies.yes, where))
            if granted is None:
                leaf: Leaf = OPEN if of.otherwise is None else vague
                grants = dict(of.otherwise or ())
            else:
                leaf, grants = vague, dict(granted.then)
            if name in grants:
                cases += [(make.all_of((here, there)), inner) for there, inner in self.value(grants[name])]
            else:
                cases.append((here, OPEN if granted is not None or of.otherwise is not None else leaf))
            sure.append(here)
        rest = make.opposite(make.any_of(where for where, _ in cases))
        against = self._contradiction(of, applies, rules)
        plain = all(isinstance(worth, Constant) for rule, _ in rules for id, worth in rule.then if id == name)
        plain = plain and isinstance(dict(of.otherwise or ()).get(name, Constant(NONE, ANY)), Constant)
        if not plain or (len(of.outcomes) > 1 and of.hit != "first"):
            return [*cases, (rest, vague)]
        return [*cases, (make.all_of((rest, against)), vague), (make.all_of((rest, make.opposite(against))), OPEN)]

    def _contradiction(self, of: Decision, applies: Truth, rules: tuple[tuple[Rule, Truth], ...]) -> Node:
        """Where rules hold at once that may not."""
        make = self.space.formulas
        if of.hit == "first":
            return FALSE
        pairs = ((one, other) for at, one in enumerate(rules) for other in rules[at + 1 :])
        clashing = (
            make.all_of((here.yes, there.yes)) for (one, here), (other, there) in pairs if of.hit == "unique" or one.then != other.then
        )
        return make.all_of((applies.yes, make.any_of(clashing)))

    def _granting(self, of: Decision, rules: tuple[tuple[Rule, Truth], ...], name: str) -> Iterator[tuple[Node, Rule | None]]:
        """Where each rule settles an outcome, and where none holds (None). One before it that cannot be judged does not matter, where it
        grants the same.
        """
        make = self.space.formulas
        for at, (rule, truth) in enumerate(rules):
            if of.hit == "first":
                yield make.all_of((*self._not_before(rules[:at], rule.then, name), truth.yes)), rule
                continue
            others = [other for other in (*rules[:at], *rules[at + 1 :]) if of.hit == "unique" or other[0].then != rule.then]
            earlier = [make.opposite(there.yes) for _, there in rules[:at] if of.hit == "any"]
            yield make.all_of((truth.yes, *(make.opposite(there.yes) for _, there in others), *earlier)), rule
        yield make.all_of(self._not_before(rules, of.otherwise or (), name)), None

    def _not_before(self, rules: Iterable[tuple[Rule, Truth]], then: tuple[tuple[str, Expression], ...], name: str) -> Iterator[Node]:
        granted = dict(then).get(name)
        for rule, truth in rules:
            alike = isinstance(granted, Constant) and dict(rule.then).get(name) == granted
            yield self.space.formulas.opposite(truth.yes) if alike else truth.no
