"""What the items of a scheme come to: each on the rows it is for, or once on the subject itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import cast

from govservice.assessment.occurrences import (
    Priced,
    PricedRows,
    note_on_rows,
    occurrences,
    one_of,
)
from govservice.assessment.register import LedgerRow
from govservice.assessment.row_pricing import RowPricing
from govservice.assessment.score import Score, Sources
from govservice.assessment.worths import needs_of_value, read_by, summed_worth, worth_of
from govservice.errors import ConventionError, Words
from govservice.rules.book.entries import Item, in_force
from govservice.rules.language.intervals import Bounded, calculate, ends, hull, is_number, needs_of
from govservice.rules.language.printing import written
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.rules.meaning.evaluation import holds, in_doubt
from govservice.rules.meaning.joining import held

__all__ = ["ItemPricing"]


class ItemPricing(RowPricing):
    """The items of one score, priced; what must be said of them, and which rows some item is for, is kept with the score."""

    def __init__(self, sources: Sources, score: Score) -> None:
        super().__init__(sources, score)
        self.doubts: dict[str | None, frozenset[str]] = {}  # of parts that may not apply, what would say so
        self.beside: dict[
            tuple[str | None, str, int], Bounded | Unknown | None
        ] = {}  # what lines come to beside others of their occurrence

    def price(
        self,
        part: str | None,
        items: tuple[Item, ...],
        conventions: Mapping[str, str],
        behind: Unknown | None,
        *,
        doubt: Unknown | None = None,
    ) -> list[Priced | PricedRows]:
        """Price the items of a part, or those outside any; its conventions stand before the scheme's.

        `behind` is what would say whether they apply at all: only where that is certain is a convention asked for that is not stated, and
        refused what cannot be worked out. `doubt` is what would say whether the part applies.
        """
        self.behind = behind
        if doubt is not None:
            self.doubts[part] = doubt.needs
        worths: list[Priced | PricedRows] = []
        for item in items:
            together = self._together(part, item)
            if together is not None:
                self.score.priced.parts += together
                worths += together
                if not together:
                    self._unfired(part, item, {})
                continue
            lines = list(self._item(part, item, conventions))
            if self.beside:
                lines = [settled for line in lines if (settled := self._settled(line)) is not None]
            if item.for_ and not lines:
                self._unfired(part, item, {})
            self.score.priced.parts.extend(lines)
            whole = self.wholes.pop((part, item.id), None)
            counted = lines if whole is None else [whole]
            worths.extend(counted if item.at_most is None and item.at_least is None else self._held(part, item, counted))
        return worths

    def _together(self, part: str | None, item: Item) -> list[Priced | PricedRows] | None:
        """An item on all its rows at once; None where they are to be priced one by one, or held together, or there are none."""
        if not item.for_ or self.beside or item.at_most is not None or item.at_least is not None:
            return None
        return self.together(part, item)

    def _held(self, part: str | None, item: Item, lines: list[Priced]) -> Iterator[Priced]:
        """What an item comes to whose rows are held together; a line of its own says what that gives or takes."""
        if not lines:
            return
        needs_of_lines = frozenset().union(*(line.needs for line in lines))
        sure = any(line.sure for line in lines)
        doubt = self._in_doubt(True if sure else Unknown(needs_of_lines))
        bounds = [None if bound is None else in_doubt(bound, self.scope, doubt) for bound in (item.at_least, item.at_most)]
        least, most = (None if isinstance(bound, Nothing) else bound for bound in bounds)
        total = summed_worth([line.worth for line in lines])
        open_ = [bound for bound in (least, most) if isinstance(bound, Unknown)]
        worth = Unknown(frozenset().union(*(bound.needs for bound in open_))) if open_ else _holding(total, least, most)
        needs = needs_of_lines | needs_of_value(worth)
        yield lines[0]._replace(worth=worth, needs=tuple(sorted(needs)), sure=sure)
        change = _change(total, worth, least, most)
        if change != 0:
            told = needs_of_value(change) - needs_of_lines
            text = ", ".join(f"{key}: {written(bound)}" for key, bound in (("at_least", item.at_least), ("at_most", item.at_most)) if bound)
            read = {f"sum of {item.id}": reported(total)} if is_number(total) and not isinstance(total, Interval) else {}
            self.score.priced.parts.append(Priced(part, item, change, read, None, None, tuple(sorted(told)), sure, told=text))

    def _settled(self, line: Priced) -> Priced | None:
        """A line as it stands beside those of other items that tell of the same occurrence (`across`)."""
        key = (line.part, line.item.id, id(line.row))
        if line.row is None or key not in self.beside:
            return line
        worth = self.beside[key]
        if worth is None:
            return None
        needs = worth.needs if isinstance(worth, Unknown) else needs_of(worth)
        return line._replace(worth=worth, needs=tuple(sorted(needs)))

    def across(self) -> bool:
        """Whether rows of one occurrence were priced by several items, and count otherwise than each: `beside` then says how.

        Raises ConventionError where the book does not say.
        """
        if not self.sources.alike_rows.tell_of_one(self.score.priced.sources()):
            return False
        lines = [(line, row) for line in self.score.priced for row in line.tells_of]
        telling = occurrences({id(row): row for _, row in lines}.values(), self.scheme.scores)
        groups: dict[Hashable, list[Priced]] = {}
        for line, row in lines:
            group = groups.setdefault(telling[id(row)], []) if id(row) in telling else None
            if group is not None and all(line is not other for other in group):
                group.append(line)
        for group in groups.values():
            if len({(line.part, line.item.id) for line in group}) > 1 and len(_rows_of(group)) > 1:
                self._beside(group)
        return bool(self.beside)

    def _beside(self, group: list[Priced]) -> None:
        reading = self.conventions.get("same_occurrence")
        certain = [line for line in group if line.sure and line.part not in self.doubts]
        if reading is None:
            if len(_rows_of(certain)) > 1:
                items = dict.fromkeys(f"{self.scheme.id}.{line.item.id}" for line in certain)
                raise ConventionError.unstated("same_occurrence", Words(", ".join(items), "、".join(items)))
            reading = "report"
        if reading == "each":
            return
        rows = list(_rows_of(group).values())
        self.score.note(note_on_rows(self.scope.contents, rows, reading))
        worths = [line.worth for line in group]
        if reading != "report" and len(certain) == len(group) and not any(isinstance(worth, (Unknown, Interval)) for worth in worths):
            choose = max if reading == "mildest" else min
            place = worths.index(choose(cast("list[int]", worths)))
            stand: list[Bounded | Unknown | None] = [worth if number == place else None for number, worth in enumerate(worths)]
        else:
            needs = frozenset(("conventions.same_occurrence",)) if reading == "report" else frozenset()
            needs = needs.union(*(line.needs for line in group), *(self.doubts.get(line.part, ()) for line in group))
            stand = list(one_of(worths, needs, one_stands=len(certain) == len(group)))
        self.beside |= {(line.part, line.item.id, id(line.row)): worth for line, worth in zip(group, stand, strict=True)}

    def _item(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterable[Priced]:
        if item.for_:
            return self.by_row(part, item, conventions)
        return self._once(part, item) if in_force(item.from_, item.until, self.sources.held_on(self.period), item.id) else ()

    def _once(self, part: str | None, item: Item) -> Iterator[Priced]:
        asked = True if item.when is None else holds(in_doubt(item.when, self.scope, self.behind))
        if asked is False:
            self._unfired(part, item, read_by(item, self.scope))
            return
        worth, needs = worth_of(in_doubt(item.points, self.scope, self._in_doubt(asked)), asked)
        yield Priced(part, item, worth, read_by(item, self.scope), None, None, needs, asked is True)

    def _unfired(self, part: str | None, item: Item, read: Mapping[str, object]) -> None:
        told = f"{written(item.when)}: {item.text}" if item.when is not None else item.text
        self.score.unfired.append(Priced(part, item, 0, read, told=told))


def _holding(worth: Bounded | Unknown, least: Value | None, most: Value | None) -> Bounded | Unknown:
    """A sum held between bounds; one that may turn out to be none may be no bound."""
    held_ = [held(worth, low, high) for low in _readings(least) for high in _readings(most)]
    open_ = [value for value in held_ if isinstance(value, Unknown)]
    needs = frozenset[str]().union(*map(needs_of_value, held_), _needs(least), _needs(most))
    return Unknown(needs) if open_ else hull(cast("list[Bounded]", held_), needs)


def _readings(bound: Value | None) -> tuple[Value | None, ...]:
    return (replace(bound, or_none=False), None) if isinstance(bound, Interval) and bound.or_none else (bound,)


def _needs(bound: Value | None) -> frozenset[str]:
    return frozenset() if bound is None else needs_of_value(bound)


def _change(total: Bounded | Unknown, worth: Value, least: Value | None, most: Value | None) -> Bounded | Unknown:
    """What holding a sum adds to it or takes from it; it falls as the sum rises."""
    if isinstance(total, Unknown) or isinstance(worth, Unknown):
        return Unknown(needs_of_value(total) | needs_of_value(worth))
    changes = [cast("Bounded", calculate("-", cast("Bounded", _holding(end, least, most)), end)) for end in ends(total)]
    return hull(changes, needs_of_value(total) | needs_of_value(worth))


def _rows_of(lines: Iterable[Priced]) -> dict[int, LedgerRow]:
    """The rows that some lines tell of, each once, in the order of their numbers."""
    rows = (row for line in lines for row in line.tells_of)
    return {id(row): row for row in sorted(rows, key=lambda row: row.number)}
