"""One side of `benchmarks.api_notices` in a process of its own.

    python -m benchmarks.api_notices_side (product | bare | copy) COUNT

Sends a few POSTs about different people one after the other; the first warms up and is not
counted. Ends with one line of JSON: milliseconds of each, peak memory, and a digest of the
notices that does not depend on ids.
"""

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django
from django.db import connection

from benchmarks.product import read_peak_kib

POSTS = 4
_DIGEST = """
SELECT md5(string_agg(concat_ws('|', kind, personnel_number, effective, pay, first_name, last_name,
    birth_date, employment), E'\\n' ORDER BY personnel_number))
FROM members_noticerecord
"""
_COPY = """
COPY members_noticerecord (contract_id, kind, personnel_number, effective, pay, first_name,
    last_name, birth_date, employment, received_at, reason, occupation, health_insurance,
    reference, corrects, channel, source_name, status, codes) FROM STDIN
"""


def main() -> None:
    """Send, and tell what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=["product", "bare", "copy"])
    parser.add_argument("count", type=int)
    arguments = parser.parse_args()
    django.setup()
    bodies = [make_body(post, arguments.count) for post in range(POSTS)]
    send = SIDES[arguments.side]()
    took = []
    for body in bodies:
        begin = time.monotonic()
        send(body)
        took.append((time.monotonic() - begin) * 1000)
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST)
        (digest,) = cursor.fetchone()
    result = {"milliseconds": took[1:], "rss_peak_kib": read_peak_kib(), "digest": digest}
    sys.stdout.write(json.dumps(result) + "\n")


def make_body(post: int, count: int) -> bytes:
    """Constructed people who join."""
    notices = [
        {
            "kind": "JOIN",
            "personnel_number": f"{post}-{number}",
            "effective": "2026-03-01",
            "pay": f"{2000 + number * 37 % 3000}.{number % 100:02}",
            "first_name": "Vorname",
            "last_name": f"Name {number}",
            "birth_date": f"{1965 + number % 35}-{1 + number % 12:02}-{1 + number % 28:02}",
            "employment": "regular",
        }
        for number in range(count)
    ]
    return json.dumps({"contract": "GV-1", "notices": notices}).encode()


def open_product() -> Callable[[bytes], None]:
    """The product's POST, with a key made for it."""
    machines = importlib.import_module("aupolicy.operations.machines")
    contracts = importlib.import_module("aupolicy.models").GroupContract.objects
    scopes = importlib.import_module("aupolicy.facts.machine").ApiScope
    now = datetime.now(tz=UTC)
    client = machines.create_client(
        name="Lohnprogramm", party=contracts.get().employer, scopes=list(scopes), by=None, now=now
    )
    made = machines.create_key(client=client, expires_at=now + timedelta(days=1), by=None, now=now)
    headers = {"authorization": f"Bearer {made.text}"}
    return _poster("/api/v1/notices", headers)


def _poster(address: str, headers: dict[str, str]) -> Callable[[bytes], None]:
    http = importlib.import_module("django.test").Client(headers=headers)

    def send(body: bytes) -> None:
        answer = http.post(address, body, content_type="application/json")
        assert answer.status_code == 200, answer.content[:500]

    return send


def open_bare() -> Callable[[bytes], None]:
    """A view as the framework's own guide writes it."""
    bare = importlib.import_module("benchmarks.api_bare_view")
    settings = importlib.import_module("django.conf").settings
    settings.ROOT_URLCONF = bare.__name__
    return _poster("/notices", {})


def open_copy() -> Callable[[bytes], None]:
    """The same rows by COPY, in a transaction of their own."""
    psycopg = importlib.import_module("psycopg")
    database = psycopg.connect(**connection.get_connection_params())
    # COPY is not for fenced tables; here it stands for the least that can be done.
    database.execute("ALTER TABLE members_noticerecord NO FORCE ROW LEVEL SECURITY")
    database.commit()
    now = datetime.now(tz=UTC)

    def send(body: bytes) -> None:
        with database.transaction(), database.cursor() as cursor, cursor.copy(_COPY) as copy:
            for one in json.loads(body)["notices"]:
                said = tuple(one[name] for name in _SAID)
                copy.write_row((1, *said, now, "", "", "", "", "", "API", "", "APPLIED", "[]"))

    return send


_SAID = (
    "kind", "personnel_number", "effective", "pay", "first_name", "last_name", "birth_date",
    "employment",
)  # fmt: skip
SIDES: dict[str, Callable[[], Callable[[bytes], None]]] = {
    "product": open_product,
    "bare": open_bare,
    "copy": open_copy,
}

if __name__ == "__main__":
    main()
