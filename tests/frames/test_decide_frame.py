"""On whole tables a decision says of every row what the interpreter says of it, on every engine."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from govservice import NONE, classify, classify_frame, decide_frame, load_rulebook
from govservice.errors import ConflictError, DecisionError, GovServiceError, RecordError
from govservice.rules.book.files import shipped_books
from govservice.rules.book.reading_rules import read_by
from govservice.rules.language.values import Type

pl = pytest.importorskip("polars")
DAY = date(2026, 11, 20)


def drawn(kind: Type, rng: random.Random) -> Any:
    """A cell of a column, as people write it; now and then one that cannot be used."""
    if rng.random() < 0.2:
        return None
    match kind.kind:
        case "boolean":
            return rng.random() < 0.5
        case "integer":
            return rng.choice([0, 1, 2, 3, 5, 10, 15, 30, 60, 100])
        case "decimal":
            return rng.choice([0.0, 0.5, 1.0, 2.0, 10.5, 100.0, 0.1, 99.9, 1e7, 5e7, 95.0, 30.0])
        case "text":
            return rng.choice(["a", "b ", " ", "设区", "市"])
        case "choice":
            return rng.choice([*[choice.name for choice in kind.choices] * 3, *[choice.label for choice in kind.choices], " x ", "0x"])
        case "date":
            return date(2026, 1, 1) + timedelta(rng.randrange(365))
    return None


HELD = {"boolean": pl.Boolean, "integer": pl.Int64, "decimal": pl.Float64, "text": pl.String, "choice": pl.String, "date": pl.Date}


def table(facts: dict[str, Type], rows: int, seed: str) -> Any:
    rng = random.Random(seed)
    drawn_rows = [{"row": number} | {name: drawn(kind, rng) for name, kind in facts.items()} for number in range(rows)]
    return pl.DataFrame(drawn_rows, schema={"row": pl.Int64} | {name: HELD.get(kind.kind, pl.String) for name, kind in facts.items()})


def plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return tuple(map(plain, value))
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return Decimal(str(value)).normalize()
    return value if value is None or isinstance(value, (bool, date)) else str(value)


def by_the_interpreter(book: Any, decision: str, facts: dict[str, Any], on: date | None = DAY) -> tuple[Any, ...]:
    names = [name for name, _ in book.contents.decisions[decision].outcomes]
    try:
        outcome = book.decide(decision, {name: value for name, value in facts.items() if value is not None}, on=on)
    except ConflictError:
        return (*(None for _ in names), None, "conflict")
    except GovServiceError:
        return (*(None for _ in names), None, "unread")
    state = "open" if outcome.open else "none" if outcome.applies is False else "gap" if outcome.gap else "settled"
    return (*(plain(outcome.values.get(name)) for name in names), None if outcome.open else outcome.rule, state)


def of_the_frame(book: Any, decision: str, row: dict[str, Any]) -> tuple[Any, ...]:
    names = [name for name, _ in book.contents.decisions[decision].outcomes]
    return (*(plain(row[name]) for name in names), row[f"{decision}_rule"], row[f"{decision}_state"])


def as_rows(answer: Any) -> list[dict[str, Any]]:
    answer = pl.from_arrow(answer.to_arrow_table()) if hasattr(answer, "to_arrow_table") else answer
    return answer.sort("row").to_dicts()


@pytest.mark.parametrize("id", shipped_books())
def test_every_decision_of_the_shipped_books_says_what_the_interpreter_says(id):
    duckdb = pytest.importorskip("duckdb")
    book = load_rulebook(id)
    in_sql, refused = 0, []
    for decision in book.contents.decisions:
        facts = read_by(book.contents, [decision]).facts
        frame = table(facts, 40, decision)
        expected = [by_the_interpreter(book, decision, {k: v for k, v in row.items() if k != "row"}) for row in frame.to_dicts()]
        answer = as_rows(decide_frame(frame, book, decision, on=DAY))
        assert [of_the_frame(book, decision, row) for row in answer] == expected, decision
        try:
            relation = decide_frame(duckdb.from_arrow(frame.to_arrow()), book, decision, on=DAY)
        except DecisionError as error:
            refused.append(error.what.en)
            continue
        in_sql += 1
        assert [of_the_frame(book, decision, row) for row in as_rows(relation)] == expected, decision
    assert in_sql >= len(book.contents.decisions) // 3
    assert all("has no form in SQL" in said for said in refused)


BOOK = """
rulebook: hostile
tables:
  application:
    n: integer
    share: decimal
    size: {type: choice, values: {small: 小, large: 大}}
    other: {type: choice, values: {small: 小, large: 大}}
    note: text
    on: date
    yes: boolean
    to: {type: integer, none: [无]}
    capped: {type: integer, min: 0, max: 10}
decisions:
  first:
    about: application
    hit: first
    rules:
      - {id: a, when: n > 3 and share < 0.3, then: high}
      - {id: b, when: yes, then: high}
      - {id: c, when: size == "large", then: low}
  only: {about: application, hit: unique, rules: [{id: a, when: n > 3, then: 1.5}, {id: b, when: yes, then: 2}], otherwise: 0}
  both:
    about: application
    hit: any
    rules: [{id: a, when: n > 3, then: up}, {id: b, when: yes, then: up}, {id: c, when: size == "small", then: down}]
  all:
    about: application
    hit: collect
    rules: [{id: a, when: n > 3, then: up}, {id: b, when: yes, then: yes}, {id: c, when: note == "x", then: =note}]
  sums: {about: application, hit: first, rules: [{id: a, when: n * share + 0.1 >= 0.3, then: =n * 2 + 1}, {id: b, then: =-n}]}
  when_yes:
    about: application
    when: yes
    hit: first
    rules: [{id: a, when: known(on), then: on_time}, {id: b, when: 'first == "high"', then: late}]
  none_apart:
    about: application
    hit: first
    rules:
      - {id: a, when: is_none(to), then: none_said}
      - {id: b, when: to > 3, then: many}
      - {id: c, when: not known(to), then: silent}
      - {id: d, then: few}
  chained: {about: application, hit: first, rules: [{id: a, when: only > 1, then: =only}, {id: b, when: only == 0, then: 7}]}
  capped_one: {about: application, hit: first, rules: [{id: a, when: capped >= 5, then: half}, {id: b, then: less}]}
  alike: {about: application, hit: first, rules: [{id: a, when: size == other, then: same}, {id: b, then: differ}]}
"""
FACTS = {
    "n": [None, 0, 3, 4, 10**17, -5], "share": [None, 0.0, 0.1, 0.2, 0.3, 0.30000000000000004, 1e-7, 2.5e8, float("inf")],
    "size": [None, "small", "large", "大", " 小 ", "Large", ""], "other": [None, "small", "大"], "note": [None, "x", " x ", "y", "  "],
    "on": [None, DAY], "yes": [None, True, False], "capped": [None, 0, 5, 10, 11, -1],
}  # fmt: skip
DECISIONS = ("first", "only", "both", "all", "sums", "when_yes", "none_apart", "chained", "capped_one", "alike")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    path = tmp_path_factory.mktemp("books") / "hostile.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def hostile_rows(seed: int, rows: int = 300) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    return [{"row": number} | {name: rng.choice(values) for name, values in FACTS.items()} for number in range(rows)]


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("engine", ["polars", "lazy", "streaming", "pandas", "pyarrow", "duckdb"])
def test_hostile_cells_come_to_what_the_interpreter_says(hostile, decision, engine):
    held = {"row": pl.Int64, "n": pl.Int64, "share": pl.Float64, "on": pl.Date, "yes": pl.Boolean, "capped": pl.Int64}
    frame = pl.DataFrame(hostile_rows(7), schema={"row": pl.Int64} | {name: held.get(name, pl.String) for name in FACTS})
    given = frame
    if engine in ("lazy", "streaming"):
        given = frame.lazy()
    elif engine == "pandas":
        given = pytest.importorskip("pandas") and frame.to_pandas()
    elif engine == "pyarrow":
        given = frame.to_arrow()
    elif engine == "duckdb":
        given = pytest.importorskip("duckdb").from_arrow(frame.to_arrow())
    if (engine, decision) == ("duckdb", "sums"):
        with pytest.raises(DecisionError, match=r"has no form in SQL: .* it calculates with floats"):
            decide_frame(given, hostile, decision)
        return
    answer = decide_frame(given, hostile, decision)
    assert type(answer) is type(given)
    if engine in ("lazy", "streaming"):
        answer = answer.collect(engine="streaming" if engine == "streaming" else "auto")
    elif engine == "pandas":
        assert list(answer.index) == list(given.index)
        answer = pl.from_pandas(answer)
    elif engine == "pyarrow":
        answer = pl.from_arrow(answer)
    rows = as_rows(answer)
    assert len(rows) == len(frame)
    for row, facts in zip(rows, frame.to_dicts(), strict=True):
        facts.pop("row")
        assert of_the_frame(hostile, decision, row) == by_the_interpreter(hostile, decision, facts, None), facts


@pytest.mark.parametrize("decision", DECISIONS)
def test_cells_as_texts_are_read_as_the_interpreter_reads_them(hostile, decision):
    rng = random.Random(decision)
    texts = {
        "n": [None, "4", "０３", "1,000", "4.0", "many", " "], "share": [None, "0.1", "0.30", "1/3", "．5"],
        "yes": [None, "是", "no", "1", "?"], "on": [None, "2026年2月3日", "2026/2/30"], "to": [None, "无", "5", " 无 ", "x"],
        "capped": ["5", "50", None], "size": [None, "大", "LARGE"], "note": ["x", None], "other": ["small", None],
    }  # fmt: skip
    rows = [{name: rng.choice(values) for name, values in texts.items()} for _ in range(200)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(texts, pl.String))
    answer = decide_frame(frame, hostile, decision, asked="asked")
    for row, facts in zip(answer.to_dicts(), rows, strict=True):
        assert of_the_frame(hostile, decision, row) == by_the_interpreter(hostile, decision, facts, None), facts
    assert 0 <= answer["asked"].sum() <= len(rows)


def test_a_column_of_values_of_several_kinds_is_read_value_by_value(hostile):
    pandas = pytest.importorskip("pandas")
    values = [4, "4", 4.0, "四", True, NONE, None, Decimal("4.5")]
    frame = pandas.DataFrame({"to": pandas.Series(values, dtype=object, index=range(10, 18))})
    answer = decide_frame(frame, hostile, "none_apart")
    assert list(answer.index) == list(range(10, 18))
    for raw, (_, row) in zip(values, answer.iterrows(), strict=True):
        expected = by_the_interpreter(hostile, "none_apart", {"to": raw}, None)
        assert (row["none_apart"] if isinstance(row["none_apart"], str) else None) == expected[0]
        assert row["none_apart_state"] == expected[-1]


def test_only_the_rows_that_need_it_go_to_the_interpreter(hostile):
    frame = pl.DataFrame({"capped": [1, 5, 11, None]})
    answer = decide_frame(frame, hostile, "capped_one", asked="asked", reason="why")
    assert answer["asked"].to_list() == [False, False, True, True]
    assert answer["why"].to_list() == [None, None, "capped: 11 is out of its bounds, from 0 to 10", "capped"]


def test_rows_that_cannot_be_read_are_set_aside_and_none_is_lost(hostile):
    frame = pl.DataFrame({"capped": [1, 5, 11, None], "id": [1, 2, 3, 4]})
    read, aside = decide_frame(frame, hostile, "capped_one", aside=True)
    assert read["id"].to_list() == [1, 2, 4]
    assert aside["id"].to_list() == [3]
    pair = classify_frame(pl.DataFrame({"recognised_urgent": ["是", "perhaps"]}), "kunshan", on=DAY, aside=True)
    assert pair.result["case_type"].to_list() == ["urgent"]
    assert pair.set_aside.columns == ["recognised_urgent", "case_type"]


def test_dated_rules_are_held_against_the_day_of_each_row():
    book = load_rulebook("kunshan")
    days = [date(2008, 4, 30), date(2008, 5, 1), None]
    frame = pl.DataFrame({"day": days, "key_project": [True] * 3})
    answer = decide_frame(frame, book, "green_channel", on="day")
    assert answer["green_channel_state"].to_list() == ["none", "settled", "unread"]
    assert answer["green_channel"].to_list() == [None, True, None]


def test_a_recorded_case_type_does_not_stand_in_the_way():
    frame = pl.DataFrame({"case_type": ["joint"], "recognised_urgent": [True], "办件分类": ["joint"]})
    assert classify_frame(frame, "kunshan", on=DAY, into="said")["said"].to_list() == ["urgent"]
    assert classify({"recognised_urgent": True, "case_type": "joint"}, "kunshan", on=DAY).case_type == "urgent"


def test_names_that_are_there_already_are_no_trap():
    frame = pl.DataFrame({"case_type_place": ["x"], "recognised_urgent": [True], "RECOGNISED_URGENT_SPOILT": [1], "step_1": [2]})
    duckdb = pytest.importorskip("duckdb")
    for given in (frame, duckdb.from_arrow(frame.to_arrow())):
        answer = decide_frame(given, "kunshan", "case_type", on=DAY)
        answer = answer if given is frame else pl.from_arrow(answer.to_arrow_table())
        assert answer.select(frame.columns).equals(frame)
        assert answer["case_type"].to_list() == ["urgent"]


def test_an_unlisted_engine_is_refused_by_name():
    with pytest.raises(RecordError) as refused:
        decide_frame([{"recognised_urgent": True}], "kunshan", "case_type", on=DAY)
    assert refused.value.what.en == "no engine is known for 'builtins.list'"


def test_what_has_no_form_in_sql_is_refused_before_anything_runs():
    duckdb = pytest.importorskip("duckdb")
    relation = duckdb.sql("SELECT error('it ran') AS boom, DATE '2026-01-01' AS hearing_held_on, DATE '2026-01-01' AS hearing_told_on")
    with pytest.raises(DecisionError) as refused:
        decide_frame(relation, "kunshan", "hearing_notice_in_time", on=DAY)
    assert refused.value.what.en.startswith("hearing_notice_in_time has no form in SQL: ")
    assert "Polars" in refused.value.hint.en
