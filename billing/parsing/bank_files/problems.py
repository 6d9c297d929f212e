"""Why a bank's file is not read. Nothing of such a file is used."""

from collections.abc import Mapping


class UnableToReadBankFile(ValueError):
    """The file is no sound answer of a bank.

    `params` say where: `file` is the number of the file inside an archive, `line` that of its
    line, `path` the element. They hold no names, account numbers or texts of the file.

    EMPTY
    NOT_XML (line): damaged, or cut off
    DTD: it declares a document type, which these messages never have
    UNKNOWN_MESSAGE (name): a message or version we do not read; no name if it is none of ISO 20022
    RETIRED_VERSION (found, expected): a version German banks have given up
    ZIP_TOO_LARGE, ZIP_DAMAGED, ZIP_ENCRYPTED, ZIP_NESTED
    NOTHING_INSIDE: an archive without files
    ELEMENT_MISSING, VALUE_UNKNOWN, TEXT_TOO_LONG, AMOUNT_UNREADABLE, NUMBER_UNREADABLE,
        DATE_UNREADABLE, CURRENCY (path, line): an element that has to be there is not, has a value
        of no meaning, is longer than the schema allows, or is not in euros
    SUM_DIFFERS, COUNT_DIFFERS (path, line, stated, found): what it says of its sums is not so
    BALANCE_DIFFERS (path, line, difference): opening balance and entries are not the closing one
    DUPLICATE_MESSAGE (message, counted from 1): it stands in the file already
    """

    def __init__(self, code: str, **params: str | int) -> None:
        details = ", ".join(f"{name}={value}" for name, value in params.items())
        super().__init__(f"{code} ({details})" if details else code)
        self.code = code
        self.params: Mapping[str, str | int] = params
