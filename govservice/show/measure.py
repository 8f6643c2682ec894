"""A measure in words: what it came to, how it is counted, and what was counted."""

from __future__ import annotations

from govservice.assessment.measuring import Measured
from govservice.errors import Lang, Words
from govservice.show.values import shown

__all__ = ["explain"]


def explain(measured: Measured, lang: Lang) -> str:
    """See `Measured.explain`."""
    name = measured.label or measured.measure if lang == "zh" else measured.measure
    cite = f" [{measured.cite}]" if measured.cite else ""
    counted = ("，" if lang == "zh" else ", ").join(f"{what} = {shown(value, lang)}" for what, value in measured.facts.items())
    lines = [
        f"{name} {measured.subject} {measured.period}: {_worth(measured, lang)}{cite}",
        f"  {measured.text}" + (f"  ({counted})" if counted else ""),
    ]
    if measured.open:
        needs = ", ".join(measured.undecided) or "-"
        lines.append("  " + Words(f"would be settled by: {needs}", f"需要：{needs}").text(lang))
    lines += [f"  {note.text(lang)}" for note in measured.notes]
    lines.append(
        "  "
        + Words(
            f"rulebook {measured.book}, digest {measured.digest[:12]}", f"依据规则册 {measured.book}，摘要 {measured.digest[:12]}"
        ).text(lang)
    )
    return "\n".join(lines)


def _worth(measured: Measured, lang: Lang) -> str:
    if not measured.open:
        return Words("none", "无").text(lang) if measured.value is None else shown(measured.value, lang)
    if measured.low is None:
        return Words("open", "未定").text(lang)
    return Words(f"{measured.low} to {measured.high}", f"{measured.low} 至 {measured.high}").text(lang)
