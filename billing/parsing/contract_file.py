"""A file of signed contracts: employers, terms and mandates, as YAML."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jsonschema
import yaml

from aupolicy.facts.insurance_tax import Beneficiary
from aupolicy.kernel.identifiers import (
    UnableToReadIdentifier,
    parse_betriebsnummer,
    parse_iban,
    parse_mandate_reference,
)
from aupolicy.parsing import load_yaml
from billing.facts.debit import Scheme

_SCHEMA = Path(__file__).with_name("contract_file.schema.json")


@dataclass(frozen=True, slots=True)
class ContractProblem:
    """Something wrong in the file: the key, what stood there, and what is wrong with it.

    `error` is set for an IBAN, a mandate reference or a Betriebsnummer; `message` is the
    schema's own sentence otherwise.
    """

    key: str
    value: str
    message: str = ""
    error: UnableToReadIdentifier | None = None


class UnableToReadContracts(ValueError):
    """The file cannot be taken; `problems` lists all that is wrong."""

    def __init__(self, problems: list[ContractProblem]) -> None:
        super().__init__("; ".join(problem.key for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """One signed contract. `employer` holds the fields of the employer by their names.

    `start` None leaves the first day to the caller; `payroll` names the file of the people.
    """

    number: str
    employer: Mapping[str, str]
    tariff_key: str
    start: date | None
    co_insures_directors: bool
    beneficiary: Beneficiary
    pre_notification_days: int
    collection_day: int
    account_holder: str
    iban: str
    mandate_reference: str
    scheme: Scheme
    payroll: str


@dataclass(frozen=True, slots=True)
class ContractFile:
    """The broker, if any, and the contracts of a file."""

    broker: Mapping[str, str] | None
    entries: tuple[ContractEntry, ...]


def parse_contracts(content: bytes) -> ContractFile:
    """Read a file of signed contracts. Raises UnableToReadContracts with every problem."""
    try:
        data = load_yaml(content.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnableToReadContracts([ContractProblem("-", "", str(error))]) from error
    schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
    errors = sorted(
        jsonschema.Draft202012Validator(schema).iter_errors(data), key=lambda e: e.json_path
    )
    if errors:
        raise UnableToReadContracts([_schema_problem(error) for error in errors])
    reader = _Reader()
    entries = tuple(reader.entry(index, item) for index, item in enumerate(data["employers"]))
    if reader.problems:
        raise UnableToReadContracts(reader.problems)
    return ContractFile(data.get("broker"), entries)


def _schema_problem(error: jsonschema.ValidationError) -> ContractProblem:
    value = error.instance if isinstance(error.instance, str) else ""
    return ContractProblem(error.json_path.removeprefix("$."), value, error.message)


class _Reader:
    """Reads identifiers and collects what does not fit."""

    def __init__(self) -> None:
        self.problems: list[ContractProblem] = []

    def entry(self, index: int, item: Mapping[str, str]) -> ContractEntry:
        employer = {name: item[name] for name in _EMPLOYER_FIELDS if name in item}
        if "betriebsnummer" in item:
            employer["betriebsnummer"] = self._read(
                index, item, "betriebsnummer", parse_betriebsnummer
            )
        return ContractEntry(
            number=item["contract_number"],
            employer=employer,
            tariff_key=item["tariff"],
            start=date.fromisoformat(item["start"]) if "start" in item else None,
            co_insures_directors=item.get("co_insures_directors") == "true",
            beneficiary=Beneficiary(item.get("beneficiary", Beneficiary.EMPLOYEE)),
            pre_notification_days=int(item.get("pre_notification_days", 14)),
            collection_day=int(item.get("collection_day", 1)),
            account_holder=item.get("account_holder", item["legal_name"]),
            iban=self._read(index, item, "iban", parse_iban),
            mandate_reference=self._read(index, item, "mandate_reference", parse_mandate_reference),
            scheme=Scheme(item.get("scheme", Scheme.CORE)),
            payroll=item.get("payroll", ""),
        )

    def _read(
        self, index: int, item: Mapping[str, str], name: str, parse: Callable[[str], str]
    ) -> str:
        try:
            return parse(item[name])
        except UnableToReadIdentifier as error:
            key = f"employers[{index}].{name}"
            self.problems.append(ContractProblem(key, item[name], error=error))
            return ""


_EMPLOYER_FIELDS = (
    "legal_name",
    "street",
    "building_number",
    "postal_code",
    "town",
    "contact_name",
    "contact_email",
    "contact_phone",
)
