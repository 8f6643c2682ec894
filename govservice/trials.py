"""The verb that runs test cases: a book's own examples and files of tests, which fail, and what they are worth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govservice.as_json import AsJson
from govservice.errors import GovServiceError, Lang, RulebookError, known_lang
from govservice.examples import NOTHING, FailedExample, day_of, failed_examples, tried
from govservice.frozen import freeze
from govservice.nothing import NONE
from govservice.rules.book.writing import as_written
from govservice.rules.proofs.covering import Coverage, case_holds
from govservice.rules.proofs.varying import Varied, read_by, varied
from govservice.rules.rulebook import AnyBook, book_of

if TYPE_CHECKING:
    from govservice.rules.book.entries import Decision, Example
    from govservice.rules.book.marks import Node
    from govservice.rules.language.values import Type
    from govservice.rules.rulebook import Rulebook

__all__ = ["CasesRun", "Noticed", "Trial", "as_examples", "run_tests", "writable"]

MOST_RUNS: Final = 3_000
_PLAIN: Final = re.compile(r"[\w(（][\w ./()（）%+、。，；“”《》〔〕-]*(?<! )")


@dataclass(frozen=True, slots=True, repr=False)
class CasesRun(AsJson):
    """The examples of one file (None: the book's own): how many there are, and which failed."""

    file: str | None
    examples: int
    failed: tuple[FailedExample, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Noticed(AsJson):
    """What cases notice of the book's own schemes, clocks and measures that they read, directly or through others: the number of small
    changes (`mutants`), of those that a case notices (`killed`) and of those not tried within the runs allowed (`untried`); `survivors`
    are those that none notices. Whether such a change changes anything is not judged.
    """

    mutants: int
    killed: int
    untried: int
    survivors: tuple[Varied, ...]

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True, repr=False)
class Trial(AsJson):
    """What became of a book's test cases: the `runs`, file by file; how many are `measured`, as they hold and facts alone describe them;
    what these are worth (`coverage`, None where nothing is); `untested`, the book's own decisions that no case is of; `noticed` what all
    cases that hold notice of schemes, clocks and measures (None where they read none).
    """

    runs: tuple[CasesRun, ...]
    coverage: Coverage | None
    measured: int
    untested: tuple[str, ...]
    noticed: Noticed | None = None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def failed(self) -> tuple[FailedExample, ...]:
        """The cases that fail, of every file."""
        return tuple(failure for run in self.runs for failure in run.failed)

    @property
    def examples(self) -> int:
        """How many cases there are."""
        return sum(run.examples for run in self.runs)


def run_tests(
    book: AnyBook,
    files: Iterable[str | Path] = (),
    *,
    measure: bool = True,
    every: bool = False,
    on: date | str | None = None,
    most_runs: int = MOST_RUNS,
) -> Trial:
    """Run a book's own examples and those of files of tests, and measure what they are worth together (`Rulebook.coverage`); with `every`
    the book's own decisions that no case is of are measured too, on the day `on`. Changes of schemes, clocks and measures are tried by
    running the cases that read them, `most_runs` times in all.

    Raises RulebookError for a file that has faults, DateNeeded where a decision is dated and no day is given.

    >>> from govservice import load_rulebook
    >>> trial = run_tests(load_rulebook("rating"))
    >>> trial.examples, trial.failed
    (2, ())
    """
    held = book_of(book)
    books: list[tuple[str | None, Rulebook]] = [(None, held)] if held.examples else []
    books += [(str(file), held.tested_by(file)) for file in files]
    runs = tuple(CasesRun(file, len(one.examples), failed_examples(one)) for file, one in books)
    cases = [case for _, one in books for case in _cases(one)] if measure else []
    named = {place for _, one in books for place, _ in one.examples}
    untested = [id for id in held.decisions if held.is_own(f"decisions.{id}") and f"decisions.{id}" not in named]
    more = [id for id in untested if every and measure and held.decisions[id].about not in held.schemes]
    found = held.coverage(cases, decisions=more, on=on) if cases or more else None
    noticed = _noticed(held, [example for _, one in books for example in one.examples], most_runs) if measure else None
    return Trial(runs, found, len(cases), tuple(untested), noticed)


def _noticed(book: Rulebook, examples: Iterable[tuple[str, Example]], most_runs: int) -> Noticed | None:
    """What examples that hold notice of the schemes, clocks and measures that they read."""
    holding = [(place, example) for place, example in examples if not any(tried(book, place, example))]
    reads = {place: read_by(book.contents, place) for place, _ in holding}
    read = sorted({entry for entries in reads.values() for entry in entries if not entry.startswith("decisions.") and book.is_own(entry)})
    mutants = runs = untried = 0
    survivors: list[Varied] = []
    for entry in read:
        readers = [(place, example) for place, example in holding if entry in reads[place]]
        for change, contents in varied(book.contents, entry):
            mutants += 1
            if runs + len(readers) > most_runs:
                untried += 1
                continue
            changed = book.holding(contents)
            for place, example in readers:
                runs += 1
                if any(tried(changed, place, example)):
                    break
            else:
                survivors.append(change)
    return Noticed(mutants, mutants - untried - len(survivors), untried, tuple(survivors)) if mutants else None


def _cases(book: Rulebook) -> Iterator[Mapping[str, Any]]:
    """The examples of decisions that facts alone describe, and that hold, as `Rulebook.coverage` takes them."""
    for place, example in book.examples:
        section, _, id = place.partition(".")
        if section != "decisions" or example.subject is not None:
            continue
        case = _as_case(book.decisions[id], example)
        try:
            if case_holds(book, case):
                yield case
        except GovServiceError:
            continue  # it needs a day, a calendar or other records


def _as_case(decision: Decision, example: Example) -> Mapping[str, Any]:
    types = dict(decision.outcomes)
    expect = {name: None if worth == NOTHING and types[name].choice(worth) is None else worth for name, worth in example.then}
    facts = dict(example.given) if example.now is None else {**example.given, "as_of": day_of(example.now)}
    case: dict[str, Any] = {"decision": decision.id, "facts": facts, "expect": expect}
    return case if example.on is None else {**case, "on": example.on}


def writable(book: AnyBook, cases: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Those of the cases that an example can say, and that hold as one: no reading of a clock, no list, no outcome of other records.

    >>> asked = {"decision": "complaint_answer", "expect": {"complaint_answer": "口头为主"}, "on": "2026-11-20"}
    >>> len(writable("kunshan", [{**asked, "facts": {fact: "verbal"}} for fact in ("complaint_form", "promised.overdue")]))
    1
    """
    held = book_of(book)
    return tuple(case for case in cases if _holds_written(held, case))


def _holds_written(book: Rulebook, case: Mapping[str, Any]) -> bool:
    decision: Decision = book.decisions[case["decision"]]
    if any(isinstance(worth, (list, tuple)) for worth in case["expect"].values()):
        return False
    path = f"decisions.{decision.id}.examples"
    try:
        tried = book.amend({path: [_example(book, case, "en")]})
    except RulebookError:
        return False
    return not failed_examples(tried, f"decisions.{decision.id}")


def as_examples(book: AnyBook, cases: Sequence[Mapping[str, Any]], lang: Lang = "en") -> str:
    """Cases that `Rulebook.coverage` offers as a file of tests of the book would hold them, in Chinese by labels; "" where there are none.

    >>> case = {"decision": "complaint_answer", "facts": {"complaint_form": "verbal"}, "expect": {"complaint_answer": "口头为主"}}
    >>> print(as_examples("kunshan", [case], "zh"))
    tests: kunshan
    decisions:
      complaint_answer:
        - {given: {投诉形式: 口头}, then: 口头为主}
    """
    held, lang = book_of(book), known_lang(lang)
    by_decision: dict[str, list[str]] = {}
    for case in cases:
        by_decision.setdefault(case["decision"], []).append(_flow(as_written(_example(held, case, lang))))
    if not by_decision:
        return ""
    lines = [f"tests: {held.id}", "decisions:"]
    for id, written in by_decision.items():
        lines += [f"  {id}:", *(f"    - {example}" for example in written)]
    return "\n".join(lines)


def _example(book: Rulebook, case: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    decision: Decision = book.decisions[case["decision"]]
    given = dict(_spelt(book, decision, name, value, lang) for name, value in case["facts"].items() if name != "as_of")
    types = dict(decision.outcomes)
    then = {name: NOTHING if worth is None else _said(worth, types[name], lang) for name, worth in case["expect"].items()}
    worth = then[decision.primary] if then.keys() == {decision.primary} else then
    example: dict[str, Any] = {"given": given, "then": worth}
    example |= {key: value for key, value in (("on", case.get("on")), ("now", case["facts"].get("as_of"))) if value is not None}
    return example


def _spelt(book: Rulebook, decision: Decision, name: str, value: object, lang: Lang) -> tuple[str, object]:
    """A fact as a file gives it: none is a word of its column."""
    column = book.contents.column(decision.about, name)
    kind = None if column is None else column.type
    if value is NONE:
        value = kind.none[0] if kind is not None and kind.none else NOTHING
    label = book.contents.called.get(name) if column is None else column.label
    named = lang == "zh" and label is not None and book.contents.sight(decision.about)[1].get(label) == name
    return str(label) if named else name, _said(value, kind, lang)


def _said(value: object, kind: Type | None, lang: Lang) -> object:
    if lang == "en" or kind is None:
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    choice = kind.choice(value) if isinstance(value, str) else None
    return value if choice is None else choice.label


def _flow(node: Node) -> str:
    """A tree on one line of a file, in which every scalar is a text."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(value)}" for key, value in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(map(_flow, node)) + "]"
    return str(node) if _PLAIN.fullmatch(str(node)) else json.dumps(str(node), ensure_ascii=False)
