"""What the entries and statuses of a bank file do, many at once."""
