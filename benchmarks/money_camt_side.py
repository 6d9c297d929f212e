"""One side of `benchmarks.money_camt` in a process of its own; prints one line of JSON."""

import importlib
import json
import os
import resource
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import django

JAN, DUE, BACK = date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 19)
NOW = datetime(2026, 1, 19, 12, tzinfo=UTC)
AMOUNT, FEE = Decimal("76.70"), Decimal("3.00")
_IBAN = "DE02120300000000202051"
_OURS = "DE89370400440532013000"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
    "<GrpHdr><MsgId>N-1</MsgId><CreDtTm>2026-01-19T18:00:00+01:00</CreDtTm></GrpHdr><Ntfctn>"
    "<Id>1</Id><CreDtTm>2026-01-19T18:00:00+01:00</CreDtTm>"
    f"<Acct><Id><IBAN>{_OURS}</IBAN></Id></Acct>\n"
)
_TAIL = "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"


def main() -> None:
    """Do what the side does."""
    django.setup()
    side, count = sys.argv[1], int(sys.argv[2])
    result = {"prepare": prepare, "product": read, "same": read, "naive": read_one_by_one}[side](
        count
    )
    sys.stdout.write(json.dumps(result) + "\n")


def make_file(count: int) -> bytes:
    """A camt.054 in which the first debits come back, each with charges."""
    return (_HEAD + "\n".join(map(_entry, range(1, count + 1))) + _TAIL).encode()


def _entry(number: int) -> str:
    total = AMOUNT + FEE
    return (
        f'<Ntry><Amt Ccy="EUR">{total}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{BACK}</Dt></BookgDt><AcctSvcrRef>R{number}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn>"
        f"</BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>E{number:07d}</EndToEndId>"
        f'<MndtId>M{number:07d}</MndtId></Refs><Amt Ccy="EUR">{total}</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd>"
        f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{AMOUNT}</Amt></InstdAmt></AmtDtls>'
        f'<Chrgs><Rcrd><Amt Ccy="EUR">{FEE}</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>'
        f"<RltdPties><Dbtr><Pty><Nm>Betrieb {number}</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{_IBAN}</IBAN></Id></DbtrAcct></RltdPties>"
        "<RmtInf><Ustrd>Beitrag Januar</Ustrd></RmtInf>"
        "<RtrInf><Rsn><Cd>MD02</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>"
    )


def prepare(count: int) -> dict[str, Any]:
    """Contracts, each with a mandate and a demand that is collected."""
    models = importlib.import_module("billing.models")
    agreement = importlib.import_module("aupolicy.models")
    period = importlib.import_module("aupolicy.kernel.period").Period
    charges = importlib.import_module("billing.operations.charges")
    employer = agreement.Employer.objects.create(legal_name="Betrieb GmbH")
    contracts = agreement.GroupContract.objects.bulk_create(
        [
            agreement.GroupContract(number=f"K{n:07d}", employer=employer, period=period(JAN))
            for n in range(1, count + 1)
        ],
        batch_size=2_000,
    )
    mandates = models.Mandate.objects.bulk_create(
        [
            models.Mandate(
                contract=contract,
                creditor_identifier="DE98ZZZ09999999999",
                reference=f"M{n:07d}",
                signed_on=JAN,
                account_holder="Betrieb",
                iban=_IBAN,
                period=period(JAN),
            )
            for n, contract in enumerate(contracts, start=1)
        ],
        batch_size=2_000,
    )
    kind = models.OpenItem.Kind.COSTS
    wanted = [charges.Charge(each.pk, kind, AMOUNT, None, DUE) for each in contracts]
    items = charges.charge_all(charges=wanted, booked_on=JAN)
    _collect(models, items, mandates)
    return {"prepared": count}


def _collect(models: Any, items: list[Any], mandates: list[Any]) -> None:
    """All of it in one file that the bank has credited."""
    books = importlib.import_module("billing.operations.books")
    transaction = importlib.import_module("django.db").transaction
    entry, kinds = models.LedgerEntry, models.LedgerTransaction
    with transaction.atomic():
        collection = models.Collection.objects.create(
            due_date=DUE,
            submit_by=DUE,
            scheme="CORE",
            message_id="BAU-1",
            created_at=NOW,
            debit_count=len(items),
            control_sum=AMOUNT * len(items),
            file_sha256="0" * 64,
        )
        debits = models.CollectionItem.objects.bulk_create(
            [
                models.CollectionItem(
                    collection=collection,
                    open_item=item,
                    mandate=mandate,
                    amount=AMOUNT,
                    end_to_end_id=f"E{n:07d}",
                    remittance="Beitrag",
                )
                for n, (item, mandate) in enumerate(zip(items, mandates, strict=True), start=1)
            ],
            batch_size=2_000,
        )
        books.post(
            [
                books.Booking(
                    kinds.COLLECTION,
                    JAN,
                    debit.open_item.contract_id,
                    (
                        (entry.IN_TRANSIT, debit.open_item.contract_id, AMOUNT),
                        (entry.RECEIVABLE, debit.open_item.contract_id, -AMOUNT),
                    ),
                    books.Cause(debit_id=debit.pk),
                    (books.Settled(debit.open_item_id, AMOUNT, debit.pk),),
                )
                for debit in debits
            ]
        )


def read(count: int) -> dict[str, Any]:
    """The product reads the file."""
    bank_files = importlib.import_module("billing.operations.bank_files")
    models = importlib.import_module("billing.models")
    # Read once in a worker's life.
    importlib.import_module("billing.queries.reactions").get_shipped_reactions()
    content = make_file(count)
    parsing = _parse(content)
    begin = _begin()
    report = bank_files.receive_bank_file(
        content=content, name="n.xml", source=models.BankFile.Source.FOLDER, user=None, now=NOW
    )
    found = _end(begin, count, parsing)
    if report.counts != {"returned_debit": count}:
        sys.exit(f"not every debit was returned: {report.counts}")
    return found


def read_one_by_one(count: int) -> dict[str, Any]:
    """The same file, one return after the other: what one would write at first."""
    models = importlib.import_module("billing.models")
    django_db = importlib.import_module("django.db")
    content = make_file(count)
    parsing = _parse(content)
    parse = importlib.import_module("billing.parsing.bank_files").parse_bank_file
    begin = _begin()
    file = models.BankFile.objects.create(
        file_name="n.xml", sha256="1" * 64, source="folder", received_at=NOW, messages=[],
        entry_count=count, status_count=0,
    )  # fmt: skip
    for told in parse(content).messages[0].entries:
        with django_db.transaction.atomic():
            _book_one(models, file, told)
    return _end(begin, count, parsing)


def _book_one(models: Any, file: Any, told: Any) -> None:
    debit = (
        models.CollectionItem.objects.select_for_update()
        .select_related("open_item", "mandate")
        .get(end_to_end_id=told.end_to_end_id)
    )
    contract = debit.open_item.contract_id
    entry = models.BankEntry.objects.create(
        file=file, message_id="N-1", position=told.position, account_iban=told.account_iban,
        direction=told.direction.value, amount=told.amount, original_amount=told.original_amount,
        charges=told.charges, booked_on=told.booked_on, bank_reference=told.bank_reference,
        end_to_end_id=told.end_to_end_id, mandate_reference=told.mandate_reference,
        transaction_code=told.transaction_code, reason_code=told.reason_code,
        party_name=told.party_name, party_iban=told.party_iban, remittance=told.remittance,
        fingerprint=told.bank_reference, outcome="returned_debit",
    )  # fmt: skip
    debit.ended_on, debit.ended_how = told.booked_on, "returned"
    debit.save(update_fields=["ended_on", "ended_how"])
    times = models.ReturnedDebit.objects.filter(
        debit__open_item__contract=contract, reason_code=told.reason_code
    ).count()
    booking = models.LedgerTransaction.objects.create(
        kind="RETURNED_DEBIT", booked_on=told.booked_on, contract_id=contract, debit=debit,
        bank_entry=entry,
    )  # fmt: skip
    for account, amount in (("1400", AMOUNT), ("4970", told.charges), ("1200", -told.amount)):
        models.LedgerEntry.objects.create(
            transaction=booking, account=account, contract_id=contract, amount=amount
        )
    models.Allocation.objects.create(
        transaction=booking, open_item=debit.open_item, debit=debit, amount=-debit.amount
    )
    returned = models.ReturnedDebit.objects.create(
        debit=debit, how="return", reason_code=told.reason_code, returned_on=told.booked_on,
        fee=told.charges, occurrence=times + 1, reaction={"next_step": "clerk"}, bank_entry=entry,
        recorded_at=NOW,
    )  # fmt: skip
    work = importlib.import_module("aupolicy.models").WorkItem
    work.objects.create(
        kind="returned_debit", subject=returned.pk, title=told.reason_code, priority=1, due=BACK,
        created_at=NOW,
    )  # fmt: skip


def _parse(content: bytes) -> float:
    """Seconds that reading the file alone takes; both sides read it so."""
    stream = importlib.import_module("billing.parsing.bank_files").stream_bank_file
    begin = time.perf_counter()
    for _ in stream(content):
        pass
    return time.perf_counter() - begin


def _begin() -> tuple[float, float, int]:
    connection = importlib.import_module("django.db").connection
    connection.ensure_connection()
    return time.perf_counter(), _work(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _work() -> float:
    """Processor seconds of this program and of its database process."""
    backend = importlib.import_module("django.db").connection.connection.info.backend_pid
    stat = Path(f"/proc/{backend}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return time.process_time() + sum(map(int, stat[11:13])) / os.sysconf("SC_CLK_TCK")


def _end(begin: tuple[float, float, int], count: int, parsing: float) -> dict[str, Any]:
    seconds, peak = time.perf_counter() - begin[0], resource.getrusage(resource.RUSAGE_SELF)
    return {
        "returns": count,
        "seconds": seconds,
        "booking": seconds - parsing,
        "work": _work() - begin[1],
        "extra_mib": (peak.ru_maxrss - begin[2]) / 1024,
        "proof": _prove(),
    }


def _prove() -> list[Any]:
    """What is left of it: rows and balances."""
    models = importlib.import_module("billing.models")
    aggregates = importlib.import_module("django.db.models")
    rows = models.LedgerEntry.objects.order_by("account").values_list("account")
    sums = [
        [account, str(amount), number]
        for account, amount, number in rows.annotate(
            amount=aggregates.Sum("amount"), number=aggregates.Count("pk")
        )
    ]
    debits = models.CollectionItem.objects.filter(ended_how="returned").count()
    returned = models.ReturnedDebit.objects.filter(occurrence=1).count()
    allocated = models.Allocation.objects.aggregate(sum=aggregates.Sum("amount"))["sum"]
    work = importlib.import_module("aupolicy.models").WorkItem.objects.count()
    return [sums, debits, returned, str(allocated), work, models.BankEntry.objects.count()]


if __name__ == "__main__":
    main()
