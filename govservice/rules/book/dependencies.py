"""What uses what: decisions, measures, schemes and clocks that would wait for each other are refused, with the whole circle named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final, TypeAlias

from govservice.rules.book.entries import Clock, Decision, Measure, Scheme, expressions
from govservice.rules.language.shapes import Aggregate, Constant, Discretion, Expression, InList, Name, Previous, Streak, depth, walk
from govservice.rules.language.values import Type

__all__ = [
    "MOST_LEVELS",
    "UNREAD",
    "Place",
    "behind",
    "find_circle",
    "graph",
    "holding_always",
    "named_in",
    "nesting",
    "reached",
    "too_deep",
    "uses",
]

Place: TypeAlias = tuple[str, str]  # of an entry: its section and id


def behind(source: str, schemes: Mapping[str, Scheme], clocks: Mapping[str, Clock]) -> Iterator[Place]:
    """The entries that make the rows of a source: a scheme, a clock whose signals they are, every clock that raises such a signal.

    None of a table or kind of event that no clock raises: its rows are records alone.
    """
    if source in schemes:
        yield "schemes", source
    clock, dot, _ = source.partition(".")
    if dot:
        yield "clocks", clock
    yield from (("clocks", id) for id, one in clocks.items() if any(alarm.signal == source for alarm in one.alarms))


def uses(
    expressions_: Iterable[Expression], schemes: Mapping[str, Scheme], clocks: Mapping[str, Clock], about: str | None = None
) -> Iterator[Place]:
    """The entries whose results these expressions read; `about` is the scheme whose total and rank are in sight."""
    for expression in expressions_:
        for part in walk(expression):
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
                    yield from (place for source in sources for place in behind(source, schemes, clocks))


def graph(
    decisions: Mapping[str, Decision], measures: Mapping[str, Measure], schemes: Mapping[str, Scheme], clocks: Mapping[str, Clock]
) -> dict[Place, tuple[Place, ...]]:
    """Every entry with what it uses."""
    used: dict[Place, tuple[Place, ...]] = {}
    for id, decision in decisions.items():
        about = decision.about if decision.about in schemes else None
        used["decisions", id] = (*uses(expressions(decision), schemes, clocks, about), *((("schemes", about),) if about else ()))
    for id, measure in measures.items():
        used["measures", id] = tuple(uses(expressions(measure), schemes, clocks))
    for id, scheme in schemes.items():
        priced = (place for item in scheme.items for source in item.for_ for place in behind(source, schemes, clocks))
        used["schemes", id] = (*uses(expressions(scheme), schemes, clocks), *priced)
    for id, clock in clocks.items():
        used["clocks", id] = tuple(place for place in uses(expressions(clock), schemes, clocks) if place != ("clocks", id))
    return used


def reached(used: Mapping[Place, Iterable[Place]], start: Iterable[Place]) -> set[Place]:
    """These entries and all that they use, directly or through others."""
    places: set[Place] = set()
    waiting = list(start)
    while waiting:
        place = waiting.pop()
        if place not in places:
            places.add(place)
            waiting.extend(used.get(place, ()))
    return places


UNREAD: Final = frozenset(("label", "labels", "cite", "title", "text", "when_text", "unit", "also", "because", "examples"))
"""What an entry holds for its readers alone: no answer hangs on it."""
_ITS_OWN: Final = frozenset(("id", "signal", "kind"))  # what an entry, a rule, an alarm or a pause is itself called
_IN_A_NAME: Final = re.compile(r"[.(=)]")  # `promised.due`, `rank(within=post)`


def named_in(entry: object) -> Iterator[str]:
    """Every name by which an entry or expression may read another, wherever it stands: what it counts, a day that rows go by, a group, an
    earlier score. Names of facts that are given are none.

    >>> from govservice.rules.language.shapes import Previous
    >>> from govservice.rules.language.values import DECIMAL
    >>> list(named_in({"points": Previous("month", DECIMAL), "by": ("due_on",)}))
    ['month', 'due_on']
    """
    waiting = [entry]
    while waiting:
        part = waiting.pop()
        match part:
            case Name(home="column" | "builtin") | Constant():  # a fact that is given; a value, which is the name of nothing
                pass
            case Name(id=id, home="clock"):
                yield id.partition(".")[0]
            case Name(id=id, granted_by=decision):
                yield from (id, *_IN_A_NAME.split(id), *(() if decision is None else (decision,)))
            case str():
                yield from dict.fromkeys((part, part.partition(".")[0]))
            case Mapping():
                waiting.extend(reversed(list(part.values())))
            case tuple() | frozenset():
                waiting.extend(reversed(list(part)))
            case _ if is_dataclass(part) and not isinstance(part, Type):
                told = (each.name for each in reversed(fields(part)) if each.init and each.name not in UNREAD | _ITS_OWN)
                waiting.extend(getattr(part, name) for name in told)


def holding_always(decisions: Mapping[str, Decision], measures: Mapping[str, Measure], clocks: Mapping[str, Clock]) -> frozenset[str]:
    """The clocks that read nothing but facts of their row, settings, and what is decided or measured from these.

    What such a clock finds depends on the day that counts as today only as the clock itself does; the others read that day, a period, other
    clocks or other rows.
    """
    used = graph(decisions, measures, {}, clocks)
    own = {("decisions", id): _reads_its_row(decision) for id, decision in decisions.items()}
    own |= {("measures", id): _reads_its_row(measure) for id, measure in measures.items()}
    steady = {id for id, clock in clocks.items() if _reads_its_row(clock) and all(pause.starts is None for pause in clock.pauses)}
    return frozenset(id for id in steady if all(own.get(place, False) for place in reached(used, used["clocks", id])))


def _reads_its_row(entry: Decision | Measure | Clock) -> bool:
    """Whether the entry's own expressions read no day, period, clock, score or other row."""
    for expression in expressions(entry):
        for part in walk(expression):
            if isinstance(part, (Aggregate, InList, Previous, Streak, Discretion)):
                return False
            if isinstance(part, Name) and part.home not in ("column", "outcome", "measure", "setting"):
                return False
    return True


MOST_LEVELS: Final = 50  # entries that build on entries
_MOST_CALLS: Final = 700  # of the thousand that Python lets be under way; the others are the caller's
_CALLS: Final = {"measures": 9, "decisions": 13, "schemes": 20, "clocks": 24}  # under way for one entry, no fewer than it takes
_CALLS_WITHIN: Final = 3  # for one expression within another


def nesting(
    decisions: Mapping[str, Decision], measures: Mapping[str, Measure], schemes: Mapping[str, Scheme], clocks: Mapping[str, Clock]
) -> dict[Place, int]:
    """How deep the expressions of each entry are nested."""
    sections: Mapping[str, Mapping[str, Decision | Measure | Scheme | Clock]] = {
        "decisions": decisions,
        "measures": measures,
        "schemes": schemes,
        "clocks": clocks,
    }
    return {
        (section, id): max(map(depth, expressions(entry)), default=0)
        for section, entries in sections.items()
        for id, entry in entries.items()
    }


def too_deep(used: Mapping[Place, tuple[Place, ...]], nested: Mapping[Place, int]) -> Place | None:
    """An entry that builds on others more than `MOST_LEVELS` deep, or on fewer whose own expressions are nested deep.

    None where there is none. There must be no circle.

    >>> used = {("decisions", "a"): (("decisions", "b"),), ("decisions", "b"): ()}
    >>> too_deep(used, {}) is None, too_deep(used, dict.fromkeys(used, 150))
    (True, ('decisions', 'a'))
    >>> [too_deep({("decisions", "c"): ()}, {("decisions", "c"): nested}) for nested in (229, 230)]
    [None, ('decisions', 'c')]
    """
    levels: dict[Place, int] = {}
    calls: dict[Place, int] = {}
    for start in used:
        waiting = [start]
        while waiting:
            place = waiting[-1]
            below = [lower for lower in used.get(place, ()) if lower not in levels and lower in used]
            if below and place not in levels:
                waiting.extend(below)
                continue
            waiting.pop()
            lower_places = [lower for lower in used.get(place, ()) if lower in levels]
            levels.setdefault(place, 1 + max((levels[lower] for lower in lower_places), default=0))
            own = _CALLS[place[0]] + _CALLS_WITHIN * nested.get(place, 0)
            calls.setdefault(place, own + max((calls[lower] for lower in lower_places), default=0))
            if levels[place] > MOST_LEVELS or calls[place] > _MOST_CALLS:
                return place
    return None


def find_circle(used: Mapping[Place, tuple[Place, ...]]) -> tuple[Place, ...] | None:
    """The first circle, from an entry back to itself; None where there is none.

    >>> find_circle({("decisions", "a"): (("decisions", "b"),), ("decisions", "b"): (("decisions", "a"),)})
    (('decisions', 'a'), ('decisions', 'b'), ('decisions', 'a'))
    """
    done: set[Place] = set()
    for start in used:
        path: list[Place] = [start]
        on_path = {start}
        waiting = [iter(used.get(start, ()))]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                done.add(path[-1])
                on_path.discard(path.pop())
                waiting.pop()
            elif step in on_path:
                return (*path[path.index(step) :], step)
            elif step not in done and step in used:
                path.append(step)
                on_path.add(step)
                waiting.append(iter(used[step]))
    return None
