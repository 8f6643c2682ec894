"""What a frame is asked for: a decision of a book, under which names its answers stand, and how one row is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from govservice.echo import shown
from govservice.errors import ConflictError, DecisionError, GovServiceError, Lang, Words
from govservice.rules.book.entries import Decision
from govservice.rules.meaning.columns.compiling import Compiler
from govservice.rules.meaning.columns.deciding import STATES, Decided, Decider
from govservice.rules.meaning.columns.nodes import Lit, Node, case, is_null, null, or_
from govservice.rules.meaning.columns.sheet import Sheet, Worth
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import Rulebook

__all__ = ["RowAnswer", "Wanted", "answer_of", "planned"]


class RowAnswer(NamedTuple):
    """One row as decided: the outcomes by name, the rule, the state, and why it is open or unread."""

    values: Mapping[str, object]
    rule: str | None
    state: str
    reason: str | None


@dataclass(frozen=True)
class Wanted:
    """A decision over a table. `on` is a day, a column's name in `on_column`, or neither; `shown` gives the column of each outcome."""

    book: Rulebook
    decision: Decision
    on: date | None
    on_column: str | None
    shown: Mapping[str, str]
    rule: str | None
    state: str | None
    reason: str | None
    one: Callable[[Mapping[str, Any], date | None], Outcome]
    as_of: date | None = None
    afresh: frozenset[str] = frozenset()
    clocks: bool = False
    lang: Lang = "en"
    asked: str | None = None

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that the answer adds, in order."""
        names = (*self.shown.values(), self.rule, self.state, self.reason, self.asked)
        return tuple(name for name in names if name is not None)

    def __post_init__(self) -> None:
        twice = next((name for name in self.added if self.added.count(name) > 1), None)
        if twice is not None:
            raise DecisionError(
                Words(f"two columns of the answer are called {shown(twice)}", f"结果里有两列都叫“{twice}”"),
                hint=Words("choose another name for reason=, asked= or into=", "请换一个 reason=、asked= 或 into= 的列名"),
                id=twice,
            )


def answer_of(wanted: Wanted, facts: Mapping[str, Any], on: date | None) -> RowAnswer:
    """One row, by the interpreter."""
    try:
        outcome = wanted.one(facts, on)
    except ConflictError as error:
        return RowAnswer({}, None, "conflict", str(error))
    except GovServiceError as error:
        return RowAnswer({}, None, "unread", str(error))
    values = {name: outcome.values.get(name) for name in wanted.shown}
    state = "open" if outcome.open else "none" if outcome.applies is False else "gap" if outcome.gap else "settled"
    reason = ", ".join(outcome.undecided) if outcome.open else None
    return RowAnswer(values, None if outcome.open else outcome.rule, state, reason)


def planned(wanted: Wanted, facts: Any, taken: tuple[str, ...]) -> tuple[Sheet, Decided]:
    """The steps that decide every row of a table, and the columns that they come to."""
    sheet = Sheet(taken)
    on: Node = Lit(wanted.on, "date")
    lost: Node | None = None
    if wanted.on_column is not None:
        told = facts.day(sheet, wanted.on_column)
        on = sheet.bind("on_day", told.value)
        lost = or_(told.spoilt, is_null(on)) if wanted.book.dated else None
    today = None if wanted.as_of is None else Worth(Lit(wanted.as_of, "date"))
    compiler = Compiler(
        wanted.book.contents,
        wanted.decision.about if not wanted.clocks else "cases",
        facts,
        sheet,
        today=today,
        clocks=wanted.clocks,
        afresh=wanted.afresh,
    )
    decided = Decider(compiler, on).decided(wanted.decision.id)
    rule, state = sheet.bind(f"{wanted.decision.id}_settled_by", decided.rule), sheet.bind(f"{wanted.decision.id}_stands", decided.state)
    decided = replace(decided, rule=rule, state=state)
    if lost is not None:
        spoilt = or_(decided.spoilt, lost)
        state = case([(spoilt, Lit(STATES.index("unread"), "small"))], decided.state)
        values = {
            name: Worth(case([(lost, null(told.value.kind))], told.value), told.none, told.spoilt, told.torn, told.factor, told.bits)
            for name, told in decided.values.items()
        }
        decided = Decided(decided.decision, values, case([(lost, null("small"))], decided.rule), state, spoilt, decided.torn, decided.rules)
    return sheet, decided
