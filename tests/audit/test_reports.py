"""Laws of reports: made again from their records they are the same, or what differs is named."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import china, load_rulebook, what_if
from govservice.audit import recorded, verify_report
from govservice.cli import main
from govservice.errors import GovServiceError, RecordError
from govservice.records import read_records
from govservice.rounds import assess
from govservice.run import run

SAMPLE = Path(__file__).parents[2] / "govservice" / "samples" / "kunshan"


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "cases.csv").write_text("办件编号,收件日,材料补齐日,承诺工作日数,窗口\nC1,2026-02-13,2026-02-13,5,W1\n", encoding="utf-8")
    (folder / "window.csv").write_text("窗口编号\nW1\n", encoding="utf-8")
    (folder / "events.csv").write_text("事件种类,发生日,窗口\ncomplaint,2026-02-16,W1\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_run_of_the_sample_is_the_same_again_in_either_language(lang: str, tmp_path: Path) -> None:
    run("kunshan", read_records(SAMPLE, book=load_rulebook("kunshan")), now=date(2026, 9, 1), on="2026-11-20").write(
        tmp_path / "out", lang=lang
    )
    found = verify_report(tmp_path / "out", SAMPLE)
    assert (found.verb, found.same, found.intact, found.reasons, found.differences) == ("run", True, True, (), ())


@pytest.mark.parametrize("pages", [False, True])
def test_a_round_is_the_same_again(records: Path, tmp_path: Path, pages: bool) -> None:
    assess("kunshan", records, period="2026-02").write(tmp_path / "out", pages=pages)
    found = verify_report(tmp_path / "out", records)
    assert (found.verb, found.same, found.intact, found.reasons) == ("assess", True, True, ())


def test_another_book_another_calendar_and_other_records_are_told(records: Path, tmp_path: Path) -> None:
    run("kunshan", read_records(records)).write(tmp_path / "out")
    stricter = load_rulebook("kunshan").amend({"settings.red_flags.value": 2})
    found = verify_report(tmp_path / "out", records, book=stricter)
    assert [reason.en.partition(" (")[0] for reason in found.reasons] == ["rulebook kunshan is another"]
    local = china().amend(rest_days=[date(2026, 2, 27)], source="本地通知")
    found = verify_report(tmp_path / "out", records, calendar=local)
    assert "the calendar is another" in found.reasons[0].en
    assert {change.path for change in found.differences} >= {"clocks.csv"}
    (records / "cases.csv").write_text("办件编号,收件日,材料补齐日,承诺工作日数\nC1,2026-02-13,2026-02-13,6\n", encoding="utf-8")
    assert not verify_report(tmp_path / "out", records).same


def test_a_frozen_book_makes_it_again_whatever_the_calendar_has_become(records: Path, tmp_path: Path) -> None:
    then = china().amend(rest_days=[date(2026, 2, 27)], source="本地通知")
    run("kunshan", read_records(records), calendar=then).write(tmp_path / "out")
    frozen = load_rulebook("kunshan").freeze(tmp_path / "kunshan.frozen.json", calendar=then)
    assert not verify_report(tmp_path / "out", records).same
    assert (verify_report(tmp_path / "out", records, book=frozen).same, verify_report(tmp_path / "out", records, book=frozen).reasons) == (
        True,
        (),
    )


def test_a_file_that_somebody_changed_is_told(records: Path, tmp_path: Path) -> None:
    run("kunshan", read_records(records)).write(tmp_path / "out")
    (tmp_path / "out" / "cases.csv").write_text("x", encoding="utf-8")
    found = verify_report(tmp_path / "out", records)
    assert (found.same, found.intact) == (True, False)


def test_settings_that_were_given_are_given_again(records: Path, tmp_path: Path) -> None:
    run(load_rulebook("kunshan", settings={"few_attachments": 2}), read_records(records)).write(tmp_path / "out")
    assert verify_report(tmp_path / "out", records).reasons == ()


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", '{"made_by": "x", "files": [], "rulebook": 1, "version": 1, "asked": 1}'):
        (tmp_path / "summary.json").write_text(text, encoding="utf-8")
        with pytest.raises(RecordError, match="no report"):
            verify_report(tmp_path, tmp_path)
    (tmp_path / "summary.json").write_text(
        '{"made_by": "x", "files": {"a": "b"}, "rulebook": {}, "version": "", "asked": {}}', encoding="utf-8"
    )
    with pytest.raises(RecordError, match="reports of 'x' are not made again"):
        verify_report(tmp_path, tmp_path)


def test_a_round_says_which_calendar_it_rests_on_and_another_is_told(records: Path, tmp_path: Path) -> None:
    book = load_rulebook("kunshan")
    read = read_records(records, book=book, assessed=True)
    assess(book, read, period="2026-02", schemes=["window_month"], decisions=[]).write(tmp_path / "out")
    told = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["calendar"]
    assert told == {"name": "CN", "digest": china().digest, "official_through": china().official_through.isoformat()}
    found = verify_report(tmp_path / "out", records, calendar=china(known_on=date(2025, 1, 1)))
    assert ["the calendar is another" in reason.en for reason in found.reasons] == [True]


@pytest.mark.parametrize("made", ["run", "assess"])
def test_whatever_was_taken_out_of_a_summary_or_put_into_it_is_told(made: str, records: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if made == "run":
        run("kunshan", read_records(records), now=date(2026, 9, 1)).write(out)
    else:
        book = load_rulebook("kunshan")
        assess(book, read_records(records, book=book, assessed=True), period="2026-02", schemes=["window_month"], decisions=[]).write(out)
    summary = out / "summary.json"
    written = json.loads(summary.read_text(encoding="utf-8"))
    places = [(), ("rulebook",), ("asked",), ("files",), ("calendar",), *((("steps", 0),) if made == "assess" else ())]
    for place in places:
        for name in _within(written, place):
            for value in (None, 7, "x", [], {}, {"y": 1}, _GONE):
                changed = json.loads(json.dumps(written))
                part = _within(changed, place)
                if value is _GONE:
                    del part[name]
                else:
                    part[name] = value
                summary.write_text(json.dumps(changed), encoding="utf-8")
                with suppress(GovServiceError):
                    verify_report(out, tmp_path / "nowhere")


_GONE = object()


def _within(told: Any, place: tuple[Any, ...]) -> Any:
    for key in place:
        told = told[key]
    return told


def test_the_command_asks_for_the_records(records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("kunshan", read_records(records)).write(tmp_path / "out")
    assert main(["verify", str(tmp_path / "out"), "--lang", "en"]) == 1
    assert "give their folder: --records DIR" in capsys.readouterr().out
    assert main(["verify", str(tmp_path / "out"), "--records", str(records), "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("run: the same answer\n")


def test_a_password_of_a_database_is_never_said(records: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("kunshan", read_records(records)).write(tmp_path / "out")
    main(["verify", str(tmp_path / "out"), "--records", "postgresql://clerk:s3cret@127.0.0.1:1/none", "--lang", "en"])
    said = capsys.readouterr()
    assert "s3cret" not in said.out + said.err
    with pytest.raises(RecordError, match="records in a database change") as caught:
        recorded(what_if, "kunshan", "kunshan", "postgresql://clerk:s3cret@127.0.0.1:1/none")
    assert "s3cret" not in str(caught.value)
