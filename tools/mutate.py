"""Mutation testing: change one thing in a module, run the tests that reach it, and list the changes that no test notices.

    python tools/mutate.py govservice/limits.py --tests tests/limits govservice/limits.py

The tests are collected once. For every mutant a child process is forked, the changed code is put in place of the old, and only the tests
that reach its lines are run, quickest first, until one fails: so a mutant costs a fraction of a second, and properties, cached functions
and methods of any class are mutated like all others. What runs as a module is imported (constants, default values) is tried in a fresh
interpreter. Texts, types and the arguments of `raise` and `Words` are left alone. Needs the `dev` extra, and a system that can fork.
docs/mutation.md says which tests a module needs, and what the changes are that no test notices.

    python tools/mutate.py govservice/rules govservice/assessment --sample 1500 --seed 1 --processes 2 --tests tests/rules tests/scoring

A folder stands for all its modules. A sample is drawn from the mutants within functions of all of them together, the same for the same seed
and the same code; every fate is written down as it is known, and a second run into the same report takes up what the first left.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib.machinery
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import coverage
import pytest

EXAMPLES = 20  # of each property
SECONDS = 30  # a mutant that takes longer does not end, which is noticed too
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:benchmark", "-W", "ignore::pytest.PytestAssertRewriteWarning"]


# -- what is changed

COMPARE: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
OPPOSITE = {"min": "max", "max": "min", "any": "all", "all": "any", "ceil": "int"}
UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list"}
UNTOUCHED_CALLS = {"Words", "cast"}


class Place(NamedTuple):
    """A node of a file's tree, where it stands, and the outermost function it runs in (None: it runs on import)."""

    node: ast.AST
    parent: ast.AST
    field: str
    at: int | None
    function: str | None


class Mutant(NamedTuple):
    """One change: the number of its place in the walk over the file's tree, and of its change there."""

    file: Path
    place: int
    change: int
    line: int
    reached_at: frozenset[int]
    what: str
    on_import: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}".replace("\n", " ")


def places(node: ast.AST, function: str | None = None) -> Iterator[Place]:
    """Every node that may be changed, in order."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in UNTOUCHED_CALLS):
        return
    for field, value in ast.iter_fields(node):
        inner = node.name if function is None and field == "body" and isinstance(node, ast.FunctionDef) else function
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and field not in UNTOUCHED_FIELDS:
                yield Place(child, node, field, at, inner)
                yield from places(child, inner)


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node may be changed into: each change in words, and the node that stands there then."""
    old = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
    match copy.deepcopy(node):
        case ast.Compare(ops=ops) as new:
            for at, op in enumerate(ops):
                for other in COMPARE[type(op)]:
                    new.ops[at] = other()
                    yield f"{old}  ->  {ast.unparse(new)}", copy.deepcopy(new)
                new.ops[at] = op
        case (ast.BinOp(op=op) | ast.AugAssign(op=op)) as new if type(op) in ARITHMETIC:
            new.op = ARITHMETIC[type(op)]()
            yield f"{old}  ->  {ast.unparse(new)}", new
        case ast.BoolOp(op=op, values=values):
            found = [ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)]
            found += [ast.BoolOp(op, values[:at] + values[at + 1 :]) for at in range(len(values))]
            yield from ((f"{old}  ->  {ast.unparse(new)}", new if len(new.values) > 1 else new.values[0]) for new in found)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield f"{old}  ->  {ast.unparse(operand)}", operand
        case ast.Constant(value=bool(value)):
            yield f"{value}  ->  {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield from ((f"{value}  ->  {other}", ast.Constant(other)) for other in (value + 1, value - 1) if other >= 0)
        case (ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test)) as new:
            new.test = ast.UnaryOp(ast.Not(), test)
            yield f"if {ast.unparse(test)}  ->  if not", new
        case ast.comprehension(ifs=ifs) as new:
            for at, one in enumerate(ifs):
                new.ifs = ifs[:at] + ifs[at + 1 :]
                yield f"if {ast.unparse(one)}  ->  (no condition)", copy.deepcopy(new)
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield f"{old}  ->  return None", ast.Return(ast.Constant(None))
        case ast.Call(func=ast.Name(id=name)) as new if name in OPPOSITE:
            new.func = ast.Name(OPPOSITE[name], ast.Load())
            yield f"{old}  ->  {ast.unparse(new)}", new
        case ast.Raise() | ast.Expr(value=ast.Call()):
            yield f"{old[:80]}  ->  (gone)", ast.Pass()
        case ast.Continue() | ast.Break() as new:
            yield f"{old}  ->  the other", ast.Break() if isinstance(new, ast.Continue) else ast.Continue()


def tree_of(file: Path) -> ast.Module:
    """The tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def mutants_of(file: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in its order. It is reached where its own lines are, or the first of the statement it stands in."""
    line = statement = 1
    for number, place in enumerate(places(tree_of(file))):
        line = getattr(place.node, "lineno", line)
        statement = place.node.lineno if isinstance(place.node, ast.stmt) else statement
        whole = place.node.test if isinstance(place.node, ast.If | ast.While) else place.node
        lines = {statement, *range(line, (getattr(whole, "end_lineno", None) or line) + 1)}
        for at, (what, _) in enumerate(changes(place.node)):
            yield Mutant(file, number, at, line, frozenset(lines), what, place.function is None)


def mutated(file: Path, number: int, change: int) -> CodeType:
    """The file compiled with one change made."""
    tree = tree_of(file)
    place = list(places(tree))[number]
    _, other = list(changes(place.node))[change]
    ast.copy_location(other, place.node)
    if place.at is None:
        setattr(place.parent, place.field, other)
    else:
        getattr(place.parent, place.field)[place.at] = other
    return compile(ast.fix_missing_locations(tree), str(file.resolve()), "exec")


# -- putting a mutant in place

CACHED = type(functools.cache(len))


def codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in some code."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from codes(one)


def forget() -> None:
    """Empty the caches of functions: what one test had remembered, the next does not run."""
    for one in gc.get_objects():
        if type(one) is CACHED and str(one.__module__).startswith("govservice"):
            one.cache_clear()


def put_in_place(code: CodeType) -> bool:
    """Give each function of the file the code it has in the mutated file; False where none of those that exist is another."""
    forget()
    new = {(one.co_qualname, one.co_firstlineno): one for one in codes(code)}
    done = False
    for function in gc.get_objects():
        if type(function) is FunctionType and function.__code__.co_filename == code.co_filename:
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


# -- running the tests

COVERED = coverage.Coverage(data_file=None, include=["*/govservice/*"], config_file=False)
COVERED.set_option("run:disable_warnings", ["no-data-collected"])


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


class Mutating:
    """In place of pytest's loop over the tests: all of them once with their lines noted, then the mutants."""

    def __init__(self, asked: argparse.Namespace, mutants: list[Mutant]) -> None:
        self.tests, self.report, self.processes, self.mutants = asked.tests, asked.report, asked.processes, mutants
        self.failed = False
        self.killed_by: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try every mutant and write down those that no test noticed."""
        self.items = {item.nodeid: item for item in session.items}
        self.reached, self.took = self._traced()
        children = []
        for number in range(self.processes):
            child = os.fork()
            if not child:
                self._try(self.mutants[number :: self.processes])
                os._exit(0)
            children.append(child)
        if any(os.waitpid(child, 0)[1] for child in children):
            pytest.exit("a process that tried mutants ended before its time", returncode=1)
        return True

    def _try(self, mutants: list[Mutant]) -> None:
        """Try some mutants and write down the fate of each."""
        with self.report.open("a", encoding="utf-8", buffering=1) as out:
            for mutant in mutants:
                tests = {test for line in mutant.reached_at for test in self.reached.get((str(mutant.file.resolve()), line), ())}
                fate = self._fate(mutant, sorted(tests, key=lambda test: (-self.killed_by[test], self.took[test])))
                out.write(f"{fate}\t{mutant}\n")

    def _fate(self, mutant: Mutant, tests: list[str]) -> str:
        try:
            code = mutated(mutant.file, mutant.place, mutant.change)
        except SyntaxError:
            return "killed"
        killer = self._forked(code, tests) if tests and not mutant.on_import else "?"
        if killer == "?":  # no test was seen to reach it: it ran on import, or not at all
            return "killed" if self._afresh(mutant) else "survived" if tests else "unreached"
        self.killed_by[killer] += 1
        return "killed" if killer else "survived"

    def _forked(self, code: CodeType, tests: list[str]) -> str:
        """The test that fails in a child process with the code in place, "" where none does, "?" where it could not be put in place."""
        read, write = os.pipe()
        child = os.fork()
        if not child:
            quiet = os.open(os.devnull, os.O_RDWR)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            signal.alarm(SECONDS)
            try:
                failed = next((test for test in tests if not self._passes(test)), "") if put_in_place(code) else "?"
            except BaseException:
                failed = "error"
            os.write(write, failed.encode())
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            killer = answer.read().decode()
        _, status = os.waitpid(child, 0)
        return killer if status == 0 else "does not end"

    def _passes(self, test: str) -> bool:
        self.failed = False
        item = self.items[test]
        item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
        return not self.failed

    def _afresh(self, mutant: Mutant) -> bool:
        """Whether a test fails where the mutated file is imported in a fresh interpreter."""
        one = [str(mutant.file), str(mutant.place), str(mutant.change)]
        try:
            done = subprocess.run(
                [sys.executable, __file__, "--one", *one, "--tests", *self.tests], capture_output=True, timeout=300, check=False
            )
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0

    def _traced(self) -> tuple[dict[tuple[str, int], set[str]], dict[str, float]]:
        """Which tests reach each line, and how many seconds each test takes; in a child, so that nothing stays remembered here."""
        read, write = os.pipe()
        if not os.fork():
            os.close(read)
            with os.fdopen(write, "wb") as out:
                pickle.dump(self._trace(), out)
            os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as answer:
            reached, took, failed = pickle.load(answer)
        os.wait()
        if failed:
            pytest.exit(f"without any change these fail: {', '.join(failed)}", returncode=1)
        return reached, took

    def _trace(self) -> tuple[dict[tuple[str, int], set[str]], dict[str, float], list[str]]:
        reached: dict[tuple[str, int], set[str]] = defaultdict(set)
        took: dict[str, float] = {}
        failed = []
        for test in self.items:
            forget()
            COVERED.erase()
            COVERED.start()
            began = time.perf_counter()
            if not self._passes(test):
                failed.append(test)
            took[test] = time.perf_counter() - began
            COVERED.stop()
            data = COVERED.get_data()
            for file in data.measured_files():
                for line in data.lines(file) or ():
                    reached[file, line].add(test)
        return reached, took, failed


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
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        file, place, change = asked.one
        import_mutated(Path(file), mutated(Path(file), int(place), int(change)))
        sys.exit(pytest.main([*OPTIONS, *asked.tests], plugins=[FewExamples()]))
    files = sorted({one for file in asked.files for one in (file.rglob("*.py") if file.is_dir() else [file])})
    mutants = wanted(asked, [mutant for file in files for mutant in mutants_of(file)])
    told = {} if asked.only else fates(asked.report)
    left = [mutant for mutant in mutants if str(mutant) not in told]
    done = pytest.main([*OPTIONS, *asked.tests], plugins=[FewExamples(), Mutating(asked, left)]) if left else 0
    told = fates(asked.report)
    for file in files:
        counted = Counter(told[str(mutant)] for mutant in mutants if mutant.file == file and str(mutant) in told)
        if counted:
            print(f"{file} {dict(counted)}")
    total = Counter(told[str(mutant)] for mutant in mutants if str(mutant) in told)
    noticed = total["killed"] / max(total.total(), 1)
    print(f"{total.total()} of {len(mutants)} tried: {noticed:.1%} noticed {dict(total)}")
    sys.exit(done)


def fates(report: Path) -> dict[str, str]:
    """The fate of each mutant that a report tells of."""
    lines = report.read_text(encoding="utf-8").splitlines() if report.is_file() else []
    return {mutant: fate for fate, _, mutant in (line.partition("\t") for line in lines)}


def wanted(asked: argparse.Namespace, mutants: list[Mutant]) -> list[Mutant]:
    """Those of all mutants that are asked for."""
    if asked.only is not None:
        told = fates(asked.only)
        return [mutant for mutant in mutants if told.get(str(mutant), "killed") != "killed"]
    if asked.sample is None:
        return mutants
    within = [mutant for mutant in mutants if not mutant.on_import]
    return random.Random(asked.seed).sample(within, min(asked.sample, len(within)))


if __name__ == "__main__":
    main()
