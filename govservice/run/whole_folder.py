"""A folder written aside and put in its place whole: whoever looks there, or is killed, finds the old one, the new one, or none."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

try:
    import fcntl

    LOCKS = True
except ImportError:  # Windows
    LOCKS = False

__all__ = ["LOCKS", "clear", "held", "is_held", "is_movable", "lies_in", "put_in_place"]


def clear(folder: Path) -> None:
    """Remove what a killed writer left beside a folder; where it was killed between the two, the old folder is put back. Raises OSError."""
    if not folder.parent.is_dir():
        return
    mark = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{16}}\.(new|old)")
    left = [entry for entry in folder.parent.iterdir() if mark.fullmatch(entry.name) and not entry.is_symlink() and not is_held(entry)]
    for old in (entry for entry in left if entry.name.endswith(".old")):
        if not folder.exists():
            os.rename(old, folder)
    for entry in left:
        shutil.rmtree(entry, ignore_errors=True)


def put_in_place(folder: Path, theirs: Callable[[Path], None], ours: Collection[str]) -> None:
    """Let `theirs` fill a new folder beside this one and exchange the two; of the old one, all but `ours` is in the new one too.

    `ours` are files, by their path within the folder with slashes. Raises OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = _beside(folder, "new")
    new.mkdir()
    try:
        with held(new):
            theirs(new)
            if folder.exists():
                _keep(folder, new, ours)
                _exchange(folder, new, ours)
            else:
                os.rename(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def is_movable(folder: Path) -> bool:
    """Whether a folder can be exchanged: no file system is mounted there, and nobody stands in it, to find himself in a deleted one."""
    return not os.path.ismount(folder) and not lies_in(Path.cwd(), folder)


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is a folder or lies within it, however both are written."""
    path = path.resolve()
    return folder.exists() and any(part.exists() and part.samefile(folder) for part in (path, *path.parents))


def _beside(folder: Path, what: str) -> Path:
    return folder.parent / f".{folder.name}.{token_hex(8)}.{what}"


def _keep(folder: Path, new: Path, ours: Collection[str]) -> None:
    """What somebody else put into the folder stands in the new one too, the same files under a second name."""

    def leave(place: str, names: list[str]) -> list[str]:
        within = Path(place).relative_to(folder)
        return [name for name in names if (within / name).as_posix() in ours]

    shutil.copytree(folder, new, symlinks=True, ignore=leave, copy_function=_link, dirs_exist_ok=True)
    for emptied in _tops(ours):
        with suppress(OSError):  # it holds something, or is no folder
            (new / emptied).rmdir()


def _tops(ours: Collection[str]) -> frozenset[str]:
    """The folders that hold files of ours."""
    return frozenset(name.partition("/")[0] for name in ours if "/" in name)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if not stat.S_ISREG(os.lstat(source).st_mode):
            raise
        shutil.copy2(source, target)
    return target


def _exchange(folder: Path, new: Path, ours: Collection[str]) -> None:
    old = _beside(folder, "old")
    with held(folder):
        os.rename(folder, old)
        try:
            os.rename(new, folder)
        except BaseException:
            os.rename(old, folder)
            raise
        for entry in old.iterdir():  # came meanwhile
            if entry.name not in ours and entry.name not in _tops(ours) and not os.path.lexists(folder / entry.name):
                os.rename(entry, folder / entry.name)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """A folder held for as long as its writer lives: the system lets go of it where that is killed."""
    if not LOCKS:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether a writer that lives holds a folder; where nobody can say, one does."""
    if not LOCKS:
        return True
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False
