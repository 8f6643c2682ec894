"""First pass, what there is: tables with their columns, event kinds, lists and settings, each from its declaration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from govservice.errors import RecordError, Words
from govservice.rules.book.entries import Column, EventKind, ListOfBook, Setting, Table
from govservice.rules.book.files import standard_labels
from govservice.rules.book.marks import Faults, Node, Path, mapping, short, text_of, too_many
from govservice.rules.book.remedies import id_of_label, meant_by_label
from govservice.rules.language.calls import TWO_DAYS
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.spelling import LANGUAGE, folded
from govservice.rules.language.types import type_en, type_zh
from govservice.rules.language.values import Choice, Kind, Number, Type, Value

__all__ = ["MOST_CHOICES", "build_column", "build_event_kind", "build_list", "build_setting", "build_table"]

MOST_CHOICES: Final = 2_000  # values of one: each text beside it is held against all of them
_AS_TEXT = Words("a column of so many values is a text", "取值这么多的列写作 text")
DECLARE_TABLE: Final = Words("declare it under `tables:`", "在 tables 里声明它")
_NO_COLUMN = frozenset({"of", "dated_by", "lasts", "stands_for", "label", "cite"})


def build_table(id: str, node: dict[str, Node], tables: Mapping[str, Node], faults: Faults) -> Table:
    """A table with its columns; `tables` are those of the book, for what its rows belong to."""
    of = node.get("of", [])
    belongs = tuple(owner if isinstance(owner, str) else "" for owner in (of if isinstance(of, list) else [of]))
    columns = {key: build_column(key, value, ("tables", id, key), faults) for key, value in node.items() if key not in _NO_COLUMN}
    labels = {other: text_of(mapping(entry), "label") or "" for other, entry in tables.items()}
    for owner in belongs:
        if owner and owner not in tables:
            hint = meant_by_label(owner, labels, DECLARE_TABLE)
            faults.add(("tables", id, "of"), Words(f'no table "{owner}"', f"没有“{owner}”这个表"), hint=hint)
    belongs = tuple(id_of_label(owner, labels) or owner for owner in belongs)
    dated = text_of(node, "dated_by")
    if dated is not None and (dated not in columns or columns[dated].type.kind not in ("date", "moment", "any")):
        hint = meant_by_label(dated, _days_among(columns))
        faults.add(("tables", id, "dated_by"), Words(f'"{dated}" is no date column of {id}', f"“{dated}”不是 {id} 的日期列"), hint=hint)
    lasts = _lasting(id, node, columns, faults)
    _check_labels(columns, ("tables", id), faults)
    columns = _also_known(columns, standard_labels().get(id, {}))
    return Table(
        id,
        columns,
        belongs,
        lasts[0] if dated is None and lasts is not None else dated,
        text_of(node, "label"),
        text_of(node, "stands_for"),
        lasts,
    )


def _lasting(id: str, node: Mapping[str, Node], columns: Mapping[str, Column], faults: Faults) -> tuple[str, str] | None:
    """The columns of the first and the last day of a table's rows."""
    if "lasts" not in node:
        return None
    given = node["lasts"]
    days = [day for day in given if isinstance(day, str)] if isinstance(given, list) else []
    if len(days) != 2:
        faults.add(("tables", id, "lasts"), TWO_DAYS)
        return None
    for day in days:
        if day not in columns or columns[day].type.kind not in ("date", "moment", "any"):
            what = Words(f'"{day}" is no date column of {id}', f"“{day}”不是 {id} 的日期列")
            work_out = Words("an item or an aggregate may work its days out", "算出来的日子写在计分项或统计的 lasts 里")
            hint = meant_by_label(day, _days_among(columns), work_out)
            faults.add(("tables", id, "lasts"), what, hint=hint)
    return days[0], days[1]


def _days_among(columns: Mapping[str, Column]) -> dict[str, str]:
    """The columns of days, each with its label."""
    return {id: column.label or "" for id, column in columns.items() if column.type.kind in ("date", "moment")}


def _also_known(columns: Mapping[str, Column], standard: Mapping[str, str]) -> dict[str, Column]:
    """The columns with the standard labels that the book has replaced, where no other column goes by them: records may still use them."""
    taken = {folded(name) for column in columns.values() for name in (column.id, column.label) if name}
    also = {id: label for id, label in standard.items() if folded(label) not in taken}
    return {id: replace(column, also=also[id]) if id in also else column for id, column in columns.items()}


def _check_labels(columns: Mapping[str, Column], path: Path, faults: Faults) -> None:
    """A label stands for one column, and is no other column's name."""
    seen = {folded(id): id for id in columns}
    for id, column in columns.items():
        if column.label and (owner := seen.setdefault(folded(column.label), id)) != id:
            label = short(column.label)
            if owner == folded(column.label):
                what = Words(f"the label {label} is another fact's name", f"标签“{label}”是另一个事实的名字")
            else:
                what = Words(f"the label {label} is {owner}'s already", f"标签“{label}”已用于 {owner}")
            hint = Words(
                f"choose another label, or use {owner} where that is meant", f"请另取一个标签；若说的就是 {owner}，不必另外声明，直接用它"
            )
            faults.add((*path, id), what, hint=hint)


def build_column(id: str, node: Node, path: Path, faults: Faults) -> Column:
    """A column from its declaration, a type's name or a mapping."""
    if id in LANGUAGE:
        faults.add(path, Words(f'"{id}" is a word of the language', f"“{id}”是本语言的词"), hint=Words("name it otherwise", "请另起名字"))
    if isinstance(node, str):
        return Column(id, _type(node, {}, path, faults))
    entry = mapping(node)
    kind = _read_as_said(_type(text_of(entry, "type") or "any", entry, path, faults), entry, path, faults)
    default = _literal(entry["default"], kind, (*path, "default"), faults) if "default" in entry else None
    return Column(id, kind, text_of(entry, "label"), default, text_of(entry, "cite"), step=_step(entry, kind, path, faults))


def _step(entry: Mapping[str, Node], kind: Type, path: Path, faults: Faults) -> Number | None:
    """The least by which a decimal changes."""
    if "step" in entry and kind.kind not in ("decimal", "any"):
        faults.add((*path, "step"), Words(f"{type_en(kind.kind)} has no step", f"{type_zh(kind)}没有 step"))
        return None
    step = _bound(entry, "step", kind, path, faults)
    if step is not None and step <= 0:
        faults.add((*path, "step"), Words("the step is not above 0", "step 要大于 0"))
    return step


def _read_as_said(kind: Type, entry: Mapping[str, Node], path: Path, faults: Faults) -> Type:
    """A type with what the column says of how it is read: the words for none, the bounds of a number."""
    low, high = (_bound(entry, key, kind, path, faults) for key in ("min", "max"))
    if low is not None and high is not None and low > high:
        faults.add((*path, "max"), Words("the greatest is below the least", "max 小于 min"))
        low = high = None
    words = entry.get("none", [])
    said = tuple(word.strip() for word in (words if isinstance(words, list) else [words]) if isinstance(word, str))
    for word in said:
        if kind.kind not in ("text", "list", "any") and _reads(word, kind):
            what = Words(f"{short(word)} is a value of the column already", f"“{short(word)}”本来就是这一列的值")
            faults.add((*path, "none"), what, hint=Words("a word that says there is none", "写表示“没有”的词"))
    return replace(kind, none=said, low=low, high=high)


def _bound(entry: Mapping[str, Node], key: str, kind: Type, path: Path, faults: Faults) -> Number | None:
    text = text_of(entry, key)
    if text is None:
        return None
    if not kind.is_number:
        if kind.kind != "any":
            faults.add((*path, key), Words(f"{type_en(kind.kind)} has no {key}", f"{type_zh(kind)}没有 {key}"))
        return None
    bound = _literal(text, kind, (*path, key), faults)
    return cast("Number | None", bound)


def _reads(word: str, kind: Type) -> bool:
    try:
        read_fact("none", word, kind)
    except RecordError:
        return False
    return True


def _type(kind: str, entry: Mapping[str, Node], path: Path, faults: Faults) -> Type:
    kinds: dict[str, Kind] = {
        name: name for name in ("boolean", "integer", "decimal", "text", "choice", "list", "date", "moment", "time", "limit")
    }
    values = mapping(entry.get("values"))
    choices = tuple(_choice(name, value) for name, value in values.items())
    if kind == "choice" and not choices:
        faults.add(
            path,
            Words("a choice without values", "选项没有可选值"),
            hint=Words("values: {name: 标签, ..}", "写作 values: {名称: 标签, ..}"),
        )
    if kind != "choice" and kind in kinds and choices:
        faults.add(
            path,
            Words(f"{type_en(kind)} has no values", f"{type_zh(Type(kinds[kind]))}没有可选值"),
            hint=Words("type: choice", "写作 type: choice"),
        )
    if len(choices) > MOST_CHOICES:
        choices = choices[:MOST_CHOICES]
        faults.add((*path, "values"), too_many(MOST_CHOICES, Words("values of a choice", "可选值")), hint=_AS_TEXT)
    labels = Counter(choice.label for choice in choices)
    for label in [label for label, count in labels.items() if count > 1]:
        faults.add((*path, "values"), Words(f"the label {label} stands for two values", f"标签“{label}”对应两个值"))
    return Type(kinds.get(kind, "any"), choices)


def _choice(name: str, node: Node) -> Choice:
    if isinstance(node, str):
        return Choice(name, node)
    entry = mapping(node)
    code = text_of(entry, "code")
    return Choice(name, text_of(entry, "label") or name, text_of(entry, "canonical"), int(code) if code and code.isdecimal() else None)


def _literal(node: Node, kind: Type, path: Path, faults: Faults) -> Value | None:
    """The value under a key of what is declared, the key the last step of its path; None where there is none, or it cannot be read."""
    if absent(node):
        return None
    try:
        return read_fact(path[-2], node, kind)
    except RecordError as error:
        faults.add(path, error.what, why=error.why, hint=error.hint)
        return None


def build_event_kind(id: str, node: dict[str, Node], faults: Faults) -> EventKind:
    """A kind of event with the facts of its own."""
    has = {key: build_column(key, value, ("events", id, "has", key), faults) for key, value in mapping(node.get("has")).items()}
    verified, assessed = (key in node and text_of(node, key) != "false" for key in ("verified", "assessed"))  # any other value was told
    return EventKind(id, has, text_of(node, "label"), verified, assessed, text_of(node, "cite"))


def build_list(id: str, node: dict[str, Node], faults: Faults) -> ListOfBook:
    """A list that is written out: its values alone, or each with its label."""
    given = node.get("values", [])
    written = list(given.items()) if isinstance(given, dict) else [(value, value) for value in given if isinstance(value, str)]
    values: dict[str, str] = {}
    for number, (value, label) in enumerate(written, 1):
        place = ("lists", id, "values", value if isinstance(given, dict) else str(number))
        if value.strip() in values:
            faults.add(place, Words(f"{short(value)} stands here twice", f"“{short(value)}”写了两次"))
        values[value.strip()] = text_of(mapping(label), "label") or value if isinstance(label, dict) else str(label)
    return ListOfBook(id, values, text_of(node, "label"), text_of(node, "cite"))


def build_setting(id: str, node: Node, faults: Faults) -> Setting | None:
    """A setting; None where a bare value stands under a name that no book declares."""
    path = ("settings", id)
    if isinstance(node, (str, list)):
        faults.add(
            path,
            Words(f'"{id}" is declared nowhere', f"没有声明过“{id}”"),
            hint=Words("{type: .., label: ..} declares a setting", "先写 {type: .., label: ..} 声明它"),
        )
        return None
    entry = mapping(node)
    kind = _type(text_of(entry, "type") or "any", entry, path, faults)
    given = "value" if "value" in entry else "default"
    value = _literal(entry[given], kind, (*path, given), faults) if given in entry else None
    return Setting(id, kind, value, text_of(entry, "label"), text_of(entry, "cite"))
