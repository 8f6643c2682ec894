"""Second pass, measures and decisions: rules in order, and what each grants."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final, cast, get_args

from govservice.errors import RecordError, Words
from govservice.rules.book.entries import Decision, Hit, Measure, Quota, Rule, expressions
from govservice.rules.book.entry_reader import EntryReader
from govservice.rules.book.example_reader import build_examples
from govservice.rules.book.marks import Node, Path, mapping, text_of
from govservice.rules.book.sight import WithLets
from govservice.rules.language.facts import read_fact
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import AllOf, Arithmetic, Call, Compare, Constant, Expression, ListOf, Name, names
from govservice.rules.language.types import type_en, type_fault, type_zh
from govservice.rules.language.values import ANY, DECIMAL, INTEGER, LIST, TEXT, Type, exact

__all__ = ["build_decision", "build_measure"]


def build_measure(reader: EntryReader, id: str, node: Node) -> Measure:
    """One measure."""
    entry = mapping(node)
    path: Path = ("measures", id, "value") if isinstance(node, dict) else ("measures", id)
    text = node if isinstance(node, str) else text_of(entry, "value") or ""
    return Measure(
        id=id,
        value=reader.expression(text, reader.lets(entry, reader.declared.subject_names(), ("measures", id)), path),
        text=text,
        label=text_of(entry, "label"),
        cite=text_of(entry, "cite"),
    )


def build_decision(reader: EntryReader, id: str, entry: dict[str, Node]) -> Decision:
    """One decision, its rules in order."""
    path = ("decisions", id)
    about = reader.about(entry, path)
    sight = reader.lets(entry, reader.declared.row_names(about), path)
    outcomes = tuple((name, reader.declared.granted_type(id, name)) for name in reader.declared.granted(id))
    types = dict(outcomes)
    rules = tuple(_rule(reader, key, mapping(node), id, sight, types) for key, node in mapping(entry.get("rules")).items())
    when = reader.optional(entry, "when", sight, path, wants="boolean")
    otherwise = _granted(reader, entry["otherwise"], id, sight, types, (*path, "otherwise")) if "otherwise" in entry else None
    hit = text_of(entry, "hit")
    decision = Decision(
        id=id,
        about=about,
        hit=cast("Hit", hit if hit in get_args(Hit) else "first"),
        rules=rules,
        outcomes=outcomes,
        label=text_of(entry, "label"),
        when=when,
        when_text=_condition_text(entry.get("when")),
        otherwise=otherwise,
        **reader.dated(entry, path),
        cite=text_of(entry, "cite"),
        period=reader.period(entry, path),
        examples=build_examples(
            reader,
            entry,
            path,
            about,
            types,
            id if id in types else next(iter(types), id),
            scored=about in reader.declared.scheme_subjects,
        ),
        labels=tuple((outcome, label) for label, outcome in reader.declared.outcome_labels(about).items() if outcome in types),
    )
    if "period" not in entry:
        _check_period(reader, decision, path)
    return decision


def _rule(reader: EntryReader, key: str, entry: dict[str, Node], decision: str, sight: WithLets, outcomes: Mapping[str, Type]) -> Rule:
    path = ("decisions", decision, "rules", key)
    own = reader.lets(entry, sight, path) if "let" in entry else sight
    when = reader.optional(entry, "when", own, path, wants="boolean")
    quota = _quota(reader, mapping(entry["quota"]), own, (*path, "quota")) if "quota" in entry else None
    text = _condition_text(entry.get("when"))
    if quota is not None:
        within = Compare("<=", Name(among("rank", quota.within), INTEGER, "scheme"), quota.places)
        when = within if when is None else AllOf((when, within))
        text = " and ".join(part for part in (text, written(within)) if part)
    then = _granted(reader, entry.get("then", ""), decision, own, outcomes, (*path, "then"))
    reads = dict.fromkeys(
        name for expression in (when, *(worth for _, worth in then)) if expression is not None for name in names(expression)
    )
    return Rule(
        id=key,
        when=when,
        then=then,
        cite=text_of(entry, "cite"),
        label=text_of(entry, "label"),
        **reader.dated(entry, path),
        text=text,
        reads=tuple(reads),
        quota=quota,
    )


def _quota(reader: EntryReader, entry: Mapping[str, Node], sight: WithLets, path: Path) -> Quota | None:
    """The places that a rule has: it fires where the rank is within them."""
    if sight.find("ranked") is None:
        hint = Words("about: a scheme", "about 写计分方案")
        reader.faults.add(path, Words("a quota is of those that a scheme ranks", "名额是就计分方案的排名而言的"), hint=hint)
        return None
    within = reader.group(entry, sight, path)
    of = reader.expression(entry.get("of", "ranked"), sight, (*path, "of"), wants="number")
    if isinstance(of, Name) and of.id == "ranked":
        of = Name(among("ranked", within), INTEGER, "scheme")
    share = _share(reader, text_of(entry, "share") or "", sight, (*path, "share"))
    rounding = text_of(entry, "rounding") or ""
    places = Call(_ROUNDED.get(rounding, "ceil"), (Arithmetic("*", of, share),), INTEGER)
    return Quota(share, of, rounding, within, places)


_ROUNDED: Final = {"up": "ceil", "down": "floor", "nearest": "round"}
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,6})?) ?[%％]")


def among(name: str, within: str | None) -> str:
    """What a rank, or how many are ranked, is called among those of one group.

    >>> among("rank", None), among("rank", "post")
    ('rank', 'rank(within=post)')
    """
    return name if within is None else f"{name}(within={within})"


def _share(reader: EntryReader, text: str, sight: WithLets, path: Path) -> Expression:
    """A share of one: `20%`, or a number in percent that the source leaves open."""
    literal = _SHARE.fullmatch(text)
    if literal is not None and 0 < Fraction(literal[1]) <= 100:
        return Constant(exact(Fraction(literal[1]) / 100), DECIMAL)
    percent = reader.expression(text, sight, path, wants="number")
    if isinstance(percent, Constant) and percent.type.kind != "any":
        hint = Words("write 20%, or the name of a setting in percent", "写作 20%，或以百分数计的设定的名字")
        reader.faults.add(path, Words("a share is a percentage from 0 to 100", "比例要写百分数，0 至 100"), hint=hint)
    return Arithmetic("/", percent, Constant(100, INTEGER), DECIMAL)


def _granted(
    reader: EntryReader, node: Node, decision: str, sight: WithLets, outcomes: Mapping[str, Type], path: Path
) -> tuple[tuple[str, Expression], ...]:
    granted = node if isinstance(node, dict) else {decision: node}
    return tuple(
        (name, _granted_value(reader, worth, name, outcomes.get(name, ANY), sight, (*path, name) if isinstance(node, dict) else path))
        for name, worth in granted.items()
    )


def _granted_value(reader: EntryReader, node: Node, name: str, kind: Type, sight: WithLets, path: Path) -> Expression:
    if isinstance(node, str) and node.startswith("="):
        expression = reader.expression(node[1:], sight, path, granted=kind)
        fault = type_fault(expression.type, kind.kind)
        if fault is not None and kind.kind not in ("any", "choice"):
            reader.faults.add(path, fault.what, hint=fault.hint)
        elif kind.kind == "choice" and expression.type.kind != "any":
            _check_choice(reader, expression.type, kind, path)
        return expression
    if isinstance(node, list):
        return ListOf(tuple(Constant(text, TEXT) for text in node if isinstance(text, str)), LIST)
    if not isinstance(node, str):
        return Constant(False, ANY)
    if kind.kind == "any":
        return Constant(node, TEXT)
    try:
        return Constant(read_fact(name, node, kind), kind)
    except RecordError as error:
        hint = Words(f"an expression begins with =: ={node}", f"表达式以 = 开头：={node}") if sight.find(node) is not None else error.hint
        reader.faults.add(path, error.what, why=error.why, hint=hint)
        return Constant(False, ANY)


def _check_choice(reader: EntryReader, given: Type, kind: Type, path: Path) -> None:
    """An expression that grants a choice must be a choice itself, of values that it has."""
    listed = ", ".join(choice.name for choice in kind.choices)
    if given.kind != "choice":
        what = Words(f"{type_en(given.kind)} is granted where a choice stands", f"这里要给选项，而这是{type_zh(given)}")
        reader.faults.add(path, what, hint=Words(f"one of: {listed}", f"可选：{listed}"))
        return
    others = [choice.name for choice in given.choices if kind.choice(choice.name) is None]
    if others:
        what = Words(
            f"it may be {', '.join(others)}, which is none of the outcome's values",
            f"它可能是 {'、'.join(others)}，不在结果的可选值之内",
        )
        reader.faults.add(path, what, hint=Words(f"one of: {listed}", f"可选：{listed}"))


def _check_period(reader: EntryReader, decision: Decision, path: Path) -> None:
    if not reader.declared.is_subject(decision.about):
        return  # a record, or a scheme, has its own: all time, the scheme's
    if reader.declared.counts(*expressions(decision)):
        what = Words("records are counted, and no period is named", "统计了记录，却没有写期间")
        reader.faults.add(path, what, hint=Words("period: month, quarter, year, ever, ..", "写上 period: month、quarter、year、ever 等"))


def _condition_text(node: Node | None) -> str:
    """A condition as its author wrote it, for explanations."""
    if isinstance(node, dict):
        return json.dumps(node, ensure_ascii=False)
    return " ".join(node.split()) if isinstance(node, str) else ""
