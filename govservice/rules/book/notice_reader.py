"""Second pass, notices: copies, fields, rows, and texts with places to fill."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from govservice.errors import Words
from govservice.rules.book.entries import Copy, CountedPlace, Field, Forwarded, Notice, Printed, RowsPrinted, Said
from govservice.rules.book.entry_reader import EntryReader, as_list, as_texts, number_of
from govservice.rules.book.marks import Node, Path, mapping, short, text_of
from govservice.rules.book.sight import RowNames, WithLets
from govservice.rules.language.shapes import Aggregate, Constant, Expression
from govservice.rules.language.values import ANY

__all__ = ["build_notice"]

_PLACE: Final = re.compile(r"\{([^{}]*)\}")
_COUNTED: Final = re.compile(r"(serial|year|month|day)(?::([1-9]))?")
_MOST_LINES: Final = 200


def build_notice(reader: EntryReader, id: str, entry: dict[str, Node]) -> Notice:
    """One notice."""
    path = ("notices", id)
    about = reader.about(entry, path, reader.declared.case_table)
    sight = reader.lets(entry, reader.declared.row_names(about), path)
    printed = {key: _printed(reader, entry, key, sight, path, numbered=key == "number") for key in ("heading", "number", "seal")}
    return Notice(
        id=id,
        title=text_of(entry, "title") or id,
        about=about,
        when=reader.optional(entry, "when", sight, path, wants="boolean") or Constant(True, ANY),
        copies=tuple(_copy(reader, node, sight, (*path, "copies")) for node in as_list(entry.get("copies"))),
        states=_stated(reader, entry, sight, path),
        shows=_fields(reader, entry, "shows", sight, path),
        rows=_listing(reader, mapping(entry["rows"]), sight, (*path, "rows")) if "rows" in entry else None,
        says=tuple(_said(reader, node, sight, (*path, "says")) for node in as_list(entry.get("says"))),
        signed=as_texts(entry.get("signed")),
        heading=printed["heading"],
        number=printed["number"],
        seal=printed["seal"],
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
    )


def _copy(reader: EntryReader, node: Node, sight: WithLets, path: Path) -> Copy:
    if isinstance(node, str):
        return Copy(node)
    entry = mapping(node)
    within, limit = text_of(entry, "within"), None
    if within is not None:
        limit = reader.limit(within, sight, (*path, "within"))
    when = reader.optional(entry, "when", sight, path, wants="boolean")
    return Copy(
        text_of(entry, "to") or "", within, when, limit, _forwarded(reader, entry["then"], sight, path) if "then" in entry else None
    )


def _forwarded(reader: EntryReader, node: Node, sight: WithLets, path: Path) -> Forwarded:
    if isinstance(node, str):
        return Forwarded(node)
    entry = mapping(node)
    within = text_of(entry, "within")
    if within is not None:
        reader.limit(within, sight, (*path, "then", "within"))
    return Forwarded(text_of(entry, "to") or "", text_of(entry, "after"), within)


def _fields(reader: EntryReader, entry: dict[str, Node], key: str, sight: RowNames | WithLets, path: Path) -> tuple[Field, ...]:
    """Fields or columns: an expression, or a label with one, or a label alone: a blank."""
    return tuple(_field(reader, node, sight, (*path, key)) for node in as_list(entry.get(key)))


def _stated(reader: EntryReader, entry: dict[str, Node], sight: WithLets, path: Path) -> tuple[Field, ...]:
    fields = _fields(reader, entry, "states", sight, path)
    for field in fields:
        if field.value is None:
            what = Words(f"{short(field.text)!r} must be stated, and has no value", f"“{short(field.text)}”必须写明，而没有写 value")
            hint = Words("give it a value, or list it under shows:", "请写上 value；留白手填的写在 shows 里")
            reader.faults.add((*path, "states"), what, hint=hint)
    return fields


def _field(reader: EntryReader, node: Node, sight: RowNames | WithLets, path: Path) -> Field:
    if isinstance(node, str):
        return Field(node.strip(), None, reader.expression(node, sight, path))
    entry = mapping(node)
    label, value = text_of(entry, "label") or "", text_of(entry, "value")
    return Field(value.strip() if value is not None else label, label, reader.optional(entry, "value", sight, path))


def _said(reader: EntryReader, node: Node, sight: WithLets, path: Path) -> Said:
    if isinstance(node, str):
        return Said(_filled(reader, node, sight, path, numbered=False))
    entry = mapping(node)
    text = _filled(reader, text_of(entry, "text") or "", sight, (*path, "text"), numbered=False)
    return Said(text, text_of(entry, "to"), reader.optional(entry, "when", sight, path, wants="boolean"))


def _listing(reader: EntryReader, entry: dict[str, Node], sight: WithLets, path: Path) -> RowsPrinted | None:
    source = text_of(entry, "of") or ""
    of = reader.expression(f"count({source})", sight, (*path, "of"))
    lines = number_of(entry, "lines") or 0
    if not 0 <= lines <= _MOST_LINES:
        reader.faults.add((*path, "lines"), Words(f"at most {_MOST_LINES} lines", f"最多 {_MOST_LINES} 行"))
    if not isinstance(of, Aggregate):
        return None  # what is wrong with it has been said
    rows = sight.rows(of.sources)
    if not isinstance(rows, RowNames):
        return None
    by = text_of(entry, "by")
    placed = reader.expression(f"count({source}, by={by})", sight, (*path, "by")) if by is not None else None
    when = reader.optional(entry, "when", rows, path, wants="boolean")
    of = replace(of, when=when, by=placed.by if isinstance(placed, Aggregate) else None)
    return RowsPrinted(of, _fields(reader, entry, "columns", rows, path), int(lines))


def _printed(reader: EntryReader, entry: dict[str, Node], key: str, sight: WithLets, path: Path, *, numbered: bool) -> Printed | None:
    text = text_of(entry, key)
    return None if text is None else _filled(reader, text, sight, (*path, key), numbered=numbered)


def _filled(reader: EntryReader, text: str, sight: WithLets, path: Path, *, numbered: bool) -> Printed:
    """A text with its places: `{expression}`; in a number also `{year}`, `{month}`, `{day}`, `{serial}`, `{serial:4}`."""
    pieces: list[str | Expression | CountedPlace] = []
    for number, piece in enumerate(_PLACE.split(text)):
        counted = _COUNTED.fullmatch(piece) if numbered and number % 2 else None
        if counted is not None:
            pieces.append(CountedPlace(counted[1], int(counted[2] or 1)))
        elif number % 2:
            pieces.append(reader.expression(piece, sight, path))
        elif piece:
            pieces.append(piece)
        if not number % 2 and ("{" in piece or "}" in piece):
            what = Words(f"{short(text)!r} has a brace that does not close", f"“{short(text)}”里的花括号不成对")
            reader.faults.add(path, what, hint=Words("a place is written {fact}", "要填的地方写作 {事实}"))
    if numbered and not any(isinstance(piece, CountedPlace) and piece.what == "serial" for piece in pieces):
        what = Words("a number without {serial} is the same for every notice", "编号里没有 {serial}，每份都会一样")
        reader.faults.add(path, what, hint=Words("write {serial} or {serial:4}", "请写上 {serial} 或 {serial:4}"))
    return Printed(tuple(pieces))
