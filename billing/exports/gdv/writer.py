"""A whole file: header, records as they come, and the trailer with what was counted on the way."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import date
from typing import IO

from billing.exports.gdv.record import encode_record
from billing.exports.gdv.tables import get_table, list_tables
from billing.facts.gdv import GdvTotals, GdvValue

# What the header says of sender and recipient: an insurer writes to a broker.
_INSURER, _BROKER = "1", "2"
_NO_OFFICE = "00"
LINE_FEED = b"\n"


class GdvWriter:
    """Writes one package of records (0001 … 9999) into a file, one after the other.

    `separator` stands behind every record: a line feed as in the association's own sample file, or
    CR and LF, or nothing. `agency` is the broker's number (Geschäftsstelle/Vermittler).
    """

    def __init__(
        self, file: IO[bytes], *, insurer_number: str, agency: str, separator: bytes = LINE_FEED
    ) -> None:
        self._file, self._separator = file, separator
        self._insurer_number, self._agency = insurer_number, agency
        self.totals = GdvTotals()

    def begin(
        self,
        *,
        sender: str,
        recipient: str,
        period_from: date,
        period_to: date,
        kinds: Collection[str],
    ) -> None:
        """Write the header with the versions of the kinds of records that may follow.

        `kinds` names them as "0100" or "0220.030"; header and trailer come by themselves.
        """
        wanted = {"0001", "9999", *kinds}
        versions: dict[str, GdvValue] = {
            table.version_field: table.version
            for table in list_tables()
            if table.name.rpartition("-")[0] in wanted
        }
        values: dict[str, GdvValue] = {
            "insurer_number": self._insurer_number,
            "sender": sender,
            "recipient": recipient,
            "period_from": period_from,
            "period_to": period_to,
            "agency": self._agency,
            "sender_kind": _INSURER,
            "recipient_kind": _BROKER,
            "settling_office": _NO_OFFICE,
            "managing_office": _NO_OFFICE,
        }
        self._write("0001-1", values | versions)

    def add(self, table_name: str, values: Mapping[str, GdvValue]) -> None:
        """Write one record. Raises UnableToWriteRecord."""
        known = {"insurer_number": self._insurer_number, "agency": self._agency}
        self._write(table_name, {**known, **values})
        self.totals.count(get_table(table_name), values)

    def end(self) -> GdvTotals:
        """Write the trailer and tell what it says."""
        self._write("9999-1", {"agency": self._agency, **asdict(self.totals)})
        return self.totals

    def _write(self, table_name: str, values: Mapping[str, GdvValue]) -> None:
        self._file.write(encode_record(get_table(table_name), values) + self._separator)
