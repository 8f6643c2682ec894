"""What uses what: decisions, measures, schemes and clocks that would wait for each other are refused, with the whole circle named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from govservice.rules.entries import Clock, Item, Measure, Scheme
from govservice.rules.expressions.shapes import Aggregate, Expression, Name, walk
from govservice.rules.tables import Decision

__all__ = ["find_circle", "graph", "too_deep", "uses"]

Entry: TypeAlias = tuple[str, str]  # section, id


def uses(expressions: Iterable[Expression | None], schemes: Mapping[str, Scheme], about: str | None = None) -> Iterator[Entry]:
    """The entries whose results these expressions read; `about` is the scheme whose total and rank are in sight."""
    for expression in expressions:
        for part in walk(expression) if expression is not None else ():
            match part:
                case Name(granted_by=str() as decision):
                    yield "decisions", decision
                case Name(id, _, "measure"):
                    yield "measures", id
                case Name(id, _, "clock"):
                    yield "clocks", id.partition(".")[0]
                case Name(_, _, "scheme") if about is not None:
                    yield "schemes", about
                case Aggregate(sources=sources):
                    yield from (("schemes", one) for one in sources if one in schemes)
                    yield from (("clocks", one.partition(".")[0]) for one in sources if "." in one)


def _items(items: Iterable[Item]) -> Iterator[Expression | None]:
    for one in items:
        yield from (one.points, one.when)


def graph(
    decisions: Mapping[str, Decision], measures: Mapping[str, Measure], schemes: Mapping[str, Scheme], clocks: Mapping[str, Clock]
) -> dict[Entry, tuple[Entry, ...]]:
    """Every entry with what it uses."""
    found: dict[Entry, tuple[Entry, ...]] = {}
    for id, decision in decisions.items():
        worths = [worth for rule in decision.rules for _, worth in rule.then] + [worth for _, worth in decision.otherwise or ()]
        about = decision.about if decision.about in schemes else None
        own = uses((decision.when, *(rule.when for rule in decision.rules), *worths), schemes, about)
        found["decisions", id] = tuple(own) + ((("schemes", about),) if about else ())
    for id, measure in measures.items():
        found["measures", id] = tuple(uses((measure.value,), schemes))
    for id, scheme in schemes.items():
        items = [*scheme.adjust, *(item for part in scheme.parts.values() for item in part.items)]
        ranked = (*scheme.rank.by, scheme.rank.when) if scheme.rank is not None else ()
        asked = (scheme.total, scheme.who, scheme.when, scheme.eligible, *(part.when for part in scheme.parts.values()))
        priced = (("schemes", source) for item in items for source in item.for_ if source in schemes)
        found["schemes", id] = (*uses((*asked, *_items(items), *ranked), schemes), *priced)
    for id, clock in clocks.items():
        alarms = (one for alarm in clock.alarms for one in (alarm.before, alarm.after, alarm.when))
        extended = (clock.extension.limit, clock.extension.when) if clock.extension is not None else ()
        own = uses((clock.starts, clock.limit, clock.due, clock.when, *clock.stops, *alarms, *extended), schemes)
        found["clocks", id] = tuple(one for one in own if one != ("clocks", id))
    return found


MOST_LEVELS: Final = 50  # decisions that build on decisions: each level is some ten calls deep


def too_deep(uses: Mapping[Entry, tuple[Entry, ...]]) -> Entry | None:
    """An entry that builds on others more than `MOST_LEVELS` deep; None where there is none. There must be no circle.

    >>> too_deep({("decisions", "a"): (("decisions", "b"),), ("decisions", "b"): ()}) is None
    True
    """
    levels: dict[Entry, int] = {}
    for start in uses:
        waiting = [start]
        while waiting:
            here = waiting[-1]
            below = [one for one in uses.get(here, ()) if one not in levels and one in uses]
            if below and here not in levels:
                waiting.extend(below)
                continue
            waiting.pop()
            levels.setdefault(here, 1 + max((levels.get(one, 0) for one in uses.get(here, ())), default=0))
            if levels[here] > MOST_LEVELS:
                return here
    return None


def find_circle(uses: Mapping[Entry, tuple[Entry, ...]]) -> tuple[Entry, ...] | None:
    """The first circle, from an entry back to itself; None where there is none.

    >>> find_circle({("decisions", "a"): (("decisions", "b"),), ("decisions", "b"): (("decisions", "a"),)})
    (('decisions', 'a'), ('decisions', 'b'), ('decisions', 'a'))
    """
    done: set[Entry] = set()
    for start in uses:
        path: list[Entry] = [start]
        waiting = [iter(uses.get(start, ()))]
        while waiting and start not in done:
            step = next(waiting[-1], None)
            if step is None:
                done.add(path.pop())
                waiting.pop()
            elif step in path:
                return (*path[path.index(step) :], step)
            elif step not in done and step in uses:
                path.append(step)
                waiting.append(iter(uses[step]))
    return None
