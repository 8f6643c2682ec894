"""YAML text -> a plain tree of texts with the place of every part; bounded in size, depth and expansion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NoReturn

import yaml

from govservice.errors import NOTHING, Fault, RulebookError, Words
from govservice.reading.behind_keys import COLON, behind_key
from govservice.reading.broken_lines import ENTRY
from govservice.reading.slips import Written
from govservice.reading.yaml_words import unreadable
from govservice.rules.book.marks import Faults, Mark, Marks, Node, Path, short
from govservice.rules.book.slips import Behind, key_in, note_slip

__all__ = ["MOST_ALIASED", "MOST_BYTES", "MOST_DEPTH", "MOST_NODES", "read_marked", "read_tree"]

MOST_BYTES: Final = 5_000_000
MOST_DEPTH: Final = 100
MOST_NODES: Final = 500_000  # counted after every alias is written out
MOST_ALIASED: Final = 50_000  # of them, those that an alias stands for: a file of ten lines must not stand for one of a million
_BRACKET_WITHIN: Final = re.compile(r"[：:]\s*[\[{\"'&*|>]")
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Container:
    """A mapping or list being read."""

    __slots__ = ("anchor", "flow", "key", "key_mark", "keys", "merged", "node", "path")

    def __init__(self, node: dict[str, Node] | list[Node], path: Path, anchor: str | None, flow: bool) -> None:
        self.node = node
        self.flow = flow
        self.path = path
        self.anchor = anchor
        self.key: str | None = None
        self.key_mark: Mark | None = None
        self.keys: set[str] = set()
        self.merged: list[tuple[dict[str, Node], Mark | None]] = []


def read_tree(text: str, file: str) -> tuple[Node, Marks]:
    """One YAML document as dicts, lists and texts, and a mark for every path.

    Raises RulebookError where the text is no YAML, too large, too deep, holds a key twice or a tag, or expands beyond all use.

    >>> read_tree("a: [1.10, no]", "x.yaml")[0]
    {'a': ['1.10', 'no']}
    """
    tree, faults = _bounded(_Reader(text, file)).read()
    if faults.noted:
        raise RulebookError(faults.sorted())
    return tree, faults.marks


def read_marked(text: str, file: str) -> tuple[Node, Faults]:
    """A rulebook's tree as by `read_tree`; with the marks go the faults that do not stop the reading: a key written twice, a tag, a
    full-width sign where the file's own is meant.

    What stands behind a key instead of a colon and a blank is noted and read as meant, so that nothing else is told that comes of it.

    Raises RulebookError where nothing can be read.
    """
    behind: dict[tuple[int, str], Behind] = {}
    looked_through = 0
    while True:
        reader = _bounded(_Reader(text, file, slips=True))
        stopped: tuple[Fault, ...] | None = None
        try:
            reader.read()
        except RulebookError as error:
            stopped = error.faults
        except _BehindKeyError:
            stopped = reader.faults.sorted()
        behind = {(slip.line, slip.meant.key): slip for slip in reader.behind} | behind
        looked_through += len(text)
        text, before = _mended(text, reader.behind), text
        if text == before or looked_through > MOST_BYTES:
            break
    told = Faults({})
    for slip in behind.values():
        told.add(slip.path, slip.meant.what, hint=COLON, mark=Mark(file, slip.line + 1, 1))
    if stopped is not None or reader.root is None:
        raise RulebookError(sorted((*told.sorted(), *(stopped or ())), key=lambda fault: fault.line or 0)) from None
    reader.faults.noted[:0] = told.noted
    return reader.root, reader.faults


class _BehindKeyError(Exception):
    """A file that breaks at what stands behind a key."""


def _mended(text: str, behind: Iterable[Behind]) -> str:
    """The text with a colon and a blank behind those keys."""
    lines = text.split("\n")
    for slip in behind:
        if slip.line < len(lines) and (meant := behind_key(lines[slip.line], slip.meant.key)) is not None:
            lines[slip.line] = meant.mended
    return "\n".join(lines)


def _bounded(reader: _Reader) -> _Reader:
    if len(reader.text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        reader.stop(None, Words("a file of more than 5 MB", "文件超过 5 MB"))
    return reader


class _Reader:
    def __init__(self, text: str, file: str, *, slips: bool = False) -> None:
        self.text = text
        self.lines = text.split("\n") if slips else None
        self.file = file
        self.marks: Marks = {}
        self.faults = Faults(self.marks)
        self.behind: list[Behind] = []
        self.anchors: dict[str, Node] = {}
        self.anchored: dict[str, Path] = {}
        self.nodes = 0
        self.since = 0  # the line, from 0, of the last part that could be read
        self.aliased = 0
        self.stack: list[_Container] = []
        self.root: Node | None = None

    def stop(self, line: int | None, what: Words, hint: Words = NOTHING) -> NoReturn:
        raise RulebookError((*self.faults.sorted(), Fault(what, hint=hint, file=self.file, line=line)))

    def read(self) -> tuple[Node, Faults]:
        documents = 0
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.stop(
                            _line(event),
                            Words("a second document", "有第二个文档"),
                            Words("one file, one rulebook", "一个文件写一册规则"),
                        )
                else:
                    self.since = _line(event) - 1
                    self._take(event)
        except (yaml.YAMLError, UnicodeError) as error:
            self._unreadable(error)
        if self.root is None:
            self.stop(1, Words("an empty file", "文件是空的"))
        return self.root, self.faults

    def _unreadable(self, error: Exception) -> NoReturn:
        if "nesting depth" in str(getattr(error, "problem", "")):
            mark = getattr(error, "problem_mark", None)
            self.stop(
                mark.line + 1 if mark is not None else None, Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层")
            )
        said = unreadable(error, self.text, self.since)
        if self.lines is not None and said.behind is not None and said.line is not None:
            self.behind.append(Behind((), said.line - 1, said.behind))
            raise _BehindKeyError
        self.stop(said.line or self._line_of_odd_character(), said.what, said.hint)

    def _line_of_odd_character(self) -> int | None:
        """The line of the first character that YAML does not allow; the parser does not say."""
        odd = yaml.reader.Reader.NON_PRINTABLE.search(self.text)
        return self.text.count("\n", 0, odd.start()) + 1 if odd is not None else None

    def _take(self, event: Any) -> None:
        if getattr(event, "tag", None) not in (None, "!"):
            self.faults.add(
                self._path(),
                Words(f"the tag {short(event.tag)} means nothing here", f"这里不认 YAML 标签 {short(event.tag)}"),
                hint=Words("a text that begins with ! must be quoted", "以 ! 开头的文字要加引号"),
                mark=self._here(event),
            )
        match event:
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
            case yaml.AliasEvent():
                self._alias(event)

    def _count(self, line: int, more: int = 1) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            self.stop(
                line,
                Words(f"more than {MOST_NODES:,} values once aliases are written out", f"展开别名之后超过 {MOST_NODES:,} 个值"),
            )

    def _path(self) -> Path:
        if not self.stack:
            return ()
        top = self.stack[-1]
        if isinstance(top.node, list):
            return (*top.path, str(len(top.node) + 1))
        return (*top.path, top.key) if top.key is not None else top.path

    def _here(self, event: Any) -> Mark:
        return Mark(self.file, _line(event), event.start_mark.column + 1)

    def _mark(self, path: Path, event: Any) -> None:
        if path not in self.marks:
            self.marks[path] = self._here(event)

    def _scalar(self, event: Any) -> None:
        self._count(_line(event))
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node, dict) and top.key is None:
            self._key(top, event)
            return
        value = event.value
        plain = event.style in (None, "")
        if plain and value in ("~", "null", "Null", "NULL"):
            value = ""
        if self.lines is not None and value == "" and top is not None and top.key is not None:
            self._look_behind(top, top.key, _line(event))
        several = event.start_mark.line != event.end_mark.line
        if self.lines is not None and (several or ":" in value or not value.isascii()):
            flow = top is not None and top.flow
            written = Written(plain, flow, flow and top is not None and isinstance(top.node, list))
            lines = self.lines[event.start_mark.line : event.end_mark.line + 1]
            behind = note_slip(self.faults, self._path(), value, written, lines, self._here(event))
            if behind is not None:
                self.behind.append(behind)
        self._put(value, event)

    def _key(self, top: _Container, event: Any) -> None:
        key = event.value
        if key in top.keys and key != "<<":
            first = self.marks.get((*top.path, key))
            hint = Words(f"it stands in line {first.line} already", f"第 {first.line} 行已有") if first else NOTHING
            if len(self.stack) > 1 and isinstance(self.stack[-2].node, list) and not top.flow and key == next(iter(top.node), None):
                hint = Words(f"{hint.en}; {ENTRY.en}", f"{hint.zh}；{ENTRY.zh}")
            what = Words(f"the key {short(key)!r} is written twice", f"“{short(key)}”写了两次")
            self.faults.add((*top.path, key), what, hint=hint, mark=self._here(event))
        top.keys.add(key)
        top.key = key
        if key == "<<":
            top.key_mark = self._here(event)
        else:
            self._mark((*top.path, key), event)
        if self.lines is not None and event.style in (None, "") and _BRACKET_WITHIN.search(key) is not None:
            self._look_behind(top, key, _line(event))

    def _look_behind(self, top: _Container, key: str, line: int) -> None:
        """Of a key that lacks its value: whether the value stands within it, behind a sign that was meant as a colon."""
        behind = key_in(key, (self.lines or [])[line - 1 : line])
        if behind is not None:
            self.behind.append(Behind((*top.path, behind.key), line - 1, behind))

    def _put(self, value: Node, event: Any) -> None:
        if not self.stack or isinstance(self.stack[-1].node, list):  # a value under a key has its key's place
            self._mark(self._path(), event)
        if event.anchor:
            self.anchors[event.anchor] = value
            self.anchored[event.anchor] = self._path()
        self._place(value)

    def _place(self, value: Node, alias: Mark | None = None) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.node, list):
            top.node.append(value)
        else:
            key, top.key = top.key or "", None
            if key == "<<":
                self._merge(top, value, alias)
            else:
                top.node[key] = value

    def _merge(self, top: _Container, value: Node, alias: Mark | None) -> None:
        merged = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in merged):
            self.faults.add((), Words("<< takes a mapping", "<< 之后要写键值"), mark=top.key_mark)
        top.merged.extend((part, alias) for part in merged if isinstance(part, dict))

    def _open(self, event: Any) -> None:
        line = _line(event)
        self._count(line)
        if len(self.stack) >= MOST_DEPTH:
            self.stop(line, Words(f"nested more than {MOST_DEPTH} deep", f"嵌套超过 {MOST_DEPTH} 层"))
        if self.stack and isinstance(self.stack[-1].node, dict) and self.stack[-1].key is None:
            hint = Words("{..} and [..] cannot be keys: quote the text", "花括号和方括号不能作键：给文字加引号")
            self.stop(line, Words("a key must be a text", "键必须是文字"), hint)
        path = self._path()
        self._mark(path, event)
        node: dict[str, Node] | list[Node] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Container(node, path, event.anchor, bool(event.flow_style)))

    def _close(self) -> None:
        done = self.stack.pop()
        if isinstance(done.node, dict):
            for merged, alias in done.merged:
                for key, value in merged.items():
                    if alias is not None and key not in done.node:
                        self.marks.setdefault((*done.path, key), alias._replace(of=(*alias.of, key)))
                    done.node.setdefault(key, value)
        if done.anchor:
            self.anchors[done.anchor] = done.node
            self.anchored[done.anchor] = done.path
        self._place(done.node)

    def _alias(self, event: Any) -> None:
        line = _line(event)
        if event.anchor not in self.anchors:
            self.stop(
                line,
                Words(f"*{event.anchor} stands for nothing", f"*{event.anchor} 没有对应的锚"),
                Words("a text that begins with * must be quoted", "以 * 开头的文字要加引号"),
            )
        value = self.anchors[event.anchor]
        if self.stack and isinstance(self.stack[-1].node, dict) and self.stack[-1].key is None:
            self.stop(line, Words("a key must be a text", "键必须是文字"))
        size = _size(value)
        self.aliased += size
        if self.aliased > MOST_ALIASED:
            self.stop(line, Words(f"aliases stand for more than {MOST_ALIASED:,} values", f"别名展开后超过 {MOST_ALIASED:,} 个值"))
        self._count(line, size)
        mark = self._here(event)._replace(of=self.anchored[event.anchor])
        path = self._path()
        if path[-1:] != ("<<",):
            self.marks[path] = self.marks.get(path, mark)._replace(of=mark.of)
        self._place(value, mark)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _size(node: Node) -> int:
    """How many values a tree holds, shared ones counted each time; stops counting once it is too many."""
    waiting: list[Node] = [node]
    count = 0
    while waiting and count <= MOST_NODES:
        part = waiting.pop()
        count += 1
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return count
