"""Sealed fields: opened by their key in their place, and by nothing else."""

import pytest

from aupolicy.kernel.sealing import UnableToUnseal, seal, unseal

OLD, NEW = {"a": bytes(32)}, {"b": bytes(range(32)), "a": bytes(32)}
PLACE = "table.field"


def test_what_was_sealed_is_opened_and_cannot_be_read() -> None:
    sealed = seal("JBSWY3DPEHPK3PXP", keys=OLD, place=PLACE)
    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert sealed.startswith("a:")
    assert unseal(sealed, keys=OLD, place=PLACE) == "JBSWY3DPEHPK3PXP"
    assert seal("JBSWY3DPEHPK3PXP", keys=OLD, place=PLACE) != sealed


def test_a_new_key_in_front_seals_and_the_old_one_still_opens() -> None:
    before = seal("ä", keys=OLD, place=PLACE)
    assert unseal(before, keys=NEW, place=PLACE) == "ä"
    assert seal("ä", keys=NEW, place=PLACE).startswith("b:")


@pytest.mark.parametrize("broken", ["", "a", "a:", "a:!!", "c:AAAA", "a:AAAA"])
def test_what_we_did_not_seal_is_refused(broken: str) -> None:
    with pytest.raises(UnableToUnseal):
        unseal(broken, keys=OLD, place=PLACE)


def test_a_changed_or_moved_text_is_refused() -> None:
    sealed = seal("secret", keys=OLD, place=PLACE)
    with pytest.raises(UnableToUnseal):
        unseal(sealed, keys=OLD, place="other.field")
    swapped = sealed[:-4] + ("AAA=" if sealed[-4:] != "AAA=" else "BBB=")
    with pytest.raises(UnableToUnseal):
        unseal(swapped, keys=OLD, place=PLACE)
    with pytest.raises(UnableToUnseal):
        unseal(sealed, keys={"a": b"x" * 32}, place=PLACE)
