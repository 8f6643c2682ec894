"""What an entry of a rulebook says, in words: expressions by their labels with the exact text beneath, types, limits, periods, days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Final

from govservice.clockwork.called import kind_called, role_called, signal_called
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.book.entries import CountedPlace, Printed, parts_of
from govservice.rules.book.marks import Node, mapping, text_of
from govservice.rules.book.remedies import SAID
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Constant, Expression
from govservice.rules.language.types import type_zh
from govservice.rules.language.values import Type, Value, reported
from govservice.show.book_sentences import Sayer
from govservice.show.book_shapes import Spoken
from govservice.show.values import shown

__all__ = ["Speaker"]

_PERIODS: Final[Mapping[str, Words]] = {
    "day": Words("day", "日"), "month": Words("month", "月"), "bimonth": Words("two months", "两个月"), "quarter": Words("quarter", "季度"),
    "half": Words("half year", "半年"), "year": Words("year", "年"), "ever": Words("whenever", "不限期间"),
}  # fmt: skip
_ROLLING: Final = re.compile(r"rolling (\d+) (day|month|year)s?")
_SPANS: Final = {"day": "天", "month": "个月", "year": "年"}
_ANCHORED: Final = re.compile(r"(month|year) from (\S+)")
_PLACES: Final[Mapping[str, Words]] = {
    "serial": Words("serial number", "流水号"), "year": Words("year", "年"), "month": Words("month", "月"), "day": Words("day", "日"),
}  # fmt: skip


_PARTS: Final[Mapping[str, str]] = {"digits": "分数取到小数后几位", "mode": "分数怎么取整", "at": "分数何时取整"}


def _below(node: Node | None, step: str) -> Node | None:
    """What stands one step below: under a key, or in a list the entry of that id or number."""
    if isinstance(node, dict):
        return node.get(step)
    if isinstance(node, list):
        named = next((entry for entry in node if text_of(mapping(entry), "id") == step), None)
        return named if named is not None or not step.isdecimal() else next(iter(node[int(step) - 1 : int(step)]), None)
    return None


class Speaker:
    """Says what a book's entries say, in one language; `file` is the book as its file has it."""

    def __init__(self, contents: Contents, lang: Lang, file: Mapping[str, Node] | None = None) -> None:
        self.contents = contents
        self.lang: Lang = lang
        self.file = file or {}
        titles = {id: scheme.title for id, scheme in contents.schemes.items()}
        clocks = {id: clock.label for id, clock in contents.clocks.items()}
        parts = {f"parts.{path}": part.label for scheme in contents.schemes.values() for path, part in parts_of(scheme)}
        named = {**parts, **contents.entry_labels, **titles, **clocks, **contents.called}
        self._called = {id: label for id, label in named.items() if label}
        self._labels = cache(self._labels_of)

    def word(self, en: str, zh: str) -> str:
        """One of two words for a thing."""
        return zh if self.lang == "zh" else en

    def listed(self, parts: Iterable[str]) -> str:
        """Several, one after the other."""
        return self.word(", ", "、").join(parts)

    def named(self, id: str, label: str | None = None) -> str:
        """A thing by its label, in English by its id."""
        return (label or self._called.get(id) or id) if self.lang == "zh" else id

    def outcome(self, name: str) -> str:
        """An outcome of a decision, or the total or a part of a score, by its label."""
        return SAID.get(name, name) if self.lang == "zh" and name not in self._called else self.named(name)

    def called(self, id: str, label: str | None) -> Spoken:
        """The label of an entry, its id small beside it; the id alone where it has none."""
        return Spoken(label, id) if label and label != id else Spoken(id)

    def table(self, id: str) -> str:
        """A table, kind or scheme by its label."""
        table = self.contents.tables.get(id)
        return self.named(id, table.label if table is not None else None)

    def expression(self, of: Expression | None, about: str) -> Spoken | None:
        """An expression of rows of a table in words, its exact text beneath; None where there is none."""
        if of is None:
            return None
        exact = written(of)
        if isinstance(of, Constant):
            said = self.value(of.value, of.type)
            return Spoken(said, exact if isinstance(of.value, str) and said != of.value else "")
        if self.lang == "en":
            return Spoken(exact)
        said = Sayer(about, self._labels, self.table, lambda constant: self.value(constant.value, constant.type), self._known).say(of)
        return Spoken(said, exact if said != exact else "")

    def _known(self, column: str, text: str) -> str | None:
        """What a text is called that names a clock, a kind of event or a kind of pause."""
        if column == "clock":
            clock = self.contents.clocks.get(text)
            return clock.label if clock is not None else None
        event = self.contents.events.get(text)
        called = None if column != "kind" else event.label if event is not None else kind_called(text, self.contents)
        return called if called != text else None

    def signal(self, signal: str) -> str:
        """A signal of a clock by what it is called."""
        return signal_called(signal, self.contents) if self.lang == "zh" else signal

    def pause_kind(self, kind: str) -> str:
        """A kind of pause by what it is called."""
        return kind_called(kind, self.contents) if self.lang == "zh" else kind

    def role(self, by: str) -> str:
        """Whoever grants an extension by what the role is called."""
        return role_called(by, self.contents) if self.lang == "zh" else by

    def sentence(self, en: str, zh: str, of: Expression | None, about: str) -> Spoken | None:
        """A sentence with an expression in the place of `{}`; None where there is none."""
        said = self.expression(of, about)
        return None if said is None else Spoken(self.word(en, zh).replace("{}", said.text), said.exact)

    def value(self, value: Value, kind: Type) -> str:
        """A value as a reader writes it, a choice by its label."""
        if isinstance(value, TimeLimit):
            return value.text(self.lang)
        chosen = kind.choice(value) if isinstance(value, str) and kind.choices else None
        if chosen is not None and self.lang == "zh":
            return chosen.label
        return value if isinstance(value, str) else shown(reported(value), self.lang)

    def node(self, place: str) -> Node | None:
        """What stands at a place of the file, such as `schemes.month.parts.conduct`; None where nothing does."""
        node: Node | None = dict(self.file)
        for step in place.split("."):
            node = _below(node, step)
        return node

    def clause(self, place: str) -> str:
        """The clause that the file gives at a place; an empty text where it gives none."""
        return text_of(mapping(self.node(place)), "cite") or ""

    def behind(self, text: str, cite: str) -> str:
        """A text with the clause that it rests on behind it."""
        return text + (self.word(f" [{cite}]", f"〔{cite}〕") if cite else "")

    def type(self, kind: Type, place: str = "") -> str:
        """A type, with the values of a choice, each with its clause, and the bounds of a number; `place` is where it is declared."""
        name = self.word(kind.kind, type_zh(kind))
        bounds = [
            self.word(f"{en} {shown(reported(end), 'en')}", f"{zh} {shown(reported(end), 'zh')}")
            for en, zh, end in (("at least", "不小于", kind.low), ("at most", "不大于", kind.high))
            if end is not None
        ]
        if kind.choices:
            values = mapping(mapping(self.node(place)).get("values"))
            choices = self.listed(
                self.behind(
                    choice.label
                    if choice.label == choice.name
                    else self.word(f"{choice.name} {choice.label}", f"{choice.label} {choice.name}"),
                    text_of(mapping(values.get(choice.name)), "cite") or "",
                )
                for choice in kind.choices
            )
            bounds.append(choices)
        if kind.none:
            bounds.append(self.word(f"none: {self.listed(kind.none)}", f"表示“无”的写法：{self.listed(kind.none)}"))
        return self.word(": ", "：").join((name, self.word("; ", "；").join(bounds))) if bounds else name

    def period(self, period: str) -> str:
        """A kind of period.

        >>> from govservice import load_rulebook
        >>> speaker = Speaker(load_rulebook("standard").contents, "zh")
        >>> speaker.period("month"), speaker.period("rolling 12 months"), speaker.period("month from 26")
        ('月', '前推 12 个月', '月，自 26 日起')
        """
        if period in _PERIODS:
            return _PERIODS[period].text(self.lang)
        if (rolling := _ROLLING.fullmatch(period)) and self.lang == "zh":
            return f"前推 {rolling[1]} {_SPANS[rolling[2]]}"
        if (anchored := _ANCHORED.fullmatch(period)) and self.lang == "zh":
            return f"{_PERIODS[anchored[1]].zh}，自 {anchored[2]} 日起" if anchored[1] == "month" else f"年，自 {anchored[2]} 起"
        return period

    def days(self, first: date | None, last: date | None) -> str | None:
        """From and until which day something is in force; None where it is always."""
        if first is None and last is None:
            return None
        en = " ".join(f"{word} {day}" for word, day in (("from", first), ("until", last)) if day is not None)
        zh = "".join(f"{word}{day}" for word, day in (("自 ", first), ("至 ", last)) if day is not None)
        return self.word(f"in force {en}", f"{zh.replace('至', ' 至')} 施行".strip())

    def conventions(self, stated: Mapping[str, str], place: str) -> str | None:
        """What the entry at a place states for itself of the conventions, each with its clause."""
        if not stated:
            return None
        node, said = mapping(self.node(place)), []
        for name, value in stated.items():
            whole = name.partition(".")[0]
            cite = text_of(mapping(node.get(whole)), "cite") or ""
            said.append(self.behind(f"{self.settled(name)}{self.word(': ', '：')}{self.stated(name, value)}", cite))
        return self.word("here ", "此处约定：") + self.word(", ", "；").join(said)

    def settled(self, name: str) -> str:
        """What a convention, or a part of one, settles: in Chinese in words, in English its name."""
        whole, _, part = name.partition(".")
        if self.lang == "en" or whole not in BY_NAME:
            return name
        return _PARTS.get(part) or BY_NAME[whole].settles.zh

    def stated(self, name: str, value: str) -> str:
        """A value of a convention, or of a part of one: in Chinese what it means, the value itself in brackets."""
        whole, _, part = name.partition(".")
        meant = BY_NAME[whole].means(value, part) if whole in BY_NAME else None
        return f"{meant}（{value}）" if meant is not None and self.lang == "zh" else value

    def printed(self, text: Printed, about: str) -> Spoken:
        """A text with places to fill."""
        said, exact = [], []
        for piece in text.pieces:
            match piece:
                case str():
                    said.append(piece)
                    exact.append(piece)
                case CountedPlace(what, digits):
                    said.append(f"〔{_PLACES[what].text(self.lang)}〕" if what in _PLACES else f"〔{what}〕")
                    exact.append(f"{{{what}:{digits}}}" if digits > 1 else f"{{{what}}}")
                case _:
                    filled = self.expression(piece, about)
                    said.append(f"〔{filled.text if filled is not None else ''}〕")
                    exact.append(f"{{{written(piece)}}}")
        one, other = "".join(said), "".join(exact)
        return Spoken(one, other if other != one else "")

    def _labels_of(self, about: str) -> Mapping[str, str]:
        contents = self.contents
        seen = {name: contents.column(about, name) for name in self._called}
        return {name: (column.label or label) if (column := seen[name]) is not None else label for name, label in self._called.items()}
