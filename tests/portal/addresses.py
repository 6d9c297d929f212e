"""An example address for every page, so that no page is forgotten."""

from collections.abc import Iterator

from django.urls import URLPattern, reverse

from aupolicy.models import Application, Cancellation, Grant, Invitation, WorkItem
from billing.models import Collection, LedgerTransaction, Mandate, OpenItem, Statement
from documents.models import Document
from members.models import Membership, NoticeRecord
from portal.urls import insurer as insurer_room
from portal.urls import urlpatterns as shared
from tests.portal.conftest import Insurer

# Nobody's in particular: signing in, and one's own account.
PUBLIC = frozenset({"account", "language", "sign_in", "sign_out"})
FILES = frozenset(
    {"statement_file", "mandate_file", "document", "collection_file", "cancellation_file",
     "confirmations_file", "contracts_csv", "people_csv", "statement_csv",
     "application_signature", "payout_file", "contract_statements_csv", "collections_csv",
     "payouts_csv", "recoveries_csv", "work_csv", "notices_csv", "run_contracts_file",
     "run_reasons_file", "open_items_csv", "contract_account_csv", "trial_balance_csv",
     "journal_csv", "ledger_batch", "arrears_csv", "mandates_csv", "mandate_signature",
     "bank_csv", "bank_source", "bank_file_csv", "bank_unclear_csv", "returned_debits_csv",
     "reactions_csv", "commission_csv", "commission_entries_csv", "commission_file",
     "commission_statement_csv"}
)  # fmt: skip
POST_ONLY = frozenset(
    {"resend_run", "issue_papers", "next_work", "change_work", "decide_notice",
     "accept_application", "decline_application", "invitation", "release_payouts",
     "discard_payouts", "verify_payout", "repay", "release_file", "discard_file",
     "check_file", "act_on_mandate", "clear_items", "clear_other", "clear_debit",
     "issue_commission", "record_broker_account", "confirm_broker_account"}
)  # fmt: skip
# Pages that are tried on rows of their own (test_payouts): the constructed insurer has none.
OWN_ROWS = frozenset(
    {
        "payout_order",
        "payout",
        "recovery",
        "slice_why",
        "write_off",
        "plan",
        "arrears_case",
        "bank_delivery",
        "bank_progress",
        "bank_file",
        "bank_entry",
        "bank_status",
        "returned_debit",
        "commission_why",
        "commission_statement",
    }
)
_PAYOUTS = dict.fromkeys(("order_id", "payout_id", "slice_id", "recovery_id"), 1)
# Pages that move on by themselves where there is nothing to ask.
FORMS = frozenset({"new_run", "new_collection", "post_run", "discard_run", "cancel"})


def _patterns() -> Iterator[tuple[str, URLPattern]]:
    """Every address with its room: what all share, and the insurer's."""
    for room, patterns in (("portal", shared), ("insurer", insurer_room.urlpatterns)):
        yield from ((room, pattern) for pattern in patterns if isinstance(pattern, URLPattern))


def list_names() -> list[str]:
    """The names of all addresses that the insurer's people open."""
    return [pattern.name for _, pattern in _patterns() if pattern.name]


def build_addresses(insurer: Insurer) -> dict[str, str]:
    """Name -> address with the keys of rows that exist."""
    examples = _examples(insurer)
    return {
        pattern.name: reverse(
            f"{room}:{pattern.name}",
            kwargs={key: examples[key] for key in pattern.pattern.converters},
        )
        for room, pattern in _patterns()
        if pattern.name
    }


def _examples(insurer: Insurer) -> dict[str, int | str]:
    contract = insurer.world.contract
    statement = Statement.objects.filter(contract=contract, number__isnull=False).latest("month")
    membership = Membership.objects.filter(contract=contract).earliest("pk")
    return {
        "contract_id": contract.pk,
        "person_id": membership.person_id,
        "statement_id": statement.pk,
        "month": f"{insurer.preview.month:%Y-%m}",
        "collection_id": Collection.objects.latest("pk").pk,
        "mandate_id": Mandate.objects.get(contract=contract).pk,
        "document_id": _last(Document),
        "cancellation_id": _last(Cancellation),
        "key": "bau-2016",
        "item_id": WorkItem.objects.filter(kind="application").latest("pk").pk,
        "notice_id": NoticeRecord.objects.filter(status="NEEDS_CLERK").latest("pk").pk,
        "application_id": Application.objects.latest("pk").pk,
        "grant_id": Grant.objects.filter(role="auditor").latest("pk").pk,
        "invitation_id": _last(Invitation),
        "kind": "contract",
        "subject_id": contract.pk,
        "suffix": "csv",
        "code": "MS03",
        **dict.fromkeys(
            ("bank_delivery_id", "bank_file_id", "entry_id", "status_id", "returned_id"), 1
        ),
        "broker_id": contract.broker_id or 0,
        **dict.fromkeys(("account_id", "agreement_id", "commission_id"), 1),
        "action": "suspend",
        "open_item_id": OpenItem.objects.filter(contract=contract).latest("pk").pk,
        "booking_id": LedgerTransaction.objects.filter(contract=contract).latest("pk").pk,
        **dict.fromkeys(("write_off_id", "plan_id", "arrears_id"), 1),
        **_PAYOUTS,
    }


def _last(model: type[Document] | type[Cancellation] | type[Invitation]) -> int:
    row = model.objects.order_by("-pk").first()
    return row.pk if row else 0


def pages(insurer: Insurer) -> Iterator[tuple[str, str]]:
    """Name and address of every page that a signed-in person can open."""
    for name, address in build_addresses(insurer).items():
        if name not in PUBLIC | FILES | POST_ONLY:
            yield name, address
