"""What changed in a mandate since its last debit, as pain.008 tells it once more."""

from billing.exports.sepa_text import sepa_name
from billing.facts.debit import Amendment

# "Same mandate with a new debtor account": the bank is not told which one it was before.
_NEW_ACCOUNT = "<Othr><Id>SMNDA</Id></Othr>"


def amendment_text(amendment: Amendment) -> str:
    """The elements `AmdmntInd` and `AmdmntInfDtls` of a checked amendment, in the schema's order.

    The account stands in `OrgnlDbtrAcct` also when only SMNDA is said (since November 2016;
    before, SMNDA meant a new bank and stood in `OrgnlDbtrAgt`).
    """
    reference = amendment.original_reference
    details = (
        "" if reference is None else f"<OrgnlMndtId>{reference}</OrgnlMndtId>",
        _creditor(amendment),
        _account(amendment),
    )
    return f"<AmdmntInd>true</AmdmntInd><AmdmntInfDtls>{''.join(details)}</AmdmntInfDtls>"


def _creditor(amendment: Amendment) -> str:
    """Who held the mandate before: name, creditor identifier or both."""
    name, identifier = amendment.original_creditor_name, amendment.original_creditor_identifier
    text = "" if name is None else f"<Nm>{sepa_name(name)}</Nm>"
    if identifier is not None:
        text += (
            f"<Id><PrvtId><Othr><Id>{identifier}</Id>"
            "<SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id>"
        )
    return f"<OrgnlCdtrSchmeId>{text}</OrgnlCdtrSchmeId>" if text else ""


def _account(amendment: Amendment) -> str:
    iban = amendment.original_iban
    if iban is None and not amendment.same_mandate_new_account:
        return ""
    account = _NEW_ACCOUNT if iban is None else f"<IBAN>{iban}</IBAN>"
    return f"<OrgnlDbtrAcct><Id>{account}</Id></OrgnlDbtrAcct>"
