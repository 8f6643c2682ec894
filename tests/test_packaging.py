"""What is packed is what is promised: the extras as they are written, the wheel with all that it needs, the lock within its bounds."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from govservice.errors import Words
from govservice.packages import EXTRAS, missing

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def flat(extra: str) -> Iterator[str]:
    for wanted in PROJECT["optional-dependencies"][extra]:
        within = re.fullmatch(r"govservice\[(.+)\]", wanted)
        if within is None:
            yield wanted
        else:
            for other in within[1].split(","):
                yield from flat(other)


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_is_said_to_be_lacking_is_what_the_extra_brings(extra: str) -> None:
    assert EXTRAS[extra] == tuple(flat(extra))


def test_every_extra_for_users_can_be_named() -> None:
    assert set(EXTRAS) == set(PROJECT["optional-dependencies"]) - {"bench", "docs", "dev", "examples", "pages"}


def test_what_can_be_done_without_it_is_said() -> None:
    error = missing(Words("a chart needs altair", "图表需要 altair"), "sheets", otherwise=Words("read the table", "看表格"))
    assert (
        error.text("en")
        == 'a chart needs altair; pip install "python-calamine>=0.4" "xlsxwriter>=3.2" (the extra sheets), or read the table'
    )
    assert error.text("zh").endswith("（扩展 sheets），或看表格")


def test_nothing_promises_an_installation_that_fails() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("govservice/**/*.py"), *ROOT.glob("examples/**/*.py")]
    promised = re.compile(r"""pip install ["']?govservice(?!-\d|\[[\w,]+\] @)""")
    assert [str(page.relative_to(ROOT)) for page in pages if promised.search(page.read_text(encoding="utf-8"))] == []


def test_the_lock_has_a_version_of_every_package_and_no_place_on_one_machine() -> None:
    lines = (ROOT / "lock.txt").read_text(encoding="utf-8").splitlines()
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in (line.partition("==")[0] for line in lines if "==" in line)}
    wanted = [one for extra in ("dev", "spark", "sql", "examples", "pages", "docs") for one in flat(extra)] + PROJECT["dependencies"]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in wanted}  # type: ignore[index]
    assert names - locked == set()
    assert [line for line in lines if "/" in line or "@" in line] == []


def test_links_of_the_front_page_lead_somewhere() -> None:
    for page in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / link).exists(), f"{page}: {link}"


def test_links_of_a_package_page_lead_to_the_address_of_the_project_and_to_files_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    builder = ModuleType("hatchling.metadata.plugin.interface")  # the builder itself is there only while a package is built
    builder.MetadataHookInterface = type("MetadataHookInterface", (), {"root": str(ROOT)})  # type: ignore[attr-defined]
    for name in ("hatchling", "hatchling.metadata", "hatchling.metadata.plugin", builder.__name__):
        monkeypatch.setitem(sys.modules, name, builder)
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    building = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(building)
    metadata = {"urls": PROJECT["urls"]}
    building.PageOfThePackage().update(metadata)
    links = re.findall(r"(!?)\[[^\]]*\]\(([^)]+)\)", metadata["readme"]["text"])
    address = PROJECT["urls"]["Source"]
    assert len(links) > 30
    for picture, link in links:
        place, _, path = link.removeprefix(f"{address}/").partition("/main/")
        assert place == ("raw" if picture else "blob"), link
        assert (ROOT / path.partition("#")[0]).exists(), link


def test_every_tool_is_named_where_contributors_look() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [tool.name for tool in (ROOT / "tools").glob("*.py") if f"`tools/{tool.name}`" not in page] == []
