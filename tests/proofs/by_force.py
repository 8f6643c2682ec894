"""The proofs beside brute force: what is found of a small book is what every record of its facts shows, no more and no less."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from govservice.errors import ConflictError, GovServiceError
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import expressions
from govservice.rules.language.shapes import Expression, Known, Name, walk
from govservice.rules.language.values import Interval, Nothing, Unknown
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject
from govservice.rules.proofs.cells import MISSING
from govservice.rules.proofs.closed import closure
from govservice.rules.proofs.comparing import compare_contents
from govservice.rules.proofs.contrasting import contrast
from govservice.rules.proofs.formulas import Budget
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.tables import TableCheck

from .small_books import Drawn, book, records, subject

NOWHERE = object()


def facts_read(*books: Contents) -> list[str]:
    """The facts that the decision reads; `said?` where a record need not say it, for `known` asks."""
    parts = [
        part
        for contents in books
        for decision in closure(contents, "asked").values()
        for expression in expressions(decision)
        for part in walk(expression)
    ]
    read = {part.id for part in parts if isinstance(part, Name) and part.granted_by is None}
    known = {"said" for part in parts if isinstance(part, Known)}
    return sorted({f"{id}?" if id in known else id for id in read})


def by_force(contents: Contents, facts: list[str]) -> dict[str, Any]:
    """What every record shows: whether there is a gap, which rules fire, which pairs hold at once."""
    decision = contents.decisions["asked"]
    fires: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    gap = False
    for record in records(facts):
        one = subject(contents, record)
        if _answer(decision.when, one) is not True:
            continue
        answers = {rule.id: _answer(rule.when, one) for rule in decision.rules}
        held = [rule for rule, answer in answers.items() if answer is True]
        if decision.hit == "first":
            for rule, answer in answers.items():
                if answer is True:
                    fires.add(rule)
                if answer is not False:
                    break
        else:
            fires.update(held)
            granted = {rule.id: rule.then for rule in decision.rules}
            pairs.update(
                (first, other)
                for at, first in enumerate(held)
                for other in held[at + 1 :]
                if decision.hit == "unique" or granted[first] != granted[other]
            )
        gap = gap or (decision.otherwise is None and all(answer is False for answer in answers.values()))
    return {"gap": gap, "fires": fires, "pairs": pairs}


def _answer(condition: Expression | None, one: Subject) -> bool | Unknown | None:
    """Whether a condition holds; None where the rules of another decision contradict each other."""
    try:
        return True if condition is None else holds(evaluate(condition, one))
    except ConflictError:
        return None


def proved(contents: Contents) -> dict[str, Any]:
    """The same, by proof; every witness is tried as it is found. What hangs on rules of another decision that contradict each other is
    left out, on both sides.
    """
    check = TableCheck(contents, "asked", None, Budget(1_000_000))
    ids = [rule.id for rule in check.rules]
    claims: dict[str, Any] = {"fires": set(), "pairs": set(), "gap": None, "unclear": set()}
    try:
        gap = check.gap()
        claims["gap"] = gap is not None
    except Undecided:
        claims["unclear"].add("gap")
    for at, id in enumerate(ids):
        try:
            if check.fires(at) is not None:
                claims["fires"].add(id)
        except Undecided:
            claims["unclear"].add(id)
    if check.entry.hit != "first":
        for one, other in combinations(range(len(ids)), 2):
            try:
                if check.overlap(one, other) is not None:
                    claims["pairs"].add((ids[one], ids[other]))
            except Undecided:
                claims["unclear"].add((ids[one], ids[other]))
    return claims


def check_seed(seed: int) -> str | None:
    """What differs between the proofs and brute force for one drawn book; None where nothing does."""
    contents = book(*Drawn(seed).decisions())
    forced, found = by_force(contents, facts_read(contents)), proved(contents)
    unclear = found.pop("unclear")
    if "gap" in unclear:
        found["gap"] = forced["gap"]
    for what in ("fires", "pairs"):
        forced[what] -= unclear
    return None if forced == found else f"seed {seed}: by force {forced}, proved {found}"


def gaps_seed(seed: int) -> str | None:
    """Whether the gaps of a drawn book together are the records that no rule takes; None where they are, or where sums are compared."""
    contents = book(*Drawn(seed).decisions())
    check = TableCheck(contents, "asked", None, Budget(1_000_000))
    space = check.question.space
    decision = contents.decisions["asked"]
    if space.sums or len(contents.decisions) > 1:
        return None
    try:
        boxes = [found.box for found in check.gaps()]
    except Undecided:
        return None
    for record in records(facts_read(contents)):
        one = subject(contents, record)
        conditions = [_answer(rule.when, one) for rule in decision.rules]
        forced = (
            decision.otherwise is None and _answer(decision.when, one) is True and not any(answer is not False for answer in conditions)
        )
        cells = [space.cell_of(dim, record.get(of.key, MISSING)) for dim, of in enumerate(space.variables)]
        told = any(all(cell is not None and box[dim] >> cell & 1 for dim, cell in enumerate(cells)) for box in boxes)
        if forced is not told:
            return f"seed {seed}: {record} is {'' if forced else 'not '}in a gap, and is {'' if told else 'not '}told"
    return None


def unclear_share(seeds: range) -> float:
    """Of how many drawn books something is left unclear."""
    return sum(bool(proved(book(*Drawn(seed).decisions()))["unclear"]) for seed in seeds) / len(seeds)


def value_of(contents: Contents, record: dict[str, Any]) -> Any:
    """What a record comes to; None where nothing is settled, a word of its own where the rules contradict each other."""
    try:
        value = subject(contents, record).verdict("asked").values["asked"]
    except ConflictError:
        return "conflict"
    return None if isinstance(value, (Unknown, Interval, Nothing)) else value


def compare_seed(seed: int) -> str | None:
    """What differs where one drawn book is compared with another by proof and by force."""
    drawn = Drawn(seed)
    before = book(*drawn.decisions())
    after = book(*mutated(drawn, before))
    facts = facts_read(before, after)
    apart = [record for record in records(facts) if value_of(before, record) != value_of(after, record)]
    differ = any(not any(contradicts(one, record) for one in (before, after)) for record in apart)
    found = compare_contents(before, after, steps=1_000_000)
    relation = found.relation["asked"]
    for change in found.changes:
        if (
            change.decision == "asked"
            and change.witness
            and value_of(before, dict(change.witness)) == value_of(after, dict(change.witness))
        ):
            return f"seed {seed}: a witness that shows nothing: {change}"
    if relation == "not analysed":
        return f"seed {seed}: not analysed" if not conflicts(before, after, facts) else None
    if differ and relation == "equal":
        return f"seed {seed}: said to be equal, and is not"
    return f"seed {seed}: said to be {relation}, and is equal" if relation != "equal" and not apart else None


def contradicts(contents: Contents, record: dict[str, Any]) -> bool:
    """Whether the rules of the decision that is used contradict each other for a record."""
    try:
        return "used" in contents.decisions and subject(contents, record).verdict("used") is None
    except ConflictError:
        return True


def conflicts(before: Contents, after: Contents, facts: list[str]) -> bool:
    """Whether the rules of a decision contradict each other for some record: of such nothing is proved."""
    return any("conflict" in (value_of(one, record)) for one in (before, after) for record in records(facts) if value_of(one, record))


def mutated(drawn: Drawn, before: Contents) -> tuple[Any, ...]:
    """The decisions with one small change, or one drawn anew."""
    from govservice.rules.proofs.mutating import mutants_of

    decisions = list(before.decisions.values())
    at = drawn.random.randrange(len(decisions))
    changed = [other for _, other in mutants_of(decisions[at])]
    decisions[at] = drawn.random.choice(changed)
    return tuple(decisions)


def contrast_seed(seed: int) -> str | None:
    """Whether the smallest changes for a drawn record are those of brute force: as few facts for each outcome, and every set of so many."""
    drawn = Drawn(seed)
    contents = book(*drawn.decisions())
    facts = [f"{id.removesuffix('?')}?" if id.startswith("said") else id for id in facts_read(contents)]
    every = list(records(facts))
    facts = [id.removesuffix("?") for id in facts]
    if not every:
        return None
    record = drawn.random.choice(every)
    record = {name: value for name, value in record.items() if drawn.random.random() < 0.85}
    current = value_of(contents, record)
    if current == "conflict":
        return None
    least: dict[Any, set[frozenset[str]]] = {}
    for other in every:
        if any(name in record and name not in other for name in facts):
            continue  # nothing that is said is unsaid
        moved = frozenset(name for name in other if record.get(name, NOWHERE) != other[name])
        for given in ({name: value for name, value in other.items() if name in record or name in moved},):
            value = value_of(contents, given)
            if value not in (None, "conflict", current):
                least.setdefault(value, set()).add(moved)
    # facts that stay unsaid are tried too
    for other in every:
        for left in _subsets([name for name in other if name not in record]):
            given = {name: value for name, value in other.items() if name not in left}
            if any(name in record and name not in given for name in record):
                continue
            moved = frozenset(name for name in given if record.get(name, NOWHERE) != given[name])
            value = value_of(contents, given)
            if value not in (None, "conflict", current):
                least.setdefault(value, set()).add(moved)
    forced = {value: {one for one in sets if len(one) == min(map(len, sets))} for value, sets in least.items()}
    found: dict[Any, set[frozenset[str]]] = {}
    try:
        changes = contrast(subject(contents, record), "asked")
    except GovServiceError:
        return None
    for change in changes:
        found.setdefault(change.outcome, set()).add(frozenset(change.facts))
    return None if forced == found else f"seed {seed}: {record} is {current}: by force {forced}, found {found}"


def _subsets(names: list[str]) -> list[frozenset[str]]:
    subsets = [frozenset[str]()]
    for name in names:
        subsets += [one | {name} for one in subsets]
    return subsets
