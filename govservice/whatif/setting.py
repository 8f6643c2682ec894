"""A rulebook with other numbers in some of its places, given as programs hold them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govservice.rules.rulebook import Rulebook

__all__ = ["plain", "with_values"]


def with_values(book: Rulebook, values: Mapping[str, object]) -> Rulebook:
    """The book with these values; a number is written as it prints."""
    return book.reform({path: value if isinstance(value, (str, list, dict)) else plain(value) for path, value in values.items()})


def plain(value: object) -> object:
    """A value of numpy as Python's own; a float as it prints.

    >>> plain(0.1)
    Decimal('0.1')
    """
    value = value.item() if type(value).__module__ == "numpy" and hasattr(value, "item") else value
    return Decimal(repr(value)) if isinstance(value, float) else value
