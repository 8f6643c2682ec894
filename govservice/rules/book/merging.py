"""A book's tree by id: lists of rules, items and alarms keyed, places changed, amendments merged over entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from govservice.errors import DecisionError, Words, did_you_mean
from govservice.rules.book.format import check_shape
from govservice.rules.book.marks import Faults, Marks, Node, Path, mapping, short, text_of
from govservice.rules.book.writing import as_written

__all__ = ["REMOVE", "SECTIONS", "Removal", "amended", "as_file", "by_id", "layered", "replaced", "reshaped", "taken_out"]

SECTIONS: Final = ("settings", "tables", "events", "lists", "decisions", "measures", "schemes", "clocks", "notices")
_HEADS: Final = (*SECTIONS, "conventions", "sources")  # mappings that an amendment may begin


class Removal(Enum):
    """What stands for "take this entry out" where a value is amended."""

    REMOVE = "REMOVE"

    def __repr__(self) -> str:
        return self.name


REMOVE: Final = Removal.REMOVE
"""Stands in `amend` for what shall go: `book.amend({"decisions.case_type.rules.urgent": REMOVE})`."""
_ENTRY_LISTS: Final = (
    ("decisions", "rules"),
    ("decisions", "examples"),
    ("schemes", "adjust"),
    ("schemes", "examples"),
    ("clocks", "alarms"),
)


def _is_entry_list(path: Path) -> bool:
    if len(path) == 3:
        return (path[0], path[2]) in _ENTRY_LISTS
    return len(path) > 3 and _is_part(path[:-1]) and path[-1] == "items"


def _is_part(path: Path) -> bool:
    """Whether a part of a scheme, or of a part, stands there."""
    return len(path) >= 4 and path[0] == "schemes" and len(path) % 2 == 0 and all(step == "parts" for step in path[2::2])


def _may_hold_lists(path: Path) -> bool:
    return len(path) < 3 or (path[0] == "schemes" and path[2] == "parts" and (_is_part(path) or path[-1] == "parts"))


def by_id(tree: dict[str, Node], faults: Faults) -> dict[str, Node]:
    """The tree with every list of rules, items and alarms as a mapping by id (by number where none is written); faults and marks follow.

    The values of a choice that a list names are a mapping too, each its own label.
    """
    names: dict[Path, str] = {}
    tree_by_id = mapping(_by_id(_with_named_values(tree, faults, names), (), faults, names))
    faults.rename(names)
    return tree_by_id


_TYPES_STAND_AT: Final = (("settings", "*"), ("tables", "*", "*"), ("events", "*", "has", "*"), ("decisions", "*", "outcomes", "*"))


def _with_named_values(tree: Node, faults: Faults, names: dict[Path, str]) -> Node:
    """The tree with the values of every choice as a mapping, those that a list names each to itself."""
    for steps in _TYPES_STAND_AT:
        tree = _named_below(tree, steps, (), faults, names)
    return tree


def _named_below(node: Node, steps: tuple[str, ...], path: Path, faults: Faults, names: dict[Path, str]) -> Node:
    """The node with the values of every choice that is declared `steps` below it by name."""
    if not isinstance(node, dict):
        return node
    if steps:
        step, *rest = steps
        below = {key: _named_below(node[key], tuple(rest), (*path, key), faults, names) for key in node if step in ("*", key)}
        return node | below
    listed = node.get("values")
    return node | {"values": _by_name(listed, (*path, "values"), faults, names)} if isinstance(listed, list) else node


def _by_name(listed: list[Node], path: Path, faults: Faults, names: dict[Path, str]) -> Node:
    values: dict[str, Node] = {}
    for number, value in enumerate(listed, 1):
        place = (*path, str(number))
        if not isinstance(value, str):
            continue  # what is wrong with it has been said
        if value in values:
            faults.add(place, Words(f"the value {short(value)!r} is given twice", f"值“{short(value)}”写了两次"))
            continue
        names[place] = value
        values[value] = value
    return values


def _by_id(node: Node, path: Path, faults: Faults, names: dict[Path, str]) -> Node:
    if isinstance(node, dict):
        deeper = _may_hold_lists(path) and (not path or path[0] in ("decisions", "schemes", "clocks"))
        return {key: _by_id(value, (*path, key), faults, names) for key, value in node.items()} if deeper else node
    if not isinstance(node, list) or not _is_entry_list(path):
        return node
    entries: dict[str, Node] = {}
    for number, entry in enumerate(node, 1):
        place = (*path, str(number))
        written = text_of(mapping(entry), _id_key(path))
        id = written or str(number)
        if id in entries:
            if path[-1] == "alarms":  # one signal may be raised at several points
                id = f"{id}-{number}"
            else:
                what = Words(f"the id {short(id)!r} is used twice", f"编号“{short(id)}”用了两次")
                faults.add((*path, id), what, mark=faults.marks.get(place))
                id = f"{id}#{number}"
        names[place] = id
        entries[id] = entry
    return entries


def _in_order(tree: dict[str, Node]) -> dict[str, Node]:
    """A tree that was changed, as `by_id` has it; what is wrong with it is said later."""
    unsaid = Faults({})
    return mapping(_by_id(_with_named_values(tree, unsaid, {}), (), unsaid, {}))


def _id_key(path: Path) -> str:
    return "signal" if path[-1] == "alarms" else "id"  # an alarm is named by its signal


def as_file(tree: Mapping[str, Node]) -> dict[str, Node]:
    """The tree as a file would have it: mappings by id are lists again, their entries naming themselves."""
    return {key: _with_lists(value, (key,)) for key, value in tree.items()}


def _with_lists(node: Node, path: Path) -> Node:
    if not isinstance(node, dict):
        return node
    if _is_entry_list(path):
        return [_with_id(entry, id, _id_key(path), number) for number, (id, entry) in enumerate(node.items(), 1)]
    return {key: _with_lists(value, (*path, key)) for key, value in node.items()} if _may_hold_lists(path) else node


def _with_id(entry: Node, id: str, id_key: str, number: int) -> Node:
    return {id_key: id, **entry} if isinstance(entry, dict) and id_key not in entry and id != str(number) else entry


def reshaped(tree: Mapping[str, Node], marks: Marks) -> tuple[dict[str, Node], Faults]:
    """A tree that was amended, in order again, with the faults of its shape."""
    faults = Faults({})
    written = as_file(tree)
    check_shape(written, faults)
    tree_by_id = by_id(written, faults)
    faults.marks = marks
    return tree_by_id, faults


def layered(base: Node, over: Node, path: Path = ()) -> Node:
    """`over` merged upon `base`, deep, by id."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return _revised(base, over, path)
    merged = dict(base)
    for key, value in over.items():
        merged[key] = layered(base[key], value, (*path, key)) if key in base else value
    return merged


def amended(tree: dict[str, Node], path: str, value: object) -> dict[str, Node]:
    """The tree with one place changed, lists given as a file writes them.

    The path goes through ids, and all of it but its last step must exist; a whole new entry of a section is a mapping. A whole section
    is merged entry by entry, as an amending file is; one that is not there yet is begun. `REMOVE` takes out what stands at the path.
    """
    if value is REMOVE:
        return taken_out(tree, path)
    changed = _with_value(tree, path.split("."), as_written(value), path, ())
    return _in_order(changed)


def taken_out(tree: dict[str, Node], path: str) -> dict[str, Node]:
    """The tree without what stands at a path. Raises DecisionError for a path that leads nowhere."""
    return _without(tree, path.split("."), path)


def _without(node: dict[str, Node], steps: list[str], whole: str) -> dict[str, Node]:
    key, *rest = steps
    below = node.get(key)
    if below is None or (rest and not isinstance(below, dict)):
        raise _no_such_path(node, key, whole)
    if not rest:
        return {name: value for name, value in node.items() if name != key}
    return node | {key: _without(mapping(below), rest, whole)}


def _with_value(node: dict[str, Node], steps: list[str], value: Node, whole: str, done: Path) -> dict[str, Node]:
    key, *rest = steps
    if rest or key not in node:
        key, rest = _through_parts(node, key, rest, done)
    place = (*done, key)
    below = node.get(key)
    if rest:
        if below is None and len(place) == 1 and key in _HEADS:
            below = {}
        if not isinstance(below, dict):
            raise _no_such_path(node, key, whole)
        return node | {key: _with_value(below, rest, value, whole, place)}
    if not key or (below is None and len(place) == 2 and place[0] in SECTIONS and not isinstance(value, dict)):
        raise _no_such_path(node, key, whole)
    if len(place) == 1 and key in SECTIONS and isinstance(below, dict) and isinstance(value, dict):
        return node | {key: layered(below, _in_order({key: value})[key], place)}
    return node | {key: value if isinstance(value, dict) else _revised(below, value, place)}


def _through_parts(node: dict[str, Node], key: str, rest: list[str], done: Path) -> tuple[str, list[str]]:
    """A part within a part may be named as expressions name it: `parts.conduct.attendance`."""
    if _is_part(done) and key not in node and key in mapping(node.get("parts")):
        return "parts", [key, *rest]
    return key, rest


def _revised(below: Node | None, value: Node, path: Path) -> Node:
    """What stands at a path once it is amended: a measure's bare expression keeps its label and clause, its keys keep a bare expression."""
    if len(path) == 2 and path[0] == "measures":
        if isinstance(below, dict) and isinstance(value, str):
            return below | {"value": value}
        if isinstance(below, str) and isinstance(value, dict):
            return {"value": below} | value
    return replaced(below, value, path)


def replaced(below: Node | None, value: Node, path: Path) -> Node:
    """What stands at a path once a value is put there: a setting's bare value gives the setting."""
    if len(path) == 2 and path[0] == "settings" and isinstance(below, dict) and isinstance(value, (str, list)):
        return below | {"value": value}
    return value


def _no_such_path(node: Mapping[str, Node], key: str, whole: str) -> DecisionError:
    there = list(node)[:12]
    listed = Words(f"there is: {', '.join(there)}", f"这里有：{'、'.join(there)}")
    return DecisionError(
        Words(f"the path {short(whole)} leads nowhere at {short(key)!r}", f"路径 {short(whole)} 在“{short(key)}”处走不通"),
        hint=did_you_mean(key, node, listed, cutoff=0.5),
        id=whole,
    )
