"""What the entries, types and departments of a comparison are called in a picture."""

from __future__ import annotations

from typing import Any, Final

from govservice.errors import Lang, Words

__all__ = ["CASES", "type_name", "unit_name"]

OPEN: Final = Words("(open)", "（未定）")
NO_RULE: Final = Words("(no rule)", "（无规则适用）")
UNSAID: Final = Words("(not recorded)", "（未记录）")
CASES: Final = Words("cases", "件")


def type_name(done: Any, name: str | None, *, open_: bool, lang: Lang) -> str:
    """A case type by its label; a case without one is open, or no rule fits it."""
    if name is None:
        return (OPEN if open_ else NO_RULE).text(lang)
    return str(done.labels.get(f"case_type={name}", name)) if lang == "zh" else name


def unit_name(name: object, lang: Lang) -> str:
    """A department or window; one that the records do not name is said to be none."""
    return UNSAID.text(lang) if name is None or name == "" else str(name)
