"""The address of a database, and what is said of a database where there is none: no server is needed."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath

import pytest

from govservice.cli import main
from govservice.errors import MissingPackage, RecordError
from govservice.records import read_records
from govservice.records.addresses import address_of, as_address, without_password
from govservice.records.faults import MappingError
from govservice.run import run
from govservice.run.stream import stream

SECRET = "hunter2"


def test_an_address_is_taken_apart() -> None:
    at = address_of("postgres://me:p%2Fw%40@db.example:5433/hall?sslmode=require")
    assert (at.dialect, at.host, at.port, at.user, at.password, at.database) == ("postgresql", "db.example", 5433, "me", "p/w@", "hall")
    assert (at.options, at.place) == ({"sslmode": "require"}, "postgres://db.example:5433/hall")
    assert address_of("mysql://[::1]/hall").place == "mysql://[::1]/hall"
    assert address_of("postgresql:///hall").host is None


def test_the_password_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_PWD", SECRET)
    assert address_of("mariadb://me@db/hall").password == SECRET
    assert address_of("mariadb://me:mine@db/hall").password == "mine"
    assert without_password(f"no {SECRET}", address_of("mariadb://me:mine@db/hall")) == "no ***"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{SECRET}/x@db/hall",
        f"postgresql://me:1/{SECRET}@db/hall",
        f"postgresql://me:1#{SECRET}@db/hall",
        f"postgresql://me:1?{SECRET}@db/hall",
        f"postgresql://me:1?a={SECRET}@db/hall",
        f"postgresql://me:{SECRET}\x07@db/hall",
        f"postgresql://db/hall?password={SECRET}",
        f"mysql://me:{SECRET}@db:port/hall",
        f"mysql://me:{SECRET}@db/",
        f"mssql://me:{SECRET}@db/hall",
    ],
)
def test_a_wrong_address_is_refused_and_not_shown(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for call in (
        lambda: address_of(url),
        lambda: read_records(url),
        lambda: run("standard", url),
        lambda: stream("standard", url, tmp_path / "out"),
    ):
        with pytest.raises(RecordError) as caught:
            call()
        assert SECRET not in caught.value.text("en") + caught.value.text("zh") + repr(caught.value)
    for lang in ("en", "zh"):
        assert main(["--lang", lang, "run", "--rulebook", "standard", "--records", url, "--out", str(tmp_path / "out")]) == 1
    heard = capsys.readouterr()
    assert SECRET not in heard.out + heard.err
    assert "Traceback" not in heard.err


def test_an_address_that_became_a_path_is_one_still() -> None:
    assert as_address(PurePosixPath("postgresql://me@db/hall")) == "postgresql://me@db/hall"
    assert as_address(PurePosixPath("records/postgresql:")) is None
    assert as_address(3) is None


@pytest.mark.parametrize(("scheme", "package"), [("postgresql", "psycopg"), ("mariadb", "pymysql")])
def test_without_a_driver_it_says_what_to_install(scheme: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingPackage) as caught:
        read_records(f"{scheme}://me:{SECRET}@127.0.0.1:1/hall")
    assert str(caught.value).endswith("(the extra sql)")
    assert f'need {package}; pip install "polars' in str(caught.value)
    assert caught.value.text("zh").startswith(("PostgreSQL 中的表需要", "MariaDB 中的表需要"))


def test_what_is_of_a_file_and_what_of_a_database(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("办件编号\nC1\n", encoding="utf-8")
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("cases:\n  table: cases\n  order_by: [a]\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_records(tmp_path)
    assert str(caught.value).splitlines() == [
        "mapping.yaml:2: cases.table: the records are files, and this is of a database",
        "mapping.yaml:3: cases.order_by: the records are files, and this is of a database",
    ]
    mapping.write_text(
        "cases:\n  file: cases.csv\n  table: cases\n  query: DROP TABLE cases\n  order_by: [1, {}]\n"
        "items:\n  query: with x as (select 1)\n",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as caught:
        read_records("postgresql://127.0.0.1:1/hall", mapping=mapping)
    assert [fault.id for fault in caught.value.faults] == ["cases.file", "cases.query", "cases.query", "cases.order_by"]
    assert "记录在数据库里，而这里写的是文件" in caught.value.text("zh")
