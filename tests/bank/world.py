"""A bank's view of contracts that were collected: messages of camt and pain made to order."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aupolicy.models import GroupContract
from billing.models import BankFile, CollectionItem, LedgerEntry, OpenItem
from billing.operations import create_collections
from billing.operations.bank_files import BankFileReport, receive_bank_file
from billing.queries.audit import audit_ledger
from members.facts import NoticeKind
from tests.laws.world import agree, at, bill, creditor, give_mandate, notice, settle, tell
from tests.parsing.bank_samples import (
    COLLECTED,
    RECEIVED,
    THEIR_IBAN,
    UNPAID,
    make_group,
    make_ntfctn,
    make_party,
    wrap,
)

JAN, DUE, BACK = date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 19)
# What the first of two contracts owes in January, and the second.
FIRST, SECOND = Decimal("13.00"), Decimal("19.10")


def collect_two() -> tuple[CollectionItem, CollectionItem]:
    """Two contracts whose premium of January was collected in one file."""
    for pay in ("2400", "6000"):
        contract = insure(pay)
        give_mandate(contract, signed_on=JAN)
    bill("2026-01")
    create_collections(due=DUE, now=at(JAN), creditor=creditor())
    settle()
    first, second = CollectionItem.objects.select_related("collection").order_by("pk")
    return first, second


def collect_again(item: OpenItem) -> CollectionItem:
    """The next debit of an item that came back."""
    create_collections(due=date(2026, 1, 29), now=at(BACK), creditor=creditor())
    settle()
    debits = CollectionItem.objects.select_related("collection", "mandate")
    return debits.filter(open_item=item, ended_how="").get()


def insure(pay: str = "2400") -> GroupContract:
    """A contract with one person."""
    contract = agree(start=JAN)
    tell(contract, notice(NoticeKind.JOIN, "1", JAN, pay))
    return contract


def receive(content: bytes, *, on: date = BACK, name: str = "bank.xml") -> BankFileReport:
    """Read a file from the folder, and have the database check what it checks at a commit."""
    report = receive_bank_file(
        content=content, name=name, source=BankFile.Source.FOLDER, user=None, now=at(on)
    )
    settle()
    return report


def transaction(
    amount: str | Decimal,
    direction: str,
    *,
    end_to_end_id: str = "",
    file: str = "",
    mandate: str = "",
    reason: str = "",
    instructed: str | Decimal = "",
    charges: str = "",
    purpose: str = "",
    iban: str = THEIR_IBAN,
    name: str = "Beispiel GmbH",
) -> str:
    """TxDtls of camt .08."""
    refs = "".join(
        f"<{tag}>{text}</{tag}>"
        for tag, text in (
            ("PmtInfId", file), ("EndToEndId", end_to_end_id), ("MndtId", mandate)
        )
        if text
    )  # fmt: skip
    parts = [f"<Refs>{refs}</Refs>" if refs else ""]
    parts.append(f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>')
    if instructed:
        parts.append(f'<AmtDtls><InstdAmt><Amt Ccy="EUR">{instructed}</Amt></InstdAmt></AmtDtls>')
    if charges:
        charge = f'<Amt Ccy="EUR">{charges}</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        parts.append(f"<Chrgs><Rcrd>{charge}</Rcrd></Chrgs>")
    parts.append(f"<RltdPties>{make_party('08', 'Dbtr', name, iban)}</RltdPties>")
    parts.append(f"<RmtInf><Ustrd>{purpose}</Ustrd></RmtInf>" if purpose else "")
    parts.append(f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else "")
    return f"<TxDtls>{''.join(parts)}</TxDtls>"


def entry(
    amount: str | Decimal,
    direction: str,
    *details: str,
    code: str,
    reference: str = "",
    day: date = BACK,
    batch: str = "",
    reversal: bool = False,
) -> str:
    """Ntry of camt .08."""
    ref = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    turned = "<RvslInd>true</RvslInd>" if reversal else ""
    inside = f"<NtryDtls>{batch}{''.join(details)}</NtryDtls>" if details or batch else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{turned}'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>{ref}{code}{inside}</Ntry>"
    )


def came_back(
    debit: CollectionItem, reason: str = "MS03", *, charges: str = "3.00", day: date = BACK
) -> str:
    """An entry of a returned debit with charges."""
    amount = debit.amount + Decimal(charges or "0")
    details = transaction(
        amount, "DBIT", end_to_end_id=debit.end_to_end_id, mandate=debit.mandate.reference,
        reason=reason, instructed=debit.amount, charges=charges,
    )  # fmt: skip
    return entry(amount, "DBIT", details, code=UNPAID, reference=f"R{debit.end_to_end_id}", day=day)


def credited(debit: CollectionItem, amount: Decimal | None = None, *, day: date = DUE) -> str:
    """An entry of a whole collection credited, told as a batch."""
    collection = debit.collection
    booked = collection.control_sum if amount is None else amount
    batch = (
        f"<Btch><PmtInfId>{collection.message_id}</PmtInfId>"
        f"<NbOfTxs>{collection.debit_count}</NbOfTxs></Btch>"
    )
    return entry(booked, "CRDT", code=COLLECTED, batch=batch, reference="S1", day=day)


def transfer(
    amount: str | Decimal, purpose: str, *, reference: str = "T1", day: date = BACK, **told: Any
) -> str:
    """An entry of an incoming transfer."""
    details = transaction(amount, "CRDT", purpose=purpose, **told)
    return entry(amount, "CRDT", details, code=RECEIVED, reference=reference, day=day)


def notification(*entries: str, message_id: str = "N-1") -> bytes:
    """A camt.054.001.08."""
    head = make_group(message_id)
    return wrap(
        "camt.054.001.08",
        f"<BkToCstmrDbtCdtNtfctn>{head}{make_ntfctn(''.join(entries))}</BkToCstmrDbtCdtNtfctn>",
    )


def statement(
    *entries: str, moved: Decimal, message_id: str = "S-1", opening: Decimal = Decimal(1000)
) -> bytes:
    """A camt.053.001.08 whose balances agree with the euros moved."""
    body = make_ntfctn("".join(entries)).replace("Ntfctn>", "Stmt>")
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{BACK}</Dt></Dt></Bal>"
        for code, amount in (("OPBD", opening), ("CLBD", opening + moved))
    )
    body = body.replace("</Acct>", f"</Acct>{balances}", 1)
    return wrap("camt.053.001.08", f"<BkToCstmrStmt>{make_group(message_id)}{body}</BkToCstmrStmt>")


def sum_account(account: str, contract: GroupContract | None = None) -> Decimal:
    """The balance of an account in EUR."""
    entries = LedgerEntry.objects.filter(account=account)
    if contract is not None:
        entries = entries.filter(contract=contract)
    return sum((each.amount for each in entries), start=Decimal(0))


def balances() -> dict[str, Decimal]:
    """Every account that is not empty."""
    accounts = LedgerEntry.objects.order_by().values_list("account", flat=True).distinct()
    found = {account: sum_account(account) for account in accounts}
    return {account: amount for account, amount in found.items() if amount}


def open_amounts() -> dict[str, Decimal]:
    """What is open of each demand, by number."""
    return {
        item.number: item.amount - sum((a.amount for a in item.allocations.all()), start=Decimal(0))
        for item in OpenItem.objects.prefetch_related("allocations")
    }


def outcomes(report: BankFileReport) -> Sequence[str]:
    """What became of each entry of a file, in order."""
    return list(report.file.entries.order_by("pk").values_list("outcome", flat=True))


def check_audit() -> None:
    """The whole book agrees."""
    settle()
    assert audit_ledger().differences == ()
