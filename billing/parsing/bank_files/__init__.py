"""What the bank sends: status reports, notifications and statements, as XML or ZIP of XML."""

from billing.parsing.bank_files.problems import UnableToReadBankFile
from billing.parsing.bank_files.reading import Row, parse_bank_file, read_messages, stream_bank_file

__all__ = ["Row", "UnableToReadBankFile", "parse_bank_file", "read_messages", "stream_bank_file"]
