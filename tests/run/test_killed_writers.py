"""A writer killed at any moment leaves the earlier result, the new one, or none; never a mixture, and nothing of anybody else's is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

KILLED = """
import os, shutil, signal, sys
from hashlib import sha256
from pathlib import Path

from govservice import load_rulebook
from govservice.records import read_records
from govservice.run import run, whole_folder, writing

place, had = Path(sys.argv[1]), sys.argv[2]
(place / "records").mkdir()
cases = place / "records" / "cases.csv"
book = load_rulebook("kunshan")


def ran(count):
    cases.write_text("办件编号,收件日,材料补齐日,承诺工作日数\\n" + "".join(f"C{n},2026-03-02,2026-03-02,5\\n" for n in range(count)))
    return run(book, read_records(place / "records", book=book))


def held(folder):
    return {name: sha256((folder / name).read_bytes()).hexdigest() for name in writing.FILES if (folder / name).exists()}


first, second = ran(1), ran(2)
out = place / "out"
first.write(place / "first"), second.write(place / "second")
results = {"first": held(place / "first"), "second": held(place / "second")}
files = {whole_folder.__file__, writing.__file__}


def killed_at(moment):
    left = moment

    def trace(frame, event, _):
        nonlocal left
        if frame.f_code.co_filename not in files or frame.f_code.co_name in ("cell", "_safe", "<genexpr>"):
            return None
        left -= event == "line"
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    child = os.fork()
    if child == 0:
        sys.settrace(trace)
        second.write(out, force=True)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


seen = set()
moment = 0
while True:
    moment += int(sys.argv[3])
    shutil.rmtree(out, ignore_errors=True)
    if had != "nothing":
        first.write(out)
        (out / "deep").mkdir()
        for theirs in (out / "notes.txt", out / "deep" / "notes.txt"):
            theirs.write_text("theirs")
    killed = killed_at(moment)
    state = held(out) if out.exists() else {}
    name = next((name for name, result in results.items() if result == state), "none" if not out.exists() else "mixture")
    seen.add(name)
    assert name != "mixture", (moment, sorted(path.name for path in out.iterdir()))
    second.write(out)  # what was left is no obstacle, and is cleared
    assert held(out) == results["second"], moment
    if had != "nothing":
        assert (out / "notes.txt").read_text() == (out / "deep" / "notes.txt").read_text() == "theirs", moment
    assert {path.name for path in place.iterdir()} == {"records", "first", "second", "out"}, moment
    if not killed:
        break
print(moment, *seen)
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="this system cannot split a process")
@pytest.mark.parametrize(("had", "seen"), [("nothing", {"none", "second"}), ("a result", {"first", "second"})])
def test_a_killed_writer_leaves_one_result_whole(tmp_path: Path, had: str, seen: set[str]) -> None:
    """Killed at every third line of what it does."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), had, "3"], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    moments, *states = done.stdout.split()
    assert int(moments) > 150
    assert seen <= {*states} <= {*seen, "none"}  # between the two folders there is none
