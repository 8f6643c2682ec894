"""Where the results of a command go: into a folder, or into the tables of a database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from govservice.errors import Words

if TYPE_CHECKING:
    from govservice.cli.console import Console

__all__ = ["ROUND_OUT", "RUN_OUT", "named_twice", "say_where"]

RUN_OUT: Final = Path("govservice-out")
ROUND_OUT: Final = Path("govservice-scores")
"""The folders where nobody says which."""


def named_twice(options: Namespace, console: Console) -> bool:
    """Whether a folder and a database are named at once; then that is said."""
    if options.into is None or options.out in (RUN_OUT, ROUND_OUT):
        return False
    console.note(Words("results go into a folder or into a database: --out or --into", "结果写到文件夹或数据库：--out 和 --into 只写一个"))
    return True


def say_where(options: Namespace, files: str, rest: Words, tables: Sequence[str], console: Console) -> None:
    """Where the results are: `files` of the folder and the rest of it, or tables of the database."""
    if options.into is None:
        place = options.out / files
        console.say(Words(f"results: {place} and {rest.en}", f"结果：{place} 及{rest.zh}"))
        return
    from govservice.records.addresses import address_of

    place, listed = address_of(options.into).place, ", ".join(tables)
    console.say(Words(f"results: {listed} in {place}", f"结果：{place} 中的 {listed}"))
