"""A run in columns comes to what the run one by one comes to: the same results, and files of the same bytes."""

from __future__ import annotations

import gc
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from weakref import ref

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import load_rulebook
from govservice.run import job, run
from govservice.run.results import Run
from govservice.sample import centre_year

pytest.importorskip("polars")
pytest.importorskip("numpy")

SMALL = load_rulebook(Path(__file__).parents[1] / "whatif" / "small.yaml")
COUNTED = load_rulebook(Path(__file__).parent / "counted.yaml")
KUNSHAN = load_rulebook("kunshan")
FIRST = date(2025, 5, 1)


def both(book: Any, records: Any, *, columns: bool = True, **asked: Any) -> Run:
    """The run in columns, which is the run one by one."""
    runs = []
    written = []
    before = job._MANY
    for many in (0, 10**9):
        job._MANY = many
        try:
            runs.append(run(book, records, **asked))
        finally:
            job._MANY = before
        with TemporaryDirectory() as place:
            paths = [*runs[-1].write(Path(place) / "zh", lang="zh"), *runs[-1].write(Path(place) / "en", lang="en")]
            written.append({str(path.relative_to(place)): path.read_bytes() for path in paths})
    assert (runs[0]._columns is not None) is columns
    assert runs[1]._columns is None
    assert written[0] == written[1]
    assert runs[0] == runs[1]
    return runs[0]


@pytest.mark.parametrize("now", [None, date(2026, 11, 20)])
@pytest.mark.parametrize("on", [None, date(2026, 11, 20)])
def test_the_shipped_sample(now: date | None, on: date | None) -> None:
    with as_file(files("govservice") / "samples" / "kunshan") as folder:
        assert both(KUNSHAN, folder, now=now, on=on, accepted_on=date(2026, 3, 2)).cases


@pytest.mark.parametrize("name", ["kunshan", "haimen", "jiangyong", "standard"])
def test_a_generated_year_of_a_centre(name: str, tmp_path: Path) -> None:
    centre_year(cases=30, seed=len(name)).write(tmp_path)
    assert both(load_rulebook(name), tmp_path, now=date(2025, 9, 30)).cases


def day(chance: Random) -> str:
    return str(FIRST + timedelta(chance.randrange(40)))


CELLS: dict[str, tuple[str, ...]] = {
    "received_on": ("2025-05-06", "2025/5/7", "2025年5月8日", "soon", "2025-05-20"),
    "accepted_on": ("2025-05-06", "2025-05-09", "", "never"),
    "closed_on": ("", "2025-05-12", "2025-06-20", "20250515"),
    "materials_completed_on": ("", "2025-05-08"),
    "simple": ("是", "否", "", "maybe"),
    "departments": ("1", "2", "-1", "", "１"),
    "needs_review": ("是", "否", ""),
    "nonmain_missing": ("0", "2", ""),
    "main_document": ("present", "lacking", "主件齐", "?", ""),
    "promised_days": ("5", "5.0", "9", "", "五"),
    "promised_limit": ("", "5个工作日", "10天", "3个自然日"),
    "case_type": ("", "promised", "instant", "承诺件"),
    "due_on": ("", "2025-05-20"),
    "department": ("", "D1", "=1+1", "规划, 建设", " D1 "),
    "window": ("", "W1", "W2"),
    "rating": ("", "satisfied", "very_satisfied"),
    "note": ("", 'said "so"', "x"),
    "pause": ("", "否", "hearing"),
}
OF_APPLICATIONS = ("simple", "departments", "needs_review", "nonmain_missing", "main_document", "case_type", "promised_days", "department")


def text(rows: list[list[str]], chance: Random) -> str:
    """CSV, now and then with a row that is no row, a blank line, a last line without its end."""
    quoted = any('"' in cell or "," in cell for row in rows for cell in row)
    lines = []
    for row in rows:
        cells = ['"' + cell.replace('"', '""') + '"' if '"' in cell or "," in cell else cell for cell in row]
        lines.append(",".join(cells))
    if chance.random() < 0.3 and len(lines) > 2:
        lines.insert(chance.randrange(1, len(lines)), chance.choice(["", "one,two", ",".join("x" * (len(rows[0]) + 2)), '"', " "]))
    end = chance.choice(["\n", "\r\n"]) if not quoted or chance.random() < 0.9 else "\n"
    return end.join(lines) + (end if chance.random() < 0.8 else "")


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    chance = Random(draw(st.integers(0, 10**9)))
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), unique=True, min_size=2))
    size = draw(st.integers(1, 9))
    strange = ["", "1.2E+17", " C1", "320583199001010000"]
    rows = []
    for number in range(size):
        id = f"C{chance.choice([number, number, number, number, 1])}" if chance.random() < 0.9 else chance.choice(strange)
        links = (chance.choice(["", "A1", "A2", "A9"]), chance.choice(["", "I1", "I2", "I9"]))
        rows.append([id, *links, *(pick(name, chance) for name in names)])
    made = {"cases.csv": text([["case", "application", "item", *names], *rows], chance)}
    if draw(st.booleans()):
        of = [name for name in OF_APPLICATIONS if chance.random() < 0.6]
        applications = [[id, *(pick(name, chance) for name in of)] for id in (f"A{chance.choice([n, n, n, 1])}" for n in range(1, 5))]
        made["applications.csv"] = text([["application", *of], *applications], chance)
    if draw(st.booleans()):
        made["items.csv"] = "item,promised_days,department,case_type\nI1,7,D7,instant\nI2,,,\n"
    if draw(st.integers(0, 3)) == 0:
        paused = chance.choice(["C1,hearing,2025-05-07,2025-05-09,是\n", "C77,hearing,2025-05-07,,\n", "C1,x,,,\n", ""])
        made["pauses.csv"] = "case,kind,from,to,told\n" + paused
    return made


def pick(name: str, chance: Random) -> str:
    """A cell, most often one that can be read."""
    return CELLS[name][0] if chance.random() < 0.5 else chance.choice(CELLS[name])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(folders(), st.sampled_from([SMALL, KUNSHAN, COUNTED]), st.none() | st.just(date(2025, 5, 20)), st.booleans())
def test_drawn_records_with_faults(made: dict[str, str], book: Any, now: date | None, dated: bool) -> None:
    with TemporaryDirectory() as place:
        for name, content in made.items():
            (Path(place) / name).write_text(content, encoding="utf-8", newline="")
        try:
            columns = run(book, place, now=now, on=FIRST if dated else None)
        except Exception as error:  # a file that cannot be trusted as a whole stops either way
            for many in (0, 10**9):
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(job, "_MANY", many)
                    with pytest.raises(type(error), match=""):
                        run(book, place, now=now, on=FIRST if dated else None)
        else:
            assert columns._columns is None
            both(book, place, now=now, on=FIRST if dated else None)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(folders(), st.none() | st.just(date(2025, 5, 20)))
def test_measures_of_every_form_are_counted_alike(made: dict[str, str], now: date | None) -> None:
    with TemporaryDirectory() as place:
        for name, content in made.items():
            (Path(place) / name).write_text(content, encoding="utf-8", newline="")
        counted: list[Any] = []
        for many in (0, 10**9):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(job, "_MANY", many)
                try:
                    counted.append(run(COUNTED, place, now=now).rates)
                except Exception as error:
                    counted.append((type(error), str(error)))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("many", [0, 10**9])
def test_a_job_is_gone_once_its_run_is_there(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a database stays open until Python looks for rubbish."""
    jobs: list[Any] = []
    done = job._Job.done

    def kept(self: Any, lang: Any) -> Run:
        jobs.append(ref(self))
        return done(self, lang)

    monkeypatch.setattr(job._Job, "done", kept)
    monkeypatch.setattr(job, "_MANY", many)
    gc.disable()
    try:
        with as_file(files("govservice") / "samples" / "kunshan") as folder:
            assert run(KUNSHAN, folder, now=date(2026, 11, 20)).cases
        assert jobs[0]() is None
    finally:
        gc.enable()
