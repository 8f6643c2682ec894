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

ROOT = Path(govservice.__file__).parent

# Each line may use those before it, and its neighbours so long as they make no circle; the longest name that fits a module counts.
LAYERS = (
    ("errors",),
    ("limits", "reading", "models", "calendars"),
    ("rules.expressions",),
    ("rules",),
    ("classify", "deadlines", "notices", "scoring"),
    ("frames", "whatif"),
    ("charts", "report", "strategies", "sample", "_hypothesis"),
    ("records", "run", "check"),
    ("cli", "__main__"),
)
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


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING:`; inside functions too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for other in node.orelse:
                yield other
                yield from at_run_time(other)
            continue
        yield node
        yield from at_run_time(node)


def imported(module: str) -> set[str]:
    """The modules that one imports, by whole name."""
    found: set[str] = set()
    for node in at_run_time(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            found.update({f"{node.module}.{one.name}" for one in node.names} | {str(node.module)})
    return found


def own(module: str) -> set[str]:
    """The modules of this package that one imports, without the package's name."""
    inside = {name.removeprefix("govservice.") for name in imported(module) if name.startswith("govservice.")}
    return {name for name in inside if name in MODULES and name}


def test_every_module_has_its_layer():
    assert [module for module in MODULES if module and layer(module) == len(LAYERS)] == []


@pytest.mark.parametrize("module", [module for module in MODULES if module])
def test_imports_point_down_only(module):
    above = [other for other in own(module) if layer(other) > layer(module)]  # neighbours: see the next test
    assert above == []


def test_no_two_modules_import_each_other_round_a_circle():
    """Parts of one layer may use each other in one direction."""
    uses = {module: {other for other in own(module) if other != module} for module in MODULES if module}
    parts = {module: ".".join(module.split(".")[:2]) if module.startswith("rules.expressions") else module.split(".")[0] for module in uses}
    graph: dict[str, set[str]] = {}
    for module, others in uses.items():
        graph.setdefault(parts[module], set()).update(parts[other] for other in others if parts[other] != parts[module])
    done: set[str] = set()

    def follow(part: str, path: tuple[str, ...]) -> None:
        assert part not in path, f"a circle of imports: {' -> '.join((*path, part))}"
        if part not in done:
            for other in sorted(graph.get(part, ())):
                follow(other, (*path, part))
            done.add(part)

    for part in graph:
        follow(part, ())


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] == "rules"])
def test_the_engine_sees_mappings_and_columns_never_a_model_or_a_clerks_word(module):
    used = imported(module)
    assert not any(name.split(".")[0] in ("pydantic", "polars", "numpy", "pandas", "business_rules") for name in used)
    assert not any(name.startswith(("govservice.models", "govservice.reading.records")) for name in used)


@pytest.mark.parametrize("module", [module for module in MODULES if not module.startswith(("models", "strategies", "_hypothesis"))])
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
