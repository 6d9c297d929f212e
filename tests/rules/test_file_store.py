"""Files are kept whole or not at all, by what they say."""

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest

from aupolicy.kernel.file_store import FileStore, UnableToStoreFile


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@contextmanager
def full_disk() -> Iterator[None]:
    """Nobody can write more than ten bytes into a file: not even pytest its dots."""
    before = getrlimit(RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    setrlimit(RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        setrlimit(RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def list_files(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_the_same_content_is_kept_once(store: FileStore) -> None:
    digest = store.put(b"Abrechnung")
    assert store.put(b"Abrechnung") == digest
    assert store.get(digest) == b"Abrechnung"
    assert list_files(store) == [store.path(digest)]


def test_a_full_disk_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(UnableToStoreFile), full_disk():
        store.put(b"mehr als zehn Byte")
    assert list_files(store) == []


def test_a_folder_that_takes_nothing_is_told(store: FileStore) -> None:
    # A file stands where the folder should be: also root is refused.
    store.root.write_bytes(b"")
    with pytest.raises(UnableToStoreFile) as caught:
        store.put(b"Abrechnung")
    assert caught.value.errno == errno.ENOTDIR
