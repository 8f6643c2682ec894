"""The third law: where the answer depends on a convention, the book states it or the call asks for it; the order of rows is none."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from random import Random

from govservice import GovServiceError
from govservice.errors import ConflictError, ConventionError, RulebookError

from .answers import Answer, Said, ask, loaded
from .books import Tree, conventions
from .laws import Example, Violation
from .records import Rows

# What the pages give a meaning where nothing is stated: a limit in days ends at 24:00; both ends of a pause are uncounted; an extension
# counts on from the due day.
STATED_BY_THE_PAGES = frozenset({"ends", "pause_days", "extension_from"})
OF_CLOCKS = ("first_day", "roll", "rest_day_same_day", "pause_needs_notice", "percent_alarms", "makeup_hours", "rest_day_hours")
OF_SCORES = (
    "part_floor", "part_overflow", "same_occurrence", "unserved_periods", "part_served", "ineligible_periods", "ties", "cleared_signals",
    "same_day_order",
)  # fmt: skip


def relevant(verb: str) -> list[str]:
    """The conventions that an answer of a verb may depend on."""
    named = OF_SCORES if verb in ("score", "grade") else OF_CLOCKS
    return [name for name in named if name in conventions() and name not in STATED_BY_THE_PAGES]


def chosen(one: Example, name: str) -> Violation | None:
    """A convention not stated, of which the answer chooses a value unsaid; or `report`, of which it does."""
    answers = {value: _answer(one, name, value) for value in conventions()[name]}
    if any(answer is None for answer in answers.values()):
        return None
    plain = {value: answer for value, answer in answers.items() if value != "report" and answer is not None}
    without = _answer(one, name, None)
    if without is not None and not isinstance(without, ConventionError):
        yield_ = next(_settled(name, plain, without), None)
        if yield_ is not None:
            return yield_
    report = answers.get("report")
    return next(_reported(name, plain, report), None) if report is not None and not isinstance(report, ConventionError) else None


def _answer(one: Example, name: str, value: str | None) -> Answer | ConventionError | None:
    """The answer with the convention stated so; None where the call is refused for something else."""
    tree = deepcopy(one.book.tree)
    tree["conventions"].pop(name, None)
    if value is not None:
        tree["conventions"][name] = value
    try:
        return ask(one.book, loaded(tree), one.rows, one.now)
    except ConventionError as error:
        return error
    except (RulebookError, ConflictError, GovServiceError):
        return None


def _settled(name: str, plain: dict[str, Answer | ConventionError], without: Answer) -> Iterator[Violation]:
    """What the unstated convention settles although its values do not agree, and what does not name it."""
    for key, found in without.items():
        worths = [answer.get(key) for answer in plain.values() if not isinstance(answer, ConventionError)]
        if _alike(worths) or any(worth is not None and (worth.contradicted or worth.reads_contradicted) for worth in worths):
            continue  # rules of a `unique` or `any` table that all hold under some reading break a promise of the book
        if not found.open:
            yield Violation("chosen unsaid", f"{name} {key}", f"unstated {found}; {_listed(plain, key)}")
        elif found.names and not any(f"conventions.{name}" in each for each in found.names):
            yield Violation("not asked for", f"{name} {key}", f"unstated {found}; {_listed(plain, key)}")


def _reported(name: str, plain: dict[str, Answer | ConventionError], report: Answer) -> Iterator[Violation]:
    """`report` means: left open between what the choices give. Of a tie that is between its first place and its last: `dense` is another
    numbering of all who stand behind it, and no reading of the tie itself. Where one of them makes two rules of a `unique` table hold,
    nothing is promised of it.
    """
    readings = {value: answer for value, answer in plain.items() if value != "dense"}
    for key, found in report.items():
        for value, answer in readings.items():
            whole = None if isinstance(answer, ConventionError) else answer.get(key)
            if whole is not None and not (whole.contradicted or whole.reads_contradicted) and not found.allows(whole):
                yield Violation("report chooses", f"{name} {key}", f"report {found}, {value} {whole}")


def _alike(worths: list[Said | None]) -> bool:
    return all(one is not None and one.allows(other) and other.allows(one) for one in worths for other in worths if other is not None)


def _listed(plain: dict[str, Answer | ConventionError], key: str) -> str:
    return "; ".join(f"{value}: {answer if isinstance(answer, ConventionError) else answer.get(key)}" for value, answer in plain.items())


# -- the order of rows


def ordered(one: Example, random: Random) -> Violation | None:
    """An answer that depends on the order in which rows are given."""
    tree: Tree = deepcopy(one.book.tree)
    if tree.get("conventions", {}).get("same_day_order") == "as_given":
        del tree["conventions"]["same_day_order"]  # such a book says that the order decides
    rules = loaded(tree)
    numbered = ("stages",)  # rows that have clocks of their own are told apart by their number
    shuffled: Rows = {table: rows if table in numbered else random.sample(rows, len(rows)) for table, rows in one.rows.items()}
    tables = list(shuffled)
    random.shuffle(tables)
    try:
        first = ask(one.book, rules, one.rows, one.now)
        other = ask(one.book, rules, {table: shuffled[table] for table in tables}, one.now)
    except GovServiceError:
        return None
    for key in dict.fromkeys((*first, *other)):
        if "line " in key or "unpriced" in key:
            continue
        one_, two = first.get(key), other.get(key)
        if one_ is None or two is None or not (one_.allows(two) and two.allows(one_)):
            return Violation("the order of rows", key, f"{one_} and {two}; shuffled {shuffled}; book {tree['rulebook']}")
    return None
