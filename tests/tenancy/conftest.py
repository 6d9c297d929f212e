"""The constructed insurer with rows of two employers in every table that belongs to one."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, models, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from aupolicy.models import Employer, User
from tests.portal.world import World, build_world, create_people, prepare_preview
from tests.tenancy.arrears_rows import add_arrears
from tests.tenancy.ledger_rows import add_plan
from tests.tenancy.rows import add_rows


@dataclass
class Tenants:
    """The world, its people, and two of its employers: `ours` has a broker, `theirs` none."""

    world: World
    people: dict[str, User]
    ours: Employer
    theirs: Employer


@pytest.fixture(scope="package")
def tenants_data(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Tenants]:
    """Build everything once; each test works in a savepoint of its own."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(django_settings, "FILES_ROOT", tmp_path_factory.mktemp("files"))
        with transaction.atomic():
            world = build_world(today=timezone.localdate(), large=6, months=2)
            prepare_preview(world)
            people = create_people(world)
            ours = world.contract.employer
            theirs = world.contracts["Friseursalon Haarschön"].employer
            for contract in world.contracts.values():
                add_rows(contract, people["clerk"])
                add_plan(contract, people["clerk"])
                add_arrears(contract, people["clerk"])
            yield Tenants(world, people, ours, theirs)
            transaction.set_rollback(True)


@pytest.fixture
def tenants(tenants_data: Tenants, db: None) -> Tenants:
    """The built insurer."""
    return tenants_data


def list_tables() -> list[str]:
    """All tables of the models of our apps, and of what they sign programs in with."""
    ours = (
        "aupolicy",
        "members",
        "claims",
        "billing",
        "documents",
        "portal",
        "api",
        "oauth2_provider",
    )
    found: set[type[models.Model]] = {
        model
        for app in ours
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    return sorted(model._meta.db_table for model in found)


def count(query: str) -> int:
    """The one number that a query gives."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        (number,) = cursor.fetchone()
    return int(number)
