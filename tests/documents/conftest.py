"""What tests of webhooks share: a receiver, and a contract."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from aupolicy.models import (
    GroupContract,
)
from tests.documents.receivers import Receiver, receiving
from tests.documents.world import sign


@pytest.fixture
def private_addresses(settings: Settings) -> None:
    settings.WEBHOOKS_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def contract(db: None) -> GroupContract:
    return sign()
