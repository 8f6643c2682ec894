"""Databases by their address, as ibis knows them: PostgreSQL, MariaDB and MySQL over drivers that need no compiler."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.packages import missing

__all__ = ["DATABASES", "connected"]

DATABASES: Final = ("postgresql", "postgres", "mysql", "mariadb")
"""How the address of a database begins."""


def connected(url: str) -> Any:
    """The database at an address such as `postgresql://user:password@host:5432/name`, as an ibis backend; `.table(..)` gives its tables.

    `mysql://` and `mariadb://` are one. The caller closes it with `.disconnect()`.
    Raises RecordError for an address of another kind, or one where nobody answers, MissingPackage.

    >>> connected("sqlite:///records.db")
    Traceback (most recent call last):
    govservice.errors.RecordError: no database is known by 'sqlite'; one of postgresql://, postgres://, mysql://, mariadb://
    """
    scheme = urlsplit(url).scheme
    if scheme not in DATABASES:
        known = ", ".join(f"{name}://" for name in DATABASES)
        raise RecordError(
            Words(f"no database is known by {shown(scheme)}", f"不认识 {shown(scheme)} 这种数据库"),
            hint=Words(f"one of {known}", f"可用：{known}"),
        )
    ibis = _ibis()
    if scheme in ("mysql", "mariadb"):
        url = f"mysql{url.removeprefix(scheme)}"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Unable to set session timezone")  # a server without a table of time zones
            return ibis.connect(url)
    except Exception as error:  # each driver has a tree of its own
        at = urlsplit(url)
        place = f"{scheme}://{at.hostname}{f':{at.port}' if at.port else ''}{at.path}"
        raise RecordError(Words(f"{place} cannot be reached", f"连不上 {place}"), why=Words(str(error), str(error))) from error


def _ibis() -> Any:
    """Ibis, with PyMySQL standing in for the driver that it would compile."""
    try:
        import ibis

        if find_spec("MySQLdb") is None:
            import pymysql

            pymysql.install_as_MySQLdb()
    except ImportError:
        raise missing(Words("records in a database need ibis and its drivers", "数据库中的记录需要 ibis 及其驱动"), "sql") from None
    return ibis
