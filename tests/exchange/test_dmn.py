"""DMN both ways: the official suite, a second engine on what is written, and documents that mean harm."""

import random
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

etree = pytest.importorskip("lxml.etree")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from govservice import load_rulebook  # noqa: E402
from govservice.errors import ConflictError, DecisionError, ExpressionError, RulebookError  # noqa: E402
from govservice.exchange.dmn import Imported, from_dmn  # noqa: E402
from govservice.exchange.dmn_writing import to_dmn  # noqa: E402
from govservice.exchange.feel import read_expression, read_tests  # noqa: E402
from govservice.reading import is_missing  # noqa: E402
from govservice.rules import Rulebook, shipped_books  # noqa: E402
from govservice.rules.language.shapes import Constant, Name, walk  # noqa: E402

from ..beside import DATA  # noqa: E402

DAY = "2026-11-20"
CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def loaded(imported: Imported, folder: Path) -> Rulebook:
    path = folder / "book.yaml"
    path.write_text(imported.yaml, encoding="utf-8")
    return load_rulebook(path)


# the official suite


def value_of(node: Any) -> Any:
    value = node.find(f"{CASES}value")
    if value is not None:
        kind, text = (value.get(f"{XSI}type") or "").rpartition(":")[2], value.text or ""
        if value.get(f"{XSI}nil") == "true":
            return None
        return text == "true" if kind == "boolean" else text if kind == "string" else float(text)
    listed = node.find(f"{CASES}list")
    if listed is not None:
        return [value_of(item) for item in listed.findall(f"{CASES}item")]
    return {part.get("name"): value_of(part) for part in node.findall(f"{CASES}component")} or None


def facts_of(case: Any, names: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}

    def add(name: str, value: Any) -> None:
        if isinstance(value, dict):
            for part, inner in value.items():
                add(f"{name}.{part}", inner)
        elif value is not None and name in names:
            facts[names[name]] = value

    for node in case.findall(f"{CASES}inputNode"):
        add(node.get("name"), value_of(node))
    return facts


def plain(value: Any) -> Any:
    if isinstance(value, (bool, str)):
        return value
    return [plain(part) for part in value] if isinstance(value, (list, tuple)) else float(value)


def answer(book: Rulebook, imported: Imported, name: str, facts: dict[str, Any], expected: Any) -> Any:
    try:
        outcome = book.decide(next(id for id, entry in book.decisions.items() if entry.label == name), facts)
    except ConflictError:
        return None
    values = {key: plain(value) for key, value in outcome.values.items() if not is_missing(value)}
    if isinstance(expected, dict):
        return {key: values.get(imported.names[f"{name}.{key}"]) for key in expected}
    return next(iter(values.values()), None)


@pytest.mark.shared("data/dmn_tck_level2")
def test_every_result_of_the_official_suite_is_right_or_refused_by_name(tmp_path: Path) -> None:
    right, refused, wrong = 0, 0, []
    for tests in sorted((DATA / "dmn_tck_level2").glob("*-test-01.xml")):
        imported = from_dmn(tests.with_name(tests.name.replace("-test-01.xml", ".dmn")))
        book = loaded(imported, tmp_path)
        left_out = {fault.id for fault in imported.refused}
        for case in etree.parse(str(tests)).getroot().findall(f"{CASES}testCase"):
            for node in case.findall(f"{CASES}resultNode"):
                name, expected = node.get("name"), value_of(node.find(f"{CASES}expected"))
                if name in left_out:
                    refused += 1
                    continue
                found = answer(book, imported, name, facts_of(case, imported.names), expected)
                if found == expected or (isinstance(expected, float) and found == pytest.approx(expected, rel=1e-8)):
                    right += 1
                else:
                    wrong.append((tests.name, case.get("id"), name, expected, found))
    assert wrong == []
    assert (right, refused) == (92, 34)


# written models


def written() -> list[tuple[str, str]]:
    fits = []
    for id in shipped_books():
        book = load_rulebook(id).on(DAY)
        for decision in book.decisions:
            try:
                to_dmn(book, decision)
            except DecisionError:
                continue
            fits.append((id, decision))
    return fits


def drawn(book: Rulebook, decision: str, model: bytes, chance: random.Random) -> dict[str, Any]:
    """A complete record: each fact near what the rules compare something with."""
    entry = book.decisions[decision]
    given = [rule.when for rule in entry.rules if rule.when is not None] + [worth for rule in entry.rules for _, worth in rule.then]
    given += [entry.when] if entry.when is not None else []
    parts = [part for expression in given for part in walk(expression)]
    numbers = [int(part.value) for part in parts if isinstance(part, Constant) and part.type.is_number] or [0]  # type: ignore[arg-type]
    texts = [part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str)]
    kinds = {part.id: part.type for part in parts if isinstance(part, Name)}
    record: dict[str, Any] = {}
    for name, kind in inputs_of(model).items():
        if kind == "boolean":
            record[name] = chance.random() < 0.5
        elif kind == "number":
            record[name] = max(chance.choice(numbers) + chance.choice((-1, 0, 1)), 0)
        else:
            record[name] = chance.choice([choice.name for choice in kinds[name].choices] or texts or ["a"])
    return record


def inputs_of(model: bytes) -> dict[str, str]:
    return {node.get("name"): node[0].get("typeRef") for node in etree.fromstring(model) if node.tag.endswith("inputData")}


def columns_of(model: bytes) -> list[str]:
    return [node[0].text for node in etree.fromstring(model).iter("{*}inputExpression")]


@pytest.mark.shared("data/dmn_xsd")
def test_what_is_written_is_valid_under_the_schema() -> None:
    schema = etree.XMLSchema(etree.parse(str(DATA / "dmn_xsd" / "DMN15.xsd")))
    fits = written()
    assert len(fits) >= 80
    for id, decision in fits:
        schema.assertValid(etree.fromstring(to_dmn(load_rulebook(id).on(DAY), decision)))


@pytest.mark.parametrize(("id", "decision"), written())
def test_there_and_back_decides_alike(id: str, decision: str, tmp_path: Path) -> None:
    book = load_rulebook(id).on(DAY)
    model = to_dmn(book, decision)
    imported = from_dmn(model)
    if imported.refused:
        pytest.skip(str(imported.refused[0]))
    back = loaded(imported, tmp_path)
    again = next(id for id, entry in back.decisions.items() if entry.label == decision)
    chance = random.Random(decision)
    for _ in range(20):
        record = drawn(book, decision, model, chance)
        ours = [plain(value) for value in book.decide(decision, record).values.values() if not is_missing(value)]
        theirs = back.decide(again, {imported.names[name]: value for name, value in record.items()})
        assert [plain(value) for value in theirs.values.values() if not is_missing(value)] == ours, record


@pytest.mark.filterwarnings("ignore")  # the other engine's own
@pytest.mark.parametrize(("id", "decision"), written())
def test_another_engine_gives_the_same_answers(id: str, decision: str) -> None:
    engine = pytest.importorskip("pyDMNrules").DMN()
    book = load_rulebook(id).on(DAY)
    model = to_dmn(book, decision)
    if not all(column.isidentifier() for column in columns_of(model)):
        pytest.skip("the engine takes columns of one fact alone")
    status = engine.useXML(model.decode().replace("<?xml version='1.0' encoding='UTF-8'?>", ""))
    assert "errors" not in status, status
    chance = random.Random(decision)
    for _ in range(8):
        record = drawn(book, decision, model, chance)
        status, result = engine.decide(record)
        outcome = book.decide(decision, record)
        ours = {name: plain(value) for name, value in outcome.values.items() if not is_missing(value)}
        theirs = result["Result"] if isinstance(result, dict) else {}  # no rule fits: a list without any
        theirs = theirs | {name.removeprefix(f"{decision}."): value for name, value in theirs.items()}
        assert {name: theirs.get(name) for name in ours} == ours, (record, status, result)


# FEEL

NAMES = {"Years Served": ("years_served", "number"), "Years": ("years", "number"), "ok": ("ok", "boolean"), "name": ("name", "string")}


@pytest.mark.parametrize(
    ("feel", "ours"),
    [
        ("1 + 2 * 3", "7"),
        ("-10 - -5", "(-5)"),
        ("(5 + 2) ** 2", "49"),
        ("10 ** -2", "0.01"),
        ("1 / 3", "(1 / 3)"),
        ("1 / 0", "(1 / 0)"),
        (".5", "0.5"),
        ("Years Served + Years", "(years_served + years)"),
        ("not(ok) or Years >= 3", "((not ok) or (years >= 3))"),
        ('if ok then "a" else name', '("a" if ok else name)'),
    ],
)
def test_feel_is_read(feel: str, ours: str) -> None:
    assert read_expression(feel, NAMES) == ours


REFUSED = """
null | "a" + "b" | abs(-1) | Years ** 2 | 2 ** 0.5 | -2 ** 2 | 0 ** -1 | 2 ** 2 ** 2 | 2 ** 1000 | [1,2] | 1 + | (1 | 1 2 | ok + 1
name < "b" | ok = "a" | x | --1 | for x in y return x | "a\\" | date("2026-01-01") | if ok then 1 else ok | %
"""


@pytest.mark.parametrize("feel", ["", "(" * 200 + "1" + ")" * 200, *re.split(r" \| |\n", REFUSED.strip())])
def test_other_feel_is_refused(feel: str) -> None:
    with pytest.raises(ExpressionError):
        read_expression(feel, NAMES)


@given(st.text(alphabet='0123456789.+-*/()<>=!"ab, []ifthenelsnotrud', max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    for read in (lambda: read_expression(text, NAMES), lambda: read_tests(text, "years", "number", NAMES)):
        with suppress(ExpressionError):
            read()


@pytest.mark.parametrize(
    ("cell", "ours"),
    [
        ("-", None),
        ("3", "n == 3"),
        (">=3", "n >= 3"),
        ("[1..5)", "(n >= 1 and n < 5)"),
        ("]1..5]", "(n > 1 and n <= 5)"),
        ("1,2", "n == 1 or n == 2"),
        ("not(1,2)", "not (n == 1 or n == 2)"),
        ("-3", "n == -3"),
        ("<Years", "n < years"),
    ],
)
def test_cells_are_read(cell: str, ours: str | None) -> None:
    assert read_tests(cell, "n", "number", NAMES) == ours


# harm

MODEL = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">%s</definitions>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a",
        b"<definitions/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        b"<a>" * 100_000,
        b"x" * 3_000_000,
    ],
    ids=["empty", "open", "no namespace", "entity", "file", "utf-16", "deep", "large"],
)
def test_documents_that_mean_harm_are_refused(content: bytes) -> None:
    with pytest.raises(RulebookError):
        from_dmn(content)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="cannot be read"):
        from_dmn(tmp_path / "none.dmn")


@pytest.mark.parametrize(
    ("inner", "id", "said"),
    [
        ('<inputData name="d"><variable name="d" typeRef="date"/></inputData>', "d", "the type date is not taken over"),
        ('<businessKnowledgeModel name="f"/>', "f", "a businessKnowledgeModel is not taken over"),
        ('<decision name="x" id="x"><context/></decision>', "x", "it is neither a decision table nor a literal expression"),
        (
            '<decision name="x" id="x"><decisionTable hitPolicy="COLLECT" aggregation="SUM"><output/></decisionTable></decision>',
            "x",
            "the aggregation SUM is not taken over",
        ),
        (
            '<decision name="x" id="x"><literalExpression expressionLanguage="python"><text>1</text></literalExpression></decision>',
            "x",
            "it is written in python",
        ),
    ],
)
def test_what_is_not_taken_over_is_named(inner: str, id: str, said: str) -> None:
    refused = from_dmn((MODEL % inner).encode()).refused
    assert [(fault.id, fault.what.en) for fault in refused] == [(id, said)]
