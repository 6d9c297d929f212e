"""Files that payroll programs import: the benefit in kind of each person. Plain Python."""
