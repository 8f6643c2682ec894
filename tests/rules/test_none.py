"""None, as people record it: there is none (无), which is known, and which is not the same as not knowing."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import govservice
from govservice import NONE, load_rulebook, score
from govservice.errors import RulebookError
from govservice.rules import Outcome
from govservice.rules.language.values import Unknown
from govservice.scoring import Scorecard

ROWS = """
rulebook: rows
conventions: {part_floor: none, part_overflow: allowed, same_occurrence: each}
tables: {staff: {level: {type: integer, none: 无}}}
events: {late: {label: 迟到, has: {minutes: {type: decimal, none: [无, 没有规定]}, window: text}}}
schemes: {m: {scores: staff, period: month, TOTAL}}
"""


def late(day: int, **more: object) -> dict[str, object]:
    return {"kind": "late", "staff": "A", "on": date(2026, 11, day), **more}


def card(load, total: str, events, **staff: object) -> Scorecard:
    book = load(ROWS.replace("TOTAL", f"total: '{total}'"))
    return score(book, "m", {"staff": [{"staff": "A", **staff}], "events": events}, subject="A", period="2026-11")


def test_there_is_one_none_and_it_stays_so():
    assert govservice.rules.NONE is NONE
    assert pickle.loads(pickle.dumps({"x": (NONE,)}))["x"][0] is NONE
    assert copy.deepcopy(NONE) is NONE
    assert (repr(NONE), bool(NONE)) == ("NONE", False)
    assert NONE is not None
    assert NONE != 0


FACTS = ("n", "d", "b", "c", "t", "l", "received_on", "received_at", "limit")


@pytest.mark.parametrize("name", FACTS)
def test_any_fact_may_be_none_and_is_then_known_to_be(things, name):
    assert things.worth(f"is_none({name})", **{name: NONE}) is True
    assert things.worth(f"known({name})", **{name: NONE}) is False
    assert things.worth(f"is_none({name})") == Unknown(frozenset({name}))
    assert things.worth(f"known({name})") is False


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("n + 1", NONE), ("n * m", NONE), ("limit * 2", NONE), ("add_days(received_on, n)", NONE), ("due(received_on, limit)", NONE),
        ("n > 1", False), ("n != 1", True), ("n == n", False), ("c == 'present'", False), ("not b", True), ("n in [1, 2]", False),
        ("contains(l, t)", NONE), ("min(n, 1)", NONE), ("step(n, (1, 2))", NONE), ("match(c, ('present', 1), otherwise=2)", NONE),
        ("1 if n > 1 else 2", 2), ("is_none(n + 1)", True), ("is_none(n) or n > 5", True),
    ],
)  # fmt: skip
def test_what_is_worked_out_from_none(things, text, worth):
    facts = dict.fromkeys(("n", "b", "c", "t", "l", "received_on", "limit"), NONE)
    assert things.worth(text, **facts, m=2) == worth


def test_a_settled_value_is_not_none(things):
    assert things.worth("is_none(n)", n=0) is False
    assert things.worth("is_none(t)", t="无") is False  # a word that no column names for it


def test_an_outcome_that_does_not_apply_is_none_and_one_that_is_open_is_not_said_to_be(decide):
    book = decide("""  fee: {about: thing, when: b, hit: first, outcomes: {fee: integer}, rules: [{when: b2, then: 1}, {then: 2}]}
  q: {about: thing, hit: first, rules: [{when: is_none(fee), then: free}, {then: paid}]}
""")
    assert book.decide("q", {"b": False}).value("q") == "free"
    assert book.decide("q", {"b": True}).value("q") == "paid"  # whichever it is
    assert book.decide("q", {}).undecided == ("b", "b2")
    assert book.decide("q", {"fee": NONE}).value("q") == "free"


def test_a_column_names_its_words_and_a_label_is_read_with_them(load):
    book = load("""
rulebook: none
tables:
  application:
    statutory: {type: limit, label: 法定时限, none: [无, 没有规定]}
    town: {type: choice, values: {e: 东, w: 西}, none: 无}
decisions:
  q: {about: application, hit: first, rules: [{when: is_none(statutory), then: no_limit}, {then: limited}]}
  t: {about: application, hit: first, rules: [{when: is_none(town), then: nowhere}, {then: somewhere}]}
""")
    for given_ in ({"statutory": NONE}, {"法定时限": "没有规定"}, {"statutory": " 无 "}):
        found = book.decide("q", given_)
        assert found.value("q") == "no_limit"
        assert Outcome.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert book.decide("q", {"statutory": "5个工作日"}).value("q") == "limited"
    assert book.decide("q", {}).open
    assert book.decide("t", {"town": "无"}).value("t") == "nowhere"
    with pytest.raises(govservice.GovServiceError, match="not one of the values"):
        book.decide("t", {"town": "没有规定"})


# -- aggregates


@pytest.mark.parametrize(
    ("total", "worth", "notes"),
    [
        ("sum(late, minutes)", 12, ["sum(late, minutes): 2 rows have none there and are left out"]),
        ("mean(late, minutes)", 6, ["mean(late, minutes): 2 rows have none there and are left out"]),
        (
            "lowest(late, minutes, when=minutes != 3)",
            4,
            ["lowest(late, minutes, when=minutes != 3): 2 rows have none there and are left out"],
        ),
        ("median(late, minutes)", 6, ["median(late, minutes): 2 rows have none there and are left out"]),
        (
            "sum(late, minutes, each=on, at_most=5)",
            9,
            ["sum(late, minutes, each=on, at_most=5): 2 rows have none there and are left out"],
        ),
        ("mean(late, minutes, top=1)", 8, ["mean(late, minutes, top=1): 2 rows have none there and are left out"]),
        ("count(late)", 4, []),
        ("count(late, when=is_none(minutes))", 2, []),
        ("percent(late, minutes > 0)", 50, []),
    ],
)
def test_rows_that_have_none_are_left_out_and_counted(load, total, worth, notes):
    found = card(load, total, [late(2, minutes=4), late(3, minutes="无"), late(4, minutes=NONE), late(5, minutes=8)])
    assert found.total == worth
    assert [note.en for note in found.notes] == notes
    assert Scorecard.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    if notes:
        assert "有 2 行为“无”，不计在内" in found.explain("zh")


@settings(deadline=None)
@given(minutes=st.lists(st.sampled_from([1, 2, 5, NONE]), max_size=5), level=st.sampled_from([1, 3, NONE]))
@pytest.mark.parametrize(
    "total",
    [
        "sum(late, minutes) + step(level, (1, 2), (3, 4))",
        "mean(late, step(minutes, (1, 2), (5, 9)))",
        "highest(late, step(minutes, (1, 2), (5, 9))) if step(level, (1, 2)) >= 0 else 7",
        "percent(late, step(minutes, (1, 2)) > 0) - step(level, (1, 2), (3, 4))",
    ],
)
def test_information_never_overturns_where_it_may_be_none(load_once, total, minutes, level):
    book = load_once(ROWS.replace("TOTAL", f"total: '{total}'"))
    events = [late(day, minutes=one) for day, one in enumerate(minutes, 1)]

    def asked(events, **staff):
        return score(book, "m", {"staff": [{"staff": "A", **staff}], "events": events}, subject="A", period="2026-11")

    full = asked(events, level=level)
    for known in range(len(events) + 1):
        some = [event if place < known else late(place + 1) for place, event in enumerate(events)]
        for facts in ({}, {"level": level}):
            found = asked(some, **facts)
            if found.scored is not None:
                assert found.scored == full.scored
            if found.total is not None:
                assert found.total == full.total
            if found.low is not None and full.total is not None:
                assert found.low <= full.total <= found.high


@pytest.fixture(scope="module")
def load_once(load):
    kept: dict[str, object] = {}
    return lambda text: kept.get(text) or kept.setdefault(text, load(text))


def test_who_is_none_belongs_to_nobody_and_a_day_that_is_none_is_no_day(load):
    book = load("""
rulebook: s
tables: {staff: {window: {type: text, none: 无}}, cases: {staff: {type: text, none: 无}, filed_on: {type: date, none: 无}}}
schemes: {m: {scores: staff, period: month, total: 'count(cases, by=filed_on)'}}
""")
    rows = [
        {"case": "1", "staff": "A", "filed_on": "2026-11-02"},
        {"case": "2", "staff": "无", "filed_on": "2026-11-02"},
        {"case": "3", "staff": "A", "filed_on": "无"},
    ]
    found = score(book, "m", {"staff": [{"staff": "A", "window": "无"}], "cases": rows}, period="2026-11")
    assert [(one.subject, one.total) for one in found] == [("A", 1)]


# -- what is wrong


@pytest.mark.parametrize(
    ("column", "english"),
    [
        ("{type: integer, none: [无, '0']}", "0 is a value of the column already; a word that says there is none"),
        ("{type: choice, values: {a: 无, b: 有}, none: 无}", "无 is a value of the column already; a word that says there is none"),
        ("{type: integer, min: 5, max: 3}", "the greatest is below the least"),
        ("{type: integer, min: 0.5}", "x must be an integer: '0.5' is not whole"),
        ("{type: date, min: 5}", "a date has no min"),
        ("{type: integer, step: 5}", "an integer has no step"),
        ("{type: decimal, step: 0}", "the step is not above 0"),
        ("{type: integer, max: 3, default: 4}", "4 is out of its bounds, at most 3"),
    ],
)
def test_words_and_bounds_that_make_no_sense_are_faults(load, column, english):
    with pytest.raises(RulebookError) as caught:
        load(f"rulebook: x\ntables: {{application: {{x: {column}}}}}\n")
    assert english in caught.value.text("en")


# -- files


def test_a_mapping_names_the_words_of_an_export(tmp_path: Path):
    from govservice.records import read_records
    from govservice.run import run

    (tmp_path / "book.yaml").write_text(
        """
rulebook: files
tables: {cases: {fee: {type: decimal, label: 费用, none: 不收费, min: 0, max: 100}}}
decisions: {q: {about: cases, hit: first, rules: [{when: is_none(statutory_limit) and is_none(fee), then: neither}, {then: some}]}}
""",
        encoding="utf-8",
    )
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "cases.csv").write_text(
        "办件编号,收件日,费用,法定\nC1,2026-03-02,不收费,没有规定\nC2,2026-03-02,101,5\nC3,2026-03-02,99,无\nC4,2026-03-02,99,\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("cases: {columns: {statutory_days: {column: 法定, none: [没有规定]}}}\n", encoding="utf-8")
    book = load_rulebook(tmp_path / "book.yaml")
    done = run(book, read_records(folder, book=book, mapping=mapping))
    assert [(case.id, case.outcomes[done.case_outcome_names.index("q")]) for case in done.cases] == [("C1", "neither"), ("C4", "some")]
    assert [(row.id, row.field, row.reason.en.split(";")[0]) for row in done.set_aside] == [
        ("C2", "费用", "101 is out of its bounds, from 0 to 100"),
        ("C3", "法定", "'无' is not a number"),
    ]
    assert pickle.loads(pickle.dumps(done)) == done
