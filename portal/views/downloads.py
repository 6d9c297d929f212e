"""Files as answers: always downloads, never shown inside the portal's own address."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from django.http import FileResponse, HttpResponse

from documents.models import Document
from documents.queries import document_path, read_document
from portal.exports.sheet import Cell, write_csv
from portal.exports.tables import Table


def send_file(content: BytesIO, name: str, content_type: str) -> FileResponse:
    """One file."""
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)


def send_documents(documents: Sequence[Document]) -> FileResponse:
    """One paper as it is; several as a ZIP."""
    first = documents[0]
    if len(documents) == 1:
        return send_file(BytesIO(read_document(first)), first.file_name, "application/pdf")
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        for document in documents:
            archive.write(document_path(document), document.file_name)
    content.seek(0)
    return send_file(content, str(Path(first.file_name).with_suffix(".zip")), "application/zip")


def send_zip(name: str, write: Callable[[Path], object]) -> FileResponse:
    """A ZIP that `write` puts into a path; what it raises goes on to the caller."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        # Opened before the folder goes: the open file lives until it is sent.
        return FileResponse(
            path.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
        )


def send_table(table: Table, rows: Iterable[Sequence[Cell]], *, name: str) -> HttpResponse:
    """A table as CSV, in a file called `name` with `.csv`."""
    content = write_csv(table.headings, rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
