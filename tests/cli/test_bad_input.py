"""Bad input through the command: a clear error or a row set aside; never a traceback, a hang or a silent default."""

import os
from pathlib import Path

import pytest

from govservice.cli import main


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r").mkdir()


RUN = ["run", "--rulebook", "kunshan", "--records", "r"]


def told(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["due", "2026-02-30", "5个工作日"], "'2026-02-30' is not a date; there is no such day or time"),
        (["due", "", "5个工作日"], "'' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
        (["due", "2026-02-13", "5日"], "no limit in '5日'; working days or natural days is not said; write 工作日 or 自然日"),
        (["due", "1800-01-01", "5个工作日"], "1800-01-01 is outside the calendar CN; it covers 2004-01-01 to 2099-12-31"),
        (["due", "2026-02-13", "5个工作日", "--calendar", "XX"], "the holidays package knows no country 'XX'"),
        (["due", "2026-02-13", "5个工作日", "--calendar", "US", "--known-on", "2026-01-01"], "--known-on and --notice are about China's"),
        (["due", "2026-02-13", "5个工作日", "--notice", "none.yaml"], "none.yaml: the notice file cannot be read"),
        (["due", "2026-02-13 09:00", "2小时", "--hours", "25:00-26:00"], ""),
        (["calendar", "2200"], "2200-01-01 is outside the calendar CN"),
        (["calendar", "99999"], "a year is 1 to 9999"),
        (["calendar", "2026", "--html", "no/such/folder.html"], "no/such/folder.html: the file cannot be written"),
        (["run", "--rulebook", "nosuch"], "no --records: the shipped sample of kunshan\nno rulebook 'nosuch'"),
        (["run", "--set", "nosuch=1"], "no --records: the shipped sample of kunshan\nnosuch: kunshan has no setting 'nosuch'"),
        (["run", "--set", "few_attachments=两"], "no --records: the shipped sample of kunshan\nfew_attachments: few_attachments must be"),
        ([*RUN], "r: no records are in the folder"),
        (
            ["run", "--rulebook", "kunshan", "--records", "nosuch"],
            "nosuch: the folder of records cannot be read; No such file or directory",
        ),
        ([*RUN, "--mapping", "nosuch.yaml"], "nosuch.yaml: the file cannot be read; No such file or directory"),
        ([*RUN, "--out", "r"], "r: results would stand among the records; name another folder with --out"),
        (["check", "../../../etc/passwd"], "passwd: there is no such file"),
    ],
)
def test_a_slip_is_told_in_one_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert told(capsys, arguments).startswith(message)


DEEP = "{a: " * 200 + "1" + "}" * 200
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{after}: &{after} [{','.join([f'*{name}'] * 10)}]\n" for name, after in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"rulebook",
        b"rulebook: [",
        b"- 1\n- 2\n",
        b"rulebook: x\nextends: [x]\n",
        b"rulebook: x\nextends: [../../secret]\n",
        b"rulebook: x\ndecisions: {d: {about: application, hit: first, rules: [{when: __import__('os').system('x'), then: true}]}}\n",
        b"rulebook: x\ndecisions: {d: {about: application, hit: first, rules: [{when: d, then: true}]}}\n",
        DEEP.encode(),
        BOMB.encode(),
        b"rulebook: x\ntitle: " + b"x" * 6_000_000,
        b"rulebook: !!python/object/apply:os.system [x]\n",
    ],
    ids=["empty", "bytes", "scalar", "open", "list", "circle", "outside", "hostile", "own circle", "deep", "bomb", "huge", "tag"],
)
def test_a_broken_huge_deep_cyclic_or_hostile_rulebook_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "book.yaml").write_bytes(content)
    assert told(capsys, ["check", "book.yaml"]).startswith("book.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_pipes_links_and_folders_are_no_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "r" / "cases.csv")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    (tmp_path / "folder.yaml").mkdir()
    assert told(capsys, RUN) == "cases.csv: this is a pipe or a device, not a plain file; put the file itself into the folder\n"
    assert told(capsys, [*RUN, "--mapping", "zero.yaml"]).startswith("zero.yaml: this is a link")
    assert told(capsys, ["check", "zero.yaml"]).startswith("zero.yaml: ")
    assert told(capsys, ["check", "folder.yaml"]).startswith("folder.yaml: ")


def test_a_folder_with_other_things_is_kept_as_it_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "letters"
    out.mkdir()
    (out / "cases.csv").write_text("not ours", encoding="utf-8")
    assert "the folder holds other things than an earlier result" in told_run(capsys, ["run", "--out", "letters"])
    assert (out / "cases.csv").read_text(encoding="utf-8") == "not ours"
    assert "cases.csv in the folder is not of an earlier result" in told_run(capsys, ["run", "--out", "letters", "--force"])
    assert (out / "cases.csv").read_text(encoding="utf-8") == "not ours"
    (out / "cases.csv").rename(out / "mine.csv")
    assert main(["run", "--out", "letters", "--force"]) == 0
    assert (out / "mine.csv").read_text(encoding="utf-8") == "not ours"


def told_run(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> str:
    assert main(arguments) == 1
    return capsys.readouterr().err


def test_all_faults_of_a_mapping_are_told_and_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "r" / "items.csv").write_text("id\nA1\n", encoding="utf-8")
    (tmp_path / "r" / "mapping.yaml").write_text("items:\n  columns:\n    itm: id\n    case_typ: id\n", encoding="utf-8")
    assert told(capsys, RUN).splitlines() == [
        "r/mapping.yaml:3: items.columns.itm: items have no fact 'itm'; did you mean \"item\"?",
        "r/mapping.yaml:4: items.columns.case_typ: items have no fact 'case_typ'; did you mean \"case_type\"?",
        "2 faults",
    ]


def test_rows_of_every_wrong_kind_are_set_aside_and_the_rest_is_done(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good = "C{},2026-03-02,2026-03-02,5,是,1\n"
    bad = [
        "B1,2026-02-30,,5,是,1",
        "B2,1850-01-01,1850-01-01,5,是,1",
        "B3,2026-03-02,2026-03-02,NaN,是,1",
        "B4,2026-03-02,2026-03-02,5,大概,1",
        "B5,2026-03-02,2026-03-02,5,是,1.5",
        "B6,2026-03-02",
        ",2026-03-02,2026-03-02,5,是,1",
        "C1,2026-03-02,2026-03-02,5,是,1",
        "B7,,2026-03-02,5,是,1",
    ]
    header = "办件编号,收件日,材料补齐日,承诺工作日数,中心认定急办,审批部门数\n"
    text = header + good.format(1) + "".join(f"{row}\n" for row in bad) + good.format("２")
    (tmp_path / "r" / "cases.csv").write_text(text, encoding="gb18030")
    assert main([*RUN, "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert f"set aside: {len(bad)}\n" in out
    assert len((tmp_path / "out" / "set_aside.csv").read_text(encoding="utf-8").splitlines()) == len(bad) + 1
    assert len((tmp_path / "out" / "cases.csv").read_text(encoding="utf-8").splitlines()) == 3
