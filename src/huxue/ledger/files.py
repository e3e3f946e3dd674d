"""The bytes of photos and files: kept once by their SHA-256 in the site's folder, ``files/ab/<sha256>``.

Beside each lies ``<sha256>.json``: media type, size, the name it came with, when it was taken (of a picture that said
so) and when it arrived. Pictures are drawn anew without what cameras and telephones write into them: no place, no
device, no owner stays. A picture that carries nothing of the sort keeps its bytes, and so the hash that a device gave
it. Nothing here decides who may read a file.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from huxue.core.values import Refused, minute_of
from huxue.ledger.attachments import arrived

MEGABYTE: Final = 1_000_000
PICTURES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PAPERS: Final = {  # media type → what it may be called; by their first bytes these are one of the three below
    "pdf": "application/pdf",
    "doc": "application/msword", "wps": "application/msword",
    "xls": "application/vnd.ms-excel", "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd", "zip": "application/zip", "mp4": "video/mp4",
}  # fmt: skip
_STARTS: Final[tuple[tuple[bytes, tuple[str, ...]], ...]] = (
    (b"%PDF-", ("pdf",)),
    (b"PK\x03\x04", ("docx", "xlsx", "pptx", "ofd", "zip")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("doc", "wps", "xls", "et", "ppt")),
)
LONGEST_SIDE: Final = 2_560  # pixels; a page at 300 dpi shows no more
MOST_PIXELS: Final = 80_000_000
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_QUALITY: Final = 85
_MARKED: Final = ("exif", "xmp", "comment", "icc_profile", "photoshop", "Raw profile type exif")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is here. ``taken``, ``received``: minutes; ``name``: as it was called where it came from."""

    sha256: str
    media_type: str
    size: int
    name: str
    received: int
    taken: int | None = None

    @property
    def picture(self) -> bool:
        """Whether a page may show it."""
        return self.media_type in PICTURES


def keep(site: Path, content: bytes, *, name: str, now: int, most: int, pictures_only: bool = False) -> Kept:
    """Keep a file and mark it present wherever a fact names it. The same bytes twice are one file.

    ``most``: bytes. Refuses ``file_empty``, ``file_too_large``, ``file_type``, ``file_broken``.
    """
    if not content:
        raise Refused("file_empty", f"“{name}”是空文件。", f"'{name}' is empty.")
    if len(content) > most:
        raise too_large(name, most)
    media_type = media_type_of(content, name, pictures_only=pictures_only)
    taken = None
    if media_type in PICTURES:
        content, taken = _picture(content, media_type, name)
    kept = Kept(sha256(content).hexdigest(), media_type, len(content), shortened(name), now, taken)
    return _kept(site, content, kept)


def keep_text(site: Path, text: str, *, now: int) -> Kept:
    """Keep what somebody signed, so that the hash of a signature leads to words."""
    content = text.encode()
    return _kept(site, content, Kept(sha256(content).hexdigest(), "text/plain", len(content), "signed.txt", now))


def _kept(site: Path, content: bytes, kept: Kept) -> Kept:
    place = path_of(site, kept.sha256)
    earlier = found(site, kept.sha256)
    if earlier is None:
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, content)
        _write(place.with_suffix(".json"), json.dumps(asdict(kept), ensure_ascii=False).encode())
    arrived(kept.sha256)
    return earlier or kept


def found(site: Path, digest: str) -> Kept | None:
    """Return what is known of a file, ``None`` where it has not arrived."""
    if not _SHA.fullmatch(digest):
        return None
    try:
        said: dict[str, Any] = json.loads(path_of(site, digest).with_suffix(".json").read_bytes())
    except FileNotFoundError:
        return None
    return Kept(**said)


def path_of(site: Path, digest: str) -> Path:
    """Return where the bytes with this hash lie or would lie. Raises ``ValueError`` for what is no hash."""
    if not _SHA.fullmatch(digest):
        raise ValueError(digest)
    return site / "files" / digest[:2] / digest


def too_large(name: str, most: int) -> Refused:
    """Return the refusal of a file above the bound."""
    bound = most // MEGABYTE
    return Refused(
        "file_too_large",
        f"“{name}”超过 {bound} MB，没有保存。请压缩后再传。",
        f"'{name}' is over {bound} MB and was not kept. Make it smaller and send it again.",
    )


def media_type_of(content: bytes, name: str, *, pictures_only: bool = False) -> str:
    """Return the media type by the first bytes; the ending only tells apart what begins alike.

    Refuses ``file_type``: what is neither a picture, a PDF, an office document nor a short film.
    """
    picture = _picture_type(content)
    if picture:
        return picture
    ending = name.rpartition(".")[2].lower()
    allowed = next((names for start, names in _STARTS if content.startswith(start)), ())
    if content[4:8] == b"ftyp":
        allowed = ("mp4",)
    if pictures_only or not allowed:
        raise _wrong_type(name, pictures_only=pictures_only)
    return PAPERS[ending if ending in allowed else allowed[0]]


def _picture_type(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _wrong_type(name: str, *, pictures_only: bool) -> Refused:
    zh = (
        "JPG、PNG 或 WebP 照片"
        if pictures_only
        else "照片（JPG、PNG、WebP）、PDF、OFD、Word、Excel、WPS、PPT、ZIP 或 MP4"
    )
    en = (
        "a JPG, PNG or WebP photo"
        if pictures_only
        else "a photo (JPG, PNG, WebP), PDF, OFD, office document, ZIP or MP4"
    )
    return Refused("file_type", f"“{name}”不是{zh}，没有保存。", f"'{name}' is not {en}; it was not kept.")


def _picture(content: bytes, media_type: str, name: str) -> tuple[bytes, int | None]:
    """Return a picture without what was written into it, and when it said it was taken."""
    try:
        with Image.open(BytesIO(content), formats=[PICTURES[media_type]]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("file_too_large", f"“{name}”的像素过多。", f"'{name}' has too many pixels.")
            taken = _taken(opened)
            plain = max(opened.size) <= LONGEST_SIDE and not any(opened.info.get(mark) for mark in _MARKED)
            plain = plain and not opened.getexif()
            opened.load()
            return (content if plain else _drawn_anew(opened, media_type)), taken
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise Refused("file_broken", f"“{name}”不是完好的照片。", f"'{name}' is not a sound picture.") from problem


def _drawn_anew(opened: Image.Image, media_type: str) -> bytes:
    upright = ImageOps.exif_transpose(opened) or opened
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if media_type == "image/jpeg" and upright.mode not in ("RGB", "L"):
        upright = upright.convert("RGB")
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if upright.mode == "P" and (palette := upright.getpalette()):
        bare.putpalette(palette)
    out = BytesIO()
    bare.save(out, PICTURES[media_type], quality=_QUALITY)
    return out.getvalue()


def _taken(opened: Image.Image) -> int | None:
    exif = opened.getexif()
    said = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    try:
        return minute_of(datetime.strptime(str(said)[:19], "%Y:%m:%d %H:%M:%S"))  # noqa: DTZ007 - civil time of the camera
    except ValueError:
        return None


def shortened(name: str) -> str:
    """Return a name without folders and signs that no file name should have."""
    bare = re.sub(r'[\x00-\x1f\x7f"<>|:*?\\/]', "_", re.split(r"[\\/]", name)[-1]).strip(". ") or "file"
    stem, dot, ending = bare.rpartition(".")
    return f"{(stem or ending)[:80]}{dot}{ending[:8]}" if stem else bare[:80]


def _write(place: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    part = place.with_name(f".{place.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)
