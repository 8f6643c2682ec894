"""What two rulebooks make of one history: who moved, whose day shifted, who gains and who loses, and by which line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from govservice.as_json import AsJson
from govservice.doors import LANGUAGE, takes
from govservice.errors import Lang, RecordError, Words, did_you_mean
from govservice.packages import polars_for
from govservice.run.results import Provenance
from govservice.upward import machinery

if TYPE_CHECKING:
    import polars

    from govservice.show.charts.chart import Chart

__all__ = [
    "Comparison",
    "GradeChanged",
    "OutcomeChanged",
    "ScoreChanged",
    "Shifted",
    "ShiftsCounted",
    "SignalChanged",
    "TypeChanged",
    "as_frame",
]

HELD: Final = Words(
    "What happened is held as recorded: when cases were received, finished and handed over.",
    "办理经过按记录不变：收件、办结、送达的日子照旧。",
)
Points = Any  # int, Decimal or Fraction-like exact number; None while open


class TypeChanged(NamedTuple):
    """A case of another type: None where no rule fits, or while it is open (`open_before`, `open_after`)."""

    case: str
    item: str | None
    department: str | None
    window: str | None
    before: str | None
    after: str | None
    rule_before: str | None
    rule_after: str | None
    open_before: bool
    open_after: bool


@dataclass(frozen=True, slots=True, repr=False)
class OutcomeChanged(AsJson):
    """An outcome of a decision that is another for a case; None is open, not applicable, or no rule."""

    case: str
    decision: str
    outcome: str
    before: object
    after: object

    @classmethod
    def of_many(
        cls, decision: str, outcome: str, cases: Iterable[str], before: Iterable[object], after: Iterable[object]
    ) -> Iterator[OutcomeChanged]:
        """One for each case, of values that nobody can change."""
        new, put = object.__new__, object.__setattr__
        for case, was, now in zip(cases, before, after, strict=True):
            made = new(cls)
            put(made, "case", case)
            put(made, "decision", decision)
            put(made, "outcome", outcome)
            put(made, "before", was)
            put(made, "after", now)
            yield made


class Shifted(NamedTuple):
    """The due day or moment of one clock of a case, in both; None where there is none, or it is open. `row` numbers the row of a stage."""

    case: str
    clock: str
    row: int | None
    department: str | None
    before: date | None
    after: date | None
    late_before: bool | None
    late_after: bool | None

    @property
    def days(self) -> int | None:
        """By how many calendar days it moves; None where one of the two is missing."""
        return (
            None
            if self.before is None or self.after is None
            else date(*self.after.timetuple()[:3]).toordinal() - date(*self.before.timetuple()[:3]).toordinal()
        )


class ShiftsCounted(NamedTuple):
    """How many due days move, and how many of these become late, or no longer are."""

    shifted: int
    newly_overdue: int
    no_longer_overdue: int


class SignalChanged(NamedTuple):
    """A signal of a clock that is raised under one book only."""

    case: str
    clock: str
    signal: str
    raised_after: bool


@dataclass(frozen=True, slots=True, repr=False)
class ScoreChanged(AsJson):
    """A scorecard that came to something else: its total (None while open), bounds and rank, and the lines that differ."""

    scheme: str
    subject: str
    period: str
    before: Points
    after: Points
    low_before: Points
    high_before: Points
    low_after: Points
    high_after: Points
    lines: tuple[tuple[str, str, Points, Points], ...] = ()  # part, item, points before, points after


@dataclass(frozen=True, slots=True, repr=False)
class GradeChanged(AsJson):
    """A grading that came to something else."""

    decision: str
    subject: str
    period: str
    before: object
    after: object
    rank_before: int | None
    rank_after: int | None


@dataclass(frozen=True, repr=False)
class Comparison(AsJson):
    """One history under two rulebooks; only what differs is listed, `counted` says of how much.

    `entries` are those of the books that differ. `as_recorded` counts by name the recorded outcomes that stand in both, since the facts
    which would decide them are not given. `held` says what is taken as it was: the days on which things happened. `failed` are schemes
    and decisions that could not be worked out, with why; `set_aside` counts rows used in neither. `now` is the day that counted as today.
    """

    before: Provenance
    after: Provenance
    now: date | None
    counted: Mapping[str, int]
    moves: tuple[TypeChanged, ...]
    outcomes: tuple[OutcomeChanged, ...]
    shifts: tuple[Shifted, ...]
    signals: tuple[SignalChanged, ...]
    score_changes: tuple[ScoreChanged, ...]
    grade_changes: tuple[GradeChanged, ...]
    all_scores: Mapping[str, tuple[tuple[str, str, Points, Points], ...]]  # scheme -> subject, period, before, after
    decisions: tuple[str, ...]
    entries: tuple[tuple[str, str], ...]  # section and id of every entry that differs between the books
    labels: Mapping[str, str]
    as_recorded: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[tuple[str, str, Words], ...] = ()
    set_aside: int = 0
    held: Words = HELD

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            later = self.__dict__.get("_later", {})
            if name not in later:
                raise AttributeError(name)
            self.__dict__[name] = tuple(later.pop(name)())
            return self.__dict__[name]

    def __getstate__(self) -> dict[str, Any]:
        for name in tuple(self.__dict__.get("_later", ())):
            getattr(self, name)
        return {name: value for name, value in self.__dict__.items() if name != "_later"}

    def filled_later(self, counted: ShiftsCounted, **work: Callable[[], Sequence[Any]]) -> Comparison:
        """This comparison with some of its lists left until they are asked for; `counted` is what is in them."""
        for name in work:
            del self.__dict__[name]
        self.__dict__.update(_later=work, _shifts_counted=counted)
        return self

    @property
    def shifts_counted(self) -> ShiftsCounted:
        """How many due days move, how many of these become late or no longer are: without a list of them."""
        if "_shifts_counted" not in self.__dict__:
            late = [(one.late_before is True, one.late_after is True) for one in self.shifts]
            self.__dict__["_shifts_counted"] = ShiftsCounted(len(late), late.count((False, True)), late.count((True, False)))
        return self.__dict__["_shifts_counted"]  # type: ignore[no-any-return]

    @property
    def moved_cases(self) -> int:
        """How many cases are of another type."""
        return len(self.moves)

    @cached_property
    def changed_outcomes(self) -> dict[str, int]:
        """By decision, how many cases have another outcome of it; every decision about cases is there."""
        cases: dict[str, set[str]] = {id: set() for id in self.decisions}
        for one in self.outcomes:
            cases.setdefault(one.decision, set()).add(one.case)
        return {id: len(found) for id, found in cases.items()}

    @property
    def changed_scores(self) -> int:
        """How many scorecards came to something else."""
        return len(self.score_changes)

    @cached_property
    def flow(self) -> dict[tuple[str | None, str | None], int]:
        """How many cases went from which type to which."""
        return dict(Counter((one.before, one.after) for one in self.moves).most_common())

    @cached_property
    def cases(self) -> polars.DataFrame:
        """Who moved from what to what, as a Polars frame: case, item, department, window, before, after, and the rules that settled it."""
        return _frame(TypeChanged._fields, self.moves, texts=TypeChanged._fields[:8])

    @cached_property
    def deadlines(self) -> polars.DataFrame:
        """The clocks that end on another day: case, clock, row, department, before, after, late_before, late_after, days."""
        rows = [(*one[:4], _day(one.before), _day(one.after), *one[6:], one.days) for one in self.shifts]
        return _frame((*Shifted._fields, "days"), rows, texts=("case", "clock", "department"), days=("before", "after"))

    @cached_property
    def alarms(self) -> polars.DataFrame:
        """The signals raised under one book only: case, clock, signal, raised_after."""
        return _frame(SignalChanged._fields, self.signals, texts=SignalChanged._fields[:3])

    @cached_property
    def grades(self) -> polars.DataFrame:
        """The gradings that changed: decision, subject, period, before, after, rank_before, rank_after."""
        rows = [
            (one.decision, one.subject, one.period, _said(one.before), _said(one.after), one.rank_before, one.rank_after)
            for one in self.grade_changes
        ]
        names = ("decision", "subject", "period", "before", "after", "rank_before", "rank_after")
        return _frame(names, rows, texts=names[:5])

    def scores(self, scheme: str) -> polars.DataFrame:
        """Every score of a scheme in both: subject, period, before, after, as Float64 for reckoning; null while open.

        The exact points are in `all_scores`. Raises RecordError for a scheme that was not scored.
        """
        if scheme not in self.all_scores:
            listed = ", ".join(self.all_scores) or "-"
            raise RecordError(
                Words(f"no scheme {scheme!r} was scored", f"没有按“{scheme}”计分"),
                hint=did_you_mean(scheme, self.all_scores, Words(f"scored were: {listed}", f"计了分的有：{listed}")),
                id=scheme,
            )
        rows = [(*one[:2], *(None if worth is None else float(worth) for worth in one[2:])) for one in self.all_scores[scheme]]
        return _frame(("subject", "period", "before", "after"), rows, texts=("subject", "period"), numbers=("before", "after"))

    @takes(RecordError, lang=LANGUAGE)
    def to_html(self, lang: Lang = "zh") -> str:
        """The report as one page that needs no other and no network: for a screen, a phone, and paper (A4)."""
        return cast("str", machinery("show.whatif_page:page")(self, lang))

    @cached_property
    def charts(self) -> Mapping[str, Chart]:
        """The pictures by name, each with its figures as a table: `flow`, `shifts`, `scores.SCHEME`, ...

        See `govservice.show.charts.charts_of`, which takes `lang="en"` too. Showing or saving one needs the extra `charts`.
        """
        return cast("Mapping[str, Chart]", machinery("show.charts.comparison:charts_of")(self))

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.whatif_page:fragment")(self, "zh"))


def _day(when: date | None) -> date | None:
    return None if when is None else date(when.year, when.month, when.day)


def _said(value: object) -> str | None:
    return None if value is None else str(value)


def _frame(
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    texts: Iterable[str] = (),
    days: Iterable[str] = (),
    numbers: Iterable[str] = (),
) -> polars.DataFrame:
    pl = polars_for(Words("a frame needs polars", "生成数据框需要 polars"))
    kinds: dict[str, Any] = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(days, pl.Date), **dict.fromkeys(numbers, pl.Float64)}
    kinds |= {name: pl.Boolean for name in names if name.startswith(("late_", "open_")) or name == "raised_after"}
    schema = {name: kinds.get(name, pl.Int64) for name in names}
    frame: polars.DataFrame = pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")
    return frame


def as_frame(names: Sequence[str], columns: Sequence[Sequence[object]]) -> polars.DataFrame:
    """Columns of plain values as a Polars frame: whole numbers and exact ones as numbers, anything else as text."""
    pl = polars_for(Words("a frame needs polars", "生成数据框需要 polars"))
    made = []
    for name, values in zip(names, columns, strict=True):
        given = [value for value in values if value is not None]
        if all(isinstance(value, int) for value in given):
            made.append(pl.Series(name, values))
        elif all(isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) for value in given):
            made.append(pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64))  # type: ignore[arg-type]
        else:
            made.append(pl.Series(name, [_said(value) for value in values], dtype=pl.String))
    frame: polars.DataFrame = pl.DataFrame(made)
    return frame
