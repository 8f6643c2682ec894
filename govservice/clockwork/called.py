"""What the words of clocks are called in Chinese: signals, kinds of pause, whoever grants an extension; by the book, else as is usual."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import PAUSE_KINDS

__all__ = ["kind_called", "own_signals", "role_called", "signal_called", "usual_signal"]

_SIGNALS: Final[Mapping[str, str]] = {
    "yellow": "黄牌", "red": "红牌", "blue": "蓝牌", "orange": "橙牌", "green": "绿牌",
    "warning": "警告", "urge": "催办", "overdue": "超期",
}  # fmt: skip
_ROLES: Final[Mapping[str, str]] = {
    "head": "本机关负责人", "government_head": "本级政府负责人", "office_head": "工作机构负责人", "review_organ": "复议机关",
    "review_office_head": "复议机构负责人",
}  # fmt: skip


def signal_called(signal: str, contents: Contents) -> str:
    """What a signal is called: the kind of event of that name, else the usual word; as it is written, where there is none.

    >>> from govservice import load_rulebook
    >>> [signal_called(signal, load_rulebook("kunshan").contents) for signal in ("red", "urge", "purple")]
    ['红牌', '催办', 'purple']
    """
    event = contents.events.get(signal)
    return (event.label if event is not None else None) or _SIGNALS.get(signal, signal)


def usual_signal(signal: str) -> str:
    """What a signal is usually called.

    >>> usual_signal("yellow")
    '黄牌'
    """
    return _SIGNALS.get(signal, signal)


def own_signals(signals: Iterable[str], contents: Contents) -> dict[str, str]:
    """The labels of signals that a book calls otherwise than is usual, each as `signal=name`."""
    called = {signal: signal_called(signal, contents) for signal in signals}
    return {f"signal={signal}": label for signal, label in called.items() if label != usual_signal(signal)}


def role_called(by: str, contents: Contents) -> str:
    """Who grants an extension: by the column of approvers, where the book lists them, else by the usual word.

    >>> from govservice import load_rulebook
    >>> [role_called(by, load_rulebook("standard").contents) for by in ("head", "局长")]
    ['本机关负责人', '局长']
    """
    return _chosen("extensions", "by", by, contents) or _ROLES.get(by, by)


def kind_called(kind: str, contents: Contents) -> str:
    """What a kind of pause is called: by the book's list of them, else by the column's own values; where neither says, as it is written.

    >>> from govservice import load_rulebook
    >>> [kind_called(kind, load_rulebook("kunshan").contents) for kind in ("hearing", "flood")]
    ['听证', 'flood']
    """
    listed = contents.lists.get(PAUSE_KINDS)
    called = kind if listed is None else listed.values.get(kind, kind)
    return called if called != kind else _chosen("pauses", "kind", kind, contents) or kind


def _chosen(table: str, column: str, value: str, contents: Contents) -> str | None:
    """The label of a value of a column, where the book declares its values."""
    declared = contents.tables[table].columns.get(column) if table in contents.tables else None
    chosen = declared.type.choice(value) if declared is not None else None
    return None if chosen is None else chosen.label
