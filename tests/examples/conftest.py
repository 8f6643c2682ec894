"""What the examples are tried with: their packages, and a schema of their own on a real PostgreSQL server."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NEEDED = os.environ.get("GOVSERVICE_ENGINES") == "all"
"""Whether what is not at hand is a failure: where everything was installed."""
sys.path.insert(0, str(EXAMPLES))


def need(*packages: str) -> None:
    """Skip where a package is lacking; fail where everything was to be there."""
    lacking = [package for package in packages if find_spec(package) is None]
    if lacking:
        (pytest.fail if NEEDED else pytest.skip)(f"{', '.join(lacking)} is not installed")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of an empty schema on the server that GOVSERVICE_POSTGRES names."""
    need("psycopg", "psycopg_pool")
    server = os.environ.get("GOVSERVICE_POSTGRES")
    if server is None:
        (pytest.fail if NEEDED else pytest.skip)("GOVSERVICE_POSTGRES names no server")
    import psycopg
    from psycopg import sql

    name = f"examples_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        yield f"{server}?options=-csearch_path%3D{name}"
        connection.execute("SET lock_timeout = '20s'")
        connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
