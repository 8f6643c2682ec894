"""Cases of one kind are worked out once, and come to what each comes to by itself."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from govservice.rules.meaning import kinds
from govservice.rules.meaning.kinds import Kinds
from govservice.run import run


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
    monkeypatch.setattr(Kinds, "_worked", lambda self, what, subject, work, also: work())  # noqa: ARG005
    assert run(book, records, now=now, on=date(2026, 1, 5)) == remembered


def test_what_is_open_is_no_kind_with_what_is_settled() -> None:
    book = "kunshan"
    rows = [{"case": "C1", "received_on": date(2026, 3, 2), "main_document": "lacking"}, {"case": "C2", "received_on": date(2026, 3, 2)}]
    both = run(book, {"cases": [*rows, *({**row, "case": row["case"] + "b"} for row in rows)]}, now=date(2026, 3, 20))
    alone = [run(book, {"cases": [row]}, now=date(2026, 3, 20)).cases[0] for row in rows]
    assert [case.what for case in both.cases] == [case.what for case in (*alone, *alone)]
    assert [case.dues for case in both.cases] == [case.dues for case in (*alone, *alone)]
