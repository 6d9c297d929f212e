"""Clients that vendors generate from the description: they compile, and they work."""

from importlib import import_module
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.contract.clients import (
    make_java_client,
    make_python_client,
    run_java,
    write_description,
)
from tests.contract.conftest import Site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clients")


@pytest.fixture(scope="module")
def described(folder: Path) -> Path:
    return write_description(folder / "made")


def test_the_python_client_reads_and_sends(
    site: Site, described: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_python_client(described, described.parent)
    monkeypatch.syspath_prepend(package.parent)
    models = import_module("bau_client.models")

    def call(module: str, **values: Any) -> Any:
        operation = import_module(f"bau_client.api.{module}")
        with import_module("bau_client").AuthenticatedClient(site.root, site.key) as client:
            return operation.sync(client=client, **values)

    me = call("access.get_me")
    assert me.contracts == [site.contract]
    joining = models.NewNotice(
        kind=models.NewNoticeKind.JOIN,
        personnel_number="2001",
        effective=me.today,
        pay="3200.00",
        first_name="Clara",
        last_name="Engel",
        birth_date=me.today.replace(year=1990, day=1),
    )
    body = models.NewNotices(notices=[joining], contract=site.contract)
    report = call("notices.send_notices", body=body, dry_run=True)
    assert [result.status.value for result in report.results] == ["APPLIED"]
    assert report.results[0].premium_change != "0.00"
    page = call("notices.list_notices", limit=2)
    assert [notice.kind.value for notice in page.items] == ["JOIN", "JOIN"]
    assert isinstance(call("notices.get_notice", notice_id="nobody's"), models.Problem)


@pytest.mark.skipif(which("javac") is None, reason="no JDK on this machine")
def test_the_java_client_reads_and_sends(site: Site, described: Path) -> None:
    classes = make_java_client(described, described.parent)
    said = run_java(classes, site.root, site.key, site.contract).splitlines()
    assert said[0].startswith("me ")
    assert f"[{site.contract}]" in said[0]
    assert said[1].startswith("would APPLIED ")
    assert said[1] != "would APPLIED 0.00"
    assert said[2:4] == ["notice JOIN 1001", "notice JOIN 1002"]
    assert said[4:] == ["refused 404"]
