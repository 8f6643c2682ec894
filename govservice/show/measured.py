"""A measure in words: its value, how it was written, what it counted, what would settle it."""

from __future__ import annotations

from govservice.assessment.measuring import Measured
from govservice.echo import in_lines
from govservice.errors import Lang, Words
from govservice.show.scorecard import fact
from govservice.show.values import needed, period_said, shown

__all__ = ["explain"]


def explain(measured: Measured, lang: Lang) -> str:
    """See `Measured.explain`."""
    name = measured.label or measured.measure
    cite = "" if not measured.cite else Words(f" [{measured.cite}]", f"〔{measured.cite}〕").text(lang)
    stop, comma = Words(": ", "：").text(lang), Words(", ", "，").text(lang)
    subject, text = (
        (measured.labels.get(f"subject={measured.subject}", measured.subject), measured.labels.get(measured.text, measured.text))
        if lang == "zh"
        else (measured.subject, measured.text)
    )
    lines = [f"{name}{cite} {subject} {period_said(measured.period, lang)}{stop}{_worth(measured, lang)}", f"  {text}"]
    if measured.facts:
        named = measured.labels if lang == "zh" else {}
        counted = comma.join(f"{named.get(name, name)} = {fact(value, lang)}" for name, value in measured.facts.items())
        lines.append(f"  {Words('where', '其中').text(lang)} {counted}")
    if measured.undecided:
        lines.append(
            f"  {Words('would be settled by: ', '给出以下事实即可确定：').text(lang)}{needed(measured.undecided, lang, measured.labels)}"
        )
    source = Words(f"rulebook {measured.book}, digest {measured.digest[:12]}", f"依据规则册 {measured.book}，摘要 {measured.digest[:12]}")
    return in_lines([*lines, *(f"  {note.text(lang)}" for note in measured.notes), f"  {source.text(lang)}"])


def _worth(measured: Measured, lang: Lang) -> str:
    if not measured.open:
        return shown(measured.value, lang) if measured.value is not None else Words("none", "无").text(lang)
    if measured.low is None:
        return Words("open", "未定").text(lang)
    low, high = shown(measured.low, lang), shown(measured.high, lang)
    return Words(f"open, {low} to {high}", f"未定，{low} 至 {high}").text(lang)
