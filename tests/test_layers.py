"""How the package hangs together: imports point down, heavy packages load on first use, the front door says what it opens."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import govservice
from govservice.upward import machinery

ROOT = Path(govservice.__file__).parent

# Each line may use those before it, and its neighbours; the longest name that fits a module counts.
LAYERS = (
    ("echo", "stack"),
    ("decimals", "errors", "frozen", "nothing", "plain_csv", "plain_files", "upward"),
    ("limits", "packages"),
    ("as_json", "as_json_schema", "brief", "plain", "reading"),
    ("doors",),
    ("calendars", "models"),
    ("counting", "rules.language", "sample"),
    ("rules.exchange",),
    ("rules.book",),
    ("rules.meaning",),
    ("rules.proofs",),
    ("rules",),
    ("case_facts", "citing", "clockwork", "notice_places", "notices"),
    ("assessment", "classify", "deadlines"),
    ("scoring",),
    ("framing",),
    ("frames",),
    ("score_frames",),
    ("frames_scoring",),
    ("papers",),
    ("examples",),
    ("trials", "exchange"),
    ("show", "strategies", "_hypothesis"),
    ("records",),
    ("run",),
    ("rounds",),
    ("whatif",),
    ("audit", "trying"),
    ("cli", "__main__"),
)
# The one way up: what a method or a front door finds above itself, on first use, through `upward.machinery`.
WAYS_UP = {
    ("as_json", "as_json_schema:schema_of"),
    ("audit.verifying", "show.verified:as_text"),
    ("as_json", "show.result:html"),
    ("assessment.grading", "show.grading:explain"),
    ("assessment.measuring", "show.measured:explain"),
    ("assessment.scorecard", "show.scorecard:as_text"),
    ("assessment.scorecard", "show.scorecard_page:fragment"),
    ("assessment.scorecard", "show.scorecard_page:page"),
    ("calendars.calendar", "calendars.elsewhere:calendar_of"),
    ("calendars.calendar", "calendars.elsewhere:source_from_dict"),
    ("calendars.calendar", "show.book_shown:calendar_html"),
    ("calendars.calendar", "show.calendar_ics:to_ics"),
    ("calendars.months", "show.calendar:month_html"),
    ("calendars.months", "show.calendar:month_text"),
    ("calendars.months", "show.calendar:year_html"),
    ("calendars.months", "show.calendar:year_page"),
    ("calendars.months", "show.calendar:year_text"),
    ("calendars.notice", "calendars.noticefile:read_notice"),
    ("calendars.notice", "calendars.noticefile:written_notice"),
    ("classify", "show.classification:explain"),
    ("clockwork.reading", "show.clock:explain"),
    ("counting.result", "show.deadline:picture"),
    ("scoring", "records.ledgers:ledger_at"),
    ("deadlines", "show.deadlines_ics:to_ics"),
    ("notices", "show.notice:text"),
    ("notices", "show.notice_page:page"),
    ("rounds.results", "rounds.writing:write"),
    ("rounds.results", "rounds.writing:write_into"),
    ("rules.meaning.outcomes", "rules.proofs.contrasting:contrast"),
    ("rules.meaning.outcomes", "show.outcome:explain"),
    ("rules.rulebook", "framing.to_sql:as_sql"),
    ("rules.rulebook", "rules.freezing:freeze"),
    ("rules.rulebook", "rules.freezing:thaw"),
    ("rules.rulebook", "rules.proofs.checking:check_contents"),
    ("rules.rulebook", "rules.proofs.comparing:compare_contents"),
    ("rules.rulebook", "rules.proofs.covering:coverage"),
    ("rules.rulebook", "show.book_markdown:markdown"),
    ("rules.rulebook", "show.book_page:page"),
    ("rules.rulebook", "show.book_shown:book_html"),
    ("run.results", "run.figures:figures"),
    ("run.results", "run.frames:frame"),
    ("run.results", "show.summary:fragment"),
    ("run.results", "run.writing:write"),
    ("run.results", "run.stored_tables:write_into"),
    ("whatif.results", "show.charts.comparison:charts_of"),
    ("whatif.results", "show.whatif_page:fragment"),
    ("whatif.results", "show.whatif_page:page"),
    ("whatif.sweeping", "show.book_shown:sweep_html"),
}
HEAVY = (
    "holidays",
    "numpy",
    "polars",
    "pandas",
    "pyarrow",
    "duckdb",
    "business_rules",
    "pydantic",
    "icalendar",
    "hypothesis",
    "narwhals",
    "altair",
    "vl_convert",
    "marimo",
    "python_calamine",
    "xlsxwriter",
    "stdnum",
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def layer(module: str) -> int:
    """The number of a module's layer, by the longest name that begins it; above all where nobody has said."""
    found = [
        (len(name), number) for number, names in enumerate(LAYERS) for name in names if module == name or module.startswith(f"{name}.")
    ]
    return max(found)[1] if found else len(LAYERS)


def nodes(tree: ast.AST, *, typing: bool) -> Iterator[ast.AST]:
    """Every node, inside functions too; those under `if TYPE_CHECKING:` only where `typing`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for branch in (node.body if typing else []) + node.orelse:
                yield branch
                yield from nodes(branch, typing=typing)
            continue
        yield node
        yield from nodes(node, typing=typing)


def imported(module: str, *, typing: bool = False) -> set[str]:
    """The modules that one imports, by whole name."""
    found: set[str] = set()
    for node in nodes(ast.parse(MODULES[module].read_text(encoding="utf-8")), typing=typing):
        if isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            for one in node.names:
                whole = f"{node.module}.{one.name}"
                found.add(whole if whole.removeprefix("govservice.") in MODULES else str(node.module))
    return found


def own(module: str, *, typing: bool = False) -> set[str]:
    """The modules of this package that one imports, without the package's name."""
    inside = {name.removeprefix("govservice.") for name in imported(module, typing=typing) if name.startswith("govservice.")}
    return {name for name in inside if name in MODULES and name and name != module}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Every group of modules that reach each other round a circle."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(module: str, edges: dict[str, set[str]], into: list[str]) -> None:
        waiting = [(module, iter(sorted(edges[module])))]
        seen.add(module)
        while waiting:
            here, others = waiting[-1]
            other = next((one for one in others if one not in seen), None)
            if other is None:
                into.append(here)
                waiting.pop()
            else:
                seen.add(other)
                waiting.append((other, iter(sorted(edges[other]))))

    for module in graph:
        if module not in seen:
            visit(module, graph, order)
    backwards: dict[str, set[str]] = {module: set() for module in graph}
    for module, others in graph.items():
        for other in others:
            backwards[other].add(module)
    seen.clear()
    found: list[list[str]] = []
    for module in reversed(order):
        if module not in seen:
            group: list[str] = []
            visit(module, backwards, group)
            found.append(sorted(group))
    return [group for group in found if len(group) > 1]


# The names that two classes may have, and where these stand.
SHARED_NAMES = {
    # an entry of a rulebook, and the model of the records that such an entry is about
    "Item": {"models.item", "rules.book.entries"},
    "Notice": {"models.notice", "rules.book.entries"},
    # public names, each the plain word in its own place: who knows a country's days (a type only) and a file of records
    "Source": {"calendars.years", "records.files"},
}


def test_no_two_classes_share_a_name():
    homes: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, set()).add(module)
    shared = {name: modules for name, modules in homes.items() if len(modules) > 1}
    assert {name: modules for name, modules in shared.items() if not modules <= SHARED_NAMES.get(name, set())} == {}


def test_every_module_has_its_layer():
    assert [module for module in MODULES if module and layer(module) == len(LAYERS)] == []


@pytest.mark.parametrize("module", [module for module in MODULES if module])
def test_imports_point_down_only(module):
    above = [other for other in own(module) if layer(other) > layer(module)]  # neighbours: see the next test
    assert above == []


def test_the_circle_finder_finds_circles():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}) == [["b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_two_files_import_each_other_round_a_circle_at_run_time():
    assert circles({module: own(module) for module in MODULES}) == []


def test_a_circle_of_types_stays_within_one_folder():
    found = circles({module: own(module, typing=True) for module in MODULES})
    assert [group for group in found if len({module.rpartition(".")[0] for module in group}) > 1] == []


def test_the_one_way_up_is_used_where_it_is_listed_and_leads_to_what_is_there():
    used: set[tuple[str, str]] = set()
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "machinery":
                assert isinstance(node.args[0], ast.Constant), f"{module} names a place that cannot be read here"
                used.add((module, str(node.args[0].value)))
    assert used == WAYS_UP
    for _, place in sorted(used):
        assert callable(machinery(place))


def test_nothing_else_imports_by_a_name_worked_out_at_run_time():
    allowed = {"", "upward", "_hypothesis"}  # the front door, the one way up, what hypothesis finds through its entry point
    assert {module for module, path in MODULES.items() if "import_module" in path.read_text(encoding="utf-8")} == allowed


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] == "rules"])
def test_the_engine_sees_mappings_and_columns_never_a_model_or_a_clerks_word(module):
    used = imported(module)
    assert not any(name.split(".")[0] in ("pydantic", "polars", "numpy", "pandas", "business_rules") for name in used)
    assert not any(name.startswith(("govservice.models", "govservice.reading.records")) for name in used)


# hypothesis is what the strategies are of, and pydantic the models; an app of marimo is no module: marimo reads it
THEIR_OWN = ("models", "strategies", "_hypothesis", "trying.page")


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith(THEIR_OWN)])
def test_heavy_packages_are_imported_where_they_are_used_not_at_the_top(module):
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    top = {name.name.split(".")[0] for node in tree.body if isinstance(node, ast.Import) for name in node.names}
    top |= {str(node.module).split(".")[0] for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert not top & set(HEAVY)


def loaded_by(code: str) -> set[str]:
    """The heavy packages in memory after some code has run in a fresh interpreter."""
    asked = f"{code}\nimport json, sys\nprint(json.dumps([one for one in {(*HEAVY, 'rich')!r} if one in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import govservice") == set()
    assert loaded_by("import govservice; dir(govservice); govservice.__all__; govservice.__version__") == set()


def test_loading_a_rulebook_and_deciding_needs_no_package_but_yaml():
    code = (
        "from datetime import date\nfrom govservice import load_rulebook\n"
        "load_rulebook('kunshan').decide('leave_approval', {'leave_days': '0.5'}, on=date(2026, 11, 20))"
    )
    assert loaded_by(code) == set()


def test_a_wrong_name_is_an_attribute_error_that_loads_nothing():
    with pytest.raises(AttributeError, match="has no attribute 'deadlines_'"):
        _ = govservice.deadlines_
    assert loaded_by("import govservice\ntry:\n    govservice.nothing\nexcept AttributeError:\n    pass") == set()


def test_every_public_name_opens_and_dir_says_the_same():
    assert sorted(govservice.__all__) == dir(govservice)
    assert len(set(govservice.__all__)) == len(govservice.__all__)
    for name in govservice.__all__:
        assert getattr(govservice, name) is not None


@pytest.mark.parametrize("module", [module for module, path in MODULES.items() if "__all__ = " in path.read_text(encoding="utf-8")])
def test_what_a_module_says_is_public_is_there(module):
    found = import_module(f"govservice.{module}" if module else "govservice")
    public = found.__all__
    assert len(set(public)) == len(public)
    assert [name for name in public if not hasattr(found, name)] == []
