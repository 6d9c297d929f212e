"""Claims in every state, built once for all tests of their pages."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from claims.models import Claim
from tests.portal.claims_scenes import build_claims
from tests.portal.conftest import Insurer


@pytest.fixture(scope="package")
def claims(insurer_data: Insurer, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Claim]]:
    """Claims by the names of their scenes; they are taken back after the last test here."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_claims(insurer_data.world, insurer_data.people)
        transaction.set_rollback(True)
