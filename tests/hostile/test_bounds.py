"""Time and memory: what a small file may cost, and what honest data may need."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import TimeLimit, china, load_rulebook, score
from govservice.errors import MOST_HINTS, CalendarError, DecisionError, GovServiceError, LimitError, RecordError, RulebookError
from govservice.records import Row, read_records
from govservice.rules.book.marks import MOST_FAULTS
from govservice.rules.book.typing_order import in_order_of_need
from govservice.rules.language.values import MOST_BITS, added, reported

HEAD = "rulebook: t\ntitle: t\n"


def refused(text: str, folder: Path) -> tuple[str, ...]:
    (folder / "t.yaml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder / "t.yaml")
    return tuple(map(str, caught.value.faults))


def test_of_thousands_of_faults_a_thousand_are_listed_and_two_hundred_guessed_at(tmp_path: Path) -> None:
    rules = "".join(f"    - {{when: promised_dayz{number} == 1, then: x}}\n" for number in range(1_400))
    faults = refused(f"decisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n{rules}", tmp_path)
    assert len(faults) == MOST_FAULTS + 1
    assert sum("did you mean" in fault for fault in faults) <= MOST_HINTS
    assert faults[-1].endswith(" more faults; mend those listed first")


def test_an_alias_stands_for_no_more_than_fifty_thousand_values(tmp_path: Path) -> None:
    keys = "".join(f"  key{number}: x\n" for number in range(600))
    faults = refused(f"x: &a\n{keys}decisions:\n" + "".join(f"  d{number}: *a\n" for number in range(1_000)), tmp_path)
    assert "aliases stand for more than 50,000 values" in faults[-1]


def test_a_limit_is_short_and_so_is_what_is_said_of_a_long_one() -> None:
    with pytest.raises(LimitError, match="too long for one limit") as caught:
        TimeLimit.parse("至" * 60_000)
    assert len(str(caught.value)) < 300


ENDLESS = {"whole": 10**5_000, "list": [10**5_000], "text": "\x1b[2J" * 10_000, "mapping": {"x": ["y" * 10_000]}}


@pytest.mark.parametrize("value", ENDLESS.values(), ids=ENDLESS)
def test_whatever_is_refused_is_echoed_in_short(value: object) -> None:
    for ask in (lambda: TimeLimit(value, "workday"), lambda: china().is_workday(value)):  # type: ignore[arg-type]
        with pytest.raises(GovServiceError) as caught:
            ask()
        assert len(str(caught.value)) < 400
        assert "\x1b" not in str(caught.value)


def book_of(total: str, folder: Path) -> Path:
    (folder / "e.yaml").write_text(
        f"{HEAD}conventions: {{unserved_periods: skip, ineligible_periods: skip}}\nevents:\n  fee: {{has: {{paid: decimal, amount: decimal}}}}\n"
        f'schemes:\n  s: {{scores: window, period: month, total: "{total}"}}\n',
        encoding="utf-8",
    )
    return folder / "e.yaml"


def fees(count: int) -> dict[str, list[dict[str, object]]]:
    chance = random.Random(1)
    amounts = [(chance.randrange(1, 10**7), chance.randrange(1, 10**7)) for _ in range(count)]
    events: list[dict[str, object]] = [
        {"kind": "fee", "window": "W1", "on": "2026-10-12", "paid": paid, "amount": amount} for paid, amount in amounts
    ]
    return {"events": events, "window": [{"window": "W1"}], "cases": []}


def test_a_mean_of_quotients_of_money_is_exact_however_long_its_denominator(tmp_path: Path) -> None:
    records = fees(300)
    exactly = sum(Fraction(row["paid"], row["amount"]) for row in records["events"]) / 300  # type: ignore[type-var]
    card = score(load_rulebook(book_of("mean(fee, paid / amount)", tmp_path)), "s", records, subject="W1", period="2026-10")
    assert card.total == reported(exactly)


def test_a_sum_of_powers_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    power = "*".join(["amount"] * 40)
    with pytest.raises(DecisionError, match=r"the exact sum of 2,000 fractions grows beyond .*; round what is summed: round\(x, 6\)"):
        score(load_rulebook(book_of(f"sum(fee, 1/({power}))", tmp_path)), "s", fees(2_000), subject="W1", period="2026-10")


def test_two_fractions_may_add_up_to_256_bits_more_than_one_may_have() -> None:
    half, other = Fraction(1, 2**3000), Fraction(1, 2 ** (MOST_BITS + 256 - 3001) + 1)
    assert (half + other).denominator.bit_length() == MOST_BITS + 256
    assert added([half, other]) == half + other
    with pytest.raises(DecisionError, match="the exact sum of 2 fractions grows beyond 1,310 digits"):
        added([half / 2, other])


@given(st.lists(st.fractions(max_denominator=10**6), max_size=60))
def test_adding_in_pairs_is_adding(numbers: list[Fraction]) -> None:
    assert added(numbers) == sum(numbers, Fraction(0))


def test_types_are_worked_out_in_the_order_of_need_whatever_that_of_the_book() -> None:
    decisions = {f"d{number}": {"rules": {"1": {"then": f"=d{number + 1} + 1"}}} for number in range(5_000)}
    order = [id for _, id in in_order_of_need({"decisions": decisions})]
    assert order == [f"d{number}" for number in reversed(range(5_000))]


def test_a_small_parquet_file_that_refers_to_one_long_text_is_refused(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    note = arrow.DictionaryArray.from_arrays(arrow.array([0] * 5_000, arrow.int32()), arrow.array(["x" * 1_000_000]))
    parquet.write_table(arrow.table({"case": [str(number) for number in range(5_000)], "note": note}), tmp_path / "cases.parquet")
    with pytest.raises(RecordError, match="unpacks to more than 200 times its size"):
        list(read_records(tmp_path).rows("cases"))


def test_a_day_beyond_the_years_of_python_sets_its_row_aside(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    days = arrow.array([10**8, 20_000], arrow.date32())
    parquet.write_table(arrow.table({"case": ["A", "B"], "received_on": days}), tmp_path / "cases.parquet")
    aside, read = read_records(tmp_path).rows("cases")
    assert aside.text() == "cases.parquet:1: A: received_on: a value that cannot be read, such as a day after the year 9999"  # type: ignore[union-attr]
    assert isinstance(read, Row)
    assert read.id == "B"


def test_a_json_list_is_read_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "cases.json").write_text('[{"case": "A"}, {"case": "B"} x]', encoding="utf-8")
    rows = read_records(tmp_path).sources["cases"].raw()
    assert next(rows).values == {"case": "A"}
    with pytest.raises(RecordError, match="no JSON: Expecting ',' delimiter"):
        list(rows)


def test_a_value_that_nothing_reads_is_not_kept_whole(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "cases.csv.gz", "wt", encoding="utf-8") as file:
        file.write("case,note\nA," + "x" * 100_000 + "\n")
    (row,) = read_records(tmp_path).rows("cases")
    assert isinstance(row, Row)
    assert len(str(row.unread["note"])) < 600


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    for name in ("n.yaml", "cases.csv"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(CalendarError, match="not a plain file"):
        china(notices=[tmp_path / "n.yaml"])
    with pytest.raises(RulebookError, match="this is no plain file"):
        load_rulebook(tmp_path / "n.yaml")
    with pytest.raises(RecordError, match="not a plain file"):
        read_records(tmp_path)


def rules_of(conditions: Iterable[str]) -> str:
    return "".join(f"      - {{id: r{number}, when: {condition}, then: 1}}\n" for number, condition in enumerate(conditions))


def decision(rules: str, more: str = "") -> str:
    return f"decisions:\n  d:\n    about: cases\n    hit: first\n    outcomes: {{d: decimal}}\n{more}    rules:\n{rules}"


MANY: Mapping[str, tuple[str, str]] = {
    "parts": (
        decision(
            rules_of(f"large > {number}" for number in range(200)),
            f"    let: {{small: {' + '.join(['promised_days'] * 90)}, large: {' + '.join(['small'] * 25)}}}\n",
        ),
        "the expressions of the book have more than 200,000 parts, once every `let` is written out",
    ),
    "lets": (decision(rules_of(["true"]), f"    let: {{{', '.join(f'l{number}: 1' for number in range(201))}}}\n"), "more than 200 names"),
    "values": (
        f"tables:\n  cases:\n    k: {{type: choice, values: {{{', '.join(f'v{number}: 甲{number}' for number in range(2_001))}}}}}\n",
        "more than 2,000 values of a choice",
    ),
    "granted": (
        "decisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n"
        + "".join(f"      - {{then: v{number}}}\n" for number in range(2_001)),
        "more than 2,000 values that it grants",
    ),
    "outcomes": (
        "decisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n"
        + "".join(f"      - {{then: {{o{number}: 1}}}}\n" for number in range(201)),
        "more than 200 outcomes",
    ),
    "owners": (
        "tables:\n" + "".join(f"  t{number}: {{of: t{number + 1}, x: text}}\n" for number in range(100)) + "  t100: {x: text}\n",
        "more than 100 tables that its rows belong to",
    ),
}


@pytest.mark.parametrize(("text", "what"), MANY.values(), ids=MANY)
def test_what_would_be_gone_through_for_each_other_part_of_a_book_is_bounded(tmp_path: Path, text: str, what: str) -> None:
    begun = process_time()
    assert sum(what in fault for fault in refused(text, tmp_path)) == 1
    assert process_time() - begun < 10


def test_a_book_and_what_it_extends_are_bounded_together(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"b{number}.yaml").write_text(f"rulebook: b{number}\ntitle: {'x' * 1_300_000}\n", encoding="utf-8")
    faults = refused(f"extends: [{', '.join(f'b{number}.yaml' for number in range(4))}]\n", tmp_path)
    assert "a book and what it extends are more than 5 MB together" in faults[0]


def test_a_book_and_what_it_extends_of_5_mb_together_are_read(tmp_path: Path) -> None:
    own, below = "rulebook: own\nextends: [below.yaml]\n", "rulebook: below\n#"
    (tmp_path / "below.yaml").write_text(below + "x" * (5_000_000 - len(own) - len(below)), encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    assert load_rulebook(tmp_path / "own.yaml").id == "own"
    (tmp_path / "own.yaml").write_text(f"{own}\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="more than 5 MB together"):
        load_rulebook(tmp_path / "own.yaml")


def test_a_name_in_chinese_is_found_within_a_run_of_letters_whatever_stands_around_it() -> None:
    decisions = {"a": {"rules": {"1": {"then": "=甲乙且非丙丁"}}}, "b": {"label": "丙丁", "rules": {"1": {"then": "true"}}}}
    assert [id for _, id in in_order_of_need({"decisions": decisions})] == ["b", "a"]
