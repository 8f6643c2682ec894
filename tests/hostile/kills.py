"""A run killed at a random moment of its writing: what it leaves is the earlier result, the new one, or none, and its rerun is accepted."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from functools import cache
from pathlib import Path
from typing import Any

from govservice import load_rulebook
from govservice.run import run, writing

__all__ = ["broken_by"]


@cache
def _runs() -> tuple[Any, Any]:
    book = load_rulebook("licensing-law")
    return tuple(
        run(book, {"cases": [{"case": f"C{number}", "received_on": "2026-03-02"} for number in range(count)]}) for count in (3, 60)
    )  # type: ignore[return-value]


def _held(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in writing.FILES if (folder / name).exists()}


@cache
def _results(folder: Path) -> tuple[dict[str, bytes], dict[str, bytes], float]:
    """What either run writes, and how long the second takes."""
    first, second = _runs()
    first.write(folder / "first")
    begun = time.perf_counter()
    second.write(folder / "second")
    took = time.perf_counter() - begun
    return _held(folder / "first"), _held(folder / "second"), took


def broken_by(chance: random.Random, folder: Path) -> str | None:
    """What a run breaks that is killed at a moment drawn from the time that it takes, before a folder of its own or one with a result."""
    first, second, took = _results(folder)
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    earlier = chance.random() < 0.7
    if earlier:
        _runs()[0].write(out)
        (out / "notes.txt").write_text("theirs", encoding="utf-8")
    child = os.fork()
    if child == 0:
        try:
            _runs()[1].write(out, force=True)
        finally:
            os._exit(0)
    time.sleep(chance.random() * 1.3 * took)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    left = _held(out) if out.exists() else {}
    if left not in ((first, second, {}) if earlier else (second, {})):
        return f"a mixture, or half a result: {sorted(left)}"
    _runs()[1].write(out)
    if _held(out) != second:
        return "the rerun wrote something else"
    if earlier and (out / "notes.txt").read_text(encoding="utf-8") != "theirs":
        return "somebody's own file is lost"
    strangers = {path.name for path in folder.iterdir()} - {"first", "second", "out"}
    return f"left behind: {sorted(strangers)}" if strangers else None
