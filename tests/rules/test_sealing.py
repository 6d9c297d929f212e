"""Sealed fields: opened by their key in their place, and by nothing else."""

import hmac

import pytest

from aupolicy.kernel.sealing import (
    UnableToUnseal,
    list_fingerprints,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)

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


def test_a_file_is_sealed_for_its_place_and_names_its_key() -> None:
    content = b"\x00%PDF-1.7\xff" * 100
    sealed = seal_bytes(content, keys=OLD, place=PLACE)
    assert sealed.startswith(b"a:")
    assert b"%PDF" not in sealed
    assert unseal_bytes(sealed, keys=NEW, place=PLACE) == content
    assert seal_bytes(content, keys=NEW, place=PLACE).startswith(b"b:")


@pytest.mark.parametrize("broken", [b"", b"a", b"a:", b"\xff\xfe:x", b"c:" + bytes(40)])
def test_a_file_that_we_did_not_seal_is_refused(broken: bytes) -> None:
    with pytest.raises(UnableToUnseal):
        unseal_bytes(broken, keys=OLD, place=PLACE)


def test_a_file_of_another_place_is_refused() -> None:
    sealed = seal_bytes(b"secret", keys=OLD, place="table.file.1")
    with pytest.raises(UnableToUnseal):
        unseal_bytes(sealed, keys=OLD, place="table.file.2")


def test_fingerprints_tell_the_same_content_under_every_key_and_purpose_apart() -> None:
    (old,) = list_fingerprints(b"x", keys=OLD, purpose="files")
    assert list_fingerprints(b"x", keys=OLD, purpose="files") == [old]
    assert list_fingerprints(b"x", keys=NEW, purpose="files")[1] == old
    assert list_fingerprints(b"y", keys=OLD, purpose="files") != [old]
    assert list_fingerprints(b"x", keys=OLD, purpose="names") != [old]
    # Not the key that seals: else whoever may ask for fingerprints could use it.
    assert old != hmac.new(OLD["a"], b"x", "sha256").hexdigest()
