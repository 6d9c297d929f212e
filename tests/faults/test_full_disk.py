"""The disk for files is full: nothing is done by halves, people are told, and later it works."""

from tests.faults.books import tell_difference
from tests.faults.chain import CHAIN
from tests.faults.conftest import Copy, Undisturbed

# Less than any file of the chain; writing beyond it fails as on a full disk (EFBIG for ENOSPC).
LARGEST_FILE = 100
KEEPS_FILES = ("letters", "collect", "bank", "order")


def test_what_needs_a_file_is_not_done_without_it(copy: Copy, undisturbed: Undisturbed) -> None:
    for step in CHAIN:
        if step in KEEPS_FILES:
            before, files = copy.read()
            outcome = copy.do(step, largest_file=LARGEST_FILE)
            assert outcome.error.startswith("UnableToStoreFile"), f"{step}: {outcome}"
            # Neither rows nor the beginning of a file.
            assert tell_difference(before, copy.read()[0]) == []
            assert copy.read()[1] == files
            assert not list(copy.files.rglob("tmp*"))
        copy.finish(step)
    assert tell_difference(undisturbed.end[0], copy.read()[0]) == []
    assert copy.read()[1] == undisturbed.end[1]
    assert copy.do("audit").value == {"broken": {}, "rows": []}


def test_a_released_file_reaches_the_full_folder_later(copy: Copy) -> None:
    copy.finish("fill", "wish", "post", "collect")
    released = copy.do("release", largest_file=LARGEST_FILE)
    # It is released whatever the folder says; the page tells where it is not.
    assert not released.error
    for full in (True, False):
        assert read_undelivered(copy) == 1
        assert list((copy.files / "outbox").iterdir()) == []
        arrived = copy.do("deliver", largest_file=LARGEST_FILE if full else None)
        assert arrived.value == (0 if full else 1)
    assert read_undelivered(copy) == 0
    assert [path.suffix for path in (copy.files / "outbox").iterdir()] == [".xml"]
    assert copy.do("deliver").value == 0


def read_undelivered(copy: Copy) -> int:
    """How many released files the bank's folder lacks."""
    with copy.server.connect(copy.database) as connection:
        found = connection.execute("SELECT COUNT(*) FROM billing_collection WHERE undelivered")
        (count,) = found.fetchone() or (0,)
    return int(count)
