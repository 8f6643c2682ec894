"""What is asked and answered: the library's own models and results, so that the interface describes itself by them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from govservice import Rulebook
from govservice.audit import Verified
from govservice.deadlines import Ends, FirstDay, Roll
from govservice.errors import RecordError, Words
from govservice.models import Application, Case

R = TypeVar("R")
_WRITABLE = Words("a text of the body has no form in UTF-8", "请求中有无法写成 UTF-8 的文字")


class Asked(BaseModel):
    """A body: nothing in it that is not declared, and no half of a character, which nothing could write down."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _writable(cls, given: Any) -> Any:
        try:
            json.dumps(given, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            raise RecordError(_WRITABLE, hint=Words("send it again from the source", "请从原系统重新导出")) from None
        return given


class ClassificationAsked(Asked):
    """An application to classify."""

    application: Application
    case: Case = Field(Case(), title="办件", description="What is known of its case; notices print it.")
    on: date | None = Field(None, title="依据日", description="The day that rules are held against; today unless given.")

    def facts(self, case_number: str) -> dict[str, Any]:
        """The facts of the case above those of its application."""
        return {**self.application.facts(), **self.case.facts(), "case": case_number}


class CaseAsked(Asked):
    """A case whose clocks are read."""

    case: Case
    application: Application = Field(Application(), title="申请", description="What is known of its application.")
    pauses: tuple[dict[str, Any], ...] = Field((), title="暂停", description="Rows of pauses: kind, from, to, told.")
    extensions: tuple[dict[str, Any], ...] = Field((), title="延长", description="Rows of extensions: asked_on, granted, limit, by.")
    on: date | None = Field(None, title="依据日", description="The day that rules are held against; the day of receipt unless given.")
    now: date | datetime | None = Field(None, title="截至", description="The day or moment that counts as now; now unless given.")

    def facts(self, case_number: str) -> dict[str, Any]:
        """The facts of the case above those of its application, with its history."""
        history = {"pauses": [*self.pauses], "extensions": [*self.extensions]}
        return {**self.application.facts(), **self.case.facts(), "case": case_number, **history}


class DeadlineAsked(Asked):
    """A limit and its start."""

    limit: str = Field(title="时限", examples=["5个工作日"], max_length=100)
    start: date | datetime = Field(title="起始日")
    first_day: FirstDay = "excluded"
    roll: Roll = "forward"
    ends: Ends = "day"


class Need(BaseModel):
    """A fact, a setting or a convention that would settle something."""

    id: str
    label: str


class Open(BaseModel):
    """What is not settled: a decision or a clock, what it may still come to, what would settle it."""

    about: str
    label: str
    possible: tuple[Any, ...]
    needs: tuple[Need, ...]

    @classmethod
    def of(cls, book: Rulebook, about: str, label: str | None, possible: tuple[Any, ...], needs: tuple[str, ...]) -> Open:
        """With the labels that the rulebook gives."""
        return cls(about=about, label=label or about, possible=possible, needs=tuple(Need(id=id, label=label_of(book, id)) for id in needs))


def label_of(book: Rulebook, id: str) -> str:
    """What the rulebook calls a fact or setting; its id where it has no label."""
    named = id.rpartition(":")[2].rpartition(".")[2]
    facts = (book.facts[f"{table}.{named}"].label for table in ("cases", "application", "item") if f"{table}.{named}" in book.facts)
    setting = book.settings.get(named)
    return next((label for label in (*facts, setting and setting.label) if label), id)


class NoticeToGive(BaseModel):
    """A notice that is owed: its text, with blanks for what is lacking, and where it stands as pages to print."""

    kind: str
    title: str
    lacks: tuple[str, ...]
    text: str
    page: str


class Answer(BaseModel, Generic[R]):
    """An answer that was written down under `id`; `result` is what the library gave."""

    id: UUID
    digest: str
    book: str | None
    book_digest: str | None
    result: R
    explanation: str
    open: tuple[Open, ...] = ()
    notices: tuple[NoticeToGive, ...] = ()


class VerifiedAnswer(BaseModel):
    """What became of an answer that was worked out again."""

    result: Verified
    explanation: str


class VersionHeld(BaseModel):
    """A version of the rulebook."""

    book: str
    title: str | None
    from_day: date
    digest: str


class Health(BaseModel):
    """That the service lives, and what it answers by."""

    status: str
    version: str
    books: tuple[VersionHeld, ...]


class Problem(BaseModel):
    """Why there is no answer (RFC 9457), in the language that was asked for."""

    type: str
    title: str
    status: int
    detail: str
    faults: tuple[dict[str, Any], ...] = ()
