"""The first law, held against two answers: of records in which nothing is missing, and of the same with some facts forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from random import Random

from govservice import GovServiceError, Rulebook
from govservice.errors import ConflictError, RulebookError

from .answers import ABSENT, Answer, Said, ask, loaded
from .books import ACTS, Book, Tree, conventions, drawn
from .chance import Chance
from .contradictions import recorded
from .records import Path, Rows, complete, forgettable, forgotten, without

NOWS = (date(2026, 3, 5), date(2026, 3, 12), date(2026, 3, 18), date(2026, 3, 30))
# What an answer means by not saying something.
UNSAID = {
    " copy ": False, "scored": False, "graded": False, "unpriced": False, "raised": False, "line": 0, "part": ABSENT, "rank": None,
    "set aside": False,
}  # fmt: skip


@dataclass(frozen=True)
class Violation:
    """One way in which an answer breaks a law: `what` it is about, in the words of `answers`."""

    law: str
    what: str
    more: str

    @property
    def kind(self) -> str:
        """The violation without the names of subjects and rows."""
        words = [word for word in self.what.split() if not (word[0].isdigit() or word in ("A", "B", "C", "W1", "W2", "C1", "C2", "C3"))]
        return f"{self.law}: {' '.join(words[:2])}"

    def __str__(self) -> str:
        return f"{self.law}: {self.what}: {self.more}"


@dataclass
class Example:
    """A book, records in which nothing is missing, what is forgotten of them, and when it is asked."""

    book: Book
    rows: Rows
    gone: list[Path]
    now: date | None
    features: frozenset[str] = field(default_factory=frozenset)

    def __str__(self) -> str:
        """Everything, to be pasted."""
        shown = "\n".join(f"  {table}:\n" + "\n".join(f"    - {row}" for row in rows) for table, rows in self.rows.items())
        gone = ", ".join(f"{table}:{place + 1}.{name}" if table != "settings" else f"setting {name}" for table, place, name in self.gone)
        asked = f"{self.book.verb} {self.book.asks} {self.book.period if self.book.verb in ('score', 'grade') else ''} now {self.now}"
        return f"{self.book.text}\n{asked}\nrecords:\n{shown}\nforgotten: {gone or 'nothing'}"


def example(random: Random, verb: str | None = None, without_: Collection[str] = (), keep: Collection[str] = ()) -> Example:
    """An example for one verb."""
    return histories(random, drawn(random, verb, without_), 1, without_, keep)[0]


def histories(
    random: Random, book: Book, count: int, without_: Collection[str] = (), keep: Collection[str] = (), *, ways: int = 1
) -> list[Example]:
    """So many examples under one book, several `ways` of forgetting for each history; columns to `keep` are not forgotten, `doubtful` ones
    only where that word is among them.
    """
    found: list[Example] = []
    while len(found) < count:
        chance = Chance(random, without_)
        rows = complete(chance, book)
        now = chance.pick(NOWS) if book.verb in ("clocks", "run") or chance.happens(0.8) else None
        facts = [path for path in forgettable(book, rows, "doubtful" in keep) if path[2] not in keep]
        distinct = {frozenset(gone): gone for gone in (forgotten(chance, facts) for _ in range(ways))}
        found += [Example(book, rows, gone, now, book.features | chance.used) for gone in distinct.values()][: count - len(found)]
    return found


# -- asking


def tree_without(tree: Tree, gone: Collection[Path]) -> Tree:
    """The book with some settings not given."""
    names = [name for table, _, name in gone if table == "settings"]
    if not names:
        return tree
    found = deepcopy(tree)
    for name in names:
        if name in found.get("settings", {}):
            found["settings"][name].pop("value", None)
    return found


class Asking:
    """Books loaded once, by the settings that are not given; of one history the same is asked once, with everything known as with less."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._loaded: dict[frozenset[str], Rulebook] = {}
        self._of: tuple[Rows, date | None] | None = None
        self._said: dict[frozenset[Path], Answer | GovServiceError] = {}

    def rules(self, gone: Collection[Path]) -> Rulebook:
        names = frozenset(name for table, _, name in gone if table == "settings")
        if names not in self._loaded:
            self._loaded[names] = loaded(tree_without(self.book.tree, gone))
        return self._loaded[names]

    def answer(self, rows: Rows, gone: Collection[Path], now: date | None) -> Answer | GovServiceError:
        """The answer with these facts forgotten, or the library's refusal."""
        if self._of is None or self._of[0] is not rows or self._of[1] != now:
            self._of, self._said = (rows, now), {}
        key = frozenset(gone)
        if key not in self._said:
            self._said[key] = self._answer(rows, gone, now)
        return self._said[key]

    def _answer(self, rows: Rows, gone: Collection[Path], now: date | None) -> Answer | GovServiceError:
        try:
            return ask(self.book, self.rules(gone), without(rows, gone), now)
        except RulebookError:
            raise
        except GovServiceError as error:
            return error


# -- the law


def overturned(full: Answer, less: Answer) -> Iterator[Violation]:
    """Whatever less information settles otherwise, or does not count among what may be.

    What rules of a `unique` or `any` table contradict each other about, with everything known, says nothing: the law lets one rule that
    holds settle it while the other is not known to hold.
    """
    for key in dict.fromkeys((*full, *less)):
        if _is_conditional(key, full, less):
            continue
        whole, part = full.get(key, _unsaid(key)), less.get(key, _unsaid(key))
        if whole is None or whole.contradicted or part is None or part.allows(whole) or _is_no_rank(key, whole, part):
            continue
        law = "overturns" if not part.open else "leaves the truth out"
        yield Violation(law, key, f"with everything known {whole}, with less {part}")


def _unsaid(key: str) -> Said | None:
    if key.endswith(" ranked"):
        return None
    found = next((word for word in UNSAID if word in key), None)
    return None if found is None else Said(open=False, value=UNSAID[found])


def _is_conditional(key: str, full: Answer, less: Answer) -> bool:
    """What holds only if something else does, which is said to be open: what a clock would start from, if it runs on this case at all;
    the lines of a part, if the part applies; the parts of a score, if it is scored; the copies of a notice, if it is owed. An event that
    may yet be priced is no unpriced one, and is listed as open.
    """
    if " copy " in key:
        notice = less.get(key.partition(" copy ")[0])
        return notice is not None and notice.open
    whose, _, name = key.rpartition(" ")
    applies = less.get(f"{whose} applies")
    if name in ("started", "limit", "stopped") and applies is not None and applies.open:
        return True
    subject, _, rest = key.partition(" ")
    scored = less.get(f"{subject} scored")
    if scored is not None and scored.open and rest.startswith(("line", "part", "unpriced")):
        return True
    if rest.startswith("line "):
        whole = less.get(f"{subject} line {rest.split()[1]} ")
        if whole is not None and whole.open:
            return True  # which rows an item has is open
    if rest.startswith("line p"):
        return f"{subject} part {rest.split()[1].rpartition('.')[0]}" not in full
    if rest.startswith("part ") and key not in full:
        return True
    if key.endswith("set aside") and key in full:
        return True  # two rules of a `unique` or `any` table that both hold, once they are known to
    return " unpriced " in key and key not in less


def _is_no_rank(key: str, whole: Said, part: Said) -> bool:
    """A rank that is open may turn out to be none."""
    return key.endswith(" rank") and part.open and whole.value is None


def broken(one: Example, asking: Asking | None = None, *, rounds: int = 30) -> Violation | None:
    """The first way in which an example breaks the law; None where it holds, or where nothing can be asked even with everything known."""
    asking = asking or Asking(one.book)
    full = asking.answer(one.rows, (), one.now)
    if isinstance(full, GovServiceError):
        return None
    gone = list(one.gone)
    for _ in range(rounds):
        less = asking.answer(one.rows, gone, one.now)
        if isinstance(less, ConflictError):
            return None  # `unique` and `any` are promises of the book
        if isinstance(less, GovServiceError):
            return Violation("raises on less", type(less).__name__, str(less))
        found = next(overturned(full, less), None)
        if found is not None and not _settled_by_one_rule(one, asking, gone, less):
            return found
        waiting = {key: said for key, said in less.items() if said.open and not _open(full, key)}
        if not waiting:
            return None
        named = {name for said in waiting.values() for name in said.names}
        given = _given(gone, named)
        if not given:
            columns = {name.rpartition(".")[2] for name in named if ":" in name}
            return None if (named | columns) & _never_given(one) else _stuck(waiting, gone)
        gone = [path for path in gone if path not in given]
    return Violation("never settles", "", "")


def _settled_by_one_rule(one: Example, asking: Asking, gone: list[Path], less: Answer) -> bool:
    """Whether less information overturns nothing but what rules contradict each other about in a table that the answer reads."""
    whole, part = asking.rules(()), asking.rules(gone)
    rows = recorded(one.book, whole, part, one.rows, without(one.rows, gone), one.now)
    full = None if rows is None else asking.answer(rows, (), one.now)
    return full is not None and not isinstance(full, GovServiceError) and next(overturned(full, less), None) is None


def _open(full: Answer, key: str) -> bool:
    said = full.get(key, _unsaid(key))
    return said is None or said.open


def _given(gone: list[Path], named: set[str]) -> set[Path]:
    """The forgotten facts that these names ask for: a setting, a fact by itself, or a row's fact."""
    columns = {name.rpartition(".")[2] for name in named} | named
    return {path for path in gone if path[2] in columns}


def _never_given(one: Example) -> set[str]:
    """What an answer may well wait for, though nothing of it was forgotten: acts not done, columns that a row may leave empty, today."""
    optional = {column.name for columns in one.book.columns.values() for column in columns if not column.may_be_forgotten}
    unstated = {f"conventions.{name}" for name in conventions() if name not in one.book.tree["conventions"]}
    return {*unstated, "conventions.rounding.mode", *ACTS, "closed_at", "received_at", "pauses.to", "to", "as_of", "now", *optional}


def _stuck(waiting: dict[str, Said], gone: list[Path]) -> Violation | None:
    """What is open although nothing that it names was forgotten."""
    for key, said in waiting.items():
        if _can_name(key):
            law = "names what nobody can give" if said.names else "open with nothing named"
            return Violation(law, key, f"{said}; still forgotten: {sorted({name for _, _, name in gone})}")
    return None


def _can_name(key: str) -> bool:
    """Whether the answer has a place for what this waits for: a grading names what its grade waits for, not its rank or total."""
    return not key.endswith((" rank", " ranked", " graded", " its total", "national_code", "gap")) and not key.startswith("notice")
