"""Reading a folder of records: items, applications and cases from CSV, JSON Lines, JSON or Parquet, row by row, nothing lost."""

from __future__ import annotations

from govservice.records.folder import Progress, Records, Source, read_records
from govservice.records.mapping import ColumnMapping, TableMapping
from govservice.records.rows import TABLES, Row, SetAside

__all__ = ["TABLES", "ColumnMapping", "Progress", "Records", "Row", "SetAside", "Source", "TableMapping", "read_records"]
