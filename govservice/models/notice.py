"""The record of a notice that was issued: which, when, to whom, and what it stated."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from govservice.models.record import Day, Pairs, Record, Text, Texts, fact

__all__ = ["Notice"]


class Notice(Record):
    """One notice issued (通知书). `kind` is the name that the rulebook gives it, `fields` what it stated, by the name of the fact.

    Fields, like `local` facts, are whole numbers, truths, texts and lists of texts; days, limits and exact numbers are their text.

    >>> from datetime import date
    >>> notice = Notice(kind="supplement_notice", issued_on=date(2026, 2, 13), fields={"missing_materials": ["验资报告"]})
    >>> notice.facts()["fields"]
    {'missing_materials': ['验资报告']}
    """

    model_config = ConfigDict(title="通知书")

    notice: Text = fact("文书编号", "Number of the notice.")
    kind: Text = fact("文书种类", "Kind of notice, as the rulebook names it.")
    case: Text = fact("所涉办件", "Case it is about.")
    issued_on: Day = fact("发出日", "Day it was issued.")
    issued_by: Text = fact("发出人", "Window, section or centre that issued it.")
    copies: Texts = fact("各联去向", "Who received a copy.")
    fields: Pairs = Field(default=(), title="载明内容", description="What it stated, by the name of the fact.")

    def facts(self) -> dict[str, Any]:
        """What is known, by name; what the notice stated is a mapping under `fields`.

        >>> Notice(kind="urgent_slip").facts()
        {'kind': 'urgent_slip', 'fields': {}}
        """
        return super().facts() | {"fields": {name: list(value) if isinstance(value, tuple) else value for name, value in self.fields}}
