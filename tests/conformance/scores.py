"""Scores of the corpus: what `score` and `grade` say of every subject, exact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import yaml

from govservice import grade, grade_frame, score, score_frame
from govservice.rules import Rulebook

from .corpus import CORPUS, Asked, Table, loaded, plain, rounded, typed_cell

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
        paths = next((tuple(card.parts) for card in cards if card.parts), ())
        return sorted(
            (
                card.subject, card.period,
                "not scored" if card.scored is False else "settled" if card.total is not None and card.scored is True else "open",
                card.total if card.scored is True else None, card.low, card.high,
                *(rounded(card.parts[path].total, DIGITS) if path in card.parts else None for path in paths), card.eligible,
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
                row["subject"], row["period"], row["state"], *(as_on_card(row[f"{end}_exact"]) for end in ("total", "low", "high")),
                *(plain(row[part]) for part in parts), row["eligible"],
            )
            for row in rows
        )  # fmt: skip


def as_on_card(exact: str | None) -> Decimal | None:
    """The exact text of a column as a card has the number: of 28 digits where its decimals have no end."""
    if exact is None:
        return None
    numerator, _, denominator = exact.partition("/")
    return Decimal(numerator) / Decimal(denominator or 1)


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
        yield ScoreGroup(
            path.stem, loaded({"rulebook": f"conformance_{path.stem.replace(' ', '_')}", **tree["book"]}), tables, questions, written
        )


def _shown(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
