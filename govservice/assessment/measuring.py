"""One measure of one subject in one period, read by itself: its value, what it was counted from, what would settle it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from govservice.as_json import AsJson
from govservice.assessment.assessing import Assessment
from govservice.assessment.drawing import in_chinese
from govservice.assessment.periods import Period
from govservice.assessment.register import WHOLE
from govservice.assessment.reporting import faults_among, figures_of, labels_of
from govservice.echo import shown
from govservice.errors import Lang, RecordError, Words, known_lang
from govservice.rules.book.entries import Measure
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Interval, Nothing, Unknown, reported
from govservice.upward import machinery

__all__ = ["Measured", "measured", "subject_asked"]


@dataclass(frozen=True, repr=False)
class Measured(AsJson):
    """What a measure comes to for one subject (of the table `about`) in one period.

    `value` is exact; None where it does not apply, and while it is `open`: `low` and `high` are then what a number may be (None: not
    bounded), `undecided` what would settle it. `text` is the measure as its author wrote it, `facts` what it counted; `notes` say what
    else must be said of the records.
    """

    measure: str
    label: str | None
    subject: str
    about: str
    period: str
    value: object
    low: object
    high: object
    open: bool
    undecided: tuple[str, ...]
    text: str
    facts: Mapping[str, object]
    cite: str | None
    notes: tuple[Words, ...]
    book: str
    digest: str
    now: date | None
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)

    def explain(self, lang: Lang = "en") -> str:
        """The value, how it was written and what it counted; while it is open, what would settle it."""
        return cast("str", machinery("show.measured:explain")(self, known_lang(lang)))


def subject_asked(assessment: Assessment, subject: str | None, about: str | None) -> tuple[str, str]:
    """The table of a subject and its id: where none is named, the only one that the table `about` has.

    Raises RecordError where there is none or there are several, and where it is not said which table is meant.
    """
    if subject is not None:
        return subject_table(assessment, subject, about), subject
    table = assessment.contents.labels.get(about or "", about or "")
    if table not in assessment.register.subjects():
        what = Words("it is not said of whom", "没有写是谁的")
        raise RecordError(what, hint=Words('subject="W1", or about="centre"', '写 subject="W1"，或 about="centre"'), id="subject")
    ids = tuple(assessment.register.ids(table))
    if len(ids) != 1:
        what = Words(
            f"the table {table} has {len(ids) or 'no'} subjects", f"记录里有 {len(ids)} 个{assessment.contents.in_chinese(table).rstrip()}"
        )
        raise RecordError(what, hint=_which(assessment, table, ids), id="subject")
    return table, ids[0]


def _which(assessment: Assessment, table: str, ids: tuple[str, ...]) -> Words:
    """What a caller may name of the subjects of a table."""
    if not ids:
        return Words("give rows that name one", "请给出写明它的记录")
    listed = ", ".join(ids[:8])
    together = assessment.register.everything if table == WHOLE else None
    en, zh = (f", all together: {together}", f"，合计：{together}") if together is not None else ("", "")
    return Words(f"say which: subject={ids[0]!r} (there are: {listed}{en})", f"请写明是哪一个：subject={ids[0]!r}（有：{listed}{zh}）")


def subject_table(assessment: Assessment, subject: str, about: str | None) -> str:
    """The table that a subject is of. Raises RecordError where none names it, or several do and `about` does not say which."""
    tables = assessment.register.subjects()
    if about is not None:
        about = assessment.contents.labels.get(about, about)
        if about not in tables:
            listed = ", ".join(tables)
            raise RecordError(
                Words(f"{shown(about)} is no table of subjects", f"“{about}”不是对象的表"),
                hint=Words(f"there are: {listed}", f"有：{assessment.contents.several_in_chinese(tables).strip()}"),
                id="about",
            )
        assessment.check_subject(subject, about)
        return about
    naming = [table for table in tables if assessment.register.is_subject(table, subject)]
    if len(naming) > 1:
        listed = ", ".join(naming)
        raise RecordError(
            Words(
                f"{shown(subject)} is in several tables: {listed}",
                f"“{subject}”出现在几个表里：{assessment.contents.several_in_chinese(naming).strip()}",
            ),
            hint=Words(f"say which: about={naming[0]!r}", f"请写明是哪一个：about={naming[0]!r}"),
            id=subject,
        )
    if not naming:
        known = [table for table in tables if assessment.register.ids(table) and (table != WHOLE or assessment.register.centres_named)]
        assessment.check_subject(subject, *(known or tables))
    return naming[0]


def _whole(assessment: Assessment, table: str, subject: str) -> Mapping[str, str]:
    """What a book's own centre is called, where it is the subject."""
    contents = assessment.contents
    return {f"subject={subject}": contents.title} if table == WHOLE and subject == contents.id and contents.title else {}


def measured(assessment: Assessment, measure: Measure, table: str, subject: str, period: Period) -> Measured:
    """See `scoring.measure`."""
    scope = assessment.subject(table, subject, period)
    value = scope.value(Name(measure.id, measure.value.type, "measure"))
    needs = value.needs if isinstance(value, (Unknown, Interval)) else frozenset[str]()
    low, high = (reported(value.low), reported(value.high)) if isinstance(value, Interval) else (reported(value),) * 2
    return Measured(
        measure=measure.id,
        label=measure.label,
        subject=subject,
        about=table,
        period=str(period),
        value=None if isinstance(value, (Unknown, Interval, Nothing)) else reported(value),
        low=low,
        high=high,
        open=isinstance(value, (Unknown, Interval)),
        undecided=scope.of_its_own(needs),
        text=measure.text,
        facts=figures_of(assessment, [measure.value], scope),
        cite=measure.cite,
        notes=tuple(dict.fromkeys((*scope.notes, *faults_among(assessment, needs), *assessment.register.remarks_for(table, subject)))),
        book=assessment.contents.id,
        digest=assessment.book.digest,
        now=assessment.now,
        labels={
            **assessment.contents.labels_of(scope.of_its_own(needs), table),
            **labels_of(assessment, [measure.value], scope),
            measure.text: in_chinese(measure.value, assessment.contents),
            **_whole(assessment, table, subject),
        },
    )
