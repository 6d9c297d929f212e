"""Whether an upload is a signed form: a PDF or a picture, by its content, whatever its name."""

LARGEST_FORM_BYTES = 10 * 1024 * 1024
_SIGNATURES = (
    (b"%PDF-", b"%%EOF", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82", "image/png"),
    (b"\xff\xd8\xff", b"\xff\xd9", "image/jpeg"),
)
# Programs append a little after the end; a scanner that broke off leaves none.
_END_WITHIN = 2048
# A PDF may begin with some bytes of a mail program.
_START_WITHIN = 1024


class UnableToReadForm(ValueError):
    """An upload that is no form: EMPTY, TOO_LARGE, NO_FORM (another kind of file), CUT_OFF."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_signed_form(content: bytes) -> str:
    """The media type of a PDF, PNG or JPEG that is there to its end. Raises UnableToReadForm."""
    if not content:
        raise UnableToReadForm("EMPTY")
    if len(content) > LARGEST_FORM_BYTES:
        raise UnableToReadForm("TOO_LARGE")
    for start, end, media_type in _SIGNATURES:
        is_pdf = media_type == "application/pdf"
        if start in content[: _START_WITHIN if is_pdf else len(start)]:
            if end not in content[-_END_WITHIN:]:
                raise UnableToReadForm("CUT_OFF")
            return media_type
    raise UnableToReadForm("NO_FORM")
