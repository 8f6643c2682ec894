"""What of a rulebook can be tried, and which facts a form must ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from govservice.clockwork.whose import CASES
from govservice.errors import Lang
from govservice.nothing import NONE
from govservice.rules.book.contents import Contents
from govservice.rules.book.reading_rules import read_by
from govservice.rules.language.types import type_zh
from govservice.rules.language.values import Type
from govservice.rules.rulebook import Rulebook

__all__ = [
    "ALL_CLOCKS",
    "FIRST",
    "AskedFact",
    "clock_fields",
    "clock_names",
    "decision_names",
    "fields_of",
    "flags",
    "pause_kinds",
    "row_tables",
]

FIRST: Final = "case_type"
ALL_CLOCKS: Final = ""


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact that a form asks for: its `id` and `label`, its type, and for a choice or a flag the `options` by what is shown.

    The options of a choice or flag begin with unknown (None); those of a choice, and of a flag whose column has a word for it, end with
    none (`NONE`).
    """

    id: str
    label: str
    type: Type
    options: Mapping[str, Any] | None

    @property
    def may_be_none(self) -> bool:
        """Whether the form must ask beside the value whether there is none: where it is written and not chosen."""
        return self.options is None

    def hint(self, lang: Lang) -> str:
        """What a value looks like, for an empty field."""
        shown = _LOOKS.get(self.type.kind)
        if shown is not None:
            return shown
        return type_zh(self.type) if lang == "zh" else self.type.kind


_LOOKS: Final = {
    "integer": "2", "decimal": "0.5", "date": "2026-03-02", "moment": "2026-03-02 14:30", "time": "08:30",
    "limit": "5个工作日", "list": "甲、乙",
}  # fmt: skip
_UNKNOWN: Final[Mapping[Lang, str]] = {"zh": "未知", "en": "unknown"}
_NONE: Final[Mapping[Lang, str]] = {"zh": "无（没有）", "en": "none (there is none)"}
_FLAGS: Final[Mapping[Lang, Mapping[str, bool]]] = {"zh": {"是": True, "否": False}, "en": {"yes": True, "no": False}}


def flags(lang: Lang) -> dict[str, bool | None]:
    """Unknown, yes and no, by what is shown.

    >>> flags("zh")
    {'未知': None, '是': True, '否': False}
    """
    return {_UNKNOWN[lang]: None, **_FLAGS[lang]}


def row_tables(contents: Contents) -> frozenset[str]:
    """The tables whose rows a form can describe: those of the book that no scheme makes."""
    return frozenset(contents.tables) - frozenset(contents.schemes)


def decision_names(book: Rulebook, lang: Lang) -> dict[str, str]:
    """The decisions that facts alone can settle, id by what is shown: the case type first, then in the book's order.

    One that reads no facts counts records or is about a score: no form can ask for these.

    >>> from govservice import load_rulebook
    >>> list(decision_names(load_rulebook("kunshan"), "zh").items())[:2]
    [('办件分类', 'case_type'), ('材料齐全', 'materials_complete')]
    """
    contents = book.contents
    tables = row_tables(contents)
    ids = [id for id, decision in contents.decisions.items() if decision.about in tables and fields_of(book, id, lang)]
    names: dict[str, str] = {}
    for id in sorted(ids, key=lambda id: id != FIRST):
        label = contents.decisions[id].label
        name = f"{id} {label}" if lang == "en" and label else label or id
        names[name if name not in names else f"{name} ({id})"] = id
    return names


def clock_names(book: Rulebook, lang: Lang) -> dict[str, str]:
    """The clocks that run on cases, id by what is shown; `ALL_CLOCKS` first, which is all of them. Empty where there are none."""
    clocks = {id: clock for id, clock in book.contents.clocks.items() if clock.about in book.contents.chains[CASES]}
    if not clocks:
        return {}
    names = {("全部时限" if lang == "zh" else "all clocks"): ALL_CLOCKS}
    for id, clock in clocks.items():
        name = f"{id} {clock.label}" if lang == "en" and clock.label else clock.label or id
        names[name if name not in names else f"{name} ({id})"] = id
    return names


def pause_kinds(book: Rulebook, lang: Lang) -> dict[str, str]:
    """The kinds of pause that stop a clock of the book, id by what is shown."""
    column = book.contents.column("pauses", "kind")
    kinds = dict.fromkeys(kind for clock in book.contents.clocks.values() for kind in clock.pause_kinds)
    chosen = {kind: column.type.choice(kind) if column is not None else None for kind in kinds}
    return {(choice.label if choice is not None and lang == "zh" else kind): kind for kind, choice in chosen.items()}


def fields_of(book: Rulebook, decision: str, lang: Lang) -> tuple[AskedFact, ...]:
    """The facts that a decision reads, those read by the decisions and clocks it uses too, in the order in which they are first read.

    >>> from govservice import load_rulebook
    >>> [(field.label, field.options) for field in fields_of(load_rulebook("kunshan"), "complaint_answer", "zh")]
    [('投诉形式', {'未知': None, '口头': 'verbal', '电话': 'telephone', '书面': 'written', '无（没有）': NONE})]
    """
    contents = book.contents
    facts = read_by(contents, [decision]).facts
    clocks = dict.fromkeys(name.partition(".")[0] for name in facts if "." in name)
    if clocks:
        facts |= read_by(contents, [decision, *clocks]).facts
    return _fields(contents, contents.decisions[decision].about, facts, lang)


def clock_fields(book: Rulebook, clock: str, lang: Lang) -> tuple[AskedFact, ...]:
    """The facts that one clock reads, or with `ALL_CLOCKS` all that run on cases."""
    ids = [clock] if clock != ALL_CLOCKS else [id for id in clock_names(book, lang).values() if id != ALL_CLOCKS]
    return _fields(book.contents, CASES, read_by(book.contents, ids).facts, lang)


def _fields(contents: Contents, about: str, facts: Mapping[str, Type], lang: Lang) -> tuple[AskedFact, ...]:
    made = []
    for id in facts:
        column = contents.column(about, id)
        if "." in id or column is None:
            continue
        label = f"{id} {column.label}" if lang == "en" and column.label else column.label or id
        made.append(AskedFact(id, label, column.type, _options(column.type, lang)))
    return tuple(made)


def _options(kind: Type, lang: Lang) -> dict[str, Any] | None:
    if kind.kind == "boolean":
        flags: dict[str, Any] = {_UNKNOWN[lang]: None, **_FLAGS[lang]}
        return flags | ({_NONE[lang]: NONE} if kind.none else {})
    if kind.kind != "choice":
        return None
    shown = {choice.label if lang == "zh" else f"{choice.name} {choice.label}": choice.name for choice in kind.choices}
    return {_UNKNOWN[lang]: None, **shown, _NONE[lang]: NONE}
