"""Whole tables: classifying two million applications beside Polars and numpy written by hand, and due days beside numpy's.

Run `python benchmarks/frames.py`; `--json PATH` writes the figures too.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from measure import report, side_by_side

from govservice import china, classify_frame, due_frame, load_rulebook

ROWS = 2_000_000
DAY = date(2026, 11, 20)
FLAGS = (
    "formal", "ordinary", "simple", "same_day_possible", "needs_review", "needs_survey", "missing_affects_approval", "applicant_promises",
    "plainly_against_policy", "plainly_against_plan", "meets_conditions", "recognised_urgent",
)  # fmt: skip


def applications(rows: int) -> pl.DataFrame:
    """Made-up applications: one cell in twenty says nothing."""
    rng = np.random.default_rng(7)

    def some(values: np.ndarray) -> pl.Series:
        return pl.Series(values).set(pl.Series(rng.random(rows) < 0.05), None)

    columns = {flag: some(rng.random(rows) < 0.5) for flag in FLAGS}
    columns["main_document"] = some(rng.choice(np.array(["present"] * 8 + ["not_brought", "lacking"]), rows))
    columns["nonmain_missing"] = some(rng.choice([0] * 7 + [1, 2], rows))
    columns["attachments_missing"] = some(rng.choice([0] * 8 + [1, 9], rows))
    columns["departments"] = some(rng.choice([1] * 6 + [2, 3], rows))
    columns["materials_complete"] = some(rng.random(rows) < 0.7)
    columns["accepted_on"] = some(pl.Series(rng.integers(19_000, 20_500, rows).astype(np.int32)).cast(pl.Date))
    columns["promised_days"] = some(rng.integers(0, 46, rows))
    return pl.DataFrame(columns)


DOCUMENTS = pl.Enum(["present", "not_brought", "lacking"])
TYPES = pl.Enum(["open", "urgent", "supplement", "returned", "joint", "instant", "promised"])


def by_hand(frame: pl.DataFrame, types: pl.DataType | None = None) -> pl.Series:
    """The same ten rules as one chain of Polars, each condition's null kept apart: what somebody would write who knows both.

    `types` is what the case type is held as: strings unless given.
    """
    col = pl.col
    complete, main = col("materials_complete"), col("main_document")
    unset = pl.lit(None, pl.Boolean)
    few = (
        pl.when((col("attachments_missing") > 0) & (main == "present") & ~col("missing_affects_approval"))
        .then(unset)
        .otherwise((col("attachments_missing") > 0) & (main == "present") & ~col("missing_affects_approval"))
    )
    rules = [
        ("urgent", col("recognised_urgent")),
        ("supplement", main == "not_brought"),
        ("returned", col("formal") & main.is_in(["not_brought", "lacking"])),
        ("supplement", (col("nonmain_missing") > 0) & col("applicant_promises")),
        ("supplement", few),
        ("returned", complete & (col("plainly_against_policy") | col("plainly_against_plan"))),
        ("returned", col("meets_conditions").is_not_null() & ~col("meets_conditions")),
        ("joint", col("departments") >= 2),
        ("instant", col("ordinary") & col("simple") & complete & col("same_day_possible")),
        ("promised", complete & (col("needs_review") | col("needs_survey"))),
    ]
    chain: object = pl
    for name, rule in rules:
        chain = chain.when(rule.is_null()).then(pl.lit("open", types)).when(rule).then(pl.lit(name, types))  # type: ignore[attr-defined]
    return frame.select(chain.otherwise(None).alias("case_type"))["case_type"]  # type: ignore[attr-defined]


def main() -> None:
    """Measure, side by side."""
    frame, book, calendar = applications(ROWS), load_rulebook("kunshan"), china()
    lazy, closed = frame.lazy(), frame.with_columns(pl.col("main_document").cast(DOCUMENTS))
    timings = side_by_side(
        "classify 2,000,000",
        [
            ("polars by hand", lambda: by_hand(frame)),
            ("polars by hand, Enums", lambda: by_hand(closed, TYPES)),
            ("classify_frame", lambda: classify_frame(frame, book, on=DAY)),
            ("classify_frame, an Enum given", lambda: classify_frame(closed, book, on=DAY)),
            ("classify_frame, lazy, streaming", lambda: classify_frame(lazy, book, on=DAY).select("case_type").collect(engine="streaming")),
        ],
        inner=ROWS,
    )
    known = frame.drop_nulls(["accepted_on", "promised_days"])
    first, last = date(2020, 1, 1), date(2030, 12, 31)
    rest = [day for day in pl.date_range(first, last, eager=True) if not calendar.is_workday(day)]
    listed = np.busdaycalendar(weekmask="1111111", holidays=np.array(rest, dtype="datetime64[D]"))
    starts, counts = known["accepted_on"].to_numpy(), known["promised_days"].to_numpy()
    asked = {"start": "accepted_on", "limit": "promised_days", "calendar": calendar}
    waiting = known.lazy()
    timings += side_by_side(
        f"due days of {len(known):,}",
        [
            ("numpy busday_offset", lambda: np.busday_offset(starts, counts, roll="forward", busdaycal=listed)),
            ("due_frame", lambda: due_frame(known, **asked)),
            ("due_frame, lazy, streaming", lambda: due_frame(waiting, **asked).select("due_on").collect(engine="streaming")),
        ],
        inner=len(known),
    )
    report("Whole tables, microseconds a row", timings, notes=[f"{ROWS:,} rows, one cell in twenty empty"])


if __name__ == "__main__":
    main()
