"""Laws of every public result: the same again from JSON and from a pickle, short in a console, and a value that pydantic takes."""

from __future__ import annotations

import dataclasses
import json
import pickle
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from govservice import china, classify, deadline, load_rulebook
from govservice.as_json import FORMAT, AsJson, declared
from govservice.brief import LONGEST
from govservice.errors import RecordError
from govservice.strategies import CaseHistory
from tests.results import drawn, result_classes

CLASSES = result_classes()
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
EACH = pytest.mark.parametrize("kind", CLASSES, ids=[kind.__name__ for kind in CLASSES])


def test_what_the_verbs_give_is_among_them() -> None:
    names = {kind.__name__ for kind in CLASSES}
    assert names >= {
        "AlarmReading", "ApplicationResult", "CaseResult", "Classification", "ClockReading", "CopyOwed", "Day", "Deadline", "Due",
        "Grading", "Line", "ListedFact", "Measured", "MonthView", "Moved", "NoticeOwed", "Outcome", "Period", "Run", "Scorecard",
        "SetAside", "Step", "YearView",
    }  # fmt: skip


@EACH
@FEW
@given(data=st.data())
def test_every_result_is_the_same_again_short_and_a_response(kind: type[AsJson], data: st.DataObject) -> None:
    """From JSON and from a pickle; in a console; and as a web framework takes a value of its response model: validated, then dumped."""
    made = data.draw(drawn(kind))
    assert pickle.loads(pickle.dumps(made)) == made
    again = kind.from_json(made.to_json())
    assert again == made
    assert again.to_dict() == made.to_dict() == json.loads(json.dumps(made.to_dict()))
    assert made.to_dict()["format"] == f"{kind.__name__}/{FORMAT}"
    assert len(repr(made)) <= LONGEST or kind is CaseHistory  # which is drawn, and prints as text that makes it again
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    assert adapter.validate_python(made, from_attributes=True) is made
    assert adapter.dump_python(made, mode="json") == made.to_dict()
    assert adapter.validate_json(adapter.dump_json(made)) == made


@EACH
def test_every_result_says_what_it_is_in_an_interface_description(kind: type[AsJson]) -> None:
    schema = TypeAdapter(list[kind]).json_schema(mode="serialization")
    assert schema["items"]["title"] == kind.__name__
    assert list(schema["items"]["properties"])[1:] == [name for name, _ in declared(kind)]


def test_a_result_is_not_full_of_its_bookkeeping_for_those_who_take_dataclasses_apart() -> None:
    plain = dataclasses.asdict(deadline("5个工作日", date(2026, 4, 29)))
    assert set(plain) == {"limit", "start", "due", "due_on", "due_at", "official", "warnings"}


@pytest.mark.parametrize("garbage", [None, 3, "x", [], {}, {"format": "Day/99"}, {"format": "Deadline/1"}, {"date": []}, {"date": "x"}])
@EACH
def test_garbage_is_refused_in_our_words(kind: type[AsJson], garbage: Any) -> None:
    with pytest.raises(RecordError, match=f"not what {kind.__name__}"):
        kind.from_dict(garbage)
    with pytest.raises(RecordError):
        kind.from_json(json.dumps(garbage))
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(garbage)


@FEW
@given(data=st.data())
def test_a_result_with_a_part_exchanged_is_read_or_refused_in_our_words(data: st.DataObject) -> None:
    done = classify({"正式申请": True, "主件": "有而未带"}, load_rulebook("kunshan"), on=date(2026, 11, 20))
    written = json.loads(done.to_json())
    junk = data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({}) | st.just({"date": "x"}))
    written[data.draw(st.sampled_from(sorted(written)))] = junk
    try:
        repr(type(done).from_dict(written))
    except RecordError:
        return


def test_text_that_is_no_json_is_refused() -> None:
    for text in ("", "{", b"\xff", "NaN", "[" * 100_000):
        with pytest.raises(RecordError):
            type(china().day(date(2026, 2, 14))).from_json(text)
