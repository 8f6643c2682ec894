"""Small changes of schemes, clocks and measures: which there are, and that each is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.rules import Rulebook, shipped_books
from govservice.rules.proofs.varying import read_by, varied

BOOK = """
rulebook: varies
extends: [standard]
conventions:
  {first_day: excluded, roll: forward, ends: day, pause_needs_notice: yes, percent_alarms: day, part_overflow: capped, part_served: full}
tables: {cases: {complex: boolean}}
clocks:
  reply:
    about: cases
    limit: 3 个月
    starts: received_on
    stops: [decided_on, closed_on]
    pauses: [{kind: hearing, limit: 30 自然日}]
    extension: {limit: 1 个月, times: 2}
    alarms: [{signal: yellow, at: 90%}, {signal: red, after: 1 工作日, when: complex}]
decisions:
  overran: {about: cases, hit: first, rules: [{id: y, when: reply.overdue, then: true}, {id: n, then: false}]}
measures: {share: {value: '100 * count(cases, when=complex) / count(cases)'}}
schemes:
  month:
    scores: staff
    period: month
    parts: {work: {full: 10, min: 0, max: 10, parts: {speed: {full: 10, items: [{id: slow, when: share > 50, points: -2, at_least: -3}]}}}}
    adjust: [{id: more, points: 1}]
    total: 2 * sum(parts)
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    path = tmp_path / "varies.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def said(book: Rulebook, place: str) -> list[str]:
    return [change.text().partition(" (it takes")[0] for change, _ in varied(book.contents, place)]


def test_limits_units_stops_conventions_pauses_extensions_and_alarms_of_a_clock_are_varied(book: Rulebook) -> None:
    assert said(book, "clocks.reply") == [
        'clocks.reply: limit: limit("3个月") -> limit("4个月")',
        'clocks.reply: limit: limit("3个月") -> limit("2个月")',
        'clocks.reply: limit: limit("3个月") -> limit("3个自然日")',
        "clocks.reply.stops: it is not stopped by decided_on",
        "clocks.reply.stops: it is not stopped by closed_on",
        "clocks.reply.first_day: excluded -> included",
        "clocks.reply.roll: forward -> none",
        "clocks.reply.pauses.hearing: it is no pause",
        'clocks.reply.pauses.hearing: limit: limit("30个自然日") -> limit("31个自然日")',
        'clocks.reply.pauses.hearing: limit: limit("30个自然日") -> limit("29个自然日")',
        'clocks.reply.pauses.hearing: limit: limit("30个自然日") -> limit("30个工作日")',
        'clocks.reply.extension: limit: limit("1个月") -> limit("2个月")',
        'clocks.reply.extension: limit: limit("1个月") -> limit("1个自然日")',
        "clocks.reply.extension: times: 2 -> 3",
        "clocks.reply.extension: times: 2 -> 1",
        "clocks.reply.alarms.yellow: the alarm is dropped",
        "clocks.reply.alarms.yellow: at: 90% -> 100%",
        "clocks.reply.alarms.yellow: at: 90% -> 80%",
        "clocks.reply.alarms.red: the alarm is dropped",
        'clocks.reply.alarms.red: after: limit("1个工作日") -> limit("2个工作日")',
        'clocks.reply.alarms.red: after: limit("1个工作日") -> limit("1个自然日")',
        "clocks.reply.alarms.red: after -> before",
    ]


def test_points_caps_thresholds_full_marks_and_bounds_of_a_scheme_are_varied(book: Rulebook) -> None:
    assert said(book, "schemes.month") == [
        "schemes.month: total: 2 * sum(parts) -> 3 * sum(parts)",
        "schemes.month: total: 2 * sum(parts) -> 1 * sum(parts)",
        "schemes.month.work: full: 10 -> 11",
        "schemes.month.work: full: 10 -> 9",
        "schemes.month.work: min: 0 -> 1",
        "schemes.month.work: min: 0 -> -1",
        "schemes.month.work: max: 10 -> 11",
        "schemes.month.work: max: 10 -> 9",
        "schemes.month.work.speed: full: 10 -> 11",
        "schemes.month.work.speed: full: 10 -> 9",
        "schemes.month.work.speed.slow: points: -2 -> -1",
        "schemes.month.work.speed.slow: points: -2 -> -3",
        "schemes.month.work.speed.slow: when: share > 50 -> share >= 50",
        "schemes.month.work.speed.slow: when: share > 50 -> share > 51",
        "schemes.month.work.speed.slow: when: share > 50 -> share > 49",
        "schemes.month.work.speed.slow: at_least: -3 -> -2",
        "schemes.month.work.speed.slow: at_least: -3 -> -4",
        "schemes.month.work.speed.slow: the item is dropped",
        "schemes.month.adjust.more: points: 1 -> 2",
        "schemes.month.adjust.more: points: 1 -> 0",
        "schemes.month.adjust.more: the item is dropped",
    ]


def test_each_change_is_the_one_that_is_said(book: Rulebook) -> None:
    parts = [
        (change.said.en, other.schemes["month"].parts["work"])
        for change, other in varied(book.contents, "schemes.month")
        if change.part == "work"
    ]
    assert [(said, part.full, part.low, part.high) for said, part in parts] == [
        ("full: 10 -> 11", 11, "0", "10"),
        ("full: 10 -> 9", 9, "0", "10"),
        ("min: 0 -> 1", 10, "1", "10"),
        ("min: 0 -> -1", 10, "-1", "10"),
        ("max: 10 -> 11", 10, "0", "11"),
        ("max: 10 -> 9", 10, "0", "9"),
    ]


def test_an_extension_is_granted_once_at_least(book: Rulebook) -> None:
    once = book.amend({"clocks.reply.extension.times": "1"})
    times = [(change.said.en, other.clocks["reply"].extension) for change, other in varied(once.contents, "clocks.reply")]
    assert [(said, of.times) for said, of in times if of is not None and of.times != 1] == [("times: 1 -> 2", 2)]


def test_what_an_entry_reads_is_found_through_others(book: Rulebook) -> None:
    assert read_by(book.contents, "decisions.overran") == {"decisions.overran", "clocks.reply"}
    assert read_by(book.contents, "schemes.month") == {"schemes.month", "measures.share"}


@pytest.mark.parametrize("id", shipped_books())
def test_every_change_changes_its_entry_and_nothing_else(id: str) -> None:
    contents = load_rulebook(id).contents
    for section in ("schemes", "clocks", "measures"):
        for name, entry in getattr(contents, section).items():
            texts = set()
            for change, other in varied(contents, f"{section}.{name}"):
                assert change.entry == f"{section}.{name}"
                assert getattr(other, section)[name] != entry, change.text()
                assert {key: one for key, one in getattr(other, section).items() if key != name} == {
                    key: one for key, one in getattr(contents, section).items() if key != name
                }
                assert (other.decisions, other.settings, other.tables) == (contents.decisions, contents.settings, contents.tables)
                texts.add((change.part, change.said.en))
                assert change.text("zh") != change.text("en")
