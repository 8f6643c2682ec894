"""Each fact cut at the values that conditions compare it with: cells below, at, between; choices, none and missing are cells too."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Final, Literal, TypeAlias

from govservice.rules.language.values import NONE, TimeOfDay, Type, Value
from govservice.rules.proofs.formulas import Box, Formulas, Node, Placed, Split
from govservice.rules.proofs.linear import Constraint, Sum, point_of

__all__ = [
    "MISSING",
    "OTHER",
    "Form",
    "NumberCell",
    "Origin",
    "Scale",
    "Space",
    "Variable",
    "as_number",
    "as_value",
    "plain_number",
    "scale_of",
    "variable",
]

Origin: TypeAlias = Literal["fact", "clock", "score", "setting", "counted", "element", "unread"]
"""What a variable stands for: a fact of the record (what a clock or a score says of it among them), a setting, what is counted from other
records, whether a list holds something, or what is not analysed."""
Scale: TypeAlias = Literal["number", "date", "moment", "time"]
"""What is counted along a line: a number itself, days, minutes, microseconds."""

_SCALES: Final[Mapping[str, Scale]] = {
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "moment": "moment",
    "time": "time",
}
_OPS: Final = {"<": lt, "<=": le, ">": gt, ">=": ge, "==": eq, "!=": ne}
_EPOCH: Final = datetime(1, 1, 1)  # noqa: DTZ001 - moments of the records are counted as they are written
_DAY: Final = 1440
_MINUTE: Final = Fraction(60_000_000)


class _Special(Enum):
    MISSING = "missing"
    OTHER = "other"


MISSING: Final = _Special.MISSING
"""That a record says nothing of a fact."""
OTHER: Final = _Special.OTHER
"""Any text that no condition names."""


def scale_of(kind: Type) -> Scale | None:
    """Along what values of a type are counted; None where they are not."""
    return _SCALES.get(kind.kind)


def as_number(value: object) -> Fraction | None:
    """A value as its place on a line; None for one that has none.

    >>> as_number(date(1, 1, 2)), as_number(True)
    (Fraction(2, 1), None)
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, datetime):
        return Fraction(int((value.replace(tzinfo=None) - _EPOCH) / timedelta(minutes=1))) if value.tzinfo is None else None
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return Fraction(value.microseconds) if isinstance(value, TimeOfDay) else None


def as_value(number: Fraction, scale: Scale) -> Value:
    """The value that stands at a place of a line.

    >>> as_value(Fraction(2), "date"), as_value(Fraction(1, 2), "number")
    (datetime.date(1, 1, 2), Fraction(1, 2))
    """
    match scale:
        case "date":
            return date.fromordinal(int(number))
        case "moment":
            return _EPOCH + timedelta(minutes=int(number))
        case "time":
            return TimeOfDay(int(number))
    return int(number) if number.denominator == 1 else number


@dataclass(frozen=True, slots=True)
class NumberCell:
    """Numbers between two ends (None: no end), each end in it or not; a point where they are one."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = False
    high_in: bool = False

    @property
    def point(self) -> bool:
        """Whether it holds one number."""
        return self.low is not None and self.low == self.high

    def holds(self, number: Fraction) -> bool:
        """Whether a number lies in it."""
        above = self.low is None or number > self.low or (self.low_in and number == self.low)
        below = self.high is None or number < self.high or (self.high_in and number == self.high)
        return above and below


Slot: TypeAlias = "NumberCell | Value | _Special"


@dataclass(frozen=True, slots=True)
class Variable:
    """One fact, setting or count; `grain` is the step between its numbers (0: there is always one between), `none` and `missing` whether it
    may be none, or not said. `low` and `high` are the bounds of its numbers.
    """

    key: str
    type: Type
    origin: Origin
    none: bool = False
    missing: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    grain: Fraction = Fraction(0)

    @property
    def scale(self) -> Scale | None:
        """Along what its values are counted."""
        return scale_of(self.type)


def variable(key: str, kind: Type, origin: Origin, *, none: bool = False, missing: bool = False) -> Variable:
    """A variable of a type, with the bounds and the grain that the type says."""
    low, high = (None if bound is None else Fraction(bound) for bound in (kind.low, kind.high))
    grain = Fraction(0)
    if kind.kind in ("integer", "date", "moment", "time"):
        grain = Fraction(1)
    if kind.kind == "date":
        low, high = Fraction(1), Fraction(date.max.toordinal())
    elif kind.kind == "moment":
        low, high = Fraction(0), Fraction(date.max.toordinal() * _DAY - 1)
    elif kind.kind == "time":
        low, high = Fraction(0), Fraction(_DAY * 60_000_000)
    return Variable(key, kind, origin, none, missing, low, high, grain)


Form: TypeAlias = tuple[tuple[int, Fraction], ...]


@dataclass(slots=True)
class Space:
    """All variables of a question, cut into cells. First conditions are read once to say where it is to be cut, then `cut` is called, and
    they are read again: what they mean is then a formula over cells.

    Besides the variables it has a dimension for each sum of several that is compared with a number (`closed_on - received_on`).
    """

    formulas: Formulas = field(default_factory=Formulas)
    variables: list[Variable] = field(default_factory=list)
    cells: list[list[Slot]] = field(default_factory=list)
    _by_key: dict[str, int] = field(default_factory=dict)
    _sums: dict[Form, int] = field(default_factory=dict)
    _forms: dict[int, Form] = field(default_factory=dict)
    _turns: dict[int, set[Fraction]] = field(default_factory=dict)
    _named: dict[int, dict[Value, None]] = field(default_factory=dict)
    _masks: dict[tuple[int, str, Fraction], Node] = field(default_factory=dict)
    usual: dict[int, Fraction] = field(default_factory=dict)
    _meant: set[tuple[int, Fraction]] = field(default_factory=set)

    # -- before it is cut

    def dimension(self, wanted: Variable) -> int:
        """The number of a variable's dimension."""
        dim = self._by_key.get(wanted.key)
        if dim is None:
            dim = self._by_key[wanted.key] = len(self.variables)
            self.variables.append(wanted)
        return dim

    def known(self, key: str) -> int | None:
        """The dimension of a variable, where there is one."""
        return self._by_key.get(key)

    @property
    def is_cut(self) -> bool:
        """Whether its cells are settled."""
        return self.formulas.full is not None

    def name_text(self, dim: int, text: Value) -> None:
        """A text that a condition names is a cell of its own."""
        if not self.is_cut:
            self._named.setdefault(dim, {})[text] = None

    def turn(self, dim: int, number: Fraction) -> None:
        """A number at which an answer may turn is a cell of its own."""
        if not self.is_cut:
            self._turns.setdefault(dim, set()).add(number)

    def cut(self) -> None:
        """Settle the cells of every dimension."""
        self.cells = [self._cells_of(dim, each) for dim, each in enumerate(self.variables)]
        self.formulas = Formulas([(1 << len(cells)) - 1 for cells in self.cells])

    def _cells_of(self, dim: int, of: Variable) -> list[Slot]:
        plain: list[Slot] = []
        if of.scale is not None:
            plain = list(_intervals(of, sorted(self._turns.get(dim, ()))))
        elif of.type.kind == "boolean":
            plain = [False, True]
        elif of.type.choices:
            plain = [choice.name for choice in of.type.choices]
        else:
            plain = [OTHER, *self._named.get(dim, ())]
        return [*plain, *([NONE] if of.none else []), *([MISSING] if of.missing else [])]

    # -- literals

    def is_plain(self, dim: int) -> Node:
        """That a variable has a value."""
        return self._where(dim, lambda slot: slot is not NONE and slot is not MISSING)

    def is_none(self, dim: int) -> Node:
        """That it is none."""
        return self._where(dim, lambda slot: slot is NONE)

    def is_missing(self, dim: int) -> Node:
        """That nothing is said of it."""
        return self._where(dim, lambda slot: slot is MISSING)

    def is_value(self, dim: int, value: Value) -> Node:
        """That it has this value: a choice, a text, true or false."""
        return self._where(dim, lambda slot: type(slot) is type(value) and slot == value)

    def _where(self, dim: int, wanted: Callable[[Slot], bool]) -> Node:
        if not self.is_cut:
            return self.formulas.literal(dim, 0)
        mask = sum(1 << at for at, slot in enumerate(self.cells[dim]) if wanted(slot))
        return self.formulas.literal(dim, mask)

    def compared(self, form: Form, op: str, number: Fraction) -> Node:
        """That a sum of variables, each times its factor, stands so to a number. Of none: whether 0 does."""
        if not form:
            return self.formulas.any_of([]) if not _OPS[op](0, number) else self.formulas.all_of([])
        first = form[0][1]
        if first < 0:
            op = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        number /= first
        dim = form[0][0]
        if len(form) > 1:
            dim = self._sum(tuple((part, factor / first) for part, factor in form))
        self.turn(dim, number)
        if op in ("==", "!="):
            self._meant.add((dim, number))
        if not self.is_cut:
            return self.formulas.literal(dim, 0)
        key = (dim, op, number)
        node = self._masks.get(key)
        if node is None:
            node = self._masks[key] = self._where(dim, lambda slot: isinstance(slot, NumberCell) and _OPS[op](_inside(slot), number))
        return node

    def _sum(self, form: Form) -> int:
        dim = self._sums.get(form)
        if dim is None:
            dim = self._sums[form] = len(self.variables)
            self._forms[dim] = form
            whole = all(factor.denominator == 1 and self.variables[part].grain == 1 for part, factor in form)
            key = " + ".join(f"{factor} * {self.variables[part].key}" for part, factor in form)
            self.variables.append(Variable(key, Type("decimal"), "fact", grain=Fraction(int(whole))))
        return dim

    @property
    def sums(self) -> Mapping[int, Form]:
        """The dimensions that are sums of others."""
        return self._forms

    # -- points

    def place(self, box: Sequence[int]) -> Placed | Split | None:
        """Numbers for the variables that hang on one another, so that they lie in a box; None where there are none.

        Raises Undecided where that cannot be said: of whole numbers with odd factors.
        """
        asked = [dim for dim in self._forms if box[dim] != (self.formulas.full or ())[dim]]
        if not asked:
            return Placed({})
        involved = sorted({*asked, *(part for dim in asked for part, _ in self._forms[dim])})
        constraints: list[Constraint] = []
        for dim in involved:
            form = self._forms.get(dim, ((dim, Fraction(1)),))
            runs = list(self._runs(dim, box[dim]))
            if not runs:
                return Placed({})  # none or missing: what is compared is asked of a value alone
            low, high = runs[0][0], runs[-1][-1]
            constraints += _held(Sum(form), low, high)
        grains = {dim: self.variables[dim].grain for dim in involved if dim not in self._forms}
        usual = {dim: self.usual.get(dim, _usual_of(self.variables[dim])) for dim in grains}
        numbers = point_of(constraints, grains, usual)
        if numbers is None:
            return self._cut_apart(involved, box) if any(len(list(self._runs(dim, box[dim]))) > 1 for dim in involved) else None
        for dim in involved:
            number = sum((factor * numbers[part] for part, factor in self._forms.get(dim, ((dim, Fraction(1)),))), Fraction(0))
            if not any(cell.holds(number) for run in self._runs(dim, box[dim]) for cell in run):
                return self._cut_apart([dim], box)
        return Placed({dim: numbers[dim] for dim in grains})

    def _cut_apart(self, dims: Sequence[int], box: Sequence[int]) -> Split | None:
        """A dimension whose cells in a box do not lie side by side, with each group of them that does."""
        for dim in dims:
            runs = list(self._runs(dim, box[dim]))
            if len(runs) > 1:
                slots = self.cells[dim]
                masks = [sum(1 << at for at, slot in enumerate(slots) if any(slot is cell for cell in run)) for run in runs]
                special = sum(1 << at for at, slot in enumerate(slots) if box[dim] >> at & 1 and not isinstance(slot, NumberCell))
                return Split(dim, (*masks, *((special,) if special else ())))
        return None

    def _runs(self, dim: int, mask: int) -> Iterator[list[NumberCell]]:
        """The cells of a box along a line, in groups that lie side by side."""
        run: list[NumberCell] = []
        for at, slot in enumerate(self.cells[dim]):
            if isinstance(slot, NumberCell) and mask >> at & 1:
                run.append(slot)
            elif run:
                yield run
                run = []
        if run:
            yield run

    def is_meant(self, dim: int, number: Fraction) -> bool:
        """Whether a condition asks for this very number."""
        return (dim, number) in self._meant

    def chosen(self, box: Box, placed: Placed) -> dict[int, Value | _Special]:
        """One point of a box: of each variable a value, the plainest there is."""
        point: dict[int, Value | _Special] = {}
        for dim, each in enumerate(self.variables):
            if dim in self._forms:
                continue
            number = placed.numbers.get(dim)
            if isinstance(number, Fraction):
                point[dim] = as_value(number, each.scale or "number")
                continue
            slots = [slot for at, slot in enumerate(self.cells[dim]) if box[dim] >> at & 1]
            slot = min(slots, key=_plainness)
            point[dim] = as_value(plain_number(slot, each), each.scale or "number") if isinstance(slot, NumberCell) else slot
        return point

    def cell_of(self, dim: int, value: object) -> int | None:
        """The cell in which a value lies; None where there is none: it is out of bounds."""
        number = as_number(value)
        for at, slot in enumerate(self.cells[dim]):
            if isinstance(slot, NumberCell):
                if number is not None and slot.holds(number):
                    return at
            elif slot is value or (type(slot) is type(value) and slot == value):
                return at
        said = value is not NONE and value is not MISSING
        return self.cells[dim].index(OTHER) if said and OTHER in self.cells[dim] else None


def _plainness(slot: Slot) -> int:
    """The plainest value first: no, the first choice, a number from 0 up, a number below it, another text, none, nothing said."""
    if isinstance(slot, NumberCell):
        return 0 if slot.high is None or slot.high > 0 or (slot.high == 0 and slot.high_in) else 1
    return {NONE: 3, MISSING: 4, OTHER: 2}.get(slot, 0) if slot in (NONE, MISSING, OTHER) else 0


def _intervals(of: Variable, turns: list[Fraction]) -> Iterator[NumberCell]:
    """A line cut at numbers; cells in which no number of the variable lies are left out."""
    edge: Fraction | None = None
    for number in turns:
        yield from _fitted(of, NumberCell(edge, number))
        yield from _fitted(of, NumberCell(number, number, low_in=True, high_in=True))
        edge = number
    yield from _fitted(of, NumberCell(edge, None))


def _fitted(of: Variable, cell: NumberCell) -> Iterator[NumberCell]:
    """A cell within the bounds of a variable, its ends on the grain; nothing where no number is left."""
    low, high, low_in, high_in = cell.low, cell.high, cell.low_in, cell.high_in
    if of.low is not None and (low is None or low < of.low):
        low, low_in = of.low, True
    if of.high is not None and (high is None or high > of.high):
        high, high_in = of.high, True
    if of.grain:
        if low is not None:
            steps = low / of.grain
            low = of.grain * (math.ceil(steps) if low_in else math.floor(steps) + 1)
            low_in = True
        if high is not None:
            steps = high / of.grain
            high = of.grain * (math.floor(steps) if high_in else math.ceil(steps) - 1)
            high_in = True
    if low is not None and high is not None and (low > high or (low == high and not (low_in and high_in))):
        return
    yield NumberCell(low, high, low_in, high_in)


def _inside(cell: NumberCell) -> Fraction:
    """Some number of a cell."""
    if cell.low is None:
        return Fraction(0) if cell.high is None else cell.high - 1
    if cell.high is None:
        return cell.low + 1
    return (cell.low + cell.high) / 2


def plain_number(cell: NumberCell, of: Variable) -> Fraction:
    """The number of a cell that reads best: 0 where it may be, whole where it can be, a tenth, a hundredth, near the end it turns at."""
    if cell.point:
        return cell.low or Fraction(0)
    usual = _usual_of(of)
    if cell.holds(usual):
        return usual
    grains = (_MINUTE, of.grain) if of.scale == "time" else (of.grain,)
    for grain in grains if of.grain else (1, Fraction(1, 2), Fraction(1, 10), Fraction(1, 100)):
        if cell.low is not None:
            number = grain * (math.floor(cell.low / grain) + (0 if cell.low_in and cell.low % grain == 0 else 1))
        else:
            high = cell.high or Fraction(0)
            number = grain * (math.ceil(high / grain) - (0 if cell.high_in and high % grain == 0 else 1))
        if cell.holds(Fraction(number)):
            return Fraction(number)
    return _inside(cell)


def _usual_of(of: Variable) -> Fraction:
    """The number that says least: 0, a day in June."""
    day = date(2026, 6, 1).toordinal()
    return Fraction(day if of.scale == "date" else (day - 1) * _DAY + 600 if of.scale == "moment" else 0)


def _held(line: Sum, low: NumberCell, high: NumberCell) -> Iterator[Constraint]:
    if low.low is not None:
        yield Constraint(line.times(Fraction(-1)), -low.low, strict=not low.low_in)
    if high.high is not None:
        yield Constraint(line, high.high, strict=not high.high_in)
