"""Amounts, limits, points, alarms and settings that two books write differently, entry by entry: a list to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from govservice.as_json import AsJson
from govservice.errors import Lang, Words, known_lang
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Alarm, Item, Scheme, parts_of
from govservice.rules.language.printing import written
from govservice.rules.language.values import reported

__all__ = ["Rewritten", "listed_changes"]

_KEYS: Mapping[str, Words] = {
    "value": Words("value", "取值"),
    "limit": Words("limit", "时限"),
    "due": Words("due", "到期日"),
    "starts": Words("starts", "起算"),
    "stops": Words("stops", "截止"),
    "when": Words("when", "条件"),
    "who": Words("who", "对象"),
    "points": Words("points", "分值"),
    "for": Words("for", "所计"),
    "at_most": Words("at most", "至多"),
    "at_least": Words("at least", "至少"),
    "full": Words("full", "满分"),
    "start": Words("start", "起始分"),
    "min": Words("min", "下限"),
    "max": Words("max", "上限"),
    "total": Words("total", "总分"),
    "eligible": Words("eligible", "参评条件"),
    "extension": Words("extension", "延长"),
    "alarms": Words("alarms", "告警"),
    "from": Words("from", "起"),
    "until": Words("until", "止"),
    "title": Words("title", "标题"),
    "entry": Words("entry", "条目"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Rewritten(AsJson):
    """One thing that is written differently: the entry, which of its keys, and the two texts (None: it is not there)."""

    entry: str
    key: str
    before: str | None
    after: str | None

    def text(self, lang: Lang = "en") -> str:
        """The change as a line."""
        key = _KEYS[self.key] if self.key in _KEYS else Words(self.key, self.key)
        nothing = "—"
        if known_lang(lang) == "zh":
            return f"{self.entry}：{key.zh}由 {self.before or nothing} 改为 {self.after or nothing}"
        return f"{self.entry}: {key.en}: {self.before or nothing} -> {self.after or nothing}"


def listed_changes(before: Contents, after: Contents) -> Iterator[Rewritten]:
    """Everything beside the tables of rules that is written differently."""
    mine, theirs = dict(_written(before)), dict(_written(after))
    for entry in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(entry), theirs.get(entry)
        if one is None or other is None:
            yield Rewritten(entry, "entry", None if one is None else _whole(one), None if other is None else _whole(other))
            continue
        for key in dict.fromkeys((*one, *other)):
            if one.get(key) != other.get(key):
                yield Rewritten(entry, key, one.get(key), other.get(key))


def _whole(of: Mapping[str, str | None]) -> str:
    return "; ".join(f"{key}: {text}" for key, text in of.items() if text) or "{}"


def _written(contents: Contents) -> Iterator[tuple[str, dict[str, str | None]]]:
    for id, setting in contents.settings.items():
        yield f"settings.{id}", {"value": _text(setting.value)}
    for name, value in contents.conventions.items():
        yield f"conventions.{name}", {"value": value}
    for id, measure in contents.measures.items():
        yield f"measures.{id}", {"value": written(measure.value)}
    for id, clock in contents.clocks.items():
        extension = clock.extension
        yield (
            f"clocks.{id}",
            {
                "when": _text(clock.when),
                "limit": _text(clock.limit),
                "due": _text(clock.due),
                "starts": _text(clock.starts),
                "stops": ", ".join(map(written, clock.stops)),
                "extension": None if extension is None else f"{_text(extension.limit)} × {extension.times}",
                "alarms": ", ".join(map(_alarm, clock.alarms)),
                **_dates(clock),
            },
        )
    for id, scheme in contents.schemes.items():
        yield from _scheme(f"schemes.{id}", scheme)
    for id, notice in contents.notices.items():
        yield f"notices.{id}", {"title": notice.title, "when": _text(notice.when), **_dates(notice)}


def _scheme(place: str, scheme: Scheme) -> Iterator[tuple[str, dict[str, str | None]]]:
    own = {"when": scheme.when, "who": scheme.who, "eligible": scheme.eligible, "total": scheme.total}
    yield place, {"full": _text(scheme.full), "min": scheme.low, "max": scheme.high, **{key: _text(of) for key, of in own.items()}}
    for path, part in parts_of(scheme):
        yield (
            f"{place}.parts.{path}",
            {
                "full": _text(part.full),
                "start": _text(part.start),
                "min": part.low,
                "max": part.high,
                "when": _text(part.when),
                **_dates(part),
            },
        )
        for item in part.items:
            yield f"{place}.parts.{path}.items.{item.id}", _item(item)
    for item in scheme.adjust:
        yield f"{place}.adjust.{item.id}", _item(item)


def _item(item: Item) -> dict[str, str | None]:
    held = {"at_most": item.at_most, "at_least": item.at_least}
    return {
        "points": written(item.points),
        "for": ", ".join(item.for_),
        "when": _text(item.when),
        **{key: _text(of) for key, of in held.items()},
        **_dates(item),
    }


def _alarm(alarm: Alarm) -> str:
    at = f"{float(alarm.at * 100):g}%" if alarm.at is not None else None
    after = f"+{_text(alarm.after)}" if alarm.after is not None else None
    before = f"-{_text(alarm.before)}" if alarm.before is not None else None
    when = f" ({written(alarm.when)})" if alarm.when is not None else ""
    return f"{alarm.signal} {at or after or before}{when}"


def _dates(entry: Any) -> dict[str, str | None]:
    return {"from": _text(entry.from_), "until": _text(entry.until)}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, Fraction, date)):
        return str(reported(value))
    return written(value) if hasattr(value, "type") else str(value)
