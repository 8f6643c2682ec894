"""A case as one of a book's clocks reads it: its acts in their order, its pauses and extensions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from govservice.rules.language.shapes import Expression, names
from govservice.strategies.drawing import AWAY, Drawer
from govservice.strategies.histories import usual_limits

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock
    from govservice.rules.book.reading_rules import Reading

__all__ = ["case_on_the_clock"]

Row = dict[str, Any]
MOST_ROWS = 2
LONGEST_PAUSE = 15  # days


def case_on_the_clock(drawer: Drawer, contents: Contents, clock: Clock, reading: Reading) -> Row:
    """The facts that a clock reads, with its pauses and extensions as lists; those of a row of its own table in a list too."""
    order = _order(clock, reading)
    own = contents.tables[clock.about].columns if clock.about in contents.tables else {}
    if clock.about in contents.chains["cases"]:
        return drawer.facts({name: reading.facts[name] for name in order}, reading.near) | _happened(drawer, clock)
    of_case = {name: reading.facts[name] for name in order if name not in own}
    of_row = {name: reading.facts[name] for name in order if name in own}
    rows = [drawer.facts(of_row, reading.near) for _ in range(drawer.draw(st.integers(0, MOST_ROWS)))]
    return drawer.facts(of_case, reading.near) | {clock.about: rows} | _happened(drawer, clock)


def _order(clock: Clock, reading: Reading) -> list[str]:
    """The facts that it reads, what it starts with first, then what pauses it, and what stops it last."""
    acts = [clock.starts, *(act for pause in clock.pauses for act in (pause.starts, pause.ends))]
    first, last = _named(acts), _named(clock.stops)
    middle = [name for name in reading.facts if name not in first and name not in last]
    return [name for name in dict.fromkeys((*first, *middle, *last)) if name in reading.facts]


def _named(acts: list[Expression | None] | tuple[Expression, ...]) -> list[str]:
    return [name for act in acts if act is not None for name in names(act)]


def _happened(drawer: Drawer, clock: Clock) -> dict[str, list[Row]]:
    """What pauses and extends the clock, as far as it can be paused and extended."""
    rows: dict[str, list[Row]] = {}
    if clock.pause_kinds:
        rows["pauses"] = [_pause(drawer, clock) for _ in range(drawer.draw(st.integers(0, MOST_ROWS)))]
    if clock.extension is not None:
        rows["extensions"] = [_extension(drawer, clock) for _ in range(drawer.draw(st.integers(0, MOST_ROWS)))]
    return rows


def _pause(drawer: Drawer, clock: Clock) -> Row:
    first = drawer.about() + timedelta(days=drawer.draw(st.integers(0, AWAY)))
    row: Row = {"kind": drawer.draw(st.sampled_from(clock.pause_kinds)), "from": first}
    if drawer.is_given():
        row["to"] = first + timedelta(days=drawer.draw(st.integers(0, LONGEST_PAUSE)))
    return row | ({"told": drawer.draw(st.booleans())} if drawer.is_given() else {})


def _extension(drawer: Drawer, clock: Clock) -> Row:
    row: Row = {"clock": clock.id}
    if drawer.is_given():
        row["asked_on"] = drawer.about() + timedelta(days=drawer.draw(st.integers(0, AWAY)))
    by = clock.extension.by if clock.extension is not None else None
    facts = {"granted": st.booleans(), "by": st.just(by or "head"), "limit": usual_limits()}
    return row | {name: drawer.draw(fact) for name, fact in facts.items() if drawer.is_given()}
