"""Examples on the site: in a docstring one (`>>>`) or a drawn tree becomes a block of code, where Markdown would read quotes or one line;
on a page one is shown as a conversation, whose prompts and answers are not copied.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"^( *)>>> .*(?:\n(?! *$).*)*", re.MULTILINE)
_TYPED = re.compile(r"^( *```)python( [^\n]*)?\n(?= *>>> )", re.MULTILINE)
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


def on_page_markdown(markdown: str, **_: Any) -> str:
    """A page before it is read: examples in the manner of a terminal are marked as such."""
    return _TYPED.sub(r"\1pycon\2\n", markdown)
