"""The same data give the same bytes, in any process and on a machine without fonts."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from documents.exports.batch import PrintJob, render_many
from documents.facts import DocumentKind
from documents.operations import STYLESHEET
from tests.documents import samples
from tests.documents.printing import set_html, set_pdf

PRINT_ALL = """
import django
django.setup()
from hashlib import sha256
from documents.facts import DocumentKind
from tests.documents import samples
from tests.documents.printing import set_pdf, set_statement
lists = dict(insured=samples.insured_rows(70), corrections=samples.CORRECTIONS)
print("statement", sha256(set_statement(samples.statement(count=70), **lists)).hexdigest())
for kind, context in (
    (DocumentKind.CONFIRMATION, samples.confirmation()),
    (DocumentKind.CONFIRMATION_EMPLOYER, samples.confirmation()),
    (DocumentKind.MANDATE_FORM, samples.mandate()),
):
    print(kind.value, sha256(set_pdf(kind, context)).hexdigest())
"""
NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def _print_all(**environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_ALL],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "tests.settings"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_same_data_give_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    config = tmp_path / "fonts.conf"
    config.write_text(NO_FONTS.format(folder=tmp_path / "none"), encoding="utf-8")
    here = _print_all(PYTHONHASHSEED="1", TZ="Pacific/Auckland", LC_ALL="C.UTF-8")
    elsewhere = _print_all(PYTHONHASHSEED="2", TZ="UTC", FONTCONFIG_FILE=str(config))
    assert here.count("\n") == 4
    assert here == elsewhere


def test_other_data_give_another_file() -> None:
    one = set_pdf(DocumentKind.CONFIRMATION, samples.confirmation())
    other = set_pdf(DocumentKind.CONFIRMATION, samples.confirmation(benefit="336.00"))
    assert sha256(one).digest() != sha256(other).digest()


def test_several_processes_give_the_bytes_of_one_in_order() -> None:
    jobs = [
        PrintJob(
            set_html(DocumentKind.MANDATE_FORM, samples.mandate(iban=iban)), identifier=str(number)
        )
        for number, iban in enumerate(["", "DE02120300000000202051"] * 6)
    ]
    alone = list(render_many(jobs, stylesheet=STYLESHEET, processes=1))
    together = list(render_many(iter(jobs), stylesheet=STYLESHEET, processes=2))
    assert together == alone
    assert len(set(alone)) == len(jobs), "each has an id of its own"
