"""What a run writes: tables that spreadsheets open, a page that holds no script, and never over anything else."""

import csv
import json
import os
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.run import ApplicationResult, Run, run
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
    assert found.pop("files") == {
        name: sha256((tmp_path / "out" / name).read_bytes()).hexdigest()
        for name in FILES
        if name not in ("applications.csv", "summary.json")
    }
    assert list(found.pop("columns")) == ["items.csv", "cases.csv", "clocks.csv", "set_aside.csv"]
    assert found == done.summary()
    assert found["unread"] == {"items": {HOSTILE: 1}}
    assert found["items"]["speed_up"]["compression"] == "0.750000"


def test_an_earlier_result_is_replaced_and_leaves_no_old_table(done: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done.write(out)
    (out / "my notes.txt").write_text("kept", encoding="utf-8")
    (out / "letters").mkdir()
    (out / "letters" / "items.csv").write_text("kept", encoding="utf-8")
    (out / "applications.csv").write_text("mine", encoding="utf-8")
    replace(done, items=()).write(out)
    assert not (out / "items.csv").exists()
    assert (out / "my notes.txt").read_text(encoding="utf-8") == "kept"
    assert (out / "letters" / "items.csv").read_text(encoding="utf-8") == "kept"
    assert (out / "applications.csv").read_text(encoding="utf-8") == "mine"  # a run without applications has no table of them
    assert {one.name for one in out.iterdir()} <= {*FILES, "my notes.txt", "letters"}
    assert {one.name for one in tmp_path.iterdir()} == {"records", "out"}  # nothing half-written is left either


@pytest.mark.parametrize("held", FILES)
@pytest.mark.parametrize("how", ["own", "changed"])
def test_a_file_of_somebody_elses_is_never_replaced(done: Run, tmp_path: Path, held: str, how: str) -> None:
    out = tmp_path / "out"
    if how == "changed":
        done.write(out)
    else:
        out.mkdir()
    (out / held).write_text("[1]", encoding="utf-8")
    whole = replace(done, applications=(ApplicationResult("A1", None, done.cases[0].what),))
    with pytest.raises(RecordError, match=f"{held} in the folder is not of an earlier result, or was changed since; move it away"):
        whole.write(out, force=True)
    assert (out / held).read_text(encoding="utf-8") == "[1]"


def test_a_folder_with_other_things_is_not_written_into(done: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "letters.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(RecordError, match="the folder holds other things than an earlier result; name a new folder with --out"):
        done.write(out)
    assert [one.name for one in out.iterdir()] == ["letters.txt"]
    done.write(out, force=True)
    assert (out / "summary.html").exists()
    assert (out / "letters.txt").read_text(encoding="utf-8") == "kept"


def spellings(records: Path) -> dict[str, Path]:
    """Ways to write the folder of the records, and those above it."""
    root = records.parent
    (root / "link").symlink_to(records, target_is_directory=True)
    (root / "above").symlink_to(root, target_is_directory=True)
    (records / "within").mkdir(exist_ok=True)
    return {
        "itself": records,
        "with dots": root / "x" / ".." / "records" / "." / "within" / "..",
        "relative": Path(os.path.relpath(records)),
        "a link": root / "link",
        "through a link": root / "above" / "records",
        "the folder above": root,
        "a link to the folder above": root / "above",
    }


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize(
    "spelt", ["itself", "with dots", "relative", "a link", "through a link", "the folder above", "a link to the folder above"]
)
def test_results_never_replace_the_records_however_these_are_spelt(done: Run, tmp_path: Path, spelt: str, force: bool) -> None:
    records = tmp_path / "records"
    before = {file.name: file.read_bytes() for file in records.iterdir()}
    (tmp_path / "x").mkdir()
    folder = spellings(records)[spelt]
    with pytest.raises(RecordError, match="results would stand among the records"):
        done.write(folder, force=force)
    assert {file.name: file.read_bytes() for file in records.iterdir() if file.is_file()} == before


def test_results_may_have_a_folder_of_their_own_beside_the_records(done: Run, tmp_path: Path) -> None:
    own = tmp_path / "records" / "results"
    done.write(own)
    done.write(own)
    (own.parent / "older").mkdir()
    (own.parent / "older" / "notes.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(RecordError, match="results would stand among the records"):
        done.write(own.parent / "older", force=True)


def test_the_folder_one_stands_in_is_not_replaced_under_ones_feet(done: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "out" / "below")
    with pytest.raises(RecordError, match="results replace a folder whole, and this one cannot be replaced"):
        done.write(Path(".."), force=True)
    done.write(Path("results"))
    assert (tmp_path / "out" / "below" / "results" / "summary.json").exists()


def test_results_never_go_among_the_records_or_into_a_file(done: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(RecordError, match="results would stand among the records"):
        check_folder(tmp_path / "out" / ".." / "records", force=True, records=tmp_path / "records")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RecordError, match="the results cannot be written"):
        done.write(tmp_path / "file", force=True)
