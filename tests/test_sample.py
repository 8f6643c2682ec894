"""The made-up year: the same rows for the same numbers, at any size, like the real ones, and taken by every book."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from govservice import china, load_rulebook, score
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.rules import shipped_books
from govservice.run import run
from govservice.sample import centre_year


def test_the_same_numbers_give_the_same_rows_on_every_machine() -> None:
    made = centre_year(cases=3_000, seed=7)
    text = json.dumps({name: [dict(row) for row in rows] for name, rows in made.items()}, default=str, ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == "2937fa6f596ff2ec62e1a31360921655a1fb7ce4d3ae0b6a5200ef1b3974bd9f"


def test_another_seed_is_another_year() -> None:
    assert list(centre_year(cases=500, seed=1)["cases"]) != list(centre_year(cases=500, seed=2)["cases"])


@pytest.mark.parametrize("cases", [0, 1, 249, 250, 3_001])
def test_there_are_as_many_cases_as_asked_for_and_each_has_a_number_of_its_own(cases: int) -> None:
    rows = centre_year(cases=cases)["cases"]
    assert len(rows) == cases == len({row["case"] for row in rows})


def test_a_row_is_the_same_alone_as_among_the_others() -> None:
    rows = centre_year(cases=2_000)["cases"]
    every = list(rows)
    assert [rows[n] for n in (0, 1, 777, 1_999, -1)] == [every[n] for n in (0, 1, 777, 1_999, -1)]
    assert rows[5:8] == every[5:8]
    with pytest.raises(IndexError):
        rows[2_000]


def test_cases_are_received_on_working_days_in_order_and_nothing_ends_before_it_begins() -> None:
    rows = list(centre_year(cases=4_000, year=2026)["cases"])
    received = [row["received_on"] for row in rows]
    assert received == sorted(received)
    assert all(china().is_workday(day) and day.year == 2026 for day in set(received))
    assert all(row["received_on"] <= row["accepted_on"] <= row.get("closed_on", date(2099, 1, 1)) for row in rows)


def test_its_rates_are_those_that_centres_publish() -> None:
    done = run("kunshan", centre_year(cases=6_000, seed=3), now="2026-01-05")
    share = {kind: sum(case.what.case_type == kind for case in done.cases) / len(done.cases) for kind in ("instant", "promised")}
    assert share["instant"] == pytest.approx(0.465, abs=0.08)  # of some dozen items each is instant or not
    assert share["promised"] > 0.35
    items = list(centre_year(cases=2_000_000)["item"])
    approval = [item for item in items if item["kind"] == "approval"]
    assert (len(items), len(approval)) == (912, 381)
    cut = [item for item in items if item["case_type"] == "promised"]
    assert sum(item["promised_days"] for item in cut) / sum(item["statutory_days"] for item in cut) == pytest.approx(2 / 3, abs=0.03)


@pytest.mark.parametrize("book", shipped_books())
def test_every_shipped_book_takes_it(book: str) -> None:
    held = load_rulebook(book)
    if {"cases", "events"} - held.contents.tables.keys():
        pytest.skip("the book is about other records")
    done = run(held, centre_year(cases=300), now="2026-01-05", on="2025-06-02")
    assert (len(done.cases), done.set_aside) == (300, ())


def test_it_is_scored() -> None:
    cards = score("kunshan", "window_month", centre_year(cases=3_000), period="2025-10")
    assert len(cards) == 6
    assert sum(card.total is not None for card in cards) >= 4


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    made = centre_year(cases=400)
    made.write(tmp_path)
    assert (
        run("kunshan", read_records(tmp_path, book=load_rulebook("kunshan")), now="2026-01-05").cases
        == run("kunshan", made, now="2026-01-05").cases
    )
    polars = pytest.importorskip("polars")
    pytest.importorskip("pyarrow")
    made.write(tmp_path / "parquet", form="parquet")
    assert polars.read_parquet(tmp_path / "parquet" / "cases.parquet").equals(made.frames()["cases"])


@pytest.mark.parametrize("wrong", [{"cases": -1}, {"cases": True}, {"seed": "1"}, {"year": 1999}])
def test_sizes_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(RecordError) as raised:
        centre_year(**wrong)  # type: ignore[arg-type]
    assert raised.value.fault.id == next(iter(wrong))


def test_it_says_that_it_is_made_up() -> None:
    assert "made up" in repr(centre_year(cases=10))
