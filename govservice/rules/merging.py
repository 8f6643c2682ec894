"""Books upon books: lists of rules keyed by id, entries taken over by id, amendments laid over entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from govservice.errors import DecisionError, Words
from govservice.rules.marks import Faults, Marks, Node, Path

__all__ = ["amended", "as_file", "keyed", "layered", "plain", "taken_over"]

SECTIONS: Final = ("settings", "tables", "events", "decisions", "measures", "schemes", "clocks", "notices")
_LISTS: Final = (
    ("decisions", "*", "rules"),
    ("schemes", "*", "parts", "*", "items"),
    ("schemes", "*", "adjust"),
    ("clocks", "*", "alarms"),
)
_ID: Final = {"alarms": "signal"}  # an alarm is named by its signal


def _list_at(path: Path) -> bool:
    return any(len(path) == len(one) and all(want in ("*", got) for want, got in zip(one, path, strict=True)) for one in _LISTS)


def keyed(tree: dict[str, Node], faults: Faults) -> dict[str, Node]:
    """The tree with every list of rules, items and alarms as a mapping by id (by number where none is written); marks follow."""
    renamed: dict[Path, str] = {}
    found = _keyed(tree, (), faults, renamed)
    moved: Marks = {}
    for path, mark in faults.marks.items():
        new = tuple(renamed.get(path[: i + 1], part) for i, part in enumerate(path))
        moved[new] = mark
    faults.marks.clear()
    faults.marks.update(moved)
    return found if isinstance(found, dict) else {}


def _keyed(node: Node, path: Path, faults: Faults, renamed: dict[Path, str]) -> Node:
    if isinstance(node, dict):
        deeper = len(path) < 5 and (not path or path[0] in ("decisions", "schemes", "clocks"))
        return {key: _keyed(value, (*path, key), faults, renamed) for key, value in node.items()} if deeper else node
    if not isinstance(node, list) or not _list_at(path):
        return node
    found: dict[str, Node] = {}
    for index, one in enumerate(node):
        id_key = _ID.get(path[-1], "id")
        written = one.get(id_key) if isinstance(one, dict) else None
        id = written if isinstance(written, str) and written else str(index + 1)
        here = (*path, str(index))
        if "." in id:
            faults.add(
                here,
                Words(f"the id {id!r} holds a dot", f"编号“{id}”里有点号"),
                hint=Words("paths are cut at dots: use - or /", "路径以点分段：请用 - 或 /"),
            )
        if id in found:
            if id_key == "signal":  # one signal may be raised at several points
                id = f"{id}-{index + 1}"
            else:
                faults.add(here, Words(f"the id {id!r} is used twice", f"编号“{id}”用了两次"))
                id = f"{id}#{index + 1}"
        renamed[here] = id
        found[id] = one
    return found


def as_file(tree: Mapping[str, Node]) -> dict[str, Node]:
    """The tree as a file would have it: mappings by id are lists again."""
    return {key: _listed(value, (key,)) for key, value in tree.items()}


def _listed(node: Node, path: Path) -> Node:
    if not isinstance(node, dict):
        return node
    if _list_at(path):
        return list(node.values())
    return {key: _listed(value, (*path, key)) for key, value in node.items()} if len(path) < 5 else node


def taken_over(base: dict[str, Node], own: dict[str, Node]) -> dict[str, Node]:
    """`own` with what it extends below it: everything but the conventions; own entries win by id, columns one by one."""
    found: dict[str, Node] = {key: value for key, value in own.items() if key not in (*SECTIONS, "sources")}
    if "hours" in base and "hours" not in own:
        found["hours"] = base["hours"]
    for section in (*SECTIONS, "sources"):
        below, above = base.get(section), own.get(section)
        if isinstance(below, dict) and isinstance(above, dict):
            joined = dict(below)
            for id, entry in above.items():
                joined[id] = _entry_over(section, below.get(id), entry)
            found[section] = joined
        elif below is not None or above is not None:
            found[section] = above if above is not None else below or {}
    return found


def _entry_over(section: str, below: Node | None, above: Node) -> Node:
    if isinstance(below, dict) and isinstance(above, dict) and section == "tables":
        return below | above
    if isinstance(below, dict) and isinstance(above, str) and section == "settings":
        return below | {"value": above}
    return above


def layered(base: Node, over: Node, path: Path = ()) -> Node:
    """`over` laid upon `base`, deep, by id; a setting's bare value gives the setting."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        if isinstance(base, dict) and isinstance(over, str) and len(path) == 2 and path[0] == "settings":
            return base | {"value": over}
        return over
    found = dict(base)
    for key, value in over.items():
        found[key] = layered(base[key], value, (*path, key)) if key in base else value
    return found


def amended(tree: dict[str, Node], path: str, value: object) -> dict[str, Node]:
    """The tree with one place changed; the path goes through ids, and all of it but its last step must exist."""
    steps = path.split(".")
    return _set(tree, steps, plain(value), path, ())


def _set(node: dict[str, Node], steps: list[str], value: Node, whole: str, done: Path) -> dict[str, Node]:
    key, *rest = steps
    here = (*done, key)
    if rest:
        below = node.get(key)
        if not isinstance(below, dict):
            raise _no_such(node, key, whole)
        return node | {key: _set(below, rest, value, whole, here)}
    if len(here) == 2 and here[0] == "settings" and isinstance(node.get(key), dict) and isinstance(value, str):
        below = node[key]
        value = {**below, "value": value} if isinstance(below, dict) else value
    if not key:
        raise _no_such(node, key, whole)
    return node | {key: value}


def _no_such(node: Mapping[str, Node], key: str, whole: str) -> DecisionError:
    from difflib import get_close_matches

    near = get_close_matches(key, list(node), n=1, cutoff=0.5)
    hint = (
        Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
        if near
        else Words(f"there is: {', '.join(list(node)[:12])}", f"这里有：{'、'.join(list(node)[:12])}")
    )
    return DecisionError(Words(f"the path {whole} leads nowhere at {key!r}", f"路径 {whole} 在“{key}”处走不通"), hint=hint, id=whole)


def plain(value: Any) -> Node:
    """A Python value as the text that a file would hold.

    >>> plain({"when": True, "full": Decimal("1.50"), "rules": [date(2026, 1, 1)]})
    {'when': 'true', 'full': '1.50', 'rules': ['2026-01-01']}
    """
    match value:
        case bool():
            return str(value).lower()
        case str():
            return value
        case int() | float() | Decimal() | Fraction():
            return str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case _:
            if type(value).__name__ == "TimeLimit":
                return str(value)
            raise DecisionError(
                Words(f"{value!r} cannot stand in a rulebook", f"规则册里不能写 {value!r}"),
                hint=Words("a text, number, date, list or mapping", "写文字、数字、日期、列表或映射"),
            )
