"""The container files as far as they can be read here: no engine is needed for this."""

import re
from typing import Any

import pytest
import yaml

from config.environment import check_production
from config.health import report_health
from tests.house.source import PROJECT

_VARIABLE = re.compile(r"\$\{(\w+):?([?-])?([^}]*)\}")
APPLICATION = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def read_example() -> dict[str, str]:
    """The variables of .env.example with their values."""
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_the_example_names_every_variable_and_no_other(compose: dict[str, Any]) -> None:
    used = {match[1] for match in _VARIABLE.finditer(yaml.safe_dump(compose))}
    assert used == set(read_example())


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    matches = _VARIABLE.finditer(yaml.safe_dump(compose))
    kinds = {match[1]: match[2] for match in matches}
    secrets = [name for name in kinds if re.search(r"KEY$|KEYS$|PASSWORD", name)]
    assert len(secrets) == 5
    assert {kinds[name] for name in secrets} == {"?"}
    assert not any(read_example()[name] for name in secrets)


@pytest.mark.parametrize("service", APPLICATION)
def test_the_environment_is_one_production_accepts(
    compose: dict[str, Any], service: str, production_environment: dict[str, str]
) -> None:
    values = {**read_example(), **production_environment, "DATABASE_PASSWORD": "x"}
    given = {
        name: _VARIABLE.sub(lambda match: values.get(match[1]) or match[3], str(value))
        for name, value in compose["services"][service]["environment"].items()
    }
    assert given["BAU_ENV"] == "production"
    check_production(given)


@pytest.mark.parametrize("service", [*APPLICATION, "database", "broker"])
def test_every_container_is_locked_down(compose: dict[str, Any], service: str) -> None:
    settings = compose["services"][service]
    assert settings["read_only"] is True
    assert settings["cap_drop"] == ["ALL"]
    assert settings["security_opt"] == ["no-new-privileges:true"]
    assert settings["deploy"]["resources"]["limits"]["memory"]
    assert "privileged" not in settings
    # The image's own check serves the web container; a container that ends needs none.
    assert "healthcheck" in settings or service == "web"


def test_only_the_web_server_is_reachable_and_only_from_this_machine(
    compose: dict[str, Any],
) -> None:
    open_ports = {
        name: settings["ports"]
        for name, settings in compose["services"].items()
        if "ports" in settings
    }
    assert list(open_ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in open_ports["web"])
    assert compose["networks"]["inner"] == {"internal": True}


def test_the_image_runs_as_nobody_special_and_has_a_health_check() -> None:
    lines = (PROJECT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert any(line.startswith("HEALTHCHECK ") for line in lines)
    assert report_health.__module__ == "config.health"


def test_the_image_installs_versions_that_were_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z].*?==\S+", (PROJECT / name).read_text(), re.MULTILINE))

    production = pins("requirements-production.lock")
    assert len(production) > 30
    assert production <= pins("requirements.lock")
