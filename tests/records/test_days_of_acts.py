"""Who gives the moment of an act has said its day; who gives the day has said that it happened. Every way in says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, WorkCalendar, clocks, load_rulebook, score, what_if
from govservice.frames import clocks_frame
from govservice.run import run
from govservice.run.stream import stream
from govservice.scoring import read_ledger

BOOK = """\
rulebook: acts
conventions: {first_day: excluded, roll: forward, part_floor: none, ends: day, same_day_order: as_given}
decisions:
  case_type: {about: application, hit: first, rules: [{id: all, then: promised}]}
clocks:
  promised: {label: 承诺时限, about: cases, starts: accepted_on, stops: closed_on, limit: promised_limit}
  reply: {label: 答复时限, about: cases, starts: accepted_at, stops: [closed_on, closed_at], limit: limit("24小时")}
schemes:
  month:
    scores: window
    period: month
    parts:
      speed:
        start: 100
        items:
          - {id: late, for: cases, when: promised.overdue, points: -1}
          - {id: slow, for: cases, when: reply.overdue, points: -3}
          - {id: quick, for: cases, when: closed_on <= accepted_on, points: 2}
"""
STEPS = ("received", "accepted", "closed")
LABELS = {"received_at": "收件时刻", "accepted_at": "受理时刻", "closed_at": "办结时刻"}
FEW = settings(max_examples=20)
MOMENTS = st.datetimes(datetime(2026, 1, 5), datetime(2026, 3, 20), timezones=st.none()).map(lambda moment: moment.replace(microsecond=0))


@st.composite
def cases(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Cases by the moments of their acts; some give the days beside them, some are not accepted, some not closed."""
    rows = []
    for number in range(draw(st.integers(1, 5))):
        row: dict[str, Any] = {"case": f"C{number}", "window": "W1", "promised_limit": "5个工作日"}
        accepted = draw(MOMENTS)
        closed = accepted + timedelta(hours=draw(st.integers(0, 400)))
        for step, moment in (("received", accepted), ("accepted", accepted), ("closed", closed)):
            if draw(st.integers(0, 4)):
                row[f"{step}_at"] = moment
                if not draw(st.integers(0, 2)):
                    row[f"{step}_on"] = moment.date()
        rows.append(row)
    return rows


def both(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {f"{step}_on": row[f"{step}_at"].date() for step in STEPS if f"{step}_at" in row} for row in rows]


def texts(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{name: str(value) for name, value in row.items()} for row in rows]


def as_csv(rows: list[dict[str, Any]], folder: Path) -> Path:
    names = sorted({name for row in rows for name in row})
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in texts(rows))]
    (folder / "cases.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def as_json(rows: list[dict[str, Any]], folder: Path) -> Path:
    (folder / "cases.json").write_text(json.dumps(texts(rows)), encoding="utf-8")
    return folder


def as_parquet(rows: list[dict[str, Any]], folder: Path) -> Path:
    pl.DataFrame(rows, infer_schema_length=None).write_parquet(folder / "cases.parquet")
    return folder


def as_frame(rows: list[dict[str, Any]], _: Path) -> Any:
    return {"cases": pl.DataFrame(rows, infer_schema_length=None)}


def as_frame_of_texts(rows: list[dict[str, Any]], _: Path) -> Any:
    return {"cases": pl.DataFrame(texts(rows), infer_schema_length=None)}


def as_list(rows: list[dict[str, Any]], _: Path) -> Any:
    return {"cases": rows}


def book_in(folder: Path) -> Rulebook:
    path = folder / "acts.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return book_in(tmp_path_factory.mktemp("book"))


WAYS = (as_csv, as_json, as_parquet, as_frame, as_frame_of_texts, as_list)


@pytest.mark.parametrize("way", WAYS)
@FEW
@given(rows=cases())
def test_a_run_knows_the_day_of_a_moment(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, way: Callable[..., Any], rows: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("acts")
    for place in ("one", "both"):
        (folder / place).mkdir()
    now = datetime(2026, 3, 25, 12)
    one = run(book, way(rows, folder / "one"), now=now)
    whole = run(book, way(both(rows), folder / "both"), now=now)
    assert one.cases == whole.cases
    assert [case.id for case in one.cases] == [row["case"] for row in rows]


@given(rows=cases())
def test_a_case_by_hand_knows_the_day_of_a_moment(book: Rulebook, rows: list[dict[str, Any]]) -> None:
    for one, whole in zip(rows, both(rows), strict=True):
        assert clocks(one, book, now="2026-03-25") == clocks(whole, book, now="2026-03-25")
        named = {LABELS.get(name, name): value for name, value in one.items()}
        assert clocks(named, book, now="2026-03-25") == clocks(whole, book, now="2026-03-25")


@pytest.mark.parametrize("way", [as_list, as_frame, as_frame_of_texts, as_csv])
@FEW
@given(rows=cases())
def test_a_score_knows_the_day_of_a_moment(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, way: Callable[..., Any], rows: list[dict[str, Any]]
) -> None:
    folders = [tmp_path_factory.mktemp(place) for place in ("one", "both")]
    one, whole = (way(given_, folder) for given_, folder in zip((rows, both(rows)), folders, strict=True))
    if isinstance(one, Path):
        one, whole = (read_ledger(book, folder) for folder in folders)
    asked = {"period": "2026-02", "now": "2026-03-25"}
    cards = [
        [(card.explain(unfired=True), card.low, card.high) for card in score(book, "month", given_, **asked)] for given_ in (one, whole)
    ]
    assert cards[0] == cards[1]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("way", [as_csv, as_json, as_parquet])
@FEW
@given(rows=cases())
def test_a_stream_knows_the_day_of_a_moment(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, way: Callable[..., Any], form: str, rows: list[dict[str, Any]]
) -> None:
    folders = [tmp_path_factory.mktemp(place) for place in ("one", "both")]
    told = []
    for given_, folder in zip((rows, both(rows)), folders, strict=True):
        for asked in ({}, {"start": "accepted_on", "limit": "3个工作日"}) if any("accepted_at" in row for row in rows) else ({},):
            out = folder / f"out{len(asked)}"
            stream(book, way(given_, folder), out, form=form, on=date(2026, 3, 1), **asked)
            told.append(parts(out, form))
    assert told[: len(told) // 2] == told[len(told) // 2 :]
    assert len(told[0]) == len(rows)


def parts(out: Path, form: str) -> list[tuple[object, ...]]:
    read = pl.read_csv if form == "csv" else pl.read_parquet
    return [row for file in sorted(out.glob(f"cases-*.{form}")) for row in read(file).rows()]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-02 16:40", date(2026, 3, 2)),
        ("2026-03-02 24:00", date(2026, 3, 2)),  # the end of a day is of that day
        ("2026-03-02T20:00:00Z", date(2026, 3, 3)),
        (datetime(2026, 3, 2, 20, tzinfo=UTC), date(2026, 3, 3)),
    ],
)
def test_the_day_is_that_of_the_place(book: Rulebook, moment: object, day: date) -> None:
    case = {"case": "C1", "accepted_at": moment, "promised_limit": "5个工作日"}
    (by_hand,) = clocks(case, book, now="2026-03-25", only=["promised"])
    assert by_hand.started == day
    ran = run(book, {"cases": [case]}, now="2026-03-25")
    assert [one.due_on for one in ran.cases[0].dues if one.clock == "promised"] == [by_hand.due_on]


def test_the_day_is_that_of_the_calendars_place(book: Rulebook) -> None:
    case = {"case": "C1", "accepted_at": "2026-03-02T20:00:00Z", "promised_limit": "5个工作日"}
    abroad = WorkCalendar.of("GB", tz="Europe/London")
    (by_hand,) = clocks(case, book, now="2026-03-25", only=["promised"], calendar=abroad)
    assert by_hand.started == date(2026, 3, 2)
    ran = run(book, {"cases": [case]}, now="2026-03-25", calendar=abroad)
    assert [one.due_on for one in ran.cases[0].dues if one.clock == "promised"] == [by_hand.due_on]


def test_what_happened_on_a_day_has_happened(book: Rulebook) -> None:
    case = {"case": "C1", "received_on": "2026-03-02", "accepted_on": "2026-03-02"}
    (reading,) = clocks(case, book, now="2026-03-25", only=["reply"])
    assert (reading.due, reading.overdue, reading.undecided) == (None, None, ("accepted_at",))
    (reading,) = clocks({"case": "C1"}, book, now="2026-03-25", only=["reply"])
    assert reading.overdue is False  # it has not begun
    frame = pl.DataFrame([case, {"case": "C2", "accepted_on": None}])
    assert clocks_frame(frame, book, clock="reply", now="2026-03-25")["reply_overdue"].to_list() == [None, False]
    for rows in ([case | {"window": "W1", "closed_on": "2026-03-02"}], pl.DataFrame([case | {"window": "W1", "closed_on": "2026-03-02"}])):
        (card,) = score(book, "month", {"cases": rows}, period="2026-03", now="2026-03-25")
        assert (card.total, card.low, card.high) == (None, 98, 102)


def test_a_mapped_column_of_moments_says_the_day_too(tmp_path: Path, book: Rulebook) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "cases:\n  columns:\n    case: {column: 编号}\n    accepted_at: {column: 受理, format: 'YYYY/M/D h:mm:ss AM', time_zone: UTC}\n"
        "    promised_limit: {column: 时限}\n",
        encoding="utf-8",
    )
    (tmp_path / "cases.csv").write_text("编号,受理,时限\nC1,2026/3/2 9:00:00 PM,5个工作日\n", encoding="utf-8")
    (case,) = run(book, tmp_path, now="2026-03-25").cases
    assert [one.due_on for one in case.dues if one.clock == "promised"] == [date(2026, 3, 10)]


@pytest.mark.parametrize("way", [as_frame, as_frame_of_texts, as_list])
@FEW
@given(rows=cases())
def test_a_what_if_knows_the_day_of_a_moment(book: Rulebook, way: Callable[..., Any], rows: list[dict[str, Any]]) -> None:
    asked = {"period": "2026-02", "now": "2026-03-25"}
    reform = {"clocks.promised.limit": 'limit("2个工作日")', "schemes.month.parts.speed.items.quick.points": 3}
    one, whole = (what_if(book, reform, way(given_, Path()), **asked) for given_ in (rows, both(rows)))
    assert one == whole
    assert [shift.case for shift in one.shifts] == [row["case"] for row in both(rows) if "accepted_on" in row]


@pytest.mark.parametrize("beside", [{}, {"closed_on": "2026-03-03"}])
def test_a_clock_stops_at_the_moment_of_an_act_and_not_on_its_day(book: Rulebook, beside: dict[str, str]) -> None:
    case = {"case": "C1", "accepted_at": "2026-03-02 09:00", "closed_at": "2026-03-03 09:01", **beside}
    (reading,) = clocks(case, book, now="2026-03-25", only=["reply"])
    assert (str(reading.stopped), reading.overdue) == ("2026-03-03 09:01:00+08:00", True)
    (reading,) = clocks(case, book, now="2026-03-03 09:00", only=["reply"])
    assert (reading.stopped, reading.overdue) == (None, False)  # it is closed that day, a minute later


def test_an_act_on_an_earlier_day_than_its_moment_stops_the_clock_first(book: Rulebook) -> None:
    case = {"case": "C1", "accepted_at": "2026-03-02 09:00", "closed_on": "2026-03-02", "closed_at": "2026-03-04 09:01"}
    (reading,) = clocks(case, book, now="2026-03-25", only=["reply"])
    assert reading.stopped == date(2026, 3, 2)
