"""A measure of one subject in a period, read by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from govservice.as_json import AsJson
from govservice.assessment.assessing import Assessment
from govservice.assessment.periods import Period
from govservice.assessment.reporting import counted_in, faults_among
from govservice.errors import DecisionError, Lang, RecordError, Words, did_you_mean
from govservice.rules.language.intervals import Bounded, ends, is_number
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Interval, Unknown, Value, reported
from govservice.upward import machinery

__all__ = ["Measured", "measured"]


@dataclass(frozen=True)
class Measured(AsJson):
    """What a measure came to for one subject in one period.

    `value` is None while it is `open`, and where it does not apply; a number then lies from `low` to `high` where it has bounds.
    `undecided` is what would settle it; `text` the measure as its author wrote it, `facts` what was counted, `notes` what else must be
    said of the records.
    """

    measure: str
    label: str | None
    about: str
    subject: str
    period: str
    value: object
    low: object
    high: object
    open: bool
    undecided: tuple[str, ...]
    text: str
    cite: str | None
    facts: Mapping[str, object]
    book: str
    digest: str
    now: date | None
    notes: tuple[Words, ...] = ()

    def explain(self, lang: Lang = "en") -> str:
        """What it is, and what it was counted from."""
        return cast("str", machinery("show.measure:explain")(self, lang))


def measured(assessment: Assessment, name: str, subject: str, period: Period, about: str | None) -> Measured:
    """A measure of a subject. Raises DecisionError, ConventionError, RecordError."""
    contents = assessment.contents
    if name not in contents.measures:
        listed = ", ".join(contents.measures) or "-"
        what = Words(f"{contents.id} has no measure {name!r}", f"{contents.id} 没有“{name}”这个指标")
        raise DecisionError(what, hint=did_you_mean(name, contents.measures, Words(f"it has: {listed}", f"它有：{listed}")), id=name)
    table = _table_of(assessment, subject, about)
    scope = assessment.subject(table, subject, period)
    measure = contents.measures[name]
    value = scope.value(Name(name, measure.value.type, "measure"))
    open_ = isinstance(value, (Unknown, Interval))
    needs = value.needs if isinstance(value, (Unknown, Interval)) else frozenset()
    low, high = _ends(value)
    return Measured(
        measure=name,
        label=measure.label,
        about=table,
        subject=subject,
        period=str(period),
        value=reported(value),
        low=low,
        high=high,
        open=open_,
        undecided=scope.of_its_own(needs),
        text=measure.text,
        cite=measure.cite,
        facts=dict(counted_in(measure.value, scope)),
        book=contents.id,
        digest=assessment.book.digest,
        now=assessment.now,
        notes=tuple(dict.fromkeys((*scope.notes, *faults_among(assessment, needs), *assessment.register.remarks.words))),
    )


def _ends(value: Value) -> tuple[object, object]:
    """The least and the greatest that a number may be; of anything else there is neither."""
    if not is_number(value):
        return None, None
    low, high = ends(cast("Bounded", value))
    return reported(low), reported(high)


def _table_of(assessment: Assessment, id: str, about: str | None) -> str:
    """The table that a subject is in: the one named, else the only one that has it."""
    tables = assessment.register.subjects()
    if about is not None:
        about = assessment.contents.labels.get(about, about)
        if about not in tables:
            hint = did_you_mean(about, tables, Words(f"one of: {', '.join(tables)}", f"可写：{'、'.join(tables)}"))
            raise DecisionError(Words(f"about={about!r} is no table of subjects", f"about={about!r} 不是对象的表"), hint=hint, id=about)
        assessment.check_subject(about, id)
        return about
    found = [table for table in tables if id in assessment.register.ids(table)]
    if len(found) != 1:
        listed = ", ".join(found)
        what = (
            Words(f"{id!r} is in several tables: {listed}", f"“{id}”在几个表里都有：{listed}")
            if found
            else Words(f"no record names {id!r}", f"记录里没有“{id}”")
        )
        raise RecordError(what, hint=Words("say which: about=", "用 about= 写明是哪个表"), id=id)
    return found[0]
