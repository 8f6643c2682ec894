"""Two books, or two days of one: of each outcome whether it is equal, stricter, laxer or different, each difference with a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias, overload

from govservice.as_json import AsJson
from govservice.errors import GovServiceError, Lang, Words, known_lang
from govservice.frozen import Frozen, freeze
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents, labelled
from govservice.rules.book.entries import expressions
from govservice.rules.language.day_functions import Days
from govservice.rules.language.shapes import Compare, Constant, Name, walk
from govservice.rules.language.values import GAP, NONE, NUMBERS, Interval, Nothing, Type, Unknown, reported
from govservice.rules.proofs.altered import Altered
from govservice.rules.proofs.closed import Closed, closure
from govservice.rules.proofs.findings import NotAnalysed, said_of, spelt
from govservice.rules.proofs.formulas import FALSE, TRUE, Budget, Node, OutOfBudget
from govservice.rules.proofs.leaves import NOTHING as NOT_APPLICABLE
from govservice.rules.proofs.leaves import OPEN, Leaf, Linear, Truth, Vague
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.listing import Rewritten, changes_between, entries_written
from govservice.rules.proofs.questions import Found, Question
from govservice.rules.proofs.tables import epochs

__all__ = ["CONFLICT", "BooksCompared", "Changes", "Difference", "Relation", "compare_contents", "differing"]

Relation: TypeAlias = Literal["equal", "stricter", "laxer", "different", "not analysed"]
MOST_CHANGES: Final = 40  # shown of one outcome on one day
MOST_NAMED: Final = 6  # entries named of those that a decision hangs on
_RAN_OUT: Final = Words("the search was given up: too many cases", "情形太多，没有查完")
_UNREAD: Final = Words("it hangs on what is not analysed", "取决于没有分析的部分")
_ELSEWHERE: Final = Words("it is about another table now", "它关于的表换了")
_LANGS: Final[tuple[Lang, ...]] = ("en", "zh")
CONFLICT: Final = Words("a conflict", "规则冲突")
_NUMBERS: Final = (int, Decimal)
_SAME: Final = Compare("!=", Constant("before", Type("text")), Constant("after", Type("text")))


@dataclass(frozen=True, slots=True, repr=False)
class Difference(AsJson):
    """A record that two books decide differently.

    `before` and `after` are the outcome's values (None: no rule, or not applicable; "conflict" where rules contradict each other), `rules`
    those that settled them. `kind` is "stricter" (no longer true, or a smaller number), "laxer" or "different"; "added" and "removed" are
    of whole decisions, without a record.
    """

    decision: str
    outcome: str
    kind: str
    rules: tuple[str, ...]
    witness: Mapping[str, object]
    before: object
    after: object
    said: Words
    settings: Mapping[str, object] = field(default_factory=Frozen)
    counted: Mapping[str, object] = field(default_factory=Frozen)
    on: date | None = None

    def __post_init__(self) -> None:
        freeze(self)

    def text(self, lang: Lang = "en") -> str:
        """The change as a line."""
        return self.said.text(known_lang(lang))


@dataclass(frozen=True, slots=True, repr=False)
class Changes(AsJson):
    """The differences between two books, a sequence of `Difference`; `listed` is all else that is written differently, key by key, but
    what stands there for readers alone (labels, clauses, examples) and rules of which it is proved that they decide alike; `not_analysed`
    is what no proof covers. Where all are empty that is a proof of equality.
    """

    changes: tuple[Difference, ...]
    listed: tuple[Rewritten, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()

    def __len__(self) -> int:
        return len(self.changes) + len(self.listed)

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.changes)

    @overload
    def __getitem__(self, at: int) -> Difference: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Difference, ...]: ...
    def __getitem__(self, at: int | slice) -> Difference | tuple[Difference, ...]:
        return self.changes[at]


@dataclass(frozen=True, slots=True, repr=False)
class BooksCompared(AsJson):
    """How another book decides beside this one: by outcome (a decision's own by its id, others `decision.outcome`) the relation, and the
    changes that show it.
    """

    relation: Mapping[str, Relation]
    changes: Changes

    def __post_init__(self) -> None:
        freeze(self)


def compare_contents(before: Contents, after: Contents, *, steps: int, calendar: Days | None = None) -> BooksCompared:
    """Compare every outcome of two books over complete records."""
    relation: dict[str, Relation] = {}
    changes: list[Difference] = []
    left: list[NotAnalysed] = []
    for id in dict.fromkeys((*before.decisions, *after.decisions)):
        if id not in after.decisions or id not in before.decisions:
            kind = "removed" if id not in after.decisions else "added"
            entry = (before if kind == "removed" else after).decisions[id]
            said = Words(f"{id}: {kind}", f"{labelled(id, entry.label).strip()}：{'已删去' if kind == 'removed' else '新增'}")
            changes.append(Difference(id, entry.primary, kind, (), {}, None, None, said))
            for name, _ in entry.outcomes:
                relation[_called(id, name)] = "different"
    order = [id for id in after.decisions if id in before.decisions]
    written = entries_written(before), entries_written(after)
    rewritten = tuple(one.called(before, after) for one in changes_between(*written))
    altered = Altered(before, after, rewritten)
    shown: set[str] = set()  # the decisions of which all that differs is shown, or proved not to matter
    for id in order:
        if not altered.reaches(id):
            found = None
            relation |= {_called(id, name): "equal" for name, _ in before.decisions[id].outcomes}
        else:
            found = _Compared(before, after, id, steps, calendar)
            relation |= {_called(id, name): found.relation(name) for name in found.names}
            changes += found.changes
            left += found.left
        if found is None or not (found.left or found.cut):
            shown.add(id)
        equal = [name for name, _ in after.decisions[id].outcomes if relation[_called(id, name)] == "equal"]
        behind = altered.behind(id) if equal else ()
        if behind:
            relation |= dict.fromkeys((_called(id, name) for name in equal), "not analysed")
            labels = after.labels_for(id)
            named = "、".join(labels.get(name, name) for name in equal)
            left.append(NotAnalysed(f"decisions.{id}", ", ".join(equal), _hangs_on(behind), named))
    listed = tuple(one for one in rewritten if not _is_shown(one, shown, {*before.decisions} ^ {*after.decisions}))
    return BooksCompared(dict(sorted(relation.items())), Changes(tuple(changes), listed, tuple(left)))


_ANALYSED: Final = frozenset(("hit", "when", "otherwise", "from", "until", "then"))


def _is_shown(one: Rewritten, shown: set[str], whole: set[str]) -> bool:
    """Whether something that is written differently is told among the changes of decisions, or proved not to matter."""
    section, _, place = one.entry.partition(".")
    id = place.partition(".")[0]
    if section != "decisions":
        return False
    return id in whole or (id in shown and (one.entry != f"decisions.{id}" or one.key in _ANALYSED or one.key.startswith("order")))


def _hangs_on(places: Sequence[str]) -> Words:
    """Why a decision is not proved to come to the same whose own rules do."""
    more = len(places) - MOST_NAMED
    en, zh = ", ".join(places[:MOST_NAMED]), "、".join(places[:MOST_NAMED])
    return Words(
        f"it hangs on what is written differently: {en}{f' and {more} more' if more > 0 else ''}",
        f"取决于改写了的 {zh}{f' 等 {len(places)} 处' if more > 0 else ''}",
    )


def _called(decision: str, outcome: str) -> str:
    return decision if outcome == decision else f"{decision}.{outcome}"


def _retyped(before: Contents, after: Contents, id: str) -> set[str]:
    """The facts and settings of another type that a decision reads: no record is one of both books."""
    kinds: dict[str, set[str]] = {}
    for contents in (before, after):
        for entry in closure(contents, id).values():
            for part in _parts(entry):
                if isinstance(part, Name) and part.home in ("column", "setting"):
                    kinds.setdefault(part.id, set()).add(part.type.kind)
    return {name for name, found in kinds.items() if len(found) > 1 and not found <= NUMBERS}


def _parts(entry: Any) -> Iterator[Any]:
    return (part for expression in expressions(entry) for part in walk(expression))


def differing(closed: Sequence[Closed], decision: str, name: str) -> list[tuple[Node, Leaf, Leaf]]:
    """Where two books give an outcome different values, and which."""
    collected = _collected(closed, decision)
    if collected is not None:
        return [] if collected is FALSE else [(collected, Vague("before"), Vague("after"))]
    mine, theirs = (one.outcome(decision, name) for one in closed)
    make = closed[0].space.formulas
    pairs: list[tuple[Node, Leaf, Leaf]] = []
    for here, one in mine:
        for there, other in theirs:
            where = make.all_of((here, there, _differ(closed[0], one, other)))
            if where is not FALSE:
                pairs.append((where, one, other))
    return pairs


def _collected(closed: Sequence[Closed], decision: str) -> Node | None:
    """Where two `collect` tables whose rules differ in their conditions alone collect other members; None where that is not so."""
    entries = [one.contents.decisions[decision] for one in closed]
    if any(entry.hit != "collect" for entry in entries) or entries[0].otherwise != entries[1].otherwise:
        return None
    tables = [one.table_of(decision) for one in closed]
    make = closed[0].space.formulas
    pairs: list[tuple[Truth, Truth]] = [(tables[0].applies, tables[1].applies)]
    if [rule.then for rule, _ in tables[0].rules] != [rule.then for rule, _ in tables[1].rules]:
        return None
    if any(not isinstance(worth, Constant) for rule, _ in tables[0].rules for _, worth in rule.then):
        return None
    pairs += [(mine, theirs) for (_, mine), (_, theirs) in zip(tables[0].rules, tables[1].rules, strict=True)]
    apart = [make.any_of((make.all_of((one.yes, other.no)), make.all_of((one.no, other.yes)))) for one, other in pairs]
    return make.any_of(apart)


def _differ(closed: Closed, one: Leaf, other: Leaf) -> Node:
    if one == other and not (isinstance(one, Vague) and not one.there):
        return FALSE
    states = (NOT_APPLICABLE, OPEN)
    if isinstance(one, Vague) or isinstance(other, Vague):
        return closed.unsaid_truth(f"{one} ≠ {other}").yes
    if one in states or other in states:
        return FALSE if one in states and other in states else TRUE  # either way there is no outcome
    return closed.leaves_compared("!=", one, other, _SAME).yes


class _Compared:
    """One decision of two books, on every day on which either changes."""

    def __init__(self, before: Contents, after: Contents, id: str, steps: int, calendar: Days | None) -> None:
        self.books = (before, after)
        self.id = id
        self.names = list(dict.fromkeys(name for book in self.books for name, _ in book.decisions[id].outcomes))
        self.ways: dict[str, set[str]] = {name: set() for name in self.names}
        self.changes: list[Difference] = []
        self.left: list[NotAnalysed] = []
        self.cut = False  # whether there are changes that are not shown
        shared = [name for name in self.names if all(name in dict(book.decisions[id].outcomes) for book in self.books)]
        for name in self.names:
            if name not in shared:
                self.ways[name].add("other")
        if before.decisions[id].about != after.decisions[id].about:
            self._leave(id, _ELSEWHERE, self.names)
            return
        retyped = sorted(_retyped(before, after, id))
        if retyped:
            en, zh = ", ".join(retyped), "、".join(retyped)
            self._leave(id, Words(f"what it reads is of another type now: {en}", f"用到的 {zh} 换了类型"), self.names)
            return
        days = epochs((*closure(before, id).values(), *closure(after, id).values()))
        seen: set[tuple[str, object, object]] = set()
        for on in days:
            self._on(on, shared, Budget(steps), calendar, seen)

    def relation(self, name: str) -> Relation:
        """What the differences come to."""
        ways = self.ways[name]
        if "unclear" in ways:
            return "not analysed" if ways == {"unclear"} else "different"
        if not ways:
            return "equal"
        return "stricter" if ways == {"less"} else "laxer" if ways == {"more"} else "different"

    def _leave(self, what: str, why: Words, names: Sequence[str]) -> None:
        one = NotAnalysed(f"decisions.{self.id}", what, why, self.books[1].labels_for(self.id).get(what))
        if one not in self.left:
            self.left.append(one)
        for name in names:
            self.ways[name].add("unclear")

    def _on(
        self, on: date | None, names: Sequence[str], budget: Budget, calendar: Days | None, seen: set[tuple[str, object, object]]
    ) -> None:
        def read(closed: Sequence[Closed]) -> None:
            for name in names:
                for where, one, other in differing(closed, self.id, name):
                    list(_ways_of(closed[0], where, one, other))

        question = Question(self.books, self.id, on, budget=budget, read=read, calendar=calendar)
        for name in names:
            for where, one, other in differing(question.closed, self.id, name):
                self._tried(question, name, where, one, other, seen)

    def _tried(self, question: Question, name: str, where: Node, one: Leaf, other: Leaf, seen: set[tuple[str, object, object]]) -> None:
        for way, goal in _ways_of(question.closed[0], where, one, other):
            try:
                found = question.find([goal])
            except OutOfBudget:
                self._leave(name, _RAN_OUT, [name])
                return
            except Undecided:
                self._leave(name, _UNREAD, [name])
                continue
            if found is None:
                continue
            verdicts = question.verdicts(found.witness)
            values = [_value(verdict, name) for verdict in verdicts]
            elsewhere = any(isinstance(verdict, GovServiceError) and verdict.id != self.id for verdict in verdicts)
            if elsewhere or (values[0] == values[1] and type(values[0]) is type(values[1])):
                self._leave(name, _UNREAD, [name])
                continue
            self.ways[name].add(_way(values, way))
            key = (name, values[0], values[1])
            self.cut |= key not in seen and len(seen) >= MOST_CHANGES
            if key not in seen and len(seen) < MOST_CHANGES:
                seen.add(key)
                self.changes.append(self._change(question, name, found, verdicts, values))

    def _change(self, question: Question, name: str, found: Found, verdicts: list[Any], values: list[object]) -> Difference:
        witness, telling = found.witness, found.telling
        rules = tuple(dict.fromkeys(verdict.rule for verdict in verdicts if getattr(verdict, "rule", None) is not None))
        way = _way(values, "other")
        kind = {"less": "stricter", "more": "laxer"}.get(way, "different")
        before, after = self.books
        about = before.decisions[self.id].about
        words = {
            lang: [
                CONFLICT.text(lang) if isinstance(verdict, GovServiceError) else said_of(value, name, book, self.id, lang)
                for book, verdict, value in zip(self.books, verdicts, values, strict=True)
            ]
            for lang in _LANGS
        }
        shown = {lang: spelt(witness, after, about, lang, telling) for lang in _LANGS}
        label = before.decisions[self.id].label or self.id
        label += "" if name == self.id else f"·{before.labels_for(self.id).get(name, name)}"
        said = Words(
            f"{_called(self.id, name)}: {words['en'][0]} -> {words['en'][1]}: {shown['en']}",
            f"{label}：{words['zh'][0]} 改为 {words['zh'][1]}：{shown['zh']}",
        )
        return Difference(
            self.id, name, kind, rules, witness.facts, values[0], values[1], said, witness.settings, witness.counted, question.on
        )


def _ways_of(closed: Closed, where: Node, one: Leaf, other: Leaf) -> Iterator[tuple[str, Node]]:
    """Where two values differ; numbers that may be less or more are asked each way."""
    if isinstance(one, Linear) and isinstance(other, Linear) and one.scale == other.scale and (one.form or other.form):
        for way, op in (("less", "<"), ("more", ">")):
            yield way, closed.space.formulas.all_of((where, closed.leaves_compared(op, other, one, _SAME).yes))
    else:
        yield "other", where


def _value(verdict: Any, name: str) -> object:
    """The settled value of an outcome; None where there is none."""
    if isinstance(verdict, GovServiceError):
        return "conflict"
    value = verdict.values.get(name, NONE)
    return None if isinstance(value, (Unknown, Interval, Nothing)) or value is GAP else reported(value)


def _way(values: Sequence[object], otherwise: str) -> str:
    """Whether an outcome became less: no longer true, a smaller number, a shorter limit; or more."""
    before, after = values
    if isinstance(before, bool) or isinstance(after, bool):
        if before is True and after is not True:
            return "less"
        return "more" if after is True and before is not True else "other"
    if isinstance(before, TimeLimit) and isinstance(after, TimeLimit):
        before, after = (before.value, after.value) if before.unit == after.unit else (None, None)
    if not (isinstance(before, _NUMBERS) and isinstance(after, _NUMBERS)):
        return "other"
    return "less" if after < before else "more" if after > before else otherwise
