"""The verb behind `Rulebook.check`: every decision's table, and what is around the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from govservice.errors import Words
from govservice.rules.book.contents import Contents
from govservice.rules.book.merging import SECTIONS
from govservice.rules.language.day_functions import Days
from govservice.rules.proofs.around_tables import around_tables
from govservice.rules.proofs.findings import KINDS, Checked, Finding, NotAnalysed
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
    """Everything that can be found in a book before any record is at hand, of the entries that are its `own`; of conventions, of what
    these use too.

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
    findings += around_tables(contents, own)
    accepted = [_accepted(finding, contents) for finding in findings]
    told = [finding for finding, why in zip(findings, accepted, strict=True) if why is None]
    told += _accepting_nothing(contents, findings, own)
    told.sort(key=lambda finding: _GRAVEST.index(finding.gravity))
    meant = [replace(finding, accepted=why) for finding, why in zip(findings, accepted, strict=True) if why is not None]
    placed, accepted_placed = (tuple(_placed(finding, place) for finding in listed) for listed in (told, meant))
    return Checked(contents.id, placed, tuple(left), accepted_placed)


def _accepted(finding: Finding, contents: Contents) -> str | None:
    """Why the book takes a finding as meant so; None where it does not."""
    return next((meant.because for meant in contents.accepted if meant.holds_of(finding.kind, finding.entry, finding.rules)), None)


def _accepting_nothing(contents: Contents, findings: list[Finding], own: Callable[[str], bool]) -> Iterator[Finding]:
    """What is accepted and was not found; of entries that were not checked nothing is said."""
    for number, meant in enumerate(contents.accepted, 1):
        known = _is_there(contents, meant.entry)
        if any(meant.holds_of(found.kind, found.entry, found.rules) for found in findings) or (known and not own(meant.entry)):
            continue
        rules = "" if meant.rules is None else f" [{', '.join(meant.rules)}]"
        said = Words(
            f"it accepts {meant.kind} of {meant.entry}{rules}, and nothing of that is found",
            f"认可 {meant.entry}{rules} 的 {meant.kind}，而并没有发现",
        )
        kinds = ", ".join(KINDS)
        hint = Words("take it out", "请删去") if meant.kind in KINDS else Words(f"the kinds are {kinds}", f"种类有：{kinds}")
        yield Finding("unused_acceptance", f"accepted.{number}", (), said, hint)


def _is_there(contents: Contents, entry: str) -> bool:
    section, _, id = entry.partition(".")
    return id.partition(".")[0] in getattr(contents, section, ()) if section in SECTIONS else False


def _placed(finding: Finding, place: Callable[[str], tuple[str, int] | None]) -> Finding:
    of_rule = f"{finding.entry}.rules.{finding.rules[0]}" if finding.rules and finding.decision is not None else finding.entry
    stands = place(of_rule)
    return finding if stands is None else replace(finding, file=stands[0], line=stands[1])
