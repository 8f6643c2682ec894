"""A score that was published, kept as a whole scorecard: read back as a row of its scheme's own table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from govservice.assessment.scorecard import Scorecard
from govservice.errors import RecordError, Words, in_one
from govservice.rules.book.contents import Contents

__all__ = ["KEPT", "facts_of_card", "kept_card", "unreadable", "whole_card"]

KEPT: Final = "scorecard"  # under which a row holds the card itself


def kept_card(row: object) -> object:
    """A row as it was given; a scorecard, or what one wrote, as a row that holds it. Raises RecordError where that cannot be read."""
    if isinstance(row, str) and row.lstrip().startswith("{"):
        return Scorecard.from_json(row).facts()
    if isinstance(row, Mapping) and str(row.get("format", "")).startswith("Scorecard/"):
        return Scorecard.from_dict(row).facts()
    return row


def unreadable(row: object, error: RecordError) -> Words:
    """Why a kept card cannot be read, and whose published score is worked out anew for want of it, as far as it says so."""
    if isinstance(row, str):
        try:
            row = json.loads(row)
        except (ValueError, RecursionError):
            row = None
    said = [row.get(name) for name in ("subject", "period")] if isinstance(row, Mapping) else []
    whose = " ".join(each[:80] for each in said if isinstance(each, str))
    named = Words(f"of {whose}", f" {whose} ") if whose else Words("of nobody can say whom", "（说不出是谁的）")
    why = in_one(part for part in (error.what, error.why) if part.en)
    return Words(
        f"{why.en}; the published score {named.en} could not be read, and is worked out anew",
        f"{why.zh}；已公布的{named.zh}分数无法读取，此处为重算所得",
    )


def whole_card(row: Mapping[str, Any]) -> Scorecard | None:
    """The card that a row holds; None where it says its facts itself."""
    card = row.get(KEPT)
    return card if isinstance(card, Scorecard) else None


def facts_of_card(card: Scorecard, scheme: str, contents: Contents) -> dict[str, Any]:
    """What a kept card says as a past score of a scheme. Raises RecordError for a card of another scheme, or of nobody who was scored."""
    if card.scheme != scheme:
        its, other = contents.in_chinese(card.scheme), contents.in_chinese(scheme)
        what = Words(f"it is a card of {card.scheme}, not of {scheme}", f"这是{its}的计分表，不是{other}的")
        raise RecordError(what, hint=Words(f"give it under {card.scheme}", f"请放在{its}之下"))
    if card.scored is False:
        raise RecordError(Words("it says that nothing was scored", "它写的是不计分"), hint=Words("leave it out", "请删去"))
    first, to, last = card.period.partition("..")
    facts = {
        contents.schemes[scheme].scores: card.subject,
        "period": (first, last) if to else card.period,
        "total": card.total,
        "eligible": card.eligible,
        "parts": {id: part.total for id, part in card.parts.items()},
        KEPT: card,
    }
    return {name: value for name, value in facts.items() if value is not None or name == "total"}
