"""A score as its public card: rounded once, with what it was worked out from and everything that could not be settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, cast

from govservice.assessment.assessing import Assessment
from govservice.assessment.drawing import Drawing, labelled_counts
from govservice.assessment.published import whole_card
from govservice.assessment.remarks import Remarks
from govservice.assessment.rescoring import rescored
from govservice.assessment.rounding import judged_otherwise
from govservice.assessment.score import HeldPart, Score
from govservice.assessment.scorecard import OpenItem, PartScore, Points, Rescored, Scorecard
from govservice.assessment.showing import Showing, Span, showing
from govservice.errors import DecisionError, GovServiceError, Words
from govservice.rules.language.facts import unsaid
from govservice.rules.language.facts import written as written_fact
from govservice.rules.language.intervals import Bounded, ends, is_number
from govservice.rules.language.shapes import Expression, Name, names
from govservice.rules.language.values import BY_NOTHING, DECIMAL, Interval, Nothing, Number, Unknown, Value, exact, reported
from govservice.rules.meaning.evaluation import evaluate

if TYPE_CHECKING:
    from govservice.assessment.register import LedgerRow
    from govservice.assessment.scopes import SubjectScope
    from govservice.rules.book.entries import Item

__all__ = ["card_of", "faults_among", "figures_of", "labels_of", "shown_between", "total_of"]


def shown_between(score: Score, value: Bounded | Unknown) -> tuple[Number, Number] | None:
    """The exact numbers between which a number of a score is shown, rounded as the book says; None where nothing bounds it.

    Raises ConventionError where it is settled and the book does not say how it is rounded.
    """
    return showing(score).between(value)


def total_of(score: Score) -> Span:
    """The total as reported; no point where it is open whether the subject is scored at all."""
    span = showing(score).span(score.total)
    return span if score.applies is True else span._replace(point=None)


def faults_among(assessment: Assessment, needs: Iterable[str]) -> Iterator[Words]:
    """What could not be read or decided, of what something waits for."""
    for name in sorted({*needs} & assessment.faults.keys()):
        fault = assessment.faults[name].fault
        hint = fault.hint
        yield Words(
            f"{name} cannot be used: {fault.what.en}" + (f"; {hint.en}" if hint.en else ""),
            f"{assessment.contents.in_chinese(name).lstrip()}无法采用：{fault.what.zh}" + (f"；{hint.zh}" if hint.zh else ""),
        )


def card_of(assessment: Assessment, score: Score, *, alone: bool = False) -> Scorecard:
    """The scorecard of a score.

    One that is asked for `alone` is refused where a fact that it waits for was given and cannot be used; unless it may not be scored.
    """
    contents, scheme = assessment.contents, score.scheme
    shown = showing(score)
    span = shown.span
    total, low, high = total_of(score)
    drawing = _drawing(assessment, score, shown)
    open_items = tuple(_open(score, span))
    needs = {need for item in open_items for need in item.needs} | _waited_for(score.scope.around.get("eligible"))
    own = score.scope.of_its_own
    if alone and not _waited_for(score.applies) - assessment.faults.keys():
        for name in sorted(needs & assessment.faults.keys()):
            raise assessment.faults[name]
    unpriced, unverified = _unpriced(assessment, score)

    def labels() -> dict[str, str]:
        totals = [] if scheme.total is None else [scheme.total]
        counted = labels_of(assessment, totals, score.scope) if score.applies is not False else {}
        return contents.labels_of((*own(needs), *(name for of in totals for name in names(of))), scheme.id) | counted | drawing.labels()

    kept = whole_card(score.supplied.facts) if score.supplied is not None else None
    card = Scorecard.drawn(
        {"lines": drawing.lines, "unfired": drawing.unfired_lines, "labels": labels},
        at_once=shown.refuses,
        scheme=scheme.id,
        title=scheme.title,
        subject=score.subject,
        period=str(score.period),
        total=total,
        low=low,
        high=high,
        parts={id: _part(id, part, span) for id, part in score.parts.items()},
        unpriced=unpriced,
        unverified=unverified,
        open=tuple(replace(item, needs=own(item.needs)) for item in open_items),
        notes=(
            *score.notes,
            *_at_the_end(assessment, score, Span(total, low, high)),
            *judged_otherwise(assessment, score),
            *_not_supplied(assessment, score),
            *_naming_nobody(assessment, score),
            *_lost(assessment, score),
            *faults_among(assessment, needs),
            *(_not_begun(assessment, score) if "as_of" in needs else ()),
            *assessment.remarks_of(scheme.id, score.subject, score.period),
        ),
        eligible=score.eligible,
        unit=scheme.unit,
        book=contents.id,
        digest=assessment.book.digest,
        now=assessment.now,
        formula=_formula(assessment, score),
        scored=None if isinstance(score.applies, Unknown) else score.applies,
        full=_full(score),
        rescored=None,
    )
    if kept is not None:  # a whole card that was kept is shown as it was
        both = {**kept.labels, **card.labels}
        card = replace(card, parts=kept.parts, lines=kept.lines, unfired=kept.unfired, formula=kept.formula, full=kept.full, labels=both)
    return card if score.supplied is None or assessment.now is None else replace(card, rescored=_rescored(assessment, score, card, kept))


def _rescored(assessment: Assessment, score: Score, card: Scorecard, kept: Scorecard | None) -> Rescored:
    """What a score that was published would be now."""
    row = cast("LedgerRow", score.supplied)
    given = row.facts.get("parts")
    if not isinstance(given, Mapping):  # a column a part, as files have them
        given = {name.removeprefix("parts."): worth for name, worth in row.facts.items() if name.startswith("parts.")}
    parts = {str(part): score.scope.value(Name(f"parts.{part}", DECIMAL, "scheme")) for part in given} if isinstance(given, Mapping) else {}
    try:
        now = card_of(assessment, assessment.worked_out_anew(score.scheme.id, score.subject, score.period))
    except GovServiceError as error:
        told: Literal["lines", "parts", "total"] = "lines" if kept is not None else "parts" if parts else "total"
        return Rescored(None, None, None, (), (), told, None, None, error.what)
    published = {part: cast("Points | None", reported(worth)) if is_number(worth) else None for part, worth in parts.items()}
    return rescored(now, total=card.total, kept=kept, parts=published, keys=assessment.contents.keys)


def _at_the_end(assessment: Assessment, score: Score, now: Span) -> Iterator[Words]:
    """What a score came to on the last day of its period, where a later day makes it another."""
    last = score.period.last
    if assessment.now is None or assessment.now <= last or score.supplied is not None:
        return
    then = assessment.at_the_end
    try:
        before = total_of(then.score(score.scheme.id, score.subject, score.period))
    except GovServiceError:
        return  # what was open then cannot be said; what is now is
    if before != now:
        was = "open" if before.low is None else str(before.low) if before.low == before.high else f"{before.low} .. {before.high}"
        yield Words(
            f"as of {last}, the last day of the period, it came to {was}", f"截至期末 {last} 为 {'未定' if before.low is None else was}"
        )


def _full(score: Score) -> Points | None:
    """The full mark: as the scheme says, else that of its parts together where each has one and nothing else makes the total."""
    marks = [part.full for part in score.parts.values() if part.level == 0]
    known = [mark for mark in marks if mark is not None]
    full: Number | None = score.scheme.full
    if full is None and score.scheme.total is None and known and len(known) == len(marks):
        full = sum(known, Fraction(0))
    return None if full is None else cast("Points", reported(exact(full)))


def _part(id: str, of: HeldPart, span: Callable[..., Span]) -> PartScore:
    part = of.part
    total, low, high = span(of.total)
    return PartScore(
        id=id,
        label=part.label,
        full=cast("Points | None", None if of.full is None else reported(of.full)),
        total=total,
        low=low,
        high=high,
        earned=span(of.earned, sure=of.doubt is None).point,
        level=of.level,
        held=of.doubt is None and not isinstance(of.earned, Unknown) and ends(of.earned) != ends(cast("Bounded", of.total)),
    )


def _drawing(assessment: Assessment, score: Score, shown: Showing) -> Drawing:
    """What the lines are drawn from: all that is read of the records for them is read now."""
    scope = score.scope
    items = {id(priced.item): priced.item for priced in (*score.priced.parts, *score.unfired)}
    counting = [item for item in items.values() if assessment.counted.counts(_of_item(item))]
    own = [
        *(expression for item in counting for expression in _of_item(item)),
        *(() if score.scheme.total is None else (score.scheme.total,)),
    ]
    table = score.scheme.scores
    called = (assessment.register.person(table, score.subject, None, score.period) or {}).get(f"{table}_name")
    return Drawing(
        assessment.contents,
        score.scheme,
        shown,
        tuple(score.priced.parts),
        tuple(score.unfired),
        frozenset(id for id, part in score.parts.items() if part.doubt is not None),
        {id(item): figures_of(assessment, _of_item(item), scope) for item in counting},
        dict(assessment.counted.by(own, scope)),
        f"{scope.scored}:{scope.id}.",
        (f"subject={score.subject}", called) if isinstance(called, str) else None,
    )


def _facts(row: LedgerRow | None) -> Mapping[str, object] | None:
    return row.facts if row is not None else None


# -- what was counted


def _of_item(item: Item) -> tuple[Expression, ...]:
    return (item.points,) if item.when is None else (item.when, item.points)


def figures_of(assessment: Assessment, expressions: Iterable[Expression], scope: SubjectScope) -> dict[str, object]:
    """The worth of each aggregate in some expressions, and how many rows a mean or a percentage was taken of."""
    return dict(figure for name, part in assessment.counted.by(expressions, scope) for figure in _figure(name, part, scope))


def labels_of(assessment: Assessment, expressions: Iterable[Expression], scope: SubjectScope) -> dict[str, str]:
    """What the aggregates in some expressions are called in Chinese."""
    return labelled_counts(assessment.contents, dict(assessment.counted.by(expressions, scope)))


def _figure(name: str, of: Expression, scope: SubjectScope) -> Iterator[tuple[str, object]]:
    try:
        value = evaluate(of, scope)
    except DecisionError:
        return  # it stands in a branch that was not taken, or may not be
    if value == BY_NOTHING:
        yield name, next(iter(BY_NOTHING.needs))
    elif not isinstance(value, (Unknown, Nothing, Interval)):
        yield name, reported(value)


def _formula(assessment: Assessment, score: Score) -> str:
    """What a total of its own was worked out from."""
    total = score.scheme.total
    if total is None or score.applies is False or score.supplied:
        return ""
    worths: dict[str, object] = {name: _as_text(score.scope.memo[name]) for name in names(total) if name in score.scope.memo}
    worths |= figures_of(assessment, [total], score.scope)
    return "; ".join(f"{name} = {worth}" for name, worth in worths.items() if worth is not None)


def _as_text(value: Value) -> object:
    if isinstance(value, Interval):
        return f"{reported(value.low)} .. {reported(value.high)}"
    return reported(value)


# -- what is not settled, and what nothing prices


def _open(score: Score, span: Callable[..., Span]) -> Iterator[OpenItem]:
    """Items that are not settled, parts that may not apply, and a total, or a part that it does not read, that waits for something else."""
    named: set[str] = set()
    for priced in score.priced.perhaps_open():
        if priced.needs or (isinstance(priced.worth, Unknown) and not priced.told):
            named.update(priced.needs)
            _, low, high = span(priced.worth)
            yield OpenItem(priced.item.id, priced.needs, low, high, _facts(priced.row))
    for id, part in score.parts.items():
        if part.doubt is not None:
            named.update(part.doubt)
            _, low, high = span(part.total)
            yield OpenItem(id, part.doubt, low, high)
    wanted = _waited_for(score.total) | _waited_for(score.applies)
    for id, part in score.parts.items():
        needs = _waited_for(part.total) - named - wanted
        if score.applies is not False and needs:
            named |= needs
            _, low, high = span(part.total)
            yield OpenItem(id, tuple(sorted(needs)), low, high)
    if score.applies is not False and (wanted - named or (isinstance(score.total, Unknown) and not named)):
        _, low, high = span(score.total)
        yield OpenItem("total", tuple(sorted(wanted - named)), low, high)


def _waited_for(value: Value | None) -> frozenset[str]:
    return value.needs if isinstance(value, (Unknown, Interval)) else frozenset()


def _not_supplied(assessment: Assessment, score: Score) -> Iterator[Words]:
    """The tables that the scheme reads only where they are known, and that nobody supplied: full marks are not earned by that."""
    if score.supplied is not None or score.applies is False:
        return
    lacking = {table for sources in assessment.reach.guarded(score.scheme.id) for table in assessment.lacking(sources)}
    for table in sorted(lacking):
        yield Words(
            f"the table {table} was not supplied: nothing is charged or counted of it, and what it would change is not known",
            f"没有提供{assessment.contents.in_chinese(table)}表：凡依据它的，都没有计入，也不知道会改变多少",
        )


def _naming_nobody(assessment: Assessment, score: Score) -> Iterator[Words]:
    """Rows that are counted for whom a column names, and name nobody there, or somebody whom the table that was supplied does not hold."""
    register, table, remarks = assessment.register, score.scheme.scores, Remarks(assessment.contents.in_chinese)
    known = register.people.get(table, {}) if table in register.supplied else None
    whose = assessment.contents.in_chinese(table)
    for source, column in assessment.reach.named_by(score.scheme.id):
        by = f"的{assessment.contents.in_chinese(column, source)}一栏"
        for row in register.rows.get(source, ()):
            if unsaid(row.facts.get(column)):
                nobody = Words(f"name nobody in {column}: counted for nobody by it", f"{by}没有写是谁，按它不计入任何一方")
                remarks.rows(assessment.contents.table_of(source), row.number, nobody)
            elif known is not None and (id := written_fact(row.facts[column])) not in known:
                absent = Words(
                    f"name {table} {id} in {column}, which no row of {table} is", f"{by}写的{whose.rstrip()} {id} 不在{whose}表里"
                )
                remarks.rows(assessment.contents.table_of(source), row.number, absent)
    yield from remarks.words


def _not_begun(assessment: Assessment, score: Score) -> Iterator[Words]:
    """The cases, or rows of theirs, of which a clock was asked before it begins; and from which day it could be answered."""
    contents, scheme, today = assessment.contents, score.scheme, assessment.today(score.period)
    for clock in (contents.clocks[id] for id in assessment.reach.clocks(scheme.id)):
        table = "cases" if clock.about in contents.chains["cases"] else clock.about
        begins: dict[str, date] = {}
        for row in assessment.register.belonging(table, scheme.scores, score.subject):
            started = assessment.begins_later(row, clock.id, score.period)
            if started is not None:
                case = row.facts.get("case")
                begins[f"{table}:{row.number}" if unsaid(case) else written_fact(case)] = started
        if begins:
            few, last = list(begins)[:_NAMED], max(begins.values())
            more = "" if len(begins) <= _NAMED else f" ({len(begins)})"
            which = contents.in_chinese(clock.id).strip()
            others = Words(f" and others{more}", f"等 {len(begins)} 件") if more else Words("", "")
            yield Words(
                f"the clock {clock.id} of {', '.join(few)}{others.en} begins after {today}, which counts as today: "
                f"what it says is known from {last} on (--now)",
                f"办件 {'、'.join(few)}{others.zh}：{which} 在当作今天的 {today} 之后才起算，截至日（--now）不早于 {last}，才算得出",
            )


_NAMED: Final = 5


def _lost(assessment: Assessment, score: Score) -> Iterator[Words]:
    """Rows that count in no period for want of a day: neither by their own, nor by another that something counts them by."""
    lost: dict[str, list[int]] = {}
    for source in assessment.register.rows:
        if source not in assessment.contents.schemes and assessment.register.has_undated(source) and assessment.is_dated(source, None):
            placed = assessment.register.placed(source, score.scheme.scores, score.subject, score.period, None)
            if placed.unsaid:
                days = assessment.reach.days(score.scheme.id).get(source, ())
                numbers = [row.number for row in placed.unsaid if not any(assessment.is_placed(row, each, score.period) for each in days)]
                lost.setdefault(assessment.contents.table_of(source), []).extend(numbers)
    for table, numbers in lost.items():
        if numbers:
            listed = ", ".join(map(str, sorted(numbers)))
            rows = assessment.contents.rows_in_chinese(table, listed)
            yield Words(f"rows {listed} of {table} have no day and count in no period", f"{rows}没有日期，不计入任何期间")
    yield from _lost_within(assessment, score)


def _lost_within(assessment: Assessment, score: Score) -> Iterator[Words]:
    """The same of rows that records list within themselves."""
    contents = assessment.contents
    for source in sorted({held for _, held in assessment.register.listed}):
        if not assessment.is_dated(source, None):
            continue
        lost: dict[tuple[str, int], list[int]] = {}
        days = assessment.reach.days(score.scheme.id).get(source, ())
        for record, row in assessment.undated_within(source, score.scheme.scores, score.subject):
            if not any(assessment.is_placed(row, each, score.period) for each in days):
                lost.setdefault((contents.table_of(record.source), record.number), []).append(row.number)
        for (table, number), numbers in sorted(lost.items()):
            listed = ", ".join(map(str, sorted(numbers)))
            yield Words(
                f"rows {listed} of {source} within row {number} of {table} have no day and count in no period",
                f"{contents.rows_in_chinese(table, number)}所列{contents.rows_in_chinese(source, listed)}没有日期，不计入任何期间",
            )


def _unpriced(assessment: Assessment, score: Score) -> tuple[tuple[Mapping[str, object], ...], tuple[Mapping[str, object], ...]]:
    """The subject's events of the period that nothing prices, and those that wait to be verified."""
    if score.supplied or score.applies is False:
        return (), ()
    own = {source for item in score.scheme.items for source in item.for_}
    unpriced: list[Mapping[str, object]] = []
    unverified: list[Mapping[str, object]] = []
    passed: dict[str, dict[int, LedgerRow]] = {}  # by every item that is for them
    for key, row in score.considered.items() if len(score.let_in) < len(score.considered) else ():
        if key not in score.let_in:
            passed.setdefault(row.source, {})[key] = row
    considered, register = score.considered, assessment.register
    for kind in register.kinds_of(score.scheme.scores, score.subject):
        tells = kind in own or kind not in assessment.used_kinds
        if (kind in score.whole and kind not in passed) or not (tells or assessment.contents.events[kind].verified):
            continue
        belonging = register.belonging(kind, score.scheme.scores, score.subject)
        placed = register.placed(kind, score.scheme.scores, score.subject, score.period, None)
        here = [*placed.rows, *(row for row, _ in assessment.lasting_in(placed.lasting, score.period))] if placed.lasting else placed.rows
        rows = {} if kind in score.whole else {id(row): row for row in here if id(row) not in considered}
        for key in map(id, here) if kind in score.whole else ():
            passed[kind].pop(key, None)
        if kind in passed:
            given = {id(row) for row in belonging}  # not signals that clocks raised
            rows |= {key: row for key, row in passed[kind].items() if key in given}
        for row in sorted(rows.values(), key=lambda row: row.number):
            if assessment.counts(row) is not True:
                unverified.append(row.facts)
            elif tells:
                unpriced.append(row.facts)
    return tuple(unpriced), tuple(unverified)
