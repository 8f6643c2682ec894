"""What a stream asks of every case: its type, and the day on which a limit of its ends: of the clock `promised`, or as asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from govservice.calendars import WorkCalendar
from govservice.case_facts import DAYS_AND_LIMITS, dated, decided_names, joined
from govservice.clockwork.main_clock import PROMISED
from govservice.deadlines import clocks
from govservice.errors import DecisionError, GovServiceError, RecordError, Words, did_you_mean
from govservice.framing.classifying import classifying, deciding
from govservice.framing.due_days import DueDays
from govservice.framing.wanted import Wanted, answer_of
from govservice.reading import is_missing, read_limit
from govservice.records.vocabulary import Vocabulary
from govservice.rules.book.entries import Clock, Decision, Rule
from govservice.rules.language.acts import DAYS_OF_MOMENTS
from govservice.rules.language.shapes import Constant, Name
from govservice.rules.language.values import BOOLEAN, DATE
from govservice.rules.rulebook import Rulebook
from govservice.run.dependencies import Deciding, facts_of_clock

__all__ = ["LIMIT_FACTS", "StreamAsked", "asked_of"]

RECEIVED = "received_on"
RUNS, STARTS = "promised.runs", "promised.starts"
LIMIT_FACTS = ("promised_days", DAYS_AND_LIMITS["promised_days"])


@dataclass(frozen=True)
class StreamAsked:
    """What is asked of each case. `due` counts a limit from a column as asked; without it `clock` is the one that says when a case is due.

    `items` are the facts of the items by id.
    """

    book: Rulebook
    words: Vocabulary
    on: date | None
    calendar: WorkCalendar
    items: Mapping[str, Mapping[str, object]]
    due: DueDays | None
    clock: Clock | None

    @cached_property
    def decided(self) -> frozenset[str]:
        """What the book decides itself of a case: an item's published value is no fact of it."""
        return decided_names(self.book.contents)

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts that are read of each case."""
        contents = self.book.contents
        facts = {*Deciding(contents).facts, self.words.id, "item"}
        if self.on_column is not None:
            facts.add(RECEIVED)
        if self.due is not None:
            facts.update(self.due.reads)
        if self.clock is not None:
            facts.update(facts_of_clock(contents, self.clock.id), LIMIT_FACTS)
        facts.update(moment for day, moment in DAYS_OF_MOMENTS.items() if day in facts)
        return frozenset(facts)

    @property
    def on_column(self) -> str | None:
        """The column of days that dated rules are held against, where no day is given for all."""
        return RECEIVED if self.on is None and self.book.dated else None

    @cached_property
    def classified(self) -> Wanted:
        """The case type, its rule and the state."""
        return classifying(self.book, self.on, self.on_column, into="case_type", rule="rule", state="state")

    # -- one case, by the interpreter

    def case(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What one case comes to: the columns of the answer, or the reason why it is set aside. `facts` are named by ids."""
        id = facts.get(self.words.id)
        if id is None:
            return {"reason": NO_ID.en}
        facts = dated(facts)
        on = facts.get(RECEIVED) if self.on_column is not None else self.on
        try:
            facts = self.whole(facts)
        except GovServiceError as error:
            return {"reason": str(error)}
        answer = answer_of(self.classified, facts, on)
        if answer.state in ("conflict", "unread"):
            return {"reason": answer.reason}
        due, why = self.due_of(facts, on)
        if why is not None:
            return {"reason": why}
        return {"case_type": answer.values.get("case_type"), "rule": answer.rule, "state": answer.state, "due_on": due}

    def whole(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts of a case with those of its item."""
        item = self.items.get(str(facts.get("item")).strip(), {})
        return joined(facts, {}, {name: value for name, value in item.items() if name in self.reads}, self.decided)

    def due_of(self, facts: Mapping[str, Any], on: Any) -> tuple[date | None, str | None]:
        """The day that a case is due, or why that cannot be said of it; neither where facts are missing or no limit runs."""
        if self.due is not None:
            cells = [facts.get(name) for name in self.due.reads]
            if any(map(is_missing, cells)):
                return None, None
            limit = self.due.limit if len(cells) == 1 else cells[1]
            return self.due.one(cells[0], limit)
        if self.clock is None:
            return None, None
        try:
            readings = clocks(facts, self.book, on=on, calendar=self.calendar, only=[self.clock.id])
        except GovServiceError as error:
            return None, str(error)
        return readings[0].due_on if readings else None, None

    # -- in columns

    @cached_property
    def beside(self) -> Rulebook:
        """The book with two decisions beside its own: whether the clock runs, and from which day."""
        clock = self.clock
        assert clock is not None
        yes, no = Constant(True, BOOLEAN), Constant(False, BOOLEAN)
        otherwise = (("runs", no),)
        rule = Rule("runs", clock.when, (("runs", yes),), from_=clock.from_, until=clock.until)
        runs = Decision(RUNS, clock.about, "first", (rule,), (("runs", BOOLEAN),), otherwise=otherwise)
        start = Rule("starts", None, (("starts", clock.starts),))
        return self.book.asking({RUNS: runs, STARTS: Decision(STARTS, clock.about, "first", (start,), (("starts", DATE),))})

    @cached_property
    def runs(self) -> Wanted:
        """Whether the clock runs."""
        return deciding(self.beside, RUNS, self.on, self.on_column, {"runs": "runs"}, state="state")

    @cached_property
    def starts(self) -> Wanted:
        """The day from which it runs."""
        return deciding(self.beside, STARTS, self.on, self.on_column, {"starts": "starts"}, state="state")

    @cached_property
    def counted(self) -> DueDays:
        """How the days of the clock are counted where its limit is of whole working days."""
        return DueDays("starts", "days", self.calendar, "due_on")


NO_ID = Words("no id is given", "没有编号")


def asked_of(
    book: Rulebook,
    words: Vocabulary,
    *,
    on: date | None,
    calendar: WorkCalendar,
    items: Mapping[str, Mapping[str, object]],
    start: str | None,
    limit: str | None,
    columns: Iterable[str] | None,
) -> StreamAsked:
    """What is asked; refused where the day that a case is due has no form in columns, or a column that is needed is not there.

    `columns` are the facts that the files hold, where that is known beforehand. Raises DecisionError, RecordError.
    """
    if (start is None) != (limit is None):
        raise DecisionError(
            Words("a due day needs a start and a limit", "计算到期日要有起算日和时限"),
            hint=Words("give both --start and --limit", "请同时给出 --start 和 --limit"),
            id="limit" if limit is None else "start",
        )
    due = clock = None
    if start is not None and limit is not None:
        due = DueDays(_fact(start, words), _limit(limit, words), calendar, "due_on", "reason")
    elif PROMISED in book.contents.clocks:
        clock = book.contents.clocks[PROMISED]
        if (why := _no_columns(book, clock)) is not None:
            raise DecisionError(
                Words(f"the clock {PROMISED} is not read in a stream: {why.en}", f"流式运行不能读 {PROMISED} 这个时限：{why.zh}"),
                hint=Words("say what is counted: --start COLUMN --limit COLUMN", "请写明怎样计算：--start 列 --limit 列"),
                id=PROMISED,
            )
    asked = StreamAsked(book, words, on, calendar, items, due, clock)
    for name in (columns and (words.id, *filter(None, (asked.on_column,)), *(due.reads if due else ()))) or ():
        known = set(columns or ())
        if name not in known and DAYS_OF_MOMENTS.get(name) not in known and not any(name in item for item in items.values()):
            raise RecordError(
                Words(f"the cases have no column {name}", f"办件没有 {name} 这一列"),
                hint=did_you_mean(name, known, Words(f"they have: {', '.join(sorted(known))}", f"有：{'、'.join(sorted(known))}")),
                id=name,
            )
    return asked


def _fact(name: str, words: Vocabulary) -> str:
    return words.fact(name.strip()) or name.strip()


def _limit(text: str, words: Vocabulary) -> Any:
    """A limit for all (20工作日), or the column that holds each case's."""
    if words.fact(text.strip()) is None and any(character.isdecimal() for character in text):
        return read_limit(text)
    return _fact(text, words)


def _no_columns(book: Rulebook, clock: Clock) -> Words | None:
    """Why a clock has no form in columns; None where it has one."""
    said = {**book.contents.conventions, **clock.conventions}
    if clock.about != "cases":
        return Words(f"it runs on {clock.about}", f"它走在 {clock.about} 上")
    if not isinstance(clock.starts, Name) or clock.starts.type.kind != "date":
        return Words("its start is no day that stands in a column or is decided", "起算日不是一列日期，也不是决定得出的日期")
    if not (isinstance(clock.limit, Name) and clock.limit.id in LIMIT_FACTS and clock.limit.granted_by is None):
        return Words("its limit is not what was promised", "时限不是承诺时限")
    hours = clock.hours is not None or book.contents.hours is not None
    if clock.backward or clock.due is not None:
        return Words("it is not counted on from its start", "它不是从起算日往后数")
    if any(pause.starts is not None for pause in clock.pauses):
        return Words("facts of a case pause it", "办件的事实会使它中止")
    if said.get("first_day") != "excluded":
        return Words("the first day counts, or nobody says", "首日计入，或没有说明")
    if said.get("ends", None if hours else "day") != "day":
        return Words("a day may end with the office hours", "一日可能在下班时结束")
    return None
