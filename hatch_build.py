"""What a package page shows: the README with links that lead to the project's own address, for a package page knows no other files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


def absolute(text: str, address: str) -> str:
    """Links between files as links to that address; pictures as what a browser can show."""

    def led(found: re.Match[str]) -> str:
        kind = "raw" if found[1] == "!" else "blob"
        return f"{found[1]}[{found[2]}]({address}/{kind}/main/{found[3]})"

    return re.sub(r"(!?)\[([^\]]*)\]\((?![a-z]+:|#)([^)]+)\)", led, text)


class PageOfThePackage(MetadataHookInterface):
    """Reads the README while the package is built."""

    def update(self, metadata: dict[str, Any]) -> None:
        """The README becomes the description."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute(text, metadata["urls"]["Source"])}
