"""Records are frozen, keep unknown apart from no, go through JSON and pickle unchanged, and name every fault at once."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from govservice.errors import GovServiceError, RecordError
from govservice.limits import TimeLimit
from govservice.models import Application, Case, Department, Event, Item, Material, Notice, Record, Staff, Stage, Window

MODELS = [Application, Item, Material, Stage, Case, Event, Notice, Window, Staff, Department]

TEXTS = st.text("申请abc 12", min_size=1, max_size=8).map(str.strip).filter(bool)
BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 10**9),
    Decimal: st.decimals(0, 10**12, places=2),
    date: st.dates(min_value=date(2, 1, 1)),
    datetime: st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31), timezones=st.just(timezone(timedelta(hours=8)))),
    TimeLimit: st.builds(TimeLimit, st.integers(0, 100), st.sampled_from(["workday", "natural_day", "hour", "month"])),
}
LOCAL = st.dictionaries(
    TEXTS.map(lambda name: f"own_{name}"), st.booleans() | st.integers(-(10**9), 10**9) | TEXTS | st.lists(TEXTS), max_size=3
)


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value of a fact, by its type."""
    if annotation in BY_TYPE:
        return BY_TYPE[annotation]
    inner = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) is tuple:
        nested = inner[0]
        return st.lists(records_of(nested) if nested in MODELS else values(nested), max_size=3)
    if inner and all(isinstance(one, str) for one in inner):
        return st.sampled_from(inner)
    return values(inner[0])


def records_of(model: type[Record]) -> st.SearchStrategy[Record]:
    pairs = {"local", "fields"}
    facts = {name: values(field.annotation) for name, field in model.model_fields.items() if name not in pairs}
    own = dict.fromkeys(pairs & set(model.model_fields), LOCAL)
    return st.fixed_dictionaries({}, optional=facts | own).map(model.read)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=20)
@given(data=st.data())
def test_a_record_survives_json_and_pickle_and_its_own_facts(model: type[Record], data: st.DataObject) -> None:
    record = data.draw(records_of(model))
    assert model.model_validate_json(record.model_dump_json()) == record
    assert model.model_validate(record.model_dump()) == record
    assert pickle.loads(pickle.dumps(record)) == record
    assert hash(record) == hash(model.read(record))
    if not model.nested:
        declared = {name: value for name, value in record.facts().items() if name in model.model_fields}
        assert model.read(declared | {"local": dict(record.local)}) == record


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_known_of_an_empty_record(model: type[Record]) -> None:
    assert {name: value for name, value in model().facts().items() if value} == {}
    assert model().warnings() == ()
    assert model.read(dict.fromkeys(model.model_fields, "") | {"local": {}, **({"fields": {}} if model is Notice else {})}) == model()


@pytest.mark.parametrize("model", MODELS)
def test_the_json_schema_speaks_chinese_and_forbids_other_facts(model: type[Record]) -> None:
    schema = model.model_json_schema()
    json.dumps(schema)
    assert schema["title"] == model.model_config["title"]
    assert schema["additionalProperties"] is False
    for name, said in schema["properties"].items():
        assert said["title"] == model.model_fields[name].title
        assert not said["title"].isascii()
        assert said["description"].isascii()


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Application(departments=1).departments = 2


def test_unknown_is_not_no() -> None:
    assert Application.read({"formal": False, "departments": 0, "major": None, "agent": ""}).facts() == {"formal": False, "departments": 0}


def test_facts_go_by_name_or_by_label_but_not_by_both() -> None:
    by_label = Application.read(MappingProxyType({"主件": "有而未带", "承诺补齐": "是", "审批部门数": "２"}))
    assert by_label == Application.read({"main_document": "not_brought", "applicant_promises": True, "departments": 2})
    with pytest.raises(RecordError, match="departments is given twice; give each fact once"):
        Application.read({"departments": 1, "审批部门数": 1})


def test_an_item_brings_its_materials_and_stages_along_as_mappings() -> None:
    item = Item.read({"materials": [{"材料名称": "申请书", "copies": "2"}], "stages": [{"stage": "受理", "limit": "1个工作日"}]})
    assert item.facts() == {
        "materials": [{"material_name": "申请书", "copies": 2}],
        "stages": [{"stage": "受理", "limit": TimeLimit(1, "workday")}],
    }


def test_local_facts_stand_among_the_others_as_the_rulebook_will_type_them() -> None:
    window = Window.read({"window": "W1", "local": {"overall_rating": "good", "fee_cny": 0.1, "since": date(2026, 2, 13), "gone": None}})
    assert window.facts() == {"window": "W1", "overall_rating": "good", "fee_cny": "0.1", "since": "2026-02-13"}


@pytest.mark.parametrize("name", ["departments", "审批部门数", "local"])
def test_a_local_fact_cannot_hide_a_fact_of_the_model(name: str) -> None:
    with pytest.raises(RecordError, match=f"local holds {name}, a fact of the model"):
        Application.read({"local": {name: 3}})


def test_marks_may_differ_by_scheme() -> None:
    event = Event.read({"assessed": {"window_month": "-5", "staff_year": -2}})
    assert event.facts() == {"assessed": {"window_month": Decimal(-5), "staff_year": Decimal(-2)}}
    assert Event.model_validate_json(event.model_dump_json()) == event
    assert json.loads(event.model_dump_json())["assessed"] == {"window_month": "-5", "staff_year": "-2"}


# Faults ----------------------------------------------------------------------------------------------------------------------------


def test_every_fault_of_a_record_is_named_at_once_in_both_languages() -> None:
    with pytest.raises(RecordError) as caught:
        Application.read({"departments": "两个", "nonmain_missing": -1, "formal": "有", "departmnts": 2}, file="a.csv", line=7)
    assert str(caught.value) == (
        "a.csv:7: Application: 4 facts cannot be read:\n"
        "  nonmain_missing: 非主体材料缺件数: -1 is less than 0; give 0 or more\n"
        "  formal: 正式申请: '有' is not yes or no; write true or false, 是 or 否, 1 or 0\n"
        "  departments: 审批部门数: '两个' is not a number; write digits without units: 200\n"
        '  departmnts: no such fact; did you mean "departments"?'
    )
    assert caught.value.text("zh") == (
        "a.csv:7: 申请：4项事实无法读取：\n"
        "  nonmain_missing: 非主体材料缺件数：-1小于零；应不小于 0\n"
        "  formal: 正式申请：'有'不是是或否；请写“是”或“否”\n"
        "  departments: 审批部门数：'两个'不是数字；请只写数字，不带单位，如 200\n"
        "  departmnts: 没有这项事实；是不是“departments”？"
    )


def test_one_fault_says_which_fact_by_id() -> None:
    with pytest.raises(RecordError) as caught:
        Case.read({"received_on": "昨天"})
    assert caught.value.id == "received_on"
    assert str(caught.value) == "received_on: 收件日: '昨天' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"
    assert pickle.loads(pickle.dumps(caught.value)).text("zh") == caught.value.text("zh")


@pytest.mark.parametrize(
    ("model", "facts", "message"),
    [
        (Item, {"materials": [{}, {"copies": "多"}]}, r"^materials\[1\]\.copies: 复印件份数: '多' is not a number; "),
        (Item, {"materials": [{"copie": 1}]}, r'^materials\[0\]\.copie: no such fact; did you mean "copies"\?$'),
        (Item, {"materials": "申请书"}, r"^materials: 申请材料: '申请书' is not a list; write \[\{"),
        (Item, {"stages": [{"limit": "5日"}]}, r"^stages\[0\]\.limit: 环节时限: no limit in '5日'; working days or natural days"),
        (Item, {"case_type": "报备件"}, r"^case_type: 办件类型: '报备件' is not one of the values; one of instant, promised, "),
        (Application, {"hard_to_decide": True}, r'^hard_to_decide: no such fact; a fact of the centre\'s own belongs under "local"$'),
        (Application, {"capital_cny": float("inf")}, r"^capital_cny: 人民币资本额: inf is not a finite number; leave out"),
        (Application, {"local": {"x": object()}}, r"^local: 本地事实: x: <object object at .*> is no value of a fact$"),
        (Application, {"local": 3}, r"^local: 本地事实: 3 is not a mapping of names to values$"),
        (Event, {"assessed": {"window_month": "多"}}, r"^assessed: 认定分值: '多' is not a number; "),
    ],
)
def test_a_fault_says_where_it_is_and_what_to_do(model: type[Record], facts: dict[str, object], message: str) -> None:
    with pytest.raises(RecordError, match=message):
        model.read(facts)


@pytest.mark.parametrize("given", [None, 3, "text", [("a", 1)], {1: 2}, {"materials": "申请书"}, {"materials": [3]}, {"x" * 10_000: 1}])
def test_what_is_no_record_at_all_is_refused_as_briefly(given: Any) -> None:
    with pytest.raises(GovServiceError) as caught:
        Item.read(given)
    assert isinstance(caught.value, RecordError)
    assert 10 < len(str(caught.value)) < 400
    assert caught.value.text("zh") != caught.value.text("en")


def test_a_record_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["materials"] = [loop]
    with pytest.raises(RecordError, match=r"materials\[0\]\.materials: no such fact"):
        Item.read(loop)
