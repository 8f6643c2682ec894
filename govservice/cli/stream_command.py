"""`govservice run --stream`: cases of any number -> parts of their types and due days, and what came of it on the terminal."""

from __future__ import annotations

import time
from argparse import Namespace
from pathlib import Path

from govservice.cli.console import Console
from govservice.cli.places import calendar_of
from govservice.cli.where import say_tables
from govservice.errors import Words
from govservice.rules import load_rulebook
from govservice.run.stream import stream

__all__ = ["USAGE", "stream_command"]

USAGE = 2
_NOT_WITH = ("now", "accepted_on", "force", "answer")


def stream_command(options: Namespace, console: Console) -> int:
    """Stream, and say how many rows came out; 1 with `--strict` where a row was set aside."""
    named = [name for name in ("rulebook", "records") if getattr(options, name) is None]
    unmeant = [f"--{name.replace('_', '-')}" for name in _NOT_WITH if getattr(options, name)]
    if named:
        listed = " ".join(f"--{name}" for name in named)
        console.note(Words(f"a stream needs {listed}", f"流式运行要写 {listed}"))
        return USAGE
    if unmeant:
        listed = " ".join(unmeant)
        console.note(Words(f"a stream takes no {listed}", f"流式运行没有 {listed}"))
        return USAGE
    book = load_rulebook(options.rulebook, settings=dict(options.set), lang=console.lang)
    out = options.out or Path("govservice-out")
    begun = time.perf_counter()
    with console.progress() as progress:
        done = stream(
            book, options.records, options.into or out, on=options.on, start=options.start, limit=options.limit,
            calendar=calendar_of(options), form=options.stream, rows=options.part_rows, mapping=options.mapping, progress=progress,
        )  # fmt: skip
    spent = time.perf_counter() - begun
    if done.went_on:
        console.note(Words(f"gone on behind part {done.went_on}", f"已有 {done.went_on} 个部分，接着做"))
    console.table(
        (Words("rows in", "读入"), Words("used", "采用"), Words("set aside", "搁置"), Words("parts", "部分")),
        [(done.rows, done.out, done.set_aside, done.parts)],
    )
    if done.items_set_aside:
        console.note(Words(f"rows of items not used: {done.items_set_aside}", f"未采用的事项行：{done.items_set_aside}"))
    rate = done.made / spent if spent else 0
    console.note(Words(f"{spent:,.1f} s, {rate:,.0f} rows a second", f"用时 {spent:,.1f} 秒，每秒 {rate:,.0f} 行"))
    if options.into is not None:
        say_tables(options.into, ("stream_cases", "stream_set_aside"), console)
        return 1 if options.strict and done.set_aside else 0
    console.say(Words(f"results: {out / 'stream.json'} and the parts beside it", f"结果：{out / 'stream.json'} 及同一文件夹中的各部分"))
    return 1 if options.strict and done.set_aside else 0
