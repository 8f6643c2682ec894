"""How good test cases are: which rules they reach, which small changes of the rules they notice, and cases that notice the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from govservice.as_json import AsJson
from govservice.errors import DecisionError, GovServiceError, Words
from govservice.frozen import Frozen, freeze
from govservice.reading import as_day, shown
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision
from govservice.rules.language.day_functions import Days
from govservice.rules.language.facts import read_fact
from govservice.rules.language.values import NONE, Interval, Nothing, Unknown, reported
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.rules.meaning.tables import Verdict
from govservice.rules.proofs.comparing import differing
from govservice.rules.proofs.formulas import Budget, OutOfBudget
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.mutating import Mutant, mutants_of
from govservice.rules.proofs.questions import Question, Witness
from govservice.rules.proofs.rebuilding import with_entries
from govservice.rules.proofs.tables import TableCheck

__all__ = ["OPEN", "Coverage", "case_holds", "coverage", "told_apart", "with_decision"]

OPEN = "open"
CONFLICT = "conflict"


class CasesOf(Protocol):
    """A rulebook, as far as cases ask."""

    @property
    def contents(self) -> Contents: ...
    def day(self, on: date | str | None) -> date | None: ...


@dataclass(frozen=True, slots=True, repr=False)
class Coverage(AsJson):
    """What test cases are worth: `unreached` are the rules (`decision.rule`) that none of them makes hold, `mutants` the number of small
    changes tried, `killed` those that a case notices, `equivalent` those proved to change nothing, `survivors` the others, `undecided`
    those among them of which nothing could be proved. `offered` are cases to add, as mappings: they reach what is not reached, and notice
    every survivor that is not undecided.
    """

    unreached: tuple[str, ...]
    mutants: int
    killed: int
    equivalent: tuple[Mutant, ...]
    survivors: tuple[Mutant, ...]
    undecided: tuple[Mutant, ...]
    offered: tuple[Mapping[str, Any], ...]

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class _Case:
    decision: str
    facts: Mapping[str, Any]
    expect: Mapping[str, Any]
    on: date | None


def coverage(
    book: CasesOf,
    cases: Iterable[Mapping[str, Any]],
    *,
    days: Mapping[str, date | None],
    steps: int,
    calendar: Days | None = None,
) -> Coverage:
    """Measure test cases of a book's decisions, and the decisions in `days` that no case names; see `Rulebook.coverage`."""
    read = [_read(book, case, number) for number, case in enumerate(cases, 1)]
    return _Covering(book, read, days, steps, calendar).measured()


def case_holds(book: CasesOf, case: Mapping[str, Any], *, calendar: Days | None = None) -> bool:
    """Whether a case comes out as it says, from its facts alone. Raises DecisionError and RecordError where it cannot be read."""
    return _holds(book.contents, _read(book, case, 1), calendar)


def _read(book: CasesOf, case: Mapping[str, Any], number: int) -> _Case:
    decision, facts, expect = case.get("decision"), case.get("facts"), case.get("expect")
    entry = book.contents.decisions.get(decision) if isinstance(decision, str) else None
    if entry is None:
        listed = ", ".join(book.contents.decisions)
        raise DecisionError(
            Words(f"case {number}: no decision {shown(decision)}", f"第 {number} 例：没有 {shown(decision)} 这个决定"),
            hint=Words(f"the book has: {listed}", f"本册有：{listed}"),
        )
    types = dict(entry.outcomes)
    if not isinstance(facts, Mapping) or not isinstance(expect, Mapping) or not expect or not set(expect) <= types.keys():
        what = Words(
            f"case {number}: facts and expect are mappings, expect of outcomes of {decision}",
            f"第 {number} 例：facts 和 expect 要写成对应，expect 写 {decision} 的结果",
        )
        hint = Words(f"outcomes: {', '.join(types)}", f"结果有：{'、'.join(types)}")
        raise DecisionError(what, hint=hint)
    wanted = {name: worth if worth in (None, OPEN) else reported(read_fact(name, worth, types[name])) for name, worth in expect.items()}
    on = case.get("on")
    return _Case(entry.id, facts, wanted, book.day(as_day(on) if on is not None else None))


class _Covering:
    def __init__(self, book: CasesOf, cases: list[_Case], days: Mapping[str, date | None], steps: int, calendar: Days | None) -> None:
        self.contents = book.contents
        self.steps, self.calendar = steps, calendar
        self.cases = cases
        named = {case.decision: case.on for case in reversed(cases)}
        self.days = {id: named.get(id, days.get(id)) for id in dict.fromkeys((*(case.decision for case in cases), *days))}

    def measured(self) -> Coverage:
        for number, case in enumerate(self.cases, 1):
            if not _holds(self.contents, case, self.calendar):
                raise DecisionError(
                    Words(f"case {number} of {case.decision} does not hold", f"{case.decision} 的第 {number} 例不成立"),
                    hint=Words("mend the case or the rules first", "请先改正这一例，或者规则"),
                    id=case.decision,
                )
        unreached: list[str] = []
        total = killed = 0
        equivalent: list[Mutant] = []
        survivors: list[Mutant] = []
        undecided: list[Mutant] = []
        offered: list[_Case] = []
        for id in self.days:
            entry = self.contents.decisions[id]
            missed = self._unreached(entry)
            unreached += (f"{id}.{rule}" for rule in missed)
            offered += self._reaching(entry, missed)
            for mutant, changed in mutants_of(entry, self.contents.labels_for(id)):
                total += 1
                other = with_decision(self.contents, changed)
                if any(not _holds(other, case, self.calendar) for case in self.cases if case.decision == id):
                    killed += 1
                    continue
                fate = self._fate(changed, other, offered)
                if fate == "equivalent":
                    equivalent.append(mutant)
                    continue
                survivors.append(mutant)
                if fate == "undecided":
                    undecided.append(mutant)
        written_out = tuple(_as_case(case) for case in offered)
        return Coverage(tuple(unreached), total, killed, tuple(equivalent), tuple(survivors), tuple(undecided), written_out)

    def _unreached(self, entry: Decision) -> list[str]:
        reached: set[str] = set()
        for case in self.cases:
            if case.decision == entry.id:
                verdict = _verdict(self.contents, case, self.calendar)
                if isinstance(verdict, Verdict):
                    reached.update(step.rule for step in verdict.steps if step.held)
        return [rule.id for rule in entry.rules if rule.id not in reached]

    def _reaching(self, entry: Decision, missed: list[str]) -> list[_Case]:
        """For each rule that no case reaches, one that does, where there is one."""
        if not missed:
            return []
        check = TableCheck(self.contents, entry.id, self.days[entry.id], Budget(self.steps), self.calendar)
        cases: list[_Case] = []
        for at, rule in enumerate(check.rules):
            if rule.id not in missed:
                continue
            try:
                found = check.fires(at)
            except (OutOfBudget, Undecided):
                continue
            case = None if found is None or found.witness.settings or found.witness.counted else self._case(entry, found.witness.facts)
            if case is not None:
                cases.append(case)
        return cases

    def _case(self, entry: Decision, facts: Mapping[str, object]) -> _Case | None:
        """A case of these facts that expects what the book decides; none where it contradicts itself."""
        bare = _Case(entry.id, facts, {}, self.days[entry.id])
        verdict = _verdict(self.contents, bare, self.calendar)
        if not isinstance(verdict, Verdict):
            return None
        return replace(bare, expect={name: _said(value) for name, value in verdict.values.items()})

    def _fate(self, changed: Decision, other: Contents, offered: list[_Case]) -> str:
        """Whether a change that no case notices changes anything; a case that notices it is offered."""
        if any(not _holds(other, case, self.calendar) for case in offered if case.decision == changed.id):
            return "noticed"
        unclear = False
        for witness in told_apart(self.contents, other, changed.id, self.days[changed.id], self.steps, self.calendar):
            case = None
            if witness is not None and not witness.settings and not witness.counted:
                case = self._case(self.contents.decisions[changed.id], witness.facts)
            if case is None or _holds(other, case, self.calendar):
                unclear = True
                continue
            offered.append(case)
            return "noticed"
        return "undecided" if unclear else "equivalent"


def told_apart(
    before: Contents, after: Contents, decision: str, on: date | None, steps: int, calendar: Days | None = None
) -> Iterator[Witness | None]:
    """Records that two books may decide differently, None where it cannot be said whether there is one. None at all is a proof that the
    decision is the same in both.
    """
    names = [name for name, _ in after.decisions[decision].outcomes]

    def read(closed: Any) -> None:
        for name in names:
            differing(closed, decision, name)

    question = Question([before, after], decision, on, budget=Budget(steps), read=read, calendar=calendar)
    for name in names:
        for where, _, _ in differing(question.closed, decision, name):
            try:
                found = question.find([where])
            except (OutOfBudget, Undecided):
                yield None
                continue
            if found is not None:
                yield found.witness


def with_decision(contents: Contents, changed: Decision) -> Contents:
    """A book with one decision changed; what is known of its names stays known."""
    return with_entries(contents, decisions={**contents.decisions, changed.id: changed})


def _verdict(contents: Contents, case: _Case, calendar: Days | None) -> Verdict | GovServiceError:
    as_of = case.facts.get("as_of")
    facts = {name: value for name, value in case.facts.items() if name != "as_of"}
    around = Surroundings(case.on, as_of if isinstance(as_of, date) else None, calendar)
    try:
        return Subject(contents, contents.decisions[case.decision].about, facts, around).verdict(case.decision)
    except GovServiceError as error:
        return error


def _holds(contents: Contents, case: _Case, calendar: Days | None) -> bool:
    """Whether a case comes out as it says."""
    verdict = _verdict(contents, case, calendar)
    if not isinstance(verdict, Verdict):
        return False
    found = {name: _said(verdict.values.get(name, NONE)) for name in case.expect}
    return all(found[name] == worth and type(found[name]) is type(worth) for name, worth in case.expect.items())


def _said(value: object) -> object:
    if isinstance(value, (Unknown, Interval)):
        return OPEN
    return None if isinstance(value, Nothing) else reported(value)  # type: ignore[arg-type]


def _as_case(case: _Case) -> Mapping[str, Any]:
    written: dict[str, Any] = {"decision": case.decision, "facts": dict(case.facts), "expect": dict(case.expect)}
    return Frozen(written if case.on is None else {**written, "on": case.on})
