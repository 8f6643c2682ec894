"""What the command line says of itself, in both languages: its commands and options, and the slips that are found in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from govservice.errors import Words

__all__ = ["HELP", "PLACES", "SLIPS", "TITLES"]

TITLES: Final[Mapping[str, Words]] = {
    "usage": Words("usage: ", "用法："),
    "arguments": Words("positional arguments", "参数"),
    "options": Words("options", "选项"),
    "commands": Words("commands", "命令"),
    "error": Words("error: ", "错误："),
}
PLACES: Final[Mapping[str, Words]] = {
    name: Words(name, chinese)
    for name, chinese in {
        "BOOK": "规则册", "COLUMN": "列名", "COMMAND": "命令", "DATE": "日期", "DECISION": "决定", "DIR": "文件夹", "FACTS": "事实",
        "FILE": "文件", "FILES": "文件", "HOURS": "办公时间", "ID": "编号", "IDS": "名称", "KIND": "种类", "LIMIT": "时限",
        "MEASURE": "指标", "MONTH": "月", "NAME": "名称", "NAME=VALUE": "名=值", "NAMES": "名称", "NEW": "新册", "NUMBER": "数",
        "OLD": "旧册", "PATH": "哪个数",
        "PERIOD": "期间", "PLACE": "地区", "SCHEME": "方案", "SHELL": "终端", "START": "起算", "TABLE": "表", "URL": "地址",
        "VALUES": "各个值", "WHEN": "日期或时刻", "WISH": "愿望", "YEAR": "年份", "ZONE": "时区",
    }.items()
}  # fmt: skip
"""What stands for a value that the reader gives, in usage and help."""

HELP: Final[Mapping[str, Words]] = {
    "govservice": Words("Rules as code for administrative service centres.", "把政务服务中心的规章写成能运行的规则。"),
    "--help": Words("show this help message and exit", "显示这段说明"),
    "--version": Words("show the version and exit", "显示版本"),
    "--lang": Words("language of what is printed and written (default: the system's)", "输出用的语言（不写：随系统）"),
    "run": Words(
        "classify a folder of records and compute due dates; without arguments, on the shipped sample",
        "给一个文件夹的记录分类，算应办结日；不带参数时用自带的样例",
    ),
    "assess": Words(
        "score and grade a folder of records over a period: every scheme and decision, what others build on first",
        "按一段期间考核一个文件夹的记录：各计分方案、各项评定，先算别的要用到的",
    ),
    "score": Words("the scorecards of a folder of records under schemes", "按计分方案给一个文件夹的记录计分"),
    "grade": Words("what decisions say of the subjects and rows in a folder of records", "按决定评定一个文件夹里的对象和各行"),
    "SCHEME": Words("a scheme of the book (default: all)", "规则册里的计分方案（不写：全部）"),
    "DECISION": Words("a decision of the book (default: all that are graded)", "规则册里的决定（不写：凡作评定的）"),
    "assess --records": Words(
        "folder of window.*, staff.*, events.*, cases.* .., and of scores that were published (window_month.*), or a database",
        "记录文件夹，里面是 window.*、staff.*、events.*、cases.* 等文件，和已公布的分数（window_month.*）；或数据库",
    ),
    "assess --period": Words(
        "2026-10, 2026-B5 (two months), 2026-Q4, 2026-H2 or 2026: each scheme takes its own periods within it",
        "2026-10、2026-B5（两个月）、2026-Q4、2026-H2 或 2026：各方案取其中自己的期间",
    ),
    "assess --subject": Words("one window, member of staff .. only", "只要这一个窗口、人员等"),
    "assess --now": Words(
        "the day or moment that counts as today (default: the end of each period)", "当作今天的那一天或时刻（不写：各期间的最后一天）"
    ),
    "assess --html": Words("every scorecard as a page to print, in cards/", "每张记分卡另写一页，供打印，在 cards/ 里"),
    "assess --keep": Words(
        "add settled scores of periods that are over to the folder of records, for the next round",
        "把已结束期间已定的分数存进记录文件夹，下次接着用",
    ),
    "whatif": Words(
        "what changes where the rules had been others: two rulebooks over one folder of records",
        "规则改一改会怎样：两本规则册用在同一个文件夹的记录上，看哪些不同",
    ),
    "whatif --before": Words("the rulebook as it is: a shipped id or a YAML file", "改之前的规则册：自带的册名，或规则册文件"),
    "whatif --after": Words("the rulebook as it would be, or a reform of the first", "改之后的规则册，或对前者的改革文件"),
    "whatif --period": Words(
        "what is scored and graded: 2026-10, 2026 .. (default: the years of the records)",
        "考核哪段期间，如 2026-10、2026（不写：记录所在的年份）",
    ),
    "whatif --now": Words("the day that counts as today (default: the last day on record)", "当作今天的那一天（不写：记录的最后一天）"),
    "whatif --out": Words("write the report to this page", "把测算报告写成这个网页"),
    "try": Words(
        "a page on this machine to try a rulebook: facts in, outcome and reasons beside",
        "在本机开一个网页试用规则册：填事实，旁边出结果和理由",
    ),
    "try --port": Words("the port of the page (default: a free one)", "网页的端口（不写：找一个空的）"),
    "try --no-browser": Words("only print the address", "只显示地址，不打开浏览器"),
    "try --on": Words("the day that the page begins with (default: today)", "网页一开始写的日期（不写：今天）"),
    "check": Words(
        "list every fault of rulebooks; of a sound one, what it holds and leaves open, and what can be proved of its rules",
        "列出规则册的每一处错误；没有错的，说明里面有什么、还差什么，规则有无漏洞、冲突",
    ),
    "check --notes": Words("list notes too, and what was not analysed", "次要的提示和没有分析的也列出"),
    "check --inherited": Words("check what the book took over from others too", "连同从别册承袭的一并检查"),
    "check --strict": Words("exit with 1 where there is any error or warning", "有错误或警告，退出码就是 1"),
    "test": Words(
        "run a rulebook's test cases; say which changes of its rules they would not notice, and what to add",
        "运行规则册的测试，说明规则怎样改动发现不了，该加哪些测试",
    ),
    "test FILES": Words(
        "files of tests (default: the book's own examples, and tests/*.yaml beside it)",
        "测试文件（不写：册里的例子，和旁边 tests 文件夹里的各个 .yaml）",
    ),
    "test --on": Words("the day on which decisions without a case are measured", "没有测试的决定，按哪一天衡量"),
    "test --all": Words("measure decisions without a case too", "没有测试的决定也衡量"),
    "test --only-run": Words("only run the cases, measure nothing", "只运行，不衡量"),
    "test --strict": Words(
        "exit with 1 where a decision has no case, a rule is not reached or a change goes unnoticed",
        "有决定没有测试、有规则没有测到、有改动发现不了，退出码就是 1",
    ),
    "diff": Words(
        "what changes from one rulebook to another, each change with a record that shows it",
        "两册规则有什么不同，每处各举一件记录为例",
    ),
    "OLD": Words("the book as it was: a shipped id or a YAML file", "原来的规则册：自带的册名，或文件"),
    "NEW": Words("the book as it will be; may be the same, on another day", "改后的规则册；也可以是同一册在另一天"),
    "diff --old-on": Words("the old book as it is in force on a day", "原册按哪一天有效的算"),
    "diff --new-on": Words("the new book as it is in force on a day", "新册按哪一天有效的算"),
    "diff --markdown": Words("as Markdown, for a review", "写成 Markdown，供审阅"),
    "diff --strict": Words("exit with 1 where anything changes or is not analysed", "有变化或没有分析的，退出码就是 1"),
    "show": Words(
        "a whole rulebook as a document to read, discuss, print and sign, with what the check finds beside its rules",
        "把整册规则写成供阅读、讨论、打印、签字的文件，检查发现的问题列在各条旁边",
    ),
    "show --out": Words(
        "the page (.html) or Markdown (.md) to write (default: Markdown is printed)",
        "写成的文件：网页（.html）或 Markdown（.md）；不写：显示 Markdown",
    ),
    "show --on": Words("the book as it is in force on a day", "只列某一天有效的内容"),
    "show --inherited": Words("check what the book took over from others too", "连同从别册承袭的一并检查"),
    "show --plain": Words("without what the check finds", "不列检查发现的问题"),
    "due": Words("the day a time limit ends", "一个时限哪天届满"),
    "papers": Words(
        "notices, forms and registers of a folder of records, as pages to print",
        "一个文件夹的记录该出的通知书、表格、登记簿，写成可打印的网页",
    ),
    "sheets": Words(
        "decisions and items as tables that a clerk fills in (.xlsx, .csv), and back again as an amending file",
        "把决定和计分条目写成表格（.xlsx、.csv）给人填，再读回来，成为修订文件",
    ),
    "map": Words(
        "draft a mapping file for a folder of exports: which file is which table, which column which fact, and what is not placed",
        "为一个文件夹的导出起草映射文件：哪个文件是哪个表，哪一列是哪一项事实，还有哪些没有对应上",
    ),
    "map DIR": Words("the folder of exports", "导出文件所在的文件夹"),
    "map --rulebook": Words(
        "the rulebook whose facts the columns may hold (default: %(default)s)", "各列可能是哪册规则的事实（不写：%(default)s）"
    ),
    "map --out": Words("the file to write, such as DIR/mapping.yaml (default: printed)", "写到哪里，如 mapping.yaml（不写：打印出来）"),
    "map --rows": Words("rows of each file that are looked at (default: %(default)s)", "每个文件看几行（不写：%(default)s）"),
    "sql": Words("a decision of a rulebook as one SELECT over a table of facts", "把规则册的一个决定写成对事实表的一条 SELECT"),
    "verify": Words(
        "work answers that were kept out again: the same, or what differs and why",
        "把留存的答复重新算一遍：相同，或哪里不同、为什么",
    ),
    "verify FILES": Words(
        "files that an answer was kept in, folders that run or assess wrote, or - for stdin",
        "留存答复的文件，或 run、assess 写出的文件夹，或 -（标准输入）",
    ),
    "verify --rulebook": Words(
        "the rulebook to ask: a shipped id, a YAML file or a frozen one (default: the shipped one of the same id)",
        "用哪册规则：自带的册名、规则册文件或封存的文件（不写：自带的同名册）",
    ),
    "verify --before": Words("of a comparison: the rulebook as it was", "测算的答复：改之前的规则册"),
    "verify --after": Words("of a comparison: the rulebook as it would be", "测算的答复：改之后的规则册"),
    "verify --records": Words("the folder of records that the answer or report was made from", "答复或报告依据的记录文件夹"),
    "verify --calendar": Words(
        "the calendar to count by (default: the answer's, with today's notices)", "按哪个日历算（不写：答复所记的日历，加上现在已有的通知）"
    ),
    "freeze": Words(
        "a rulebook with all that it extends, its settings and the calendar, as one file for the archive",
        "把规则册连同所沿用的各册、设定和日历写成一个文件，供存档",
    ),
    "freeze --out": Words("where it goes (default: the book's id and .frozen.json)", "写到哪里（不写：册名加 .frozen.json）"),
    "freeze --on": Words("the book as it is in force on a day", "按哪一天有效的规则"),
    "calendar": Words("a year or month of working days, rest days and make-up workdays", "一年或一个月的工作日、休息日和补班日"),
    "run --rulebook": Words("a shipped id or a YAML file (default, for the sample: kunshan)", "自带的册名，或规则册文件（样例用 kunshan）"),
    "run --records": Words(
        "folder of items.*, applications.*, cases.*, pauses.* .., or a database: postgresql://.., mysql://.. (default: a sample)",
        "记录文件夹，里面是 items.*、applications.*、cases.*、pauses.* 等文件；或数据库：postgresql://..、mysql://..（不写：样例）",
    ),
    "run --mapping": Words(
        "which column holds which fact, and which table of a database what (default: mapping.yaml in the folder)",
        "哪一列是哪一项事实，数据库的哪个表是什么（不写：文件夹里的 mapping.yaml）",
    ),
    "run --out": Words(
        "where results go (default: govservice-out; nothing is written with another --format than text)",
        "结果写到哪个文件夹（不写：govservice-out；--format 不是 text 的，不写）",
    ),
    "assess --out": Words(
        "where results go (default: govservice-scores; nothing is written with another --format than text)",
        "结果写到哪个文件夹（不写：govservice-scores；--format 不是 text 的，不写）",
    ),
    "run --into": Words(
        "results as tables of a database instead (postgresql://user@host/name, mysql://..)",
        "结果改写成数据库里的表（postgresql://用户@主机/库名、mysql://..）",
    ),
    "run --force": Words("write into a folder that holds other things", "文件夹里有别的东西也写"),
    "run --on": Words(
        "the day that dated rules are held against (default: each case's receipt)", "有起止日期的规则按哪一天算（不写：各件的收件日）"
    ),
    "run --now": Words("the day or moment that counts as today: says what is overdue", "当作今天的那一天或时刻；有了它才说哪些超期"),
    "run --accepted-on": Words("when each item would be due if accepted that day", "假如各事项都在这一天受理，哪天到期"),
    "run --stream": Words(
        "cases and items of any number, case types and due days as parts of this form; the same command goes on after a stop",
        "办件再多也分块运行，办件分类和到期日写成这种格式的各部分；中断后同一条命令接着做",
    ),
    "run --start": Words("with --stream: the column that the limit is counted from", "配合 --stream：从哪一列的日子起算"),
    "run --limit": Words(
        "with --stream: the column of limits or working days, or one limit for all",
        "配合 --stream：时限或工作日数在哪一列，或者统一的时限，如 20个工作日",
    ),
    "run --part-rows": Words("with --stream: rows of a part (default: %(default)s)", "配合 --stream：每部分几行（不写：%(default)s）"),
    "run --strict": Words("exit with 1 where any row was set aside", "有一行被搁置，退出码就是 1"),
    "papers --records": Words(
        "folder of items.*, applications.*, cases.* and every other table of the book: window.* .., or a database",
        "记录文件夹：items.*、applications.*、cases.* 和规则册的其他各表（window.* 等）；或数据库",
    ),
    "papers --out": Words("where the pages go (default: %(default)s)", "网页写到哪个文件夹（不写：%(default)s）"),
    "papers --force": Words("overwrite pages that are there", "已有的网页也覆盖"),
    "papers --kind": Words(
        "a kind of paper, by its id in the book; may be repeated (default: all)", "哪一种文书（规则册里的名字），可写几个（不写：全部）"
    ),
    "papers --about": Words("the case, item, window .. that it is about; may be repeated", "关于哪个办件、事项、窗口等，可写几个"),
    "papers --period": Words(
        "2026-10, 2026-Q4, 2026 ..: registers and results need one", "期间，如 2026-10、2026-Q4、2026；登记簿和考核结果要写"
    ),
    "papers --issued-on": Words("the day of issue", "发出的日子"),
    "papers --serial": Words("the first serial number of each series", "每一序列的第一个流水号"),
    "papers --blanks": Words("print what lacks something too, with blanks", "缺内容的也打印，缺的地方留空"),
    "papers --strict": Words(
        "exit with 1 where a paper lacks what it must state, or any row was set aside",
        "有文书缺必须写明的内容，或有一行被搁置，退出码就是 1",
    ),
    "sheets --out": Words(
        "the file to write: .xlsx or .csv; with --read the amending file (default: printed)",
        "写到哪里：.xlsx 或 .csv；加 --read 时是修订文件（不写：打印出来）",
    ),
    "sheets --read": Words("tables that were filled in: say what they change of the book", "填好的表格：说明它们改了规则册的什么"),
    "sheets --only": Words(
        "the decisions and schemes to write, parted by commas (default: all of the book's own)",
        "写哪些决定和方案，用逗号隔开（不写：册里自己的全部）",
    ),
    "sheets --inherited": Words("those that the book took over as well", "连同承袭的"),
    "sheets --force": Words(
        "overwrite the file; read tables that were written from an earlier state of the book",
        "文件已存在也覆盖；表格是从规则册以前的样子写出的也读",
    ),
    "sql DECISION": Words("a decision of the book", "规则册里的决定"),
    "sql --table": Words("the table of facts; its schema may stand before a point", "事实表，前面可带模式名和点"),
    "sql --dialect": Words(
        "the database: duckdb, postgres, mysql, mariadb or spark (default: %(default)s)",
        "数据库，可写 duckdb、postgres、mysql、mariadb、spark（不写：%(default)s）",
    ),
    "sql --columns": Words(
        "the columns of the table, parted by commas (default: every fact that is read)", "表的各列，用逗号隔开（不写：要读的各项事实）"
    ),
    "sql --on": Words("the day that dated rules are held against", "有起止日期的规则按哪一天算"),
    "classify": Words(
        "what an application is, and why: facts, a JSON file, stdin, or a file or folder of records",
        "一份申请是什么办件、为什么：写出事实，或给 JSON 文件、标准输入，或记录的文件、文件夹",
    ),
    "FACTS": Words(
        "name=value .., a JSON file, - for JSON on stdin, or a file or folder of applications",
        "名=值（可写几个），或 JSON 文件，或 -（从标准输入读 JSON），或申请的文件、文件夹",
    ),
    "classify --now": Words("the day or moment that counts as today", "当作今天的那一天或时刻"),
    "classify --explain": Words("every decision, by which rule, and why", "逐项决定列出依哪条规则、为什么"),
    "classify --strict": Words(
        "exit with 1 where anything is open, not a fact of the book, or set aside", "有未定的、不是规则册事实的、搁置的，退出码就是 1"
    ),
    "measure": Words(
        "what measures of a rulebook come to in a folder of records, for one subject, for each of a table, or for the whole centre",
        "规则册的指标在一个文件夹的记录里是多少：一个对象的，一个表里各个对象的，或者整个中心的",
    ),
    "MEASURE": Words("a measure of the book (default: all)", "规则册里的指标（不写：全部）"),
    "measure --period": Words(
        "2026-10, 2026-B5 (two months), 2026-Q4, 2026-H2 or 2026", "2026-10、2026-B5（两个月）、2026-Q4、2026-H2 或 2026"
    ),
    "measure --about": Words(
        "the table of the subjects: window, staff, department .. (default: the whole centre)",
        "对象是哪个表的：window、staff、department 等（不写：整个中心）",
    ),
    "tune": Words(
        "which value of one number in a rulebook fulfils a wish over a folder of records",
        "规则册里的一个数取多少，才合于所愿：在一个文件夹的记录上逐个试",
    ),
    "tune PATH": Words("the number: settings.red_flags, schemes...points", "哪个数，如 settings.red_flags、schemes 里的分值"),
    "tune VALUES": Words(
        "the values to try, those first that you would rather have: 0..5, 0..1/0.1 or 1,2,4",
        "要试的值，更想要的在前，如 0..5、0..1/0.1、1,2,4",
    ),
    "tune --wish": Words(
        'such as "red_flag <= 25 %%" or "case_type is promised >= 40 %%"', "愿望，如“red_flag <= 25 %%”、“case_type 为 承诺件 >= 40 %%”"
    ),
    "completions": Words(
        "a script that completes commands, options, rulebooks and values in a shell", "让终端能补全命令、选项、册名和取值的脚本"
    ),
    "completions SHELL": Words("bash, zsh or fish", "bash、zsh 或 fish"),
    "papers --pdf": Words(
        "each page as PDF too, by a Chrome, Chromium or Edge that is installed", "每页另写成 PDF，用已装的 Chrome、Chromium 或 Edge"
    ),
    "--format": Words(
        "how the answer is printed: text, json, csv or md (Markdown) (default: %(default)s)",
        "答复怎样显示：text 文字、json、csv、md（Markdown）（不写：%(default)s）",
    ),
    "check --format": Words(
        "how the answer is printed: text, json, csv, md (Markdown) or github (its annotations) (default: %(default)s)",
        "答复怎样显示：text 文字、json、csv、md（Markdown）、github（它的批注）（不写：%(default)s）",
    ),
    "--answer": Words(
        "keep the answer in this file, which verify works out again years later", "把答复留存到这个文件，多年后可用 verify 重新算"
    ),
    "--set": Words("a number the rulebook leaves open", "给出规则册没有定的一个数"),
    "BOOK": Words("a shipped id or a YAML file", "自带的册名，或规则册文件"),
    "START": Words("a day (2026-02-13) or a moment (2026-02-13 09:30)", "起算的日子（2026-02-13）或时刻（2026-02-13 09:30）"),
    "LIMIT": Words("5个工作日, 30个自然日, 24小时, 3个月, 当天", "时限：5个工作日、30个自然日、24小时、3个月、当天"),
    "due --day": Words("which kind of day a bare 日 or 天 is", "只写“日”“天”的，是工作日还是自然日"),
    "due --explain": Words("every day, counted or not, and why", "逐日列出计不计入、为什么"),
    "due --first-day": Words("is the first day counted? (default: %(default)s)", "起始日是否计入（不写：%(default)s，不计入）"),
    "due --roll": Words("a limit that ends on a rest day (default: %(default)s)", "末日是休息日时是否顺延（不写：%(default)s，顺延）"),
    "due --hours": Words("office hours: 08:30-12:00 13:30-17:00", "办公时间，如 08:30-12:00 13:30-17:00"),
    "due --ends": Words("when in the due day (default: %(default)s)", "届满于末日的什么时候（不写：%(default)s，24 时）"),
    "due --rest-day-same-day": Words("a same-day limit that starts on a rest day", "休息日起算的“当天”：就在那天，还是下一个工作日"),
    "YEAR": Words(
        "2004 to 2099; without it, the text of a notice (--notice) becomes a notice file",
        "年份，2004 至 2099；不写：把 --notice 的通知原文写成通知文件",
    ),
    "calendar --month": Words("one month only, 1 to 12", "只看一个月，1 至 12"),
    "calendar --html": Words("write a page instead", "改为写成网页"),
    "calendar --ics": Words("write an iCalendar file instead", "改为写成 iCalendar 日历文件"),
    "calendar --yaml": Words("where the notice file goes (default: it is printed)", "通知文件写到哪里（不写：显示出来）"),
    "calendar --issued-on": Words("the day of issue, where the text of a notice lacks it", "通知原文没有印发日期时，在这里给出"),
    "calendar --notice": Words(
        "a holiday notice that is not shipped yet: a notice file (.yaml), or without YEAR the notice's own words (.txt)",
        "还没有收进来的放假通知：通知文件（.yaml）；不写年份时，也可是通知原文（.txt）",
    ),
    "calendar --force": Words("overwrite the file", "文件已存在也覆盖"),
    "--calendar": Words(
        "a country, or a country and its part: US/MA (default: %(default)s)", "国家，或国家和地区，如 US/MA（不写：%(default)s）"
    ),
    "--tz": Words(
        "time zone of another country's calendar: America/New_York (default: moments without one)",
        "别国日历的时区，如 America/New_York（不写：时刻不带时区）",
    ),
    "--known-on": Words("the calendar as it was known that day", "按那一天所知的日历算"),
    "--notice": Words("a holiday notice that is not shipped yet", "另给一份还没有收进来的放假通知"),
}
"""Each command, argument and option; where commands differ, as `command --option`."""

SLIPS: Final[Mapping[str, str]] = {
    "the following arguments are required: %s": "还要写：{0}",
    "unrecognized arguments: %s": "不认识：{0}",
    "not allowed with argument %s": "不能和 {0} 一起写",
    "ignored explicit argument %r": "后面不跟值，却写了 {0}",
    "expected one argument": "后面要跟一个值",
    "expected at most one argument": "后面至多跟一个值",
    "expected at least one argument": "后面至少跟一个值",
    "expected %s argument": "后面要跟 {0} 个值",
    "expected %s arguments": "后面要跟 {0} 个值",
    "ambiguous option: %(option)s could match %(matches)s": "{0} 说得不够清楚，可能是 {1}",
    "invalid %(type)s value: %(value)r": "{1} 读不懂",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 {0} 这个取值，可以写：{1}",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": "没有 {0} 这个取值，是不是 {1}？可以写：{2}",
}
"""What argparse says of a command line, and how it is said in Chinese; the places stand in the order of the English sentence."""
