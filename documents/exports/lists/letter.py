"""A letter with its lists behind it."""

from collections.abc import Iterable
from contextlib import closing

from documents.exports.lists.join import JoinedLetter
from documents.exports.lists.sheet import Sheets
from documents.exports.lists.table import ListTable, set_table
from documents.exports.lists.update import PdfUpdate
from documents.exports.pdf import OpenLetter


def add_lists(letter: OpenLetter, tables: Iterable[ListTable], *, heads: tuple[str, str]) -> bytes:
    """The letter with its lists, PDF/UA-1, all pages numbered.

    The lists begin on the letter's last page if there is room. `heads` stand at the top of further
    pages, left and right. Rows are taken from their tables one by one.
    """
    with closing(PdfUpdate(letter.content)) as update:
        joined = JoinedLetter(update)
        sheets = Sheets(
            update,
            first=joined.begin(letter.end),
            root=joined.page_tree.objgen[0],
            document=joined.document.objgen[0],
            heads=heads,
        )
        for table in tables:
            set_table(sheets, table)
        return joined.finish(sheets)
