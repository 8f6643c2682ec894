"""What a name is that stands where a fact was meant, and how it is written there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govservice.errors import Words, closest

if TYPE_CHECKING:
    from govservice.rules.book.sight import Declared

__all__ = ["remedy_of_dotted", "remedy_of_name"]


def remedy_of_name(declared: Declared, name: str) -> Words | None:
    """For a name that is no fact in sight: what it is instead. None for a name that the book does not know at all."""
    id = declared.labels.get(name, name)
    return next(_remedies(declared, id, name), None)


def _remedies(declared: Declared, id: str, name: str) -> Iterator[Words]:
    if id in declared.scheme_subjects:
        yield Words(
            f"{name} is a scheme: mean({name}) counts its scores; a decision about: {id} reads its total",
            f"“{name}”是计分方案：统计其得分写 mean({name})；about 为 {id} 的决定里写 total",
        )
    if id in declared.events:
        yield Words(f"{name} is a kind of event: count({name})", f"“{name}”是事件种类：写作 count({name})")
    if id in declared.signals:
        about = next((table for table in declared.tables if id in declared.clocks_of(table)), "-")
        yield Words(
            f"{name} is a clock, on rows of {about}: its facts follow a dot, {name}.due, {name}.overdue",
            f"“{name}”是 {about} 的时钟：写作 {name}.due、{name}.overdue",
        )
    raising = [clock for clock, signals in declared.signals.items() if id in signals]
    if raising:
        yield Words(
            f"{name} is a signal: count({name}), or {raising[0]}.{name}_on", f"“{name}”是信号：写作 count({name}) 或 {raising[0]}.{name}_on"
        )
    if id in declared.tables:
        yield Words(f"{name} is a table: count({name})", f"“{name}”是表：写作 count({name})")
    for scheme, parts in declared.scheme_parts.items():
        if id in parts:
            yield Words(f"{name} is a part of {scheme}: parts.{name}", f"“{name}”是 {scheme} 的一项：写作 parts.{name}")
    homes = [table for table, entry in declared.tables.items() if id in entry.columns or id in declared.outcomes(table)]
    if homes:
        yield Words(f"{name} is a fact of {homes[0]}, which is not in sight here", f"“{name}”是 {homes[0]} 的事实，这里看不到")


def remedy_of_dotted(declared: Declared, owner: str, attribute: str, facts: tuple[str, ...], *, stands_alone: bool) -> Words | None:
    """For a name behind a dot: the clock's fact that was meant (`facts` are those of a clock in sight), or the name without the dot."""
    id = declared.labels.get(owner, owner)
    if id in declared.signals and not facts:
        about = next((table for table in declared.tables if id in declared.clocks_of(table)), "-")
        return Words(f"the clock {owner} runs on rows of {about}, and none is in sight here", f"时钟“{owner}”属于 {about}，这里看不到")
    if id in declared.scheme_subjects:
        row = f"mean({owner})" if attribute == "total" else f"mean({owner}, {attribute})"
        return Words(f"{owner} is a scheme, and its scores are rows: {row}", f"“{owner}”是计分方案，它的得分是一行行记录：写作 {row}")
    if facts:
        close = closest(attribute, facts)
        listed = ", ".join(f"{owner}.{fact}" for fact in facts)
        return (
            Words(f"did you mean {owner}.{close}?", f"是不是 {owner}.{close}？")
            if close
            else Words(f"a clock has {listed}", f"时钟有：{listed.replace(', ', '、')}")
        )
    return Words(f"write {attribute} alone", f"直接写 {attribute}") if stands_alone else None
