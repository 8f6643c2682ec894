"""What a decision came to, with everything that explains it; frozen, and the same again from JSON or a pickle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from govservice.errors import DecisionError, Lang, Words
from govservice.limits import TimeLimit
from govservice.rules.expressions.values import Nothing, Unknown, reported
from govservice.rules.frozen import Frozen
from govservice.rules.subjects import Subject
from govservice.rules.tables import Verdict

__all__ = ["Outcome", "RuleRead", "decoded", "encoded"]


@dataclass(frozen=True, slots=True)
class RuleRead:
    """What became of one rule: `held` is True, False, or None where it could not be judged for want of `needs`."""

    id: str
    held: bool | None
    text: str
    cite: str | None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The outcome of one decision for one subject.

    `values` holds every settled outcome by name (None: not applicable, or no rule fired); those still open are in `open_outcomes`.
    `open`, `possible`, `undecided` speak of the decision's own outcome: not settled; the values it may still take (None: no rule);
    the facts and settings that would settle it. `rule` is the rule that settled it and `cite` its clause; `rules` all that may have.
    `applies` is False where the decision is not in force or does not apply (None: that itself is open); `gap` is True where it applies
    and no rule fired. `facts` are the values that were read; `digest` names the rulebook, as of the day `on`.
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
    labels: Mapping[str, str] = field(compare=False)  # `to_dict` keeps those that the explanation needs

    def __post_init__(self) -> None:
        for name in ("values", "facts", "labels"):
            held = getattr(self, name)
            if type(held) is not Frozen:
                object.__setattr__(self, name, Frozen(held))

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
                Words(f"{self.decision} has no outcome {name!r}", f"{self.decision} 没有“{name}”这个结果"),
                hint=Words(f"it has: {listed}", f"它有：{listed}"),
                id=name,
            )
        return self.values[name]

    def explain(self, lang: Lang = "en") -> str:
        """Why: the rule that fired with its clause and the facts it read, the rules passed over, what is still needed."""
        from govservice.rules.explaining import explain

        return explain(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same outcome back."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        found["on"] = self.on.isoformat() if self.on else None
        found["values"] = {name: encoded(value) for name, value in self.values.items()}
        found["possible"] = [encoded(value) for value in self.possible]
        found["facts"] = {name: encoded(value) for name, value in self.facts.items()}
        found["steps"] = [
            {"id": one.id, "held": one.held, "text": one.text, "cite": one.cite, "needs": list(one.needs)} for one in self.steps
        ]
        for name in ("open_outcomes", "undecided", "rules"):
            found[name] = list(found[name])
        said = {f"{name}={value}" for name, value in (*self.facts.items(), *self.values.items())} | {
            f"{self.primary}={one}" for one in self.possible
        }
        said |= {*self.facts, *self.values, *self.open_outcomes, *self.undecided}
        found["labels"] = {key: label for key, label in self.labels.items() if key in said}
        return found

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Outcome:
        """The outcome that `to_dict` wrote."""
        given = dict(found)
        given["on"] = date.fromisoformat(given["on"]) if given["on"] else None
        given["values"] = {name: decoded(value) for name, value in given["values"].items()}
        given["possible"] = tuple(decoded(value) for value in given["possible"])
        given["facts"] = {name: decoded(value) for name, value in given["facts"].items()}
        given["steps"] = tuple(RuleRead(**{**one, "needs": tuple(one["needs"])}) for one in given["steps"])
        for name in ("open_outcomes", "undecided", "rules"):
            given[name] = tuple(given[name])
        return cls(**given)


def encoded(value: object) -> Any:
    """A reported value as JSON: dates, exact numbers and limits keep their kind.

    >>> encoded(Decimal("1.5")), encoded(date(2026, 2, 13)), encoded("x")
    ({'decimal': '1.5'}, {'date': '2026-02-13'}, 'x')
    """
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case TimeLimit():
            return {"limit": [str(value.value), value.unit]}
        case tuple() | list():
            return [encoded(one) for one in value]
        case _:
            return value


def decoded(value: Any) -> object:
    """The value that `encoded` wrote.

    >>> decoded({"decimal": "1.5"})
    Decimal('1.5')
    """
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"limit": [amount, unit]}:
            return TimeLimit(amount, unit)
        case list():
            return tuple(decoded(one) for one in value)
        case _:
            return value


def outcome_of(verdict: Verdict, subject: Subject, digest: str) -> Outcome:
    """The public outcome of a verdict."""
    decision = verdict.decision
    rules = {rule.id: rule for rule in decision.rules}
    values: dict[str, object] = {}
    opened: list[str] = []
    needs: set[str] = set()
    for name, value in verdict.values.items():
        if isinstance(value, Unknown):
            opened.append(name)
        else:
            values[name] = reported(value)
    own = verdict.values[decision.primary]
    if isinstance(own, Unknown):
        needs = set(own.needs)
    fired = rules.get(verdict.rule or "")
    return Outcome(
        decision=decision.id,
        label=decision.label,
        book=subject.contents.id,
        digest=digest,
        on=subject.surroundings.on,
        primary=decision.primary,
        values=values,
        open_outcomes=tuple(opened),
        possible=tuple(dict.fromkeys(reported(one) for one in verdict.possible[decision.primary] if not isinstance(one, Unknown))),
        undecided=tuple(sorted(needs)),
        rule=verdict.rule,
        rules=verdict.rules,
        cite=fired.cite if fired else None,
        applies=verdict.applies,
        gap=verdict.gap,
        steps=tuple(
            RuleRead(id=step.rule, held=step.held, text=rules[step.rule].text, cite=rules[step.rule].cite, needs=step.needs)
            for step in verdict.steps
        ),
        facts=_read(verdict, subject),
        labels=subject.contents.labels_for(decision.id),
    )


def _read(verdict: Verdict, subject: Subject) -> dict[str, object]:
    """The facts that the judged rules read, with what they were worth."""
    reads = dict.fromkeys(name for rule in verdict.decision.rules for name in rule.reads)
    return {
        name: reported(subject.memo[name])
        for name in reads
        if name in subject.memo and not isinstance(subject.memo[name], (Unknown, Nothing))
    }
