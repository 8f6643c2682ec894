"""Boxes, words and lines of a diagram, as pieces of SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NamedTuple

from govservice.show.charts.look import FAMILY, INK, SOFT

__all__ = ["Box", "apart", "arrow", "lines_of", "picture", "text"]

_EM: Final = 12.0
LINE: Final = 17.0


class Box(NamedTuple):
    """A place for words: left, top, width, height."""

    x: float
    y: float
    wide: float
    tall: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.tall / 2

    def drawn(self, *, fill: str, stroke: str, round_: float = 4, dashed: bool = False, thick: float = 1) -> str:
        """As SVG."""
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        return (
            f'<rect x="{self.x:.1f}" y="{self.y:.1f}" width="{self.wide:.1f}" height="{self.tall:.1f}" rx="{round_:g}" fill="{fill}" '
            f'stroke="{stroke}" stroke-width="{thick:g}"{dash}/>'
        )


def _wide(letter: str) -> float:
    return _EM if ord(letter) > 0x2E7F else _EM * 0.58


def lines_of(said: str, wide: float, most: int = 6) -> list[str]:
    """A text in lines no wider than this, as far as can be told without the font; what does not fit in `most` ends in dots.

    >>> lines_of("材料齐全 and ordinary", 70), lines_of("一二三四五六七八九十" * 9, 70, 2)
    (['材料齐全 ', 'and ', 'ordinary'], ['一二三四五', '六七八九…'])
    """
    lines, line, used = [], "", 0.0
    for word in _words(said):
        width = sum(map(_wide, word))
        if line and used + width > wide:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + word, used + width
    lines += [line] if line else []
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def _words(said: str) -> Iterable[str]:
    """Pieces between which a line may end: Chinese anywhere, else behind a blank; a piece is never longer than twenty letters."""
    piece = ""
    for letter in said:
        if ord(letter) > 0x2E7F:
            if piece:
                yield piece
            yield letter
            piece = ""
            continue
        piece += letter
        if letter in " ,/=" or len(piece) >= 20:
            yield piece
            piece = ""
    if piece:
        yield piece


def text(x: float, y: float, said: str, *, bold: bool = False, soft: bool = False, size: float = _EM) -> str:
    """One line of words, its foot at `y`."""
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{SOFT if soft else INK}"{weight}>{escape(said, quote=False)}</text>'


def arrow(one: tuple[float, float], other: tuple[float, float], *, stroke: str, thick: float = 1) -> str:
    """A curve from left to right with a head."""
    (x1, y1), (x2, y2) = one, other
    bend = (x2 - x1) / 2
    head = f"{x2:.1f},{y2:.1f} {x2 - 6:.1f},{y2 - 3.5:.1f} {x2 - 6:.1f},{y2 + 3.5:.1f}"
    curve = f"M{x1:.1f},{y1:.1f}C{x1 + bend:.1f},{y1:.1f} {x2 - bend:.1f},{y2:.1f} {x2 - 5:.1f},{y2:.1f}"
    return f'<path d="{curve}" fill="none" stroke="{stroke}" stroke-width="{thick:g}"/><polygon points="{head}" fill="{stroke}"/>'


def apart(middles: Sequence[float], talls: Sequence[float], gap: float, top: float) -> list[float]:
    """The tops of boxes that would each like its middle somewhere, kept apart, in the order of these wishes.

    >>> apart([10, 10], [10, 10], 5, 0)
    [5.0, 20.0]
    """
    order = sorted(range(len(middles)), key=lambda at: (middles[at], at))
    tops = [0.0] * len(middles)
    free = top
    for at in order:
        tops[at] = max(middles[at] - talls[at] / 2, free)
        free = tops[at] + talls[at] + gap
    return tops


def picture(title: str, wide: float, tall: float, pieces: Iterable[str]) -> str:
    """The pieces as one SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{tall:.0f}" viewBox="0 0 {wide:.0f} {tall:.0f}" role="img" '
        f'aria-label="{escape(title)}" font-family="{FAMILY}" style="max-width:100%;height:auto">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(pieces)}</svg>'
    )
