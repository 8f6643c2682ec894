"""Notices owed: to whom, stating what, and never printed while something is lacking."""

import json
import pickle
from datetime import date

import pytest

from govservice import classify, load_rulebook
from govservice.errors import NoticeError
from govservice.notices import NoticeOwed

KUNSHAN = load_rulebook("kunshan")
DAY = date(2026, 2, 13)
INCOMPLETE = {"main_document": "not_brought", "formal": True}


def notice_of(facts: dict[str, object], **more: object) -> NoticeOwed:
    (notice,) = classify(facts, KUNSHAN, on=DAY, **more).notices  # type: ignore[arg-type]
    return notice


def test_a_supplement_notice_states_everything_missing_and_goes_to_three() -> None:
    notice = notice_of(INCOMPLETE | {"missing_materials": ["验资报告", "章程"], "case": "C1", "window_name": "工商局"})
    assert notice.to_text(number="2026-17", issued_on=DAY) == (
        "行政审批服务中心工商局窗口补办件通知书\n编号：2026-17\n日期：2026年2月13日\n\n需补办事项：\n  1. 验资报告\n  2. 章程\n"
        "办件编号：C1\n事项名称：__________\n申请人：__________\n收件日：__________\n办事时限从服务对象补齐材料之日起计算。\n\n"
        "一式三联：第一联窗口；第二联业务科（当天送达）；第三联服务对象\n窗口经办人：__________\n服务对象：__________\n"
        "（盖章）行政审批服务中心工商局窗口\n依据：《审批服务操作规程》"
    )


def test_a_notice_that_lacks_what_it_must_state_says_so_and_is_not_printed() -> None:
    notice = notice_of(INCOMPLETE)
    assert notice.lacks == ("需补办事项",)
    with pytest.raises(NoticeError) as refused:
        notice.to_text()
    assert str(refused.value) == "supplement_notice: supplement_notice lacks what it must state: 需补办事项; give these facts first"


def test_an_empty_list_of_what_is_missing_is_lacking_too() -> None:
    assert notice_of(INCOMPLETE | {"missing_materials": []}).lacks == ("需补办事项",)


def test_number_and_day_are_blanks_to_fill_in_where_they_are_not_given() -> None:
    assert "编号：__________\n日期：____年__月__日" in notice_of(INCOMPLETE | {"missing_materials": ["章程"]}).to_text()


def test_a_promise_states_its_due_day_as_soon_as_limit_and_start_are_known() -> None:
    complete = {
        "main_document": "present", "nonmain_missing": 0, "attachments_missing": 0, "formal": True, "meets_conditions": True,
        "needs_review": True,
        "departments": 1, "simple": False, "plainly_against_policy": False, "plainly_against_plan": False, "applicant_promises": False,
    }  # fmt: skip
    assert notice_of(complete).lacks == ("承诺时限到期日",)
    promised = notice_of(complete | {"materials_completed_on": DAY, "promised_limit": "5个工作日"})
    assert "承诺时限到期日：2026年2月27日" in promised.to_text()


def test_what_is_missing_is_told_once_a_second_notice_is_marked_with_what_it_adds() -> None:
    first = {"kind": "supplement_notice", "number": "2026-17", "fields": {"missing_materials": ["验资报告"]}}
    second = notice_of(INCOMPLETE | {"missing_materials": ["验资报告", "章程"]}, issued=[first])
    assert (second.earlier, second.added) == ("2026-17", ("章程",))
    assert "此前已于2026-17告知，本次增列：章程" in second.to_text()


def test_whether_a_notice_is_owed_may_be_open() -> None:
    result = classify({}, KUNSHAN, on=DAY)
    assert result.notices == ()
    assert "supplement_notice" in result.undecided_notices


def test_a_notice_is_the_same_again_from_json_and_from_a_pickle() -> None:
    notice = notice_of(INCOMPLETE | {"missing_materials": ["验资报告"]})
    assert NoticeOwed.from_dict(json.loads(json.dumps(notice.to_dict()))) == notice
    assert pickle.loads(pickle.dumps(notice)) == notice


@pytest.mark.parametrize(
    ("departments", "owed"), [(1, ["promised_notice", "urgent_slip"]), (2, ["joint_notice", "joint_departments_told", "urgent_slip"])]
)
def test_an_urgent_case_is_owed_the_notice_of_the_procedure_that_it_follows(departments: int, owed: list[str]) -> None:
    facts = {"recognised_urgent": True, "departments": departments, "main_document": "present"}
    assert [notice.kind for notice in classify(facts, KUNSHAN, on=DAY).notices] == owed


def test_the_departments_of_a_joint_case_are_told_at_once() -> None:
    facts = {"recognised_urgent": True, "departments": 2, "main_document": "present"}
    (told,) = (notice for notice in classify(facts, KUNSHAN, on=DAY).notices if notice.kind == "joint_departments_told")
    assert [copy.to for copy in told.copies] == ["有关部门"]  # “立即”不是时限：没有送达的期限可写
    assert told.copies[0].within is None
