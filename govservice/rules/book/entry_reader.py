"""Second pass: every section's entries read into shapes, their expressions typed; faults are noted, never raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypedDict, cast, get_args

from govservice.errors import ExpressionError, LimitError, RecordError, Words
from govservice.frozen import Frozen
from govservice.limits import TimeLimit
from govservice.rules.book.conventions import CONVENTIONS, Conventions
from govservice.rules.book.declarations import Declarations
from govservice.rules.book.entries import Alarm, Clock, Copy, Decision, Extension, Hit, Measure, Notice, Rule, expressions
from govservice.rules.book.marks import Faults, Node, Path, mapping, text_of
from govservice.rules.book.sight import RowNames, With
from govservice.rules.exchange.business_rules import from_tree
from govservice.rules.language.facts import read_fact
from govservice.rules.language.parsing import read
from govservice.rules.language.shapes import Aggregate, Constant, Expression, ListOf, names, walk
from govservice.rules.language.types import en, unwanted, zh
from govservice.rules.language.values import ANY, LIMIT, LIST, TEXT, Type

__all__ = ["EntryReader", "conventions_of"]

_NUMBER = re.compile(r"[+-]?\d{1,1000}(\.\d{1,1000})?")


class Dated(TypedDict):
    """The days that an entry is in force."""

    from_: date | None
    until: date | None


def conventions_of(node: Mapping[str, Node]) -> Conventions:
    """The conventions that stand in a mapping, each by its plain value; rounding as `rounding.digits` and so on."""
    found: dict[str, str] = {}
    for convention in CONVENTIONS:
        value = node.get(convention.name)
        if convention.parts:
            found |= {
                f"{convention.name}.{part}": text for part, _ in convention.parts if (text := text_of(mapping(value), part)) is not None
            }
            continue
        written = text_of(value, "value") if isinstance(value, dict) else value
        if isinstance(written, str):
            found[convention.name] = convention.value_of(written)
    return Frozen(found)


class EntryReader:
    """Reads entries in sight of what the book declares."""

    def __init__(self, declared: Declarations, faults: Faults, conventions: Conventions) -> None:
        self.declared = declared
        self.faults = faults
        self.conventions = conventions

    # -- pieces every entry shares

    def expression(self, node: Node, sight: RowNames | With, path: Path, *, wants: str | None = None) -> Expression:
        """The expression at a path; one that cannot be read is noted and of type `any`."""
        if isinstance(node, dict):
            try:
                return from_tree(node, sight)
            except ExpressionError as error:
                self.faults.add(path, error.what, why=error.why, hint=error.hint, quote=error.fault.quote)
                return Constant(False, ANY)
        if not isinstance(node, str):
            return Constant(False, ANY)  # its shape was found wrong before
        found, faults = read(node, sight, wants=wants)
        for one in faults:
            self.faults.add(path, one.what, why=one.why, hint=one.hint, quote=one.quote)
        return found

    def optional(
        self, entry: Mapping[str, Node], key: str, sight: RowNames | With, path: Path, *, wants: str | None = None
    ) -> Expression | None:
        """The expression under a key, None where the key is not there."""
        return self.expression(entry[key], sight, (*path, key), wants=wants) if key in entry else None

    def dated(self, entry: Mapping[str, Node], path: Path) -> Dated:
        """`from:` and `until:`, both ends in force."""
        found: dict[str, date | None] = {"from": None, "until": None}
        for key in found:
            text = text_of(entry, key)
            if text is None:
                continue
            try:
                found[key] = date.fromisoformat(text)
            except ValueError:
                self.faults.add((*path, key), Words(f"there is no day {text}", f"没有 {text} 这一天"))
        first, last = found["from"], found["until"]
        if first is not None and last is not None and last < first:
            self.faults.add((*path, "until"), Words("it ends before it begins", "结束早于开始"))
        return {"from_": first, "until": last}

    def lets(self, entry: Mapping[str, Node], sight: RowNames | With, path: Path) -> With:
        """The names in sight of an entry, its `let:` included; a later let may use an earlier one, and those of the table."""
        found: dict[str, Expression] = dict(sight.lets) if isinstance(sight, With) else {}
        base = sight.base if isinstance(sight, With) else sight
        for name, node in mapping(entry.get("let")).items():
            found[name] = self.expression(node, With(base, dict(found)), (*path, "let", name))
        return With(base, found)

    def about(self, entry: Mapping[str, Node], path: Path, default: str | None = None) -> str:
        """What the entry is about; a fault where there is no such table or scheme."""
        about = text_of(entry, "about") or default or ""
        if about and not self.declared.is_about(about):
            self.faults.add(
                (*path, "about"),
                Words(f'no table or scheme "{about}"', f"没有“{about}”这个表或计分方案"),
                hint=Words("declare it under `tables:`", "在 tables 里声明它"),
            )
        return about

    def limit(
        self, node: Node, sight: RowNames | With, path: Path, *, numbers: bool = False, conventions: Conventions | None = None
    ) -> Expression:
        """A limit: a literal such as 8 工作日, or an expression of that type; with `numbers`, an amount in the clock's unit too."""
        if isinstance(node, str) and sight.find(node) is None:
            bare = {**self.conventions, **(conventions or {})}.get("bare_day")
            try:
                return Constant(
                    TimeLimit.parse(node, day="workday" if bare == "workday" else "natural_day" if bare == "natural_day" else None), LIMIT
                )
            except LimitError as error:
                if any(sign in node for sign in "日天时月年分"):
                    self.faults.add(path, error.what, why=error.why, hint=error.hint)
                    return Constant(False, ANY)
        found = self.expression(node, sight, path)
        if found.type.kind not in ("limit", "any") and not (numbers and found.type.is_number):
            self.faults.add(
                path,
                Words(f"a limit must stand here, this is {found.type.kind}", "这里要写时限"),
                hint=Words("8 工作日, 24 小时, 当天", "写作 8 工作日、24 小时、当天"),
            )
        return found

    # -- measures and decisions

    def measure(self, id: str, node: Node) -> Measure:
        """One measure."""
        entry = mapping(node)
        path: Path = ("measures", id, "value") if isinstance(node, dict) else ("measures", id)
        text = node if isinstance(node, str) else text_of(entry, "value") or ""
        return Measure(
            id=id,
            value=self.expression(text, self.declared.subjects(), path),
            text=text,
            label=text_of(entry, "label"),
            cite=text_of(entry, "cite"),
        )

    def decision(self, id: str, entry: dict[str, Node]) -> Decision:
        """One decision, its rules in order."""
        path = ("decisions", id)
        about = self.about(entry, path)
        sight = self.lets(entry, self.declared.about(about), path)
        outcomes = tuple((name, self.declared.granted_type(id, name)) for name in self.declared.granted(id))
        rules = tuple(self._rule(key, mapping(node), id, sight, dict(outcomes)) for key, node in mapping(entry.get("rules")).items())
        when = self.optional(entry, "when", sight, path, wants="boolean")
        otherwise = self._then(entry["otherwise"], id, sight, dict(outcomes), (*path, "otherwise")) if "otherwise" in entry else None
        hit = text_of(entry, "hit")
        found = Decision(
            id=id,
            about=about,
            hit=cast("Hit", hit if hit in get_args(Hit) else "first"),
            rules=rules,
            outcomes=outcomes,
            label=text_of(entry, "label"),
            when=when,
            when_text=condition_text(entry.get("when")),
            otherwise=otherwise,
            **self.dated(entry, path),
            cite=text_of(entry, "cite"),
            period=text_of(entry, "period"),
            labels=tuple((outcome, label) for label, outcome in self.declared.outcome_labels(about).items() if outcome in dict(outcomes)),
        )
        self._counts_need_a_period(found, path)
        return found

    def _rule(self, key: str, entry: dict[str, Node], decision: str, sight: With, outcomes: Mapping[str, Type]) -> Rule:
        path = ("decisions", decision, "rules", key)
        own = self.lets(entry, sight, path) if "let" in entry else sight
        when = self.optional(entry, "when", own, path, wants="boolean")
        then = self._then(entry.get("then", ""), decision, own, outcomes, (*path, "then"))
        reads = dict.fromkeys(name for one in (when, *(worth for _, worth in then)) if one is not None for name in names(one))
        return Rule(
            id=key,
            when=when,
            then=then,
            cite=text_of(entry, "cite"),
            label=text_of(entry, "label"),
            **self.dated(entry, path),
            text=condition_text(entry.get("when")),
            reads=tuple(reads),
        )

    def _then(self, node: Node, decision: str, sight: With, outcomes: Mapping[str, Type], path: Path) -> tuple[tuple[str, Expression], ...]:
        granted = node if isinstance(node, dict) else {decision: node}
        return tuple(
            (name, self._outcome(worth, name, outcomes.get(name, ANY), sight, (*path, name) if isinstance(node, dict) else path))
            for name, worth in granted.items()
        )

    def _outcome(self, node: Node, name: str, kind: Type, sight: With, path: Path) -> Expression:
        if isinstance(node, str) and node.startswith("="):
            found = self.expression(node[1:], sight, path)
            wrong = unwanted(found.type, kind.kind)
            if wrong is not None and kind.kind not in ("any", "choice"):
                self.faults.add(path, wrong.what, hint=wrong.hint)
            elif kind.kind == "choice" and found.type.kind != "any":
                self._one_of(found.type, kind, path)
            return found
        if isinstance(node, list):
            return ListOf(tuple(Constant(one, TEXT) for one in node if isinstance(one, str)), LIST)
        if not isinstance(node, str):
            return Constant(False, ANY)
        if kind.kind == "any":
            return Constant(node, TEXT)
        try:
            return Constant(read_fact(name, node, kind), kind)
        except RecordError as error:
            hint = (
                Words(f"an expression begins with =: ={node}", f"表达式以 = 开头：={node}") if sight.find(node) is not None else error.hint
            )
            self.faults.add(path, error.what, why=error.why, hint=hint)
            return Constant(False, ANY)

    def _one_of(self, given: Type, kind: Type, path: Path) -> None:
        """An expression that grants a choice must be a choice itself, of values that it has."""
        listed = ", ".join(one.name for one in kind.choices)
        if given.kind != "choice":
            what = Words(f"{en(given.kind)} is granted where a choice stands", f"这里要给选项，而这是{zh(given)}")
            self.faults.add(path, what, hint=Words(f"one of: {listed}", f"可选：{listed}"))
            return
        others = [one.name for one in given.choices if kind.choice(one.name) is None]
        if others:
            what = Words(
                f"it may be {', '.join(others)}, which is none of the outcome's values",
                f"它可能是 {'、'.join(others)}，不在结果的可选值之内",
            )
            self.faults.add(path, what, hint=Words(f"one of: {listed}", f"可选：{listed}"))

    def _counts_need_a_period(self, found: Decision, path: Path) -> None:
        if found.period is not None or not self.declared.is_subject(found.about):
            return  # a record, or a scheme, has its own: all time, the scheme's
        if any(isinstance(part, Aggregate) for one in expressions(found) for part in walk(one)):
            what = Words("records are counted, and no period is named", "统计了记录，却没有写期间")
            self.faults.add(path, what, hint=Words("period: month, quarter, year, ever, ..", "写上 period: month、quarter、year、ever 等"))

    # -- clocks and notices

    def clock(self, id: str, entry: dict[str, Node]) -> Clock:
        """One clock."""
        path = ("clocks", id)
        about = self.about(entry, path)
        sight = self.lets(entry, self.declared.about(about), path)
        if ("limit" in entry) == ("due" in entry):
            self.faults.add(path, Words("a clock has a limit or a due date, one of the two", "时钟要有 limit 或 due，且只能有一个"))
        own = conventions_of(entry)
        limit = self.limit(entry["limit"], sight, (*path, "limit"), conventions=own) if "limit" in entry else None
        return Clock(
            id=id,
            about=about,
            starts=self.optional(entry, "starts", sight, path, wants="date") or Constant(False, ANY),
            limit=limit,
            due=self.optional(entry, "due", sight, path, wants="date"),
            stops=tuple(self.expression(one, sight, (*path, "stops"), wants="date") for one in listed(entry.get("stops"))),
            pauses=texts(entry.get("pauses")),
            extension=self._extension(mapping(entry["extension"]), sight, (*path, "extension")) if "extension" in entry else None,
            alarms=tuple(self._alarm(mapping(one), sight, (*path, "alarms", key)) for key, one in mapping(entry.get("alarms")).items()),
            when=self.optional(entry, "when", sight, path, wants="boolean"),
            hours=text_of(entry, "hours"),
            label=text_of(entry, "label"),
            cite=text_of(entry, "cite"),
            **self.dated(entry, path),
            conventions=own,
        )

    def _extension(self, entry: Mapping[str, Node], sight: With, path: Path) -> Extension:
        times = number_of(entry, "times")
        return Extension(
            limit=self.limit(entry.get("limit", ""), sight, (*path, "limit")),
            times=int(times) if times is not None else None,
            by=text_of(entry, "by"),
            asked=text_of(entry, "asked"),
            when=self.optional(entry, "when", sight, path, wants="boolean"),
        )

    def _alarm(self, entry: Mapping[str, Node], sight: With, path: Path) -> Alarm:
        placed = [key for key in ("at", "before", "after") if key in entry]
        if len(placed) != 1:
            self.faults.add(path, Words("an alarm has one of at, before, after", "告警要写 at、before、after 之一"))
        at = None
        if "at" in entry:
            share = (text_of(entry, "at") or "").removesuffix("%").removesuffix("％")
            if share.replace(".", "", 1).isdecimal() and len(share) < 10 and 0 < Fraction(share) <= 100:
                at = Fraction(share) / 100
            else:
                self.faults.add(
                    (*path, "at"),
                    Words("at: takes a share of the limit, 1% to 100%", "at 要写时限的百分比，1% 到 100%"),
                    hint=Words("at: 90%", "写作 at: 90%"),
                )
        amounts = {key: self.limit(entry[key], sight, (*path, key), numbers=True) if key in entry else None for key in ("before", "after")}
        return Alarm(
            signal=text_of(entry, "signal") or "",
            at=at,
            before=amounts["before"],
            after=amounts["after"],
            when=self.optional(entry, "when", sight, path, wants="boolean"),
            cite=text_of(entry, "cite"),
            **self.dated(entry, path),
        )

    def notice(self, id: str, entry: dict[str, Node]) -> Notice:
        """One notice."""
        path = ("notices", id)
        about = self.about(entry, path, self.declared.case_table)
        sight = self.lets(entry, self.declared.about(about), path)
        copies = tuple(self._copy(one, sight, (*path, "copies")) for one in listed(entry.get("copies")))
        states = tuple((one, self.expression(one, sight, (*path, "states"))) for one in texts(entry.get("states")))
        return Notice(
            id=id,
            title=text_of(entry, "title") or id,
            about=about,
            when=self.optional(entry, "when", sight, path, wants="boolean") or Constant(True, ANY),
            copies=copies,
            states=states,
            label=text_of(entry, "label"),
            cite=text_of(entry, "cite"),
            **self.dated(entry, path),
        )

    def _copy(self, node: Node, sight: With, path: Path) -> Copy:
        if isinstance(node, str):
            return Copy(node)
        entry = mapping(node)
        within = text_of(entry, "within")
        if within is not None:
            self.limit(within, sight, (*path, "within"))
        return Copy(text_of(entry, "to") or "", within, self.optional(entry, "when", sight, path, wants="boolean"))


def number_of(entry: Mapping[str, Node], key: str) -> Fraction | None:
    """The number under a key; None where there is none, or what stands there was found to be no number."""
    text = text_of(entry, key) or ""
    return Fraction(text) if _NUMBER.fullmatch(text) else None


def listed(node: Node | None) -> Sequence[Node]:
    """One or several, as a list."""
    return node if isinstance(node, list) else [] if node is None else [node]


def texts(node: Node | None) -> tuple[str, ...]:
    """One text or several."""
    return tuple(one for one in listed(node) if isinstance(one, str))


def condition_text(node: Node | None) -> str:
    """A condition as its author wrote it, for explanations."""
    if isinstance(node, dict):
        import json

        return json.dumps(node, ensure_ascii=False)
    return " ".join(node.split()) if isinstance(node, str) else ""
