"""Packages that not every installation has, loaded on first use."""

from __future__ import annotations

from typing import Any

from govservice.errors import MissingPackage, Words

__all__ = ["polars_for"]


def polars_for(needing: Words) -> Any:
    """Polars. Raises MissingPackage where it is not installed; `needing` says what needs it."""
    try:
        import polars
    except ImportError:
        install = 'pip install "govservice[frames]"'
        raise MissingPackage(needing, hint=Words(install, install)) from None
    return polars
