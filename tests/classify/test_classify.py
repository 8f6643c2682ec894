"""One application, one case type: what an officer would expect, and what the result carries."""

import json
import pickle
from datetime import date

import pytest

from govservice import classify, load_rulebook
from govservice.classify import Classification
from govservice.errors import ConflictError, DateNeeded, RecordError
from govservice.models import Application

KUNSHAN = load_rulebook("kunshan")
DAY = date(2026, 11, 20)
COMPLETE = {"main_document": "present", "nonmain_missing": 0, "attachments_missing": 0, "formal": True, "meets_conditions": True}
PLAIN = COMPLETE | {
    "ordinary": True, "simple": False, "needs_review": True, "departments": 1, "plainly_against_policy": False,
    "plainly_against_plan": False,
    "applicant_promises": False,
}  # fmt: skip


def test_an_application_may_be_a_model_a_mapping_by_names_or_by_chinese_labels() -> None:
    by_name = classify({"recognised_urgent": True}, KUNSHAN, on=DAY)
    by_label = classify({"中心认定急办": "是"}, KUNSHAN, on=DAY)
    by_model = classify(Application(recognised_urgent=True), KUNSHAN, on=DAY)
    assert by_name.case_type == by_label.case_type == by_model.case_type == "urgent"


def test_the_same_fact_by_name_and_by_label_must_agree() -> None:
    assert classify({"recognised_urgent": True, "中心认定急办": True}, KUNSHAN, on=DAY).case_type == "urgent"
    with pytest.raises(RecordError, match="recognised_urgent is given twice"):
        classify({"recognised_urgent": True, "中心认定急办": False}, KUNSHAN, on=DAY)


def test_a_local_type_has_the_national_code_of_other() -> None:
    urgent = classify({"recognised_urgent": True}, KUNSHAN, on=DAY)
    assert (urgent.label, urgent.canonical, urgent.national_code) == ("急办件", "urgent", 9)


def test_where_no_rule_fits_there_is_no_case_type_and_nothing_is_open() -> None:
    gap = classify(PLAIN | {"needs_review": False, "needs_survey": False}, KUNSHAN, on=DAY)
    assert (gap.case_type, gap.label, gap.national_code, gap.open, gap.rule) == (None, None, None, False, None)
    assert gap.decisions["case_type"].gap
    assert "没有一条规则适用" in gap.explain("zh")


def test_an_open_case_type_has_no_code_and_names_what_would_settle_it() -> None:
    facts = {key: value for key, value in PLAIN.items() if key != "departments"}
    result = classify(facts, KUNSHAN, on=DAY)
    assert (result.case_type, result.national_code, result.open) == (None, None, True)
    assert result.possible == ("joint", "promised")
    assert result.undecided == ("departments",)


def test_a_setting_not_given_leaves_the_outcome_open_and_is_named() -> None:
    facts = PLAIN | {"attachments_missing": 1, "missing_affects_approval": False}
    assert "few_attachments" in classify(facts, KUNSHAN, on=DAY).undecided
    given = load_rulebook("kunshan", settings={"few_attachments": 2})
    assert classify(facts, given, on=DAY).rule == "supplement/few-attachments"


def test_a_recorded_case_type_does_not_stand_in_the_way_of_deciding_it() -> None:
    assert classify(PLAIN | {"case_type": "instant"}, KUNSHAN, on=DAY).case_type == "promised"


def test_a_book_that_decides_no_case_type_keeps_the_recorded_one() -> None:
    law = load_rulebook("licensing-law")
    recorded = classify({"case_type": "即办件"}, law, on=DAY)
    assert (recorded.case_type, recorded.label, recorded.national_code, recorded.open) == ("instant", "即办件", 1, False)
    nothing = classify({}, law, on=DAY)
    assert (nothing.case_type, nothing.open, nothing.undecided) == (None, True, ("case_type",))


def test_keys_that_are_no_declared_fact_are_listed() -> None:
    assert classify(PLAIN | {"colour": "red", "备注": "x"}, KUNSHAN, on=DAY).unused == ("colour", "备注")


def test_a_book_with_dated_rules_needs_a_day_or_itself_as_of_one() -> None:
    with pytest.raises(DateNeeded, match="kunshan: the rulebook has dated rules; say on which day"):
        classify(PLAIN, KUNSHAN)
    assert classify(PLAIN, KUNSHAN.on(DAY)).case_type == "promised"


def test_a_fact_of_the_wrong_type_is_refused_by_name_in_both_languages() -> None:
    with pytest.raises(RecordError) as refused:
        classify(PLAIN | {"departments": "two"}, KUNSHAN, on=DAY)
    assert str(refused.value) == "departments: departments must be an integer: 'two' is not a number; write digits without units: 200"
    assert refused.value.text("zh") == "审批部门数: “审批部门数”应为整数：'two'不是数字；请只写数字，不带单位，如 200"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, [1], "1e9", "", None])
def test_a_number_that_is_none_is_refused_or_unknown_never_guessed(value: object) -> None:
    facts = PLAIN | {"departments": value}
    if value in ("", None) or value != value:  # noqa: PLR0124 - what a data frame puts where a number is missing
        assert classify(facts, KUNSHAN, on=DAY).open
    else:
        with pytest.raises(RecordError, match="departments"):
            classify(facts, KUNSHAN, on=DAY)


def test_full_width_digits_and_chinese_dates_are_read() -> None:
    assert classify(PLAIN | {"departments": "２"}, KUNSHAN, on=DAY).case_type == "joint"


def test_two_rules_of_a_table_that_promised_to_agree_are_a_conflict_naming_both() -> None:
    with pytest.raises(ConflictError) as conflict:
        KUNSHAN.decide("leave_approval", {"leave_days": 1}, on=DAY)
    assert str(conflict.value) == (
        "leave_approval: the rules up-to-one-day and from-one-day both hold; leave_approval promises hit: unique; "
        "mend the conditions, or order the rules with hit: first"
    )


def test_the_result_is_the_same_again_from_json_and_from_a_pickle() -> None:
    result = classify(PLAIN | {"missing_materials": ["验资报告"], "departments": None}, KUNSHAN, on=DAY)
    assert Classification.from_dict(json.loads(json.dumps(result.to_dict()))).to_dict() == result.to_dict()
    assert pickle.loads(pickle.dumps(result)) == result


def test_the_explanation_names_rule_facts_and_clause_in_both_languages() -> None:
    result = classify(PLAIN, KUNSHAN, on=DAY)
    assert result.explain().splitlines()[:3] == [
        "case_type 办件分类: promised (承诺件)",
        "  by rule promised [KS-3]: materials_complete and (needs_review or needs_survey)",
        "    where materials_complete 材料齐全 = true, needs_review 需审核 = true",
    ]
    assert result.explain("zh").splitlines()[:3] == [
        "办件分类: 承诺件",
        "  依规则 promised [KS-3]：材料齐全 且 (需审核 或 需现场踏勘)",
        "    其中 材料齐全 = 是，需审核 = 是",
    ]


def test_classifying_changes_nothing_that_was_given() -> None:
    facts = dict(PLAIN)
    classify(facts, KUNSHAN, on=DAY)
    assert facts == PLAIN
