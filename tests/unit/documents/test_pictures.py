"""What is sent as evidence: what it really is, and a picture without its traces."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from bot.documents import kinds, pictures
from bot.messages import Checked, ContentKind, Refusal
from tests.evidence_files import PDF, archive, docx, odt, opened, photo

RED, BLUE = (254, 0, 0), (0, 0, 254)


def kept(data: bytes, name: str = "") -> Checked:
    """What was sent, and is kept."""
    found = pictures.check(data, name)
    assert isinstance(found, Checked), found
    return found


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Whether a JPEG's colour is about this one."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


# pictures


@pytest.mark.parametrize(
    ("orientation", "is_upright", "where_red_is"),
    [(1, True, "top"), (3, True, "bottom"), (6, False, "right"), (8, False, "left")],
)
def test_a_photo_is_turned_as_the_camera_was_held(
    orientation: int, is_upright: bool, where_red_is: str
) -> None:
    image = opened(kept(photo(400, 200, orientation=orientation)).data)

    assert image.size == ((400, 200) if is_upright else (200, 400))
    width, height = image.size
    places = {
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
    }
    assert near(image.getpixel(places[where_red_is]), RED)


def test_a_photo_becomes_small_and_loses_its_traces() -> None:
    sent = photo(4000, 2000, orientation=6, place=True)
    found = kept(sent, "IMG_1234.JPG")

    image = opened(found.data)
    assert image.size == (800, 1600)
    assert dict(image.getexif()) == {}
    assert b"Exif" not in found.data
    assert b"Camera" not in found.data
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert (found.kind, found.name) == (ContentKind.PICTURE, "IMG_1234.jpg")


def test_comments_colour_profiles_and_texts_are_dropped() -> None:
    image = Image.new("RGB", (40, 30), "red")
    for form in ("JPEG", "PNG"):
        target = io.BytesIO()
        image.save(target, form, comment=b"secret place", icc_profile=b"secret profile", dpi=(9, 9))
        assert b"secret" not in kept(target.getvalue()).data


def test_a_small_photo_is_not_made_larger() -> None:
    assert opened(kept(photo(40, 30)).data).size == (40, 30)


def test_a_screenshot_stays_a_png_and_its_holes_turn_white() -> None:
    image = Image.new("RGBA", (40, 30), (255, 0, 0, 0))
    target = io.BytesIO()
    image.save(target, "PNG")
    found = kept(target.getvalue())

    assert (found.media_type, found.name) == ("image/png", "照片.png")
    assert opened(found.data).getpixel((5, 5)) == (255, 255, 255)


def test_a_large_png_becomes_a_jpeg() -> None:
    target = io.BytesIO()
    Image.effect_noise((1200, 900), 90).save(target, "PNG")

    assert kept(target.getvalue(), "noise.png").name == "noise.jpg"


def test_of_a_moving_picture_the_first_one_is_kept() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])

    assert near(opened(kept(target.getvalue()).data).getpixel((5, 5)), (255, 0, 0))


def test_a_webp_becomes_a_jpeg() -> None:
    assert kept(photo(40, 30, form="WEBP"), "x.webp").media_type == "image/jpeg"


def test_a_grey_scan_with_16_bits_keeps_its_greys() -> None:
    target = io.BytesIO()
    Image.new("I;16", (40, 30), 32768).save(target, "PNG")

    assert near(opened(kept(target.getvalue()).data).getpixel((5, 5)), (128, 128, 128))


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG file."""
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


@pytest.mark.parametrize("side", [8000, 11000, 60000])
def test_a_bomb_is_not_opened(side: int) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")

    assert pictures.check(bomb, "small.png") is Refusal.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    "data",
    [
        photo()[:1000],
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
    ],
)
def test_a_broken_picture_is_refused(data: bytes) -> None:
    assert pictures.check(data, "x.jpg") is Refusal.BROKEN


def test_a_broken_orientation_does_not_matter() -> None:
    data = photo(40, 30, orientation=6)
    place = data.index(b"Exif\x00\x00") + 6
    broken = data[:place] + b"\xff" * 8 + data[place + 8 :]

    assert opened(kept(broken).data).size == (40, 30)


# files


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (PDF, "簽到表.pdf", "簽到表.pdf"),
        (PDF, "簽到表.exe", "簽到表.pdf"),
        (PDF, "", "檔案.pdf"),
        (docx(), "紀錄.docx", "紀錄.docx"),
        (docx(), "紀錄.jpg", "紀錄.docx"),
        (archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "a.xls", "a.xlsx"),
        (archive({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), "a", "a.pptx"),
        (odt(), "會議紀錄.odt", "會議紀錄.odt"),
        (odt("application/vnd.oasis.opendocument.spreadsheet"), "表.ods", "表.ods"),
        (odt("application/vnd.oasis.opendocument.presentation"), "報.odp", "報.odp"),
        ("姓名,人數\n王小明,3\n".encode(), "名單.csv", "名單.csv"),
        ("姓名,人數\n王小明,3\n".encode("cp950"), "名單.CSV", "名單.csv"),
        ("辦理情形".encode("utf-16"), "說明.txt", "說明.txt"),
        ("\ufeff辦理情形".encode(), "說明", "說明.txt"),
    ],
)
def test_a_document_is_kept_as_it_is_under_its_right_name(
    data: bytes, name: str, expected: str
) -> None:
    found = kept(data, name)

    assert (found.kind, found.name, found.data) == (ContentKind.FILE, expected, data)
    assert found.media_type == kinds.MEDIA_TYPES[expected.rpartition(".")[2]]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"MZ\x90\x00" + bytes(60), "成果.pdf", Refusal.PROGRAM),
        (b"\x7fELF" + bytes(60), "成果.docx", Refusal.PROGRAM),
        (b"\xcf\xfa\xed\xfe" + bytes(60), "成果.jpg", Refusal.PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", "說明.txt", Refusal.PROGRAM),
        (b"WScript.Echo(1)", "說明.js", Refusal.PROGRAM),
        (b"@echo off", "說明.txt.bat", Refusal.PROGRAM),
        (docx(**{"word/vbaProject.bin": b"x"}), "成果.docx", Refusal.PROGRAM),
        (docx(**{"word/activeX/activeX1.xml": b"x"}), "成果.docx", Refusal.PROGRAM),
        (docx(**{"word/embeddings/run.exe": b"MZ"}), "成果.docx", Refusal.PROGRAM),
        (odt(**{"Basic/Standard/Module1.xml": b"x"}), "成果.odt", Refusal.PROGRAM),
        (archive({"AndroidManifest.xml": b"", "classes.dex": b""}), "成果.docx", Refusal.PROGRAM),
        (archive({"setup.exe": b"MZ"}), "成果.docx", Refusal.PROGRAM),
        (archive({"a.txt": b"a"}), "成果.docx", Refusal.UNKNOWN),
        (odt("application/epub+zip"), "書.odt", Refusal.UNKNOWN),
        (docx()[:-30], "成果.docx", Refusal.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "成果.doc", Refusal.OLD_OFFICE),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "IMG_1.HEIC", Refusal.HEIC),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "片.mp4", Refusal.FILM),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(40), "音.m4a", Refusal.SOUND),
        (b"\x1a\x45\xdf\xa3" + bytes(40), "片.pdf", Refusal.FILM),
        (b"ID3\x04" + bytes(40), "音.pdf", Refusal.SOUND),
        (b"<!DOCTYPE html><script>alert(1)</script>", "說明.txt", Refusal.UNKNOWN),
        (b"<svg onload='alert(1)'/>", "圖.txt", Refusal.UNKNOWN),
        (bytes(range(256)), "x.txt", Refusal.UNKNOWN),
        (b"BM" + bytes(80), "x.bmp", Refusal.UNKNOWN),
        (b"", "x.pdf", Refusal.EMPTY),
        (bytes(pictures.MOST_BYTES + 1), "x.pdf", Refusal.TOO_LARGE),
    ],
)
def test_what_is_not_what_it_says_or_runs_is_refused(
    data: bytes, name: str, expected: Refusal
) -> None:
    assert pictures.check(data, name) is expected


def test_a_zip_that_would_unpack_to_more_than_any_disk_is_refused() -> None:
    data = archive({"[Content_Types].xml": b"", "word/document.xml": bytes(1000)})
    packed = data.replace(struct.pack("<I", 1000), struct.pack("<I", 0xFFFFFF00))

    assert pictures.check(packed, "x.docx") is Refusal.TOO_LARGE


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\王\\成果.pdf", "成果.pdf"),
        ("成果\u202efdp.exe", "成果 fdp.pdf"),
        ("a\x00b\nc.pdf", "a b c.pdf"),
        ("a.pdf.exe", "a.pdf"),
        ("113.5.20會議.pdf", "113.5.20會議.pdf"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("...", "檔案.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("長" * 300, "長" * 76 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(given: str, expected: str) -> None:
    assert kinds.safe_name(given, "pdf", otherwise="檔案") == expected
