"""Reading records: items, applications and cases of a folder, or handed over as rows and frames; row by row, nothing lost."""

from __future__ import annotations

from govservice.records.drafting import Draft, draft_mapping
from govservice.records.files import Source
from govservice.records.folder import Records, read_records
from govservice.records.given import GivenRecords, records_of
from govservice.records.mapped import ColumnMapping, TableMapping
from govservice.records.rows import TABLES, Row, SetAside
from govservice.records.sources import Progress

__all__ = [
    "TABLES",
    "ColumnMapping",
    "Draft",
    "GivenRecords",
    "Progress",
    "Records",
    "Row",
    "SetAside",
    "Source",
    "TableMapping",
    "draft_mapping",
    "read_records",
    "records_of",
]
