"""The main job on rows that a program hands over: the same results as from files with the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import GovServiceError, load_rulebook, strategies
from govservice.models import Case
from govservice.run import Run, run

BOOK = load_rulebook("licensing-law")
DAY = date(2026, 3, 2)
CASE = {
    "case": "C1", "received_on": DAY, "accepted_on": DAY, "handled_together": False, "limit_set_elsewhere": False,
}  # fmt: skip
NAMES = {"item": "items", "application": "applications", "cases": "cases"}
ODD = st.sampled_from(["不详", "", "是", -1, 3.5, "NaN", ["x"], {"a": 1}, None, True, "2026-03-02 14:00"])


def compared(done: Run) -> dict[str, Any]:
    """Everything but the names of the files, and whether a value set aside was a text."""
    return replace(
        done,
        sources=tuple(replace(source, file="", encoding=None) for source in done.sources),
        set_aside=tuple(replace(row, file="", row={name: str(value) for name, value in row.row.items()}) for row in done.set_aside),
    ).to_dict()


def in_files(tables: dict[str, list[dict[str, Any]]], folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        lines = "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
        (folder / f"{NAMES.get(name, name)}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), records=strategies.records_for("licensing-law"))
def test_rows_come_to_what_the_same_rows_in_files_do(
    data: st.DataObject, records: dict[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    tables = {name: rows for name, rows in records.items() if rows}
    for rows in tables.values():
        for row in rows:
            if data.draw(st.integers(0, 5)) == 0:
                row[data.draw(st.sampled_from(sorted(row)))] = data.draw(ODD)
    pauses = [{"case": case.get("case"), "kind": "hearing", "from": DAY, "told": True} for case in tables.get("cases", [])][:2]
    tables |= {"pauses": pauses} if pauses else {}
    if not tables:
        return
    from_files = run(BOOK, in_files(tables, tmp_path_factory.mktemp("records")), now=date(2026, 3, 20), lang="zh")
    for given_as in (list, iter, lambda rows: (row for row in rows)):
        assert compared(run(BOOK, {name: given_as(rows) for name, rows in tables.items()}, now=date(2026, 3, 20), lang="zh")) == compared(
            from_files
        )


def test_iterators_are_read_once_and_a_row_at_a_time() -> None:
    alive = most = 0

    class Told(dict[str, Any]):
        def __init__(self, number: int) -> None:
            nonlocal alive, most
            super().__init__(CASE | {"case": f"C{number}"})
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    def rows() -> Iterator[Told]:
        for number in range(50):
            yield Told(number)

    assert len(run(BOOK, {"cases": rows()}).cases) == 50
    assert most <= 3


def frames() -> Iterator[Any]:
    rows = [CASE, CASE | {"case": "C2", "accepted_on": None}]
    for package in ("polars", "pyarrow", "pandas", "narwhals", "duckdb"):
        try:
            module = __import__(package)
            if package == "polars":
                yield "polars", module.DataFrame(rows)
                yield "lazy polars", module.LazyFrame(rows)
            elif package == "pyarrow":
                table = module.Table.from_pylist(rows)
                yield "pyarrow", table
                yield "pyarrow batch", table.to_batches()[0]
                yield "arrow stream", table.to_reader()
            elif package == "pandas":
                yield "pandas", module.DataFrame(rows)
            elif package == "narwhals":
                import polars

                yield "narwhals", module.from_native(polars.DataFrame(rows))
            else:
                arrow_rows = __import__("pyarrow").Table.from_pylist(rows)
                yield "duckdb", module.from_arrow(arrow_rows)
        except ImportError:
            continue


@pytest.mark.parametrize(("name", "frame"), [pytest.param(name, frame, id=name) for name, frame in frames()])
def test_frames_come_to_what_rows_do(name: str, frame: Any) -> None:
    expected = run(BOOK, {"cases": [CASE, CASE | {"case": "C2", "accepted_on": None}]}, now=DAY)
    assert compared(run(BOOK, {"cases": frame}, now=DAY)) == compared(expected)


def test_models_labels_and_ids_of_shipped_books_will_do() -> None:
    model = Case.read({"case": "C1", "received_on": "2026-03-02", "accepted_on": "2026-03-02"})
    by_label = {"办件编号": "C1", "收件日": "2026年3月2日", "受理日": "20260302"}
    first, second, third = (
        run("licensing-law", {name: [row]}).cases for name, row in (("cases", model), ("办件", by_label), ("cases", by_label))
    )
    assert first == second == third


def test_what_is_no_row_is_set_aside_and_the_others_go_on() -> None:
    done = run(BOOK, {"cases": [CASE, None, 3, "x", ["case"], {" case": "C2", "case": "C3"}, {"case": object(), "x": object()}]})
    assert [case.id for case in done.cases] == ["C1"]
    assert [row.line for row in done.set_aside] == [2, 3, 4, 5, 6, 7]
    assert Run.from_json(done.to_json()) == done


def test_tables_that_the_job_does_not_read_are_named() -> None:
    assert run(BOOK, {"cases": [], "staff": iter([])}).not_read == ("staff",)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ({"case": []}, 'no table "case" in licensing-law; did you mean "cases"?'),
        ({"cases": [], "办件": []}, "cases are given twice"),
        ({"cases": "C1"}, "cases must be a list of rows, not 'C1'"),
        ({"cases": {"case": "C1"}}, "cases must be a list of rows"),
        ({"cases": 3}, "cases must be a list of rows, not 3"),
        ([CASE], "records are a folder, or rows by table, not "),
        (None, "records are a folder, or rows by table, not None"),
        ("no such folder", "the folder of records cannot be read"),
    ],
)
def test_records_that_are_none_are_refused(records: Any, message: str) -> None:
    with pytest.raises(GovServiceError, match=message.replace("?", r"\?")):
        run(BOOK, records)
