"""The proofs beside brute force on as many drawn books as one likes: what `tests/proofs` tries on a few, in several processes.

    python tools/proofs.py check 100000             # gaps, overlaps, rules that fire
    python tools/proofs.py compare 20000            # pairs of books: equal or not, and whether every witness shows it
    python tools/proofs.py contrast 20000 --first 5 # the smallest changes of facts, from the fifth book on

Each book that comes out otherwise is printed with its number, which draws it again. Ends with 1 where there is one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.proofs.by_force import check_seed, compare_seed, contrast_seed

TRIED: dict[str, Callable[[int], str | None]] = {"check": check_seed, "compare": compare_seed, "contrast": contrast_seed}


def main() -> int:
    """Try the books; 1 where one comes out otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=sorted(TRIED))
    parser.add_argument("books", type=int)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=cpu_count() or 1)
    asked = parser.parse_args()
    began, wrong = time.monotonic(), 0
    with get_context("spawn").Pool(asked.processes) as pool:
        for found in pool.imap_unordered(TRIED[asked.what], range(asked.first, asked.first + asked.books), chunksize=50):
            if found is not None:
                wrong += 1
                print(found)
    print(f"{asked.what}: {asked.books:,} books, {wrong:,} come out otherwise, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
