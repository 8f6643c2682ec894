"""Second pass, what every entry shares: expressions typed, days in force, lets, limits; faults are noted, never raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypedDict

from govservice.decimals import fraction_of
from govservice.errors import ExpressionError, LimitError, Words, did_you_mean
from govservice.frozen import Frozen
from govservice.rules.book.amounts import amount_faults
from govservice.rules.book.conventions import CONVENTIONS, Conventions
from govservice.rules.book.declarations import MOST_LETS, Declarations
from govservice.rules.book.marks import Faults, Node, Path, mapping, period_kind, text_of
from govservice.rules.book.remedies import meant_by_label
from govservice.rules.book.sight import RowNames, WithLets
from govservice.rules.book.table_reader import DECLARE_TABLE
from govservice.rules.exchange.business_rules import from_tree
from govservice.rules.language.forms import written_limit
from govservice.rules.language.parsing import MOST_PARTS, Parts, read
from govservice.rules.language.shapes import Constant, Expression, Name
from govservice.rules.language.values import ANY, LIMIT, Type

__all__ = ["EntryReader", "as_list", "as_texts", "conventions_of", "number_of"]

_IN_MEASURES = Words("name them as measures or decisions", "请写成 measures 或 decisions")
_OF_EXPRESSIONS = '(（"“*×/÷'  # in no limit as one writes it
_SEE = Words("declare it under `tables:`", "在 tables 里声明它")
_NUMBER = re.compile(r"[+-]?\d{1,1000}(\.\d{1,1000})?")


class Dated(TypedDict):
    """The days that an entry is in force."""

    from_: date | None
    until: date | None


def conventions_of(node: Mapping[str, Node]) -> Conventions:
    """The conventions that stand in a mapping, each by its plain value; rounding as `rounding.digits` and so on."""
    stated: dict[str, str] = {}
    for convention in CONVENTIONS:
        value = node.get(convention.name)
        if convention.parts:
            stated |= {
                f"{convention.name}.{part}": text for part, _ in convention.parts if (text := text_of(mapping(value), part)) is not None
            }
            continue
        written = text_of(value, "value") if isinstance(value, dict) else value
        if isinstance(written, str):
            stated[convention.name] = convention.value_of(written)
    return Frozen(stated)


class EntryReader:
    """Reads entries in sight of what the book declares."""

    def __init__(self, declared: Declarations, faults: Faults, conventions: Conventions) -> None:
        self.declared = declared
        self.faults = faults
        self.conventions = conventions
        self.parts = Parts()

    def expression(
        self, node: Node, sight: RowNames | WithLets, path: Path, *, wants: str | None = None, granted: Type = ANY
    ) -> Expression:
        """The expression at a path; one that cannot be read is noted and of type `any`."""
        if isinstance(node, dict):
            try:
                return from_tree(node, sight)
            except ExpressionError as error:
                self.faults.add(path, error.what, why=error.why, hint=error.hint, quote=error.fault.quote)
                return Constant(False, ANY)
        if not isinstance(node, str):
            return Constant(False, ANY)  # its shape was found wrong before
        if self.parts.spent():
            return Constant(False, ANY)  # which is said once
        expression, faults = read(node, sight, wants=wants, granted=granted)
        self.parts.take(expression)
        if self.parts.spent():
            what = Words(
                f"the expressions of the book have more than {MOST_PARTS:,} parts, once every `let` is written out",
                f"展开 let 之后，全书表达式超过 {MOST_PARTS:,} 个部分",
            )
            self.faults.add(
                path, what, hint=Words("name what is said often as a measure or decision", "反复出现的写成 measures 或 decisions")
            )
        for fault in faults:
            self.faults.add(path, fault.what, why=fault.why, hint=fault.hint, quote=fault.quote)
        for what, hint in amount_faults(expression, self.declared.clock_nodes, self.conventions):
            self.faults.add(path, what, hint=hint, quote=node)
        return expression

    def optional(
        self, entry: Mapping[str, Node], key: str, sight: RowNames | WithLets, path: Path, *, wants: str | None = None
    ) -> Expression | None:
        """The expression under a key, None where the key is not there."""
        return self.expression(entry[key], sight, (*path, key), wants=wants) if key in entry else None

    def dated(self, entry: Mapping[str, Node], path: Path) -> Dated:
        """`from:` and `until:`, both ends in force."""
        first, last = (self.day(entry, key, path) for key in ("from", "until"))
        if first is not None and last is not None and last < first:
            self.faults.add((*path, "until"), Words("it ends before it begins", "结束早于开始"))
        return {"from_": first, "until": last}

    def day(self, entry: Mapping[str, Node], key: str, path: Path) -> date | None:
        """The day under a key; None where the key is not there, or there is no such day."""
        text = text_of(entry, key)
        try:
            return date.fromisoformat(text) if text is not None else None
        except ValueError:
            self.faults.add((*path, key), Words(f"there is no day {text}", f"没有 {text} 这一天"))
            return None

    def period(self, entry: Mapping[str, Node], path: Path) -> str | None:
        """The period of an entry; None where it has none."""
        node = entry.get("period")
        if isinstance(node, dict) and len(node) != 1:
            hint = Words("month_from: 26, or year_from: 12-01", "写作 month_from: 26 或 year_from: 12-01")
            self.faults.add((*path, "period"), Words("a period is anchored in one way", "期间的起点只能写一个"), hint=hint)
        return period_kind(node)

    def lets(self, entry: Mapping[str, Node], sight: RowNames | WithLets, path: Path) -> WithLets:
        """The names in sight of an entry, its `let:` included; a later let may use an earlier one, and those of the table."""
        lets: dict[str, Expression] = dict(sight.lets) if isinstance(sight, WithLets) else {}
        base = sight.base if isinstance(sight, WithLets) else sight
        named = list(mapping(entry.get("let")).items())
        if len(named) > MOST_LETS:
            self.faults.add((*path, "let"), Words(f"more than {MOST_LETS} names", f"超过 {MOST_LETS} 个名字"), hint=_IN_MEASURES)
        for name, node in named[:MOST_LETS]:
            lets[name] = self.expression(node, WithLets(base, dict(lets)), (*path, "let", name))
        return WithLets(base, lets)

    def about(self, entry: Mapping[str, Node], path: Path, default: str | None = None) -> str:
        """What the entry is about; a fault where there is no such table or scheme."""
        about = text_of(entry, "about") or ("" if "about" in entry else default or "")
        if about and not self.declared.can_be_about(about):
            labels = {**self.declared.table_labels, **self.declared.scheme_labels}
            hint = meant_by_label(about, labels, DECLARE_TABLE)
            self.faults.add((*path, "about"), Words(f'no table or scheme "{about}"', f"没有“{about}”这个表或计分方案"), hint=hint)
        return self.declared.meant(about)

    def group(self, entry: Mapping[str, Node], sight: RowNames | WithLets, path: Path) -> str | None:
        """The id of the fact by which `within:` groups those that are ranked."""
        within = text_of(entry, "within")
        if within is None:
            return None
        fact = sight.find(within)
        if fact is None:
            hint = did_you_mean(within, (spelling for spelling in sight.spellings() if spelling != within), _SEE)
            self.faults.add((*path, "within"), Words(f'unknown fact "{within}"', f"没有“{within}”这个事实"), hint=hint)
        return fact.id if isinstance(fact, Name) else within

    def limit(
        self, node: Node, sight: RowNames | WithLets, path: Path, *, numbers: bool = False, conventions: Conventions | None = None
    ) -> Expression:
        """A limit: a literal such as 8 工作日, or an expression of that type; with `numbers`, an amount in the clock's unit too."""
        named = sight.find(node) if isinstance(node, str) else None
        if isinstance(node, str) and (named is None or named == Constant(False, ANY)):
            try:
                return Constant(written_limit(node, {**self.conventions, **(conventions or {})}.get("bare_day")), LIMIT)
            except LimitError as error:
                if any(sign in node for sign in "日天时月年分") and not any(sign in node for sign in _OF_EXPRESSIONS):
                    self.faults.add(path, error.what, why=error.why, hint=error.hint)
                    return Constant(False, ANY)
        limit = self.expression(node, sight, path)
        if limit.type.kind not in ("limit", "any") and not (numbers and limit.type.is_number):
            self.faults.add(
                path,
                Words(f"a limit must stand here, this is {limit.type.kind}", "这里要写时限"),
                hint=Words("8 工作日, 24 小时, 当天", "写作 8 工作日、24 小时、当天"),
            )
        return limit


def number_of(entry: Mapping[str, Node], key: str) -> Fraction | None:
    """The number under a key; None where there is none, or what stands there was found to be no number."""
    text = text_of(entry, key) or ""
    return fraction_of(text) if _NUMBER.fullmatch(text) else None


def as_list(node: Node | None) -> Sequence[Node]:
    """One or several, as a list."""
    return node if isinstance(node, list) else [] if node is None else [node]


def as_texts(node: Node | None) -> tuple[str, ...]:
    """One text or several."""
    return tuple(text for text in as_list(node) if isinstance(text, str))
