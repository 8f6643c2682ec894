"""What a decision came to, with everything that explains it; frozen, and the same again from JSON or a pickle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, cast

from govservice.as_json import AsJson
from govservice.echo import shown
from govservice.errors import DecisionError, Lang, Words, known_lang
from govservice.frozen import Frozen
from govservice.plain import encoded, encoded_pairs
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision
from govservice.rules.language.labelled import named_in
from govservice.rules.language.values import Interval, Nothing, Unknown, reported
from govservice.rules.meaning.plan import plan_of
from govservice.rules.meaning.python import Answers, written_out
from govservice.rules.meaning.quick import UNREAD, Quick, compiled_for
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.rules.meaning.tables import Verdict
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.rules.proofs.contrasting import Contrasts

__all__ = [
    "CONFLICT", "Answer", "Outcome", "RuleRead", "answer_of", "may_still_be", "open_outcome", "outcome_at_once", "outcome_of", "settled_of",
    "waited_for",
]  # fmt: skip


@dataclass(frozen=True, slots=True, repr=False)
class RuleRead(AsJson):
    """What became of one rule: `held` is True, False, or None where it could not be judged for want of `needs`."""

    id: str
    held: bool | None
    text: str
    cite: str | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Outcome(AsJson):
    """The outcome of one decision for one subject.

    `values` holds every settled outcome by name (None: not applicable, or no rule fired); those still open are in `open_outcomes`.
    `undecided` are the facts and settings that would settle the decision's own outcome, and whether it applies; where that is settled, or
    is to be recorded itself, what would settle the others. `open`
    and `possible` speak of the decision's own outcome: not settled; the values it may still take (None: no rule; empty: nobody can list
    them); `certain` are the members that a `collect` decision is sure to have while others are open. `rule` is the rule that settled it
    and `cite` its clause; `rules` all that may have. `applies` is False where the decision is not in force or does not apply (None: that
    itself is open); `gap` is True where it applies and no rule fired. `unused` lists keys given that are no declared fact, `notes` what
    else must be said: that it rests on days which no notice has fixed yet, what is wrong with rows of a case. `facts` are the values that
    were read; `digest` names the rulebook, as of the day `on`.
    """

    decision: str
    label: str | None
    book: str
    digest: str
    on: date | None
    primary: str
    values: Mapping[str, object]
    open_outcomes: tuple[str, ...]
    possible: tuple[object, ...]
    undecided: tuple[str, ...]
    rule: str | None
    rules: tuple[str, ...]
    cite: str | None
    applies: bool | None
    gap: bool
    steps: tuple[RuleRead, ...]
    facts: Mapping[str, object]
    labels: Mapping[str, str] = field(compare=False)  # JSON keeps those that the explanation needs
    unused: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()
    certain: tuple[object, ...] = ()
    _subject: Callable[[], Subject] | None = field(
        default=None, compare=False
    )  # of which it was asked; what is kept of an outcome leaves it behind

    @property
    def open(self) -> bool:
        """Whether the decision's own outcome is not settled."""
        return self.primary in self.open_outcomes

    def value(self, name: str) -> object:
        """The settled value of an outcome; None where it is open, does not apply or no rule fired. Raises DecisionError for others."""
        if name in self.open_outcomes:
            return None
        if name not in self.values:
            listed = ", ".join((*self.values, *self.open_outcomes))
            raise DecisionError(
                Words(f"{self.decision} has no outcome {shown(name)}", f"{self.decision} 没有“{name}”这个结果"),
                hint=Words(f"it has: {listed}", f"它有：{listed}"),
                id=name,
            )
        return self.values[name]

    def explain(self, lang: Lang = "en") -> str:
        """Why: the rule that fired with its clause and the facts it read, the rules passed over, what is still needed."""
        return cast("str", machinery("show.outcome:explain")(self, known_lang(lang)))

    def contrast(self) -> Contrasts:
        """The smallest changes of facts that would have given another outcome, fewest facts first, then the nearest values; each tried.

        Each has `facts`, `outcome`, `rule` and `text("zh")`. For each other outcome they are all sets of the fewest facts that reach it;
        that none is smaller is proved. What clocks, scores, settings and other records say stays as it is, and so do facts that
        something not analysed reads: `not_analysed` names that. Of an outcome that was kept (JSON, a pickle) nothing can be asked any
        more: DecisionError.

        >>> from govservice import load_rulebook
        >>> out = load_rulebook("kunshan").decide("complaint_answer", {"complaint_form": "verbal"}, on=date(2026, 11, 20))
        >>> [change.facts for change in out.contrast()]
        [{'complaint_form': 'written'}]
        """
        if self._subject is None:
            raise DecisionError(
                Words("of a kept outcome nothing can be asked any more", "保存过的结果不能再问"),
                hint=Words("decide again: book.decide(..).contrast()", "请重新作出决定：book.decide(..).contrast()"),
                id=self.decision,
            )
        return cast("Contrasts", machinery("rules.proofs.contrasting:contrast")(self._subject(), self.decision))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_subject": None}

    def _written(self) -> dict[str, Any]:
        """Of the labels those that the explanation needs."""
        tree = super()._written()
        keys = {f"{name}={value}" for name, value in (*self.facts.items(), *self.values.items())}
        keys |= {f"{self.primary}={value}" for value in self.possible}
        waited = {*self.undecided, *(name for rule in self.steps for name in rule.needs)}
        keys |= {*self.facts, *self.values, *self.open_outcomes, *(part for name in waited for part in re.split("[:.]", name)), *waited}
        named = {name for rule in self.steps if rule.held is not False for name in named_in(rule.text)}
        keys |= {*named, *(name.partition(".")[0] for name in named), *(f"rules.{rule.id}" for rule in self.steps)}
        tree["labels"] = encoded_pairs({key: label for key, label in self.labels.items() if key in keys}, encoded)
        return tree


@lru_cache(4096)
def _read(rule: str, held: bool | None, text: str, cite: str | None, needs: tuple[str, ...]) -> RuleRead:
    """What became of a rule: alike for many subjects, so made once."""
    return RuleRead(rule, held, text, cite, needs)


def outcome_of(verdict: Verdict, subject: Subject, digest: str, *, kept: bool = False) -> Outcome:
    """The public outcome of a verdict; with `kept` it keeps the subject, to be asked what would have changed it."""
    decision = verdict.decision
    rules = {rule.id: rule for rule in decision.rules}
    values = settled_of(verdict)
    opened = tuple(name for name in verdict.values if name not in values)
    fired = rules.get(verdict.rule or "")
    return Outcome(
        decision=decision.id,
        label=decision.label,
        book=subject.contents.id,
        digest=digest,
        on=subject.surroundings.on,
        primary=decision.primary,
        values=values,
        open_outcomes=opened,
        possible=may_still_be(verdict),
        undecided=waited_for(verdict),
        rule=verdict.rule,
        rules=verdict.rules,
        cite=fired.cite if fired else None,
        applies=verdict.applies,
        gap=verdict.gap,
        steps=tuple(_read(step.rule, step.held, rules[step.rule].text, rules[step.rule].cite, step.needs) for step in verdict.steps),
        facts=_facts_read(verdict, subject),
        labels=subject.contents.labels_for(decision.id),
        unused=tuple(subject.unused),
        certain=tuple(map(reported, verdict.certain.get(decision.primary, ()))) if decision.primary in opened else (),
        notes=subject.said_of(decision.id),
        _subject=(lambda: subject) if kept else None,
    )


class Answer(NamedTuple):
    """What a decision comes to, in short: its own outcome, and the rule that settled it.

    `state` is `settled`, `none` (it does not apply, or a rule says so), `gap` (no rule fits), `open` (facts are missing, or it is to be
    recorded) or `conflict` (rules contradict each other); `value` is None but for what is settled.
    """

    state: Literal["settled", "none", "gap", "open", "conflict"]
    rule: str | None
    value: object


CONFLICT: Final = Answer("conflict", None, None)


def answer_of(verdict: Verdict) -> Answer:
    """A verdict in short."""
    value = verdict.values[verdict.decision.primary]
    if isinstance(value, (Unknown, Interval)):
        return Answer("open", verdict.rule, None)
    if isinstance(value, Nothing):
        return Answer("gap" if value.gap else "none", verdict.rule, None)
    return Answer("settled", verdict.rule, reported(value))


_AS_IT_IS: Final = frozenset((str, int, bool))  # as `reported` gives it


def outcome_at_once(quick: Quick, contents: Contents, facts: dict[str, Any], on: date | None, digest: str) -> Outcome | None:
    """The outcome of a compiled decision for facts that no label names; None where the interpreter is to be asked."""
    ids, labels = contents.sight(quick.entry.about)
    unused = () if facts.keys() <= ids else tuple(key for key in facts if key not in ids)
    if quick.worked_out or not labels.keys().isdisjoint(unused):
        return None
    answer = quick.answered(facts)
    if answer is None:
        return None
    held, verdict, values = answer
    made = quick.outcomes.get(held)
    if made is None:
        shared = outcome_of(verdict, Subject(contents, quick.entry.about, {}), digest)
        places = {id: place for place, id in enumerate(quick.reads)}
        reads = dict.fromkeys(name for rule in verdict.decision.rules for name in rule.reads)
        read_at = tuple((name, places[name]) for name in reads if name in places)
        made = quick.outcomes[held] = vars(shared), read_at
    fields, read_at = made
    read = {name: value for name, place in read_at if (value := values[place]) is not UNREAD}
    if not _AS_IT_IS.issuperset(map(type, read.values())):
        read = {name: reported(value) for name, value in read.items()}
    outcome = object.__new__(Outcome)
    asked = partial(Subject, contents, quick.entry.about, dict(facts), Surroundings(on))
    vars(outcome).update(fields, on=on, facts=Frozen(read), unused=tuple(map(str, unused)), _subject=asked)
    return outcome


def compiled_answers(
    contents: Contents, decision: str, on: date | None, asked: Callable[[Mapping[str, Any]], Answer]
) -> Callable[[Mapping[str, Any]], Answer] | None:
    """What gives answers to facts from generated code, and from `asked` where that cannot say; None where the decision has no such form."""
    entry = contents.decisions[decision]
    ids, by_label = contents.sight(entry.about)
    labels = frozenset(by_label) - ids
    quick = compiled_for(contents, entry.about, decision, on, at_once=True)
    if quick is None:
        return None
    if entry.hit == "first" and not quick.worked_out:
        code = written_out(
            plan_of(contents, entry.about, decision, on), Answers(lambda rule: answer_of(quick.of_number(rule)), asked, labels)
        )
        return None if code is None else code.made()

    def given(facts: Mapping[str, Any]) -> Answer:
        answer = quick.answered(facts) if type(facts) is dict and labels.isdisjoint(facts) else None
        return asked(facts) if answer is None else answer_of(answer[1])

    return given


def settled_of(verdict: Verdict) -> dict[str, object]:
    """The outcomes that are settled, by name, as they are reported."""
    return {name: reported(value) for name, value in verdict.values.items() if not isinstance(value, (Unknown, Interval))}


def may_still_be(verdict: Verdict) -> tuple[object, ...]:
    """What the decision's own outcome is or may still be; empty where nobody can list it."""
    return tuple(dict.fromkeys(map(reported, verdict.possible[verdict.decision.primary] or ())))


def waited_for(verdict: Verdict) -> tuple[str, ...]:
    """What the decision's own outcome waits for, and whether it applies; of one that is settled, or to be recorded, what the others do."""
    waiting = {name: value.needs for name, value in verdict.values.items() if isinstance(value, (Unknown, Interval))}
    primary = verdict.decision.primary
    own = waiting.get(primary, frozenset())
    return tuple(sorted((own if own - {primary} else own.union(*waiting.values())) | verdict.doubt))


def open_outcome(decision: Decision, subject: Subject, digest: str) -> Outcome:
    """The outcome of a decision that its rules do not settle, for they contradict each other: recording it does."""
    names = tuple(name for name, _ in decision.outcomes)
    return Outcome(
        decision=decision.id,
        label=decision.label,
        book=subject.contents.id,
        digest=digest,
        on=subject.surroundings.on,
        primary=decision.primary,
        values={},
        open_outcomes=names,
        possible=(),
        undecided=(decision.primary,),
        rule=None,
        rules=(),
        cite=None,
        applies=True,
        gap=False,
        steps=(),
        facts={},
        labels=subject.contents.labels_for(decision.id),
        unused=tuple(subject.unused),
    )


def _facts_read(verdict: Verdict, subject: Subject) -> dict[str, object]:
    """The facts that the judged rules read, with what they were worth."""
    reads = dict.fromkeys(name for rule in verdict.decision.rules for name in rule.reads)
    return {
        name: reported(subject.memo[name])
        for name in reads
        if name in subject.memo and not isinstance(subject.memo[name], (Unknown, Nothing, Interval))
    }
