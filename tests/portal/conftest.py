"""One constructed insurer for all tests of pages, in a transaction that is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from aupolicy.models import User
from billing.models import BillingRun
from tests.portal.offers import create_application
from tests.portal.world import World, build_world, create_people, prepare_preview


@dataclass
class Insurer:
    """The world with its preview and the people who sign in."""

    world: World
    preview: BillingRun
    people: dict[str, User]


@pytest.fixture(scope="package")
def insurer_data(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Insurer]:
    """Build everything once; each test works in a savepoint of its own."""
    files = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(django_settings, "FILES_ROOT", files)
        with transaction.atomic():
            today = timezone.localdate()
            world = build_world(today=today, large=400, months=3)
            preview = prepare_preview(world)
            world.files_root = files
            people = create_people(world)
            create_application(by=people["broker"], today=today)
            yield Insurer(world, preview, people)
            transaction.set_rollback(True)


@pytest.fixture
def insurer(insurer_data: Insurer, db: None, settings: Any) -> Insurer:
    """The built insurer, with the files it wrote."""
    settings.FILES_ROOT = insurer_data.world.files_root
    return insurer_data


@pytest.fixture
def world(insurer: Insurer) -> World:
    """The insurer's contracts, runs and collections."""
    return insurer.world


def _sign_in(insurer: Insurer, name: str) -> Client:
    client = Client(headers={"accept-language": "de"})
    client.force_login(insurer.people[name])
    return client


@pytest.fixture
def clerk(insurer: Insurer) -> Client:
    """A browser in which a clerk is signed in."""
    return _sign_in(insurer, "clerk")


@pytest.fixture
def auditor(insurer: Insurer) -> Client:
    """A browser in which an auditor is signed in."""
    return _sign_in(insurer, "auditor")


@pytest.fixture
def examiner(insurer: Insurer) -> Client:
    """A browser in which an examiner of claims is signed in."""
    return _sign_in(insurer, "examiner")


@pytest.fixture
def examiner2(insurer: Insurer) -> Client:
    """A browser of the examiner who gives the second approval."""
    return _sign_in(insurer, "examiner2")


@pytest.fixture
def hr(insurer: Insurer) -> Client:
    """A browser of the person who administers the large employer's room."""
    return _sign_in(insurer, "hr")


@pytest.fixture
def hr_editor(insurer: Insurer) -> Client:
    """A browser of somebody who may send the large employer's notices."""
    return _sign_in(insurer, "hr_editor")


@pytest.fixture
def hr_reader(insurer: Insurer) -> Client:
    """A browser of somebody who may only read at the large employer."""
    return _sign_in(insurer, "hr_reader")


@pytest.fixture
def hairdresser(insurer: Insurer) -> Client:
    """A browser of the person who administers another employer's room."""
    return _sign_in(insurer, "hairdresser")


@pytest.fixture
def broker(insurer: Insurer) -> Client:
    """A browser of somebody at the broker, who may act for the large employer."""
    return _sign_in(insurer, "broker")


@pytest.fixture
def stranger(insurer: Insurer) -> Client:
    """A browser in which somebody without any grant is signed in."""
    return _sign_in(insurer, "stranger")


# The test's own transaction around the page makes savepoints, and has the page's settings put back.
_ONLY_IN_TESTS = ("SAVEPOINT", "RELEASE", "SELECT current_setting(")


def count_queries(client: Client, address: str) -> tuple[int, int]:
    """Queries and bytes that a page takes."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    queries = [q["sql"] for q in captured if not q["sql"].startswith(_ONLY_IN_TESTS)]
    settings_put_back = sum("set_config" in sql for sql in queries) - 1
    return len(queries) - max(settings_put_back, 0), len(response.content)
