"""The constructed insurer with programs that may ask it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from aupolicy.facts.machine import ApiScope
from aupolicy.models import Broker, Employer
from aupolicy.operations.machines import create_client, create_key
from tests.portal.world import World, build_world


class Caller:
    """A program with its key: calls as Django's test client makes them."""

    def __init__(self, key: str) -> None:
        self.key, self.http = key, Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(f"/api/v1/{path}", headers=self._headers(headers))

    def post(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("post", path, data, headers)

    def put(self, path: str, data: Any = None, **headers: str) -> Any:
        return self._send("put", path, data, headers)

    def _send(self, method: str, path: str, data: Any, headers: dict[str, str]) -> Any:
        kind = headers.pop("content_type", "application/json")
        body = "" if data is None else data
        call = getattr(self.http, method)
        return call(f"/api/v1/{path}", body, content_type=kind, headers=self._headers(headers))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"authorization": f"Bearer {self.key}"} | named


@dataclass(frozen=True)
class Programs:
    """Programs of the world's employers and of their broker, each with all scopes."""

    world: World
    today: date
    employer: Caller
    other: Caller
    broker: Caller
    reader: Caller

    @property
    def number(self) -> str:
        return self.world.contract.number


def make_caller(party: Employer | Broker, *scopes: ApiScope, now: datetime) -> Caller:
    client = create_client(
        name="Lohnprogramm", party=party, scopes=scopes or tuple(ApiScope), by=None, now=now
    )
    made = create_key(client=client, expires_at=now + timedelta(days=30), by=None, now=now)
    return Caller(made.text)


@pytest.fixture(scope="package")
def programs_data(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Programs]:
    """Build everything once; each test works in a savepoint of its own."""
    files = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(django_settings, "FILES_ROOT", files)
        with transaction.atomic():
            now = timezone.now()
            world = build_world(today=timezone.localdate(now), large=40, months=2)
            world.files_root = files
            yield _make_programs(world, now)
            transaction.set_rollback(True)


def _make_programs(world: World, now: datetime) -> Programs:
    employers = [contract.employer for contract in world.contracts.values()]
    own = world.contract.employer
    other = next(employer for employer in employers if employer != own)
    return Programs(
        world=world,
        today=world.today,
        employer=make_caller(own, now=now),
        other=make_caller(other, now=now),
        broker=make_caller(Broker.objects.get(), now=now),
        reader=make_caller(own, ApiScope.MEMBERS_READ, now=now),
    )


@pytest.fixture
def programs(programs_data: Programs, db: None, settings: Any) -> Programs:
    """A small world, with programs of two employers and the broker."""
    settings.FILES_ROOT = programs_data.world.files_root
    cache.clear()
    return programs_data
