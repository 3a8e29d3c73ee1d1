"""Pictures lose what a camera wrote down, and nothing poses as what it is not."""

import io
import json
import struct
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence, PngImagePlugin

from forum.images import LONGEST_NAME, RefusedFile, inspect, safe_name, thumbnail

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "attachments"
FORMATS = {
    "JPEG": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "GIF": ("image/gif", "gif"),
    "WEBP": ("image/webp", "webp"),
}


def _picture(form: str, size=(40, 20), **options) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SECRETCAMERA"
    exif[0x8825] = {1: "N", 2: (51.0, 28.0, 40.0), 3: "W", 4: (0.0, 0.0, 5.0)}
    return exif


def _animation(form: str, colours=("red", "green", "blue"), **options) -> bytes:
    frames = [Image.new("RGB", (30, 20), colour) for colour in colours]
    target = io.BytesIO()
    frames[0].save(
        target,
        form,
        save_all=True,
        append_images=frames[1:],
        duration=[100, 250, 400],
        **options,
    )
    return target.getvalue()


def _zip(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return target.getvalue()


def _office(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, b"<x/>")
    return target.getvalue()


@pytest.mark.parametrize("form", FORMATS)
def test_pictures_are_known_by_their_content(form: str) -> None:
    found = inspect(_picture(form), "holiday.exe")
    assert (found.kind, found.width, found.height) == ("image", 40, 20)
    assert (found.media_type, found.extension) == FORMATS[form]
    with Image.open(io.BytesIO(found.data)) as image:
        image.load()
        assert image.format == form


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_position_goes_and_the_way_up_stays(form: str, orientation: int) -> None:
    lossless = {"lossless": True} if form == "WEBP" else {}
    data = _picture(form, exif=_exif(orientation), **lossless)
    assert b"SECRETCAMERA" in data
    found = inspect(data, "a.jpg")
    assert b"SECRETCAMERA" not in found.data and b"Exif" not in found.data
    with Image.open(io.BytesIO(found.data)) as image:
        assert not image.getexif()
        turned = orientation in (6, 8)
        assert image.size == (found.width, found.height)
        assert image.size == ((20, 40) if turned else (40, 20))
        corner = {1: (2, 2), 3: (37, 17), 6: (17, 2), 8: (2, 37)}[orientation]
        red, green, _ = image.convert("RGB").getpixel(corner)
        assert red > 200 and green < 80


def test_hidden_words_beside_a_picture_go() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "SECRETWORDS")
    words.add_itxt("XML:com.adobe.xmp", "<gps>SECRETWORDS</gps>")
    for data in (
        _picture("PNG", pnginfo=words),
        _picture("PNG") + b"<script>SECRETWORDS</script>",
        _picture("JPEG", comment=b"SECRETWORDS", xmp=b"SECRETWORDS"),
        _picture("GIF", comment=b"SECRETWORDS"),
        _picture("WEBP", xmp=b"SECRETWORDS"),
    ):
        assert b"SECRETWORDS" in data
        assert b"SECRETWORDS" not in inspect(data, "a").data


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_animations_stay_whole(form: str) -> None:
    options = {"lossless": True} if form == "WEBP" else {}
    found = inspect(_animation(form, loop=0, **options), "a.gif")
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.n_frames == 3
        assert image.info["loop"] == 0
        durations, colours = [], []
        for frame in ImageSequence.Iterator(image):
            frame.load()
            durations.append(round(frame.info["duration"]))
            colours.append(frame.convert("RGB").getpixel((5, 5)))
        assert durations == [100, 250, 400]
        assert colours == [(255, 0, 0), (0, 128, 0), (0, 0, 255)]


def test_transparency_stays() -> None:
    image = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    target = io.BytesIO()
    image.save(target, "PNG")
    found = inspect(target.getvalue(), "a.png")
    with Image.open(io.BytesIO(found.data)) as kept:
        assert kept.convert("RGBA").getpixel((1, 1))[3] == 0


def test_printing_colours_become_screen_colours() -> None:
    target = io.BytesIO()
    Image.new("CMYK", (10, 10), (0, 255, 255, 0)).save(target, "JPEG")
    found = inspect(target.getvalue(), "a.jpg")
    with Image.open(io.BytesIO(found.data)) as image:
        assert image.mode == "RGB"
    assert thumbnail(target.getvalue())


def test_a_phone_picture_with_more_behind_it_becomes_a_plain_one() -> None:
    target = io.BytesIO()
    first = Image.new("RGB", (20, 10), "red")
    first.save(target, "MPO", save_all=True, append_images=[first.copy()])
    found = inspect(target.getvalue(), "a.jpg")
    with Image.open(io.BytesIO(found.data)) as image:
        assert (image.format, image.size) == ("JPEG", (20, 10))


def _png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = (
        chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(8_000, 5_001), (10_000, 10_000), (60_000, 60_000)])
def test_pictures_of_too_many_pixels_are_refused(size: tuple[int, int]) -> None:
    for ask in (lambda data: inspect(data, "a.png"), thumbnail):
        with pytest.raises(RefusedFile) as caught:
            ask(_png_claiming(*size))
        assert caught.value.key == "file.too_many_pixels"
        assert caught.value.params == {"megapixels": 40}


def test_animations_of_too_many_pixels_are_refused() -> None:
    frames = [Image.new("P", (2_000, 2_000), n) for n in range(30)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(RefusedFile) as caught:
        inspect(target.getvalue(), "a.gif")
    assert caught.value.key == "file.too_many_pixels"


@pytest.mark.parametrize("form", FORMATS)
@given(data=st.data())
def test_broken_pictures_are_refused_and_never_raise(form: str, data) -> None:
    whole = bytearray(_picture(form))
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(12, len(whole) - 1))] = data.draw(
            st.integers(0, 255)
        )
    broken = bytes(whole[: data.draw(st.integers(12, len(whole)))])
    for ask in (lambda given: inspect(given, "a"), thumbnail):
        try:
            ask(broken)
        except RefusedFile as refused:
            assert refused.key in {"file.broken_image", "file.too_many_pixels"}


def test_a_picture_cut_short_is_refused() -> None:
    with pytest.raises(RefusedFile) as caught:
        inspect(_picture("PNG", (400, 400))[:-80], "a.png")
    assert caught.value.key == "file.broken_image"


@pytest.mark.parametrize(
    ("data", "name", "media_type", "extension"),
    [
        (b"hello", "a.md", "text/plain", "md"),
        (b"hello", "a.bat", "text/plain", "txt"),
        (b"hello", "README", "text/plain", "txt"),
        ("Übung".encode("latin-1"), "a.csv", "text/plain", "csv"),
        ("Übung".encode("utf-16"), "a.txt", "text/plain", "txt"),
        (b"#!/bin/sh\necho hi\n", "a.sh", "text/plain", "sh"),
        (b"Use `<script>` here", "a.md", "text/plain", "md"),
        (b"<svg onload=x>", "a.png", "application/octet-stream", "svg"),
        (b"<?xml version='1.0'?><svg/>", "a", "application/octet-stream", "svg"),
        (
            b"\xef\xbb\xbf <!DOCTYPE HTML><p>",
            "a.txt",
            "application/octet-stream",
            "html",
        ),
        ("<html>".encode("utf-16"), "a.txt", "application/octet-stream", "html"),
        (b"alert(1)", "a.html", "application/octet-stream", "html"),
        (b"<?xml version='1.0'?><a/>", "a", "application/octet-stream", "xml"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a.html", "application/pdf", "pdf"),
        (_zip(a_dot_txt=b"x"), "a.exe", "application/zip", "zip"),
        (
            _zip(mimetype=b"application/vnd.oasis.opendocument.text"),
            "a",
            "application/vnd.oasis.opendocument.text",
            "odt",
        ),
        (
            _office("word/document.xml"),
            "a.zip",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99,
            "a.doc",
            "application/msword",
            "doc",
        ),
        (b"\x1f\x8b\x08\0" + b"\0" * 20, "a.tar.gz", "application/gzip", "gz"),
        (b"\x00\x01\x02nobody knows", "a.exe", "application/octet-stream", "bin"),
    ],
)
def test_files_are_known_by_their_content(data, name, media_type, extension) -> None:
    found = inspect(data, name)
    assert (found.kind, found.media_type, found.extension) == (
        "file",
        media_type,
        extension,
    )
    assert found.data == data
    assert (found.width, found.height) == (None, None)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "file.empty"),
        (b"MZ\x90\0" + b"\0" * 60, "file.program"),
        (b"\x7fELF\x02\x01\x01", "file.program"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", "file.program"),
        (b"PK\x03\x04 cut short", "file.broken"),
        (_office("word/document.xml", "word/vbaProject.bin"), "file.macros"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes.fromhex("84100c0000000000c000000000000046"),
            "file.program",
        ),
    ],
)
def test_refused_files_say_why(data: bytes, key: str) -> None:
    with pytest.raises(RefusedFile) as caught:
        inspect(data, "photo.png")
    assert caught.value.key == key


@given(st.binary(max_size=300), st.text(max_size=20))
def test_any_bytes_are_kept_unchanged_or_refused(data: bytes, name: str) -> None:
    try:
        found = inspect(data, name)
    except RefusedFile as refused:
        assert refused.key.startswith("file.")
    else:
        assert found.kind == "image" or found.data == data


def test_thumbnails_are_small_upright_and_never_larger() -> None:
    with Image.open(
        io.BytesIO(thumbnail(_picture("PNG", (900, 300)), max_side=90))
    ) as i:
        assert (i.format, i.size) == ("WEBP", (90, 30))
    turned = _picture("JPEG", (900, 300), exif=_exif(6))
    with Image.open(io.BytesIO(thumbnail(turned, max_side=90))) as image:
        assert image.size == (30, 90)
        assert not image.getexif()
    with Image.open(io.BytesIO(thumbnail(_animation("GIF")))) as image:
        assert image.size == (30, 20)
    with pytest.raises(RefusedFile):
        thumbnail(b"no picture")


@pytest.mark.parametrize(
    ("name", "extension", "safe"),
    [
        ("environments.png", "jpg", "environments.jpg"),
        ("photo.JPEG", "jpg", "photo.jpg"),
        ("..\\..\\C:\\Users\\me\\plan.pdf", "pdf", "plan.pdf"),
        ("../../etc/passwd", "txt", "passwd.txt"),
        ("\u202egpj.exe", "txt", "gpj.txt"),
        ("a.tar.gz", "gz", "a.tar.gz"),
        ("notes.2024", "txt", "notes.2024.txt"),
        (".htaccess", "txt", "htaccess.txt"),
        ("con", "txt", "file con.txt"),
        ('a"\r\nb<c>.md', "md", "a b c.md"),
        ("", "bin", "file.bin"),
        ("東京.png", "png", "東京.png"),
    ],
)
def test_names_that_are_safe_to_show(name: str, extension: str, safe: str) -> None:
    assert safe_name(name, extension) == safe


@given(st.text(max_size=300), st.sampled_from(["png", "jpg", "txt", "bin", "docx"]))
def test_any_name_becomes_safe_and_stays_so(name: str, extension: str) -> None:
    safe = safe_name(name, extension)
    assert len(safe) <= LONGEST_NAME and len(safe.encode()) <= 255
    assert safe.endswith(f".{extension}") and not safe.startswith(".")
    assert not set(safe) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(char)[0] == "C" for char in safe)
    assert safe_name(safe, extension) == safe


@pytest.mark.corpus
@pytest.mark.usefixtures("corpus")
def test_the_sample_attachments() -> None:
    rows = map(json.loads, (CORPUS / "manifest.jsonl").read_text().splitlines())
    for row in rows:
        data = (CORPUS / row["file"]).read_bytes()
        found = inspect(data, row["file"])
        if row["media_type"] == "image/svg+xml":
            assert (found.kind, found.media_type) == (
                "file",
                "application/octet-stream",
            )
            assert found.extension == "svg"
        else:
            assert found.media_type == row["media_type"]
        if found.kind == "image":
            assert thumbnail(found.data)
            with Image.open(io.BytesIO(found.data)) as image:
                assert not image.getexif()
    with Image.open(CORPUS / "photo-with-gps.jpg") as before:
        width, height = before.size
    after = inspect((CORPUS / "photo-with-gps.jpg").read_bytes(), "photo-with-gps.jpg")
    assert (after.width, after.height) == (height, width)
