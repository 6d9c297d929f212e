"""What the environment says, read once and checked before anything starts.

Outside production every value has a constructed default, so a fresh clone works.
Production gets no defaults: what is missing or weak is named, all of it at once.
"""

import base64
import binascii
import re
import shlex
import shutil
from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from stdnum import bic, iban
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError

ENVIRONMENTS: Final = ("development", "test", "production")
# What stands behind each record of a GDV file.
RECORD_SEPARATORS: Final = ("lf", "crlf", "none")
KEY_LENGTH_BYTES: Final = 32
SECRET_LENGTH: Final = 50
SECRET_DIFFERENT_CHARACTERS: Final = 5

DEVELOPMENT_SECRET: Final = "development-only-this-secret-protects-nothing-at-all"  # noqa: S105
_DEVELOPMENT_KEY: Final = base64.b64encode(b"no-secret-" * 3 + b"..").decode()
DEVELOPMENT_FIELD_KEYS: Final = f"development:{_DEVELOPMENT_KEY}"
# Ports nobody listens on: without services a command fails instead of finding a stranger's.
DEVELOPMENT_DATABASE: Final = "postgres://bau@127.0.0.1:9/bau"
DEVELOPMENT_REDIS: Final = "redis://127.0.0.1:9/0"

# A constructed insurer. The IBAN is the Bundesbank's published example, the creditor
# identifier the one the Bundesbank gives out for tests.
DEVELOPMENT_INSURER: Final[Mapping[str, str]] = {
    "name": "Muster Krankenversicherung AG",
    "street": "Musterallee",
    "building_number": "1",
    "postal_code": "12345",
    "town": "Musterstadt",
    "phone": "+49 30 23125 000",
    "email": "bau@muster-kv.example",
    "supervisory_text": (
        "Vorstand: Dr. Maria Muster (Vorsitz), Max Beispiel. "
        "Vorsitz des Aufsichtsrats: Erika Mustermann. "
        "Sitz: Musterstadt, Amtsgericht Musterstadt HRB 00000. "
        "Aufsicht: Bundesanstalt für Finanzdienstleistungsaufsicht (BaFin)."
    ),
    "creditor_identifier": "DE98ZZZ09999999999",
    "iban": "DE02120300000000202051",
    "bic": "BYLADEM1001",
}
# Which arbitration an insurer takes part in is its own choice; the supervisor is the same for all.
DEVELOPMENT_OMBUDSMAN: Final = (
    "Versicherungsombudsmann e. V., Postfach 08 06 32, 10006 Berlin, www.versicherungsombudsmann.de"
)
SUPERVISOR: Final = (
    "Bundesanstalt für Finanzdienstleistungsaufsicht (BaFin), Graurheindorfer Straße 108, "
    "53117 Bonn, www.bafin.de"
)


def parse_field_keys(text: str) -> dict[str, bytes]:
    """Read `id:key,id:key`, each key 32 bytes in base64; the first one encrypts.

    Raises ImproperlyConfigured, naming the key's id and never its value.
    """
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, separator, encoded = entry.partition(":")
        if not separator or not key_id:
            raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS: expected id:base64 for every key.")
        if key_id in keys:
            raise ImproperlyConfigured(f"FIELD_ENCRYPTION_KEYS: the id {key_id} stands twice.")
        keys[key_id] = _decode_key(key_id, encoded)
    return keys


def _decode_key(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(
            f"FIELD_ENCRYPTION_KEYS: the key {key_id} is not base64."
        ) from error
    if len(key) != KEY_LENGTH_BYTES:
        raise ImproperlyConfigured(
            f"FIELD_ENCRYPTION_KEYS: the key {key_id} has {len(key)} bytes,"
            f" expected {KEY_LENGTH_BYTES}."
        )
    return key


def parse_command(text: str) -> list[str]:
    """A program with its arguments, as a shell would split them; no shell ever sees them.

    Raises ImproperlyConfigured where quotes do not close or there is no such program.
    """
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"UPLOAD_SCAN_COMMAND: {error}.") from error
    if command and shutil.which(command[0]) is None:
        raise ImproperlyConfigured(f"UPLOAD_SCAN_COMMAND: there is no program {command[0]}.")
    return command


def check_line_of_business(text: str) -> str:
    """Return a line of business of three digits, else raise ImproperlyConfigured."""
    if re.fullmatch(r"[0-9]{3}", text) is None:
        raise ImproperlyConfigured(f"GDV_LINE is {text!r}, expected three digits.")
    return text


def check_record_separator(name: str) -> str:
    """Return the name if it is a separator of GDV records, else raise ImproperlyConfigured."""
    if name not in RECORD_SEPARATORS:
        raise ImproperlyConfigured(
            f"GDV_SEPARATOR is {name!r}, expected one of {', '.join(RECORD_SEPARATORS)}."
        )
    return name


def check_environment_name(name: str) -> str:
    """Return the name if it is a known environment, else raise ImproperlyConfigured."""
    if name not in ENVIRONMENTS:
        raise ImproperlyConfigured(
            f"BAU_ENV is {name!r}, expected one of {', '.join(ENVIRONMENTS)}."
        )
    return name


def check_production(environ: Mapping[str, str]) -> None:
    """Refuse to start in production with anything unsafe or missing.

    Raises ImproperlyConfigured with one line for each fault.
    """
    faults = [
        *_find_missing(environ),
        *_find_weak_secrets(environ),
        *_find_wrong_identifiers(environ),
        *_find_open_doors(environ),
        *_find_missing_scanner(environ),
    ]
    if faults:
        lines = "\n".join(f"- {fault}" for fault in faults)
        raise ImproperlyConfigured(f"Production does not start:\n{lines}")


def _find_missing(environ: Mapping[str, str]) -> list[str]:
    required = ["DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS"]
    required += ["EMAIL_URL", "PORTAL_URL"]
    required += [f"INSURER_{name.upper()}" for name in DEVELOPMENT_INSURER]
    return [f"{name} is missing." for name in required if not environ.get(name, "").strip()]


def _find_weak_secrets(environ: Mapping[str, str]) -> list[str]:
    # The second lets webhooks into our own network.
    faults = [
        f"{name} must not be set."
        for name in ("DEBUG", "WEBHOOKS_ALLOW_PRIVATE")
        if environ.get(name, "").strip().lower() not in ("", "0", "false", "no", "off")
    ]
    if "*" in environ.get("ALLOWED_HOSTS", ""):
        faults.append("ALLOWED_HOSTS must name the hosts, without *.")
    secret = environ.get("SECRET_KEY", "")
    if secret and (
        secret == DEVELOPMENT_SECRET
        or secret.startswith("django-insecure-")
        or len(secret) < SECRET_LENGTH
        or len(set(secret)) < SECRET_DIFFERENT_CHARACTERS
    ):
        faults.append(f"SECRET_KEY must be random and have {SECRET_LENGTH} characters or more.")
    try:
        keys = parse_field_keys(environ.get("FIELD_ENCRYPTION_KEYS", ""))
    except ImproperlyConfigured as error:
        faults.append(str(error))
    else:
        if set(keys.values()) & set(parse_field_keys(DEVELOPMENT_FIELD_KEYS).values()):
            faults.append("FIELD_ENCRYPTION_KEYS must not hold the development key.")
    return faults


def _find_open_doors(environ: Mapping[str, str]) -> list[str]:
    faults = []
    if environ.get("MFA_REQUIRED", "").strip().lower() in ("0", "false", "no", "off"):
        faults.append("MFA_REQUIRED must not be switched off.")
    portal = environ.get("PORTAL_URL", "").strip()
    if portal and not portal.startswith("https://"):
        faults.append("PORTAL_URL must begin with https://.")
    mail = environ.get("EMAIL_URL", "").strip()
    if mail and not mail.startswith("smtp"):
        faults.append("EMAIL_URL must name a mail server (smtp+tls://user:password@host:587).")
    return faults


def _find_missing_scanner(environ: Mapping[str, str]) -> list[str]:
    try:
        parse_command(environ.get("UPLOAD_SCAN_COMMAND", ""))
    except ImproperlyConfigured as error:
        return [str(error)]
    return []


def _find_wrong_identifiers(environ: Mapping[str, str]) -> list[str]:
    faults = []
    checks = (
        ("INSURER_IBAN", iban.validate),
        ("INSURER_BIC", bic.validate),
        ("INSURER_CREDITOR_IDENTIFIER", at_02.validate),
    )
    for name, validate in checks:
        value = environ.get(name, "").strip()
        try:
            if value:
                validate(value)
        except ValidationError as error:
            faults.append(f"{name} is wrong: {error}")
    return faults
