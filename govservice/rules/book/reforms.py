"""A reform: a few places of a rulebook with what shall stand there, from a day on; in Python, or as a small file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from govservice.errors import Fault, RecordError, RulebookError, Words, did_you_mean
from govservice.reading import read_date
from govservice.rules.book.files import read_text
from govservice.rules.book.marks import Node
from govservice.rules.book.yamltree import read_tree

__all__ = ["Reform", "is_reform", "read_reform"]

_KEYS: Final = ("reform", "from", "cite", "changes")
_HINT: Final = Words("a reform has: reform (its title), from, cite, changes", "改革文件可以写：reform（名称）、from、cite、changes")


@dataclass(frozen=True)
class Reform:
    """What a reform changes: by path, as `Rulebook.amend` takes them; a setting by its name (`settings.NAME`).

    `from_` is the first day on which it holds (None: as if it had always held), `cite` the document that brings it.

    >>> Reform({"clocks.promised.limit": "promised_limit * 2 / 3"}, title="时限缩短三分之一").from_ is None
    True
    """

    changes: Mapping[str, object]
    title: str | None = None
    from_: date | None = None
    cite: str | None = None
    file: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", MappingProxyType(dict(self.changes)))


def is_reform(source: object) -> bool:
    """Whether a path leads to a reform's file, not to a rulebook: it has `changes`, and neither `rulebook` nor `amends`."""
    if not isinstance(source, (str, Path)) or not str(source).endswith((".yaml", ".yml")):
        return False
    try:
        tree = read_tree(read_text(Path(source), Path(source).name), Path(source).name)[0]
    except RulebookError:
        return False  # what is wrong with it is said by whoever reads it
    return isinstance(tree, dict) and ("changes" in tree or "reform" in tree) and not {"rulebook", "amends", "extends"} & tree.keys()


def read_reform(path: str | Path) -> Reform:
    """A reform from its file. Raises RulebookError with every fault of the file; whether its paths lead anywhere a book says.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "reform.yaml"
    ...     _ = file.write_text("reform: 时限缩短\\nfrom: 2026-01-01\\nchanges: {clocks.promised.limit: promised_limit * 2 / 3}", "utf-8")
    ...     read_reform(file).from_
    datetime.date(2026, 1, 1)
    """
    name = Path(path).name
    tree, marks = read_tree(read_text(Path(path), name), name)

    def fault(key: str, what: Words, hint: Words = _HINT) -> Fault:
        mark = marks.get((key,))
        return Fault(what, hint=hint, file=name, line=mark.line if mark is not None else 1)

    faults: list[Fault] = []
    if not isinstance(tree, dict):
        raise RulebookError([fault("", Words("a reform is a mapping", "改革文件应是键值"))])
    for key in tree:
        if key not in _KEYS:
            faults.append(fault(key, Words(f'no key "{key}" in a reform', f"改革文件没有“{key}”这一项"), did_you_mean(key, _KEYS, _HINT)))
    changes = tree.get("changes")
    if not isinstance(changes, dict) or not changes:
        faults.append(
            fault("changes", Words("a reform says under changes: what shall stand where", "改革文件要在 changes: 下写明改哪里、改成什么"))
        )
    day: date | None = None
    if "from" in tree:
        try:
            day = read_date(tree["from"])
        except RecordError as error:
            faults.append(fault("from", error.what, Words("write 2026-01-01", "请写成 2026-01-01")))
    for key in ("reform", "cite"):
        if not isinstance(tree.get(key, ""), str):
            faults.append(fault(key, Words(f'"{key}" is a text', f"“{key}”应是文字")))
    if faults:
        raise RulebookError(faults)
    assert isinstance(changes, dict)
    return Reform(changes, _text(tree.get("reform")), day, _text(tree.get("cite")), name)


def _text(node: Node | None) -> str | None:
    return node if isinstance(node, str) else None
