"""Where the results of a command go: into a folder, or into the tables of a database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from govservice.errors import Words

if TYPE_CHECKING:
    from govservice.cli.console import Console

__all__ = ["named_twice", "say_tables"]


def named_twice(options: Namespace, console: Console) -> bool:
    """Whether a folder and a database are named at once; then that is said."""
    if options.into is None or options.out is None:
        return False
    console.note(Words("results go into a folder or into a database: --out or --into", "结果写到文件夹或数据库：--out 和 --into 只写一个"))
    return True


def say_tables(url: str, tables: Sequence[str], console: Console) -> None:
    """Which tables of a database hold the results."""
    from govservice.records.addresses import address_of

    place, listed = address_of(url).place, ", ".join(tables)
    console.note(Words(f"results: {listed} in {place}", f"结果：{place} 中的 {listed}"))
