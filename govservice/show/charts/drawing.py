"""A chart's description -> SVG and PNG, the same bytes for the same description; nothing is fetched."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from typing import Any, Final, cast

from govservice.errors import Lang, Words
from govservice.packages import missing

__all__ = ["as_altair", "as_png", "as_svg", "can_draw"]

_ID: Final = re.compile(r'(?<=id=")[A-Za-z_-]*\d+(?=")|(?<=url\(#)[A-Za-z_-]*\d+(?=\))')
_OF_ITS_OWN: Final = re.compile(r' aria-(?:label|roledescription)="[^"]*"')
_NEEDING: Final = Words("a picture needs vl-convert-python", "画图需要 vl-convert-python")


def can_draw() -> bool:
    """Whether what draws charts is installed."""
    return find_spec("vl_convert") is not None


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise missing(_NEEDING, "charts") from None
    return vl_convert


@lru_cache(maxsize=64)
def as_svg(spec: str, title: str, lang: Lang = "en") -> str:
    """A Vega-Lite description as SVG whose letters are letters. Raises MissingPackage."""
    drawn = str(_converter().vegalite_to_svg(spec))
    # what the drawer numbers, it numbers on and on: the ids are made again, and made this picture's own
    found = tuple(dict.fromkeys(_ID.findall(drawn)))
    plain = _ID.sub(lambda id: str(found.index(id[0])), drawn)
    own = sha256(plain.encode()).hexdigest()[:8]
    named = _ID.sub(lambda id: f"gs{own}-{found.index(id[0])}", drawn)
    if lang == "zh":  # what the drawer says of its own pieces is in English
        named = _OF_ITS_OWN.sub("", named)
    return named.replace('class="marks"', f'role="img" aria-label="{escape(title)}" style="max-width:100%;height:auto"', 1)


def as_png(svg: str, scale: float) -> bytes:
    """An SVG as PNG. Raises MissingPackage."""
    return cast("bytes", _converter().svg_to_png(svg, scale=scale))


def as_altair(spec: str) -> Any:
    """A description as one of Altair's charts. Raises MissingPackage."""
    try:
        import altair
    except ImportError:
        raise missing(Words("a chart of Altair's needs altair", "Altair 图表需要 altair"), "charts") from None
    return altair.Chart.from_json(spec)
