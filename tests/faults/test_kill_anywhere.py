"""A process is killed at every named point and at random moments; the books are the same after."""

import os
import random
import re

import pytest

from tests.faults.books import tell_difference
from tests.faults.chain import CHAIN
from tests.faults.conftest import Copy, Undisturbed
from tests.house.source import APPS, PROJECT

_POINT = re.compile(r'\bcrash_point\(\s*"([^"]+)"')
# Steps that commit part by part; every other one is whole or nothing.
IN_PARTS = frozenset({"fill", "letters", "release"})
# So many months are billed and collected, and in each so many processes killed.
ROUNDS = int(os.environ.get("BAU_FAULT_ROUNDS", "2"))
KILLS = int(os.environ.get("BAU_FAULT_KILLS", "5"))


def list_points() -> set[str]:
    """Every named point of the product."""
    files = (path for app in APPS for path in (PROJECT / app).rglob("*.py"))
    return {name for path in files for name in _POINT.findall(path.read_text(encoding="utf-8"))}


def test_every_named_point_is_passed(undisturbed: Undisturbed) -> None:
    passed = {point for outcome in undisturbed.outcomes.values() for point in outcome.points}
    assert passed == list_points()


def test_killed_at_every_named_point(copy: Copy, undisturbed: Undisturbed) -> None:
    killed = []
    for step in CHAIN:
        for point in dict.fromkeys(undisturbed.outcomes[step].points):
            outcome = copy.do(step, crash_at=point)
            assert outcome.killed, f"{step} at {point}: {outcome}"
            check_whole_or_nothing(copy, undisturbed, step)
            killed.append(point)
        copy.finish(step)
    assert set(killed) == list_points()
    check_end(copy, undisturbed)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_killed_at_random_moments(number: int, copy: Copy, undisturbed: Undisturbed) -> None:
    moments = random.Random(number)  # noqa: S311 - the same moments each time
    killed = 0
    steps = sorted(moments.choices(list(CHAIN), k=KILLS), key=list(CHAIN).index)
    for step in CHAIN:
        for _ in range(steps.count(step)):
            after = moments.uniform(0, undisturbed.outcomes[step].seconds)
            killed += copy.do(step, kill_after=after).killed
            check_whole_or_nothing(copy, undisturbed, step)
        copy.finish(step)
    assert killed
    check_end(copy, undisturbed)


def check_whole_or_nothing(copy: Copy, undisturbed: Undisturbed, step: str) -> None:
    """What a killed step left is what was there before, or all that it does."""
    if step in IN_PARTS:
        check_audit(copy)
        return
    found, _ = copy.read()
    steps = list(CHAIN)
    before, after = (undisturbed.after[steps[steps.index(step) + by]][0] for by in (-1, 0))
    both = tell_difference(before, found), tell_difference(after, found)
    assert not all(both), f"{step}: {both}"


def check_end(copy: Copy, undisturbed: Undisturbed) -> None:
    """Rows and files are those of the chain that nothing happened to."""
    rows, files = copy.read()
    expected_rows, expected_files = undisturbed.end
    assert tell_difference(expected_rows, rows) == []
    assert {path: files.get(path) for path in expected_files} == expected_files
    check_audit(copy)


def check_audit(copy: Copy) -> None:
    """The books agree with themselves."""
    audit = copy.do("audit")
    assert audit.value == {"broken": {}, "rows": []}, audit
