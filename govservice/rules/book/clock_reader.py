"""Second pass, clocks: limits, extensions, alarms."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from govservice.errors import GovServiceError, Words
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Alarm, Clock, Extension, Pausing, kind_of_pause
from govservice.rules.book.entry_reader import EntryReader, as_list, conventions_of, number_of
from govservice.rules.book.marks import Node, Path, mapping, text_of
from govservice.rules.book.sight import RowNames, WithLets
from govservice.rules.language.due_days import FROM_A_MOMENT, hours_from_a_day
from govservice.rules.language.shapes import Constant, Expression, Name
from govservice.rules.language.values import ANY, TEXT

__all__ = ["build_clock", "read_hours"]


def build_clock(reader: EntryReader, id: str, entry: dict[str, Node]) -> Clock:
    """One clock."""
    path = ("clocks", id)
    about = reader.about(entry, path)
    sight = reader.lets(entry, reader.declared.row_names(about), path)
    if ("limit" in entry) == ("due" in entry):
        reader.faults.add(path, Words("a clock has a limit or a due date, one of the two", "时钟要有 limit 或 due，且只能有一个"))
    own = conventions_of(entry)
    backward = text_of(entry, "backward") == "true"
    _check_direction(reader, entry, own, path, backward=backward)
    limit = reader.limit(entry["limit"], sight, (*path, "limit"), conventions=own) if "limit" in entry else None
    starts = reader.optional(entry, "starts", sight, path, wants="date") or Constant(False, ANY)
    if limit is not None and hours_from_a_day(starts, limit):
        what, hint = FROM_A_MOMENT
        reader.faults.add((*path, "starts"), what, hint=hint)
    return Clock(
        id=id,
        about=about,
        starts=starts,
        limit=limit,
        due=reader.optional(entry, "due", sight, path, wants="date"),
        stops=tuple(reader.expression(node, sight, (*path, "stops"), wants="date") for node in as_list(entry.get("stops"))),
        pauses=_pauses(reader, entry.get("pauses"), sight, (*path, "pauses")),
        extension=_extension(reader, mapping(entry["extension"]), sight, (*path, "extension")) if "extension" in entry else None,
        alarms=tuple(_alarm(reader, mapping(node), sight, (*path, "alarms", key)) for key, node in mapping(entry.get("alarms")).items()),
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
        hours=read_hours(reader, entry["hours"], sight, (*path, "hours")) if "hours" in entry else None,
        backward=backward,
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=own,
    )


_NOT_BACKWARD = {
    "pauses": (
        Words("a clock that counts back is not paused", "倒着算的时限没有中止"),
        Words("let starts: be the day that it is moved to", "让 starts: 取推迟后的日期"),
    ),
    "extension": (
        Words("a clock that counts back is not extended", "倒着算的时限不能延长"),
        Words("let starts: be the day that it is moved to", "让 starts: 取推迟后的日期"),
    ),
    "due": (
        Words("a due date outright is not counted back", "直接给定的到期日不用倒着算"),
        Words("write a limit:, or leave out backward:", "写 limit:，或者删去 backward:"),
    ),
}


def _check_direction(reader: EntryReader, entry: dict[str, Node], own: Conventions, path: Path, *, backward: bool) -> None:
    """Note what has no meaning in the direction in which the clock counts."""
    if not backward:
        if text_of(entry, "backward") not in (None, "false"):
            return  # which was told of the key
        if own.get("roll") == "backward":
            hint = Words("add backward: true, or write forward or none", "加上 backward: true，或者写 forward、none")
            reader.faults.add((*path, "roll"), Words("only a clock that counts back rolls back", "只有倒着算的时限才向前顺延"), hint=hint)
        return
    for key, (what, hint) in _NOT_BACKWARD.items():
        if key in entry:
            reader.faults.add((*path, key), what, hint=hint)
    for key, node in mapping(entry.get("alarms")).items():
        if "at" in mapping(node):
            reader.faults.add(
                (*path, "alarms", key, "at"),
                Words("a share of a limit that is counted back has no moment", "倒着算的时限没有“已用百分之几”的时刻"),
                hint=Words("write before: or after:", "写 before: 或 after:"),
            )


def _pauses(reader: EntryReader, node: Node | None, sight: WithLets, path: Path) -> tuple[Pausing, ...]:
    return tuple(
        Pausing(kind_of_pause(one, reader.declared.lists))
        if isinstance(one, str)
        else _pausing(reader, mapping(one), sight, path if isinstance(node, dict) else (*path, str(number)))
        for number, one in enumerate(as_list(node), 1)
    )


def _pausing(reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, path: Path) -> Pausing:
    starts, ends = (reader.optional(entry, key, sight, path, wants="date") for key in ("from", "to"))
    kind = text_of(entry, "kind")
    if (starts is None) != (ends is None):
        reader.faults.add(path, Words("a pause by facts needs both from and to", "由事实得出的中止要同时写 from 和 to"))
    elif kind is None and starts is None:
        what = Words("a pause names its kind, or from and to", "中止要写 kind，或者写 from 和 to")
        reader.faults.add(
            path,
            what,
            hint=Words("{kind: hearing}, {from: asked_on, to: answered_on}", "写作 {kind: hearing}、{from: asked_on, to: answered_on}"),
        )
    return Pausing(
        kind_of_pause(kind, reader.declared.lists),
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
        limit=reader.limit(entry["limit"], sight, (*path, "limit")) if "limit" in entry else None,
        starts=starts,
        ends=ends,
    )


def read_hours(reader: EntryReader, node: Node, sight: WithLets | RowNames, path: Path) -> Expression:
    """Office hours: their text, those of each season, or a setting or fact that holds such a text."""
    if isinstance(node, str) and (named := sight.find(node)) is not None:
        if named.type.kind not in ("text", "any"):
            reader.faults.add(path, Words(f"office hours are a text, {node} is {named.type.kind}", f"办公时间是文字，而 {node} 不是文字"))
        given = reader.declared.settings[named.id].value if isinstance(named, Name) and named.home == "setting" else None
        if isinstance(given, str) and isinstance(named, Name):
            _hours_text(reader, given, ("settings", named.id, "value"))
        return named
    return Constant(_hours_text(reader, node, path), TEXT)


def _hours_text(reader: EntryReader, node: Node, path: Path) -> str:
    from govservice.calendars import OfficeHours

    try:
        return str(OfficeHours(cast("str", node)))
    except GovServiceError as error:
        reader.faults.add((*path, *_season_at_fault(node)), error.what, why=error.why, hint=error.hint)
        return ""


def _season_at_fault(node: Node) -> Path:
    """Of seasons in a list, where the one stands that cannot be read by itself; nowhere, where each can."""
    from govservice.calendars import OfficeHours

    def is_read(season: dict[str, str], beside: dict[str, str]) -> bool:
        try:
            OfficeHours(cast("str", [season, beside]))
        except GovServiceError:
            return False
        return True

    for number, season in enumerate(node if isinstance(node, list) else (), 1):
        for days, hours in mapping(season).items():
            whole = {days: hours if isinstance(hours, str) else ""}
            if not any(is_read(whole, {other: "09:00-10:00"}) for other in ("otherwise", "01-01..12-31")):
                return (str(number), days)
    return ()


def _extension(reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, path: Path) -> Extension:
    times = number_of(entry, "times")
    as_granted = entry.get("limit") == "as_granted"
    limit = None if as_granted else reader.limit(entry.get("limit", ""), sight, (*path, "limit"))
    if "at_most" in entry and limit is not None and limit.type.kind == "limit":
        hint = Words("write limit: as_granted, or leave at_most out", "写 limit: as_granted，或者删去 at_most")
        reader.faults.add((*path, "at_most"), Words("at_most bounds what each row grants", "at_most 限制的是每次批准的长度"), hint=hint)
    return Extension(
        limit=limit,
        at_most=reader.limit(entry["at_most"], sight, (*path, "at_most")) if "at_most" in entry else None,
        times=int(times) if times is not None else None,
        by=text_of(entry, "by"),
        asked=text_of(entry, "asked"),
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
    )


def _alarm(reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, path: Path) -> Alarm:
    placed = [key for key in ("at", "before", "after") if key in entry]
    if len(placed) != 1:
        reader.faults.add(path, Words("an alarm has one of at, before, after", "告警要写 at、before、after 之一"))
    at = None
    if "at" in entry:
        share = (text_of(entry, "at") or "").removesuffix("%").removesuffix("％")
        if share.replace(".", "", 1).isdecimal() and len(share) < 10 and 1 <= Fraction(share) <= 100:
            at = Fraction(share) / 100
        else:
            reader.faults.add(
                (*path, "at"),
                Words("at: takes a share of the limit, 1% to 100%, in at most nine signs", "at 要写时限的百分比，1% 到 100%，至多九个字符"),
                hint=Words("at: 90%", "写作 at: 90%"),
            )
    amounts = {key: reader.limit(entry[key], sight, (*path, key), numbers=True) if key in entry else None for key in ("before", "after")}
    return Alarm(
        signal=text_of(entry, "signal") or "",
        at=at,
        before=amounts["before"],
        after=amounts["after"],
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
        cite=text_of(entry, "cite"),
        label=text_of(entry, "label"),
        **reader.dated(entry, path),
    )
