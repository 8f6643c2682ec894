"""A scheme worked out on columns over all subjects and periods at once; whoever has an open row is left to the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import lcm, prod
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.assessment.assessing import Assessment
from govservice.assessment.ledger import Ledger
from govservice.assessment.periods import Period
from govservice.assessment.rounding import MODES, round_by
from govservice.assessment.scopes import SubjectScope
from govservice.assessment.worths import worth_of
from govservice.errors import GovServiceError
from govservice.rules.book.entries import Item, Part, Scheme
from govservice.rules.language.shapes import Aggregate, Expression
from govservice.rules.language.values import BY_NOTHING, Interval, Number, Unknown, Value, exact
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.score_frames.answers import DIGITS, decimal_of, exact_text, part_columns, row_of, schema_of
from govservice.score_frames.forms import NTH, Form, counted_name, form_of, put_in
from govservice.score_frames.given import NUMBER, GivenTables, given_of
from govservice.score_frames.kinds_of_rows import ASK, IN, KIND, RowKinds, Worths, coded, facts_of, in_units

if TYPE_CHECKING:
    import polars

    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["on_columns"]

GROUP: Final = "\0group"  # the place of a subject and period
_DAY: Final = "\0day"
_PLACE: Final = "\0place"
_MOST_DAYS: Final = 40_000
_MOST: Final = 1 << 62
_SOMEBODY: Final = "\0"


def on_columns(
    frames: Mapping[str, Any], book: Rulebook, scheme: Scheme, spans: Sequence[Period], *, now: date | None, calendar: WorkCalendar | None
) -> polars.DataFrame | None:
    """The scores of every subject in some periods; None where the scheme or the tables have no column form."""
    import polars as pl

    form = form_of(book.contents, scheme)
    spans = list(dict.fromkeys(spans))
    if form is None or not spans or _overlap(spans) or sum((span.last - span.first).days + 1 for span in spans) > _MOST_DAYS:
        return None
    given = given_of(frames, book.contents, form)
    if given is None:
        return None
    grid = _Grid(given, form, spans)
    try:
        working = _Working(grid, book, now, calendar)
        answer = working.answer()
    except _TooLong:
        return None
    asked = [(given.subjects[group // len(spans)], spans[group % len(spans)]) for group in working.asked]
    rows = _by_the_interpreter(given, form, book, asked, working.rows_of_asked(), now, calendar)
    there = pl.DataFrame([{name: row.get(name) for name in schema_of(scheme)} for row in rows], schema=schema_of(scheme), orient="row")
    whole = pl.concat([answer, there.with_columns(pl.Series(GROUP, working.asked, dtype=pl.Int64))])
    by_period = (pl.col(GROUP) % len(spans), pl.col(GROUP))
    return whole.sort(by_period).drop(GROUP)


def _overlap(spans: Sequence[Period]) -> bool:
    ordered = sorted(spans, key=lambda span: span.first)
    return any(one.last >= other.first for one, other in pairwise(ordered))


class _TooLong(Exception):
    """A number outgrows the columns."""


def _by_the_interpreter(
    given: GivenTables,
    form: Form,
    book: Rulebook,
    asked: Sequence[tuple[str, Period]],
    theirs: Mapping[str, polars.DataFrame],
    now: date | None,
    calendar: WorkCalendar | None,
) -> list[dict[str, Any]]:
    """The scores of those who are left to the interpreter, on the rows that are theirs in these periods."""
    if not asked:
        return []
    rows: dict[str, list[Mapping[str, Any]]] = {}
    numbers: dict[str, list[int]] = {}
    for table, frame in given.tables.items():
        own = frame.join(theirs[table], on=NUMBER, how="semi", maintain_order="left") if table in theirs else frame
        numbers[table] = own[NUMBER].to_list()
        rows[table] = list(own.drop(NUMBER).to_dicts())
    ledger = Ledger(rows, numbers)
    assessment = Assessment(book, ledger.under(book.contents), now=now, calendar=calendar)
    return [row_of(assessment.score(form.scheme.id, id, span), True) for id, span in asked]


class _Grid:
    """The rows of the tables that a scheme reads, each with the place of its subject and period; only those that have one."""

    def __init__(self, given: GivenTables, form: Form, spans: Sequence[Period]) -> None:
        self.given, self.form, self.spans = given, form, spans
        self.size = len(given.subjects) * len(spans)

    def rows(self, table: str, dated_by: str) -> polars.DataFrame:
        import polars as pl

        frame, scored = self.given.tables[table], self.form.scheme.scores
        kept = [name for name in sorted(self.form.reads[table]) if name in frame.columns]
        marks = [name for name in ("occurrence", "assessor") if name in frame.columns]
        if not {scored, dated_by} <= set(frame.columns) or not self.given.subjects or frame[dated_by].dtype == pl.Null:
            return pl.DataFrame(schema={GROUP: pl.Int64, _DAY: pl.Int64, NUMBER: pl.Int64})
        first = min(span.first for span in self.spans)
        days = (max(span.last for span in self.spans) - first).days + 1
        if days > _MOST_DAYS:
            raise _TooLong
        places: list[int | None] = [None] * days
        for place, span in enumerate(self.spans):
            begins = (span.first - first).days
            places[begins : begins + (span.last - span.first).days + 1] = [place] * ((span.last - span.first).days + 1)
        day = (frame[dated_by].to_physical().cast(pl.Int64) - (first - date(1970, 1, 1)).days).alias(_DAY)
        day = pl.select(pl.when((day >= 0) & (day < days)).then(day)).to_series()
        period = pl.Series(places, dtype=pl.Int64).gather(day)
        owner = frame[scored].cast(pl.Enum(self.given.subjects)).to_physical().cast(pl.Int64)
        group = owner * len(self.spans) + period
        whole = frame.select(NUMBER, *dict.fromkeys((*kept, *marks, *(("kind",) if table == "events" else ()))))
        whole = whole.with_columns(group.alias(GROUP), day.alias(_DAY))
        return whole.filter(pl.col(GROUP).is_not_null())


class _Table(NamedTuple):
    rows: polars.DataFrame
    kinds: RowKinds


class _Working:
    """One call: what each group comes to, and which are asked of the interpreter."""

    def __init__(self, grid: _Grid, book: Rulebook, now: date | None, calendar: WorkCalendar | None) -> None:
        import polars as pl

        self.grid, self.form, self.book = grid, grid.form, book
        self.contents, self.scheme = book.contents, grid.form.scheme
        self.now, self.calendar = now, calendar
        self.asked: list[int] = []
        self.doubt: list[polars.DataFrame] = []  # groups that have an open row
        self.tables = self._tables()
        self.groups = pl.DataFrame({GROUP: pl.int_range(grid.size, dtype=pl.Int64, eager=True)})

    # -- kinds of rows

    def _tables(self) -> dict[str, _Table]:
        """The rows of each table with their kinds, of which the interpreter reads one row each."""
        import polars as pl

        span = self.grid.spans[0]
        scored = self.scheme.scores
        found: dict[str, tuple[polars.DataFrame, int]] = {}
        rows: dict[str, list[Mapping[str, Any]]] = {table: [] for table in self.grid.given.tables}
        for table in self.form.reads:
            dated_by = self.contents.tables[table].dated_by or ""
            frame = self.grid.rows(table, dated_by)
            said = [name for name in frame.columns if name not in (GROUP, _DAY, NUMBER, "occurrence", "assessor")]
            marks = [name for name in ("occurrence", "assessor") if name in frame.columns]
            if marks:
                self._doubt(frame.filter(pl.any_horizontal(pl.col(marks).is_not_null())))
            kind, each = coded(frame, said)
            rows[table] = [{dated_by: span.first, **facts_of(row), scored: _SOMEBODY} for row in each.select(said).to_dicts()]
            found[table] = (frame.with_columns(kind.cast(pl.Int64).alias(KIND)), len(rows[table]) if frame.height else 0)
        ledger = Ledger(rows)
        assessment = Assessment(self.book, ledger.under(self.contents), now=self.now, calendar=self.calendar)
        scope = assessment.subject(scored, _SOMEBODY, span, about=self.scheme.id)
        scope.conventions = self.contents.stated_in[self.scheme.id]
        self.scope = scope
        tables: dict[str, _Table] = {}
        for table, (frame, number) in found.items():
            sources = [table, *self.contents.events] if table == "events" else [table]
            held = sorted((row for source in sources for row in assessment.register.rows.get(source, ())), key=lambda row: row.number)
            if frame.height and len(held) != number:
                raise _TooLong  # a kind that is set apart: row by row
            tables[table] = _Table(frame, RowKinds(assessment, scope, span, held if frame.height else []))
        return tables

    def rows_of_asked(self) -> dict[str, polars.DataFrame]:
        """By table, the numbers of the rows of those who are asked of the interpreter."""
        import polars as pl

        asked = pl.DataFrame({GROUP: pl.Series(self.asked, dtype=pl.Int64)})
        found = {table: rows.rows.join(asked, on=GROUP, how="semi").select(NUMBER) for table, rows in self.tables.items()}
        own, scored = self.grid.given.tables.get(self.scheme.scores), self.scheme.scores
        if own is not None and scored not in found and scored in own.columns:
            subjects = pl.Series(self.grid.given.subjects, dtype=pl.String).gather(asked[GROUP] // len(self.grid.spans)).unique()
            found[scored] = own.filter(pl.col(scored).is_in(subjects.implode())).select(NUMBER)
        return found

    def _doubt(self, frame: polars.DataFrame) -> None:
        self.doubt.append(frame.select(GROUP).unique())

    # -- rows

    def _of_rows(self, worths: Worths, table: str, name: str) -> polars.DataFrame:
        """How many rows of each group are let in, and what they come to."""
        import polars as pl

        rows = self.tables[table].rows
        self._check(worths.worth, rows.height)
        let_in = pl.Series(worths.let_in, dtype=pl.Int8)
        worth = pl.Series(worths.worth, dtype=pl.Int64)
        if not any(worths.let_in):
            return pl.DataFrame(schema={GROUP: pl.Int64, f"{name}#": pl.Int64, name: pl.Int64})
        if ASK in worths.let_in:
            self._doubt(rows.filter(let_in.gather(rows[KIND]) == ASK))
        kept = rows.lazy().select(GROUP, let_in.gather(rows[KIND]).alias("in"), worth.gather(rows[KIND]).alias(name))
        counted = kept.filter(pl.col("in") == IN).group_by(GROUP).agg(pl.len().cast(pl.Int64).alias(f"{name}#"), pl.col(name).sum())
        return counted.collect()

    def _check(self, worths: Sequence[int], rows: int) -> None:
        if max(map(abs, worths), default=0) * max(rows, 1) >= _MOST:
            raise _TooLong

    def _of_numbered(self, item: Item, table: str, name: str) -> tuple[polars.DataFrame, int]:
        """An item that asks for the ordinals of its rows: they are put in order, and each kind is worked out at each of its ordinals."""
        import polars as pl

        rows, kinds = self.tables[table]
        answers = kinds.lets_in(item)
        let_in = pl.Series(answers, dtype=pl.Int8).gather(rows[KIND])
        if ASK in answers:
            self._doubt(rows.filter(let_in == ASK))
        source = pl.Series([row.source for row in kinds.rows], dtype=pl.String).rank("dense").cast(pl.Int64)
        days, number, sources = (_most(column) + 1 for column in (rows[_DAY], rows[NUMBER], source))
        sizes = (days, sources, number, max(len(kinds.rows), 1))
        if self.grid.size * prod(sizes) >= _MOST:
            raise _TooLong
        place = rows[GROUP]
        for column, size in zip((rows[_DAY], source.gather(rows[KIND]), rows[NUMBER], rows[KIND]), sizes, strict=True):
            place = place * size + column
        placed = place.filter(let_in == IN).sort()  # one number says all: by subject and period, then in order
        ordered = pl.DataFrame({GROUP: placed // prod(sizes), KIND: placed % sizes[-1]})
        return self._at_ordinals(item, kinds, ordered, name)

    def _at_ordinals(self, item: Item, kinds: RowKinds, ordered: polars.DataFrame, name: str) -> tuple[polars.DataFrame, int]:
        import polars as pl

        number = pl.int_range(pl.len(), dtype=pl.Int64)
        ordered = ordered.with_columns(
            (number - pl.when(pl.col(GROUP) != pl.col(GROUP).shift(1)).then(number).otherwise(None).forward_fill().fill_null(0) + 1).alias(
                NTH
            )
        )
        longest = _most(ordered[NTH]) + 1
        place = ordered[KIND] * longest + ordered[NTH]
        each = place.unique()
        answers, worths = [], list[int | Fraction]()
        for one in each.to_list():
            row, nth = kinds.rows[one // longest], one % longest
            try:
                answer = kinds.let_in(item, row, nth) if item.numbers_all else IN
                worth = kinds.worth(item, row, nth) if answer == IN else 0
            except GovServiceError:
                answer, worth = ASK, 0
            answers.append(ASK if worth is None else answer)
            worths.append(worth if worth is not None and answer == IN else 0)
        units, scale = in_units(worths)
        self._check(units, ordered.height)
        size = len(kinds.rows) * longest
        if size > 1 << 26:
            raise _TooLong
        let_in = pl.zeros(size, dtype=pl.Int8, eager=True).scatter(each, pl.Series(answers, dtype=pl.Int8))
        worth_at = pl.zeros(size, dtype=pl.Int64, eager=True).scatter(each, pl.Series(units, dtype=pl.Int64))
        if ASK in answers:
            self._doubt(ordered.filter(let_in.gather(place) == ASK))
        found = ordered.lazy().select(GROUP, worth_at.gather(place).alias(name)).group_by(GROUP).agg(pl.col(name).sum())
        return found.collect(), scale

    # -- items

    def answer(self) -> polars.DataFrame:
        """One row a group that is settled; the others are then among `asked`."""
        import polars as pl

        groups = self.groups
        scales: dict[str, int] = {}
        for number, item in enumerate(self.form.items):
            for table in _by_table(self.contents.table_of, item.for_):
                name = f"{number}/{table}"
                if item.numbers:
                    if len(_by_table(self.contents.table_of, item.for_)) > 1:
                        raise _TooLong
                    found, scales[name] = self._of_numbered(item, table, name)
                else:
                    worths = self.tables[table].kinds.of_item(item)
                    found, scales[name] = self._of_rows(worths, table, name).drop(f"{name}#"), worths.scale
                groups = groups.join(found, on=GROUP, how="left", maintain_order="left")
        for number, aggregate in enumerate(self.form.aggregates):
            tables = _by_table(self.contents.table_of, aggregate.sources)
            if len(tables) > 1:
                raise _TooLong
            worths = self.tables[next(iter(tables))].kinds.of_aggregate(aggregate)
            found = self._of_rows(worths, next(iter(tables)), f"a{number}")
            scales[f"a{number}"] = worths.scale
            groups = groups.join(found, on=GROUP, how="left", maintain_order="left")
        groups = groups.fill_null(0)
        if self.doubt:
            groups = groups.join(pl.concat(self.doubt).unique(), on=GROUP, how="anti", maintain_order="left")
        return self._settled(groups, scales)

    def _settled(self, groups: polars.DataFrame, scales: Mapping[str, int]) -> polars.DataFrame:
        import polars as pl

        numbers = {item.id: number for number, item in enumerate(self.form.items)}
        open_ = pl.zeros(groups.height, dtype=pl.Boolean, eager=True)
        places: list[polars.Series] = []  # by part, then what stands outside: the place of its worth
        worths: list[list[Number | None]] = []
        for part, items in [*((part, part.items) for part in self.scheme.parts.values()), (None, self.scheme.adjust)]:
            names = [name for item in items if item.for_ for name in scales if name.startswith(f"{numbers[item.id]}/")]
            once = [self._once(item) for item in items if not item.for_]
            columns = list(dict.fromkeys(name for one in once for name in one.columns))
            scale = lcm(*(scales[name] for name in names))
            if sum(_most(groups[name].abs()) for name in names) * scale >= _MOST:
                raise _TooLong
            together = pl.sum_horizontal(pl.lit(0, pl.Int64), *(pl.col(name) * (scale // scales[name]) for name in names))
            place, each = coded(groups.with_columns(together.alias(_PLACE)).select(_PLACE, *columns), [_PLACE, *columns])
            found = [self._part(part, Fraction(row[_PLACE], scale), once, row, scales) for row in each.to_dicts()]
            open_ = open_ | pl.Series([one is None for one in found], dtype=pl.Boolean).gather(place)
            places.append(place)
            worths.append(found)
        frame = groups.select(GROUP).with_columns(place.cast(pl.Int64).alias(str(number)) for number, place in enumerate(places))
        settled = frame.filter(~open_)
        self.asked = self.groups.join(settled, on=GROUP, how="anti")[GROUP].to_list()
        return self._totals(settled, worths)

    def _once(self, item: Item) -> _Once:
        """An item of no rows, with names for what it counts."""
        counted = self.form.aggregates
        own = {place: aggregate for place, aggregate in enumerate(counted) if aggregate in self.form.counted[item.id]}
        when = None if item.when is None else put_in(self.contents, item.when, counted)
        return _Once(when, put_in(self.contents, item.points, counted), own)

    def _part(
        self, part: Part | None, rows: Fraction, once: Sequence[_Once], row: Mapping[str, int], scales: Mapping[str, int]
    ) -> Number | None:
        """What the items of a part leave, held between its bounds; None where the interpreter must say."""
        earned = rows + (part.full or 0) if part is not None else rows
        for item in once:
            worth = item.worth(row, scales, self.scope)
            if worth is None:
                return None
            earned += worth
        return earned if part is None else self._held(part, earned)

    def _held(self, part: Part, earned: Fraction) -> Number | None:
        """A part between its bounds; None where the book does not say what they are, and it matters."""
        stated = {**self.contents.stated_in[self.scheme.id], **part.conventions}
        held = earned
        for own, convention, choose, bound in ((part.low, "part_floor", max, Fraction(0)), (part.high, "part_overflow", min, part.full)):
            if own is not None:
                held = held if own == "none" else choose(held, Fraction(own))
            elif part.full is not None and bound is not None:
                reading = stated.get(convention)
                if reading is None and choose(held, bound) != held:
                    return None
                held = held if reading in (None, "none", "allowed") else choose(held, bound)
        return held

    # -- totals

    def _totals(self, frame: polars.DataFrame, worths: Sequence[Sequence[Number | None]]) -> polars.DataFrame:
        import polars as pl

        place, sums = self._sums(frame, [[worth or 0 for worth in own] for own in worths])
        totals = [self._total_of(one) for one in sums]
        shown = [[None if worth is None else self._rounded(worth) for worth in own] for own in worths[:-1]]
        asks = pl.Series([one is None for one in totals], dtype=pl.Boolean).gather(place)
        for number, own in enumerate(shown):
            asks = asks | pl.Series([one is None for one in own], dtype=pl.Boolean).gather(frame[str(number)])
        self.asked = sorted([*self.asked, *frame.filter(asks)[GROUP].to_list()])
        kept = frame.with_columns(place.alias(_PLACE)).filter(~asks)
        schema, spans = schema_of(self.scheme), len(self.grid.spans)
        subject, period = kept[GROUP] // spans, kept[GROUP] % spans
        total = _decimals(totals).gather(kept[_PLACE])
        text = pl.Series([None if one is None else exact_text(one) for one in totals], dtype=pl.String).gather(kept[_PLACE])
        columns: dict[str, Any] = {
            "subject": pl.Series(self.grid.given.subjects, dtype=pl.String).gather(subject),
            "period": pl.Series([str(span) for span in self.grid.spans], dtype=pl.String).gather(period),
            **dict.fromkeys(("total", "low", "high"), total),
            **dict.fromkeys(("total_exact", "low_exact", "high_exact"), text),
        }
        for number, name in enumerate(part_columns(self.scheme)):
            columns[name] = _decimals(shown[number]).gather(kept[str(number)])
        whole = pl.DataFrame({**columns, GROUP: kept[GROUP]}).with_columns(
            pl.lit(True).alias("eligible"),
            pl.lit("settled").alias("state"),
            pl.lit(None, pl.String).alias("reason"),
            pl.lit("columns").alias("by"),
        )
        return whole.select(*schema, GROUP)

    def _sums(self, frame: polars.DataFrame, worths: Sequence[Sequence[Number]]) -> tuple[polars.Series, list[Number]]:
        """What the parts come to together: the place of each group's sum, and the sums. In whole units where these are not too long."""
        import polars as pl

        columns = [str(number) for number in range(len(worths))]
        units, scale = in_units([worth for own in worths for worth in own])
        if max(map(abs, units), default=0) * len(worths) >= _MOST:
            place, each = coded(frame, columns)
            return place, [
                sum((worths[number][kind] for number, kind in enumerate(row)), Fraction(0)) for row in each.select(columns).rows()
            ]
        together = pl.zeros(frame.height, dtype=pl.Int64, eager=True)
        begin = 0
        for column, own in zip(columns, worths, strict=True):
            together = together + pl.Series(units[begin : begin + len(own)], dtype=pl.Int64).gather(frame[column])
            begin += len(own)
        place, each = coded(together.to_frame(_PLACE), [_PLACE])
        return place, [Fraction(unit, scale) for unit in each[_PLACE].to_list()]

    def _total_of(self, total: Number) -> Number | None:
        """A total as it is shown; None where the interpreter must say."""
        scheme = self.scheme
        if scheme.full is not None and scheme.high is None and total > scheme.full:
            return None  # which is refused
        for bound, choose in ((scheme.low, max), (scheme.high, min)):
            total = total if bound in (None, "none") else choose(total, Fraction(bound))
        return self._rounded(total)

    def _rounded(self, number: Number) -> Number | None:
        stated = self.contents.stated_in[self.scheme.id]
        digits, mode = stated.get("rounding.digits"), stated.get("rounding.mode")
        if digits is None:
            return exact(number, number)
        ways = {round_by(number, int(digits), each) for each in ((mode,) if mode is not None else MODES)}
        return ways.pop() if len(ways) == 1 else None


class _Once:
    """An item of no rows: what it counts stands in it by names, and the interpreter reads it once for all who count alike."""

    def __init__(self, when: Expression | None, points: Expression, counted: Mapping[int, Aggregate]) -> None:
        self.when, self.points, self.counted = when, points, counted
        self.columns = [name for place in counted for name in (f"a{place}#", f"a{place}")]
        self._known: dict[tuple[int, ...], Number | None] = {}

    def worth(self, row: Mapping[str, int], scales: Mapping[str, int], scope: SubjectScope) -> Number | None:
        """What it comes to; None where that is open, or refused."""
        key = tuple(row[name] for name in self.columns)
        if key not in self._known:
            for place, aggregate in self.counted.items():
                whole = Fraction(row[f"a{place}"], scales[f"a{place}"])
                scope.memo[counted_name(place)] = _total(aggregate.total, row[f"a{place}#"], whole)
            self._known[key] = self._read(scope)
        return self._known[key]

    def _read(self, scope: SubjectScope) -> Number | None:
        try:
            asked = True if self.when is None else holds(evaluate(self.when, scope))
            if asked is False:
                return 0
            worth, needs = worth_of(evaluate(self.points, scope), asked)
        except GovServiceError:
            return None
        return None if needs or isinstance(worth, (Unknown, Interval)) else worth


def _most(numbers: polars.Series) -> int:
    most = numbers.max()
    return most if isinstance(most, int) else 0


def _decimals(numbers: Sequence[Number | None]) -> polars.Series:
    import polars as pl

    return pl.Series([None if number is None else decimal_of(number) for number in numbers], dtype=pl.Decimal(38, DIGITS))


def _total(total: str, rows: int, worth: Fraction) -> Value:
    """What a count comes to, from how many rows it has and what they are worth together."""
    if total == "count":
        return rows
    if total == "sum":
        return exact(worth, worth)
    if rows == 0:
        return BY_NOTHING
    return exact(worth * (100 if total == "percent" else 1) / rows, worth)


def _by_table(table_of: Any, sources: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source in sources:
        found.setdefault(table_of(source), []).append(source)
    return found
