"""Styles and scripts under an address that changes when they do.

Style sheets are written one file a component and served as one; scripts keep their
folders, because they import each other by relative address. Everything stands under
`/static/<digest of all of it>/`, so that a browser may keep it for ever.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PACKAGE = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """Return `templates` or `static`: inside the installed wheel, or beside `forum`."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def stylesheet(static: Path) -> str:
    """Return all style sheets as one, in the order of their layers."""
    css = static / "css"
    ordered = [
        css / "layers.css",
        css / "tokens.css",
        css / "base.css",
        css / "layout.css",
        *sorted(css.glob("components/*.css")),
        *sorted(css.glob("pages/*.css")),
        css / "utilities.css",
    ]
    return "\n".join(path.read_text("utf-8") for path in ordered if path.exists())


def digest(static: Path) -> str:
    """Return a short digest of every shipped file and its name."""
    total = hashlib.sha256()
    for path in sorted(static.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(static).as_posix().encode() + b"\0")
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def prepare(static: Path, cache: Path) -> tuple[str, Path]:
    """Lay the served folder out in `cache`, compressed, and return digest and folder.

    Built aside and renamed into place: two processes that start at once do no harm.
    """
    version = digest(static)
    target = cache / version
    if target.is_dir():
        return version, target
    cache.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=cache))
    shutil.copytree(static, aside, dirs_exist_ok=True)
    shutil.rmtree(aside / "css")
    (aside / "css").mkdir()
    (aside / "css" / "app.css").write_text(stylesheet(static), "utf-8")
    compressor = Compressor(quiet=True, use_brotli=False)
    for path in sorted(aside.rglob("*")):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))
    try:
        aside.rename(target)
    except OSError:
        # Another process was faster, with the same bytes.
        shutil.rmtree(aside)
    return version, target


def serve(wsgi_app: WhiteNoise, version: str, folder: Path) -> WhiteNoise:
    """Let WhiteNoise answer for the files, before the application is asked."""
    server = WhiteNoise(
        wsgi_app, max_age=31_536_000, immutable_file_test=lambda _path, _url: True
    )
    server.add_files(str(folder), prefix=f"static/{version}/")
    return server
