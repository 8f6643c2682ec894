"""An outcome, and a classification, as one piece of HTML: what it comes to, by which rule and clause, what would settle it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Final

from govservice.classify import CASE_TYPE, Classification
from govservice.errors import Lang, Words
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.proofs.contrasting import Contrast
from govservice.show.notice import lacking
from govservice.show.outcome import condition_of, explain, named_fact, named_rule, named_value
from govservice.show.pieces import block, cell, chip, heading, lines, listed, pairs, table

__all__ = ["STATES", "classification_html", "near", "outcome_html", "outcome_parts", "state_of"]

STATES: Final = {
    "settled": Words("settled", "已定"),
    "open": Words("open", "未定"),
    "none": Words("does not apply", "不适用"),
    "gap": Words("no rule fits", "没有规则适用"),
}
MOST_FACTS: Final = 3  # of a change worth telling


def state_of(outcome: Outcome) -> str:
    """What became of the decision's own outcome, a key of `STATES`.

    >>> from govservice import load_rulebook
    >>> state_of(load_rulebook("kunshan").decide("leave_approval", {"leave_days": "0.5"}, on="2026-11-20"))
    'settled'
    """
    if outcome.open:
        return "open"
    if outcome.applies is False:
        return "none"
    return "gap" if outcome.gap else "settled"


def outcome_html(outcome: Outcome, lang: Lang) -> str:
    """One outcome by itself."""
    return block(outcome_parts(outcome, lang), lang)


def outcome_parts(outcome: Outcome, lang: Lang) -> str:
    """The pieces of one outcome, to stand in a block."""
    state = state_of(outcome)
    parts = [heading(_name(outcome, lang), _worth(outcome, lang), chip(STATES[state].text(lang), state))]
    parts.append(_by(outcome, lang))
    waits = [named_fact(outcome, name, lang) for name in outcome.undecided]
    parts.append(listed(Words("Would be settled by", "还需要知道").text(lang), waits, lang) if outcome.open_outcomes else "")
    if outcome.facts:
        parts.append(_head(Words("Facts that were read", "依据的事实").text(lang)))
        parts.append(
            pairs((named_fact(outcome, name, lang), named_value(outcome, name, value, lang)) for name, value in outcome.facts.items())
        )
    parts.append(lines(note.text(lang) for note in outcome.notes))
    parts.append(_whole(explain(outcome, lang), lang))
    return "".join(parts)


def _name(outcome: Outcome, lang: Lang) -> str:
    if lang == "zh" or not outcome.label:
        return outcome.label or outcome.decision
    return f"{outcome.decision} {outcome.label}"


def _worth(outcome: Outcome, lang: Lang) -> str:
    if outcome.open:
        between = [named_value(outcome, outcome.primary, value, lang) for value in outcome.possible]
        return Words(" or ", " 或 ").text(lang).join(between) or STATES["open"].text(lang)
    if outcome.applies is False or outcome.gap:
        return "—"
    return named_value(outcome, outcome.primary, outcome.values.get(outcome.primary), lang)


def _by(outcome: Outcome, lang: Lang) -> str:
    fired = next((rule for rule in outcome.steps if rule.id == outcome.rule), None)
    others = {
        named_fact(outcome, name, lang): named_value(outcome, name, value, lang)
        for name, value in outcome.values.items()
        if name != outcome.primary and value is not None
    }
    rows = list(others.items())
    if fired is not None:
        rows.append((Words("rule", "规则").text(lang), named_rule(outcome, fired.id, lang)))
        rows.append((Words("condition", "条件").text(lang), condition_of(outcome, fired, lang)))
        rows += [(Words("clause", "条款").text(lang), fired.cite)] if fired.cite else []
    return pairs(rows)


def _head(text: str) -> str:
    return f'<div style="font-weight:600;margin:10px 0 2px">{cell(text)}</div>'


def _whole(text: str, lang: Lang) -> str:
    """The explanation as `explain` gives it, folded away."""
    shown = text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}……"
    summary = Words("Every rule, and what became of it", "各条规则的判断经过").text(lang)
    style = "white-space:pre-wrap;overflow-wrap:anywhere;margin:4px 0 0"
    return (
        f'<details style="margin-top:10px"><summary style="cursor:pointer">{cell(summary)}</summary>'
        f'<div style="{style}">{escape(shown)}</div></details>'
    )


MOST_TEXT: Final = 10_000


def near(changes: Iterable[Contrast], outcome: Outcome) -> tuple[tuple[Contrast, ...], int]:
    """Of the changes that would give another outcome those that a reader can take in, and how many others there are.

    Those of more than three facts are left out, and those that make a number negative that is not: nobody counts fewer than none.

    >>> from govservice import load_rulebook
    >>> out = load_rulebook("kunshan").decide("case_type", {"main_document": "not_brought", "formal": True}, on="2026-11-20")
    >>> taken, others = near(out.contrast(), out)
    >>> [change.text("zh") for change in taken], others > 0
    (['中心认定急办 是，即为急办件', '主件 缺少，即为退回件'], True)
    """
    changes = tuple(changes)
    taken = tuple(one for one in changes if len(one.facts) <= MOST_FACTS and not _is_below_nothing(one, outcome))
    return taken, len(changes) - len(taken)


def _is_below_nothing(change: Contrast, outcome: Outcome) -> bool:
    return any(_is_negative(value) and not _is_negative(outcome.facts.get(name)) for name, value in change.facts.items())


def _is_negative(value: object) -> bool:
    return isinstance(value, (int, Decimal)) and value < 0


def classification_html(found: Classification, lang: Lang) -> str:
    """The case type, then every other decision that came to something, then the notices owed."""
    own = found.decisions.get(CASE_TYPE)
    parts = [outcome_parts(own, lang)] if own is not None else [heading(Words("case type", "办件分类").text(lang), found.label or "—")]
    return block("".join([*parts, others(found, lang)]), lang)


def others(found: Classification, lang: Lang, *, beside: str = CASE_TYPE) -> str:
    """What a classification says beside one decision: the others that came to something, what waits, the notices owed."""
    settled = [
        (_name(outcome, lang), _worth(outcome, lang), outcome.cite or "")
        for id, outcome in found.decisions.items()
        if id != beside and state_of(outcome) == "settled" and outcome.values.get(outcome.primary) is not None
    ]
    heads = [Words("decision", "决定").text(lang), Words("outcome", "结果").text(lang), Words("clause", "条款").text(lang)]
    parts = [_head(Words("Other decisions", "其他决定").text(lang)), table(heads, settled, lang)] if settled else []
    stop = Words("; still lacks ", "；尚缺").text(lang)
    owed = []
    for one in found.notices:
        wanting = ("、" if lang == "zh" else ", ").join(lacking(one, lang))
        owed.append(f"{one.title}{stop}{wanting}" if wanting else one.title)
    parts.append(listed(Words("Notices owed", "应发文书").text(lang), owed, lang))
    return "".join(parts)
