"""Cases of one kind are worked out once, and come to what each comes to by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Type
from govservice.rules.meaning import kinds
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.kinds import Kinds, names_read
from govservice.rules.meaning.subjects import Subject
from govservice.run import run
from govservice.run.results import Run


def cases(number: int, chance: Random) -> dict[str, list[dict[str, Any]]]:
    def maybe(value: object) -> object:
        return value if chance.random() < 0.9 else None

    def day() -> date:
        return date(2026, 1, 5) + timedelta(chance.randrange(60))

    held = [
        {
            "case": f"C{n}", "received_on": day(), "accepted_on": maybe(day()), "closed_on": maybe(day()),
            "promised_days": maybe(chance.randrange(9)),
            "main_document": maybe(chance.choice(["present", "not_brought", "lacking"])), "formal": maybe(chance.random() < 0.9),
            "simple": maybe(chance.random() < 0.5),
            "same_day_possible": maybe(chance.random() < 0.5), "departments": maybe(chance.randrange(1, 3)),
            "needs_review": maybe(chance.random() < 0.5), "nonmain_missing": maybe(0), "applicant_promises": maybe(chance.random() < 0.5),
        }
        for n in range(number)
    ]  # fmt: skip
    paused = [{"case": f"C{n}", "kind": "hearing", "from": day(), "to": maybe(day()), "told": maybe(True)} for n in range(0, number, 7)]
    return {"cases": held, "pauses": [one for one in paused if one["to"] is None or one["from"] <= one["to"]]}


@pytest.mark.parametrize("book", ["kunshan", "haimen", "jiangyong", "licensing-law"])
@pytest.mark.parametrize("now", [None, date(2026, 3, 2)])
def test_what_is_remembered_of_a_kind_is_what_each_case_comes_to(book: str, now: date | None, monkeypatch: pytest.MonkeyPatch) -> None:
    records = cases(250, Random(book))
    monkeypatch.setattr(kinds, "_TRIED", 10_000)  # remember everything
    remembered = run(book, records, now=now, on=date(2026, 1, 5))
    assert alone(book, records, monkeypatch, now=now, on=date(2026, 1, 5)) == remembered


def alone(book: Any, records: dict[str, Any], monkeypatch: pytest.MonkeyPatch, **asked: Any) -> Run:
    """A run in which nothing is remembered of any kind."""
    monkeypatch.setattr(Kinds, "_worked", lambda self, what, subject, work, also: work())  # noqa: ARG005
    monkeypatch.setattr(Kinds, "where_nothing_happened", lambda self, tables: self)  # noqa: ARG005
    return run(book, records, **asked)


@pytest.mark.parametrize("id", ["kunshan", "haimen", "jiangyong", "licensing-law", "chongqing"])
@pytest.mark.parametrize("seed", range(3))
def test_rows_that_say_nearly_the_same_come_to_what_each_comes_to_alone(id: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, book = Random(f"{id}-{seed}"), load_rulebook(id)
    columns = [name for name in book.contents.sight("cases")[0] if book.contents.column("cases", name) is not None]
    moment = datetime(2026, 2, 10, 9, tzinfo=UTC)
    values = [
        None, "", " ", "是", True, False, 1, "1", 0, Decimal(1), Decimal("1.0"), 1.0, "无", "promised", "instant", "5个工作日",
        "5.0个工作日",        date(2026, 2, 9), "2026-02-09", moment, moment.astimezone(timezone(timedelta(hours=8))), ["甲"], "甲",
    ]  # fmt: skip
    outcomes = sorted({name for granting in book.contents.granting.values() for name in granting} & set(columns))
    rows = []
    for base in cases(12, chance)["cases"]:
        for copy in range(6):
            changed = {chance.choice(columns if chance.random() < 0.7 else outcomes or columns): chance.choice(values) for _ in range(2)}
            rows.append({**base, **(changed if copy else {}), "case": f"{base['case']}-{copy}"})
    records = {"cases": rows}
    remembered = run(book, records, now=date(2026, 3, 2), on=date(2026, 1, 5))
    assert len(remembered.cases) > 12
    assert alone(book, records, monkeypatch, now=date(2026, 3, 2), on=date(2026, 1, 5)).to_json() == remembered.to_json()


def test_of_an_outcome_on_record_nothing_else_is_read() -> None:
    contents = load_rulebook("kunshan").contents
    whole = names_read(contents, [("clocks", "promised")])
    on_record = names_read(contents, [("clocks", "promised")], recorded=frozenset({"case_type"}))
    assert {"case_type", "promised_limit"} <= set(on_record) < set(whole)


def test_what_is_open_is_no_kind_with_what_is_settled() -> None:
    book = "kunshan"
    rows = [{"case": "C1", "received_on": date(2026, 3, 2), "main_document": "lacking"}, {"case": "C2", "received_on": date(2026, 3, 2)}]
    both = run(book, {"cases": [*rows, *({**row, "case": row["case"] + "b"} for row in rows)]}, now=date(2026, 3, 20))
    alone = [run(book, {"cases": [row]}, now=date(2026, 3, 20)).cases[0] for row in rows]
    assert [case.what for case in both.cases] == [case.what for case in (*alone, *alone)]
    assert [case.dues for case in both.cases] == [case.dues for case in (*alone, *alone)]


def test_one_moment_on_the_clocks_of_two_zones_comes_to_what_each_comes_to_alone() -> None:
    contents = load_rulebook("kunshan").contents
    moments = [datetime(2026, 3, 2, 23, tzinfo=timezone(timedelta(hours=8))), datetime(2026, 3, 2, 15, tzinfo=UTC)]
    remembered, received = Kinds(contents), Name("received_at", Type("moment"), "column")
    for moment in (*moments, *moments):
        subject = Subject(contents, "cases", {"received_at": moment})
        found = remembered.of_expression("received", received, subject, lambda subject=subject: evaluate(received, subject))  # type: ignore[misc]
        assert repr(found) == repr(evaluate(received, subject))
    assert moments[0] == moments[1]
