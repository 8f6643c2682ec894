"""Files of test cases: the examples of a book's decisions and schemes, kept beside the book."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Final

from govservice.echo import shown
from govservice.errors import NOTHING, Fault, RulebookError, Words, did_you_mean
from govservice.rules.book.files import read_text
from govservice.rules.book.marks import Faults, Marks, Node, Path, mapping
from govservice.rules.book.merging import by_id
from govservice.rules.book.yamltree import read_marked

__all__ = ["with_examples_of"]

SECTIONS: Final = ("decisions", "schemes")
_FORM: Final = Words(
    "tests: <the book's id>, then decisions: and schemes:, each with a list of examples",
    "先写 tests: <规则册编号>，再写 decisions:、schemes:，各列出例子",
)


def with_examples_of(path: FilePath, id: str, tree: dict[str, Node], marks: Marks) -> tuple[dict[str, Node], Marks, Faults]:
    """A book's tree with the examples of a file in place of its own, the marks of both, and the faults of the file's own shape.

    Raises RulebookError where the file cannot be read, or is no file of tests of this book.
    """
    raw, faults = read_marked(read_text(path, path.name), path.name)
    if not isinstance(raw, dict) or "tests" not in raw:
        raise _fault(path, Words("this is no file of tests", "这不是测试文件"), _FORM)
    if raw["tests"] != id:
        what = Words(f"these are tests of {shown(raw['tests'])}, not of {id}", f"这是 {shown(raw['tests'])} 的测试，不是 {id} 的")
        raise _fault(path, what, Words(f"write tests: {id}", f"写 tests: {id}"), faults.marks.get(("tests",)))
    faults.marks = {_within(place): mark for place, mark in faults.marks.items()}
    own = by_id({section: dict(_of_section(section, raw, tree, faults)) for section in SECTIONS if section in raw}, faults)
    for key in raw:
        if key not in ("tests", *SECTIONS):
            faults.add((key,), Words(f"unknown key {shown(key)}", f"不认识的键 {shown(key)}"), hint=did_you_mean(key, SECTIONS, _FORM))
    merged = dict(tree)
    for section in SECTIONS:
        entries: dict[str, Node] = {}
        for name, node in mapping(tree.get(section)).items():
            bare: Node = {key: value for key, value in node.items() if key != "examples"} if isinstance(node, dict) else node
            examples = mapping(mapping(own.get(section)).get(name))
            entries[name] = {**bare, **examples} if isinstance(bare, dict) else bare
        merged |= {section: entries} if section in tree else {}
    kept = {place: mark for place, mark in marks.items() if not (len(place) > 2 and place[2] == "examples")}
    return merged, kept | faults.marks, faults


def _of_section(section: str, raw: dict[str, Node], tree: dict[str, Node], faults: Faults) -> Iterator[tuple[str, Node]]:
    known = mapping(tree.get(section))
    for name, examples in mapping(raw[section]).items():
        if name not in known:
            what = Words(f"the book has no {section}.{name}", f"规则册里没有 {section}.{name}")
            faults.add(
                (section, name), what, hint=did_you_mean(name, known, Words(f"one of: {', '.join(known)}", f"有：{'、'.join(known)}"))
            )
        yield name, {"examples": examples}


def _within(place: Path) -> Path:
    return (*place[:2], "examples", *place[2:]) if len(place) > 2 and place[0] in SECTIONS else place


def _fault(path: FilePath, what: Words, hint: Words, mark: object = None) -> RulebookError:
    line = getattr(mark, "line", 1)
    return RulebookError([Fault(what, NOTHING, hint, file=path.name, line=line)])
