"""A language that nothing is written in is refused wherever one is asked for; it is never English by default."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from govservice import GovServiceError, TimeLimit, china, classify, clocks, deadline, grade, load_rulebook, measure, score, what_if
from govservice.audit import Verified
from govservice.cli import main
from govservice.deadlines import deadlines_to_ics
from govservice.errors import Fault, LanguageError, Words
from govservice.examples import FailedExample
from govservice.rules.proofs.comparing import Difference
from govservice.rules.proofs.contrasting import Contrast
from govservice.rules.proofs.findings import Finding, NotAnalysed
from govservice.rules.proofs.listing import Rewritten
from govservice.rules.proofs.mutating import Mutant
from govservice.rules.proofs.varying import Varied
from govservice.run import run
from govservice.whatif import Tried, Tuned
from tests.results import result_classes

DAY = date(2026, 10, 12)
BOOK = load_rulebook("kunshan", settings={"red_flags": 1}).amend({"measures.untidy_days": {"value": "count(untidy)"}})
RECORDS: dict[str, Any] = {
    "events": [{"kind": "untidy", "on": DAY, "window": "W1"}],
    "cases": [],
    "window": [{"window": "W1", "department": "D1"}],
}
CASE = {"case_type": "promised", "materials_completed_on": DAY, "promised_limit": "5个工作日"}


def results() -> dict[str, Any]:
    """One result of every kind that says anything in words."""
    due = deadline("5个工作日", DAY)
    done = run(BOOK, {"cases": [{"case": "C1", "received_on": DAY}, {"case": ""}]})
    made = [
        BOOK.decide("leave_approval", {"leave_days": "0.5"}, on=DAY),
        classify({"正式申请": True, "主件": "有而未带"}, BOOK, on=DAY),
        classify({"正式申请": True, "主件": "有而未带", "需补办事项": ["章程"]}, BOOK, on=DAY).notices[0],
        clocks(CASE, BOOK, on=DAY, now=DAY)[0],
        score(BOOK, "window_month", RECORDS, subject="W1", period="2026-10"),
        grade(BOOK, "red_flag", RECORDS, period="2026-B5")[0],
        measure(BOOK, "untidy_days", RECORDS, subject="W1", period="2026-10"),
        due, due.steps[0], china().day(DAY), china().month(2026, 10), china().year(2026), TimeLimit.parse("5个工作日"),
        done, done.set_aside[0], Fault(Words("a", "甲")), GovServiceError("x"), Words("a", "甲"),
        FailedExample("decisions.fee", "small", "fee", "10", "20"),
        what_if("wuxi", "wuxi", {"cases": [{"case": "C1", "received_on": DAY}]}),
        Tuned("settings.few_attachments", "case_type is promised <= 5 %", None, 1, (Tried(1, None),), exact=True),
        Finding("gap", "decisions.fee", (), Words("no rule fits", "没有规则管到")),
        NotAnalysed("decisions.fee", "due(..)", Words("it is not analysed", "没有分析")),
        Difference("fee", "fee", "different", (), {}, 1, 2, Words("1 -> 2", "1 改为 2")),
        Rewritten("clocks.reply", "limit", "3 工作日", "5 工作日"),
        Mutant("fee", "small", Words("dropped", "删去")),
        Verified("due", same=True, intact=True, differences=(), more=0, reasons=()),
        Varied("clocks.reply", "stops", Words("not stopped", "不停止"), Words("a case", "一件")),
        Contrast({"days": 7}, "leader", None, Words("with days 7", "天数 7")),
    ]  # fmt: skip
    return {type(one).__name__: one for one in made}


def spoken(result: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The methods of a result that take a language."""
    for name, method in inspect.getmembers(result, inspect.ismethod):
        if not name.startswith("_") and "lang" in inspect.signature(method).parameters:
            yield name, method


METHODS = [(f"{kind}.{name}", method) for kind, result in results().items() for name, method in spoken(result)]


@pytest.mark.parametrize("lang", ["cn", "ZH", "zh-CN", "", "english", None])
@pytest.mark.parametrize("method", [method for _, method in METHODS], ids=[name for name, _ in METHODS])
def test_a_language_that_nothing_is_written_in_is_refused(method: Callable[..., Any], lang: Any, tmp_path: Any) -> None:
    arguments = {"folder": tmp_path / "new"} if "folder" in inspect.signature(method).parameters else {}
    if lang is None and inspect.signature(method).parameters["lang"].default is None:
        return  # as the run was asked
    with pytest.raises(LanguageError, match="no language"):
        method(**arguments, lang=lang)
    assert list(tmp_path.iterdir()) == []


def test_every_class_that_speaks_is_tried() -> None:
    methods = [(kind.__name__, name, of) for kind in result_classes() for name, of in inspect.getmembers(kind, inspect.isfunction)]
    speaking = {kind for kind, name, of in methods if not name.startswith("_") and "lang" in inspect.signature(of).parameters}
    assert speaking - {name.partition(".")[0] for name, _ in METHODS} == {"Moved"}  # whose text is made of that of its deadlines


def test_the_verbs_refuse_it_too() -> None:
    for call in (
        lambda: load_rulebook("kunshan", lang="cn"),  # type: ignore[arg-type]
        lambda: run(BOOK, {"cases": []}, lang="cn"),  # type: ignore[arg-type]
        lambda: deadlines_to_ics([deadline("5个工作日", DAY)], lang="cn"),  # type: ignore[arg-type]
        lambda: GovServiceError("x", lang="cn"),  # type: ignore[arg-type]
    ):
        with pytest.raises(LanguageError, match='"zh" is Chinese'):
            call()


def named_by_ids(text: str, labels: Mapping[str, str]) -> list[str]:
    """The lines of a Chinese text in which something that has a label stands by its id, but for what a reader types."""
    plain = re.sub(r"（[^（）]*）|〔[^〔〕]*〕|\[[^\]]*\]|规则 \S+|略过：.*|\x22[^\x22]*\x22|“[^”]*”|conventions\.\w+", "", text)
    words = {line: set(re.findall(r"[A-Za-z_][\w-]*", line)) for line in plain.splitlines()}
    return [line for line, found in words.items() if any(word in labels for word in found)]


@pytest.mark.parametrize("id", ["kunshan", "licensing-law", "hotline", "wuxi"])
def test_what_an_open_outcome_waits_for_goes_by_its_label(id: str) -> None:
    book = load_rulebook(id)
    on = DAY if book.dated else None
    for decision in book.contents.decisions.values():
        if decision.period is None and decision.about not in book.contents.schemes:
            said = book.decide(decision.id, {}, on=on).explain("zh").rpartition("\n")[0]
            assert named_by_ids(said, book.contents.labels_about(decision.about)) == [], decision.id


@pytest.mark.parametrize("id", ["kunshan", "licensing-law", "reconsideration", "jiangyong"])
def test_what_a_clock_waits_for_and_its_signals_go_by_their_names(id: str) -> None:
    book = load_rulebook(id)
    contents = book.contents
    labels = {**contents.labels_about("cases"), "yellow": "黄牌", "red": "红牌"}
    for case in ({}, CASE, {**CASE, "received_on": DAY, "accepted_on": DAY}):
        for reading in clocks(case, book, on=DAY, now=date(2027, 3, 1)):
            assert named_by_ids(reading.explain("zh"), labels) == [], reading.clock


def test_what_paused_a_clock_goes_by_its_name() -> None:
    pause = {"kind": "hearing", "from": DAY, "to": date(2026, 10, 14), "told": True}
    (reading,) = (one for one in clocks({**CASE, "received_on": DAY, "pauses": [pause]}, "kunshan", on=DAY) if one.clock == "promised")
    if reading.paused:
        assert "中止：听证" in reading.explain("zh")
        assert "paused: hearing" in reading.explain("en")


@pytest.mark.parametrize("command", [["due", "2026-02-13", "5个工作日"], ["calendar", "2026"], ["check", "kunshan"], ["run"]])
def test_the_command_line_refuses_it(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--lang", "cn"]) == 2
    assert "cn" in capsys.readouterr().err
