"""Django's deployment check as production would run it, with an environment made up for it."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

from config.environment import DEVELOPMENT_INSURER

_PROJECT = Path(__file__).resolve().parents[1]


def build_production_environment() -> dict[str, str]:
    """Return an environment production accepts: generated secrets, nobody's addresses."""
    insurer = {f"INSURER_{name.upper()}": value for name, value in DEVELOPMENT_INSURER.items()}
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        **insurer,
        "BAU_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEYS": f"check:{key}",
        "ALLOWED_HOSTS": "bau.example",
        "DATABASE_URL": "postgres://bau@127.0.0.1:9/bau",
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "PATH": os.environ.get("PATH", os.defpath),
    }


def main() -> int:
    """Run `check --deploy` in production mode; every warning is a failure."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, cwd=_PROJECT, env=build_production_environment(), check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
