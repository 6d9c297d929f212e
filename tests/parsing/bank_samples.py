"""Constructed messages of a bank, in the version a test asks for."""

from collections.abc import Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

OUR_IBAN = "DE89370400440532013000"
THEIR_IBAN = "DE02120300000000202051"
PREFIX = "urn:iso:std:iso:20022:tech:xsd:"
UNPAID = (
    "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>UPDD</SubFmlyCd></Fmly></Domn>"
    "</BkTxCd>"
)
COLLECTED = UNPAID.replace("UPDD", "ESDD")
RECEIVED = UNPAID.replace("IDDT", "RCDT").replace("UPDD", "ESCT")


def make_return(version: str = "08", *, end_to_end_id: str = "BU-2026-000001") -> str:
    """A returned debit of 76.70 with 3.00 of charges, booked as one sum."""
    charge = '<Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
    if version == "08":
        stated = '<Amt Ccy="EUR">79.70</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        charges = f"<Chrgs><Rcrd>{charge}</Rcrd></Chrgs>"
    else:
        stated, charges = "", f"<Chrgs>{charge}</Chrgs>"
    details = (
        f"<TxDtls><Refs><MsgId>BAU-1</MsgId><PmtInfId>BAU-1-1</PmtInfId>"
        f"<EndToEndId>{end_to_end_id}</EndToEndId><MndtId>BAU-2026-0001</MndtId></Refs>{stated}"
        '<AmtDtls><InstdAmt><Amt Ccy="EUR">76.70</Amt></InstdAmt></AmtDtls>'
        f"{charges}<RltdPties>{make_party(version, 'Dbtr', 'Haarschön', THEIR_IBAN)}"
        f"{make_party(version, 'Cdtr', 'Musterleben', OUR_IBAN)}</RltdPties>"
        "<RmtInf><Ustrd>Beitrag Dezember</Ustrd><Ustrd>Vertrag BAU-0001</Ustrd></RmtInf>"
        "<RtrInf><Rsn><Cd>MS03</Cd></Rsn><AddtlInf>sonstige Gründe</AddtlInf></RtrInf></TxDtls>"
    )
    return make_entry("79.70", "DBIT", f"<NtryDtls>{details}</NtryDtls>", version=version)


def make_party(version: str, tag: str, name: str, iban: str) -> str:
    """A party with its account; version .08 wraps its name."""
    named = f"<Nm>{name}</Nm>"
    inside = f"<Pty>{named}</Pty>" if version == "08" else named
    return f"<{tag}>{inside}</{tag}><{tag}Acct><Id><IBAN>{iban}</IBAN></Id></{tag}Acct>"


def make_entry(
    amount: str,
    direction: str = "CRDT",
    inside: str = "",
    *,
    version: str = "08",
    status: str = "BOOK",
    code: str = UNPAID,
    before: str = "",
) -> str:
    """An entry of 21 December 2026; `inside` is what follows its code."""
    said = f"<Cd>{status}</Cd>" if version == "08" else status
    return (
        f'\n<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<Sts>{said}</Sts><BookgDt><Dt>2026-12-21</Dt></BookgDt><ValDt><Dt>2026-12-22</Dt></ValDt>"
        f"<AcctSvcrRef>REF-1</AcctSvcrRef>{code}{before}{inside}</Ntry>"
    )


def make_transaction(amount: str, direction: str = "CRDT", inside: str = "") -> str:
    """A transaction of version .08."""
    stated = f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
    return f"<TxDtls>{stated}{inside}</TxDtls>"


def make_notification(
    *entries: str, version: str = "08", message_id: str = "N-1", more: str = ""
) -> bytes:
    """A camt.054; `more` are further statements after the first."""
    first = make_ntfctn("".join(entries))
    return wrap(
        f"camt.054.001.{version}",
        f"<BkToCstmrDbtCdtNtfctn>{make_group(message_id)}{first}{more}</BkToCstmrDbtCdtNtfctn>",
    )


def make_ntfctn(entries: str, *, own_id: str = "1") -> str:
    """One account's notification."""
    return (
        f"<Ntfctn><Id>{own_id}</Id><CreDtTm>2026-12-21T18:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{OUR_IBAN}</IBAN></Id></Acct>{entries}</Ntfctn>"
    )


def make_statement(
    *entries: str,
    version: str = "08",
    opening: str = "1000.00",
    closing: str = "920.30",
    summary: str = "",
    pages: str = "",
) -> bytes:
    """A camt.053 of one day."""
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount.lstrip("-")}</Amt>'
        f"<CdtDbtInd>{'DBIT' if amount.startswith('-') else 'CRDT'}</CdtDbtInd>"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount, day in (
            ("OPBD", opening, "2026-12-20"),
            ("CLBD", closing, "2026-12-21"),
        )
    )
    return wrap(
        f"camt.053.001.{version}",
        f"<BkToCstmrStmt>{make_group('S-1')}<Stmt><Id>1</Id>{pages}"
        "<CreDtTm>2026-12-21T18:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{OUR_IBAN}</IBAN></Id></Acct>{balances}{summary}"
        f"{''.join(entries)}</Stmt></BkToCstmrStmt>",
    )


def make_summary(**stated: str) -> str:
    """What a statement says of all its entries, such as NbOfNtries and Sum."""
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in stated.items())
    return f"<TxsSummry><TtlNtries>{inside}</TtlNtries></TxsSummry>"


def make_group(message_id: str) -> str:
    """The head of a message."""
    return (
        f"<GrpHdr><MsgId>{message_id}</MsgId>"
        "<CreDtTm>2026-12-21T18:00:00.123+01:00</CreDtTm></GrpHdr>"
    )


def make_report(*payments: str, file: str = "", block: str = "", message_id: str = "P-1") -> bytes:
    """A pain.002 about the file BAU-1; `file` and `block` are what is said of both."""
    return wrap(
        "pain.002.001.10",
        f"<CstmrPmtStsRpt>{make_group(message_id)}<OrgnlGrpInfAndSts><OrgnlMsgId>BAU-1</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>{file}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>BAU-1-1</OrgnlPmtInfId>{block}"
        f"{''.join(payments)}</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
    )


def make_status(
    end_to_end_id: str, status: str = "RJCT", code: str = "AC01", amount: str = "76.70"
) -> str:
    """One payment of a pain.002."""
    reason = f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn><AddtlInf>Text</AddtlInf></StsRsnInf>"
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{end_to_end_id}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        f"{reason if code else ''}<OrgnlTxRef><Amt>"
        f'<InstdAmt Ccy="EUR">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>'
    )


def wrap(name: str, body: str) -> bytes:
    """A document of this message."""
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<Document xmlns="{PREFIX}{name}">{body}</Document>'.encode()


def lock(archive: bytes) -> bytes:
    """The archive with its first file marked as encrypted."""
    marked = bytearray(archive)
    marked[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(marked)


def pack(*files: bytes, names: Sequence[str] = ()) -> bytes:
    """A ZIP of these files."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as archive:
        for number, content in enumerate(files):
            name = names[number] if number < len(names) else f"{number}.xml"
            archive.writestr(name, content)
    return output.getvalue()
