"""What kind of file something is, told by its content and never by its name alone."""

import re
from dataclasses import dataclass

MAGIC = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"GIF87a", "image/gif", (".gif",)),
    (b"GIF89a", "image/gif", (".gif",)),
    (b"BM", "image/bmp", (".bmp",)),
    (b"II*\x00", "image/tiff", (".tif", ".tiff")),
    (b"MM\x00*", "image/tiff", (".tif", ".tiff")),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "application/x-ole-storage",
        (".doc", ".xls", ".ppt", ".msg"),
    ),
    (b"ID3", "audio/mpeg", (".mp3",)),
)
"""First bytes, content type, endings that go with it."""

OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip",
}
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822"}

FOUND = frozenset(
    {content_type for _magic, content_type, _endings in MAGIC}
    | {"image/webp", "video/mp4", *OFFICE.values(), *TEXTS.values()}
)
"""Content types that are found in the content, so nobody may claim them."""

UNKNOWN = "application/octet-stream"
_CONTENT_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}")

ACCEPTED = "PDF、图片（PNG、JPG、GIF、BMP、TIFF、WebP）、Office 文档、TXT、CSV、EML、ZIP、MP3、MP4"
"""What is taken, for the sentence of a refusal."""


@dataclass(frozen=True)
class FileKind:
    """A kind that is taken."""

    content_type: str


def kind_of(file_name: str, content: bytes) -> FileKind | None:
    """Return the kind of a file, or None when it is none that is taken, or its name says another.

    HTML, SVG and programs are never taken from a page: shown in a browser or run by mistake they do harm.
    """
    ending = _ending(file_name)
    for magic, content_type, endings in MAGIC:
        if content.startswith(magic):
            return FileKind(content_type) if ending in endings else None
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileKind("image/webp") if ending == ".webp" else None
    if content[4:8] == b"ftyp":
        return FileKind("video/mp4") if ending in (".mp4", ".m4v", ".mov") else None
    if content.startswith(b"PK\x03\x04"):
        return FileKind(OFFICE[ending]) if ending in OFFICE else None
    if ending in TEXTS and _is_text(content):
        return FileKind(TEXTS[ending])
    return None


def any_kind_of(file_name: str, content: bytes, claimed: str) -> FileKind:
    """Return the kind of a file of any kind: as found in the content, else the type that is claimed.

    Args:
        file_name: Its name.
        content: Its bytes.
        claimed: What its sender says; parameters are left off.
    """
    found = kind_of(file_name, content)
    if found is not None:
        return found
    said = claimed.partition(";")[0].strip().lower()
    is_believed = _CONTENT_TYPE.fullmatch(said) is not None and said not in FOUND
    return FileKind(said if is_believed else UNKNOWN)


def _ending(file_name: str) -> str:
    _, dot, ending = file_name.rpartition(".")
    return f".{ending.lower()}" if dot else ""


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
