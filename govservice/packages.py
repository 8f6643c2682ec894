"""Packages that not every installation has, loaded on first use; what is said where one is lacking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from govservice.errors import NOTHING, MissingPackage, Words

__all__ = ["EXTRAS", "missing", "polars_for"]

_FRAMES: Final = ("polars>=2.0", "pyarrow>=18", "numpy>=2.0")
_CHARTS: Final = (*_FRAMES, "altair>=6.0", "vl-convert-python>=1.8")
EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {
    "frames": _FRAMES,
    "duckdb": ("duckdb>=2.0", "pyarrow>=18"),
    "spark": (*_FRAMES, "pyspark>=4.0"),
    "sql": (*_FRAMES, "ibis-framework[postgres]>=12", "sqlglot<30.18", "psycopg[binary]>=3.2", "pymysql>=1.1"),
    "exchange": ("icalendar>=6.1", "lxml>=5.3"),
    "sheets": ("python-calamine>=0.4", "xlsxwriter>=3.2"),
    "charts": _CHARTS,
    "notebooks": (*_CHARTS, "marimo>=0.20"),
}
"""What each extra brings, as `pip` is told: the packages have names that install wherever govservice itself came from."""


def missing(needing: Words, extra: str, *, file: str | None = None, otherwise: Words = NOTHING) -> MissingPackage:
    """The error where a package of an extra is not installed: what needs it, and what to type.

    `otherwise` is what can be done without it.

    >>> print(missing(Words("DMN needs lxml", "DMN 需要 lxml"), "exchange"))
    DMN needs lxml; pip install "icalendar>=6.1" "lxml>=5.3" (the extra exchange)
    """
    wanted = " ".join(f'"{package}"' for package in EXTRAS[extra])
    en, zh = f"pip install {wanted} (the extra {extra})", f"pip install {wanted}（扩展 {extra}）"
    hint = Words(f"{en}, or {otherwise.en}", f"{zh}，或{otherwise.zh}") if otherwise != NOTHING else Words(en, zh)
    return MissingPackage(needing, hint=hint, file=file)


def polars_for(needing: Words) -> Any:
    """Polars. Raises MissingPackage where it is not installed; `needing` says what needs it."""
    try:
        import polars
    except ImportError:
        raise missing(needing, "frames") from None
    return polars
