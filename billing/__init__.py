"""What is owed and collected: premiums, runs, statements, ledger, mandates, bank files."""
