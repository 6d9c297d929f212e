"""A notice typed into a form: read by the very reader of files, so that both say the same."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from members.facts import Notice, NoticeKind
from members.parsing.headings import Columns
from members.parsing.row_values import CheckedRow, Defaults, read_rows
from members.parsing.table import SEPARATOR, Row, Table

_ROW = 1


def read_typed_notice(
    kind: NoticeKind, texts: Mapping[str, str], *, received_at: datetime
) -> CheckedRow[Notice]:
    """Field -> text as a notice without a row, or what is wrong with it.

    A problem's `column` is the name of its field.
    """
    names = tuple(texts)
    line = SEPARATOR.join(text.replace(SEPARATOR, " ") for text in texts.values())
    table = Table(headings=names, heading_row=0, rows=(Row(_ROW, line),), format="FORM")
    columns = Columns(headings=names, fields={name: index for index, name in enumerate(names)})
    defaults = Defaults(received_at=received_at, kind=kind)
    (read,) = read_rows(table, columns, defaults=defaults)
    return read._replace(value=replace(read.value, row=None)) if read.value else read
