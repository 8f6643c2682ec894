"""Reading a rulebook: every fault of a file at once with its place, hostile files refused at once, good ones loaded as they stand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import Rulebook, load_rulebook
from govservice.errors import RulebookError
from govservice.rules import schema, shipped_books
from govservice.rules.book.files import _taken_from

from ..beside import SHARED

BOOKS = Path(__file__).resolve().parents[1] / "books"
BAD = sorted((BOOKS / "bad").glob("*.yaml"))
GOOD = sorted((BOOKS / "good").glob("*.yaml"))
Load = Callable[..., Rulebook]


def faults(source, **options):
    """What is wrong with a book, as the error that says it."""
    with pytest.raises(RulebookError) as caught:
        load_rulebook(source, **options)
    return caught.value


def in_both_languages(error):
    """Every fault says what is wrong, in English and in Chinese."""
    assert all(one.what.en and one.what.zh for one in error.faults)


def names(path):
    return path.stem


# good and bad files


def needs_libyaml(text):
    if "this is no YAML" in text and not yaml.__with_libyaml__:
        pytest.skip("the words of the parser are libyaml's, which is not installed here")


@pytest.mark.parametrize("path", BAD, ids=names)
def test_a_bad_file_is_refused_with_the_whole_message_beside_it(path):
    expected = path.with_suffix(".en.txt").read_text(encoding="utf-8")
    needs_libyaml(expected)
    assert f"{faults(path)}\n" == expected


@pytest.mark.parametrize("path", [path for path in BAD if path.with_suffix(".zh.txt").exists()], ids=names)
def test_the_message_is_the_same_in_chinese(path):
    expected = path.with_suffix(".zh.txt").read_text(encoding="utf-8")
    needs_libyaml(path.with_suffix(".en.txt").read_text(encoding="utf-8"))
    error = faults(path, lang="zh")
    assert f"{error}\n" == expected
    assert f"{error.text('zh')}\n" == expected


@pytest.mark.parametrize("path", BAD, ids=names)
def test_every_fault_names_its_file_and_they_stand_in_the_order_of_its_lines(path):
    found = faults(path).faults
    assert {one.file for one in found} == {path.name}
    assert [one.line or 0 for one in found] == sorted(one.line or 0 for one in found)
    for one in found:
        assert one.what.en
        assert re.search(r"[\u4e00-\u9fff]", one.what.zh), one


@pytest.mark.parametrize(
    "path", [path for path in BAD if path.stem in ("wrong-dates", "wrong-shapes", "wrong-columns", "choice-value")], ids=names
)
def test_the_chinese_message_holds_no_english_sentence(path):
    for one in faults(path).faults:
        assert not re.search(r"[a-z]+ [a-z]+ ", one.what.zh), one.what.zh


def test_what_nobody_can_know_yet_is_no_further_fault(load: Load):
    with pytest.raises(RulebookError) as caught:
        load(
            "rulebook: t\ndecisions:\n  way:\n    about: thing\n    hit:\n    rules:\n"
            "      - {when: n > 1 and b, then: x}\n      - {when: c == 'd', then: y}\n"
        )
    assert str(caught.value).splitlines() == [
        'book.yaml:4: decisions.way.about: no table or scheme "thing"; declare it under `tables:`',
        "book.yaml:5: decisions.way.hit: a key with no value; write its value, or leave the key out; a comma inside {..} must be quoted",
    ]
    with pytest.raises(RulebookError) as caught:
        load("rulebook: t\nextends: kunshan\ndecisions: {way: {about: towns, hit: first, rules: [{when: n, then: x}]}}\n")
    assert str(caught.value) == "book.yaml:2: extends: a list must stand here, this is one value; write it in brackets: [kunshan]"


def test_the_faults_of_one_line_stand_in_the_order_of_the_line(load: Load):
    with pytest.raises(RulebookError) as caught:
        load("rulebook: t\ntables: {thing: {n: integer, m: {type: nothing}, 1st: text, n: text, k: !x text}}\n")
    assert [one.id for one in caught.value.faults] == ["tables.thing.m.type", "tables.thing.1st", "tables.thing.n", "tables.thing.k"]


@pytest.mark.parametrize("path", GOOD, ids=names)
def test_a_good_file_loads(path):
    book = load_rulebook(path)
    assert book.id
    assert load_rulebook(str(path)).digest == book.digest


@pytest.mark.parametrize("name", shipped_books())
def test_every_shipped_book_loads_by_its_id(name):
    assert load_rulebook(name).id == name


@pytest.mark.shared("design/examples/kunshan.yaml", "design/examples/jiangyong.yaml")
@pytest.mark.parametrize("name", ["kunshan", "jiangyong"])
def test_the_whole_examples_of_the_design_load(name):
    assert load_rulebook(SHARED / "design" / "examples" / f"{name}.yaml").id == name


# the published schema, as an editor holds a file against it


class Editor(yaml.SafeLoader):
    """YAML 1.2's plain scalars: no dates, and only true and false are booleans."""


Editor.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in held if not tag.endswith((":timestamp", ":bool"))]
    for letter, held in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def as_an_editor_reads(path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader=Editor)


OF_SHAPE = {
    "unknown-keys",
    "no-value",
    "missing-keys",
    "wrong-shapes",
    "wrong-type-name",
    "comma-in-braces",
    "wrong-dates",
    "a-list",
    "one-word",
    "empty",
}


@pytest.mark.parametrize(
    "path", [*GOOD, *(Path(str(files("govservice") / "centres" / f"{one}.yaml")) for one in shipped_books())], ids=names
)
def test_an_editor_finds_nothing_wrong_with_what_the_library_loads(path):
    if path.stem == "amending":
        pytest.skip("an amending file may leave keys out")
    assert [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(as_an_editor_reads(path))] == []


@pytest.mark.parametrize("name", sorted(OF_SHAPE))
def test_an_editor_finds_the_faults_of_shape_too(name):
    assert not jsonschema.Draft202012Validator(schema()).is_valid(as_an_editor_reads(BOOKS / "bad" / f"{name}.yaml"))


def test_an_editor_asks_a_file_that_amends_for_no_id_and_any_other_for_one():
    validator = jsonschema.Draft202012Validator(schema())
    assert validator.is_valid({"amends": "kunshan", "title": "修订"})
    assert [error.message for error in validator.iter_errors({"title": "无编号"})] == ["'rulebook' is a required property"]


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


# hostile and broken files


def test_the_usual_slip_with_a_comma_or_bracket_says_to_quote_the_expression(load: Load):
    for rule in ("{points: discretion(-5, -2)}", "{when: n in [1, 2], then: x}", "{when: max(n, 3) > 2, then: x}"):
        with pytest.raises(RulebookError) as caught:
            load(f"rulebook: t\ntables: {{thing: {{n: integer}}}}\ndecisions:\n  way: {{about: thing, hit: first, rules: [{rule}]}}\n")
        assert any("quote the expression" in one.hint.en for one in caught.value.faults), rule


@pytest.mark.parametrize(
    "value", ['!!python/object/apply:os.system ["exit"]', "!!python/name:os.system x", "!include other.yaml", "!secret x"]
)
def test_a_tag_is_refused_never_obeyed_nor_ignored(load: Load, value):
    with pytest.raises(RulebookError, match="tag"):
        load(f"rulebook: t\ntitle: {value}\n")


def test_a_label_that_is_another_facts_name_is_refused(load: Load):
    with pytest.raises(RulebookError):
        load("rulebook: t\ntables:\n  thing:\n    n: {type: integer, label: 件数}\n    m: {type: integer, label: n}\n")


def test_a_column_whose_name_is_no_name_is_refused(load: Load):
    with pytest.raises(RulebookError, match="cannot be a name"):
        load("rulebook: t\ntables:\n  thing:\n    1st: integer\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (bytes(range(256)), "2: the file is not in UTF-8; save it as UTF-8"),
        ("rulebook: t\ntitle: 昆山".encode("gb18030"), "2: the file is not in UTF-8; save it as UTF-8"),
        ("rulebook: t\n".encode("utf-16"), "1: the file is not in UTF-8; save it as UTF-8"),
        (b"rulebook: t\n#" + b"x" * 5_000_000, "1: a file of 5,000,013 bytes; 5 MB is the limit"),
    ],
    ids=["binary", "gb18030", "utf-16", "too-large"],
)
def test_a_file_that_is_no_text_or_too_large_is_refused_unread(tmp_path, content, said):
    (tmp_path / "x.yaml").write_bytes(content)
    assert str(faults(tmp_path / "x.yaml")) == f"x.yaml:{said}"


def test_a_byte_order_mark_is_no_part_of_the_book(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfrulebook: t\n")
    assert load_rulebook(tmp_path / "x.yaml").id == "t"


def test_what_is_no_plain_file_is_refused_and_never_waited_for(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    assert str(faults(tmp_path / "folder.yaml")) == "folder.yaml: this is no plain file"
    assert str(faults(tmp_path / "pipe.yaml")) == "pipe.yaml: this is no plain file"
    assert str(faults("/dev/zero/x.yaml")).startswith("x.yaml: the file cannot be read")
    assert str(faults(tmp_path / "none.yaml")) == "none.yaml: there is no such file"


@pytest.mark.parametrize(
    "source",
    ["", "kunshn", "Kunshan", "../kunshan", "kunshan\x00", "x\x00.yaml", "x" * 5000 + ".yaml", "/", ".", "\ud800"],
    ids=lambda text: ascii(text[:20]),
)
def test_a_book_that_is_not_there_is_an_error_of_the_rulebook(source):
    faults(source)


@pytest.mark.parametrize("source", [None, 3, b"kunshan", ["kunshan"]], ids=ascii)
def test_a_source_of_the_wrong_type_is_refused_in_words(source):
    from govservice import GovServiceError

    with pytest.raises((GovServiceError, TypeError)):
        load_rulebook(source)


def test_a_book_takes_over_files_of_its_own_folder_only(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    (inside / "below").mkdir(parents=True)
    (outside / "secret.yaml").write_text("rulebook: secret\n")
    (inside / "link.yaml").symlink_to(outside / "secret.yaml")
    (inside / "below" / "ok.yaml").write_text("rulebook: ok\nmeasures: {two: 1 + 1}\n")
    (inside / "folder").symlink_to(outside)
    for other in (
        "link.yaml",
        "folder/secret.yaml",
        "../outside/secret.yaml",
        str(outside / "secret.yaml"),
        "below/../../outside/secret.yaml",
        "file:x.yaml",
    ):
        (inside / "book.yaml").write_text(f'rulebook: book\nextends: ["{other}"]\n')
        error = faults(inside / "book.yaml")
        assert "the book's own folder" in str(error)
        assert error.faults[0].line == 2
    (inside / "book.yaml").write_text("rulebook: book\nextends: [below/ok.yaml]\n")
    assert "two" in load_rulebook(inside / "book.yaml").contents.measures
    (inside / "linked.yaml").symlink_to(inside / "below" / "ok.yaml")  # a link within the folder is a file of it
    (inside / "book.yaml").write_text("rulebook: book\nextends: [linked.yaml]\n")
    assert "two" in load_rulebook(inside / "book.yaml").contents.measures


def test_a_long_chain_of_books_is_refused_not_followed_for_ever(load: Load):
    files = {f"b{i}.yaml": f"rulebook: b{i}\nextends: [b{i + 1}.yaml]\n" for i in range(100)}
    with pytest.raises(RulebookError, match="more than 32 books"):
        load("rulebook: book\nextends: [b0.yaml]\n", files=files)


def test_a_circle_of_books_is_named_whole(load: Load):
    files = {"a.yaml": "rulebook: a\nextends: [b.yaml]\n", "b.yaml": "rulebook: b\nextends: [a.yaml]\n"}
    with pytest.raises(RulebookError, match=r"in a circle: a\.yaml -> b\.yaml -> a\.yaml"):
        load("rulebook: book\nextends: [a.yaml]\n", files=files)


@pytest.mark.parametrize("key", ["k" * 900, '"' + "k" * 50_000 + '"', "? " + "k" * 50_000 + "\n"], ids=["bare", "quoted", "complex"])
def test_a_very_long_key_is_refused_in_a_message_one_can_read(load: Load, key):
    with pytest.raises(RulebookError) as caught:
        load(f"rulebook: t\n{key}: 1\n")
    assert len(str(caught.value)) < 3000


@pytest.mark.parametrize(
    "text",
    [
        "rulebook: t\nx: " + "[" * 200_000,
        "rulebook: t\nx: " + "{a: " * 20_000,
        "rulebook: t\nx: " + "- " * 50_000,
        "rulebook: t\n" + "".join(f"{' ' * i}a:\n" for i in range(2000)),
        "rulebook: t\na: &a [x]\n" + "".join(f"b{i}: *a\n" for i in range(50_000)),
        "rulebook: t\ntables: {thing: {n: integer}}\nmeasures:\n"
        + "".join(f"  m{i}: m{i + 1} + m{i + 1}\n" for i in range(60))
        + "  m60: 1\n",
    ],
    ids=["brackets", "braces", "dashes", "indents", "aliases", "doubling-measures"],
)
def test_nesting_and_repetition_end_in_a_fault_or_a_book_not_in_a_crash(load: Load, text):
    try:
        load(text)
    except RulebookError as error:
        in_both_languages(error)


def test_values_are_texts_typed_by_their_place_without_yamls_surprises(load: Load):
    book = load(
        "rulebook: t\nsettings:\n  share: {type: decimal, value: 1.10}\n  begin: {type: date, value: 2026-01-02}\n"
        "  code: {type: text, value: 0x1F}\n"
        "tables: {thing: {answer: {type: choice, values: {on: 开, off: 关, yes: 是, no: 否}}}}\n"
        "decisions: {way: {about: thing, hit: first, rules: [{when: answer == 'on', then: no}, {then: 010}]}}\n"
    )
    assert book.settings["share"].value * 10 == 11
    assert str(book.settings["begin"].value) == "2026-01-02"
    assert book.settings["code"].value == "0x1F"
    assert book.decide("way", {"answer": "开"}).value("way") == "no"
    assert book.decide("way", {"answer": "off"}).value("way") == "010"


def test_anchors_and_merges_are_read_and_own_keys_win():
    book = load_rulebook(BOOKS / "good" / "anchors.yaml")
    columns = book.contents.tables["two"].columns
    assert {id: column.type.kind for id, column in columns.items()} == {"n": "decimal", "c": "choice", "k": "choice"}
    assert book.contents.tables["one"].columns["n"].type.kind == "integer"


def test_a_book_that_an_alias_names_is_asked_for_in_the_line_of_the_alias(load: Load):
    with pytest.raises(RulebookError) as caught:
        load("rulebook: t\nsources: {law: {title: 法, clauses: &named [absent.yaml]}}\ntitle: 别名\nextends: *named\n")
    assert str(caught.value) == ("book.yaml:4: there is no file absent.yaml; a file beside this one or in a folder below it")


def test_rules_out_of_a_business_rules_editor_load_with_their_empty_values(load: Load):
    book = load(
        "rulebook: t\ntables: {thing: {b: boolean}}\ndecisions:\n  way:\n    about: thing\n    hit: first\n    rules:\n"
        '      - {when: {all: [{name: b, operator: is_true, value: ""}]}, then: x}\n      - {then: y}\n'
    )
    assert book.decide("way", {"b": True}).value("way") == "x"


KUNSHAN = (files("govservice") / "centres" / "kunshan.yaml").read_text(encoding="utf-8")
LINES = KUNSHAN.split("\n")


@settings(deadline=timedelta(seconds=20), max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_slip_anywhere_in_a_real_book_is_a_fault_or_a_book_never_a_crash(load: Load, data):
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["delete", "twice", "swap", "token", "cut", "indent"])):
            case "delete":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "token":
                tokens = re.split(r"(\W+)", lines[at])
                tokens[data.draw(st.integers(0, len(tokens) - 1))] = data.draw(
                    st.sampled_from(["", "x", "1", "-", "{", "]", ":", "≥", "when", "first", "\t", "*", "&a "])
                )
                lines[at] = "".join(tokens)
            case "cut":
                lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
            case "indent":
                lines[at] = "  " + lines[at]
    try:
        load("\n".join(lines))
    except RulebookError as error:
        in_both_languages(error)


def test_the_shipped_books_that_others_build_on_are_read_once_and_never_changed() -> None:
    before = {id: (repr(_taken_from(id).book.tree), dict(_taken_from(id).book.marks)) for id in shipped_books()}
    for id in shipped_books():
        book = load_rulebook(id)
        book.amend({f"decisions.{decision}.label": "改过" for decision in list(book.contents.decisions)[:3]})
    for path in GOOD:
        load_rulebook(path)
    assert {id: (repr(_taken_from(id).book.tree), dict(_taken_from(id).book.marks)) for id in shipped_books()} == before
