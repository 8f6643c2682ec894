"""Hostile input without end: spoilt books, spoilt folders of records, public calls with odd arguments, in several processes.

    python tools/hostile.py 100000                     # a third of each, on every core
    python tools/hostile.py 50000 --of books --seed 7  # one kind alone; the same seed gives the same inputs
    python tools/hostile.py 5000 --seconds 3 --memory 1000

Whatever raises an error that is none of the library's, takes longer than `--seconds`, more memory than `--memory` (in MB), loses a row or
shows what would steer a terminal is counted by kind, with the number of the first input of each. Every input runs in a child process that
is held to these bounds, and ended where it does not keep them. Ends with 1 where anything was found.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from os import cpu_count
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.hostile import books, calls, folders

SHARE = 200  # inputs of one child


class TooLong(BaseException):
    """Nothing catches it on its way."""


def _book(chance: random.Random, folder: Path) -> str | None:
    return books.broken_by(books.spoilt(chance), folder)


def _folder(chance: random.Random, folder: Path) -> str | None:
    return folders.broken_by(folders.spoilt(chance), folder)


def _call(chance: random.Random, _: Path) -> str | None:
    broken = calls.tried(chance)
    return None if broken is None else f"{broken.target}: {broken.error}: {broken.text}"


KINDS: dict[str, Callable[[random.Random, Path], str | None]] = {"books": _book, "folders": _folder, "calls": _call}


class Job(NamedTuple):
    """So many inputs of one kind, from a number on."""

    kind: str
    first: int
    seed: str
    seconds: int
    memory: int


@dataclass
class Found:
    """How many inputs were tried, how long the slowest took, and what was broken how often, with the number of the first."""

    tried: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, number: int, took: float, what: str | None) -> None:
        self.tried[kind] += 1
        self.slowest[kind] = max(self.slowest.get(kind, 0), took)
        if what is not None:
            told = f"{kind}: {what[:160]}"
            self.broken[told] += 1
            self.first.setdefault(told, number)


def _stop(_: int, __: FrameType | None) -> None:
    raise TooLong


def _tried(job: Job, number: int, folder: Path) -> str | None:
    signal.alarm(job.seconds)
    try:
        return KINDS[job.kind](random.Random(f"{job.seed} {job.kind} {number}"), folder)
    except TooLong:
        return f"longer than {job.seconds} s"
    except MemoryError:
        return f"more than {job.memory} MB"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)


def share(job: Job, told: Connection) -> None:
    """One child: its inputs one after the other, each told when it is begun and when it is done."""
    signal.signal(signal.SIGALRM, _stop)
    resource.setrlimit(resource.RLIMIT_AS, (job.memory << 20, job.memory << 20))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(job.first, job.first + SHARE):
            begun = time.monotonic()
            what = _tried(job, number, Path(folder))
            told.send((number, time.monotonic() - begun, what))
    told.close()


def campaign(jobs: Iterator[Job], processes: int, found: Found) -> None:
    """Every job in a child of its own; a child that falls silent is ended, and that is told of its input."""
    context = get_context("fork")
    running: dict[Connection, tuple[Job, Any, list[float]]] = {}
    while True:
        while len(running) < processes and (job := next(jobs, None)) is not None:
            ours, theirs = context.Pipe(duplex=False)
            child = context.Process(target=share, args=(job, theirs))
            child.start()
            theirs.close()
            running[ours] = (job, child, [time.monotonic(), job.first])
        if not running:
            return
        for ready in wait(list(running), timeout=1):
            _heard(ready, running, found)  # type: ignore[arg-type]
        _end_silent(running, found)


def _heard(ready: Connection, running: dict[Connection, tuple[Job, Any, list[float]]], found: Found) -> None:
    job, child, last = running[ready]
    try:
        number, took, what = ready.recv()
    except EOFError:
        child.join()
        del running[ready]
        if child.exitcode:
            found.add(job.kind, int(last[1]), 0, f"the process ended with {child.exitcode}")
        return
    last[:] = [time.monotonic(), number + 1]
    found.add(job.kind, number, took, what)


def _end_silent(running: dict[Connection, tuple[Job, Any, list[float]]], found: Found) -> None:
    for pipe, (job, child, (heard, number)) in list(running.items()):
        if time.monotonic() - heard > 3 * job.seconds + 10:
            child.kill()
            child.join()
            del running[pipe]
            found.add(job.kind, int(number), 3 * job.seconds, "it could not even be stopped")


def main() -> int:
    """Run, print, and say by the exit code whether anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=int)
    parser.add_argument("--of", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--memory", type=int, default=2_000, help="MB of address space")
    parser.add_argument("--processes", type=int, default=cpu_count() or 1)
    options = parser.parse_args()
    kinds = list(KINDS) if options.of == "all" else [options.of]
    firsts = range(0, -(-options.inputs // len(kinds)), SHARE)
    jobs = (Job(kind, first, options.seed, options.seconds, options.memory) for first in firsts for kind in kinds)
    found, begun = Found(), time.monotonic()
    with suppress(KeyboardInterrupt):  # what was found so far is told
        campaign(jobs, options.processes, found)
    for kind, count in found.tried.items():
        print(f"{kind}: {count:,} tried, the slowest took {found.slowest[kind]:.1f} s")
    print(f"{time.monotonic() - begun:.0f} s; broken: {sum(found.broken.values()):,}")
    for what, count in found.broken.most_common():
        print(f"{count:8,}  {what}  (first: {found.first[what]})")
    return 1 if found.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
