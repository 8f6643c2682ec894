"""Conditions in closed form, over cells: literals, all of, any of; and the search for a box in which a condition holds throughout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

__all__ = ["FALSE", "TRUE", "Box", "Budget", "Formulas", "Node", "OutOfBudget", "Placed", "Split", "solve", "widest"]

_LITERAL, _ALL, _ANY, _TRUE, _FALSE = range(5)


class Node:
    """One condition. A literal says which cells of a dimension are meant, by a bitmask; made by `Formulas`, each once."""

    __slots__ = ("dim", "kind", "mask", "opposite", "parts")

    def __init__(self, kind: int, dim: int = -1, mask: int = 0, parts: tuple[Node, ...] = ()) -> None:
        self.kind = kind
        self.dim = dim
        self.mask = mask
        self.parts = parts
        self.opposite: Node | None = None

    def __repr__(self) -> str:
        match self.kind:
            case 0:
                return f"{self.dim}:{self.mask:b}"
            case 1:
                return f"({' & '.join(map(repr, self.parts))})"
            case 2:
                return f"({' | '.join(map(repr, self.parts))})"
        return "true" if self.kind == _TRUE else "false"


TRUE: Final = Node(_TRUE)
FALSE: Final = Node(_FALSE)
TRUE.opposite, FALSE.opposite = FALSE, TRUE

Box: TypeAlias = tuple[int, ...]
"""A bitmask of cells for each dimension: every point of their product."""


class OutOfBudget(Exception):
    """A search was given up: nothing is proved, and nothing is found."""


@dataclass(slots=True)
class Budget:
    """How many steps a search may take; shared by searches that together may take no more.

    >>> Budget(2).spend(3)
    Traceback (most recent call last):
    govservice.rules.proofs.formulas.OutOfBudget
    """

    steps: int = 200_000

    def spend(self, steps: int) -> None:
        """Take steps off. Raises OutOfBudget."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfBudget


@dataclass(slots=True)
class Formulas:
    """Makes conditions over dimensions of which `full` says the cells; while these are still being cut (it is None) literals are blank."""

    full: list[int] | None = None
    _kept: dict[object, Node] = field(default_factory=dict)

    def literal(self, dim: int, mask: int) -> Node:
        """That a point lies in one of these cells of a dimension."""
        if self.full is None:
            return Node(_LITERAL)
        mask &= self.full[dim]
        if not mask:
            return FALSE
        if mask == self.full[dim]:
            return TRUE
        return self._once((dim, mask), lambda: Node(_LITERAL, dim, mask))

    def all_of(self, parts: Iterable[Node]) -> Node:
        """That every one holds."""
        return self._joined(parts, _ALL, TRUE, FALSE)

    def any_of(self, parts: Iterable[Node]) -> Node:
        """That one of them holds."""
        return self._joined(parts, _ANY, FALSE, TRUE)

    def opposite(self, of: Node) -> Node:
        """That it does not hold."""
        if of.opposite is None:
            if of.kind == _LITERAL:
                of.opposite = Node(_LITERAL) if self.full is None else self.literal(of.dim, ~of.mask)
            else:
                parts = [self.opposite(part) for part in of.parts]
                of.opposite = self.any_of(parts) if of.kind == _ALL else self.all_of(parts)
            if of.opposite.opposite is None:
                of.opposite.opposite = of
        return of.opposite

    def at(self, of: Node, dim: int, mask: int) -> Node:
        """The condition where a dimension lies in these cells: of that dimension nothing is asked any more, where they decide it."""
        if of.kind == _LITERAL:
            if of.dim != dim:
                return of
            return TRUE if not mask & ~of.mask else FALSE if not mask & of.mask else of
        if of.kind in (_TRUE, _FALSE):
            return of
        parts = [self.at(part, dim, mask) for part in of.parts]
        return self.all_of(parts) if of.kind == _ALL else self.any_of(parts)

    def _joined(self, given: Iterable[Node], kind: int, neutral: Node, absorbing: Node) -> Node:
        masks: dict[int, int] = {}
        others: dict[int, Node] = {}
        waiting = list(given)[::-1]
        while waiting:
            part = waiting.pop()
            if part is absorbing:
                return absorbing
            if part is neutral:
                continue
            if part.kind == kind:
                waiting.extend(reversed(part.parts))
            elif part.kind == _LITERAL and part.dim >= 0:
                before = masks.get(part.dim)
                masks[part.dim] = part.mask if before is None else before & part.mask if kind == _ALL else before | part.mask
            else:
                others[id(part)] = part
        literals = [self.literal(dim, mask) for dim, mask in masks.items()]
        if absorbing in literals:
            return absorbing
        parts = (*(literal for literal in literals if literal is not neutral), *others.values())
        if len(parts) == 1:
            return parts[0]
        return self._once((kind, *map(id, parts)), lambda: Node(kind, parts=parts)) if parts else neutral

    def _once(self, key: object, make: Callable[[], Node]) -> Node:
        node = self._kept.get(key)
        if node is None:
            node = self._kept[key] = make()
        return node


@dataclass(frozen=True, slots=True)
class Placed:
    """A point that may stand in a box: numbers by dimension, of those that hang on one another."""

    numbers: Mapping[int, object]


@dataclass(frozen=True, slots=True)
class Split:
    """Whether there is a point cannot be said of the whole box: it is to be cut along a dimension."""

    dim: int
    masks: tuple[int, ...]


Place: TypeAlias = Callable[[Sequence[int]], "Placed | Split | None"]


def _status(of: Node, box: Sequence[int], fixed: frozenset[int]) -> bool | None:
    """Whether a condition holds throughout a box, or nowhere in it; None for neither."""
    kind = of.kind
    if kind == _LITERAL:
        cells = box[of.dim]
        met = cells & of.mask
        return False if not met or (of.dim in fixed and met != cells) else True if met == cells else None
    whole = kind == _ALL
    answer: bool | None = whole
    for part in of.parts:
        status = _status(part, box, fixed)
        if status is None:
            answer = None
        elif status is not whole:
            return status
    return answer if of.parts else kind == _TRUE


def widest(goals: Iterable[Node], box: Box, full: Sequence[int]) -> Box:
    """A box in which all goals hold, widened cell by cell as far as they still do throughout.

    >>> make = Formulas([0b11, 0b111])
    >>> widest([make.literal(1, 0b011)], (0b01, 0b001), [0b11, 0b111])
    (3, 3)
    """
    wide, asked = list(box), list(goals)
    for dim, mask in enumerate(full):
        cells = [1 << cell for cell in range(mask.bit_length()) if mask & ~box[dim] & 1 << cell]
        for more in (mask, *cells) if cells else ():
            before, wide[dim] = wide[dim], wide[dim] | more
            broken = next((at for at, goal in enumerate(asked) if not _status(goal, wide, frozenset())), None)
            if broken is not None:
                wide[dim] = before
                asked.insert(0, asked.pop(broken))  # it is likely to break again
    return tuple(wide)


def solve(
    goals: Iterable[Node],
    full: Sequence[int],
    budget: Budget,
    *,
    fixed: frozenset[int] = frozenset(),
    place: Place | None = None,
    home: Mapping[int, int] | None = None,
    most: int = 0,
    linked: Iterable[int] = (),
) -> tuple[Box, Placed] | None:
    """A box in which all goals hold throughout, and a point in it; None is a proof that there is none.

    Dimensions in `fixed` are left whole: what is found holds whatever stands there (and where nothing is found, something may still be).
    `place` says whether numbers that hang on one another have a point in a box. With `home` no more than `most` of its dimensions leave
    their home cells; of `linked` ones, which hang on others, it is said of each. Raises OutOfBudget.
    """
    stack: list[tuple[list[int], list[Sequence[Node]], list[Node]]] = [(list(full), [], list(goals))]
    opposite = Formulas(list(full)).opposite
    while stack:
        box, waiting, agenda = stack.pop()
        left = _narrowed(box, waiting, agenda, budget, fixed, home, most)
        if left is None:
            continue
        if left:
            alive = min(left, key=len)
            first = alive[0]
            rest = [parts for parts in left if parts is not alive]
            stack.append((box.copy(), [*rest, alive[1:]], [opposite(first)]))
            stack.append((box, rest, [first]))
            continue
        undecided = next((dim for dim in linked if home is not None and box[dim] & home[dim] and box[dim] != home[dim]), None)
        if undecided is not None and home is not None:
            for mask in (box[undecided] & ~home[undecided], home[undecided]):
                stack.append(([*box[:undecided], mask, *box[undecided + 1 :]], [], []))
            continue
        placed = Placed({}) if place is None else place(box)
        if isinstance(placed, Placed):
            return tuple(box), placed
        if isinstance(placed, Split):
            for mask in reversed(placed.masks):
                part = box.copy()
                part[placed.dim] = mask
                stack.append((part, [], []))
    return None


def _narrowed(
    box: list[int],
    waiting: list[Sequence[Node]],
    agenda: list[Node],
    budget: Budget,
    fixed: frozenset[int],
    home: Mapping[int, int] | None,
    most: int,
) -> list[Sequence[Node]] | None:
    """Narrow a box to what must hold; what is left to choose from, or None where nothing is left of the box."""
    changed = home is not None
    while True:
        while agenda:
            node = agenda.pop()
            if node.kind == _LITERAL:
                cells = box[node.dim]
                met = cells & node.mask
                if met != cells:
                    if not met or node.dim in fixed:
                        return None
                    box[node.dim] = met
                    changed = True
            elif node.kind == _ALL:
                agenda.extend(node.parts)
            elif node.kind == _ANY:
                waiting.append(node.parts)
                changed = True
            elif node is FALSE:
                return None
        if home is not None and changed:
            away = sum(1 for dim, mask in home.items() if not box[dim] & mask)
            if away > most:
                return None
            if away == most:
                for dim, mask in home.items():
                    if box[dim] & mask:
                        box[dim] &= mask
        if not changed:
            return waiting
        changed = False
        left: list[Sequence[Node]] = []
        budget.spend(1 + len(waiting))
        for parts in waiting:
            alive: list[Node] = []
            for part in parts:
                status = _status(part, box, fixed)
                if status:
                    break
                if status is None:
                    alive.append(part)
            else:
                if not alive:
                    return None
                if len(alive) == 1:
                    agenda.append(alive[0])
                else:
                    left.append(alive)
        waiting = left
        if not agenda:
            return waiting
