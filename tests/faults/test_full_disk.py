"""The disk for files is full: nothing is done by halves, people are told, and later it works."""

from tests.faults.books import tell_difference
from tests.faults.chain import CHAIN
from tests.faults.conftest import Copy, Undisturbed

# Less than any file of the chain; writing beyond it fails as on a full disk (EFBIG for ENOSPC).
LARGEST_FILE = 100
KEEPS_FILES = ("letters", "collect", "bank", "order")
_STEPS = list(CHAIN)


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
