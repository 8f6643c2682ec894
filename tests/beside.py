"""The data beside the project: real records and public lists that are too large, or not ours, to be part of it.

A test that reads a file of it carries the mark `shared` with the file's name, `pytest.mark.shared("data/superseded_cn.csv")`, and is
skipped where that file is absent.
"""

from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = SHARED / "data"
