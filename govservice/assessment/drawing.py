"""The lines of a card and the labels of what is on it: drawn from what was priced, when they are looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from govservice.assessment.occurrences import Priced, PricedRows
from govservice.assessment.scorecard import Line
from govservice.assessment.showing import Showing
from govservice.rules.language.labelled import in_labels
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import label_of

if TYPE_CHECKING:
    from govservice.assessment.register import LedgerRow
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Item, Scheme

__all__ = ["Drawing", "in_chinese", "kind_priced", "labelled_counts"]


class Drawing(NamedTuple):
    """What the lines of one card are drawn from; none of it changes.

    `doubted` are the parts that may not apply, `figures` what each item counted (by identity), `counted` what all of them count, by how it
    is written; `own` is left out of names, for they are the subject's.
    """

    contents: Contents
    scheme: Scheme
    showing: Showing
    parts: tuple[Priced | PricedRows, ...]
    unfired: tuple[Priced, ...]
    doubted: frozenset[str]
    figures: Mapping[int, Mapping[str, object]]
    counted: Mapping[str, Expression]
    own: str
    name: tuple[str, str] | None  # what labels the subject, and its name

    @property
    def priced(self) -> Iterator[Priced]:
        """What was priced, line by line."""
        return (line for part in self.parts for line in (part.lines if isinstance(part, PricedRows) else (part,)))

    def lines(self) -> tuple[Line, ...]:
        """One an item and row."""
        return tuple(map(self._line, self.priced))

    def unfired_lines(self) -> tuple[Line, ...]:
        """One an item that does not apply."""
        return tuple(map(self._line, self.unfired))

    def _line(self, priced: Priced) -> Line:
        item, figures = priced.item, self.figures.get(id(priced.item))
        point, low, high = self.showing.span(priced.worth, sure=priced.sure and priced.part not in self.doubted)
        return Line(
            priced.part,
            item.id,
            item.label,
            item.cite,
            point,
            low,
            high,
            priced.told or item.text,
            {**priced.facts, **figures} if figures else priced.facts,
            priced.row.facts if priced.row is not None else None,
            priced.on,
            tuple(sorted({name.removeprefix(self.own) for name in priced.needs})) if priced.needs else (),
            tuple(row.facts for row in priced.joined),
        )

    def labels(self) -> dict[str, str]:
        """What everything on the card is called in Chinese: facts, and values of choices as `name=value`, rules by their text, items as
        `part.item`, the subject as `subject=id`.
        """
        contents = self.contents
        labels = labelled_counts(contents, self.counted)
        for priced in (*self.priced, *self.unfired):
            tables = (priced.row.source, "events") if priced.row is not None else (self.scheme.id,)
            for name, fact in priced.facts.items():
                column = next((seen for table in tables if (seen := contents.column(table, name)) is not None), None)
                if column is not None and column.label:
                    labels[name] = column.label
                elif column is None and "." in name and name in contents.called_with_titles:
                    labels[name] = contents.called_with_titles[name]
                if column is not None and (label := label_of(column.type, fact)):
                    labels[f"{name}={fact}"] = label
            if priced.item.text not in labels:
                labels[priced.item.text] = in_chinese(priced.item.points, contents)
        for priced in self.unfired:
            if priced.item.when is not None:
                labels[priced.told] = f"{in_chinese(priced.item.when, contents)}：{labels[priced.item.text]}"
        for part, item in {(priced.part, id(priced.item)): (priced.part, priced.item) for priced in (*self.priced, *self.unfired)}.values():
            if (label := kind_priced(item, contents)) is not None:
                labels[f"{part or ''}.{item.id}"] = label
        labels.update(contents.entry_labels)
        for priced in self.priced:
            if priced.row is not None and "kind" in priced.row.facts and priced.row.source not in contents.tables:
                labels = _labels_of_signal(contents, priced.row) | labels
        if self.name is not None:
            labels[self.name[0]] = self.name[1]
        return labels


def _labels_of_signal(contents: Contents, row: LedgerRow) -> dict[str, str]:
    """What a signal that a clock raised is called in Chinese, with the clock, and the row that it names beside its case."""
    labels: dict[str, str] = {}
    clock, _, signal = row.source.rpartition(".")
    for id, name in ((clock, row.source), (row.facts.get("clock"), row.facts.get("clock"))):
        label = contents.clocks[id].label if isinstance(id, str) and id in contents.clocks else None
        if label:
            labels[str(name)] = label if name == id else f"{label}{contents.entry_labels.get(signal) or f' {signal}'}"
    table, of, id = str(row.facts.get("row") or "").partition(":")
    if of:
        whole = f"{table}:{id}"
        labels[whole] = contents.rows_in_chinese(table, id) if id == str(row.number) else f"{contents.in_chinese(table).strip()} {id}"
    return labels


def kind_priced(item: Item, contents: Contents) -> str | None:
    """What the one kind of event that an item prices is called; None where it prices others, or none."""
    event = contents.events.get(item.for_[0]) if len(item.for_) == 1 else None
    return event.label if event is not None else None


def labelled_counts(contents: Contents, counted: Mapping[str, Expression]) -> dict[str, str]:
    """What aggregates are called in Chinese, by how they are written."""
    return {name: in_chinese(part, contents) for name, part in counted.items()}


def in_chinese(of: Expression, contents: Contents) -> str:
    """An expression as it stands on a card: by labels, schemes by their titles, with 且, 或 and 非."""
    return in_labels(written(of, lang="zh", labels=contents.called_with_titles), {})
