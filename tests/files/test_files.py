"""The store keeps all of a file or nothing, once, under the digest of its bytes."""

import hashlib
import io
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.files import FileStore, Stored, TooLarge


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def _every_file(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.binary(max_size=2_000))
def test_what_goes_in_comes_out(store: FileStore, data: bytes) -> None:
    stored = store.put(io.BytesIO(data), limit=2_000)
    assert stored == Stored(hashlib.sha256(data).hexdigest(), len(data))
    with store.open(stored.digest) as file:
        assert file.read() == data
    assert stored.digest in set(store.digests())


def test_equal_files_are_kept_once_at_the_promised_place(store: FileStore) -> None:
    one = store.put(io.BytesIO(b"same"), limit=10)
    assert store.put(io.BytesIO(b"same"), limit=10) == one
    assert _every_file(store) == [store.root / one.digest[:2] / one.digest[2:]]


def test_a_file_over_the_limit_leaves_nothing_behind(store: FileStore) -> None:
    with pytest.raises(TooLarge) as caught:
        store.put(io.BytesIO(b"x" * 11), limit=10)
    assert (caught.value.key, caught.value.params) == ("file.too_large", {"limit": 10})
    assert _every_file(store) == []
    assert store.put(io.BytesIO(b"x" * 10), limit=10).size == 10


def test_a_stream_that_breaks_leaves_nothing_behind(store: FileStore) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        store.put(Broken(), limit=10)  # type: ignore[arg-type]
    assert _every_file(store) == []


def test_a_file_cut_short_is_mended_by_the_next_put(store: FileStore) -> None:
    stored = store.put(io.BytesIO(b"whole"), limit=10)
    (store.root / stored.digest[:2] / stored.digest[2:]).write_bytes(b"wh")
    store.put(io.BytesIO(b"whole"), limit=10)
    with store.open(stored.digest) as file:
        assert file.read() == b"whole"


def test_deleting(store: FileStore) -> None:
    stored = store.put(io.BytesIO(b"gone soon"), limit=10)
    assert store.exists(stored.digest)
    assert store.delete(stored.digest)
    assert not store.exists(stored.digest)
    assert not store.delete(stored.digest)
    assert list(store.digests()) == []
    with pytest.raises(FileNotFoundError):
        store.open(stored.digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "a" * 63 + "/"])
def test_only_digests_lead_into_the_store(store: FileStore, digest: str) -> None:
    for ask in (store.open, store.exists, store.delete):
        with pytest.raises(ValueError, match="digest"):
            ask(digest)


def test_sweeping_removes_what_a_killed_process_left(store: FileStore) -> None:
    stored = store.put(io.BytesIO(b"kept"), limit=10)
    half = store.root / "unfinished" / "half"
    half.write_bytes(b"ha")
    os.utime(half, (1_000, 1_000))
    assert list(store.digests()) == [stored.digest]
    assert store.sweep(before=999) == 0
    assert store.sweep(before=2_000) == 1
    assert store.sweep(before=2_000) == 0
    assert list(store.digests()) == [stored.digest]


def test_many_may_put_the_same_file_at_once(store: FileStore) -> None:
    data, found = os.urandom(100_000), []

    def put() -> None:
        found.append(store.put(io.BytesIO(data), limit=200_000))

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    with store.open(found[0].digest) as file:
        assert file.read() == data
    assert len(_every_file(store)) == 1
