"""Every way that a clock may turn out, taken together: what is the same in all is settled, the rest says what would decide it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar, cast

from govservice.clockwork.alarms import AlarmReading
from govservice.clockwork.forks import Turns
from govservice.clockwork.history import History, fact_of_row
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.turn import Turn
from govservice.counting.asked import When, day_of
from govservice.errors import Words
from govservice.rules.language.values import exact, reported

__all__ = ["Waiting", "together"]

_T = TypeVar("_T")


class Waiting(NamedTuple):
    """A clock's reading, and what each of its facts waits for where it has none: empty where there is no such thing to wait for.

    `may_be_seen` says when each alarm would be seen if its condition held; it is empty where that is open. `unbegun` says that the clock
    surely begins after now, and so is due after now.
    """

    reading: ClockReading
    started: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    rest: frozenset[str] = frozenset()
    may_be_seen: tuple[When | None, ...] = ()
    unbegun: bool = False


def together(turns: Turns[Turn], blank: ClockReading, history: History, now: When | None) -> Waiting:
    """What is the same however it turns out; the rest is open, and what would decide it is named."""
    found, whole = turns.found, turns.whole
    ways = [turn for turn, _ in found]
    first = ways[0]
    agreed = _fields(first)
    differing: set[str] = set()
    if not whole:
        differing.update(agreed)
    elif len(ways) > 1:
        others = [_fields(turn) for turn in ways[1:]]
        differing.update(name for name, value in agreed.items() if not _alike([value, *(other[name] for other in others)]))
    differ = bool(differing) or not _alike([turn.alarms for turn in ways])
    needs: set[str] = set().union(*(turn.needs | turn.stop_needs for turn in ways))
    if differ or any(turn.stands for turn in ways):
        needs |= turns.needs.union(*(fork.needs for _, fork in found))
    undecided = tuple(sorted(needs))
    counted = first.counted if first.due is not None and "due" not in differing else None
    reading = ClockReading(
        blank.clock,
        blank.label,
        blank.cite,
        True,
        blank.about,
        blank.row,
        **(agreed | dict.fromkeys(differing)),
        official=counted.official if counted is not None else None,
        warnings=counted.warnings if counted is not None else (),
        alarms=_alarms_together([turn.alarms for turn in ways], undecided, whole=whole),
        paused=_common([turn.paused for turn in ways]) if whole else (),
        extended=_common([turn.extended for turn in ways]) if whole else (),
        notes=_notes(turns, history, needs, differ=differ),
        undecided=undecided,
        deadline=counted,
    )
    starts = set().union(*(turn.start_needs for turn in ways), needs if "started" in differing else ())
    stops = set().union(*(turn.stop_needs for turn in ways), needs if "stopped" in differing else ())
    rest = frozenset(needs) | ({"as_of"} if _waits_for_a_day(ways, now) else frozenset())
    seen = first.may_be_seen if _alike([(turn.may_be_seen, [alarm is None for alarm in turn.alarms]) for turn in ways]) else ()
    unbegun = whole and all(turn.unbegun for turn in ways)
    return Waiting(reading, frozenset(starts), frozenset(stops), rest, seen, unbegun)


def _fields(turn: Turn) -> dict[str, Any]:
    """What one way says of each field of the reading that may differ."""
    return {
        "started": turn.started,
        "limit": turn.limit,
        "due": turn.due,
        "stopped": None if turn.stop_needs else turn.stopped,
        "used": _used(turn),
        "left": _amount(turn.spent.left) if turn.spent is not None and turn.due is not None else None,
        "overdue": turn.overdue,
        "overdue_by": _over(turn),
    }


def _notes(turns: Turns[Turn], history: History, needs: set[str], *, differ: bool) -> tuple[Words, ...]:
    ways = [turn.notes for turn, _ in turns.found]
    own = _common(ways) if differ else ways[0]
    return tuple(dict.fromkeys((*history.notes, *own, *turns.failed, *_doubts(history, needs))))


def _waits_for_a_day(ways: list[Turn], now: When | None) -> bool:
    """Whether what is used and left waits for the day that counts as today: none is given, or the clock begins later."""
    return any((now is None and turn.stopped is None and not turn.never) or turn.begins_later for turn in ways)


def _used(turn: Turn) -> Decimal | int | None:
    if turn.clock.backward:
        return None
    if turn.spent is not None and (turn.due is not None or turn.stands) and not turn.needs:
        return _amount(turn.spent.used)
    return 0 if turn.begins_later and turn.stopped is None else None


def _over(turn: Turn) -> Decimal | int | None:
    if turn.spent is not None and turn.due is not None:
        return _amount(turn.spent.over)
    return 0 if turn.begins_later and turn.stopped is None else None


def _alike(values: list[Any]) -> bool:
    return all(type(value) is type(values[0]) and value == values[0] for value in values[1:])


def _common(lists: list[list[_T]]) -> tuple[_T, ...]:
    """What is in every one, in the order of the first."""
    return tuple(each for each in lists[0] if all(each in others for others in lists[1:])) if len(lists) > 1 else tuple(lists[0])


def _alarms_together(ways: list[tuple[AlarmReading | None, ...]], undecided: tuple[str, ...], *, whole: bool) -> tuple[AlarmReading, ...]:
    """Each alarm as all ways have it; one that is not to be raised in some of them is open where it would be in another."""
    first = tuple(alarm for alarm in ways[0] if alarm is not None)
    if len(ways) == 1 and whole and not any(alarm.at is None for alarm in first):
        return first
    together = []
    for each in zip(*ways, strict=True):
        owed = [alarm for alarm in each if alarm is not None]
        if not owed:
            continue
        never = AlarmReading(owed[0].signal, None, raised=False, cite=owed[0].cite)
        alarms = [never if alarm is None else alarm for alarm in each]
        at = alarms[0].at if whole and _alike([alarm.at for alarm in alarms]) else None
        raised = alarms[0].raised if whole and _alike([alarm.raised for alarm in alarms]) else None
        cleared = alarms[0].cleared if whole and _alike([alarm.cleared for alarm in alarms]) else None
        needs = {name for alarm in alarms for name in alarm.undecided}
        if at is None or not _alike([alarm.raised for alarm in alarms]):
            needs.update(undecided)
        together.append(AlarmReading(alarms[0].signal, at, raised, cleared, alarms[0].cite, tuple(sorted(needs))))
    return tuple(together)


def _doubts(history: History, needs: Iterable[str]) -> list[Words]:
    """The rows of which it is open whether they move the clock."""
    open_ = {name.partition(".")[0] for name in needs}
    notes = []
    for pause in history.pauses:
        if f"pauses:{pause.number}" in open_ and fact_of_row("pauses", pause.number, "to") not in needs:
            day = day_of(pause.first)
            notes.append(Words(f"it is open whether the pause of {day} stops this clock", f"{day}的中止是否停止本时限未定"))
    for extension in history.extensions:
        if f"extensions:{extension.number}" in open_:
            asked = day_of(extension.asked) if extension.asked is not None else "-"
            notes.append(
                Words(f"it is open whether the extension asked on {asked} moves the due day", f"{asked}申请的延长是否改变到期日未定")
            )
    return notes


def _amount(value: Fraction) -> Decimal | int:
    return value.numerator if value.denominator == 1 else cast("Decimal | int", reported(exact(value, value)))
