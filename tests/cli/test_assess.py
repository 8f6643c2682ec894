"""`govservice score`, `grade` and `assess`: a folder of records becomes scores, grades and pages, and what was published stays."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from govservice import grade, load_rulebook, score
from govservice.cli import main
from govservice.rounds import plan
from govservice.scoring import Period
from tests.year_of_a_centre import SETTINGS, records_of_a_year, write_year

BOOK = ["--rulebook", "kunshan", *(part for name, value in SETTINGS.items() for part in ("--set", f"{name}={value}"))]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def year(tmp_path: Path) -> Path:
    folder = tmp_path / "year"
    write_year(folder)
    return folder


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def asked(command: str, folder: Path, *more: str, out: str = "out") -> list[str]:
    return [command, *more, *BOOK, "--records", str(folder), "--out", out]


def test_a_whole_year_is_one_command_and_says_what_the_verbs_say(year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(asked("assess", year, "--period", "2026")) == 0
    book, given = load_rulebook("kunshan", settings=SETTINGS), records_of_a_year()
    found = {(row["scheme"], row["period"], row["subject"]): row["total"] for row in rows(tmp_path / "out" / "scores.csv")}
    for month in ("2026-01", "2026-06", "2026-12"):
        cards = score(book, "window_month", given, period=month)
        assert {key[2]: total for key, total in found.items() if key[:2] == ("window_month", month)} == {
            card.subject: "" if card.total is None else str(card.total) for card in cards
        }
    assert {key[1] for key in found if key[0] == "window_month"} == {f"2026-{month:02}" for month in range(1, 13)}
    graded = {(row["subject"]): row["grade"] for row in rows(tmp_path / "out" / "grades.csv") if row["decision"] == "staff_grade"}
    assert graded == {one.subject: one.grade for one in grade(book, "staff_grade", given, period="2026")}
    out, err = capsys.readouterr()
    assert "set aside" in out.splitlines()[2]
    assert err == ""


def test_what_others_build_on_comes_first() -> None:
    contents = load_rulebook("kunshan").contents
    steps = [(step.id, str(step.period)) for step in plan(contents, _year())]
    assert steps.index(("window_month", "2026-12")) < steps.index(("department_bimonth", "2026-B1"))
    assert steps.index(("department_bimonth", "2026-B6")) < steps.index(("red_flag", "2026-B1"))
    assert steps.index(("staff_year", "2026")) < steps.index(("staff_grade", "2026"))
    assert len(steps) == len(set(steps))


def _year() -> Period:
    from govservice.assessment.periods import read_period

    return read_period("2026")


def test_one_scheme_and_one_subject(year: Path, tmp_path: Path) -> None:
    assert main(asked("score", year, "window_month", "--period", "2026-H1", "--subject", "W1", "--html")) == 0
    found = rows(tmp_path / "out" / "scores.csv")
    assert [(row["scheme"], row["period"], row["subject"]) for row in found] == [
        ("window_month", f"2026-{month:02}", "W1") for month in range(1, 7)
    ]
    assert rows(tmp_path / "out" / "grades.csv") == []
    assert sorted(page.name for page in (tmp_path / "out" / "cards").iterdir()) == [
        f"window_month_2026-{month:02}_W1.html" for month in range(1, 7)
    ]
    assert 'href="cards/window_month_2026-06_W1.html"' in (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")


def test_a_grade_alone(year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(asked("grade", year, "red_flag", "--period", "2026-B3", "--lang", "zh")) == 0
    out, _ = capsys.readouterr()
    assert "流动红旗" in out
    found = rows(tmp_path / "out" / "grades.csv")
    assert {row["期间"] for row in found} == {"2026-B3"}
    columns = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["columns"]["grades.csv"]
    assert columns["grade"] == "结果"


def test_published_scores_are_kept_and_built_upon(year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asks = asked("score", year, "window_month", "--period", "2026", "--now", "2026-03-01", "--keep")
    assert main(asks) == 0
    kept = rows(year / "window_month.csv")
    assert {row["period"] for row in kept} == {"2026-01", "2026-02"}
    published = next(row for row in kept if row["window"] == "W1" and row["period"] == "2026-01")
    published["total"] = "61"  # what the panel decided in the end
    with (year / "window_month.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(kept[0]))
        out.writeheader()
        out.writerows(kept)
    assert main(asked("assess", year, "--period", "2026-B1", "--now", "2026-03-01", "--keep")) == 0
    found = {(row["scheme"], row["period"], row["subject"]): row["total"] for row in rows(tmp_path / "out" / "scores.csv")}
    assert found["window_month", "2026-01", "W1"] == "61"
    assert [row["total"] for row in rows(year / "window_month.csv") if row["window"] == "W1" and row["period"] == "2026-01"] == ["61"]
    other = next(row["total"] for row in kept if row["window"] == "W1" and row["period"] == "2026-02")
    assert float(found["department_bimonth", "2026-B1", "D1"]) == pytest.approx((61 + float(other)) / 2)
    capsys.readouterr()
    assert main(asked("score", year, "--period", "2026", "--keep")) == 2
    assert capsys.readouterr().err == "--keep keeps scores of periods that are over: by which day? add --now DATE\n"


@pytest.mark.parametrize("now", ["2026-02-28", "2026-02-28 23:59"])
def test_a_period_is_not_kept_before_its_last_day_has_ended(year: Path, now: str, capsys: pytest.CaptureFixture[str]) -> None:
    asks = asked("score", year, "window_month", "--period", "2026-B1", "--now", now, "--keep")
    assert main(asks) == 0
    assert {row["period"] for row in rows(year / "window_month.csv")} == {"2026-01"}
    assert "not kept, for on 2026-02-28 the period is not over: 2026-02" in capsys.readouterr().out
    assert main([*asks, "--lang", "zh", "--force"]) == 0
    assert "2026-02-28 期间尚未结束，未存：2026-02" in capsys.readouterr().out


@pytest.mark.parametrize(("worth", "kept"), [("100 / 16", "6.25"), ("9.1234567", "9.1234567"), ("100 / 3", "33." + "3" * 26)])
def test_points_are_kept_with_every_digit_that_a_card_reports(worth: str, kept: str, year: Path, tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text(
        f"rulebook: own\nextends: [standard]\nschemes:\n  m: {{scores: window, period: month, total: {worth}}}\n", encoding="utf-8"
    )
    plain = ["--rulebook", str(book), "--records", str(year), "--period", "2026-01", "--now", "2026-02-01", "--out", "out"]
    assert main(["score", *plain, "--keep"]) == 0
    assert {row["total"] for row in rows(year / "m.csv")} == {kept}
    assert main(["score", *plain, "--force"]) == 0
    assert {row["total"] for row in rows(tmp_path / "out" / "scores.csv")} == {kept}
    assert "it would be the same" in (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8")


def test_scores_of_somebody_else_are_not_written_over(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (year / "window_month.csv").write_text("窗口编号,期间,总分\nW1,2026-01,90\n", encoding="utf-8")
    before = (year / "window_month.csv").read_bytes()
    assert main(asked("score", year, "window_month", "--period", "2026", "--now", "2026-03-01", "--keep")) == 1
    assert "the scores that stand here were not kept by an earlier round" in capsys.readouterr().err
    assert (year / "window_month.csv").read_bytes() == before


def test_scores_that_stand_in_another_form_are_not_doubled(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (year / "window_month.jsonl").write_text('{"window": "W1", "period": "2026-01", "total": 90}\n', encoding="utf-8")
    assert main(asked("score", year, "window_month", "--period", "2026", "--now", "2026-03-01", "--keep")) == 1
    assert "window_month.jsonl: the scores that stand here were not kept by an earlier round" in capsys.readouterr().err
    assert not (year / "window_month.csv").exists()


def test_a_score_that_looks_back_from_a_day_is_not_kept(year: Path, tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text(
        "rulebook: own\nextends: [standard]\nschemes:\n"
        "  back: {scores: window, period: rolling 3 months, total: count(red)}\n"
        "  so_far: {scores: window, period: ever, total: count(red)}\n",
        encoding="utf-8",
    )
    (year / "events.csv").write_text("kind,window,on\nred,W1,2026-01-20\n", encoding="utf-8")
    plain = ["--rulebook", str(book), "--records", str(year), "--period", "2026-03", "--now", "2026-12-31", "--out", "out"]
    assert main(["assess", *plain, "--keep"]) == 0
    found = {(row["scheme"], row["period"], row["subject"]): row["total"] for row in rows(tmp_path / "out" / "scores.csv")}
    assert found["back", "2026-01-01..2026-03-31", "W1"] == "1"
    assert sorted(one.name for one in year.iterdir()) == [
        f"{table}.csv" for table in ("cases", "complaints", "department", "events", "staff", "window")
    ]


def test_a_book_without_schemes_grades_its_own_tables(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "department.csv").write_text("部门编号,部门名称,会商商定的方式\nD1,民政局,\nD2,气象局,暂不入驻\n", encoding="utf-8")
    (folder / "items.csv").write_text("事项编码,实施部门\nI1,D1\nI2,D1\nI3,D1\n", encoding="utf-8")
    settings = ["--set", "many_items=3", "--set", "few_items=1", "--set", "close_departments=民政局"]
    plain = ["--rulebook", "chongqing", "--records", str(folder), "--period", "2012", "--out", "out", *settings]
    assert main(["grade", "placing", *plain]) == 0
    assert {row["subject"]: row["grade"] for row in rows(tmp_path / "out" / "grades.csv")} == {"D1": "设常设窗口", "D2": "暂不入驻"}


def test_a_period_that_has_not_begun_is_not_scored(year: Path, tmp_path: Path) -> None:
    assert main(asked("score", year, "window_month", "--period", "2026", "--now", "2026-03-10")) == 0
    assert {row["period"] for row in rows(tmp_path / "out" / "scores.csv")} == {"2026-01", "2026-02", "2026-03"}


def test_a_row_that_cannot_be_read_is_told_with_its_line_on_the_card_too(
    year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with (year / "events.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("打架,,W1,2026-01-20,,,,\nuntidy,,W1,一月,,,,\n")
    lines = (year / "events.csv").read_text(encoding="utf-8").count("\n")
    assert main(asked("score", year, "window_month", "--period", "2026-01", "--strict")) == 1
    out, _ = capsys.readouterr()
    assert f"events.csv:{lines}: on: '一月' is not a date" in out
    aside = rows(tmp_path / "out" / "set_aside.csv")
    assert [(row["file"], row["line"], row["field"]) for row in aside] == [
        ("events.csv", str(lines - 1), "kind"),
        ("events.csv", str(lines), "on"),
    ]
    card = next(row for row in rows(tmp_path / "out" / "scores.csv") if row["subject"] == "W1")
    assert f"row {lines} of events is set apart: on: '一月' is not a date" in card["remarks"]


def test_a_pause_that_cannot_be_read_leaves_open_what_rests_on_the_clock(year: Path, tmp_path: Path) -> None:
    write_year(year, due=False)
    book = tmp_path / "own.yaml"
    book.write_text(
        "rulebook: own\nextends: [standard]\nconventions: {first_day: excluded, roll: forward, ends: day, pause_days: neither}\n"
        "clocks:\n  promised: {about: cases, limit: promised_limit, starts: received_on, stops: closed_on, pauses: [hearing]}\n"
        "schemes:\n  late_month: {scores: window, period: month, total: 'count(cases, when=overdue)'}\n",
        encoding="utf-8",
    )
    asks = ["score", "--rulebook", str(book), "--records", str(year), "--period", "2026-04", "--now", "2026-12-31", "--out", "out"]
    late = {row["window"]: 0 for row in rows(year / "window.csv")} | {"W1": 1}  # C022 took six working days
    assert main(asks) == 0
    assert {row["subject"]: int(row["total"]) for row in rows(tmp_path / "out" / "scores.csv")} == late
    (year / "pauses.csv").write_text("case,kind,from,to\nC022,hearing,清明,2026-04-09\n", encoding="utf-8")
    assert main(asks) == 0
    assert {row["subject"]: (row["low"], row["high"]) for row in rows(tmp_path / "out" / "scores.csv")}["W1"] == ("0", "1")
    (year / "pauses.csv").rename(year / "pause.xlsx")
    assert main(asks) == 0
    assert {row["total"] for row in rows(tmp_path / "out" / "scores.csv")} == {""}  # it may hold a pause of any case


def test_columns_of_another_export_are_mapped(year: Path, tmp_path: Path) -> None:
    assert main(asked("score", year, "window_month", "--period", "2026-01", out="plain")) == 0
    text = (year / "events.csv").read_text(encoding="utf-8").replace("kind,", "种类,", 1).replace("untidy", "3")
    (year / "events.csv").write_text(text, encoding="utf-8")
    values = "{column: 种类, values: {3: untidy, fee_added: fee_added, irresponsible: irresponsible, late: late}}"
    (year / "mapping.yaml").write_text(f"events:\n  columns:\n    kind: {values}\n", encoding="utf-8")
    assert main(asked("score", year, "window_month", "--period", "2026-01", out="mapped")) == 0
    assert rows(tmp_path / "mapped" / "scores.csv") == rows(tmp_path / "plain" / "scores.csv")


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (["score", "window_mont", "--period", "2026"], 1, "kunshan has no scheme 'window_mont'; did you mean \"window_month\"?"),
        (["score", "staff_year", "--period", "2026-10"], 1, "staff_year goes by year, and 2026-10 is a month"),
        (["score", "window_month", "--period", "ever"], 1, "a round needs a period with an end"),
        (["score", "window_month", "--period", "2026-13"], 1, "'2026-13' is no period"),
        (["score", "window_month", "--period", "2026-01", "--subject", "W9"], 1, "no window 'W9' in the records"),
        (["grade", "red_flags", "--period", "2026"], 1, "kunshan has no decision 'red_flags'"),
        (["assess", "--period", "2026", "--subject", "nobody"], 1, "nothing is scored or graded of 'nobody'"),
        (["assess"], 2, "the following arguments are required: --period"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    more: list[str], code: int, said: str, year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main([more[0], *more[1:], *BOOK, "--records", str(year), "--out", "out"]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_files_of_others_stay_and_a_changed_page_is_not_lost(year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asks = [*asked("score", year, "window_month", "--period", "2026-01"), "--html"]
    assert main(asks) == 0
    page = tmp_path / "out" / "cards" / "window_month_2026-01_W1.html"
    (tmp_path / "out" / "cards" / "signed.pdf").write_text("scan", encoding="utf-8")
    assert main(asks) == 0  # over its own earlier result
    assert (tmp_path / "out" / "cards" / "signed.pdf").read_text(encoding="utf-8") == "scan"
    page.write_text("signed", encoding="utf-8")
    capsys.readouterr()
    assert main(asks) == 1
    assert "cards/window_month_2026-01_W1.html in the folder is not of an earlier result, or was changed since" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "signed"
    page.unlink()
    assert main([part for part in asks if part != "--html"]) == 0  # without pages: those of before go, the scan stays
    assert [one.name for one in (tmp_path / "out" / "cards").iterdir()] == ["signed.pdf"]


def test_results_of_another_command_and_the_records_are_left_alone(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--out", "out"]) == 0
    assert main(asked("assess", year, "--period", "2026-01")) == 1
    assert "the folder holds other things than an earlier result" in capsys.readouterr().err
    assert main(asked("assess", year, "--period", "2026-01", out=str(year))) == 1
    assert "results would stand among the records" in capsys.readouterr().err


def test_what_a_book_does_not_state_stops_no_other_step(year: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text(
        "rulebook: own\nextends: [standard]\nschemes:\n  fine: {scores: window, period: month, total: count(red)}\n"
        "  silent:\n    scores: window\n    period: month\n    parts:\n"
        "      p: {full: 1, items: [{id: i, for: red, points: -5}]}\n",
        encoding="utf-8",
    )
    (year / "events.csv").write_text("kind,window,on\nred,W1,2026-01-20\n", encoding="utf-8")
    plain = ["--rulebook", str(book), "--records", str(year), "--period", "2026-01", "--out", "out"]
    assert main(["assess", *plain]) == 1
    assert "not worked out: silent 2026-01: silent.parts.p depends on the convention part_floor" in capsys.readouterr().err
    assert {row["scheme"] for row in rows(tmp_path / "out" / "scores.csv")} == {"fine"}
    assert main(["score", "silent", *plain[:-1], "other"]) == 1
    assert not (tmp_path / "other").exists()
