"""What can be said of a table of rules: gaps, overlaps, rules that never fire, what only the order decides; each with a witness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import combinations
from typing import Any, Final

from govservice.errors import NOTHING, GovServiceError, Lang, Words
from govservice.rules.book.contents import Contents, labelled
from govservice.rules.book.entries import Decision, Rule, expressions
from govservice.rules.language.day_functions import Days
from govservice.rules.language.shapes import Compare, Constant, Name, walk
from govservice.rules.language.values import Interval, Nothing, Unknown, reported
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.proofs.cells import NumberCell
from govservice.rules.proofs.closed import Closed, closure
from govservice.rules.proofs.findings import KINDS, Finding, NotAnalysed, by_labels, spelt
from govservice.rules.proofs.formulas import FALSE, TRUE, Budget, Node, OutOfBudget, widest
from govservice.rules.proofs.leaves import TableForm, Truth
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.questions import Found, Question, Witness

__all__ = ["TableCheck", "check_decision", "epochs"]

MOST_GAPS: Final = 20
MORE_GAPS: Final = 4_000  # steps for all but the first of them
MOST_ORDERS: Final = 40
MOST_OVERLAPS: Final = 50
MOST_NAMED: Final = 6
MOST_STEPS: Final = 100_000  # to say of all rules that never fire which others stand before them
_LANGS: Final[tuple[Lang, ...]] = ("en", "zh")
_RAN_OUT: Final = Words("the search was given up: too many cases", "情形太多，没有查完")
_MORE: Final = Words("there are more of them, not listed", "还有，没有全部列出")
_UNREAD: Final = Words("it is not analysed: what stands on it may or may not be so", "没有分析：以它为准的，是否如此不能断定")


def epochs(decisions: Iterable[Decision]) -> list[date | None]:
    """A day of each span in which the same rules are in force, the last first; one None where nothing is dated.

    >>> epochs([])
    [None]
    """
    dated: list[Decision | Rule] = []
    for decision in decisions:
        dated += (decision, *decision.rules)
    begins = {part.from_ for part in dated if part.from_ is not None}
    begins |= {part.until + timedelta(days=1) for part in dated if part.until is not None and part.until < date.max}
    if not begins:
        return [None]
    first = min(begins)
    return [*sorted(begins, reverse=True), *([first - timedelta(days=1)] if first > date.min else [])]


class _TooManyError(Exception):
    """More is found than anybody would read."""


class TableCheck:
    """One decision on one day: its closed form, and the questions asked of it."""

    def __init__(self, contents: Contents, decision: str, on: date | None, budget: Budget, calendar: Days | None = None) -> None:
        self.contents = contents
        self.entry = contents.decisions[decision]
        self.on = on
        self.budget = budget
        self.naming = Budget(MOST_STEPS)
        read = _differences(self.entry)
        self.question = Question([contents], decision, on, budget=budget, calendar=calendar, read=read, conditions=True)
        self.closed = self.question.closed[0]
        self.table: TableForm = self.closed.table_of(decision)
        self.rules: list[Rule] = [rule for rule, _ in self.table.rules]
        self.truths: list[Truth] = [truth for _, truth in self.table.rules]

    # -- what holds where

    def gap(self) -> Found | None:
        """A record to which the table applies and no rule fits. None is a proof that there is none."""
        if self.entry.otherwise is not None or self.entry.hit == "collect":
            return None
        return self._found(self._no_rule(), self._is_gap)

    def gaps(self) -> Iterator[Found]:
        """Gaps, each with all that may be otherwise without a rule fitting; together they are all records that no rule takes.

        Raises OutOfBudget; after the first, sooner and as _TooManyError.
        """
        found = self.gap()
        make, full = self.question.space.formulas, self.question.space.formulas.full or []
        budget = Budget(MORE_GAPS)
        goals = self._no_rule()
        while found is not None:
            box = widest(self._no_rule(), found.box, full)
            yield replace(found, box=box, telling=self.question.telling(box))
            goals.append(make.any_of(make.literal(dim, ~mask) for dim, mask in enumerate(box) if mask != full[dim]))
            try:
                found = self._found(goals, self._is_gap, budget)
            except OutOfBudget:
                raise _TooManyError from None

    def _no_rule(self) -> list[Node]:
        return [self.table.applies.yes, *(truth.no for truth in self.truths)]

    def fires(self, at: int) -> Found | None:
        """A record for which a rule holds, under `first` with none before it. None is a proof that there is none."""
        before = [truth.no for truth in self.truths[:at]] if self.entry.hit == "first" else []
        first = at if self.entry.hit == "first" else 0
        return self._found(
            [self.table.applies.yes, self.truths[at].yes, *before], lambda witness: self._so(witness, holding=[at], failing=range(first))
        )

    def overlap(self, one: int, other: int) -> Found | None:
        """A record for which two rules hold that may not both: any two of a `unique` table, two that differ of an `any` table."""
        goals = [self.table.applies.yes, self.truths[one].yes, self.truths[other].yes]
        if self.entry.hit == "any":
            differ = _differ(self.closed, self.rules[one], self.rules[other])
            if differ is FALSE:
                return None
            goals.append(differ)
        return self._found(goals, lambda witness: self._so(witness, holding=[one, other]))

    def overlaps(self) -> Iterator[tuple[int, int, Found]]:
        """All such pairs."""
        for one, other in self._near():
            found = self.overlap(one, other)
            if found is not None:
                yield one, other, found

    def orders(self) -> Iterator[tuple[int, int, Found]]:
        """Pairs of a `first` table that cross: each holds without the other, and where both do only the order decides."""
        for one, other in self._near():
            if self.rules[one].when is None or self.rules[other].when is None:
                continue
            differ = _differ(self.closed, self.rules[one], self.rules[other])
            if differ is FALSE:
                continue
            before = [self.table.applies.yes, *(truth.no for truth in self.truths[:one])]
            goals = [*before, self.truths[one].yes, self.truths[other].yes, differ]
            alone = [*before, self.truths[one].yes, self.truths[other].no]
            later = [self.table.applies.yes, *(truth.no for truth in self.truths[:other]), self.truths[other].yes]
            found = self._found(goals, partial(self._so, holding=[one, other]))
            if found is not None and self.question.find(alone) is not None and self.question.find(later) is not None:
                yield one, other, found

    def hidden_gaps(self) -> Iterator[tuple[str, Found]]:
        """Numbers that the rules leave out between those that they take, and that fall to the catch-all: `x < 5`, `x > 5`, else."""
        rules, truths = self.rules, self.truths
        if rules and self.entry.hit == "first" and rules[-1].when is None:
            truths = truths[:-1]
        elif self.entry.otherwise is None:
            return
        space = self.question.space
        make = space.formulas
        left = make.all_of([self.table.applies.yes, *(truth.no for truth in truths)])
        taken = make.all_of([self.table.applies.yes, make.any_of(truth.yes for truth in truths)])
        summed = {part for form in space.sums.values() for part, _ in form} | set(space.sums)
        for dim, slots in enumerate(space.cells):
            if dim in summed or space.variables[dim].origin == "unread":
                continue
            for at in range(1, len(slots) - 1):
                around = slots[at - 1 : at + 2]
                below, point, above = around
                if (
                    not (isinstance(below, NumberCell) and isinstance(point, NumberCell) and isinstance(above, NumberCell))
                    or point.low is None
                ):
                    continue
                if not point.point or below.point or above.point or space.is_meant(dim, point.low):
                    continue
                goals = [make.at(left, dim, 1 << at), make.at(taken, dim, 1 << at - 1), make.at(taken, dim, 1 << at + 1)]
                found = self.question.find([*goals, make.literal(dim, 1 << at)])
                if found is not None:
                    yield space.variables[dim].key, found

    def shadowing(self, at: int) -> list[int]:
        """The rules before one that together take all that it asks for, as few as are soon found; none where it never holds by itself."""
        own = [self.table.applies.yes, self.truths[at].yes]
        if self.question.find(own) is None:
            return []
        mine = _plain(self.truths[at].yes)
        before = [other for other in range(at) if _meet(mine, _plain(self.truths[other].yes))]
        budget = self.naming
        try:
            for other in before:
                if self.question.find([*own, self.truths[other].no], budget=budget) is None:
                    return [other]
            for other in list(before):
                without = [rest for rest in before if rest != other]
                if self.question.find([*own, *(self.truths[rest].no for rest in without)], budget=budget) is None:
                    before = without
        except OutOfBudget:
            pass
        return before

    def _near(self) -> Iterator[tuple[int, int]]:
        """The pairs of rules that may hold together, as far as their plain conditions say."""
        boxes = [_plain(truth.yes) for truth in self.truths]
        for one, other in combinations(range(len(boxes)), 2):
            if _meet(boxes[one], boxes[other]):
                yield one, other

    # -- trying

    def _found(self, goals: Sequence[Node], is_so: Callable[[Witness], bool], budget: Budget | None = None) -> Found | None:
        found = self.question.find(goals, budget=budget)
        if found is None or is_so(found.witness):
            return found
        raise Undecided

    def _is_gap(self, witness: Witness) -> bool:
        try:
            verdict = self.question.subject(self.contents, witness).verdict(self.entry.id)
        except GovServiceError:
            return False
        return verdict.gap and verdict.applies is True

    def _so(self, witness: Witness, *, holding: Iterable[int], failing: Iterable[int] = ()) -> bool:
        """Whether the interpreter finds that the table applies to a witness, and that these rules hold and those do not."""
        subject = self.question.subject(self.contents, witness)
        entry = subject.contents.decisions[self.entry.id]
        rules = {rule.id: rule for rule in entry.rules}
        asked = [(entry.when, True), *((rules[self.rules[at].id].when, True) for at in holding)]
        asked += ((rules[self.rules[at].id].when, False) for at in failing)
        try:
            return all((True if condition is None else holds(evaluate(condition, subject))) is wanted for condition, wanted in asked)
        except GovServiceError:
            return False

    def decided(self, witness: Witness) -> dict[str, object]:
        """What the other decisions that the table itself reads come to for a witness, where a column records it."""
        subject = self.question.subject(self.contents, witness)
        values: dict[str, object] = {}
        for part in (part for expression in expressions(self.entry) for part in walk(expression)):
            if isinstance(part, Name) and part.granted_by not in (None, self.entry.id) and self.contents.column(self.entry.about, part.id):
                try:
                    value = subject.value(part)
                except GovServiceError:
                    continue
                if not isinstance(value, (Unknown, Interval, Nothing)):
                    values[part.id] = reported(value)
        return values


def _meet(mine: dict[int, int], theirs: dict[int, int]) -> bool:
    """Whether what two conditions ask of single dimensions leaves a cell of each."""
    if len(theirs) < len(mine):
        mine, theirs = theirs, mine
    return all(mask & theirs.get(dim, mask) for dim, mask in mine.items())


def _plain(of: Node) -> dict[int, int]:
    """What a condition asks of single dimensions."""
    parts = of.parts if of.kind == 1 else (of,)
    plain = {part.dim: part.mask for part in parts if part.kind == 0}
    return {-1: 0} if of is FALSE else plain


def _differences(entry: Decision) -> Callable[[Sequence[Closed]], object]:
    """What is asked of the pairs of rules of a table, so that the space is cut for it: only where values are worked out."""
    calculated = [rule for rule in entry.rules if any(not isinstance(worth, Constant) for _, worth in rule.then)]

    def read(closed: Sequence[Closed]) -> None:
        if entry.hit in ("any", "first"):
            for rule in calculated:
                for other in entry.rules:
                    _differ(closed[0], rule, other)
                    _differ(closed[0], other, rule)

    return read


def _differ(closed: Closed, one: Rule, other: Rule) -> Node:
    """Where two rules grant different values; what only one of them grants is no difference."""
    make = closed.space.formulas
    granted, beside = dict(one.then), dict(other.then)
    differences: list[Node] = []
    for name in (name for name in granted if name in beside):
        mine, theirs = granted[name], beside[name]
        if mine == theirs:
            continue
        if isinstance(mine, Constant) and isinstance(theirs, Constant):
            return TRUE
        written_out = Compare("!=", mine, theirs)
        truth = closed.compared("!=", closed.value(mine), closed.value(theirs), written_out)
        differences.append(truth.yes)
    return make.any_of(differences)


# -- as findings


def check_decision(contents: Contents, id: str, budget: int, calendar: Days | None = None) -> tuple[list[Finding], list[NotAnalysed]]:
    """Every finding of a decision's table, on each day on which its rules change, and what was not analysed."""
    used = closure(contents, id)
    findings: dict[tuple[Any, ...], Finding] = {}
    left: dict[tuple[str, str], NotAnalysed] = {}
    days = epochs(used.values())
    never: dict[str, list[Finding]] = {}
    firing: set[str] = set()
    for on in days:
        check = TableCheck(contents, id, on, Budget(budget), calendar)
        if check.table.applies.yes is FALSE:
            continue
        unreachable: set[str] = set()
        for finding in _of_table(check, left):
            if finding.kind == "unreachable":
                never.setdefault(finding.rules[0], []).append(finding)
                unreachable.add(finding.rules[0])
            else:
                told = finding.said.en if finding.kind == "gap" else None
                findings.setdefault((finding.kind, finding.rules, told), finding)
        firing.update(rule.id for rule in check.rules if rule.id not in unreachable)
        for what in (*check.closed.unread,):
            called = by_labels(what, contents, contents.decisions[id].about)
            left.setdefault((f"decisions.{id}", what), NotAnalysed(f"decisions.{id}", what, _UNREAD, called))
    for rule, of_days in never.items():
        if rule not in firing:  # on some other day it does
            findings["unreachable", (rule,)] = of_days[0]
    for finding in _in_time(contents.decisions[id]):
        findings.setdefault((finding.kind, finding.rules), finding)
    return list(findings.values()), list(left.values())


def _of_table(check: TableCheck, left: dict[tuple[str, str], NotAnalysed]) -> Iterator[Finding]:
    entry = check.entry
    for what, of in (
        ("unreachable", _unreachable),
        ("gap", _gaps),
        ("overlap", _overlaps),
        ("hidden_gap", _hidden),
        ("order", _orders),
    ):
        try:
            yield from of(check)
        except OutOfBudget:
            left[f"decisions.{entry.id}", what] = NotAnalysed(f"decisions.{entry.id}", what, _RAN_OUT, KINDS[what][1].zh)
            check.budget.steps = max(check.budget.steps, 20_000)
        except (Undecided, _TooManyError) as reason:
            why = _UNREAD if isinstance(reason, Undecided) else _MORE
            left[f"decisions.{entry.id}", what] = NotAnalysed(f"decisions.{entry.id}", what, why, KINDS[what][1].zh)


def _finding(check: TableCheck, kind: str, rules: Sequence[int], found: Found | None, en: str, zh: str, hint: Words = NOTHING) -> Finding:
    ids = tuple(check.rules[at].id for at in rules)
    if found is None:
        return Finding(kind, f"decisions.{check.entry.id}", ids, Words(en, zh), hint, on=check.on)
    witness = found.witness
    en_shown, zh_shown = (spelt(witness, check.contents, check.entry.about, lang, found.telling) for lang in _LANGS)
    said = Words(f"{en}: {en_shown}" if en_shown else en, f"{zh}：{zh_shown}" if zh_shown else zh)
    facts = {**witness.facts, **check.decided(witness)}
    return Finding(
        kind, f"decisions.{check.entry.id}", ids, said, hint, facts, witness.settings, witness.counted, check.on, telling=found.telling
    )


def _called(check: TableCheck, at: int) -> tuple[str, str]:
    rule = check.rules[at]
    return rule.id, labelled(rule.id, rule.label).strip()


def _unreachable(check: TableCheck) -> Iterator[Finding]:
    for at in range(len(check.rules)):
        try:
            if check.fires(at) is not None:
                continue
        except Undecided:
            continue  # it may fire: which is no finding
        taken = check.shadowing(at)
        en, zh = _called(check, at)
        if not taken:
            yield _finding(
                check, "unreachable", [at], None, f"{en} never fires: its condition never holds", f"{zh} 永远用不上：条件不可能成立"
            )
            continue
        last = check.rules[taken[-1]]
        hint = NOTHING
        if len(taken) == 1 and last.when is None:
            hint = Words("it stands after a catch-all: put it before", "它写在兜底的规则后面：请移到前面")
        names = [check.rules[other].id for other in taken]
        if len(names) > MOST_NAMED:
            before = Words("the rules before it", "各条规则")
            taken = []
        else:
            before = Words(f"{', '.join(names)} before it", f" {'、'.join(names)} ")
        takes = "takes" if len(names) == 1 else "take"
        yield _finding(
            check, "unreachable", [at, *taken], None,
            f"{en} never fires: {before.en} {takes} all that it asks for", f"{zh} 永远用不上：排在前面的{before.zh}已经全部管到", hint,
        )  # fmt: skip


def _gaps(check: TableCheck) -> Iterator[Finding]:
    for count, found in enumerate(check.gaps()):
        if count == MOST_GAPS:
            raise _TooManyError
        hint = NOTHING
        if any(isinstance(value, (int, float)) and not isinstance(value, bool) and value < 0 for value in found.witness.facts.values()):
            hint = Words(
                "a number below 0 is needed: say `min: 0` of the column, if it cannot be", "要有负数才会如此：不可能为负的，在列上写 min: 0"
            )
        finding = _finding(check, "gap", [], found, "no rule fits", "没有规则管到", hint)
        bare = finding.said.en == "no rule fits"
        yield replace(finding, said=_where(check, found.telling)) if bare else finding


def _where(check: TableCheck, telling: Sequence[str]) -> Words:
    """Where no rule fits, of a record that says nothing: of which facts nothing is known there, or what it turns on."""
    if not telling:
        return Words("no rule fits, whatever the facts are", "没有规则管到：事实无论如何，都没有规则适用")
    columns = {name: check.contents.column(check.entry.about, name) for name in telling}
    if all(column is not None for column in columns.values()):
        called = "、".join(column.label or name for name, column in columns.items() if column is not None)
        return Words(f"no rule fits: where nothing is known of {', '.join(telling)}", f"没有规则管到：{called} 没有给出时")
    asked = [name.removeprefix("(").removesuffix(")") if name.startswith("(") else name for name in telling]
    return Words(
        f"no rule fits: it turns on {', '.join(asked)}, which is not analysed", f"没有规则管到：视 {'、'.join(asked)} 而定（没有分析）"
    )


def _overlaps(check: TableCheck) -> Iterator[Finding]:
    if check.entry.hit not in ("unique", "any"):
        return
    for count, (one, other, found) in enumerate(check.overlaps()):
        if count == MOST_OVERLAPS:
            raise _TooManyError
        (en, zh), (also_en, also_zh) = _called(check, one), _called(check, other)
        yield _finding(
            check,
            "overlap",
            [one, other],
            found,
            f"{en} and {also_en} both hold, against hit: {check.entry.hit}",
            f"{zh} 与 {also_zh} 同时成立，与 hit: {check.entry.hit} 不符",
        )


def _hidden(check: TableCheck) -> Iterator[Finding]:
    for name, found in check.hidden_gaps():
        label = check.contents.column(check.entry.about, name)
        zh = (label.label if label is not None else None) or name
        yield _finding(
            check, "hidden_gap", [], found, f"the rules leave out one value of {name}, which falls to the catch-all",
            f"各条规则漏了{zh}的一个值，落到了兜底的规则",
        )  # fmt: skip


def _orders(check: TableCheck) -> Iterator[Finding]:
    if check.entry.hit != "first":
        return
    for count, (one, other, found) in enumerate(check.orders()):
        if count == MOST_ORDERS:
            raise _TooManyError
        (en, zh), (also_en, also_zh) = _called(check, one), _called(check, other)
        yield _finding(
            check, "order", [one, other], found,
            f"{en} and {also_en} both fit, and only the order decides", f"{zh} 与 {also_zh} 都合适，仅凭次序决定",
        )  # fmt: skip


def _in_time(entry: Decision) -> Iterator[Finding]:
    """Two dated versions of a rule, on one condition: for a time neither is in force, or both are."""
    dated = [rule for rule in entry.rules if rule.from_ is not None or rule.until is not None]
    for earlier, later in ((one, other) for one in dated for other in dated if one is not other and one.when == other.when):
        begins = later.from_
        if begins is None or (earlier.from_ or date.min) >= begins:
            continue
        ids, called = (earlier.id, later.id), tuple(labelled(rule.id, rule.label).strip() for rule in (earlier, later))
        if earlier.until is not None and earlier.until + timedelta(days=1) < begins:
            first, last = earlier.until + timedelta(days=1), begins - timedelta(days=1)
            if not any(other.in_force(first) for other in dated if other.when == earlier.when):
                said = Words(
                    f"from {first} to {last} neither {earlier.id} nor {later.id} is in force",
                    f"{first} 至 {last}，{called[0]} 和 {called[1]} 都不在有效期内",
                )
                yield Finding("time_gap", f"decisions.{entry.id}", ids, said, on=first)
        if (earlier.until is None or earlier.until >= begins) and earlier.then != later.then:
            said = Words(
                f"from {begins} on {earlier.id} and {later.id} are in force at once, on one condition",
                f"自 {begins} 起，{called[0]} 与 {called[1]} 条件相同而同时有效",
            )
            hint = Words(f"end {earlier.id} the day before: until:", f"给 {called[0]} 写上 until")
            yield Finding("time_overlap", f"decisions.{entry.id}", ids, said, hint, on=begins)
