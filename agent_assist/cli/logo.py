"""The logo as PNG, drawn here so that a package needs no image of anybody's."""

import struct
import zlib
from itertools import pairwise
from math import hypot

_ACCENT, _PAPER = (36, 80, 196), (255, 255, 255)
_HALF = 128
_MARK = ((0.31, 0.52), (0.45, 0.66), (0.71, 0.36))
_STROKE, _MARGIN, _ROUND = 0.055, 0.06, 0.2


def png(size: int) -> bytes:
    """The logo as a square of so many pixels: a rounded tile with a tick on it.

    Not compressed, so that the bytes are the same whichever library would have done it.
    """
    rows = b"".join(
        b"\0" + bytes(_pixel((x + 0.5) / size, (y + 0.5) / size, size) for x in range(size))
        for y in range(size)
    )
    head = struct.pack(">IIBBBBB", size, size, 8, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"PLTE", _palette()),
        (b"tRNS", bytes(min(255, index * 2) for index in range(_HALF))),
        (b"IDAT", zlib.compress(rows, 0)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _palette() -> bytes:
    """The lower half is the tile, ever less transparent; the upper half goes on to the tick."""
    tile = bytes(_ACCENT) * _HALF
    blends = (index / (_HALF - 1) for index in range(_HALF))
    tick = (
        bytes(round(a + (b - a) * share) for a, b in zip(_ACCENT, _PAPER, strict=True))
        for share in blends
    )
    return tile + b"".join(tick)


def _pixel(x: float, y: float, size: int) -> int:
    """The index of a place, which is softened over one pixel at each edge."""
    inside = _covered(-_to_tile(x, y) * size)
    tick = _covered((_STROKE - _to_mark(x, y)) * size)
    if tick > 0:
        return _HALF + round(tick * (_HALF - 1))
    return round(inside * (_HALF - 1))


def _covered(distance: float) -> float:
    return min(1.0, max(0.0, distance + 0.5))


def _to_tile(x: float, y: float) -> float:
    """How far outside of the tile; negative inside."""
    reach = 0.5 - _MARGIN - _ROUND
    across, down = abs(x - 0.5) - reach, abs(y - 0.5) - reach
    beyond = hypot(max(across, 0), max(down, 0))
    return beyond + min(max(across, down), 0) - _ROUND


def _to_mark(x: float, y: float) -> float:
    """How far from the middle of the tick's stroke."""
    return min(_to_line((x, y), start, end) for start, end in pairwise(_MARK))


def _to_line(
    point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]
) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    along = (point[0] - start[0]) * across + (point[1] - start[1]) * down
    share = min(1.0, max(0.0, along / (across**2 + down**2)))
    return hypot(point[0] - start[0] - share * across, point[1] - start[1] - share * down)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
