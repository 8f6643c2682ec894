"""The address of a database: taken apart, held against what is known of it, and never shown with its password."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from govservice.doors import PATH, Kind
from govservice.echo import shown
from govservice.errors import RecordError, Words, did_you_mean

__all__ = ["DATABASES", "RECORDS", "Address", "address_of", "as_address", "without_password"]

DATABASES: Final = ("postgresql", "postgres", "mysql", "mariadb")
"""How the address of a database begins."""

_OPTIONS: Final = {
    "postgresql": ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "connect_timeout", "application_name", "passfile"),
    "mysql": ("ssl_ca", "ssl_cert", "ssl_key", "unix_socket", "connect_timeout"),
}
_HIDDEN: Final = "***"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and who asks. `dialect` is "postgresql" or "mysql"; what is None the driver looks for where it always does."""

    scheme: str
    dialect: str
    host: str | None
    port: int | None
    user: str | None
    database: str | None
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """The address as a message shows it: without user and password."""
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host or ""
        return f"{self.scheme}://{host}{f':{self.port}' if self.port else ''}/{self.database or ''}"


def as_address(given: object) -> str | None:
    """The text of an address; None for what names a folder or file.

    >>> as_address("postgresql://127.0.0.1/centre"), as_address("records/2026"), as_address("C:/records")
    ('postgresql://127.0.0.1/centre', None, None)
    """
    if not isinstance(given, str | PurePath):
        return None
    text = str(given)
    if isinstance(given, PurePath) and (begun := re.match(rf"({'|'.join(DATABASES)}):[/\\](?![/\\])", text)):
        return f"{begun[1]}://{text[begun.end() :]}"  # a path has no two slashes in a row
    return text if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text) else None


RECORDS: Final = Kind(
    lambda value: PATH.holds(value) or as_address(value) is not None, Words("a path or the address of a database", "路径或数据库地址")
)


def address_of(url: str) -> Address:
    """An address such as `postgresql://user:password@host:5432/name`, taken apart; `mysql://` and `mariadb://` are one.

    Without a password that of the environment is taken: PostgreSQL's PGPASSWORD or password file, MYSQL_PWD for the others.
    Raises RecordError for an address of another kind, or one that cannot be taken apart; no error shows what it could not read.

    >>> address_of("mariadb://me:secret@db.example/centre").place
    'mariadb://db.example/centre'
    >>> address_of("sqlite:///records.db")
    Traceback (most recent call last):
    govservice.errors.RecordError: no database is known by 'sqlite'; one of postgresql://, postgres://, mysql://, mariadb://
    """
    scheme = url.partition("://")[0].lower()
    if scheme not in DATABASES:
        known = ", ".join(f"{name}://" for name in DATABASES)
        raise RecordError(
            Words(f"no database is known by {shown(scheme)}", f"不认识 {shown(scheme)} 这种数据库"),
            hint=Words(f"one of {known}", f"可用：{known}"),
        )
    dialect = "postgresql" if scheme.startswith("postgres") else "mysql"
    try:
        parts = urlsplit(url)
        port, path = parts.port, unquote(parts.path.removeprefix("/"))
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise _malformed(scheme) from None
    if parts.fragment or "#" in url or "@" in parts.path + parts.query or "/" in path or not url.isprintable():
        raise _malformed(scheme)
    for name in options:
        if name not in _OPTIONS[dialect]:
            listed = ", ".join(_OPTIONS[dialect])
            raise RecordError(
                Words(f"the address of a database takes no option {shown(name)}", f"数据库地址没有 {shown(name)} 这个选项"),
                hint=did_you_mean(name, _OPTIONS[dialect], Words(f"it takes: {listed}", f"可用：{listed}")),
            )
    if dialect == "mysql" and not path:
        raise RecordError(
            Words("the address names no database", "地址没有写明哪个数据库"),
            hint=Words(f"write {scheme}://user@host/database", f"写作 {scheme}://用户@主机/数据库"),
        )
    user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
    if password is None and dialect == "mysql":
        password = os.environ.get("MYSQL_PWD")
    return Address(scheme, dialect, parts.hostname, port, user or None, path or None, password, options)


def _malformed(scheme: str) -> RecordError:
    """The address is not shown: any part of it may be the password's."""
    return RecordError(
        Words("the address of the database cannot be taken apart", "数据库地址无法解析"),
        hint=Words(
            f"write {scheme}://user:password@host:port/database; in a password / ? # @ : % are %2F %3F %23 %40 %3A %25",
            f"写作 {scheme}://用户:密码@主机:端口/数据库；密码里的 / ? # @ : % 写作 %2F %3F %23 %40 %3A %25",
        ),
    )


def without_password(text: str, address: Address) -> str:
    """What a driver said on one line, without the password, wherever it took that from.

    >>> without_password("no entry for\\n me:secret", address_of("mysql://me:secret@db/centre"))
    'no entry for me:***'
    """
    for secret in filter(None, (address.password, os.environ.get("PGPASSWORD"), os.environ.get("MYSQL_PWD"))):
        for written in {secret, quote(secret), quote(secret, safe="")}:
            text = text.replace(written, _HIDDEN)
    return " ".join(text.split())[:500]
