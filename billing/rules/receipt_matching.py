"""Which open items an incoming transfer pays: at once where it is plain, else as proposals."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from aupolicy.kernel.money import total
from billing.facts.bank_match import ItemState

# Numbers of statements and charges, also with other signs or spaces between their parts.
_NUMBER = re.compile(r"\b(AB|NF)[\s./-]*(\d{4})[\s./-]*(\d{7})\b", re.IGNORECASE)
_TOKEN = re.compile(r"[0-9A-ZÄÖÜ][0-9A-ZÄÖÜ/._-]{2,}", re.IGNORECASE)
_MOST_TOKENS = 40


def find_numbers(text: str) -> list[str]:
    """The numbers of open items in a purpose, as they are written here, each once."""
    found = (f"{kind.upper()}-{year}-{count}" for kind, year, count in _NUMBER.findall(text))
    return list(dict.fromkeys(found))


def find_tokens(text: str) -> list[str]:
    """Words of a purpose that may be the number of a contract, in capitals, each once."""
    words = (word.strip("._-/").upper() for word in _TOKEN.findall(text))
    return list(dict.fromkeys(words))[:_MOST_TOKENS]


def match_receipt(
    *, amount: Decimal, named: Sequence[ItemState], of_contracts: Sequence[ItemState]
) -> tuple[tuple[ItemState, Decimal], ...]:
    """What a transfer pays if that is plain, else nothing.

    `named` are the items whose numbers it gives, `of_contracts` those of the contracts it names.
    Plain is: the named items come to exactly the amount; or one item of a single named contract
    does, the one due first of equals (§ 366 BGB); or all of that contract's items together.
    """
    if named:
        wanted = [item for item in named if item.open_amount > 0]
        return _in_full(wanted) if wanted and _sum(wanted) == amount else ()
    demands = [item for item in of_contracts if item.open_amount > 0]
    if len({item.contract_id for item in demands}) != 1:
        return ()
    equal = [item for item in demands if item.open_amount == amount]
    if equal:
        return _in_full([min(equal, key=lambda item: (item.due_date, item.item_id))])
    return _in_full(demands) if _sum(demands) == amount else ()


def _in_full(items: Iterable[ItemState]) -> tuple[tuple[ItemState, Decimal], ...]:
    return tuple((item, item.open_amount) for item in items)


def _sum(items: Iterable[ItemState]) -> Decimal:
    return total(item.open_amount for item in items)


class Reason(StrEnum):
    """Why an item is proposed."""

    NUMBER = "NUMBER"
    CONTRACT = "CONTRACT"
    AMOUNT = "AMOUNT"
    IBAN = "IBAN"
    NAME = "NAME"


SCORES = {
    Reason.NUMBER: 60,
    Reason.CONTRACT: 40,
    Reason.AMOUNT: 30,
    Reason.IBAN: 30,
    Reason.NAME: 15,
}
# A single weak sign such as an equal name proposes nothing.
LEAST_SCORE = 30


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open item with what is known of who would pay it."""

    item: ItemState
    ibans: Collection[str]
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item an entry may pay, how well it fits and why; `amount` is what it would get, in EUR."""

    item: ItemState
    score: int
    reasons: tuple[Reason, ...]
    amount: Decimal


def propose_items(
    *, amount: Decimal, text: str, iban: str, name: str, candidates: Iterable[Candidate]
) -> list[Proposal]:
    """Items that fit, the best first; each would get as much as is open and was paid."""
    numbers, tokens = set(find_numbers(text)), set(find_tokens(text))
    proposals = []
    for candidate in candidates:
        item = candidate.item
        signs = {
            Reason.NUMBER: item.number in numbers,
            Reason.CONTRACT: item.contract_number.upper() in tokens,
            Reason.AMOUNT: item.open_amount == amount,
            Reason.IBAN: bool(iban) and iban in candidate.ibans,
            Reason.NAME: _same_name(name, candidate.names),
        }
        reasons = tuple(reason for reason, holds in signs.items() if holds)
        score = sum(SCORES[reason] for reason in reasons)
        if score >= LEAST_SCORE:
            proposals.append(Proposal(item, score, reasons, min(amount, item.open_amount)))
    return sorted(proposals, key=lambda each: (-each.score, each.item.due_date, each.item.item_id))


def _same_name(name: str, names: Iterable[str]) -> bool:
    wanted = _letters(name)
    return bool(wanted) and any(wanted == _letters(known) for known in names)


def _letters(name: str) -> str:
    return re.sub(r"\W+", "", name).casefold()
