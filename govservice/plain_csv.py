"""CSV read and written alike, whatever the program around has set for its own: the longest field is our own.

`csv.field_size_limit` is one for a whole process, and a file that it cuts would be another answer; so the extension beneath `csv` is loaded
a second time, with settings that nobody else has.
"""

from __future__ import annotations

from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any, Final

__all__ = ["LONGEST_FIELD", "Error", "reader", "writer"]

LONGEST_FIELD: Final = 131_072  # characters, as Python has it from the start

if TYPE_CHECKING:
    from _csv import Error, reader, writer
else:

    def _of_our_own() -> Any:
        spec = find_spec("_csv")
        own = module_from_spec(spec)
        spec.loader.exec_module(own)
        own.field_size_limit(LONGEST_FIELD)
        return own

    _OWN: Final = _of_our_own()
    Error, reader, writer = _OWN.Error, _OWN.reader, _OWN.writer
