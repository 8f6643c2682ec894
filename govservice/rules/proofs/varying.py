"""Small changes of schemes, clocks and measures: points, caps, thresholds, limits and their units, alarms, pauses, what is counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from govservice.as_json import AsJson
from govservice.errors import Lang, Words, known_lang
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.dependencies import reached
from govservice.rules.book.entries import Alarm, Clock, Extension, Item, Measure, Part, Pausing, Scheme
from govservice.rules.language.labelled import in_labels
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Constant, Expression
from govservice.rules.proofs.mutating import amounts, conditions
from govservice.rules.proofs.rebuilding import one_by_one, with_entries

__all__ = ["Varied", "read_by", "varied"]

_EDGE: Final = Words("a row on the edge of the condition", "正好在条件边上的一行记录")
_PRICED: Final = Words("a row that this item prices", "该项计分的一行记录")
_CAPPED: Final = Words("rows enough to reach the bound", "多到碰上限额的记录")
_DUE: Final = Words("a case read on the last day of the limit, and on the day after", "期满当天和次日各看一次的一件")
_STOPPED: Final = Words("a case that is stopped by nothing else", "只因这一样停止的一件")
_RAISED: Final = Words("a case read on the day on which the alarm is raised, and on the day before", "告警当天和前一天各看一次的一件")
_PAUSED: Final = Words("a case with such a pause", "这样中止的一件")
_EXTENDED: Final = Words("a case that is extended, by the most and once too often", "延长了的一件：延到最长，和多延一次")
_COUNTED: Final = Words("rows that the measure counts, and rows that it leaves out", "指标计入的和不计入的各一行")
_LIMIT: Final = re.compile(r'limit\("([^"]*)"\)')
_FLIPPED: Final = {"first_day": ("excluded", "included"), "roll": ("forward", "none")}

_Change = tuple[str, Words, Words, Any]
"""In what part of an entry, what is changed, what would tell, and the entry changed."""


@dataclass(frozen=True, slots=True, repr=False)
class Varied(AsJson):
    """One small change of a scheme, clock or measure: of which entry (`schemes.month`) and part of it, what was changed (`said`), and what
    a case needs that would tell the two apart (`tells`).
    """

    entry: str
    part: str
    said: Words
    tells: Words

    def text(self, lang: Lang = "en") -> str:
        """The change as a line, with what would tell."""
        lang = known_lang(lang)
        place = f"{self.entry}.{self.part}" if self.part else self.entry
        if lang == "zh":
            return f"{place}：{self.said.zh}（要有{self.tells.zh}）"
        return f"{place}: {self.said.en} (it takes {self.tells.en})"


def varied(contents: Contents, place: str) -> Iterator[tuple[Varied, Contents]]:
    """Every small change of one entry (`schemes.month`, `clocks.reply`, `measures.rate`), each with the book that has it."""
    section, _, id = place.partition(".")
    entry: Any = getattr(contents, section)[id]
    changes = (
        _of_scheme(entry)
        if section == "schemes"
        else _of_clock(entry, {**contents.conventions, **entry.conventions})
        if section == "clocks"
        else _of_measure(entry)
    )
    labels = contents.labels_about(getattr(entry, "about", id))
    for part, said, tells, changed in changes:
        told = Words(said.en, in_labels(_LIMIT.sub(r"\1", said.zh), labels))
        yield Varied(place, part, told, tells), with_entries(contents, **{section: {**getattr(contents, section), id: changed}})


def read_by(contents: Contents, place: str) -> frozenset[str]:
    """The entries that one entry reads, itself and those they read in turn included."""
    section, _, id = place.partition(".")
    used = contents.used
    return frozenset(".".join(read) for read in reached(used, [(section, id)]))


def _of_measure(of: Measure) -> Iterator[_Change]:
    yield from _parts("", _COUNTED, of, ("value",), conditions)


def _of_scheme(of: Scheme) -> Iterator[_Change]:
    yield from _parts("", _EDGE, of, ("who", "when", "eligible"), conditions)
    yield from _parts("", _PRICED, of, ("total",), _written_amounts)
    yield from _bounds("", of)
    for part, said, tells, parts in _of_parts(of.parts):
        yield part, said, tells, replace(of, parts=parts)
    for part, said, tells, items in _of_items("adjust", of.adjust):
        yield part, said, tells, replace(of, adjust=items)


def _of_parts(parts: Mapping[str, Part]) -> Iterator[tuple[str, Words, Words, Mapping[str, Part]]]:
    for id, part in parts.items():
        for place, said, tells, changed in _of_part(id, part):
            yield place, said, tells, {**parts, id: changed}


def _of_part(id: str, of: Part) -> Iterator[_Change]:
    yield from _parts(id, _EDGE, of, ("when",), conditions)
    yield from _parts(id, _PRICED, of, ("start",), _written_amounts)
    yield from _bounds(id, of)
    for place, said, tells, items in _of_items(id, of.items):
        yield place, said, tells, replace(of, items=items)
    for place, said, tells, parts in _of_parts(of.parts):
        yield f"{id}.{place}", said, tells, replace(of, parts=parts)


def _bounds(place: str, of: Part | Scheme) -> Iterator[_Change]:
    """The full mark of a part, and the least and the most that a part or scheme comes to, a point more and a point less."""
    if of.full is not None and isinstance(of, Part):
        for step in (1, -1):
            yield place, _from_to("full", of.full, of.full + step), _PRICED, replace(of, full=of.full + step)
    for name, key in (("low", "min"), ("high", "max")):
        bound = _number(getattr(of, name))
        if bound is not None:
            for step in (1, -1):
                changes: dict[str, Any] = {name: str(bound + step)}
                yield place, _from_to(key, bound, bound + step), _CAPPED, replace(of, **changes)


def _number(text: str | None) -> Fraction | None:
    try:
        return None if text is None else Fraction(text)
    except ValueError:
        return None


def _of_items(place: str, items: tuple[Item, ...]) -> Iterator[tuple[str, Words, Words, tuple[Item, ...]]]:
    for at, item in enumerate(items):
        where = f"{place}.{item.id}"
        for _, said, tells, changed in _of_item(where, item):
            yield where, said, tells, (*items[:at], changed, *items[at + 1 :])
        yield where, Words("the item is dropped", "删去这一项"), _PRICED, (*items[:at], *items[at + 1 :])


def _of_item(place: str, of: Item) -> Iterator[_Change]:
    yield from _parts(place, _PRICED, of, ("points",), _written_amounts)
    yield from _parts(place, _EDGE, of, ("when",), conditions)
    yield from _parts(place, _CAPPED, of, ("at_most", "at_least"), _written_amounts)


def _of_clock(of: Clock, held: Conventions) -> Iterator[_Change]:
    yield from _parts("", _DUE, of, ("limit", "due"), _written_amounts)
    yield from _parts("", _EDGE, of, ("when", "starts"), conditions)
    for at, stop in enumerate(of.stops):
        if len(of.stops) > 1:
            said = Words(f"it is not stopped by {written(stop)}", f"不再因 {written(stop)} 停止")
            yield "stops", said, _STOPPED, replace(of, stops=(*of.stops[:at], *of.stops[at + 1 :]))
    yield from _of_conventions(of, held)
    for at, pause in enumerate(of.pauses):
        for place, said, tells, pauses in _of_pause(pause):
            yield place, said, tells, replace(of, pauses=(*of.pauses[:at], *pauses, *of.pauses[at + 1 :]))
    if of.extension is not None:
        for place, said, tells, changed in _of_extension(of.extension):
            yield place, said, tells, replace(of, extension=changed)
    for at, alarm in enumerate(of.alarms):
        for place, said, tells, alarms in _of_alarm(alarm):
            yield place, said, tells, replace(of, alarms=(*of.alarms[:at], *alarms, *of.alarms[at + 1 :]))


def _of_conventions(of: Clock, held: Conventions) -> Iterator[_Change]:
    """Whether the first day counts, and whether the last one rolls, the other way; nothing rolls where working days are counted."""
    value = of.limit.value if isinstance(of.limit, Constant) else None
    unit = value.unit if isinstance(value, TimeLimit) else None
    for name, pair in _FLIPPED.items():
        was = held.get(name)
        if was in pair and unit in (("natural_day", "month", "year") if name == "roll" else ("workday", "natural_day", "month", "year")):
            other = pair[1 - pair.index(was)]
            yield name, _from_to("", was, other), _DUE, replace(of, conventions={**of.conventions, name: other})


def _of_pause(of: Pausing) -> Iterator[tuple[str, Words, Words, tuple[Pausing, ...]]]:
    place = "pauses" if of.kind is None else f"pauses.{of.kind}"
    yield place, Words("it is no pause", "不再中止"), _PAUSED, ()
    for _, said, tells, changed in (
        *_parts(place, _EDGE, of, ("when",), conditions),
        *_parts(place, _PAUSED, of, ("limit",), _written_amounts),
    ):
        yield place, said, tells, (changed,)


def _of_extension(of: Extension) -> Iterator[_Change]:
    yield from _parts("extension", _EXTENDED, of, ("limit", "at_most"), _written_amounts)
    yield from _parts("extension", _EDGE, of, ("when",), conditions)
    for step in (1, -1):
        if of.times is not None and of.times + step >= 1:
            yield "extension", _from_to("times", of.times, of.times + step), _EXTENDED, replace(of, times=of.times + step)


def _of_alarm(of: Alarm) -> Iterator[tuple[str, Words, Words, tuple[Alarm, ...]]]:
    place = f"alarms.{of.signal}"
    yield place, Words("the alarm is dropped", "删去这个告警"), _RAISED, ()
    shares = () if of.at is None else (of.at + Fraction(1, 10), of.at - Fraction(1, 10))
    for share in shares:
        if 0 < share <= 1:
            yield place, _from_to("at", f"{float(of.at or 0):.0%}", f"{float(share):.0%}"), _RAISED, (replace(of, at=share),)
    changes = [*_parts(place, _RAISED, of, ("before", "after"), _written_amounts), *_parts(place, _EDGE, of, ("when",), conditions)]
    for _, said, tells, changed in changes:
        yield place, said, tells, (changed,)
    if of.before is not None or of.after is not None:
        was, now = ("before", "after") if of.before is not None else ("after", "before")
        yield place, _from_to("", was, now), _RAISED, (replace(of, before=of.after, after=of.before),)


def _written_amounts(of: Expression) -> Iterator[tuple[Words, Expression]]:
    for changed in one_by_one(of, amounts):
        yield _from_to("", written(of), written(changed)), changed


def _parts(
    place: str, tells: Words, of: Any, names: tuple[str, ...], ways: Callable[[Expression], Iterator[tuple[Words, Expression]]]
) -> Iterator[_Change]:
    """An entry with one of its expressions changed in one way."""
    for name in names:
        own = getattr(of, name)
        for said, changed in () if own is None else ways(own):
            yield place, Words(f"{name}: {said.en}", f"{name}：{said.zh}"), tells, replace(of, **{name: changed})


def _from_to(what: str, before: object, after: object) -> Words:
    begins = ("", "") if not what else (f"{what}: ", f"{what}：")
    return Words(f"{begins[0]}{before} -> {after}", f"{begins[1]}{before} 改为 {after}")
