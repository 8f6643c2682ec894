"""What a run writes: tables that spreadsheets open, a page that holds no script, and never over anything else."""

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.run import Run, run
from govservice.run.writing import FILES, check_folder

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def done(tmp_path: Path) -> Run:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "items.csv").write_text(
        f'事项编码,事项名称,实施部门,办件类型,承诺工作日数,法定工作日数,"{HOSTILE}"\n=1+1,{HOSTILE},@x,即办件,1,4,x\nI2,甲,乙,{HOSTILE},1,4,\n',
        encoding="utf-8",
    )
    (folder / "cases.csv").write_text("办件编号,收件日,材料补齐日,主件,附件缺件数\n-C1,2026-12-28,2026-12-28,已带,2\n", encoding="utf-8")
    book = load_rulebook("kunshan")
    return run(book, read_records(folder, book=book))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole_and_what_stands_in_records_stays_text(done: Run, tmp_path: Path, lang: str) -> None:
    done.write(tmp_path / "out", lang=lang)  # type: ignore[arg-type]
    page = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(page)
    assert not tags.open
    assert "script" not in tags.seen
    assert "&lt;script&gt;" in page
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert "75.0%" in page  # 1 of 4 days
    assert done.ran.digest in page


def test_tables_open_in_spreadsheets_and_run_nothing_there(done: Run, tmp_path: Path) -> None:
    paths = done.write(tmp_path / "out")
    assert [path.name for path in paths] == ["items.csv", "cases.csv", "clocks.csv", "set_aside.csv", "summary.html", "summary.json"]
    assert (tmp_path / "out" / "items.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out" / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        (item,) = csv.DictReader(file)
    assert (item["id"], item["department"], item["label"], item["promised_days"]) == ("'=1+1", "'@x", "即办件", "1")
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        (case,) = csv.DictReader(file)
    assert (case["id"], case["open"], case["due_on"]) == ("'-C1", "true", "")
    with (tmp_path / "out" / "set_aside.csv").open(encoding="utf-8-sig", newline="") as file:
        (aside,) = csv.DictReader(file)
    assert (aside["line"], aside["id"], aside["field"]) == ("3", "I2", "办件类型")
    assert json.loads(aside["row"])["办件类型"] == HOSTILE


def test_the_summary_says_the_same_in_json(done: Run, tmp_path: Path) -> None:
    done.write(tmp_path / "out")
    found = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert found.pop("made_by") == "govservice run"
    assert found == done.summary()
    assert found["unread"] == {"items": {HOSTILE: 1}}
    assert found["items"]["speed_up"]["compression"] == "0.750000"


def test_an_earlier_result_is_replaced_and_leaves_no_old_table(done: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done.write(out)
    (out / "applications.csv").write_text("of an earlier run", encoding="utf-8")
    (out / "my notes.txt").write_text("kept", encoding="utf-8")
    done.write(out)
    assert not (out / "applications.csv").exists()
    assert (out / "my notes.txt").read_text(encoding="utf-8") == "kept"
    assert {one.name for one in out.iterdir()} <= {*FILES, "my notes.txt"}  # no half-written file is left either


@pytest.mark.parametrize("held", ["summary.json", "letters.txt"])
def test_a_folder_with_other_things_is_not_written_into(done: Run, tmp_path: Path, held: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / held).write_text("[1]", encoding="utf-8")
    with pytest.raises(RecordError, match="the folder holds other things than an earlier result; name a new folder with --out"):
        done.write(out)
    assert [one.name for one in out.iterdir()] == [held]
    done.write(out, force=True)
    assert (out / "summary.html").exists()


def test_results_never_go_among_the_records_or_into_a_file(done: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(RecordError, match="results would stand among the records"):
        check_folder(tmp_path / "out" / ".." / "records", force=True, records=tmp_path / "records")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match="the results cannot be written"):
        done.write(tmp_path / "file", force=True)
