"""Second pass, schemes: parts, items, ranks, and what a scheme promises of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govservice.errors import Words, did_you_mean
from govservice.rules.book.declarations import SUBJECT
from govservice.rules.book.entries import Item, Part, Rank, Scheme
from govservice.rules.book.entry_reader import EntryReader, as_texts, conventions_of, number_of
from govservice.rules.book.example_reader import build_examples
from govservice.rules.book.marks import Node, Path, mapping, text_of
from govservice.rules.book.sight import RowNames, WithLets
from govservice.rules.language.shapes import Constant, Discretion, Expression, walk
from govservice.rules.language.values import ANY, DECIMAL, Type

__all__ = ["build_scheme"]

POINTS = SUBJECT | {"discretion"}


def build_scheme(reader: EntryReader, id: str, entry: dict[str, Node]) -> Scheme:
    """One scheme, its parts and items in order."""
    path = ("schemes", id)
    subject = text_of(entry, "scores") or ""
    if subject and subject not in reader.declared.tables:
        reader.faults.add((*path, "scores"), Words(f'no table "{subject}"', f"没有“{subject}”这个表"))
    sight = reader.lets(entry, RowNames(reader.declared, (id,), allows=POINTS, priced=id), path)
    subjects = reader.declared.row_names(subject)
    parts = {key: _part(reader, id, key, mapping(node), sight) for key, node in mapping(entry.get("parts")).items()}
    full = number_of(entry, "full")
    promised = [part.full for part in parts.values() if part.full is not None]
    if full is not None and promised and sum(promised) != full:
        what = Words(
            f"the parts' full marks sum to {sum(promised)}, the scheme promises {full}",
            f"各部分满分合计 {sum(promised)}，方案写的是 {full}",
        )
        reader.faults.add((*path, "full"), what)
    if "total" not in entry and not parts and "adjust" not in entry:
        reader.faults.add(path, Words("a scheme has parts or a total", "计分方案要有 parts 或 total"))
    return Scheme(
        id=id,
        scores=subject,
        period=text_of(entry, "period") or "",
        parts=parts,
        adjust=_items(reader, mapping(entry.get("adjust")), id, sight, (*path, "adjust")),
        total=reader.optional(entry, "total", sight, path, wants="number"),
        who=reader.optional(entry, "who", subjects, path, wants="boolean"),
        when=reader.optional(entry, "when", subjects, path, wants="boolean"),
        eligible=reader.optional(entry, "eligible", sight, path, wants="boolean"),
        rank=_rank(reader, mapping(entry["rank"]), sight, (*path, "rank")) if "rank" in entry else None,
        full=full,
        low=text_of(entry, "min"),
        high=text_of(entry, "max"),
        unit=text_of(entry, "unit"),
        title=text_of(entry, "title"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=conventions_of(entry),
        examples=build_examples(reader, entry, path, subject, dict(_totals(entry)), "total", scored=True),
    )


def _totals(entry: Mapping[str, Node], within: str = "") -> Iterator[tuple[str, Type]]:
    """What a scorecard has a total of: the whole, and every part by its path."""
    yield (f"parts.{within}" if within else "total"), DECIMAL
    for part, node in mapping(entry.get("parts")).items():
        yield from _totals(mapping(node), f"{within}.{part}" if within else part)


def _part(reader: EntryReader, scheme: str, id: str, entry: dict[str, Node], sight: WithLets) -> Part:
    path = ("schemes", scheme, "parts", id)
    low, high = text_of(entry, "min"), text_of(entry, "max")
    if low not in (None, "none") and high not in (None, "none") and (number_of(entry, "min") or 0) > (number_of(entry, "max") or 0):
        reader.faults.add((*path, "max"), Words("max is below min", "max 小于 min"))
    return Part(
        id=id,
        items=_items(reader, mapping(entry.get("items")), scheme, sight, (*path, "items")),
        full=number_of(entry, "full"),
        start=number_of(entry, "start"),
        low=low,
        high=high,
        when=reader.optional(entry, "when", sight, path, wants="boolean"),
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=conventions_of(entry),
    )


def _items(reader: EntryReader, entries: Mapping[str, Node], scheme: str, sight: WithLets, path: Path) -> tuple[Item, ...]:
    return tuple(_item(reader, key, mapping(node), scheme, sight, (*path, key)) for key, node in entries.items())


def _item(reader: EntryReader, id: str, entry: dict[str, Node], scheme: str, sight: WithLets, path: Path) -> Item:
    sources = tuple(_source(reader, name, sight, (*path, "for")) for name in as_texts(entry.get("for")))
    known = tuple(source for source in sources if source)
    own: WithLets = sight
    if known:
        rows = sight.rows(known)
        if isinstance(rows, RowNames):
            rows.allows = POINTS
            rows.priced = scheme
            own = WithLets(rows, sight.lets)
    own = reader.lets(entry, own, path) if "let" in entry else own
    by = text_of(entry, "by")
    if by is not None and not _is_date(own.find(by)):
        reader.faults.add((*path, "by"), Words(f'"{by}" is no date column of these rows', f"“{by}”不是这些记录的日期列"))
    points = reader.optional(entry, "points", own, path, wants="number")
    if points is not None and any(isinstance(part, Discretion) for part in walk(points)):
        _assessed(reader, known, (*path, "points"))
    return Item(
        id=id,
        points=points or own.find("nth") or _nothing(),
        for_=known,
        by=by,
        when=reader.optional(entry, "when", own, path, wants="boolean"),
        text=text_of(entry, "points") or "",
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=conventions_of(entry),
    )


def _nothing() -> Expression:
    return Constant(0, ANY)  # a missing `points:` was found before


def _is_date(fact: Expression | None) -> bool:
    return fact is not None and fact.type.kind in ("date", "moment", "any")


def _source(reader: EntryReader, name: str, sight: WithLets, path: Path) -> str | None:
    source = sight.source(name)
    if source is None:
        declare = Words("declare it under `events:` or `tables:`", "在 events 或 tables 里声明它")
        hint = did_you_mean(name, sight.sources(), declare)
        reader.faults.add(path, Words(f'no event kind, table or scheme "{name}"', f"没有“{name}”这个事件、表或计分方案"), hint=hint)
    return source


def _assessed(reader: EntryReader, sources: tuple[str, ...], path: Path) -> None:
    for source in sources:
        kind = reader.declared.events.get(source)
        if kind is not None and not kind.assessed:
            hint = Words("assessed: true", "在 events 里写 assessed: true")
            reader.faults.add(path, Words(f"{source} carries no assessed marks", f"{source} 没有认定分值"), hint=hint)
    if not sources:
        reader.faults.add(path, Words("discretion needs the rows of an event: `for:`", "discretion 要有 for: 所列的记录"))


def _rank(reader: EntryReader, entry: dict[str, Node], sight: WithLets, path: Path) -> Rank:
    by = tuple(reader.expression(text, sight, (*path, "by"), wants="ordered") for text in as_texts(entry.get("by")))
    within = text_of(entry, "within")
    if within is not None and sight.find(within) is None:
        reader.faults.add((*path, "within"), Words(f'unknown fact "{within}"', f"没有“{within}”这个事实"))
    return Rank(by, within, text_of(entry, "ties"), reader.optional(entry, "when", sight, path, wants="boolean"))
