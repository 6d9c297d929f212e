"""Whoever waits for something that was disturbed reads what is going on, in plain words."""

from tests.faults.books import tell_difference
from tests.faults.conftest import Copy
from tests.faults.test_full_disk import LARGEST_FILE

_FULL = "Der Speicher für Dateien ist voll oder nimmt nichts an."


def test_pages_say_that_the_disk_is_full_and_work_later(posted: Copy) -> None:
    for page in ("page.collect", "page.order", "page.letter"):
        before, _ = posted.read()
        told = posted.do(page, largest_file=LARGEST_FILE).value
        assert told["status"] == 507
        assert _FULL in told["text"]
        assert tell_difference(before, posted.read()[0]) == []
        assert posted.do(page).value["status"] in {200, 302}
        assert tell_difference(before, posted.read()[0]) != []
    check_waiting_letters(posted)


def check_waiting_letters(posted: Copy) -> None:
    """The page of a run says why its letters wait, until they do no more."""
    assert _FULL not in posted.do("page.letters").value["text"]
    failed = posted.do("task.letters", largest_file=LARGEST_FILE)
    assert failed.error.startswith("UnableToStoreFile")
    told = posted.do("page.letters").value["text"]
    assert _FULL in told
    assert "von selbst weiter" in told
    assert not posted.do("task.letters").error
    told = posted.do("page.letters").value["text"]
    assert _FULL not in told
    assert "sind erstellt" in told


def test_the_page_of_a_run_whose_worker_died_shows_how_far_it_is(copy: Copy) -> None:
    assert copy.do("fill", crash_at="slice.committed").killed
    told = copy.do("page.run").value["text"]
    assert "wird berechnet" in told
    assert "1 von 4 Abschnitten fertig" in told
    assert "wird jede Minute von selbst wieder aufgenommen" in told
