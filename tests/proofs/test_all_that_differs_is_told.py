"""Whatever differs between two books in anything that an answer may hang on is listed, or named as not analysed."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.rules import Rulebook
from govservice.rules.book import entries
from govservice.rules.book.contents import Contents
from govservice.rules.proofs.comparing import BooksCompared, compare_contents
from govservice.rules.proofs.listing import KEYS, entries_written
from govservice.show.changes import as_markdown, as_text

from .keys_changed import DERIVED, READERS, SECTIONS, changed_keys, plain

GOOD = Path(__file__).parents[1] / "books" / "good"
PROVED = ("decided as before", "都相同：已经证明")


def told(found: BooksCompared, place: str) -> bool:
    """Whether a change of an entry is told: listed, shown with a record, or named as not analysed."""
    listed = any(one.entry == place or one.entry.startswith(f"{place}.") for one in found.changes.listed)
    shown = any(f"decisions.{one.decision}" == place for one in found.changes)
    return listed or shown or any(one.entry == place for one in found.changes.not_analysed)


@pytest.mark.parametrize(
    ("source", "step"),
    [
        *((GOOD / f"{name}.yaml", step) for name, step in (("every-section", 83), ("clocks", 61), ("rows", 37), ("supervision", 97))),
        *(("kunshan", 331), ("haimen", 331), ("hailing", 211), ("reconsideration", 211)),
    ],
    ids=str,
)
def test_no_key_changes_untold(source: Any, step: int) -> None:
    book = load_rulebook(source)
    own, looked = plain(book.contents), 0
    for path, other in islice(changed_keys(book, every=step), 8):
        if plain(other) == own:
            continue
        looked += 1
        found = compare_contents(book.contents, other, steps=20_000)
        place = "hours" if path[0] == "hours" else ".".join(path[:2])
        same = not found.changes and not found.changes.not_analysed
        assert told(found, place) or (path[0] == "decisions" and same), path
    assert looked


BOOK = """
rulebook: told
hours: 09:00-12:00 13:00-17:00
conventions: {first_day: excluded, pause_needs_notice: no, same_occurrence: each, ties: best, part_floor: 0, part_overflow: capped}
settings: {few: {type: integer, value: 1}}
lists: {kinds: {values: {hearing: 听证, appraisal: 鉴定}}}
tables:
  cases: {route: {type: choice, values: [plain, hard], none: [无]}, heard_on: date}
events: {late: {verified: true}}
decisions:
  hard: {about: cases, hit: first, rules: [{id: a, when: route == "hard", then: true}], otherwise: false}
  overran: {about: cases, hit: first, rules: [{id: a, when: reply.overdue, then: true}], otherwise: false}
  often: {about: window, period: month, hit: first, rules: [{id: a, when: count(late) > few, then: true}], otherwise: false}
  listed: {about: cases, hit: first, rules: [{id: a, when: 'in_list(kinds, route)', then: true}], otherwise: false}
  fine: {about: month, hit: first, rules: [{id: a, when: total >= 95, then: true}], otherwise: false}
  best:
    about: month
    hit: first
    rules: [{id: a, quota: {share: 20%, rounding: up}, then: true}, {id: b, then: false}]
clocks:
  reply:
    about: cases
    limit: 5 工作日
    starts: received_on
    stops: closed_on
    pauses: [hearing, appraisal]
    extension: {limit: 5 工作日, times: 1, by: head, asked: before_due}
    alarms: [{signal: red, after: 0}]
schemes:
  month:
    scores: window
    period: month
    full: 100
    max: 100
    parts: {p: {full: 100, items: [{id: late, for: late, each: on, points: -4}]}}
    rank: {by: [total]}
notices:
  told: {title: 告知书, when: hard, copies: [申请人], states: [route], says: [{text: 请补正}]}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    (tmp_path / "told.yaml").write_text(BOOK, encoding="utf-8")
    return load_rulebook(tmp_path / "told.yaml")


ITEM = "schemes.month.parts.p.items.late"


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("clocks.reply.pauses", ["hearing"], "clocks.reply：暂停由 hearing, appraisal 改为 hearing"),
        (
            "clocks.reply.pauses",
            ["hearing", {"kind": "appraisal", "limit": "30 自然日"}],
            "clocks.reply：暂停由 hearing, appraisal 改为 hearing, appraisal (limit: 30个自然日)",
        ),
        ("clocks.reply.hours", "08:00-16:00", 'clocks.reply：办公时间由 — 改为 "08:00-16:00"'),
        ("clocks.reply.extension.by", "government_head", "clocks.reply：延长·依据由 head 改为 government_head"),
        ("clocks.reply.extension.when", "hard", "clocks.reply：延长·条件由 — 改为 hard"),
        ("clocks.reply.first_day", "included", "clocks.reply：约定 first_day 由 — 改为 计入（included）"),
        ("lists.kinds.values", {"hearing": "听证"}, "lists.kinds：可选值由 hearing: 听证, appraisal: 鉴定 改为 hearing: 听证"),
        ("tables.cases.route.values", ["plain", "hard", "odd"], "tables.cases.route：可选值由 plain, hard 改为 plain, hard, odd"),
        ("tables.cases.route.none", ["无", "没有"], "tables.cases.route：表示“无”的写法由 无 改为 无, 没有"),
        ("decisions.best.rules.a.quota.share", "30%", "decisions.best.rules.a：名额·比例由 0.2 改为 0.3"),
        ("decisions.best.rules.a.quota.rounding", "down", "decisions.best.rules.a：名额·取整由 up 改为 down"),
        (f"{ITEM}.each", "unbroken", f"{ITEM}：合并依据由 发生日 改为 unbroken"),
        ("schemes.month.period", "quarter", "schemes.month：期间由 month 改为 quarter"),
        ("schemes.month.rank.within", "department", "schemes.month：排名·分组由 — 改为 所属部门"),
        ("events.late.verified", "false", "events.late：须经核实由 yes 改为 no"),
        ("hours", "08:00-12:00 13:00-17:00", 'hours：取值由 "09:00-12:00 13:00-17:00" 改为 "08:00-12:00 13:00-17:00"'),
        ("conventions.ties", "dense", "conventions.ties：取值由 同取最前的名次，后面空出（best） 改为 同取最前的名次，后面不空（dense）"),
        ("notices.told.copies", ["申请人", "窗口"], "notices.told：份数与送达由 申请人 改为 申请人, 窗口"),
        ("notices.told.says", [{"text": "请尽快补正"}], "notices.told：告知语句由 请补正 改为 请尽快补正"),
    ],
)
def test_each_kind_of_change_is_listed_and_never_called_proved(book: Rulebook, path: str, value: Any, line: str) -> None:
    other = book.amend({path: value})
    found = book.compare(other)
    assert line in [one.text("zh") for one in found.changes.listed]
    assert {one.entry for one in found.changes.listed} == {line.partition("：")[0]}
    for text in (as_text(book, other, found, "zh"), as_text(book, other, found, "en"), as_markdown(book, other, found, "zh")):
        assert not any(proved in text for proved in PROVED)


@pytest.mark.parametrize(
    ("path", "value", "decision", "place"),
    [
        ("clocks.reply.pauses", ["hearing"], "overran", "clocks.reply"),
        ("conventions.first_day", "included", "overran", "conventions.first_day"),
        ("events.late.verified", "false", "often", "events.late"),
        ("tables.cases.route.values", ["plain", "hard", "odd"], "hard", "tables.cases.route"),
        (f"{ITEM}.points", "-5", "fine", "schemes.month"),
    ],
)
def test_a_decision_is_not_called_equal_that_hangs_on_what_is_rewritten(
    book: Rulebook, path: str, value: Any, decision: str, place: str
) -> None:
    found = book.compare(book.amend({path: value}))
    assert found.relation[decision] == "not analysed"
    why = {one.why.text("zh") for one in found.changes.not_analysed if one.decision == decision}
    assert any(place in each for each in why)


def test_labels_clauses_and_the_order_of_names_are_no_difference(book: Rulebook) -> None:
    other = book.amend({"decisions.hard.rules.a.cite": "第1条", "tables.cases.route.label": "路径", "decisions.hard.label": "难件"})
    found = book.compare(other)
    assert (len(found.changes), found.changes.not_analysed) == (0, ())
    assert "都相同：已经证明" in as_text(book, other, found, "zh")


def test_every_key_of_every_entry_has_a_name_in_chinese() -> None:
    kinds = [
        kind for kind in vars(entries).values() if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == entries.__name__
    ]
    aside = {*READERS, "id", "places", "text", "has", "parts", "low", "high", "from_", "for_", "ends", "pieces"}
    unread = (entries.Acceptance, entries.Example)
    names = {each.name for kind in kinds if kind not in unread for each in fields(kind) if each.init and each.name not in aside}
    assert names - KEYS.keys() == set()


def test_every_section_of_a_book_is_looked_through() -> None:
    assert {each.name for each in fields(Contents)} - {*SECTIONS, *DERIVED} == set()
    book = load_rulebook("kunshan")
    assert {place.partition(".")[0] for place in entries_written(book.contents)} == {*SECTIONS}
