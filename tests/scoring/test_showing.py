"""What a card shows: an appeal can be answered from it, in either language, as text, as a page, as rows."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from govservice import Scorecard, grade
from govservice.scoring import Grading

from .centre import book, card, case, event, month, staff

OF = book(
    """
    measures: {satisfied_percent: {value: 'percent(cases, rating == "satisfied", when=known(rating))', label: 满意率}}
    schemes:
      month:
        title: 人员月度考核
        scores: staff
        period: month
        full: 100
        max: 105
        parts:
          hours: {label: 考勤, full: 10, items: [{id: late, label: 迟到, for: late, points: -0.5 * minutes, cite: 办法-3}]}
          manners: {label: 作风, full: 50, items: [{id: rude, label: 态度, for: rude, points: "discretion(-5, -2)", cite: 办法-4}]}
          quality: {label: 质量, full: 40, items: [{id: content, label: 满意, points: -0.4 * (100 - satisfied_percent), cite: 办法-5}]}
        adjust: [{id: thanked, label: 表扬, for: thanked, points: 1}]
    decisions:
      good:
        label: 良好
        about: month
        hit: first
        rules: [{id: good, when: total >= 80, then: true, cite: 办法-9}, {id: not, then: false}]
    """,
    "part_floor: 0, part_overflow: capped, rounding: {digits: 1, mode: half_up, at: end}",
)
CARD = card(
    OF,
    event("late", 12, minutes=7),
    event("late", 13, minutes=20),
    event("rude", 14),
    event("thanked", 15),
    event("joked", 16),
    event("late", None),
    cases=[case(1, rating="满意"), case(2, rating="满意"), case(3, rating="不满意"), case(4)],
)
DIGEST = OF.digest[:12]


def test_a_whole_card_in_english() -> None:
    assert (
        CARD.explain()
        == f"""\
人员月度考核 S1 2026-10: 72.7 to 75.7
  考勤: 0 / 10 (held; items leave -3.5)
        -3.5  迟到 [办法-3] 2026-10-12 late: -0.5 * minutes  (minutes = 7)
         -10  迟到 [办法-3] 2026-10-13 late: -0.5 * minutes  (minutes = 20)
  作风: 45 to 48 / 50
    -5 to -2  态度 [办法-4] 2026-10-14 rude: discretion(-5, -2)
  质量: 26.7 / 40
       -13.3  满意 [办法-5]: -0.4 * (100 - satisfied_percent)  (satisfied_percent = 66.6666…, \
percent(cases, rating == "satisfied", when=known(rating)) = 66.6666…, count(cases, when=known(rating)) = 3)
  outside any part:
           1  表扬 2026-10-15 thanked: 1
  open: rude 2026-10-14 rude (-5 .. -2), would be settled by: rude:3.assessed
  unpriced: 2026-10-16 joked
  rows 6 of events have no day and count in no period
  rulebook centre, digest {DIGEST}"""
    )


def test_a_whole_card_in_chinese() -> None:
    assert (
        CARD.explain("zh")
        == f"""\
人员月度考核 S1 2026-10: 72.7 至 75.7
  考勤: 0 / 10（已限；各项合计 -3.5）
        -3.5  迟到 [办法-3] 2026-10-12 迟到: -0.5 * 分钟数  (分钟数 = 7)
         -10  迟到 [办法-3] 2026-10-13 迟到: -0.5 * 分钟数  (分钟数 = 20)
  作风: 45 至 48 / 50
     -5 至 -2  态度 [办法-4] 2026-10-14 态度生硬: discretion(-5, -2)
  质量: 26.7 / 40
       -13.3  满意 [办法-5]: -0.4 * (100 - 满意率)  (满意率 = 66.6666…，\
percent(办件, 评价 = "满意", when=已知(评价)) = 66.6666…，count(办件, when=已知(评价)) = 3)
  不属任何一项：
           1  表扬 2026-10-15 表扬: 1
  未定：态度 2026-10-14 态度生硬 (-5 .. -2)，需要：态度生硬第 3 行的认定分值
  未定价：2026-10-16 说笑
  事件（events）第 6 行没有日期，不计入任何期间
  依据规则册 centre，摘要 {DIGEST}"""
    )


def test_an_item_is_called_in_chinese_by_the_one_kind_that_it_is_for() -> None:
    items = ["{id: a, for: late, points: -1}", "{id: b, for: [early, absent], points: -2}", "{id: c, when: true, points: -4}"]
    of = month("\n".join(items), more="adjust: [{id: d, for: thanked, points: 1}]")
    labels = card(of, event("late"), event("early"), event("thanked", 13)).labels
    assert {name: label for name, label in labels.items() if "." in name} == {"work.a": "迟到", ".d": "表扬"}


def test_what_is_open_goes_by_its_name_in_chinese() -> None:
    items = [
        "{id: a, label: 难办, for: cases, points: -weight}",
        "{id: b, for: rude, points: 'discretion(-5, -2)'}",
        "{id: c, points: -staff_served}",
    ]
    of = month("\n".join(items).replace("staff_served", "months_served"))
    found = card(of, event("rude"), cases=[{"case": "C1", "staff": "S1", "received_on": "2026-10-12"}])
    said = [line.strip() for line in found.explain("zh").splitlines() if "未定：" in line]
    assert [line.partition("：")[2].partition(" (")[0].partition("，")[0] for line in said] == ["难办 C1", "2026-10-12 态度生硬", "c"]
    assert [line.split()[1] for line in found.explain().splitlines() if " open: " in line] == ["a", "b", "c,"]


class Text(HTMLParser):
    """The text of a page, and whether its tags are balanced."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_what_the_text_says_and_stands_alone(lang: str) -> None:
    page = CARD.to_html(lang)  # type: ignore[arg-type]
    text = Text(page)
    assert text.open == []
    assert "http" not in page
    said = " ".join(text.said)
    for line in CARD.lines:
        assert (line.text if lang == "en" else CARD.labels[line.text]) in said  # by labels for a Chinese reader
        assert (line.label or "") in said
        assert (line.cite or "") in said
    for words in CARD.notes:
        assert words.text(lang) in said  # type: ignore[arg-type]
    assert CARD._repr_html_() in CARD.to_html("zh")


def test_the_page_is_one_to_print_and_sign() -> None:
    said = " ".join(Text(CARD.to_html("zh")).said)
    assert CARD.full == 100
    for words in ("满分 100", "期间：2026年10月", "-0.5 * 分钟数", "-0.4 * (100 - 满意率)", "申诉", "签字", "@page{size:A4"):
        assert words in said
    for id in ("satisfied_percent", "minutes", "rude:"):
        assert id not in said.replace("rude:3.assessed", "")


def test_what_records_say_is_text_on_the_page() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 1}}")
    page = card(of, subject="<script>alert(1)</script>", staff=[staff("<script>alert(1)</script>")]).to_html()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_rows_are_one_mapping_a_line() -> None:
    rows = CARD.to_rows()
    assert [(row["item"], row["points"], row["low"], row["high"]) for row in rows] == [
        ("late", Decimal("-3.5"), Decimal("-3.5"), Decimal("-3.5")),
        ("late", -10, -10, -10),
        ("rude", None, -5, -2),
        ("content", Decimal("-13.3"), Decimal("-13.3"), Decimal("-13.3")),
        ("thanked", 1, 1, 1),
    ]
    assert {(row["scheme"], row["subject"], row["period"]) for row in rows} == {("month", "S1", "2026-10")}


def test_a_card_is_the_same_from_json_and_from_a_pickle() -> None:
    marked = card(OF, event("rude", assessed={"month": -2.5}), cases=[case(1, rating="满意")])
    for one in (CARD, marked, card(OF, cases=[], staff=[staff(until="2026-09-30")])):
        again = Scorecard.from_dict(json.loads(json.dumps(one.to_dict(), ensure_ascii=False)))
        assert again == one == pickle.loads(pickle.dumps(one))
        assert again.explain("zh") == one.explain("zh")
        assert again.to_html() == one.to_html()


def test_a_grading_is_the_same_from_json_and_from_a_pickle() -> None:
    records = {"events": [event("rude")], "staff": [staff()], "cases": [case(1, rating="满意")]}
    [found] = grade(OF, "good", records, period="2026-10")
    assert (found.grade, found.low, found.high) == (True, 95, 98)
    again = Grading.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again == found == pickle.loads(pickle.dumps(found))
    assert again.explain("zh") == found.explain("zh")


def test_a_card_that_is_not_scored_says_so() -> None:
    found = card(OF, cases=[], staff=[staff(until="2026-09-30")])
    assert found.explain().splitlines()[0] == "人员月度考核 S1 2026-10: not scored"
    assert found.explain("zh").splitlines()[:2] == ["人员月度考核 S1 2026-10: 不计分", "  本期间不按此方案计分"]


def test_a_card_says_who_is_not_eligible() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 1, eligible: months_served >= 6}}")
    said = [card(of, staff=[staff(months_served=one)]).explain("zh").splitlines()[0] for one in (6, 5, None)]
    assert said == ["month S1 2026-10: 1", "month S1 2026-10: 1，不参加评定", "month S1 2026-10: 1，是否参评未定"]
