"""The description as it is committed: docs/openapi.json, so that vendors can compare versions.

python -m tests.contract.committed
"""

import json
import sys
from typing import Any

import django

from config.local.session import PROJECT

PATH = PROJECT / "docs" / "openapi.json"
# Where `make run` serves it.
ADDRESS = "http://127.0.0.1:8000"


def main() -> int:
    """Write it anew."""
    django.setup()
    from api.views.schema import make_description  # noqa: PLC0415 -- needs the settings

    PATH.write_text(write(make_description(address=ADDRESS)), encoding="utf-8")
    sys.stdout.write(f"{PATH.relative_to(PROJECT)}\n")
    return 0


def write(description: dict[str, Any]) -> str:
    """As the file holds it: one field a line, so that differences can be read."""
    return json.dumps(description, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.exit(main())
