"""What a command answers, in the form that is asked for: a text to read, JSON, CSV or Markdown; and the answer kept as a file."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from govservice import plain_csv
from govservice.audit import CitedAnswer, recorded
from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.echo import visible, visible_json
from govservice.errors import RecordError, Words
from govservice.run.writing import cell
from govservice.show.markdown import escaped, row
from govservice.show.values import needed

__all__ = ["FORMS", "Grid", "answered", "called", "check_answer", "keep", "tell", "waits"]

FORMS: Final = ("text", "json", "csv", "md")
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Grid(NamedTuple):
    """A table of an answer: its columns, each with the id that CSV has at its head and what it is called, and its rows."""

    columns: Sequence[tuple[str, Words]]
    rows: Sequence[Sequence[object]]


def called(id: str | None, label: str | None) -> Words | str | None:
    """An id in a cell: as it is for programs and in English, in Chinese by its label, where it has one.

    >>> called("W1", None), called("window_month", "窗口月度考核")
    ('W1', Words(en='window_month', zh='窗口月度考核'))
    """
    return Words(id, label) if id is not None and label else id


def waits(names: Sequence[str], labels: Mapping[str, str]) -> Words:
    """What an answer waits for in a cell: the names for programs and in English, in Chinese by their labels.

    >>> waits(("simple", "formal"), {"simple": "程序简便", "formal": "正式申请"})
    Words(en='simple; formal', zh='程序简便、正式申请')
    """
    return Words("; ".join(names), needed(names, "zh", labels))


def tell(console: Console, form: str, plain: Any, grid: Grid, text: Callable[[], object]) -> None:
    """An answer on stdout: `plain` (JSON values) as JSON, the `grid` as CSV or Markdown, or what `text` writes.

    CSV has the ids of its columns at the head, and yes and no as true and false, in either language, so that programs find them.
    """
    match form:
        case "json":
            sys.stdout.write(f"{visible_json(json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False))}\n")
        case "csv":
            lines = plain_csv.writer(sys.stdout, lineterminator="\n")
            lines.writerow([id for id, _ in grid.columns])
            lines.writerows([visible(cell(value)) for value in row] for row in grid.rows)
        case "md":
            console.picture("\n".join(_markdown(grid, console)))
        case _:
            text()


def _markdown(grid: Grid, console: Console) -> Iterable[str]:
    yield row(escaped(console.text(name)) for _, name in grid.columns)
    yield f"|{'---|' * len(grid.columns)}"
    for each in grid.rows:
        yield row(escaped(cell(value, console.lang)) for value in each)


def check_answer(options: Namespace) -> None:
    """Raise RecordError where the answer is to go into a file that is there already: before the work, not after it."""
    if options.answer is not None and options.answer.exists() and not getattr(options, "force", False):
        hint = Words("add --force to overwrite it", "如要覆盖请加 --force")
        raise RecordError(Words("the file is there already", "文件已存在"), hint=hint, file=str(options.answer))


def answered(options: Namespace, console: Console, verb: Callable[_P, _R], /, *given: _P.args, **named: _P.kwargs) -> _R:
    """What a verb gives; with `--answer` it is kept as the file that `govservice verify` reads.

    Raises what the verb raises; RecordError where the file is there, or what was asked with cannot be kept.
    """
    if options.answer is None:
        return verb(*given, **named)
    check_answer(options)
    kept = recorded(verb, *given, **named)
    keep(kept.answer, options, console)
    return kept.result


def keep(answer: CitedAnswer, options: Namespace, console: Console) -> None:
    """Write the answer to the file that `--answer` names."""
    put_file(options.answer, answer.to_json().encode("utf-8", "surrogatepass"), force=getattr(options, "force", False))
    console.note(Words(f"kept: {options.answer}", f"答复已留存：{options.answer}"))
