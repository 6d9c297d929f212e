"""Which pictures are taken of which page, and who looks at it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from aupolicy.models import Application, Quote, WorkItem
from billing.models import Statement
from members.facts import NoticeStatus
from members.models import NoticeRecord, Upload
from tests.portal.world import World

NOBODY = ""


@dataclass(frozen=True)
class Shot:
    """A picture to take: its name, the address, who is signed in.

    `act` is done on the page first; then only what fits the window is taken where `is_open` says
    that something floats over the page.
    """

    name: str
    address: str
    who: str = "clerk"
    act: Callable[[Page], Any] | None = None
    is_open: bool = False


def list_insurer_shots(world: World) -> Iterator[Shot]:
    """The insurer's room as long as no run is open."""
    contract = f"/contracts/{world.contract.pk}"
    salon = world.contracts["Friseursalon Haarschön"]
    changed = world.contract.memberships.get(person__personnel_number="1008")
    for name, address in (
        ("contracts", "/contracts/"),
        ("contract", f"{contract}/"),
        ("contract-people", f"{contract}/people/"),
        ("contract-statements", f"{contract}/statements/"),
        ("contract-agreement", f"{contract}/agreement/"),
        ("contract-parties", f"{contract}/parties/"),
        ("contract-papers", f"/contracts/{salon.pk}/papers/"),
        ("contract-history", f"/history/contract/{world.contract.pk}/"),
        ("cancellation", f"{contract}/cancellation/?received={world.today}T00:00"),
        ("person", f"{contract}/people/{changed.person_id}/"),
        ("users", "/users/"),
        ("account", "/account/"),
        ("not-found", "/nothing-here/"),
    ):
        yield Shot(name, address)
    yield from _list_billing_shots(world)


def _list_billing_shots(world: World) -> Iterator[Shot]:
    statement = Statement.objects.filter(contract=world.contract).latest("month")
    for name, address in (
        ("statement", f"/statements/{statement.pk}/"),
        ("run-new", "/runs/new/"),
        ("run-posted", f"/runs/{world.runs[-1].month:%Y-%m}/"),
        ("collections", "/collections/"),
        ("collection-new", "/collections/new/"),
        ("collection", f"/collections/{world.collections[-1].pk}/"),
        ("tariffs", "/tariffs/"),
        ("tariff", "/tariffs/bau-2016/"),
    ):
        yield Shot(name, address)
    yield Shot("statement-why", f"/statements/{statement.pk}/", act=_ask_why, is_open=True)


def list_work_shots() -> Iterator[Shot]:
    """What waits for the insurer; one notice and one application among it."""
    notice = NoticeRecord.objects.filter(status=NoticeStatus.NEEDS_CLERK.value).latest("pk")
    application = Application.objects.latest("pk")
    item = WorkItem.objects.get(kind=WorkItem.Kind.NOTICE, subject=notice.pk, done_at=None)
    for name, address in (
        ("work", "/work/?show=open"),
        ("work-item", f"/work/{item.pk}/"),
        ("notice", f"/notices/{notice.pk}/"),
        ("notices", "/notices/"),
        ("application", f"/applications/{application.pk}/"),
        ("applications", "/applications/"),
        ("search", "/search/?q=haar"),
    ):
        yield Shot(name, address)


def list_employer_shots(world: World, uploads: dict[str, Upload]) -> Iterator[Shot]:
    """The employer's room; the papers are those of the smallest one."""
    room = f"/employers/{world.contract.employer_id}"
    changed = world.contract.memberships.get(person__personnel_number="1008")
    statement = Statement.objects.filter(contract=world.contract).latest("month")
    checked, columns = (f"{room}/uploads/{uploads[name].pk}" for name in ("checked", "columns"))
    for name, address in (
        ("start", "/"),
        ("people", "/people/"),
        ("person", f"/people/{changed.person_id}/"),
        ("notice-kinds", "/notices/new/"),
        ("notice-person", "/notices/new/leave/"),
        ("notice-form", "/notices/new/join/"),
        ("notices", "/notices/"),
        ("uploads", "/uploads/"),
        ("upload-new", "/uploads/new/"),
        ("statements", "/statements/"),
        ("statement", f"/statements/{statement.pk}/"),
        ("benefits", "/benefits-in-kind/"),
        ("payroll-files", "/benefits-in-kind/files/"),
        ("bookkeeping", "/bookkeeping/"),
        ("programs", "/programs/"),
        ("program-new", "/programs/new/"),
        ("mandate", "/mandate/"),
        ("users", "/users/"),
    ):
        yield Shot(f"employer-{name}", f"{room}{address}", "hr")
    yield Shot("api", "/api/v1/docs", NOBODY)
    yield Shot("employer-notice-preview", f"{room}/notices/new/join/", "hr", _fill_in_join)
    yield Shot("employer-upload", f"{checked}/", "hr")
    yield Shot("employer-upload-row", f"{checked}/rows/2/", "hr")
    yield Shot("employer-upload-columns", f"{columns}/columns/", "hr")
    salon = world.contracts["Friseursalon Haarschön"]
    yield Shot("employer-documents", f"/employers/{salon.employer_id}/documents/", "hairdresser")


def list_broker_shots(world: World) -> Iterator[Shot]:
    """The broker's room with the three steps of a quote."""
    room = f"/brokers/{world.contract.broker_id}"
    quote, application = Quote.objects.latest("pk"), Application.objects.latest("pk")
    new = f"{room}/quotes/new/"
    for name, address in (
        ("start", f"{room}/"),
        ("clients", f"{room}/clients/"),
        ("files", f"{room}/files/"),
        ("quotes", f"{room}/quotes/"),
        ("quote-basics", new),
        ("quote", f"{room}/quotes/{quote.pk}/"),
        ("application", f"{room}/applications/{application.pk}/"),
    ):
        yield Shot(f"broker-{name}", address, "broker")
    yield Shot("broker-quote-payroll", new, "broker", _type_payroll)
    yield Shot("broker-quote-result", new, "broker", _ask_for_result)


def list_run_shots(address: str) -> Iterator[Shot]:
    """The pages of a run that waits to be posted, and the start page that says so."""
    yield Shot("start", "/")
    yield Shot("runs", "/runs/")
    yield Shot("run-preview", address)
    contract = Statement.objects.filter(number=None).order_by("-total")[0].contract_id
    yield Shot("run-contract", f"{address}contracts/{contract}/")
    yield Shot("run-post", f"{address}post/")
    yield Shot("run-discard", f"{address}discard/")


def _ask_why(page: Page) -> None:
    page.click(".why-link >> nth=0")
    page.wait_for_selector("#why h2")


def _fill_in_join(page: Page) -> None:
    for name, value in (
        ("personnel_number", "3001"), ("last_name", "Arslan"), ("first_name", "Deniz"),
        ("birth_date", "14.03.1994"), ("pay", "2.850,00"),
    ):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Wirkung ansehen").click()
    page.get_by_role("button", name="Meldung absenden").wait_for()


def _type_payroll(page: Page) -> None:
    page.fill("[name=employer_name]", "Tischlerei Span GmbH")
    page.fill("[name=hours_week]", "36,92")
    page.get_by_role("button", name="Weiter zur Lohnliste").click()
    page.fill("[name=payroll]", "2 x 2.100\n3 x 2.600\n4 x 3.100\n2 x 3.600\n3 x 4.300\n4.250")
    page.wait_for_timeout(700)


def _ask_for_result(page: Page) -> None:
    _type_payroll(page)
    page.get_by_role("button", name="Beitrag berechnen").click()
    page.get_by_role("button", name="Angebot speichern").wait_for()
