"""A scheme worked out on columns over all subjects and periods at once; whoever has an open row is left to the interpreter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.assessment.assessing import Assessment
from govservice.assessment.ledger import Ledger
from govservice.assessment.periods import Period
from govservice.assessment.rounding import MODES, round_by
from govservice.assessment.row_pricing import worth_of
from govservice.errors import GovServiceError
from govservice.rules.book.entries import Item, Part, Scheme
from govservice.rules.language.intervals import Bounded
from govservice.rules.language.shapes import Aggregate
from govservice.rules.language.values import BY_NOTHING, Interval, Number, Unknown, Value, exact
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.score_frames.answers import decimal_of, exact_text, part_columns, row_of, schema_of
from govservice.score_frames.forms import NTH, Form, form_of, put_in
from govservice.score_frames.given import NUMBER, Given, given_of
from govservice.score_frames.kinds_of_rows import ASK, IN, KIND, OUT, Kinds, Worths, coded, facts_of, in_units

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
    rows = _by_the_interpreter(given, form, book, asked, now, calendar)
    there = pl.DataFrame([{name: row.get(name) for name in schema_of(scheme)} for row in rows], schema=schema_of(scheme), orient="row")
    whole = pl.concat([answer, there.with_columns(pl.Series(GROUP, working.asked, dtype=pl.Int64))])
    by_period = (pl.col(GROUP) % len(spans), pl.col(GROUP))
    return whole.sort(by_period).drop(GROUP)


def _overlap(spans: Sequence[Period]) -> bool:
    ordered = sorted(spans, key=lambda span: span.first)
    return any(one.last >= other.first for one, other in zip(ordered, ordered[1:], strict=False))


class _TooLong(Exception):
    """A number outgrows the columns."""


def _by_the_interpreter(
    given: Given,
    form: Form,
    book: Rulebook,
    asked: Sequence[tuple[str, Period]],
    now: date | None,
    calendar: WorkCalendar | None,
) -> list[dict[str, Any]]:
    """The scores of those who are left to the interpreter, on the rows that are theirs."""
    import polars as pl

    if not asked:
        return []
    scored = form.scheme.scores
    theirs = pl.Series([id for id, _ in asked], dtype=pl.String).unique()
    rows: dict[str, list[Mapping[str, Any]]] = {}
    numbers: dict[str, list[int]] = {}
    for table, frame in given.tables.items():
        own = frame.filter(pl.col(scored).is_in(theirs.implode())) if table in form.reads and scored in frame.columns else frame
        numbers[table] = own[NUMBER].to_list()
        rows[table] = own.drop(NUMBER).to_dicts()
    ledger = Ledger(rows, numbers)
    assessment = Assessment(book, ledger.under(book.contents), now=now, calendar=calendar)
    return [row_of(assessment, assessment.score(form.scheme.id, id, span), True) for id, span in asked]


class _Grid:
    """The rows of the tables that a scheme reads, each with the place of its subject and period; only those that have one."""

    def __init__(self, given: Given, form: Form, spans: Sequence[Period]) -> None:
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
    kinds: Kinds


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
            tables[table] = _Table(frame, Kinds(assessment, scope, span, held if frame.height else []))
        return tables

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
        days, most, sources = int(rows[_DAY].max() or 0) + 1, int(rows[NUMBER].max() or 0) + 1, int(source.max() or 0) + 1  # type: ignore[call-overload, arg-type]
        if self.grid.size * days * sources * most >= _MOST or rows.height >= 1 << 32:
            raise _TooLong
        kept = rows.select(GROUP, _DAY, NUMBER, KIND).filter(let_in == IN)
        place = ((kept[GROUP] * days + kept[_DAY]) * sources + source.gather(kept[KIND])) * most + kept[NUMBER]
        ordered = pl.DataFrame({_PLACE: place, GROUP: kept[GROUP], KIND: kept[KIND]}).sort(_PLACE).drop(_PLACE)
        return self._at_ordinals(item, kinds, ordered, name)

    def _at_ordinals(self, item: Item, kinds: Kinds, ordered: polars.DataFrame, name: str) -> tuple[polars.DataFrame, int]:
        import polars as pl

        number = pl.int_range(pl.len(), dtype=pl.Int64)
        ordered = ordered.with_columns(
            (number - pl.when(pl.col(GROUP) != pl.col(GROUP).shift(1)).then(number).otherwise(None).forward_fill().fill_null(0) + 1).alias(NTH)
        )
        longest = int(ordered[NTH].max() or 0) + 1  # type: ignore[call-overload, arg-type]
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
            for table, sources in _by_table(self.contents.table_of, item.for_).items():
                name = f"{number}/{table}"
                if item.numbers:
                    if len(_by_table(self.contents.table_of, item.for_)) > 1:
                        raise _TooLong
                    found, scales[name] = self._of_numbered(item, table, name)
                else:
                    worths = self.tables[table].kinds.of_item(item)
                    found, scales[name] = self._of_rows(worths, table, name).drop(f"{name}#"), worths.scale
                groups = groups.join(found, on=GROUP, how="left", maintain_order="left")
                del sources
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
            columns = [name for item in items for name in self._columns(numbers[item.id], item, scales)]
            place, each = coded(groups, columns)
            found = [self._part(part, items, numbers, row, scales) for row in (each.select(columns).to_dicts() if columns else [{}])]
            open_ = open_ | pl.Series([one is None for one in found], dtype=pl.Boolean).gather(place)
            places.append(place)
            worths.append(found)
        frame = groups.select(GROUP).with_columns(place.cast(pl.Int64).alias(str(number)) for number, place in enumerate(places))
        self.asked = sorted({*pl.concat([self.groups[GROUP]]).to_list()} - {*frame.filter(~open_)[GROUP].to_list()})
        return self._totals(frame.filter(~open_), worths)

    def _columns(self, number: int, item: Item, scales: Mapping[str, int]) -> Iterable[str]:
        if item.for_:
            return [name for name in scales if name.startswith(f"{number}/")]
        places = {aggregate: place for place, aggregate in enumerate(self.form.aggregates)}
        return [name for one in self.form.counted[item.id] for name in (f"a{places[one]}#", f"a{places[one]}")]

    def _part(
        self, part: Part | None, items: Sequence[Item], numbers: Mapping[str, int], row: Mapping[str, int], scales: Mapping[str, int]
    ) -> Number | None:
        """What the items of a part leave, held between its bounds; None where the interpreter must say."""
        earned = Fraction(part.full or 0) if part is not None else Fraction(0)
        for item in items:
            if item.for_:
                earned += sum((Fraction(row[name], scales[name]) for name in self._columns(numbers[item.id], item, scales)), Fraction(0))
                continue
            worth = self._once(item, row, scales)
            if worth is None:
                return None
            earned += worth
        return earned if part is None else self._held(part, earned)

    def _once(self, item: Item, row: Mapping[str, int], scales: Mapping[str, int]) -> Number | None:
        """An item of no rows: what it counts is put in, and the interpreter reads it."""
        places = {aggregate: place for place, aggregate in enumerate(self.form.aggregates)}
        values: dict[Aggregate, Value] = {}
        for one in self.form.counted[item.id]:
            name = f"a{places[one]}"
            values[one] = _total(one.total, row[f"{name}#"], Fraction(row[name], scales[name]))
        try:
            asked = True if item.when is None else holds(evaluate(put_in(self.contents, item.when, values), self.scope))
            if asked is False:
                return 0
            worth, needs = worth_of(evaluate(put_in(self.contents, item.points, values), self.scope), asked)
        except GovServiceError:
            return None
        return None if needs or isinstance(worth, (Unknown, Interval)) else worth

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

        columns = [str(number) for number in range(len(worths))]
        place, each = coded(frame, columns)
        found: list[tuple[Number, ...] | None] = []
        for row in each.select(columns).rows():
            own = [worths[number][kind] for number, kind in enumerate(row)]
            found.append(self._total_of([worth for worth in own if worth is not None]))
        asks = pl.Series([one is None for one in found], dtype=pl.Boolean).gather(place)
        self.asked = sorted([*self.asked, *frame.filter(asks)[GROUP].to_list()])
        shown = self._shown(found)
        kept = frame.with_columns(place.alias(KIND)).filter(~asks)
        subject, period = kept[GROUP] // len(self.grid.spans), kept[GROUP] % len(self.grid.spans)
        whole = shown[kept[KIND]].with_columns(
            pl.Series(self.grid.given.subjects, dtype=pl.String).gather(subject).alias("subject"),
            pl.Series([str(span) for span in self.grid.spans], dtype=pl.String).gather(period).alias("period"),
            kept[GROUP].alias(GROUP),
        )
        return whole.select(*schema_of(self.scheme), GROUP)

    def _shown(self, found: Sequence[tuple[Number, ...] | None]) -> polars.DataFrame:
        import polars as pl

        schema = schema_of(self.scheme)
        cache: dict[Number, Any] = {}
        rows = [one if one is not None else (0,) * (len(self.scheme.parts) + 1) for one in found]
        for one in rows:
            for number in one:
                if number not in cache:
                    cache[number] = decimal_of(number)
        texts = {number: exact_text(number) for number in {one[0] for one in rows}}
        columns: dict[str, Any] = {}
        total = pl.Series([cache[one[0]] for one in rows], dtype=schema["total"])
        text = pl.Series([texts[one[0]] for one in rows], dtype=pl.String)
        columns |= dict.fromkeys(("total", "low", "high"), total) | dict.fromkeys(("total_exact", "low_exact", "high_exact"), text)
        for number, name in enumerate(part_columns(self.scheme), 1):
            columns[name] = pl.Series([cache[one[number]] for one in rows], dtype=schema[name])
        return pl.DataFrame(columns).with_columns(
            pl.lit(True).alias("eligible"), pl.lit("settled").alias("state"), pl.lit(None, pl.String).alias("reason"), pl.lit("columns").alias("by")
        )

    def _total_of(self, worths: Sequence[Number]) -> tuple[Number, ...] | None:
        """The total and the parts as they are shown; None where the interpreter must say."""
        scheme = self.scheme
        total = sum(worths, Fraction(0))
        if scheme.full is not None and scheme.high is None and total > scheme.full:
            return None  # which is refused
        for bound, choose in ((scheme.low, max), (scheme.high, min)):
            total = total if bound in (None, "none") else choose(total, Fraction(bound))  # type: ignore[arg-type]
        shown = [self._rounded(number) for number in (total, *worths[:-1])]
        return None if None in shown else tuple(number for number in shown if number is not None)

    def _rounded(self, number: Number) -> Number | None:
        stated = self.contents.stated_in[self.scheme.id]
        digits, mode = stated.get("rounding.digits"), stated.get("rounding.mode")
        if digits is None:
            return exact(number, number)
        ways = {round_by(number, int(digits), each) for each in ((mode,) if mode is not None else MODES)}
        return ways.pop() if len(ways) == 1 else None


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
