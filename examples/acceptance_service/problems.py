"""Every refusal as `application/problem+json`, in Chinese unless English was asked for; and bodies that are too long."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from inspect import isclass
from typing import Any, Final, get_type_hints

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg_pool import PoolTimeout
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from govservice import GovServiceError
from govservice.errors import Fault, Lang, MissingPackage, RulebookError, Words, known_lang
from govservice.models import faults_of

LOG: Final = logging.getLogger(__name__)
TITLES: Final = {
    400: Words("The request cannot be read", "请求无法读取"),
    404: Words("There is no such thing", "没有找到"),
    405: Words("This is not done here", "不支持此操作"),
    413: Words("The body is too long", "请求内容过长"),
    422: Words("The request cannot be answered", "请求内容无法处理"),
    500: Words("The service failed", "服务出错"),
    503: Words("The database does not answer", "数据库没有响应"),
}
_SAID: Final = ("what", "why", "hint")
_OURS: Final = (RulebookError, MissingPackage)  # nothing that the caller could mend


def language(request: Request) -> Lang:
    """`lang` of the query, else what `Accept-Language` likes best of the two, else Chinese. Raises LanguageError for another `lang`."""
    asked = request.query_params.get("lang")
    if asked is not None:
        return known_lang(asked)
    liked = sorted(_liked(request.headers.get("accept-language", "")), key=lambda one: -one[1])
    return next((lang for lang, weight in liked if weight > 0), "zh")


def _liked(header: str) -> Iterable[tuple[Lang, float]]:
    for part in header.split(","):
        name, _, rest = part.strip().partition(";")
        code = name.strip().lower().partition("-")[0]
        weight = rest.strip().removeprefix("q=")
        if code in ("zh", "en"):
            try:
                yield known_lang(code), float(weight) if weight else 1.0
            except ValueError:
                continue


def answer_with_problems(app: FastAPI) -> None:
    """Let the app answer every error of ours, of FastAPI and of the database as a problem."""

    @app.exception_handler(GovServiceError)
    def refused(request: Request, error: GovServiceError) -> JSONResponse:
        status = 500 if isinstance(error, _OURS) else 422
        if status == 500:
            LOG.error("%s", error)
        return problem(request, status, type(error).__name__, error.faults)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return problem(request, 422, "RecordError", faults_of(error.errors(), _body_of(request)))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        said = TITLES.get(error.status_code, Words(error.detail, error.detail))
        return problem(request, error.status_code, "http", (Fault(said),), error.headers)

    @app.exception_handler(psycopg.OperationalError)
    @app.exception_handler(PoolTimeout)
    def away(request: Request, error: Exception) -> JSONResponse:
        LOG.error("the database does not answer: %s", type(error).__name__)  # what it says may name hosts and users
        return problem(request, 503, "database", (Fault(TITLES[503], hint=Words("try again later", "请稍后再试")),))

    @app.exception_handler(Exception)
    def failed(request: Request, _: Exception) -> JSONResponse:  # the server logs it, with its traceback
        return problem(request, 500, "failed", (Fault(TITLES[500]),))


def problem(request: Request, status: int, kind: str, faults: tuple[Fault, ...], headers: Any = None) -> JSONResponse:
    """One problem: `detail` is the whole message, `faults` has each fault apart with its hint."""
    try:
        lang = language(request)
    except GovServiceError:
        lang = "zh"
    written = [{"id": fault.id, **{name: one[lang] for name, one in fault.to_dict().items() if name in _SAID}} for fault in faults]
    body = {
        "type": f"urn:govservice:{kind}",
        "title": TITLES[status].text(lang) if status in TITLES else faults[0].what.text(lang),
        "status": status,
        "detail": "\n".join(fault.text(lang) for fault in faults),
        "faults": written,
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _body_of(request: Request) -> type[BaseModel] | None:
    """The model of the body that the endpoint takes."""
    kinds = get_type_hints(request.scope["endpoint"]).values() if "endpoint" in request.scope else ()
    return next((kind for kind in kinds if isclass(kind) and issubclass(kind, BaseModel)), None)


class BodyLimit:
    """Refuses a body of more bytes than are read, said or not in its header."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app, self.most = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.most:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
