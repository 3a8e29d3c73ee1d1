"""Pictures and files as people hand them in, made fit to be kept and shown.

A JPEG, PNG, GIF or WebP is written anew: the way up is applied, and with everything
else a camera wrote down, the position is gone, and so is anything hidden behind the
picture. All other files go unchanged and are only ever handed out as downloads.
"""

import io
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from forum.sniffing import RefusedFile, ending_of, sniff

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Inspected", "RefusedFile", "inspect", "safe_name", "thumbnail"]

MOST_PIXELS = 40_000_000
# All frames of an animation together: each of them costs time and memory.
MOST_ANIMATED_PIXELS = 100_000_000
LONGEST_NAME = 120
_MOST_NAME_BYTES = 240
_SIGNATURE = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|RIFF....WEBP", re.DOTALL
)
_PICTURES = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}
# What of a picture's side information changes how it looks; the rest is dropped.
_LOOKS = ("icc_profile", "transparency", "background", "loop", "duration", "disposal")
_ORIENTATION = 0x0112
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept; ``kind`` image may be shown inside a page."""

    media_type: str
    kind: Literal["image", "file"]
    extension: str
    width: int | None
    height: int | None
    data: bytes


def inspect(data: bytes, name: str) -> Inspected:
    """What the bytes truly are, and the bytes to keep; RefusedFile says why not.

    A picture without our four formats (SVG, TIFF, HEIC) is a file like any other.
    """
    if not _SIGNATURE.match(data):
        media_type, extension = sniff(data, name)
        return Inspected(media_type, "file", extension, None, None, data)
    try:
        with _open(data) as image:
            # A phone's MPO is a JPEG with more pictures behind it.
            form = "JPEG" if image.format == "MPO" else str(image.format)
            media_type, extension = _PICTURES[form]
            clean, size = _written_anew(image, form, data)
    except RefusedFile:
        raise
    except Exception as error:  # Pillow raises whatever broken bytes lead it to.
        raise RefusedFile("file.broken_image") from error
    return Inspected(media_type, "image", extension, *size, clean)


def thumbnail(data: bytes, *, max_side: int = 480) -> bytes:
    """A small WebP of the picture (its first frame), never larger than it was."""
    from PIL import ImageOps

    try:
        with _open(data) as image:
            image.draft("RGB", (max_side, max_side))
            small = ImageOps.exif_transpose(image)
            has_alpha = "A" in small.getbands() or "transparency" in small.info
            if small.mode == "CMYK":
                small = _on_screen(small)
            small = small.convert("RGBA" if has_alpha else "RGB")
            small.thumbnail((max_side, max_side))
            return _saved(small, "WEBP", quality=80)
    except RefusedFile:
        raise
    except Exception as error:
        raise RefusedFile("file.broken_image") from error


def safe_name(name: str, extension: str) -> str:
    """The name to show and to download under: no folders, no tricks, true ending.

    Invisible and direction-changing characters go, so that ``gpj.exe`` never reads as
    ``exe.jpg``; at most 120 characters with the ending.
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    shown = re.sub(r'[\s<>:"|?*\u2028\u2029]+', " ", shown)
    stem = shown.strip(" .")
    # "notes.2024" has no ending, "a.tar.gz" keeps its tar.
    if re.fullmatch(r"(?=.*[a-z])[a-z0-9]{1,8}", ending_of(stem)):
        stem = stem.rpartition(".")[0].rstrip(" .")
    stem = stem or "file"
    if _RESERVED.fullmatch(stem):
        stem = f"file {stem}"
    stem = stem[: LONGEST_NAME - len(extension) - 1]
    while len(f"{stem}.{extension}".encode()) > _MOST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip(' .')}.{extension}"


def _open(data: bytes) -> "Image":
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(data), formats=list(_PICTURES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    frames: int = getattr(image, "n_frames", 1) if image.format != "MPO" else 1
    pixels = image.width * image.height
    if pixels > MOST_PIXELS or (frames > 1 and pixels * frames > MOST_ANIMATED_PIXELS):
        raise _too_many_pixels()
    return image


def _too_many_pixels() -> RefusedFile:
    return RefusedFile("file.too_many_pixels", megapixels=MOST_PIXELS // 1_000_000)


def _written_anew(
    image: "Image", form: str, data: bytes
) -> tuple[bytes, tuple[int, int]]:
    from PIL import ImageOps

    if getattr(image, "n_frames", 1) > 1 and form != "JPEG":
        return _animation(image, form, data), image.size
    image.load()
    turned = ImageOps.exif_transpose(image)
    options: dict[str, Any] = {}
    if form == "JPEG":
        options = {"quality": 92, "optimize": True}
        if turned.mode == "CMYK":
            turned = _on_screen(turned)
        elif image.format == "JPEG" and image.getexif().get(_ORIENTATION, 1) == 1:
            # Pixels that stay where they are can keep the tables they came with.
            turned, options = image, {"quality": "keep", "optimize": True}
    elif form == "WEBP":
        options = _webp(data)
    _forget(turned)
    return _saved(turned, form, **options), turned.size


def _animation(image: "Image", form: str, data: bytes) -> bytes:
    durations: list[float] = []
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        image.load()
        durations.append(image.info.get("duration", 0))
    image.seek(0)
    _forget(image)
    options: dict[str, Any] = {"save_all": True, "duration": durations}
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    if form == "WEBP":
        options |= _webp(data)
    return _saved(image, form, **options)


def _webp(data: bytes) -> dict[str, Any]:
    return {"lossless": True} if b"VP8L" in data[:4096] else {"quality": 90}


def _on_screen(image: "Image") -> "Image":
    """Printing colours as screen colours; their profile no longer fits."""
    screen = image.convert("RGB")
    screen.info.pop("icc_profile", None)
    return screen


def _forget(image: "Image") -> None:
    """Drop side information, which the writers would copy over on their own."""
    image.info = {key: image.info[key] for key in _LOOKS if key in image.info}


def _saved(image: "Image", form: str, **options: Any) -> bytes:
    target = io.BytesIO()
    profile = image.info.get("icc_profile")
    image.save(target, form, exif=b"", icc_profile=profile, **options)
    return target.getvalue()
