"""Laws of frozen rulebooks: the same book again, alone, or refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import china, classify, load_rulebook
from govservice.audit import recorded, thaw, verify
from govservice.errors import RulebookError
from govservice.plain import digest_of
from govservice.rules import shipped_books


@pytest.mark.parametrize("id", shipped_books())
def test_every_shipped_book_comes_back_equal_and_with_its_calendar(id: str, tmp_path: Path) -> None:
    book, calendar = load_rulebook(id), china(known_on=date(2025, 1, 1)).amend(rest_days=[date(2026, 3, 3)], source="本地通知")
    thawed = thaw(book.freeze(tmp_path / f"{id}.frozen.json", calendar=calendar))
    assert thawed.book == book
    assert thawed.book.fingerprints == book.fingerprints
    assert thawed.calendar == calendar


def test_settings_and_the_day_are_frozen_with_it(tmp_path: Path) -> None:
    book = load_rulebook("kunshan", settings={"few_attachments": 2}).on(date(2026, 11, 20))
    again = load_rulebook(book.freeze(tmp_path / "a.frozen.json"))
    assert (again, again.as_of_day, again.settings["few_attachments"].value) == (book, date(2026, 11, 20), 2)
    assert again.freeze(tmp_path / "b.frozen.json").read_bytes() == (tmp_path / "a.frozen.json").read_bytes()


def test_a_frozen_book_can_be_read_by_people(tmp_path: Path) -> None:
    text = load_rulebook("kunshan").freeze(tmp_path / "a.frozen.json").read_text(encoding="utf-8")
    assert '"title": "昆山市' in text
    assert "\\u" not in text


def test_it_stands_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.yaml").write_text("rulebook: base\nextends: [kunshan]\n", encoding="utf-8")
    (tmp_path / "ours.yaml").write_text("amends: base.yaml\nsettings: {few_attachments: {value: 4}}\n", encoding="utf-8")
    frozen = load_rulebook(tmp_path / "ours.yaml").freeze(tmp_path / "ours.frozen.json")
    (tmp_path / "base.yaml").unlink()
    (tmp_path / "ours.yaml").unlink()
    monkeypatch.setattr("govservice.rules.book.files._shipped", None)
    assert load_rulebook(frozen).settings["few_attachments"].value == 4


def changed(file: Path, sealed: bool = True, **values: Any) -> Path:
    held = json.loads(file.read_text(encoding="utf-8")) | values
    if sealed:
        held["seal"] = digest_of({key: value for key, value in held.items() if key != "seal"})
    file.write_text(json.dumps(held), encoding="utf-8")
    return file


DEEP: Any = "x"
for _ in range(300):
    DEEP = {"rulebook": DEEP}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a change": ({"sealed": False, "title": "x"}, "it is not as it was written"),
    "a later form": ({"format": "FrozenRulebook/2"}, "its format is 'FrozenRulebook/2', not FrozenRulebook/1; a newer govservice wrote it"),
    "another file": ({"format": "Deadline/1"}, "its format is 'Deadline/1', not FrozenRulebook/1; Rulebook.freeze writes such a file"),
    "another digest": ({"digest": "0"}, "its rules do not have the digest that it names"),
    "no tree": ({"book": ["rulebook"]}, "its rules are no rulebook"),
    "values that no file holds": ({"book": {"rulebook": 3}}, "its rules are no rulebook"),
    "depth": ({"book": DEEP}, "its rules are no rulebook"),
    "a broken rule": ({"book": {"rulebook": "kunshan", "decisions": {"a": {"about": "nobody"}}}}, "nobody"),
    "no calendar": ({"calendar": {"country": "CN"}}, "its calendar cannot be read"),
    "an odd day": ({"on": "yesterday"}, "its day is no date"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_as_it_was_written_is_refused(name: str, tmp_path: Path) -> None:
    values, message = REFUSED[name]
    file = changed(load_rulebook("kunshan").freeze(tmp_path / "a.frozen.json", calendar=china()), **values)
    with pytest.raises(RulebookError) as error:
        load_rulebook(file)
    assert message in str(error.value)
    assert "a.frozen.json" in str(error.value)


def test_a_frozen_file_under_another_name_is_known_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_rulebook("jiangyong")
    file = book.freeze(tmp_path / "a.frozen.json", calendar=china()).rename(tmp_path / "江永 2026.JSON")
    assert load_rulebook(file) == load_rulebook(str(file)) == book
    monkeypatch.chdir(tmp_path)
    assert load_rulebook(file.name) == book
    kept = recorded(classify, {"formal": False}, book, on="2026-11-20").answer
    assert verify(kept, book=file.name).same
    changed(file, sealed=False, title="x")
    with pytest.raises(RulebookError, match="it is not as it was written"):
        load_rulebook(file.name)


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    book = load_rulebook("jiangyong")
    with pytest.raises(RulebookError, match=r"let it end in \.frozen\.json"):
        book.freeze(tmp_path / "a.json")
    book.freeze(tmp_path / "a.frozen.json")
    with pytest.raises(RulebookError, match="there already"):
        book.freeze(tmp_path / "a.frozen.json")
    book.freeze(tmp_path / "a.frozen.json", force=True)
    with pytest.raises(RulebookError, match="cannot be written"):
        book.freeze(tmp_path / "nowhere" / "a.frozen.json")
    with pytest.raises(RulebookError, match="no such file"):
        load_rulebook(tmp_path / "nowhere.frozen.json")
    (tmp_path / "folder.frozen.json").mkdir()
    with pytest.raises(RulebookError, match="cannot be read"):
        load_rulebook(tmp_path / "folder.frozen.json")
    for junk, said in ((b"", "no JSON"), (b"[", "no JSON"), (b"\xff", "no JSON"), (b"[]", "no object"), (b"[" * 100_000, "no JSON")):
        (tmp_path / "junk.frozen.json").write_bytes(junk)
        with pytest.raises(RulebookError, match=f"it is {said}"):
            load_rulebook(tmp_path / "junk.frozen.json")
