"""Keys of the annexes (Anlagen) to the GDV-Datensatz that we use, each with its meaning.

Keys that we could not look up stay blank in the file instead of being guessed: kinds of debit
(annex 60), kinds of telephone numbers (annex 76) and those of the SEPA mandate (record 0100,
part 5, positions 238 to 240).
"""

from collections.abc import Mapping
from typing import Final

from billing.facts.portfolio import EndCause

CURRENCY: Final = "EUR"
COMPANY: Final = "3"  # Anrede: Firma
POLICYHOLDER: Final = "01"  # annex 7: address of the policyholder
EMAIL: Final = "50"  # annex 76
DIRECT_DEBIT: Final = "1"  # Zahlungsart: Lastschrift
INSURER_COLLECTS: Final = "2"  # Inkassoart: Zentralinkasso
MONTHLY: Final = "8"  # annex 14
IN_FORCE, CANCELLED = "1", "4"  # annex 24: lebend, storniert
SOLE_INSURER: Final = "1"  # A, F, B: Alleinbesitzend
YES, NO = "1", "0"

END_REASONS: Final[Mapping[EndCause, str]] = {
    EndCause.POLICYHOLDER: "01",  # annex 5: Kündigung VN zum Ablauf
    EndCause.INSURER: "04",  # Kündigung VU zum Ablauf
    EndCause.EXPIRED: "22",  # Vertragsende durch Ablauf
}

# Addresses use the signs of motor vehicles instead of ISO 3166.
COUNTRIES: Final[Mapping[str, str]] = {
    "AT": "A", "BE": "B", "BG": "BG", "CH": "CH", "CY": "CY", "CZ": "CZ", "DE": "D", "DK": "DK",
    "EE": "EST", "ES": "E", "FI": "FIN", "FR": "F", "GB": "UK", "GR": "GR", "HR": "HR",
    "HU": "H", "IE": "IRL", "IS": "IS", "IT": "I", "LI": "FL", "LT": "LT", "LU": "L", "LV": "LV",
    "MT": "M", "NL": "NL", "NO": "N", "PL": "PL", "PT": "P", "RO": "RO", "SE": "S", "SI": "SLO",
    "SK": "SK",
}  # fmt: skip
