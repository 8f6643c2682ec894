"""Tables that a clerk fills in: nothing is lost on the way there and back, and what a spreadsheet spoils is told with its cell."""

import csv
import io
import random
import re
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

python_calamine = pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from govservice import load_rulebook  # noqa: E402
from govservice.cli import main  # noqa: E402
from govservice.errors import DecisionError, MissingPackage, RecordError, RulebookError  # noqa: E402
from govservice.exchange.sheet_tables import read_table  # noqa: E402
from govservice.exchange.sheets import _sheets, read_sheets, write_sheets  # noqa: E402
from govservice.reading.workbook import CellError, WorkbookSheet, read_csv_sheet, read_workbook  # noqa: E402
from govservice.rules import Rulebook, shipped_books  # noqa: E402

BOOK = """
rulebook: counter
title: 青石镇便民服务中心
conventions: {first_day: excluded, roll: forward, rest_day_same_day: next, part_floor: "0", part_overflow: capped, part_served: full}
settings: {large_from: {type: decimal, label: 大面积起点, value: 200}}
tables:
  application:
    kind: {type: choice, label: 店铺类型, values: {tea: 茶叶, food: 餐饮, book: 书店}}
    area: {type: decimal, label: 经营面积}
    floors: {type: integer, label: 层数}
    kitchen: {type: boolean, label: 有厨房}
    opened_on: {type: date, label: 开业日}
    owner: {type: text, label: 业主}
    opens: {type: time, label: 开门}
    leave: {type: limit, label: 时限}
    papers: {type: list, label: 材料}
events: {late: {label: 迟到}}
decisions:
  visit:
    label: 核查
    about: application
    hit: first
    let: {big: area >= large_from}
    outcomes: {visit: {type: choice, label: 核查方式, values: {on_site: 上门, on_paper: 书面}}, fee: integer, since: date, says: text}
    rules:
      - {id: kinds, when: 'kind in ["tea", "餐饮"] and floors >= 2 and not kitchen',
         then: {visit: on_site, fee: -3, says: "=owner"}, cite: 第5条}
      - {id: ranges, label: 中等, when: '50 <= area <= 100 and 2 <= floors < 5 and opened_on >= date("2026-03-01")',
         then: on_site, from: 2026-01-01}
      - {id: odd, when: '(kitchen or big) and owner != "甲" and opens < 08:20', then: {visit: on_paper, says: "@甲"}}
      - {id: limits, when: 'leave <= limit("5个工作日") and area > 大面积起点 and contains(papers, "图")', then: on_paper}
      - {then: {visit: on_paper, fee: 0, since: 2026-01-01, says: "-1"}, cite: 第6条}
    examples: [{given: {floors: 1}, then: open, on: 2026-02-01}]
  fast: {label: 快办, about: application, hit: any, when: kitchen, rules: [{id: a, when: floors == 1, then: true}], otherwise: false}
schemes:
  month:
    scores: staff
    period: month
    parts: {discipline: {full: 10, items: [{id: late, for: late, points: -1, cite: 第7条}]}}
    adjust: [{id: extra, for: late, points: "0.5 * 2", from: 2026-01-01}]
"""


@pytest.fixture
def book(tmp_path) -> Rulebook:
    (tmp_path / "counter.yaml").write_text(BOOK, encoding="utf-8")
    return load_rulebook(tmp_path / "counter.yaml")


def rows_of(book: Rulebook, folder: Path, id: str) -> list[list[str]]:
    """A table as CSV rows, to be changed as a clerk would."""
    path = folder / "written.csv"
    write_sheets(book, path, only=[id], over=True)
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def saved(rows: list[list[str]], folder: Path, encoding: str = "utf-8-sig") -> Path:
    path = folder / "填好.csv"
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def saved_workbook(rows: list[list], folder: Path, more=lambda *_: None) -> Path:
    path = folder / "填好.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        sheet = made.add_worksheet("核查")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, at, value, day)
                elif value != "":
                    sheet.write(number, at, value.removeprefix("'") if isinstance(value, str) else value)
        more(made, sheet)
    return path


def column(rows: list[list[str]], id: str) -> int:
    return next(row for row in rows if row[0] == "id").index(id)


def row(rows: list[list[str]], id: str) -> list[str]:
    return next(row for row in rows if row[0] == id)


def faults(path: Path, book: Rulebook) -> list[tuple[str, str]]:
    with pytest.raises(RulebookError) as refused:
        read_sheets(path).amend(book)
    return [(fault.id, fault.what.zh) for fault in refused.value.faults]


# there and back


@pytest.mark.parametrize("id", shipped_books())
def test_every_table_of_a_shipped_book_reads_back_as_it_was(tmp_path, id):
    shipped = load_rulebook(id)
    ids = write_sheets(shipped, tmp_path / "all.xlsx", inherited=True)
    assert set(shipped.decisions) <= set(ids)
    sheets = read_sheets(tmp_path / "all.xlsx")
    assert dict(sheets.changes(shipped)) == {}
    assert sheets.amend(shipped).digest == shipped.digest
    assert sheets.is_of(shipped)


def test_a_decision_read_into_a_book_without_it_decides_the_same(book, tmp_path):
    """What the table says alone, no word of the author's kept, is proved equal."""
    write_sheets(book, tmp_path / "visit.xlsx", only=["visit", "fast"])
    sheets = read_sheets(tmp_path / "visit.xlsx")
    rules = {id: list(node["rules"].values()) for id, node in sheets.decisions.items()}
    again = book.amend({f"decisions.{id}.rules": listed for id, listed in rules.items()}).on("2026-05-01")
    compared = book.on("2026-05-01").compare(again)
    assert compared.relation["visit"] == compared.relation["fast"] == "equal"
    assert again.digest != book.on("2026-05-01").digest  # it was put together anew


def test_cells_say_what_a_clerk_would_write(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    said = {
        rule: {name: row(rows, rule)[column(rows, name)] for name in rows[4] if row(rows, rule)[column(rows, name)]}
        for rule in ("kinds", "ranges", "odd", "limits")
    }
    assert rows[3][:3] == ["编号", "名称", "店铺类型"]
    assert said["kinds"] == {
        "id": "kinds",
        "if kind": "茶叶、餐饮",
        "if floors": "≥ 2",
        "if kitchen": "否",
        "then visit": "上门",
        "then fee": "-3",
        "then says": "'=owner",
        "cite": "第5条",
    }
    assert said["ranges"]["if area"] == "50..100"
    assert said["ranges"]["if floors"] == "≥ 2 且 ＜ 5"
    assert said["ranges"]["if opened_on"] == "≥ 2026-03-01"
    assert (said["odd"]["if owner"], said["odd"]["if opens"], said["odd"]["when"]) == ("≠ 甲", "＜ 08:20", "(kitchen or big)")
    assert (said["limits"]["if leave"], said["limits"]["if area"], said["limits"]["when"]) == (
        "≤ 5个工作日",
        "＞ 大面积起点",
        'contains(papers, "图")',
    )


VALUES = {"kind": ["tea", "food", "book"], "floors": [0, 1, 2, 7], "area": ["0.5", "12", "99.95"]}


@st.composite
def conditions(draw) -> str:
    def part() -> str:
        name = draw(st.sampled_from(["kind", "floors", "area", "kitchen", "opened_on", "owner", "big"]))
        match name:
            case "kind":
                listed = draw(st.lists(st.sampled_from(VALUES["kind"]), min_size=1, max_size=3, unique=True))
                texts = ", ".join(f'"{value}"' for value in listed)
                return draw(
                    st.sampled_from([f'kind == "{listed[0]}"', f'kind != "{listed[0]}"', f"kind in [{texts}]", f"kind not in [{texts}]"])
                )
            case "floors" | "area":
                low, high = draw(st.sampled_from(VALUES[name])), draw(st.sampled_from(VALUES[name]))
                op = draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
                return draw(
                    st.sampled_from(
                        [
                            f"{name} {op} {low}",
                            f"{low} {op} {name}",
                            f"{low} <= {name} <= {high}",
                            f"{low} < {name} < {high}",
                            f"{name} > large_from",
                            f"{name} in [{low}, {high}]",
                        ]
                    )
                )
            case "opened_on":
                return f'opened_on {draw(st.sampled_from(["<", ">=", "=="]))} date("2026-0{draw(st.integers(1, 9))}-01")'
            case "owner":
                text = draw(st.text("甲乙=+-@≥、, '3.且…", max_size=4))
                return f'owner {draw(st.sampled_from(["==", "!="]))} "{text}"'
            case _:
                return draw(st.sampled_from([name, f"not {name}", f"({name} or floors == 1)", f"known({name})" if name != "big" else name]))

    return " and ".join(part() for _ in range(draw(st.integers(1, 5))))


@given(rules=st.lists(conditions(), min_size=1, max_size=4), ending=st.sampled_from([".xlsx", ".csv"]))
@settings(max_examples=60, deadline=None)
def test_drawn_rules_read_back_as_they_were(tmp_path_factory, rules, ending):
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "counter.yaml").write_text(BOOK, encoding="utf-8")
    listed = [
        {"id": f"r{number}", "when": when, "then": {"visit": "on_site", "says": random.choice(["=owner", "'a", "+1", "x"])}}
        for number, when in enumerate(rules)
    ]
    book = load_rulebook(folder / "counter.yaml").amend({"decisions.visit.rules": listed})
    write_sheets(book, folder / f"t{ending}", only=["visit"])
    sheets = read_sheets(folder / f"t{ending}")
    assert sheets.amend(book).digest == book.digest
    alone = book.amend({"decisions.visit.rules": list(sheets.decisions["visit"]["rules"].values())})
    compared = book.compare(alone)
    assert compared.relation["visit"] in ("equal", "not analysed")
    assert not [*compared.changes]
    assert {one.key for one in compared.changes.listed} <= {"when"}  # the parts of a condition may come back in another order


def test_what_was_changed_is_told_place_by_place(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    row(rows, "kinds")[column(rows, "if floors")] = "＞＝３"
    row(rows, "ranges")[column(rows, "label")] = ""
    sheets = read_sheets(saved(rows, tmp_path))
    changes = dict(sheets.changes(book))
    assert list(changes) == ["decisions.visit.rules.kinds.when", "decisions.visit.rules.ranges.label"]
    assert changes["decisions.visit.rules.kinds.when"] == 'kind in ["茶叶", "餐饮"] and floors >= 3 and not kitchen'
    assert sheets.amend(book).digest == book.amend(changes).digest
    (tmp_path / "改动.yaml").write_text(sheets.yaml(book, "counter.yaml"), encoding="utf-8")
    assert load_rulebook(tmp_path / "改动.yaml").digest == sheets.amend(book).digest


def test_a_rule_more_a_rule_less_and_another_order(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    at, last = rows.index(row(rows, "kinds")), rows.index(row(rows, "odd"))
    rows[at], rows[last] = rows[last], rows[at]
    rows.remove(row(rows, "limits"))
    new = [""] * len(rows[0])
    new[0], new[column(rows, "if kind")], new[column(rows, "then visit")] = "新", "书店", "书面"
    rows.append(new)
    sheets = read_sheets(saved(rows, tmp_path))
    amended = sheets.amend(book)
    assert [rule.id for rule in amended.decisions["visit"].rules] == ["odd", "ranges", "kinds", "4", "新"]
    assert amended.written["decisions"]["visit"]["examples"] == book.written["decisions"]["visit"]["examples"]
    (tmp_path / "改动.yaml").write_text(sheets.yaml(book, "counter.yaml"), encoding="utf-8")
    assert load_rulebook(tmp_path / "改动.yaml").digest == amended.digest


def test_items_are_read_back_and_changed(book, tmp_path):
    rows = rows_of(book, tmp_path, "month")
    assert [row[:2] for row in rows[4:]] == [["late", "discipline"], ["extra", "adjust"]]
    row(rows, "late")[column(rows, "points")] = "-2"
    row(rows, "extra")[column(rows, "part")] = "discipline"
    sheets = read_sheets(saved(rows, tmp_path))
    amended = sheets.amend(book)
    assert [(item.id, item.text) for item in amended.contents.schemes["month"].items] == [("late", "-2"), ("extra", "0.5 * 2")]
    (tmp_path / "改动.yaml").write_text(sheets.yaml(book, "counter.yaml"), encoding="utf-8")
    assert load_rulebook(tmp_path / "改动.yaml").digest == amended.digest


# what spreadsheets do


def test_values_as_a_spreadsheet_saves_them_mean_what_they_show(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    kinds = row(rows, "kinds")
    for name, value in {
        "if kitchen": False,
        "if floors": 3.0,
        "if opened_on": datetime(2026, 3, 1),
        "if kind": " 书店 ",
        "if owner": "张 三",
    }.items():
        kinds[column(rows, name)] = value
    rows.append([""] * len(rows[0]))
    rows.append(["　"] * 3)
    when = read_sheets(saved_workbook(rows, tmp_path)).decisions["visit"]["rules"]["kinds"]["when"]
    assert sorted(when.split(" and ")) == [
        "floors == 3",
        'kind == "书店"',
        "not kitchen",
        'opened_on == date("2026-03-01")',
        'owner == "张 三"',
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_each_encoding(book, tmp_path, encoding):
    assert read_sheets(saved(rows_of(book, tmp_path, "visit"), tmp_path, encoding)).amend(book).digest == book.digest


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("if floors", "两层", "'两层' 不是数"),
        ("if floors", "≥", "“≥”不是比较"),
        ("if opened_on", 46112, "这里要写日期，而这是数 46112"),
        ("if kitchen", "也许", "'也许' 不是“是”或“否”"),
        ("if kind", "糖果", "糖果"),
        ("if kind", "茶叶、", "顿号之间缺一个值"),
        ("when", "flors > 3", "没有“flors”这个事实"),
        ("then visit", "电话", "电话"),
        ("then fee", "3.5", "'3.5' 不是整数"),
        ("cite", datetime(2026, 3, 1), "2026-03-01 不是文字"),
        ("from", "明天", "明天"),
    ],
)
def test_a_wrong_cell_is_named(book, tmp_path, name, value, said):
    rows = rows_of(book, tmp_path, "visit")
    at = column(rows, name)
    row(rows, "kinds")[at] = value
    number = rows.index(row(rows, "kinds")) + 1
    path = saved_workbook(rows, tmp_path)
    found = faults(path, book)
    assert [place for place, _ in found] == [f"核查!{chr(65 + at)}{number}"]
    assert said in found[0][1]


def test_all_faults_of_a_workbook_are_told_at_once(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    row(rows, "kinds")[column(rows, "if floors")] = "两层"
    row(rows, "odd")[column(rows, "then visit")] = row(rows, "odd")[column(rows, "then says")] = ""
    row(rows, "limits")[0] = "kinds"
    found = faults(saved_workbook(rows, tmp_path), book)
    assert [said for _, said in found] == ["'两层' 不是数", "这条规则没有结果", "编号“kinds”在第 7 行已经有了"]


def test_errors_formulas_and_merged_cells(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    number, at = rows.index(row(rows, "kinds")), column(rows, "if floors")

    def formula(_made, sheet):
        sheet.write_formula(number, at, "=1+2", None, 3)

    assert "floors == 3" in read_sheets(saved_workbook(rows, tmp_path, formula)).decisions["visit"]["rules"]["kinds"]["when"]

    def error(_made, sheet):
        sheet.write_formula(number, at, "=owner", None, "#NAME?")

    assert [said for _, said in faults(saved_workbook(rows, tmp_path, error), book)] == ["单元格是错误值 #NAME?"]

    def merged(made, sheet):
        sheet.merge_range(number, at, number + 1, at, "≥ 2")

    assert "合并的单元格" in faults(saved_workbook(rows, tmp_path, merged), book)[0][1]


def test_headers_twice_unknown_nameless_or_gone(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    ids = rows[4]
    rows[4] = [*ids[:-1], "cite"]
    assert "已经有了" in faults(saved_workbook(rows, tmp_path), book)[0][1]
    rows[4] = [*ids[:-1], "colour"]
    assert faults(saved_workbook(rows, tmp_path), book)[0][1] == "没有“colour”这样的列"
    rows[4] = ["id", *ids[1:-1], ""]
    assert faults(saved_workbook(rows, tmp_path), book)[0][1] == "这一列没有编号"
    rows[4] = ["", *ids[1:]]
    assert faults(saved_workbook(rows, tmp_path), book)[0][1] == "列的编号那一行不见了"


def test_a_stray_workbook_is_never_taken_for_rules(book, tmp_path):
    assert faults(saved_workbook([["编号", "主件"], ["1", "已带"]], tmp_path), book)[0][1] == "没有一张工作表有规则表的标记"
    rows = rows_of(book, tmp_path, "visit")
    sheets = read_sheets(saved_workbook(rows, tmp_path, lambda made, _: made.add_worksheet("草稿").write(0, 0, "x")))
    assert sheets.ignored == ("草稿",)
    rows[0][0] = "govservice:decision 2"
    assert faults(saved_workbook(rows, tmp_path), book)[0][1] == "这是第 2 版的表，只认到第 1 版"


def test_rules_on_a_hidden_sheet_are_refused(book, tmp_path):
    def hidden(made, sheet):
        made.add_worksheet("看得见").activate()
        sheet.hide()

    assert faults(saved_workbook(rows_of(book, tmp_path, "visit"), tmp_path, hidden), book)[0] == ("核查!A1", "规则在隐藏的工作表里")


def test_no_text_is_run_by_a_spreadsheet(book, tmp_path):
    cells = [cell for row in rows_of(book, tmp_path, "visit") for cell in row]
    assert "'=owner" in cells
    assert "'@甲" in cells
    assert "'-1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-")) and not re.fullmatch(r"-?\d+", cell)] == []
    write_sheets(book, tmp_path / "t.xlsx", only=["visit"])
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name)
        assert b'quotePrefix="1"' in archive.read("xl/styles.xml")


def test_the_workbook_helps_the_clerk(book, tmp_path):
    write_sheets(book, tmp_path / "t.xlsx")
    sheets = read_workbook(tmp_path / "t.xlsx")
    assert [sheet.name for sheet in sheets] == ["说明", "核查", "快办", "month", "选项"]
    assert sheets[0].rows[0][:2] == ("govservice:rulebook 1", "青石镇便民服务中心")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as archive:
        drawn = archive.read("xl/worksheets/sheet2.xml").decode()
        assert '<dataValidation type="list"' in drawn
        assert "'选项'!$A$2:$A$" in drawn.replace("&apos;", "'")
        assert '<pane xSplit="1" ySplit="6"' in drawn
        assert b"govservice_rulebook" in archive.read("xl/workbook.xml")
        assert "空着：不论" in archive.read("xl/comments1.xml").decode()


ODD = (
    None, True, 3, -1, Decimal("0.5"), "", "x", "≥", "3..", "、", "a.b", "if x", "then x", "id", "let.a", "quota.share", "=", "＝",
    '"', "a\"b'c", ") or (",
    "且", date(2026, 1, 1), datetime(2026, 1, 1, 8, 30), CellError("#N/A"), "选项", "govservice:items 1", "x = y", "属性 has",
    "x" * 5_000, "\x00",
    "\ud800", "adjust", "茶叶,书店", "5日", "１e5",
)  # fmt: skip


@given(
    changes=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 20), st.sampled_from(ODD)), min_size=1, max_size=4),
    table=st.integers(0, 2),
)
@settings(max_examples=80, deadline=None)
def test_whatever_stands_in_a_cell_is_a_change_or_a_fault(tmp_path_factory, changes, table):
    folder = tmp_path_factory.mktemp("odd")
    (folder / "counter.yaml").write_text(BOOK, encoding="utf-8")
    book = load_rulebook(folder / "counter.yaml")
    path = folder / "t.csv"
    write_sheets(book, path, only=[["visit", "fast", "month"][table]])
    rows = [list(cells) for cells in read_csv_sheet(path).rows]
    for number, at, value in changes:
        if number < len(rows) and at < len(rows[0]):
            rows[number][at] = value
    with suppress(RulebookError):
        read = read_table(WorkbookSheet("核查", tuple(map(tuple, rows))), "t.csv")
        if read is not None and not read.faults:
            sheets = _sheets("t.csv", [read], ())
            (folder / "改动.yaml").write_text(sheets.yaml(book, "counter.yaml"), encoding="utf-8")
            assert not sheets.changes(book) or load_rulebook(folder / "改动.yaml").digest == sheets.amend(book).digest


def test_an_id_with_a_point_is_refused_at_its_cell(book, tmp_path):
    rows = rows_of(book, tmp_path, "visit")
    row(rows, "kinds")[0] = "a.b"
    rows[6][column(rows, "if floors")] = "> nothing_such"
    assert faults(saved(rows, tmp_path), book) != []


# what is refused


def test_what_no_table_says_is_refused_by_name(book, tmp_path):
    blank = book.amend({"decisions.fast.rules.a.cite": " 第5条"})
    with pytest.raises(DecisionError) as refused:
        write_sheets(blank, tmp_path / "t.xlsx")
    assert refused.value.id == "fast"
    assert not (tmp_path / "t.xlsx").exists()
    with pytest.raises(RecordError, match="a text that no cell can hold"):
        write_sheets(book.amend({"decisions.fast.rules.a.cite": "x" * 40_000}), tmp_path / "t.xlsx")
    with pytest.raises(DecisionError, match="no decision"):
        write_sheets(book, tmp_path / "t.xlsx", only=["vist"])
    with pytest.raises(DecisionError, match="a CSV file holds one table"):
        write_sheets(book, tmp_path / "t.csv")
    with pytest.raises(DecisionError, match="neither"):
        write_sheets(book, tmp_path / "t.ods")


def test_a_file_is_not_written_over_unasked(book, tmp_path):
    write_sheets(book, tmp_path / "t.xlsx")
    with pytest.raises(RecordError, match="the file is there already"):
        write_sheets(book, tmp_path / "t.xlsx")
    write_sheets(book, tmp_path / "t.xlsx", over=True)


def test_without_the_package_one_is_told_what_to_install(book, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingPackage) as missing:
        write_sheets(book, tmp_path / "t.xlsx")
    assert missing.value.text("zh").startswith("写工作簿需要 xlsxwriter；pip install")


# the command


def test_the_command_writes_and_reads(book, tmp_path, capsys):
    source, table = str(tmp_path / "counter.yaml"), str(tmp_path / "规则.xlsx")
    assert main(["sheets", source, "--out", table, "--lang", "zh"]) == 0
    assert "有 3 张表：核查方式（visit）、快办（fast）、month" in capsys.readouterr().out
    assert main(["sheets", source, "--read", table, "--lang", "zh"]) == 0
    assert "表格没有改动" in capsys.readouterr().err
    rows = rows_of(book, tmp_path, "visit")
    row(rows, "kinds")[column(rows, "if floors")] = "≥ 3"
    filled = str(saved(rows, tmp_path))
    assert main(["sheets", source, "--read", filled, "--out", str(tmp_path / "改动.yaml"), "--lang", "zh"]) == 0
    assert "改了 1 处：decisions.visit.rules.kinds.when" in capsys.readouterr().err
    assert load_rulebook(tmp_path / "改动.yaml").digest == read_sheets(filled).amend(book).digest
    (tmp_path / "counter.yaml").write_text(BOOK.replace("第5条", "第8条"), encoding="utf-8")
    assert main(["sheets", source, "--read", filled, "--lang", "zh"]) == 1
    assert "表格是从规则册的另一个样子写出的" in capsys.readouterr().err
    assert main(["sheets", source, "--lang", "zh"]) == 1
    assert "没有说明写到哪里" in capsys.readouterr().err


def test_a_workbook_holds_no_clock_of_the_machine(book: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_sheets(book, path)
    with zipfile.ZipFile(path) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall("[0-9]{4}-[0-9]{2}-[0-9]{2}T[^<]*", core)) == {"1980-01-01T00:00:00Z"}
