"""Scores kept among the records, so that the next round builds on what was published and works none of it out again."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from secrets import token_hex
from typing import Final

from govservice import plain_csv
from govservice.assessment.periods import read_period
from govservice.assessment.scorecard import Scorecard
from govservice.errors import DecisionError, RecordError, Words
from govservice.plain_files import system_says
from govservice.rounds.results import Round
from govservice.run.writing import cell

__all__ = ["not_over", "publish"]

_HEAD: Final = ("period", "total", "eligible")


def publish(done: Round, folder: str | Path, *, over_by: date, subjects: Mapping[str, str]) -> tuple[Path, ...]:
    """Add every settled score of a period that is over to `<scheme>.csv` in a folder of records; gives the files written.

    A period is over on the day after its last: on `over_by` or before. Points are kept exactly as the card reports them.
    `subjects` names the table that each scheme scores. A score that stands there already is left as it is. Each file is exchanged whole.
    Raises RecordError where the scores of a scheme stand in a file of another name or form, before anything is written.
    """
    folder = Path(folder)
    by_scheme: dict[str, list[Scorecard]] = {}
    for card in done.cards:
        last = _last_day(card)
        if _is_settled(card) and last is not None and last < over_by:
            by_scheme.setdefault(card.scheme, []).append(card)
    written = {}
    for scheme, cards in by_scheme.items():
        file = folder / f"{scheme}.csv"
        elsewhere = next((source.file for source in done.sources if source.table == scheme and source.file != file.name), None)
        if elsewhere is not None:
            raise _not_ours(folder / elsewhere)
        old = _published(folder, scheme, subjects[scheme])
        known = {(row[subjects[scheme]], row["period"]) for row in old}
        new = [_row(card, subjects[scheme]) for card in cards if (card.subject, card.period) not in known]
        if new:
            written[file] = _as_csv([*old, *new])
    for file, text in written.items():
        _exchange(file, text)
    return tuple(written)


def not_over(done: Round, over_by: date) -> tuple[str, ...]:
    """The periods of settled scores that `publish` does not keep yet: on that day they are still under way."""
    last_days = ((card.period, _last_day(card)) for card in done.cards if _is_settled(card))
    return tuple(dict.fromkeys(period for period, last in last_days if last is not None and last >= over_by))


def _is_settled(card: Scorecard) -> bool:
    return card.total is not None and bool(card.scored) and card.eligible is not None


def _last_day(card: Scorecard) -> date | None:
    """The last day of a card's period; None where it has no name of its own (one that looks back from a day), and is not kept."""
    try:
        return read_period(card.period).last
    except DecisionError:
        return None


def _row(card: Scorecard, subject: str) -> dict[str, str]:
    head = {subject: card.subject, "period": card.period, "total": cell(card.total), "eligible": cell(card.eligible)}
    return head | {f"parts.{path}": cell(part.total) for path, part in card.parts.items()}


def _published(folder: Path, scheme: str, subject: str) -> list[dict[str, str]]:
    """The rows of an earlier round. Raises RecordError where the file was not written by one."""
    file = folder / f"{scheme}.csv"
    if not file.exists():
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            head, *lines = [line for line in plain_csv.reader(stream, strict=True) if line] or [[]]
    except (OSError, ValueError, plain_csv.Error) as error:
        raise RecordError(Words("the file cannot be read", "文件无法读取"), why=system_says(error), file=str(file)) from None
    if not {subject, *_HEAD} <= set(head) or any(len(line) != len(head) for line in lines):
        raise _not_ours(file)
    return [dict(zip(head, line, strict=True)) for line in lines]


def _not_ours(file: Path) -> RecordError:
    return RecordError(
        Words("the scores that stand here were not kept by an earlier round", "这里的分数不是以前的考核留下的"),
        hint=Words("move the file away, or leave out --keep", "请移走该文件，或去掉 --keep"),
        file=str(file),
    )


def _as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    out = plain_csv.writer(stream)
    out.writerow(names)
    out.writerows([row.get(name, "") for name in names] for row in rows)
    return stream.getvalue()


def _exchange(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.{token_hex(8)}.new")
    try:
        with new.open("x", encoding="utf-8-sig", newline="") as stream:
            stream.write(text)
        os.replace(new, file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise RecordError(Words("the scores cannot be kept", "分数无法存档"), why=system_says(error), file=str(file)) from None
