"""Records: what may be given, in what shape, and how what cannot be read is refused by table, row and column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars
import pyarrow
import pytest

from govservice import Rulebook, Scorecard, score
from govservice.errors import RecordError
from govservice.models import Event, Staff

from .centre import among_all, card, event, month, said, staff, total

LATE = month("{id: late, for: late, when: not excused, points: -1 * minutes}", more="title: 月度考核")


def aside(of: Rulebook, records: Any) -> str:
    """What a card says of rows that were set apart."""
    known = {"staff": [*records.get("staff", ()), {"staff": "S1"}], **{name: rows for name, rows in records.items() if name != "staff"}}
    return "; ".join(note.en for note in score(of, "month", known, subject="S1", period="2026-10").notes)


def fault(of: Rulebook, records: Any, **more: Any) -> tuple[str, str, str | None]:
    with pytest.raises(RecordError) as caught:
        score(of, "month", records, subject="S1", period="2026-10", **more)
    return caught.value.what.en, caught.value.what.zh, caught.value.id


ROWS = [event("late", 12, minutes=3), event("late", 13, minutes=4, excused=True), event("late", 14, minutes=5)]
FRAMES = {
    "mappings": lambda rows: rows,
    "a generator": iter,
    "models": lambda rows: [
        Event(**{k: v for k, v in row.items() if k != "excused"}, local={"excused": row.get("excused", False)}) for row in rows
    ],
    "polars": polars.DataFrame,
    "polars, lazy": polars.LazyFrame,
    "pandas": lambda rows: pytest.importorskip("pandas").DataFrame(rows),
    "pandas, own missing values": lambda rows: pytest.importorskip("pandas").DataFrame(rows).convert_dtypes(),
    "pyarrow": pyarrow.Table.from_pylist,
}


@pytest.mark.parametrize("shape", FRAMES)
def test_rows_models_and_frames_are_read_alike(shape: str) -> None:
    every = {key: None for row in ROWS for key in row}
    assert total(LATE, events=FRAMES[shape]([every | row for row in ROWS])) == 92


def test_a_number_that_a_frame_made_a_float_is_the_subject_it_was() -> None:
    events = pytest.importorskip("pandas").DataFrame(
        {"kind": ["late", "late"], "on": ["2026-10-12"] * 2, "staff": [7, None], "minutes": [3, 4], "window": [None, "W1"]}
    )
    assert total(LATE, events=events, staff=[{"staff": 7}], subject="7") == 97


def test_a_fact_may_be_given_by_label_and_by_the_label_of_its_kind() -> None:
    row = {"事件种类": "迟到", "发生日": "2026年10月12日", "当事人": "S1", "分钟数": "3", "已请假": "否"}
    assert total(LATE, events=[row]) == 97


def test_a_table_may_be_given_by_label() -> None:
    assert score(LATE, "month", {"事件": [event("late", minutes=3)]}, subject="S1", period="2026-10").total == 97


def test_a_model_of_a_person_is_a_row() -> None:
    assert total(LATE, event("late", minutes=3), staff=[Staff(staff="S1")]) == 97


def test_a_moment_is_of_its_day_in_shanghai() -> None:
    assert total(LATE, {**event("late", minutes=3), "on": datetime(2026, 9, 30, 16, 30, tzinfo=UTC)}) == 97
    assert total(LATE, {**event("late", minutes=3), "on": datetime(2026, 9, 30, 23, 59)}) == 100


def test_an_unknown_table_is_refused_with_the_nearest() -> None:
    with pytest.raises(RecordError) as caught:
        card(LATE, evnts=[])
    assert (caught.value.what.en, caught.value.hint.en) == ('no table "evnts" in centre', 'did you mean "events"?')


def test_a_row_of_an_unknown_kind_is_set_apart_with_the_nearest() -> None:
    said = aside(LATE, {"events": [event("late"), event("latte")]})
    assert """row 2 of events is set apart: no kind of event 'latte'; did you mean "late"?""" in said
    assert "row 1 of events is set apart: events:1 names no kind of event" in aside(LATE, {"events": [{"on": "2026-10-12", "staff": "S1"}]})


def test_a_row_that_is_no_mapping_is_refused_with_its_number() -> None:
    assert fault(LATE, {"events": [event("late"), "late"]})[2] == "events:2"
    assert fault(LATE, {"events": "late"})[2] == "events"
    assert fault(LATE, {"events": {"kind": ["late"]}})[2] == "events"


def test_a_row_with_a_bad_date_is_set_apart() -> None:
    assert "row 1 of events is set apart: " in aside(LATE, {"events": [event("late", "2026-02-30")]})
    assert "row 1 of staff is set apart: " in aside(LATE, {"staff": [staff(from_="soon")]})
    assert "row 1 of staff is set apart: " in aside(LATE, {"staff": [staff(period="2026-13")]})


def test_a_row_set_apart_stops_nobody_else() -> None:
    rows = [event("late", "2026-02-30"), event("late", 12, minutes=3), event("latte")]
    assert total(LATE, *rows) == 97


def test_a_row_of_one_who_leaves_before_coming_is_set_apart() -> None:
    row = staff(from_=date(2026, 10, 9), until=date(2026, 10, 8))
    assert "staff:1 ends on 2026-10-08, before it begins on 2026-10-09" in aside(LATE, {"staff": [row]})


def test_a_fact_given_twice_must_say_one_thing() -> None:
    assert total(LATE, {**event("late", minutes=3), "分钟数": 3}) == 97
    assert "row 1 of events is set apart: minutes is given twice" in aside(LATE, {"events": [{**event("late", minutes=3), "分钟数": 4}]})


def test_a_number_that_is_none_leaves_its_row_open_and_is_told() -> None:
    assert fault(LATE, {"events": [event("late", minutes="many")]})[2] == "minutes"
    found = among_all(LATE, event("late", minutes="many"))
    assert (found.total, found.open[0].needs) == (None, ("late:1.minutes",))
    assert any("late:1.minutes cannot be used: " in note.en for note in found.notes)


def test_a_subject_that_no_record_names_is_refused_with_the_nearest() -> None:
    with pytest.raises(RecordError) as caught:
        card(LATE, event("late", minutes=1), staff=[staff("S10")], subject="S01")
    assert caught.value.what == ("no staff 'S01' in the records", "记录里没有工作人员（staff）“S01”")
    assert caught.value.hint.en in ('did you mean "S1"?', 'did you mean "S10"?')


def test_a_subject_row_must_name_its_subject() -> None:
    assert "row 1 of staff is set apart: it names no staff" in aside(LATE, {"staff": [{"role": "front"}]})


def test_a_subject_whose_only_row_is_set_apart_is_refused_with_the_reason() -> None:
    with pytest.raises(RecordError) as caught:
        score(LATE, "month", {"staff": [staff(from_="soon")]}, subject="S1", period="2026-10")
    assert "row 1 of staff is set apart" in caught.value.why.en


def test_rows_without_a_day_count_in_no_period_and_are_listed() -> None:
    found = card(LATE, event("late", None, minutes=9), event("late", 12, minutes=3), event("late", "", minutes=9))
    assert found.total == 97
    assert [note.en for note in found.notes] == ["rows 1, 3 of events have no day and count in no period"]


def test_events_that_name_nobody_are_listed() -> None:
    found = card(LATE, event("late", 12, None, minutes=9))
    assert found.total == 100
    assert [note.zh for note in found.notes] == ["事件（events）第 1 行没有写当事人、窗口或部门，不计入任何一方"]


def test_a_key_that_is_no_fact_is_told_of_whichever_row_has_it() -> None:
    late = {"kind": "late", "staff": "S1", "on": "2026-10-12"}
    told = "'minuets' of events is no fact and is not used (rows 2, 4); did you mean \"minutes\"?"
    of = month("{id: late, for: late, points: -1}")
    assert said(card(of, late, late | {"minuets": 3}, late | {"minutes": 3}, late | {"minuets": 5})) == told


def test_what_is_given_is_not_changed() -> None:
    rows = [event("late", minutes=3)]
    before = [dict(row) for row in rows]
    card(LATE, events=rows)
    assert rows == before


def test_what_is_said_of_several_rows_is_said_of_several() -> None:
    said = aside(LATE, {"events": [event("latte"), event("latte"), {"kind": "late", "on": "2026-10-12"}]})
    assert "rows 1, 2 of events are set apart: no kind of event 'latte'" in said
    assert "row 3 of events names nobody: counted for nobody" in said


# -- a card tells of the rows that may matter to it


def test_a_card_tells_of_no_row_that_is_surely_somebody_elses() -> None:
    of = month("{id: late, for: late, points: -1}")
    events = [event("lates", staff="S2"), event("lates", staff="S1"), event("lates", staff=None), event("late", "十月", staff="S2")]
    told = {one.subject: [note.en for note in one.notes] for one in cards_of_two(of, events)}
    assert told == {
        "S1": [
            'rows 2, 3 of events are set apart: no kind of event \'lates\'; did you mean "late"?'
        ],
        "S2": [
            'rows 1, 3 of events are set apart: no kind of event \'lates\'; did you mean "late"?',
            "row 4 of events is set apart: '十月' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("item", ["{id: late, for: late, of: all, points: -1}", '{id: late, points: "-1 * count(late, of=window)"}'])
def test_where_a_score_reads_the_rows_of_others_its_card_tells_of_them_all(item: str) -> None:
    found = cards_of_two(month(item), [event("lates", staff="S2")])
    assert all(any("row 1 of events is set apart" in note.en for note in one.notes) for one in found)


def test_a_row_of_somebody_who_has_no_card_is_told_on_all() -> None:
    of = month("{id: late, for: late, points: -1}", more="who: months_served >= 6")
    people = [staff("S1", months_served=7), staff("S2", months_served=7), staff("S3", months_served=1)]
    found = score(of, "month", {"events": [event("lates", staff="S3")], "staff": people}, period="2026-10")
    assert [(one.subject, len(one.notes)) for one in found] == [("S1", 1), ("S2", 1)]


def cards_of_two(of: Rulebook, events: list[dict[str, object]]) -> list[Scorecard]:
    return score(of, "month", {"events": events, "staff": [staff("S1", window="W1"), staff("S2", window="W1")]}, period="2026-10")
