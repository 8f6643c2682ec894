"""What a score that was published would be now, and where it differs from what was published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from govservice.assessment.scorecard import Change, Line, PartScore, Points, Rescored, Scorecard
from govservice.rules.language.facts import unsaid, written

__all__ = ["rescored"]

_STRUCTURE: Final = ("kind", "on", "from", "until", "to", "period", "occurrence")


def rescored(
    now: Scorecard, *, total: Points | None, kept: Scorecard | None, parts: Mapping[str, Points | None], keys: frozenset[str]
) -> Rescored:
    """How a score stands `now` beside what was published of it: its total, its parts, and its lines where the whole card was kept."""
    changes = [Change(None, None, None, total, now.total, now.low, now.high)] if total != now.total or total is None else []
    changes += _of_parts(parts, now.parts)
    changes += _of_lines(kept.lines, now.lines, keys) if kept is not None else ()
    return Rescored(
        total=now.total,
        low=now.low,
        high=now.high,
        needs=tuple(sorted({need for item in now.open for need in item.needs})),
        changes=tuple(changes),
        told="lines" if kept is not None else "parts" if parts else "total",
        scored=now.scored,
        rules_changed=kept.digest != now.digest if kept is not None else None,
    )


def _of_parts(before: Mapping[str, Points | None], now: Mapping[str, PartScore]) -> Iterator[Change]:
    for path in dict.fromkeys((*before, *now)) if before else ():
        part = now.get(path)
        was, found = before.get(path, 0), (part.total, part.low, part.high) if part is not None else (0, 0, 0)
        if was != found[0] or was is None:
            yield Change(path, None, part.label if part is not None else None, was, *found)


def _of_lines(before: Iterable[Line], now: Iterable[Line], keys: frozenset[str]) -> Iterator[Change]:
    """The lines whose points differ, each beside that of the same item and record; one that is not there gives 0.

    One is open where the other card leaves the item open as a whole, or on its record together with others: that is told here alone.
    """
    old, new = _named(before, keys), _named(now, keys)
    for name in dict.fromkeys((*old, *new)):
        was, found = old.get(name), new.get(name)
        line = found or was
        if line is None or (line.points is None and _meeting(name, new if found is None else old, old if found is None else new)):
            continue
        bounds = [_bounds(was, name, old, new), _bounds(found, name, new, old)]
        if bounds[0] != bounds[1]:
            yield Change(line.part, line.item, line.label, bounds[0][0], *bounds[1], row=line.row, on=line.on)


_Lines: TypeAlias = Mapping[Any, Line]
_Bounds: TypeAlias = tuple[Points | None, Points | None, Points | None]


def _bounds(line: Line | None, name: Any, own: _Lines, other: _Lines) -> _Bounds:
    """What a line comes to; of one that is not there nothing, or open where the card leaves it open otherwise."""
    if line is not None:
        return line.points, line.low, line.high
    return (None, None, None) if any(met.points is None for met in _meeting(name, own, other)) else (0, 0, 0)


def _meeting(name: Any, lines: _Lines, other: _Lines) -> list[Line]:
    """The lines of a card that the other does not have, of the same item: about the whole of it, or about a record of this line's."""
    part, item, rows, _ = name
    if name in lines:
        return []
    own = set(rows)
    return [
        line
        for (its_part, its_item, its_rows, number), line in lines.items()
        if (its_part, its_item) == (part, item)
        and (its_part, its_item, its_rows, number) not in other
        and (not own or not its_rows or own & set(its_rows))
    ]


def _named(lines: Iterable[Line], keys: frozenset[str]) -> dict[Any, Line]:
    """Lines by what they price: their item and the record, by its ids, kind and days; alike ones are numbered."""
    seen: Counter[Any] = Counter()
    named: dict[Any, Line] = {}
    for line in lines:
        rows = line.rows or ((line.row,) if line.row is not None else ())
        name = (line.part, line.item, tuple(_identity(row, keys) for row in rows))
        named[*name, seen[name]] = line
        seen[name] += 1
    return named


def _identity(row: Mapping[str, object], keys: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, written(row[name])) for name in sorted({*keys, *_STRUCTURE} & row.keys()) if not unsaid(row[name]))
