"""Pictures as documents take them: JPEG or PNG, with the size at which they are shown."""

from __future__ import annotations

import io
from dataclasses import dataclass

from bot.documents.model import Picture

_TAKEN = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png")}
_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture's bytes and its size in pixels."""

    content: bytes
    media_type: str
    suffix: str
    width: int
    height: int

    def within(self, width: float, height: float) -> tuple[float, float]:
        """The largest size of the same ratio in a space, in the unit of the space."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


def draw(picture: Picture) -> Drawn | None:
    """The picture, as JPEG where it is neither that nor PNG; None when it cannot be read."""
    from PIL import Image, UnidentifiedImageError

    content = picture.content()
    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
            kind = image.format or ""
            if kind not in _TAKEN or (kind == "JPEG" and content[6:10] not in (b"JFIF", b"Exif")):
                content, kind = _as_jpeg(image), "JPEG"
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    media_type, suffix = _TAKEN[kind]
    return Drawn(content=content, media_type=media_type, suffix=suffix, width=width, height=height)


def space(
    inner: tuple[float, float], per_row: int, *, caption: float = 24, gap: float = 4
) -> tuple[float, float]:
    """Width and height, in millimetres, that a picture of a gallery may fill.

    Three rows go on a page, two where each picture has a row of its own.

    Args:
        inner: width and height of the page without its margins.
        caption: what its caption takes of the height.
        gap: what lies between two pictures.
    """
    width, height = inner
    rows = 2 if per_row == 1 else 3
    return width / per_row - gap, height / rows - caption


def _as_jpeg(image: object) -> bytes:
    from PIL import Image

    assert isinstance(image, Image.Image)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
