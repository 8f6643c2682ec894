"""What the readers of a mapping file's sections share: texts, mappings of known keys, and every fault with its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from govservice.echo import shown
from govservice.errors import Words, did_you_mean
from govservice.rules.book.marks import Faults, Marks, Node, Path

__all__ = ["TreeReader", "one_of"]


class TreeReader:
    """Reads parts of a tree by their paths, and notes what is wrong."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.faults = Faults(marks)

    def text(self, at: Path, entry: Mapping[str, Node]) -> str | None:
        """The text under the last name of a path; None where nothing stands there, or no text."""
        if at[-1] not in entry:
            return None
        text = entry[at[-1]]
        if isinstance(text, str) and text.strip():
            return text.strip()
        self.faults.add(at, Words(f"{at[-1]} takes a text", f"{at[-1]} 应为文字"))
        return None

    def texts(self, at: Path, node: Node) -> tuple[str, ...]:
        """One text, or a list of them."""
        listed = node if isinstance(node, list) else [node]
        if listed and all(isinstance(text, str) and text.strip() for text in listed):
            return tuple(str(text).strip() for text in listed)
        self.faults.add(at, Words(f"{at[-1]} takes a text, or a list of them", f"{at[-1]} 写一项文字，或者文字的列表"))
        return ()

    def mapping(self, at: Path, node: Node, keys: tuple[str, ...] | None = None) -> dict[str, Node]:
        """What stands under known keys, or under any."""
        if not isinstance(node, dict):
            listed = ", ".join(keys or ()) or ".."
            self.faults.add(
                at, Words("names and values are wanted here", "这里要写名称和值"), hint=Words(f"write {listed}", f"可写：{listed}")
            )
            return {}
        for key in node if keys is not None else ():
            if key not in (keys or ()):
                self.faults.add((*at, key), Words(f"unknown key {shown(key)}", f"没有“{key}”这个键"), hint=one_of(key, keys or ()))
        return {key: value for key, value in node.items() if keys is None or key in keys}

    def line(self, at: Path) -> int | None:
        """Where something stands."""
        mark = self.marks.get(at)
        return mark.line if mark else None

    def file(self, at: Path, entry: Mapping[str, Node]) -> str | None:
        """The name of a file in the folder of records."""
        name = self.text(at, entry)
        if name is not None and (PurePath(name).name != name or "\\" in name or "\0" in name):
            self.faults.add(
                at,
                Words(f"{shown(name)} leads out of the folder of records", f"“{name}”不在记录文件夹内"),
                hint=Words("write the name of a file in the folder", "请写文件夹内的文件名"),
            )
        return name

    def delimiter(self, at: Path, entry: Mapping[str, Node]) -> str:
        """What parts the cells of a line."""
        given = entry.get("delimiter", ",")
        named = {"tab": "\t", "\\t": "\t"}.get(given, given) if isinstance(given, str) else ""
        if not isinstance(named, str) or len(named) != 1 or named in '"\r\n\0':
            self.faults.add(at, Words("a delimiter is one character", "分隔符为一个字符"), hint=Words("tab for tabs", "制表符写 tab"))
            return ","
        return named


def one_of(name: str, known: tuple[str, ...]) -> Words:
    """The hint that lists what is known, or the one that was meant.

    >>> one_of("x", ("file", "skip")).en
    'one of: file, skip'
    """
    return did_you_mean(name, known, Words(f"one of: {', '.join(known)}", f"可用：{'、'.join(known)}"))
