"""The files of others are exactly the published ones, named with their licence."""

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parent.parent.parent / "static" / "vendor"


def test_manifest_names_every_vendored_file_with_its_hash() -> None:
    listed = json.loads((VENDOR / "MANIFEST.json").read_text("utf-8"))["files"]
    for row in listed:
        digest = hashlib.sha256((VENDOR / row["path"]).read_bytes()).hexdigest()
        assert digest == row["sha256"], f"{row['path']} was changed"
        assert row["version"] and row["licence"]
        assert (VENDOR / row["licence_file"]).is_file()
    present = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent.name != "LICENSES"
    }
    assert present == {row["path"] for row in listed} | {"MANIFEST.json"}
