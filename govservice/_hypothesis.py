"""What hypothesis calls when it is imported, so that `st.from_type(TimeLimit)` draws what `govservice.strategies` would."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["register", "register_models"]

_VALUES = {
    "govservice.limits": {"TimeLimit": "limits"},
    "govservice.calendars": {"OfficeHours": "office_hours", "WorkCalendar": "calendars"},
}
_MODELS = {"Application": "applications", "Case": "cases", "Item": "items"}


def register() -> None:
    """Register limits, calendars and office hours, and the models where they are loaded: pydantic is not imported for their sake."""
    from importlib import import_module

    for module, names in _VALUES.items():
        _register(import_module(module), names)
    if "govservice.models" in sys.modules:
        register_models()


def register_models() -> None:
    """Register the standard models."""
    from govservice import models

    _register(models, _MODELS)


def _register(module: Any, names: Mapping[str, str]) -> None:
    # not above: whoever imports this module first would have hypothesis call it half made
    from hypothesis import strategies as st

    for name, strategy in names.items():
        st.register_type_strategy(getattr(module, name), _later(strategy))


def _later(name: str) -> Callable[[type], st.SearchStrategy[Any]]:
    """The strategies themselves are imported when a type is first asked for."""

    def resolve(_type: type) -> st.SearchStrategy[Any]:
        from govservice import strategies

        found: st.SearchStrategy[Any] = getattr(strategies, name)()
        return found

    return resolve
