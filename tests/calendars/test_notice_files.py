"""Reading notice files: the good ones as they stand, the bad ones with the whole message."""

from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree

import pytest

from govservice import china
from govservice.calendars import CalendarNotice, national, notice
from govservice.errors import CalendarError

NEXT = china().official_through.year + 1  # the first year without a notice
MAKEUP = date(NEXT - 1, 12, 31) - timedelta((date(NEXT - 1, 12, 31).weekday() - 5) % 7)  # the last Saturday of the December before
GOOD = f"""\
number: 国办发明电〔{NEXT - 1}〕8号
issued_on: {NEXT - 1}-11-05
year: {NEXT}
rest_days:
  元旦: {NEXT}-01-01 to {NEXT}-01-03
  春节: [{NEXT}-02-05 to {NEXT}-02-11, {NEXT}-02-12]
makeup_workdays:
  元旦: {MAKEUP}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "2027.yaml"


def test_a_new_notice_takes_effect_without_a_release(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    calendar = china(notices=[file])
    assert calendar.official_through == date(NEXT, 12, 31)
    assert calendar.day(MAKEUP).kind == "makeup_workday"
    assert calendar.day(date(NEXT, 2, 12)).source == f"国办发明电〔{NEXT - 1}〕8号"
    assert calendar.day(date(NEXT, 2, 15)).official
    assert not china().day(date(NEXT, 2, 15)).official
    assert china(notices=[str(file)]) == calendar
    assert china(notices=[file], known_on=date(NEXT - 1, 11, 4)).day(MAKEUP).kind == "weekend"


def test_a_file_in_the_folder_is_all_that_a_new_notice_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that carries the notice says what this one says where it is given, and the same as before of a day before its issue."""
    with as_file(files("govservice.calendars") / "notices") as folder:
        copytree(folder, tmp_path / "notices")
    (tmp_path / "notices" / f"{NEXT}.yaml").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(notice, "files", lambda _: tmp_path)
    carried = notice.shipped_notices.__wrapped__()
    monkeypatch.setattr(national, "shipped_notices", lambda: carried)
    released = national._china.__wrapped__
    assert released(None, (), False) == china(notices=[tmp_path / "notices" / f"{NEXT}.yaml"]) != china()
    assert released(date(2026, 6, 1), (), False) == china(known_on=date(2026, 6, 1))


def test_a_byte_order_mark_and_chinese_ranges_are_read(file: Path) -> None:
    file.write_text(GOOD.replace(" to ", " 至 "), encoding="utf-8-sig")
    assert china(notices=[file]).day(date(NEXT, 1, 2)).name == "元旦"


@pytest.mark.parametrize("empty", ["", "\n\n", "# not announced yet\n"])
def test_an_empty_file_means_not_announced(file: Path, empty: str) -> None:
    file.write_text(empty, encoding="utf-8")
    calendar = china(notices=[file])
    assert calendar == china()
    assert not calendar.day(date(NEXT, 1, 1)).official


def test_an_amendment_makes_rest_workdays_and_ordinary_days(file: Path) -> None:
    file.write_text(
        "number: 9号\nissued_on: 2026-03-01\nyear: 2026\namends: 国办发明电〔2025〕7号\nmakeup_workdays:\n  国庆节: 2026-10-11\n"
        "ordinary_days: [2026-10-07, 2026-10-10]\n",
        encoding="utf-8",
    )
    before, after = china(notices=[file], known_on=date(2026, 2, 28)), china(notices=[file])
    assert [before.is_workday(date(2026, 10, day)) for day in (7, 10, 11)] == [False, True, False]
    assert [after.is_workday(date(2026, 10, day)) for day in (7, 10, 11)] == [True, False, True]
    back = after.day(date(2026, 10, 7))
    assert (back.kind, back.name, back.source) == ("workday", None, "国办发明电〔2025〕7号; 9号")


def test_the_same_notice_given_twice_is_one_and_a_different_text_is_refused(file: Path) -> None:
    file.write_text(GOOD, encoding="utf-8")
    notice = CalendarNotice.read(file)
    assert notice is not None
    assert china(notices=[file, notice]) == china(notices=[file])
    assert CalendarNotice.from_dict(notice.to_dict()).digest == notice.digest
    other = CalendarNotice(year=NEXT, number=notice.number, issued_on=notice.issued_on)
    with pytest.raises(CalendarError) as refused:
        china(notices=[file, other])
    assert str(refused.value) == f"国办发明电〔{NEXT - 1}〕8号: two files of this notice say different things; keep the right one"


def test_a_second_notice_of_a_year_must_say_that_it_amends_the_first() -> None:
    with pytest.raises(CalendarError) as refused:
        china(notices=[CalendarNotice(year=2026, number="9号", issued_on=date(2026, 3, 1))])
    assert str(refused.value) == (
        "9号: the year 2026 has a notice already: 国办发明电〔2025〕7号; if it changes that one, add amends: 国办发明电〔2025〕7号"
    )
    with pytest.raises(CalendarError) as refused:
        china(notices=[CalendarNotice(year=2026, number="9号", issued_on=date(2026, 3, 1), amends="8号")])
    assert str(refused.value) == "9号: it amends 8号, which is no notice of 2026; check the number under amends:"


HEAD = "number: 8号\nissued_on: 2026-11-05\nyear: 2027\n"
KEYS = "number, title, issued_on, inferred, year, amends, rest_days, makeup_workdays, ordinary_days"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "number: [\n",
            "2027.yaml:2: this is no YAML: did not find expected node content; close the bracket, or quote a text that begins with a sign",
        ),
        ("- a\n", f"2027.yaml:1: a notice file is a list of `key: value` lines; its keys are {KEYS}"),
        ("issued_on: 2026-11-05\nyear: 2027\n", "2027.yaml:1: a notice needs its number; add number:, or title: where it has none"),
        ("number: 8号\nyear: 2027\n", "2027.yaml:1: a notice needs its day of issue; add issued_on:, such as issued_on: 2026-11-04"),
        ("number: 8号\nissued_on: 2026-11-05\n", "2027.yaml:1: a notice needs its year; add year:, such as year: 2027"),
        (HEAD + "restdays:\n", "2027.yaml:4: unknown key 'restdays'; did you mean rest_days?"),
        (HEAD + "colour: red\n", f"2027.yaml:4: unknown key 'colour'; the keys are {KEYS}"),
        (HEAD + "year: 2027\n", "2027.yaml:4: the key year stands twice"),
        (HEAD + "inferred: yes\n", "2027.yaml:4: inferred: true or false is needed"),
        (HEAD.replace("2027", "27"), "2027.yaml:3: year: '27' is no year; write it as 2027"),
        (
            HEAD + "rest_days: 2027-01-01\n",
            "2027.yaml:4: rest_days: days are listed under the name of their holiday; such as 元旦: 2026-01-01 to 2026-01-03",
        ),
        (HEAD + "rest_days:\n  元旦: 2027-02-30\n", "2027.yaml:5: rest_days: there is no day 2027-02-30"),
        (HEAD + "rest_days:\n  元旦: 1月1日\n", "2027.yaml:5: rest_days: '1月1日' is no date; write it as 2026-02-14"),
        (HEAD + "rest_days:\n  元旦: [[2027-01-01]]\n", "2027.yaml:5: rest_days: a date is needed; write it as 2026-02-14"),
        (
            HEAD + "rest_days:\n  元旦: 2027-01-03 to 2027-01-01\n",
            "2027.yaml:5: rest_days: 2027-01-03 to 2027-01-01 is no run of days; check both dates",
        ),
        (
            HEAD + "rest_days:\n  元旦: 2028-01-01\n",
            "2027.yaml:5: 2028-01-01 is outside the year 2027 of the notice; a notice names days of its year and of December before it",
        ),
        (
            HEAD + "makeup_workdays:\n  元旦: 2027-01-04\n",
            "2027.yaml:5: 2027-01-04 is a Monday: a make-up workday falls on a Saturday or Sunday; "
            "check the date; a cancelled rest day is an ordinary day of an amendment",
        ),
        (
            HEAD + "rest_days:\n  元旦: 2027-01-02\nmakeup_workdays:\n  元旦: 2027-01-02\n",
            "2027.yaml:7: 2027-01-02 stands in both rest_days and makeup_workdays; a day is one or the other",
        ),
        (HEAD + "rest_days:\n  元旦: 2027-01-01\n  春节: 2027-01-01\n", "2027.yaml:6: 2027-01-01 stands twice in rest_days; leave one out"),
        (
            HEAD + "ordinary_days: 2027-01-04\n",
            "2027.yaml:4: only an amendment makes a day ordinary again; add amends: with the number of the notice that it changes",
        ),
        (
            "titel: x\nissued_on: soon\nyear: 2027\n",
            "2027.yaml:1: unknown key 'titel'; did you mean title?\n"
            "2027.yaml:1: a notice needs its number; add number:, or title: where it has none\n"
            "2027.yaml:2: issued_on: 'soon' is no date; write it as 2026-02-14",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_line(file: Path, text: str, message: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError) as refused:
        china(notices=[file])
    assert str(refused.value) == message
    assert refused.value.text("zh") != message


def test_unreadable_files_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CalendarError) as refused:
        china(notices=[file])
    assert str(refused.value) == "2027.yaml: the notice file cannot be read: No such file or directory"
    with pytest.raises(CalendarError, match="the notice file cannot be read"):
        china(notices=[tmp_path])
    file.write_bytes("年".encode("gb18030"))
    with pytest.raises(CalendarError) as refused:
        china(notices=[file])
    assert str(refused.value) == "2027.yaml:1: the notice file is not UTF-8 text; save it as UTF-8"
    file.write_bytes(b"#" * 200_000)
    with pytest.raises(CalendarError) as refused:
        china(notices=[file])
    assert str(refused.value) == "2027.yaml:1: a notice file of more than 100,000 bytes is no notice"
    with pytest.raises(CalendarError, match="notices is a list of files"):
        china(notices=file)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["[" * 50_000, "a: &a [*a]\n", "{" * 3_000, "? [a]\n: b\n", "\x00", "!!python/object:os.system x\n"])
def test_hostile_files_end_in_an_error(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError, match=r"2027\.yaml"):
        china(notices=[file])


def test_a_notice_made_in_python_is_checked_too() -> None:
    day = date(2027, 1, 2)
    with pytest.raises(CalendarError, match="stands in both rest_days and makeup_workdays"):
        CalendarNotice(year=2027, number="8号", issued_on=date(2026, 11, 5), rest_days=((day, "元旦"),), makeup_workdays=((day, "元旦"),))
