"""Insurance tax: which treatment holds on a day, and what it comes to."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from aupolicy.facts.insurance_tax import Beneficiary, Component
from aupolicy.parsing.checked import UnableToReadTariff
from aupolicy.parsing.insurance_tax import TAX_FILE, parse_tax_treatments
from aupolicy.rules.insurance_tax import NoTaxTreatment, compute_tax, find_treatment

SHIPPED = parse_tax_treatments()


def test_the_employees_benefit_is_exempt_and_the_employers_is_taxed() -> None:
    day = date(2026, 11, 1)
    exempt, taxed = (
        find_treatment(SHIPPED, component=Component.PREMIUM, who=who, day=day)
        for who in (Beneficiary.EMPLOYEE, Beneficiary.EMPLOYER)
    )
    assert exempt.rate_percent is None
    assert exempt.reason["de"]
    assert exempt.reason["en"]
    assert taxed.rate_percent == Decimal("19.00")
    assert not taxed.reason


@pytest.mark.parametrize(
    ("net", "tax"), [("100.00", "19.00"), ("12.63", "2.40"), ("0.02", "0.00"), ("-0.05", "-0.01")]
)
def test_tax_is_rounded_half_up_to_the_cent(net: str, tax: str) -> None:
    taxed = [each for each in SHIPPED if each.rate_percent is not None][-1]
    assert compute_tax(Decimal(net), taxed) == Decimal(tax)


def test_a_new_rate_holds_from_its_day_and_not_before(tmp_path: Path) -> None:
    text = TAX_FILE.read_text(encoding="utf-8")
    head, version = text.split("versions:\n")
    later = version.replace("2021-01-01", "2027-07-01").replace("19.00", "20.00")
    path = tmp_path / "insurance-tax.yaml"
    path.write_text(f"{head}versions:\n{version}{later}", encoding="utf-8")
    found = [
        find_treatment(
            parse_tax_treatments(path),
            component=Component.PREMIUM,
            who=Beneficiary.EMPLOYER,
            day=day,
        ).rate_percent
        for day in (date(2027, 6, 30), date(2027, 7, 1))
    ]
    assert found == [Decimal("19.00"), Decimal("20.00")]
    path.write_text(f"{head}versions:\n{later}{version}", encoding="utf-8")
    with pytest.raises(UnableToReadTariff, match="not later"):
        parse_tax_treatments(path)


def test_nothing_is_guessed_before_the_first_day_known() -> None:
    with pytest.raises(NoTaxTreatment):
        find_treatment(
            SHIPPED, component=Component.PREMIUM, who=Beneficiary.EMPLOYEE, day=date(2020, 12, 31)
        )


def test_a_file_that_leaves_a_case_out_is_refused(tmp_path: Path) -> None:
    text = TAX_FILE.read_text(encoding="utf-8")
    path = tmp_path / "insurance-tax.yaml"
    path.write_text(text[: text.index("      # What the employer")], encoding="utf-8")
    with pytest.raises(UnableToReadTariff, match="one treatment for each case"):
        parse_tax_treatments(path)
