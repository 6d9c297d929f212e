"""Files of notices from receiving to applying: results, refusals, run twice."""

from datetime import date
from decimal import Decimal

import pytest

from aupolicy.models import GroupContract, User
from billing.operations.uploads import check_upload
from members.facts import UploadKind, UploadStatus
from members.models import ColumnMapping, Membership, NoticeRecord, Upload, UploadRow
from members.operations.uploads import (
    UnableToTakeUpload,
    apply_upload,
    correct_row,
    discard_upload,
    receive_upload,
    release_upload,
    set_mapping,
)
from members.queries.uploads import get_columns, get_failed_rows, page_of_rows
from tests.laws.world import agree, at, notice, settle, tell

pytestmark = pytest.mark.django_db
NOW = at(date(2026, 3, 10))
MARCH = date(2026, 3, 1)
HEAD = "Meldung;Personalnummer;Nachname;Vorname;Geburtsdatum;Wirksam ab;Bruttoentgelt"
JOIN = "Zugang;7;Öhler;Änne;01.02.1991;01.03.2026;2.600,00"
RAISE = "Gehaltsänderung;1;;;;01.03.2026;2.500,00"
LEAVE = "Abgang;2;;;;31.03.2026;"


@pytest.fixture
def contract() -> GroupContract:
    """Two people insured since January."""
    contract = agree(start=date(2026, 1, 1))
    joins = [notice("JOIN", number, date(2026, 1, 1), "2400") for number in ("1", "2")]
    tell(contract, *joins)
    return contract


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user(email="hr@example.com", password="x")


def hand_in(
    contract: GroupContract,
    *rows: str,
    head: str = HEAD,
    kind: UploadKind = UploadKind.CHANGES,
    effective: date | None = None,
) -> Upload:
    """A file received and checked."""
    upload = receive(contract, *rows, head=head, kind=kind, effective=effective)
    check_upload(upload_id=upload.pk, now=NOW)
    upload.refresh_from_db()
    return upload


def receive(
    contract: GroupContract,
    *rows: str,
    head: str = HEAD,
    kind: UploadKind = UploadKind.CHANGES,
    effective: date | None = None,
) -> Upload:
    return receive_upload(
        contract=contract,
        kind=kind,
        file_name="märz.csv",
        content="\n".join([head, *rows]).encode(),
        effective=effective,
        sender=None,
        now=NOW,
    )


def refused(code: str, call: object, **arguments: object) -> None:
    with pytest.raises(UnableToTakeUpload) as caught:
        call(**arguments)  # type: ignore[operator]
    assert caught.value.code == code


def test_a_file_is_previewed_released_and_applied(contract: GroupContract) -> None:
    upload = hand_in(contract, JOIN, RAISE, LEAVE)
    assert upload.status == UploadStatus.CHECKED
    assert upload.summary["outcomes"] == {
        "apply": 3, "clerk": 0, "known": 0, "none": 0, "failed": 0,
    }  # fmt: skip
    assert upload.summary["kinds"] == {"JOIN": 1, "PAY_CHANGE": 1, "LEAVE": 1}
    rows = list(upload.rows.order_by("row"))
    assert [(r.row, r.kind, r.personnel_number, r.name) for r in rows] == [
        (2, "JOIN", "7", "Öhler, Änne"),
        (3, "PAY_CHANGE", "1", "Müller 1, Zoë"),
        (4, "LEAVE", "2", "Müller 2, Zoë"),
    ]
    assert (rows[1].pay_before, rows[1].pay) == (Decimal(2400), Decimal(2500))
    assert sum(row.premium_change for row in rows) == Decimal(upload.summary["effect"])
    assert NoticeRecord.objects.count() == 2

    release_upload(upload=upload, skips_failed_rows=False, by=None, now=NOW)
    assert apply_upload(upload_id=upload.pk, now=NOW)
    assert not apply_upload(upload_id=upload.pk, now=NOW)
    settle()
    upload.refresh_from_db()
    assert upload.status == UploadStatus.APPLIED
    assert Membership.objects.filter(contract=contract).count() == 3
    records = NoticeRecord.objects.filter(upload=upload)
    assert sorted(records.values_list("row", "kind", "status", "channel", "source_name")) == [
        (2, "JOIN", "APPLIED", "FILE", "märz.csv"),
        (3, "PAY_CHANGE", "APPLIED", "FILE", "märz.csv"),
        (4, "LEAVE", "APPLIED", "FILE", "märz.csv"),
    ]


def test_the_same_file_twice_is_the_first_one(contract: GroupContract) -> None:
    first = hand_in(contract, JOIN)
    assert receive(contract, JOIN).pk == first.pk
    assert receive(contract, JOIN, effective=MARCH).pk != first.pk
    discard_upload(upload=first)
    assert receive(contract, JOIN).pk != first.pk
    # What is known already changes nothing, whichever file says it.
    release_upload(
        upload=(second := hand_in(contract, JOIN)), skips_failed_rows=False, by=None, now=NOW
    )
    apply_upload(upload_id=second.pk, now=NOW)
    third = hand_in(contract, JOIN, "", head=HEAD + ";Notiz")
    assert third.summary["outcomes"]["known"] == 1
    refused(
        "NOTHING_TO_DO", release_upload, upload=third, skips_failed_rows=False, by=None, now=NOW
    )
