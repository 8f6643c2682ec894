"""A marimo notebook as one of Jupyter, of the same cells: `python tools/as_ipynb.py` writes notebooks/one_third_cut.ipynb, without outputs.

Texts become Markdown cells, code stays as it is; what marimo alone needs (its import, what a cell returns) is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SOURCE = NOTEBOOKS / "one_third_cut.py"


def cells(source: str) -> Iterator[tuple[str, str]]:
    """The cells of a marimo notebook in order: "markdown" or "code", and what stands in them; cells of imports come first."""
    tree = ast.parse(source)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    for function in functions:
        text = _markdown(function)
        code = _code(source, function)
        if text is not None:
            yield "markdown", text
        elif code:
            yield "code", code


def _markdown(function: ast.FunctionDef) -> str | None:
    first = function.body[0]
    if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Call) and ast.unparse(first.value.func) == "mo.md"):
        return None
    text = ast.literal_eval(first.value.args[0])
    assert isinstance(text, str)
    head, _, rest = text.partition("\n")
    return f"{head.strip()}\n{dedent(rest)}".strip()


def _code(source: str, function: ast.FunctionDef) -> str:
    lines = source.splitlines()
    kept = [node for node in function.body if not isinstance(node, ast.Return) and ast.unparse(node) != "import marimo as mo"]
    if not kept:
        return ""
    left_out = {line for node in function.body if node not in kept for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    first, last = function.body[0].lineno, max(node.end_lineno or 0 for node in kept)
    return dedent("\n".join(lines[number - 1] for number in range(first, last + 1) if number not in left_out)).strip("\n")


def notebook(source: str) -> Any:
    """The Jupyter notebook; its cells are numbered, so that the same source gives the same file."""
    import nbformat

    made = nbformat.v4.new_notebook()
    made.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for number, (kind, text) in enumerate(cells(source), 1):
        cell = (nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell)(text)
        cell["id"] = f"cell-{number}"
        made.cells.append(cell)
    return made


def main() -> None:
    """Write it."""
    import nbformat

    nbformat.write(notebook(SOURCE.read_text(encoding="utf-8")), SOURCE.with_suffix(".ipynb"))


if __name__ == "__main__":
    main()
