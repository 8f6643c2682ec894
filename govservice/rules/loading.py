"""A rulebook's files -> one merged tree: shipped books and files under the book's own folder, nothing else."""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Any, Final

from govservice.errors import Fault, GovServiceError, Lang, RulebookError, Words
from govservice.rules.building import Builder, conventions_of
from govservice.rules.building_schemes import build_scheme
from govservice.rules.circles import MOST_LEVELS, Entry, find_circle, graph, too_deep
from govservice.rules.contents import Contents
from govservice.rules.declaring import Declarations, mapping, text_of
from govservice.rules.format import check_shape
from govservice.rules.marks import Faults, Mark, Marks, Node, Path
from govservice.rules.merging import SECTIONS, as_file, keyed, layered, taken_over
from govservice.rules.names import chain
from govservice.rules.yamltree import MOST_BYTES, read_tree

__all__ = ["build", "read_files", "shipped_books"]

MOST_BOOKS: Final = 32
_ID: Final = re.compile(r"[a-z][a-z0-9_-]*")
_CENTRES: Final = files("govservice").joinpath("centres")


def shipped_books() -> tuple[str, ...]:
    """The ids of the rulebooks that come with the package.

    >>> "kunshan" in shipped_books()
    True
    """
    return tuple(sorted(one.name.removesuffix(".yaml") for one in _CENTRES.iterdir() if one.name.endswith(".yaml")))


def _own_of(base: Mapping[str, Node], standard: Mapping[str, Node]) -> dict[str, Node]:
    """What a book hands on: its sections, less what it only has from the standard vocabulary."""
    found = {key: value for key, value in base.items() if key in (*SECTIONS, "sources", "hours")}
    if base is standard:
        return found
    for section in SECTIONS:
        shared = mapping(standard.get(section))
        entries = {id: entry for id, entry in mapping(base.get(section)).items() if shared.get(id) != entry}
        if section == "tables":
            entries = {
                id: {key: value for key, value in mapping(entry).items() if mapping(shared.get(id)).get(key) != value}
                for id, entry in entries.items()
            }
        if section in base:
            found[section] = entries
    return found


class _Files:
    """One loading: the folder that may be read, the books under way, and every mark and fault."""

    def __init__(self, folder: FilePath | None) -> None:
        self.folder = folder
        self.faults = Faults({})
        self.under_way: list[str] = []
        self.read = 0

    def tree(self, text: str, name: str, *, amends: bool = False) -> dict[str, Node]:
        """One file with what it extends or amends below it."""
        self.read += 1
        if self.read > MOST_BOOKS:
            raise _fault(name, Words(f"more than {MOST_BOOKS} books extend each other", f"相互沿用的规则册超过 {MOST_BOOKS} 册"))
        raw, marks = read_tree(text, name)
        faults = Faults(marks)
        if not isinstance(raw, dict):
            raise _fault(
                name,
                Words("a rulebook is a mapping", "规则册应是键值"),
                hint=Words("begin with rulebook: <id>", "以 rulebook: <编号> 开头"),
            )
        partial = "amends" in raw or amends
        check_shape(raw, faults, partial=partial)
        own = keyed(raw, faults)
        self.faults.found.extend(faults.found)
        found, below = self._below(own, name, marks)
        self.faults.marks = below | faults.marks
        return found

    def _below(self, own: dict[str, Node], name: str, marks: Marks) -> tuple[dict[str, Node], Marks]:
        amends = text_of(own, "amends")
        extends = [one for one in own.get("extends", []) if isinstance(one, str)] if isinstance(own.get("extends"), list) else []
        if amends is not None and extends:
            raise _fault(name, Words("a book extends or amends, not both", "规则册只能沿用或修订之一"), line=_line(marks, ("amends",)))
        if amends is not None:
            base = self.other(amends, name, ("amends",), marks)
            kept = {key: value for key, value in own.items() if key != "amends"}
            below = self.faults.marks
            found = layered(base, kept)
            return (found if isinstance(found, dict) else {}), below
        joined: dict[str, Node] = {}
        below = {}
        origin: dict[tuple[str, str], str] = {}
        books = extends if text_of(own, "rulebook") == "standard" else ["standard", *extends]
        standard: dict[str, Node] = {}
        for index, one in enumerate(books):
            base = self.other(one, name, ("extends", str(index)), marks)
            if one == "standard":
                standard = base
            handed_on = _own_of(base, standard)
            self._clashes(joined, handed_on, own, origin, one, name)
            joined = taken_over(joined, handed_on)
            below = below | self.faults.marks
        return taken_over(joined, own), below

    def _clashes(
        self,
        joined: Mapping[str, Node],
        base: Mapping[str, Node],
        own: Mapping[str, Node],
        origin: dict[tuple[str, str], str],
        book: str,
        name: str,
    ) -> None:
        """Two extended books that say different things of one id, and this book does not settle it."""
        for section in SECTIONS:
            before, settled = mapping(joined.get(section)), mapping(own.get(section))
            for id, entry in mapping(base.get(section)).items():
                if (
                    id in before
                    and before[id] != entry
                    and id not in settled
                    and section != "tables"
                    and origin.get((section, id), "standard") != "standard"
                ):
                    what = Words(
                        f"{origin[section, id]} and {book} both have {section}.{id}, and differ",
                        f"{origin[section, id]} 与 {book} 都有 {section}.{id} 而内容不同",
                    )
                    self.faults.found.append(
                        Fault(
                            what,
                            hint=Words(f"write {section}.{id} here", f"在本册写明 {section}.{id}"),
                            file=name,
                            line=1,
                            id=f"{section}.{id}",
                        )
                    )
                origin[section, id] = book

    def other(self, book: str, asker: str, path: Path, marks: Marks) -> dict[str, Node]:
        """A book that this one extends or amends: shipped, or a file under the folder."""
        line = _line(marks, path)
        if book in self.under_way:
            circle = " -> ".join((*self.under_way[self.under_way.index(book) :], book))
            raise _fault(asker, Words(f"books that extend each other in a circle: {circle}", f"规则册相互沿用成环：{circle}"), line=line)
        if book.endswith((".yaml", ".yml")):
            text, name = self._own_file(book, asker, line), book
        else:
            text, name = _shipped(book, asker, line), f"{book}.yaml"
        self.under_way.append(book)
        found = self.tree(text, name)
        self.under_way.pop()
        return found

    def _own_file(self, book: str, asker: str, line: int | None) -> str:
        where = FilePath(book)
        hint = Words("a file beside this one or in a folder below it", "只能用同一文件夹及其下的文件")
        if self.folder is None or where.is_absolute() or ".." in where.parts or "\\" in book or ":" in book:
            raise _fault(
                asker, Words(f"{book} lies outside the book's own folder", f"{book} 不在规则册自己的文件夹内"), hint=hint, line=line
            )
        found = (self.folder / where).resolve()
        if not found.is_relative_to(self.folder.resolve()):
            raise _fault(
                asker, Words(f"{book} leads out of the book's own folder", f"{book} 指向规则册自己的文件夹之外"), hint=hint, line=line
            )
        return read_text(found, book)


def _line(marks: Marks, path: Path) -> int | None:
    found = marks.get(path) or marks.get(path[:1])
    return found.line if found else None


def _fault(file: str, what: Words, *, hint: Words | None = None, line: int | None = None) -> RulebookError:
    return RulebookError([Fault(what, hint=hint or Words("", ""), file=file, line=line)])


def _shipped(book: str, asker: str | None, line: int | None) -> str:
    known = shipped_books()
    if not _ID.fullmatch(book) or book not in known:
        near = get_close_matches(book, known, n=1, cutoff=0.6)
        listed = ", ".join(one for one in known if one != "standard")
        hint = (
            Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
            if near
            else Words(f"shipped: {listed}; a file ends in .yaml", f"自带：{listed}；文件名以 .yaml 结尾")
        )
        raise RulebookError([Fault(Words(f"no rulebook {book[:80]!r}", f"没有“{book[:80]}”这册规则"), hint=hint, file=asker, line=line)])
    return _CENTRES.joinpath(f"{book}.yaml").read_text(encoding="utf-8")


def read_text(path: FilePath, name: str) -> str:
    """The text of a rulebook file, a plain file of at most 5 MB in UTF-8. Raises RulebookError."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _fault(name, Words("this is no plain file", "这不是普通文件"))
        if found.st_size > MOST_BYTES:
            raise _fault(
                name,
                Words(f"a file of {found.st_size:,} bytes", f"文件有 {found.st_size:,} 字节"),
                hint=Words("5 MB is the limit", "上限是 5 MB"),
            )
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(
            name, Words("the file is not in UTF-8", "文件不是 UTF-8 编码"), hint=Words("save it as UTF-8", "请另存为 UTF-8")
        ) from error
    except FileNotFoundError as error:
        raise _fault(name, Words("there is no such file", "没有这个文件")) from error
    except (OSError, ValueError) as error:
        raise _fault(
            name, Words(f"the file cannot be read: {error.__class__.__name__}", f"文件读不了：{error.__class__.__name__}")
        ) from error


def read_files(source: str | FilePath, lang: Lang) -> tuple[dict[str, Node], Marks]:
    """The merged tree of a shipped book or a file, and the place of every part of it.

    Raises RulebookError: where a file has faults of shape, with all of them and those of its expressions.
    """
    try:
        if isinstance(source, FilePath) or source.endswith((".yaml", ".yml")) or "/" in source:
            path = FilePath(source)
            loading = _Files(path.parent)
            loading.under_way.append(path.name)
            tree = loading.tree(read_text(path, path.name), path.name)
        else:
            loading = _Files(None)
            loading.under_way.append(source)
            tree = loading.tree(_shipped(source, None, None), f"{source}.yaml")
    except RulebookError as error:
        raise RulebookError(error.faults, lang=lang) from None
    if loading.faults.found:
        raise RulebookError(_with_faults_within(tree, loading.faults), lang=lang)
    return tree, loading.faults.marks


def _with_faults_within(tree: dict[str, Node], faults: Faults) -> tuple[Fault, ...]:
    """The faults of shape, and those that are found within what could be read: a clerk mends a file once."""
    try:
        _built(tree, faults.marks, "en")
    except RulebookError as error:
        shaped = {(one.file, one.line) for one in faults.found}
        faults.found.extend(one for one in error.faults if (one.file, one.line) not in shaped)
    except Exception:
        pass
    return faults.sorted()


def recheck(tree: dict[str, Node], marks: Marks, lang: Lang) -> None:
    """Check the shape of an amended tree. Raises RulebookError."""
    faults = Faults(dict(marks))
    check_shape(as_file(tree), faults)
    if faults.found:
        raise RulebookError(faults.sorted(), lang=lang)


def build(tree: dict[str, Node], marks: Mapping[Path, Mark], lang: Lang) -> Contents:
    """The entries of a merged tree, every expression typed. Raises RulebookError with every fault at once."""
    try:
        return _built(tree, marks, lang)
    except RecursionError:  # a chain of hundreds of outcomes, each typed by the next
        what = Words(f"entries build on each other more than {MOST_LEVELS} deep", f"条目层层引用超过 {MOST_LEVELS} 层")
        raise RulebookError([Fault(what, file=text_of(tree, "rulebook"))], lang=lang) from None


def _built(tree: dict[str, Node], marks: Mapping[Path, Mark], lang: Lang) -> Contents:
    faults = Faults(dict(marks))
    declared = Declarations(tree, faults)
    conventions = conventions_of(mapping(tree.get("conventions")))
    _one_namespace(tree, faults)
    builder = Builder(declared, faults, conventions)
    entries = {section: mapping(tree.get(section)) for section in SECTIONS}
    measures = {id: builder.measure(id, node) for id, node in entries["measures"].items()}
    decisions = {id: builder.decision(id, mapping(node)) for id, node in entries["decisions"].items()}
    schemes = {id: build_scheme(builder, id, mapping(node)) for id, node in entries["schemes"].items()}
    clocks = {id: builder.clock(id, mapping(node)) for id, node in entries["clocks"].items()}
    notices = {id: builder.notice(id, mapping(node)) for id, node in entries["notices"].items()}
    used = graph(decisions, measures, schemes, clocks)
    _ordered(used, faults)
    hours = text_of(tree, "hours")
    for where, text in [(("hours",), hours), *((("clocks", clock.id, "hours"), clock.hours) for clock in clocks.values())]:
        _check_hours(text, where, faults)
    if faults.found:
        raise RulebookError(faults.sorted(), lang=lang)
    about = dict.fromkeys((*declared.tables, *declared.scheme_subjects))
    return Contents(
        id=text_of(tree, "rulebook") or "",
        title=text_of(tree, "title"),
        sources={key: value for key, value in mapping(tree.get("sources")).items() if isinstance(value, str)},
        conventions=conventions,
        settings=declared.settings,
        tables=declared.tables,
        events=declared.events,
        decisions=decisions,
        measures=measures,
        schemes=schemes,
        clocks=clocks,
        notices=notices,
        granting={table: dict(declared.outcomes(table)) for table in about},
        chains={table: chain(declared, table) for table in about},
        labels=dict(declared.labels),
        hours=hours,
    )


def _ordered(used: Mapping[Entry, tuple[Entry, ...]], faults: Faults) -> None:
    """Entries that wait for each other, or build on each other too deep, are refused."""
    circle = find_circle(used)
    if circle is not None:
        named = " -> ".join(id for _, id in circle)
        hint = Words("nothing in it could be decided first", "其中没有一个能先定")
        faults.add(circle[0], Words(f"a circle: {named}", f"相互引用成环：{named}"), hint=hint)
    elif (deep := too_deep(used)) is not None:
        faults.add(deep, Words(f"{deep[1]} builds on others more than {MOST_LEVELS} deep", f"{deep[1]} 层层引用超过 {MOST_LEVELS} 层"))


def _check_hours(text: str | None, path: Path, faults: Faults) -> None:
    if text is None:
        return
    from govservice.calendars import OfficeHours

    try:
        OfficeHours(text)
    except GovServiceError as error:
        faults.add(path, error.what, why=error.why, hint=error.hint)


def _one_namespace(tree: Mapping[str, Node], faults: Faults) -> None:
    """Tables, event kinds, decisions, measures, schemes, clocks and settings share one namespace."""
    seen: dict[str, str] = {}
    for section in ("tables", "events", "decisions", "measures", "schemes", "clocks", "settings"):
        for id in mapping(tree.get(section)):
            if seen.setdefault(id, section) != section:
                what = Words(f'"{id}" names one of `{seen[id]}` already', f"“{id}”已是 {seen[id]} 里的名字")
                faults.add((section, id), what, hint=Words("one name, one thing: rename it", "一名一物：请改名"))


def canonical(tree: Any) -> str:
    """The tree as one text that does not depend on the order of keys, for the digest."""
    import json

    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
