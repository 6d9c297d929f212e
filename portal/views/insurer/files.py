"""Downloads. A paper that does not exist yet is made when it is asked for."""

from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Cancellation
from billing.models import Collection, Mandate, Statement
from billing.operations.collection_files import UnableToReadCollection, read_released_file
from billing.words.mandates import describe_collect_refusal
from documents.models import Document
from documents.operations import (
    UnableToIssue,
    issue_mandate_form,
    issue_statement,
    zip_papers,
)
from portal.views.access import InsurerRequest, finance_only, insurer_only
from portal.views.downloads import send_documents, send_file, send_zip
from portal.views.insurer.contract import find_contract


@require_safe
@insurer_only
def send_document(_request: InsurerRequest, document_id: int) -> HttpResponseBase:
    """A stored paper; letters of claims lie in the examiners' part."""
    return send_documents([get_object_or_404(Document, pk=document_id, claim=None)])


@require_safe
@insurer_only
def send_statement(_request: InsurerRequest, statement_id: int) -> HttpResponseBase:
    """The letter of a posted statement, with its annexes as a ZIP where it has any."""
    statements = Statement.objects.select_related("contract__employer", "contract__broker", "run")
    statement = get_object_or_404(statements, pk=statement_id, number__isnull=False)
    return send_documents(issue_statement(statement=statement).documents)


@require_safe
@insurer_only
def send_mandate(_request: InsurerRequest, mandate_id: int) -> HttpResponseBase:
    """The form of a mandate."""
    mandates = Mandate.objects.select_related("contract__employer", "contract__broker")
    mandate = get_object_or_404(mandates, pk=mandate_id)
    return send_documents(issue_mandate_form(mandate=mandate).documents)


@require_safe
@insurer_only
def send_confirmations(request: InsurerRequest, contract_id: int) -> HttpResponseBase:
    """The confirmations in force of a contract's people as a ZIP."""
    contract = find_contract(contract_id)
    today = request.access.today
    try:
        return send_zip(
            f"Versicherungsbestaetigungen_{contract.number}.zip",
            lambda path: zip_papers(contract=contract, as_of=today, out=path),
        )
    except UnableToIssue:
        messages.info(request, _("Noch ist keine Bestätigung erstellt."))
        return redirect("insurer:papers", contract.pk)


@require_safe
@finance_only
def send_collection(request: InsurerRequest, collection_id: int) -> HttpResponseBase:
    """The bank file of a released collection, byte for byte as it was made; for finance alone."""
    collection = get_object_or_404(Collection, pk=collection_id)
    refusal = "" if request.access.can_write else "NOT_ALLOWED"
    try:
        content = BytesIO(b"" if refusal else read_released_file(collection))
    except UnableToReadCollection as error:
        refusal = error.code
    if refusal:
        messages.error(request, describe_collect_refusal(refusal, {}))
        return redirect("insurer:collection", collection.pk)
    return send_file(content, f"{collection.message_id}.xml", "application/xml")


@require_safe
@insurer_only
def send_cancellation(_request: InsurerRequest, cancellation_id: int) -> HttpResponseBase:
    """The document of a cancellation, always as a download: it came from outside."""
    cancellation = get_object_or_404(Cancellation, pk=cancellation_id)
    try:
        content = FileStore(Path(settings.FILES_ROOT)).get(cancellation.document_sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    return send_file(BytesIO(content), cancellation.document_name, "application/octet-stream")
