"""What a web framework makes of records and results: schemas that say what is taken, faults in our words, errors as plain JSON."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from govservice import GovServiceError, TimeLimit, classify, load_rulebook
from govservice.audit import CitedAnswer, recorded
from govservice.errors import Fault, LimitError, RecordError, RulebookError, Words
from govservice.models import Application, Case, Item, Record, faults_of
from govservice.records.faults import MappingError


class Asked(BaseModel):
    application: Application
    items: tuple[Item, ...] = ()
    limit: TimeLimit | None = None
    days: int = 0


def faults(given: Any, model: type[BaseModel] | None = Asked, at: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Asked.model_validate(given)
    details = [{**detail, "loc": (*at, *detail["loc"])} for detail in caught.value.errors()]
    return [fault.text("zh") for fault in faults_of(details, model)]


# -- faults


def test_a_fault_within_a_model_of_the_caller_is_said_with_path_label_and_hint() -> None:
    assert faults({"application": {"main_document": "?"}}) == [
        "application.main_document: 主件：'?'不是可用的取值；可用：已带、有而未带、缺少"
    ]


def test_a_fault_deep_within_several_models_has_its_label() -> None:
    (said,) = faults({"application": {}, "items": [{"materials": [{}, {"copies": -1}]}]})
    assert said == "items[0].materials[1].copies: 复印件份数：-1小于零；应不小于 0"


def test_where_a_framework_found_it_is_no_part_of_the_path() -> None:
    given = {"application": {"main_documnt": "present"}}
    assert faults(given, at=("body",)) == faults(given) == ["application.main_documnt: 没有这项事实；是不是“main_document”？"]


def test_without_the_model_the_path_and_the_words_stay() -> None:
    assert faults({"application": {"main_document": "?"}}, None) == [
        "application.main_document: '?'不是可用的取值；可用：已带、有而未带、缺少"
    ]


def test_what_pydantic_itself_finds_is_said_in_chinese() -> None:
    assert faults({}) == ["application: 缺少此项；请补上"]
    assert faults({"application": 3}) == ["application: 3不是对象；请写成 {名称: 值, ..}"]
    with pytest.raises(ValidationError) as caught:
        Asked.model_validate_json("{")
    assert faults_of(caught.value.errors())[0].text("zh").startswith("不是 JSON：")


def test_an_error_of_ours_that_is_a_valueerror_keeps_its_words() -> None:
    (said,) = faults({"application": {}, "limit": {"value": "-1", "unit": "workday"}})
    with pytest.raises(LimitError) as caught:
        TimeLimit("-1", "workday")
    assert said == f"limit: {caught.value.text('zh')}"


def test_a_result_that_was_not_ours_is_said_in_our_words() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(CitedAnswer).validate_python({"format": "Other/1"})
    (fault,) = faults_of(caught.value.errors())
    assert "CitedAnswer.to_dict()" in fault.text("zh")


def test_a_thousand_faults_are_the_first_fifty() -> None:
    assert len(faults({"application": {f"x{number}": 1 for number in range(1_000)}})) == 50


# -- errors as plain JSON


def kinds(kind: type[GovServiceError] = GovServiceError) -> list[type[GovServiceError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in kinds(below))]


ERRORS = [kind for kind in kinds() if kind.__module__.startswith("govservice.errors") and not issubclass(kind, RulebookError)]


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_has_a_form_in_json(kind: type[GovServiceError]) -> None:
    error = kind(Words("a", "甲"), why="w", hint=Words("b", "乙"), id="x", line=3, file="f.yaml", column=2, quote="q\n^")
    written = json.loads(json.dumps(error.to_dict()))
    assert written == {
        "error": kind.__name__,
        "faults": [
            {
                "what": {"en": "a", "zh": "甲"}, "why": {"en": "w", "zh": "w"}, "hint": {"en": "b", "zh": "乙"},
                "file": "f.yaml", "line": 3, "column": 2, "id": "x", "quote": "q\n^",
            }
        ],
    }  # fmt: skip
    assert pickle.loads(pickle.dumps(error)).to_dict() == error.to_dict()


@pytest.mark.parametrize("kind", [RulebookError, MappingError])
def test_several_faults_are_listed_each(kind: Any) -> None:
    error = kind([Fault(Words("a", "甲")), Fault(Words("b", "乙"))])
    assert [fault["what"]["zh"] for fault in error.to_dict()["faults"]] == ["甲", "乙"]


def test_a_record_that_cannot_be_read_lists_its_faults() -> None:
    with pytest.raises(RecordError) as caught:
        Application.read({"main_document": "?", "departments": -1})
    assert [fault.id for fault in caught.value.faults] == ["main_document", "departments"]


def test_what_would_steer_a_terminal_is_spelled_out_in_json_too() -> None:
    written = json.dumps(GovServiceError("a\x1b[2J" + "x" * 5_000, id="\u202e").to_dict())
    assert "\\u001b" not in written
    assert "\\u202e" not in written.replace("\\\\u202e", "")
    assert len(written) < 10_000


# -- schemas


@pytest.mark.parametrize("model", [Application, Case, Item])
def test_a_schema_describes_in_one_line(model: type[Record]) -> None:
    schema = TypeAdapter(model).json_schema()
    assert ">>>" not in json.dumps(schema)
    assert schema["description"]
    assert schema["properties"]["local"]["default"] == {}


@pytest.mark.parametrize("limit", ["5个工作日", {"value": "5", "unit": "workday"}, {"value": 5, "unit": "workday"}, None])
def test_the_schema_of_a_limit_takes_what_the_model_takes(limit: object) -> None:
    Case.model_validate({"promised_limit": limit})
    Draft202012Validator(TypeAdapter(Case).json_schema()).validate({"promised_limit": limit})


def test_a_limit_is_written_as_its_schema_says() -> None:
    case = TypeAdapter(Case)
    Draft202012Validator(case.json_schema(mode="serialization")).validate(json.loads(case.dump_json(Case(promised_limit="5个工作日"))))


def test_a_kept_answer_is_a_type_of_pydantic() -> None:
    answer = recorded(classify, {"recognised_urgent": True}, load_rulebook("kunshan"), on="2026-11-20").answer
    adapter = TypeAdapter(CitedAnswer)
    assert adapter.dump_python(answer, mode="json") == answer.to_dict()
    assert adapter.validate_json(answer.to_json()) == answer
    Draft202012Validator(adapter.json_schema(mode="serialization")).validate(answer.to_dict())


def test_a_kept_answer_with_half_a_character_has_a_form_in_utf8() -> None:
    answer = recorded(classify, {"recognised_urgent": True, "unheard \ud800": "\udfff"}, load_rulebook("kunshan"), on="2026-11-20").answer
    again = CitedAnswer.from_json(answer.to_json().encode())
    assert again == answer
    assert again.intact
