"""Laws of answers that are kept: each is the same when it is worked out again, and says what is another where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import __version__, china, classify, clocks, deadline, due, grade, load_rulebook, measure, score, what_if
from govservice.audit import CitedAnswer, Recorded, recorded, verify
from govservice.calendars import OfficeHours, WorkCalendar
from govservice.deadlines import case_outcomes
from govservice.errors import DecisionError, GovServiceError, RecordError
from govservice.models import Application, Item
from govservice.papers import papers
from govservice.sample import centre_year
from govservice.scoring import read_ledger

BOOK = load_rulebook("kunshan")
CASE = {
    "case": "C1", "window": "W1", "staff": "S1", "case_type": "returned", "received_on": date(2026, 2, 13),
    "accepted_on": date(2026, 2, 13), "promised_days": 5, "pauses": [{"from": date(2026, 2, 25), "until": date(2026, 2, 26)}],
}  # fmt: skip
EVENT = {"event": "E1", "kind": "complaint", "window": "W1", "on": date(2026, 2, 16)}
RECORDS = {"cases": [CASE], "events": [EVENT], "window": [{"window": "W1"}]}
YEAR = centre_year(cases=120, seed=3)
WIDER = BOOK.amend({"decisions.green_channel.rules.domestic.when": 'project_kind == "enterprise" and capital_cny >= 1000000'})
ASKED: dict[str, Callable[[], Recorded[Any]]] = {
    "classify": lambda: recorded(classify, {"正式申请": True, "主件": "有而未带", "所缺材料": ["验资报告"]}, BOOK, on=date(2026, 11, 20)),
    "classify a model": lambda: recorded(classify, Application(formal=True), "kunshan", on="2026-11-20"),
    "decide": lambda: recorded(BOOK.decide, "leave_approval", {"leave_days": "0.5"}, on=date(2026, 11, 20)),
    "deadline": lambda: recorded(
        deadline,
        "5个工作日",
        datetime(2026, 4, 29, 16, 40),
        china().amend(rest_days=[date(2026, 5, 7)], source="本地通知"),
        hours=OfficeHours("09:00-12:00 13:00-17:00"),
        pauses=iter([(date(2026, 5, 8), date(2026, 5, 9))]),
        ends="close",
    ),
    "deadline elsewhere": lambda: recorded(deadline, "5个工作日", date(2015, 4, 17), WorkCalendar.of("US", subdiv="MA")),
    "clocks": lambda: recorded(clocks, CASE, BOOK, now="2026-03-10"),
    "due": lambda: recorded(due, CASE, BOOK, now=datetime(2026, 3, 10, 9, 30)),
    "no due day": lambda: recorded(due, {"case": "C2"}, load_rulebook("rating"), now="2026-03-10"),
    "case_outcomes": lambda: recorded(case_outcomes, CASE, BOOK, now="2026-03-10"),
    "score": lambda: recorded(score, BOOK, "window_month", RECORDS, subject="W1", period="2026-02"),
    "score everyone": lambda: recorded(score, BOOK, "window_month", {name: iter(rows) for name, rows in RECORDS.items()}, period="2026-02"),
    "grade": lambda: recorded(grade, BOOK, "red_flag", RECORDS, period="2026-B1"),
    "measure": lambda: recorded(measure, BOOK, "completion_percent", RECORDS, subject="W1", period="2026-02"),
    "papers": lambda: recorded(papers, BOOK, RECORDS, kinds="returned_register", period="2026-02"),
    "what_if": lambda: recorded(what_if, BOOK, WIDER, YEAR, period="2025-01"),
}
EACH = pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)


def books_of(name: str) -> Any:
    return {"before": BOOK, "after": WIDER} if name == "what_if" else None


@pytest.mark.parametrize("name", ASKED)
def test_every_kind_of_answer_is_the_same_again_from_its_file(name: str, tmp_path: Path) -> None:
    kept = ASKED[name]()
    file = kept.answer.write(tmp_path / "answer.json")
    again = CitedAnswer.read(file)
    assert again.to_dict() == kept.answer.to_dict()
    assert again.intact
    found = verify(file, book=books_of(name))
    assert (found.same, found.intact, found.differences, found.reasons, found.fault) == (True, True, (), (), None)


@pytest.mark.parametrize("name", [name for name in ASKED if "deadline" not in name])
def test_every_kind_of_answer_is_the_same_under_a_frozen_book_whatever_the_book_has_become(name: str, tmp_path: Path) -> None:
    kept = ASKED[name]()
    frozen: Any = {
        argument: {"book": load_rulebook(cited.id), "before": BOOK, "after": WIDER}[argument].freeze(
            tmp_path / f"{argument}.frozen.json", calendar=china()
        )
        for argument, cited in kept.answer.books.items()
    }
    found = verify(kept.answer, book=frozen)
    assert (found.same, found.reasons) == (True, ())


@EACH
def test_the_verb_answers_as_it_does_when_nothing_is_kept(asked: Callable[[], Recorded[Any]]) -> None:
    assert asked().answer.to_dict() == asked().answer.to_dict()


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_without_its_facts_needs_them_and_knows_them(name: str) -> None:
    kept = ASKED[name]().answer
    bare = kept.without_facts()
    assert bare.intact
    if not kept.given:
        assert verify(bare).same
        return
    with pytest.raises(RecordError, match="does not hold"):
        verify(bare, book=books_of(name))
    supplied = {"records": YEAR if name == "what_if" else RECORDS} if "records" in kept.given else {
        "facts": {
            "classify": {"正式申请": True, "主件": "有而未带", "所缺材料": ["验资报告"]}, "classify a model": Application(formal=True),
            "decide": {"leave_days": "0.5"}, "no due day": {"case": "C2"},
        }.get(name, CASE)
    }  # fmt: skip
    found = verify(bare, book=books_of(name), **supplied)
    assert (found.same, found.reasons) == (True, ())
    others: dict[str, Any] = {"records": {"cases": []}} if "records" in supplied else {"facts": {"正式申请": False}}
    told = verify(bare, book=books_of(name), **others)
    assert "the facts or records are not those of then" in [reason.en for reason in told.reasons]


def test_what_the_answer_names_of_the_facts_stays_and_the_row_names_none() -> None:
    facts = {"正式申请": True, "主件": "有而未带", "申请人": "某甲"}
    answer = recorded(classify, facts, BOOK, on=date(2026, 11, 20)).answer.without_facts()
    assert answer.given is None
    assert "某甲" in answer.to_json()  # the notice that is owed is for him
    assert not any("某甲" in str(value) for value in answer.row().values())


def test_another_book_is_named_with_the_entries_that_differ() -> None:
    kept = recorded(classify, {"recognised_urgent": True}, BOOK, on="2026-11-20").answer
    found = verify(kept, book=BOOK.amend({"decisions.case_type.rules.urgent.when": "false"}))
    assert not found.same
    assert ("case_type", "urgent") in [(one.path, one.was) for one in found.differences]
    assert [reason.en.rpartition("; ")[2] for reason in found.reasons] == ["entries that differ: decisions.case_type"]


def test_another_book_may_give_the_same_answer_and_is_named_all_the_same() -> None:
    kept = recorded(classify, {"recognised_urgent": True}, BOOK, on="2026-11-20").answer
    found = verify(kept, book=BOOK.amend({"settings.red_flags.value": 9}))
    assert found.same
    assert found.explain().splitlines()[0] == "classify: the same answer"
    assert "settings.red_flags" in found.reasons[0].zh


def test_another_calendar_is_named() -> None:
    kept = recorded(deadline, "5个工作日", date(2026, 4, 29)).answer
    found = verify(kept, calendar=china().amend(rest_days=[date(2026, 5, 8)], source="本地通知"))
    assert [(one.path, one.was, one.now) for one in found.differences][1:3] == [
        ("due_on", "2026-05-09", "2026-05-11"), ("due_at", "2026-05-10T00:00:00+08:00", "2026-05-12T00:00:00+08:00"),
    ]  # fmt: skip
    assert found.reasons[0].en.startswith("the calendar is another")


def test_an_answer_of_a_day_past_is_counted_by_the_notices_of_today_and_that_is_said() -> None:
    then = china(known_on=date(2025, 10, 1))
    kept = recorded(deadline, "5个工作日", date(2026, 2, 13), then).answer
    assert verify(kept).same  # the day it was known on is part of what it rests on
    found = verify(kept, calendar=china())
    assert not found.same
    assert "2025-12-31 then, 2026-12-31 now" in found.reasons[0].en


def test_another_version_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = recorded(deadline, "5个工作日", date(2026, 4, 29)).answer
    monkeypatch.setattr("govservice.__version__", "9.0")
    assert [reason.en for reason in verify(kept).reasons] == [f"govservice was {__version__}, and is 9.0 now"]


def test_settings_that_a_centre_gave_are_given_again() -> None:
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    kept = recorded(book.decide, "case_type", {"attachments_missing": 1}, on="2026-11-20").answer
    assert verify(kept).same
    assert verify(kept).reasons == ()


def test_a_book_seen_as_of_a_day_is_seen_so_again() -> None:
    kept = recorded(BOOK.on(date(2008, 4, 30)).decide, "green_channel", {"key_project": True}).answer
    assert kept.books["book"].on == date(2008, 4, 30)
    assert (verify(kept).same, verify(kept).reasons) == (True, ())


def test_a_book_of_ones_own_must_be_given(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("rulebook: ours\nextends: [kunshan]\n", encoding="utf-8")
    kept = recorded(classify, {"recognised_urgent": True}, file, on="2026-11-20").answer
    with pytest.raises(RecordError, match="a rulebook of its own: ours"):
        verify(kept)
    assert verify(kept, book=file).same
    with pytest.raises(DecisionError, match="names no book 'after'"):
        verify(kept, book={"after": file})


def test_records_in_a_folder_are_named_by_what_their_files_hash_to(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "cases.csv").write_text("办件编号,收件日\nC1,2025-01-06\n", encoding="utf-8")
    kept = recorded(what_if, BOOK, WIDER, folder, period="2025-01").answer
    assert set(kept.given["records"]["files"]) == {"cases.csv"}  # type: ignore[index]
    with pytest.raises(RecordError, match="does not hold its records"):
        verify(kept, book=books_of("what_if"))
    assert verify(kept, book=books_of("what_if"), records=folder).reasons == ()
    (folder / "cases.csv").write_text("办件编号,收件日\nC2,2025-01-06\n", encoding="utf-8")
    assert [reason.zh for reason in verify(kept, book=books_of("what_if"), records=folder).reasons] == ["事实或记录与当时不同"]


def test_a_rule_that_is_gone_is_told_and_no_answer() -> None:
    kept = recorded(BOOK.decide, "leave_approval", {"leave_days": 2}, on="2026-11-20").answer
    found = verify(kept, book="haimen")
    assert not found.same
    assert found.fault is not None
    assert "haimen has no decision" in found.fault.en
    assert found.explain("zh").splitlines()[0].startswith("决定：现在得不出答复：")


def test_what_is_kept_is_what_was_asked_under_which_digests() -> None:
    kept = ASKED["classify"]().answer
    row = kept.row()
    assert (row["verb"], row["book"], row["book_digest"], row["calendar_digest"]) == ("classify", "kunshan", BOOK.digest, china().digest)
    assert all(isinstance(value, str) for value in row.values())
    assert ASKED["deadline"]().answer.row()["book"] is None


@EACH
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_file_that_was_changed_anywhere_is_told_or_refused(asked: Callable[[], Recorded[Any]], data: st.DataObject) -> None:
    written = json.loads(asked().answer.to_json())
    changed: Any = written
    while True:
        key = data.draw(st.sampled_from(sorted(changed) if isinstance(changed, dict) else range(len(changed))))
        if not changed[key] or not isinstance(changed[key], dict | list) or data.draw(st.booleans()):
            break
        changed = changed[key]
    changed[key] = data.draw(st.sampled_from(["x", 7, None, [], {"y": "z"}]).filter(lambda value: value != changed[key]))
    try:
        assert not CitedAnswer.from_dict(written).intact
    except RecordError:
        return


@EACH
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_of_a_file_that_was_changed_anywhere_a_word_is_said_and_nothing_else_is_raised(
    asked: Callable[[], Recorded[Any]], data: st.DataObject
) -> None:
    written = json.loads(asked().answer.to_json())
    changed: Any = written
    while True:
        keys = sorted(changed) if isinstance(changed, dict) else range(len(changed))
        key = data.draw(st.sampled_from([name for name in keys if changed is not written or name not in ("answer", "seal")]))
        if not changed[key] or not isinstance(changed[key], dict | list) or data.draw(st.booleans()):
            break
        changed = changed[key]
    if isinstance(changed, dict) and data.draw(st.booleans()):
        changed[data.draw(st.sampled_from(["x", "on", "calendar", "book"]))] = changed.pop(key)
    else:
        changed[key] = data.draw(st.sampled_from(["x", 7, None, [], {"y": "z"}, {"date": "x"}, {"y": {}}]))
    with suppress(GovServiceError):
        verify(CitedAnswer.from_dict(written))


@pytest.mark.parametrize("place", [(), ("books", "book"), ("calendar",), ("calendar", "made")])
def test_what_was_put_into_a_file_is_refused(place: tuple[str, ...]) -> None:
    written = json.loads(ASKED["classify"]().answer.to_json())
    within = written
    for key in place:
        within = within[key]
    within["note"] = "x"
    if place == ("calendar", "made"):  # the seal covers it
        assert not CitedAnswer.from_dict(written).intact
        return
    with pytest.raises(RecordError, match="'note'"):
        CitedAnswer.from_dict(written)


def test_a_name_that_is_given_twice_is_refused() -> None:
    text = ASKED["classify"]().answer.to_json()
    with pytest.raises(RecordError, match="'answer' is given twice"):
        CitedAnswer.from_json(text.replace('"verb"', '"answer": {"case_type": "instant"},\n"verb"', 1))


@pytest.mark.parametrize("source", [{"notices": None}, {"notices": None, "known_on": []}, {"notices": None, "known_on": "x"}])
def test_a_calendar_that_cannot_be_made_again_is_told(source: dict[str, Any]) -> None:
    written = json.loads(ASKED["deadline"]().answer.to_json())
    written["calendar"]["made"]["source"] = source
    with pytest.raises(RecordError, match="not what WorkCalendar"):
        verify(CitedAnswer.from_dict(written))


@pytest.mark.parametrize("change", [{"asked": {"foo": 1}}, {"asked": {}, "given": {}}])
def test_an_answer_that_asks_what_its_verb_does_not_take_is_told(change: dict[str, Any]) -> None:
    written = json.loads(ASKED["classify"]().answer.to_json())
    found = verify(CitedAnswer.from_dict(written | change))
    assert (found.same, found.intact) == (False, False)
    assert found.fault is not None
    assert found.fault.en.startswith("classify cannot be asked so")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"format": "CitedAnswer/2"}', "its format is 'CitedAnswer/2', not CitedAnswer/1; a newer govservice wrote it: use that one"),
        ('{"format": "Classification/1"}', "its format is 'Classification/1', not CitedAnswer/1; give it back unchanged"),
        ('{"format": "CitedAnswer/1"', "it is no JSON; give it back unchanged"),
        ('{"format": "CitedAnswer/1"}', "it lacks 'calendar'; give it back unchanged"),
        ("\udcff", "it is not UTF-8 text; give it back unchanged"),
    ],
    ids=["of a later format", "another result", "cut off", "of nothing", "no UTF-8"],
)
def test_why_a_file_is_no_answer_is_said_once(text: str, why: str, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RecordError) as caught:
        verify(file)
    assert str(caught.value) == f"this is not what CitedAnswer.to_dict() wrote; {why}"
    assert re.search("[A-Za-z]{4,}Error", caught.value.text("zh")) is None


@pytest.mark.parametrize(
    "junk", ["", "{", "[]", "null", "{}", '{"format": "CitedAnswer/2"}', '{"format": "CitedAnswer/1"}', "[" * 9999, "\udcff"], ids=range(9)
)
def test_what_is_no_answer_is_refused_in_our_words(junk: str, tmp_path: Path) -> None:
    file = tmp_path / "junk.json"
    file.write_bytes(junk.encode("utf-8", "surrogateescape"))
    with pytest.raises(RecordError, match="not what CitedAnswer"):
        verify(file)
    with pytest.raises(RecordError, match="cannot be read"):
        verify(tmp_path / "nowhere.json")
    with pytest.raises(RecordError, match="cannot be read"):
        verify(tmp_path)


def test_a_later_form_is_refused_by_its_number() -> None:
    with pytest.raises(RecordError, match="its format is 'CitedAnswer/2', not CitedAnswer/1"):
        CitedAnswer.from_dict(json.loads(ASKED["deadline"]().answer.to_json()) | {"format": "CitedAnswer/2"})


def test_other_functions_and_what_no_file_could_give_back_are_refused() -> None:
    with pytest.raises(DecisionError, match="answers of 'load_rulebook' are not kept"):
        recorded(load_rulebook, "kunshan")

    def classify(_: object) -> None:
        """No verb, for all its name."""

    with pytest.raises(DecisionError, match="are not kept"):
        recorded(classify, {})
    with pytest.raises(RecordError, match="no form in JSON"):
        recorded(BOOK.decide, "leave_approval", {"leave_days": object()}, on="2026-11-20")
    with pytest.raises(RecordError, match="a ledger does not give its rows back"):
        recorded(score, BOOK, "window_month", read_ledger(BOOK, RECORDS), subject="W1", period="2026-02")


def test_a_file_is_kept_unless_it_may_be_written_over(tmp_path: Path) -> None:
    answer = ASKED["deadline"]().answer
    answer.write(tmp_path / "a.json")
    with pytest.raises(RecordError, match="there already"):
        answer.write(tmp_path / "a.json")
    assert answer.write(tmp_path / "a.json", force=True).is_file()
    with pytest.raises(RecordError, match="cannot be written"):
        answer.write(tmp_path / "nowhere" / "a.json")


def test_models_within_facts_come_back_as_they_were() -> None:
    kept = recorded(classify, {"item": Item(item="I1", item_name="事项"), "formal": True}, BOOK, on="2026-11-20")
    assert verify(kept.answer).same


def test_each_answer_has_a_copy_of_its_calendar() -> None:
    first, second = (recorded(deadline, "5个工作日", "2026-03-02").answer for _ in range(2))
    first.calendar.made["source"]["notices"] = "changed"
    assert (first.intact, second.intact) == (False, True)
    assert recorded(deadline, "5个工作日", "2026-03-02").answer == second
