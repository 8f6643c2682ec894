"""A form's answers as facts, and what a rulebook says of them, as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

from govservice.classify import classify
from govservice.clockwork.whose import CASES
from govservice.deadlines import case_outcomes, clocks
from govservice.errors import DecisionError, GovServiceError, Lang, RecordError, Words
from govservice.nothing import NONE
from govservice.reading import is_missing
from govservice.rules.language.facts import read_fact
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import Rulebook
from govservice.show.clocks_page import clocks_parts
from govservice.show.outcome_page import near, others, outcome_parts
from govservice.show.pieces import block, lines, listed
from govservice.trying.asking import ALL_CLOCKS, AskedFact

__all__ = ["FormAnswers", "asked_outcome", "clocks_page", "decision_page", "given_by", "pauses_by", "refusal"]

MOST_CHANGES: Final = 8


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """What a form says: the `facts` by id, those that nobody knows left out; and of the fields that cannot be read, why, by label."""

    facts: Mapping[str, Any]
    faults: Mapping[str, RecordError]


def given_by(fields: Iterable[AskedFact], answers: Mapping[str, Any], none: Mapping[str, Any]) -> FormAnswers:
    """The facts of a form: `answers` by id, `none` by id whether there is none; an empty field is unknown.

    >>> from govservice import load_rulebook
    >>> from govservice.trying.asking import fields_of
    >>> fields = fields_of(load_rulebook("kunshan"), "case_type", "zh")
    >>> dict(given_by(fields, {"departments": "２"}, {}).facts), dict(given_by(fields, {"departments": " "}, {"departments": True}).facts)
    ({'departments': '２'}, {'departments': NONE})
    """
    facts: dict[str, Any] = {}
    faults: dict[str, RecordError] = {}
    for field in fields:
        value = NONE if field.may_be_none and none.get(field.id) else answers.get(field.id)
        if is_missing(value) or (isinstance(value, str) and not value.strip()):
            continue
        try:
            read_fact(field.label, value, field.type)
        except RecordError as error:
            faults[field.label] = error
        else:
            facts[field.id] = value
    return FormAnswers(facts, faults)


def pauses_by(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The pauses of a form: those with a kind and a first day; one without a last day has not ended.

    >>> pauses_by([{"kind": "hearing", "from": "2026-03-05", "to": " "}, {"kind": None, "from": "", "to": ""}])
    [{'kind': 'hearing', 'from': '2026-03-05'}]
    """
    said = [{name: value for name, value in row.items() if not is_missing(value) and str(value).strip()} for row in rows]
    return [row for row in said if "kind" in row and "from" in row]


def refusal(error: GovServiceError, lang: Lang) -> str:
    """An error as a page says it."""
    style = "border-left:4px solid #8f1313;background:#fde7e7;color:#8f1313;padding:8px 12px;overflow-wrap:anywhere"
    return f'<div role="alert" lang="{"zh-CN" if lang == "zh" else "en"}" style="{style}">{escape(error.text(lang))}</div>'


def _faults(given: FormAnswers, lang: Lang) -> str:
    return "".join(refusal(error, lang) for error in given.faults.values())


def asked_outcome(book: Rulebook, decision: str, facts: Mapping[str, Any], on: date | None, now: date | None) -> Outcome:
    """A decision for the facts of a form; one about a case that reads its clocks is read with them.

    Raises what `Rulebook.decide` and `case_outcomes` raise.
    """
    if book.decisions[decision].about == CASES:
        read_with_clocks = case_outcomes(facts, book, on=on, now=now)[decision]
        plain = book.decide(decision, dict(facts), on=on)
        return read_with_clocks if plain != read_with_clocks else plain
    return book.decide(decision, dict(facts), on=on, as_of=now)


def decision_page(book: Rulebook, decision: str, given: FormAnswers, on: date | None, now: date | None, lang: Lang) -> str:
    """What a decision comes to, why, what would change it, and what else the book says of an application."""
    try:
        outcome = asked_outcome(book, decision, given.facts, on, now)
        parts = [_faults(given, lang), outcome_parts(outcome, lang), _contrast(outcome, lang)]
        if book.decisions[decision].about == "application":
            parts.append(others(classify(dict(given.facts), book, on=on, as_of=now), lang, beside=decision))
    except GovServiceError as error:
        return _faults(given, lang) + refusal(error, lang)
    return block("".join(parts), lang)


def _contrast(outcome: Outcome, lang: Lang) -> str:
    try:
        changes = outcome.contrast()
    except DecisionError:  # it was read with the clocks of a case, of which nothing else can be asked
        return ""
    taken, left = near(changes, outcome)
    head = Words("What would change it", "换一换，结果就不同")
    parts = [listed(head.text(lang), (change.text(lang) for change in taken[:MOST_CHANGES]), lang)]
    left += max(len(taken) - MOST_CHANGES, 0)
    if left:
        parts.append(
            lines(
                [
                    Words(
                        f"{left} other changes are of more facts, or of unlikely ones.",
                        f"另有 {left} 种改法，要动的事实更多，或者取值少见。",
                    ).text(lang)
                ]
            )
        )
    return "".join(parts)


def clocks_page(
    book: Rulebook, clock: str, given: FormAnswers, pauses: list[dict[str, Any]], on: date | None, now: date | None, lang: Lang
) -> str:
    """The clocks of a case, drawn and listed."""
    case = {**given.facts, **({"pauses": pauses} if pauses else {})}
    try:
        readings = clocks(case, book, on=on, now=now, only=None if clock == ALL_CLOCKS else [clock])
    except GovServiceError as error:
        return _faults(given, lang) + refusal(error, lang)
    drawn = [reading for reading in readings if reading.deadline is not None and reading.due is not None]
    pictures = drawn[0].deadline.to_html(lang) if len(drawn) == 1 and drawn[0].deadline is not None else ""
    waited = {name for reading in readings for name in reading.undecided}
    columns = {name: book.contents.column(CASES, name) for name in waited if "." not in name}
    labels = {name: column.label for name, column in columns.items() if column is not None and column.label and lang == "zh"}
    return block(_faults(given, lang) + clocks_parts(readings, lang, now=now, labels=labels), lang) + pictures
