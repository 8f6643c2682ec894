"""Which engine a table lives in, and the answer as a table of the same kind."""

from __future__ import annotations

from typing import Any

from govservice.framing.wanted import Wanted

__all__ = ["decide_on"]


def decide_on(frame: Any, wanted: Wanted) -> Any:
    import polars as pl

    from govservice.framing.polars_engine import decide_lazy

    if isinstance(frame, pl.DataFrame):
        return decide_lazy(frame.lazy(), wanted).collect()
    return decide_lazy(frame, wanted)
