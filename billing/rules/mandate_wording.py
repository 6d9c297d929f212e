"""The text of a SEPA mandate, as the debtor reads and signs it."""

from billing.facts.debit import Scheme
from billing.facts.mandate import MandateText

_KINDS = {Scheme.CORE: "SEPA-Basislastschrift", Scheme.B2B: "SEPA-Firmenlastschrift"}
# The sentences of the German banks' form (Deutsche Kreditwirtschaft, SEPA-Lastschriftmandat).
_RIGHTS = {
    Scheme.CORE: (
        "Hinweis: Wir können innerhalb von acht Wochen, beginnend mit dem Belastungsdatum, die"
        " Erstattung des belasteten Betrags verlangen. Es gelten dabei die mit unserem"
        " Kreditinstitut vereinbarten Bedingungen."
    ),
    Scheme.B2B: (
        "Hinweis: Dieses Mandat dient nur dem Einzug von Lastschriften, die auf Konten von"
        " Unternehmen gezogen sind. Wir sind nicht berechtigt, nach der Einlösung eine Erstattung"
        " des belasteten Betrags zu verlangen. Bis zum Fälligkeitstag können wir unser"
        " Kreditinstitut anweisen, eine Lastschrift nicht einzulösen."
    ),
}


def build_wording(text: MandateText) -> tuple[str, ...]:
    """The paragraphs of a mandate, German whatever the language of the page.

    They name everything that the SEPA rulebooks ask of a mandate: both parties, reference,
    creditor identifier, account, and that payments recur.
    """
    kind = _KINDS[text.scheme]
    bank = f" bei {text.bank_name}" if text.bank_name else ""
    parties = (
        f"Zahlungsempfänger: {text.creditor_name}, {text.creditor_address}."
        f" Gläubiger-Identifikationsnummer: {text.creditor_identifier}."
        f" Mandatsreferenz: {text.reference}."
    )
    order = (
        f"Wir ermächtigen die {text.creditor_name}, Zahlungen von unserem Konto mittels {kind}"
        f" einzuziehen. Zugleich weisen wir unser Kreditinstitut an, die von der"
        f" {text.creditor_name} auf unser Konto gezogenen Lastschriften einzulösen."
    )
    return (
        f"{kind}-Mandat für wiederkehrende Zahlungen zum Gruppenvertrag {text.contract_number}",
        parties,
        order,
        _RIGHTS[text.scheme],
        f"Kontoinhaber: {text.account_holder}. IBAN: {_grouped(text.iban)}{bank}.",
    )


def _grouped(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))
