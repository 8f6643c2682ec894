"""The one way up: a result's own method, or a front door, finds the machinery that stands above it, on first use.

Imports point down only. A few methods must do more than their own module may know: a deadline draws itself, a calendar finds another
country's days, a run writes itself. They name the place, and it is looked up when they are called.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["machinery"]


def machinery(place: str) -> Any:
    """What stands at a place, "module:name" within the package.

    >>> machinery("errors:words")("KS-2").zh
    'KS-2'
    """
    module, _, name = place.partition(":")
    return getattr(import_module(f"govservice.{module}"), name)
