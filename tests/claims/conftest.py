"""The people of the claims' small world: a contract, somebody insured, and who acts."""

import pytest

from aupolicy.models import GroupContract, User
from members.models import Person
from tests.claims.paying import make_finance
from tests.claims.world import insure, make_contract, make_examiner


@pytest.fixture
def contract(db: None) -> GroupContract:
    return make_contract()


@pytest.fixture
def person(contract: GroupContract) -> Person:
    return insure(contract)


@pytest.fixture
def vera(db: None) -> User:
    """An examiner."""
    return make_examiner()


@pytest.fixture
def otto(db: None) -> User:
    """Another examiner."""
    return make_examiner("otto")


@pytest.fixture
def fred(db: None) -> User:
    """Somebody of finance."""
    return make_finance()
