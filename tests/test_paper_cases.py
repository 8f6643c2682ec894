"""The cases in `cases/papers/*.yaml`: papers that an officer can read beside the regulation, each filled under a shipped rulebook.

A file names its book and what all its cases share (`settings`, `period`, `issued_on`, `serial`, `records`); a case adds or replaces, a
table as a whole. It names the `kind` of paper, and what it is `about` where there are several. `expect` may say:

heading, number       the line at its head, the number (无: a blank for it)
copies                each as it is printed; go_on: whom copies go on to; last_days: the last day for handing over, of those that have one
fields, shows         what it states, what else it shows, each by its label (空: a blank)
columns, rows, lines  its table (空: a blank cell); open_rows: those of which it is open whether they belong
says, turn_to         what it says, and whom one may turn to
signed, seal          who signs, who stamps
lacks, unknown        what must be stated and is not; facts that leave blanks
owed                  否 where it is not owed, 未定 where that is open
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from govservice import load_rulebook
from govservice.notices import NoticeOwed, Stated
from govservice.papers import papers
from govservice.rules.rulebook import Rulebook
from govservice.show.notice import cell, copy_named, handed

FOLDER = Path(__file__).parent / "cases" / "papers"


@dataclass(frozen=True)
class Case:
    """One case with what its file says for all."""

    file: str
    name: str
    given: dict[str, Any]
    expect: dict[str, Any]


def read_cases() -> Iterable[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        shared = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        for one in shared["cases"]:
            own = shared | one | {"records": shared.get("records", {}) | one.get("records", {})}
            yield Case(path.stem, one["name"], own, one["expect"])


CASES = list(read_cases())


@cache
def book_with(id: str, settings: tuple[tuple[str, str], ...]) -> Rulebook:
    return load_rulebook(id, settings=dict(settings))


def printed(value: object) -> str:
    return cell(value, "zh") or "空"


def by_label(fields: Iterable[Stated]) -> dict[str, Any]:
    return {
        field.label: [printed(one) for one in field.value] if isinstance(field.value, tuple) else printed(field.value) for field in fields
    }


def as_written(paper: NoticeOwed) -> dict[str, Any]:
    """A paper as a case file writes it."""
    rows = paper.rows
    return {
        "heading": paper.heading or paper.title,
        "number": paper.number or "无",
        "copies": [copy_named(copy, "zh") + handed(copy, "zh") for copy in paper.copies],
        "go_on": [copy.then.to for copy in paper.copies if copy.then is not None],
        "last_days": [printed(copy.due_on) for copy in paper.copies if copy.due_on is not None],
        "fields": by_label(paper.fields),
        "shows": by_label(paper.shows),
        "columns": list(rows.columns) if rows is not None else [],
        "rows": [[printed(value) for value in row] for row in rows.rows] if rows is not None else [],
        "open_rows": [printed(row.cells[0]) for row in rows.open] if rows is not None else [],
        "lines": str(rows.lines) if rows is not None else "0",
        "says": [said.text for said in paper.says],
        "turn_to": [said.to for said in paper.says if said.to is not None],
        "signed": list(paper.signed),
        "seal": paper.seal or "无",
        "lacks": list(paper.lacks),
        "unknown": [name.rpartition(".")[2] for name in paper.unknown],
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_officer_and_the_paper_agree(case: Case) -> None:
    given = case.given
    book = book_with(given["book"], tuple(given.get("settings", {}).items()))
    serial = given.get("serial")
    done = papers(
        book, given["records"], kinds=given["kind"], about=given.get("about"), period=given.get("period"), now=given.get("now"),
        issued=given.get("issued", ()), issued_on=given.get("issued_on"), serial=None if serial is None else int(serial),
    )  # fmt: skip
    if "owed" in case.expect:
        assert ("未定" if done.open else "否", done.owed) == (case.expect["owed"], ())
        return
    (paper,) = done.owed
    written = as_written(paper)
    assert {name: written[name] for name in case.expect} == case.expect
    assert paper.to_html(blanks=True).count('<section class="sheet') == max(1, len(paper.copies))


def test_every_notice_of_the_centres_is_printed_in_some_case() -> None:
    """Those of a centre's own book; the ones of the law are in `classify/test_notices.py`."""
    tried = {(case.given["book"], case.given["kind"]) for case in CASES if "owed" not in case.expect}
    law = load_rulebook("licensing-law").contents.notices
    for id in ("kunshan", "haimen", "jiangyong", "township"):
        own = {(id, kind) for kind, notice in load_rulebook(id).contents.notices.items() if notice != law.get(kind)}
        assert own - tried == set()
