"""Scores of whole tables are those of the scorecards, whatever is missing in them, and on every engine."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import polars
import pytest

from govservice import grade, grade_frame, load_rulebook, score, score_frame
from govservice.errors import ConventionError, DecisionError
from govservice.rules import Rulebook
from govservice.score_frames.answers import decimal_of, exact_text
from govservice.score_frames.forms import form_of
from tests.year_of_a_centre import SETTINGS, records_of_a_year

BOOK = """
rulebook: small
conventions: {part_floor: 0, part_overflow: capped, ties: best, same_occurrence: each, same_day_order: as_given, first_day: excluded, roll: forward, ends: day}
events:
  late: {label: 迟到, has: {minutes: integer, weight: decimal}}
  rude: {label: 态度生硬, verified: true}
  lost: {label: 材料遗失}
measures:
  share_in_time: percent(cases, not late_case, when=known(late_case))
  minutes_lost: mean(late, minutes, when=known(minutes) and minutes > 5)
tables: {cases: {late_case: boolean}}
schemes:
  month:
    scores: window
    period: month
    full: 100
    max: none
    parts:
      order:
        full: 40
        items:
          - {id: late, for: late, points: -1 * (2 if nth >= 4 else 1)}
          - {id: very_late, for: late, when: minutes > 30, points: -0.5}
          - {id: third, for: [late, lost], when: nth > 3, points: -0.1}
          - {id: rude, for: rude, points: -7}
          - {id: lost, points: -3 * (count(lost) // 2)}
          - {id: weighed, when: count(late) > 0, points: "-1 * sum(late, weight, when=known(weight))"}
      speed: {full: 60, items: [{id: speed, points: -0.3 * (100 - share_in_time)}]}
      extra: {items: [{id: extra, for: lost, points: 1 / 3}]}
    rank: {by: [total]}
decisions:
  flag: {about: month, hit: first, rules: [{when: rank <= 2 and total >= 80, then: red}, {then: none}]}
"""  # noqa: E501
MONTHS = ["2026-01", "2026-02", "2026-03"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path: Path = tmp_path_factory.mktemp("books") / "small.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def drawn(seed: int, missing: float) -> dict[str, list[dict[str, Any]]]:
    """Records of a quarter; some facts are missing."""
    rng = Random(seed)
    windows = [f"W{number}" for number in range(6)]

    def maybe(value: object) -> Any:
        return None if rng.random() < missing else value

    def day() -> date:
        return date(2026, 1, 1) + timedelta(rng.randrange(90))

    events = [
        {
            "kind": rng.choice(["late"] * 5 + ["rude", "lost", "lost", "rather late"]), "window": maybe(rng.choice(windows)),
            "on": maybe(day()),
            "minutes": maybe(rng.randrange(60)), "verified": maybe(rng.random() < 0.8), "weight": maybe(rng.choice([0.5, 0.1, 2.0])),
        }
        for _ in range(rng.choice([0, 1, 60, 200]))
    ]  # fmt: skip
    cases = [
        {"case": f"C{n}", "window": rng.choice(windows), "received_on": day(), "late_case": maybe(rng.random() < 0.1)} for n in range(150)
    ]
    return {"window": [{"window": one} for one in windows], "events": events, "cases": cases}


def frames_of(records: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    schema = {
        "kind": polars.String,
        "window": polars.String,
        "on": polars.Date,
        "minutes": polars.Int64,
        "verified": polars.Boolean,
        "weight": polars.Float64,
    }
    return {
        name: polars.DataFrame(rows, schema=schema if name == "events" else None, infer_schema_length=None)
        for name, rows in records.items()
    }


def by_score(book: Rulebook, scheme: str, records: dict[str, Any], periods: list[str]) -> dict[tuple[str, str], tuple[Any, ...]]:
    cards = [card for period in periods for card in score(book, scheme, records, period=period)]
    return {
        (card.subject, card.period): (
            *(None if number is None else float(number) for number in (card.total, card.low, card.high)),
            *(None if part.total is None else float(part.total) for part in card.parts.values()),
        )
        for card in cards
    }


def by_frame(book: Rulebook, scheme: str, frames: dict[str, Any], periods: list[str]) -> dict[tuple[str, str], tuple[Any, ...]]:
    found = score_frame(frames, book, scheme, period=periods)
    parts = [name for name in found.columns if name.startswith("parts.")]
    return {
        (row["subject"], row["period"]): tuple(None if row[name] is None else float(row[name]) for name in ("total", "low", "high", *parts))
        for row in found.to_dicts()
    }


@pytest.mark.parametrize("missing", [0.0, 0.03, 0.3])
@pytest.mark.parametrize("seed", range(12))
def test_every_score_is_that_of_the_scorecard(small: Rulebook, seed: int, missing: float) -> None:
    records = drawn(seed, missing)
    cards, rows = by_score(small, "month", records, MONTHS), by_frame(small, "month", frames_of(records), MONTHS)
    assert rows.keys() == cards.keys()
    assert all(row == pytest.approx(cards[key], abs=1e-11) for key, row in rows.items())


def test_only_those_with_an_open_row_are_left_to_the_interpreter(small: Rulebook) -> None:
    records = drawn(3, 0.0)
    records["events"] = [event | {"kind": "late"} for event in drawn(6, 0.0)["events"] or drawn(7, 0.0)["events"]]
    records["events"][0]["minutes"] = None
    found = score_frame(frames_of(records), small, "month", period=MONTHS)
    open_ = found.filter(polars.col("state") == "open")
    assert open_.height == 1
    assert open_["by"].to_list() == ["rows"]
    assert open_["reason"].to_list() == ["late:1.minutes"]
    assert Counter(found["by"].to_list()) == {"columns": 17, "rows": 1}


def test_a_scheme_that_asks_for_more_than_rows_by_themselves_has_no_column_form(small: Rulebook) -> None:
    kunshan = load_rulebook("kunshan").contents
    assert form_of(small.contents, small.contents.schemes["month"]) is not None
    assert form_of(kunshan, kunshan.schemes["window_year"]) is None  # a mean of other scores
    assert form_of(kunshan, kunshan.schemes["window_month"]) is None  # an assessor's marks, the days of a clock


@pytest.mark.parametrize("engine", ["polars", "lazy", "pandas", "pyarrow", "duckdb"])
def test_the_answer_is_of_the_kind_of_the_frames(small: Rulebook, engine: str) -> None:
    given = frames_of(drawn(5, 0.03))
    into = {
        "polars": lambda frame: frame,
        "lazy": lambda frame: frame.lazy(),
        "pandas": lambda frame: frame.to_pandas(),
        "pyarrow": lambda frame: frame.to_arrow(),
        "duckdb": lambda frame: duckdb.from_arrow(frame.to_arrow()),
    }[engine]
    back = {
        "polars": lambda frame: frame,
        "lazy": lambda frame: frame.collect(),
        "pandas": polars.from_pandas,
        "pyarrow": polars.from_arrow,
        "duckdb": lambda frame: polars.from_arrow(frame.to_arrow_table()),
    }[engine]
    found = score_frame({name: into(frame) for name, frame in given.items()}, small, "month", period="2026-02")
    assert type(found) is type(into(given["window"]))
    names = ["subject", "total_exact", "low_exact", "high_exact", "state", "reason"]
    expected = score_frame(given, small, "month", period="2026-02")
    assert back(found).select(names).rows() == expected.select(names).rows()


@pytest.mark.parametrize("seed", range(4))
def test_every_grade_is_that_of_the_gradings(small: Rulebook, seed: int) -> None:
    records = drawn(seed, 0.03)
    found = grade_frame(frames_of(records), small, "flag", period="2026-02").rows(named=True)
    gradings = grade(small, "flag", records, period="2026-02")
    assert [(row["subject"], row["grade"], row["open"], row["rank"]) for row in found] == [
        (one.subject, one.grade, one.open, one.rank) for one in gradings
    ]


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def changed(records: dict[str, list[dict[str, Any]]], how: str) -> dict[str, list[dict[str, Any]]]:
    """The records with something that asks for reading row by row."""
    if how == "a window that comes later":
        records["window"] = [*records["window"][1:], {"window": "W0", "from": date(2026, 2, 10)}]
    elif how == "cases given twice":
        records["cases"] = [*records["cases"], records["cases"][0] | {"late_case": True}]
    elif how == "several centres":
        records["window"] = [row | {"centre": "A" if number % 2 else "B"} for number, row in enumerate(records["window"])]
    elif how == "who names only a member of staff":
        records["staff"] = [{"staff": "S1", "window": "W1"}]
        records["events"] = [row | {"staff": "S1", "window": None} for row in records["events"]]
    elif how == "rows of one occurrence":
        records["events"] = [row | {"occurrence": f"O{number // 2}"} for number, row in enumerate(records["events"])]
    elif how == "days as texts":
        records["cases"] = [row | {"received_on": str(row["received_on"])} for row in records["cases"]]
    elif how == "ids with blanks":
        records["cases"] = [row | {"window": f" {row['window']} "} for row in records["cases"]]
    elif how == "labels for names":
        records["cases"] = [{"办件编号" if key == "case" else key: value for key, value in row.items()} for row in records["cases"]]
    elif how == "labels of kinds":
        records["events"] = [row | {"kind": {"late": "迟到"}.get(row["kind"], row["kind"])} for row in records["events"]]
    elif how == "no cases":
        del records["cases"]
    elif how == "a published score":
        records["month"] = [{"window": "W1", "period": "2026-02", "total": 77}]
    elif how == "an event that lasts":
        records["events"] = [
            *records["events"],
            {"kind": "late", "window": "W2", "from": date(2026, 1, 30), "until": date(2026, 2, 2), "minutes": 1},
        ]
    elif how == "somebody of no row":
        records["window"] = records["window"][:2]
    return records


@pytest.mark.parametrize(
    "how",
    [
        "a window that comes later", "cases given twice", "several centres", "who names only a member of staff", "rows of one occurrence",
        "days as texts", "ids with blanks", "labels for names", "labels of kinds", "no cases", "a published score", "an event that lasts",
        "somebody of no row",
    ],
)  # fmt: skip
@pytest.mark.parametrize("seed", [2, 6])
def test_whatever_the_tables_hold_the_score_is_that_of_the_scorecard(small: Rulebook, seed: int, how: str) -> None:
    book = small.amend({"conventions": {"part_served": "full"}})
    records = changed(drawn(seed, 0.0), how)
    frames = {name: polars.DataFrame(rows, infer_schema_length=None) for name, rows in records.items() if rows} | {
        name: [] for name, rows in records.items() if not rows
    }
    cards, rows = by_score(book, "month", records, MONTHS), by_frame(book, "month", frames, MONTHS)
    assert rows.keys() == cards.keys()
    for key, row in rows.items():
        assert row[:3] == pytest.approx(cards[key][:3], abs=1e-11), key


def test_what_score_refuses_is_refused(small: Rulebook, tmp_path: Path) -> None:
    frames = frames_of(drawn(6, 0.0))
    day = date(2026, 2, 3)
    once = frames_of({"events": [{"kind": "lost", "window": "W1", "on": day}], "cases": [case()]})
    often = frames_of({"events": [{"kind": "late", "window": "W1", "on": day, "minutes": 40, "weight": 1.0}] * 40, "cases": [case()]})
    silent = load_rulebook(_written(tmp_path / "silent.yaml", BOOK.replace("part_floor: 0, ", "")))
    unbounded = load_rulebook(_written(tmp_path / "unbounded.yaml", BOOK.replace("    max: none\n", "")))
    with pytest.raises(DecisionError, match="has no scheme 'moth'"):
        score_frame(frames, small, "moth", period="2026-02")
    with pytest.raises(DecisionError, match="month goes by month"):
        score_frame(frames, small, "month", period="2026")
    with pytest.raises(DecisionError, match="no max is stated"):
        score_frame(once, unbounded, "month", period="2026-02")
    with pytest.raises(ConventionError, match="part_floor"):
        score_frame(often, silent, "month", period="2026-02")


def case() -> dict[str, Any]:
    """A case of February, in time."""
    return {"case": "C1", "window": "W1", "received_on": date(2026, 2, 3), "late_case": False}


def test_numbers_lose_nothing() -> None:
    from fractions import Fraction

    assert [exact_text(Fraction(number)) for number in ("-1/8", "1/3", "-7", "1001/1000")] == ["-0.125", "1/3", "-7", "1.001"]
    assert str(decimal_of(Fraction(2, 3))) == "0.666666666667"


@pytest.mark.parametrize(("scheme", "period"), [("window_month", "2026-05"), ("window_year", "2026"), ("staff_month", "2026-08")])
def test_a_shipped_scheme_gives_the_same_on_frames(scheme: str, period: str) -> None:
    book, records = load_rulebook("kunshan", settings=SETTINGS), records_of_a_year()
    frames = {name: polars.DataFrame(rows, infer_schema_length=None) if rows else [] for name, rows in records.items()}
    cards, rows = by_score(book, scheme, records, [period]), by_frame(book, scheme, frames, [period])
    assert {key: row[:3] for key, row in rows.items()} == {key: pytest.approx(card[:3]) for key, card in cards.items()}
