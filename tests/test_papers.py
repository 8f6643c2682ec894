"""Papers: numbered copies that go on, numbers by the book's rule, rows, blanks that are named, sheets that print."""

from __future__ import annotations

import json
import pickle
import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from govservice import china, classify, clocks, load_rulebook
from govservice.citing import cited
from govservice.clockwork.called import kind_called
from govservice.counting.answer import PROVISIONAL
from govservice.errors import DecisionError, GovServiceError, NoticeError, RecordError
from govservice.notices import CopyOwed, ForwardedTo, NoticeOwed, PaperRows
from govservice.papers import Papers, papers
from govservice.rules import REMOVE, Rulebook
from govservice.rules.book.files import shipped_books

DAY = date(2026, 2, 13)
BOOK = load_rulebook("kunshan", settings={"paper_mark": "昆审", "few_attachments": 2})
FACTS: dict[str, Any] = {
    "case": "C1", "window": "W1", "window_name": "工商局", "main_document": "present", "nonmain_missing": 0, "attachments_missing": 0,
    "formal": True, "meets_conditions": True, "needs_review": True, "departments": 1, "simple": False, "plainly_against_policy": False,
    "plainly_against_plan": False, "applicant_promises": False, "received_on": DAY, "materials_completed_on": DAY,
    "promised_limit": "5个工作日", "item_name": "企业设立登记", "applicant_name": "某某公司",
}  # fmt: skip


def promised(book: Rulebook = BOOK, **more: Any) -> NoticeOwed:
    """The promised notice of the case, from its records."""
    (notice,) = papers(book, {"cases": [FACTS | more.pop("facts", {})], **more.pop("records", {})}, kinds="promised_notice", **more).owed
    return notice


def returned(book: Rulebook, *cases: dict[str, Any], **more: Any) -> NoticeOwed:
    """The register of returned cases of W1 in February."""
    records = {"cases": list(cases), **more}
    (register,) = papers(book, records, kinds="returned_register", about="W1", period="2026-02").owed
    return register


# copies


def test_copies_are_numbered_as_they_stand_and_one_goes_on() -> None:
    assert promised().copies == (
        CopyOwed("窗口", number=1),
        CopyOwed("业务科", number=2, then=ForwardedTo("督查科", "登记")),
        CopyOwed("审批部门领导", number=3),
        CopyOwed("服务对象", number=4),
    )


def test_a_copy_that_is_not_owed_leaves_the_numbers_of_the_others() -> None:
    book = BOOK.amend({"notices.promised_notice.copies": ["窗口", {"to": "业务科", "when": "complex"}, "服务对象"]})
    assert [(copy.number, copy.to) for copy in promised(book, facts={"complex": False}).copies] == [(1, "窗口"), (3, "服务对象")]
    waiting = promised(book)
    assert [(copy.number, copy.needs) for copy in waiting.open_copies] == [(2, ("cases:1.complex",))]


def test_the_limit_of_a_copy_runs_from_the_day_of_issue_in_working_days() -> None:
    book = BOOK.amend({"notices.promised_notice.copies": [{"to": "业务科", "within": "2 工作日"}, {"to": "窗口", "within": "当天"}]})
    assert [copy.due_on for copy in promised(book).copies] == [None, None]
    assert [copy.due_on for copy in promised(book, issued_on=DAY).copies] == [date(2026, 2, 24), DAY]
    moved = china().amend(rest_days=[date(2026, 2, 24)], source="a local notice")
    assert promised(book, issued_on=DAY, calendar=moved).copies[0].due_on == date(2026, 2, 25)


# numbers


def test_a_number_is_made_of_facts_the_day_and_a_counter() -> None:
    assert promised(issued_on=DAY, serial=17).number == "昆审〔2026〕W1-0017号"
    assert promised(issued_on="2026-02-13").number is None
    assert promised(serial=17).number is None
    assert promised(issued_on=DAY, serial=17, facts={"window": None}).number is None


def test_the_words_between_the_places_of_a_number_stand_as_they_are_written() -> None:
    book = BOOK.amend({"notices.promised_notice.number": "{window}serial{serial:4}year{year}"})
    assert promised(book, issued_on=DAY, serial=17).number == "W1serial0017year2026"


def test_a_series_counts_for_itself() -> None:
    cases = [FACTS | {"case": f"C{number}", "window": window} for number, window in enumerate(("W1", "W2", "W1"))]
    done = papers(BOOK, {"cases": cases}, kinds="promised_notice", issued_on=DAY, serial=5)
    assert [notice.number for notice in done.owed] == ["昆审〔2026〕W1-0005号", "昆审〔2026〕W2-0005号", "昆审〔2026〕W1-0006号"]


def test_who_counts_may_be_asked_for_the_next_number_of_a_series() -> None:
    asked: list[str] = []

    def following(series: str) -> int:
        asked.append(series)
        return 41

    assert promised(issued_on=DAY, serial=following).number == "昆审〔2026〕W1-0041号"
    assert asked == ["昆审〔2026〕W1-{serial:4}号"]


def test_nobody_is_asked_for_a_number_that_lacks_a_fact() -> None:
    def never(series: str) -> int:
        raise AssertionError(series)

    assert promised(load_rulebook("kunshan"), issued_on=DAY, serial=never).unknown == ("paper_mark",)


# what it states


def test_the_due_day_on_a_notice_is_the_clocks_own_with_the_pauses_of_the_case() -> None:
    book = BOOK.amend({"clocks.promised.pauses": ["hearing"]})
    pauses = [{"case": "C1", "kind": "hearing", "from": date(2026, 2, 24), "to": date(2026, 2, 25), "told": True}]
    stated = promised(book, records={"pauses": pauses}).fields[0].value
    (reading,) = clocks(FACTS, book, on=DAY, records={"pauses": pauses}, only=["promised"])
    assert (stated, reading.due_on) == (date(2026, 3, 2), date(2026, 3, 2))
    assert classify(FACTS, book, on=DAY, records={"pauses": pauses}).notices[0].fields[0].value == date(2026, 3, 2)


def test_a_due_day_that_may_still_move_is_said_on_the_notice() -> None:
    later = promised(facts={"received_on": date(2031, 3, 3), "materials_completed_on": date(2031, 3, 3)})
    assert later.fields[0].value is not None
    assert later.notes == (PROVISIONAL,)
    assert PROVISIONAL.zh in later.to_text()
    assert PROVISIONAL.zh in later.to_html()
    assert PROVISIONAL.en in later.to_html(lang="en")
    assert promised().notes == ()


def test_a_sentence_whose_condition_is_open_is_not_printed_and_what_would_say_is_named() -> None:
    book = BOOK.amend({"notices.promised_notice.says": [{"text": "须现场踏勘", "when": "needs_survey"}]})
    assert [said.text for said in promised(book, facts={"needs_survey": True}).says] == ["须现场踏勘"]
    waiting = promised(book)
    assert (waiting.says, waiting.unknown) == ((), ("cases:1.needs_survey",))


def test_a_case_that_reads_a_window_owes_none_of_its_registers() -> None:
    assert [notice.kind for notice in classify(FACTS | {"key_project": False}, BOOK, on=DAY).notices] == ["promised_notice"]


def test_a_second_notice_of_a_case_says_what_it_adds() -> None:
    case = FACTS | {"main_document": "not_brought", "missing_materials": ["验资报告", "章程"]}
    first = {"kind": "supplement_notice", "case": "C1", "number": "2026-17", "fields": {"missing_materials": ["验资报告"]}}
    (second,) = papers(BOOK, {"cases": [case]}, kinds="supplement_notice", issued=[first]).owed
    assert (second.earlier, second.added) == ("2026-17", ("章程",))


# rows


KEY = {"key_project": True, "recognised_by": "government_slip"}


def test_a_row_of_which_it_is_open_whether_it_belongs_is_listed_apart() -> None:
    sure = {"case": "C1", "window": "W1", "case_type": "returned", "received_on": DAY}
    register = returned(BOOK, sure, {"case": "C2", "window": "W1", "received_on": DAY})
    assert register.rows is not None
    assert [row[0] for row in register.rows.rows] == ["C1"]
    assert [(row.cells[0], row.needs != ()) for row in register.rows.open] == [("C2", True)]
    assert "是否列入尚未确定：C2" in register.to_text()
    assert "是否列入尚未确定：C2" in register.to_html()


def test_a_table_that_was_not_supplied_is_no_empty_register() -> None:
    done = papers(BOOK, {"window": [{"window": "W1"}]}, kinds="returned_register", period="2026-02")
    assert done.owed[0].lacks == ("cases",)
    with pytest.raises(NoticeError, match="lacks what it must state: cases"):
        done.owed[0].to_html()
    assert returned(BOOK, window=[{"window": "W1"}]).lacks == ()


def test_a_form_with_lines_is_printed_though_its_rows_are_not_known() -> None:
    (form,) = papers(BOOK, {"cases": [FACTS | KEY]}, kinds="green_form").owed
    assert form.rows == PaperRows(("窗口", "环节", "受理时间", "办结时间", "签注人"), (), 10, needs=("green_steps",), supplied=False)
    assert form.to_html().count('<td class="n">') == 10


def test_more_rows_than_lines_are_all_printed() -> None:
    steps = [{"case": "C1", "window": "W1", "step": f"环节{number}", "step_received_on": DAY} for number in range(12)]
    (form,) = papers(BOOK, {"cases": [FACTS | KEY], "green_steps": steps}, kinds="green_form").owed
    assert form.to_html().count('<td class="n">') == 12


def test_classify_sees_the_rows_within_a_case_as_papers_does() -> None:
    steps = [{"window": "W1", "step": "名称核准", "step_received_on": DAY}]
    owed = classify(FACTS | KEY | {"green_steps": steps}, BOOK, on=DAY).notices
    (form,) = (notice for notice in owed if notice.kind == "green_form")
    assert form.rows is not None
    assert form.rows.rows == (("W1", "名称核准", DAY, None, None),)


# the call


def test_papers_of_a_period_need_one() -> None:
    with pytest.raises(DecisionError, match=r"returned_register is about a window in a period; give one: period="):
        papers(BOOK, {"cases": []}, kinds="returned_register")
    assert all(notice.about != "window:W1" for notice in papers(BOOK, {"cases": [FACTS]}).owed)


def test_an_unknown_kind_and_an_id_that_nothing_has_are_refused() -> None:
    with pytest.raises(DecisionError, match="kunshan has no notice 'promise_notice'; did you mean \"promised_notice\""):
        papers(BOOK, {"cases": []}, kinds="promise_notice")
    with pytest.raises(RecordError, match="no paper is about 'C9'"):
        papers(BOOK, {"cases": [FACTS]}, about=["C1", "C9"])
    with pytest.raises(NoticeError, match="a row with its kind and case"):
        papers(BOOK, {"cases": [FACTS]}, issued=[{"kind": "promised_notice"}])


def test_what_is_open_is_told_with_what_would_say() -> None:
    done = papers(BOOK, {"cases": [{"case": "C1", "received_on": DAY}]}, kinds="returned_notice")
    (waiting,) = done.open
    assert (waiting.kind, waiting.about, done.owed) == ("returned_notice", "cases:C1", ())
    assert "cases:1.main_document" in waiting.needs


def test_notices_about_rows_of_a_case_are_told_too() -> None:
    row = {"case": "C1", "clock": "decision_limit", "granted": True, "asked_on": DAY, "extension_reason": "情况复杂"}
    done = papers("licensing-law", {"cases": [{"case": "C1", "received_on": DAY}], "extensions": [row]}, kinds="extension_told")
    assert [(notice.about, notice.fields[0].value) for notice in done.owed] == [("extensions:1", "情况复杂")]


def test_results_come_back_from_json_and_from_a_pickle() -> None:
    case = FACTS | KEY
    done = papers(BOOK, {"cases": [case]}, period="2026-02", issued_on=DAY, serial=1)
    assert Papers.from_dict(json.loads(json.dumps(done.to_dict()))) == done
    assert pickle.loads(pickle.dumps(done)) == done


# the page


class Page(HTMLParser):
    """What tags a page has, and whether each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_page_has_one_sheet_a_copy_each_saying_whose_it_is() -> None:
    page = promised(issued_on=DAY, serial=17).to_html()
    sheets = re.findall(r'<section class="sheet">.*?</section>', page)
    assert [re.findall(r"第.联（[^）]+）", sheet)[0] for sheet in sheets] == [
        "第一联（窗口）", "第二联（业务科）", "第三联（审批部门领导）", "第四联（服务对象）",
    ]  # fmt: skip
    assert all(
        said in sheet for sheet in sheets for said in ("昆审〔2026〕W1-0017号", "行政审批服务中心工商局窗口承诺件通知书", "2026年2月27日")
    )
    parsed = Page(page)
    assert parsed.open == []
    assert "script" not in parsed.seen
    assert "http" not in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_the_records_say_is_text_on_the_page(lang: Any) -> None:
    odd = '<script>alert("x")</script>&'
    case = FACTS | {"window_name": odd, "applicant_name": odd, "window": odd, "key_project": True}
    steps = [{"case": "C1", "window": odd, "step": odd, "step_received_on": DAY}]
    book = load_rulebook("kunshan", settings={"paper_mark": odd})
    done = papers(book, {"cases": [case], "green_steps": steps, "window": []}, issued_on=DAY, serial=1, period="2026-02")
    for notice in done.owed:
        page = notice.to_html(blanks=True, lang=lang)
        assert "script" not in Page(page).seen
        assert "<script" not in page


def test_what_is_not_known_is_a_blank_and_not_made_up() -> None:
    notice = promised(load_rulebook("kunshan"), facts={"window_name": None, "applicant_name": None})
    assert notice.heading == "行政审批服务中心____窗口承诺件通知书"
    page = notice.to_html()
    assert '行政审批服务中心<span class="line">&nbsp;</span>窗口承诺件通知书' in page
    assert '编号：<span class="line long">&nbsp;</span>' in page
    assert page.count("年<span") == 4
    assert "____" not in page


def test_a_draft_says_what_is_to_be_filled_in() -> None:
    case = {"main_document": "not_brought", "formal": True, "case": "C1"}
    (notice,) = papers(BOOK, {"cases": [case]}, kinds="supplement_notice").owed
    with pytest.raises(NoticeError, match="需补办事项"):
        notice.to_html()
    assert "待填：需补办事项、" in notice.to_html(blanks=True)
    assert "待填：需补办事项、" in notice.to_text(blanks=True)
    assert "to be filled in: 需补办事项, " in notice.to_html(blanks=True, lang="en")


def test_many_columns_are_printed_across() -> None:
    steps = [{"case": "C1", "window": "W1", "step": "名称核准", "step_received_on": DAY}]
    (register,) = papers(BOOK, {"cases": [FACTS], "green_steps": steps}, kinds="green_register", period="2026-02").owed
    assert '<section class="sheet wide">' in register.to_html()


def test_a_number_or_day_given_with_the_call_stands_before_the_notices_own() -> None:
    notice = promised(issued_on=DAY, serial=17)
    assert "编号：旧号" in notice.to_text(number="旧号")
    assert "2026年2月24日" in notice.to_html(issued_on=date(2026, 2, 24))


def test_a_notice_that_says_nothing_of_this_prints_as_its_title_alone() -> None:
    places = ("heading", "number", "shows", "says", "signed", "seal")
    plain = BOOK.amend({f"notices.promised_notice.{place}": REMOVE for place in places})
    assert promised(plain).to_text().splitlines()[:3] == ["承诺件通知书", "编号：__________", "日期：____年__月__日"]


def test_a_case_without_a_day_is_told_where_papers_are_of_a_period() -> None:
    case = {"case": "C1", "window": "W1", "case_type": "returned"}
    done = papers(BOOK, {"cases": [case], "window": [{"window": "W1"}]}, period="2026-02")
    assert "rows 1 of cases have no day and are in no paper of a period" in [note.en for note in done.notes]


def test_about_names_ids_by_texts_alone() -> None:
    with pytest.raises(GovServiceError, match="about= takes a name or a list of them"):
        papers(BOOK, {"cases": []}, about=[["x"]])  # type: ignore[list-item]


# what a paper rests on, and what things are called on it


def test_a_paper_cites_the_law_and_its_article() -> None:
    case = {
        "case": "L1",
        "received_on": DAY,
        "in_legal_form": False,
        "licence_needed": True,
        "within_power": True,
        "correctable_on_spot": False,
    }
    facts = case | {"materials_complete": False, "missing_materials": ["章程"]}
    (notice,) = papers("licensing-law", {"cases": [facts]}, kinds="one_time_notice").owed
    assert (notice.cite, notice.basis) == ("行政许可法 32(4)", "《中华人民共和国行政许可法》第三十二条第（四）项")
    assert notice.to_text().endswith("依据：《中华人民共和国行政许可法》第三十二条第（四）项")
    assert "行政许可法 32" not in notice.to_html()


def test_a_clause_that_the_book_numbered_itself_is_cited_by_its_document_or_as_it_is() -> None:
    assert promised().basis == "《审批服务操作规程》"
    own = promised(BOOK.amend({"notices.promised_notice.cite": "KS-99"}))
    assert own.basis is None
    assert "依据：KS-99\n" in f"{own.to_text()}\n"


@pytest.mark.parametrize(
    ("cite", "says"),
    [
        ("第8条", "《白石桥办件办法》第八条"), ("第八条第2款", "《白石桥办件办法》第八条第二款"),
        ("第2条、第14条第（三）项", "《白石桥办件办法》第二条、第十四条第（三）项"), ("第8条之二", "《白石桥办件办法》第八条之二"),
        ("细则 8", None), ("第8号", None),
    ],
)  # fmt: skip
def test_a_clause_that_names_no_document_is_of_the_only_one(cite: str, says: str | None) -> None:
    one = {"rules": "白石桥办件办法（2026年试行）"}
    assert cited(cite, one) == says
    assert cited(cite, {**one, "annex": "白石桥窗口守则"}) is None
    assert cited(cite, {}) is None


def test_no_paper_bears_the_id_of_a_book() -> None:
    for book in (BOOK, BOOK.amend({"notices.promised_notice.cite": "KS-99"}), BOOK.amend({"notices.promised_notice.cite": "第9条"})):
        made = promised(book)
        assert "kunshan" not in made.to_text() + made.to_html()


@pytest.mark.parametrize("id", shipped_books())
def test_every_clause_of_a_law_can_be_cited(id: str) -> None:
    """Whatever stands before an article is one of the book's sources."""
    contents = load_rulebook(id).contents
    of_laws = {notice.cite for notice in contents.notices.values() if notice.cite and re.search(r"\S +\d+", notice.cite)}
    assert [clause for clause in of_laws if cited(clause, contents.sources, contents.clauses) is None] == []


def test_kinds_of_pauses_go_by_their_names() -> None:
    pause = {"case": "L1", "kind": "force_majeure", "from": DAY}
    (notice,) = papers("reconsideration", {"cases": [{"case": "L1"}], "pauses": [pause]}, kinds="suspended_told").owed
    assert notice.fields[0].value == "不可抗力等正当理由"
    own = load_rulebook("reconsideration").amend({"lists.pause_kinds": {"values": {"force_majeure": "地震"}}})
    (notice,) = papers(own, {"cases": [{"case": "L1"}], "pauses": [pause]}, kinds="suspended_told").owed
    assert notice.fields[0].value == "地震"


@pytest.mark.parametrize("id", shipped_books())
def test_every_kind_of_pause_that_stops_a_shipped_clock_has_a_name(id: str) -> None:
    contents = load_rulebook(id).contents
    kinds = {kind for clock in contents.clocks.values() for kind in clock.pause_kinds}
    assert [kind for kind in sorted(kinds) if kind.isascii() and kind_called(kind, contents) == kind] == []


def test_a_fact_that_many_rows_lack_is_named_once() -> None:
    cases = [FACTS | {"case": f"C{number}", "main_document": "lacking"} for number in range(8)]
    assert "经办人（8 行）" in returned(BOOK, *cases).to_text(blanks=True)
    assert "办件第 2 行的经办人" in returned(BOOK, *cases[:2]).to_text(blanks=True)
