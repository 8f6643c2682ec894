"""`govservice run`: a rulebook and a folder of records -> a folder of results, and a short account on the terminal."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

from govservice.cli.answering import Grid, answered, check_answer, tell
from govservice.cli.console import Console
from govservice.cli.places import calendar_of, folder_of
from govservice.cli.where import named_twice, say_tables
from govservice.errors import RecordError, Words
from govservice.records import TABLES, SetAside, read_records
from govservice.records.addresses import address_of
from govservice.records.vocabulary import Vocabulary
from govservice.rules import load_rulebook
from govservice.run import Run, run
from govservice.run.writing import check_folder
from govservice.show.summary import BY_NOTHING, rate_in_words, unheard_kinds

__all__ = ["FOLDER", "USAGE", "run_command", "say_set_aside"]

SAMPLE = "kunshan"
FOLDER = Path("govservice-out")
USAGE = 2


def run_command(options: Namespace, console: Console) -> int:
    """Run, write, and say what came out; 1 with `--strict` where a row was set aside."""
    if named_twice(options, console):
        return USAGE
    if options.stream is not None:
        from govservice.cli.stream_command import stream_command

        return stream_command(options, console)
    if options.start is not None or options.limit is not None:
        console.note(Words("--start and --limit are for --stream", "--start 和 --limit 要与 --stream 一起用"))
        return USAGE
    if options.records is None:
        with as_file(files("govservice") / "samples" / SAMPLE) as folder:
            console.note(Words(f"no --records: the shipped sample of {SAMPLE}", f"未给 --records：使用自带的样例（{SAMPLE}）"))
            return _run(options, folder, console)
    if options.rulebook is None:
        console.note(
            Words(
                "which rulebook? add --rulebook BOOK: a shipped id or a YAML file", "用哪一册规则？请加 --rulebook：自带的名称或 YAML 文件"
            )
        )
        return USAGE
    return _run(options, options.records, console)


def _run(options: Namespace, place: str | Path, console: Console) -> int:
    out = options.out or (FOLDER if options.format == "text" and options.into is None else None)
    if options.into is not None:
        address_of(options.into)
    check_answer(options)
    if out is not None:
        check_folder(out, force=options.force, records=folder_of(place))  # before the work, not after it
    if options.answer is not None and options.mapping is not None:
        what = Words("an answer is kept of a folder as it stands", "留存的答复以记录文件夹原样为准")
        raise RecordError(what, hint=Words("put the mapping into it, as mapping.yaml", "请把映射文件放进文件夹，名为 mapping.yaml"))
    book = load_rulebook(options.rulebook or SAMPLE, settings=dict(options.set), lang=console.lang)
    calendar = calendar_of(options)
    with console.progress() as progress:
        records = read_records(place, book=book, mapping=options.mapping, progress=progress, zone=calendar.tz)
        done = answered(
            options, console, run, book, records if options.answer is None else place, on=options.on, accepted_on=options.accepted_on,
            now=options.now, calendar=calendar, lang=console.lang, progress=progress,
        )  # fmt: skip
        if out is not None:
            done.write(out, force=options.force)
        tables = () if options.into is None else done.write_into(options.into)
    figures = done.summary(console.lang)
    tell(console, options.format, figures, _by_type(figures), lambda: _account(done, records.words, out, console))
    if options.into is not None:
        say_tables(options.into, tables, console)
    for note in records.notes:
        console.note(note)
    return 1 if options.strict and done.set_aside else 0


def _by_type(figures: dict[str, Any]) -> Grid:
    """How many of each type there are, by table."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for name in TABLES:
        for each in figures[name]["case_types"]:
            counts.setdefault((each["case_type"], each["label"] or each["case_type"]), {})[name] = each["count"]
    columns = [
        ("case_type", Words("case type", "办件类型")),
        ("label", Words("label", "名称")),
        *((name, table.label) for name, table in TABLES.items()),
    ]
    return Grid(columns, [(*type, *(found.get(name, 0) for name in TABLES)) for type, found in counts.items()])


def _account(done: Run, words: Mapping[str, Vocabulary], out: Path | None, console: Console) -> None:
    figures = done.summary(console.lang)
    console.say(f"{figures['rulebook']['title'] or ''} ({figures['rulebook']['id']}, {figures['rulebook']['digest'][:12]})".strip())
    console.say()
    names = {name: table.label for name, table in TABLES.items()}
    rows = [(source["label"], source["file"], source["in"], source["out"], source["set_aside"]) for source in figures["rows"]]
    console.table((_HEAD[0], _HEAD[1], Words("rows in", "读入"), Words("used", "采用"), Words("set aside", "搁置")), rows)
    console.say()
    _types(figures, names, console)
    _due(figures, console)
    _rates(figures, console)
    if figures["course"]["unheard"]:
        en, zh = unheard_kinds(figures["course"], "en"), unheard_kinds(figures["course"], "zh")
        console.say(Words(f"pauses of kinds that stop no clock: {en}", f"事由不停止任何时限的中止：{zh}"))
    if done.not_read:
        listed = ", ".join(done.not_read[:5]) + (", ..." if len(done.not_read) > 5 else "")
        console.note(Words(f"files not read: {listed}", f"未读取的文件：{listed}"))
    if figures["not_ended"]:
        listed = ", ".join(figures["not_ended"])
        console.note(Words(f"the last line has no end, and may be cut off: {listed}", f"末行没有换行，文件可能不完整：{listed}"))
    _unread(done, words, console)
    say_set_aside(done.set_aside, console)
    if out is not None:
        page = out / "summary.html"
        console.say()
        console.say(Words(f"results: {page} and the tables beside it", f"结果：{page} 及同一文件夹中的各表"))


def _unread(done: Run, words: Mapping[str, Vocabulary], console: Console) -> None:
    """The columns that were offered and not read, each with the fact that it may be meant for."""
    for table, columns in done.unread.items():
        named = [_meant(column, table, words) for column in list(columns)[:_SHOWN]]
        named += [Words("...", "……")] if len(columns) > _SHOWN else []
        en, zh = ", ".join(each.en for each in named), "、".join(each.zh for each in named)
        label = words[table].label
        console.note(Words(f"columns of {label.en} not read: {en}", f"{label.zh}中未读取的列：{zh}"))


def _meant(column: str, table: str, words: Mapping[str, Vocabulary]) -> Words:
    """A column by name, with the fact that it may be meant for."""
    within, dot, inner = column.partition(".")
    known, name = (words[within], inner) if dot and within in words else (words[table], column)
    if known.fact(name) is not None:
        return Words(f"{column} (the mapping takes another column for it)", f"{column}（映射为它另指了一列）")
    near = known.close_to(name)
    return Words(f'{column} (did you mean "{near}"?)', f"{column}（是不是“{near}”？）") if near else Words(column, column)


def say_set_aside(aside: Sequence[SetAside], console: Console) -> None:
    """The first rows set aside; those of one file with one reason are told once."""
    if not aside:
        return
    console.say(Words(f"set aside: {len(aside)}", f"搁置：{len(aside)} 行"))
    alike: dict[object, list[SetAside]] = {}
    for row in aside:
        alike.setdefault((row.table, row.field, row.reason), []).append(row)
    for rows in list(alike.values())[:_SHOWN]:
        more = Words(f" (and {len(rows) - 1:,} more rows)", f"（另有 {len(rows) - 1:,} 行相同）") if len(rows) > 1 else Words("", "")
        console.say(f"  {rows[0].text(console.lang)}{console.text(more)}")
    if len(alike) > _SHOWN:
        console.say("  ...")


_SHOWN = 5
_HEAD = (Words("table", "表"), Words("file", "文件"))


def _types(figures: dict[str, Any], names: dict[str, Words], console: Console) -> None:
    shown = [name for name in names if figures[name]["total"]]
    labels: dict[str, str] = {
        each["case_type"]: each["label"] or each["case_type"] for name in shown for each in figures[name]["case_types"]
    }
    counts = {name: {each["case_type"]: each["count"] for each in figures[name]["case_types"]} for name in shown}
    rows: list[tuple[object, ...]] = [(label, *(counts[name].get(type, 0) for name in shown)) for type, label in labels.items()]
    open_ = [figures[name].get("open", figures[name]["total"] - sum(counts[name].values())) for name in shown]
    if any(open_):
        rows.append((console.text(Words("open", "未定")), *open_))
    gaps = [figures[name].get("no_rule", 0) for name in shown]
    if any(gaps):
        rows.append((console.text(Words("no rule fits", "没有规则适用")), *gaps))
    if rows:
        console.table((Words("case type", "办件类型"), *(names[name] for name in shown)), rows)
        console.say()
    facts = {fact["label"] or fact["fact"]: fact["count"] for name in ("applications", "cases") for fact in figures[name]["open_by_fact"]}
    if facts:
        listed = ", ".join(f"{label} {count}" for label, count in facts.items())
        console.say(Words(f"would settle the open ones: {listed}", f"未定的还缺：{listed}"))


def _rates(figures: dict[str, Any], console: Console) -> None:
    """The measures of each centre; of one that is open, between which it lies, or what it waits for."""
    for centre in figures["rates"]["centre"]:
        rows = [
            (rate["label"] or rate["measure"] if console.lang == "zh" else rate["measure"], rate_in_words(rate, console.lang))
            for rate in centre["rates"]
            if rate["value"] is not None or [one["fact"] for one in rate["undecided"]] != [BY_NOTHING]
        ]
        if rows:
            console.say()
            whole = figures["rulebook"]["title"] if centre["id"] == figures["rulebook"]["id"] else None  # the book's own centre
            name = f"{whole}的比率" if whole else f"{centre['id']} 的比率"
            console.table((Words(f"rates of {centre['id']}", name), Words("value", "数值")), rows)


def _undated(due: dict[str, Any], console: Console) -> None:
    """How many running cases have no due day, and the commonest reasons."""
    facts = [(fact["fact"], fact["label"] or fact["fact"], fact["count"]) for fact in due["undated_by_fact"][:_REASONS]]
    few = Words("", "") if len(due["undated_by_fact"]) <= _REASONS else Words(", ..", "等")
    wanting = Words(
        f"{due['unknown']} wait for {', '.join(f'{id} {count}' for id, _, count in facts)}{few.en}",
        f"{due['unknown']} 件还缺：{'、'.join(f'{label} {count} 件' for _, label, count in facts)}{few.zh}",
    )
    later, stopped, none = due["not_started"]["count"], due["stopped"], due["no_clock_running"]
    reasons = (
        (due["unknown"], wanting),
        (later, Words(f"{later} have not begun", f"{later} 件尚未起算")),
        (stopped, Words(f"the clock of {stopped} has stopped", f"{stopped} 件的时限已停止")),
        (none, Words(f"no clock runs on {none}", f"{none} 件没有适用的时限")),
    )
    said = [words for count, words in sorted(reasons, key=lambda reason: -reason[0]) if count]
    listed = Words(", ".join(words.en for words in said), "，".join(words.zh for words in said))
    why = Words(f" ({listed.en})", f"（{listed.zh}）") if said else Words("", "")
    console.say(Words(f"without a due day: {due['undated']}{why.en}", f"期限算不出：{due['undated']} 件{why.zh}"))


_REASONS: Final = 3


def _due(figures: dict[str, Any], console: Console) -> None:
    due, speed = figures["due"], figures["items"]["speed_up"]
    if due["running"]:
        console.say(
            Words(f"running: {due['running']}, with a due day: {due['dated']}", f"在办 {due['running']} 件，期限可算出 {due['dated']} 件")
        )
    if due["undated"]:
        _undated(due, console)
    if len(due["by_clock"]) > 1:
        by_clock = [(each["clock"], each["label"] or each["clock"], each["count"]) for each in due["by_clock"]]
        en, zh = (", ".join(f"{each[place]} {each[2]}" for each in by_clock) for place in (0, 1))
        console.say(Words(f"due by the clock: {en}", f"到期日所据的时限：{zh}"))
    later = due["not_started"]
    if later["count"]:
        now, first = figures["asked"]["now"], later["first"]
        console.say(
            Words(
                f"not begun by {now}: {later['count']}, the first begins {first}",
                f"截至 {now} 尚未起算：{later['count']} 件，最早 {first} 起算",
            )
        )
    if due["signals"]:
        listed = ", ".join(f"{signal['signal']} {signal['count']}" for signal in due["signals"])
        called = "、".join(f"{signal['label'] or signal['signal']} {signal['count']}" for signal in due["signals"])
        console.say(Words(f"signals: {listed}", f"告警：{called}"))
    if due["overdue"]:
        console.say(Words(f"overdue: {due['overdue']['count']}", f"已超期：{due['overdue']['count']} 件"))
    for case in due["provisional_listed"][:3]:
        span = Words("", "")
        if case["earliest"] != case["latest"]:
            between = f"{case['earliest']} .. {case['latest']}"
            span = Words(f" ({between})", f"（{between}）")
        console.say(
            Words(f"provisional: {case['id']} due {case['due_on']}{span.en}", f"暂定：{case['id']} 应于 {case['due_on']} 办结{span.zh}")
        )
    items = figures["items"]["due"]
    if items is not None and items["earliest"]:
        day, first, last, count = (items[name] for name in ("accepted_on", "earliest", "latest", "provisional"))
        console.say(
            Words(
                f"items accepted on {day}: due {first} to {last}, {count} provisional",
                f"{day} 受理的事项：{first} 至 {last} 到期，暂定 {count} 项",
            )
        )
    if speed["compression"] is not None:
        days = f"{speed['promised_days']} / {speed['statutory_days']}"
        console.say(
            Words(
                f"promised / statutory workdays: {days}, compression {speed['compression']}",
                f"承诺/法定工作日：{days}，压缩 {speed['compression']}",
            )
        )
