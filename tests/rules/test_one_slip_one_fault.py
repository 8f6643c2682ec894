"""One slip of the pen in a book is one fault, in its line: what follows from it is not told beside it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from govservice import load_rulebook
from govservice.errors import Fault, RulebookError
from tests.rules.test_slips_of_the_pen import BOOKS, copied

NAMED = frozenset(
    {"about", "for", "by", "within", "scores", "of", "starts", "stops", "when", "who", "eligible", "points", "total", "dated_by"}
)
EXPRESSIONS = frozenset({"starts", "stops", "when", "who", "eligible", "points", "total", "limit", "from", "to"})
BOTH = sorted(NAMED | EXPRESSIONS)


def texts(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Every text of a file by the keys above it, with where it begins and ends."""
    above: list[str | None] = []  # of what is open: the key that a value is wanted for, "" in a list
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.ScalarEvent) and above and above[-1] is None:
            above[-1] = event.value
            continue
        if isinstance(event, yaml.ScalarEvent):
            yield tuple(filter(None, above)), event.start_mark.index, event.end_mark.index
        elif isinstance(event, yaml.CollectionStartEvent):
            above.append(None if isinstance(event, yaml.MappingStartEvent) else "")
            continue
        elif isinstance(event, yaml.CollectionEndEvent):
            above.pop()
        elif not isinstance(event, yaml.AliasEvent):
            continue
        if above and above[-1]:
            above[-1] = None


def told(path: Path, text: str) -> tuple[Fault, ...]:
    path.write_text(text, encoding="utf-8")
    try:
        load_rulebook(path)
    except RulebookError as error:
        return error.faults
    return ()


def is_meant(keys: tuple[str, ...], wanted: frozenset[str]) -> bool:
    """Whether a text under these keys is one that the language reads, and no word of the book's own."""
    return keys[-1] in wanted and "examples" not in keys and (keys[0] != "tables" or (len(keys) == 3 and keys[-1] in ("of", "dated_by")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_a_name_that_there_is_not_is_one_fault(book: Path, folder: Path) -> None:
    text = book.read_text(encoding="utf-8")
    places = [(keys, begin, end) for keys, begin, end in texts(text) if is_meant(keys, NAMED)]
    draw = random.Random(book.stem)
    for keys, begin, end in draw.sample(places, min(len(places), 12)):
        faults = told(folder / book.name, f"{text[:begin]}nobody_knows{text[end:]}")
        assert len(faults) <= 1, (keys, text[begin:end], [fault.text() for fault in faults])


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.stem)
def test_an_expression_with_a_name_that_there_is_not_is_one_fault(book: Path, folder: Path) -> None:
    text = book.read_text(encoding="utf-8")
    places = [(keys, begin, end) for keys, begin, end in texts(text) if is_meant(keys, EXPRESSIONS) and text[begin] not in "|>"]
    draw = random.Random(book.stem)
    for keys, begin, end in draw.sample(places, min(len(places), 8)):
        faults = told(folder / book.name, f"{text[:begin]}8 * 工作日{text[end:]}")
        assert len(faults) <= 1, (keys, text[begin:end], [fault.text() for fault in faults])


BOOK = """rulebook: t
title: 测试
conventions: {first_day: excluded, roll: forward, pause_needs_notice: no, percent_alarms: day, part_floor: 0, part_overflow: capped}
tables:
  complaints: {of: [staff], staff: text, on: date, dated_by: on, upheld: boolean, worth: decimal}
events:
  rude: {label: 态度生硬, assessed: true}
clocks:
  c:
    about: cases
    limit: 5 工作日
    starts: accepted_on
    stops: decided_on
    pauses: [{kind: hearing, when: upheld_before}]
    extension: {limit: as_granted, at_most: 5 工作日, times: 1}
    alarms: [{signal: red, after: 0}]
decisions:
  late: {about: cases, hit: first, rules: [{when: c.overdue, then: true}], otherwise: false}
  star: {about: month, hit: first, rules: [{when: streak(total >= 90) >= 3, then: true}], otherwise: false}
schemes:
  month:
    scores: staff
    period: month
    full: 10
    parts:
      conduct:
        full: 10
        items:
          - {id: a, for: complaints, by: on, when: upheld, points: -worth, of: staff}
          - {id: b, for: rude, points: "discretion(-5, -2)"}
notices:
  n: {title: 通知书, when: late and c.overdue, copies: [窗口], states: [decided_on]}
""".replace("upheld_before", "known(received_on)")


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("limit: 5 工作日\n", "limit: 8 * 工作日\n", 11),
        ("about: cases\n", "about: nobody\n", 10),
        ("about: cases\n", "about: [nobody]\n", 10),
        ("late: {about: cases", "late: {about: nobody", 18),
        ("about: month", "about: nobody", 19),
        ("scores: staff", "scores: nobody", 22),
        ("scores: staff", "scores: [nobody]", 22),
        ("of: [staff]", "of: [nobody]", 5),
        ("of: [staff]", "of: {staff: staff}", 5),
        ("on: date", "on: dat", 5),
        ("assessed: true", "assessed: truth", 7),
        ("limit: as_granted", "limit: granted", 15),
        ("for: complaints", "for: nobody", 29),
        ("for: complaints", "for: {complaints: 1}", 29),
        ("for: rude", "for: nobody", 30),
        ("        full: 10", "        full: 十", 27),
        ("period: month", "period: [month]", 23),
        ("kind: hearing, when", "knd: hearing, when", 14),
        ("states: [decided_on]", "states: [{a: b}]", 32),
        ("when: c.overdue", "when: {a: b}", 18),
        ("{id: b, for: rude, points", "{id: b, for: rude, pionts", 30),
        ("title: 通知书, when: late and c.overdue", "title: 通知书, about: nobody, when: late and c.overdue", 32),
    ],
)
def test_what_follows_from_a_slip_is_not_told(tmp_path: Path, right: str, wrong: str, line: int) -> None:
    assert told(tmp_path / "t.yaml", BOOK) == ()
    assert right in BOOK
    faults = told(tmp_path / "t.yaml", BOOK.replace(right, wrong, 1))
    assert [fault.line for fault in faults] == [line], [fault.text() for fault in faults]


def test_what_is_wrong_with_what_an_alias_stands_for_is_told_where_it_is_written_out(tmp_path: Path) -> None:
    text = BOOK.replace("pauses: [", "pauses: &pauses [").replace(
        "decisions:\n", "  d: {about: cases, limit: 5 工作日, starts: accepted_on, pauses: *pauses}\ndecisions:\n"
    )
    assert told(tmp_path / "t.yaml", text) == ()
    (only,) = told(tmp_path / "t.yaml", text.replace("known(received_on)", "nobody_knows"))
    assert (only.line, only.id) == (14, "clocks.c.pauses.1.when")


def test_what_only_one_of_them_does_not_know_is_told_where_the_alias_stands(tmp_path: Path) -> None:
    text = BOOK.replace("pauses: [", "pauses: &pauses [").replace("known(received_on)", "known(received_on) and c.overdue")
    text = text.replace("decisions:\n", "  d: {about: complaints, limit: 5 工作日, starts: on, pauses: *pauses}\ndecisions:\n")
    assert {fault.line for fault in told(tmp_path / "t.yaml", text)} == {17}
