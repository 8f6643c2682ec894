"""The verb behind `Rulebook.check`: every decision's table, and what is around the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from govservice.rules.book.contents import Contents
from govservice.rules.language.day_functions import Days
from govservice.rules.proofs.around_tables import around_tables
from govservice.rules.proofs.findings import Checked, Finding, NotAnalysed
from govservice.rules.proofs.tables import check_decision

__all__ = ["STEPS", "check_contents"]

STEPS: Final = 400_000
"""How many steps the searches of one decision may take together, unless a call says otherwise."""
_GRAVEST: Final = ("error", "warning", "note")


def check_contents(
    contents: Contents,
    *,
    steps: int = STEPS,
    calendar: Days | None = None,
    own: Callable[[str], bool] = lambda _: True,
    place: Callable[[str], tuple[str, int] | None] = lambda _: None,
) -> Checked:
    """Everything that can be found in a book before any record is at hand, of the entries that are its `own`; of conventions, of all.

    `place` says in which file and line an entry stands.
    """
    findings: list[Finding] = []
    left: list[NotAnalysed] = []
    for id in contents.decisions:
        if not own(f"decisions.{id}"):
            continue
        found, not_analysed = check_decision(contents, id, steps, calendar)
        findings += found
        left += not_analysed
    findings += (finding for finding in around_tables(contents) if finding.kind == "convention" or own(finding.entry))
    findings.sort(key=lambda finding: _GRAVEST.index(finding.gravity))
    return Checked(contents.id, tuple(_placed(finding, place) for finding in findings), tuple(left))


def _placed(finding: Finding, place: Callable[[str], tuple[str, int] | None]) -> Finding:
    of_rule = f"{finding.entry}.rules.{finding.rules[0]}" if finding.rules and finding.decision is not None else finding.entry
    stands = place(of_rule)
    return finding if stands is None else replace(finding, file=stands[0], line=stands[1])
