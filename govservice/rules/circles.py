"""What uses what: decisions, measures, schemes and clocks that would wait for each other are refused, with the whole circle named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from govservice.rules.entries import Clock, Item, Measure, Scheme
from govservice.rules.expressions.shapes import Aggregate, Expression, Name, walk
from govservice.rules.tables import Decision

__all__ = ["find_circle", "uses"]

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
        parts = (one for part in scheme.parts.values() for one in (part.when, *_items(part.items)))
        ranked = scheme.rank.by if scheme.rank is not None else ()
        found["schemes", id] = tuple(
            uses((scheme.total, scheme.who, scheme.when, scheme.eligible, *parts, *_items(scheme.adjust), *ranked), schemes)
        )
    for id, clock in clocks.items():
        alarms = (one for alarm in clock.alarms for one in (alarm.before, alarm.after, alarm.when))
        extended = (clock.extension.limit, clock.extension.when) if clock.extension is not None else ()
        own = uses((clock.starts, clock.limit, clock.due, clock.when, *clock.stops, *alarms, *extended), schemes)
        found["clocks", id] = tuple(one for one in own if one != ("clocks", id))
    return found


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
