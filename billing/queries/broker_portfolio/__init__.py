"""A broker's portfolio (Bestandsdatei) as of a day, written as a GDV file.

What a broker gets:

- contracts in force on the day, and those that ended in the period, as cancelled;
- with the employer's authority of today: the people insured on the day with the premium and
  benefit of their pay, the employer's e-mail address, bank account and mandate. Without it no
  name, no number and no account of anybody; the premium is then that of the last statement, which
  is what a broker sees of such a contract in the portal too;
- the statements posted in the period.

Claims (record 0500) are left out. The portal shows a broker the sick leaves it reported itself
and nothing else of a claim, no decision and no benefit (`docs/decisions`), and the database hides
claims from everybody who is not the insurer. A payment with its date would tell that a named
person of a small firm is ill for more than six weeks, so amounts alone would tell too much.

Cover and pay are those of the day as they are known now; names and addresses are today's.
"""

from billing.queries.broker_portfolio.settings import get_portfolio_settings
from billing.queries.broker_portfolio.write import (
    PortfolioReport,
    UnableToWritePortfolio,
    write_portfolio,
)

__all__ = [
    "PortfolioReport",
    "UnableToWritePortfolio",
    "get_portfolio_settings",
    "write_portfolio",
]
