"""The error of a mapping file: a RecordError that carries every fault."""

from __future__ import annotations

from collections.abc import Iterable

from govservice.errors import Fault, Lang, RecordError

__all__ = ["MappingError"]


class MappingError(RecordError):
    """Everything wrong with a mapping file, or between it and the files it maps; `faults` holds one `Fault` each.

    >>> from govservice.errors import Words
    >>> print(MappingError([Fault(Words("a", "")), Fault(Words("b", ""))]))
    a
    b
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        listed = tuple(faults)
        first = listed[0]
        super().__init__(first.what, why=first.why, hint=first.hint, file=first.file, line=first.line, id=first.id)
        self.faults = listed

    def text(self, lang: Lang = "en") -> str:
        """Every fault, one a line."""
        return "\n".join(fault.text(lang) for fault in self.faults)
