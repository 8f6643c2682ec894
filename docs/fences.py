"""Docstrings for the site: an example (`>>>`) or a drawn tree becomes a block of code; Markdown would read it as quotes or one line."""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^( *)>>> .*(?:\n(?! *$).*)*", re.MULTILINE)
_TREE = re.compile(r"^.*\n[├└│].*(?:\n[├└│].*)*", re.MULTILINE)


def fenced(text: str) -> str:
    """The docstring with its examples and trees fenced."""
    text = _EXAMPLE.sub(lambda found: f"{found[1]}```pycon\n{found[0]}\n{found[1]}```", text)
    return _TREE.sub(lambda found: f"```text\n{found[0]}\n```", text)


class Fences(griffe.Extension):
    """Fences every docstring as it is collected."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """One module, class, function or attribute."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)
