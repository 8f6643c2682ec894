"""What a round came to: every scorecard and grading, the rows set aside, and what could not be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, cast

from govservice.assessment.grading import Grading
from govservice.assessment.scorecard import Scorecard
from govservice.doors import LANGUAGE, PATH, TEXT, takes
from govservice.errors import Lang, RecordError, Words
from govservice.records import SetAside
from govservice.rounds.plan import PlanStep
from govservice.run.results import Provenance, SourceRead
from govservice.upward import machinery

__all__ = ["Graded", "Round"]


class Graded(NamedTuple):
    """One grading, with the decision and the period that it is of; `about` is the scheme or table, `value` the grade as it is said."""

    decision: str
    label: str
    about: str
    period: str
    grading: Grading
    value: object


@dataclass(frozen=True)
class Round:
    """A round of assessment. `cards` and `gradings` are in the order of the steps; `failed` are those that were not worked out, and why.

    `notes` say what must be said of the records beside the rows set aside, `titles` what schemes, decisions and tables are called.
    """

    ran: Provenance
    period: str
    steps: tuple[PlanStep, ...]
    cards: tuple[Scorecard, ...]
    gradings: tuple[Graded, ...]
    sources: tuple[SourceRead, ...]
    set_aside: tuple[SetAside, ...]
    notes: tuple[Words, ...] = ()
    failed: tuple[tuple[PlanStep, Words], ...] = ()
    not_read: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    _read_from: Path | None = field(default=None, compare=False, repr=False)

    @takes(RecordError, folder=PATH, lang=LANGUAGE)
    def write(self, folder: str | Path, *, force: bool = False, lang: Lang = "zh", pages: bool = False) -> tuple[Path, ...]:
        """Write scores.csv, parts.csv, lines.csv, grades.csv, set_aside.csv, summary.html and summary.json; gives the paths.

        With `pages` every scorecard is a page of its own in `cards/`, to print and sign. As with `Run.write` the folder is written aside
        and put in its place whole, and only files of an earlier round that nobody changed are replaced. Raises RecordError.
        """
        write = machinery("rounds.writing:write")
        return cast("tuple[Path, ...]", write(self, Path(folder), force=force, lang=lang, pages=pages))

    @takes(RecordError, url=TEXT, lang=LANGUAGE)
    def write_into(self, url: str, *, lang: Lang = "zh") -> tuple[str, ...]:
        """Write the tables of `write` into a database, as `Run.write_into` does: assess_scores, assess_parts, assess_lines, assess_grades,
        assess_set_aside, assess_summary, assess_written; gives the names of the tables. Raises RecordError, MissingPackage.
        """
        return cast("tuple[str, ...]", machinery("rounds.writing:write_into")(self, url, lang=lang))
