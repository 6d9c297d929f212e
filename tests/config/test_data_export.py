"""Full and incremental exports on a database at work: nothing is missed, nothing is half done."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from aupolicy.models import Broker, Employer, WorkItem
from billing.models import NumberSeries, PremiumLine, Statement
from billing.operations import request_posting
from config.data_export import export as export_module
from config.data_export.export import UnableToExport, export_data
from config.data_export.files import Format
from config.data_export.position import Position, read_position, rows_since
from tests.portal.world import build_world, prepare_preview

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?\+00")
Rows = dict[tuple[Any, ...], dict[str, Any]]


@contextmanager
def another_session() -> Iterator[Any]:
    """A session of its own, without a transaction."""
    own = connection.copy()
    own.connect()
    try:
        yield own.connection
    finally:
        own.close()


def read_manifest(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return data


def read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    path = folder / name
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_key(rows: list[dict[str, Any]], key: list[str]) -> Rows:
    return {tuple(row[column] for column in key): row for row in rows}


def apply(state: dict[str, Rows], folder: Path) -> dict[str, Rows]:
    """What a receiver holds after an export, as docs/formats.md tells it to."""
    tables = {}
    for table in read_manifest(folder)["tables"]:
        key = table["key"]
        rows = {} if table["whole"] else dict(state[table["table"]])
        rows |= by_key(read_rows(folder, table["file"]), key)
        if table["keys"] is not None:
            there = by_key(read_rows(folder, table["keys"]["file"]), key)
            rows = {name: row for name, row in rows.items() if name in there}
        tables[table["table"]] = rows
    return tables


def export(folder: Path, *, since: Path | None = None, of: Format = Format.PARQUET) -> Path:
    export_data(folder=folder, file_format=of, now=NOW, since=since)
    return folder


def test_an_incremental_export_on_a_full_one_is_the_next_full_one(tmp_path: Path) -> None:
    world = build_world(today=TODAY, large=12, months=2)
    preview = prepare_preview(world)
    lone = NumberSeries.objects.create(key="geht")
    employer = world.contract.employer
    with another_session() as session:
        # Open while the full export runs; what a savepoint writes has an id of its own.
        session.execute("BEGIN")
        session.execute("INSERT INTO billing_numberseries VALUES ('offen', 1)")
        session.execute("SAVEPOINT inner_one")
        session.execute("INSERT INTO billing_numberseries VALUES ('offen, innen', 1)")
        session.execute("UPDATE aupolicy_employer SET town = 'Jena' WHERE id = %s", [employer.pk])
        session.execute("RELEASE inner_one")
        # Others go on meanwhile: the open one is not the youngest.
        NumberSeries.objects.create(key="dazwischen")
        full = export(tmp_path / "full")
        session.execute("COMMIT")
    lone.delete()
    small = world.contracts["Friseursalon Haarschön"].employer
    Employer.objects.filter(pk=small.pk).update(contact_name="Zoë Müller")
    WorkItem.objects.create(
        kind="other", subject=1, title="Neu\nmit Zeile", due=TODAY, created_at=NOW
    )
    # The lines were written before the full export; posting makes them part of the table.
    request_posting(run=preview, now=NOW)
    changes = export(tmp_path / "changes", since=full)
    after = export(tmp_path / "after")

    before = apply({}, full)
    series = {key for (key,) in before["billing_numberseries"]}
    assert {"geht", "dazwischen"} < series
    assert not {"offen", "offen, innen"} & series
    applied, expected = apply(before, changes), apply({}, after)
    assert applied.keys() == expected.keys()
    for table, rows in expected.items():
        assert applied[table] == rows, table
    assert before != expected
    series = {key for (key,) in expected["billing_numberseries"]}
    assert {"offen", "offen, innen", "dazwischen"} < series
    assert "geht" not in series
    assert len(expected["billing_premiumline"]) == PremiumLine.objects.count()
    _check_what_is_little(read_manifest(changes), read_manifest(after))
    # Nothing happened since: of most tables nothing comes, and of none it all comes again.
    quiet = read_manifest(export(tmp_path / "quiet", since=after))
    assert {table["table"] for table in quiet["tables"] if table["rows"]} == set()
    assert apply(expected, tmp_path / "quiet") == expected


def _check_what_is_little(changes: dict[str, Any], full: dict[str, Any]) -> None:
    """Only new things come, and tables that keep their rows have no list of keys."""
    rows = {table["table"]: table["rows"] for table in full["tables"]}
    new = {table["table"]: table for table in changes["tables"]}
    assert new["members_membership"]["rows"] < rows["members_membership"]
    assert 0 < new["billing_premiumline"]["rows"] < rows["billing_premiumline"]
    assert new["billing_ledgerentry"]["keys"] is None
    assert new["billing_numberseries"]["keys"]["rows"] == rows["billing_numberseries"]
    assert not any(table["whole"] for table in changes["tables"])


def test_what_the_files_hold(tmp_path: Path) -> None:
    world = build_world(today=TODAY, large=5, months=1)
    WorkItem.objects.create(
        kind="other", subject=1, title='Er sagt: "ja",\r\nso', due=TODAY, created_at=NOW
    )
    parquet = export(tmp_path / "parquet")
    plain = export(tmp_path / "new" / "csv", of=Format.CSV)

    manifest = read_manifest(plain)
    assert (manifest["kind"], manifest["moment"], manifest["since"]) == (
        "full",
        "2026-11-22T09:00:00+00:00",
        None,
    )
    for folder in (parquet, plain):
        for table in read_manifest(folder)["tables"]:
            content = (folder / table["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == table["sha256"]
            assert len(content) == table["bytes"]
            assert len(read_rows(folder, table["file"])) == table["rows"]
        names = {"manifest.json", "dictionary.json"}
        names |= {table["file"] for table in read_manifest(folder)["tables"]}
        assert {path.name for path in folder.iterdir()} == names
        assert folder.stat().st_mode & 0o777 == 0o700
    _check_values(parquet, plain)
    statement = read_rows(parquet, "billing_statement.parquet")[0]
    kept = Statement.objects.get(pk=statement["id"])
    assert (statement["total"], statement["month"]) == (kept.total, kept.month)
    assert isinstance(statement["total"], Decimal)
    contract = next(
        row
        for row in read_rows(parquet, "aupolicy_groupcontract.parquet")
        if row["id"] == world.contract.pk
    )
    assert contract["period_first_day"] == world.contract.period.first_day
    assert contract["period_last_day"] is None
    version = read_rows(plain, "aupolicy_contractversion.csv")[0]
    assert version["co_insures_directors"] in {"true", "false"}


def _check_values(parquet: Path, plain: Path) -> None:
    """Every cell of both formats says the same."""
    for table in read_manifest(parquet)["tables"]:
        ours = by_key(read_rows(parquet, table["file"]), table["key"])
        theirs = read_rows(plain, f"{table['table']}.csv")
        assert {tuple(map(str, key)) for key in ours} == {
            tuple(row[column] for column in table["key"]) for row in theirs
        }
        typed = {tuple(map(str, key)): row for key, row in ours.items()}
        for row in theirs:
            written = typed[tuple(row[column] for column in table["key"])]
            assert {name: _as_text(value) for name, value in written.items()} == {
                name: _same_moment(value) for name, value in row.items()
            }, table["table"]


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.isoformat(" ")
        case _:
            return str(value)


def _same_moment(text: str) -> str:
    """A moment as PostgreSQL writes it, in Python's words; any other text as it is."""
    moment = _MOMENT.fullmatch(text)
    if moment is None:
        return text
    return f"{moment[1]}{moment[2].ljust(7, '0') if moment[2] else ''}+00:00"


def test_ids_of_transactions_that_went_round() -> None:
    """A row's 32 bits are read as the latest id before now with these bits."""
    Broker.objects.create(legal_name="Alt", registration_number="D-1")
    with another_session() as session, session.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        now = read_position(cursor)
        written = cursor.execute("SELECT xmin::text::bigint FROM aupolicy_broker").fetchone()[0]

        def count(since: Position, now: Position) -> int:
            condition = rows_since("aupolicy_broker", since, now)
            query = sql.SQL("SELECT COUNT(*) FROM aupolicy_broker WHERE {}").format(condition)
            row = cursor.execute(query).fetchone()
            return int(row[0])

        for rounds in (0, 2**32, 5 * 2**32):
            later = replace(now, following=now.following + rounds)
            assert count(replace(now, oldest=written + rounds), later) == 1
            assert count(replace(now, oldest=written + 1 + rounds), later) == 0
        # So old that its bits may be anybody's: it comes again rather than not at all.
        assert count(replace(now, oldest=written), replace(now, following=2**33)) == 1


def test_a_table_with_other_columns_than_before_comes_whole(tmp_path: Path) -> None:
    Broker.objects.create(legal_name="Alt", registration_number="D-1")
    full = export(tmp_path / "full", of=Format.CSV)
    manifest = read_manifest(full)
    table = next(each for each in manifest["tables"] if each["table"] == "aupolicy_broker")
    table["columns"] = table["columns"][:-1]
    (full / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    changes = read_manifest(export(tmp_path / "changes", since=full, of=Format.CSV))
    whole = [(each["table"], each["rows"]) for each in changes["tables"] if each["whole"]]
    assert whole == [("aupolicy_broker", 1)]


def _refusal(folder: Path, since: Path) -> str:
    with pytest.raises(UnableToExport) as caught:
        export(folder, since=since)
    assert not folder.exists()
    return caught.value.code


def test_from_where_no_export_goes_on(tmp_path: Path) -> None:
    full = export(tmp_path / "full")
    manifest = read_manifest(full)
    position = manifest["position"]
    for change, code in (
        ({"system": "1"}, "OTHER_DATABASE"),
        ({"database": 1}, "OTHER_DATABASE"),
        ({"timeline": 99}, "OTHER_PAST"),
        ({"following": position["following"] + 1000}, "OTHER_PAST"),
        ({"oldest": "x"}, "NO_EARLIER"),
    ):
        earlier = tmp_path / "earlier"
        earlier.mkdir(exist_ok=True)
        content = json.dumps({**manifest, "position": {**position, **change}})
        (earlier / "manifest.json").write_text(content, encoding="utf-8")
        assert _refusal(tmp_path / "next", earlier) == code
    assert _refusal(tmp_path / "next", tmp_path / "nothing") == "NO_EARLIER"
    with pytest.raises(UnableToExport, match="FOLDER_EXISTS"):
        export(full)
    assert read_manifest(full) == manifest


def test_an_export_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(export_module, "describe_entities", fail)
    with pytest.raises(OSError, match="no space left"):
        export(tmp_path / "full")
    assert list(tmp_path.iterdir()) == []


def test_the_command(tmp_path: Path) -> None:
    Broker.objects.create(legal_name="Alt", registration_number="D-1")
    out = io.StringIO()
    folder = str(tmp_path / "full")
    call_command("export_data", "--out", folder, "--format", "csv", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["kind"], told["folder"], told["rows"]) == ("full", folder, 2)
    later = str(tmp_path / "later")
    out = io.StringIO()
    call_command("export_data", "--out", later, "--since", folder, stdout=out)
    assert out.getvalue().startswith("0 neue oder geänderte Zeilen aus ")
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("export_data", "--out", later, stdout=out)
