"""An outcome in words, English or Chinese: the rule, its clause, the facts, the rules passed over, what is still needed."""

from __future__ import annotations

import re
from typing import Final

from govservice.echo import in_lines
from govservice.errors import Lang, Words
from govservice.rules.language.labelled import in_labels
from govservice.rules.meaning.outcomes import Outcome, RuleRead
from govservice.show.values import needed, shown

__all__ = ["condition_of", "explain", "named_fact", "named_rule", "named_value"]

_OWNED: Final = re.compile(r"[^\W\d]\w*\.\w+")  # a fact of a clock, or of a period


def explain(outcome: Outcome, lang: Lang) -> str:
    """The whole explanation, a sentence a line."""
    lines = [_head(outcome, lang)]
    if outcome.applies is False:
        lines.append(
            _say(lang, "  it is not in force on this day, or does not apply to this subject", "  当日不在施行期内，或不适用于此对象")
        )
        return in_lines(lines)
    fired = next((rule for rule in outcome.steps if rule.id == outcome.rule), None)
    if fired is not None:
        lines.append(_fired(outcome, fired, lang))
    elif outcome.gap:
        lines.append(_say(lang, "  no rule fits: the rulebook has a gap here", "  没有一条规则适用：规则册在此有空白"))
    for rule in outcome.steps:
        if rule.id != outcome.rule and rule.held is not False:
            lines.append(_fired(outcome, rule, lang) if rule.held and not outcome.open else _step(outcome, rule, lang))
    passed = [rule for rule in outcome.steps if rule.held is False]
    if passed:
        named = ("、" if lang == "zh" else ", ").join(_named(outcome, rule, lang) for rule in passed)
        lines.append(_say(lang, f"  passed over, their conditions do not hold: {named}", f"  不成立而略过：{named}"))
    if outcome.certain:
        among = ("、" if lang == "zh" else ", ").join(named_value(outcome, outcome.primary, value, lang) for value in outcome.certain)
        lines.append(_say(lang, f"  certain among them: {among}", f"  其中已确定：{among}"))
    if outcome.undecided:
        needed = ("、" if lang == "zh" else ", ").join(named_fact(outcome, name, lang) for name in outcome.undecided)
        lines.append(_say(lang, f"  would be settled by: {needed}", f"  给出以下事实即可确定：{needed}"))
    lines += [_say(lang, f"  {note.en}", f"  {note.zh}") for note in outcome.notes]
    on = outcome.on.isoformat() if outcome.on else _say(lang, "any day", "不限日期")
    lines.append(
        _say(
            lang,
            f"  rulebook {outcome.book} as of {on}, digest {outcome.digest[:12]}",
            f"  依据规则册 {outcome.book}（{on}），摘要 {outcome.digest[:12]}",
        )
    )
    return in_lines(lines)


def _say(lang: Lang, en: str, zh: str) -> str:
    return Words(en, zh).text(lang)


def _head(outcome: Outcome, lang: Lang) -> str:
    name = (outcome.label or outcome.decision) if lang == "zh" else outcome.decision + (f" {outcome.label}" if outcome.label else "")
    if outcome.open:
        between = " / ".join(named_value(outcome, outcome.primary, value, lang) for value in outcome.possible)
        return (
            f"{name}: {_say(lang, 'open, may be', '未定，可能是')} {between}"
            if outcome.possible
            else f"{name}: {_say(lang, 'open', '未定')}"
        )
    granted = [(key, value) for key, value in outcome.values.items()]
    if len(granted) == 1:
        return f"{name}: {named_value(outcome, *granted[0], lang)}"
    values = ("，" if lang == "zh" else ", ").join(
        f"{named_fact(outcome, key, lang)} = {named_value(outcome, key, value, lang)}" for key, value in granted
    )
    return f"{name}: {values}"


def named_value(outcome: Outcome, name: str, value: object, lang: Lang) -> str:
    """A value of a fact or outcome by its label, where it has one."""
    if value is None:
        return _say(lang, "none", "无")
    label = outcome.labels.get(f"{name}={value}")
    plain = shown(value, lang)
    if label is None or label == plain:
        return plain
    return label if lang == "zh" else f"{plain} ({label})"


def _fired(outcome: Outcome, rule: RuleRead, lang: Lang) -> str:
    cite = f" [{rule.cite}]" if rule.cite else ""
    text = condition_of(outcome, rule, lang)
    read = [name for name in outcome.facts if name in rule.text or outcome.labels.get(name, "\0") in rule.text]
    facts = ("，" if lang == "zh" else ", ").join(
        f"{named_fact(outcome, name, lang)} = {named_value(outcome, name, outcome.facts[name], lang)}" for name in read
    )
    line = _say(lang, f"  by rule {rule.id}{cite}: {text}", f"  依规则 {named_rule(outcome, rule.id, 'zh')}{cite}：{text}")
    return line + (_say(lang, f"\n    where {facts}", f"\n    其中 {facts}") if facts else "")


def condition_of(outcome: Outcome, rule: RuleRead, lang: Lang) -> str:
    """The condition of a rule that was read, in Chinese by the labels."""
    text = rule.text or _say(lang, "no condition", "无条件")
    if lang == "en":
        return text
    of_clocks = {name: needed((name,), lang, outcome.labels) for name in _OWNED.findall(text)}
    return in_labels(text, {**outcome.labels, **of_clocks} if of_clocks else outcome.labels)


def _step(outcome: Outcome, rule: RuleRead, lang: Lang) -> str:
    cite, text = f" [{rule.cite}]" if rule.cite else "", condition_of(outcome, rule, lang)
    if rule.held:
        return _say(
            lang, f"  may also be by rule {rule.id}{cite}: {text}", f"  也可能依规则 {named_rule(outcome, rule.id, 'zh')}{cite}：{text}"
        )
    needs = needed(rule.needs, lang) if lang == "en" else "、".join(named_fact(outcome, name, lang) for name in rule.needs)
    return _say(
        lang,
        f"  cannot be judged, rule {rule.id}{cite}: {text}" + (f"; not known: {needs}" if needs else ""),
        f"  无法判断，规则 {named_rule(outcome, rule.id, 'zh')}{cite}：{text}" + (f"；未知：{needs}" if needs else ""),
    )


def _named(outcome: Outcome, rule: RuleRead, lang: Lang) -> str:
    name = named_rule(outcome, rule.id, lang)
    return f"{name} [{rule.cite}]" if rule.cite else name


def named_rule(outcome: Outcome, id: str, lang: Lang) -> str:
    """A rule by its id; in Chinese by its label, its id in brackets, where it has one."""
    label = outcome.labels.get(f"rules.{id}") if lang == "zh" else None
    return f"{label}（{id}）" if label and label != id else id


def named_fact(outcome: Outcome, name: str, lang: Lang) -> str:
    """A fact or outcome by its label, where it has one."""
    label = outcome.labels.get(name)
    if label is None:
        return needed((name,), lang, outcome.labels)
    return label if lang == "zh" else f"{name} {label}"
