"""What two books write differently, entry by entry and key by key: a list to read. Every key of every entry is told but what is there for
its readers alone (labels, clauses, examples).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeAlias

from govservice.as_json import AsJson
from govservice.errors import Lang, Words, known_lang
from govservice.frozen import Frozen, freeze
from govservice.rules.book.contents import Contents
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.book.entries import Alarm, CountedPlace, Field, Item, Measure, Notice, Pausing, Printed, Rule
from govservice.rules.language.labelled import in_labels, named_in
from govservice.rules.language.printing import written
from govservice.rules.language.values import Type, reported
from govservice.rules.proofs.rebuilding import is_expression

__all__ = ["KEYS", "Rewritten", "Written", "changes_between", "entries_written"]

Written: TypeAlias = Mapping[str, str | None]
"""An entry by its keys: each as text; None where it is not there."""

KEYS: Final[Mapping[str, Words]] = {
    name: Words(name.replace("_", " "), zh)
    for name, zh in {
        "value": "取值", "type": "类型", "values": "可选值", "none": "表示“无”的写法", "default": "缺省值", "step": "最小变动",
        "of": "所属",
        "dated_by": "日期列", "stands_for": "所指", "lasts": "起止日", "verified": "须经核实", "assessed": "有认定分值", "limit": "时限",
        "due": "到期日", "starts": "起算", "stops": "截止", "backward": "倒算", "pauses": "暂停", "hours": "办公时间", "when": "条件",
        "who": "对象", "points": "分值", "for": "所计", "by": "依据", "each": "合并依据", "at_most": "至多", "at_least": "至少",
        "full": "满分",
        "start": "起始分", "min": "下限", "max": "上限", "total": "总分", "eligible": "参评条件", "unit": "单位", "scores": "计分对象",
        "period": "期间", "rank": "排名", "within": "分组", "ties": "并列", "extension": "延长", "times": "次数", "asked": "申请期限",
        "alarms": "告警", "from": "起", "until": "止", "title": "标题", "entry": "条目", "about": "关于", "hit": "取用方式",
        "rules": "规则",
        "otherwise": "其余", "outcomes": "结论", "then": "结论", "quota": "名额", "share": "比例", "rounding": "取整", "places": "名额数",
        "copies": "份数与送达", "states": "载明事项", "shows": "列示事项", "heading": "抬头", "number": "编号", "rows": "所列记录",
        "columns": "栏目", "lines": "行数", "says": "告知语句", "signed": "签署", "seal": "印章", "items": "计分项", "adjust": "加减分",
        "signal": "信号", "at": "比例", "before": "提前", "after": "过后", "kind": "种类", "to": "到", "text": "文字", "label": "名称",
        "conventions": "约定", "order": "次序", "what": "所填", "digits": "位数",
    }.items()
}  # fmt: skip
"""What the keys of entries are called."""
ORDER: Final = "order"  # of entries that stand in a list

_FOR_READERS: Final = frozenset(("cite", "also", "examples", "labels", "when_text", "reads"))  # of whatever entry
_PRINTED: Final = (Field, Notice)  # of these a label or title is printed for the applicant
_AS_WRITTEN: Final = (Rule, Item, Measure)  # of these the text of an expression, as its author wrote it
_NAMED: Final = {"from_": "from", "for_": "for", "low": "min", "high": "max"}
_OF_PAUSES: Final = {"starts": "from", "ends": "to"}
_ASIDE: Final = frozenset(("id", "places"))
_NO: Final = "no"


_ABOUT: Final = ("decisions", "schemes", "clocks", "measures", "notices")
_LIMIT: Final = re.compile(r'limit\("([^"]*)"\)')


@dataclass(frozen=True, slots=True, repr=False)
class Rewritten(AsJson):
    """One thing that is written differently: the entry, which of its keys, and the two texts (None: it is not there); `labels` are the
    Chinese names of what the texts name.
    """

    entry: str
    key: str
    before: str | None
    after: str | None
    labels: Mapping[str, str] = field(default_factory=Frozen, compare=False)

    def __post_init__(self) -> None:
        freeze(self)

    def called(self, *books: Contents) -> Rewritten:
        """The same with the labels that its texts need."""
        section, _, id = self.entry.partition(".")
        id = id.partition(".")[0]
        named = {name for text in (self.before, self.after) if text is not None for name in named_in(text)}
        found: dict[str, str] = {}
        for book in books:
            entry = getattr(book, section).get(id) if section in _ABOUT else None
            known = book.labels_about(getattr(entry, "about", id))
            found |= {name: known[name] for name in named if name in known}
        return replace(self, labels=found)

    def _in_chinese(self, text: str | None) -> str:
        """One of the texts by labels; a convention by what it means."""
        if text is None:
            return "—"
        section, _, name = self.entry.partition(".")
        name, _, part = (self.key if self.key.partition(".")[0] in BY_NAME else name).partition(".")
        means = BY_NAME[name].means(text, part) if name in BY_NAME and (section == "conventions" or name == self.key) else None
        return f"{means}（{text}）" if means is not None else in_labels(_LIMIT.sub(r"\1", text), self.labels)

    def text(self, lang: Lang = "en") -> str:
        """The change as a line."""
        nothing = "—"
        key = _key(self.key)
        if known_lang(lang) == "zh":
            return f"{self.entry}：{key.zh}由 {self._in_chinese(self.before)} 改为 {self._in_chinese(self.after)}"
        return f"{self.entry}: {key.en}: {self.before or nothing} -> {self.after or nothing}"


def _key(key: str) -> Words:
    """What a key is called; of one within another (`extension.by`) both."""
    if key in BY_NAME:
        return Words(key, f"约定 {key} ")
    said = [KEYS.get(part, Words(part, f" {part} ")) for part in key.split(".")]
    return Words(" ".join(part.en for part in said), "·".join(part.zh for part in said).replace("· ", " "))


def changes_between(mine: Mapping[str, Written], theirs: Mapping[str, Written]) -> Iterator[Rewritten]:
    """What is written differently in two books, both as `entries_written` has them."""
    for entry in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(entry), theirs.get(entry)
        if one is None or other is None:
            yield Rewritten(entry, "entry", None if one is None else _whole(one), None if other is None else _whole(other))
            continue
        for key in dict.fromkeys((*one, *other)):
            if one.get(key) != other.get(key) and not (key.startswith(ORDER) and _others(one.get(key), other.get(key))):
                yield Rewritten(entry, key, one.get(key), other.get(key))


def _others(one: str | None, other: str | None) -> bool:
    """Whether not the order alone differs: what is new or gone is told as an entry."""
    return sorted((one or "").split(", ")) != sorted((other or "").split(", "))


def _whole(of: Written) -> str:
    return "; ".join(f"{key}: {text}" for key, text in of.items() if text and text != _NO and not key.startswith(ORDER)) or "{}"


def entries_written(contents: Contents) -> dict[str, Written]:
    """Every entry of a book, by where it stands (`clocks.reply`, `schemes.month.parts.conduct.items.late`), with all its keys."""
    found: dict[str, Written] = {}
    for section in (
        "settings",
        "conventions",
        "hours",
        "tables",
        "events",
        "lists",
        "decisions",
        "measures",
        "clocks",
        "schemes",
        "notices",
    ):
        whole = getattr(contents, section)
        if section == "conventions":
            found |= {f"{section}.{name}": {"value": value} for name, value in whole.items()}
        elif section == "hours":
            found |= {} if whole is None else {section: {"value": _text(whole)}}
        else:
            for id, entry in whole.items():
                _add(found, f"{section}.{id}", entry)
    return found


def _add(found: dict[str, Written], place: str, entry: Any) -> None:
    """An entry, then those within it that have an id."""
    own: dict[str, str | None] = {}
    within: list[tuple[str, Any]] = []
    found[place] = own
    for name, value in _fields(entry):
        match value:
            case Mapping() if name == "conventions":
                own |= value
            case Mapping() if name == "values":
                own[name] = ", ".join(key if key == label else f"{key}: {label}" for key, label in value.items())
            case Mapping():
                inner = "" if name == "columns" else f".{name}"
                within += [(f"{place}{inner}.{id}", each) for id, each in value.items()]
            case Type():
                own |= _typed(value)
            case tuple() if name == "outcomes":
                own |= {f"outcomes.{id}": "; ".join(f"{key}: {text}" for key, text in _typed(kind).items() if text) for id, kind in value}
            case (first, *_) if hasattr(first, "id") and not is_expression(first):
                own[f"{ORDER}.{name}"] = ", ".join(each.id for each in value)
                within += [(f"{place}.{name}.{each.id}", each) for each in value]
            case _ if _is_entry(value):
                own |= {f"{name}.{key}": _text(part) for key, part in _fields(value)}
            case _:
                own[name] = _text(value)
    for where, each in within:
        _add(found, where, each)


def _fields(entry: Any) -> Iterator[tuple[str, Any]]:
    """What an entry says, by the keys of the file; what is there for its readers alone is left out."""
    kind = type(entry)
    for each in fields(entry):
        if each.init and each.compare and each.name not in _ASIDE and not _is_for_readers(kind, each.name):
            named = _OF_PAUSES if kind is Pausing else _NAMED
            yield named.get(each.name, each.name), getattr(entry, each.name)


def _is_for_readers(kind: type, name: str) -> bool:
    """Whether a key says nothing that an answer hangs on, and nothing that is printed for others."""
    if name in ("label", "title"):
        return kind not in _PRINTED
    return name in _FOR_READERS or (name == "text" and kind in _AS_WRITTEN)


def _is_entry(value: Any) -> bool:
    return type(value).__module__ == Alarm.__module__ and not isinstance(value, (Printed, CountedPlace))


def _typed(kind: Type) -> dict[str, str | None]:
    """A type by the keys of a column."""
    values = (" ".join([one.name, *(str(each) for each in (one.canonical, one.code) if each is not None)]) for one in kind.choices)
    return {
        "type": kind.kind,
        "values": ", ".join(values) or None,
        "none": ", ".join(kind.none) or None,
        "min": _text(kind.low),
        "max": _text(kind.high),
    }


def _text(value: Any) -> str | None:
    """A value, an expression or a small entry as text; None where there is none."""
    match value:
        case None | () | "":
            return None
        case bool():
            return "yes" if value else _NO
        case str():
            return value
        case Alarm():
            return _alarm(value)
        case Printed():
            return "".join(each if isinstance(each, str) else "{" + (_text(each) or "") + "}" for each in value.pieces)
        case CountedPlace():
            return f"{value.what}:{value.digits}"
        case Type():
            return "; ".join(f"{key}: {text}" for key, text in _typed(value).items() if text)
        case Mapping():
            return ", ".join(f"{key}: {_text(each)}" for key, each in value.items()) or None
        case (str(name), worth) if is_expression(worth):
            return f"{name}: {written(worth)}"
        case tuple():
            return ", ".join(filter(None, map(_text, value)))
    if is_expression(value):
        return written(value)
    return _small(value) if _is_entry(value) else str(reported(value))


def _small(entry: Any) -> str:
    """An entry within another, on one line: what it is, and in brackets all else that it says."""
    said = [(key, text) for key, part in _fields(entry) if (text := _text(part)) is not None and text != _NO]
    if not said:
        return "{}"
    (_, first), *rest = said
    return first if not rest else f"{first} ({'; '.join(f'{key}: {text}' for key, text in rest)})"


def _alarm(alarm: Alarm) -> str:
    at = f"{_text(alarm.at * 100)}%" if alarm.at is not None else None
    after = f"+{_text(alarm.after)}" if alarm.after is not None else None
    before = f"-{_text(alarm.before)}" if alarm.before is not None else None
    asked = [written(alarm.when)] if alarm.when is not None else []
    asked += [f"{key}: {day}" for key, day in (("from", alarm.from_), ("until", alarm.until)) if day is not None]
    said = f"{alarm.signal} {at or after or before}"
    return f"{said} ({'; '.join(asked)})" if asked else said
