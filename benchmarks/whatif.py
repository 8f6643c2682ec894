"""Two rulebooks over a made-up year: in columns against one by one; a whole year and its memory. `python benchmarks/whatif.py [CASES]`"""

from __future__ import annotations

import resource
import sys
from time import process_time
from typing import Any

from govservice import load_rulebook
from govservice.sample import centre_year
from govservice.whatif import sweep
from govservice.whatif.working import Beside

REFORMS: dict[str, dict[str, object]] = {
    "every promise cut by a third": {"clocks.promised.limit": "promised_limit * 2 / 3"},
    "joint from three departments on": {"decisions.case_type.rules.joint.when": "departments >= 3"},
}
SWEPT: dict[str, list[object]] = {"clocks.promised.limit": [f"promised_limit * {n} / 40" for n in range(1, 31)]}


def seconds(work: Any) -> tuple[float, Any]:
    """How long it takes of the processor, and what it comes to."""
    began = process_time()
    result = work()
    return process_time() - began, result


def decided(frames: dict[str, Any]) -> dict[str, Any]:
    """The year with what Haimen's book asks besides: whether a limit was promised in public, and what departments agreed on."""
    import polars as pl

    agreed = pl.when(pl.col("departments") > 1).then(pl.lit("20个工作日"))
    return {**frames, "cases": frames["cases"].with_columns(publicly_promised=pl.lit(value=True), agreed_limit=agreed)}


def main() -> None:
    """Print both tables."""
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 1_200_000
    book = load_rulebook("haimen")
    few = decided(centre_year(cases=2_000).frames())
    print("2,000 cases, both ways in one run:")
    for name, changes in REFORMS.items():
        other = book.reform(changes)
        slow, one_by_one = seconds(lambda other=other: Beside(book, few, whole=True).what_if(other))
        quick, in_columns = seconds(lambda other=other: Beside(book, few).what_if(other))
        assert in_columns == one_by_one
        print(f"  {name}: {quick:.2f} s in columns, {slow:.2f} s one by one, {slow / quick:.0f} times")
    frames = decided(centre_year(cases=cases).frames())
    print(f"{cases:,} cases in frames:")
    _whole_year(book, frames)
    for name, values in SWEPT.items():
        took: list[float] = []
        sweep(book, {name: values}, frames, progress=lambda *_, took=took: took.append(process_time()))
        print(f"  a sweep of {name}, {len(took)} points: {(took[-1] - took[1]) / (len(took) - 2):.2f} s for each after the second")
    print(f"  memory at the most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def _whole_year(book: Any, frames: dict[str, Any]) -> None:
    beside = Beside(book, frames)
    for name, changes in REFORMS.items():
        other = book.reform(changes)
        taken, found = seconds(lambda other=other: beside.what_if(other))
        listed, moved = seconds(lambda found=found: len(found.shifts) + len(found.outcomes))
        print(f"  {name}: {taken:.1f} s, and {listed:.1f} s for lists of {moved:,} changes; {found.moved_cases:,} cases of another type")


if __name__ == "__main__":
    main()
