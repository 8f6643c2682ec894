"""The compiled decisions of a book: each made once it is asked for often enough, and kept with the book's contents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final, cast

from govservice.errors import GovServiceError
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision, Rule
from govservice.rules.language.shapes import Constant, Expression
from govservice.rules.language.values import ANY, Value
from govservice.rules.meaning.kinds import eras
from govservice.rules.meaning.plan import plan_of
from govservice.rules.meaning.python import ASK, UNREAD, Code, written_out
from govservice.rules.meaning.tables import Verdict, inapplicable, verdict_of

__all__ = ["UNREAD", "Quick", "compiled_for"]

_AFTER: Final = 20  # times that it is asked for before it is compiled: that takes as long as some thirty readings
_TRIED: Final = 256  # readings before it is seen whether the code is worth asking
_SELDOM: Final = 8  # one in so many must have been plain
_MOST: Final = 512  # decisions, and verdicts of one


class Quick:
    """One decision about rows of a table in one era, compiled; `reads` are the names whose values go with its verdict."""

    __slots__ = ("_asked", "_decided", "_plain", "_verdicts", "entry", "outcomes", "reads", "worked_out")

    def __init__(self, entry: Decision, plain: Decision, code: Code) -> None:
        self.entry = entry
        self.reads = code.reads
        self.worked_out = code.worked_out
        self.outcomes: dict[int, Any] = {}  # what the layers above make of each verdict
        self._plain = plain
        self._asked = [0, 0]  # how often, and how often in vain
        self._decided = code.made()
        self._verdicts: dict[int, Verdict] = {}

    def answered(self, facts: dict[str, Any]) -> tuple[int, Verdict, tuple[Any, ...]] | None:
        """Which rules hold, the verdict, and the values of the names that were read for it (`UNREAD` for the others); None where the
        interpreter is to be asked. `facts` go by id.
        """
        answer = self._decided(facts)
        self._asked[0] += 1
        if answer is ASK:
            self._asked[1] += 1
            asked, vain = self._asked
            if asked >= _TRIED and (asked - vain) * _SELDOM < asked:
                self._decided = _in_vain
            return None
        held, worths, read = answer
        if worths is not None:
            return held, self._of(self._granting(held, worths), held), read
        verdict = self._verdicts.get(held)
        if verdict is None:
            try:
                verdict = self._of(self._plain, held)
            except GovServiceError:  # the interpreter raises it
                return None
            if len(self._verdicts) >= _MOST:
                self._verdicts.clear()
                self.outcomes.clear()
            self._verdicts[held] = verdict
        return held, verdict, read

    def of_number(self, number: int) -> Verdict:
        """The verdict of a `first` table that this rule settles; -1 for none of them, -2 where the table does not apply."""
        return self._of(self._plain, number)

    def _of(self, decision: Decision, held: int) -> Verdict:
        if held == -2:
            return inapplicable(self.entry)
        return verdict_of(decision, self._each(held))._replace(decision=self.entry)

    def _each(self, held: int) -> Iterator[bool]:
        """Whether each rule that is judged holds."""
        count = len(self._plain.rules)
        if self._plain.hit != "first":
            return (bool(held >> number & 1) for number in range(count))
        return (number == held for number in range(count if held < 0 else held + 1))

    def _granting(self, held: int, worths: tuple[Value, ...]) -> Decision:
        """The decision with what its settling rule grants worked out."""
        if held == -1:
            return replace(self._plain, otherwise=self._worked(self._plain.otherwise or (), worths))
        rules: list[Rule] = list(self._plain.rules)
        rules[held] = replace(rules[held], then=self._worked(rules[held].then, worths))
        return replace(self._plain, rules=tuple(rules))

    def _worked(self, then: tuple[tuple[str, Expression], ...], worths: tuple[Value, ...]) -> tuple[tuple[str, Expression], ...]:
        granted = dict(then)
        names = [name for name, _ in self._plain.outcomes if name in granted]
        return tuple((name, Constant(worth, ANY)) for name, worth in zip(names, worths, strict=True))


def _in_vain(_: object) -> None:
    """In place of code that most rows pass by: the interpreter is asked at once."""
    return ASK


def compiled_for(contents: Contents, table: str, decision: str, on: date | None, *, at_once: bool = False) -> Quick | None:
    """A decision about rows of a table on a day, compiled; None where it is not yet, unless `at_once`, or has no such form."""
    kept = contents.kept
    turns = cast("tuple[date, ...] | None", kept.get("turns"))
    if turns is None:
        turns = kept["turns"] = eras(contents)
    key = (table, decision, on if on is None or not turns else bisect_right(turns, on))
    known = kept.get(key, 0)
    if not isinstance(known, int):
        return cast("Quick | None", known)
    if known < _AFTER and not at_once:
        kept[key] = known + 1
        return None
    if len(kept) > _MOST:
        kept.clear()
    made = kept[key] = _compiled(contents, table, decision, on)
    return made


def _compiled(contents: Contents, table: str, decision: str, on: date | None) -> Quick | None:
    try:
        plan = plan_of(contents, table, decision, on)
        code = written_out(plan)
        return None if code is None else Quick(contents.decisions[decision], plan.asked.decision, code)
    except (GovServiceError, SyntaxError, RecursionError, MemoryError):  # no day given; nested deeper than Python reads
        return None
