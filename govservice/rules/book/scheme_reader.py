"""Second pass, schemes: parts, items, ranks, and what a scheme promises of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from govservice.errors import Words, did_you_mean
from govservice.rules.book.declarations import SUBJECT
from govservice.rules.book.entries import Item, Part, Rank, Scheme, ordinals_in
from govservice.rules.book.entry_reader import EntryReader, as_texts, conventions_of, number_of
from govservice.rules.book.example_reader import build_examples
from govservice.rules.book.marks import Node, Path, mapping, short, text_of
from govservice.rules.book.remedies import meant_by_label
from govservice.rules.book.sight import RowNames, WithLets, own_columns
from govservice.rules.book.table_reader import DECLARE_TABLE
from govservice.rules.language.calls import TWO_DAYS, days_fault
from govservice.rules.language.shapes import Constant, Discretion, Expression, Name, walk
from govservice.rules.language.values import ANY, DECIMAL, TEXT, Type

__all__ = ["build_scheme"]

POINTS = SUBJECT | {"discretion"}
MOST_LEVELS: Final = 10  # of parts within parts


def build_scheme(reader: EntryReader, id: str, entry: dict[str, Node]) -> Scheme:
    """One scheme, its parts and items in order."""
    path = ("schemes", id)
    subject = text_of(entry, "scores") or ""
    if subject and subject not in reader.declared.tables:
        hint = meant_by_label(subject, reader.declared.table_labels, DECLARE_TABLE)
        reader.faults.add((*path, "scores"), Words(f'no table "{subject}"', f"没有“{subject}”这个表"), hint=hint)
        subject = reader.declared.meant_table(subject)
    elif subject and not {subject, subject.removesuffix("s")} & own_columns(reader.declared, subject).keys():
        what = Words(f"no column names a row of {subject}", f"{subject} 没有写编号的列")
        hint = Words(f"give it one: {subject}: {{{subject}: text}}", f"加上一列：{subject}: {{{subject}: text}}")
        reader.faults.add((*path, "scores"), what, hint=hint)
    sight = reader.lets(entry, RowNames(reader.declared, (id,), allows=POINTS, priced=id), path)
    subjects = reader.declared.row_names(subject)
    parts = _parts(reader, id, entry, sight, path)
    full = number_of(entry, "full")
    _check_promise(reader, entry, parts, (*path, "full"), Words("the scheme", "方案"))
    if "total" not in entry and not parts and "adjust" not in entry:
        reader.faults.add(path, Words("a scheme has parts or a total", "计分方案要有 parts 或 total"))
    return Scheme(
        id=id,
        scores=subject,
        period=reader.period(entry, path) or "",
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
        title=text_of(entry, "title") or text_of(entry, "label"),
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


def _check_promise(reader: EntryReader, entry: Mapping[str, Node], parts: Mapping[str, Part], path: Path, who: Words) -> None:
    """The full marks of parts sum to that of what holds them; marks that are no number were found before."""
    full = number_of(entry, "full")
    if any("full" in mapping(node) and number_of(mapping(node), "full") is None for node in mapping(entry.get("parts")).values()):
        return
    promised = [part.marks for part in parts.values() if part.marks is not None]
    if full is not None and promised and sum(promised) != full:
        what = Words(
            f"the parts' full marks sum to {sum(promised)}, {who.en} promises {full}",
            f"各部分满分合计 {sum(promised)}，{who.zh}写的是 {full}",
        )
        reader.faults.add(path, what)


def _parts(reader: EntryReader, scheme: str, entry: dict[str, Node], sight: WithLets, path: Path) -> dict[str, Part]:
    within = mapping(entry.get("parts"))
    if within and path.count("parts") == MOST_LEVELS:
        what = Words(f"parts hold parts more than {MOST_LEVELS} deep", f"部分套部分超过 {MOST_LEVELS} 层")
        reader.faults.add((*path, "parts"), what)
        return {}
    return {key: _part(reader, scheme, key, mapping(node), sight, (*path, "parts", key)) for key, node in within.items()}


def _part(reader: EntryReader, scheme: str, id: str, entry: dict[str, Node], sight: WithLets, path: Path) -> Part:
    if "." in id:
        hint = Words("paths are cut at dots", "路径以点分段")
        reader.faults.add(path, Words(f"the name {short(id)!r} holds a dot", f"名字“{short(id)}”里有点号"), hint=hint)
    parts, full = _parts(reader, scheme, entry, sight, path), number_of(entry, "full")
    _check_promise(reader, entry, parts, (*path, "full"), Words(id, f"{id} "))
    low, high = text_of(entry, "min"), text_of(entry, "max")
    if low not in (None, "none") and high not in (None, "none") and (number_of(entry, "min") or 0) > (number_of(entry, "max") or 0):
        reader.faults.add((*path, "max"), Words("max is below min", "max 小于 min"))
    return Part(
        id=id,
        items=_items(reader, mapping(entry.get("items")), scheme, sight, (*path, "items")),
        parts=parts,
        full=full,
        start=reader.optional(entry, "start", sight, path, wants="number"),
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
    in_the_dark = "for" in entry and (not known or known != sources)  # of what there is not nothing else is told
    own: WithLets = sight
    if in_the_dark:
        own = WithLets(RowNames(reader.declared, ("",), allows=POINTS, row=True, priced=scheme), sight.lets)
    elif known:
        rows = sight.rows(known)
        if isinstance(rows, RowNames):
            rows.allows = POINTS
            rows.priced = scheme
            own = WithLets(rows, sight.lets)
    own = reader.lets(entry, own, path) if "let" in entry else own
    by = text_of(entry, "by")
    dated = own.find(by) if by is not None else None
    if by is not None and not _is_date(dated):
        reader.faults.add((*path, "by"), Words(f'"{by}" is no date column of these rows', f"“{by}”不是这些记录的日期列"))
    elif isinstance(dated, Name):
        by = dated.id
    of = None if in_the_dark else _whose(reader, text_of(entry, "of"), own, known, path)
    when, points = reader.optional(entry, "when", own, path, wants="boolean"), reader.optional(entry, "points", own, path, wants="number")
    each = None if in_the_dark else _joined_by(reader, text_of(entry, "each"), own, known, (when, points), path)
    lasts = None if in_the_dark else _lasting(reader, entry, own, known, path)
    apart = days_fault(own, known, (when, points), by=by, lasts=lasts)
    if apart is not None and not in_the_dark:
        reader.faults.add((*path, "lasts" if "lasts" in entry else "points"), apart.what, hint=apart.hint)
    if not in_the_dark and points is not None and any(isinstance(part, Discretion) for part in walk(points)):
        _assessed(reader, known, (*path, "points"))
    return Item(
        id=id,
        points=points or own.find("nth") or _nothing(),
        for_=known,
        by=by,
        when=when,
        of=of,
        each=each,
        at_most=reader.optional(entry, "at_most", sight, path, wants="number"),
        at_least=reader.optional(entry, "at_least", sight, path, wants="number"),
        lasts=lasts,
        text=text_of(entry, "points") or "",
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
        **reader.dated(entry, path),
        conventions=conventions_of(entry),
    )


def _whose(reader: EntryReader, name: str | None, sight: WithLets, sources: tuple[str, ...], path: Path) -> str | None:
    """Whose rows an item prices: the subject's own, all, or those of what it belongs to; rows that can belong to nobody are a fault."""
    owner = None if name is None else "all" if name == "all" else sight.owner(name) or sight.naming(sources, name)
    if name is not None and (owner is None or not sources):
        listed = ", ".join(("all", *sight.whose()))
        hint = Words(f"one of: {listed}; beside `for:`", f"可写：{listed}；与 for 同写")
        reader.faults.add(
            (*path, "of"), Words("of: says whose rows are priced, and this is none", "of 要写给谁的记录计分，而这里写的不是"), hint=hint
        )
    for source in sources:
        apart = sight.belongs(source, owner)
        if apart is not None:
            reader.faults.add((*path, "for"), apart.what, hint=apart.hint)
    return None if owner == (sight.whose() or ("",))[0] else owner


def _lasting(
    reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, sources: tuple[str, ...], path: Path
) -> tuple[Expression, Expression] | None:
    """The first and the last day of the rows of an item."""
    if "lasts" not in entry:
        return None
    place, days = (*path, "lasts"), as_texts(entry["lasts"])
    if len(days) != 2 or not sources:
        hint = Words("beside `for:`; quote an expression that holds a comma", "与 for 同写；表达式里有逗号的要加引号")
        reader.faults.add(place, TWO_DAYS, hint=hint)
        return None
    rows = sight.rows(sources)
    own = WithLets(rows, sight.lets) if isinstance(rows, RowNames) else sight  # of the row alone: nothing is counted, nor looked back to
    first, last = (reader.expression(day, own, place, wants="date") for day in days)
    return first, last


def _joined_by(
    reader: EntryReader,
    name: str | None,
    sight: WithLets,
    sources: tuple[str, ...],
    read: tuple[Expression | None, Expression | None],
    path: Path,
) -> Name | None:
    """By what the rows of an item are one."""
    if name is None:
        return None
    key = Name("unbroken", TEXT, "scope") if name == "unbroken" else sight.find(name)
    place = (*path, "each")
    if not isinstance(key, Name) or not sources:
        hint = did_you_mean(name, [*sight.spellings(), "unbroken"], Words("beside `for:`", "与 for 同写"))
        reader.faults.add(place, Words("each: takes a fact of the rows, or unbroken", "each 要写记录的一个事实，或 unbroken"), hint=hint)
        return None
    when, points = read
    if points is not None and any(isinstance(part, Discretion) for part in walk(points)):
        what = Words("marks are given to a row, and each: joins rows", "认定分值是逐行给的，而 each 把几行合成一行")
        reader.faults.add(place, what, hint=Words("say same_occurrence: instead", "请改写 same_occurrence"))
    elif when is not None and any(ordinals_in(walk(when))):
        what = Words("when: is asked before rows are joined, and nth counts joined rows", "when 在合并之前判断，而 nth 数的是合并后的")
        reader.faults.add(place, what, hint=Words("ask for nth in points:", "请在 points 里用 nth"))
    elif any(source in reader.declared.scheme_subjects for source in sources):
        reader.faults.add(place, Words("scores are not joined", "分数不能合并"))
    return key


def _nothing() -> Expression:
    return Constant(0, ANY)  # a missing `points:` was found before


def _is_date(fact: Expression | None) -> bool:
    return fact is not None and fact.type.kind in ("date", "moment", "any")


def _source(reader: EntryReader, name: str, sight: WithLets, path: Path) -> str | None:
    source = sight.source(name)
    if source is None:
        declare = Words("declare it under `events:` or `tables:`", "在 events 或 tables 里声明它")
        hint = _signals_of(reader, name) or did_you_mean(name, sight.sources(), declare)
        reader.faults.add(path, Words(f'no event kind, table or scheme "{name}"', f"没有“{name}”这个事件、表或计分方案"), hint=hint)
    return source


def _signals_of(reader: EntryReader, name: str) -> Words | None:
    """The signals of the clock that a name with a dot begins with."""
    clock, dot, _ = name.partition(".")
    signals = reader.declared.signals.get(reader.declared.labels.get(clock, clock), ())
    listed = [f"{clock}.{signal}" for signal in signals if signal]
    return Words(f"the clock raises {', '.join(listed)}", f"这个时钟发出：{'、'.join(listed)}") if dot and listed else None


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
    within = reader.group(entry, sight, path)
    return Rank(by, within, text_of(entry, "ties"), reader.optional(entry, "when", sight, path, wants="boolean"))
