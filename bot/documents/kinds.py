"""What a file really is: told by its content, never by its name."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib

from bot import phrases_reports
from bot.messages import Checked, ContentKind, Refusal

_NAME_LENGTH = 80
_MOST_ENTRIES = 10_000
_MOST_UNPACKED_BYTES = 1024**3

_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"\x00asm",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a shortcut of Windows
)
_RUNS = frozenset(
    re.findall(
        r"\w+",
        "exe dll com scr msi bat cmd ps1 vbs vbe js jse wsf wsh hta jar apk dex sh py pl lnk reg app"
        " dmg deb rpm",
    )
)
"""Suffixes of what a double click runs."""

_MACROS = ("vbaproject.bin", "activex/")
_ODF_MACROS = ("basic/", "scripts/")
_OOXML = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_ODF = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
}
_IN_OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{_IN_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_IN_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_IN_OFFICE}.presentationml.presentation",
    **{suffix: media_type for media_type, suffix in _ODF.items()},
    "txt": "text/plain",
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "png": "image/png",
}
"""By suffix what is kept as evidence."""

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_SOUNDS = (b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3", b"\xff\xf1", b"#!AMR")
_FILMS = (b"\x1a\x45\xdf\xa3", b"FLV", b"\x00\x00\x01\xba", b"0&\xb2u")
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body|script|iframe|svg|\?xml)", re.IGNORECASE)
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SUFFIX = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,4})$")
_KNOWN = frozenset({*MEDIA_TYPES, *_RUNS, "jpeg", "gif", "webp", "heic", "doc", "xls", "ppt"})
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def file_of(data: bytes, name: str) -> Checked | Refusal:
    """A document that may be kept, or why not.

    PDF, OpenDocument, OOXML without macros, plain text and CSV are kept as they are.

    Args:
        name: as the sender's telephone gave it; only plain text is believed its suffix.
    """
    found = _suffix_of(data, name)
    if isinstance(found, Refusal):
        return found
    return Checked(
        kind=ContentKind.FILE,
        name=safe_name(name, found, otherwise=phrases_reports.FILE),
        media_type=MEDIA_TYPES[found],
        data=data,
    )


def safe_name(given: str, suffix: str, *, otherwise: str) -> str:
    """A file name without folders and invisible or forbidden letters, with the right suffix.

    Args:
        given: what somebody's telephone or computer called it.
        suffix: what the content is, such as `pdf`.
        otherwise: the name where nothing of it is left.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    seen = "".join(" " if _is_hidden(letter) else letter for letter in last)
    stem = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(" .")
    while (match := _SUFFIX.search(stem)) and match[1].casefold() in _KNOWN:
        stem = stem[: match.start()].rstrip(" .")
    if _RESERVED.match(stem):
        stem = f"_{stem}"
    stem = stem[: _NAME_LENGTH - len(suffix) - 1].rstrip(" .")
    return f"{stem or otherwise}.{suffix}"


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _suffix_of(data: bytes, name: str) -> str | Refusal:
    if not data:
        return Refusal.EMPTY
    if (other := _of_another_kind(data)) is not None:
        return other
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _suffix_of_zip(data)
    return _suffix_of_text(data, name)


def _of_another_kind(data: bytes) -> Refusal | None:
    """What is neither a document nor a text, by its first bytes."""
    if data.startswith(_SOUNDS) or (data[:4] == b"RIFF" and data[8:12] == b"WAVE"):
        return Refusal.SOUND
    if data.startswith(_PROGRAMS):
        return Refusal.PROGRAM
    if data[4:8] == b"ftyp":
        return Refusal.HEIC if data[8:12] in _HEIC else _film_or_sound(data)
    if data.startswith(_FILMS) or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        return Refusal.FILM
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Refusal.OLD_OFFICE
    return None


def _film_or_sound(data: bytes) -> Refusal:
    return Refusal.SOUND if data[8:12] in (b"M4A ", b"M4B ") else Refusal.FILM


def _suffix_of_zip(data: bytes) -> str | Refusal:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _suffix_of_archive(archive)
    except _ZIP_FAULTS:
        return Refusal.BROKEN


def _suffix_of_archive(archive: zipfile.ZipFile) -> str | Refusal:
    entries = archive.infolist()
    names = {entry.filename.replace("\\", "/").casefold() for entry in entries}
    if any(_runs(name) or name.endswith("androidmanifest.xml") for name in names):
        return Refusal.PROGRAM
    if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_UNPACKED_BYTES:
        return Refusal.TOO_LARGE
    if "[content_types].xml" in names:
        if any(mark in name for name in names for mark in _MACROS):
            return Refusal.PROGRAM
        return next((kind for part, kind in _OOXML.items() if part in names), Refusal.UNKNOWN)
    if "mimetype" in names and "content.xml" in names:
        if any(name.startswith(_ODF_MACROS) for name in names):
            return Refusal.PROGRAM
        with archive.open("mimetype") as entry:
            return _ODF.get(entry.read(100).decode("ascii").strip(), Refusal.UNKNOWN)
    return Refusal.UNKNOWN


def _suffix_of_text(data: bytes, name: str) -> str | Refusal:
    match = _SUFFIX.search(name.strip())
    suffix = match[1].casefold() if match else "txt"
    if suffix in _RUNS:
        return Refusal.PROGRAM
    text = _text(data)
    if text is None or _MARKUP.search(text) or suffix not in ("txt", "csv"):
        return Refusal.UNKNOWN
    return suffix


def _text(data: bytes) -> str | None:
    """The bytes as text, None when they are none: UTF-8, Windows' UTF-16, or Big5."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp950")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(_is_control(letter) for letter in set(text)) else text
    return None


def _is_control(letter: str) -> bool:
    return letter not in "\t\n\r\f" and unicodedata.category(letter) == "Cc"


def _runs(name: str) -> bool:
    return name.rpartition(".")[2] in _RUNS
