"""Tables as the columns need them: by ids, each row with its number and its day; or nothing, where rows must be read one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.assessment.register import WHOLE
from govservice.case_facts import DAYS_AND_LIMITS
from govservice.reading.spoilt import why_spoilt
from govservice.rules.book.contents import Contents
from govservice.rules.language.acts import DAYS_OF_MOMENTS
from govservice.rules.language.facts import says_none, unsaid
from govservice.score_frames.forms import Form
from govservice.score_frames.kinds import as_polars

if TYPE_CHECKING:
    import polars

__all__ = ["NUMBER", "GivenTables", "given_of"]

NUMBER: Final = "\0number"
_SPELLS: Final = ("from", "until", "to", "period")
_SPOILT: Final = r"[=＝+.'‘’`＋．＇]"
_LONG: Final = 15


class GivenTables(NamedTuple):
    """The tables by id, with the number of each row; and every subject that they name, those of its own table first."""

    tables: Mapping[str, polars.DataFrame]
    subjects: Sequence[str]


def given_of(frames: Mapping[str, Any], contents: Contents, form: Form) -> GivenTables | None:
    """The tables of a call; None where something in them asks that the rows be read one by one: subjects that change over time, rows given
    twice, several centres, published scores, ids of no text, days of no date, a column of lists, a table that is lacking.
    """
    tables: dict[str, polars.DataFrame] = {}
    for name, table in frames.items():
        id = contents.labels.get(name, name)
        if id in tables or id not in contents.tables:
            return None
        frame = _table(contents, form, id, name, table)
        if frame is None:
            return None
        tables[id] = frame
    if not set(form.reads) <= tables.keys() or _chains(contents, form, tables):
        return None
    subjects: dict[str, None] = {}
    scored = form.scheme.scores
    for id in sorted(tables, key=lambda id: id != scored):
        if scored in tables[id].columns and (id == scored or scored in contents.tables[id].of):
            subjects.update(dict.fromkeys(tables[id][scored].drop_nulls().unique(maintain_order=True).to_list()))
    if any(unsaid(id) or id != id.strip() or _says_none(contents, scored, id, tables) for id in subjects):
        return None
    return GivenTables(tables, list(subjects))


def _says_none(contents: Contents, scored: str, id: str, tables: Mapping[str, polars.DataFrame]) -> bool:
    words = [kinds[scored] for table in tables if scored in (kinds := contents.words_for_none(table))]
    return any(says_none(id, kind) for kind in words)


def _table(contents: Contents, form: Form, id: str, name: str, table: Any) -> polars.DataFrame | None:
    import polars as pl

    if isinstance(table, list) and not table:
        return pl.DataFrame({NUMBER: pl.Series([], dtype=pl.Int64)})
    frame = as_polars(name, table)
    if frame is None:
        return None
    ids, labels = contents.sight(id)
    names = {column: labels.get(column, column) if column not in ids else column for column in frame.columns}
    if len(set(names.values())) < len(names) or any(kind.is_nested() or kind in (pl.Object, pl.Binary) for kind in frame.dtypes):
        return None
    if id == "events" and any(name in contents.sight(kind)[1] and name not in ids for kind in contents.events for name in names.values()):
        return None
    frame = frame.rename(names).with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(NUMBER))
    return _checked(contents, form, id, frame)


def _checked(contents: Contents, form: Form, id: str, frame: polars.DataFrame) -> polars.DataFrame | None:
    """A table whose rows can each be read by itself, its subjects as text and its days as dates."""
    import polars as pl

    shape, scored, columns = contents.tables[id], form.scheme.scores, set(frame.columns)
    said = {name for name in (WHOLE, *_SPELLS, *(shape.lasts or ())) if name in columns and frame[name].null_count() < frame.height}
    if said or (shape.lasts is not None and frame.height):
        return None
    if any(days in columns and limit in columns for days, limit in DAYS_AND_LIMITS.items()):
        return None
    if id == "cases" and any(_lacks_a_day(frame, day, moment) for day, moment in DAYS_OF_MOMENTS.items()):
        return None
    for key in contents.keys & columns | ({scored} & columns):
        if frame[key].dtype == pl.Null:
            continue
        if frame[key].dtype in (pl.Categorical, pl.Enum):
            frame = frame.with_columns(pl.col(key).cast(pl.String))
        if frame[key].dtype != pl.String or not _is_whole(frame[key]):
            return None
    for key in {id, id.removesuffix("s")} & columns & shape.columns.keys():
        given = frame[key].drop_nulls()
        if given.n_unique() < len(given) or (given.dtype == pl.String and (given.str.strip_chars() != given).any()):
            return None
    if shape.dated_by is not None and shape.dated_by in columns:
        day = frame[shape.dated_by]
        if day.dtype == pl.Datetime and day.dtype.time_zone is None and (day == day.dt.truncate("1d")).all():  # type: ignore[attr-defined]
            frame = frame.with_columns(pl.col(shape.dated_by).cast(pl.Date))
        elif day.dtype not in (pl.Date, pl.Null):
            return None
    return _of_its_kind(contents, frame) if id == "events" else frame


def _lacks_a_day(frame: polars.DataFrame, day: str, moment: str) -> bool:
    """Whether a row gives the moment of an act, and its day only thereby."""
    import polars as pl

    if moment not in frame.columns:
        return False
    lacking = pl.col(day).is_null() if day in frame.columns else pl.lit(value=True)
    return bool(frame.select((pl.col(moment).is_not_null() & lacking).any()).item())


def _is_whole(ids: polars.Series) -> bool:
    """Whether no spreadsheet has spoilt an id."""
    import polars as pl

    looked = ids.to_frame("id").lazy().filter((pl.col("id").str.len_bytes() > _LONG) | pl.col("id").str.contains(_SPOILT)).unique()
    return not any(why_spoilt(id) is not None for id in looked.collect()["id"].to_list())


def _of_its_kind(contents: Contents, events: polars.DataFrame) -> polars.DataFrame:
    """Events by the ids of their kinds; a row of no kind is set apart."""
    import polars as pl

    if "kind" not in events.columns:
        return events.clear()
    if events["kind"].dtype == pl.String and set(events["kind"].unique()) <= contents.events.keys():
        return events
    labels = {kind.label: id for id, kind in reversed(list(contents.events.items())) if kind.label} | {id: id for id in contents.events}
    kinds = pl.col("kind").cast(pl.String)
    return events.with_columns(kinds.replace_strict(list(labels), list(labels.values()), default=None)).filter(pl.col("kind").is_not_null())


def _chains(contents: Contents, form: Form, tables: Mapping[str, polars.DataFrame]) -> bool:
    """Whether a row that does not name its subject may belong to one by what else it names; or sees facts of that."""
    import polars as pl

    scored = form.scheme.scores
    for id, frame in tables.items():
        names = {owner: owner if owner in frame.columns else owner.removesuffix("s") for owner in contents.tables[id].of if owner != scored}
        others = [column for owner, column in names.items() if owner in tables and column in frame.columns]
        unnamed = frame if scored not in frame.columns else frame.filter(pl.col(scored).is_null())
        if id != scored and others and unnamed.select(pl.any_horizontal(pl.col(others).is_not_null()).any()).item():
            return True
        for owner in contents.chains.get(id, ())[1:] if id in form.reads else ():
            if owner in tables and (set(tables[owner].columns) & form.reads[id]):
                return True
    return False
