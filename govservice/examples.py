"""The verb that tries a book's own examples: which of them come out otherwise than the book says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from govservice.as_json import AsJson
from govservice.deadlines import case_outcomes
from govservice.errors import GovServiceError, Lang, Words, known_lang
from govservice.frozen import Frozen, freeze
from govservice.reading import read_date, read_moment
from govservice.rules.book.contents import labelled
from govservice.rules.book.entries import parts_of
from govservice.rules.book.remedies import SAID
from govservice.rules.language.facts import read_fact
from govservice.rules.language.values import ANY, DECIMAL, Type, reported
from govservice.rules.rulebook import AnyBook, book_of
from govservice.scoring import grade, score

if TYPE_CHECKING:
    from govservice.counting.asked import When
    from govservice.rules.book.entries import Decision, Example
    from govservice.rules.rulebook import Rulebook

__all__ = ["NOTHING", "OPEN", "FailedExample", "day_of", "failed_examples", "told_of", "tried"]

OPEN, NOTHING = "open", "none"
_IN_CHINESE: Final = {OPEN: "未定", NOTHING: "无", "true": "是", "false": "否"}


@dataclass(frozen=True, slots=True, repr=False)
class FailedExample(AsJson):
    """An outcome of an example that is not what the book says: of which entry, what was expected, what was found (or why nothing was);
    the file and line of the example, where known. `labels` are the Chinese names of the example, the outcome and its values.

    >>> FailedExample("decisions.fee", "small", "fee", "10", "20", None).text("zh")
    'decisions.fee 的例子 small：fee 应为 10，得 20'
    """

    entry: str
    example: str
    outcome: str
    expected: str
    found: str | None
    why: Words | None = None
    file: str | None = None
    line: int | None = None
    labels: Mapping[str, str] = field(default_factory=Frozen, compare=False)

    def __post_init__(self) -> None:
        freeze(self)

    def told(self, value: str) -> str:
        """What was expected or found, in Chinese."""
        called = self.labels.get(f"{self.outcome}={value}")
        return called or _IN_CHINESE.get(value.lower(), value)

    def text(self, lang: Lang = "en") -> str:
        """The failure as a line, in English or Chinese, behind the place of the example."""
        return told_of(self, self.file, known_lang(lang))


def told_of(failure: FailedExample, file: str | None, lang: Lang) -> str:
    """A failure as a line, behind its place; its file as the caller names it."""
    place = "" if file is None else f"{file}: " if failure.line is None else f"{file}:{failure.line}: "
    found = failure.found if failure.why is None else failure.why.text(lang)
    if lang == "zh":
        example = labelled(failure.example, failure.labels.get(failure.example)).strip()
        outcome, wanted = labelled(failure.outcome, failure.labels.get(failure.outcome)).strip(), failure.told(failure.expected)
        got = failure.told(failure.found) if failure.why is None and failure.found is not None else found
        return f"{place}{failure.entry} 的例子 {example}：{outcome} 应为 {wanted}，得 {got}"
    return f"{place}{failure.entry}, example {failure.example}: {failure.outcome} should be {failure.expected}, and is {found}"


def failed_examples(book: AnyBook, entry: str | None = None) -> tuple[FailedExample, ...]:
    """The examples of a book (or of one entry: `decisions.fee`) that fail, in its order; () where all hold.

    A call that is refused fails its example, and says why.

    >>> from govservice import load_rulebook
    >>> failed_examples(load_rulebook("kunshan"))
    ()
    """
    held = book_of(book)
    return tuple(failure for place, example in held.examples if entry in (None, place) for failure in tried(held, place, example))


def tried(book: Rulebook, entry: str, example: Example) -> Iterator[FailedExample]:
    """What fails of one example of an entry under a book."""
    section, _, id = entry.partition(".")
    file, line = example.place or (None, None)
    types = dict(book.decisions[id].outcomes) if section == "decisions" else {}
    labels = _labels(book, section, id, example)
    try:
        found = _found_by_decision(book, book.decisions[id], example) if section == "decisions" else _scored(book, id, example)
    except GovServiceError as error:
        for outcome, worth in example.then:
            yield FailedExample(entry, example.id, outcome, worth, None, error.what, file, line, labels)
        return
    for outcome, worth in example.then:
        kind = types.get(outcome, DECIMAL)
        wanted, got = _wanted(outcome, worth, kind), found.get(outcome, NOTHING)
        if not _alike(wanted, got):
            yield FailedExample(entry, example.id, outcome, worth, str(got), None, file, line, labels)


def _labels(book: Rulebook, section: str, id: str, example: Example) -> Mapping[str, str]:
    """The Chinese names of an example, of the outcomes that it is about and of their values."""
    named = {example.id: example.label} if example.label else {}
    if section == "decisions":
        known, names = book.contents.labels_for(id), tuple(name for name, _ in example.then)
        return {key: label for key, label in known.items() if key.partition("=")[0] in names} | named
    parts = {f"parts.{path}": part.label for path, part in parts_of(book.contents.schemes[id]) if part.label}
    return {"total": SAID["total"], **parts, **named}


def _found_by_decision(book: Rulebook, decision: Decision, example: Example) -> Mapping[str, object]:
    """What is decided of each outcome; the word for what is open, or does not apply."""
    if example.subject is not None:
        graded = grade(book, decision.id, dict(example.given), period=example.period, now=day_of(example.now))
        outcome = next((one.outcome for one in graded if one.subject == example.subject), None)
        if outcome is None:
            return {}
    elif decision.about == "cases":
        outcome = case_outcomes(example.given, book, on=example.on, now=_moment(example.now))[decision.id]
    else:
        outcome = book.decide(decision.id, example.given, on=example.on, as_of=day_of(example.now))
    settled = {name: NOTHING if value is None else value for name, value in outcome.values.items()}
    return settled | dict.fromkeys(outcome.open_outcomes, OPEN)


def _scored(book: Rulebook, scheme: str, example: Example) -> Mapping[str, object]:
    card: Any = score(book, scheme, dict(example.given), subject=example.subject, period=example.period, now=day_of(example.now))
    totals = {"total": card.total, **{f"parts.{part}": scored.total for part, scored in card.parts.items()}}
    return {name: OPEN if total is None else total for name, total in totals.items()}


def _wanted(name: str, worth: str, kind: Type) -> object:
    if worth in (OPEN, NOTHING) and kind.choice(worth) is None:
        return worth
    return reported(read_fact(name, worth, kind)) if kind != ANY else worth


def _alike(wanted: object, found: object) -> bool:
    """Equal values; 1 and true are two, and 8 is 8.0."""
    return (isinstance(wanted, bool) is isinstance(found, bool)) and wanted == found


def day_of(text: str | None) -> date | None:
    """The day of a day or moment that is written; None of nothing."""
    return None if text is None else read_date(text) if ":" not in text else read_moment(text, zone=None).date()


def _moment(text: str | None) -> When | None:
    return None if text is None else read_moment(text, zone=None) if ":" in text else read_date(text)
