"""The service: each endpoint asks one verb of the library, writes the answer down, and gives it back with its reasons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from govservice import Classification, Deadline, Rulebook, __version__, china, classify, clocks, deadline, due
from govservice.audit import CitedAnswer, recorded, verify
from govservice.deadlines import ClockReading
from govservice.errors import Lang
from govservice.models import Application
from govservice.notices import NoticeOwed

from .books import Versions
from .problems import BodyLimit, answer_with_problems, language
from .settings import Settings
from .shapes import (
    Answer,
    CaseAsked,
    ClassificationAsked,
    DeadlineAsked,
    Health,
    NoticeToGive,
    Open,
    Problem,
    VerifiedAnswer,
    VersionHeld,
)
from .store import Store

CHINA: Final = ZoneInfo("Asia/Shanghai")
RESULTS: Final[dict[str, Any]] = {"classify": Classification, "clocks": ClockReading, "due": ClockReading, "deadline": Deadline}
"""What each verb gives, to read a kept answer back."""

CaseNumber = Annotated[str, InPath(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class Held:
    """What every request shares: read once when the service starts, and changed by none."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.versions = Versions.load(settings.books)
        self.calendar = china()
        self.store = Store(settings.database, settings.connections)
        self.now = clock

    def open(self) -> None:
        """Connect, and ask each version once: what loads on first use is loaded before the first request."""
        self.store.open()
        for version in self.versions.listed:
            recorded(classify, Application(), version.book, on=max(version.from_, self.now().date()), calendar=self.calendar)


def held(request: Request) -> Held:
    """What the service holds."""
    shared: Held = request.app.state.held
    return shared


Shared = Annotated[Held, Depends(held)]
Asker = Annotated[Lang, Depends(language)]
api = APIRouter(responses={status: {"model": Problem, "description": "application/problem+json"} for status in (413, 422, 503)})


# -- asking. These are plain functions: FastAPI runs them on threads, for they count and wait for the database


@api.post("/cases/{case_number}/classification", status_code=201)
def classification(case_number: CaseNumber, asked: ClassificationAsked, at: Shared, lang: Asker) -> Answer[Classification]:
    """What kind of case an application is, the notices that it owes, and what is still open."""
    now = at.now()
    day = asked.on or now.date()
    book = at.versions.on(day)
    kept = recorded(classify, asked.facts(case_number), book, on=day, calendar=at.calendar)
    result = kept.result
    id_ = at.store.keep_classified(kept.answer, now, case_number, result.case_type)
    open_ = [
        Open.of(book, id, outcome.label, outcome.possible, outcome.undecided)
        for id, outcome in result.decisions.items()
        if outcome.open and outcome.undecided
    ]
    notices = (_to_give(notice, id_) for notice in result.notices)
    return Answer(**_head(id_, kept.answer), result=result, explanation=result.explain(lang), open=tuple(open_), notices=tuple(notices))


@api.post("/cases/{case_number}/clocks", status_code=201)
def clocks_of_case(case_number: CaseNumber, asked: CaseAsked, at: Shared, lang: Asker) -> Answer[tuple[ClockReading, ...]]:
    """Every clock that may run on a case: when it ends, what is used and left, what stopped it, its alarms."""
    now = at.now()
    book, day = _asked_of(asked, at, now)
    kept = recorded(clocks, asked.facts(case_number), book, on=day, now=asked.now or now, calendar=at.calendar)
    id_ = at.store.keep(kept.answer, now, case_number)
    open_ = tuple(_open(book, reading) for reading in kept.result if reading.undecided)
    return Answer(**_head(id_, kept.answer), result=kept.result, explanation=explained(kept.result, lang), open=open_)


@api.post("/cases/{case_number}/due", status_code=201)
def due_day(case_number: CaseNumber, asked: CaseAsked, at: Shared, lang: Asker) -> Answer[ClockReading | None]:
    """The clock by which a case is due; none where no clock runs."""
    now = at.now()
    book, day = _asked_of(asked, at, now)
    kept = recorded(due, asked.facts(case_number), book, on=day, now=asked.now or now, calendar=at.calendar)
    reading = kept.result
    id_ = at.store.keep_dated(kept.answer, now, case_number, reading.due_on if reading else None)
    open_ = (_open(book, reading),) if reading and reading.undecided else ()
    return Answer(**_head(id_, kept.answer), result=reading, explanation=explained(reading, lang), open=open_)


@api.post("/deadlines", status_code=201)
def deadline_of_limit(asked: DeadlineAsked, at: Shared, lang: Asker) -> Answer[Deadline]:
    """When a limit ends, with every day counted or skipped."""
    kept = recorded(
        deadline, asked.limit, asked.start, at.calendar, first_day=asked.first_day, roll=asked.roll, ends=asked.ends
    )  # fmt: skip
    id_ = at.store.keep(kept.answer, at.now(), None)
    return Answer(**_head(id_, kept.answer), result=kept.result, explanation=kept.result.explain(lang))


def _asked_of(asked: CaseAsked, at: Held, now: datetime) -> tuple[Rulebook, date]:
    """The version that a case is judged by, and the day: as asked, else that of its receipt, else today."""
    day = asked.on or asked.case.received_on or asked.case.accepted_on or now.date()
    return at.versions.on(day), day


def _to_give(notice: NoticeOwed, answer: UUID) -> NoticeToGive:
    page = f"/answers/{answer}/notices/{notice.kind}"
    return NoticeToGive(kind=notice.kind, title=notice.title, lacks=notice.lacks, text=notice.to_text(blanks=True), page=page)


def _open(book: Rulebook, reading: ClockReading) -> Open:
    return Open.of(book, reading.clock, reading.label, (), reading.undecided)


def _head(id: UUID, answer: CitedAnswer) -> dict[str, Any]:
    row = answer.row()
    return {"id": id, "digest": row["answer_digest"], "book": row["book"], "book_digest": row["book_digest"]}


# -- answers that were given


def _kept(id: UUID, at: Shared) -> CitedAnswer:
    answer = at.store.answer(id)
    if answer is None:
        raise HTTPException(404)
    return answer


Kept = Annotated[CitedAnswer, Depends(_kept)]


@api.get("/answers/{id}")
def answer_given(kept: Kept) -> CitedAnswer:
    """An answer as it was given, with all that it rests on: a file that `govservice verify` reads."""
    return kept


@api.post("/answers/{id}/verify")
def verified(kept: Kept, at: Shared, lang: Asker, digest: str | None = None) -> VerifiedAnswer:
    """Whether the answer comes out again: by the version that it rests on, or by that of `digest`, and what differs then."""
    of = digest or kept.row()["book_digest"]
    done = verify(kept, book=at.versions.of(of) if kept.books else None)
    return VerifiedAnswer(result=done, explanation=done.explain(lang))


@api.get("/answers/{id}/explanation", response_class=PlainTextResponse)
def explanation(kept: Kept, lang: Asker) -> str:
    """Why, in Chinese or English, from what was kept."""
    return explained(result_of(kept), lang)


@api.get("/answers/{id}/notices/{kind}")
def notice(
    kept: Kept, kind: str, lang: Lang = "zh", form: Literal["html", "text"] = "html", number: str | None = None,
    issued_on: date | None = None, blanks: Annotated[bool, Query(description="Print it though something is lacking.")] = False,
) -> Response:  # fmt: skip
    """A notice that a classification owes, as pages of A4 to print, one a copy, or as text; in Chinese, whatever the browser likes best.

    422 where it lacks what it must state.
    """
    result = result_of(kept)
    owed = next((one for one in result.notices if one.kind == kind), None) if isinstance(result, Classification) else None
    if owed is None:
        raise HTTPException(404)
    if form == "text":
        return PlainTextResponse(owed.to_text(number=number, issued_on=issued_on, blanks=blanks))
    page = owed.to_html(number=number, issued_on=issued_on, blanks=blanks, lang=lang)
    return HTMLResponse(page, headers={"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'"})


def result_of(kept: CitedAnswer) -> Any:
    """What the verb gave, read back from a kept answer."""
    kind, answer = RESULTS[kept.verb], kept.answer
    if isinstance(answer, list):
        return tuple(kind.from_dict(one) for one in answer)
    return None if answer is None else kind.from_dict(answer)


def explained(result: Any, lang: Lang) -> str:
    """A result, or several, in words."""
    if result is None:
        return "没有时限在走" if lang == "zh" else "no clock runs"
    several = result if isinstance(result, tuple) else (result,)
    return "\n\n".join(one.explain(lang) for one in several if getattr(one, "applies", None) is not False)


# -- the service itself


@api.get("/health")
def health(at: Shared) -> Health:
    """That the service lives, and the versions that it answers by."""
    listed = (VersionHeld(book=one.book.id, title=one.book.title, from_day=one.from_, digest=one.book.digest) for one in at.versions.listed)
    return Health(status="ok", version=__version__, books=tuple(listed))


@api.get("/health/ready", status_code=204)
def ready(at: Shared) -> None:
    """That the database answers too; 503 where it does not."""
    at.store.ready()


def make(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(CHINA)) -> FastAPI:
    """The service. `clock` says what time it is: the library itself never asks."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.held = Held(settings, clock)
        app.state.held.open()
        yield
        app.state.held.store.close()

    # no /docs: FastAPI's pages fetch their scripts from outside; /openapi.json is there for a viewer of one's own
    app = FastAPI(title="受理服务", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(BodyLimit, most_bytes=settings.most_bytes)
    answer_with_problems(app)
    app.include_router(api)
    return app
