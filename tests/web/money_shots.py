"""Pictures of money: the bank's answers, arrears, the books, what employer and broker see of it."""

from collections.abc import Iterator

from billing.models import BankEntry, BankFile, CommissionStatement, Outcome
from tests.portal.money_scenes import Money
from tests.portal.world import World
from tests.web.shots import Shot


def list_money_shots(world: World, money: Money) -> Iterator[Shot]:
    """The pages of money in the states that show them best."""
    contract = money.contract
    mandate = world.contracts["Friseursalon Haarschön"].mandates.latest("period")
    file = BankFile.objects.filter(entries__outcome=Outcome.RETURNED_DEBIT).latest("pk")
    entry = BankEntry.objects.filter(outcome=Outcome.UNCLEAR).earliest("pk")
    statement = CommissionStatement.objects.latest("pk")
    for name, address in (
        ("bank", "/bank/"),
        ("bank-file", f"/bank/files/{file.pk}/"),
        ("bank-unclear", "/bank/unclear/"),
        ("bank-entry", f"/bank/entries/{entry.pk}/"),
        ("bank-reactions", "/bank/reactions/"),
        ("arrears", "/arrears/"),
        ("arrears-case", f"/arrears/{money.case.pk}/"),
        ("open-items", "/open-items/"),
        ("ledger", "/ledger/"),
        ("journal", "/ledger/journal/"),
        ("month-close", "/ledger/close/"),
        ("money-account", f"/contracts/{contract.pk}/account/"),
        ("mandates", "/mandates/"),
        ("mandate", f"/mandates/{mandate.pk}/"),
        ("commission", "/commission/"),
        ("commission-broker", f"/commission/brokers/{statement.broker_id}/"),
    ):
        yield Shot(name, address)
    room, broker = f"/employers/{world.contract.employer_id}", world.contract.broker_id
    yield Shot("employer-account", f"{room}/account/", "hr")
    yield Shot("broker-commission", f"/brokers/{broker}/commission/", "broker")
    yield Shot("broker-arrears", f"/brokers/{broker}/arrears/", "broker")
