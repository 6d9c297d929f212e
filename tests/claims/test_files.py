"""Uploads are what they contain: taken, made safe to show, or refused by name."""

import resource
import time
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageFile

from claims.parsing.file_process import UnableToUse, identify_file, to_viewable
from claims.parsing.files import FileKind, UnableToTakeFile, take_file
from claims.parsing.files import identify_file as identify_upload
from tests.claims.uploads import MOST, make_pdf, make_pdf_bomb, make_picture, make_png_bomb


@pytest.fixture(autouse=True)
def _as_in_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program that draws letters, once imported, lets Pillow take pictures cut short."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)


def look(content: bytes) -> tuple[str, str, bytes]:
    """What the process would say, without starting one."""
    kind = identify_file(content)
    return kind, *to_viewable(content, kind)


def refusal(content: bytes) -> str:
    with pytest.raises(UnableToUse) as refused:
        look(content)
    return refused.value.code


def _brightness(picture: Image.Image, column: int) -> int:
    return picture.convert("L").tobytes()[10 * picture.width + column]


def add_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def add_launch(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")
    pdf.pages[0].Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)]
    )


def add_attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["rechnung.xml"] = b"<x/>"


def add_start_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])


@pytest.mark.parametrize("prepare", [None, add_start_page])
def test_a_pdf_is_kept_as_it_is(prepare: None) -> None:
    content = make_pdf(2, prepare=prepare)
    assert look(content) == ("PDF", "application/pdf", content)


@pytest.mark.parametrize(
    ("file_format", "kind", "media_type"),
    [("JPEG", "JPEG", "image/jpeg"), ("PNG", "PNG", "image/png"), ("HEIF", "HEIC", "image/jpeg")],
)
def test_pictures_become_what_a_browser_shows(file_format: str, kind: str, media_type: str) -> None:
    found, shown, content = look(make_picture(file_format))
    assert (found, shown) == (kind, media_type)
    picture = Image.open(BytesIO(content))
    assert picture.size == (40, 20)
    assert _brightness(picture, 5) < 20
    assert _brightness(picture, 35) > 235


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "HEIF"])
def test_a_picture_is_upright_and_tells_neither_place_nor_camera(file_format: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Kamera von Zoë"
    exif.get_ifd(0x8825)[1] = "N"
    options: dict[str, Any] = {"comment": b"geheim"} if file_format == "JPEG" else {}
    # HEIC has a box of its own for how it is held; the library writes it for packed EXIF only.
    packed = exif.tobytes()
    _, _, content = look(make_picture(file_format, exif=packed, **options))
    picture = Image.open(BytesIO(content))
    assert picture.size == (20, 40)
    assert not picture.getexif()
    for trace in (b"Kamera", b"geheim", b"Exif"):
        assert trace not in content


def test_transparent_and_printed_colours_are_kept_readable() -> None:
    assert look(make_picture("PNG", mode="RGBA"))[1] == "image/png"
    _, media_type, content = look(make_picture("JPEG", mode="CMYK"))
    assert (media_type, Image.open(BytesIO(content)).mode) == ("image/jpeg", "RGB")


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("NOT_A_DOCUMENT", b"PK\x03\x04" + make_pdf()),
        ("NOT_A_DOCUMENT", b"<html><script>alert(1)</script>"),
        ("NOT_A_DOCUMENT", b"GIF89a" + b"\0" * 100),
        ("NOT_A_DOCUMENT", b"\0\0\0\x18ftypisom" + b"\0" * 100),
        ("BROKEN", make_pdf() + b"PK\x03\x04" + b"x" * 2_000),
        ("BROKEN", make_pdf(9)[:-300]),
        ("BROKEN", b"%PDF-1.7\n%%EOF"),
        ("BROKEN", make_pdf(0)),
        ("BROKEN", make_picture("JPEG", (400, 400))[:-40]),
        ("BROKEN", make_picture("PNG", (400, 400))[:-30]),
        ("BROKEN", make_picture("HEIF", (400, 400))[:-30]),
        ("TOO_MANY_PAGES", make_pdf(61)),
        ("ENCRYPTED", make_pdf(encryption=pikepdf.Encryption(owner="a", user="b"))),
        ("ENCRYPTED", make_pdf(encryption=pikepdf.Encryption(owner="a", user=""))),
        ("ACTIVE_CONTENT", make_pdf(prepare=add_script)),
        (
            "ACTIVE_CONTENT",
            make_pdf(prepare=add_script, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        ),
        ("ACTIVE_CONTENT", make_pdf(prepare=add_launch)),
        ("ACTIVE_CONTENT", make_pdf(prepare=add_attachment)),
    ],
)
def test_what_is_refused(code: str, content: bytes) -> None:
    assert refusal(content) == code


def test_a_picture_that_is_also_a_page_is_only_a_picture_afterwards() -> None:
    page = b"<script>alert(1)</script>"
    for file_format in ("JPEG", "PNG"):
        _, _, content = look(make_picture(file_format) + page)
        assert page not in content


@pytest.mark.parametrize(
    ("code", "content"),
    [("TOO_MANY_PIXELS", make_png_bomb()), ("BROKEN", make_pdf_bomb())],
    ids=["picture", "pdf"],
)
def test_bombs_are_refused_at_once_and_do_not_unpack_here(code: str, content: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with pytest.raises(UnableToTakeFile) as refused:
        take_file(content, largest=MOST)
    assert refused.value.code == code
    # A busy machine waits longer; the processor's time is what the bomb costs.
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 1
    assert time.perf_counter() - start < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 64 * 1024


def test_the_process_answers_for_every_kind() -> None:
    taken = take_file(make_picture("HEIF"), largest=MOST)
    assert (taken.kind, taken.media_type) == (FileKind.HEIC, "image/jpeg")
    assert Image.open(BytesIO(taken.content)).format == "JPEG"
    content = make_pdf(60)
    assert take_file(content, largest=MOST).content == content
    assert identify_upload(content, largest=MOST) is FileKind.PDF


def test_size_is_looked_at_before_anything_else() -> None:
    for content, code in ((b"", "EMPTY"), (b"x" * (1024 * 1024 + 1), "TOO_LARGE")):
        with pytest.raises(UnableToTakeFile) as refused:
            take_file(content, largest=1024 * 1024)
        assert refused.value.code == code
    assert refused.value.params == {"most": "1"}


def test_a_refusal_holds_nothing_of_the_file() -> None:
    with pytest.raises(UnableToTakeFile) as refused:
        take_file(b"%PDF-1.7 Geheimnis %%EOF", largest=MOST)
    assert "Geheimnis" not in repr(refused.value) + str(refused.value.__context__)
