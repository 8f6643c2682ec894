"""Every engine gives the interpreter's answer in every row, or refuses in the words that are pinned."""

from __future__ import annotations

import pytest

from govservice.errors import RecordError

from .corpus import CORPUS, ON, TABLE, Answer, group, plain
from .engines import ENGINES, NEEDED, Engine, Refused
from .every import KINDS, groups
from .pinned import PAGE, page, pinned, refused

GROUPS = sorted(path.stem for path in CORPUS.glob("*.yaml"))
ASKED = [(name, of.name) for name, engine in ENGINES.items() for of in groups().values() if of.kind in engine.asks]


def at_hand(name: str) -> Engine:
    """An engine; where everything was installed, one that is not at hand is a failure."""
    found = ENGINES[name]
    lacking = found.absent()
    if lacking is not None:
        (pytest.fail if NEEDED else pytest.skip)(f"{found.name}: {lacking}")
    return found


@pytest.mark.parametrize(("name", "of"), ASKED)
def test_every_engine_says_what_the_interpreter_says(name: str, of: str) -> None:
    engine, asked = at_hand(name), groups()[of]
    said = engine.answers(asked)
    assert refused(asked, said) == pinned().get((name, of), {})
    wrong = [
        f"{asked.written[question]}: {row} is {expected}, not {answer}"
        for question, answers in said.items()
        if not isinstance(answers, Refused)
        for row, expected, answer in zip(
            asked.tables[TABLE].rows if asked.beside else asked.expected[question], asked.expected[question], answers, strict=True
        )
        if not agrees(expected, answer)
    ]
    assert not wrong, f"{len(wrong)} rows differ:\n" + "\n".join(wrong[:20])


def agrees(expected: object, answer: object) -> bool:
    """Whether an engine's answer is the one expected; SQL gives the outcomes of a decision alone."""
    outcomes = isinstance(expected, Answer) and isinstance(answer, Answer) and answer.state == "unsaid"
    return answer.values == expected.values if outcomes else answer == expected


def test_the_corpus_is_large_and_says_many_things() -> None:
    every = [group(name) for name in GROUPS]
    assert sum(len(of.written) for of in every) >= 250
    assert all(len(of.rows) == 40 for of in every)
    states = {answer.state for of in every for answers in of.expected.values() for answer in answers}
    assert states == {"settled", "open", "none", "gap", "conflict", "unread"}
    for of in every:
        assert sum(len({(answer.state, answer.values) for answer in answers}) > 1 for answers in of.expected.values()) > 0.8 * len(
            of.written
        )


def test_due_days_clocks_and_scores_say_many_things_too() -> None:
    for of in (of for of in groups().values() if of.kind != "decisions"):
        several = [question for question, answers in of.expected.items() if len({*map(str, answers)}) > 1]
        assert len(several) > 0.8 * len(of.written), of.name
    assert {of.kind for of in groups().values()} == {*KINDS}
    limits = groups()["limits"].expected.values()
    assert sum(day is None for days in limits for day in days) > 500
    assert sum(day is not None for days in limits for day in days) > 1000
    states = {row[2] for rows in groups()["open scores"].expected.values() for row in rows}
    assert states >= {"settled", "open", "not scored"}


def test_the_page_of_engines_is_what_the_run_gave() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(pinned()), "run python3 tools/engines.py and review the difference"


def test_what_is_pinned_is_of_engines_and_conditions_that_there_are() -> None:
    for (engine, name), why in pinned().items():
        assert engine in ENGINES
        assert set(why) <= set(groups()[name].written.values())


@pytest.mark.parametrize("name", GROUPS)
def test_compiled_decisions_say_what_the_interpreter_says(name: str) -> None:
    of = group(name)
    for decision in of.written:
        entry = of.book.contents.decisions[decision]
        answer = of.book.compiled(decision, on=ON)
        place = of.outcomes(decision).index(entry.primary)
        for row, expected in zip(of.rows, of.expected[decision], strict=True):
            facts = {name: cell for name, cell in row.items() if name != "id" and cell is not None}
            try:
                state, rule, value = answer(facts)
            except RecordError:
                state, rule, value = "unread", None, None
            settled = state == "settled"
            said = state, rule if settled else None, plain(value) if settled else None
            # what a rule grants may be none: `decide` calls that settled, an answer in short none
            wanted = "none" if expected.state == "settled" and expected.values[place] is None else expected.state
            assert said == (wanted, expected.rule if wanted == "settled" else None, expected.values[place]), of.written[decision]
