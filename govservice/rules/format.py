"""The shape of a rulebook file: the published JSON Schema is the one description, and this walks a file along it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, Final

from govservice.errors import Words
from govservice.rules.marks import Faults, Node, Path

__all__ = ["check_shape", "schema"]

_KINDS: Final = {"object": ("a mapping", "键值"), "array": ("a list", "列表"), "scalar": ("one value", "单个值")}


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of the file format, for editors; every scalar may be written as text.

    >>> schema()["title"]
    'govservice rulebook'
    """
    found: Mapping[str, Any] = json.loads(files("govservice.rules").joinpath("rulebook.schema.json").read_text(encoding="utf-8"))
    return found


def check_shape(tree: Node, faults: Faults, *, partial: bool = False) -> None:
    """Note every unknown or missing key, every value of the wrong kind or outside its list; a `partial` file may leave out keys."""
    before = len(faults.found)
    _walk(tree, schema(), (), faults)
    if partial:
        faults.found[before:] = [one for one in faults.found[before:] if not one.what.en.startswith("the key ")]


def _resolved(shape: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in shape:
        shape = schema()["$defs"][shape["$ref"].rsplit("/", 1)[1]]
    return shape


def _kind(node: Node) -> str:
    return "object" if isinstance(node, dict) else "array" if isinstance(node, list) else "scalar"


def _fits(node: Node, shape: Mapping[str, Any]) -> bool:
    """Whether a shape is of the node's kind (a mapping, a list, one value)."""
    shape = _resolved(shape)
    if "anyOf" in shape:
        return any(_fits(node, one) for one in shape["anyOf"])
    declared = shape.get("type", "scalar" if "enum" in shape else None)
    return declared is None or (_kind(node) == declared if declared in ("object", "array") else _kind(node) == "scalar")


def _walk(node: Node, shape: Mapping[str, Any], path: Path, faults: Faults) -> None:
    shape = _resolved(shape)
    if "anyOf" in shape:
        fitting = [one for one in shape["anyOf"] if _fits(node, one)]
        if not fitting:
            _wrong_kind(node, shape["anyOf"], path, faults)
        elif len(fitting) == 1:
            _walk(node, fitting[0], path, faults)
        elif isinstance(node, dict):
            _walk(node, _nearest(node, fitting), path, faults)
        return
    if not _fits(node, shape):
        _wrong_kind(node, [shape], path, faults)
    elif isinstance(node, dict):
        _mapping(node, shape, path, faults)
    elif isinstance(node, list):
        if len(node) < shape.get("minItems", 0):
            faults.add(path, Words("an empty list", "列表是空的"))
        for index, one in enumerate(node):
            _walk(one, shape.get("items", {}), (*path, str(index)), faults)
    else:
        _scalar(node, shape, path, faults)


def _nearest(node: dict[str, Node], shapes: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of several mappings, the one whose own key is written."""
    return next((one for one in shapes if set(_resolved(one).get("required", ())) & set(node)), shapes[-1])


def _mapping(node: dict[str, Node], shape: Mapping[str, Any], path: Path, faults: Faults) -> None:
    known, extra = shape.get("properties", {}), shape.get("additionalProperties", True)
    ids = _resolved(shape["propertyNames"]) if "propertyNames" in shape else None
    for key, value in node.items():
        here = (*path, key)
        if ids is not None and not re.fullmatch(ids["pattern"], key):
            faults.add(
                here,
                Words(f"{key!r} cannot be a name", f"“{key}”不能作名字"),
                hint=Words(ids["description"], "名字用字母、数字和下划线，不以数字开头"),
            )
        if key in known:
            _walk(value, known[key], here, faults)
        elif extra is False:
            _unknown_key(key, list(known), here, node, faults)
        elif isinstance(extra, dict):
            _walk(value, extra, here, faults)
    for key in shape.get("required", ()):
        if key not in node:
            faults.add(path, Words(f"the key {key!r} is missing", f"缺少“{key}”"))


def _unknown_key(key: str, known: list[str], path: Path, node: dict[str, Node], faults: Faults) -> None:
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    if near:
        hint = Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
    elif node[key] == "" or re.search(r"[()<>=]|\s", key):
        hint = Words("a comma inside {..} split the line: quote the expression", "花括号里的逗号把它断开了：请给表达式加引号")
    else:
        hint = Words(f"known keys: {', '.join(known)}", f"可用的键：{'、'.join(known)}")
    faults.add(path, Words(f"unknown key {key!r}", f"没有“{key}”这个键"), hint=hint)


def _wrong_kind(node: Node, shapes: list[Mapping[str, Any]], path: Path, faults: Faults) -> None:
    wanted: list[tuple[str, str]] = []
    for shape in shapes:
        declared = _resolved(shape).get("type", "scalar")
        named = _KINDS[declared if declared in ("object", "array") else "scalar"]
        if named not in wanted:
            wanted.append(named)
    is_ = _KINDS[_kind(node)]
    faults.add(
        path,
        Words(
            f"{' or '.join(one[0] for one in wanted)} must stand here, this is {is_[0]}",
            f"这里要写{'或'.join(one[1] for one in wanted)}，而这是{is_[1]}",
        ),
    )


def _scalar(node: str, shape: Mapping[str, Any], path: Path, faults: Faults) -> None:
    if node == "" and "enum" not in shape:
        faults.add(
            path,
            Words("a key with no value", "键后面没有值"),
            hint=Words(
                "write its value, or leave the key out; a comma inside {..} must be quoted", "写上值，或删去这个键；花括号里的逗号要加引号"
            ),
        )
        return
    if "enum" in shape:
        options = list(dict.fromkeys(_text(one) for one in shape["enum"]))
        if node not in options:
            near = get_close_matches(node, options, n=1, cutoff=0.6)
            hint = (
                Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
                if near
                else Words(f"one of: {', '.join(options)}", f"可选：{'、'.join(options)}")
            )
            faults.add(path, Words(f"{node!r} cannot stand here", f"这里不能写“{node}”"), hint=hint)
    elif "pattern" in shape and not re.fullmatch(shape["pattern"].strip("^$"), node):
        faults.add(
            path,
            Words(
                f"{node!r} is not {shape.get('description', 'of the right form')}", f"“{node}”的写法不对：{shape.get('description', '')}"
            ),
        )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
