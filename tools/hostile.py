"""Hostile input without end: spoilt books, records and expressions, odd calls, killed runs, in several processes.

    python tools/hostile.py 1000000                    # shared among the kinds by what each can take, on every core
    python tools/hostile.py 50000 --of books --seed 7  # one kind alone; the same seed gives the same inputs
    python tools/hostile.py 5000 --of calls --first 120000 --seconds 3 --memory 1000

Whatever raises a foreign error, takes longer than `--seconds` of a core or more memory than `--memory` (in MB), loses a row,
reads back as something else or shows what would steer a terminal is counted by kind, with the number of the first input of each. Every
input runs in a child that was split off with everything imported and serves hundreds of them; it is held to these bounds, and ended where
it does not keep them. `--one N` tries one input alone and shows it. Ends with 1 where anything was found.
"""

from __future__ import annotations

import argparse
import gc
import mmap
import random
import resource
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import chdir, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from os import cpu_count
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.hostile import books, calls, expressions, folders, kills, records, texts, twins
from tests.hostile.spoken import foreign

Drawn = Callable[[random.Random], Any]
Tried = Callable[[Any, random.Random, Path], str | None]


class Kind(NamedTuple):
    """One kind of input: how it is drawn and tried, how many one child serves, and its share of a campaign."""

    draw: Drawn
    breaks: Tried
    of_a_child: int
    share: int


def _call(broken: calls.Broken | None) -> str | None:
    return None if broken is None else f"{broken.target}: {broken.error}: {broken.text}: {broken.arguments}"


def _none(_: random.Random) -> None:
    """What is drawn as it is tried."""


KINDS: dict[str, Kind] = {
    "books": Kind(books.spoilt, lambda text, _, folder: books.broken_by(text, folder), 500, 15),
    "changes": Kind(_none, lambda _, chance, __: books.broken_by_change(chance), 500, 3),
    "twins": Kind(twins.spoilt, lambda twin, _, folder: twins.broken_by(twin, folder), 500, 3),
    "expressions": Kind(expressions.spoilt, lambda text, chance, _: expressions.broken_by(text, chance), 10_000, 400),
    "texts": Kind(texts.spoilt, lambda text, chance, _: texts.broken_by(text, chance), 20_000, 400),
    "records": Kind(records.spoilt, lambda asked, _, __: records.broken_by(asked), 3_000, 120),
    "folders": Kind(folders.spoilt, lambda files, _, folder: folders.broken_by(files, folder), 1_000, 12),
    "calls": Kind(_none, lambda _, chance, __: _call(calls.tried(chance)), 5_000, 200),
    "kills": Kind(_none, lambda _, chance, folder: kills.broken_by(chance, folder), 200, 1),
}
_TOLD_EVERY = 0.5  # seconds
_RESERVED = 4  # times the memory in addresses: threads and allocators reserve more than they use
_TOO_MUCH = 77  # how a child ends that used more than it may


class TooLong(BaseException):
    """Nothing catches it on its way."""


class Job(NamedTuple):
    """So many inputs of one kind, from a number on."""

    kind: str
    first: int
    count: int
    seed: str
    seconds: float
    memory: int


class Told(NamedTuple):
    """What a child says of the inputs it has done: how many, the slowest with its number, and what was broken with its number."""

    tried: int
    took: float
    slowest: tuple[float, int]
    broken: list[tuple[int, str]]


@dataclass
class Found:
    """How many inputs were tried, for how long, the slowest, and what was broken how often, with the number of the first."""

    tried: Counter[str] = field(default_factory=Counter)
    took: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, told: Told) -> None:
        self.tried[kind] += told.tried
        self.took[kind] += told.took  # type: ignore[assignment]
        self.slowest[kind] = max(self.slowest.get(kind, (0.0, 0)), told.slowest)
        for number, what in told.broken:
            said = f"{kind}: {what[:200]}"
            self.broken[said] += 1
            self.first.setdefault(said, number)


def _stop(_: int, __: FrameType | None) -> None:
    raise TooLong


def input_of(job: Job, number: int) -> tuple[Any, random.Random]:
    """What is tried, and what else is drawn for it."""
    chance = random.Random(f"{job.seed} {job.kind} {number}")
    return KINDS[job.kind].draw(chance), chance


def _tried(job: Job, number: int, folder: Path) -> str | None:
    signal.setitimer(signal.ITIMER_PROF, job.seconds)
    try:
        drawn, chance = input_of(job, number)
        return KINDS[job.kind].breaks(drawn, chance, folder)
    except TooLong:
        return f"longer than {job.seconds:g} s"
    except MemoryError:
        return f"more than {job.memory} MB"
    except Exception as error:
        return foreign(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def serve(job: Job, told: Connection, under_way: mmap.mmap) -> None:
    """One child: its inputs one after the other; which is under way stands in memory that the parent sees."""
    signal.signal(signal.SIGPROF, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (_RESERVED * job.memory << 20, _RESERVED * job.memory << 20))
    with tempfile.TemporaryDirectory(dir=_fast()) as folder, tempfile.TemporaryDirectory(dir=_fast()) as own, chdir(own):
        done, since, slowest, broken = 0, time.process_time(), (0.0, 0), list[tuple[int, str]]()
        for number in range(job.first, job.first + job.count):
            under_way[:8] = struct.pack("q", number)
            begun = time.process_time()
            what = _tried(job, number, Path(folder))
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > job.memory << 10:
                told.send(Told(done, begun - since, slowest, broken))
                sys.exit(_TOO_MUCH)  # its peak would be held against the inputs to come
            now = time.process_time()
            done, slowest = done + 1, max(slowest, (now - begun, number))
            if what is not None:
                broken.append((number, what))
            if now - since > _TOLD_EVERY or number + 1 == job.first + job.count:
                told.send(Told(done, now - since, slowest, broken))
                done, since, slowest, broken = 0, now, (0.0, 0), []
    told.close()


def _fast() -> str | None:
    """A folder in memory, where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


@dataclass
class Child:
    """One child under way: its job, the input it is at, and since when."""

    job: Job
    process: Any
    under_way: mmap.mmap
    at: int
    since: float

    def silent(self) -> float:
        """For how many seconds of the clock it has been at one input: the machine is busy, or it waits for what never comes."""
        (at,) = struct.unpack("q", self.under_way[:8])
        if at != self.at:
            self.at, self.since = at, time.monotonic()
        return time.monotonic() - self.since


def campaign(jobs: Iterator[Job], processes: int, found: Found) -> None:
    """Every job in a child of its own; one that dies or falls silent is ended, that is told of its input, and the rest go to another."""
    running: dict[Connection, Child] = {}
    rest: list[Job] = []
    try:
        _served(jobs, processes, found, running, rest)
    finally:
        for child in running.values():
            child.process.kill()


def _served(jobs: Iterator[Job], processes: int, found: Found, running: dict[Connection, Child], rest: list[Job]) -> None:
    context = get_context("fork")
    while True:
        while len(running) < processes and (job := rest.pop() if rest else next(jobs, None)) is not None:
            ours, theirs = context.Pipe(duplex=False)
            under_way = mmap.mmap(-1, 8)
            child = context.Process(target=serve, args=(job, theirs, under_way))
            child.start()
            theirs.close()
            running[ours] = Child(job, child, under_way, -1, time.monotonic())
        if not running:
            return
        for ready in wait(list(running), timeout=1):
            _heard(ready, running, rest, found)  # type: ignore[arg-type]
        for pipe, child_ in list(running.items()):
            if child_.silent() > 20 * child_.job.seconds:
                child_.process.kill()
                _ended(pipe, running, rest, found, "it could not even be stopped")


def _heard(ready: Connection, running: dict[Connection, Child], rest: list[Job], found: Found) -> None:
    child = running[ready]
    try:
        found.add(child.job.kind, ready.recv())
    except EOFError:
        child.process.join()
        code = child.process.exitcode
        if code:
            why = f"more than {child.job.memory} MB" if code == _TOO_MUCH else f"the process ended with {code}"
            _ended(ready, running, rest, found, why)
        else:
            del running[ready]


def _ended(pipe: Connection, running: dict[Connection, Child], rest: list[Job], found: Found, why: str) -> None:
    child = running.pop(pipe)
    child.process.join()
    child.silent()
    found.add(child.job.kind, Told(1, 0, (0.0, child.at), [(child.at, why)]))
    left = child.job.first + child.job.count - child.at - 1
    if left > 0:
        rest.append(child.job._replace(first=child.at + 1, count=left))


def warmed(kinds: Iterable[str], options: argparse.Namespace) -> None:
    """What all children share is made once: books that stay as they are, expressions to begin with."""
    for kind in kinds:
        job = Job(kind, 0, 1, options.seed, options.seconds, options.memory)
        with tempfile.TemporaryDirectory(dir=_fast()) as folder:
            for number in range(20):
                drawn, chance = input_of(job, number)
                with suppress(Exception):  # a child tells of it
                    KINDS[kind].breaks(drawn, chance, Path(folder))
    gc.collect()
    gc.freeze()  # nor is it gone through in each
    gc.set_threshold(20_000, 20, 20)


def jobs_of(options: argparse.Namespace) -> Iterator[Job]:
    """The inputs in portions, the kinds in turn by their shares."""
    kinds = [options.of] if options.of != "all" else list(KINDS)
    whole = sum(KINDS[kind].share for kind in kinds)
    counts = {kind: -(-options.inputs * KINDS[kind].share // whole) for kind in kinds}
    portions: list[tuple[float, Job]] = []
    for kind, count in counts.items():
        each = KINDS[kind].of_a_child
        for place in range(0, count, each):
            job = Job(kind, options.first + place, min(each, count - place), options.seed, options.seconds, options.memory)
            portions.append((place / count, job))
    return iter(job for _, job in sorted(portions, key=lambda portion: portion[0]))


def report(found: Found, seconds: float) -> None:
    """The figures by kind, then what was found."""
    for kind, count in found.tried.items():
        slowest, number = found.slowest[kind]
        rate = count / found.took[kind] if found.took[kind] else 0
        print(f"{kind}: {count:,} tried, {rate:,.0f} a second of one core; the slowest took {slowest:.1f} s (number {number})")
    print(f"{sum(found.tried.values()):,} in {seconds:.0f} s; broken: {sum(found.broken.values()):,}")
    for what, count in found.broken.most_common():
        print(f"{count:8,}  {what}  (first: {found.first[what]})")


def main() -> int:
    """Run, print, and say by the exit code whether anything was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=int, nargs="?", default=10_000)
    parser.add_argument("--of", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--one", type=int, help="try one input of a kind alone, and show it")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--memory", type=int, default=2_000, help="MB that one may use; four times that of address space")
    parser.add_argument("--processes", type=int, default=cpu_count() or 1)
    options = parser.parse_args()
    if options.one is not None:
        job = Job(options.of, options.one, 1, options.seed, options.seconds, options.memory)
        drawn, chance = input_of(job, options.one)
        print(drawn)
        with tempfile.TemporaryDirectory() as folder:
            print("->", KINDS[job.kind].breaks(drawn, chance, Path(folder)))
        return 0
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    found, begun = Found(), time.monotonic()
    with suppress(KeyboardInterrupt):  # what was found so far is told
        warmed([options.of] if options.of != "all" else KINDS, options)
        campaign(jobs_of(options), options.processes, found)
    report(found, time.monotonic() - begun)
    return 1 if found.broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
