"""Production refuses to start with anything unsafe, and says all of it at once."""

import base64
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    DEVELOPMENT_FIELD_KEYS,
    DEVELOPMENT_INSURER,
    DEVELOPMENT_SECRET,
    check_environment_name,
    check_line_of_business,
    check_production,
    check_record_separator,
    parse_field_keys,
)
from tests.house.source import PROJECT

KEY = base64.b64encode(bytes(range(32))).decode()
REQUIRED = [
    "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS",
    "EMAIL_URL", "PORTAL_URL",
    *(f"INSURER_{name.upper()}" for name in DEVELOPMENT_INSURER),
]  # fmt: skip


def test_a_complete_environment_is_accepted(production_environment: dict[str, str]) -> None:
    check_production(production_environment)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_every_missing_value_is_named(
    production_environment: dict[str, str], name: str, value: str | None
) -> None:
    if value is None:
        del production_environment[name]
    else:
        production_environment[name] = value
    with pytest.raises(ImproperlyConfigured, match=f"{name} is missing"):
        check_production(production_environment)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("DEBUG", "true", "DEBUG must not be set"),
        ("DEBUG", "1", "DEBUG must not be set"),
        ("WEBHOOKS_ALLOW_PRIVATE", "true", "WEBHOOKS_ALLOW_PRIVATE must not be set"),
        ("ALLOWED_HOSTS", "bau.example,*", "ALLOWED_HOSTS must name"),
        ("SECRET_KEY", DEVELOPMENT_SECRET, "SECRET_KEY must be random"),
        ("SECRET_KEY", "too-short-by-far", "SECRET_KEY must be random"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY must be random"),
        ("SECRET_KEY", "django-insecure-" + KEY + KEY, "SECRET_KEY must be random"),
        ("FIELD_ENCRYPTION_KEYS", DEVELOPMENT_FIELD_KEYS, "must not hold the development key"),
        ("FIELD_ENCRYPTION_KEYS", f"a:{KEY},{DEVELOPMENT_FIELD_KEYS}", "the development key"),
        ("FIELD_ENCRYPTION_KEYS", KEY, "expected id:base64"),
        ("FIELD_ENCRYPTION_KEYS", "a:c2hvcnQ=", "the key a has 5 bytes, expected 32"),
        ("UPLOAD_SCAN_COMMAND", "no-such-scanner --stream", "there is no program no-such-scanner"),
        ("UPLOAD_SCAN_COMMAND", "clamdscan 'x", "UPLOAD_SCAN_COMMAND: No closing quotation"),
        ("INSURER_IBAN", "DE02120300000000202052", "INSURER_IBAN is wrong"),
        ("INSURER_CREDITOR_IDENTIFIER", "DE99ZZZ09999999999", "IDENTIFIER is wrong"),
        ("INSURER_BIC", "BYLADEM", "INSURER_BIC is wrong"),
        ("MFA_REQUIRED", "false", "MFA_REQUIRED must not be switched off"),
        ("MFA_REQUIRED", "0", "MFA_REQUIRED must not be switched off"),
        ("PORTAL_URL", "http://bau.example", "PORTAL_URL must begin with https"),
        ("EMAIL_URL", "consolemail://", "EMAIL_URL must name a mail server"),
    ],
)
def test_what_is_unsafe_is_refused(
    production_environment: dict[str, str], name: str, value: str, fault: str
) -> None:
    production_environment[name] = value
    with pytest.raises(ImproperlyConfigured, match=fault):
        check_production(production_environment)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        check_production({"DEBUG": "yes"})
    assert str(refused.value).count("\n- ") == len(REQUIRED) + 1


def test_keys_are_read_in_order_and_spaces_do_not_matter() -> None:
    keys = parse_field_keys(f" new:{KEY}, old:{base64.b64encode(b'o' * 32).decode()} ")
    assert list(keys.items()) == [("new", bytes(range(32))), ("old", b"o" * 32)]


@pytest.mark.parametrize("text", [f"a:{KEY},a:{KEY}", f":{KEY}", "a:no/base64!", f"a:{KEY[:-4]}"])
def test_wrong_keys_are_refused_without_telling_them(text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        parse_field_keys(text)
    assert KEY[:8] not in str(refused.value)


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="'staging', expected one of development"):
        check_environment_name("staging")


def test_settings_of_brokers_files_are_checked() -> None:
    assert check_line_of_business("209") == "209"
    for wrong in ("", "30", "03a", "0300", "٠٣٠"):
        with pytest.raises(ImproperlyConfigured, match="GDV_LINE"):
            check_line_of_business(wrong)
    assert check_record_separator("crlf") == "crlf"
    with pytest.raises(ImproperlyConfigured, match="expected one of lf, crlf, none"):
        check_record_separator("\r\n")


@pytest.mark.parametrize("module", ["config.wsgi", "config.celery"])
def test_servers_start_in_production_unless_told_otherwise(module: str) -> None:
    code = f"import importlib; importlib.import_module('{module}').app.conf.broker_url"
    started = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "Production does not start:" in started.stderr
