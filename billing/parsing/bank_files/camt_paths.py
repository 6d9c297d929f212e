"""Where camt.053 and camt.054 keep what we read, in versions .02 and .08 alike.

Between them a status became a choice, parties got a wrapper Pty, and charges records.
"""

from billing.parsing.bank_files.elements import Paths, amount, group, signed, text, texts

_NAME = 140
_IBAN = 34
_CODE = 4
# A day, or a moment with fractions and offset.
_MOMENT = 40

_CODES: Paths = {
    "BkTxCd/Domn/Cd": text("domain", _CODE),
    "BkTxCd/Domn/Fmly/Cd": text("family", _CODE),
    "BkTxCd/Domn/Fmly/SubFmlyCd": text("subfamily", _CODE),
    "BkTxCd/Prtry/Cd": text("own_code"),
}

_CHARGES: Paths = {
    "Chrgs/Amt": signed("charges"),
    "Chrgs/Rcrd/Amt": signed("charges"),
    "Chrgs/TtlChrgsAndTaxAmt": amount("all_charges"),
}

GROUP: Paths = {
    "MsgId": text("message_id"),
    "CreDtTm": text("created_at", _MOMENT),
    "MsgPgntn/PgNb": text("page", 5),
    "MsgPgntn/LastPgInd": text("last_page", 5),
}

ACCOUNT: Paths = {"Acct/Id/IBAN": text("iban", _IBAN + 10)}

STATEMENT: Paths = {
    **ACCOUNT,
    "Id": text("id"),
    "CreDtTm": text("created_at", _MOMENT),
    "StmtPgntn/PgNb": text("page", 5),
    "StmtPgntn/LastPgInd": text("last_page", 5),
    "NtfctnPgntn/PgNb": text("page", 5),
    "NtfctnPgntn/LastPgInd": text("last_page", 5),
    "Bal": group(
        "balances",
        {
            "Tp/CdOrPrtry/Cd": text("code", _CODE),
            "Amt": amount("amount"),
            "CdtDbtInd": text("direction", _CODE),
            "Dt/Dt": text("day", _MOMENT),
            "Dt/DtTm": text("day", _MOMENT),
        },
    ),
    "TxsSummry/TtlNtries/NbOfNtries": text("all_count", 15),
    "TxsSummry/TtlNtries/Sum": text("all_sum"),
    "TxsSummry/TtlCdtNtries/NbOfNtries": text("credit_count", 15),
    "TxsSummry/TtlCdtNtries/Sum": text("credit_sum"),
    "TxsSummry/TtlDbtNtries/NbOfNtries": text("debit_count", 15),
    "TxsSummry/TtlDbtNtries/Sum": text("debit_sum"),
}

ENTRY: Paths = {
    **_CODES,
    **_CHARGES,
    "NtryRef": text("entry_reference"),
    "Amt": amount("amount"),
    "CdtDbtInd": text("direction", _CODE),
    "RvslInd": text("reversal", 5),
    "Sts": text("status", _CODE),
    "Sts/Cd": text("status", _CODE),
    "BookgDt/Dt": text("booked_on", _MOMENT),
    "BookgDt/DtTm": text("booked_on", _MOMENT),
    "ValDt/Dt": text("value_on", _MOMENT),
    "ValDt/DtTm": text("value_on", _MOMENT),
    "AcctSvcrRef": text("bank_reference"),
}

BATCH: Paths = {
    "Btch/MsgId": text("message_id"),
    "Btch/PmtInfId": text("payment_information_id"),
    "Btch/NbOfTxs": text("count", 15),
    "Btch/TtlAmt": amount("amount"),
    "Btch/CdtDbtInd": text("direction", _CODE),
}

TRANSACTION: Paths = {
    **_CODES,
    **_CHARGES,
    "Refs/MsgId": text("message_id"),
    "Refs/AcctSvcrRef": text("bank_reference"),
    "Refs/PmtInfId": text("payment_information_id"),
    "Refs/EndToEndId": text("end_to_end_id"),
    "Refs/MndtId": text("mandate_reference"),
    "Amt": amount("amount"),
    "CdtDbtInd": text("direction", _CODE),
    "AmtDtls/InstdAmt/Amt": amount("instructed"),
    "AmtDtls/TxAmt/Amt": amount("transaction"),
    "RltdPties/Dbtr/Nm": text("debtor", _NAME),
    "RltdPties/Dbtr/Pty/Nm": text("debtor", _NAME),
    "RltdPties/DbtrAcct/Id/IBAN": text("debtor_iban", _IBAN + 10),
    "RltdPties/Cdtr/Nm": text("creditor", _NAME),
    "RltdPties/Cdtr/Pty/Nm": text("creditor", _NAME),
    "RltdPties/CdtrAcct/Id/IBAN": text("creditor_iban", _IBAN + 10),
    "RmtInf/Ustrd": texts("remittance", _NAME),
    "RmtInf/Strd/CdtrRefInf/Ref": text("creditor_reference"),
    "RtrInf/Rsn/Cd": text("reason_code", _CODE),
    "RtrInf/Rsn/Prtry": text("reason_code"),
    "RtrInf/AddtlInf": texts("reason_text", 105),
}
