"""What the documentation says is so: its examples run, its rulebooks load, its links lead somewhere, nothing public is left out."""

from __future__ import annotations

import doctest
import importlib.util
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import govservice
from govservice import errors, load_rulebook
from govservice.errors import MOST_HINTS
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.declarations import MOST_IN_SIGHT, MOST_LETS, MOST_OUTCOMES
from govservice.rules.book.dependencies import MOST_LEVELS
from govservice.rules.book.files import MOST_BOOKS, shipped_books
from govservice.rules.book.format import schema
from govservice.rules.book.marks import MOST_FAULTS
from govservice.rules.book.table_reader import MOST_CHOICES
from govservice.rules.book.yamltree import MOST_ALIASED
from govservice.rules.book.yamltree import MOST_NODES as MOST_VALUES
from govservice.rules.exchange import business_rules
from govservice.rules.language.functions import NAMES as FUNCTIONS
from govservice.rules.language.parsing import MOST_DEPTH, MOST_NODES, MOST_PARTS
from govservice.rules.language.spelling import MOST_CHARACTERS

from .pages import DOCS, PAGES, ROOT, Block, blocks, name, prose, rows

RULEBOOK, EXPRESSIONS = DOCS / "rulebook.md", DOCS / "expressions.md"
SECTIONS = tuple(schema()["properties"])
TRIED = [page for page in PAGES if any(block.language in ("python", "pycon") and ">>>" in block.text for block in blocks(page))]


def is_rulebook(block: Block) -> bool:
    """A YAML block that begins with a section of a rulebook is one, or a part of one."""
    begins = next((line for line in block.text.splitlines() if line and not line.startswith("#")), "")
    return block.language == "yaml" and begins.partition(":")[0] in SECTIONS


BOOKS = [block for page in PAGES for block in blocks(page) if is_rulebook(block)]


def whole(block: Block) -> str:
    """A part of a rulebook gets the one key that it lacks."""
    return block.text if re.search(r"^(rulebook|amends):", block.text, re.MULTILINE) else f"rulebook: example\n{block.text}"


def save(folder: Path, page: Path) -> None:
    """Write the titled files of a page into a folder, as a reader who follows the page would."""
    for block in blocks(page):
        if block.title is not None:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")


# -- examples


def examples(page: Path) -> list[doctest.Example]:
    """The examples of a page, in order: what one block defines the next may use."""
    found: list[doctest.Example] = []
    for block in blocks(page):
        if block.language in ("python", "pycon"):
            read = doctest.DocTestParser().get_examples(block.text, str(block))
            for one in read:
                one.lineno += block.line - 1
            found += read
    return found


@pytest.fixture
def _unhurried() -> Iterator[None]:
    """No test is timed: the properties that a page shows may draw slowly on a busy machine."""
    before = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("unhurried")
    yield
    hypothesis.settings.load_profile(before)


@pytest.mark.usefixtures("_unhurried")
@pytest.mark.parametrize("page", TRIED, ids=name)
def test_the_examples_of_a_page_give_what_it_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, page)
    monkeypatch.chdir(tmp_path)
    page_examples = doctest.DocTest(examples(page), {"__name__": "__main__"}, name(page), str(page), 0, None)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.REPORT_ONLY_FIRST_FAILURE)
    said: list[str] = []
    runner.run(page_examples, out=said.append)
    assert runner.tries > 0
    assert not runner.failures, "".join(said)


def test_pages_with_examples_are_found() -> None:
    assert {"README.md", "README.zh-CN.md", "docs/rulebook.md", "docs/errors.md"} <= {name(page) for page in TRIED}


@pytest.mark.parametrize("block", BOOKS, ids=str)
def test_a_rulebook_that_a_page_shows_loads(block: Block, tmp_path: Path) -> None:
    save(tmp_path, block.page)
    path = tmp_path / (block.title or "example.yaml")
    path.write_text(whole(block), encoding="utf-8")
    assert load_rulebook(path).id


def test_every_section_of_a_rulebook_is_shown() -> None:
    shown = {line.partition(":")[0] for block in BOOKS if block.page == RULEBOOK for line in block.text.splitlines() if line}
    assert set(SECTIONS) <= shown


def given(page: Path) -> dict[str, object]:
    """The facts that a page gives: every row of its table of facts that has a value."""
    return {row["fact"]: row["value"] for row in rows(page, "fact", "value") if row["value"] != "not given"}


TABLED = list(rows(EXPRESSIONS, "example", "gives"))


@pytest.fixture(scope="module")
def expressions(tmp_path_factory: pytest.TempPathFactory) -> govservice.Rulebook:
    folder = tmp_path_factory.mktemp("expressions")
    save(folder, EXPRESSIONS)
    more = "".join(
        f"  shown_{number}: {{about: cases, hit: first, rules: [{{then: {json.dumps('=' + row['example'], ensure_ascii=False)}}}]}}\n"
        for number, row in enumerate(TABLED)
    )
    (folder / "tried.yaml").write_text(f"rulebook: tried\nextends: [shown.yaml]\ndecisions:\n{more}", encoding="utf-8")
    return load_rulebook(folder / "tried.yaml")


@pytest.mark.parametrize("number", range(len(TABLED)), ids=lambda number: TABLED[number]["example"])
def test_an_expression_in_a_table_gives_what_the_table_says(number: int, expressions: govservice.Rulebook) -> None:
    decision = f"shown_{number}"
    outcome = expressions.decide(decision, given(EXPRESSIONS))
    value = outcome.value(decision)
    said = "unknown" if outcome.open else "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    assert said == TABLED[number]["gives"].strip('"')


# -- nothing is left out


def all_text() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_every_public_name_is_mentioned() -> None:
    text = all_text()
    assert [one for one in govservice.__all__ if not re.search(rf"\b{re.escape(one)}\b", text)] == []


def test_every_function_of_the_language_has_an_example() -> None:
    text = EXPRESSIONS.read_text(encoding="utf-8")
    assert [one for one in FUNCTIONS if f"`{one}(" not in text] == []
    needs_rows = {"count", "sum", "mean", "lowest", "highest", "percent", "median", "discretion", "previous", "streak", "nth"}
    assert [one for one in FUNCTIONS if one not in needs_rows and not any(f"{one}(" in row["example"] for row in TABLED)] == []


def keys(shape: object, found: set[str]) -> set[str]:
    """Every key that the published format knows."""
    if isinstance(shape, dict):
        found |= set(shape.get("properties", ()))
        for one in shape.values():
            keys(one, found)
    elif isinstance(shape, list):
        for one in shape:
            keys(one, found)
    return found


def test_every_key_of_the_file_format_is_described() -> None:
    text = RULEBOOK.read_text(encoding="utf-8")
    assert sorted(key for key in keys(dict(schema()), set()) if not re.search(rf"\b{key}\b", text)) == []


def test_every_value_of_every_convention_is_described() -> None:
    text = RULEBOOK.read_text(encoding="utf-8")
    rows_by_name = {line.split("|")[1].strip().strip("`"): line for line in text.splitlines() if line.startswith("| `")}
    missing = []
    for key, shape in schema()["$defs"].items():
        if not key.startswith("convention."):
            continue
        stated = rows_by_name.get(key.removeprefix("convention."), "")
        values = next((one["enum"] for one in shape.get("anyOf", ()) if "enum" in one), ())
        missing += [f"{key}: {value}" for value in values if not isinstance(value, bool) and f"`{value}`" not in stated]
        missing += [] if stated else [key]
    assert missing == []


def test_every_error_is_described_and_the_tree_is_the_one_in_the_code() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    tree = "\n".join(line for line in (errors.__doc__ or "").splitlines() if re.match(r"GovServiceError|[├└│]", line))
    assert tree in text


def test_the_bounds_are_the_ones_in_the_code() -> None:
    text = RULEBOOK.read_text(encoding="utf-8") + EXPRESSIONS.read_text(encoding="utf-8")
    bounds = (MOST_CHARACTERS, MOST_DEPTH, MOST_NODES, MOST_VALUES, MOST_ALIASED, MOST_FAULTS, MOST_HINTS, MOST_BOOKS, MOST_LEVELS)
    bounds += (MOST_PARTS, MOST_LETS, MOST_OUTCOMES, MOST_IN_SIGHT, MOST_CHOICES)
    assert [bound for bound in bounds if f"{bound:,}" not in text] == []


def test_the_operators_that_are_refused_are_named() -> None:
    text = EXPRESSIONS.read_text(encoding="utf-8")
    assert [one for one in business_rules._REFUSED if f"`{one}`" not in text] == []


def test_every_shipped_rulebook_is_named() -> None:
    text = all_text()
    assert [book for book in shipped_books() if f"`{book}`" not in text] == []


def test_every_dependency_is_listed_with_its_purpose_and_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [one for group in (project["dependencies"], *project["optional-dependencies"].values()) for one in group]
    packages = {re.match(r"[\w.-]+", one)[0] for one in wanted} - {project["name"]}  # type: ignore[index]
    listed = {row["package"]: row for row in rows(DOCS / "dependencies.md", "package", "what for", "licence")}
    assert packages == set(listed)
    assert [row for row in listed.values() if not row["what for"] or not row["licence"]] == []


def test_the_mutation_page_names_modules_and_tests_that_there_are() -> None:
    page = DOCS / "mutation.md"
    measured = [f"govservice/{one.strip(' `')}.py" for row in rows(page, "Module", "Mutants") for one in row["Module"].split(",")]
    named = re.findall(r"\b(?:govservice|tests|tools)/[\w/.]+", page.read_text(encoding="utf-8"))
    assert measured
    assert named
    assert [path for path in (*measured, *named) if not (ROOT / path).exists()] == []


# -- one text in two places


def test_the_page_lists_every_convention_as_the_table_has_it() -> None:
    text = RULEBOOK.read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", text[text.index("| convention | values |") :], re.MULTILINE)
    rows = {name: (set(re.findall(r"`(\w+)`", values)), settles) for name, values, settles in listed}
    for convention in CONVENTIONS:
        said = set(convention.values) | {word for name, values in convention.parts for word in (name, *values)}
        assert rows[convention.name] == (said, convention.settles.en)


def test_the_reference_of_the_language_stays_one_that_is_read() -> None:
    """Version 3 took a third more words than the 7,969 that version 2 took; papers, lists, rows that last and days of attendance take 300
    besides. What is added has to make room for itself.
    """
    pages = {page: len((DOCS / f"{page}.md").read_text(encoding="utf-8").split()) for page in ("rulebook", "expressions", "scoring")}
    assert sum(pages.values()) <= 7_969 * 4 // 3 + 300, pages


def test_the_published_schema_is_the_one_that_the_loader_follows() -> None:
    assert json.loads((DOCS / "rulebook.schema.json").read_text(encoding="utf-8")) == schema()


# -- the site


def test_the_examples_of_docstrings_become_code_on_the_site() -> None:
    pytest.importorskip("griffe", reason="the site is built with the `docs` extra")
    spec = importlib.util.spec_from_file_location("fences", DOCS / "fences.py")
    assert spec is not None
    assert spec.loader is not None
    fences = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fences)
    assert fences.fenced("Twice.\n\n>>> 1 + 1\n2\n\nEnd.") == "Twice.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nEnd."
    assert fences.fenced(errors.__doc__).count("```") == 2
    assert (
        fences.on_page_markdown("```python\n>>> 1\n1\n```\n```python\nx = 1\n```\n") == "```pycon\n>>> 1\n1\n```\n```python\nx = 1\n```\n"
    )


# -- links and navigation


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as mkdocs makes them."""
    markdown = pytest.importorskip("markdown.extensions.toc", reason="the anchors are made by the `docs` extra")
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+?)(?: *#+)?$", prose(page), re.MULTILINE):
        found.add(markdown.unique(markdown.slugify(re.sub(r"[`*]", "", heading), "-"), found))
    return found


LINKS = [(page, link) for page in PAGES for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)) if "://" not in link]


@pytest.mark.parametrize(("page", "link"), LINKS, ids=lambda one: name(one) if isinstance(one, Path) else one)
def test_a_link_between_pages_leads_somewhere(page: Path, link: str) -> None:
    target, _, anchor = link.partition("#")
    found = (page.parent / target).resolve() if target else page
    assert found.exists()
    assert not page.is_relative_to(DOCS) or found.is_relative_to(DOCS), "the site holds docs/ only"
    if anchor:
        assert anchor in anchors(found)


def test_every_page_stands_in_the_navigation_and_every_entry_is_a_page() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]))
    assert listed == {page.relative_to(DOCS).as_posix() for page in PAGES if page.is_relative_to(DOCS)}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_mentions_a_place_on_one_machine(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:work|home|Users|tmp|root|usr|opt|var|mnt)\b/?\S*|[A-Z]:\\\S*", text) == []
    assert re.findall(r"https?://(?:localhost|127\.|10\.|192\.168\.)\S*", text) == []
