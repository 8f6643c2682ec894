"""Mutation testing: change one thing in a module, run the tests that reach it, and list the changes that no test notices.

    python tools/mutate.py govservice/limits.py --tests tests/limits govservice/limits.py

The tests are collected once. For every mutant a child process is forked, the changed code is put in place of the old, and only the tests
that reach its lines are run until one fails: those first that noticed mutants of the same function or file, then the quick ones that reach
little else. So a mutant costs a fraction of a second, and properties, cached functions and methods of any class are mutated like all
others. What runs as a module is imported (constants, default values) is tried in a fresh interpreter. Needs the `dev` extra, and a system
that can fork. docs/mutation.md says which tests a module needs, and what the changes are that no test notices.

    python tools/mutate.py govservice/rules govservice/assessment --sample 1500 --seed 1 --tests tests/rules tests/scoring

A folder stands for all its modules. A sample is drawn from the mutants within functions of all of them together, the same for the same seed
and the same code, and tried in the order drawn, so that what is done of it is a sample too. Every fate is written down as it is known, with
the test that noticed, and a second run into the same report takes up what the first left.

A test that takes far longer than without the change does not end, which is noticed. A mutant whose tests would take longer than the budget
is `unfinished`, which counts as not noticed. A test is believed only if it passes alone, in the same way, without any change.
"""

from __future__ import annotations

import argparse
import functools
import gc
import hashlib
import importlib
import importlib.machinery
import inspect
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import coverage
import pytest
from mutants import Mutant, mutants_of, mutated

EXAMPLES = 20  # of each property
BUDGET = 20.0  # seconds of tests for a mutant
MEMORY = 8 << 30  # bytes that a mutant may fill
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:benchmark", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
ROOT = Path(__file__).parents[1]


def limit(took: float) -> float:
    """After how many seconds of the processor a test does not end that took so many without a change."""
    return 10 + 10 * took


# -- putting a mutant in place

CACHED = type(functools.cache(len))


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in some code."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from codes(one)


class Standing:
    """The functions of the package as they stand once everything is imported, by file, and those that remember answers."""

    def __init__(self) -> None:
        self.functions: dict[str, list[FunctionType]] = defaultdict(list)
        self.remembering: list[Any] = []
        for one in gc.get_objects():
            if type(one) is FunctionType and "govservice" in one.__code__.co_filename:
                self.functions[one.__code__.co_filename].append(one)
            if type(one) is CACHED and str(one.__module__).startswith("govservice"):
                self.remembering.append(one)

    def forget(self) -> None:
        """Empty the caches of functions: what one test had remembered, the next does not run."""
        for one in self.remembering:
            one.cache_clear()

    def put_in_place(self, code: CodeType) -> bool:
        """Give each function of the file the code it has in the mutated file; False where none of those that exist is another."""
        new = {(one.co_qualname, one.co_firstlineno): one for one in codes(code)}
        done = False
        for function in self.functions[code.co_filename]:
            old = function.__code__
            other = new.get((old.co_qualname, old.co_firstlineno), old)
            if other != old and other.co_freevars == old.co_freevars:
                function.__code__ = other
                done = True
        return done


def import_mutated(file: Path, code: CodeType) -> None:
    """Let the file be imported as the mutated code."""
    ordinary = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> CodeType | None:
        return code if self.path == str(file.resolve()) else ordinary(self, fullname)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]


# -- what the tests reach


class Reach(NamedTuple):
    """What a test reaches: how many seconds of the processor it takes, and its lines by file, a bit for each."""

    seconds: float
    lines: dict[str, bytes]

    def reaches(self, mutant: Mutant) -> bool:
        """Whether it reaches the mutant."""
        bits = self.lines.get(str(mutant.file.resolve()), b"")
        return any(bits[line // 8] >> line % 8 & 1 for line in mutant.reached_at if line // 8 < len(bits))

    @property
    def breadth(self) -> int:
        """How many lines it reaches."""
        return sum(int.from_bytes(bits, "little").bit_count() for bits in self.lines.values())


def family(test: str) -> str:
    """The name of a test without its row."""
    return test.partition("[")[0]


def traced() -> coverage.Coverage:
    """What notes which lines of the package are reached."""
    cover = coverage.Coverage(data_file=None, include=[f"{ROOT}/govservice/*"], config_file=False)
    cover.set_option("run:disable_warnings", ["no-data-collected"])
    return cover


def lines_of(cover: coverage.Coverage) -> dict[str, bytes]:
    """The lines reached, a bit for each."""
    data = cover.get_data()
    lines = {}
    for file in data.measured_files():
        bits = 0
        for line in data.lines(file) or ():
            bits |= 1 << line
        if bits:
            lines[file] = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    return lines


def digest_of(files: Iterable[Path]) -> str:
    """A digest of what stands in files."""
    digest = hashlib.sha256(f"{sys.version} {EXAMPLES}".encode())
    for file in sorted(files):
        digest.update(f"{file}".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def digest_of_all() -> str:
    """A digest of what any test depends on: the package, and what is no file of tests itself."""
    beside = [file for file in (ROOT / "tests").rglob("*") if not file.name.startswith("test_")]
    files = [file for file in [*(ROOT / "govservice").rglob("*"), *beside] if file.is_file() and file.suffix != ".pyc"]
    return digest_of(files)


# -- running the tests


def quiet() -> None:
    """Let what this process prints go nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


class FewExamples:
    """Properties try the same few examples every time, and a failing one is not made smaller."""

    def pytest_configure(self) -> None:
        """Before any property is read."""
        from hypothesis import HealthCheck, Phase, settings

        phases = (Phase.explicit, Phase.generate)
        checks = list(HealthCheck)
        settings.register_profile(
            "mutants", max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=phases, suppress_health_check=checks
        )
        settings.load_profile("mutants")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Those that ask for more examples try as few."""
        from hypothesis import settings

        for item in items:
            test = inspect.unwrap(getattr(item, "function", None) or len)
            own = getattr(getattr(item, "function", None), "_hypothesis_internal_use_settings", None)
            if own is not None and test is not None:
                few = settings(settings.get_profile("mutants"), max_examples=min(EXAMPLES, own.max_examples))
                item.function._hypothesis_internal_use_settings = few  # type: ignore[attr-defined]


class Mutating:
    """In place of pytest's loop over the tests: all of them once with their lines noted, then the mutants."""

    def __init__(self, asked: argparse.Namespace, mutants: list[Mutant], before: list[tuple[Mutant, str]], folder: Path) -> None:
        self.asked, self.mutants, self.folder = asked, mutants, folder
        self.failed = False
        self.doubted: dict[str, bool] = {}
        self.noticed: dict[tuple[Path, str | None], Counter[str]] = defaultdict(Counter)
        for mutant, by in before:
            self._note(mutant, by)
        self.everything = digest_of_all()
        self.digests: dict[Path, str] = {}
        self.on_import = folder / f"imports-{digest_of(asked.files_of_tests)}-{self.everything}"
        self.importing = None if self.on_import.is_file() else traced()
        if self.importing:
            self.importing.start()
        for mutant in mutants:  # what is imported late would be imported as it stands
            importlib.import_module(".".join(mutant.file.resolve().relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant and write down the fate of each."""
        if self.importing:
            self.importing.stop()
            self.on_import.write_bytes(pickle.dumps(lines_of(self.importing)))
        self.imported = Reach(0, pickle.loads(self.on_import.read_bytes()))
        self.items = {item.nodeid: item for item in session.items}
        self.standing = Standing()
        self.standing.forget()
        gc.freeze()
        self.reached = self._reached()
        self.breadth = {test: reach.breadth for test, reach in self.reached.items()}
        self._side_by_side(range(self.asked.processes), lambda number: self._try(self.mutants[number :: self.asked.processes]))
        return True

    # -- the tests without a change

    def _reached(self) -> dict[str, Reach]:
        """What each test reaches; a file of tests that was traced before is not traced again."""
        of_file: dict[Path, list[str]] = defaultdict(list)
        for test, item in self.items.items():
            of_file[item.path].append(test)
        kept = {file: self.folder / f"{digest_of([file])}-{self.everything}" for file in of_file}
        left = [file for file in of_file if not kept[file].is_file()]
        self._side_by_side(left, lambda file: kept[file].write_bytes(pickle.dumps(self._traced(of_file[file]))))
        told = {file: pickle.loads(kept[file].read_bytes()) for file in of_file}
        failed = [test for reaches, failed in told.values() for test in failed if test in self.items]
        if failed:
            print(f"without any change these fail, and are left out: {', '.join(failed)}", file=sys.stderr)
        return {test: reach for reaches, _ in told.values() for test, reach in reaches.items() if test in self.items and test not in failed}

    def _traced(self, tests: list[str]) -> tuple[dict[str, Reach], list[str]]:
        """What tests reach, and those that fail. The rows of one test share what they read and remember: it is reached by the first."""
        quiet()
        cover, reaches, failed = traced(), {}, []
        for before, test, after in zip(["", *tests], tests, [*tests[1:], ""], strict=False):
            if family(before) != family(test):
                self.standing.forget()
            cover.erase()
            cover.start()
            began = time.process_time()
            if not self._passes(test, after if family(after) == family(test) else ""):
                failed.append(test)
            seconds = time.process_time() - began
            cover.stop()
            reaches[test] = Reach(seconds, lines_of(cover))
        return reaches, failed

    def _side_by_side(self, things: Iterable[Any], work: Any) -> None:
        """Do some work on things in a process each, so many at once as are asked for, so that nothing stays remembered here."""
        running: set[int] = set()
        for thing in [*things, None]:
            while running and (thing is None or len(running) >= self.asked.processes):
                child, status = os.waitpid(-1, 0)
                running.discard(child)
                if status:
                    pytest.exit("a process ended before its time", returncode=1)
            if thing is not None and not (child := os.fork()):
                try:
                    work(thing)
                    os._exit(0)
                finally:
                    os._exit(1)
            elif thing is not None:
                running.add(child)

    def _passes(self, test: str, after: str = "") -> bool:
        """Whether a test passes; what it shares with the one after it is kept."""
        self.failed = False
        item = self.items[test]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=self.items.get(after))
        return not self.failed

    # -- the tests of a mutant

    def _try(self, mutants: list[Mutant]) -> None:
        """Try some mutants and write down the fate of each."""
        with self.asked.report.open("a", encoding="utf-8", buffering=1) as out:
            for mutant in mutants:
                fate, by = self._fate(mutant)
                out.write(f"{fate}\t{mutant}\t{' '.join(by.split())}\n")

    def _fate(self, mutant: Mutant) -> tuple[str, str]:
        """What becomes of a mutant, and by which test."""
        try:
            code = mutated(mutant.file, mutant.place, mutant.change)
        except SyntaxError:
            return "killed", "the compiler"
        tests = self._in_order(mutant)
        before = self._passed(mutant)
        left = [test for test in tests if self._as_it_stands(test) not in before]
        fate, by, passed = self._forked(code, left) if tests and mutant.function else ("out of place", "", [])
        if fate == "unfinished":
            self._kept(mutant).write_bytes(pickle.dumps(before.union(map(self._as_it_stands, passed))))
        if fate == "killed":
            self._note(mutant, by)
        if fate == "out of place" or (fate == "survived" and not self.asked.budget and self.imported.reaches(mutant)):
            return self._afresh(mutant, tests)
        return fate, by

    # what a mutant passed before its budget ran out is not asked again

    def _kept(self, mutant: Mutant) -> Path:
        """Where the tests stand that a mutant passed before."""
        return self.folder / f"passed-{hashlib.sha256(f'{mutant} {self.everything}'.encode()).hexdigest()}"

    def _passed(self, mutant: Mutant) -> set[tuple[str, str]]:
        """The tests that a mutant passed before, as they stood."""
        kept = self._kept(mutant)
        return set(pickle.loads(kept.read_bytes())) if kept.is_file() else set()

    def _as_it_stands(self, test: str) -> tuple[str, str]:
        """A test, with a digest of its file."""
        file = self.items[test].path
        if file not in self.digests:
            self.digests[file] = digest_of([file])
        return self.digests[file], test

    def _note(self, mutant: Mutant, by: str) -> None:
        """A test noticed a mutant, and may notice others of its function and file."""
        if "::" in by:
            self.noticed[mutant.file, mutant.function][by] += 1
            self.noticed[mutant.file, None][by] += 1

    def _in_order(self, mutant: Mutant) -> list[str]:
        """The tests that reach a mutant, those that will notice it soonest first."""
        near, far = self.noticed[mutant.file, mutant.function], self.noticed[mutant.file, None]

        def promise(test: str) -> tuple[float, ...]:
            seconds = self.reached[test].seconds
            return (-near[test] / (1 + seconds), -far[test] / (1 + seconds), (0.01 + seconds) * self.breadth[test])

        reaching = {test for test, reach in self.reached.items() if reach.reaches(mutant) and not self.doubted.get(test)}
        families = {family(test) for test in reaching}
        beside = [test for test in self.reached if test not in reaching and family(test) in families] if self.asked.only else []
        return [*self._taking_turns(sorted(reaching, key=promise)), *sorted(beside, key=promise)]

    def _taking_turns(self, tests: list[str]) -> list[str]:
        """The best of every family first, then the second of every family: rows of one test notice much the same."""
        seen: Counter[str] = Counter()
        turns = []
        for test in tests:
            turns.append((seen[family(test)], len(turns), test))
            seen[family(test)] += 1
        return [test for *_, test in sorted(turns)]

    def _forked(self, code: CodeType, tests: list[str]) -> tuple[str, str, list[str]]:
        """What becomes of a mutant whose code is put in place in a child, by which test, and the tests it passed."""
        while True:
            fate, by, passed = self._child(code, tests)
            if fate != "killed":
                return fate, by, passed
            if by not in self.doubted:
                self.doubted[by] = self._child(None, [by])[0] != "survived"
            if not self.doubted[by]:
                return fate, by, passed
            print(f"fails alone without any change, and is left out: {by}", file=sys.stderr)
            tests = [test for test in tests if test != by]

    def _child(self, code: CodeType | None, tests: list[str]) -> tuple[str, str, list[str]]:
        """Run tests in a child: the fate, the test that failed or did not end, and those that passed."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", buffering=1) as told:
            child = os.fork()
            if not child:
                try:
                    self._run(code, tests, told)
                    os._exit(0)
                finally:
                    os._exit(1)
            _, status = os.waitpid(child, 0)
            told.seek(0)
            *begun, last = ["?", *told.read().splitlines()]
        word, _, number = last.partition(" ")
        test = tests[int(number)] if number else ""
        if word == "running" and status:  # it did not end, or filled the memory, or ended the process
            return "killed", test, tests[: len(begun) - 1]
        return {"failed": "killed", "passed": "survived"}.get(word, word.replace("-", " ")), test, tests[: len(begun) - 1]

    def _run(self, code: CodeType | None, tests: list[str], told: Any) -> None:
        """Run tests in this process, and tell of each as it begins, and how it all ended."""
        quiet()
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if code is not None and not self.standing.put_in_place(code):
            told.write("out-of-place\n")
            return
        began = time.process_time()
        for number, (test, after) in enumerate(zip(tests, [*tests[1:], ""], strict=True)):
            if self.asked.budget and time.process_time() - began > self.asked.budget:
                told.write("unfinished\n")
                return
            told.write(f"running {number}\n")
            signal.setitimer(signal.ITIMER_PROF, limit(self.reached[test].seconds))
            signal.setitimer(signal.ITIMER_REAL, 30 * limit(self.reached[test].seconds))
            if not self._passes(test, after):
                told.write(f"failed {number}\n")
                return
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
        told.write("passed\n")

    def _afresh(self, mutant: Mutant, tests: list[str]) -> tuple[str, str]:
        """What becomes of a mutant where its file is imported in a fresh interpreter: what no test was seen to reach may run on import."""
        if not tests and mutant.function and not self.imported.reaches(mutant):
            return "unreached", ""
        here = str(mutant.file.resolve())
        near = sorted((test for test, reach in self.reached.items() if here in reach.lines), key=self.breadth.__getitem__)
        chosen, seconds = [], 0.0
        for test in tests or near or self.reached:
            seconds += self.reached[test].seconds
            if chosen and self.asked.budget and seconds > self.asked.budget:
                break
            chosen.append(test)
        one = [str(mutant.file), str(mutant.place), str(mutant.change)]
        command = [sys.executable, __file__, "--one", *one, "--tests", *chosen]
        try:
            done = subprocess.run(command, capture_output=True, timeout=600 + 30 * limit(seconds), check=False)
        except subprocess.TimeoutExpired:
            return "killed", "a fresh interpreter that does not end"
        if done.returncode in {4, 5}:
            raise RuntimeError(done.stdout.decode() + done.stderr.decode())
        whole = len(chosen) == len(tests or near or self.reached)
        return ("killed" if done.returncode else "survived" if whole else "unfinished"), "a fresh interpreter"


# -- the command


def main() -> None:
    """Read what is asked, and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="modules to mutate, or folders of them")
    parser.add_argument("--tests", nargs="+", required=True, help="the tests that should notice; a package among them runs its examples")
    parser.add_argument("--report", type=Path, default=Path("mutants.txt"), help="where every fate is written, the last of a mutant counts")
    parser.add_argument("--only", type=Path, help="a report: try again what no test noticed in it, and nothing else")
    parser.add_argument("--sample", type=int, help="try so many mutants within functions, drawn from all modules together")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--processes", type=int, default=1, help="how many mutants are tried at once")
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of tests for a mutant, 0 for all its tests")
    parser.add_argument("--traced", type=Path, help="a folder to keep what the tests reach in, so that the next run need not ask again")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))  # the package beside this file, whatever is installed
    os.environ["PYTHONPATH"] = str(ROOT)
    if asked.one:
        file, place, change = asked.one
        import_mutated(Path(file), mutated(Path(file), int(place), int(change)))
        sys.exit(pytest.main([*OPTIONS, *asked.tests], plugins=[FewExamples()]))
    files = sorted(modules(asked.files))
    asked.files_of_tests = sorted(modules(Path(test.partition("::")[0]) for test in asked.tests))
    every = [mutant for file in files for mutant in mutants_of(file)]
    mutants, told = wanted(asked, every), fates(asked.report)
    left = [mutant for mutant in mutants if asked.only or str(mutant) not in told]
    before = [(mutant, told[str(mutant)][1]) for mutant in every if str(mutant) in told]
    done = mutate(asked, left, before) if left else 0
    told = fates(asked.report)
    for file in files:
        counted = Counter(told[str(mutant)][0] for mutant in mutants if mutant.file == file and str(mutant) in told)
        if counted:
            print(f"{file} {dict(counted)}")
    total = Counter(told[str(mutant)][0] for mutant in mutants if str(mutant) in told)
    noticed = total["killed"] / max(total.total(), 1)
    print(f"{total.total()} of {len(mutants)} tried: {noticed:.1%} noticed {dict(total)}")
    sys.exit(done)


def mutate(asked: argparse.Namespace, mutants: list[Mutant], before: list[tuple[Mutant, str]]) -> int:
    """Try mutants, after others of which is known which test noticed them; what pytest gives back."""
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.traced or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        return pytest.main([*OPTIONS, *asked.tests], plugins=[FewExamples(), Mutating(asked, mutants, before, folder.resolve())])


def modules(given: Iterable[Path]) -> set[Path]:
    """The modules named, and those of the folders named."""
    return {file for path in given for file in (path.rglob("*.py") if path.is_dir() else [path])}


def fates(report: Path) -> dict[str, tuple[str, str]]:
    """The fate of each mutant that a report tells of, and the test that noticed it."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.is_file() else []
    return {mutant: (fate, by) for fate, mutant, by in (line.split("\t") for line in lines)}


def wanted(asked: argparse.Namespace, mutants: list[Mutant]) -> list[Mutant]:
    """Those of all mutants that are asked for."""
    if asked.only is not None:
        told = fates(asked.only)
        return [mutant for mutant in mutants if told.get(str(mutant), ("killed", ""))[0] != "killed"]
    if asked.sample is None:
        return mutants
    within = [mutant for mutant in mutants if mutant.function]
    return random.Random(asked.seed).sample(within, min(asked.sample, len(within)))


if __name__ == "__main__":
    main()
