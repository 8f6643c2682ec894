"""Set up and check the project with nothing but Python and pip: `python3 dev.py sample`, `python3 dev.py test`, `python3 dev.py all`."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / (".venv-newest" if sys.argv[1:2] in (["newest"], ["lock"]) else ".venv")
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "lock.txt"
ACCEPTANCE = ROOT.parent / "shared" / "acceptance"
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")  # on every core, each file's tests in one process
SAME = ("--hypothesis-seed", "0")  # what a change breaks is seen at once; what no example has met yet is `search`'s to find
FINISHED = ("1", "2", "3", "4", "5", "6", "7", "8")  # the parts whose acceptance tests stay green


def run(*command: str | Path, **more: str) -> None:
    """Run one command from the project's root; stop with its exit code where it fails."""
    print("+", *(str(part) for part in command), flush=True)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **more}, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def set_up(*extras: str) -> None:
    """A virtual environment in .venv with the package and these extras, in the versions of lock.txt; done again only when these change."""
    files = [ROOT / "pyproject.toml", *([LOCK] if LOCK.is_file() else [])]
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in files) + sys.version.encode()).hexdigest()
    for extra in extras or ("",):
        stamp = VENV / f".installed-{extra or 'core'}"
        if stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists():
            continue
        if not PYTHON.exists():
            make_venv()
        pip = [PYTHON, "-m", "pip"] if has_pip() else [sys.executable, "-m", "pip", "--python", PYTHON]
        held = ["--constraint", LOCK] if LOCK.is_file() and VENV == ROOT / ".venv" else []
        run(*pip, "install", "--quiet", "--disable-pip-version-check", *held, "--editable", f".[{extra}]" if extra else ".")
        stamp.write_text(wanted)


def make_venv() -> None:
    """Some systems ship venv without pip in it: then this Python's own pip installs into it."""
    try:
        venv.create(VENV, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        venv.create(VENV, with_pip=False, clear=True)


def has_pip() -> bool:
    """Whether the environment has a pip of its own."""
    return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def sample(rest: list[str]) -> None:
    """The main job on the shipped sample."""
    set_up()
    run(BIN / "govservice", "run", *rest)


def test(rest: list[str]) -> None:
    """Every test, the docstrings' examples among them, with the same drawn examples each time."""
    search([*SAME, *rest])


def search(rest: list[str]) -> None:
    """Every test with examples that are drawn anew: for cases that nobody has met yet."""
    set_up("dev")
    run(PYTHON, "-m", "pytest", "-q", *SIDE_BY_SIDE, *rest)


def lint(_: list[str]) -> None:
    """Style and formatting."""
    set_up("dev")
    run(PYTHON, "-m", "ruff", "check", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", ".")


def types(_: list[str]) -> None:
    """Types, strict."""
    set_up("dev")
    run(PYTHON, "-m", "mypy")


def docs(_: list[str]) -> None:
    """The documentation's site, into site/."""
    set_up("dev", "docs")
    run(PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet", NO_MKDOCS_2_WARNING="1")


def acceptance(_: list[str]) -> None:
    """The contract's tests of the finished parts, where they are at hand."""
    set_up("dev")
    found = sorted(path for part in FINISHED for path in ACCEPTANCE.glob(f"test_{part}_*.py"))
    if not found:
        print("acceptance: skipped, its tests are not beside the project")
        return
    run(PYTHON, "-m", "pytest", "-q", *SIDE_BY_SIDE, *SAME, "-c", "pyproject.toml", "-p", "no:cacheprovider", *found)


def notebooks(_: list[str]) -> None:
    """The notebooks, each run as it is, and the one for Jupyter."""
    set_up("dev")
    run(PYTHON, "-m", "pytest", "-q", "tests/test_notebooks.py")


def conformance(_: list[str]) -> None:
    """Every engine beside the interpreter; servers are named by GOVSERVICE_POSTGRES and GOVSERVICE_MARIADB (`tools/services.py`)."""
    set_up("dev", "spark", "sql")
    run(PYTHON, "-m", "pytest", "-q", *SAME, "tests/conformance", GOVSERVICE_ENGINES="all")


def wheel(rest: list[str]) -> None:
    """The wheel as a stranger gets it: built, checked, installed alone, run."""
    set_up("dev")
    run(PYTHON, "tools/wheel.py", *rest)


def newest(rest: list[str]) -> None:
    """Every test with the newest versions that there are, in an environment beside .venv."""
    test(rest)


def lock(_: list[str]) -> None:
    """Write lock.txt: the newest versions of every package of every extra."""
    shutil.rmtree(VENV, ignore_errors=True)
    set_up("dev", "spark", "sql", "examples", "pages", "docs")
    listed = subprocess.run([str(PYTHON), "-m", "pip", "freeze", "--exclude-editable"], capture_output=True, text=True, check=True).stdout
    LOCK.write_text("# The versions that the project is worked on with; written by: python3 dev.py lock\n" + listed, encoding="utf-8")


def pages(_: list[str]) -> None:
    """Pages in a real Chromium: what they say, that they ask for nothing, a phone's width, paper (`tools/services.py` installs it)."""
    set_up("dev", "pages")
    run(PYTHON, "-m", "pytest", "-q", *SAME, "tests/pages", GOVSERVICE_BROWSER="all")


def examples(_: list[str]) -> None:
    """The examples, typed and run end to end against a real PostgreSQL, named by GOVSERVICE_POSTGRES (`tools/services.py`)."""
    set_up("dev", "examples")
    programs = ("acceptance_service", "nightly_job", "duckdb_report")
    run(PYTHON, "-m", "mypy", *(part for name in programs for part in ("-p", name)), MYPYPATH="examples")
    run(PYTHON, "-m", "pytest", "-q", *SAME, "tests/examples", GOVSERVICE_ENGINES="all")


def served(rest: list[str]) -> None:
    """What needs real servers and a browser: conformance, the examples, then pages."""
    conformance(rest)
    examples(rest)
    pages(rest)


def everything(rest: list[str]) -> None:
    """Everything but what needs servers or a browser."""
    for task in (test, lint, types, acceptance, docs):
        task(rest)


TASKS = {
    "sample": sample, "test": test, "lint": lint, "types": types, "docs": docs, "acceptance": acceptance, "conformance": conformance,
    "examples": examples, "pages": pages, "served": served, "notebooks": notebooks, "wheel": wheel, "newest": newest, "search": search,
    "lock": lock, "all": everything,
}  # fmt: skip


def main() -> None:
    """Read the task and run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=TASKS, help="; ".join(f"{name}: {task.__doc__}" for name, task in TASKS.items()))
    task, rest = parser.parse_known_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is needed
        sys.exit("govservice needs Python 3.11 or newer")
    TASKS[task.task](rest)


if __name__ == "__main__":
    main()
