"""What tests of pages share: a real Chromium that reaches nothing but this machine, and pages that must ask for nothing and say nothing.

A test takes `visit` and opens a file or an address of this machine with it; whatever the page asks of a network, and every error in its
console, fails the test when it ends. Where playwright or Chromium is absent the tests are skipped, saying so; where everything was
installed (`GOVSERVICE_BROWSER=all`) that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import pytest

NEEDED: Final = os.environ.get("GOVSERVICE_BROWSER") == "all"
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
OWN: Final = ("127.0.0.1", "localhost", "[::1]")
NO_NETWORK: Final = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
PHONE: Final = 375
"""The width of a phone, in pixels."""


@dataclass
class Visit:
    """One page that was opened: playwright's own `page`, the addresses it `asked` for, those of a network, and what it said of errors."""

    page: Any
    asked: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a reader sees."""
        return str(self.page.locator("body").inner_text())

    @property
    def overhang(self) -> int:
        """By how many pixels the page is wider than its window: above 0 it scrolls sideways."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def printed(self, to: Path) -> str:
        """The page printed to a PDF file, and its text, page by page, each ended by a form feed; empty without pdftotext."""
        self.page.pdf(path=str(to), prefer_css_page_size=True, print_background=True)
        reader = shutil.which("pdftotext")
        if reader is None:
            assert not NEEDED, "there is no pdftotext"
            return ""
        done = subprocess.run([reader, "-enc", "UTF-8", "-layout", str(to), "-"], capture_output=True, check=True)
        return done.stdout.decode()


class Visiting(Protocol):
    """Open a file or an address of this machine."""

    def __call__(self, where: Path | str, *, width: int = 1280, height: int = 900) -> Visit: ...


def absent() -> str | None:
    """What is lacking, if anything is."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    return None if chromium() is not None else "there is no Chromium"


def chromium() -> str | None:
    """Where the system's Chromium is."""
    return next((found for name in PROGRAMS if (found := shutil.which(name)) is not None), None)


def is_outside(address: str) -> bool:
    """Whether an address is on a network: anything but this machine's own, a file, or what the page holds itself."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https", "ws", "wss", "ftp") and parts.netloc.rpartition(":")[0] not in OWN and parts.netloc not in OWN


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The browser, for the tests of one file: while it runs, no other loop of events can."""
    lacking = absent()
    if lacking is not None:
        if NEEDED:
            pytest.fail(lacking)
        pytest.skip(lacking)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium(), args=["--no-sandbox", NO_NETWORK])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visiting]:
    """Opens pages; when the test ends, none may have asked a network for anything or written an error to its console."""
    contexts: list[Any] = []
    visits: list[Visit] = []

    def opened(where: Path | str, *, width: int = 1280, height: int = 900) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        made = Visit(context.new_page())
        visits.append(made)
        context.route("**/*", _guard(made))
        context.route_web_socket(is_outside, lambda socket: (made.outside.append(socket.url), socket.close()))
        made.page.on("console", lambda said: made.errors.append(said.text) if said.type == "error" else None)
        made.page.on("pageerror", lambda error: made.errors.append(str(error)))
        made.page.goto(where.resolve().as_uri() if isinstance(where, Path) else where)
        return made

    yield opened
    for context in contexts:
        context.close()
    assert [each.outside for each in visits if each.outside] == []
    assert [each.errors for each in visits if each.errors] == []


def _guard(made: Visit) -> Callable[[Any], None]:
    def guard(route: Any) -> None:
        address = route.request.url
        made.asked.append(address)
        if is_outside(address):
            made.outside.append(address)
            route.abort()
        else:
            route.continue_()

    return guard
