"""Downloads. A paper that does not exist yet is made when it is asked for."""

import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aupolicy.kernel.file_store import FileStore
from aupolicy.models import Cancellation
from billing.models import Collection, Mandate, Statement
from billing.operations.collect import read_file
from documents.models import Document
from documents.operations import (
    UnableToIssue,
    issue_mandate_form,
    issue_statement,
    zip_papers,
)
from documents.queries import document_path, read_document
from portal.views.access import InsurerRequest, insurer_only
from portal.views.insurer.contract import find_contract


def _send(content: BytesIO, name: str, content_type: str) -> FileResponse:
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)


def _send_documents(documents: Sequence[Document]) -> FileResponse:
    """One paper as it is; several as a ZIP."""
    first = documents[0]
    if len(documents) == 1:
        return _send(BytesIO(read_document(first)), first.file_name, "application/pdf")
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        for document in documents:
            archive.write(document_path(document), document.file_name)
    content.seek(0)
    return _send(content, str(Path(first.file_name).with_suffix(".zip")), "application/zip")


@require_safe
@insurer_only
def send_document(_request: InsurerRequest, document_id: int) -> HttpResponseBase:
    """A stored paper."""
    return _send_documents([get_object_or_404(Document, pk=document_id)])


@require_safe
@insurer_only
def send_statement(_request: InsurerRequest, statement_id: int) -> HttpResponseBase:
    """The letter of a posted statement, with its annexes as a ZIP where it has any."""
    statements = Statement.objects.select_related("contract__employer", "contract__broker", "run")
    statement = get_object_or_404(statements, pk=statement_id, number__isnull=False)
    return _send_documents(issue_statement(statement=statement).documents)


@require_safe
@insurer_only
def send_mandate(_request: InsurerRequest, mandate_id: int) -> HttpResponseBase:
    """The form of a mandate."""
    mandates = Mandate.objects.select_related("contract__employer", "contract__broker")
    mandate = get_object_or_404(mandates, pk=mandate_id)
    return _send_documents(issue_mandate_form(mandate=mandate).documents)


@require_safe
@insurer_only
def send_confirmations(request: InsurerRequest, contract_id: int) -> HttpResponseBase:
    """The confirmations in force of a contract's people as a ZIP."""
    contract = find_contract(contract_id)
    name = f"Versicherungsbestaetigungen_{contract.number}.zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        try:
            zip_papers(contract=contract, as_of=request.access.today, out=path)
        except UnableToIssue:
            messages.info(request, _("Noch ist keine Bestätigung erstellt."))
            return redirect("insurer:papers", contract.pk)
        # Opened before the folder goes: the open file lives until it is sent.
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
        )


@require_safe
@insurer_only
def send_collection(_request: InsurerRequest, collection_id: int) -> HttpResponseBase:
    """The bank file of a collection, byte for byte as it was made."""
    collection = get_object_or_404(Collection, pk=collection_id)
    content = BytesIO(read_file(collection))
    return _send(content, f"{collection.message_id}.xml", "application/xml")


@require_safe
@insurer_only
def send_cancellation(_request: InsurerRequest, cancellation_id: int) -> HttpResponseBase:
    """The document of a cancellation, always as a download: it came from outside."""
    cancellation = get_object_or_404(Cancellation, pk=cancellation_id)
    try:
        content = FileStore(Path(settings.FILES_ROOT)).get(cancellation.document_sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    return _send(BytesIO(content), cancellation.document_name, "application/octet-stream")
