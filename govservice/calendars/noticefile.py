"""A holiday notice's file, read and written: every scalar is text, every fault keeps its line, and all faults are reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path
from typing import Any

import yaml

from govservice.calendars.notice import CalendarNotice, contradictions
from govservice.echo import shown
from govservice.errors import NOTHING, CalendarError, Fault, Lang, Words, closest
from govservice.plain_files import read_plain, system_says
from govservice.reading.yaml_words import unreadable

KEYS = ("number", "title", "issued_on", "inferred", "year", "amends", "rest_days", "makeup_workdays", "ordinary_days")
MOST_BYTES = 100_000
DEEPEST = 10
LONGEST_RUN = 31  # days; a longer range is a slip in the year or month
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
RANGE = re.compile(r"(\S+)\s+(?:to|至)\s+(\S+)")


def read_notice(path: Any) -> CalendarNotice | None:
    """The notice in a file (a path, or a file of a package), None where it is empty; faults as one CalendarError."""
    name = Path(str(path)).name if isinstance(path, str | PathLike | Traversable) else shown(path)
    root = _compose(_text(path, name), name)
    if root is None:
        return None
    reader = _Reader(name)
    notice = reader.notice(root)
    if notice is None:
        raise faults_as_error(reader.faults)
    return notice


def _text(path: Any, name: str) -> str:
    try:
        packed = isinstance(path, Traversable) and not isinstance(path, Path)  # a file of a package may stand in an archive
        raw = path.read_bytes() if packed else read_plain(Path(path), MOST_BYTES)
    except (OSError, TypeError, ValueError) as why:
        reason = system_says(why) if isinstance(why, OSError) else Words("not a path", "不是路径")
        raise CalendarError(Words(f"the notice file cannot be read: {reason.en}", f"无法读取通知文件：{reason.zh}"), file=name) from None
    if len(raw) > MOST_BYTES:
        what = Words(f"a notice file of more than {MOST_BYTES:,} bytes is no notice", f"通知文件超过 {MOST_BYTES:,} 字节")
        raise CalendarError(what, file=name, line=1)
    try:
        return raw.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as why:
        raise CalendarError(
            Words("the notice file is not UTF-8 text", "通知文件不是 UTF-8 文本"),
            hint=Words("save it as UTF-8", "请另存为 UTF-8"),
            file=name,
            line=raw.count(b"\n", 0, why.start) + 1,
        ) from None


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        _refuse_depth(text, name)
        return yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as why:
        said = unreadable(why, text)
        raise CalendarError(said.what, hint=said.hint, file=name, line=said.line) from None


def _refuse_depth(text: str, name: str) -> None:
    """The C loader composes by recursion and would end the process on a deep file; its events come one by one."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise CalendarError(
                Words("nested too deeply for a notice", "嵌套过深"), file=name, line=event.start_mark.line + 1 if event.start_mark else None
            )


class _SeveralFaults(CalendarError):
    """Everything wrong with one notice file, a fault a line."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults[0].what, why=faults[0].why, hint=faults[0].hint, file=faults[0].file, line=faults[0].line, id=faults[0].id)
        self.faults = tuple(faults)

    def text(self, lang: Lang = "en") -> str:
        """Every fault, one a line."""
        return "\n".join(fault.text(lang) for fault in self.faults)


def faults_as_error(faults: list[Fault]) -> CalendarError:
    if len(faults) == 1:
        [fault] = faults
        return CalendarError(fault.what, why=fault.why, hint=fault.hint, file=fault.file, line=fault.line, id=fault.id)
    return _SeveralFaults(sorted(faults, key=lambda fault: fault.line or 0))


class _Reader:
    """One file under reading: its faults so far, and the line of each key and day."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.lines: dict[date, int] = {}

    def fault(self, node: yaml.Node | None, what: Words, hint: Words = NOTHING, key: str | None = None) -> None:
        line = node.start_mark.line + 1 if node is not None else None
        self.faults.append(Fault(what, hint=hint, file=self.name, line=line, id=key))

    def notice(self, root: yaml.Node) -> CalendarNotice | None:
        if not isinstance(root, yaml.MappingNode):
            self.fault(
                root,
                Words("a notice file is a list of `key: value` lines", "通知文件应由“键: 值”组成"),
                Words(f"its keys are {', '.join(KEYS)}", f"可用的键：{'、'.join(KEYS)}"),
            )
            return None
        nodes = self.keys(root)
        values: dict[str, Any] = {key: self.text(key, nodes[key]) if key in nodes else None for key in ("number", "title", "amends")}
        values["inferred"] = self.yes(nodes.get("inferred"))
        issued_on = self.needed_date("issued_on", root, nodes)
        year = self.year(root, nodes)
        for key in ("rest_days", "makeup_workdays"):
            values[key] = tuple(self.named(key, nodes[key])) if key in nodes else ()
        values["ordinary_days"] = tuple(self.dates("ordinary_days", nodes["ordinary_days"])) if "ordinary_days" in nodes else ()
        if year is not None:
            self.contradictions(root, year, values)
        if self.faults or year is None or issued_on is None:
            return None
        return CalendarNotice(year=year, issued_on=issued_on, **values)

    def contradictions(self, root: yaml.Node, year: int, values: dict[str, Any]) -> None:
        days = {key: values[key] for key in ("amends", "rest_days", "makeup_workdays", "ordinary_days")}
        for day, what, hint in contradictions(year=year, cite=values["number"] or values["title"], **days):
            line = root.start_mark.line + 1 if day is None else self.lines[day]
            self.faults.append(Fault(what, hint=hint, file=self.name, line=line))

    def keys(self, root: yaml.MappingNode) -> dict[str, yaml.Node]:
        nodes: dict[str, yaml.Node] = {}
        for key, value in root.value:
            word = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if word not in KEYS:
                near = closest(word, KEYS)
                hint = (
                    Words(f"did you mean {near}?", f"是不是 {near}？")
                    if near is not None
                    else Words(f"the keys are {', '.join(KEYS)}", f"可用的键：{'、'.join(KEYS)}")
                )
                self.fault(key, Words(f"unknown key {shown(word)}", f"没有“{word}”这个键"), hint)
            elif word in nodes:
                self.fault(key, Words(f"the key {word} stands twice", f"键 {word} 出现两次"))
            else:
                nodes[word] = value
        return nodes

    def text(self, key: str, node: yaml.Node) -> str | None:
        if isinstance(node, yaml.ScalarNode) and node.value.strip():
            return str(node.value).strip()
        self.fault(node, Words("a text is needed", "此处应为文字"), key=key)
        return None

    def yes(self, node: yaml.Node | None) -> bool:
        if node is None:
            return False
        if isinstance(node, yaml.ScalarNode) and node.value in {"true", "false"}:
            return bool(node.value == "true")
        self.fault(node, Words("true or false is needed", "应为 true 或 false"), key="inferred")
        return False

    def year(self, root: yaml.Node, nodes: dict[str, yaml.Node]) -> int | None:
        node = nodes.get("year")
        if node is None:
            self.fault(
                root, Words("a notice needs its year", "通知缺少年份"), Words("add year:, such as year: 2027", "请写 year:，如 year: 2027")
            )
            return None
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"(19|20|21)\d\d", node.value, re.ASCII):
            return int(node.value)
        self.fault(node, Words(f"{_shown(node)} is no year", f"{_shown(node)} 不是年份"), Words("write it as 2027", "请写作 2027"), "year")
        return None

    def needed_date(self, key: str, root: yaml.Node, nodes: dict[str, yaml.Node]) -> date | None:
        if key in nodes:
            return self.one_date(key, nodes[key], _shown(nodes[key], quoted=False))
        self.fault(
            root,
            Words("a notice needs its day of issue", "通知缺少印发日期"),
            Words(f"add {key}:, such as {key}: 2026-11-04", f"请写 {key}:，如 {key}: 2026-11-04"),
        )
        return None

    def one_date(self, key: str, node: yaml.Node, text: str) -> date | None:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.fault(node, Words(f"there is no day {text}", f"没有 {text} 这一天"), key=key)
                return None
        self.fault(node, Words(f"{shown(text)} is no date", f"“{text}”不是日期"), Words("write it as 2026-02-14", "请写作 2026-02-14"), key)
        return None

    def named(self, key: str, node: yaml.Node) -> Iterator[tuple[date, str]]:
        if not isinstance(node, yaml.MappingNode):
            self.fault(
                node,
                Words("days are listed under the name of their holiday", "日子应列在节日名称之下"),
                Words("such as 元旦: 2026-01-01 to 2026-01-03", "如 元旦: 2026-01-01 to 2026-01-03"),
                key,
            )
            return
        for holiday, days in node.value:
            name = self.text(key, holiday)
            for day in self.dates(key, days):
                yield day, name or ""

    def dates(self, key: str, node: yaml.Node) -> Iterator[date]:
        for part in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            if not isinstance(part, yaml.ScalarNode):
                self.fault(part, Words("a date is needed", "此处应为日期"), Words("write it as 2026-02-14", "请写作 2026-02-14"), key)
                continue
            for day in self.run(key, part):
                self.lines[day] = part.start_mark.line + 1
                yield day

    def run(self, key: str, node: yaml.ScalarNode) -> list[date]:
        ends = RANGE.fullmatch(node.value.strip())
        first = self.one_date(key, node, ends[1] if ends else node.value.strip())
        last = self.one_date(key, node, ends[2]) if ends else first
        if first is None or last is None:
            return []
        if not 0 <= (last - first).days < LONGEST_RUN:
            self.fault(
                node,
                Words(f"{first} to {last} is no run of days", f"{first} 至 {last} 不是一段日子"),
                Words("check both dates", "请核对两个日期"),
                key,
            )
            return []
        return [first + timedelta(n) for n in range((last - first).days + 1)]


def _shown(node: yaml.Node, *, quoted: bool = True) -> str:
    text = node.value.strip() if isinstance(node, yaml.ScalarNode) else "a list" if isinstance(node, yaml.SequenceNode) else "a mapping"
    return repr(text) if quoted and isinstance(node, yaml.ScalarNode) else str(text)


def written_notice(notice: CalendarNotice) -> str:
    """The notice as the text of a file that `read_notice` reads as the same."""
    values: dict[str, Any] = {key: getattr(notice, key) for key in ("number", "title") if getattr(notice, key) is not None}
    values["issued_on"] = notice.issued_on
    if notice.inferred:
        values["inferred"] = True
    values["year"] = notice.year
    if notice.amends is not None:
        values["amends"] = notice.amends
    lines = [yaml.safe_dump({key: value}, allow_unicode=True, width=1000) for key, value in values.items()]
    for key in ("rest_days", "makeup_workdays"):
        named: dict[str, list[date]] = {}
        for day, name in getattr(notice, key):
            named.setdefault(name, []).append(day)
        if named:
            lines.append(f"{key}:\n")
            names = [
                (yaml.safe_dump(name, allow_unicode=True, width=1000).removesuffix("...\n").strip(), days) for name, days in named.items()
            ]
            lines += [f"  {name}: [{', '.join(_runs(days))}]\n" for name, days in names]
    if notice.ordinary_days:
        lines.append(f"ordinary_days: [{', '.join(map(str, notice.ordinary_days))}]\n")
    return "".join(lines)


def _runs(days: list[date]) -> Iterator[str]:
    """The days in their order, those that follow each other as one run."""
    begun = 0
    for place in range(1, len(days) + 1):
        if place == len(days) or days[place] != days[place - 1] + timedelta(1) or place - begun == LONGEST_RUN:
            yield str(days[begun]) if place - begun == 1 else f"{days[begun]} to {days[place - 1]}"
            begun = place
