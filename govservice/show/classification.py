"""A classification in words: the case type first, then every other decision that came to something, then the notices."""

from __future__ import annotations

from govservice.classify import CASE_TYPE, Classification
from govservice.echo import in_lines
from govservice.errors import Lang
from govservice.show.notice import lacking

__all__ = ["explain"]


def explain(classification: Classification, lang: Lang) -> str:
    """See `Classification.explain`."""
    own = classification.decisions.get(CASE_TYPE)
    parts = [own.explain(lang)] if own is not None else []
    parts += [
        outcome.explain(lang)
        for name, outcome in classification.decisions.items()
        if name != CASE_TYPE and outcome.applies is not False and not outcome.gap
    ]
    for notice in classification.notices:
        lacks = ("；尚缺：" if lang == "zh" else "; still lacks: ") + "、".join(lacking(notice, lang)) if notice.lacks else ""
        by = f" [{notice.cite or notice.kind}]" if notice.cite or lang == "en" else ""
        parts.append(in_lines([f"{'应发' if lang == 'zh' else 'owed: '}{notice.title}{by}{lacks}"]))
    return "\n".join(parts)
