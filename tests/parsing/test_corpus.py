"""Every file of the corpus: what is read is right, the rest is refused with words that help."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from members.facts import UploadKind
from members.parsing.headings import guess_mapping
from members.parsing.problems import Problem, UnableToReadTable
from members.parsing.row_values import Defaults, read_payroll_rows, read_rows
from members.parsing.table import read_table
from members.words import describe_problem
from tests.corpus.case import Case, Person
from tests.corpus.cell_files import AMOUNTS, DAYS, PROGRAMS, TEXTS
from tests.corpus.hostile_files import HOSTILE, OTHERS
from tests.corpus.text_files import DELIMITERS, ENCODINGS, LARGE, ROWS
from tests.corpus.workbook_files import WORKBOOKS

CORPUS = (
    *ENCODINGS, *DELIMITERS, *ROWS, *DAYS, *AMOUNTS, *TEXTS, *PROGRAMS, *WORKBOOKS, *OTHERS,
)  # fmt: skip
DEFAULTS = Defaults(received_at=datetime(2026, 11, 21, 12, tzinfo=UTC), effective=date(2026, 12, 1))
LARGEST_MIB, LONGEST_SECONDS = 256, 20
PROJECT = Path(__file__).resolve().parents[2]


def test_the_corpus_is_large_and_its_names_are_different() -> None:
    names = [case.name for case in (*CORPUS, *HOSTILE, *LARGE)]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_a_file(case: Case) -> None:
    if case.refusal:
        with pytest.raises(UnableToReadTable) as caught:
            _read(case)
        problems = caught.value.problems
        assert {problem.code for problem in problems} == {case.refusal}
    else:
        people, problems, notes = _read(case)
        assert people == case.people
        found = tuple((problem.row, problem.column, problem.code) for problem in problems)
        assert found == case.problems
        assert notes == case.notes
    _check_words(case, problems)


def _check_words(case: Case, problems: list[Problem]) -> None:
    sentences = [describe_problem(problem) for problem in problems]
    for problem, sentence in zip(problems, sentences, strict=True):
        assert problem.code not in sentence
        assert problem.row is None or f"Zeile {problem.row}" in sentence
        assert problem.column in sentence
    if sentences:
        assert case.advice
        assert case.advice in sentences[0]


def _read(case: Case) -> tuple[tuple[Person, ...], list[Problem], tuple[str, ...]]:
    """The people of the file, what is wrong, and the codes of the notes."""
    table = read_table(case.build(), file_name=case.file_name)
    columns = guess_mapping(table.headings, kind=case.kind)
    read = read_payroll_rows if case.kind is UploadKind.FULL_LIST else read_rows
    rows = read(table, columns, defaults=DEFAULTS)
    people = tuple(
        Person(row.number, v.personnel_number, v.last_name, v.first_name, v.birth_date, v.pay)
        for row in rows
        if (v := row.value) and v.birth_date and v.pay is not None
    )
    problems = [problem for row in rows for problem in row.problems]
    notes = [note.code for row in rows for note in row.notes]
    return people, problems, (*[note.code for note in table.notes], *notes)


# Its own peak from /proc: what getrusage tells begins with that of the process that started it.
_MEASURE = """
import json, resource, sys, time
from pathlib import Path
from members.parsing.problems import UnableToReadTable
from members.parsing.table import read_table
began = time.monotonic()
try:
    read_table(Path(sys.argv[1]))
    codes = []
except UnableToReadTable as error:
    codes = [problem.code for problem in error.problems]
seconds = time.monotonic() - began
status = Path("/proc/self/status").read_text()
own = int(status.partition("VmHWM:")[2].split()[0])
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"codes": codes, "seconds": seconds, "mib": max(own, child) / 1024}))
"""


@pytest.mark.parametrize("case", [*HOSTILE, *LARGE], ids=lambda case: case.name)
def test_a_file_that_would_fill_the_machine(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(case.build())
    measured = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(file)],
        cwd=PROJECT,
        capture_output=True,
        check=True,
        text=True,
    )
    result = json.loads(measured.stdout)
    assert result["codes"] == ([case.refusal] if case.refusal else [])
    assert result["mib"] < LARGEST_MIB
    assert result["seconds"] < LONGEST_SECONDS
    sentence = describe_problem(Problem(case.refusal, params={"most": "100.000", "detail": ""}))
    assert case.advice in sentence
