"""Net pay of an employee in statutory insurance, with every deduction explained."""

from decimal import Decimal

from aupolicy.facts.payroll import (
    Figure,
    FigureKey,
    InputKey,
    NetPay,
    PayProfile,
    PayrollParameters,
)
from aupolicy.kernel.money import round_cent
from aupolicy.rules.contributions import (
    Contributions,
    compute_care_percent,
    compute_contributions,
    get_additional_percent,
    get_childless_percent,
)
from aupolicy.rules.wage_tax import WageTax, compute_wage_tax


class NotSubjectToInsurance(ValueError):
    """A pay up to the limit of marginal jobs: no contributions, and no statutory sick pay."""

    code = "MARGINAL_EMPLOYMENT"

    def __init__(self, gross_month: Decimal, limit: Decimal) -> None:
        self.params = {"gross": str(gross_month), "limit": str(limit)}
        super().__init__(f"{gross_month} a month is a marginal job (up to {limit})")


def compute_net_pay(
    gross_month: Decimal,
    *,
    profile: PayProfile,
    parameters: PayrollParameters,
    transition_zone: bool = True,
) -> NetPay:
    """Net pay in EUR of a month's regular gross pay in EUR (cents beyond two are rounded first).

    `transition_zone` False leaves out the easing of § 20 (2a) SGB IV, which trainees do not
    have. Raises NotSubjectToInsurance for a marginal job (§ 8 (1) Nr. 1 SGB IV).
    """
    gross = round_cent(gross_month)
    limit = parameters.transition_zone.marginal_limit
    if gross <= limit:
        raise NotSubjectToInsurance(gross, limit)
    tax = compute_wage_tax(gross, profile=profile, parameters=parameters)
    paid = compute_contributions(
        gross, profile=profile, parameters=parameters, transition_zone=transition_zone
    )
    taxes = tax.wage_tax + tax.solidarity + tax.church_tax
    contributions = paid.pension + paid.unemployment + paid.health + paid.care
    net = gross - taxes - contributions
    return NetPay(
        gross=gross,
        wage_tax=tax.wage_tax,
        solidarity=tax.solidarity,
        church_tax=tax.church_tax,
        pension=paid.pension,
        unemployment=paid.unemployment,
        health=paid.health,
        care=paid.care,
        net=net,
        figures=(
            Figure(FigureKey.GROSS, gross, "", {}),
            *_explain_taxes(gross, tax, profile, parameters),
            *_explain_contributions(paid, profile, parameters),
            Figure(
                FigureKey.NET,
                net,
                "",
                {InputKey.GROSS_MONTH: gross, InputKey.DEDUCTIONS: taxes + contributions},
            ),
        ),
    )


def _explain_taxes(
    gross: Decimal, tax: WageTax, profile: PayProfile, parameters: PayrollParameters
) -> tuple[Figure, ...]:
    law = parameters.solidarity
    return (
        Figure(
            FigureKey.WAGE_TAX,
            tax.wage_tax,
            "§ 39b Abs. 2, § 32a Abs. 1 EStG",
            {
                InputKey.GROSS_YEAR: gross * 12,
                InputKey.ALLOWANCES: tax.allowances,
                InputKey.PROVISION: tax.provision,
                InputKey.TAXABLE: tax.taxable,
                InputKey.YEARLY_TAX: tax.yearly_tax,
            },
        ),
        Figure(
            FigureKey.SOLIDARITY,
            tax.solidarity,
            "§§ 3, 4 SolZG",
            {
                InputKey.YEARLY_TAX: tax.surcharge_base,
                InputKey.FREE_LIMIT: tax.solidarity_limit,
                InputKey.PERCENT: law.percent,
            },
        ),
        Figure(
            FigureKey.CHURCH_TAX,
            tax.church_tax,
            "§ 51a EStG",
            {
                InputKey.YEARLY_TAX: tax.surcharge_base,
                InputKey.PERCENT: profile.church_tax_percent or Decimal(0),
            },
        ),
    )


def _explain_contributions(
    paid: Contributions, profile: PayProfile, parameters: PayrollParameters
) -> tuple[Figure, ...]:
    rates = parameters.contributions
    return (
        Figure(
            FigureKey.PENSION,
            paid.pension,
            "§§ 158, 168 SGB VI",
            {InputKey.BASE: paid.pension_base, InputKey.PERCENT: rates.pension / 2},
        ),
        Figure(
            FigureKey.UNEMPLOYMENT,
            paid.unemployment,
            "§§ 341, 346 SGB III",
            {InputKey.BASE: paid.pension_base, InputKey.PERCENT: rates.unemployment / 2},
        ),
        Figure(
            FigureKey.HEALTH,
            paid.health,
            "§§ 241, 242, 249 SGB V",
            {
                InputKey.BASE: paid.health_base,
                InputKey.PERCENT: rates.health / 2,
                InputKey.ADDITIONAL_PERCENT: get_additional_percent(profile, parameters) / 2,
            },
        ),
        Figure(
            FigureKey.CARE,
            paid.care,
            "§§ 55, 58, 59 SGB XI",
            {
                InputKey.BASE: paid.health_base,
                InputKey.PERCENT: compute_care_percent(profile, parameters),
                InputKey.SURCHARGE_BASE: paid.care_base,
                InputKey.SURCHARGE_PERCENT: get_childless_percent(profile, parameters),
            },
        ),
    )
