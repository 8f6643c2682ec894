"""The folder that a stream writes: parts, each whole or not there, and a manifest of those that are done; a restart goes on from it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TextIO

from govservice import plain_csv
from govservice.errors import RecordError, Words
from govservice.plain_files import system_says
from govservice.run.stream_block import ASIDE, OUT, Worked
from govservice.run.stream_source import digest_of
from govservice.run.whole_folder import LOCKS, is_held, lies_in
from govservice.run.writing import cell

__all__ = ["MANIFEST", "MARK", "PartFiles", "differing"]

MANIFEST: Final = "stream.json"
MARK: Final = "govservice run --stream"


class PartFiles:
    """The parts of one stream in its folder. `key` says what is streamed: the parts of another are never gone on with."""

    def __init__(self, folder: Path, key: Mapping[str, Any], form: str, records: Path | None) -> None:
        self.folder, self.key, self.form = folder, key, form
        self.done: list[dict[str, Any]] = []
        try:
            self._open(records)
        except (OSError, ValueError) as error:
            raise _unwritten(folder, error) from None

    def _open(self, records: Path | None) -> None:
        if records is not None and self.folder.exists() and lies_in(records, self.folder):
            raise RecordError(
                Words("results would stand among the records", "结果会写进记录文件夹"),
                hint=Words("name another folder with --out", "请用 --out 另选文件夹"),
                file=str(self.folder),
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        if LOCKS and is_held(self.folder):
            raise RecordError(Words("another run is writing there", "另一次运行正在写这个文件夹"), file=str(self.folder))
        names = {entry.name for entry in self.folder.iterdir()}
        told = self._told() if MANIFEST in names else None
        if told is None and names - {f".{MANIFEST}"}:
            raise RecordError(
                Words("the folder holds other things than a stream of results", "文件夹里有别的东西，不是流式运行的结果"),
                hint=Words("name a new folder with --out", "请用 --out 另选文件夹"),
                file=str(self.folder),
            )
        if told is not None and (other := differing(told["of"], self.key)):
            raise RecordError(
                Words(f"the folder holds the parts of another run: {other} differ", f"文件夹里是另一次运行的部分结果：{other} 不同"),
                hint=Words("name a new folder with --out", "请用 --out 另选文件夹"),
                file=str(self.folder),
            )
        for part in told["parts"] if told is not None else ():
            if any(not (self.folder / name).is_file() or digest_of(self.folder / name) != sha for name, sha in part["files"].items()):
                break  # it and those after it are made again
            self.done.append(part)
        if told is None:
            self._write_manifest(finished=False)

    def _told(self) -> dict[str, Any]:
        try:
            told = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if told["made_by"] == MARK and isinstance(told["of"], dict) and isinstance(told["parts"], list):
                return dict(told)
        except (ValueError, KeyError, TypeError):
            pass
        raise RecordError(
            Words(f"{MANIFEST} is not of a stream of results", f"{MANIFEST} 不是流式运行的清单"),
            hint=Words("name a new folder with --out", "请用 --out 另选文件夹"),
            file=str(self.folder),
        )

    def add(self, worked: Worked, source: str, first: int, rows: int) -> None:
        """Write one part, then say in the manifest that it is done. Raises RecordError."""
        number = len(self.done) + 1
        files: dict[str, tuple[Sequence[str], Any]] = {f"cases-{number:06}.{self.form}": (OUT, worked.out)}
        if len(worked.aside):
            files[f"set_aside-{number:06}.{self.form}"] = (ASIDE, worked.aside)
        try:
            for name, (heads, table) in files.items():
                aside = self.folder / f".{name}"
                _write(aside, heads, table, self.form)
                os.replace(aside, self.folder / name)
            digests = {name: digest_of(self.folder / name) for name in files}
            self.done.append(
                {
                    "file": source, "first": first, "rows": rows, "out": len(worked.out), "set_aside": len(worked.aside),
                    "files": digests,
                }
            )  # fmt: skip
            self._write_manifest(finished=False)
        except OSError as error:
            raise RecordError(
                Words("the results cannot be written", "结果无法写入"), why=system_says(error), file=str(self.folder)
            ) from None

    def finish(self, more: Mapping[str, Any]) -> None:
        """Say that every row of the records is in the parts."""
        self._write_manifest(finished=True, **more)

    def _write_manifest(self, *, finished: bool, **more: Any) -> None:
        totals = {name: sum(part[name] for part in self.done) for name in ("rows", "out", "set_aside")}
        told = {"made_by": MARK, "of": self.key, "finished": finished, **totals, **more, "parts": self.done}
        aside = self.folder / f".{MANIFEST}"
        with aside.open("w", encoding="utf-8", newline="") as file:
            file.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
            _kept(file)
        os.replace(aside, self.folder / MANIFEST)


def differing(told: Mapping[str, Any], key: Mapping[str, Any]) -> str:
    """The names of what is another in two keys of a stream, one of them as JSON gives it back."""
    return ", ".join(sorted(name for name in {*told, *key} if told.get(name) != _plain(key.get(name))))


def _unwritten(folder: Path, error: Exception) -> RecordError:
    return RecordError(Words("the results cannot be written", "结果无法写入"), why=system_says(error), file=str(folder))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _write(path: Path, heads: Sequence[str], table: Any, form: str) -> None:
    if form == "parquet":
        table.write_parquet(path, compression="zstd", statistics=True)
        with path.open("r+b") as file:
            _kept(file)
        return
    with path.open("w", encoding="utf-8-sig", newline="", errors="backslashreplace") as file:
        _write_rows(file, heads, table)
        _kept(file)


def _write_rows(file: TextIO, heads: Sequence[str], table: Iterable[Sequence[object]]) -> None:
    out = plain_csv.writer(file)
    out.writerow(heads)
    out.writerows([cell(value) for value in row] for row in table)


def _kept(file: Any) -> None:
    """What was written is on the disk before its name is."""
    file.flush()
    os.fsync(file.fileno())
