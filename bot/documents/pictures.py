"""Checks what people send as evidence; a picture is turned upright, shrunk, and loses its traces.

Where and when a photo was taken stands in its metadata: none of that is kept.
"""

from __future__ import annotations

import io
import struct
from threading import Lock
from typing import TYPE_CHECKING

from bot import phrases_reports
from bot.documents import kinds
from bot.messages import Checked, ContentKind, Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 20 * 1024 * 1024
"""Larger files are not fetched."""

LONGEST_SIDE = 1600
"""Pixels of a picture's longer side, at most: sharp on half a page of A4."""

_MOST_PIXELS = 50_000_000
_QUALITY = 85
_LARGEST_PNG = 400_000  # bytes: what is drawn stays sharp, a photo becomes a JPEG
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_DRAWN = frozenset({"PNG", "GIF"})
_ORIENTATION = 0x0112
_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    LookupError,
    OverflowError,
    struct.error,
)
_ONE_AT_A_TIME = Lock()
"""A picture may need some 400 MB while it is opened; several at once must not."""


def check(data: bytes, name: str) -> Checked | Refusal:
    """What was sent, ready to be kept, or why it is not.

    Args:
        data: the bytes as LINE gave them.
        name: the file's name as sent, empty for a photo.
    """
    if len(data) > MOST_BYTES:
        return Refusal.TOO_LARGE
    if _is_picture(data):
        return _picture(data, name)
    return kinds.file_of(data, name)


def _is_picture(data: bytes) -> bool:
    is_webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return is_webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))


def _picture(data: bytes, name: str) -> Checked | Refusal:
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    with _ONE_AT_A_TIME:
        try:
            drawn = _drawn(data)
        except (DecompressionBombError, DecompressionBombWarning):
            return Refusal.TOO_MANY_PIXELS
        except _FAULTS:
            return Refusal.BROKEN
    if isinstance(drawn, Refusal):
        return drawn
    suffix, content = drawn
    return Checked(
        kind=ContentKind.PICTURE,
        name=kinds.safe_name(name, suffix, otherwise=phrases_reports.PICTURE),
        media_type=kinds.MEDIA_TYPES[suffix],
        data=content,
    )


def _drawn(data: bytes) -> tuple[str, bytes] | Refusal:
    """The suffix and the bytes of the picture drawn anew: nothing of the old file is in it."""
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=_FORMATS) as source:
        if source.width * source.height > _MOST_PIXELS:
            return Refusal.TOO_MANY_PIXELS
        is_drawn = source.format in _DRAWN
        orientation = _orientation(source)
        source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is opened small at once
        has_holes = source.has_transparency_data
        shallow = _with_8_bits(source)
        picture = shallow.convert("RGBA" if has_holes else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture = _turned(picture, orientation)
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture, mask=picture.getchannel("A") if has_holes else None)
    return _encoded(clean, is_drawn=is_drawn)


def _with_8_bits(source: Image) -> Image:
    """A scan with 16 bits of grey for a pixel would turn white in conversion."""
    if not source.mode.startswith("I"):
        return source
    return source.convert("I").point(lambda value: value / 256).convert("L")


def _orientation(source: Image) -> int:
    """How the camera was held; 1, upright, where what it wrote cannot be read."""
    try:
        return int(source.getexif().get(_ORIENTATION, 1))
    except _FAULTS:
        return 1


def _turned(picture: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    ways = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    way = ways.get(orientation)
    return picture if way is None else picture.transpose(way)


def _encoded(picture: Image, *, is_drawn: bool) -> tuple[str, bytes]:
    if is_drawn:
        as_png = io.BytesIO()
        picture.save(as_png, "PNG")
        if as_png.tell() <= _LARGEST_PNG:
            return "png", as_png.getvalue()
    as_jpeg = io.BytesIO()
    picture.save(as_jpeg, "JPEG", quality=_QUALITY, optimize=True)
    return "jpg", as_jpeg.getvalue()
