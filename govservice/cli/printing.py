"""Pages printed to PDF by a Chromium that is on this machine: Chrome, Chromium or Edge, whichever is found first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from govservice.cli.files import put_file
from govservice.errors import RecordError, Words

__all__ = ["browser", "to_pdf"]

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_MAC: Final = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS: Final = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe", r"Chromium\Application\chrome.exe")
_PROGRAM_FOLDERS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_ASKED: Final = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--no-pdf-header-footer", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_SECONDS: Final = 120


def browser() -> str:
    """Where a Chromium is. Raises RecordError where none is found."""
    named = (found for name in _NAMES if (found := shutil.which(name)) is not None)
    folders = [folder for name in _PROGRAM_FOLDERS if (folder := os.environ.get(name))]
    elsewhere = [*_MAC] if sys.platform == "darwin" else [str(Path(folder, path)) for folder in folders for path in _WINDOWS]
    found = next(chain(named, filter(os.path.isfile, elsewhere)), None)
    if found is None:
        raise RecordError(
            Words("a PDF needs Chrome, Chromium or Edge, and none was found", "写成 PDF 要用 Chrome、Chromium 或 Edge，没有找到"),
            hint=Words("install one, or print the pages to PDF from any browser", "请装一个；或者用任何浏览器打开网页，打印成 PDF"),
        )
    return found


def to_pdf(page: str, path: Path, program: str, *, force: bool) -> None:
    """Print a page that needs nothing from outside. Raises RecordError where the browser fails, or the file may not be written over."""
    with TemporaryDirectory(prefix="govservice-") as aside:
        source, made = Path(aside, "page.html"), Path(aside, "page.pdf")
        source.write_bytes(page.encode("utf-8", "replace"))
        root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()  # a sandbox there is only for other users
        asked = [program, *_ASKED, *root, f"--user-data-dir={Path(aside, 'profile')}", f"--print-to-pdf={made}", source.as_uri()]
        try:
            done = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
            why = f"{Path(program).name}: {done.returncode}"
        except (OSError, subprocess.TimeoutExpired) as error:
            why = f"{Path(program).name}: {type(error).__name__}"
        if not made.is_file():
            raise RecordError(Words("the browser printed no PDF", "浏览器没有打印出 PDF"), why=Words(why, why), file=str(path))
        put_file(path, made.read_bytes(), force=force)
