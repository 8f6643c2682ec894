"""An answer that was worked out again, as text: the verdict, every difference, every reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from govservice.echo import shown
from govservice.errors import Lang, Words

if TYPE_CHECKING:
    from govservice.audit import Verified

__all__ = ["as_text"]

MOST: Final = 15  # differences that are written out
_VERBS: Final[Mapping[str, str]] = {
    "decide": "决定", "classify": "办件分类", "deadline": "到期日", "clocks": "时限", "due": "到期日", "case_outcomes": "一件的各项结论",
    "score": "计分", "grade": "评定", "measure": "指标", "papers": "文书", "run": "运行", "what_if": "测算", "assess": "考核",
}  # fmt: skip
_SAME: Final = Words("the same answer", "答复相同")
_OTHER: Final = Words("another answer now", "现在的答复不同")
_NONE: Final = Words("no answer now: ", "现在得不出答复：")


def as_text(found: Verified, lang: Lang) -> str:
    """See `Verified.explain`."""
    return "\n".join(_lines(found, lang))


def _lines(found: Verified, lang: Lang) -> Iterator[str]:
    verdict = _SAME.text(lang) if found.same else _OTHER.text(lang) if found.fault is None else _NONE.text(lang) + found.fault.text(lang)
    yield f"{found.verb}: {verdict}" if lang == "en" else f"{_VERBS.get(found.verb, found.verb)}：{verdict}"
    arrow = Words("was {was}, is {now}", "原为 {was}，现为 {now}").text(lang)
    for one in found.differences[:MOST]:
        yield f"  {one.path}: " + arrow.format(was=shown(one.was), now=shown(one.now))
    more = len(found.differences[MOST:]) + found.more
    if more:
        yield Words(f"  and {more} more", f"  另有 {more} 处").text(lang)
    for reason in found.reasons:
        yield f"  - {reason.text(lang)}"
