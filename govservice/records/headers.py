"""The columns of tables held against the mapping and the facts that are known: all faults at once, before a row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Protocol

from govservice.echo import shown
from govservice.errors import Fault, RecordError, Words, closest, did_you_mean
from govservice.records.faults import MappingError
from govservice.records.mapped import TableMapping
from govservice.records.rows import BadCell, RawRow
from govservice.records.vocabulary import Vocabulary

__all__ = ["MAPPING", "Headed", "check_headers", "no_column"]

MAPPING: Final = "mapping.yaml"
_LOOKED_AT: Final = 20  # rows of a file, for its header


class Headed(Protocol):
    """A table that may name its columns in one place: a file, with the line of its header, or one of a database, which has no lines."""

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> tuple[str, ...] | None: ...
    @property
    def header_line(self) -> int | None: ...
    @property
    def mapping(self) -> TableMapping: ...


def check_headers(sources: Mapping[str, Headed], words: Mapping[str, Vocabulary], mapping: str) -> None:
    """Hold the headers against the mapping; a header that names no fact at all is data, or parted by another character."""
    faults: list[Fault] = []
    for table, source in sources.items():
        if source.header is None:
            continue
        mapped = {column.column for column in dict(source.mapping.columns).values()}
        mapped |= set(source.mapping.steps.columns) if source.mapping.steps is not None else set()
        below = _header_below(source, mapped, words[table])
        if below is not None:
            faults.append(_told_below(table, source, below, mapping))
            continue
        faults += _unmapped(table, source, mapping)
        if not any(name in mapped or words[table].fact(name) for name in source.header) and not faults:
            raise _no_header(source)
        faults += _unnamed(table, source, words[table])
    if faults:
        raise MappingError(faults)


def _header_below(source: Headed, mapped: set[str], words: Vocabulary) -> int | None:
    """The row below the one taken for the header that names more columns: under a title, a unit, a day. None where there is none."""

    def named(names: Iterable[object]) -> int:
        texts = {name.strip() for name in names if isinstance(name, str)}
        return sum(name in mapped or words.fact(name) is not None for name in texts)

    rows = getattr(source, "raw", None)
    if source.header_line is None or rows is None:
        return None
    below = list(islice(rows(), _LOOKED_AT))
    of_two_rows = any(isinstance(value, BadCell) for row in below[:1] for value in row.values.values())  # merged into the row below
    if not (mapped - set(source.header or ()) or not named(source.header or ()) or of_two_rows):
        return None
    most, line = max(((named(_as_header(row)), -row.line) for row in below), default=(0, 0))
    return -line if most > max(1, named(source.header or ())) else None


def _as_header(row: RawRow) -> Iterator[object]:
    """What a row would call the columns: a name that is merged into it from above is one."""
    return (name if isinstance(value, BadCell) else value for name, value in row.values.items())


def _told_below(table: str, source: Headed, line: int, mapping: str) -> Fault:
    what = Words(
        f"the header of {source.name} stands in row {line}, and row {source.header_line} was taken for it",
        f"{source.name} 的表头在第 {line} 行，而读的是第 {source.header_line} 行",
    )
    if getattr(source, "sheet", None) is not None:
        hint = Words(f"say header: {line} under {table} in {mapping}", f"请在 {mapping} 的 {table} 下写 header: {line}")
    else:
        hint = Words("delete the lines above it", "请删去表头上面的各行")
    return Fault(what, hint=hint, file=source.name, line=line, id=table)


def _unnamed(table: str, source: Headed, words: Vocabulary) -> Iterator[Fault]:
    """That no column names the rows: said once, of the whole file."""
    header = source.header or ()
    if (
        source.mapping.steps is not None
        or not words.id
        or words.id in dict(source.mapping.columns)
        or any(words.fact(name) == words.id for name in header)
    ):
        return
    label = next((label for label, id in reversed([*words.labels.items()]) if id == words.id), words.id)
    unread = [name for name in header if words.fact(name) is None]
    near = closest(label, unread, cutoff=0.5) or closest(words.id, unread, cutoff=0.5)
    hint = Words(f"call it {words.id} or {label}, or map it in {MAPPING}", f"列名请用 {words.id} 或“{label}”，或在 {MAPPING} 中对应")
    if near is not None:
        hint = Words(f'is it "{near}"? {hint.en}', f"是不是“{near}”？{hint.zh}")
    what = Words(f"no column holds the ids of {words.label.en}", f"没有一列是{words.label.zh}的编号")
    yield Fault(what, hint=hint, file=source.name, line=source.header_line, id=table)


def _unmapped(table: str, source: Headed, mapping: str) -> Iterator[Fault]:
    header = source.header or ()
    for fact, mapped in dict(source.mapping.columns).items():
        for column in filter(None, (mapped.column, mapped.unit_column)):
            if column not in header:
                yield no_column(column, header, source.name, mapping, mapped.line, f"{table}.columns.{fact}")
    steps = source.mapping.steps
    for key, column in zip(("case", "activity", "time"), steps.columns, strict=True) if steps is not None else ():
        if steps is not None and column not in header:
            yield no_column(column, header, source.name, mapping, steps.line, f"{table}.steps.{key}")
    for column in source.mapping.skip:
        if column not in header:
            yield no_column(column, header, source.name, mapping, source.mapping.skip_line, f"{table}.skip")


def no_column(column: str, header: tuple[str, ...], file: str, mapping: str, line: int | None, id: str) -> Fault:
    """That a column which the mapping names is not there; `file` is the table, `mapping` and `line` where it is named."""
    hint = did_you_mean(column, header, Words(f"it has: {', '.join(header)}", f"它有：{'、'.join(header)}"))
    return Fault(Words(f"{file} has no column {shown(column)}", f"{file} 没有“{column}”这一列"), hint=hint, file=mapping, line=line, id=id)


def _no_header(source: Headed) -> RecordError:
    seen = ", ".join(source.header or ())[:200]
    if source.header_line is None:
        hint = Words(
            "name the columns by their facts, or map them under columns: in the mapping",
            "列名请用事实的名称，或在映射文件的 columns 中对应",
        )
        return RecordError(Words(f"no column is known: {seen}", f"没有一列认得出来：{seen}"), hint=hint, file=source.name)
    other = next((mark for mark in ("\t", ";", "；", "|") if len(source.header or ()) == 1 and mark in seen), None)
    hint = (
        Words(
            f"its columns are parted by {shown(other)}: say delimiter: in {MAPPING}",
            f"它用 {shown(other)} 分列：请在 {MAPPING} 中写 delimiter",
        )
        if other
        else Words(
            f"is the header missing? name the columns by their facts, or map them in {MAPPING}, of which govservice map makes a draft",
            f"是不是缺了表头？列名请用事实的名称，或在 {MAPPING} 中对应（govservice map 可以起草）",
        )
    )  # fmt: skip
    return RecordError(
        Words(f"no column is known: {seen}", f"没有一列认得出来：{seen}"), hint=hint, file=source.name, line=source.header_line
    )
