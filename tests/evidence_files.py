"""Makes what officers send as evidence, and what they had better not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

ORIENTATION, PLACE = 0x0112, 0x8825


def photo(
    width: int = 2000,
    height: int = 1000,
    *,
    orientation: int = 1,
    place: bool = False,
    form: str = "JPEG",
) -> bytes:
    """A picture, red above and blue below as the camera saw it, with a camera's metadata."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width, height // 2))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "Camera"
    if place:
        where = exif.get_ifd(PLACE)
        where[1], where[2] = "N", (22.0, 37.0, 30.0)
    target = io.BytesIO()
    image.save(target, form, exif=exif)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture as its viewer sees it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return target.getvalue()


def docx(**more: bytes) -> bytes:
    """As much of a Word document as tells what it is."""
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def odt(media_type: str = "application/vnd.oasis.opendocument.text", **more: bytes) -> bytes:
    """As much of an OpenDocument file as tells what it is."""
    return archive({"mimetype": media_type.encode(), "content.xml": b"<o/>", **more})


PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
