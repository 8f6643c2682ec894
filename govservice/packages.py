"""Packages that not every installation has, loaded on first use."""

from __future__ import annotations

from typing import Any

from govservice.errors import MissingPackage, Words

__all__ = ["missing", "polars_for"]


def polars_for(needing: Words) -> Any:
    """Polars. Raises MissingPackage where it is not installed; `needing` says what needs it."""
    try:
        import polars
    except ImportError:
        raise missing("frames", needing) from None
    return polars


def missing(extra: str, needing: Words) -> MissingPackage:
    """What is raised where the packages of an extra are not installed, with how to install them.

    >>> print(missing("charts", Words("a picture needs vl-convert-python", "画图需要 vl-convert-python")))
    a picture needs vl-convert-python; pip install "govservice[charts]"
    """
    install = f'pip install "govservice[{extra}]"'
    return MissingPackage(needing, hint=Words(install, install))
