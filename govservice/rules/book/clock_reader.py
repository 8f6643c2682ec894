"""Second pass, clocks and notices: limits, extensions, alarms, copies."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from govservice.errors import Words
from govservice.rules.book.entries import Alarm, Clock, Copy, Extension, Notice
from govservice.rules.book.entry_reader import EntryReader, as_list, as_texts, conventions_of, number_of
from govservice.rules.book.marks import Node, Path, mapping, text_of
from govservice.rules.book.sight import WithLets
from govservice.rules.language.shapes import Constant
from govservice.rules.language.values import ANY

__all__ = ["build_clock", "build_notice"]


def build_clock(reader: EntryReader, id: str, entry: dict[str, Node]) -> Clock:
    """One clock."""
    path = ("clocks", id)
    about = reader.about(entry, path)
    sight = reader.lets(entry, reader.declared.row_names(about), path)
    if ("limit" in entry) == ("due" in entry):
        reader.faults.add(path, Words("a clock has a limit or a due date, one of the two", "时钟要有 limit 或 due，且只能有一个"))
    own = conventions_of(entry)
    limit = reader.limit(entry["limit"], sight, (*path, "limit"), conventions=own) if "limit" in entry else None
    return Clock(
        id=id,
        about=about,
        starts=reader.optional(entry, "starts", sight, path, wants="date") or Constant(False, ANY),
        limit=limit,
        due=reader.optional(entry, "due", sight, path, wants="date"),
        stops=tuple(reader.expression(node, sight, (*path, "stops"), wants="date") for node in as_list(entry.get("stops"))),
        pauses=as_texts(entry.get("pauses")),
        extension=_extension(reader, mapping(entry["extension"]), sight, (*path, "extension")) if "extension" in entry else None,
        alarms=tuple(_alarm(reader, mapping(node), sight, (*path, "alarms", key)) for key, node in mapping(entry.get("alarms")).items()),
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
        hours=text_of(entry, "hours"),
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=own,
    )


def _extension(reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, path: Path) -> Extension:
    times = number_of(entry, "times")
    return Extension(
        limit=reader.limit(entry.get("limit", ""), sight, (*path, "limit")),
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
                Words("at: takes a share of the limit, 1% to 100%", "at 要写时限的百分比，1% 到 100%"),
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
        **reader.dated(entry, path),
    )


def build_notice(reader: EntryReader, id: str, entry: dict[str, Node]) -> Notice:
    """One notice."""
    path = ("notices", id)
    about = reader.about(entry, path, reader.declared.case_table)
    sight = reader.lets(entry, reader.declared.row_names(about), path)
    copies = tuple(_copy(reader, node, sight, (*path, "copies")) for node in as_list(entry.get("copies")))
    states = tuple((text.strip(), reader.expression(text, sight, (*path, "states"))) for text in as_texts(entry.get("states")))
    return Notice(
        id=id,
        title=text_of(entry, "title") or id,
        about=about,
        when=reader.optional(entry, "when", sight, path, wants="boolean") or Constant(True, ANY),
        copies=copies,
        states=states,
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
    )


def _copy(reader: EntryReader, node: Node, sight: WithLets, path: Path) -> Copy:
    if isinstance(node, str):
        return Copy(node)
    entry = mapping(node)
    within = text_of(entry, "within")
    if within is not None:
        reader.limit(within, sight, (*path, "within"))
    return Copy(text_of(entry, "to") or "", within, reader.optional(entry, "when", sight, path, wants="boolean"))
