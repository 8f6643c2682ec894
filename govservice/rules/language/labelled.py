"""The text of a condition as a Chinese reader takes it in: names and values by their labels, 且, 或 and 非."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

__all__ = ["in_labels", "named_in"]

_TOKEN: Final = re.compile(r"not in\b|[=!<>]=|\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’|[^\W\d][\w.]*|.", re.DOTALL)
_WORDS: Final = {
    "and": "且", "or": "或", "not": "非", "true": "是", "false": "否", "in": "属于", "not in": "不属于", "known": "已知", "is_none": "为无",
    "==": "=", "!=": "≠", "<=": "≤", ">=": "≥",
}  # fmt: skip
_QUOTES: Final = "\"'“‘"


def in_labels(text: str, labels: Mapping[str, str]) -> str:
    """The text with what `labels` gives a label for: names, and values as `name=value` of the name that stands before or behind them.

    >>> in_labels("count(leave, by=on) > 0", {"by": "批准人", "on": "发生日"})
    'count(leave, by=发生日) > 0'

    >>> in_labels('not formal and main == "present"', {"formal": "正式申请", "main": "主件", "main=present": "已带"})
    '非 正式申请 且 主件 = “已带”'
    """
    return "".join(_said(text, labels))


@lru_cache(4096)
def named_in(text: str) -> frozenset[str]:
    """The labels that a text may need: each name in it, and each of its values behind each of its names, as `name=value`."""
    tokens = _TOKEN.findall(text)
    names = {token for token in tokens if token[0].isidentifier() and token not in _WORDS}
    values = {token[1:-1] for token in tokens if token[0] in _QUOTES and len(token) > 1}
    return frozenset(names | {f"{name}={value}" for name in names for value in values})


def _said(text: str, labels: Mapping[str, str]) -> Iterator[str]:
    tokens = _TOKEN.findall(text)
    names = [token if token in labels and _is_name(tokens, at) else "" for at, token in enumerate(tokens)]
    for at, token in enumerate(tokens):
        if token[0] in _QUOTES and len(token) > 1:
            before = next((name for name in reversed(names[:at]) if name), "")
            behind = next((name for name in names[at:] if name), "")
            found = (labels.get(f"{name}={token[1:-1]}") for name in (before, behind))
            label = next((label for label in found if label is not None), None)
            yield token if label is None else f"“{label}”"
        else:
            yield labels.get(names[at]) or _WORDS.get(token, token)


def _is_name(tokens: list[str], at: int) -> bool:
    """Whether a word is no function, argument or key: `limit(`, `by=`, `limit：` and `limit:` are no facts of those names."""
    behind = next((token for token in tokens[at + 1 :] if not token.isspace()), "")
    return behind not in ("(", "=", "：", ":")
