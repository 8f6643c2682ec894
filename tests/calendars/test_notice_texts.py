"""Notices in the State Council's own words: each year's days, and everything that is refused rather than guessed."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from govservice import china
from govservice.calendars import CalendarNotice, read_notice_text
from govservice.calendars.notice import shipped_notices
from govservice.calendars.notice_clauses import read_clause
from govservice.calendars.notice_words import BadWords
from govservice.cli import main
from govservice.errors import CalendarError

from ..beside import DATA

TEXT = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。
国务院办公厅
2025年11月4日
"""
SHIPPED = next(notice for notice in shipped_notices() if notice.year == 2026)
AMENDED = """国务院办公厅关于调整2026年劳动节假期安排的通知
国办发明电〔2026〕9号
经国务院批准，现将调整2026年劳动节放假安排通知如下。
一、2026年5月1日至4日放假调休，共4天。
国务院办公厅
2026年3月20日
"""


def refusal(text: str, **given: object) -> str:
    with pytest.raises(CalendarError) as refused:
        read_notice_text(text, **given)  # type: ignore[arg-type]
    return refused.value.text("en")


def test_the_words_of_a_notice_give_the_days_of_its_file() -> None:
    assert read_notice_text(TEXT) == SHIPPED


@pytest.mark.parametrize("name", ["新年", "元旦", "即元旦"])
def test_the_first_day_of_a_year_may_be_named_beside_its_date(name: str) -> None:
    assert read_notice_text(TEXT.replace("1月1日（周四）", f"1月1日（{name}、周四）")) == SHIPPED
    wrong = TEXT.replace("1月1日（周四）至3日（周六）", f"1月1日（周四）至3日（{name}、周六）")
    assert refusal(wrong) == f"line 6: '3日（{name}、周六）': {name} of 2026 is 2026-01-01"


def test_marks_of_half_width_and_spaces_make_no_difference() -> None:
    assert read_notice_text(TEXT.translate(str.maketrans("：，（）", ":,()")).replace("至", " — ").replace("\n", "\n\n　　")) == SHIPPED


def test_days_in_a_row_are_written_as_one_run() -> None:
    text = """number: 国办发明电〔2025〕7号
issued_on: 2025-11-04
year: 2026
rest_days:
  元旦: [2026-01-01 to 2026-01-03]
  春节: [2026-02-15 to 2026-02-23]
  清明节: [2026-04-04 to 2026-04-06]
  劳动节: [2026-05-01 to 2026-05-05]
  端午节: [2026-06-19 to 2026-06-21]
  中秋节: [2026-09-25 to 2026-09-27]
  国庆节: [2026-10-01 to 2026-10-07]
makeup_workdays:
  元旦: [2026-01-04]
  春节: [2026-02-14, 2026-02-28]
  劳动节: [2026-05-09]
  国庆节: [2026-09-20, 2026-10-10]
"""
    assert SHIPPED.to_yaml() == text


def test_a_notice_file_written_is_the_notice_read(tmp_path: Path) -> None:
    for notice in shipped_notices():
        file = tmp_path / "notice.yaml"
        file.write_text(notice.to_yaml(), encoding="utf-8")
        assert CalendarNotice.read(file) == notice


REFUSED = [
    ("1月4日（周日）上班", "1月4日（周六）上班", "line 6: '1月4日（周六）': 2026-01-04 is a Sunday"),
    ("1月4日（周日）上班", "1月4日上班", "line 6: '1月4日上班': 2026-01-04 is not named as a Saturday or Sunday"),
    ("1月4日（周日）上班。", "", "6 days worked would pay for the days off, the text names 5"),
    ("共3天。1月4日", "共4天。1月4日", "line 6: '共4天': the clause gives 3 day(s) off"),
    ("，共3天。1月4日", "。1月4日", "line 6: '1月1日（周四）至3日（周六）放假调休': how many days that makes is not said"),
    ("正月初七", "正月初八", "line 7: '23日（农历正月初八、周一）': 农历正月初八 of 2026 is 2026-02-24"),
    ("腊月二十八", "腊月廿八", "unknown words '农历腊月廿八' beside a day"),
    ("关于2026年", "关于2027年", "the title says 2027"),
    ("〔2025〕7号", "〔2024〕7号", "'国办发明电〔2024〕7号': was issued on 2025-11-04"),
    ("2025年11月4日", "2026年11月4日", "issued on 2026-11-04, about 2026"),
    ("国务院办公厅\n2025", "2025", "a date without a signature before it"),
    ("三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n", "", "the clauses are numbered 一、二、四、五、六、七"),
    ("、清明节、", "、", "is announced, not what the clauses say"),
    ("六、中秋节", "六、重阳节", "'中秋节': has no clause"),
    ("4月4日（周六）至6日（周一）", "4月11日（周六）至13日（周一）", "the statutory day 2026-04-05 is not among its days off"),
    ("9月20日（周日）", "8月30日（周日）", "2026-08-30 is more than 21 days from the holiday"),
    ("9月20日（周日）", "9月27日（周日）", "2026-09-27 stands in both rest_days and makeup_workdays"),
    ("6月19日（周五）至21日（周日）", "6月19日（周五）至31日（周日）", "there is no such day"),
    ("遇有重大突发事件，", "遇有重大突发事件，春节假期延长，", "is not understood"),
    ("度过节日假期。", "度过节日假期。各地可另行安排。", "line 13: '各地可另行安排。': is not understood"),
    ("2025年11月4日\n", "2025年11月4日\n端午节另有安排。\n", "stands behind the date of the notice"),
    ("共9天。2月14日", "共9天。请各单位自行安排。2月14日", "line 7: '请各单位自行安排': is not understood"),
    ("放假，共3天。\n四", "放假，共3天\n四", "a clause ends with a full stop"),
]


@pytest.mark.parametrize(("before", "after", "said"), REFUSED, ids=[after or before for before, after, _ in REFUSED])
def test_a_slip_in_a_notice_is_refused_where_it_stands(before: str, after: str, said: str) -> None:
    assert TEXT.count(before) == 1
    assert said in refusal(TEXT.replace(before, after))


def test_every_fault_is_told_at_once_in_both_languages() -> None:
    text = TEXT.replace("1月4日（周日）", "1月4日（周六）").replace("5月9日（周六）", "5月9日（周日）")
    with pytest.raises(CalendarError) as refused:
        read_notice_text(text)
    assert refused.value.text("en").splitlines() == [
        "line 6: '1月4日（周六）': 2026-01-04 is a Sunday",
        "line 9: '5月9日（周日）': 2026-05-09 is a Saturday",
    ]
    assert refused.value.text("zh").splitlines()[0] == "第 6 行：“1月4日（周六）”：2026-01-04 是星期日"


def test_what_an_excerpt_leaves_out_must_be_given() -> None:
    clauses = "\n".join(line for line in TEXT.splitlines() if "、" in line[:2])
    assert "does not say its year" in refusal(clauses)
    assert "does not say its day of issue" in refusal(clauses, year=2026, number="国办发明电〔2025〕7号")
    assert "neither number nor title" in refusal(clauses, year=2026, issued_on=date(2025, 11, 4))
    assert read_notice_text(clauses, year=2026, number="国办发明电〔2025〕7号", issued_on=date(2025, 11, 4)) == SHIPPED
    assert "the year is not 2025" in refusal(TEXT, year=2025)
    assert "the number is 1号" in refusal(TEXT, number="1号")


def test_an_amendment_holds_what_it_changes_and_takes_back_the_rest() -> None:
    notice = read_notice_text(AMENDED)
    assert (notice.amends, notice.rest_days, notice.makeup_workdays) == (SHIPPED.cite, (), ())
    assert notice.ordinary_days == (date(2026, 5, 5), date(2026, 5, 9))
    assert china(notices=[notice]).is_workday(date(2026, 5, 5))
    other = AMENDED.replace("2026", "2031")
    assert "the notice of 2031 that it changes is not known" in refusal(other)


def test_an_amendment_that_takes_another_holidays_day_is_refused() -> None:
    text = AMENDED.replace("5月1日至4日放假调休，共4天。", "5月1日至5日放假调休，共5天。4月6日（周一）上班。")
    assert "2026-04-06 is not named as a Saturday or Sunday" in refusal(text)
    text = AMENDED.replace("5月1日至4日放假调休，共4天。", "5月1日至5日放假调休，共5天。4月5日（周日）上班。")
    assert "more than 21 days" in refusal(text)


def amended(clause: str) -> str:
    """The amendment with another clause."""
    return AMENDED.replace("一、2026年5月1日至4日放假调休，共4天。", f"一、2026年{clause}")


@pytest.mark.parametrize(
    ("clause", "en", "zh"),
    [
        (
            "5月1日至5日放假调休，共5天。5月3日（周日）上班。",
            "line 4: 2026-05-03 stands in both rest_days and makeup_workdays",
            "第 4 行：2026-05-03 同时出现在 rest_days 和 makeup_workdays",
        ),
        (
            "5月1日至6日放假调休，共6天。5月9日（周六）、5月9日（周六）上班。",
            "line 4: 2026-05-09 stands twice in makeup_workdays",
            "第 4 行：2026-05-09 在 makeup_workdays 中出现两次",
        ),
        (
            "5月1日至10日放假调休，共10天。5月10日（周日）上班。",
            "4 days worked would pay for the days off, the text names 1\nline 4: 2026-05-10 stands in both rest_days and makeup_workdays",
            "按放假的日子应有 4 天调为上班，原文写了 1 天\n第 4 行：2026-05-10 同时出现在 rest_days 和 makeup_workdays",
        ),
    ],
)
def test_an_amendment_that_contradicts_itself_is_refused_where_it_does(clause: str, en: str, zh: str) -> None:
    with pytest.raises(CalendarError) as refused:
        read_notice_text(amended(clause))
    assert (refused.value.text("en"), refused.value.text("zh")) == (en, zh)


def test_an_amendment_changes_the_days_as_the_amendments_before_it_left_them() -> None:
    first = read_notice_text(AMENDED)  # 5 May is worked again, and the Saturday 9 May off
    again = amended("5月1日至5日放假调休，共5天。5月9日（周六）上班。").replace("9号", "10号").replace("3月20日", "3月27日")
    second = read_notice_text(again, notices=[first])
    assert second.rest_days == ((date(2026, 5, 5), "劳动节"),)
    assert second.makeup_workdays == ((date(2026, 5, 9), "劳动节"),)
    assert second.ordinary_days == ()
    calendar = china(notices=[first, second])
    assert (calendar.is_workday(date(2026, 5, 5)), calendar.is_workday(date(2026, 5, 9))) == (False, True)


def test_a_holiday_may_be_prolonged_by_one_day() -> None:
    notice = read_notice_text("""国务院办公厅关于延长2026年春节假期的通知
国办发明电〔2026〕1号
一、延长2026年春节假期至2月24日（星期二），2月25日（星期三）起正常上班。
国务院办公厅
2026年2月20日""")
    assert (notice.rest_days, notice.makeup_workdays, notice.ordinary_days) == (((date(2026, 2, 24), "春节"),), (), ())


def test_a_holiday_prolonged_runs_to_its_last_day_and_work_begins_on_the_next() -> None:
    text = """国务院办公厅关于延长2026年春节假期的通知
国办发明电〔2026〕1号
一、延长2026年春节假期至3月1日（星期日），3月2日（星期一）起正常上班。
国务院办公厅
2026年2月20日"""
    notice = read_notice_text(text)
    assert [day for day, _ in notice.rest_days] == [date(2026, 2, 24) + timedelta(n) for n in range(6)]
    assert not china(notices=[notice]).is_workday(date(2026, 2, 28))  # it was to be worked
    assert "is not the workday after it" in refusal(text.replace("3月2日（星期一）", "3月3日（星期二）"))
    assert "does not prolong" in refusal(text.replace("3月1日（星期日），3月2日（星期一）", "2月22日（星期日），2月23日（星期一）"))

    assert "the weekdays are not said" in refusal(text.replace("3月1日（星期日）", "3月1日"))
    assert "the weekdays are not said" in refusal(text.replace("3月2日（星期一）", "3月2日"))
    assert "the title says 2026 and 春节" in refusal(text.replace("延长2026年春节假期至", "延长2026年国庆节假期至"))


def with_qingming(clause: str) -> str:
    """The notice with another clause of 清明节, whose statutory day is Sunday 5 April."""
    return TEXT.replace("4月4日（周六）至6日（周一）放假，共3天。", clause)


def test_a_weekday_is_off_in_lieu_of_a_holiday_at_a_weekend() -> None:
    notice = read_notice_text(with_qingming("4月5日放假，4月6日（周一）补休。"))
    assert [day for day, holiday in notice.rest_days if holiday == "清明节"] == [date(2026, 4, 5), date(2026, 4, 6)]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("4月5日放假，4月3日（周五）补休。", "'4月3日（周五）补休': it is not the next day worked"),
        ("4月5日放假，4月9日（周四）补休。", "'4月9日（周四）补休': it is not the next day worked"),
        ("4月5日放假，4月6日补休。", "'4月6日补休': a weekday off is in lieu of a holiday at a weekend"),
        ("4月5日放假，4月11日（周六）补休。", "'4月11日（周六）补休': a weekday off is in lieu of a holiday at a weekend"),
        ("4月4日（周六）至5日（周日）放假，4月6日（周一）补休。", "a weekday off is in lieu of a holiday at a weekend"),
        ("4月5日放假，4月6日（周一）放假。", "'4月6日（周一）放假': the clause gives days off twice"),
        ("4月5日放假，与周末连休。", "'与周末连休': the day off is no Monday or Friday"),
    ],
)
def test_a_day_in_lieu_that_no_notice_would_give_is_refused(clause: str, said: str) -> None:
    assert said in refusal(with_qingming(clause))


MOVED = (
    "5月1日至5日放假，共5天。其中，5月1日为法定节假日，5月2日（周六）、3日（周日）照常公休，"
    "5月9日（周六）公休日调至5月5日（周二），5月9日（周六）上班。"
)


def with_labour_day(clause: str) -> str:
    """The notice with another clause of 劳动节."""
    return TEXT.replace("5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。", clause)


def test_a_clause_that_moves_weekend_days_says_the_same_as_one_that_names_the_days_worked() -> None:
    assert read_notice_text(with_labour_day(MOVED)) == SHIPPED
    assert read_notice_text(with_labour_day(MOVED.replace("，5月9日（周六）上班", ""))) == SHIPPED


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("5月9日（周六）公休日", "5月9日（周六）两个公休日", "it names 1 days"),
        ("5月5日（周二），", "5月4日（周一）、5日（周二），", "as many days must be given as are taken"),
        ("5月9日（周六）公休日", "5月8日（周五）公休日", "a weekend day is moved to a weekday"),
        ("调至5月5日（周二）", "调至5月3日（周日）", "a weekend day is moved to a weekday"),
        ("9日（周六）公休日调至5月5日（周二）", "9日（周六）、10日（周日）公休日调至5月3日（周日）、4日（周一）", "is moved to a weekday"),
        ("调至5月5日（周二）", "调至5月6日（周三）", "2026-05-06 is not among the days off"),
        ("5月2日（周六）、3日（周日）照常", "5月4日（周一）照常", "2026-05-04 is at no weekend"),
        ("5月9日（周六）上班", "5月10日（周日）上班", "the days moved are not the days worked"),
        ("5月9日（周六）上班", "5月9日（周六）上班。5月10日（周日）上班", "the clause names its days worked twice"),
    ],
)
def test_a_slip_in_moving_weekend_days_is_refused(before: str, after: str, said: str) -> None:
    assert MOVED.count(before) == 1
    assert said in refusal(with_labour_day(MOVED.replace(before, after)))


# -- clauses as older notices wrote them


def days_in(text: str, holiday: str = "国庆节", year: int = 2026) -> tuple[list[str], list[str]]:
    clause = read_clause(holiday, text, year=year, line=1)
    return [f"{day:%m-%d}" for day in clause.rest_days], [f"{day:%m-%d}" for day in clause.makeup_workdays]


def test_weekend_days_moved_are_worked_save_those_that_are_off_themselves() -> None:
    rest, worked = days_in(
        "9月29日至10月5日放假，共7天。其中，10月1日、2日、3日为法定节假日，9月27日（星期六）、9月28日（星期日）两个公休日"
        "调至9月29日（星期一）、30日（星期二），10月4日（星期六）、5日（星期日）照常公休。",
        year=2008,
    )
    assert (rest[0], rest[-1], len(rest), worked) == ("09-29", "10-05", 7, ["09-27", "09-28"])
    autumn = "9月13日至15日放假，共3天。其中，9月13日（星期六）为公休日，9月14日（星期日）公休日调至9月15日（星期一）。"
    assert days_in(autumn, "中秋节", 2008) == (["09-13", "09-14", "09-15"], [])


@pytest.mark.parametrize(("day", "holds"), [(22, True), (23, False), (24, False), (25, False), (26, True), (27, False), (28, False)])
def test_a_day_off_joins_a_weekend_on_a_monday_or_a_friday(day: int, holds: bool) -> None:
    text = f"6月{day}日放假，与周末连休。"
    if holds:
        assert days_in(text) == ([f"06-{day}"], [])
    else:
        with pytest.raises(BadWords):
            days_in(text)


def test_a_day_named_again_is_no_second_day_off_and_days_named_are_counted() -> None:
    assert days_in("4月4日、5日、6日放假3天。")[0] == ["04-04", "04-05", "04-06"]
    assert days_in("4月4日至6日放假，共3天。其中4月4日、5日、6日放假。")[0] == ["04-04", "04-05", "04-06"]
    assert days_in("4月3日、5日放假，4月6日（周一）补休。")[0] == ["04-03", "04-05", "04-06"]
    assert days_in("4月5日放假，不调休。") == (["04-05"], [])
    for wrong in ("4月4日、5日放假3天。", "4月4日至6日放假，共3天。其中4月7日放假。", "4月5日放假，不调休，4月11日（周六）上班。"):
        with pytest.raises(BadWords):
            days_in(wrong)


@pytest.mark.parametrize("text", ["5月10日（周日）照常公休", "5月9日（周六）公休日调至5月6日（周三）"])
def test_a_day_that_is_not_off_is_refused_with_the_words_that_say_so(text: str) -> None:
    with pytest.raises(BadWords) as refused:
        days_in(f"5月1日至5日放假，共5天。{text}。")
    assert text in str(refused.value.fault)


def test_advice_about_the_eve_of_spring_festival_gives_no_day_off_and_must_name_that_day() -> None:
    advice = "2月10日至17日放假调休，共8天。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。"
    assert "02-09" not in days_in(advice, "春节", 2024)[0]
    with pytest.raises(BadWords):
        days_in(advice.replace("除夕（2月9日）", "除夕（2月8日）"), "春节", 2024)


def test_the_year_of_a_title_without_one_is_that_of_the_day_declared() -> None:
    text = """国务院关于中国人民抗日战争暨
世界反法西斯战争胜利70周年纪念日
调休放假的通知
国发明电〔2015〕1号
2015年是中国人民抗日战争暨世界反法西斯战争胜利70周年。为使全国人民广泛参与中央及各地区各部门举行的纪念活动，2015年9月3日全国放假1天。\
为方便公众安排假日期间生产生活，特作如下调休：9月3日至5日调休放假，共3天。其中9月3日（星期四）放假，9月4日（星期五）调休，9月6日（星期日）上班。
国务院
2015年5月13日"""
    notice = read_notice_text(text)
    assert [day for day, _ in notice.rest_days] == [date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 5)]
    assert [day for day, _ in notice.makeup_workdays] == [date(2015, 9, 6)]


def test_what_is_no_text_of_a_notice_is_refused() -> None:
    for text in ("", "\n", "放假", "一、", "x" * 30_000, "（" * 5_000, "1月" * 5_000, "国务院办公厅关于9999年部分节假日安排的通知"):
        refusal(text)
    refusal(7)  # type: ignore[arg-type]


PLACES = st.integers(0, len(TEXT) - 1)


def days_of(text: str) -> tuple[object, ...] | None:
    try:
        notice = read_notice_text(text)
    except CalendarError:
        return None
    return dict(notice.rest_days), dict(notice.makeup_workdays), notice.ordinary_days


SAME = days_of(TEXT)
PIECES = [piece for line in TEXT.splitlines() for piece in line.replace("。", "。|").replace("，", "，|").split("|") if piece]


@given(st.sampled_from(range(len(PIECES))))
def test_a_piece_left_out_never_changes_a_day_silently(piece: int) -> None:
    assert days_of(TEXT.replace(PIECES[piece], "", 1)) in (None, SAME)


@given(PLACES, st.sampled_from("一二三四五六日0123456789月、。，（）至天放假上班调休不周年春节"))
@example(TEXT.index("周四"), "周")
def test_a_character_changed_never_moves_a_day_silently(place: int, character: str) -> None:
    assume(TEXT[place] != character)
    assert days_of(TEXT[:place] + character + TEXT[place + 1 :]) in (None, SAME)


@given(PLACES)
def test_a_character_left_out_never_moves_a_day_silently(place: int) -> None:
    assert days_of(TEXT[:place] + TEXT[place + 1 :]) in (None, SAME)


@given(PLACES, st.sampled_from([*PIECES, "另有规定的除外", "春节假期延长一天。", "5月6日放假。", "1月10日（周六）上班。", "、6日"]))
def test_words_put_in_never_move_a_day_silently(place: int, words: str) -> None:
    assert days_of(TEXT[:place] + words + TEXT[place:]) in (None, SAME)


LACKING = {
    "2008": {"year": 2008, "title": "国务院办公厅关于2008年部分节假日安排的通知", "issued_on": date(2007, 12, 16), "inferred": True},
    "2009": {"issued_on": date(2008, 12, 10), "inferred": True},
}


@pytest.mark.shared("data/notice_texts", "data/official_cn_2007_2026.csv")
def test_twenty_years_of_texts_give_every_official_day() -> None:
    notices = [
        read_notice_text(file.read_text(encoding="utf-8"), **LACKING.get(file.stem, {}))  # type: ignore[arg-type]
        for file in sorted((DATA / "notice_texts").glob("2*.txt"))
    ]
    assert len(notices) == 23
    named: dict[date, bool] = {}
    for notice in sorted(notices, key=lambda notice: notice.issued_on):
        named |= {day: False for day, _ in notice.rest_days} | {day: True for day, _ in notice.makeup_workdays}
    with (DATA / "official_cn_2007_2026.csv").open(encoding="utf-8") as lines:
        official = {date.fromisoformat(row["date"]): row["kind"] == "workday_weekend" for row in csv.DictReader(lines)}
    days = [date(2007, 1, 1) + timedelta(n) for n in range(7305)]
    assert days[-1] == date(2026, 12, 31)
    assert [day for day in days if named.get(day) != official.get(day)] == []
    assert [day for day in days if named.get(day, day.weekday() < 5) != china().is_workday(day)] == []


@pytest.mark.shared("data/notice_texts")
def test_each_text_gives_the_days_of_its_shipped_file() -> None:
    shipped = {(notice.year, notice.amends is not None): notice for notice in shipped_notices()}
    for file in sorted((DATA / "notice_texts").glob("2*.txt")):
        notice = read_notice_text(file.read_text(encoding="utf-8"), **LACKING.get(file.stem, {}))  # type: ignore[arg-type]
        other = shipped[notice.year, notice.amends is not None]
        assert (dict(notice.rest_days), dict(notice.makeup_workdays)) == (dict(other.rest_days), dict(other.makeup_workdays)), file.stem
        assert (notice.ordinary_days, notice.amends) == (other.ordinary_days, other.amends)


def test_the_command_prints_the_notice_file_of_a_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text, out = tmp_path / "2026.txt", tmp_path / "2026.yaml"
    text.write_text(TEXT, encoding="utf-8")
    assert main(["calendar", "--notice", str(text), "--lang", "en"]) == 0
    assert capsys.readouterr().out == SHIPPED.to_yaml()
    assert main(["calendar", "--notice", str(text), "--yaml", str(out), "--lang", "en"]) == 0
    assert CalendarNotice.read(out) == SHIPPED
    text.write_text(TEXT.replace("1月4日（周日）", "1月4日（周六）"), encoding="utf-8")
    assert main(["calendar", "--notice", str(text), "--lang", "en"]) == 1
    assert "line 6: '1月4日（周六）': 2026-01-04 is a Sunday" in capsys.readouterr().err
    assert main(["calendar", "--notice", str(out), "--lang", "en"]) == 1  # a notice file is no text
    assert main(["calendar", "2026", "--yaml", str(out), "--lang", "en"]) == 1
