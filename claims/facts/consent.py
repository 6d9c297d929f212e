"""What the insured person declares, in the wording it is asked for in."""

from dataclasses import dataclass
from enum import StrEnum


class ConsentKind(StrEnum):
    """What a declaration is about; `value` is what the table of consents keeps."""

    HEALTH_DATA = "health_data"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A declaration in one language; `text` has paragraphs, parted by empty lines."""

    kind: ConsentKind
    version: str
    language: str
    title: str
    text: str
