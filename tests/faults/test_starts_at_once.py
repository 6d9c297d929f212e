"""Eight begin the same thing at the same moment; it comes about once."""

from tests.faults.books import tell_difference
from tests.faults.chain import CHAIN
from tests.faults.conftest import Copy, Undisturbed

AT_ONCE = 8


def test_eight_at_once_do_each_step_once(copy: Copy, undisturbed: Undisturbed) -> None:
    for step in CHAIN:
        copy.doer.begin(copy.job(step, count=AT_ONCE))
        outcomes = copy.doer.finish()
        assert not any(outcome.killed for outcome in outcomes)
        check_refusals(step, [outcome.error for outcome in outcomes if outcome.error])
        # Nobody who came too late, or gave up, has left anything.
        assert tell_difference(undisturbed.after[step][0], copy.read()[0]) == []
    assert copy.do("audit").value == {"broken": {}, "rows": []}


def check_refusals(step: str, errors: list[str]) -> None:
    """Of a release all but one are told that it is done; nothing else is refused."""
    told = {
        "release": "UnableToCollect: RELEASED: {}",
        "release_payouts": "UnableToPay: RELEASED: {}",
    }
    assert set(errors) <= {told.get(step)}, errors
    assert len(errors) < AT_ONCE
