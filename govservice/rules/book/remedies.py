"""What a name is that stands where a fact was meant, and how it is written there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from govservice.errors import NOTHING, Words, closest, did_you_mean
from govservice.rules.language.spelling import folded

if TYPE_CHECKING:
    from govservice.rules.book.sight import Declared

__all__ = [
    "SAID",
    "SAID_OF_CLOCKS",
    "SAID_OF_SPANS",
    "SAID_SPANS",
    "built_in",
    "id_of_label",
    "it_has",
    "label_meant",
    "labels_of",
    "meant_by_label",
    "remedy_of_dotted",
    "remedy_of_name",
    "remedy_of_score",
]

SAID: Final[Mapping[str, str]] = {
    "as_of": "今天", "total": "总分", "rank": "名次", "ranked": "参加排名数", "eligible": "参加排名", "nth": "第几次", "kind": "种类",
}  # fmt: skip
"""What the facts that no book declares are called where a book is shown."""

SAID_OF_CLOCKS: Final[Mapping[str, str]] = {
    "due": "的到期日", "started_on": "的起算日", "stopped_on": "的停止日", "used": "已用", "left": "剩余", "overdue": "已超期",
    "overdue_by": "超出",
}  # fmt: skip
SAID_SPANS: Final[Mapping[str, str]] = {"period": "本期", "served": "任职", "in_period": "落在本期的"}
SAID_OF_SPANS: Final[Mapping[str, str]] = {"start": "首日", "end": "末日", "days": "天数", "workdays": "工作日数"}
_ALSO_SAID: Final[Mapping[str, str]] = {
    "今日": "as_of", "当天日期": "as_of", "当前日期": "as_of", "现在": "as_of", "today": "as_of",
    "得分": "total", "总得分": "total", "分数": "total", "合计": "total", "排名": "rank", "参评": "eligible", "次数": "nth",
}  # fmt: skip
_BUILT_IN: Final[Mapping[str, str]] = {**{said: id for id, said in SAID.items()}, **_ALSO_SAID}


def meant_by_label(name: str, labels: Mapping[str, str], otherwise: Words = NOTHING) -> Words:
    """Of a label that stands where an id is wanted: the id; else the id most like it. `labels` are those that there are, by id.

    >>> meant_by_label("窗口", {"window": "窗口"}).zh, meant_by_label("windows", {"window": "窗口"}).en
    ('“窗口”是 window 的标签：写作 window', 'did you mean "window"?')
    """
    return label_meant(name, labels) or did_you_mean(name, labels, otherwise)


def label_meant(name: object, labels: Mapping[str, str]) -> Words | None:
    """The id that goes by a label, as a hint; None where none does."""
    id = id_of_label(name, labels)
    return Words(f"{name} is the label of {id}: write {id}", f"“{name}”是 {id} 的标签：写作 {id}") if id is not None else None


def it_has(entries: Mapping[str, object]) -> Words:
    """What a caller may name of several entries, as a hint; in Chinese each by its label, its id in brackets."""
    named = (f"{label}（{id}）" if label and label != id else id for id, label in labels_of(entries).items())
    return Words(f"it has: {', '.join(entries) or '-'}", f"它有：{'、'.join(named) or '-'}")


def labels_of(entries: Mapping[str, object]) -> dict[str, str]:
    """What each of several entries is called: by its label, a scheme or a notice by its title."""
    return {id: getattr(entry, "label", None) or getattr(entry, "title", None) or "" for id, entry in entries.items()}


def id_of_label(name: object, labels: Mapping[str, str]) -> str | None:
    """The id that goes by a label; None where none does, or the name is an id itself.

    >>> id_of_label("窗口", {"window": "窗口"}), id_of_label("window", {"window": "窗口"})
    ('window', None)
    """
    if not isinstance(name, str) or not name or name in labels:
        return None
    return next((id for id, label in labels.items() if label and folded(label) == folded(name)), None)


def built_in(name: str) -> str | None:
    """The fact that no book declares and is called so in Chinese.

    >>> built_in("总分"), built_in("面积")
    ('total', None)
    """
    return _BUILT_IN.get(name)


def remedy_of_score(declared: Declared, id: str) -> Words | None:
    """For a fact of a score where none is in sight."""
    scheme = next(iter(declared.scheme_subjects), None)
    if scheme is None:
        return None
    return Words(
        f"{id} is a fact of a score: say about: a scheme, such as about: {scheme}",
        f"{id}（{SAID[id]}）是计分方案的事实：about 写计分方案，如 about: {scheme}",
    )


def remedy_of_name(declared: Declared, name: str) -> Words | None:
    """For a name that is no fact in sight: what it is instead. None for a name that the book does not know at all."""
    id = declared.labels.get(name, name)
    return next(_remedies(declared, id, name), None)


def _remedies(declared: Declared, id: str, name: str) -> Iterator[Words]:
    if id in declared.scheme_subjects:
        yield Words(
            f"{name} is a scheme: mean({name}) counts its scores; a decision about: {id} reads its total",
            f"“{name}”是计分方案：统计其得分写 mean({name})；about 为 {id} 的决定里写 total",
        )
    if id in declared.events:
        yield Words(f"{name} is a kind of event: count({name})", f"“{name}”是事件种类：写作 count({name})")
    if id in declared.signals:
        about = next((table for table in declared.tables if id in declared.clocks_of(table)), "-")
        yield Words(
            f"{name} is a clock, on rows of {about}: its facts follow a dot, {name}.due, {name}.overdue",
            f"“{name}”是 {about} 的时钟：写作 {name}.due、{name}.overdue",
        )
    raising = [clock for clock, signals in declared.signals.items() if id in signals]
    if raising:
        yield Words(
            f"{name} is a signal: count({name}), or {raising[0]}.{name}_on", f"“{name}”是信号：写作 count({name}) 或 {raising[0]}.{name}_on"
        )
    if id in declared.tables:
        yield Words(f"{name} is a table: count({name})", f"“{name}”是表：写作 count({name})")
    for scheme, parts in declared.scheme_parts.items():
        if id in parts:
            yield Words(f"{name} is a part of {scheme}: parts.{name}", f"“{name}”是 {scheme} 的一项：写作 parts.{name}")
    homes = [table for table, entry in declared.tables.items() if id in entry.columns or id in declared.outcomes(table)]
    if homes:
        yield Words(f"{name} is a fact of {homes[0]}, which is not in sight here", f"“{name}”是 {homes[0]} 的事实，这里看不到")


def remedy_of_dotted(declared: Declared, owner: str, attribute: str, facts: tuple[str, ...], *, stands_alone: bool) -> Words | None:
    """For a name behind a dot: the clock's fact that was meant (`facts` are those of a clock in sight), or the name without the dot."""
    id = declared.labels.get(owner, owner)
    if id in declared.signals and not facts:
        about = next((table for table in declared.tables if id in declared.clocks_of(table)), "-")
        return Words(f"the clock {owner} runs on rows of {about}, and none is in sight here", f"时钟“{owner}”属于 {about}，这里看不到")
    if id in declared.scheme_subjects:
        row = f"mean({owner})" if attribute == "total" else f"mean({owner}, {attribute})"
        return Words(f"{owner} is a scheme, and its scores are rows: {row}", f"“{owner}”是计分方案，它的得分是一行行记录：写作 {row}")
    if facts:
        meant = next((fact for fact, said in SAID_OF_CLOCKS.items() if attribute == said.removeprefix("的") and fact in facts), None)
        if meant is not None:
            return Words(f"write {owner}.{meant}", f"写作 {owner}.{meant}")
        close = closest(attribute, facts)
        listed = ", ".join(f"{owner}.{fact}" for fact in facts)
        return (
            Words(f"did you mean {owner}.{close}?", f"是不是 {owner}.{close}？")
            if close
            else Words(f"a clock has {listed}", f"时钟有：{listed.replace(', ', '、')}")
        )
    span = next((span for span, said in SAID_SPANS.items() if owner in (span, said)), None)
    of_span = next((fact for fact, said in SAID_OF_SPANS.items() if attribute in (fact, said)), None)
    if span is not None and of_span is not None and (span == "period" or of_span in ("days", "workdays")):
        return Words(f"write {span}.{of_span}", f"写作 {span}.{of_span}")
    return Words(f"write {attribute} alone", f"直接写 {attribute}") if stands_alone else None
