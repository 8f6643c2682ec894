"""A rulebook's files -> one merged tree: shipped books and files under the book's own folder, nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath
from typing import Final, NamedTuple

from govservice.errors import NOTHING, DecisionError, Fault, RulebookError, Words, did_you_mean
from govservice.plain_files import NotPlain, read_plain, system_says
from govservice.reading import shown
from govservice.rules.book.extending import Book, entries, taken_over
from govservice.rules.book.format import check_shape
from govservice.rules.book.marks import Faults, Node, Path, mapping, short, text_of
from govservice.rules.book.merging import by_id, layered, reshaped, taken_out
from govservice.rules.book.yamltree import MOST_BYTES, read_marked, read_tree

__all__ = ["FROZEN", "MOST_BOOKS", "is_frozen", "read_files", "shipped_books", "standard_labels", "standard_measures"]

MOST_BOOKS: Final = 32
FROZEN: Final = ".frozen.json"
"""How the name of a frozen rulebook ends."""
_ID: Final = re.compile(r"[a-z][a-z0-9_-]*")
_CENTRES: Final = files("govservice").joinpath("centres")


def shipped_books() -> tuple[str, ...]:
    """The ids of the rulebooks that come with the package.

    >>> "kunshan" in shipped_books()
    True
    """
    return tuple(sorted(file.name.removesuffix(".yaml") for file in _CENTRES.iterdir() if file.name.endswith(".yaml")))


def is_frozen(source: object) -> bool:
    """Whether a path is named as a frozen rulebook is, or is the file of one under another name."""
    if not isinstance(source, str | FilePath):
        return False
    return str(source).endswith(FROZEN) or (str(source).lower().endswith(".json") and _begins_frozen(FilePath(source)))


def _begins_frozen(file: FilePath) -> bool:
    try:
        if not file.is_file():
            return False
        with file.open("rb") as stream:
            return b'"FrozenRulebook/' in stream.read(1_000)
    except (OSError, ValueError):
        return False


@cache
def standard_labels() -> Mapping[str, Mapping[str, str]]:
    """The label of each fact of the standard vocabulary, by table and id.

    >>> standard_labels()["item"]["case_type"]
    '办件类型'
    """
    tables = mapping(_standard().get("tables"))
    return {
        table: {id: label for id, column in mapping(node).items() if (label := text_of(mapping(column), "label")) is not None}
        for table, node in tables.items()
    }


@cache
def standard_measures() -> Mapping[str, Node]:
    """The measures of the standard vocabulary as they are written, by id.

    >>> mapping(standard_measures()["satisfaction_percent"])["label"]
    '满意率'
    """
    return mapping(_standard().get("measures"))


@cache
def _standard() -> dict[str, Node]:
    return mapping(read_tree(_shipped("standard", None, None), "standard.yaml")[0])


def read_files(source: str | FilePath) -> tuple[dict[str, Node], Faults]:
    """The merged tree of a shipped book or a file, with the place of every part of it and every fault of shape.

    Raises RulebookError where there is nothing to go on with: no such book, no YAML, no base that it extends or amends.
    """
    if not isinstance(source, (str, FilePath)):
        raise _fault(
            None,
            Words(f"a rulebook is named by its id or its path, not by {shown(source)}", f"规则册用编号或路径指明，不能用 {shown(source)}"),
        )
    by_path = isinstance(source, FilePath) or source.endswith((".yaml", ".yml")) or "/" in source
    name = FilePath(source).name if by_path else f"{source}.yaml"
    loading = _Files(FilePath(source).parent if by_path else None, name if by_path else str(source))
    try:
        book = loading.book(read_text(FilePath(source), name) if by_path else _shipped(str(source), None, None), name)
    except RulebookError as error:
        faults = dict.fromkeys((*loading.faults.sorted(), *error.faults))
        raise RulebookError(sorted(faults, key=lambda fault: (fault.file or "", fault.line or 0))) from None
    loading.faults.marks = book.marks
    return book.tree, loading.faults


class _Files:
    """One loading: the folder that may be read, the books read and under way, every fault."""

    def __init__(self, folder: FilePath | None, first: str) -> None:
        self.folder = folder
        self.faults = Faults({})
        self.under_way = [first]
        self.books: dict[str, Book] = {}
        self.books_read = 0
        self.characters = 0

    def book(self, text: str, name: str) -> Book:
        """One file with what it extends or amends below it."""
        self.books_read += 1
        self.characters += len(text)
        if self.characters > MOST_BYTES:
            raise _fault(name, Words("a book and what it extends are more than 5 MB together", "规则册与其沿用的各册合计超过 5 MB"), line=1)
        if self.books_read > MOST_BOOKS:
            raise _fault(name, Words(f"more than {MOST_BOOKS} books extend each other", f"相互沿用的规则册超过 {MOST_BOOKS} 册"))
        raw, faults = read_marked(text, name)
        if not isinstance(raw, dict):
            raise _fault(
                name,
                Words("a rulebook is a mapping", "规则册应是键值"),
                hint=Words("begin with rulebook: <id>", "以 rulebook: <编号> 开头"),
                line=1,
            )
        check_shape(raw, faults, partial="amends" in raw)
        own = by_id(raw, faults)
        try:
            return self._amending(own, name, faults) if "amends" in own else self._extending(own, name, faults)
        finally:
            self.faults.include(faults)

    def _amending(self, own: dict[str, Node], name: str, faults: Faults) -> Book:
        if "extends" in own:
            raise _fault(name, Words("a book extends or amends, not both", "规则册只能沿用或修订之一"), line=_line_of(faults, ("amends",)))
        base = self._other_book(own["amends"], name, ("amends",), faults)
        below, gone = _less(base.tree, own.get("remove"), faults)
        kept = {path: mark for path, mark in base.marks.items() if not any(path[: len(taken)] == taken for taken in gone)}
        marks = kept | faults.marks
        written = {key: value for key, value in own.items() if key not in ("amends", "remove")}
        tree, shape_faults = reshaped(mapping(layered(below, written)), marks)
        self.faults.include(shape_faults)
        before, after = entries(base.tree), entries(tree)
        changed = {path for path in (*after, *before) if before.get(path) != after.get(path)}
        return Book(tree, marks, {**base.wrote, **{path: (*base.wrote.get(path, ()), name) for path in changed}})

    def _extending(self, own: dict[str, Node], name: str, faults: Faults) -> Book:
        if "remove" in own:
            hint = Words("write what should hold instead, or amend the book: amends: ..", "写明应以什么代替，或改为修订：amends: ..")
            faults.add(("remove",), Words("only a file that amends takes entries out", "只有修订别册的文件可以删去条目"), hint=hint)
        settled = entries(own)
        extends = own.get("extends", [])
        if not isinstance(extends, list):
            raise RulebookError(faults.sorted())  # whatever the book takes from them would seem to be missing
        joined: Book | None = None
        wanted: list[tuple[Node, Path]] = [(book, ("extends", str(number))) for number, book in enumerate(extends, 1)]
        if own.get("rulebook") != "standard":
            wanted.insert(0, ("standard", ()))

        def clash(path: Path, first: str, second: str) -> None:
            if path not in settled:
                id = ".".join(map(short, path))
                what = Words(f"{first} and {second} both have {id}, and differ", f"{first} 与 {second} 都有 {id} 而内容不同")
                faults.add(path, what, hint=Words(f"write {id} here", f"在本册写明 {id}"))

        for book, path in wanted:
            base = self._other_book(book, name, path, faults)
            joined = base if joined is None else taken_over(joined, base, clash)
        if joined is None:
            return Book(own, faults.marks, dict.fromkeys(settled, (name,)))
        wrote = {path: (*joined.wrote.get(path, ()), name) for path in settled}
        return taken_over(joined, Book(own, faults.marks, wrote))

    def _other_book(self, book: Node, asker: str, path: Path, faults: Faults) -> Book:
        """A book that this one extends or amends: shipped, or a file under the folder; read once."""
        line = _line_of(faults, path)
        if not isinstance(book, str):
            raise RulebookError(faults.sorted())  # its shape was found wrong
        if book in self.under_way:
            circle = " -> ".join((*self.under_way[self.under_way.index(book) :], book))
            raise _fault(asker, Words(f"books that extend each other in a circle: {circle}", f"规则册相互沿用成环：{circle}"), line=line)
        if book not in self.books:
            self.books[book] = self._file(book, asker, line) if book.endswith((".yaml", ".yml")) else self._shipped(book, asker, line)
        return self.books[book]

    def _file(self, book: str, asker: str, line: int | None) -> Book:
        self.under_way.append(book)
        read = self.book(self._own_file(book, asker, line), book)
        self.under_way.pop()
        return read

    def _shipped(self, book: str, asker: str, line: int | None) -> Book:
        _shipped(book, asker, line)
        shared = _taken_from(book)
        self.books_read += shared.files_read
        return shared.book

    def _own_file(self, book: str, asker: str, line: int | None) -> str:
        where = FilePath(book)
        hint = Words("a file beside this one or in a folder below it", "只能用同一文件夹及其下的文件")
        if self.folder is None or where.is_absolute() or ".." in where.parts or "\\" in book or ":" in book:
            raise _fault(
                asker, Words(f"{book} lies outside the book's own folder", f"{book} 不在规则册自己的文件夹内"), hint=hint, line=line
            )
        try:
            file = (self.folder / where).resolve()
            if file.is_symlink():  # a link to itself, where Python does not say so
                raise RuntimeError
            within = file.is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError) as error:  # a link to itself, a name that none can be
            what = Words(f"{book} leads nowhere", f"{book} 无处可循")
            raise _fault(asker, what, hint=hint, line=line) from error
        if not within:
            raise _fault(
                asker, Words(f"{book} leads out of the book's own folder", f"{book} 指向规则册自己的文件夹之外"), hint=hint, line=line
            )
        if not os.path.exists(file):  # a name that no file can have is none, too
            raise _fault(asker, Words(f"there is no file {book}", f"没有 {book} 这个文件"), hint=hint, line=line)
        return read_text(file, book)


def _less(tree: dict[str, Node], remove: Node | None, faults: Faults) -> tuple[dict[str, Node], list[Path]]:
    """A tree without the entries named, and their paths; one that leads nowhere is noted."""
    gone: list[Path] = []
    for number, path in enumerate(remove if isinstance(remove, list) else (), 1):
        if not isinstance(path, str):
            continue  # its shape was found wrong
        try:
            tree = taken_out(tree, path)
            gone.append(tuple(path.split(".")))
        except DecisionError as error:
            faults.add(("remove", str(number)), error.what, hint=error.hint)
    return tree, gone


class _Shared(NamedTuple):
    """A shipped book with what it extends, and how many files these are."""

    book: Book
    files_read: int


@cache
def _taken_from(shipped: str) -> _Shared:
    """A shipped book for others to build on, which never change it: nearly every loading reads the same few."""
    loading = _Files(None, shipped)
    return _Shared(loading.book(_shipped(shipped, None, None), f"{shipped}.yaml"), loading.books_read)


def _line_of(faults: Faults, path: Path) -> int | None:
    mark = faults.marks.get(path) or faults.marks.get(path[:1])
    return mark.line if mark else None


def _fault(file: str | None, what: Words, *, hint: Words = NOTHING, line: int | None = None) -> RulebookError:
    return RulebookError([Fault(what, hint=hint, file=file, line=line)])


def _shipped(book: str, asker: str | None, line: int | None) -> str:
    known = shipped_books()
    if not _ID.fullmatch(book) or book not in known:
        listed = ", ".join(id for id in known if id != "standard")
        there_are = Words(f"shipped: {listed}; a file ends in .yaml", f"自带：{listed}；文件名以 .yaml 结尾")
        what = Words(f"no rulebook {short(book)!r}", f"没有“{short(book)}”这册规则")
        raise _fault(asker, what, hint=did_you_mean(book, known, there_are), line=line)
    return _CENTRES.joinpath(f"{book}.yaml").read_text(encoding="utf-8")


def read_text(path: FilePath, name: str) -> str:
    """The text of a rulebook file, a plain file of at most 5 MB in UTF-8. Raises RulebookError."""
    try:
        raw = read_plain(path, MOST_BYTES)
        if len(raw) > MOST_BYTES:
            raise _fault(
                name,
                Words(f"a file of {path.stat().st_size:,} bytes", f"文件有 {path.stat().st_size:,} 字节"),
                hint=Words("5 MB is the limit", "上限是 5 MB"),
                line=1,
            )
        return raw.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _fault(
            name,
            Words("the file is not in UTF-8", "文件不是 UTF-8 编码"),
            hint=Words("save it as UTF-8", "请另存为 UTF-8"),
            line=raw.count(b"\n", 0, error.start) + 1,
        ) from error
    except (NotPlain, IsADirectoryError) as error:
        raise _fault(name, Words("this is no plain file", "这不是普通文件")) from error
    except FileNotFoundError as error:
        raise _fault(name, Words("there is no such file", "没有这个文件")) from error
    except (OSError, ValueError) as error:
        why = system_says(error) if isinstance(error, OSError) else Words(error.__class__.__name__, "不是路径")
        raise _fault(name, Words(f"the file cannot be read: {why.en}", f"文件读不了：{why.zh}")) from error
