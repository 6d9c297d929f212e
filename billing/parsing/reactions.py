"""Reading the shipped rules for debits that come back."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from aupolicy.parsing.checked import UnableToReadTariff, read_checked
from billing.facts.reactions import (
    OTHER,
    MandateEffect,
    NextStep,
    Occurrence,
    Reaction,
    ReactionTable,
)

_FOLDER = Path(__file__).parents[1] / "parameters"
REACTIONS_FILE = _FOLDER / "return-reactions.yaml"


def parse_reactions(path: Path = REACTIONS_FILE) -> ReactionTable:
    """The rules in the order of the file. Raises UnableToReadTariff naming the key at fault."""
    data = read_checked(path, schema_file=_FOLDER / "return-reactions.schema.json")
    reactions = tuple(_list_reactions(path, data["rules"]))
    keys = [(each.code, each.occurrence, each.valid_from) for each in reactions]
    if len(set(keys)) < len(keys):
        raise UnableToReadTariff(path, "rules", "a rule stands there twice")
    meanings = {rule["code"]: rule["meaning"] for rule in data["rules"]}
    if OTHER not in meanings:
        raise UnableToReadTariff(path, "rules", f"{OTHER} is missing")
    return ReactionTable(reactions, meanings, data["sources"])


def _list_reactions(path: Path, rules: list[Mapping[str, Any]]) -> Iterator[Reaction]:
    for rule in rules:
        for occurrence in Occurrence:
            told = rule[occurrence.value]
            days = told["retry_after_days"]
            yield Reaction(
                code=rule["code"],
                occurrence=occurrence,
                valid_from=_day(path, rule["valid_from"]),
                mandate_effect=MandateEffect(told["mandate"]),
                next_step=NextStep(told["next"]),
                retry_after_days=None if days == "none" else int(days),
                charge_fee=told["charge_fee"] == "yes",
                source=rule["source"],
            )


def _day(path: Path, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnableToReadTariff(path, "rules.valid_from", f"{text} is no day") from None
