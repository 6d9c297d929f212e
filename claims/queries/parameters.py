"""How claims are handled on a day, and what the insured person is asked to declare."""

from datetime import date
from functools import lru_cache

from claims.facts import ClaimsParameters
from claims.facts.consent import ConsentKind, ConsentText
from claims.parsing.parameters import LANGUAGES, parse_consents, parse_handling


@lru_cache(maxsize=1)
def _handling() -> tuple[ClaimsParameters, ...]:
    """The files are part of the installed product, so they are read once."""
    return parse_handling()


@lru_cache(maxsize=1)
def _consents() -> dict[tuple[str, str], ConsentText]:
    # A later version of a kind takes the place of the earlier one.
    return {(text.kind.value, text.language): text for text in parse_consents()}


def get_claims_parameters(day: date) -> ClaimsParameters:
    """How claims are handled on a day; a day before the first version is handled by that one."""
    versions = _handling()
    return next((each for each in reversed(versions) if each.valid_from <= day), versions[0])


def get_consent(kind: ConsentKind | str, language: str) -> ConsentText:
    """The wording asked for today, German for languages it is not written in.

    Raises ValueError for a kind that there is not.
    """
    spoken = language.split("-", maxsplit=1)[0]
    return _consents()[ConsentKind(kind).value, spoken if spoken in LANGUAGES else LANGUAGES[0]]


def list_consents(language: str = LANGUAGES[0]) -> list[ConsentText]:
    """What an insured person is asked to declare, in the order it is asked."""
    return [get_consent(kind, language) for kind in ConsentKind]
