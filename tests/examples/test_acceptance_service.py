"""The example of a service, asked over HTTP as a window would ask it, with its answers in a real PostgreSQL."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from inspect import signature
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from govservice import GovServiceError, china, classify, clocks, deadline, due, load_rulebook
from govservice.audit import CitedAnswer, verify
from govservice.errors import Fault, MissingPackage, RulebookError, Words

from .conftest import need

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
KUNSHAN = load_rulebook("kunshan")
SUPPLEMENT = {"formal": True, "main_document": "not_brought", "missing_materials": ["验资报告", "章程"]}
MONDAY = "2026-11-16"
CASE = {
    "case": "C1",
    "case_type": "promised",
    "received_on": "2026-11-16",
    "materials_completed_on": "2026-11-16",
    "promised_limit": "5个工作日",
}


@contextmanager
def listening(app: Any) -> Iterator[Any]:
    """An app behind a real server, and a client that asks it."""
    import httpx
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", ws="none"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def served(database: str, **settings: Any) -> Iterator[Any]:
    """The service, and a client that asks it."""
    need("fastapi", "httpx", "uvicorn")
    from acceptance_service.service import make
    from acceptance_service.settings import Settings

    app = make(Settings(database, **settings), clock=lambda: NOW)
    with listening(app) as client:
        client.app = app
        yield client


@pytest.fixture(scope="module")
def service(database: str) -> Iterator[Any]:
    with served(database) as asked:
        yield asked


@pytest.fixture
def client(service: Any, database: str) -> Any:
    """The service with nothing in its tables."""
    done(database, "SET session_replication_role = replica", "TRUNCATE answers, cases")
    return service


def done(database: str, *statements: str) -> None:
    """What a superuser does to the tables."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(database: str, statement: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(database) as connection:
        return connection.execute(statement).fetchall()


# -- what is answered is what the library answers


def test_an_application_is_classified_with_notices_reasons_and_an_audit_row(client: Any, database: str) -> None:
    answer = client.post("/cases/C1/classification", json={"application": SUPPLEMENT})
    assert answer.status_code == 201
    told, given = answer.json(), classify({**SUPPLEMENT, "case": "C1"}, KUNSHAN, on=NOW.date())
    assert told["result"]["case_type"] == "supplement" == given.case_type
    assert told["explanation"] == given.explain("zh")
    (notice,) = told["notices"]
    assert notice["title"] == "补办件通知书"
    assert notice["text"] == given.notices[0].to_text(blanks=True)
    kept = rows(database, "SELECT id::text, case_number, verb, book_digest, answer_digest, seal FROM answers")
    assert [row[:5] for row in kept] == [(told["id"], "C1", "classify", KUNSHAN.digest, told["digest"])]
    assert rows(database, "SELECT case_number, case_type, classified_by::text FROM cases") == [("C1", "supplement", told["id"])]


def test_a_notice_is_printed_from_what_was_kept(client: Any) -> None:
    told = client.post("/cases/C1/classification", json={"application": SUPPLEMENT, "case": {"received_on": MONDAY}}).json()
    page = client.get(told["notices"][0]["page"], params={"blanks": True, "issued_on": "2026-11-20"}, headers={"accept-language": "en"})
    assert page.headers["content-type"].startswith("text/html")
    assert "验资报告" in page.text
    assert "C1" in page.text
    assert "2026年11月16日" in page.text
    assert "2026年11月20日" in page.text
    text = client.get(told["notices"][0]["page"], params={"form": "text", "blanks": True})
    assert text.text == told["notices"][0]["text"]


def test_a_notice_that_lacks_what_it_must_state_is_refused_in_chinese(client: Any) -> None:
    told = client.post("/cases/C1/classification", json={"application": {**SUPPLEMENT, "missing_materials": None}}).json()
    assert told["notices"][0]["lacks"]
    refused = client.get(told["notices"][0]["page"])
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:govservice:NoticeError"
    assert "缺少必须写明的内容" in refused.json()["detail"]


def test_what_is_open_is_said_with_what_would_settle_it(client: Any, database: str) -> None:
    told = client.post("/cases/C2/classification", json={"application": {"formal": True, "main_document": "present"}}).json()
    (case_type,) = [one for one in told["open"] if one["about"] == "case_type"]
    assert {"id": "departments", "label": "审批部门数"} in case_type["needs"]
    assert set(case_type["possible"]) >= {"joint", "promised"}
    assert rows(database, "SELECT case_type FROM cases") == [(None,)]


def test_the_clocks_of_a_case_are_read_with_its_history(client: Any) -> None:
    told = client.post("/cases/C1/clocks", json={"case": CASE, "now": "2026-11-19"}).json()
    given = clocks({**CASE, "pauses": [], "extensions": []}, KUNSHAN, on="2026-11-16", now="2026-11-19", calendar=china())
    assert told["result"] == [reading.to_dict() for reading in given]


def test_the_due_day_of_a_case_stands_in_its_row(client: Any, database: str) -> None:
    told = client.post("/cases/C1/due", json={"case": CASE}).json()
    reading = due(CASE, KUNSHAN, on="2026-11-16", now=NOW)
    assert reading is not None
    assert told["result"]["due"] == str(reading.due_on) == "2026-11-23"
    assert rows(database, "SELECT due_on::text, dated_by::text FROM cases") == [("2026-11-23", told["id"])]


def test_what_a_case_is_and_when_it_is_due_stand_in_one_row(client: Any, database: str) -> None:
    first = client.post("/cases/C1/classification", json={"application": SUPPLEMENT}).json()["id"]
    second = client.post("/cases/C1/due", json={"case": CASE}).json()["id"]
    again = client.post("/cases/C1/classification", json={"application": {"recognised_urgent": True}}).json()["id"]
    assert rows(database, "SELECT case_type, classified_by::text, dated_by::text FROM cases") == [("urgent", again, second)]
    assert {row[0] for row in rows(database, "SELECT id::text FROM answers")} == {first, second, again}


def test_a_case_on_which_no_clock_runs_has_no_due_day(database: str, tmp_path: Path) -> None:
    book = load_rulebook("standard").amend({"clocks.promised.when": 'case_type == "promised"'})
    with served(database, books=(str(book.freeze(tmp_path / "book.frozen.json")),)) as client:
        answer = client.post("/cases/N1/due", json={"case": {"case_type": "instant", "received_on": MONDAY}}).json()
        assert (answer["result"], answer["explanation"]) == (None, "没有时限在走")
        assert rows(database, "SELECT due_on FROM cases WHERE case_number = 'N1'") == [(None,)]
        assert client.get(f"/answers/{answer['id']}/explanation", params={"lang": "en"}).text == "no clock runs"


def test_a_limit_is_counted_day_by_day(client: Any) -> None:
    told = client.post("/deadlines", json={"limit": "5个工作日", "start": "2026-09-29"}).json()
    given = deadline("5个工作日", "2026-09-29")
    assert told["result"] == given.to_dict()
    assert told["explanation"] == given.explain("zh")


@pytest.mark.parametrize(
    ("header", "query", "lang"),
    [
        (None, None, "zh"), ("en", None, "en"), ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh"), ("fr, en;q=0.5, zh;q=0.2", None, "en"),
        ("en;q=0, fr", None, "zh"), ("zh;q=x, *", None, "zh"), ("zh", "en", "en"), ("en", "zh", "zh"),
    ],
)  # fmt: skip
def test_reasons_are_in_the_language_that_is_asked_for(client: Any, header: str | None, query: str | None, lang: Any) -> None:
    headers, params = {"accept-language": header} if header else {}, {"lang": query} if query else {}
    given = classify({**SUPPLEMENT, "case": "C1"}, KUNSHAN, on=NOW.date())
    told = client.post("/cases/C1/classification", json={"application": SUPPLEMENT}, headers=headers, params=params).json()
    assert told["explanation"] == given.explain(lang)
    assert client.get(f"/answers/{told['id']}/explanation", headers=headers, params=params).text == given.explain(lang)


# -- answers that were given


POSTS: dict[str, Any] = {
    "/cases/C1/classification": {"application": SUPPLEMENT},
    "/cases/C1/clocks": {"case": CASE},
    "/cases/C1/due": {"case": CASE},
    "/deadlines": {"limit": "3个月", "start": "2026-09-29T10:00:00+08:00", "ends": "same_time"},
}


@pytest.mark.parametrize("path", POSTS)
def test_an_answer_is_told_and_comes_out_again(client: Any, tmp_path: Path, path: str) -> None:
    told = client.post(path, json=POSTS[path]).json()
    given = client.get(f"/answers/{told['id']}")
    kept = CitedAnswer.from_json(given.content)
    assert kept.intact
    assert kept.answer_digest == told["digest"]
    assert kept.answer == told["result"]
    assert verify(kept).same
    assert verify(kept.write(tmp_path / "answer.json")).same
    verdict = client.post(f"/answers/{told['id']}/verify").json()
    assert (verdict["result"]["same"], verdict["result"]["intact"], verdict["result"]["reasons"]) == (True, True, [])
    assert client.get(f"/answers/{told['id']}/explanation").text == told["explanation"]


def test_an_answer_that_was_given_cannot_be_changed_or_removed(client: Any, database: str) -> None:
    import psycopg

    client.post("/deadlines", json=POSTS["/deadlines"])
    for statement in ("UPDATE answers SET seal = ''", "DELETE FROM answers", "TRUNCATE answers CASCADE"):
        with pytest.raises(psycopg.errors.RaiseException):
            rows(database, statement)


def test_an_answer_is_told_from_one_that_was_changed_behind_its_back(client: Any, database: str) -> None:
    id_ = client.post("/deadlines", json=POSTS["/deadlines"]).json()["id"]
    later = """UPDATE answers SET kept = replace(kept::text, '"due": "2026-12-29', '"due": "2027-01-29')::json"""
    done(database, "SET session_replication_role = replica", later)
    verdict = client.post(f"/answers/{id_}/verify").json()
    assert verdict["result"]["intact"] is False
    assert verdict["result"]["differences"]


def test_the_case_and_its_answer_are_written_together_or_not_at_all(client: Any, database: str) -> None:
    done(database, "ALTER TABLE cases ADD CONSTRAINT none_urgent CHECK (case_type <> 'urgent')")
    failed = client.post("/cases/C9/classification", json={"application": {"recognised_urgent": True}})
    done(database, "ALTER TABLE cases DROP CONSTRAINT none_urgent")
    assert failed.status_code == 500
    assert failed.json()["title"] == "服务出错"
    assert rows(database, "SELECT count(*) FROM answers") == rows(database, "SELECT count(*) FROM cases") == [(0,)]


# -- a new version beside the old one


def test_a_new_version_of_the_rulebook_is_asked_from_its_day_on(database: str, tmp_path: Path) -> None:
    reform = KUNSHAN.amend({"decisions.case_type.rules.urgent.when": "false"})
    file = reform.freeze(tmp_path / "reform.frozen.json")
    with served(database, books=("kunshan", f"{file}@2026-12-01")) as client:
        asked = {"application": {"recognised_urgent": True}}
        before = client.post("/cases/C1/classification", json={**asked, "on": "2026-11-30"}).json()
        after = client.post("/cases/C1/classification", json={**asked, "on": "2026-12-01"}).json()
        assert (before["result"]["case_type"], after["result"]["case_type"]) == ("urgent", None)
        assert (before["book_digest"], after["book_digest"]) == (KUNSHAN.digest, reform.digest)
        for told in (before, after):
            assert client.post(f"/answers/{told['id']}/verify").json()["result"]["same"]
        other = client.post(f"/answers/{before['id']}/verify", params={"digest": reform.digest}).json()
        assert not other["result"]["same"]
        assert "decisions.case_type" in other["result"]["reasons"][0]["zh"]
        assert [held["digest"] for held in client.get("/health").json()["books"]] == [KUNSHAN.digest, reform.digest]
        late = client.post("/cases/C1/due", json={"case": {**CASE, "received_on": "2026-12-02"}}).json()
        assert late["book_digest"] == reform.digest  # by the day of receipt, not by today


def test_before_the_first_version_there_is_no_answer(database: str) -> None:
    with served(database, books=("kunshan@2026-01-01",)) as client:
        refused = client.post("/cases/C1/classification", json={"application": {}, "on": "2025-12-31"})
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:govservice:DecisionError")


@pytest.mark.parametrize("books", [(), ("kunshan", "haimen@2026-01-01"), ("kunshan", "kunshan"), ("no/such.yaml",), ("kunshan@soon",)])
def test_versions_that_make_no_sense_keep_the_service_from_starting(books: tuple[str, ...]) -> None:
    need("fastapi")
    from acceptance_service.books import Versions

    with pytest.raises((ValueError, RulebookError)):
        Versions.load(books)


# -- refusals


def test_what_cannot_be_read_is_a_problem_in_chinese_with_a_hint(client: Any) -> None:
    refused = client.post("/cases/C1/classification", json={"application": {"主件": "?", "departments": -1, "formall": True}})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    body = refused.json()
    assert body["title"] == "请求内容无法处理"
    assert {fault["id"]: fault["what"] for fault in body["faults"]} == {
        "application.main_document": "主件：'?'不是可用的取值", "application.departments": "审批部门数：-1小于零",
        "application.formall": "没有这项事实",
    }  # fmt: skip
    assert {fault["hint"] for fault in body["faults"]} == {"可用：已带、有而未带、缺少", "应不小于 0", "是不是“formal”？"}


def test_problems_are_in_english_where_that_is_asked_for(client: Any) -> None:
    refused = client.post("/deadlines", json={"limit": "20日内", "start": "2026-03-02"}, headers={"accept-language": "en"}).json()
    assert refused["type"] == "urn:govservice:LimitError"
    assert refused["faults"][0]["hint"] == 'say day="workday" or day="natural_day"'


def test_a_language_that_nothing_is_written_in_is_refused(client: Any) -> None:
    refused = client.post("/deadlines", json=POSTS["/deadlines"], params={"lang": "fr"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:govservice:LanguageError")


HOSTILE: dict[str, bytes] = {
    "empty": b"", "cut off": b"{", "a list": b"[]", "null": b"null", "no UTF-8": b"\xff\xfe",
    "half a character": b'{"limit": "5\\ud800", "start": "2026-03-02"}', "deep": b'{"limit": ' + b"[" * 50_000,
    "a number of many digits": b'{"limit": "5", "start": ' + b"9" * 5_000 + b"}", "not a number": b'{"limit": "5", "start": NaN}',
    "no such day": b'{"limit": "5", "start": "2026-02-30"}', "a NUL": b'{"limit": "5\\u0000", "start": "2026-03-02"}',
    "the end of time": b'{"limit": "5 workday", "start": "9999-12-31"}',
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bodies_are_refused_in_words(client: Any, database: str, kind: str) -> None:
    refused = client.post("/deadlines", content=HOSTILE[kind], headers={"content-type": "application/json"})
    assert refused.status_code in (400, 422)
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["detail"]
    assert rows(database, "SELECT count(*) FROM answers") == [(0,)]


@pytest.mark.parametrize("text", ["'; DROP TABLE answers; --", "%s", "%(id)s", "{0}", "\\", "”“", "\u202e", "a\x00b", "𠀀"])
def test_texts_from_outside_are_values_and_nothing_else(client: Any, database: str, text: str) -> None:
    asked = {"application": {"applicant_name": text, "recognised_urgent": True}}
    told = client.post(f"/cases/{text.replace(chr(0), '0').replace('%', '%25')}/classification", json=asked)
    assert told.status_code in (201, 422)
    if told.status_code == 201:
        assert client.post(f"/answers/{told.json()['id']}/verify").json()["result"]["same"]
    assert rows(database, "SELECT count(*) FROM answers") == [(1 if told.status_code == 201 else 0,)]


def test_a_body_that_is_too_long_is_not_read(database: str) -> None:
    with served(database, most_bytes=1_000) as client:
        for body in (b"x" * 2_000, iter([b"x" * 100] * 20)):  # with its length said, and in chunks
            refused = client.post("/deadlines", content=body, headers={"content-type": "application/json"})
            assert (refused.status_code, refused.json()["title"]) == (413, "请求内容过长")
        assert client.post("/deadlines", json=POSTS["/deadlines"]).status_code == 201


@pytest.mark.parametrize("path", ["/nowhere", "/answers/00000000-0000-0000-0000-000000000000", "/docs"])
def test_what_is_not_there_is_a_problem_too(client: Any, path: str) -> None:
    refused = client.get(path)
    assert (refused.status_code, refused.json()["title"]) == (404, "没有找到")


def kinds(kind: type[GovServiceError] = GovServiceError) -> list[type[GovServiceError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in kinds(below))]


@pytest.mark.parametrize("kind", kinds())
def test_every_error_of_the_library_is_a_problem_in_chinese(kind: Any) -> None:
    need("fastapi", "httpx", "uvicorn", "psycopg", "psycopg_pool")
    from acceptance_service.problems import answer_with_problems
    from fastapi import FastAPI

    app = FastAPI()
    answer_with_problems(app)

    @app.get("/raise")
    def raising() -> None:
        what, hint = Words("so", "如此"), Words("do", "照做")
        several = "faults" in signature(kind.__init__).parameters
        raise kind([Fault(what, hint=hint)]) if several else kind(what, hint=hint)

    with listening(app) as client:
        refused = client.get("/raise")
    assert refused.status_code == (500 if issubclass(kind, RulebookError | MissingPackage) else 422)
    assert refused.headers["content-type"] == "application/problem+json"
    body = refused.json()
    assert (body["type"], body["detail"]) == (f"urn:govservice:{kind.__name__}", "如此；照做")
    assert body["faults"] == [{"id": None, "what": "如此", "why": "", "hint": "照做"}]


def test_a_database_that_is_gone_is_said_without_its_address(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/health/ready").status_code == 204

    def gone() -> Any:
        import psycopg

        raise psycopg.OperationalError("connection to server at db.inside failed")

    monkeypatch.setattr(client.app.state.held.store._pool, "connection", gone)
    for answer in (client.get("/health/ready"), client.post("/deadlines", json=POSTS["/deadlines"])):
        assert (answer.status_code, answer.json()["title"]) == (503, "数据库没有响应")
        assert "db.inside" not in answer.text
    assert client.get("/health").json()["status"] == "ok"


# -- the interface describes itself


def test_the_interface_is_described_by_the_models_of_the_library(client: Any) -> None:
    described = client.get("/openapi.json").json()
    shapes = described["components"]["schemas"]
    assert shapes["Application"]["properties"]["main_document"]["title"] == "主件"
    assert ">>>" not in json.dumps(described)
    for path, body in POSTS.items():
        (operation,) = [one["post"] for name, one in described["paths"].items() if name.replace("{case_number}", "C1") == path]
        ask = operation["requestBody"]["content"]["application/json"]["schema"]
        answer = operation["responses"]["201"]["content"]["application/json"]["schema"]
        schema: Callable[[Any], dict[str, Any]] = lambda of: {**of, "components": described["components"]}  # noqa: E731
        Draft202012Validator(schema(ask)).validate(body)
        Draft202012Validator(schema(answer)).validate(client.post(path, json=body).json())


# -- threads


def test_threads_that_ask_at_once_get_the_answers_of_one(client: Any, database: str) -> None:
    asked = [
        {"application": {"recognised_urgent": n % 2 == 0, "main_document": ("present", "lacking")[n // 2 % 2], "departments": n % 3}}
        for n in range(60)
    ]

    def answered(number: int) -> Any:
        return client.post(f"/cases/C{number}/classification", json=asked[number]).json()

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(answered, range(60)))
    for number, (one, given) in enumerate(zip(together, asked, strict=True)):
        assert one["result"] == classify({**given["application"], "case": f"C{number}"}, KUNSHAN, on=NOW.date()).to_dict()
    assert rows(database, "SELECT count(*), count(DISTINCT id) FROM answers") == [(60, 60)]
