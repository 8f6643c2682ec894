"""Databases by their address, as ibis knows them: PostgreSQL, MariaDB and MySQL over drivers that need no compiler."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import Any

from govservice.errors import RecordError, Words
from govservice.packages import missing
from govservice.records.addresses import address_of, without_password

__all__ = ["connected"]


def connected(url: str) -> Any:
    """The database at an address such as `postgresql://user:password@host:5432/name`, as an ibis backend; `.table(..)` gives its tables.

    `mysql://` and `mariadb://` are one. The caller closes it with `.disconnect()`.
    Raises RecordError for an address of another kind, or one where nobody answers, MissingPackage.

    >>> connected("sqlite:///records.db")
    Traceback (most recent call last):
    govservice.errors.RecordError: no database is known by 'sqlite'; one of postgresql://, postgres://, mysql://, mariadb://
    """
    address = address_of(url)
    ibis = _ibis()
    if address.dialect == "mysql":
        url = f"mysql{url[len(address.scheme) :]}"
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Unable to set session timezone")  # a server without a table of time zones
            return ibis.connect(url)
    except Exception as error:  # each driver has a tree of its own
        why = without_password(str(error), address)
        raise RecordError(Words(f"{address.place} cannot be reached", f"连不上 {address.place}"), why=Words(why, why)) from None


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
