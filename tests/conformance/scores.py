"""Scores of the corpus: what `score` and `grade` say of every subject, exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

import yaml

from govservice import grade, grade_frame, score, score_frame
from govservice.errors import GovServiceError
from govservice.rules import Rulebook

from .corpus import CORPUS, Asked, Table, loaded, plain, typed_cell

DIGITS = 12  # of the decimal columns


@dataclass(frozen=True)
class ScoreGroup(Asked):
    """Schemes and gradings over several tables. `questions` are the arguments of each: the scheme or the decision, and the period."""

    kind: ClassVar[str] = "scores"
    beside: ClassVar[bool] = False
    name: str
    book: Rulebook
    given: Mapping[str, Table]
    questions: Mapping[str, Mapping[str, Any]]
    written: Mapping[str, str]

    @property
    def tables(self) -> Mapping[str, Table]:
        return self.given

    @cached_property
    def expected(self) -> Mapping[str, list[tuple[object, ...]]]:
        records = {
            name: [{column: cell for column, cell in row.items() if cell is not None} for row in table.rows]
            for name, table in self.given.items()
        }
        return {question: self._of(question, records) for question in self.questions}

    def _of(self, question: str, records: Mapping[str, Any]) -> list[tuple[object, ...]]:
        given = dict(self.questions[question])
        periods = given.pop("period")
        if "grade" in given:
            graded = grade(self.book, given.pop("grade"), records, period=periods, **given)
            return [(of.subject, None if of.open else of.grade, of.open, of.rank, of.rank_low, of.rank_high, of.rule) for of in graded]
        scheme = given.pop("score")
        cards = [
            card
            for period in (periods if isinstance(periods, list) else [periods])
            for card in score(self.book, scheme, records, period=period, **given)
        ]
        return sorted(
            (
                card.subject, card.period,
                "not scored" if card.scored is False else "settled" if card.total is not None and card.scored is True else "open",
                *map(exact, (card.total if card.scored is True else None, card.low, card.high)),
                *(rounded(part.total) for part in card.parts.values()), card.eligible,
            )
            for card in cards
        )  # fmt: skip

    def asked(self, frames: Mapping[str, Any], question: str) -> Any:
        given = dict(self.questions[question])
        if "grade" in given:
            return grade_frame(frames, self.book, given.pop("grade"), **given)
        return score_frame(frames, self.book, given.pop("score"), **given)

    def read(self, question: str, rows: Sequence[Mapping[str, Any]]) -> list[tuple[object, ...]]:
        if "grade" in self.questions[question]:
            names = ("subject", "grade", "open", "rank", "rank_low", "rank_high", "rule")
            return [tuple(None if row["open"] and name == "grade" else row[name] for name in names) for row in rows]
        parts = [name for name in (rows[0] if rows else ()) if name.startswith("parts.")]
        return sorted(
            (
                row["subject"], row["period"], row["state"], *(row[f"{end}_exact"] for end in ("total", "low", "high")),
                *(plain(row[part]) for part in parts), row["eligible"],
            )
            for row in rows
        )  # fmt: skip


def exact(number: Any) -> str | None:
    """A number of a card as its text, with nothing lost."""
    if number is None:
        return None
    whole = Fraction(number)
    denominator = whole.denominator
    while denominator % 10 == 0:
        denominator //= 10
    for factor in (2, 5):
        while denominator % factor == 0:
            denominator //= factor
    if denominator != 1:
        return f"{whole.numerator}/{whole.denominator}"
    return f"{(Decimal(whole.numerator) / Decimal(whole.denominator)).normalize():f}"


def rounded(number: Any) -> object:
    """A number of a card as a decimal column has it."""
    return None if number is None else Fraction(round(Fraction(number) * 10**DIGITS), 10**DIGITS)


def score_groups() -> Iterator[ScoreGroup]:
    """Every group of scores, read from its file."""
    for path in sorted((CORPUS / "scores").glob("*.yaml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        tables = {
            name: Table(
                table["holds"],
                [{column: typed_cell(cell, held) for (column, held), cell in zip(table["holds"].items(), cells, strict=True)}
                 for cells in table["rows"]],
            )
            for name, table in tree["tables"].items()
        }  # fmt: skip
        questions = {f"score_{number:03d}": asked for number, asked in enumerate(tree["asked"])}
        written = {id: ", ".join(f"{name} {_shown(value)}" for name, value in asked.items()) for id, asked in questions.items()}
        yield ScoreGroup(path.stem, loaded({"rulebook": f"conformance_{path.stem}", **tree["book"]}), tables, questions, written)


def _shown(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
