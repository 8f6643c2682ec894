"""One subject under a rulebook: facts as given, outcomes and measures computed when asked, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar, cast

from govservice.counting.answer import PROVISIONAL
from govservice.errors import DecisionError, RecordError, Words
from govservice.frozen import Frozen
from govservice.reading import shown
from govservice.reading.common import same
from govservice.rules.book.contents import Contents
from govservice.rules.language.day_functions import Days
from govservice.rules.language.facts import absent, given_twice, read_fact
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, Home, Name, Previous, Streak
from govservice.rules.language.values import GAP, NONE, Interval, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import CountedRows, Doubtful, Listed, Scope, evaluate, perhaps_none
from govservice.rules.meaning.joining import ALONE, Key
from govservice.rules.meaning.names import ORIGINS, Origin
from govservice.rules.meaning.quick import UNREAD, compiled_for
from govservice.rules.meaning.tables import Verdict, decide

if TYPE_CHECKING:
    from govservice.rules.book.entries import Decision
    from govservice.rules.meaning.kinds import Kinds

__all__ = ["NOTHING_SAID", "RANKS", "Subject", "Surroundings"]

_T = TypeVar("_T")
ClockFacts: TypeAlias = Callable[["Subject", str], Mapping[str, Value]]
Rows: TypeAlias = Callable[["Subject", Aggregate], "Iterable[Scope | Doubtful] | Unknown | None"]
Counted: TypeAlias = Callable[["Subject", Aggregate], "CountedRows | Unknown | None"]
Earlier: TypeAlias = Callable[["Subject", Previous], Value]
ListOfRecords: TypeAlias = Callable[["Subject", str], "Listed | Unknown"]
Lasted: TypeAlias = Callable[["Subject", Streak], Value]
Alike: TypeAlias = Callable[["Subject", "Decision"], "Verdict | None"]
Ranks: TypeAlias = Callable[["Subject", "str | None"], Mapping[str, Value]]  # among all, or those alike in a fact


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call gives beside the facts: the day that dated rules are held against, the day that is today, a calendar; and, as callables,
    what clocks say of a row, the records that belong to it, what was one period earlier, where it stands among others, how long
    something lasted, what stands in a list.

    `said` is where what must be said of answers is kept, for subjects that share it; else each keeps its own. `kinds` is what subjects of
    one kind share, for a caller who asks for no explanations; `alike` what was decided of a subject that says the same, None where that is
    not known; `counted` the rows of an aggregate with what is known of them, None where each is to be read.
    """

    on: date | None = None
    as_of: date | None = None
    calendar: Days | None = None
    clocks: ClockFacts | None = None
    rows: Rows | None = None
    earlier: Earlier | None = None
    ranks: Ranks | None = None
    lasted: Lasted | None = None
    lists: ListOfRecords | None = None
    said: list[Words] | None = None
    kinds: Kinds | None = None
    alike: Alike | None = None
    counted: Counted | None = None


NOWHERE = Surroundings()
RANKS: Final = ("rank", "ranked")


NOTHING_SAID: Final[Mapping[tuple[str, str], tuple[Words, ...]]] = Frozen()


class Subject:
    """A row of a table with everything in sight of it; a `Scope` of the interpreter. `names.ORIGINS` says where a name's value comes from.

    `around` are values that no record holds (`kind`, `total`, `period.end`). `unused` lists the keys given that are no declared fact.
    """

    bounds = False
    __slots__ = (
        "_busy",
        "_facts",
        "_said_of",
        "_seen",
        "_verdicts",
        "around",
        "contents",
        "memo",
        "said",
        "surroundings",
        "table",
        "unused",
    )

    def __init__(self, contents: Contents, table: str, facts: Mapping[str, Any], surroundings: Surroundings = NOWHERE) -> None:
        self.unused: Sequence[str] = []
        self._begin(contents, table, surroundings, {}, {})
        self._facts: Mapping[str, Any] = self._facts_by_id(facts)

    def _begin(
        self, contents: Contents, table: str, surroundings: Surroundings, around: Mapping[str, Value], verdicts: dict[str, Verdict]
    ) -> None:
        self.contents = contents
        self.table = table
        self.surroundings = surroundings
        self.around = around
        self.memo: dict[str, Value] = {}
        self._verdicts = verdicts
        self._busy: frozenset[str] = frozenset()
        self._seen: Callable[[date], bool | Unknown] | None = None
        self.said: list[Words] = surroundings.said if surroundings.said is not None else []
        self._said_of: Mapping[tuple[str, str], tuple[Words, ...]] = NOTHING_SAID  # of a value worked out, of a verdict

    def _facts_by_id(self, facts: object) -> dict[str, Any]:
        """The facts by id; a key may be a label. Keys that are no declared fact are ignored and listed in `unused`."""
        if not isinstance(facts, Mapping):
            seen = shown(facts)
            raise RecordError(Words(f"facts are a mapping from names to values, not {seen}", f"事实要写成名称与值的对应，不能是 {seen}"))
        by_id: dict[str, Any] = {}
        unused: list[str] = []
        ids, labels = self.contents.sight(self.table)
        if facts.keys() <= ids:
            return dict(facts)
        for key, raw in facts.items():
            id = key if key in ids else labels.get(key)
            if id is None:
                unused.append(str(key))
            elif id in by_id and not absent(raw) and not absent(by_id[id]) and not same(by_id[id], raw):
                raise given_twice(id, by_id[id], raw)
            elif id not in by_id or absent(by_id[id]):
                by_id[id] = raw
        self.unused = unused
        return by_id

    @property
    def recorded(self) -> Mapping[str, Any]:
        """The facts as they were given, by id."""
        return self._facts

    @property
    def as_recorded(self) -> bool:
        """Whether it is the row as it stands on record: nothing is said around it, and no other moment is asked about."""
        return type(self) is Subject and not self.around and self._seen is None

    def as_seen(self, seen: Callable[[date], bool | Unknown]) -> Subject:
        """The same subject at another moment: `known` holds of a recorded date where `seen` says so; all else stands as recorded."""
        then = copy(self)
        then.memo, then._verdicts, then._seen = {}, {}, seen
        return then

    def seen(self, day: date) -> bool | Unknown:
        """Whether a recorded date was known at the moment that is asked about; where none is, it is."""
        return True if self._seen is None else self._seen(day)

    def put(self, around: Mapping[str, Value]) -> None:
        """Say more around the subject: its total, once that is worked out."""
        self.around = {**self.around, **around}

    def value(self, name: Name) -> Value:
        """The value of a name; see the class."""
        value = self.memo.get(name.id)
        if value is not None:
            if self._said_of:
                self.said.extend(self._said_of.get(("value", name.id), ()))
            return value
        before = len(self.said)
        value = self.memo[name.id] = self._looked_up(name)
        if len(self.said) > before:
            self._keep_what_was_said(("value", name.id), before)
        return value

    # -- what must be said of an answer

    def say(self, words: Words) -> None:
        """Keep what must be said of whatever is being worked out."""
        self.said.append(words)

    def _keep_what_was_said(self, of: tuple[str, str], before: int) -> None:
        """What was said while something was worked out is said again whenever it is read."""
        said = tuple(dict.fromkeys(self.said[before:]))
        self._said_of = {**self._said_of, of: said}
        self.said[before:] = said

    def said_of(self, decision: str) -> tuple[Words, ...]:
        """What must be said of a verdict that was taken."""
        return self._said_of.get(("verdict", decision), ())

    def _looked_up(self, name: Name) -> Value:
        for look in _WAYS[name.home]:
            value = look(self, name)
            if value is not None:
                return value  # open or not: nothing stands in for what cannot be said yet
        return Unknown(frozenset((self.called(name),)))

    def called(self, name: Name) -> str:
        """What a caller would give to settle a name: the fact itself; of one row among many, with its row."""
        return name.id

    def is_spoilt(self, need: str) -> bool:  # noqa: ARG002
        """Whether what is waited for was given, and cannot be used."""
        return False

    # -- where values come from

    def _recorded(self, name: Name) -> Value | None:
        raw = self._facts.get(name.id)
        if raw is None or absent(raw):
            return None
        try:
            return read_fact(name.id, raw, name.type)
        except RecordError:
            column = self.contents.column(self.table, name.id)
            if column is None or column.label is None:
                raise
            return read_fact(name.id, raw, name.type, column.label)  # which raises, and names it by its label

    def _around(self, name: Name) -> Value | None:
        return self.around.get(name.id)

    def _decided(self, name: Name) -> Value | None:
        if name.granted_by is None:
            return None
        value = self.verdict(name.granted_by).values[name.id]
        if value == GAP:
            return Unknown(frozenset((self.called(name),)))  # no rule fits: recorded, it is settled
        if isinstance(value, Unknown) and name.id in value.needs:  # the rule that holds leaves it to be recorded, where it is of
            return Unknown(value.needs - {name.id} | {self.called(name)})
        return value

    def _measured(self, name: Name) -> Value | None:
        return self._guarded(name.id, lambda: evaluate(self.contents.measures[name.id].value, self))

    def _clock(self, name: Name) -> Value | None:
        clock, _, fact = name.id.partition(".")
        if clock not in self.contents.clocks:
            return NONE  # a clock that is not in force
        read = self.surroundings.clocks
        if read is None:
            return None
        facts = self._guarded(name.id, lambda: read(self, clock))
        if facts.get("official") is False and fact in _RESTING:
            self.say(PROVISIONAL)
        return facts.get(fact)

    def _setting(self, name: Name) -> Value | None:
        return self.contents.settings[name.id].value

    def _today(self, _: Name) -> Value | None:
        return self.surroundings.as_of

    def _ranked(self, name: Name) -> Value | None:
        ranks = self.surroundings.ranks
        asked, _, within = name.id.partition("(within=")
        return ranks(self, within.removesuffix(")") or None).get(asked) if ranks is not None and asked in RANKS else None

    def _default(self, name: Name) -> Value | None:
        column = self.contents.column(self.table, name.id)
        return column.default if column is not None else None

    def _guarded(self, id: str, compute: Callable[[], _T]) -> _T:
        if id in self._busy:
            raise DecisionError(Words(f"{id} waits for itself", f"“{id}”在等自己的结果"), id=id)
        before = self._busy
        self._busy = before | {id}
        try:
            return compute()
        finally:
            self._busy = before

    def verdict(self, decision: str) -> Verdict:
        """The reading of one decision's table for this subject, taken once."""
        verdict = self._verdicts.get(decision)
        if verdict is None:
            before = len(self.said)
            verdict = self._verdicts[decision] = self._guarded(decision, lambda: self._decide(self.contents.decisions[decision]))
            if len(self.said) > before:
                self._keep_what_was_said(("verdict", decision), before)
        elif self._said_of:
            self.said.extend(self.said_of(decision))
        return verdict

    def _decide(self, decision: Decision) -> Verdict:
        kinds, alike = self.surroundings.kinds, self.surroundings.alike
        if alike is not None and self._seen is None and (verdict := alike(self, decision)) is not None:
            return verdict
        if kinds is None or self._seen is not None:
            return self._read(decision)
        return kinds.of_entry(("decision", decision.id), decision, self, lambda: self._read(decision))

    def _read(self, decision: Decision) -> Verdict:
        verdict = self._quickly(decision)
        return decide(decision, self, self.surroundings.on) if verdict is None else verdict

    def _quickly(self, decision: Decision) -> Verdict | None:
        """The verdict as compiled code gives it, with the values that were read for it; None where the interpreter is to be asked."""
        if not self.as_recorded:
            return None
        quick = compiled_for(self.contents, self.table, decision.id, self.surroundings.on)
        answer = None if quick is None else quick.answered(cast("dict[str, Any]", self._facts))
        if quick is None or answer is None:
            return None
        _, verdict, values = answer
        read = {id: value for id, value in zip(quick.reads, values, strict=True) if value is not UNREAD}
        if any(self.memo.get(id, value) != value for id, value in read.items()):
            return None  # something else goes by that name, and was read first
        self.memo |= read
        return verdict

    def possible(self, name: Name) -> tuple[Value, ...] | None:
        """What an outcome that is open may still be, by the table that grants it; None where nobody can say."""
        if name.granted_by is None:
            return None
        may_be = self.verdict(name.granted_by).possible[name.id]
        return None if may_be is None or GAP in may_be else may_be  # of a gap, whatever is recorded

    def may_be_none(self, name: Name) -> bool:
        """Whether a name is none, or open and may turn out to be: it is of something that may not apply, or may be recorded as none."""
        value = self.memo.get(name.id)
        if value is not None and not isinstance(value, (Unknown, Interval)):
            return isinstance(value, Nothing)  # settled
        if name.type.none:
            return True
        if name.home == "measure":
            return perhaps_none(self.contents.measures[name.id].value, self)
        if name.granted_by is not None:
            may_be = self.possible(name)
            return may_be is None or NONE in may_be
        return name.home in _PERHAPS

    def rows(self, of: Aggregate) -> Iterable[Scope | Doubtful] | Unknown:
        """The records an aggregate runs over; unknown where none were supplied."""
        rows = self.surroundings.rows(self, of) if self.surroundings.rows is not None else None
        return Unknown(frozenset(of.sources)) if rows is None else rows

    def counted(self, of: Aggregate) -> CountedRows | Unknown:
        """The same rows, those left out that are known not to count."""
        rows = self.rows(of)
        return rows if isinstance(rows, Unknown) else CountedRows((), rows)

    def unusable(self, of: Expression, error: RecordError) -> Unknown:  # noqa: ARG002
        """A value that was given and cannot be used is refused."""
        raise error

    def listed(self, table: str) -> Listed | Unknown:
        """A table of the records as a list; unknown where none was supplied."""
        lists = self.surroundings.lists
        return lists(self, table) if lists is not None else Unknown(frozenset((table,)))

    def covered(self) -> Key:
        """A row alone is joined with no other."""
        return ALONE

    def streak(self, of: Streak) -> Value:
        """How many periods in a row a condition held; unknown where nobody can say."""
        lasted = self.surroundings.lasted
        return lasted(self, of) if lasted is not None else Unknown(frozenset((written(of),)))

    def same_occurrence(self, what: str, *, sure: bool) -> str:  # noqa: ARG002
        """Rows that no scheme scores tell of one occurrence each."""
        return "each"

    def marks(self, of: Discretion) -> Value:  # noqa: ARG002
        """No marks stand outside a score's items."""
        return Unknown(frozenset(("assessed",)))

    def previous(self, of: Previous) -> Value:
        """What was one period earlier; unknown where nobody can say."""
        earlier = self.surroundings.earlier
        return earlier(self, of) if earlier is not None else Unknown(frozenset((f"previous({of.of})",)))

    def convention(self, name: str) -> str | None:
        """What the book states."""
        return self.contents.conventions.get(name)

    def hours(self) -> str | Unknown | None:
        """The office hours that the book names, itself or by a setting."""
        text = None if self.contents.hours is None else evaluate(self.contents.hours, self)
        return text if isinstance(text, (str, Unknown)) else None

    def unstated(self, names: frozenset[str], what: Words) -> Unknown:  # noqa: ARG002
        """Conventions that the book does not state are waited for, like a fact."""
        return Unknown(frozenset(f"conventions.{name}" for name in names))

    def days(self) -> Days:
        """The calendar given to the call, else China's."""
        if self.surroundings.calendar is not None:
            return self.surroundings.calendar
        from govservice.calendars import china

        return china()


_PERHAPS: Final = frozenset(("outcome", "clock", "scheme"))
_RESTING: Final = frozenset(("due", "left", "overdue", "overdue_by"))  # what a clock says that hangs on its due day
Look: TypeAlias = Callable[[Subject, Name], "Value | None"]
_LOOK: Final[Mapping[Origin, Look]] = {
    "recorded": Subject._recorded,
    "around": lambda subject, name: subject._around(name),  # a score counts the days of a period when it is asked for them
    "decided": Subject._decided,
    "measured": Subject._measured,
    "clock": Subject._clock,
    "setting": Subject._setting,
    "today": Subject._today,
    "ranked": Subject._ranked,
    "default": lambda subject, name: subject._default(name),  # a score says of a part left out that there is none
}
_WAYS: Final[Mapping[Home, tuple[Look, ...]]] = {home: tuple(_LOOK[origin] for origin in origins) for home, origins in ORIGINS.items()}
