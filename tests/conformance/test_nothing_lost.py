"""No row is lost on any engine: what cannot be read or decided comes back, in the same table or apart from it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from govservice import decide_frame
from govservice.errors import GovServiceError

from .corpus import ON, TABLE, loaded
from .engines import ENGINES, NEEDED, Engine, Python

BOOK = {
    "rulebook": "nothing_lost",
    "tables": {
        TABLE: {
            "document": {"type": "choice", "values": {"present": "已带", "lacking": "缺少"}},
            "copies": {"type": "integer", "min": 0, "max": 100},
            "fee": {"type": "decimal"},
            "p": {"type": "boolean"},
        }
    },
    "decisions": {
        "way": {
            "about": TABLE,
            "hit": "unique",
            "rules": [
                {"id": "short", "when": 'document == "present" and copies < 3', "then": "short"},
                {"id": "long", "when": 'document == "present" and fee > 1', "then": "long"},
                {"id": "none", "when": 'document == "lacking" and not p', "then": "none"},
            ],
        }
    },
}
HOLDS = {"id": "integer", "document": "text", "copies": "integer", "fee": "real", "p": "boolean"}
DOCUMENTS = ("present", "lacking", "已带", "missing", "Present", "", None)
COPIES = (0, 2, 3, 100, 101, -1, None)
FEES = (0.1, 1.0, 1.5, float("nan"), float("inf"), None)
ROWS = [
    {
        "id": number, "document": DOCUMENTS[number % 7], "copies": COPIES[number // 7 % 7], "fee": FEES[number // 3 % 6],
        "p": (True, False, None)[number % 3],
    }
    for number in range(294)
]  # fmt: skip


@pytest.fixture(params=[name for name, engine in ENGINES.items() if not name.startswith("sql") and not isinstance(engine, Python)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine of frames that is at hand."""
    found = ENGINES[request.param]
    lacking = found.absent()
    if lacking is not None:
        (pytest.fail if NEEDED else pytest.skip)(f"{found.name}: {lacking}")
    return found


def rows_of(engine: Engine) -> list[dict[str, Any]]:
    """The rows that the engine can hold at all: MariaDB has neither NaN nor infinity."""
    odd = engine.name == "mariadb"
    return [{**row, "fee": None} if (odd and row["fee"] in (float("inf"),)) or (odd and row["fee"] != row["fee"]) else row for row in ROWS]


def states(rows: list[dict[str, Any]]) -> dict[int, str]:
    """How the interpreter says that each row stands."""
    book, said = loaded(BOOK), {}
    for row in rows:
        try:
            outcome = book.decide("way", {name: cell for name, cell in row.items() if name != "id" and cell is not None}, on=ON)
        except GovServiceError as error:
            said[row["id"]] = "conflict" if type(error).__name__ == "ConflictError" else "unread"
        else:
            said[row["id"]] = "open" if outcome.open else "gap" if outcome.gap else "settled"
    return said


def test_every_row_comes_back_with_how_it_stands(engine: Engine) -> None:
    rows = rows_of(engine)
    answer = engine.rows(decide_frame(engine.table(rows, HOLDS), loaded(BOOK), "way", on=ON))
    assert Counter(row["id"] for row in answer) == Counter(row["id"] for row in rows)
    assert {int(row["id"]): row["way_state"] for row in answer} == states(rows)
    assert {"settled", "open", "gap", "conflict", "unread"} == {row["way_state"] for row in answer}


def test_rows_in_are_rows_out_and_rows_set_aside(engine: Engine) -> None:
    rows, said = rows_of(engine), states(rows_of(engine))
    result, set_aside = decide_frame(engine.table(rows, HOLDS), loaded(BOOK), "way", on=ON, aside=True)
    kept, apart = engine.rows(result), engine.rows(set_aside)
    assert Counter(row["id"] for row in (*kept, *apart)) == Counter(row["id"] for row in rows)
    assert {int(row["id"]) for row in apart} == {id for id, state in said.items() if state in ("conflict", "unread")}
