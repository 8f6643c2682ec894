"""`govservice try`: a page on this machine to try a rulebook with."""

from __future__ import annotations

import sys
import webbrowser
from argparse import Namespace
from pathlib import Path

from govservice.cli.console import Console
from govservice.errors import Words
from govservice.rules import load_rulebook
from govservice.rules.book.files import shipped_books

__all__ = ["try_command"]


def try_command(options: Namespace, console: Console) -> int:
    """Load the book, so that its faults are told here; then serve the page until interrupted. The page is Chinese unless `--lang en`."""
    settings = dict(options.set)
    book = load_rulebook(options.book, settings=settings, lang=console.lang)
    from govservice.trying.serving import PageServer

    place = options.book if options.book in shipped_books() else str(Path(options.book).absolute())
    server = PageServer(place, port=options.port, lang=options.lang or "zh", on=options.on, settings=settings)
    name = book.title or book.id
    console.note(Words(f"{name}: open this address; Ctrl+C ends it", f"{name}：请打开下面的地址；按 Ctrl+C 结束"))
    console.say(server.address)
    sys.stdout.flush()
    if not options.no_browser:
        webbrowser.open(server.address)
    server.serve()
    return 0
