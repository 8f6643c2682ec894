"""XML read and written safely: no entity, no document type, no network, bounded."""

from __future__ import annotations

from typing import Any, Final

from govservice.errors import Fault, RulebookError, Words
from govservice.packages import missing
from govservice.reading import shown

__all__ = ["MOST_BYTES", "etree", "parse_xml"]

MOST_BYTES: Final = 2_000_000


def etree() -> Any:
    """The package `lxml.etree`. Raises MissingPackage."""
    try:
        from lxml import etree as package
    except ImportError:
        raise missing(Words("DMN needs lxml", "DMN 需要 lxml"), "exchange") from None
    return package


def parse_xml(content: bytes, name: str) -> Any:
    """The root of an XML document; `name` is what faults call it. Raises RulebookError, MissingPackage."""
    lxml = etree()
    if len(content) > MOST_BYTES:
        raise _fault(name, f"a model of more than {MOST_BYTES:,} bytes is not read", f"模型超过 {MOST_BYTES:,} 字节")
    parser = lxml.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        if b"<!" in content.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\x00" in content:  # before any of it is parsed
            raise _fault(name, "a document type or an entity is not read", "不接受文档类型声明和实体")
        root = lxml.fromstring(content, parser)
    except (lxml.XMLSyntaxError, ValueError) as error:
        raise _fault(name, f"this is no XML: {shown(str(error))}", "不是 XML") from None
    if root.getroottree().docinfo.doctype:
        raise _fault(name, "a document type or an entity is not read", "不接受文档类型声明和实体")
    return root


def _fault(name: str, en: str, zh: str) -> RulebookError:
    return RulebookError([Fault(Words(en, zh), file=name)])
