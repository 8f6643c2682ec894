"""A grading in words: the rank, whom it ties with, and the decision with the facts it read."""

from __future__ import annotations

from govservice.assessment.grading import Grading
from govservice.echo import visible
from govservice.errors import Lang, Words

__all__ = ["explain"]


def explain(grading: Grading, lang: Lang) -> str:
    """See `Grading.explain`."""
    rank = (
        str(grading.rank)
        if grading.rank is not None
        else f"{grading.rank_low} to {grading.rank_high}"
        if grading.rank_low is not None
        else "-"
    )
    zh = (
        str(grading.rank)
        if grading.rank is not None
        else f"{grading.rank_low} 至 {grading.rank_high}"
        if grading.rank_low is not None
        else "-"
    )
    head = Words(
        f"{grading.subject}: rank {rank} of {grading.ranked or '-'}", f"{grading.subject}：第 {zh} 名，共 {grading.ranked or '-'}"
    ).text(lang)
    tied = Words(f"; ties with {', '.join(grading.tied)}", f"；与 {'、'.join(grading.tied)} 并列").text(lang) if grading.tied else ""
    return "\n".join([visible(f"{head}{tied}"), grading.outcome.explain(lang)])
