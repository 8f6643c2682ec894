"""The shape of a rulebook file: the published JSON Schema is the one description, and this walks a file along it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from govservice.echo import shown
from govservice.errors import Words, closest, did_you_mean
from govservice.reading.slips import slip_in_key
from govservice.rules.book.conventions import complete_schema
from govservice.rules.book.marks import Faults, Node, Path, short
from govservice.rules.book.slips import odd_sign
from govservice.rules.language.spelling import folded

__all__ = ["check_shape", "schema"]

_KINDS: Final = {"object": ("a mapping", "键值"), "array": ("a list", "列表"), "scalar": ("one value", "单个值")}

_ANSWERS: Final = frozenset({"是", "否", "有", "无", "对", "错", "真", "假", "yes", "no", "true", "false", "on", "off", "y", "n", "1", "0"})
_KINDS_ELSEWHERE: Final = {  # what a type is called by other languages and databases, and in Chinese
    "datetime": "moment", "date-time": "moment", "date_time": "moment", "timestamp": "moment", "日期时间": "moment", "时刻": "moment",
    "时间": "moment", "bool": "boolean", "logical": "boolean", "是否": "boolean", "布尔": "boolean",
    "int": "integer", "bigint": "integer", "long": "integer", "整数": "integer",
    "float": "decimal", "double": "decimal", "number": "decimal", "numeric": "decimal", "money": "decimal", "数": "decimal",
    "数字": "decimal", "小数": "decimal", "金额": "decimal",
    "string": "text", "str": "text", "varchar": "text", "char": "text", "文字": "text", "文本": "text", "字符串": "text",
    "enum": "choice", "select": "choice", "option": "choice", "category": "choice", "选项": "choice", "枚举": "choice",
    "array": "list", "set": "list", "列表": "list", "day": "date", "日期": "date", "clock": "time", "钟点": "time",
    "duration": "limit", "interval": "limit", "period": "limit", "时限": "limit", "期限": "limit",
}  # fmt: skip
_TRUTH: Final = Words("write true or false", "是写作 true，否写作 false")
_YES: Final = Words("write yes or no", "是写作 yes，否写作 no")


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of the file format, for editors; every scalar may be written as text.

    >>> schema()["title"]
    'govservice rulebook'
    """
    return complete_schema(json.loads(files("govservice.rules.book").joinpath("rulebook.schema.json").read_text(encoding="utf-8")))


def check_shape(tree: Node, faults: Faults, *, partial: bool = False) -> None:
    """Note every unknown or missing key, every value of the wrong kind or outside its list; a `partial` file may leave out keys."""
    _Walk(faults, partial).walk(tree, schema(), ())


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
        return any(_fits(node, option) for option in shape["anyOf"])
    declared = shape.get("type", "scalar" if "enum" in shape else None)
    return declared is None or (_kind(node) == declared if declared in ("object", "array") else _kind(node) == "scalar")


def _nearest(node: dict[str, Node], shapes: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Of several mappings, the one whose own key is written."""
    return next((option for option in shapes if set(_resolved(option).get("required", ())) & set(node)), shapes[-1])


class _Walk:
    """One walk over a file beside the schema."""

    def __init__(self, faults: Faults, partial: bool) -> None:
        self.faults = faults
        self.partial = partial
        self.noted = {noted.path for noted in faults.noted}

    def walk(self, node: Node, shape: Mapping[str, Any], path: Path) -> None:
        """Compare one part of the file with the shape that belongs there."""
        shape = _resolved(shape)
        if "anyOf" in shape:
            fitting = [option for option in shape["anyOf"] if _fits(node, option)]
            if not fitting:
                self._wrong_kind(node, shape["anyOf"], path)
            elif len(fitting) == 1:
                self.walk(node, fitting[0], path)
            elif isinstance(node, dict):
                self.walk(node, _nearest(node, fitting), path)
        elif not _fits(node, shape):
            self._wrong_kind(node, [shape], path)
        elif isinstance(node, dict):
            self._mapping(node, shape, path)
        elif isinstance(node, list):
            self._list(node, shape, path)
        else:
            self._scalar(node, shape, path)

    def _list(self, node: list[Node], shape: Mapping[str, Any], path: Path) -> None:
        if len(node) < shape.get("minItems", 0):
            self.faults.add(path, Words("an empty list", "列表是空的"))
        for number, element in enumerate(node, 1):
            self.walk(element, shape.get("items", {}), (*path, str(number)))

    def _mapping(self, node: dict[str, Node], shape: Mapping[str, Any], path: Path) -> None:
        known, extra = shape.get("properties", {}), shape.get("additionalProperties", True)
        ids = _resolved(shape["propertyNames"]) if "propertyNames" in shape else None
        folds: dict[str, str] = {}
        for key, value in node.items():
            place = (*path, key)
            if (hint := slip_in_key(key)) is not None:
                self.faults.add(place, odd_sign(key), hint=hint)
                continue
            if (other := folds.setdefault(folded(key), key)) != key:
                what = Words(
                    f"{short(key)!r} and {short(other)!r} differ in width alone", f"“{short(key)}”与“{short(other)}”只有全角半角之别"
                )
                self.faults.add(place, what)
            if ids is not None and not re.fullmatch(ids["pattern"], key):
                what = Words(f"{short(key)!r} cannot be a name", f"“{short(key)}”不能作名字")
                self.faults.add(place, what, hint=_described(ids))
            if key in known:
                self.walk(value, known[key], place)
            elif extra is False:
                self._unknown_key(key, list(known), place, node)
            elif isinstance(extra, dict):
                self.walk(value, extra, place)
        if extra is False and node and not any(key in known for key in node):
            return  # it is another kind of thing, which is said
        for key in (*shape.get("required", ()), *shape.get("else", {}).get("required", ())):  # `else`: of a file that does not amend
            if key not in node and not self.partial and not any(_stands_for(other, key, known) for other in node):
                self.faults.add(path, Words(f"the key {shown(key)} is missing", f"缺少“{key}”"))

    def _unknown_key(self, key: str, known: list[str], path: Path, node: dict[str, Node]) -> None:
        if node[key] == "" or re.search(r"[()<>=]|\s", key):
            otherwise = Words("a comma inside {..} split the line: quote the expression", "花括号里的逗号把它断开了：请给表达式加引号")
        else:
            otherwise = Words(f"known keys: {', '.join(known)}", f"可用的键：{'、'.join(known)}")
        what = Words(f"unknown key {short(key)!r}", f"没有“{short(key)}”这个键")
        self.faults.add(path, what, hint=did_you_mean(key, known, otherwise))

    def _wrong_kind(self, node: Node, shapes: list[Mapping[str, Any]], path: Path) -> None:
        if path in self.noted:
            return  # what is wrong with it has been said
        wanted: list[tuple[str, str]] = []
        for shape in shapes:
            declared = _resolved(shape).get("type", "scalar")
            named = _KINDS[declared if declared in ("object", "array") else "scalar"]
            if named not in wanted:
                wanted.append(named)
        is_ = _KINDS[_kind(node)]
        what = Words(
            f"{' or '.join(words[0] for words in wanted)} must stand here, this is {is_[0]}",
            f"这里要写{'或'.join(words[1] for words in wanted)}，而这是{is_[1]}",
        )
        self.faults.add(path, what, hint=_written_so(node, _KINDS["scalar"] in wanted, _KINDS["array"] in wanted))

    def _scalar(self, node: str, shape: Mapping[str, Any], path: Path) -> None:
        if path in self.noted:
            return  # what is wrong with it has been said
        if node == "" and ("type" in shape or "enum" in shape):
            hint = Words(
                "write its value, or leave the key out; a comma inside {..} must be quoted", "写上值，或删去这个键；花括号里的逗号要加引号"
            )
            self.faults.add(path, Words("a key with no value", "键后面没有值"), hint=hint)
        elif "enum" in shape:
            options = list(dict.fromkeys(_text(option) for option in shape["enum"]))
            if node not in options:
                listed = Words(f"one of: {', '.join(options)}", f"可选：{'、'.join(options)}")
                what = Words(f"{short(node)!r} cannot stand here", f"这里不能写“{short(node)}”")
                gone = shape.get("x-gone", {}).get(node)
                asked = _YES if "yes" in options else _TRUTH if "true" in options else None
                said = asked if asked and node.lower() in _ANSWERS else did_you_mean(node, options, listed)
                kind = _KINDS_ELSEWHERE.get(node.lower()) if "moment" in options else None
                said = Words(f"write {kind}", f"写作 {kind}") if kind in options else said
                hint = Words(gone["en"], gone["zh"]) if gone else said
                self.faults.add(path, what, hint=hint)
        elif "pattern" in shape and not re.fullmatch(shape["pattern"].strip("^$"), node):
            wanted = _described(shape)
            self.faults.add(path, Words(f"{short(node)!r} is not {wanted.en}", f"“{short(node)}”不是{wanted.zh}"))


def _stands_for(written: str, key: str, known: Mapping[str, Any]) -> bool:
    """Whether a key that is none was meant as this one, which then is not missing beside it."""
    slipped = slip_in_key(written) is not None and written.startswith(key)
    return slipped or (written not in known and closest(written, list(known)) == key)


def _written_so(node: Node, scalar: bool, listed: bool) -> Words:
    """How what belongs there is written, for one who wrote something of another shape."""
    match node:
        case [str(only)] if scalar:
            return Words(f"write it without brackets: {short(only)}", f"不加方括号，写作 {short(only)}")
        case _ if scalar:
            return Words("write one value, without keys or brackets", "只写一个值，不加键和括号")
        case str(text) if listed and re.fullmatch(r"[\w.-]+", text):
            return Words(f"write it in brackets: [{short(text)}]", f"加上方括号，写作 [{short(text)}]")
        case _ if listed:
            return Words("write [a, b], or an entry a line, each behind `- `", "写作 [甲, 乙]，或一项一行，各以 - 加空格开头")
    return Words("write {key: value}, or a key a line", "写作 {键: 值}，或一个键一行")


def _described(shape: Mapping[str, Any]) -> Words:
    """What a pattern stands for."""
    return Words(shape["description"], shape["x-description-zh"])


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
