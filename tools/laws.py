"""The three laws on as many drawn books and records as one likes: what `tests/laws` tries on a few, without pytest, in several processes.

    python tools/laws.py 1000000                       # a million cases, on every core
    python tools/laws.py 100000 --verbs score,grade    # of these verbs alone
    python tools/laws.py 100000 --without scheme-when  # without a feature, so that one broken thing does not hide the next
    python tools/laws.py 1000000 --first 4200 2>> far.txt # a run gone on with that was broken off at book 4200
    python tools/laws.py 20000 --law order --seed 7    # the order of rows; laws: information, naming, order, conventions, dropped

A case is one book with one history and some of its facts forgotten. What breaks a law is counted by kind, and the smallest example of each
is cut down and printed (`--out FILE` writes them too). The same seed draws the same cases. Ends with 1 where a law is broken.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from traceback import format_tb

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from govservice.as_json import AsJson
from govservice.errors import RulebookError
from tests.laws.books import VERBS, drawn
from tests.laws.choosing import chosen, ordered, relevant
from tests.laws.dropping import first_unsaid
from tests.laws.laws import Asking, Example, Violation, broken, histories
from tests.laws.naming import unnamed
from tests.laws.reducing import smaller

Law = Callable[[Example, Asking, random.Random], Violation | None]


def _conventions(one: Example, _: Asking, chance: random.Random) -> Violation | None:
    return chosen(one, chance.choice(relevant(one.book.verb)))


LAWS: dict[str, Law] = {
    "information": lambda one, asking, _: broken(one, asking),
    "naming": lambda one, _, __: unnamed(one),
    "order": lambda one, _, chance: ordered(one, chance),
    "conventions": _conventions,
    "dropped": lambda one, _, chance: first_unsaid(one, chance),
}
EVERY = 20  # seconds between two lines of how far it is
COUNTED = ("score", "grade", "clocks")
SPEAKS_OF = {"naming": COUNTED, "order": (*COUNTED, "outcomes"), "conventions": COUNTED}


@dataclass
class Found:
    """What a share of the cases came to: how many were tried, refused, open; and by kind how many broke the law, with the smallest."""

    tried: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    least: dict[str, tuple[Example, Violation]] = field(default_factory=dict)

    def add(self, one: Example, violation: Violation) -> None:
        kind = f"{one.book.verb}: {violation.kind}"
        self.kinds[kind] += 1
        if kind not in self.least or len(str(one)) < len(str(self.least[kind][0])):
            self.least[kind] = (one, violation)

    def __iadd__(self, other: Found) -> Found:
        self.tried += other.tried
        self.features += other.features
        self.kinds += other.kinds
        for kind, pair in other.least.items():
            if kind not in self.least or len(str(pair[0])) < len(str(self.least[kind][0])):
                self.least[kind] = pair
        return self


def share(
    job: tuple[int, int],
    *,
    law: str,
    verbs: list[str],
    without: frozenset[str],
    keep: frozenset[str],
    seed: str,
    each: int = 8,
    ways: int = 1,
) -> Found:
    """One share: books from a number up to another, so many cases each, several `ways` of forgetting for each history."""
    gc.freeze()  # what is loaded stays
    gc.set_threshold(50_000, 20, 50)
    AsJson.__post_init__ = _as_made  # type: ignore[method-assign]
    found = Found()
    for number in range(*job):
        chance = random.Random(f"{seed} {number}")
        book = drawn(chance, verbs[number % len(verbs)], without)
        found.features.update(book.features)
        asking = Asking(book)
        for one in histories(chance, book, each, without, keep, ways=ways):
            found.tried[book.verb] += 1
            violation = _tried(law, one, asking, chance)
            if violation is not None:
                found.add(one, violation)
    return found


def _as_made(_: AsJson) -> None:
    """Answers are compared here and thrown away: freezing them is left out, for its time."""


def _tried(law: str, one: Example, asking: Asking, chance: random.Random) -> Violation | None:
    """What breaks the law; an error that is none of the library's breaks every law."""
    try:
        return LAWS[law](one, asking, chance)
    except RulebookError as error:
        return Violation("the book is refused", error.faults[0].what.en, str(error)[:400])
    except Exception as error:
        return Violation("crash", type(error).__name__, f"{str(error)[:200]}\n{''.join(format_tb(error.__traceback__)[-3:])}")


def cut_down(law: str, one: Example, violation: Violation, seed: str) -> tuple[Example, Violation]:
    """The example with nothing left that the violation does not need."""

    def again(each: Example) -> Violation | None:
        return _tried(law, each, Asking(each.book), random.Random(seed))

    return smaller(one, violation, tries=400, law=again)


def main() -> int:
    """Run, print, and say by the exit code whether the laws hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=int)
    parser.add_argument("--law", choices=[*LAWS, "all"], default="information")
    parser.add_argument("--verbs", default=",".join(VERBS))
    parser.add_argument("--without", default="", help="features that are not drawn")
    parser.add_argument("--keep", default="", help="columns that are not forgotten; `doubtful` adds verified, limit, eligible to what is")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="the book to begin with: where a run of this seed was broken off")
    parser.add_argument("--histories", type=int, default=8, help="cases under one book")
    parser.add_argument("--ways", type=int, default=1, help="cases of one history: what it says with nothing forgotten is asked once")
    parser.add_argument("--processes", type=int, default=cpu_count() or 1)
    parser.add_argument("--show", type=int, default=12, help="how many kinds are shown with an example")
    parser.add_argument("--features", action="store_true", help="list how often each feature was drawn")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    lines: list[str] = []
    bad = 0
    for law in LAWS if asked.law == "all" else [asked.law]:
        bad += _run(law, asked, lines)
    if asked.out is not None:
        asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if bad else 0


def _counted(found: Found) -> str:
    listed = ", ".join(f"{verb} {count:,}" for verb, count in sorted(found.tried.items()))
    kinds = "".join(f"; {kind} {count:,}" for kind, count in found.kinds.most_common(8))
    return f"{sum(found.tried.values()):,} cases ({listed}), {sum(found.kinds.values()):,} broken in {len(found.kinds)} ways{kinds}"


def _run(law: str, asked: argparse.Namespace, lines: list[str]) -> int:
    def say(text: str) -> None:
        print(text, flush=True)
        lines.append(text)

    verbs = [verb for verb in asked.verbs.split(",") if verb in SPEAKS_OF.get(law, VERBS)]
    books = -(-asked.cases // asked.histories)
    size = max(1, min(20, books // (4 * asked.processes) or 1))
    jobs = [(first, min(first + size, books)) for first in range(asked.first, books, size)]
    options = {"without": frozenset(filter(None, asked.without.split(","))), "keep": frozenset(filter(None, asked.keep.split(",")))}
    work = partial(share, law=law, verbs=verbs, seed=asked.seed, each=asked.histories, ways=asked.ways, **options)
    began, found, told = time.perf_counter(), Found(), 0.0
    with get_context("fork").Pool(asked.processes) as pool:
        for (_, last), part in zip(jobs, pool.imap(work, jobs), strict=True):  # in order, so that a run can be gone on with
            for kind in part.kinds.keys() - found.kinds.keys():
                print("\n--- {0}\n{2}\n\n{1}\n".format(kind, *part.least[kind]), file=sys.stderr, flush=True)
            found += part
            if time.perf_counter() - told > EVERY:
                told = time.perf_counter()
                print(f"  {law}: {_counted(found)}; {told - began:.0f} s, up to book {last}", file=sys.stderr, flush=True)
    took = time.perf_counter() - began
    say(f"{law}: {_counted(found)}; books {asked.first:,} to {books:,} in {took:.0f} s")
    for kind, count in found.kinds.most_common():
        say(f"  {count:>8,}  {kind}")
    for kind, _ in found.kinds.most_common(asked.show):
        one, violation = cut_down(law, *found.least[kind], asked.seed)
        say(f"\n--- {kind}\n{violation}\n\n{one}")
    if asked.features:
        say("drawn: " + ", ".join(f"{name} {count:,}" for name, count in found.features.most_common()))
    return sum(found.kinds.values())


if __name__ == "__main__":
    raise SystemExit(main())
