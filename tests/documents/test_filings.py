"""Confirmations that came back signed: marked once, taken back, never lost."""

from datetime import UTC, date, datetime

import pytest

from aupolicy.models import User
from documents.facts import DocumentKind
from documents.models import Document, Filing
from documents.operations import (
    UnableToFile,
    file_confirmations,
    issue_confirmations,
    revoke_filing,
)
from tests.documents import world

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 1, 15, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def copies() -> list[Document]:
    contract = world.sign()
    world.join_everybody(contract)
    issue_confirmations(contract=contract, as_of=world.OCTOBER.first_day, processes=1)
    return list(Document.objects.filter(kind=DocumentKind.CONFIRMATION_EMPLOYER).order_by("pk"))


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("hr")


def _file(copies: list[Document], by: User, signed_on: date = TODAY) -> int:
    return file_confirmations(
        documents=copies, signed_on=signed_on, filed_by=by, now=NOW, today=TODAY
    )


def test_each_is_marked_once(copies: list[Document], clerk: User) -> None:
    assert _file(copies[:2], clerk) == 2
    assert _file(copies, clerk) == len(copies) - 2
    assert Filing.objects.count() == len(copies)


def test_a_mark_can_be_taken_back_and_set_again(copies: list[Document], clerk: User) -> None:
    _file(copies[:1], clerk)
    revoke_filing(document=copies[0], revoked_by=clerk, now=NOW)
    revoke_filing(document=copies[0], revoked_by=clerk, now=NOW)
    assert _file(copies[:1], clerk) == 1
    marks = Filing.objects.order_by("pk").values_list("revoked", flat=True)
    assert list(marks) == [False, True, False]


def test_a_signature_lies_between_the_paper_and_today(copies: list[Document], clerk: User) -> None:
    with pytest.raises(UnableToFile, match="SIGNED_IN_FUTURE"):
        _file(copies, clerk, date(2030, 1, 16))
    with pytest.raises(UnableToFile, match="SIGNED_BEFORE_ISSUED"):
        _file(copies, clerk, date(2020, 1, 1))
    assert not Filing.objects.exists()


def test_only_the_employers_copies_are_filed(copies: list[Document], clerk: User) -> None:
    personal = Document.objects.filter(kind=DocumentKind.CONFIRMATION).first()
    assert personal is not None
    with pytest.raises(UnableToFile, match="NOT_FOR_FILING"):
        _file([*copies, personal], clerk)
    assert not Filing.objects.exists()
