"""Files as answers: papers, and what else is kept byte for byte."""

from io import BytesIO
from typing import Final

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes

from documents.models import Document
from documents.queries import read_document

PDF: Final = "application/pdf"
BINARY: Final = OpenApiTypes.BINARY
"""How a file's content is described."""


def send_paper(document: Document) -> FileResponse:
    """A stored paper, byte for byte as it was made."""
    return send_file(read_document(document), document.file_name, PDF)


def send_file(content: bytes, name: str, media_type: str) -> FileResponse:
    """A file to take along."""
    return FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=media_type
    )
